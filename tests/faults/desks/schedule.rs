//! Who goes next, and when: every call that leaves a desk waits here, and one at a time is let through. The seed
//! decides how long each takes, so two runs of one seed are the same to the last step. A till may stand still here, or
//! end, while the others go on.

use chrono::{DateTime, TimeDelta, Utc};
use rand::{Rng, SeedableRng, rngs::StdRng};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;

/// When every venue begins.
const BEGIN: i64 = 1_790_000_000;

/// One life of a till: when it ends and starts anew, what the former one left behind never goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Life {
    pub(super) till: usize,
    pub(super) number: u32,
}

/// A place where a till may be stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Door {
    /// A call of the ledger by its name; `GET`, or `POST` for any request that acts.
    pub(super) call: &'static str,
    /// Just after it instead of just before.
    pub(super) is_after: bool,
}

/// What stops it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Blow {
    /// The program stands still while the computer goes on.
    Stop(TimeDelta),
    /// The computer sleeps: what counts its waking hours stands still, too.
    Sleep(TimeDelta),
    /// The program ends.
    Die,
}

/// A blow that waits for its till to come to a door, so many times.
#[derive(Debug, Clone, Copy)]
pub(super) struct Planned {
    pub(super) till: usize,
    /// Any door when none.
    pub(super) door: Option<Door>,
    pub(super) times: u32,
    pub(super) blow: Blow,
}

#[derive(Default)]
struct Till {
    life: u32,
    still_until: Option<DateTime<Utc>>,
    /// How long its computer has slept.
    slept: TimeDelta,
    ahead: TimeDelta,
}

/// Somebody who waits to be let through.
struct Waiting {
    /// None for what belongs to no till, such as a request on its way.
    life: Option<Life>,
    go: oneshot::Sender<()>,
}

struct Inside {
    rng: StdRng,
    truth: DateTime<Utc>,
    waiting: BTreeMap<(DateTime<Utc>, u64), Waiting>,
    tills: Vec<Till>,
    planned: Vec<Planned>,
    /// Tills that ended and have not been started again.
    dead: Vec<usize>,
    count: u64,
    ids: u64,
    /// What stopped whom, for the reader of a failure.
    told: Vec<String>,
}

/// The one schedule of a venue.
pub(super) struct Schedule(Mutex<Inside>);

impl Schedule {
    pub(super) fn new(seed: u64, tills: usize) -> Self {
        Self(Mutex::new(Inside {
            rng: StdRng::seed_from_u64(seed ^ 0x5eed_5eed),
            truth: DateTime::from_timestamp(BEGIN, 0).unwrap_or_default(),
            waiting: BTreeMap::new(),
            tills: std::iter::repeat_with(Till::default).take(tills).collect(),
            planned: Vec::new(),
            dead: Vec::new(),
            count: 0,
            ids: 0,
            told: Vec::new(),
        }))
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What Dojo's clock says, which is true.
    pub(super) fn truth(&self) -> DateTime<Utc> {
        self.inside().truth
    }

    /// What the clock of a till says.
    pub(super) fn clock_of(&self, till: usize) -> DateTime<Utc> {
        let inside = self.inside();
        let ahead = inside.tills.get(till).map(|till| till.ahead).unwrap_or_default();
        inside.truth + ahead
    }

    /// Sets a till's clock so far ahead of the truth; below zero behind it.
    pub(super) fn set_ahead(&self, till: usize, by: TimeDelta) {
        if let Some(till) = self.inside().tills.get_mut(till) {
            till.ahead = by;
        }
    }

    /// How long a till's computer has been awake since the beginning.
    pub(super) fn awake(&self, till: usize) -> TimeDelta {
        let inside = self.inside();
        let slept = inside.tills.get(till).map(|till| till.slept).unwrap_or_default();
        let begin = DateTime::from_timestamp(BEGIN, 0).unwrap_or_default();
        inside.truth - begin - slept
    }

    /// How long every computer has been on, asleep or awake.
    pub(super) fn since_boot(&self) -> TimeDelta {
        self.truth() - DateTime::from_timestamp(BEGIN, 0).unwrap_or_default()
    }

    /// A number that comes once in a venue.
    pub(super) fn fresh(&self) -> u64 {
        let mut inside = self.inside();
        inside.ids += 1;
        inside.ids
    }

    /// Lets time pass until then at once; whoever had to wait is late.
    pub(super) fn jump(&self, to: DateTime<Utc>) {
        let mut inside = self.inside();
        inside.truth = inside.truth.max(to);
    }

    /// The life that a till is in.
    pub(super) fn life(&self, till: usize) -> Life {
        let number = self.inside().tills.get(till).map_or(0, |till| till.life);
        Life { till, number }
    }

    pub(super) fn is_over(&self, life: Life) -> bool {
        self.life(life.till) != life
    }

    /// Plans what is to stop the tills.
    pub(super) fn plan(&self, all: Vec<Planned>) {
        self.inside().planned = all;
    }

    /// The tills that ended since this was last asked.
    pub(super) fn take_dead(&self) -> Vec<usize> {
        std::mem::take(&mut self.inside().dead)
    }

    /// When the last till that stands still goes on; none when all go on already.
    pub(super) fn still_until(&self) -> Option<DateTime<Utc>> {
        let inside = self.inside();
        let all = inside.tills.iter().filter_map(|till| till.still_until);
        all.filter(|until| *until > inside.truth).max()
    }

    /// What stopped whom so far.
    pub(super) fn told(&self) -> Vec<String> {
        self.inside().told.clone()
    }

    /// How much has happened: as long as it grows, somebody is on the way to a door.
    fn count(&self) -> u64 {
        self.inside().count
    }

    /// A till comes to a door: it may be stopped there, and goes on a moment later.
    pub(super) async fn door(&self, life: Life, door: Door) {
        self.strike(life, door);
        let span = self.moment();
        self.wait(Some(life), span).await;
    }

    /// Waits so long; a till that stands still meanwhile waits until it goes on, and one that ends for ever.
    pub(super) async fn wait(&self, life: Option<Life>, span: TimeDelta) {
        if life.is_some_and(|life| self.is_over(life)) {
            return std::future::pending().await;
        }
        let (go, going) = oneshot::channel();
        {
            let mut inside = self.inside();
            let still = life.and_then(|life| inside.tills.get(life.till)?.still_until);
            let at = (inside.truth + span).max(still.unwrap_or(inside.truth));
            inside.count += 1;
            let place = (at, inside.count);
            inside.waiting.insert(place, Waiting { life, go });
        }
        // The schedule goes away last.
        let _gone = going.await;
        if life.is_some_and(|life| self.is_over(life)) {
            std::future::pending().await
        }
    }

    /// How long a call takes: a moment mostly, seldom so long that others get in between.
    fn moment(&self) -> TimeDelta {
        let mut inside = self.inside();
        let rng = &mut inside.rng;
        let most = match rng.random_range(0..100) {
            0..80 => 5,
            80..95 => 80,
            _ => 1_500,
        };
        TimeDelta::milliseconds(rng.random_range(0..most))
    }

    /// How long a request, or its answer, is on the way.
    pub(super) fn way(&self) -> TimeDelta {
        let mut inside = self.inside();
        let rng = &mut inside.rng;
        let most = if rng.random_bool(0.9) { 60 } else { 900 };
        TimeDelta::milliseconds(rng.random_range(10..most))
    }

    fn strike(&self, life: Life, door: Door) {
        let mut inside = self.inside();
        if inside
            .tills
            .get(life.till)
            .is_none_or(|till| till.life != life.number)
        {
            return;
        }
        let mut struck = None;
        for planned in &mut inside.planned {
            if planned.till == life.till && planned.door.is_none_or(|at| at == door) {
                planned.times = planned.times.saturating_sub(1);
                if planned.times == 0 {
                    struck = Some(planned.blow);
                }
            }
        }
        inside.planned.retain(|planned| planned.times > 0);
        if let Some(blow) = struck {
            let side = if door.is_after { "after" } else { "before" };
            let words = format!(
                "{}: till {} {side} {}: {blow:?}",
                inside.truth, life.till, door.call
            );
            inside.told.push(words);
            inside.stop(life.till, blow);
        }
    }

    /// Lets the next one through; no when nobody waits.
    pub(super) fn let_through(&self) -> bool {
        let next = {
            let mut inside = self.inside();
            let next = inside.waiting.pop_first();
            if let Some(((at, _), _)) = &next {
                inside.truth = inside.truth.max(*at);
                inside.count += 1;
            }
            next
        };
        let Some((_, waiting)) = next else { return false };
        // Whoever waited may have been given up.
        let _gone = waiting.go.send(());
        true
    }

    /// Waits until nobody is on the way to a door any more.
    pub(super) async fn settle(&self) {
        let (mut before, mut calm) = (self.count(), 0);
        while calm < CALM {
            tokio::task::yield_now().await;
            let now = self.count();
            calm = if now == before { calm + 1 } else { 0 };
            before = now;
        }
    }
}

/// After so many rounds in which nobody came to a door, nobody is on the way to one: the longest chain of tasks that
/// wake one another without a call in between is shorter.
const CALM: u32 = 8;

impl Inside {
    fn stop(&mut self, number: usize, blow: Blow) {
        let truth = self.truth;
        let Some(till) = self.tills.get_mut(number) else {
            return;
        };
        let span = match blow {
            Blow::Die => {
                till.life += 1;
                till.still_until = None;
                self.dead.push(number);
                return;
            }
            Blow::Stop(span) => span,
            Blow::Sleep(span) => {
                till.slept += span;
                span
            }
        };
        let until = (truth + span).max(till.still_until.unwrap_or(truth));
        till.still_until = Some(until);
        let early: Vec<_> = self
            .waiting
            .iter()
            .filter(|((at, _), one)| *at < until && one.life.is_some_and(|life| life.till == number))
            .map(|(place, _)| *place)
            .collect();
        for (at, count) in early {
            if let Some(one) = self.waiting.remove(&(at, count)) {
                self.waiting.insert((until, count), one);
            }
        }
    }
}
