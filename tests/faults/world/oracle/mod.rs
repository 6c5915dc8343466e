//! What must hold after every step, read from Dojo's truth and held against the ledger: the invariants
//! I1 to I14 of the page on money safety, each a check of its own.

mod consent;
mod money;
mod reckoning;
mod renewals;
mod screen;
pub(super) mod secrets;

pub(super) use consent::Consents;

use super::mortal::now;
use super::steps::{ELSEWHERE, takes_back};
use super::{World, books};
use anyhow::{Context, Result, ensure};
use holdfast_domain::{Hold, HoldId, Operation, OperationKind, OperationState, TabId};
use holdfast_ledger::prelude::*;
use holdfast_simulator::engine::{Engine, Intent, Logged};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, PoisonError};

/// What the oracle remembers.
#[derive(Default)]
pub(super) struct Notes {
    /// What the ledger said was taken and given back, when it was last looked at.
    sums: HashMap<HoldId, (i64, i64)>,
    /// Entries of the journal, at least.
    entries: i64,
    /// Dojo's log, by intent, as far as it was looked through.
    log: HashMap<String, Vec<usize>>,
    logged: usize,
}

impl Notes {
    fn follow(&mut self, engine: &Engine) {
        for (number, request) in engine.requests().iter().enumerate().skip(self.logged) {
            if request.method != "GET"
                && let Some(id) = request.path.trim_matches('/').split('/').nth(1)
            {
                self.log.entry(id.to_owned()).or_default().push(number);
            }
        }
        self.logged = engine.requests().len();
    }
}

/// One hold from all sides.
struct Side<'a> {
    hold: &'a Hold,
    /// Oldest first.
    operations: &'a [Operation],
    /// Dojo's, if there is one.
    intent: Option<&'a Intent>,
    /// Acting requests on it that Dojo received, in order.
    log: Vec<&'a Logged>,
}

impl Side<'_> {
    /// Those of the till that Dojo worked on, one for two where the way doubled it.
    fn worked(&self, ending: &str) -> Vec<&Logged> {
        let is_ours =
            |r: &&&Logged| r.worked && r.path.ends_with(ending) && !r.headers.contains_key(ELSEWHERE);
        let mut twin = false;
        self.log
            .iter()
            .filter(is_ours)
            .filter(|r| {
                twin = r.fault.as_deref() == Some("twice") && !twin;
                r.fault.as_deref() != Some("twice") || twin
            })
            .copied()
            .collect()
    }

    /// Those that others sent.
    fn elsewhere(&self, ending: &str) -> impl Iterator<Item = &Logged> {
        let all = self.log.iter().copied();
        all.filter(move |r| r.worked && r.path.ends_with(ending) && r.headers.contains_key(ELSEWHERE))
    }

    /// Decisions of a kind that may have left the till.
    fn decisions(&self, kind: OperationKind) -> impl Iterator<Item = &Operation> {
        let operations = self.operations.iter();
        operations.filter(move |o| o.kind == kind && o.state != OperationState::NotSent)
    }
}

impl World {
    /// A hold with its operations, from the ledger.
    fn hold(&self, id: HoldId) -> Result<(Hold, Vec<Operation>)> {
        let ledger = self.till()?.ledger.as_ref();
        let operations = now(ledger.operations(id))?;
        Ok((now(ledger.hold(id))?, operations))
    }

    /// All of them, in one reading.
    pub(super) fn every_hold(&self) -> Result<Vec<(Hold, Vec<Operation>)>> {
        let ledger = self.till()?.ledger.as_ref();
        let mut tabs = now(ledger.tabs(true, 10_000))?;
        tabs.extend(now(ledger.tabs(false, 10_000))?);
        let accounts = now(ledger.accounts(tabs.into_iter().map(|tab| tab.id).collect()))?;
        let mut all: Vec<_> = accounts.into_iter().flat_map(|account| account.holds).collect();
        all.sort_by_key(|(hold, _)| hold.id);
        let mut ids = now(ledger.every_hold())?;
        ids.sort();
        ensure!(
            ids.iter().eq(all.iter().map(|(hold, _)| &hold.id)),
            "I7: the tabs' holds are not all the holds that there are"
        );
        Ok(all)
    }

    /// Those that something may have happened to since this was last asked, here or at Dojo.
    fn touched(&self) -> Result<Vec<(Hold, Vec<Operation>)>> {
        let mut ids = std::mem::take(&mut *self.touched.lock().unwrap_or_else(PoisonError::into_inner));
        let changed = self.line.engine().take_changed();
        let ours = |i: &Intent| i.metadata.get("holdfast-hold")?.as_str()?.parse::<HoldId>().ok();
        ids.extend(changed.iter().filter_map(ours));
        ids.into_iter().map(|id| self.hold(id)).collect()
    }

    /// The truth about a hold. A request that the way doubled made two: the till knows one, and nobody
    /// has the other one's link.
    fn truth<'a>(&self, engine: &'a Engine, hold: &Hold) -> Option<&'a Intent> {
        match &hold.intent_id {
            Some(id) => engine.intent(id),
            None => engine.intents().find(|i| i.reference == hold.reference),
        }
    }
}

/// Checked after every step, on what may have changed.
pub(super) fn changed(world: &mut World) -> Result<()> {
    let holds = world.touched()?;
    books::nothing_is_lost(world)?;
    consent::as_it_was_seen(world)?;
    check(world, &holds)?;
    let tabs: BTreeSet<TabId> = holds.iter().map(|(hold, _)| hold.tab).collect();
    tabs.into_iter().try_for_each(|tab| {
        renewals::covered(world, tab)?;
        screen::tab(world, tab)
    })
}

/// The same on all that there is.
pub(super) fn everything(world: &mut World) -> Result<()> {
    let holds = world.every_hold()?;
    books::nothing_is_lost(world)?;
    consent::as_it_was_seen(world)?;
    check(world, &holds)?;
    consent::within_what_was_agreed(world, &holds)?;
    let known: HashSet<&str> = holds.iter().map(|(hold, _)| hold.reference.as_str()).collect();
    for reference in world.line.created() {
        let is_known = known.contains(reference.as_str());
        ensure!(
            is_known,
            "I2: a request to create {reference} left, and there is no row"
        );
    }
    i6_the_journal_holds(world)?;
    remember(world, &holds)?;
    books::add_up(world, &holds).context("the books")?;
    let tabs: BTreeSet<TabId> = holds.iter().map(|(hold, _)| hold.tab).collect();
    tabs.into_iter()
        .try_for_each(|tab| renewals::covered(world, tab))?;
    screen::floor(world, &holds)
}

fn check(world: &mut World, holds: &[(Hold, Vec<Operation>)]) -> Result<()> {
    let line = Arc::clone(&world.line);
    let engine = line.engine();
    world.notes.follow(&engine);
    for (hold, operations) in holds {
        let intent = world.truth(&engine, hold);
        let numbers = intent.and_then(|i| world.notes.log.get(&i.id));
        let log = numbers
            .into_iter()
            .flatten()
            .filter_map(|n| engine.requests().get(*n));
        let side = Side {
            hold,
            operations,
            intent,
            log: log.collect(),
        };
        money::check(world, &engine, &side)?;
        money::never_falls(world, &engine, hold)?;
    }
    Ok(())
}

/// I6: the chain verifies, without gaps, and nothing that was written is lost.
fn i6_the_journal_holds(world: &mut World) -> Result<()> {
    let entries = now(world.till()?.ledger.verify_journal()).context("I6: the journal")?;
    let before = std::mem::replace(&mut world.notes.entries, entries);
    ensure!(
        before <= entries,
        "I6: {before} entries were there, and {entries} are left"
    );
    Ok(())
}

/// What there is, for the code that draws the next step.
fn remember(world: &mut World, holds: &[(Hold, Vec<Operation>)]) -> Result<()> {
    let ledger = Arc::clone(&world.till()?.ledger);
    let mut tabs = now(ledger.tabs(true, 10_000))?;
    tabs.extend(now(ledger.tabs(false, 10_000))?);
    world.tabs = tabs.into_iter().map(|tab| tab.id).collect();
    world.tabs.sort();
    let unconfirmed = holds.iter().filter(|(hold, _)| hold.intent_id.is_none());
    world.unconfirmed = unconfirmed.map(|(hold, _)| hold.id).collect();
    Ok(())
}

/// Promise 4, after a sweep in which nothing went wrong: whatever Dojo did is known here, and what can be
/// given back is offered.
pub(super) fn found(world: &World) -> Result<()> {
    let engine = world.line.engine();
    for (hold, operations) in world.every_hold()? {
        let Some(intent) = hold.intent_id.as_ref().and_then(|id| engine.intent(id)) else {
            continue;
        };
        reckoning::is_over_is_over(&hold, intent, &operations).context("P4: after one sweep in calm")?;
        if is_looked_at(intent, &operations, &engine) && !money::is_rest_unseen(&engine, intent) {
            money::agrees(&hold, intent).context("P4: after one sweep in calm")?;
        }
    }
    drop(engine);
    reckoning::figures_are_true(world, reckoning::Read::Watched)
}

/// What is over at Dojo, and was not touched by a request whose fate is unknown, may be changed by others only: that is
/// read when somebody looks at it.
fn is_looked_at(intent: &Intent, operations: &[Operation], engine: &Engine) -> bool {
    let is_waited_for = operations.iter().any(|o| {
        matches!(o.state, OperationState::Absent | OperationState::Conflict)
            && engine.now().signed_duration_since(o.at) < chrono::TimeDelta::hours(1)
    });
    let is_others = intent.reversal_id.is_some()
        || intent
            .refunds
            .iter()
            .any(|r| r.idempotency_key.starts_with("another till's"));
    !takes_back(engine, intent) && (intent.hold_open || is_waited_for || !is_others)
}

/// I8 and the books: the faults have stopped, ten minutes have passed, the till agrees with Dojo.
pub(super) fn end(world: &mut World) -> Result<()> {
    everything(world)?;
    let line = Arc::clone(&world.line);
    let engine = line.engine();
    let mut known = HashSet::new();
    for (hold, operations) in world.every_hold()? {
        known.insert(hold.reference.clone());
        for operation in &operations {
            ensure!(
                !operation.state.is_open(),
                "I8: still open when all is quiet: {operation:?} of {operations:?} on {hold:?}"
            );
        }
        let Some(intent) = world.truth(&engine, &hold) else {
            continue;
        };
        if hold.intent_id.is_none() {
            // It came later than anybody looks for it; nobody has its link, so nobody pays it.
            ensure!(
                intent.authorised == 0,
                "I2: paid, and never known: {operations:?}"
            );
            continue;
        }
        if money::is_rest_unseen(&engine, intent) {
            continue;
        }
        money::agrees(&hold, intent)
            .with_context(|| format!("I2: in the end: {hold:?}, {operations:?}, {intent:?}"))?;
    }
    for intent in engine.intents() {
        ensure!(
            known.contains(&intent.reference),
            "I2: a hold at Dojo without a row: {}",
            intent.reference
        );
    }
    drop(engine);
    reckoning::figures_are_true(world, reckoning::Read::Everything)?;
    renewals::gone_on_with(world)?;
    secrets::views(world)
}
