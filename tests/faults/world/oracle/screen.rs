//! I7 and I9: what the window is told.

use super::World;
use crate::world::mortal::now;
use anyhow::{Context, Result, ensure};
use holdfast_desk::view;
use holdfast_desk::view::StateCode;
use holdfast_domain::{
    Capture, CaptureMode, CaptureStatus, DeadlineAction, Hold, IntentStatus, Operation, OperationKind,
    OperationState, Snapshot, TabId,
};
use holdfast_ledger::prelude::*;
use std::collections::HashMap;

/// What a hold comes to, worked out here once more: taken, waiting for its fate, given back.
fn sums(hold: &Hold) -> (i64, i64, i64) {
    let Some(seen) = &hold.seen else { return (0, 0, 0) };
    let (mut taken, mut pending) = (0, 0);
    for capture in &seen.captures {
        match capture.status {
            CaptureStatus::Successful => taken += capture.amount + capture.tip,
            CaptureStatus::Created | CaptureStatus::Unknown => pending += capture.amount + capture.tip,
            CaptureStatus::Declined | CaptureStatus::Failed => {}
        }
    }
    let is_refunded = hold.mode == CaptureMode::Auto && seen.refunded > 0;
    let is_paid = matches!(seen.status, IntentStatus::Captured | IntentStatus::Refunded)
        || (seen.status == IntentStatus::Unknown && is_refunded);
    // What Dojo took at the deadline need not be listed.
    let is_ended = hold.lapsed_at.is_some() && hold.expire_action == Some(DeadlineAction::Capture);
    let is_rest_taken = is_ended && (seen.status == IntentStatus::Captured || seen.refunded > taken);
    let dojos_own = |capture: &Capture| {
        let since = hold.lapsed_at.zip(capture.at).map(|(end, at)| end - at);
        since.is_none_or(|apart| apart.num_seconds() <= 120)
    };
    if is_rest_taken && taken >= seen.total && !seen.captures.iter().any(dojos_own) {
        // All was taken and Dojo took more: the tips were no part of the hold, and the whole hold is taken.
        taken = seen.total + tips(seen);
    } else if (seen.captures.is_empty() && is_paid) || is_rest_taken {
        taken = taken.max(seen.total - pending);
    }
    (taken, pending, seen.refunded)
}

/// The tips of what was taken.
fn tips(seen: &Snapshot) -> i64 {
    let taken = seen
        .captures
        .iter()
        .filter(|c| c.status == CaptureStatus::Successful);
    taken.map(|capture| capture.tip).sum()
}

/// Whether a card was authorised and not released; a word that nobody knows takes nothing back.
fn is_authorised(seen: &Snapshot) -> bool {
    match seen.status {
        IntentStatus::Authorized | IntentStatus::Captured | IntentStatus::Refunded => true,
        IntentStatus::Unknown => seen.authorised_at.is_some(),
        IntentStatus::Created | IntentStatus::Canceled | IntentStatus::Reversed => false,
    }
}

/// What Dojo still holds of it.
fn left(hold: &Hold) -> i64 {
    let in_force = hold
        .seen
        .as_ref()
        .filter(|seen| hold.lapsed_at.is_none() && hold.mode == CaptureMode::Manual && is_authorised(seen));
    let (taken, pending, _) = sums(hold);
    in_force.map_or(0, |seen| {
        // Dojo calls it authorised though nothing is missing: then the tips were no part of it.
        let is_held = seen.status == IntentStatus::Authorized && pending == 0;
        let beyond = if is_held && taken >= seen.total {
            tips(seen)
        } else {
            0
        };
        (seen.total - taken - pending + beyond).max(0)
    })
}

/// What of that a take asked for that isn't over and that Dojo doesn't show: the window says that it's being taken.
fn asked_for(hold: &Hold, operations: &[Operation]) -> i64 {
    let shown: Vec<_> = hold.seen.iter().flat_map(|seen| &seen.captures).collect();
    let hidden = operations.iter().filter(|o| {
        o.kind == OperationKind::Capture
            && o.state.is_open()
            && !shown
                .iter()
                .any(|capture| o.dojo_id.as_ref() == Some(&capture.id))
    });
    hidden.map(|o| (o.amount + o.tip).min(left(hold))).sum()
}

/// I7: the floor is the ledger's open tabs, and its sums are theirs. I9 on each of them.
pub(super) fn floor(world: &World, holds: &[(Hold, Vec<Operation>)]) -> Result<()> {
    let till = world.till()?;
    let floor = till.runtime.block_on(till.desk.floor())?;
    let open = now(till.ledger.tabs(true, 10_000))?;
    let same = floor.rows.len() == open.len() && floor.open_count == open.len();
    ensure!(same, "I7: {} rows for {} open tabs", floor.rows.len(), open.len());
    let mut by_tab: HashMap<TabId, Vec<&(Hold, Vec<Operation>)>> = HashMap::new();
    for entry in holds {
        by_tab.entry(entry.0.tab).or_default().push(entry);
    }
    for row in &floor.rows {
        let all = by_tab.get(&row.id).map_or(&[][..], Vec::as_slice);
        let (taken, is_open) = all.iter().fold((0, false), |(sum, is_open), (hold, operations)| {
            let open = operations.iter().any(|o| o.state.is_open());
            (sum + sums(hold).0, is_open || open)
        });
        ensure!(
            row.captured.minor == taken,
            "I7: the floor says {} taken, the ledger {taken}: {row:?}",
            row.captured.minor
        );
        let left: i64 = all
            .iter()
            .map(|(hold, operations)| left(hold) - asked_for(hold, operations))
            .sum();
        ensure!(
            row.left.minor == left,
            "I7: the floor says {} left, the ledger {left}: {row:?}",
            row.left.minor
        );
        reads(&row.captured)?;
        reads(&row.left)?;
        let is_hidden = matches!(
            row.state.code,
            StateCode::Taken | StateCode::Released | StateCode::Refunded | StateCode::Cancelled
        );
        ensure!(
            !is_open || !is_hidden,
            "I7: {} while something is open: {row:?}",
            row.state.words
        );
        i9_warned(row, all, floor.now)?;
    }
    Ok(())
}

/// I7: an amount's text is its amount.
fn reads(money: &view::Money) -> Result<()> {
    let digits: String = money.text.chars().filter(char::is_ascii_digit).collect();
    ensure!(
        digits.parse() == Ok(money.minor),
        "I7: {} stands for {}",
        money.text,
        money.minor
    );
    Ok(())
}

/// What nobody changes in a world: so long before Dojo's deadline people should have acted.
const SAFE_HOURS: i64 = 12;

/// I9: a row whose hold has so little time left to act says which threshold it has passed; one that ended does not.
fn i9_warned(
    row: &view::TabRow,
    holds: &[&(Hold, Vec<Operation>)],
    at: chrono::DateTime<chrono::Utc>,
) -> Result<()> {
    let ends = holds.iter().filter_map(|(hold, _)| {
        // Where a part was taken and given back, the rest is held all the same.
        let seen = hold.seen.as_ref().filter(|seen| is_authorised(seen))?;
        let is_held = hold.expire_in.is_some() && left(hold) > 0;
        let from = seen.authorised_at.or(hold.created_at).unwrap_or(hold.opened_at);
        is_held.then(|| from + chrono::TimeDelta::seconds(hold.expire_in.unwrap_or(0).min(168 * 3_600)))
    });
    let Some(end) = ends.min() else {
        ensure!(
            row.deadline.is_none(),
            "I9: nothing is held, yet {:?}",
            row.deadline
        );
        return Ok(());
    };
    let deadline = row
        .deadline
        .as_ref()
        .with_context(|| format!("I9: no deadline is shown: {row:?}"))?;
    let left = (end - at).num_seconds();
    let to_act = left - SAFE_HOURS * 3_600;
    let hours = match () {
        () if left <= 0 => None,
        () if to_act <= 0 => Some(0),
        () => [1, 6, 24, 48].into_iter().find(|hours| to_act <= hours * 3_600),
    };
    ensure!(
        deadline.at == end,
        "I9: it ends at {end}, shown is {}",
        deadline.at
    );
    ensure!(
        deadline.threshold == hours,
        "I9: {left} seconds are left, the warning is {:?}",
        deadline.threshold
    );
    Ok(())
}

/// I7: one tab is what the ledger holds, hold by hold and entry by entry.
pub(super) fn tab(world: &World, id: TabId) -> Result<()> {
    let till = world.till()?;
    let view = till.runtime.block_on(till.desk.tab(id))?;
    let written = now(till.ledger.journal(id))?;
    let shown = view
        .history
        .iter()
        .rev()
        .map(|step| (step.at, step.by.clone(), step.reference.clone()));
    let written = written
        .into_iter()
        .map(|entry| (entry.at, entry.by.to_string(), entry.reference));
    ensure!(shown.eq(written), "I7: the history is not the journal");
    let is_told = view.history.iter().all(|step| !step.words.trim().is_empty());
    ensure!(is_told, "I7: an entry of the history has no words");
    let holds = now(till.ledger.holds(id))?;
    let with = |hold: Hold| anyhow::Ok((now(till.ledger.operations(hold.id))?, hold));
    let holds: Vec<(Vec<Operation>, Hold)> = holds.into_iter().map(with).collect::<Result<_>>()?;
    ensure!(
        view.holds.len() == holds.len(),
        "I7: {} holds are shown of {}",
        view.holds.len(),
        holds.len()
    );
    for ((operations, hold), shown) in holds.iter().zip(view.holds.iter().rev()) {
        let told = (shown.captured.minor, shown.pending.minor, shown.refunded.minor);
        let (captured, pending, refunded) = sums(hold);
        // What a take has asked for and Dojo doesn't show yet is shown as being taken.
        let written = (captured, pending + asked_for(hold, operations), refunded);
        ensure!(
            told == written,
            "I7: {told:?} is shown, {written:?} is written: {hold:?}"
        );
        for money in [
            &shown.captured,
            &shown.pending,
            &shown.refunded,
            &shown.left,
            &shown.refundable,
        ] {
            reads(money)?;
        }
        let open = operations.iter().find(|o| o.state.is_open());
        let said = shown.operation.as_ref();
        let is_said = open.is_none_or(|o| said.is_some_and(|s| (s.id, s.state) == (o.id, o.state)));
        ensure!(is_said, "I7: {open:?} is open, and {said:?} is shown");
        let may = shown.actions.iter().any(|a| a.allowed);
        ensure!(
            open.is_none() || !may,
            "I7: something may be done while {open:?} is open"
        );
        refund_is_offered(shown, operations)?;
    }
    Ok(())
}

/// Promise 4: what came late says so, and what it took can be given back.
fn refund_is_offered(shown: &view::Hold, operations: &[Operation]) -> Result<()> {
    let Some(late) = operations.last().filter(|o| o.came_late()) else {
        return Ok(());
    };
    let said = shown.operation.as_ref().map_or("", |o| o.words.as_str());
    ensure!(
        said.contains("after all"),
        "P4: {late:?} came late, and “{said}” is said"
    );
    let refund = shown
        .actions
        .iter()
        .find(|a| a.action == holdfast_domain::Action::Refund);
    let may = refund.is_some_and(|a| a.allowed);
    let is_wanted = late.state == OperationState::Succeeded && shown.refundable.minor > 0;
    ensure!(
        may || !is_wanted,
        "P4: {late:?} came late, and no refund is offered: {refund:?}"
    );
    Ok(())
}
