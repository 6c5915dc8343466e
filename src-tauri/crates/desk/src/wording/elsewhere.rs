//! What was done at another till that shares the ledger, and that the ledger can't be reached.

use super::{EventContext, history};
use holdfast_domain::{Event, Money, OperationKind, OperationState, Personal, isolated};

/// Under a row's name, where its tab was changed last.
pub(crate) fn row(till: &str, at: &str) -> String {
    format!("changed at {}, {at}", isolated(till))
}

/// Above the open tab: who changed it where, and what.
pub(crate) fn title(till: &str, by: &str, what: &str) -> String {
    format!("Changed at {} by {}: {what}", isolated(till), isolated(by))
}

/// Under that.
pub(crate) fn up_to_date(at: &str) -> String {
    format!("{at}. These figures are up to date.")
}

/// What it was. What is about a guest isn't known here.
pub(crate) fn what(event: &Event, about: EventContext<'_>) -> String {
    let money = |minor: i64| Money::new(minor, about.currency);
    if let Event::LineAdded { amount, .. } = event {
        return format!("{} added to the bill", money(*amount));
    }
    if let Event::LineTakenOff { amount, .. } = event {
        return format!("{} removed from the bill", money(amount.saturating_abs()));
    }
    if let Event::Moved {
        deed,
        state: OperationState::Succeeded,
        ..
    } = event
    {
        let all = money(deed.amount.saturating_add(deed.tip));
        match deed.kind {
            OperationKind::Capture => return format!("{all} taken"),
            OperationKind::Reversal => return format!("{all} released"),
            OperationKind::Refund => return format!("{all} refunded"),
            OperationKind::Create
            | OperationKind::Cancel
            | OperationKind::SetAmount
            | OperationKind::SetTips
            | OperationKind::Receipt => {}
        }
    }
    history(event, &Personal::default(), about)
}

/// That the shared ledger lost what it had confirmed, as this till found, and how many of its decisions were among it.
pub(crate) fn commits_lost(till: &str, decisions: u32) -> String {
    let till = isolated(till);
    let own = match decisions {
        0 => format!("None of {till}’s own decisions is missing."),
        1 => format!("1 decision of {till}’s was missing. It’s back as not confirmed until Dojo’s record settles it."),
        _ => format!(
            "{decisions} decisions of {till}’s were missing. They’re back as not confirmed until Dojo’s record \
             settles them."
        ),
    };
    format!(
        "{till} found that the shared ledger’s server lost entries it had confirmed. {own} Don’t take or refund \
         anything a second time. Add the bills and notes that are missing, and tell your administrator."
    )
}

/// While it's away, since then.
pub(crate) fn away(since: &str) -> String {
    format!(
        "The shared ledger can’t be reached since {since}. You see what was known then, and nothing can be changed. \
         We try again by ourselves."
    )
}

pub(crate) const OPENED_ELSEWHERE: &str = "This till was opened elsewhere, so nothing can be changed from here. \
     Close this window.";
pub(crate) const NOT_ADMITTED: &str = "The shared ledger doesn’t let this till in any more: it was retired. You see \
     what was known last, and nothing can be changed. Have it enrolled again, start Holdfast again, and join with the \
     new code.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_till_says_where_by_whom_and_what() {
        let words = title("Bar 2", "Sam", "£40.00 taken");
        assert_eq!(
            words.replace(['\u{2068}', '\u{2069}'], ""),
            "Changed at Bar 2 by Sam: £40.00 taken"
        );
        assert!(
            away("21:04")
                .starts_with("The shared ledger can’t be reached since 21:04. You see what was known then")
        );
    }
}
