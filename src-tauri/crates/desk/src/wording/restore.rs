//! Restoring a backup, in words: what the ledger would lose, what follows, and why it can't be done.

use crate::context::reasons::NoRestore;
use holdfast_ledger::Newer;

impl From<NoRestore> for String {
    fn from(why: NoRestore) -> Self {
        let words = match why {
            NoRestore::Gone => "This backup no longer exists.",
            NoRestore::Damaged => "This backup is damaged and can’t be used. Choose another one.",
            NoRestore::NightClosing => "The night is being closed. Stop it, or wait until it is finished.",
            NoRestore::Sending => "A request is on its way to Dojo. Wait until its outcome is shown.",
        };
        words.to_owned()
    }
}

/// What the ledger has now and would not have after a restore.
pub fn describe_loss(newer: Newer) -> String {
    let counted = [
        (newer.tabs, "tab", "tabs"),
        (newer.operations, "request to Dojo", "requests to Dojo"),
        (newer.lines, "bill item", "bill items"),
    ];
    let parts: Vec<String> = counted
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| format!("{count} {}", if count == 1 { one } else { many }))
        .collect();
    match parts.as_slice() {
        [] => "It has every tab, request and bill item that your records have now.".to_owned(),
        [one] => format!("It lacks {one} that your records have now."),
        [before @ .., last] => format!(
            "It lacks {} and {last} that your records have now.",
            before.join(", ")
        ),
    }
}

/// What follows a restore, a sentence each.
pub const RESTORE_CONSEQUENCES: [&str; 3] = [
    "We back up the current records first and keep them.",
    "Then we check every hold with Dojo: what was on hold, taken and refunded comes back. Bill items and \
     notes don’t.",
    "These settings stay as they are now, whatever the backup says: the second backup folder, encrypting its copies, \
     sending Dojo names, and when guests are forgotten.",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_lost_is_counted_as_people_count() {
        let said = |tabs, operations, lines| {
            describe_loss(Newer {
                tabs,
                operations,
                lines,
            })
        };
        assert_eq!(
            said(2, 1, 4),
            "It lacks 2 tabs, 1 request to Dojo and 4 bill items that your records have now."
        );
        assert_eq!(said(0, 0, 1), "It lacks 1 bill item that your records have now.");
        assert!(said(0, 0, 0).starts_with("It has every tab"));
    }
}
