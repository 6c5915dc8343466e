//! What a tab or one of its holds is, for anybody who looks at it: one answer of a closed set.

use serde::{Deserialize, Serialize};

/// What a tab or one of its holds is: the state that outweighs the others. Reports keep it, so nothing is removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TabState {
    /// What a report of an older version kept, in words.
    Former(String),
    /// Nothing is or was held.
    Empty,
    /// A request is on its way to Dojo.
    Sending,
    /// Dojo accepted a capture and has yet to confirm it.
    TakePending,
    /// Dojo accepted another request and has yet to confirm it.
    Settling,
    /// An answer was lost.
    Unclear,
    /// Dojo's record doesn't show what was asked for.
    Absent,
    /// Dojo's record shows something else than was asked for.
    Conflict,
    /// The request for a hold never left.
    NotSent,
    /// Dojo refused the request for a hold.
    Refused,
    /// The guest has yet to pay.
    Waiting,
    /// The guest's card was declined; the link is good still.
    CardDeclined,
    /// The guest's link has ended unpaid.
    LinkEnded,
    /// Held.
    Held,
    /// This much was taken, in minor units, and the rest is held.
    PartTaken(i64),
    /// Taken.
    Taken,
    /// Released by somebody's decision.
    Released,
    /// Released by Dojo at its deadline.
    Expired,
    /// Taken by Dojo at its deadline.
    TakenByDojo,
    /// The request was cancelled.
    Cancelled,
    /// Some of what was taken was refunded.
    PartRefunded,
    /// All of what was taken was refunded.
    Refunded,
    /// Past its deadline, and Dojo hasn't said what it did.
    Overdue,
    /// In a state that this version doesn't know.
    Unreadable,
}

impl TabState {
    /// The guest can still be asked to pay, or has to be asked again.
    pub const fn is_waiting(&self) -> bool {
        matches!(self, Self::Waiting | Self::CardDeclined | Self::LinkEnded)
    }
}
