//! Whether a night may be begun, and which decisions carry out a tab's row.

use crate::account::Account;
use crate::account::allowed::allowing;
use crate::account::due::takeable;
use crate::capture::{TakeSums, split};
use crate::night::propose::Proposal;
use crate::night::run::{NightAction, RowDecision};
use chrono::{DateTime, Utc};
use holdfast_domain::{Action, OperationId, OperationKind};

/// Whether a night may be begun with what is proposed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Beginning {
    /// How many tabs it would change.
    pub(crate) changing: usize,
    /// Something that was typed can't be used.
    pub(crate) has_errors: bool,
    /// Whether it may be begun.
    pub(crate) is_allowed: bool,
}

impl Beginning {
    /// Of what is proposed; not while a run `is_open`, under way or interrupted.
    pub(crate) fn of<'a>(proposals: impl Iterator<Item = &'a Proposal> + Clone, is_open: bool) -> Self {
        let changing = proposals
            .clone()
            .filter(|proposal| proposal.action != NightAction::Leave)
            .count();
        let mut all = proposals;
        let has_errors = all.any(|proposal| !proposal.errors.is_empty());
        Self {
            changing,
            has_errors,
            is_allowed: changing > 0 && !has_errors && !is_open,
        }
    }
}

/// The decisions that carry out what is proposed for a tab, in order; `id` mints one for each.
pub(crate) fn parts(
    account: &Account,
    proposal: &Proposal,
    now: DateTime<Utc>,
    id: impl Fn() -> OperationId,
) -> Vec<RowDecision> {
    let part = |hold, kind| RowDecision {
        id: id(),
        hold,
        kind,
        amount: 0,
        service: 0,
        tip: 0,
    };
    let (wanted, kind) = match proposal.action {
        NightAction::Take => {
            // What the table showed, which for a bill over its hold is all that there is.
            let (_, holds) = takeable(account, now);
            let sums = &proposal.take.sums;
            let (bill, service, tip) = (sums.bill.minor, sums.service.minor, sums.tip.minor);
            let shares = split(&holds, &TakeSums::of(bill, service, tip, account.tab.currency));
            let parts = shares.into_iter().map(|share| RowDecision {
                amount: share.amount,
                service: share.service,
                tip: share.tip,
                ..part(share.hold.id, OperationKind::Capture)
            });
            return parts.collect();
        }
        NightAction::Release => (Action::Release, OperationKind::Reversal),
        NightAction::Cancel => (Action::Cancel, OperationKind::Cancel),
        NightAction::CloseTab | NightAction::Leave => return Vec::new(),
    };
    // The newest first, as they stand on the tab.
    let allowing = allowing(account, wanted, now).rev();
    allowing.map(|hold| part(hold.id, kind)).collect()
}
