//! A computer and its staff for a week or more, as a seed decides: sleeps, clocks, restarts, networks.

mod awake;
mod mishaps;

use super::apps::{App, Clocks, InMemory, Real, hold};
use super::oracle::Oracle;
use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_domain::{HoldId, Rhythm};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

pub(super) const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// Clocks that differ by less count as the same.
pub(super) const CLOCK_TOLERANCE: i64 = 120;

/// The watch looks this often when nothing happens.
const WATCH_SECONDS: i64 = 30;

/// Weeks in which something is the matter with the calendar, and one in which nothing is.
const BEGINNINGS: [&str; 4] = [
    "2028-02-24T09:00:00Z", // a leap day
    "2027-03-25T18:00:00Z", // the clocks go forward
    "2027-10-28T02:00:00Z", // the clocks go back
    "2026-12-29T12:00:00Z", // a year ends
];

/// What was played.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Count {
    pub(super) real: u64,
    pub(super) holds: u64,
    pub(super) owed: u64,
    pub(super) raised: u64,
    pub(super) again: u64,
    pub(super) looks: u64,
    pub(super) mishaps: u64,
}

impl Count {
    pub(super) fn add(&mut self, other: Self) {
        self.real += other.real;
        self.holds += other.holds;
        self.owed += other.owed;
        self.raised += other.raised;
        self.again += other.again;
        self.looks += other.looks;
        self.mishaps += other.mishaps;
    }
}

/// A hold in the world, in true seconds.
struct Held {
    id: HoldId,
    end: i64,
    /// Nothing is held any more, whether or not the app knows.
    is_over: bool,
    /// The app knows.
    is_known: bool,
}

struct World {
    rng: StdRng,
    app: Box<dyn App>,
    oracle: Oracle,
    count: Count,
    holds: Vec<Held>,
    /// True seconds.
    now: i64,
    /// The till's clock minus the true time, in milliseconds, and how much it gains in a second.
    off: i64,
    gains: i64,
    /// Dojo's date minus the true time.
    date_off: i64,
    steady: i64,
    /// Whether the steady count goes on while the computer sleeps, as on Windows.
    counts_asleep: bool,
    is_online: bool,
    /// Dojo was heard with the right date, and no clock was touched since.
    trusts: bool,
    /// The last date that was heard was wrong.
    is_poisoned: bool,
    /// When Dojo was heard last, the till's clock was another: whether it was set since, nobody can tell.
    was_apart: bool,
    read_at: i64,
    rhythm: Rhythm,
    is_start: bool,
    has_changed: bool,
    /// The process dies at its next look.
    dies: bool,
    /// By the steady count.
    next_look: i64,
    /// Until then second by second.
    fine_until: i64,
    /// When staff look at what waits for them.
    see_at: Option<i64>,
    /// When a stage of any hold begins or ends.
    edges: Vec<i64>,
}

pub(super) fn one(seed: u64, is_real: bool) -> Result<Count> {
    let mut world = World::new(seed, is_real)?;
    world.count.real = u64::from(is_real);
    let last = world.holds.iter().map(|held| held.end).max().unwrap_or_default() + HOUR;
    while world.now < last {
        let quiet = world.rng.random_range(1..12 * HOUR);
        let until = (world.now + quiet).min(last);
        world.run_until(until)?;
        if world.now < last {
            world.mishap()?;
        }
    }
    Ok(world.count)
}

impl World {
    fn new(seed: u64, is_real: bool) -> Result<Self> {
        let mut rng = StdRng::seed_from_u64(seed);
        let begin: DateTime<Utc> = BEGINNINGS[rng.random_range(0..BEGINNINGS.len())].parse()?;
        let now = begin.timestamp();
        let hours: &[u16] = if rng.random_bool(0.8) {
            &[48, 24, 6, 1]
        } else {
            &[72, 12, 2]
        };
        let safe_hours = if rng.random_bool(0.7) {
            12
        } else {
            rng.random_range(0..30)
        };
        let (mut holds, mut all, mut spans, mut edges) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for number in 0..rng.random_range(1..=3_u64) {
            let from = now - rng.random_range(0..100 * HOUR);
            let interval = if rng.random_bool(0.7) {
                167 * HOUR
            } else {
                rng.random_range(HOUR..167 * HOUR)
            };
            let one = hold(number, at(from), TimeDelta::seconds(interval));
            let end = from + interval;
            spans.push((now, end));
            let safe = end - i64::from(safe_hours) * HOUR;
            edges.extend(hours.iter().map(|h| safe - i64::from(*h) * HOUR));
            edges.extend([safe, end]);
            holds.push(Held {
                id: one.id,
                end,
                is_over: end <= now,
                is_known: false,
            });
            all.push(one);
        }
        let clocks = Clocks {
            till: at(now),
            steady: TimeDelta::zero(),
        };
        let oracle = Oracle::new(&spans, hours, safe_hours);
        let app: Box<dyn App> = if is_real {
            Box::new(Real::new(&all, hours, safe_hours, clocks)?)
        } else {
            Box::new(InMemory::new(all, hours, safe_hours))
        };
        let count = Count {
            holds: u64::try_from(holds.len()).unwrap_or(0),
            ..Count::default()
        };
        let mut world = Self {
            counts_asleep: rng.random_bool(0.3),
            rng,
            app,
            oracle,
            count,
            holds,
            now,
            off: 0,
            gains: 0,
            date_off: 0,
            steady: 0,
            is_online: true,
            trusts: false,
            is_poisoned: false,
            was_apart: false,
            read_at: now + 1,
            rhythm: Rhythm::start(clocks.till, clocks.steady),
            is_start: true,
            has_changed: false,
            dies: false,
            next_look: 0,
            fine_until: now + 40,
            see_at: None,
            edges,
        };
        world.start()?;
        Ok(world)
    }

    fn till(&self) -> i64 {
        self.now + self.off.div_euclid(1_000)
    }

    fn clocks(&self) -> Clocks {
        Clocks {
            till: at(self.till()),
            steady: TimeDelta::seconds(self.steady),
        }
    }

    /// The process starts.
    fn start(&mut self) -> Result<()> {
        let clocks = self.clocks();
        self.app.start(clocks)?;
        self.rhythm = Rhythm::start(clocks.till, clocks.steady);
        (self.is_start, self.has_changed) = (true, false);
        (self.trusts, self.is_poisoned, self.was_apart) = (false, false, false);
        self.read_at = self.now + 1;
        self.fine_until = self.now + 40;
        self.oracle.disturbed(self.now);
        Ok(())
    }

    /// Whether the till's clock is right.
    fn is_right(&self) -> bool {
        (self.till() - self.now).abs() <= CLOCK_TOLERANCE - 5
    }

    /// Whether the app can know the time, or errs to the early side.
    fn is_able(&self) -> bool {
        if self.is_online {
            self.trusts
        } else {
            self.is_right() && !self.is_poisoned
        }
    }

    /// Time passes while the process runs.
    fn pass(&mut self, seconds: i64) -> Result<()> {
        let to = self.now + seconds;
        let able = self.is_able();
        let slow = (self.now - self.till()).max(0);
        let slow = if slow <= CLOCK_TOLERANCE { slow } else { 0 };
        self.oracle.pass(self.now, to, able, slow, &mut self.count)?;
        self.slip(seconds, true);
        Ok(())
    }

    /// Time passes for the clocks alone.
    fn slip(&mut self, seconds: i64, is_counted: bool) {
        self.now += seconds;
        self.off += self.gains * seconds;
        if is_counted {
            self.steady += seconds;
        }
        for held in &mut self.holds {
            held.is_over |= held.end <= self.now;
        }
    }

    /// Nothing happens until then but what the app and its staff do.
    fn run_until(&mut self, until: i64) -> Result<()> {
        while self.now < until {
            self.second()?;
            if self.see_at.is_some_and(|see_at| see_at <= self.now) {
                self.see()?;
            }
            let seconds = self.quiet_seconds(until).max(1);
            self.pass(seconds)?;
        }
        Ok(())
    }

    /// For so many seconds all looks would find what the last one found. They end with a look.
    fn quiet_seconds(&self, until: i64) -> i64 {
        let is_awaited = self.is_online && !self.trusts && self.date_off == 0;
        let is_settling = self.is_start || self.has_changed || is_awaited;
        if is_settling || self.now < self.fine_until {
            return 0;
        }
        let to_look = (self.next_look - self.steady).max(1);
        let is_plain = if self.is_online {
            self.trusts
        } else {
            self.is_able()
        };
        if !is_plain {
            // Nothing is owed: the app can't know the time. A look every few minutes will do.
            return to_look + 9 * WATCH_SECONDS;
        }
        let mut free = until - self.now;
        if let Some(see_at) = self.see_at {
            free = free.min(see_at - self.now);
        }
        if let Some(last) = self.oracle.waits_since() {
            free = free.min(last + 30 * 60 - self.now);
        }
        for edge in &self.edges {
            for clock in [self.now, self.till()] {
                let left = edge - clock;
                if left > -2 * WATCH_SECONDS {
                    free = free.min(left - 2 * WATCH_SECONDS);
                }
            }
        }
        let most = if self.gains == 0 { 6 * HOUR } else { HOUR };
        let beats = ((free - to_look).min(most) / WATCH_SECONDS).max(0);
        to_look + beats * WATCH_SECONDS
    }
}

/// An instant of so many seconds.
fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}
