//! The refunds of a hold, and what each is of: bill, service charge or tip.

use crate::{Hold, Operation, OperationKind, OperationState, Purpose};

/// One refund by a decision here, or all that was refunded elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refund<'a> {
    /// The decision; none for what was refunded elsewhere.
    pub decision: Option<&'a Operation>,
    /// Minor units.
    pub amount: i64,
    /// How much of it somebody has said what it is of: all, nothing, or, of what was refunded elsewhere, a part.
    pub said: i64,
    /// What the said part is of.
    pub of: Purpose,
}

impl Refund<'_> {
    /// The bill's part of what is said.
    pub const fn bill(&self) -> i64 {
        self.said
            .saturating_sub(self.of.service)
            .saturating_sub(self.of.tip)
    }

    /// What nobody has said yet.
    pub const fn not_said(&self) -> i64 {
        self.amount.saturating_sub(self.said)
    }
}

/// The refunds that Dojo's refunded sum is made of. Whatever no decision here accounts for was refunded elsewhere, and
/// comes last.
pub fn refunds<'a>(hold: &Hold, operations: &'a [Operation]) -> Vec<Refund<'a>> {
    let ours = |wanted: fn(&OperationState) -> bool| {
        let refunds = operations.iter().filter(|o| o.kind == OperationKind::Refund);
        refunds.filter(move |o| wanted(&o.state))
    };
    let done = ours(|state| *state == OperationState::Succeeded);
    // What is still being settled may account for what is left.
    let open = ours(|state| state.is_open()).filter(|o| {
        let grown = hold.refunded().saturating_sub(o.baseline.refunded);
        o.amount <= grown
    });
    let mut all: Vec<Refund<'_>> = done
        .chain(open)
        .map(|decision| Refund {
            decision: Some(decision),
            amount: decision.amount,
            said: decision.of.map_or(0, |_| decision.amount),
            of: decision.of.unwrap_or_default(),
        })
        .collect();
    let ours = all.iter().fold(0_i64, |sum, r| sum.saturating_add(r.amount));
    let rest = hold.refunded().saturating_sub(ours);
    // What was said about more than that was about a refund that turned out to be ours.
    let said = hold.said_elsewhere.as_ref().filter(|said| said.amount <= rest);
    all.push(Refund {
        decision: None,
        amount: rest,
        said: said.map_or(0, |said| said.amount),
        of: said.map_or_else(Purpose::default, |said| said.of),
    });
    all
}
