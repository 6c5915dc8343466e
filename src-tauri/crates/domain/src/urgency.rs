//! How soon a person has to do something. How that looks, a screen decides.

use crate::{Operation, OperationState, TabState};

/// How soon a person has to do something about a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// Never: it's over.
    Over,
    /// All is well.
    Well,
    /// Something is awaited.
    Awaited,
    /// Soon.
    Soon,
    /// Now.
    Now,
}

impl TabState {
    /// How soon a person has to do something about it.
    pub const fn urgency(&self) -> Urgency {
        match self {
            Self::Sending | Self::TakePending | Self::Settling | Self::Waiting => Urgency::Awaited,
            Self::Unclear
            | Self::Absent
            | Self::Conflict
            | Self::NotSent
            | Self::Refused
            | Self::Expired
            | Self::Overdue
            | Self::Unreadable => Urgency::Now,
            Self::CardDeclined | Self::LinkEnded | Self::TakenByDojo => Urgency::Soon,
            Self::Held | Self::PartTaken(_) => Urgency::Well,
            Self::Former(_)
            | Self::Empty
            | Self::Taken
            | Self::Released
            | Self::Cancelled
            | Self::PartRefunded
            | Self::Refunded => Urgency::Over,
        }
    }
}

impl Operation {
    /// How soon a person has to do something about where it stands.
    pub fn urgency(&self) -> Urgency {
        match self.state {
            OperationState::Intended | OperationState::Accepted => Urgency::Awaited,
            OperationState::Unknown | OperationState::Absent | OperationState::Conflict => Urgency::Now,
            OperationState::NotSent | OperationState::Rejected | OperationState::Declined => Urgency::Soon,
            OperationState::Succeeded if self.came_late() => Urgency::Now,
            OperationState::Succeeded => Urgency::Well,
        }
    }

    /// Whether there's anything that a person could be told of and put aside: it's settled, and didn't simply succeed.
    pub fn may_be_put_aside(&self) -> bool {
        !self.state.is_open() && self.urgency() != Urgency::Well
    }
}
