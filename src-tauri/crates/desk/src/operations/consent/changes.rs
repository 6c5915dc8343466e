//! What differs from what a person saw: what changed, when and by whom. `wording/consent.rs` says it.

use super::{ConsentScope, Seen, SeenHold};
use crate::account::Account;
use crate::account::due::came_to_nothing;
use crate::context::frame::Frame;
use holdfast_domain::{
    CaptureStatus, Cause, ChangedBy, Deed, Hold, Line, Money, Operation, OperationKind, OperationState,
    SeenCard, TabChange,
};

/// What changed since `seen`; none when nothing did that the decision stands on.
pub(crate) fn changes(scope: ConsentScope, seen: &Seen, account: &Account, frame: Frame) -> Vec<TabChange> {
    let now = Seen::of(account, frame.now);
    if scope.is_same(seen, &now) {
        return Vec::new();
    }
    let mut told = Vec::new();
    // Whatever happened on any hold may be why another amount is due.
    for (hold, operations) in &account.holds {
        let after = SeenHold::of(hold, operations);
        match seen.hold(hold.id) {
            None => told.push(TabChange::Requested {
                money: hold.money(hold.asked),
                at: hold.opened_at,
            }),
            Some(before) if before.alone() != after.alone() => {
                told.extend(on_hold(before, &after, hold, operations))
            }
            Some(_) => {}
        }
    }
    if scope.has_due() && seen.due_minor != now.due_minor {
        let new_lines = account.lines.iter().skip(seen.lines);
        told.extend(new_lines.map(|line| on_bill(line, account)));
        told.push(TabChange::Due(Money::new(now.due_minor, account.tab.currency)));
    }
    if scope.has_due() && seen.order() != now.order() {
        let mut all = account.holds.iter();
        told.extend(all.find_map(|(hold, operations)| gone_last(seen.hold(hold.id)?, hold, operations)));
    }
    if scope.has_due() && seen.is_closed != now.is_closed {
        told.push(match account.tab.closed_at {
            Some(at) => TabChange::Closed { at },
            None => TabChange::Reopened,
        });
    }
    if told.is_empty() {
        told.push(TabChange::Figures);
    }
    told
}

fn on_bill(line: &Line, account: &Account) -> TabChange {
    let minor = line.each.saturating_mul(line.quantity);
    let money = Money::new(minor.saturating_abs(), account.tab.currency);
    let (at, by) = (line.at, line.by.clone());
    if minor < 0 {
        TabChange::CameOff { money, at, by }
    } else {
        TabChange::Added { money, at, by }
    }
}

/// What became of one hold.
fn on_hold(before: &SeenHold, after: &SeenHold, hold: &Hold, operations: &[Operation]) -> Vec<TabChange> {
    let mut told = Vec::new();
    if after.authorised_minor > before.authorised_minor {
        told.push(TabChange::Held {
            money: hold.money(after.left_minor),
            card: after.card.clone(),
            since: hold.seen.as_ref().and_then(|seen| seen.authorised_at),
        });
    } else if after.card != before.card {
        told.push(TabChange::Card(after.card.clone()));
    }
    if after.taken_minor > before.taken_minor {
        told.extend(taken_since(before.taken_minor, hold, operations));
    }
    if after.taken_minor < before.taken_minor {
        told.push(TabChange::LessTaken(hold.money(after.taken_minor)));
    }
    if after.refunded_minor != before.refunded_minor {
        told.extend(refunded(before, after, hold, operations));
    }
    let taken = after.taken_minor.saturating_sub(before.taken_minor);
    let lost = before
        .left_minor
        .saturating_sub(taken.max(0))
        .saturating_sub(after.left_minor);
    if lost > 0 && hold.pending() == 0 {
        told.push(gone(lost, hold, operations));
    }
    if after.asked_minor != before.asked_minor && after.authorised_minor == 0 {
        told.push(TabChange::Asked(hold.money(after.asked_minor)));
    }
    if after.deadline_action != before.deadline_action && after.left_minor > 0 {
        told.push(TabChange::DeadlineAction(after.deadline_action));
    }
    let under_way = operations
        .iter()
        .find(|o| Some(o.id) == after.under_way && after.under_way != before.under_way);
    told.extend(under_way.map(|o| TabChange::UnderWay {
        deed: Deed::of(o, hold),
        currency: hold.currency,
        at: o.at,
        by: by(o),
    }));
    if told.is_empty() && before.under_way.is_some() {
        told.push(TabChange::Ended);
    }
    told
}

/// The take that came to nothing since, so that another card comes before this one.
fn gone_last(before: &SeenHold, hold: &Hold, operations: &[Operation]) -> Option<TabChange> {
    if before.is_last || !came_to_nothing(operations) {
        return None;
    }
    let take = operations.iter().rfind(|o| o.kind == OperationKind::Capture)?;
    Some(TabChange::NotTaken {
        money: hold.money(take.amount.saturating_add(take.tip)),
        card: SeenCard::on(hold),
        at: take.at,
        by: by(take),
    })
}

/// Who decided: the night is nobody's hand.
fn by(operation: &Operation) -> ChangedBy {
    match operation.cause {
        Cause::Night => ChangedBy::Night,
        Cause::Person | Cause::Renewal | Cause::RenewalGivenUp => {
            ChangedBy::Person(operation.requested_by.clone())
        }
    }
}

/// The captures that make up what was taken since, the newest ones.
fn taken_since(before: i64, hold: &Hold, operations: &[Operation]) -> Vec<TabChange> {
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
            None if hold.is_taken_by_dojo(capture) => ChangedBy::DojoAtDeadline,
            None => ChangedBy::Elsewhere,
        };
        let at = capture.at.or_else(|| owner.map(|o| o.at)).unwrap_or(seen.seen_at);
        let money = hold.money(capture.total());
        told.push(TabChange::Taken { money, at, by });
    }
    told.reverse();
    if unlisted > 0 {
        // Dojo took it and lists nothing.
        let at = hold.lapsed_at.unwrap_or(seen.seen_at);
        told.push(TabChange::Taken {
            money: hold.money(unlisted),
            at,
            by: ChangedBy::Dojo,
        });
    }
    told
}

/// The refunds that make up what was refunded since: ours, the newest ones, and then what is nobody's here.
fn refunded(before: &SeenHold, after: &SeenHold, hold: &Hold, operations: &[Operation]) -> Vec<TabChange> {
    let mut rest = after.refunded_minor.saturating_sub(before.refunded_minor);
    if rest <= 0 {
        return vec![TabChange::LessRefunded(hold.money(after.refunded_minor))];
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
        told.push(TabChange::Refunded {
            money: hold.money(o.amount),
            at: o.at,
            by: by(o),
        });
    }
    told.reverse();
    if rest > 0 {
        told.push(TabChange::RefundedElsewhere(hold.money(rest)));
    }
    told
}

/// What was held is held no more, and wasn't taken.
fn gone(minor: i64, hold: &Hold, operations: &[Operation]) -> TabChange {
    let money = hold.money(minor);
    if let Some(at) = hold.lapsed_at {
        return TabChange::Expired { money, at };
    }
    let ours = operations
        .iter()
        .rfind(|o| o.kind == OperationKind::Reversal && o.state == OperationState::Succeeded);
    match ours {
        Some(o) => TabChange::Released {
            money,
            at: o.at,
            by: by(o),
        },
        None => TabChange::ReleasedElsewhere(money),
    }
}

#[cfg(test)]
mod tests;
