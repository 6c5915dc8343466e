//! What must be told, by a clock that is never wrong. It shares no code with the watch.

use super::world::{CLOCK_TOLERANCE, Count, HOUR};
use anyhow::{Result, ensure};
use holdfast_domain::Finding;
use std::collections::HashMap;

/// From waking, or from the beginning of a stage, to the warning.
const AT_MOST: i64 = 35;

/// An awake span shorter than this owes nothing.
const SHORT_AWAKE_SECONDS: i64 = 60;

/// Unseen, it is told again after this long.
const WARN_AGAIN_SECONDS: i64 = 30 * 60;

/// One stage of one hold, in true seconds.
#[derive(Debug)]
struct Owed {
    hold: usize,
    /// The less time it leaves, the higher.
    rank: usize,
    begin: i64,
    end: i64,
    /// Since when the app could have told it without a break.
    awake_since: Option<i64>,
    /// How slow the app's clock was at most; within the tolerance.
    slow: i64,
    is_counted: bool,
}

/// One warning that was told, in true seconds.
#[derive(Debug, Clone, Copy)]
struct Told {
    first: i64,
    last: i64,
    /// What the app took the time for when it told it first.
    believed: i64,
    is_seen: bool,
    /// It waits for somebody.
    waits: bool,
    /// The watch itself ended it before anybody had seen it, or it was told too early: it may come again.
    may_come: bool,
    /// It was told by a clock that ran ahead, and that can be known: it does not count.
    is_void: bool,
}

impl Told {
    const fn at(now: i64, believed: i64) -> Self {
        Self {
            first: now,
            last: now,
            believed,
            is_seen: false,
            waits: true,
            may_come: false,
            is_void: false,
        }
    }
}

/// The judge of one seed.
pub(super) struct Oracle {
    owed: Vec<Owed>,
    told: HashMap<(usize, usize), Told>,
    ends: Vec<i64>,
    /// In order of rank: the hours, then late, then doubtful.
    hours: Vec<u16>,
    /// Something happened to the clocks or the process since this true second.
    disturbed_at: i64,
}

impl Oracle {
    /// `holds`: from when to when each is held, in true seconds.
    pub(super) fn new(holds: &[(i64, i64)], hours: &[u16], safe_hours: u8) -> Self {
        let mut hours = hours.to_vec();
        hours.sort_unstable_by(|a, b| b.cmp(a));
        hours.dedup();
        let mut owed = Vec::new();
        for (hold, (from, end)) in holds.iter().enumerate() {
            let safe = end - i64::from(safe_hours) * HOUR;
            let mut begins: Vec<i64> = hours.iter().map(|h| safe - i64::from(*h) * HOUR).collect();
            begins.push(safe);
            for rank in 0..begins.len() {
                let next = begins.get(rank + 1).copied().unwrap_or(*end);
                owed.push(Owed {
                    hold,
                    rank,
                    begin: begins[rank].max(*from),
                    end: next,
                    awake_since: None,
                    slow: 0,
                    is_counted: false,
                });
            }
        }
        Self {
            owed,
            told: HashMap::new(),
            ends: holds.iter().map(|(_, end)| *end).collect(),
            hours,
            disturbed_at: i64::MIN,
        }
    }

    pub(super) fn rank(&self, stage: &str) -> Option<usize> {
        match stage {
            "late" => Some(self.hours.len()),
            "doubtful" => Some(self.hours.len() + 1),
            name => {
                let hours: u16 = name.strip_suffix('h')?.parse().ok()?;
                self.hours.iter().position(|h| *h == hours)
            }
        }
    }

    /// The hold is over before its end: nothing is owed any more.
    pub(super) fn over(&mut self, hold: usize, now: i64) {
        self.owed.retain(|owed| owed.hold != hold);
        self.ends[hold] = self.ends[hold].min(now);
    }

    /// Staff have seen it. What was written down before a crash waits in the window after it: the person who
    /// acknowledges it there has been told.
    pub(super) fn seen(&mut self, hold: usize, rank: usize, now: i64, believed: i64) {
        let told = self.told.entry((hold, rank)).or_insert(Told::at(now, believed));
        (told.is_seen, told.waits) = (true, false);
    }

    /// Since when the one that was told longest ago waits for somebody.
    pub(super) fn waits_since(&self) -> Option<i64> {
        let waiting = self.told.values().filter(|told| told.waits);
        waiting.map(|told| told.last).min()
    }

    /// A start, a sleep or a clock that was set: what was told may be told again.
    pub(super) fn disturbed(&mut self, now: i64) {
        self.disturbed_at = now;
    }

    /// The app told this at `now`; `believed` is what it took the time for; `knows`: it could know
    /// the true time.
    pub(super) fn tell(
        &mut self,
        hold: usize,
        finding: &Finding,
        now: i64,
        knows: bool,
        count: &mut Count,
    ) -> Result<()> {
        let Some(rank) = finding.key.stage().and_then(|stage| self.rank(&stage.name())) else {
            anyhow::bail!("a warning that nobody asked for: {}", finding.key);
        };
        let what = &finding.key;
        ensure!(
            !knows || now <= self.ends[hold] + CLOCK_TOLERANCE,
            "{what} was told {} s after the end",
            now - self.ends[hold]
        );
        let believed = finding.at.timestamp();
        match self.told.get_mut(&(hold, rank)) {
            Some(told) if !told.may_come => {
                ensure!(!told.is_seen, "{what} was told again though somebody had seen it");
                ensure!(
                    now - told.last >= WARN_AGAIN_SECONDS - CLOCK_TOLERANCE || told.last <= self.disturbed_at,
                    "{what} was told again after {} s",
                    now - told.last
                );
                count.again += 1;
                told.last = now;
            }
            Some(told) if told.believed == believed && !told.is_void => {
                count.again += 1;
                told.last = now;
            }
            known => {
                count.raised += 1;
                let stood = known.filter(|told| !told.is_void).map(|told| told.first);
                let told = Told {
                    first: stood.unwrap_or(now),
                    ..Told::at(now, believed)
                };
                self.told.insert((hold, rank), told);
            }
        }
        Ok(())
    }

    /// The later of all clocks claims so much: what was told later than that, by another clock, may come
    /// again.
    pub(super) fn claimed(&mut self, claimed: i64) {
        for told in self.told.values_mut() {
            told.may_come |= told.believed > claimed;
        }
    }

    /// The watch looked at `now`. `is_sure`: all clocks were right. `open`: what waits for somebody.
    pub(super) fn looked(&mut self, now: i64, is_sure: bool, open: &[(usize, usize)]) {
        for ((hold, rank), told) in &mut self.told {
            told.waits = open.contains(&(*hold, *rank));
            told.may_come |= !told.is_seen && !told.waits;
            if is_sure && told.believed > now + 2 * CLOCK_TOLERANCE && !told.is_void {
                told.is_void = true;
                let stood_for = |owed: &&mut Owed| owed.hold == *hold && owed.rank <= *rank;
                for owed in self.owed.iter_mut().filter(stood_for) {
                    owed.awake_since = None;
                }
            }
        }
    }

    /// The world goes on from `from` to `to` with nothing happening. `able`: the app is awake and can
    /// know the time, or errs to the early side; by less than the tolerance it may be `slow`.
    pub(super) fn pass(
        &mut self,
        from: i64,
        to: i64,
        able: bool,
        slow: i64,
        count: &mut Count,
    ) -> Result<()> {
        for owed in &mut self.owed {
            let (begin, end) = (from.max(owed.begin), to.min(owed.end));
            if !able {
                owed.awake_since = None;
            }
            if !able || begin >= end {
                continue;
            }
            let since = *owed.awake_since.get_or_insert(begin);
            owed.slow = owed.slow.max(slow);
            let at_latest = AT_MOST + since.max(owed.begin + owed.slow);
            if end < at_latest.max(since + SHORT_AWAKE_SECONDS) {
                continue;
            }
            if !owed.is_counted {
                owed.is_counted = true;
                count.owed += 1;
            }
            let stands = |((hold, rank), told): (&(usize, usize), &Told)| {
                *hold == owed.hold && *rank >= owed.rank && told.first <= at_latest && !told.is_void
            };
            ensure!(
                self.told.iter().any(stands),
                "hold {}: stage {} was not told from {since} to {at_latest}: {:?}",
                owed.hold,
                owed.rank,
                self.told
            );
        }
        Ok(())
    }
}
