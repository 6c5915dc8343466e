//! I1 to I5: what Dojo did against what was decided here.

use super::{Side, World};
use crate::world::line::Sent;
use anyhow::{Context, Result, ensure};
use holdfast_domain::{CaptureMode, Hold, IntentStatus, Operation, OperationKind, OperationState};
use holdfast_simulator::engine::{
    AutoExpireAction, By, CaptureMode as Mode, CaptureStatus, ClockStart, Engine, Intent, PartialStatus,
    PaymentEvents, RefundStatus, Status, Switches, TipLimit,
};
use serde_json::Value;
use std::collections::{HashMap, HashSet};

pub(super) fn check(world: &World, engine: &Engine, side: &Side<'_>) -> Result<()> {
    let wrong = || format!("{:?}, decided: {:?}", side.hold, side.operations);
    i1_one_capture_a_decision(side).with_context(wrong)?;
    i2_no_request_without_a_row(world, side).with_context(wrong)?;
    i3_done_is_done(side).with_context(wrong)?;
    i3_declined_is_not_done(side).with_context(wrong)?;
    i4_one_request_a_decision(world, side).with_context(wrong)?;
    i5_sums(engine, side).with_context(wrong)?;
    if let Some(intent) = side.intent {
        nothing_takes_itself(engine, side, intent).with_context(wrong)?;
        one_refund_a_decision(side, intent).with_context(wrong)?;
    }
    let open = side.operations.iter().filter(|o| o.state.is_open()).count();
    ensure!(open <= 1, "two operations are open on one hold: {}", wrong());
    Ok(())
}

fn minor(body: &Value, name: &str) -> i64 {
    body[name].as_i64().unwrap_or(0)
}

/// How often each of some amounts comes.
fn counted(amounts: impl Iterator<Item = (i64, i64)>) -> HashMap<(i64, i64), usize> {
    let mut all = HashMap::new();
    for amount in amounts {
        *all.entry(amount).or_default() += 1;
    }
    all
}

/// I1: Dojo saw at most one capture for each decision to take that amount and tip.
fn i1_one_capture_a_decision(side: &Side<'_>) -> Result<()> {
    let seen = side.worked("/captures").into_iter();
    let seen = counted(seen.map(|r| (minor(&r.body, "amount"), minor(&r.body, "tipsAmount"))));
    let decided = counted(side.decisions(OperationKind::Capture).map(|o| (o.amount, o.tip)));
    for (amount, times) in seen {
        let rows = decided.get(&amount).copied().unwrap_or(0);
        ensure!(
            times <= rows,
            "I1: Dojo saw {times} captures of {amount:?}, {rows} were decided"
        );
    }
    Ok(())
}

/// The acting requests by the kind of decision that they belong to.
const REQUESTS: [(OperationKind, &str); 7] = [
    (OperationKind::Capture, "captures"),
    (OperationKind::Reversal, "reversal"),
    (OperationKind::Refund, "refunds"),
    (OperationKind::Cancel, "cancel"),
    (OperationKind::SetAmount, "amount"),
    (OperationKind::SetTips, "tips-amount"),
    (OperationKind::Receipt, "receipt"),
];

/// A decision's amounts as its request says them.
fn asked(kind: OperationKind, sent: &Sent) -> (i64, i64) {
    match kind {
        OperationKind::Capture => (minor(&sent.body, "amount"), minor(&sent.body, "tipsAmount")),
        OperationKind::Refund => (minor(&sent.body, "amount"), 0),
        OperationKind::SetAmount => (minor(&sent.body["amount"], "value"), 0),
        OperationKind::SetTips => (0, minor(&sent.body["tipsAmount"], "value")),
        OperationKind::Create | OperationKind::Reversal | OperationKind::Cancel | OperationKind::Receipt => {
            (0, 0)
        }
    }
}

/// I2: every request that left the till has a row with its amounts, and what is called done had left.
fn i2_no_request_without_a_row(world: &World, side: &Side<'_>) -> Result<()> {
    let creates = world.line.sent(&side.hold.reference).len();
    let rows = side.decisions(OperationKind::Create).count();
    ensure!(
        creates <= rows,
        "I2: {creates} requests to create it left, {rows} rows"
    );
    let Some(id) = &side.hold.intent_id else {
        return Ok(());
    };
    let sent = world.line.sent(id);
    for (kind, what) in REQUESTS {
        let left = sent.iter().filter(|s| s.what == what);
        let left = counted(left.map(|s| asked(kind, s)));
        let rows = counted(side.decisions(kind).map(|o| (o.amount, o.tip)));
        for (amounts, times) in &left {
            let known = rows.get(amounts).copied().unwrap_or(0);
            ensure!(
                *times <= known,
                "I2: {times} {kind:?} of {amounts:?} left, {known} rows"
            );
        }
        // Whether a request was cancelled or a hold released from here, nobody can tell afterwards.
        let ending = match kind {
            OperationKind::Capture => "/captures",
            OperationKind::Refund => "/refunds",
            _ => continue,
        };
        let elsewhere = side.elsewhere(ending);
        let elsewhere = counted(elsewhere.map(|r| (minor(&r.body, "amount"), 0)));
        let done = side
            .decisions(kind)
            .filter(|o| o.state == OperationState::Succeeded);
        for (amounts, times) in counted(done.map(|o| (o.amount, o.tip))) {
            let of = |all: &HashMap<(i64, i64), usize>| all.get(&amounts).copied().unwrap_or(0);
            // The same amount, taken elsewhere just then, can't be told from ours.
            let known = of(&left) + of(&elsewhere);
            ensure!(
                times <= known,
                "I2: {times} {kind:?} of {amounts:?} are done, {known} were asked for"
            );
        }
    }
    Ok(())
}

/// I3: what is called done is there, with that amount, and is claimed once.
fn i3_done_is_done(side: &Side<'_>) -> Result<()> {
    let Some(intent) = side.intent else {
        return Ok(());
    };
    let mut claimed = HashSet::new();
    let mut refunded = 0_i64;
    for operation in side
        .operations
        .iter()
        .filter(|o| o.state == OperationState::Succeeded)
    {
        match operation.kind {
            OperationKind::Capture => {
                let id = operation.dojo_id.as_ref().context("I3: done, and no id")?;
                ensure!(claimed.insert(id), "I3: one capture stands for two decisions");
                ensure!(
                    !operation.baseline.captures.contains(id),
                    "I3: done by what was there before"
                );
                let capture = intent.captures.iter().find(|c| &c.id == id);
                let capture = capture.context("I3: done, and Dojo has no such capture")?;
                ensure!(
                    (capture.amount, capture.tips_amount.unwrap_or(0)) == (operation.amount, operation.tip),
                    "I3: done, and Dojo shows another amount"
                );
                ensure!(
                    capture.status == CaptureStatus::Successful,
                    "I3: done, and Dojo says {:?}",
                    capture.status
                );
            }
            OperationKind::Refund => refunded = refunded.saturating_add(operation.amount),
            OperationKind::Reversal => ensure!(
                intent.captured() == 0 && !intent.hold_open,
                "I3: released, and Dojo holds or took it"
            ),
            OperationKind::Cancel => {
                // A card that was under way may go through after it.
                let is_paid_since = intent.authorised_at.is_some_and(|at| at >= operation.at);
                ensure!(
                    intent.status == Status::Canceled || is_paid_since,
                    "I3: cancelled, and Dojo says {:?}",
                    intent.status
                );
            }
            OperationKind::Create
            | OperationKind::SetAmount
            | OperationKind::SetTips
            | OperationKind::Receipt => {}
        }
    }
    ensure!(
        refunded <= intent.refunded() + failed_refunds(intent),
        "I3: {refunded} is called refunded, Dojo gave {}",
        intent.refunded()
    );
    Ok(())
}

/// I3, the other way round: what staff were told did not go through is not there.
fn i3_declined_is_not_done(side: &Side<'_>) -> Result<()> {
    let Some(intent) = side.intent else {
        return Ok(());
    };
    let declined = side
        .operations
        .iter()
        .filter(|o| o.state == OperationState::Declined);
    for operation in declined {
        let is_done = match operation.kind {
            OperationKind::Capture => is_unexplained(side, intent, operation),
            OperationKind::Refund => intent
                .refunds
                .iter()
                .filter(|refund| refund.status != RefundStatus::Failed)
                .any(|refund| refund.idempotency_key == operation.id.to_string()),
            OperationKind::Reversal => intent.status == Status::Reversed,
            OperationKind::Cancel => intent.status == Status::Canceled,
            OperationKind::Create
            | OperationKind::SetAmount
            | OperationKind::SetTips
            | OperationKind::Receipt => false,
        };
        ensure!(
            !is_done,
            "I3: {:?} is called declined, and it is done",
            operation.kind
        );
    }
    Ok(())
}

/// Dojo has more captures like this one than anybody else can have made.
fn is_unexplained(side: &Side<'_>, intent: &Intent, declined: &Operation) -> bool {
    let amounts = (declined.amount, declined.tip);
    let is_like = |body: &Value| (minor(body, "amount"), minor(body, "tipsAmount")) == amounts;
    let there = intent.captures.iter().filter(|c| {
        c.status == CaptureStatus::Successful && (c.amount, c.tips_amount.unwrap_or(0)) == amounts
    });
    let decided = side.decisions(OperationKind::Capture);
    let decided = decided.filter(|o| (o.amount, o.tip) == amounts && o.state != OperationState::Declined);
    let elsewhere = side.elsewhere("/captures").filter(|r| is_like(&r.body));
    // What the way doubled, and what Dojo took at the deadline, were nobody's decision.
    let doubled = side
        .log
        .iter()
        .filter(|r| r.fault.as_deref() == Some("twice") && is_like(&r.body));
    let at_the_deadline = usize::from(intent.auto_expire_action == Some(AutoExpireAction::Capture));
    there.count() > decided.count() + elsewhere.count() + doubled.count() + at_the_deadline
}

/// I4: a decision's request leaves once; a refund's key says whose it is. A request to a guest has no key
/// at Dojo, and what has its reference may be sent again only when nothing of it had left: so one leaves for
/// each reference, however many rows there are.
fn i4_one_request_a_decision(world: &World, side: &Side<'_>) -> Result<()> {
    let creates = world.line.sent(&side.hold.reference).len();
    ensure!(
        creates <= 1,
        "I4: {creates} requests to create it left, and any could be paid"
    );
    let Some(id) = &side.hold.intent_id else {
        return Ok(());
    };
    let mut keys = HashSet::new();
    for sent in world.line.sent(id).into_iter().filter(|s| s.what == "refunds") {
        let key = sent.key.context("I4: a refund without its key")?;
        let is_its = |o: &&Operation| o.id.to_string() == key;
        let row = side
            .operations
            .iter()
            .find(is_its)
            .context("I4: a refund with a strange key")?;
        ensure!(
            row.amount == minor(&sent.body, "amount"),
            "I4: a refund of another amount"
        );
        ensure!(keys.insert(key), "I4: the refund {} was sent twice", row.id);
    }
    Ok(())
}

/// I5: 0 ≤ refunded ≤ captured ≤ authorised, at Dojo and here, and here never more than at Dojo.
fn i5_sums(engine: &Engine, side: &Side<'_>) -> Result<()> {
    let here = (side.hold.captured(), side.hold.refunded());
    let beyond = side.intent.map_or(0, |intent| beyond_hold(engine, intent));
    let most = beyond + side.hold.seen.as_ref().map_or(0, |seen| seen.total);
    ensure!(
        0 <= here.1 && here.1 <= here.0 && here.0 <= most,
        "I5: the ledger's sums make no sense: {} ≤ {} ≤ {most}",
        here.1,
        here.0
    );
    let Some(intent) = side.intent else {
        return Ok(());
    };
    let there = (intent.captured(), intent.refunded());
    let most = beyond + intent.authorised.max(intent.auto_captured);
    ensure!(
        0 <= there.1 && there.1 <= there.0 && there.0 <= most,
        "I5: Dojo's sums make no sense: {} ≤ {} ≤ {most}",
        there.1,
        there.0
    );
    ensure!(
        here.0 <= there.0 || is_rest_released(intent),
        "I5: {} is called taken, Dojo took {}",
        here.0,
        there.0
    );
    ensure!(
        here.1 <= there.1 + failed_refunds(intent),
        "I5: {} is called refunded, Dojo gave {}",
        here.1,
        there.1
    );
    Ok(())
}

/// The tips that Dojo takes on top of what is held, where it does so.
fn beyond_hold(engine: &Engine, intent: &Intent) -> i64 {
    if engine.state().switches.tip_limit == TipLimit::WithinHold {
        return 0;
    }
    intent.takings().iter().map(|taking| taking.tip).sum()
}

/// What the guest's bank sent back: it was shown as refunded before.
fn failed_refunds(intent: &Intent) -> i64 {
    let failed = intent.refunds.iter().filter(|r| r.status == RefundStatus::Failed);
    failed.map(|refund| refund.amount).sum()
}

/// What Dojo took and keeps: a payment that was reversed elsewhere has gone back whole.
fn taken(intent: &Intent) -> i64 {
    let is_back = intent.capture_mode == Mode::Auto && intent.reversal_id.is_some();
    if is_back { 0 } else { intent.captured() }
}

/// I5: what was taken and given back never falls again.
pub(super) fn never_falls(world: &mut World, engine: &Engine, hold: &Hold) -> Result<()> {
    let now = (hold.captured(), hold.refunded());
    let before = world.notes.sums.insert(hold.id, now).unwrap_or_default();
    let is_reversed = hold
        .seen
        .as_ref()
        .is_some_and(|seen| seen.status == IntentStatus::Reversed);
    let is_back = hold.mode == CaptureMode::Auto && is_reversed && now.0 == 0;
    let failed = world.truth(engine, hold).map_or(0, failed_refunds);
    ensure!(
        (before.0 <= now.0 || is_back) && before.1 <= now.1 + failed,
        "I5: {before:?} was taken and given back, and now it is {now:?}: {hold:?}"
    );
    Ok(())
}

/// Every capture at Dojo was asked for, here or elsewhere, but for the rest at the deadline where that was
/// what Dojo was told to do.
fn nothing_takes_itself(engine: &Engine, side: &Side<'_>, intent: &Intent) -> Result<()> {
    let asked = |r: &&&holdfast_simulator::engine::Logged| {
        r.worked && r.status == 200 && r.path.ends_with("/captures")
    };
    let asked = side.log.iter().filter(asked).count();
    let strange = intent.captures.len().saturating_sub(asked);
    let interval = side.hold.expire_in.unwrap_or(0);
    let begins = match engine.state().switches.clock_start {
        ClockStart::Authorisation => intent.authorised_at,
        ClockStart::Creation => Some(intent.created_at),
    };
    let is_due = intent.auto_expire_action == Some(AutoExpireAction::Capture)
        && begins.is_some_and(|at| engine.now().signed_duration_since(at).num_seconds() >= interval);
    ensure!(
        strange <= usize::from(is_due),
        "I2: {} captures at Dojo, {asked} were asked for",
        intent.captures.len()
    );
    Ok(())
}

/// No refund twice for one decision, and none for no decision.
fn one_refund_a_decision(side: &Side<'_>, intent: &Intent) -> Result<()> {
    let mut keys = HashSet::new();
    for refund in &intent.refunds {
        let key = &refund.idempotency_key;
        ensure!(keys.insert(key), "I1: refunded twice for one decision");
        let is_its = |o: &Operation| o.id.to_string() == *key && o.amount == refund.amount;
        ensure!(
            key.starts_with("another till's") || side.operations.iter().any(is_its),
            "I2: a refund at Dojo without its decision: {refund:?}"
        );
    }
    Ok(())
}

/// Somebody else released what was left of a hold of which part was taken, and whose rest Dojo would have taken at the
/// deadline. Where the till slept meanwhile, both look the same to it.
fn is_rest_released(intent: &Intent) -> bool {
    let takes = intent.auto_expire_action == Some(AutoExpireAction::Capture);
    takes && intent.reversal_id.is_some() && intent.captured() > 0
}

/// Dojo took the rest at the deadline and lists it nowhere, and no answer tells it: it called the hold captured before
/// already, or it never says when the card was authorised, so that nobody else knows the deadline. Or the first capture
/// came to be seen only together with that end: then the rest may as well have been released with it.
pub(super) fn is_rest_unseen(engine: &Engine, intent: &Intent) -> bool {
    let switches = &engine.state().switches;
    let is_untold = switches.partial_status == PartialStatus::Captured
        || switches.payment_events == PaymentEvents::Missing;
    let mut listed = intent.captures.iter().filter(|c| !c.is_unlisted);
    if is_rest_released(intent) {
        return true;
    }
    let is_late = switches.capture_settles_after > 0 || listed.any(|c| c.by == By::Elsewhere);
    let is_rest_tip = is_tip_untold(switches, intent);
    (is_untold || is_late || is_rest_tip)
        && intent.captures.len() > 1
        && intent.captures.iter().any(|c| c.is_unlisted)
}

/// A tip was taken beyond the hold, and amounts and tips don't make up all of it: then no answer tells whose part the
/// tip was, nor how much was left for the deadline.
fn is_tip_untold(switches: &Switches, intent: &Intent) -> bool {
    let takings = intent.takings();
    let decided = takings.iter().filter(|taking| taking.by != By::Deadline);
    let (all, tips) = decided.fold((0, 0), |(all, tips), t| (all + t.amount, tips + t.tip));
    switches.tip_limit == TipLimit::BeyondHold && tips > 0 && all < intent.authorised
}

/// The till's books against Dojo's.
pub(super) fn agrees(hold: &Hold, intent: &Intent) -> Result<()> {
    let seen = hold
        .seen
        .as_ref()
        .with_context(|| format!("{} was never read", hold.reference))?;
    let is_manual = hold.mode == CaptureMode::Manual;
    ensure!(
        is_manual == (intent.capture_mode == Mode::Manual),
        "it is held otherwise than asked"
    );
    ensure!(
        hold.captured() == taken(intent),
        "{}: the till says {} taken, Dojo {}",
        hold.reference,
        hold.captured(),
        taken(intent)
    );
    ensure!(
        seen.refunded == intent.refunded(),
        "{}: the till says {} refunded, Dojo {}",
        hold.reference,
        seen.refunded,
        intent.refunded()
    );
    Ok(())
}
