//! The journal held against what somebody outside knows of it, as the window shows it.

use crate::context::frame::Frame;
use crate::reconcile::witness::{Printed, Witnessed};
use crate::wording::full_moment;
use crate::wording::journal::{self as words, Wrong};
use chrono::{DateTime, Utc};
use holdfast_domain::EntryMatch;
use serde::Serialize;
use ts_rs::TS;

/// What a comparison came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum JournalVerdict {
    /// What was seen outside is in the journal.
    Agrees,
    /// Nobody outside knows of an entry.
    NothingToCompare,
    /// What was seen isn't in the journal, and a restored backup may be why.
    BeforeRestore,
    /// The journal isn't what was seen.
    Contradicted,
}

/// The journal held against what somebody outside knows of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct JournalCheck {
    /// What it came to.
    pub verdict: JournalVerdict,
    /// The same for people, with what to do.
    pub words: String,
}

fn day(at: Option<DateTime<Utc>>, frame: &Frame) -> Option<String> {
    at.map(|at| full_moment(at, frame.days.zone))
}

const fn wrong(entry: EntryMatch) -> Option<Wrong> {
    match entry {
        EntryMatch::Same => None,
        EntryMatch::Other => Some(Wrong::Differs),
        EntryMatch::Missing => Some(Wrong::Missing),
    }
}

/// What Dojo's record says.
pub(crate) fn of_dojo(found: &Witnessed, frame: &Frame) -> JournalCheck {
    let compared = found.compared;
    let restored_at = day(found.restored_at, frame).filter(|_| compared.before_restore > 0);
    let contradiction = compared.wrong.and_then(|one| Some((one.seq, wrong(one.entry)?)));
    let (verdict, words) = match (contradiction, compared.agrees_to) {
        (Some((seq, wrong)), agrees_to) => (
            JournalVerdict::Contradicted,
            words::contradicted(seq, wrong, found.entries, agrees_to),
        ),
        (None, Some(to)) => {
            let taken_back = restored_at.as_deref().map(|at| (compared.before_restore, at));
            (
                JournalVerdict::Agrees,
                words::agrees(to, found.entries, taken_back),
            )
        }
        (None, None) => (
            JournalVerdict::NothingToCompare,
            words::nothing_to_compare(found.entries, restored_at.as_deref()),
        ),
    };
    JournalCheck { verdict, words }
}

/// What a printed entry, number `seq`, says.
pub(crate) fn of_printed(seq: i64, found: &Printed, frame: &Frame) -> JournalCheck {
    let (verdict, words) = match (wrong(found.entry), day(found.restored_at, frame)) {
        (None, _) => (JournalVerdict::Agrees, words::printed_agrees(seq, found.entries)),
        (Some(_), Some(at)) => (
            JournalVerdict::BeforeRestore,
            words::printed_before_restore(seq, &at),
        ),
        (Some(wrong), None) => (
            JournalVerdict::Contradicted,
            words::printed_contradicted(seq, wrong, found.entries),
        ),
    };
    JournalCheck { verdict, words }
}
