//! I12: what staff agreed to. The world keeps its own book of it: a decision stands on the figures that its sheet
//! showed when they were last accepted, and reaches Dojo only while those are Dojo's own. What a guest has paid in the
//! end is the bill and what else was agreed to.

use super::World;
use crate::world::line::{Acted, Glimpse};
use crate::world::mortal::now;
use crate::world::sheets::Sheet;
use anyhow::{Context, Result, ensure};
use holdfast_desk::{Decision, NightRow, Seen, SeenHold, Take};
use holdfast_domain::{Cause, Hold, HoldId, Operation, OperationId, OperationKind, OperationState, TabId};
use holdfast_ledger::prelude::*;
use holdfast_simulator::engine::{By, Engine, Intent, RefundStatus};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A take has so many parts at most.
const PARTS: u128 = 64;

/// What was agreed to, by decision and by night. A deed that runs has it in its hand, too.
#[derive(Debug, Clone, Default)]
pub(in crate::world) struct Consents(Arc<Mutex<Book>>);

#[derive(Debug, Default)]
struct Book {
    /// What was seen. More than once where one decision was pressed twice at a time.
    seen: HashMap<OperationId, Vec<Seen>>,
    /// Beyond the bill, in minor units: service charge, tip, and what was typed above what is due.
    beyond: HashMap<OperationId, i64>,
    takes: HashMap<OperationId, Take>,
    night: HashMap<TabId, Vec<Seen>>,
    /// Service charges, tips and what passes what is due, as the night's rows showed them.
    night_beyond: HashMap<TabId, i64>,
}

impl Consents {
    fn book(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A sheet is pressed for the first time, or again after it was refused.
    pub(in crate::world) fn pressed(&self, sheet: &Sheet) {
        let mut book = self.book();
        match sheet {
            Sheet::Take(take, _) => {
                book.seen.insert(take.decision, vec![take.seen.clone()]);
                book.takes.insert(take.decision, take.clone());
            }
            Sheet::Act(_, act) => {
                book.seen.insert(act.decision, vec![act.seen.clone()]);
            }
            Sheet::Renew(renew) => {
                book.seen.insert(renew.decision, vec![renew.seen.clone()]);
            }
            Sheet::Night(_, night) => {
                drop(book);
                self.night(&night.rows);
            }
        }
    }

    /// A decision on a hold whose whole amount was typed, whatever the bill says.
    pub(in crate::world) fn decided(&self, decision: &Decision, seen: &Seen) {
        let mut book = self.book();
        book.seen.entry(decision.id).or_default().push(seen.clone());
        if decision.kind == OperationKind::Capture {
            book.beyond
                .insert(decision.id, decision.amount.saturating_add(decision.tip));
        }
    }

    /// The night's rows were confirmed.
    pub(in crate::world) fn night(&self, rows: &[NightRow]) {
        let mut book = self.book();
        for row in rows {
            let tab = row.tab.id;
            book.night.entry(tab).or_default().push(row.seen.seen.clone());
            // A bill that is over its holds is shown whole, and only what there is is taken.
            let beyond = (row.total.minor - row.bill.minor.min(row.seen.seen.due_minor)).max(0);
            *book.night_beyond.entry(tab).or_default() += beyond;
        }
    }
}

/// The sheet's decision that an operation is a part of.
fn decision_of(book: &Book, id: OperationId) -> Option<OperationId> {
    (0..PARTS).find_map(|back| {
        let first = OperationId(uuid::Uuid::from_u128(id.0.as_u128().wrapping_sub(back)));
        book.seen.contains_key(&first).then_some(first)
    })
}

/// I12, request by request: what the till acted on since the last step was what the person had seen.
pub(super) fn as_it_was_seen(world: &World) -> Result<()> {
    for acted in world.line.take_acted() {
        one(world, &acted).with_context(|| format!("I12: {acted:?}"))?;
    }
    Ok(())
}

fn one(world: &World, acted: &Acted) -> Result<()> {
    let kind = match acted.sent.what.as_str() {
        "captures" => OperationKind::Capture,
        "refunds" => OperationKind::Refund,
        "reversal" => OperationKind::Reversal,
        _ => return Ok(()),
    };
    let hold = {
        let engine = world.line.engine();
        hold_of(engine.intent(&acted.about).context("no such intent")?)?
    };
    let ledger = &world.till()?.ledger;
    let operations = now(ledger.operations(hold))?;
    let minor = |name: &str| acted.sent.body[name].as_i64().unwrap_or(0);
    let is_its = |o: &&Operation| {
        let is_like = match kind {
            OperationKind::Capture => (o.amount, o.tip) == (minor("amount"), minor("tipsAmount")),
            OperationKind::Refund => acted.sent.key.as_deref() == Some(&o.id.to_string()),
            _ => true,
        };
        o.kind == kind && is_like
    };
    let operation = operations
        .iter()
        .rfind(is_its)
        .context("a request without a row")?;
    if operation.cause == Cause::Renewal {
        return Ok(());
    }
    let book = world.consents.book();
    let seen = if operation.cause == Cause::Night {
        let tab = now(ledger.hold(hold))?.tab;
        book.night.get(&tab).context("no night was confirmed")?
    } else {
        let first = decision_of(&book, operation.id).context("nobody decided it")?;
        book.seen.get(&first).context("nobody saw it")?
    };
    let earlier = earlier_parts(world, operation)?;
    let mut last = Ok(());
    for seen in seen {
        last = same(kind, seen, hold, acted, &earlier, world);
        if last.is_ok() {
            return Ok(());
        }
    }
    last
}

/// By hold: what earlier parts of the same take, or of the night's row, have taken since it was seen.
fn earlier_parts(world: &World, operation: &Operation) -> Result<HashMap<HoldId, i64>> {
    let ledger = &world.till()?.ledger;
    let tab = now(ledger.hold(operation.hold))?.tab;
    let mut earlier = HashMap::new();
    for hold in now(ledger.holds(tab))?
        .into_iter()
        .filter(|h| h.id != operation.hold)
    {
        for other in now(ledger.operations(hold.id))? {
            // A row's decisions are minted together, before anything of it is sent.
            let together = |o: &Operation| o.id.0.as_u128() >> 80;
            let is_night = operation.cause == Cause::Night;
            let distance = operation.id.0.as_u128().wrapping_sub(other.id.0.as_u128());
            let is_before = if is_night {
                let is_of_it = other.cause == Cause::Night;
                is_of_it && together(&other) == together(operation) && other.at < operation.at
            } else {
                (1..PARTS).contains(&distance)
            };
            if other.kind == OperationKind::Capture && other.state == OperationState::Succeeded && is_before {
                *earlier.entry(hold.id).or_insert(0) += other.amount + other.tip;
            }
        }
    }
    Ok(earlier)
}

fn hold_of(intent: &Intent) -> Result<HoldId> {
    let said = intent.metadata.get("holdfast-hold").and_then(|id| id.as_str());
    Ok(said.context("a strange intent")?.parse()?)
}

fn same(
    kind: OperationKind,
    seen: &Seen,
    hold: HoldId,
    acted: &Acted,
    earlier: &HashMap<HoldId, i64>,
    world: &World,
) -> Result<()> {
    let engine = world.line.engine();
    for glimpse in &acted.read {
        let its = hold_of(engine.intent(&glimpse.intent).context("no such intent")?)?;
        let is_the_one = its == hold;
        // A capture stands on every hold of the tab; one that is over is read when somebody looks at it.
        let counts = is_the_one || (kind == OperationKind::Capture && glimpse.held > 0);
        if !counts || glimpse.is_bent || glimpse.is_undecided {
            continue;
        }
        let row = seen.holds.iter().find(|row| row.hold_id == its);
        let row = row.with_context(|| format!("acted, and hold {its} was not seen: {glimpse:?}"))?;
        figures(&engine, row, glimpse, earlier.get(&its).copied().unwrap_or(0))?;
    }
    Ok(())
}

fn figures(engine: &Engine, row: &SeenHold, glimpse: &Glimpse, earlier: i64) -> Result<()> {
    let saw = (row.taken_minor + earlier, row.refunded_minor);
    let is = (glimpse.taken, glimpse.refunded);
    ensure!(
        saw == is,
        "seen was (taken, refunded) {saw:?}, the till had read {is:?}, and sent it all the same"
    );
    if !glimpse.is_rest_back && super::reckoning::is_left_told(&engine.state().switches) {
        let left = row.left_minor - earlier;
        ensure!(
            left == glimpse.held,
            "seen was {left} on hold, the till had read {}, and sent it all the same",
            glimpse.held
        );
    }
    Ok(())
}

/// I12, in the sum: what the till took from a guest and did not give back is the bill, and what else was agreed to.
pub(super) fn within_what_was_agreed(world: &World, holds: &[(Hold, Vec<Operation>)]) -> Result<()> {
    let mut tabs: HashMap<TabId, Vec<&(Hold, Vec<Operation>)>> = HashMap::new();
    for entry in holds {
        tabs.entry(entry.0.tab).or_default().push(entry);
    }
    let engine = world.line.engine();
    for (tab, holds) in tabs {
        let paid: i64 = holds
            .iter()
            .map(|(hold, _)| paid_here(world, &engine, hold))
            .sum();
        let agreed = agreed(world, tab, &holds)?;
        ensure!(
            paid <= agreed,
            "I12: {paid} was taken and kept by this till, {agreed} was agreed to: {holds:?}"
        );
    }
    Ok(())
}

fn paid_here(world: &World, engine: &Engine, hold: &Hold) -> i64 {
    let Some(intent) = world.truth(engine, hold) else {
        return 0;
    };
    let taken = intent.takings().into_iter().filter(|t| t.by == By::Till);
    let taken: i64 = taken.map(|t| t.amount).sum();
    let back = intent.refunds.iter().filter(|refund| {
        refund.status != RefundStatus::Failed && !refund.idempotency_key.starts_with("another till's")
    });
    // What the way doubled, or brought late, was decided once.
    let path = format!("/payment-intents/{}/captures", intent.id);
    let strange = |r: &&holdfast_simulator::engine::Logged| {
        r.worked && r.status == 200 && r.path == path && matches!(r.fault.as_deref(), Some("late" | "twice"))
    };
    let minor = |body: &serde_json::Value, name: &str| body[name].as_i64().unwrap_or(0);
    let strange = engine.requests().iter().filter(strange);
    let strange: i64 = strange
        .map(|r| minor(&r.body, "amount") + minor(&r.body, "tipsAmount"))
        .sum();
    taken - back.map(|refund| refund.amount).sum::<i64>() - strange
}

/// The most that the bill ever was, and what was agreed to beyond it with each decision that was carried out.
fn agreed(world: &World, tab: TabId, holds: &[&(Hold, Vec<Operation>)]) -> Result<i64> {
    let lines = now(world.till()?.ledger.lines(tab))?;
    let (mut bill, mut most) = (0_i64, 0_i64);
    for line in lines {
        bill += line.each * line.quantity;
        most = most.max(bill);
    }
    let book = world.consents.book();
    let mut all: i64 = most + book.night_beyond.get(&tab).copied().unwrap_or(0);
    let mut counted = std::collections::HashSet::new();
    for operation in holds.iter().flat_map(|(_, operations)| operations) {
        if operation.kind != OperationKind::Capture || operation.state == OperationState::NotSent {
            continue;
        }
        if let Some(first) = decision_of(&book, operation.id)
            && counted.insert(first)
        {
            all += book.beyond.get(&first).copied().unwrap_or(0);
            all += book.takes.get(&first).map_or(0, beyond);
        }
    }
    Ok(all)
}

/// What a take sheet's own numbers say beyond what is due: service charge, tip, and what was typed above it.
fn beyond(take: &Take) -> i64 {
    let whole = take.expect_total_minor + take.then_ask_minor;
    let digits = take.typed.bill.iter().flat_map(|bill| bill.chars());
    let digits: String = digits.filter(char::is_ascii_digit).collect();
    let bill: i64 = digits.parse().unwrap_or(0);
    whole - bill.min(take.seen.due_minor)
}
