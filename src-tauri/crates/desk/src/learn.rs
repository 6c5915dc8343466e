//! From Dojo's wire to what the domain knows: one reading of an intent.

use chrono::{DateTime, Utc};
use holdfast_dojo as dojo;
use holdfast_domain::{
    Capture, CaptureMode, CaptureStatus, Card, DeadlineAction, Hold, IntentStatus, Operation, OperationKind,
    OperationState, Snapshot,
};
use holdfast_ledger::Learnt;

/// What `intent` shows; none when it makes no sense (no amount, another currency, below zero),
/// so that a senseless answer changes nothing.
pub(crate) fn snapshot(hold: &Hold, intent: &dojo::PaymentIntent, now: DateTime<Utc>) -> Option<Snapshot> {
    let code = hold.currency.code();
    let minor = |money: &dojo::Money| {
        (money.currency_code.as_str() == code && money.value >= 0).then_some(money.value)
    };
    let amount = minor(intent.amount.as_ref()?)?;
    let tip = intent.tips_amount.as_ref().map_or(Some(0), minor)?;
    let total = intent
        .total_amount
        .as_ref()
        .map_or_else(|| amount.checked_add(tip), minor)?;
    let refunded = intent.refunded_amount.unwrap_or(0);
    if refunded < 0 {
        return None;
    }
    let captures = captures(hold, intent, now)?;
    let card = intent.card().map(|c| Card {
        brand: c.brand,
        last_four: c.last_four,
    });
    let before = hold.seen.as_ref();
    Some(Snapshot {
        status: status(&intent.status),
        amount,
        tip,
        total,
        refunded,
        captures,
        card: card.or_else(|| before.and_then(|s| s.card.clone())),
        auth_code: intent
            .auth_code()
            .or_else(|| before.and_then(|s| s.auth_code.clone())),
        authorised_at: intent
            .authorised_at()
            .or_else(|| before.and_then(|s| s.authorised_at))
            .or_else(|| {
                matches!(
                    status(&intent.status),
                    IntentStatus::Authorized | IntentStatus::Captured
                )
                .then_some(now)
            }),
        declined: u32::try_from(intent.declines()).unwrap_or(u32::MAX),
        seen_at: now,
    })
}

/// The captures that `intent` lists; none when it says that something was taken from a hold and not
/// what: then it proves nothing, and nothing may change by it.
fn captures(hold: &Hold, intent: &dojo::PaymentIntent, now: DateTime<Utc>) -> Option<Vec<Capture>> {
    let known = hold.seen.as_ref().is_some_and(|seen| !seen.captures.is_empty());
    let listed = intent.captures.as_deref().unwrap_or_default();
    let is_taken = matches!(
        status(&intent.status),
        IntentStatus::Captured | IntentStatus::Refunded
    );
    // At the deadline Dojo may take all of it by itself, and need not list that.
    let by_itself = hold
        .deadline()
        .is_some_and(|d| d.at <= now && d.action == DeadlineAction::Capture);
    let is_unsaid = listed.is_empty() && (known || (is_taken && !by_itself));
    if hold.mode == CaptureMode::Manual && is_unsaid {
        return None;
    }
    listed.iter().map(capture).collect()
}

fn capture(wire: &dojo::CaptureDetails) -> Option<Capture> {
    let (amount, tip) = (wire.amount?, wire.tips_amount.unwrap_or(0));
    (amount >= 0 && tip >= 0).then_some(())?;
    let status = match &wire.status {
        dojo::CaptureStatus::Created => CaptureStatus::Created,
        dojo::CaptureStatus::Successful => CaptureStatus::Successful,
        dojo::CaptureStatus::Declined => CaptureStatus::Declined,
        dojo::CaptureStatus::Failed => CaptureStatus::Failed,
        dojo::CaptureStatus::Other(_) => CaptureStatus::Unknown,
    };
    Some(Capture {
        id: wire.id.clone()?,
        amount,
        tip,
        status,
        at: wire.created_at,
    })
}

fn status(wire: &dojo::Status) -> IntentStatus {
    match wire {
        dojo::Status::Created => IntentStatus::Created,
        dojo::Status::Authorized => IntentStatus::Authorized,
        dojo::Status::Captured => IntentStatus::Captured,
        dojo::Status::Reversed => IntentStatus::Reversed,
        dojo::Status::Refunded => IntentStatus::Refunded,
        dojo::Status::Canceled => IntentStatus::Canceled,
        dojo::Status::Other(_) => IntentStatus::Unknown,
    }
}

/// All that one GET teaches about `hold`, whether Dojo acted at its deadline included.
pub(crate) fn learnt(
    hold: &Hold,
    intent: &dojo::PaymentIntent,
    operations: &[Operation],
    now: DateTime<Utc>,
) -> Option<Learnt> {
    let seen = snapshot(hold, intent, now)?;
    if hold.seen.as_ref().is_some_and(|known| seen.is_behind(known)) {
        return None;
    }
    let mut after = hold.clone();
    after.seen = Some(seen.clone());
    let lapsed_at = lapse(&after, &seen, operations, now);
    Some(Learnt {
        intent_id: intent.id.clone(),
        link: intent.payment_link.clone(),
        created_at: intent.created_at,
        seen: Some(seen),
        lapsed_at,
    })
}

/// Dojo acted by itself: the deadline is behind us and what happened is no decision of ours.
fn lapse(
    hold: &Hold,
    seen: &Snapshot,
    operations: &[Operation],
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let deadline = hold
        .deadline()
        .filter(|d| d.at <= now && hold.lapsed_at.is_none())?;
    let ours = |kind| {
        operations.iter().any(|o| {
            o.kind == kind
                && (o.state.is_open()
                    || matches!(o.state, OperationState::Succeeded | OperationState::Absent))
        })
    };
    let acted = match seen.status {
        IntentStatus::Reversed => !ours(OperationKind::Reversal),
        IntentStatus::Captured => match deadline.action {
            DeadlineAction::Release => hold.left() > 0,
            DeadlineAction::Capture => seen.captures.iter().any(|c| {
                !operations
                    .iter()
                    .any(|o| o.dojo_id.as_deref() == Some(c.id.as_str()))
            }),
        },
        IntentStatus::Created
        | IntentStatus::Authorized
        | IntentStatus::Refunded
        | IntentStatus::Canceled
        | IntentStatus::Unknown => false,
    };
    acted.then_some(deadline.at)
}
