//! What staff, guests, other tills and fate do, drawn from the seed. Whatever is new in the desk and moves
//! money or writes the ledger joins by a line in [`STEPS`].

use super::World;
use super::deeds::{self, Deed};
use super::mortal::now;
use anyhow::Result;
use chrono::TimeDelta;
use holdfast_domain::{HoldId, OperationKind, TabId};
use holdfast_ledger::Ledger;
use holdfast_simulator::engine::{
    Intent, PartialStatus, RefundAfterDecline, Request, ReversalAfterPartial, SearchOrder, Switches,
};
use rand::{Rng, rngs::StdRng};
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
    (8, deeds::take_what_is_due),
    (30, deeds::operate),
    (1, deeds::close_the_night),
    (1, deeds::go_on_with_the_night),
    (2, deeds::put_away),
    (1, deeds::report),
    (1, deeds::back_up),
    (9, deeds::sweep),
    (16, pay),
    (4, elsewhere),
    (3, restart),
    (2, pull_the_cable),
    (9, wait),
    (1, sleep_for_hours),
    (1, set_the_clock),
    (1, look_in_calm),
];

/// One step.
pub(super) struct Step {
    /// For whoever reads of its failure.
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

/// What Dojo leaves unsaid, one way or the other.
pub(super) fn switches(rng: &mut StdRng) -> Switches {
    Switches {
        partial_status: [PartialStatus::Authorized, PartialStatus::Captured][rng.random_range(0..2)],
        reversal_after_partial: [
            ReversalAfterPartial::Refused,
            ReversalAfterPartial::ReleasesRemainder,
        ][rng.random_range(0..2)],
        refund_after_decline: [RefundAfterDecline::Refused, RefundAfterDecline::Allowed]
            [rng.random_range(0..2)],
        search_order: [SearchOrder::NewestFirst, SearchOrder::OldestFirst][rng.random_range(0..2)],
        capture_settles_after: [0, 0, 2, 40][rng.random_range(0..4)],
        ..Switches::default()
    }
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

fn event(words: String, event: impl FnOnce(&mut World) -> Result<()> + 'static) -> Option<Step> {
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
    let span = TimeDelta::hours(world.rng.random_range(1..60));
    event(format!("asleep for {span}"), move |world| {
        world.wait(span);
        Ok(())
    })
}

/// Somebody sets the till's clock, wrong or right.
fn set_the_clock(world: &mut World) -> Option<Step> {
    let by = if world.rng.random_bool(0.5) {
        TimeDelta::zero()
    } else {
        TimeDelta::seconds(world.rng.random_range(-10_000..10_000))
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

fn sweep(world: &World) -> Result<()> {
    let till = world.till()?;
    let unread = till.runtime.block_on(till.desk.sweep())?;
    anyhow::ensure!(
        unread == 0,
        "{unread} holds could not be read though nothing was wrong"
    );
    Ok(())
}

/// When the sweeps are after the faults have stopped, in seconds: such that what is unclear has its quiet
/// window, and what is held up (10 minutes at most) has come.
const AFTERWARDS: [i64; 6] = [21, 85, 145, 300, 605, 630];

/// The faults stop, the cable is in, and the till is open for ten minutes.
pub(super) fn calm_down(world: &mut World) -> Result<()> {
    world.line.engine().clear_faults();
    world.line.unplug(false);
    let mut passed = 0;
    for at in AFTERWARDS {
        world.wait(TimeDelta::seconds(at - passed));
        passed = at;
        sweep(world)?;
    }
    // What is over is read once more: others may have refunded it.
    let till = world.till()?;
    for (hold, _) in world.every_hold()? {
        till.runtime.block_on(till.desk.read(hold.id))?;
    }
    Ok(())
}
