//! What is due on a tab's bill, and how much there is to take it from.

use crate::account::allowed::allowing;
use crate::account::renewals::{is_held, side};
use crate::account::state::link_ended;
use crate::account::taking::Taking;
use crate::account::{ACCEPTED_OPERATION_WAITED_FOR, Account, totals};
use crate::context::reasons::Unsettled;
use chrono::{DateTime, Utc};
use holdfast_domain::{
    Action, Capture, DeadlineAction, Hold, HoldState, Money, Operation, OperationKind, OperationState, Paid,
    Purpose, bill,
};

/// A tab's bill, and what was paid and given back of it.
pub(crate) fn paid(account: &Account) -> Paid {
    let lines = bill(&account.lines, account.tab.currency).map_or(0, |bill| bill.minor);
    Paid::of(lines, &account.holds)
}

/// What is due because a refund is to be charged again; a part of all that is due.
pub(crate) fn charged_again(account: &Account) -> Money {
    Money::new(paid(account).due_again(), account.tab.currency)
}

/// What was paid beyond a bill that has lines, such as a duplicate. A payment without a bill is beyond nothing.
pub(crate) fn beyond(account: &Account) -> Money {
    let over = if account.lines.is_empty() {
        0
    } else {
        paid(account).over()
    };
    Money::new(over, account.tab.currency)
}

/// What is held and can be released.
pub(crate) fn releasable(account: &Account, now: DateTime<Utc>) -> Money {
    let left = allowing(account, Action::Release, now).map(Hold::left);
    Money::new(left.fold(0_i64, i64::saturating_add), account.tab.currency)
}

/// What is still due on the bill, and the holds that may be taken from: the oldest first, but a card of which the
/// newest take came to nothing last. Dojo may take nothing more of it, and that keeps no other card back.
pub(crate) fn takeable(account: &Account, now: DateTime<Utc>) -> (Money, Vec<Hold>) {
    let due = Money::new(paid(account).due(), account.tab.currency);
    let mut holds: Vec<Hold> = allowing(account, Action::Take, now).cloned().collect();
    holds.sort_by_key(|hold| side(account, hold.id).is_ok_and(|(_, operations)| came_to_nothing(operations)));
    (due, holds)
}

/// Whether the newest take of these operations ended without having happened, for all that Dojo shows.
pub(crate) fn came_to_nothing(operations: &[Operation]) -> bool {
    let newest = operations.iter().rfind(|o| o.kind == OperationKind::Capture);
    newest.is_some_and(|take| {
        matches!(
            take.state,
            OperationState::Rejected
                | OperationState::Declined
                | OperationState::Absent
                | OperationState::Conflict
        )
    })
}

/// The most that can be taken: what is left of the holds that may be taken from.
pub(crate) fn at_hand(account: &Account, now: DateTime<Utc>) -> Money {
    let (due, holds) = takeable(account, now);
    let left = holds
        .iter()
        .fold(0_i64, |sum, hold| sum.saturating_add(hold.left()));
    Money::new(left, due.currency)
}

/// What of a hold covers a bill, in minor units. Once some of it was refunded nobody can take the rest: it covers
/// nothing unless Dojo takes it at the deadline.
pub(crate) fn cover(hold: &Hold) -> i64 {
    if hold.refunded() > 0 && hold.expire_action != Some(DeadlineAction::Capture) {
        0
    } else {
        hold.left()
    }
}

/// Minor units on hold that cover a tab's bill. Once the new hold of a renewal is in force, the old one is going to be
/// released: it covers nothing any more.
pub(crate) fn on_hold(account: &Account) -> i64 {
    let in_force = |id| {
        account
            .holds
            .iter()
            .any(|(hold, _)| hold.id == id && is_held(hold))
    };
    let is_replaced = |hold: &Hold| {
        let mut open = account.renewals.iter().filter(|r| r.is_open());
        open.any(|r| r.old == hold.id && in_force(r.new))
    };
    let stays = account.holds.iter().filter(|(hold, _)| !is_replaced(hold));
    stays.fold(0_i64, |sum, (hold, _)| sum.saturating_add(cover(hold)))
}

/// Minor units that a guest was asked for and can still pay, beyond what is on hold for it already: a renewal's new
/// hold takes the place of the old one.
fn still_asked(account: &Account, (hold, operations): &(Hold, Vec<Operation>), now: DateTime<Utc>) -> i64 {
    let asked = match hold.state(now) {
        _ if !is_asked(hold, operations, now) => 0,
        HoldState::Waiting => hold.requested(),
        HoldState::Opening
        | HoldState::Held
        | HoldState::PartTaken
        | HoldState::Taken
        | HoldState::Released
        | HoldState::Expired
        | HoldState::TakenByDojo
        | HoldState::Cancelled
        | HoldState::PartRefunded
        | HoldState::Refunded
        | HoldState::Overdue
        | HoldState::Unreadable => hold.asked,
    };
    let renewal = account.renewals.iter().find(|r| r.is_open() && r.new == hold.id);
    let old = renewal.and_then(|r| account.holds.iter().find(|(old, _)| old.id == r.old));
    asked.saturating_sub(old.map_or(0, |(old, _)| cover(old))).max(0)
}

/// Whether the guest was asked for it and can still pay.
fn is_asked(hold: &Hold, operations: &[Operation], now: DateTime<Utc>) -> bool {
    match hold.state(now) {
        HoldState::Opening => !never_reached_guest(operations),
        HoldState::Waiting => !link_ended(hold, now),
        HoldState::Held
        | HoldState::PartTaken
        | HoldState::Taken
        | HoldState::Released
        | HoldState::Expired
        | HoldState::TakenByDojo
        | HoldState::Cancelled
        | HoldState::PartRefunded
        | HoldState::Refunded
        | HoldState::Overdue
        | HoldState::Unreadable => false,
    }
}

/// Whether the request was refused, never sent, or isn't known to Dojo.
fn never_reached_guest(operations: &[Operation]) -> bool {
    let create = operations.iter().find(|o| o.kind == OperationKind::Create);
    create.is_some_and(|o| {
        matches!(
            o.state,
            OperationState::Rejected | OperationState::NotSent | OperationState::Absent
        )
    })
}

/// Minor units of the bill, neither taken, nor being taken, nor on hold any more since a hold expired.
pub(crate) fn uncovered(account: &Account, now: DateTime<Utc>) -> Option<i64> {
    let has_lapsed = account.holds.iter().any(|(hold, _)| hold.lapsed_at.is_some());
    let uncovered = not_held(account, now);
    (has_lapsed && uncovered > 0).then_some(uncovered)
}

/// Minor units of the bill that are neither taken nor on hold, once what is being taken is taken: service charge and
/// tip cover nothing of it.
fn not_held(account: &Account, now: DateTime<Utc>) -> i64 {
    let taking = Taking::of(account, now);
    let to_take = paid(account).due().saturating_sub(taking.bill).max(0);
    let free = on_hold(account).saturating_sub(taking.on_hold).max(0);
    to_take.saturating_sub(free).max(0)
}

/// Whether the bill would be short without the old hold of a renewal, in whose place a smaller one has come: it
/// may have grown since that was asked for.
pub(crate) fn needs_old(account: &Account, old: &Hold, new: &Hold) -> bool {
    let without = totals::sum(account, cover).saturating_sub(cover(old));
    new.left() < old.left() && paid(account).due() > without
}

/// What the bill is beyond all that is taken, held to be taken and asked for.
pub(crate) fn missing(account: &Account, now: DateTime<Utc>) -> Option<Money> {
    let asked = account.holds.iter().fold(0_i64, |sum, entry| {
        sum.saturating_add(still_asked(account, entry, now))
    });
    // What a take that is under way goes on to ask for is not asked for by hand as well.
    let asks = account
        .holds
        .iter()
        .flat_map(|(_, operations)| operations)
        .filter(|o| o.state.is_open())
        .fold(0_i64, |sum, o| sum.saturating_add(o.then_ask));
    let missing = not_held(account, now).saturating_sub(asked).saturating_sub(asks);
    (missing > 0).then(|| Money::new(missing, account.tab.currency))
}

/// What is missing now, where a request that never left asks for more than that because something happened since: the
/// guest was asked for it in another way, or the bill is smaller. None where it may be sent again.
pub(crate) fn no_longer_missing(account: &Account, unsent: &Hold, now: DateTime<Utc>) -> Option<Money> {
    let others = || account.holds.iter().filter(|(hold, _)| hold.id != unsent.id);
    let has_others = others().any(|entry| {
        let (hold, operations) = entry;
        hold.left() > 0 || hold.captured() > 0 || hold.pending() > 0 || is_asked(hold, operations, now)
    });
    let (_, its) = account.holds.iter().find(|(hold, _)| hold.id == unsent.id)?;
    let decided = its.iter().rfind(|o| o.kind == OperationKind::Create)?.at;
    let is_newer =
        |o: &Operation| o.at > decided && matches!(o.kind, OperationKind::Create | OperationKind::Capture);
    let has_changed = others().any(|(_, operations)| operations.iter().any(is_newer))
        || account
            .lines
            .iter()
            .any(|line| line.each < 0 && line.at > decided);
    let missing = missing(account, now).map_or(0, |money| money.minor);
    (has_others && has_changed && unsent.asked > missing).then(|| Money::new(missing, account.tab.currency))
}

/// The take that Dojo has yet to settle on any of a tab's holds. Until it has, nobody knows what is due: the bill
/// would be taken once more from another card.
pub(crate) fn unsettled_take(account: &Account, now: DateTime<Utc>) -> Option<Unsettled> {
    let open = under_way(account, &[OperationKind::Capture]);
    open.or_else(|| unsettled_elsewhere(account, now).map(Unsettled::TakeElsewhere))
}

/// What Dojo is taking by its own record, no matter who asked for it: in the portal, or before a backup was restored. A
/// take that never came to its end keeps nothing back once a person dismissed it, or a day has passed if it isn't ours.
fn unsettled_elsewhere(account: &Account, now: DateTime<Utc>) -> Option<Money> {
    let waited_for =
        unsettled(account).filter(|(hold, capture, its)| !may_never_settle(hold, capture, *its, now));
    added_up(account, waited_for)
}

/// What Dojo has been taking for over a day, by no request of this ledger's. Nobody can dismiss it here: it's said
/// beside every take, and a person decides whether to take the bill in another way.
pub(crate) fn stuck(account: &Account, now: DateTime<Utc>) -> Option<Money> {
    let of_nobody =
        unsettled(account).filter(|(hold, capture, its)| its.is_none() && is_stuck(hold, capture, now));
    added_up(account, of_nobody)
}

/// A capture that Dojo hasn't settled, on its hold, with the operation that asked for it if this ledger has one.
type UnsettledCapture<'a> = (&'a Hold, &'a Capture, Option<&'a Operation>);

/// All captures that Dojo hasn't settled.
pub(crate) fn unsettled(account: &Account) -> impl Iterator<Item = UnsettledCapture<'_>> {
    let holds = account.holds.iter();
    holds.flat_map(|(hold, operations)| {
        let captures = hold.seen.iter().flat_map(|seen| &seen.captures);
        captures
            .filter(|capture| !capture.status.is_final())
            .map(move |capture| {
                let mut its = operations.iter();
                (
                    hold,
                    capture,
                    its.find(|o| o.dojo_id.as_ref() == Some(&capture.id)),
                )
            })
    })
}

/// Whether a capture is waited for no longer.
pub(crate) fn may_never_settle(
    hold: &Hold,
    capture: &Capture,
    its: Option<&Operation>,
    now: DateTime<Utc>,
) -> bool {
    match its {
        Some(its) => its.is_put_aside() && its.state != OperationState::Succeeded,
        None => is_stuck(hold, capture, now),
    }
}

fn added_up<'a>(account: &Account, captures: impl Iterator<Item = UnsettledCapture<'a>>) -> Option<Money> {
    let minor = captures.fold(0_i64, |sum, (_, capture, _)| sum.saturating_add(capture.total()));
    (minor > 0).then(|| Money::new(minor, account.tab.currency))
}

/// Whether Dojo has shown a capture as unsettled for longer than it may take. Where it doesn't say since when, the
/// deadline counts.
fn is_stuck(hold: &Hold, capture: &Capture, now: DateTime<Utc>) -> bool {
    let since = capture.at.or_else(|| hold.latest_deadline().map(|d| d.at));
    since.is_some_and(|since| now.signed_duration_since(since) >= ACCEPTED_OPERATION_WAITED_FOR)
}

/// The take or refund that Dojo has yet to settle on any of a tab's holds. Until it has, nobody knows what of the bill
/// is paid, and so what a further refund would be of: the same money would come off the bill twice, or off nothing.
pub(crate) fn unsettled_for_refund(account: &Account, now: DateTime<Utc>) -> Option<Unsettled> {
    let open = under_way(account, &[OperationKind::Capture, OperationKind::Refund]);
    open.or_else(|| unsettled_elsewhere(account, now).map(Unsettled::TakeElsewhere))
}

/// The oldest open take or refund of these kinds.
fn under_way(account: &Account, kinds: &[OperationKind]) -> Option<Unsettled> {
    let all = account.holds.iter();
    let mut all = all.flat_map(|(hold, operations)| operations.iter().map(move |o| (hold, o)));
    let (hold, open) = all.find(|(_, o)| kinds.contains(&o.kind) && o.state.is_open())?;
    let money = hold.money(open.amount.saturating_add(open.tip));
    Some(match open.kind {
        OperationKind::Refund => Unsettled::Refund(money),
        OperationKind::Capture
        | OperationKind::Create
        | OperationKind::Reversal
        | OperationKind::Cancel
        | OperationKind::SetAmount
        | OperationKind::SetTips
        | OperationKind::Receipt => Unsettled::Take(money),
    })
}

/// Service charge and tip that were agreed when the rest was asked for, as long as nothing of that is taken.
pub(crate) fn agreed_before(account: &Account, now: DateTime<Utc>) -> (i64, i64) {
    let mut newest_first = account.holds.iter().rev();
    let asked = newest_first.find_map(|(hold, operations)| agreed_with(account, hold, operations));
    let is_due = takeable(account, now).0.minor > 0;
    asked.filter(|_| is_due).map_or((0, 0), |of| (of.service, of.tip))
}

/// What was agreed when a hold was asked for, as long as nothing of that is taken.
pub(crate) fn agreed_with(account: &Account, hold: &Hold, operations: &[Operation]) -> Option<Purpose> {
    let create = operations.iter().find(|o| o.kind == OperationKind::Create)?;
    let is_open = hold.captured() == 0 && hold.pending() == 0 && !hold.is_over();
    let is_taken = |o: &Operation| {
        o.kind == OperationKind::Capture
            && o.at > create.at
            && (o.state.is_open() || o.state == OperationState::Succeeded)
    };
    // Whatever was taken since was taken with what was agreed, or without it by a person's will.
    let is_taken = account.holds.iter().any(|(_, all)| all.iter().any(is_taken));
    // What it was agreed for may be on another bill since: a person says what of it is left.
    let has_moved = account.lines.iter().any(|l| l.has_left() && l.at > create.at);
    create.of.filter(|_| is_open && !is_taken && !has_moved)
}

#[cfg(test)]
mod tests;
