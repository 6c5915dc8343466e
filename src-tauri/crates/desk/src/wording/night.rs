//! Closing the night, in words.

use holdfast_domain::{OperationState, RowTrouble};

/// Why a tab couldn't be done.
pub(crate) fn row_trouble(why: &RowTrouble) -> &str {
    match why {
        RowTrouble::Refused(words) => words,
        RowTrouble::NoFigures => "Changed since the night was begun. Look at it before anything more is done",
        RowTrouble::Ended(state) => match state {
            OperationState::Succeeded => "Done, but the tab isn’t closed",
            OperationState::Accepted | OperationState::Intended => "Dojo has yet to confirm it",
            OperationState::Unknown => "Unclear, Dojo is being asked",
            OperationState::Absent => "Not seen at Dojo",
            OperationState::Conflict => "Does not match what Dojo shows",
            OperationState::NotSent => "Not sent, Dojo can’t be reached",
            OperationState::Rejected => "Refused by Dojo",
            OperationState::Declined => "Did not go through",
        },
    }
}
