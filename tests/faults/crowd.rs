//! Several tills on one data folder, and a hundred presses in a second.

use crate::{
    Figures, Options, hurt,
    oracle::Record,
    venue::{Seat, TAKEN, Venue, decide, newest, typed},
};
use anyhow::{Context, Result, ensure};
use holdfast_desk::{ErrorCode, TakeTyped};
use holdfast_domain::{Hold, OperationKind, OperationState, TabId};
use holdfast_ledger::prelude::*;

use holdfast_tests::press::Press;
use std::time::Duration;
use tokio::task::JoinSet;

/// How often each press comes.
const PRESSES: usize = 100;

pub(crate) fn run(options: &Options) -> Result<Figures> {
    let runtime = tokio::runtime::Runtime::new()?;
    let rounds: u64 = if options.long { 40 } else { 5 };
    runtime.block_on(async {
        let (mut refused, mut presses) = (0, 0);
        for round in 0..rounds {
            for tills in 2..=4 {
                let name = format!("tills:{tills}:{round}");
                // Each takes seconds, for one of them is kept busy.
                if options.wants(&name) && (options.long || round < 2) {
                    refused += several_tills(tills)
                        .await
                        .with_context(|| crate::replay("crowd", &name))?;
                }
            }
            for (what, story) in STORIES.into_iter().zip(0..) {
                let name = format!("{what}:{round}");
                let is_slow = what == "overtaken";
                if !options.wants(&name) || (is_slow && !options.long && round > 0) {
                    continue;
                }
                let done = match story {
                    0 => same_decision(1).await,
                    1 => same_decision(2).await,
                    2 => different_decisions(&[OperationKind::Capture]).await,
                    3 => different_decisions(&MIXED).await,
                    4 => many_readers().await,
                    _ => overtaken().await,
                };
                done.with_context(|| crate::replay("crowd", &name))?;
                presses += if is_slow { 1 } else { u64::try_from(PRESSES)? };
            }
        }
        Ok(vec![
            ("tills refused because another was open", refused),
            ("presses and readings at the same moment", presses),
        ])
    })
}

const STORIES: [&str; 6] = ["same", "two-holds", "different", "mixed", "readers", "overtaken"];

const MIXED: [OperationKind; 3] = [
    OperationKind::Capture,
    OperationKind::Reversal,
    OperationKind::Refund,
];

/// So many tills take from the same tab at once: one does, the others say why not.
async fn several_tills(tills: usize) -> Result<u64> {
    let venue = Venue::open().await?;
    let (hold, reference) = {
        let seat = venue.plain_till()?;
        let hold = venue.ready(&seat, OperationKind::Capture, "Guest").await?;
        let reference = seat.ledger.tab(hold.tab).await?.reference;
        (hold, reference)
    };
    // The first is kept busy until the others have come: each byte of one answer takes a while.
    venue.fault("get", "slow-drip", 1, 1)?;
    let words = ["take", &reference, "--bill", "10"];
    let outputs = hurt::at_once(&venue, &words, tills)?;
    let mut refused = 0;
    for output in outputs.iter().filter(|output| !output.status.success()) {
        let told = String::from_utf8_lossy(&output.stderr);
        ensure!(told.contains(hurt::REFUSAL), "a till was told only: {told}");
        refused += 1;
    }
    ensure!(
        refused + 1 == tills,
        "{} of {tills} tills had the folder at once",
        tills - refused
    );
    let record = Record::new(venue.truth()?);
    let times = record.times(&hold, OperationKind::Capture)?;
    let posts = record.posts(&hold, OperationKind::Capture);
    ensure!(
        (times, posts) == (1, 1),
        "sent {posts} times, taken {times} times"
    );
    hurt::well(&venue, &["check"]).await?;
    Ok(u64::try_from(refused)?)
}

/// A tab of 20.00 and, if two are asked for, 50.00 more.
async fn tab_with(venue: &Venue, seat: &Seat, holds: usize) -> Result<(TabId, Vec<Hold>)> {
    let first = venue
        .ready_with(seat, OperationKind::Capture, "Guest", "20")
        .await?;
    let mut all = vec![first];
    let tab = all[0].tab;
    if holds > 1 {
        seat.desk.press_more(tab, "50").await?;
        let second = newest(seat, tab).await?;
        venue.pay(&second)?;
        all.push(seat.desk.read(second.id).await?);
    }
    Ok((tab, all))
}

/// One decision, pressed a hundred times: it is carried out once, and every press is told of it.
async fn same_decision(holds: usize) -> Result<()> {
    let venue = Venue::open().await?;
    let seat = venue.plain_till()?;
    let (tab_id, all) = tab_with(&venue, &seat, holds).await?;
    let total = if holds > 1 { 4_000 } else { TAKEN };
    seat.desk.add_line(tab_id, None, 1, "100").await?;
    let typed = TakeTyped {
        bill: Some(format!("{}", total / 100)),
        ..TakeTyped::default()
    };
    let take = seat.desk.sheet(tab_id, typed).await?;
    ensure!(take.expect_total_minor == total, "{take:?}");
    let mut presses = JoinSet::new();
    for number in 0..PRESSES {
        let (desk, take) = (seat.desk.clone(), take.clone());
        // Not all at the same instant, so that some find the first one half done.
        let after = Duration::from_millis(u64::try_from(number / 4)?);
        presses.spawn(async move {
            tokio::time::sleep(after).await;
            desk.take(&take).await
        });
    }
    let mut told = Vec::new();
    while let Some(pressed) = presses.join_next().await {
        told.push(pressed?);
    }
    let record = Record::new(venue.truth()?);
    let (mut posts, mut taken) = (0, 0);
    for hold in &all {
        posts += record.posts(hold, OperationKind::Capture);
        taken += record.captured(hold)?;
    }
    ensure!(taken == total, "{taken} was taken where {total} was decided");
    ensure!(posts == holds, "{posts} requests for {holds} holds");
    for press in told {
        let told = press.context("a press of a decision that was carried out")?;
        let is_it = told.operations.first().is_some_and(|o| o.id == take.decision);
        ensure!(is_it, "told of something else: {told:?}");
    }
    Ok(())
}

/// A hundred decisions on one hold of 50.00: what was done is what the till says, within the hold.
async fn different_decisions(kinds: &[OperationKind]) -> Result<()> {
    let venue = Venue::open().await?;
    let seat = venue.plain_till()?;
    let hold = venue.ready(&seat, OperationKind::Capture, "Guest").await?;
    let mut presses = JoinSet::new();
    for number in 0..PRESSES {
        let (desk, kind) = (seat.desk.clone(), kinds[number % kinds.len()]);
        let decision = decide(&hold, kind);
        presses.spawn(async move { desk.press(decision).await });
    }
    let mut accepted = 0;
    while let Some(pressed) = presses.join_next().await {
        match pressed? {
            Ok(_) => accepted += 1,
            Err(error) => ensure!(
                matches!(error.code, ErrorCode::NotAllowed | ErrorCode::Changed),
                "refused for another reason: {error}"
            ),
        }
    }
    seat.desk.sweep().await?;
    let operations = seat.ledger.operations(hold.id).await?;
    let rows = operations.iter().filter(|o| o.kind != OperationKind::Create);
    ensure!(
        rows.clone().count() == accepted,
        "{accepted} presses were accepted, {} are in the ledger",
        rows.count()
    );
    let record = Record::new(venue.truth()?);
    for kind in MIXED {
        let of_kind = operations.iter().filter(|o| o.kind == kind);
        let done = of_kind
            .clone()
            .filter(|o| o.state == OperationState::Succeeded)
            .count();
        let (times, posts) = (record.times(&hold, kind)?, record.posts(&hold, kind));
        ensure!(
            done == times,
            "the till says that {kind:?} was done {done} times, Dojo {times}"
        );
        let rows = of_kind.count();
        ensure!(posts <= rows, "{posts} requests for {rows} decisions: {kind:?}");
    }
    let open = operations.iter().find(|o| o.state.is_open());
    ensure!(open.is_none(), "left open though every answer came: {open:?}");
    seat.ledger.verify_journal().await?;
    Ok(())
}

/// A reading that begins before a take and arrives after it does not undo what the till knows.
async fn overtaken() -> Result<()> {
    let venue = Venue::open().await?;
    let seat = venue.plain_till()?;
    let hold = venue.ready(&seat, OperationKind::Capture, "Guest").await?;
    venue.fault("get", "slow-drip", 1, 0)?;
    let (desk, id) = (seat.desk.clone(), hold.id);
    let slow = tokio::spawn(async move { desk.read(id).await });
    tokio::time::sleep(Duration::from_millis(50)).await;
    let taken = seat.desk.press(decide(&hold, OperationKind::Capture)).await?;
    let is_slow = !slow.is_finished();
    slow.await??;
    let known = seat.ledger.hold(hold.id).await?.captured();
    ensure!(taken.state == OperationState::Succeeded, "{taken:?}");
    ensure!(
        is_slow && known == TAKEN,
        "{TAKEN} was taken, the till says {known}"
    );
    Ok(())
}

/// A request to a guest whose answer was lost comes late, while a hundred readings look for it.
async fn many_readers() -> Result<()> {
    let venue = Venue::open().await?;
    let seat = venue.plain_till()?;
    venue.fault("payment-intents", "late", 1, 60)?;
    let tab = seat.desk.open_tab(typed("Guest", "20")).await?;
    let hold = newest(&seat, tab).await?;
    let mut readings = JoinSet::new();
    for number in 0..PRESSES {
        let (desk, id) = (seat.desk.clone(), hold.id);
        let after = Duration::from_millis(u64::try_from(number / 2)?);
        readings.spawn(async move {
            tokio::time::sleep(after).await;
            desk.read(id).await
        });
    }
    tokio::time::sleep(Duration::from_millis(20)).await;
    venue.wind("00:01:00")?;
    while let Some(reading) = readings.join_next().await {
        reading??;
    }
    seat.desk.sweep().await?;
    let operations = seat.ledger.operations(hold.id).await?;
    let hold = newest(&seat, tab).await?;
    ensure!(hold.intent_id.is_some(), "it came and was not found");
    let state = operations.first().map(|o| o.state);
    ensure!(
        state == Some(OperationState::Succeeded),
        "it was found, and yet it is {state:?}"
    );
    let told = seat.desk.tab(tab).await?.history;
    let done = told.iter().filter(|entry| entry.words.contains(": done")).count();
    ensure!(done == 1, "the journal says {done} times that it is done");
    Ok(())
}
