//! The books: what is written down as moved is what every hold's record says, and the reports cover it
//! without a gap and without an overlap.

use super::World;
use super::mortal::now;
use anyhow::{Context, Result, ensure};
use holdfast_domain::{CaptureMode, Hold, IntentStatus, Movement, Operation, Sums, TabId};
use holdfast_ledger::prelude::*;
use std::collections::{BTreeMap, HashMap};

/// What stands on a tab's bill, line by line, in minor units.
pub(super) fn bill(world: &World, tab: TabId) -> Result<i64> {
    let lines = now(world.till()?.ledger.lines(tab))?;
    Ok(lines.iter().map(|line| line.each * line.quantity).sum())
}

/// What stands on all bills together, in minor units by currency.
pub(super) type Bills = BTreeMap<&'static str, i64>;

/// The same as it is now.
pub(super) fn bills(world: &World) -> Result<Bills> {
    let ledger = &world.till()?.ledger;
    let mut tabs = now(ledger.tabs(true, 10_000))?;
    tabs.extend(now(ledger.tabs(false, 10_000))?);
    let mut bills = Bills::new();
    for tab in tabs {
        let sum = bill(world, tab.id)?;
        *bills.entry(tab.currency.code()).or_default() += sum;
        ensure!(sum >= 0, "I14: {sum} on the bill of {}", tab.id);
    }
    Ok(bills.into_iter().filter(|(_, sum)| *sum != 0).collect())
}

/// After a part of a bill was moved: all bills together are what they were, whether it was moved or not.
pub(super) fn nothing_is_lost(world: &mut World) -> Result<()> {
    let Some(before) = world.bills.take() else {
        return Ok(());
    };
    let after = bills(world)?;
    ensure!(
        before == after,
        "I14: all bills came to {before:?}, and come to {after:?} after a move"
    );
    Ok(())
}

pub(super) fn add_up(world: &World, holds: &[(Hold, Vec<Operation>)]) -> Result<()> {
    let movements = now(world.till()?.ledger.movements(1, i64::MAX))?;
    let mut of_holds: HashMap<_, Sums> = HashMap::new();
    for (movement, seq) in movements.iter().zip(1..) {
        ensure!(movement.seq == seq, "movement {seq} is missing");
        let sums = of_holds.entry(movement.hold).or_default();
        *sums = sums.with(movement).context("too much for a sum")?;
    }
    for (hold, _) in holds {
        one(hold, of_holds.get(&hold.id).copied().unwrap_or_default())?;
    }
    reports(world, &movements)
}

fn one(hold: &Hold, sums: Sums) -> Result<()> {
    if hold
        .seen
        .as_ref()
        .is_some_and(|seen| seen.status == IntentStatus::Unknown)
    {
        return Ok(());
    }
    let is = (
        sums.taken,
        sums.tips,
        sums.refunded,
        sums.held,
        sums.released + sums.lapsed,
    );
    let released = if hold.mode == CaptureMode::Manual {
        hold.released()
    } else {
        0
    };
    let should = (
        hold.captured(),
        hold.captured_tip(),
        hold.refunded(),
        hold.ever_held(),
        released,
    );
    ensure!(
        is == should,
        "moved (taken, tips, refunded, held, released): {is:?}, the record: {should:?}: {hold:?}"
    );
    Ok(())
}

fn reports(world: &World, movements: &[Movement]) -> Result<()> {
    let mut all = now(world.till()?.ledger.reports(None, i64::MAX))?;
    all.reverse();
    let mut next = 1;
    for (report, number) in all.iter().zip(1..) {
        ensure!(report.number == number, "report {number} is missing");
        ensure!(
            report.first == next,
            "report {number} does not begin where the last one ended"
        );
        let of_it = movements
            .iter()
            .filter(|m| (report.first..=report.last).contains(&m.seq));
        let moved = of_it.cloned().try_fold(Sums::default(), |sums, m| sums.with(&m));
        let said = report
            .sums
            .iter()
            .try_fold(Sums::default(), |sums, s| sums.plus(s.sums));
        ensure!(
            moved.is_some() && moved == said,
            "report {number}: {moved:?} moved, it says {said:?}"
        );
        next = report.last + 1;
    }
    Ok(())
}
