//! B1: taking from a tab, against the bare requests.

use crate::Bench;
use crate::sample::{Pair, Spread};
use crate::table::Row;
use crate::venue::{self, Bare, Ready};
use anyhow::{Result, ensure};
use holdfast_desk::{Desk, TakeTyped};
use holdfast_domain::OperationState;
use holdfast_tests::press::Press;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long after the press the answer was recorded, and how long until Dojo's record showed it.
pub(crate) async fn take(desk: &Arc<Desk>, ready: &Ready) -> Result<(Duration, Duration)> {
    let take = desk.sheet(ready.tab, TakeTyped::default()).await?;
    let mut changes = desk.changes();
    let before = *changes.borrow_and_update();
    let begun = Instant::now();
    let pressed = tokio::spawn({
        let desk = Arc::clone(desk);
        async move { desk.take(&take).await }
    });
    // It tells of the intent, and then of the recorded answer.
    changes.wait_for(|count| *count >= before + 2).await?;
    let recorded = begun.elapsed();
    let done = pressed.await??.operations;
    let settled = begun.elapsed();
    let is_done = done
        .iter()
        .all(|operation| operation.state == OperationState::Succeeded);
    ensure!(is_done && done.len() == 1, "{done:#?}");
    Ok((recorded, settled))
}

/// B1. `commit` is what a durable commit took in this run.
///
/// # Errors
/// When something does not work.
pub(crate) async fn rows(bench: &Bench, commit: Spread) -> Result<Vec<Row>> {
    let (folder, dojo) = (bench.houses.scratch()?, venue::dojo().await?);
    let (desk, ledger) = venue::desk(folder.path(), &dojo.base_url())?;
    let bare = Bare::new(&dojo.base_url())?;
    let mut rows = Vec::new();
    for (delay, times) in [
        (0, bench.times(200, 60)),
        (50, bench.times(100, 8)),
        (200, bench.times(60, 5)),
    ] {
        dojo.delay(Duration::ZERO);
        let ready = venue::ready(&desk, &ledger, &dojo, 2 * (times + 1)).await?;
        dojo.delay(Duration::from_millis(delay));
        let (mut recorded, mut settled) = (Pair::default(), Pair::default());
        let is_warm_from = 1;
        for (turn, pair) in ready.chunks_exact(2).enumerate() {
            let [ours, theirs] = pair else {
                return Err(anyhow::anyhow!("no pair"));
            };
            let here = take(&desk, ours).await?;
            let there = bare.get_capture_get(&theirs.intent).await?;
            if turn >= is_warm_from {
                recorded.ours.add(here.0);
                recorded.baseline.add(there.captured);
                settled.ours.add(here.1);
                settled.baseline.add(there.read_again);
            }
        }
        rows.extend(judged(delay, &recorded, &settled, commit)?);
    }
    dojo.shutdown().await;
    Ok(rows)
}

fn judged(delay: u64, recorded: &Pair, settled: &Pair, commit: Spread) -> Result<[Row; 2]> {
    let until = |words: &str| format!("take, Dojo {delay} ms away, until {words}");
    let (p50, p99) = if delay == 200 {
        (Some(1.03), Some(1.10))
    } else {
        (None, None)
    };
    let mut first = Row::of("B1", &until("the answer is recorded"), "GET + POST", recorded)?
        .ratio(p50)
        .p99_ratio(p99);
    let mut second = Row::of(
        "B1",
        &until("Dojo’s record shows it"),
        "GET + POST + GET",
        settled,
    )?
    .ratio(p50)
    .p99_ratio(p99);
    if delay == 0 {
        first = first.on_top(Some(2.0 * commit.median + 2.0));
        second = second.on_top(Some(3.0 * commit.median + 2.0)).note(
            "The answer to a capture is not final, so it is read once more: a third request and a third commit.",
        );
    }
    Ok([first, second])
}
