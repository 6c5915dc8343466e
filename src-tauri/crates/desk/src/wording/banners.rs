//! The lines above the floor: what everybody has to know just now.

use super::dates::moment;
use super::settings::setting;
use super::tabs::still_on_hold;
use crate::Field;
use crate::context::reasons::{Behind, Ended, Lapse};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use holdfast_domain::{DeadlineAction, OperationState, isolated};

pub(crate) const CHECKING: &str = "We’re checking your records. Carry on as usual: what you open is checked first. \
     Search, the night report and backups wait until that’s done.";
pub(crate) const OFFLINE: &str = "Dojo is offline. You can still read, search and add to bills; holds show the \
     last known amounts. Open, take and release when Dojo is back: we send nothing on our own.";
pub(crate) const KEY_REFUSED: &str = "Dojo rejects this till’s key. We can’t hold, take or release anything, or see \
     what changes at Dojo. Enter a new key in Settings; amounts on hold are the last known.";

/// What is wrong with the last backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum BackupTrouble {
    /// There is none; why.
    Failed(String),
    /// It has no copy in the second folder; why.
    SecondFailed(String),
    /// The second folder’s disk doesn’t answer.
    SecondSilent,
}

/// Why there is no backup, or one copy of it only.
pub(crate) fn backup_failed(trouble: &BackupTrouble) -> String {
    match trouble {
        BackupTrouble::Failed(why) => {
            format!("The last backup failed: {why} Check the disk and the backup folder.")
        }
        BackupTrouble::SecondFailed(why) => format!(
            "The last backup has no second copy: {why}. Check the second folder in Settings, “Backups”."
        ),
        BackupTrouble::SecondSilent => "The last backup has no second copy: the disk of the second folder \
             doesn’t answer. Check that disk, or choose another folder in Settings, “Backups”."
            .to_owned(),
    }
}

/// Where second copies of backups go since that moment; told for a day.
pub(crate) fn backup_folder_changed(folder: Option<&str>, at: &str) -> String {
    let what = folder.map_or_else(
        || format!("Backups have no second copy since {at}."),
        |folder| format!("Backups are copied to {} since {at}.", isolated(folder)),
    );
    format!("{what} If nobody here chose that, look in Settings, “Change log”.")
}

/// Which settings are at their defaults because they can't be read.
pub(crate) fn unreadable_settings(names: &[String]) -> String {
    format!(
        "We couldn’t read these settings, so they’re back at their defaults: {}. Check them in Settings and \
         save.",
        names.join(", ")
    )
}

/// What became of a request on the tab called `name` that was under way when the program ended.
pub(crate) fn interrupted(name: &str, what: &str, state: OperationState) -> String {
    let became = match state {
        OperationState::Intended | OperationState::Unknown => {
            "We’re checking with Dojo; don’t send it again."
        }
        OperationState::Accepted => "Dojo has it and hasn’t confirmed it yet.",
        OperationState::Succeeded => "Dojo’s record shows that it was done.",
        OperationState::Absent => "Dojo has no record of it. If you still want it, do it again.",
        OperationState::Declined => "It didn’t go through.",
        OperationState::Conflict => "Dojo shows something else. Look in Dojo’s portal before you continue.",
        OperationState::Rejected | OperationState::NotSent => "It didn’t happen.",
    };
    format!(
        "{}: “{what}” was cut off when Holdfast stopped. {became}",
        isolated(name)
    )
}

/// The same of all of them, which are done.
pub(crate) fn all_interrupted_done(count: usize) -> String {
    format!(
        "{count} requests were cut off when Holdfast stopped. Dojo’s record shows that all of them were done."
    )
}

/// The same of many, of which we're still asking Dojo about some.
pub(crate) fn checking_interrupted(count: usize) -> String {
    format!(
        "{count} requests were cut off when Holdfast stopped. We’re checking with Dojo; don’t send them again."
    )
}

/// The same of many, of which some weren't done: `first` is of one of those.
pub(crate) fn many_interrupted(count: usize, done: usize, first: &str) -> String {
    let done = match done {
        0 => "None of them is done.",
        1 => "1 of them is done.",
        _ => &format!("{done} of them are done."),
    };
    format!("{count} requests were cut off when Holdfast stopped. {done} {first}")
}

/// Why the ledger is older than what was done.
pub(crate) enum Older {
    /// Somebody put a backup in its place.
    BackupRestored,
    /// The file itself is.
    LedgerFile,
    /// The one that several tills share is.
    SharedLedger,
}

/// How far the holds are read from Dojo again.
pub(crate) enum ReadAgain {
    /// It begins once the ledger is checked.
    AfterCheck,
    /// This many are still to be read.
    ToGo(usize),
    /// All of them are.
    Done,
}

/// What the ledger lacks since an older one took its place.
pub(crate) struct RestoredNews {
    pub(crate) older: Older,
    /// Until when it knows what was done; none where it knows of nothing.
    pub(crate) knows_until: Option<DateTime<Utc>>,
    pub(crate) read_again: ReadAgain,
    /// Where the file is that it took the place of.
    pub(crate) set_aside: Option<String>,
    /// Settings that it had otherwise, and that stayed as they were.
    pub(crate) kept: Vec<Field>,
}

impl RestoredNews {
    /// For staff.
    pub(crate) fn words(&self, now: DateTime<Utc>, zone: Tz) -> String {
        let what = match self.older {
            Older::BackupRestored => "A backup was restored",
            Older::LedgerFile => "The ledger file is older than it was",
            Older::SharedLedger => "The shared ledger is older than it was",
        };
        let until = self
            .knows_until
            .map_or_else(|| "its beginning".to_owned(), |at| moment(at, now, zone));
        let next = match self.read_again {
            ReadAgain::AfterCheck => {
                "We’ll check every hold with Dojo once your records are checked; until then \
                 amounts may be old."
                    .to_owned()
            }
            ReadAgain::ToGo(count) => {
                format!("We’re checking every hold with Dojo ({count} to go); until then amounts may be old.")
            }
            ReadAgain::Done => "Every hold was read from Dojo again.".to_owned(),
        };
        let aside = self.set_aside.as_ref().map_or_else(String::new, |folder| {
            format!(" The old file is kept in {folder}.")
        });
        let kept: Vec<&str> = self.kept.iter().map(|field| setting(field.as_str())).collect();
        let kept = match kept.as_slice() {
            [] => String::new(),
            all => format!(
                " Kept as set before, not as the old file has it: {}.",
                all.join(", ")
            ),
        };
        format!(
            "{what}: it knows what was done up to {until}. {next} Bills and notes typed since are missing; add \
             them again.{kept}{aside}"
        )
    }
}

/// What many tabs have in common.
#[derive(Clone, Copy)]
pub(crate) enum Many {
    Expired,
    EndSoon,
}

/// Many in one line: `uncovered` is what of their bills isn't covered any more, `first` what one of them says.
pub(crate) fn many(count: usize, what: Many, uncovered: Option<&str>, first: &str) -> String {
    match (what, uncovered) {
        (Many::Expired, Some(sum)) => format!(
            "Holds on {count} tabs have expired. {sum} of their bills isn’t covered. Starting with {first}"
        ),
        (Many::Expired, None) => format!("Holds on {count} tabs have expired. Starting with {first}"),
        (Many::EndSoon, _) => format!("Holds on {count} tabs expire soon. Starting with {first}"),
    }
}

/// Of a hold that is past its deadline, what Dojo did with it, and what of the bill it leaves open.
pub(crate) fn expired(name: &str, lapse: &Lapse) -> String {
    let name = isolated(name);
    let did = match lapse.ended {
        Ended::TakenByDojo => format!("{name}: Dojo took what was on hold at the deadline."),
        Ended::OneOfSeveral => format!("{name}: one hold expired, released by Dojo."),
        Ended::RestReleased => format!("{name}: Dojo released the rest at the deadline."),
        Ended::Released => format!("{name}: expired, released by Dojo."),
    };
    let then = match lapse.behind {
        Behind::Uncovered(money) => format!("{money} of the bill isn’t covered."),
        Behind::StillHeld(money) => still_on_hold(&money.to_string()),
        Behind::Nothing => "Nothing is on hold any more.".to_owned(),
    };
    format!("{did} {then}")
}

/// What Dojo does with `money` at the deadline, `when` it does.
pub(crate) fn ending(name: &str, action: DeadlineAction, money: &str, when: &str) -> String {
    let name = isolated(name);
    match action {
        DeadlineAction::Release => format!("{name}: Dojo releases {money} {when}."),
        DeadlineAction::Capture => format!("{name}: Dojo takes {money} {when}."),
    }
}
