//! B11: after a start, every operation whose answer was lost is asked after.

use crate::Bench;
use crate::sample::{Pair, Spread, timed};
use crate::table::Row;
use crate::venue::{self, BILL, Bare};
use anyhow::{Context, Result, ensure};
use chrono::{DateTime, Utc};
use holdfast_desk::{Clock, SystemClock};
use holdfast_domain::{
    Actor, Baseline, Deed, Event, Hold, Operation, OperationId, OperationKind, OperationState, Personal,
};
use holdfast_ledger::prelude::*;
use holdfast_ledger::{Expect, Note};
use std::time::Duration;

/// How far away Dojo is.
const DOJO_LATENCY: Duration = Duration::from_millis(100);

/// B11.
///
/// # Errors
/// When something does not work.
pub(crate) async fn row(bench: &Bench) -> Result<Row> {
    let count = bench.times(200, 20);
    let (folder, dojo) = (bench.houses.scratch()?, venue::dojo().await?);
    let bare = Bare::new(&dojo.base_url())?;
    let ready = {
        let (desk, ledger) = venue::desk(folder.path(), &dojo.base_url())?;
        let ready = venue::ready(&desk, &ledger, &dojo, count).await?;
        for one in &ready {
            let hold = ledger.hold(one.hold).await?;
            let at = SystemClock.now();
            let operation = taking(&hold, at);
            let note = Note {
                at,
                by: Actor::staff("Sam"),
                tab: Some(one.tab),
                event: Event::Decided(Deed::of(&operation, &hold)),
                personal: Personal::default(),
                reference: None,
                raises: None,
            };
            let expect = Expect {
                hold: hold.version,
                tab: None,
            };
            ledger.intend(&operation, expect, note).await?;
            // It left, and the till died before the answer came.
            bare.capture(&one.intent).await?;
        }
        ready
    };
    dojo.delay(DOJO_LATENCY);
    let mut pair = Pair::default();
    for one in ready.iter().take(BARE) {
        pair.baseline.add(timed(bare.get(&one.intent)).await?.0);
    }
    let (desk, ledger) = venue::desk(folder.path(), &dojo.base_url())?;
    let (took, unread) = timed(async { Ok(desk.sweep().await?) }).await?;
    ensure!(unread == 0, "{unread} were not read");
    for one in &ready {
        let newest = ledger.operations(one.hold).await?.pop().context("no operation")?;
        ensure!(newest.state == OperationState::Succeeded, "{newest:#?}");
    }
    for one in ready.iter().take(BARE) {
        pair.baseline.add(timed(bare.get(&one.intent)).await?.0);
    }
    dojo.shutdown().await;
    pair.ours.add(took);
    let each = pair.baseline.spread()?.median;
    let what = format!("settling {count} unclear operations, one after another, Dojo 100 ms away");
    Ok(Row::figures("B11", &what, "ms", pair.ours.spread()?)
        .against("N × GET", Spread::once(each * count as f64))
        .ratio(Some(1.15)))
}

/// A take of all that is due, as it's decided.
fn taking(hold: &Hold, at: DateTime<Utc>) -> Operation {
    Operation {
        id: OperationId(uuid::Uuid::now_v7()),
        hold: hold.id,
        kind: OperationKind::Capture,
        amount: BILL,
        service: 0,
        tip: 0,
        baseline: Baseline::of(hold),
        requested_by: Actor::staff("Sam"),
        cause: holdfast_domain::Cause::Person,
        reason: None,
        at,
        state: OperationState::Intended,
        dojo_id: None,
        detail: None,
        is_late: false,
        settled_at: None,
        seen_at: None,
        sender: None,
        of: None,
        then_ask: 0,
    }
}

/// The bare requests before and after.
const BARE: usize = 20;
