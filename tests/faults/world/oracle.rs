//! What must hold after every step, read from Dojo's truth and held against the ledger.

use super::World;
use anyhow::{Context, Result, ensure};
use holdfast_dojo::Method;
use holdfast_domain::{Hold, HoldId, Operation, OperationKind, OperationState};
use holdfast_ledger::Ledger;
use holdfast_simulator::engine::{CaptureStatus, Intent};
use std::collections::HashSet;

/// Checked after every step, on the hold that it was about; on all of them with none.
pub(super) async fn step(world: &World, about: Option<HoldId>) -> Result<()> {
    for (hold, operations) in world.holds(about).await? {
        let intent = world.intent(&hold);
        if let Some(intent) = &intent {
            sums(intent)?;
            succeeded(intent, &operations)?;
            taken(world, intent, &operations)?;
        }
        sent(world, &hold, &operations)?;
        let open = operations.iter().filter(|o| o.state.is_open()).count();
        ensure!(open <= 1, "two operations are open on one hold");
        // What was authorised, whatever became of it since.
        let most = hold.seen.as_ref().map_or(0, |seen| seen.total);
        let (captured, refunded) = (hold.captured(), hold.refunded());
        ensure!(
            0 <= refunded && refunded <= captured && captured <= most,
            "the ledger's sums make no sense: {refunded} ≤ {captured} ≤ {most}: {hold:?}"
        );
    }
    Ok(())
}

/// I5 at Dojo: the simulator itself must make sense.
fn sums(intent: &Intent) -> Result<()> {
    let (captured, refunded) = (intent.captured(), intent.refunded());
    let most = intent.authorised.max(intent.auto_captured);
    ensure!(
        0 <= refunded && refunded <= captured && captured <= most,
        "Dojo's sums make no sense: {refunded} ≤ {captured} ≤ {most}"
    );
    Ok(())
}

/// I3: what is called done exists at Dojo, with that amount, and is claimed once.
fn succeeded(intent: &Intent, operations: &[Operation]) -> Result<()> {
    let mut claimed = HashSet::new();
    for operation in operations {
        if operation.kind != OperationKind::Capture || operation.state != OperationState::Succeeded {
            continue;
        }
        let id = operation.dojo_id.as_ref().context("done, and no id")?;
        ensure!(claimed.insert(id), "one capture stands for two decisions");
        let capture = intent
            .captures
            .iter()
            .find(|c| &c.id == id)
            .context("done, and Dojo has no such capture")?;
        ensure!(
            capture.amount == operation.amount && capture.tips_amount.unwrap_or(0) == operation.tip,
            "done, and Dojo shows another amount"
        );
        ensure!(
            capture.status == CaptureStatus::Successful,
            "done, and Dojo says {:?}",
            capture.status
        );
    }
    Ok(())
}

/// I1: no more captures than decisions that may have led to one, but for what others did.
fn taken(world: &World, intent: &Intent, operations: &[Operation]) -> Result<()> {
    let at_dojo = intent
        .captures
        .iter()
        .filter(|c| matches!(c.status, CaptureStatus::Successful | CaptureStatus::Created))
        .count();
    let may_have = operations
        .iter()
        .filter(|o| o.kind == OperationKind::Capture)
        .filter(|o| {
            !matches!(
                o.state,
                OperationState::NotSent | OperationState::Rejected | OperationState::Declined
            )
        })
        .count();
    let others = world.strange_captures(intent);
    ensure!(
        at_dojo <= may_have.saturating_add(others),
        "{at_dojo} captures at Dojo, {may_have} decisions and {others} of others"
    );
    Ok(())
}

/// I2 and I4: every request that left has its row, and each row sent one at most.
fn sent(world: &World, hold: &Hold, operations: &[Operation]) -> Result<()> {
    let Some(id) = &hold.intent_id else {
        return Ok(());
    };
    for (kind, method, ending) in [
        (OperationKind::Capture, Method::Post, format!("/{id}/captures")),
        (OperationKind::Reversal, Method::Post, format!("/{id}/reversal")),
        (OperationKind::Refund, Method::Post, format!("/{id}/refunds")),
        (OperationKind::Cancel, Method::Delete, format!("/{id}")),
    ] {
        let sent = world.line.sent(method, &ending);
        let rows = operations
            .iter()
            .filter(|o| o.kind == kind && o.state != OperationState::NotSent)
            .count();
        ensure!(
            sent <= rows,
            "{sent} requests left and {rows} decisions of {kind:?} are known"
        );
    }
    Ok(())
}

/// I8 and the books: the faults have stopped, ten minutes have passed, the till agrees with Dojo.
pub(super) async fn end(world: &World) -> Result<()> {
    step(world, None).await?;
    let mut known = HashSet::new();
    for (hold, operations) in world.holds(None).await? {
        known.insert(hold.reference.clone());
        for operation in &operations {
            ensure!(
                !operation.state.is_open(),
                "still open when all is quiet: {operation:?}"
            );
        }
        let Some(intent) = world.intent(&hold) else {
            continue;
        };
        let seen = hold
            .seen
            .as_ref()
            .with_context(|| format!("a hold at Dojo that was never read: {operations:?}"))?;
        let is_manual = hold.mode == holdfast_domain::CaptureMode::Manual;
        if is_manual {
            ensure!(
                hold.captured() == intent.captured(),
                "the till says {} taken, Dojo {}: {operations:?}",
                hold.captured(),
                intent.captured()
            );
        }
        ensure!(
            seen.refunded == intent.refunded(),
            "the till says {} refunded, Dojo {}",
            seen.refunded,
            intent.refunded()
        );
    }
    if let Ok(engine) = world.line.engine.lock() {
        for intent in engine.intents() {
            ensure!(
                known.contains(&intent.reference),
                "a hold at Dojo without a row: {}",
                intent.reference
            );
        }
    }
    world.ledger()?.verify_journal().await?;
    Ok(())
}
