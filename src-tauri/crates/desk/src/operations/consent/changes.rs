//! What differs from what a person saw, a sentence each: what changed, when and by whom.

use super::{Ground, Seen, SeenHold};
use crate::account::Account;
use crate::context::frame::Frame;
use crate::wording;
use chrono::{DateTime, Utc};
use holdfast_domain::{
    CaptureStatus, Cause, DeadlineAction, Hold, Line, Money, Operation, OperationKind, OperationState,
};

/// What changed since `seen`, a sentence each; none when nothing did that the decision stands on.
pub(crate) fn changes(ground: Ground, seen: &Seen, account: &Account, frame: Frame) -> Vec<String> {
    let now = Seen::of(account, frame.now);
    if ground.is_same(seen, &now) {
        return Vec::new();
    }
    let mut told = Vec::new();
    // Whatever happened on any hold may be why another amount is due.
    for (hold, operations) in &account.holds {
        let after = SeenHold::of(hold, operations);
        match seen.hold(hold.id) {
            None => told.push(format!(
                "{} was requested {}.",
                hold.money(hold.asked),
                when(hold.opened_at, frame)
            )),
            Some(before) if *before != after => told.extend(on_hold(before, &after, hold, operations, frame)),
            Some(_) => {}
        }
    }
    if ground.has_due() && seen.due_minor != now.due_minor {
        let new_lines = account.lines.iter().skip(seen.lines);
        told.extend(new_lines.map(|line| on_bill(line, account, frame)));
        let due = Money::new(now.due_minor, account.tab.currency);
        told.push(format!("Still to take: {due}."));
    }
    if ground.has_due() && seen.is_closed != now.is_closed {
        told.push(match account.tab.closed_at {
            Some(at) => format!("This tab was closed {}.", when(at, frame)),
            None => "This tab was reopened.".to_owned(),
        });
    }
    if told.is_empty() {
        told.push("The figures of this tab have changed.".to_owned());
    }
    told
}

fn when(at: DateTime<Utc>, frame: Frame) -> String {
    format!("at {}", wording::clock_time(at, frame))
}

fn on_bill(line: &Line, account: &Account, frame: Frame) -> String {
    let amount = line.each.saturating_mul(line.quantity);
    let (happened, amount) = if amount < 0 {
        ("came off the bill", amount.saturating_neg())
    } else {
        ("was added to the bill", amount)
    };
    format!(
        "{} {happened} {} by {}.",
        Money::new(amount, account.tab.currency),
        when(line.at, frame),
        line.by
    )
}

/// What became of one hold.
fn on_hold(
    before: &SeenHold,
    after: &SeenHold,
    hold: &Hold,
    operations: &[Operation],
    frame: Frame,
) -> Vec<String> {
    let mut told = Vec::new();
    if after.authorised_minor > before.authorised_minor {
        let card = after
            .card
            .as_ref()
            .map_or_else(String::new, |card| format!(" on {card}"));
        let at = hold.seen.as_ref().and_then(|seen| seen.authorised_at);
        let since = at.map_or_else(String::new, |at| {
            format!(" since {}", wording::clock_time(at, frame))
        });
        told.push(format!(
            "{} is on hold{card}{since}.",
            hold.money(after.left_minor)
        ));
    } else if after.card != before.card {
        let card = after.card.as_deref().unwrap_or("unknown");
        told.push(format!("The card is {card} now."));
    }
    if after.taken_minor > before.taken_minor {
        told.extend(taken_since(before.taken_minor, hold, operations, frame));
    }
    if after.taken_minor < before.taken_minor {
        told.push(format!("Dojo shows {} taken now.", hold.money(after.taken_minor)));
    }
    if after.refunded_minor != before.refunded_minor {
        told.extend(refunded(before, after, hold, operations, frame));
    }
    let taken = after.taken_minor.saturating_sub(before.taken_minor);
    let lost = before
        .left_minor
        .saturating_sub(taken.max(0))
        .saturating_sub(after.left_minor);
    if lost > 0 && hold.pending() == 0 {
        told.push(gone(lost, hold, operations, frame));
    }
    if after.asked_minor != before.asked_minor && after.authorised_minor == 0 {
        told.push(format!("{} is requested now.", hold.money(after.asked_minor)));
    }
    if after.deadline_action != before.deadline_action && after.left_minor > 0 {
        let does = match after.deadline_action {
            Some(DeadlineAction::Capture) => "takes the rest",
            Some(DeadlineAction::Release) => "releases the rest",
            None => "does nothing that we know of",
        };
        told.push(format!("At the deadline Dojo {does} now."));
    }
    let under_way = operations
        .iter()
        .find(|o| Some(o.id) == after.under_way && after.under_way != before.under_way);
    told.extend(under_way.map(|o| {
        let what = wording::what(o, hold);
        format!("“{what}” is under way, {} {}.", by(o), when(o.at, frame))
    }));
    if told.is_empty() && before.under_way.is_some() {
        told.push("A request that was under way has ended.".to_owned());
    }
    told
}

/// Who decided, as it's said: the night is nobody's hand.
fn by(operation: &Operation) -> String {
    if operation.cause == Cause::Night {
        "by the night".to_owned()
    } else {
        format!("by {}", operation.requested_by)
    }
}

/// The captures that make up what was taken since, the newest ones.
fn taken_since(before: i64, hold: &Hold, operations: &[Operation], frame: Frame) -> Vec<String> {
    let Some(seen) = &hold.seen else { return Vec::new() };
    let mut captures: Vec<_> = seen
        .captures
        .iter()
        .filter(|capture| capture.status == CaptureStatus::Successful)
        .collect();
    captures.sort_by_key(|capture| capture.at);
    let listed = captures
        .iter()
        .fold(0_i64, |sum, capture| sum.saturating_add(capture.total()));
    let unlisted = hold.captured().saturating_sub(listed.max(before));
    let mut rest = hold
        .captured()
        .saturating_sub(before)
        .saturating_sub(unlisted.max(0));
    let mut told = Vec::new();
    while let Some(capture) = captures.pop().filter(|_| rest > 0) {
        rest = rest.saturating_sub(capture.total());
        let owner = operations
            .iter()
            .find(|o| o.dojo_id.as_deref() == Some(&capture.id))
            .or_else(|| {
                let mut all = operations.iter();
                all.find(|o| o.may_have_made(capture) && hold.may_be_of(capture, o))
            });
        let by = match owner {
            Some(operation) => by(operation),
            None if hold.is_taken_by_dojo(capture) => "by Dojo at the deadline".to_owned(),
            None => "outside this till".to_owned(),
        };
        let at = capture.at.or_else(|| owner.map(|o| o.at)).unwrap_or(seen.seen_at);
        told.push(format!(
            "{} was taken {} {by}.",
            hold.money(capture.total()),
            when(at, frame)
        ));
    }
    told.reverse();
    if unlisted > 0 {
        // Dojo took it and lists nothing.
        let at = hold.lapsed_at.unwrap_or(seen.seen_at);
        told.push(format!(
            "{} was taken {} by Dojo.",
            hold.money(unlisted),
            when(at, frame)
        ));
    }
    told
}

/// The refunds that make up what was refunded since: ours, the newest ones, and then what is nobody's here.
fn refunded(
    before: &SeenHold,
    after: &SeenHold,
    hold: &Hold,
    operations: &[Operation],
    frame: Frame,
) -> Vec<String> {
    let mut rest = after.refunded_minor.saturating_sub(before.refunded_minor);
    if rest <= 0 {
        return vec![format!(
            "Dojo shows {} refunded now.",
            hold.money(after.refunded_minor)
        )];
    }
    let mut told = Vec::new();
    let ours = operations
        .iter()
        .rev()
        .filter(|o| o.kind == OperationKind::Refund && o.state == OperationState::Succeeded);
    for o in ours.filter(|o| o.baseline.refunded >= before.refunded_minor) {
        if o.amount > rest {
            break;
        }
        rest = rest.saturating_sub(o.amount);
        told.push(format!(
            "{} was refunded {} {}.",
            hold.money(o.amount),
            when(o.at, frame),
            by(o)
        ));
    }
    told.reverse();
    if rest > 0 {
        told.push(format!("{} was refunded outside this till.", hold.money(rest)));
    }
    told
}

/// What was held is held no more, and wasn't taken.
fn gone(minor: i64, hold: &Hold, operations: &[Operation], frame: Frame) -> String {
    let gone = hold.money(minor);
    if let Some(at) = hold.lapsed_at {
        return format!(
            "{gone} dropped off the card {}, at the deadline.",
            when(at, frame)
        );
    }
    let ours = operations
        .iter()
        .rfind(|o| o.kind == OperationKind::Reversal && o.state == OperationState::Succeeded);
    match ours {
        Some(o) => format!("{gone} was released {} {}.", when(o.at, frame), by(o)),
        None => format!("{gone} is no longer on hold: it was released outside this till."),
    }
}
