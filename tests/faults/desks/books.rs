//! The books of a venue, looked at whole: bills, the journal, what moved, the reports.

use super::rules::{bill, tab_of};
use super::till::House;
use crate::world::mortal::now;
use anyhow::{Context, Result, ensure};
use holdfast_domain::{Event, Line, Operation, OperationKind, OperationState, Tab};
use holdfast_ledger::prelude::*;
use holdfast_simulator::engine::CaptureStatus;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Every tab there is.
pub(super) fn tabs(house: &House) -> Result<Vec<Tab>> {
    let mut tabs = now(house.ledger.tabs(true, 10_000))?;
    tabs.extend(now(house.ledger.tabs(false, 10_000))?);
    Ok(tabs)
}

/// What the bills were when they were last looked at.
#[derive(Debug, Default)]
pub(super) struct Bills {
    /// By tab: how many lines, and whether it was closed.
    before: HashMap<holdfast_domain::TabId, (usize, bool)>,
}

impl Bills {
    /// After every call that may change a bill or close a tab: no bill is below nothing, no line is taken off twice,
    /// what a move took from one bill is on another, and nothing comes onto a tab that is closed.
    pub(super) fn hold(&mut self, house: &House) -> Result<()> {
        let mut moved: BTreeMap<String, i64> = BTreeMap::new();
        for tab in tabs(house)? {
            let lines = now(house.ledger.lines(tab.id))?;
            let sum = bill(house, tab.id);
            ensure!(sum >= 0, "the bill of {} comes to {sum}", tab.id);
            let mut off = HashSet::new();
            for line in &lines {
                if let Some(taken) = line.takes_off {
                    ensure!(off.insert(taken), "a line is taken off twice: {line:?}");
                }
                if let Some(decision) = move_of(line) {
                    *moved.entry(decision).or_default() += line.each * line.quantity;
                }
            }
            let is_closed = tab.closed_at.is_some();
            let (count, was_closed) = self
                .before
                .insert(tab.id, (lines.len(), is_closed))
                .unwrap_or_default();
            ensure!(
                !was_closed || !is_closed || lines.len() == count,
                "a line came onto the closed tab {}",
                tab.id
            );
            if is_closed && !was_closed {
                nothing_is_open(house, &tab)?;
            }
        }
        for (decision, sum) in moved {
            ensure!(sum == 0, "the move {decision} makes {sum} of nothing");
        }
        Ok(())
    }
}

fn move_of(line: &Line) -> Option<String> {
    line.moved.as_ref().map(|moved| format!("{:?}", moved.decision))
}

fn nothing_is_open(house: &House, tab: &Tab) -> Result<()> {
    for hold in now(house.ledger.holds(tab.id))? {
        let operations = now(house.ledger.operations(hold.id))?;
        let open = operations.iter().find(|o| o.state.is_open());
        ensure!(
            open.is_none(),
            "{} is closed while this is open: {open:?}",
            tab.id
        );
    }
    Ok(())
}

/// S8: the journal is whole, movements and reports are numbered without a gap, and each movement is in one report.
pub(super) fn are_whole(house: &House) -> Result<()> {
    now(house.ledger.verify_journal()).context("S8: the journal")?;
    let movements = now(house.ledger.movements(1, i64::MAX))?;
    for (movement, number) in movements.iter().zip(1..) {
        ensure!(movement.seq == number, "S8: movement {number} is missing");
    }
    let mut reports = now(house.ledger.reports(None, i64::MAX))?;
    reports.reverse();
    let mut next = 1;
    for (report, number) in reports.iter().zip(1..) {
        ensure!(report.number == number, "S8: report {number} is missing");
        ensure!(
            report.first == next,
            "S8: report {number} does not begin at {next}"
        );
        next = report.last + 1;
    }
    let last = i64::try_from(movements.len())?;
    ensure!(next <= last + 1, "S8: a report goes beyond what moved");
    Ok(())
}

/// S11: a hold's end is warned of once at each stage, however many tills look.
pub(super) fn warned_once(house: &House) -> Result<()> {
    for tab in tabs(house)? {
        let holds = now(house.ledger.holds(tab.id))?.len();
        let mut stages: HashMap<String, usize> = HashMap::new();
        for entry in now(house.ledger.journal(tab.id))? {
            if let Event::Warned(warning) = entry.event {
                *stages.entry(format!("{:?}", warning.stage)).or_default() += 1;
            }
        }
        let twice = stages.iter().find(|(_, times)| **times > holds);
        ensure!(
            twice.is_none(),
            "S11: warned {twice:?} times of {holds} holds on {}",
            tab.id
        );
    }
    Ok(())
}

/// When all is quiet again: nothing is open, and what the ledger says was taken and given back is what Dojo did, each
/// capture by one decision.
pub(super) fn are_true(house: &House) -> Result<()> {
    for tab in tabs(house)? {
        for hold in now(house.ledger.holds(tab.id))? {
            let operations = now(house.ledger.operations(hold.id))?;
            let open = operations.iter().find(|o| o.state.is_open());
            ensure!(open.is_none(), "S12: still open when all is quiet: {open:?}");
            let engine = house.engine();
            let Some(intent) = hold.intent_id.as_ref().and_then(|id| engine.intent(id)) else {
                continue;
            };
            ensure!(tab_of(intent) == Some(tab.id), "a hold of another tab");
            let seen = hold.seen.as_ref().context("never read")?;
            let listed = intent
                .captures
                .iter()
                .filter(|c| c.status == CaptureStatus::Successful);
            let there: BTreeMap<&str, i64> = listed
                .map(|c| (c.id.as_str(), c.amount + c.tips_amount.unwrap_or(0)))
                .collect();
            let here: BTreeMap<&str, i64> = seen
                .captures
                .iter()
                .filter(|c| c.status == holdfast_domain::CaptureStatus::Successful)
                .map(|c| (c.id.as_str(), c.amount + c.tip))
                .collect();
            ensure!(
                here == there,
                "S12: the ledger says {here:?} taken, Dojo {there:?}"
            );
            let refunded = (seen.refunded, intent.refunded());
            ensure!(
                refunded.0 == refunded.1,
                "S12: refunded here and at Dojo: {refunded:?}"
            );
            each_by_one_decision(&operations, &there)?;
        }
    }
    Ok(())
}

fn each_by_one_decision(operations: &[Operation], there: &BTreeMap<&str, i64>) -> Result<()> {
    let mut claimed = HashSet::new();
    let done = operations.iter().filter(|o| o.state == OperationState::Succeeded);
    for operation in done.filter(|o| o.kind == OperationKind::Capture) {
        let id = operation.dojo_id.as_deref().context("S2: done, and no id")?;
        ensure!(
            claimed.insert(id),
            "S2: one capture stands for two decisions: {operation:?}"
        );
        let amount = there.get(id).copied();
        let asked = operation.amount + operation.tip;
        ensure!(
            amount == Some(asked),
            "S2: done, and Dojo has {amount:?}: {operation:?}"
        );
    }
    let strange: Vec<_> = there.keys().filter(|id| !claimed.contains(*id)).collect();
    ensure!(
        strange.is_empty(),
        "S2: captures that nobody decided: {strange:?}, {operations:?}"
    );
    Ok(())
}
