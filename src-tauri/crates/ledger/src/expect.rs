//! What a decision rests on, compared in the commit that keeps it; and how long its request may leave.

use crate::Account;
use std::time::Duration;

/// How much was on a tab when somebody looked at it. Neither number ever goes down, so a tab that shows the same two is
/// one on which nothing was decided and no line was written since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TabSeen {
    /// How many operations its holds had, together.
    pub operations: i64,
    /// How many lines its bill had.
    pub lines: i64,
}

/// What a decision on a hold rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expect {
    /// The version of the hold that was read ([`holdfast_domain::Hold::version`]).
    pub hold: i64,
    /// The tab, where the decision rests on all of it: two tills that see one bill would each take it otherwise, from a
    /// hold each. None where the hold alone counts.
    pub tab: Option<TabSeen>,
}

impl TabSeen {
    /// What there is of an account.
    pub fn of(account: &Account) -> Self {
        let operations = account.holds.iter().map(|(_, operations)| operations.len());
        let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        Self {
            operations: number(operations.sum()),
            lines: number(account.lines.len()),
        }
    }
}

/// How long the request of an operation that was made durable may begin to leave the till, counted from before the
/// call. A till that slept, and wakes up when another may have concluded that nothing was sent, sends nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permit {
    /// For as long as the program runs that made it durable: no other till has the ledger.
    Endless,
    /// For this time, at most [`Permit::LONGEST`].
    For(Duration),
}

impl Permit {
    /// The longest that a ledger gives which several tills share: by then each of them knows that the request of an
    /// operation that it first saw that long ago has begun to leave, or never will.
    pub const LONGEST: Duration = Duration::from_secs(10);
}
