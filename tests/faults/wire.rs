//! The wire breaks after every byte of a request and of its answer.

use crate::{
    Figures, Options,
    cuts::{Case, WORK, Work, cases},
    oracle,
    proxy::{Cut, Proxy, Side, Way},
    venue::{self, Seat, Venue, decide, newest, typed},
};
use anyhow::{Context, Result, bail, ensure};
use holdfast_domain::{Hold, Operation, OperationId, OperationKind, OperationState};
use holdfast_ledger::prelude::*;
use holdfast_tests::press::Press;
use std::{sync::Arc, time::Duration};
use tokio::{sync::Semaphore, task::JoinSet};

/// How long the till waits for an answer: long for a busy machine, short for a stall.
const HTTP_TIMEOUT: Duration = Duration::from_secs(5);

/// How many decisions a till gets. A sweep reads every open hold: with thousands it would only be slow.
const AT_A_TILL: usize = 110;

/// How many tills are attacked at the same time; most of it is waiting.
const TILLS: usize = 12;

/// What is known of a case once the wire is whole again.
struct Done {
    case: Case,
    hold: Hold,
    mark: String,
    id: OperationId,
}

struct Ground {
    /// Holds are prepared a few at a time: on a busy machine the wire would be too slow for all at once.
    few: Semaphore,
    venue: Venue,
    proxy: Proxy,
    seat: Seat,
}

pub(crate) fn run(options: &Options) -> Result<Figures> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let (gate, mut tills) = (Arc::new(Semaphore::new(TILLS)), JoinSet::new());
        let mut counts = [(0_u64, 0_u64); WORK.len()];
        for (number, work) in WORK.into_iter().enumerate() {
            let all = cases(options, work, measure(work).await?);
            counts[number].0 = u64::try_from(all.len())?;
            for some in all.chunks(AT_A_TILL) {
                let (some, gate) = (some.to_vec(), gate.clone());
                tills.spawn(async move {
                    let _turn = gate.acquire().await?;
                    anyhow::Ok((number, one_till(work, &some).await?))
                });
            }
        }
        while let Some(ended) = tills.join_next().await {
            let (number, happened) = ended??;
            counts[number].1 += u64::try_from(happened)?;
        }
        let figures = WORK
            .iter()
            .zip(counts)
            .flat_map(|(work, (all, done))| [(work.what, all), ("of which Dojo did the work", done)]);
        Ok(figures.collect())
    })
}

async fn ground() -> Result<Ground> {
    let venue = Venue::open().await?;
    let proxy = Proxy::before(&venue.address()).await?;
    let seat = venue.till(&proxy.url(), HTTP_TIMEOUT)?;
    Ok(Ground {
        few: Semaphore::new(4),
        venue,
        proxy,
        seat,
    })
}

/// How long request and answer are when nothing is cut.
async fn measure(work: Work) -> Result<(usize, usize)> {
    let ground = ground().await?;
    if work.is_late {
        ground.venue.fault(work.fault(), "late", 1, 1)?;
    }
    let cut = Cut {
        side: Side::Answer,
        byte: usize::MAX,
        way: Way::Close,
    };
    let name = "uncut".to_owned();
    let done = attack(&ground, Case { name, work, cut }, 0).await?;
    let seen = ground.proxy.seen(&done.mark);
    Ok((seen.request_bytes, seen.answer_bytes))
}

/// Attacks a till of its own with `cases`; how often Dojo did the work.
async fn one_till(work: Work, cases: &[Case]) -> Result<usize> {
    let ground = Arc::new(ground().await?);
    if work.is_late {
        ground.venue.fault(work.fault(), "late", cases.len(), 1_200)?;
    }
    let mut attacks = JoinSet::new();
    for (number, case) in cases.iter().cloned().enumerate() {
        let ground = ground.clone();
        attacks.spawn(async move {
            let name = case.name.clone();
            attack(&ground, case, number)
                .await
                .with_context(|| crate::replay("wire", &name))
        });
    }
    let mut all = Vec::new();
    while let Some(done) = attacks.join_next().await {
        all.push(done??);
    }
    check(&ground, &all, oracle::now).await?;
    quiet(&ground).await?;
    if work.is_late {
        for done in &all {
            let state = operation(&ground.seat, done).await?.state;
            ensure!(
                state == OperationState::Absent,
                "{} is {state:?} while it is held up",
                done.case.name
            );
        }
        ground.venue.wind("00:20:00")?;
        ground.seat.desk.sweep().await?;
    }
    let happened = check(&ground, &all, oracle::end).await?;
    // On a busy machine a request can be given up before it is anywhere; most must have met their cut.
    let met = all
        .iter()
        .filter(|done| ground.proxy.seen(&done.mark).requests > 0)
        .count();
    ensure!(
        met * 10 >= cases.len() * 9,
        "only {met} of {} were cut",
        cases.len()
    );
    ensure!(
        !work.is_late || happened == met,
        "only {happened} of {met} late ones came"
    );
    ground.seat.ledger.verify_journal().await?;
    Ok(happened)
}

/// How often a sweep over a whole wire is repeated until it has read all holds.
const AGAIN_AT_MOST: usize = 3;

/// Ten minutes in which the wire is whole.
async fn quiet(ground: &Ground) -> Result<()> {
    for _ in 0..4 {
        // A busy machine may give a request up before it is answered: then it is asked once more, as the watch would.
        let mut unread = ground.seat.desk.sweep().await?;
        for _ in 0..AGAIN_AT_MOST {
            if unread == 0 {
                break;
            }
            unread = ground.seat.desk.sweep().await?;
        }
        ensure!(unread == 0, "{unread} holds could not be read over a whole wire");
        ground.venue.wind("00:02:30")?;
    }
    Ok(())
}

/// Prepares a hold over the whole wire, cuts it, and lets staff decide.
async fn attack(ground: &Ground, case: Case, number: usize) -> Result<Done> {
    let (kind, name) = (case.work.kind, format!("Guest {number} of the wire"));
    if kind == OperationKind::Create {
        ground.proxy.watch(&name, Some(case.cut));
        let tab = ground.seat.desk.open_tab(typed(&name, venue::HELD)).await?;
        let hold = newest(&ground.seat, tab).await?;
        let all = ground.seat.ledger.operations(hold.id).await?;
        let id = all.first().context("no create")?.id;
        return Ok(Done {
            case,
            hold,
            mark: name,
            id,
        });
    }
    let hold = prepared(ground, kind, &name).await?;
    let intent = hold.intent_id.as_deref().context("no intent")?;
    let mark = match kind {
        OperationKind::Capture => format!("POST /payment-intents/{intent}/captures"),
        OperationKind::Reversal => format!("POST /payment-intents/{intent}/reversal"),
        OperationKind::Refund => format!("POST /payment-intents/{intent}/refunds"),
        _ => format!("DELETE /payment-intents/{intent}"),
    };
    ground.proxy.watch(&mark, Some(case.cut));
    for _ in 0..20 {
        let decision = decide(&hold, kind);
        let id = decision.id;
        match ground.seat.desk.press(decision).await {
            Ok(_) => {
                return Ok(Done { case, hold, mark, id });
            }
            // The reading before it took too long, on a busy machine: nothing was decided.
            Err(error) => {
                let known = ground.seat.ledger.operation(id).await?;
                ensure!(
                    known.is_none() && ground.proxy.seen(&mark).requests == 0,
                    "an error after it was decided: {error}"
                );
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
        }
    }
    bail!("Dojo could not be read before the attack")
}

/// A hold that nothing is wrong with. A kept connection whose other end has just been cut may spoil
/// the preparation of another.
async fn prepared(ground: &Ground, kind: OperationKind, name: &str) -> Result<Hold> {
    let _turn = ground.few.acquire().await?;
    let mut tries = 0;
    loop {
        match ground.venue.ready(&ground.seat, kind, name).await {
            Err(_) if tries < 5 => tries += 1,
            ended => return ended,
        }
    }
}

async fn operation(seat: &Seat, done: &Done) -> Result<Operation> {
    let found = seat.ledger.operation(done.id).await?;
    found.context("the decision is not in the ledger")
}

/// Holds every case against Dojo's record; how many were done there.
async fn check(
    ground: &Ground,
    all: &[Done],
    judge: fn(usize, Option<&Operation>) -> Result<()>,
) -> Result<usize> {
    let record = oracle::Record::new(ground.venue.truth()?);
    let mut happened = 0;
    for done in all {
        let times = record.times(&done.hold, done.case.work.kind)?;
        let operation = operation(&ground.seat, done).await?;
        let seen = ground.proxy.seen(&done.mark);
        let verdict = judge(times, Some(&operation)).and_then(|()| {
            ensure!(
                seen.requests <= 1,
                "{} requests left for one decision",
                seen.requests
            );
            ensure!(
                operation.state != OperationState::NotSent || seen.requests == 0,
                "called not sent, though it left the till"
            );
            Ok(())
        });
        verdict.with_context(|| crate::replay("wire", &done.case.name))?;
        happened += times;
    }
    Ok(happened)
}
