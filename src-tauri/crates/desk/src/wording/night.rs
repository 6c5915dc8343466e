//! Closing the night, in words.

use holdfast_domain::{OperationState, RowTrouble};

/// Why a tab couldn't be done.
pub(crate) fn row_trouble(why: &RowTrouble) -> &str {
    match why {
        RowTrouble::Refused(words) => words,
        RowTrouble::NoFigures => "Changed since the night began. Check it first",
        RowTrouble::Ended(state) => match state {
            OperationState::Succeeded => "Done, but the tab isn’t closed",
            OperationState::Accepted | OperationState::Intended => "Dojo hasn’t confirmed it yet",
            OperationState::Unknown => "Not confirmed, checking with Dojo",
            OperationState::Absent => "No record at Dojo",
            OperationState::Conflict => "Doesn’t match what Dojo shows",
            OperationState::NotSent => "Not sent, Dojo is offline",
            OperationState::Rejected => "Refused by Dojo",
            OperationState::Declined => "Didn’t go through",
        },
    }
}
