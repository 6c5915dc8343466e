//! A computer and its staff for a week or more, as a seed decides: sleeps, clocks, restarts, networks.

use super::apps::{App, Clocks, InMemory, Real, hold};
use super::oracle::Oracle;
use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_domain::{Finding, HoldId, Rhythm};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

pub(super) const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// Clocks that differ by less count as the same.
pub(super) const TOLERANCE: i64 = 120;

/// The watch looks this often when nothing happens.
const BEAT: i64 = 30;

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
        (self.till() - self.now).abs() <= TOLERANCE - 5
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
        let slow = if slow <= TOLERANCE { slow } else { 0 };
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
            return to_look + 9 * BEAT;
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
                if left > -2 * BEAT {
                    free = free.min(left - 2 * BEAT);
                }
            }
        }
        let most = if self.gains == 0 { 6 * HOUR } else { HOUR };
        let beats = ((free - to_look).min(most) / BEAT).max(0);
        to_look + beats * BEAT
    }

    /// Staff see all that waits for them.
    fn see(&mut self) -> Result<()> {
        self.see_at = None;
        let clocks = self.clocks();
        for key in self.app.open()? {
            if let Some((number, rank)) = self.subject(&key) {
                self.app.acknowledge(&key, clocks)?;
                self.oracle.seen(number, rank);
            }
        }
        Ok(())
    }

    /// The hold and the stage that a warning is about.
    fn subject(&self, key: &str) -> Option<(usize, usize)> {
        let (rest, stage) = key.rsplit_once('/')?;
        let id = rest.rsplit('/').next()?;
        let id: HoldId = id.parse().ok()?;
        let number = self.holds.iter().position(|held| held.id == id)?;
        Some((number, self.oracle.rank(stage)?))
    }

    /// Something goes wrong, or is done by somebody.
    fn mishap(&mut self) -> Result<()> {
        self.count.mishaps += 1;
        match self.rng.random_range(0..14) {
            0..=2 => self.sleep()?,
            3 => {
                let down = if self.rng.random_bool(0.7) {
                    self.rng.random_range(5..1_200)
                } else {
                    self.rng.random_range(HOUR..3 * DAY)
                };
                self.be_away(down, false)?;
                self.start()?;
            }
            4 => self.dies = true,
            5 => {
                let span = self.log_uniform(HOUR, 30 * 365 * DAY);
                let sign = if self.rng.random_bool(0.5) { 1 } else { -1 };
                self.set_clock(self.off + sign * span * 1_000);
            }
            // The battery is empty: it is 1970 again.
            6 if self.rng.random_bool(0.3) => self.set_clock(-self.now * 1_000),
            // Summer time or another zone, on a computer whose own clock runs by local time; or on a
            // better one, where nothing happens to the time.
            6 | 7 => {
                let hours = if self.rng.random_bool(0.5) {
                    1
                } else {
                    self.rng.random_range(2..13)
                };
                let sign = [1, -1, 0][self.rng.random_range(0..3)];
                self.set_clock(self.off + sign * hours * HOUR * 1_000);
            }
            8 | 9 => {
                self.gains = 0;
                self.set_clock(0);
            }
            // It is slewed: half a second in a thousand at most.
            10 => {
                self.gains = if self.off.abs() < 60_000 {
                    self.rng.random_range(-1..=1)
                } else {
                    0
                }
            }
            11 | 12 => {
                self.is_online = !self.is_online;
                // The watch tries again after a minute at most.
                self.read_at = self.now + self.rng.random_range(1..60);
                self.trusts = self.trusts && !self.is_online;
            }
            _ => {
                self.date_off = if self.date_off == 0 && self.rng.random_bool(0.6) {
                    let span = self.log_uniform(60, 3 * DAY);
                    if self.rng.random_bool(0.5) { span } else { -span }
                } else {
                    0
                };
                self.trusts = false;
            }
        }
        if self.rng.random_bool(0.05) {
            self.take()?;
        }
        self.fine_until = self.now + 40;
        Ok(())
    }

    fn sleep(&mut self) -> Result<()> {
        let span = self.log_uniform(60, 8 * DAY);
        self.be_away(span, self.counts_asleep)?;
        self.trusts = false;
        self.read_at = self.now + 1;
        Ok(())
    }

    fn set_clock(&mut self, off: i64) {
        self.off = off;
        self.trusts = false;
        self.oracle.disturbed(self.now);
    }

    /// Staff take all of a hold.
    fn take(&mut self) -> Result<()> {
        let number = self.rng.random_range(0..self.holds.len());
        let clocks = self.clocks();
        let held = &mut self.holds[number];
        if !held.is_over {
            (held.is_over, held.is_known) = (true, true);
            let id = held.id;
            self.app.over(id, clocks)?;
            self.has_changed = true;
            self.oracle.over(number, self.now);
        }
        Ok(())
    }

    /// Short spans are as likely as long ones.
    fn log_uniform(&mut self, least: i64, most: i64) -> i64 {
        let doublings = (most / least).ilog2();
        let floor = least << self.rng.random_range(0..=doublings);
        self.rng.random_range(floor..=(2 * floor).min(most))
    }

    /// One second of the app: it reads, and looks when it is time.
    fn second(&mut self) -> Result<()> {
        if self.is_online && self.now >= self.read_at {
            self.read()?;
        }
        self.look_if_due()
    }

    fn read(&mut self) -> Result<()> {
        self.read_at = self.now + 20;
        let clocks = self.clocks();
        self.app.heard(at(self.now + self.date_off), clocks)?;
        let is_right = self.date_off == 0;
        if !self.trusts {
            self.oracle.disturbed(self.now);
        }
        if !self.trusts && is_right {
            self.has_changed = true;
        }
        (self.trusts, self.is_poisoned) = (is_right, !is_right);
        self.was_apart = (self.till() - self.now - self.date_off).abs() > TOLERANCE;
        let over: Vec<HoldId> = self
            .holds
            .iter_mut()
            .filter(|held| held.is_over && !held.is_known)
            .map(|held| {
                held.is_known = true;
                held.id
            })
            .collect();
        for id in over {
            self.app.over(id, clocks)?;
            self.has_changed = true;
        }
        Ok(())
    }

    fn look_if_due(&mut self) -> Result<()> {
        let clocks = self.clocks();
        let has_changed = std::mem::take(&mut self.has_changed) && !self.is_start;
        if !self.rhythm.is_due(clocks.till, clocks.steady, has_changed) {
            return Ok(());
        }
        self.count.looks += 1;
        self.next_look = self.steady + BEAT;
        if self.dies && self.rng.random_bool(0.5) {
            // Before anything was written.
            return self.die();
        }
        let tells = self.app.look(self.is_start, clocks)?;
        if self.dies {
            // Written, and nobody told.
            return self.die();
        }
        self.is_start = false;
        let dojo = if self.is_online {
            self.now + self.date_off
        } else {
            i64::MIN
        };
        self.oracle.claimed(self.now.min(self.till().max(dojo)));
        let knows = self.is_able() && (self.is_online || !self.was_apart);
        for finding in &tells {
            let number = self.about(finding).context("a warning about no hold")?;
            self.oracle
                .tell(number, finding, self.now, knows, &mut self.count)?;
        }
        if !tells.is_empty() && self.rng.random_bool(0.8) {
            self.see_at = Some(self.now + self.rng.random_range(60..90 * 60));
        }
        let keys = self.app.open()?;
        let open: Vec<(usize, usize)> = keys.iter().filter_map(|key| self.subject(key)).collect();
        let is_sure = self.is_online && self.trusts && self.is_right();
        self.oracle.looked(self.now, is_sure, &open);
        Ok(())
    }

    fn about(&self, finding: &Finding) -> Option<usize> {
        self.holds.iter().position(|held| Some(held.id) == finding.hold)
    }

    fn die(&mut self) -> Result<()> {
        self.dies = false;
        let down = self.rng.random_range(3..600);
        self.be_away(down, false)?;
        self.start()
    }

    /// The process does not run for a while, or the computer sleeps.
    fn be_away(&mut self, seconds: i64, is_counted: bool) -> Result<()> {
        let to = self.now + seconds;
        self.oracle.pass(self.now, to, false, 0, &mut self.count)?;
        self.oracle.disturbed(to);
        self.slip(seconds, is_counted);
        Ok(())
    }
}

/// An instant of so many seconds.
fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}
