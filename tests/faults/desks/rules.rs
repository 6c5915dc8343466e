//! What the watchman goes by: from where to where an operation may go, what a guest has paid, what is on a bill.
//! Written from the page on several tills and from Dojo's own records; none of it is asked of the domain.

use super::till::House;
use crate::world::line::Sent;
use crate::world::mortal::now;
use chrono::TimeDelta;
use holdfast_domain::{HoldId, Operation, OperationId, OperationKind, OperationState, TabId};
use holdfast_ledger::prelude::*;
use holdfast_simulator::engine::{Engine, Intent};

/// Which hold an intent is of, by what the till wrote into it.
pub(super) fn hold_of(intent: &Intent) -> Option<HoldId> {
    intent.metadata.get("holdfast-hold")?.as_str()?.parse().ok()
}

/// Which tab.
pub(super) fn tab_of(intent: &Intent) -> Option<TabId> {
    intent.metadata.get("holdfast-tab")?.as_str()?.parse().ok()
}

/// What a tab's guest has truly paid by now, in minor units.
pub(super) fn paid(engine: &Engine, tab: TabId) -> i64 {
    let its = engine.intents().filter(|intent| tab_of(intent) == Some(tab));
    its.map(|intent| intent.captured() - intent.refunded() - intent.refunds_pending())
        .sum()
}

/// Whether a request may be the one of an operation.
pub(super) fn is_like(operation: &Operation, sent: &Sent) -> bool {
    let minor = |name: &str| sent.body[name].as_i64().unwrap_or(0);
    match operation.kind {
        OperationKind::Create => sent.what == "create",
        OperationKind::Capture => {
            sent.what == "captures"
                && (operation.amount, operation.tip) == (minor("amount"), minor("tipsAmount"))
        }
        OperationKind::Reversal => sent.what == "reversal",
        OperationKind::Cancel => sent.what == "cancel",
        OperationKind::Refund => sent.key.as_deref() == Some(&operation.id.to_string()),
        OperationKind::SetAmount => sent.what == "amount",
        OperationKind::SetTips => sent.what == "tips-amount",
        OperationKind::Receipt => sent.what == "receipt",
    }
}

/// Whether it takes, gives back or lets go.
pub(super) const fn moves_money(kind: OperationKind) -> bool {
    matches!(
        kind,
        OperationKind::Capture | OperationKind::Refund | OperationKind::Reversal
    )
}

/// S6: from where to where an operation may go, as the page on several tills has it.
pub(super) const fn may_move(from: OperationState, to: OperationState) -> bool {
    use OperationState as S;
    match from {
        S::Intended => true,
        S::Unknown => matches!(
            to,
            S::Accepted | S::Succeeded | S::Declined | S::Absent | S::Conflict
        ),
        S::Accepted => matches!(to, S::Succeeded | S::Declined | S::Absent | S::Conflict),
        S::Absent | S::Rejected | S::Declined | S::NotSent => matches!(to, S::Accepted | S::Succeeded),
        S::Conflict => matches!(to, S::Succeeded),
        // A refund may come back from the bank.
        S::Succeeded => matches!(to, S::Declined),
    }
}

/// S3: no request begins to leave later than this after its decision came into the ledger.
pub(super) const LEAVES_WITHIN: TimeDelta = TimeDelta::seconds(10);

/// S9: a request that its till had leave to send for ten seconds, and that was on its way for thirty more, has shown
/// nothing for two minutes.
pub(super) const ABSENT_AFTER: TimeDelta = TimeDelta::seconds(10 + 30 + 120);

/// What stands on a bill, in minor units.
pub(super) fn bill(house: &House, tab: TabId) -> i64 {
    let lines = now(house.ledger.lines(tab)).unwrap_or_default();
    lines.iter().map(|line| line.each * line.quantity).sum()
}

/// What the newest night's row planned that an operation belongs to.
pub(super) fn row_of(house: &House, id: OperationId) -> Option<String> {
    let run = now(house.ledger.newest_run()).ok()??;
    let rows = run.rows.into_iter().map(|row| row.plan);
    rows.into_iter().find(|plan| plan.contains(&id.to_string()))
}
