//! What staff, guests, other tills and fate do, drawn from the seed. Whatever is new in the desk and moves
//! money or writes the ledger joins by a line in [`STEPS`].

use super::World;
use super::deeds::{self, Deed};
use super::mortal::now;
use super::sheets;
use anyhow::{Context, Result};
use chrono::TimeDelta;
use holdfast_desk::{AppError, Desk};
use holdfast_domain::{Hold, HoldId, OperationKind, TabId};
use holdfast_ledger::prelude::*;
use holdfast_simulator::engine::{Engine, Intent, RefundStatus, Request};
use rand::Rng;
use serde_json::json;

/// How often it comes, against the others; what it is; nothing when there is nothing that it could be
/// done to.
type Kind = (u32, fn(&mut World) -> Option<Step>);

/// Everything that happens in a world.
const STEPS: &[Kind] = &[
    (8, deeds::open),
    (2, deeds::ask_for_more),
    (1, deeds::open_again),
    (6, deeds::renew),
    (1, deeds::give_up_the_renewal),
    (10, deeds::line),
    (4, deeds::move_bill),
    (12, sheets::open_take),
    (5, sheets::open_act),
    (2, sheets::open_renew),
    (1, sheets::open_night),
    (4, sheets::accept),
    (20, sheets::press),
    (16, deeds::operate),
    (1, deeds::close_the_night),
    (1, deeds::continue_the_night),
    (2, deeds::close_tab),
    (1, deeds::report),
    (1, deeds::back_up),
    (9, deeds::sweep),
    (16, pay),
    (4, elsewhere),
    (3, restart),
    (2, pull_the_cable),
    (9, wait),
    (2, sleep_for_hours),
    (1, set_the_clock),
    (1, look_in_calm),
];

/// One step.
pub(super) struct Step {
    /// For the reader of its failure.
    pub(super) words: String,
    pub(super) what: What,
}

/// Something that the till does not do.
type Event = Box<dyn FnOnce(&mut World) -> Result<()>>;

pub(super) enum What {
    /// Something that the till does, and how.
    Deed(Deed, Press),
    /// Anything else.
    Event(Event),
}

/// How something is pressed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Press {
    Once,
    /// Again when it has ended.
    Again,
    /// Twice at the same time.
    Double,
    /// The till dies after so many calls to its ledger and to Dojo.
    Die(u32),
}

/// The next step. It may make no sense: then it must be refused.
pub(super) fn draw(world: &mut World) -> Step {
    let all = STEPS.iter().map(|(weight, _)| weight).sum();
    loop {
        let mut at: u32 = world.rng.random_range(0..all);
        let kind = STEPS.iter().find(|(weight, _)| {
            let is_it = at < *weight;
            at = at.saturating_sub(*weight);
            is_it
        });
        if let Some(step) = kind.and_then(|(_, draw)| draw(world)) {
            return step;
        }
    }
}

/// Takes it. Errors of the desk are answers like any other; only nonsense is an error here.
pub(super) fn take(world: &mut World, step: Step) -> Result<()> {
    world.line.catch_up();
    match step.what {
        What::Deed(deed, press) => deeds::press(world, &deed, press)?,
        What::Event(event) => event(world)?,
    }
    world.line.catch_up();
    Ok(())
}

impl World {
    pub(super) fn pick<T: Copy>(&mut self, all: &[T]) -> Option<T> {
        (!all.is_empty()).then(|| all[self.rng.random_range(0..all.len())])
    }

    pub(super) fn pick_tab(&mut self) -> Option<TabId> {
        let all = std::mem::take(&mut self.tabs);
        let picked = self.pick(&all);
        self.tabs = all;
        picked
    }

    /// By Dojo's own list; the newest more often, for the oldest are over.
    pub(super) fn pick_hold(&mut self) -> Option<HoldId> {
        let ours = |i: &Intent| i.metadata.get("holdfast-hold")?.as_str()?.parse().ok();
        let all: Vec<HoldId> = self.line.engine().intents().filter_map(ours).collect();
        let from = if self.rng.random_bool(0.7) {
            all.len().saturating_sub(6)
        } else {
            0
        };
        self.pick(&all[from..])
    }

    /// Minor units; some of them come again and again, so that one may be taken for another.
    pub(super) fn draw_amount(&mut self) -> u32 {
        match self.rng.random_range(0..8) {
            0 | 1 => 500,
            2 => 1_000,
            3 => 2_500,
            _ => self.rng.random_range(1..12_000),
        }
    }

    /// The intent that the till knows, for only that one's link was ever shown.
    fn intent_of(&self, hold: HoldId) -> Option<String> {
        now(self.till().ok()?.ledger.hold(hold)).ok()?.intent_id
    }
}

pub(super) fn event(words: String, event: impl FnOnce(&mut World) -> Result<()> + 'static) -> Option<Step> {
    Some(Step {
        words,
        what: What::Event(Box::new(event)),
    })
}

/// A guest pays. One who comes too late is turned away.
fn pay(world: &mut World) -> Option<Step> {
    let hold = world.pick_hold()?;
    let card = if world.rng.random_bool(0.85) {
        holdfast_tests::GOOD
    } else {
        holdfast_tests::DECLINED
    };
    event(format!("the guest of {hold} pays with {card}"), move |world| {
        if let Some(id) = world.intent_of(hold) {
            let _outcome = world.line.engine().pay(&id, card);
        }
        Ok(())
    })
}

/// Another till, or Dojo's portal: straight to the engine, by hand.
fn elsewhere(world: &mut World) -> Option<Step> {
    let (hold, amount) = (world.pick_hold()?, world.draw_amount());
    let kinds = [
        OperationKind::Capture,
        OperationKind::Capture,
        OperationKind::Refund,
        OperationKind::Reversal,
        OperationKind::Cancel,
    ];
    let kind = world.pick(&kinds)?;
    event(format!("elsewhere: {kind:?} {amount} on {hold}"), move |world| {
        let Some(id) = world.intent_of(hold) else {
            return Ok(());
        };
        // A decision of its own each time: Dojo forgets a key after a while, and would give back again.
        let key = format!("another till's, {}", world.line.engine().requests().len());
        let path = |last: &str| format!("/payment-intents/{id}/{last}");
        let request = match kind {
            OperationKind::Capture => {
                Request::new("POST", &path("captures")).json(&json!({"amount": amount}))
            }
            OperationKind::Reversal => Request::new("POST", &path("reversal")),
            OperationKind::Refund => Request::new("POST", &path("refunds"))
                .header("idempotencyKey", &key)
                .json(&json!({"amount": amount})),
            _ => Request::new("DELETE", &format!("/payment-intents/{id}")),
        };
        let request = request
            .header("authorization", "Basic sk_sandbox_another_till")
            .header("version", "2026-02-27")
            .header(ELSEWHERE, "yes");
        let _answer = world.line.engine().handle(request);
        Ok(())
    })
}

/// A header by which the oracle knows requests that are not the till's.
pub(super) const ELSEWHERE: &str = "x-elsewhere";

fn restart(_: &mut World) -> Option<Step> {
    event("restart".to_owned(), World::start)
}

fn pull_the_cable(world: &mut World) -> Option<Step> {
    let is_out = world.rng.random_bool(0.6);
    event(format!("the cable is out: {is_out}"), move |world| {
        world.line.unplug(is_out);
        Ok(())
    })
}

fn wait(world: &mut World) -> Option<Step> {
    let span = TimeDelta::seconds(world.rng.random_range(1..200));
    event(format!("{span}"), move |world| {
        world.wait(span);
        Ok(())
    })
}

/// The PC sleeps, or is switched off.
fn sleep_for_hours(world: &mut World) -> Option<Step> {
    let most = world.pick(&[60, 60, 190])?;
    let span = TimeDelta::hours(world.rng.random_range(1..most));
    event(format!("asleep for {span}"), move |world| {
        world.wait(span);
        Ok(())
    })
}

/// So many seconds the till's clock is off at most, which is ten days.
const DAYS_OFF: i64 = 10 * 86_400;

/// Somebody sets the till's clock, wrong or right.
fn set_the_clock(world: &mut World) -> Option<Step> {
    let by = match world.rng.random_range(0..8) {
        0..=3 => TimeDelta::zero(),
        4..=6 => TimeDelta::seconds(world.rng.random_range(-10_000..10_000)),
        _ => TimeDelta::seconds(world.rng.random_range(-DAYS_OFF..=DAYS_OFF)),
    };
    event(format!("the till's clock is ahead by {by}"), move |world| {
        world.clock.set_ahead(by);
        Ok(())
    })
}

/// For one sweep nothing goes wrong: then the till has to know all that happened so far.
fn look_in_calm(world: &mut World) -> Option<Step> {
    let was_out = world.line.is_unplugged();
    event("a sweep in calm".to_owned(), move |world| {
        world.line.unplug(false);
        world.line.engine().calm(true);
        world.wait(TimeDelta::seconds(21));
        let found = sweep(world).and_then(|()| super::oracle::found(world));
        world.line.engine().calm(false);
        world.line.unplug(was_out);
        found
    })
}

/// Whether Dojo took back what it showed of an intent: a refund that failed, or a payment after its end. Until a person
/// accepts that, the till keeps to what it knew.
pub(super) fn takes_back(engine: &Engine, intent: &Intent) -> bool {
    let has_failed = intent.refunds.iter().any(|r| r.status == RefundStatus::Failed);
    let path = format!("/payment-intents/{}", intent.id);
    let mut requests = engine.requests().iter();
    let is_cancelled =
        requests.any(|r| r.worked && r.status == 200 && r.method == "DELETE" && r.path == path);
    let is_expired = intent.authorised_at.is_some_and(|at| at >= intent.expire_at);
    has_failed || (is_cancelled && intent.authorised > 0) || is_expired
}

/// On how many holds Dojo took back what it showed before.
fn contradicted(world: &World) -> Result<usize> {
    let engine = world.line.engine();
    let holds = world.every_hold()?;
    let intents = holds
        .iter()
        .filter_map(|(hold, _)| engine.intent(hold.intent_id.as_ref()?));
    Ok(intents.filter(|intent| takes_back(&engine, intent)).count())
}

fn sweep(world: &World) -> Result<()> {
    let till = world.till()?;
    let unread = till.runtime.block_on(till.desk.sweep())?;
    let told = contradicted(world)?;
    anyhow::ensure!(
        unread <= told,
        "{unread} holds could not be read though nothing was wrong"
    );
    Ok(())
}

/// Dojo takes back what it showed before. Staff look into it, and accept what it shows when it keeps to that.
async fn accepts(desk: &Desk, hold: &Hold) -> Result<()> {
    let shown = desk.tab(hold.tab).await?.holds;
    let shown = shown.into_iter().find(|view| view.id == hold.id);
    let told = shown.and_then(|view| view.contradicts);
    let told = told.context("it can't be read, and nobody is told why")?;
    desk.accept_reading(hold.id, &told.key).await?;
    Ok(())
}

/// When the sweeps are after the faults have stopped, in seconds: such that what is unclear has its quiet
/// window, and what is held up (10 minutes at most) has come.
const AFTERWARDS: [i64; 6] = [21, 85, 145, 300, 605, 630];

/// The faults stop, the cable is in, and the till is open for ten minutes.
pub(super) fn calm_down(world: &mut World) -> Result<()> {
    world.line.engine().clear_faults();
    world.line.unplug(false);
    settle_down(world)?;
    // What is over is read once more: others may have refunded it.
    if unread(world)?.is_empty() {
        return Ok(());
    }
    // Nobody is asked about one answer, but about one that lasts.
    settle_down(world)?;
    let odd = unread(world)?;
    let till = world.till()?;
    for (hold, error) in odd {
        till.runtime
            .block_on(accepts(&till.desk, &hold))
            .with_context(|| format!("{error}: {hold:?}"))?;
    }
    Ok(())
}

fn settle_down(world: &mut World) -> Result<()> {
    let mut passed = 0;
    for at in AFTERWARDS {
        world.wait(TimeDelta::seconds(at - passed));
        passed = at;
        sweep(world)?;
    }
    Ok(())
}

/// The holds that can't be read, and why.
fn unread(world: &World) -> Result<Vec<(Hold, AppError)>> {
    let till = world.till()?;
    let holds = world.every_hold()?.into_iter();
    let read = holds.filter_map(|(hold, _)| {
        let error = till.runtime.block_on(till.desk.read(hold.id)).err()?;
        Some((hold, error))
    });
    Ok(read.collect())
}
