//! What staff, guests, other tills and fate do, drawn from the seed.

use super::World;
use super::line::Death;
use anyhow::{Context, Result};
use chrono::TimeDelta;
use holdfast_desk::{
    AppError, Clock, Decision, Desk, ErrorCode, LinkEnds, NightSeen, OpenTab, Take, TakeTyped,
};
use holdfast_domain::{Currency, DeadlineAction, Hold, HoldId, Kind, OperationId, OperationKind, TabId};
use holdfast_ledger::Ledger;
use holdfast_simulator::engine::Request;
use rand::Rng;
use serde_json::json;
use std::sync::Arc;

#[derive(Debug, Clone)]
pub(super) enum Step {
    Open(Kind, u32, DeadlineAction),
    AskForMore(TabId, u32),
    Line(TabId, u32),
    Pay(HoldId, bool),
    TakeDue(TabId, u32),
    Act(HoldId, OperationKind, u32, Press),
    Elsewhere(HoldId, OperationKind, u32),
    Sweep,
    Wait(TimeDelta),
    Restart,
    Cable(bool),
    /// Closing the night with its defaults, or going on with one that was interrupted.
    Night,
    Report,
}

impl Step {
    /// The hold that it is about, where it is about one.
    pub(super) fn about(&self) -> Option<HoldId> {
        match self {
            Self::Pay(hold, _) | Self::Act(hold, ..) | Self::Elsewhere(hold, ..) => Some(*hold),
            _ => None,
        }
    }
}

/// How a decision is pressed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Press {
    Once,
    /// Again when it has ended.
    Again,
    /// Twice at the same time.
    Double,
    /// The till dies.
    Die(Death),
}

/// The next step. It may make no sense: then it must be refused.
pub(super) fn draw(world: &mut World) -> Step {
    let tab = pick(world, &world.tabs.clone());
    let hold = pick_hold(world);
    let rng = &mut world.rng;
    let amount = rng.random_range(1..12_000);
    let kind = match rng.random_range(0..10) {
        0 => OperationKind::Reversal,
        1 => OperationKind::Cancel,
        2 | 3 => OperationKind::Refund,
        4 => OperationKind::SetAmount,
        5 => OperationKind::SetTips,
        _ => OperationKind::Capture,
    };
    let press = match rng.random_range(0..12) {
        0 => Press::Again,
        1 => Press::Double,
        2 => Press::Die(Death::BeforeSending),
        3 => Press::Die(Death::AfterTheWork),
        _ => Press::Once,
    };
    match (rng.random_range(0..100), tab, hold) {
        (0..8, _, _) | (_, None, _) => {
            let kind = match rng.random_range(0..8) {
                0 => Kind::Payment,
                1 | 2 => Kind::Deposit,
                _ => Kind::Tab,
            };
            let action = if rng.random_bool(0.2) {
                DeadlineAction::Capture
            } else {
                DeadlineAction::Release
            };
            Step::Open(kind, amount, action)
        }
        (8..10, Some(tab), _) => Step::AskForMore(tab, amount),
        (10..20, Some(tab), _) => Step::Line(tab, amount),
        (20..36, _, Some(hold)) => Step::Pay(hold, rng.random_bool(0.85)),
        (36..44, Some(tab), _) => Step::TakeDue(tab, rng.random_range(0..500)),
        (44..74, _, Some(hold)) => Step::Act(hold, kind, amount, press),
        (74..77, _, Some(hold)) => Step::Elsewhere(hold, kind, amount),
        (77..86, _, _) => Step::Sweep,
        (86..88, _, _) => Step::Cable(rng.random_bool(0.6)),
        (88..90, _, _) => Step::Restart,
        (90..91, _, _) if rng.random_bool(0.5) => Step::Night,
        (90..91, _, _) => Step::Report,
        (91..92, _, _) => Step::Wait(TimeDelta::hours(rng.random_range(1..60))),
        _ => Step::Wait(TimeDelta::seconds(rng.random_range(1..200))),
    }
}

fn pick<T: Copy>(world: &mut World, all: &[T]) -> Option<T> {
    (!all.is_empty()).then(|| all[world.rng.random_range(0..all.len())])
}

/// By Dojo's own list, so that drawing needs no ledger.
fn pick_hold(world: &mut World) -> Option<HoldId> {
    let all: Vec<HoldId> = world.line.engine.lock().map_or_else(
        |_| Vec::new(),
        |engine| {
            engine
                .intents()
                .filter_map(|i| i.metadata.get("holdfast-hold")?.as_str()?.parse().ok())
                .collect()
        },
    );
    pick(world, &all)
}

/// Takes it. Errors of the desk are answers like any other; only nonsense is an error here.
pub(super) async fn take(world: &mut World, step: &Step) -> Result<()> {
    world.line.catch_up();
    let desk = world.desk()?;
    match step {
        Step::Open(kind, amount, action) => {
            let opened = desk.open_tab(typed(*kind, *amount, *action)).await;
            if let Ok(id) = opened {
                world.tabs.push(id);
            }
        }
        Step::AskForMore(tab, amount) => ignore(desk.ask_for_more(*tab, &pounds(*amount)).await)?,
        Step::Line(tab, amount) => ignore(desk.add_line(*tab, None, 1, &pounds(*amount)).await)?,
        Step::Pay(hold, is_good) => pay(world, *hold, *is_good).await,
        Step::TakeDue(tab, tip) => take_due(world, *tab, *tip).await?,
        Step::Act(hold, kind, amount, press) => {
            // A till that dies lets go of everything.
            drop(desk);
            act(world, *hold, *kind, *amount, *press).await?;
        }
        Step::Elsewhere(hold, kind, amount) => elsewhere(world, *hold, *kind, *amount).await,
        Step::Sweep => ignore(desk.sweep().await.map(drop))?,
        Step::Wait(span) => world.clock.advance(*span),
        Step::Restart => {
            drop(desk);
            world.start()?;
        }
        Step::Cable(is_out) => world.line.unplug(*is_out),
        Step::Night => close_night(&desk).await?,
        Step::Report => ignore(desk.make_report().await.map(drop))?,
    }
    world.line.catch_up();
    Ok(())
}

/// The ledger must not fail, and the desk must not be surprised by itself.
fn ignore(done: Result<(), AppError>) -> Result<()> {
    match done {
        Err(error) if matches!(error.code, ErrorCode::Ledger | ErrorCode::Internal) => Err(error.into()),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn pounds(minor: u32) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

fn typed(kind: Kind, amount: u32, action: DeadlineAction) -> OpenTab {
    OpenTab {
        deadline_action: Some(action),
        allow_change: true,
        link_ends: Some(LinkEnds::Day),
        ..OpenTab::of(kind, "Somebody", &pounds(amount), Currency::Gbp)
    }
}

async fn close_night(desk: &Arc<Desk>) -> Result<()> {
    let night = desk.night(&[]).await.map_err(anyhow::Error::from)?;
    let rows = night.rows.iter();
    let seen: Vec<NightSeen> = rows
        .map(|row| NightSeen {
            tab_id: row.tab.id,
            action: row.action,
            total_minor: row.total.minor,
        })
        .collect();
    let is_interrupted = night.run.is_some_and(|run| run.is_interrupted);
    let begun = if is_interrupted {
        desk.go_on_with_night().await
    } else {
        desk.close_night(&[], &seen).await
    };
    ignore(begun.map(drop))?;
    loop {
        let run = desk.night(&[]).await.map_err(anyhow::Error::from)?.run;
        if run.is_none_or(|run| !run.is_running) {
            return Ok(());
        }
        tokio::task::yield_now().await;
    }
}

/// The intent that the till knows, for only that one's link was ever shown.
async fn intent_of(world: &World, hold: HoldId) -> Option<String> {
    world.ledger().ok()?.hold(hold).await.ok()?.intent_id
}

async fn pay(world: &World, hold: HoldId, is_good: bool) {
    let card = if is_good {
        holdfast_tests::GOOD
    } else {
        holdfast_tests::DECLINED
    };
    let id = intent_of(world, hold).await;
    if let (Some(id), Ok(mut engine)) = (id, world.line.engine.lock()) {
        // A guest who comes too late is turned away.
        let _outcome = engine.pay(&id, card);
    }
}

async fn take_due(world: &mut World, tab: TabId, tip: u32) -> Result<()> {
    let desk = world.desk()?;
    let typed = TakeTyped {
        bill: None,
        service: None,
        tip: Some(pounds(tip)),
    };
    let Ok(preview) = desk.preview_take(tab, &typed).await else {
        return Ok(());
    };
    let take = Take {
        tab_id: tab,
        typed,
        expect_total_minor: preview.total.minor,
        decision: OperationId(world.clock.uuid()),
    };
    ignore(desk.take(&take).await.map(drop))
}

async fn act(world: &mut World, hold: HoldId, kind: OperationKind, amount: u32, press: Press) -> Result<()> {
    let desk = world.desk()?;
    let minor = i64::from(amount);
    let (amount, tip) = match kind {
        OperationKind::Capture => (minor, minor % 7 * 10),
        OperationKind::Refund | OperationKind::SetAmount => (minor, 0),
        OperationKind::SetTips => (0, minor % 900),
        _ => (0, 0),
    };
    let decision = Decision {
        id: OperationId(world.clock.uuid()),
        hold,
        kind,
        amount,
        service: 0,
        tip,
        reason: None,
        by: "Sam".to_owned(),
    };
    match press {
        Press::Once => ignore(desk.operate(decision).await.map(drop)),
        Press::Again => {
            ignore(desk.operate(decision.clone()).await.map(drop))?;
            ignore(desk.operate(decision).await.map(drop))
        }
        Press::Double => {
            let (one, two) = tokio::join!(desk.operate(decision.clone()), desk.operate(decision));
            ignore(one.map(drop))?;
            ignore(two.map(drop))
        }
        Press::Die(death) => {
            world.line.die(Some(death));
            tokio::select! {
                biased;
                () = world.line.died.notified() => {}
                done = desk.operate(decision) => ignore(done.map(drop))?,
            }
            world.line.die(None);
            drop(desk);
            world.start()
        }
    }
}

/// Another till, or Dojo's portal: straight to the engine, by hand.
async fn elsewhere(world: &mut World, hold: HoldId, kind: OperationKind, amount: u32) {
    let Some(id) = intent_of(world, hold).await else {
        return;
    };
    let path = |last: &str| format!("/payment-intents/{id}/{last}");
    let request = match kind {
        OperationKind::Capture => Request::new("POST", &path("captures")).json(&json!({"amount": amount})),
        OperationKind::Reversal => Request::new("POST", &path("reversal")),
        OperationKind::Refund => Request::new("POST", &path("refunds"))
            .header("idempotencyKey", &world.clock.uuid().to_string())
            .json(&json!({"amount": amount})),
        OperationKind::Cancel => Request::new("DELETE", &format!("/payment-intents/{id}")),
        _ => return,
    };
    let request = request
        .header("authorization", "Basic sk_sandbox_another_till")
        .header("version", "2026-02-27");
    if let Ok(mut engine) = world.line.engine.lock() {
        let _answer = engine.handle(request);
    }
    if kind == OperationKind::Capture {
        world.elsewhere.push(id);
    }
}

/// The faults stop, the cable is in, and the till is open for a while.
pub(super) async fn calm_down(world: &mut World) -> Result<()> {
    if let Ok(mut engine) = world.line.engine.lock() {
        engine.clear_faults();
    }
    world.line.unplug(false);
    for _ in 0..60 {
        world.clock.advance(TimeDelta::seconds(21));
        world.line.catch_up();
        let desk = world.desk()?;
        desk.sweep().await.map_err(anyhow::Error::from)?;
    }
    // What is over is read once more: others may have refunded it.
    let holds: Vec<Hold> = world
        .holds(None)
        .await?
        .into_iter()
        .map(|(hold, _)| hold)
        .collect();
    let desk = world.desk()?;
    for hold in holds {
        desk.read(hold.id)
            .await
            .with_context(|| format!("{} could not be read", hold.reference))?;
    }
    Ok(())
}
