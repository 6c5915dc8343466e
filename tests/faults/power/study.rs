//! One recorded command, and the power going at each of its moments.

use super::{
    Count,
    deeds::{Record, Sort},
    disk::Disk,
    hash,
    image::Image,
    judge::{self, Found},
    loss,
    trace::{Step, Told},
};
use crate::{Options, venue::Venue};
use anyhow::{Context, Result, anyhow, ensure};
use rand::{SeedableRng, rngs::StdRng};
use std::{
    collections::{HashMap, HashSet},
    sync::atomic::{AtomicUsize, Ordering},
};

/// How many ways to lose what is at stake are tried at each moment, and in the long run.
const WAYS: usize = 50;
const MANY_WAYS: usize = 600;

/// A till that is open for long has thousands of moments, each with hundreds of ways to lose what is at stake: one
/// in so many is looked at, and in the long run.
const SPARSE: usize = 150;
const LESS_SPARSE: usize = 12;

/// And as many as this after its log was emptied, for then it is rewritten from its beginning.
const AFTERMATH: usize = 3;

/// A moment at which the power may go.
struct Moment {
    /// Which step of the trace has not been taken any more.
    at: usize,
    /// The ledger may say any of these: as after every commit since somebody was last told something.
    allowed: Vec<Image>,
    /// A request that acts has begun to leave.
    is_sent: bool,
    /// Staff were told that the command is done.
    told: String,
}

/// One recorded command.
pub(super) struct Study<'a> {
    options: &'a Options,
    name: String,
    venue: &'a Venue,
    record: Record,
    found: HashMap<u64, Found>,
    known: judge::Known,
    settled: HashSet<String>,
    count: Count,
    /// Counts the moments, and notes the last at which the ledger itself was written.
    moment: usize,
    emptied: usize,
}

impl<'a> Study<'a> {
    pub(super) fn new(options: &'a Options, name: String, venue: &'a Venue, record: Record) -> Self {
        Self {
            options,
            name,
            venue,
            record,
            found: HashMap::new(),
            known: judge::Known::default(),
            settled: HashSet::new(),
            count: Count::default(),
            moment: 0,
            emptied: 0,
        }
    }

    /// Goes through the trace; at each moment that is chosen the power goes, in many ways.
    pub(super) fn carry_out(mut self, runtime: &tokio::runtime::Runtime) -> Result<Count> {
        let base = self.record.base.clone();
        self.look_at(runtime, std::iter::once(&base))?;
        let mut disk = Disk::new(&base);
        let (mut allowed, mut is_sent, mut told) = (vec![base], false, String::new());
        let (mut syncs, mut sends) = (0, 0);
        for (at, step) in std::mem::take(&mut self.record.steps).into_iter().enumerate() {
            match step {
                Step::Asked(act) => {
                    disk.ask(act);
                    continue;
                }
                Step::Synced(what, begun) => {
                    disk.synced(&what, begun);
                    allowed.push(disk.with_everything());
                    continue;
                }
                Step::Syncing => {
                    syncs += 1;
                    allowed.push(disk.with_everything());
                }
                Step::Told(to) => {
                    // A person who is told something may count on all that was decided before.
                    allowed = vec![disk.with_everything()];
                    is_sent |= to == Told::Acted;
                    sends += usize::from(to == Told::Acted);
                    if let Told::Staff(words) = to {
                        told += &words;
                    }
                }
            }
            let moment = Moment {
                at,
                allowed: allowed.clone(),
                is_sent,
                told: told.clone(),
            };
            self.power_goes(runtime, &disk, &moment)?;
        }
        allowed.push(disk.with_everything());
        let at = usize::MAX;
        let end = Moment {
            at,
            allowed,
            is_sent,
            told,
        };
        self.power_goes(runtime, &disk, &end)?;
        let acts = matches!(self.record.sort, Sort::Moves(_)) && !self.name.starts_with("killed");
        ensure!(
            syncs > 2 && (sends > 0 || !acts),
            "{}: {syncs} syncs and {sends} requests seen; the trace is not understood",
            self.name
        );
        Ok(self.count)
    }

    /// Whether the power goes now; a long session is looked at closely only where its log is emptied.
    fn is_chosen(&mut self, disk: &Disk, moment: &Moment) -> bool {
        self.moment += 1;
        if disk.is_at_stake("till/sandbox/ledger.db") {
            self.emptied = self.moment;
        }
        let is_close = self.emptied > 0 && self.moment - self.emptied <= AFTERMATH;
        let one_in = if self.options.long { LESS_SPARSE } else { SPARSE };
        let is_sparse = self.moment.is_multiple_of(one_in) || moment.at == usize::MAX;
        !self.name.starts_with("session") || is_close || is_sparse
    }

    fn power_goes(&mut self, runtime: &tokio::runtime::Runtime, disk: &Disk, moment: &Moment) -> Result<()> {
        let name = format!("{}:{}", self.name, moment.at);
        if !self.is_chosen(disk, moment) || !self.options.wants(&name) {
            return Ok(());
        }
        self.count.moments += 1;
        let at_stake = disk.at_stake();
        let most = match (self.options.long, self.record.sort) {
            (true, _) => MANY_WAYS,
            // Its ledger is a thousand times as large.
            (false, Sort::Writes) => WAYS / 2,
            (false, _) => WAYS,
        };
        let mut rng = StdRng::seed_from_u64(self.options.seed_or(7) ^ hash(&name));
        let ways = loss::losses(&at_stake, most, &mut rng);
        let images: Vec<Image> = ways.iter().map(|fates| disk.after(fates)).collect();
        self.look_at(runtime, moment.allowed.iter().chain(&images))
            .with_context(|| crate::replay("power", &name))?;
        let allowed: HashSet<String> = moment
            .allowed
            .iter()
            .map(|image| self.said(image))
            .collect::<Result<_>>()?;
        for (image, fates) in images.iter().zip(&ways) {
            let judged = self.judge(runtime, image, &allowed, moment);
            judged
                .with_context(|| format!("{at_stake:?} with {fates:?}; {}", crate::replay("power", &name)))?;
        }
        Ok(())
    }

    fn said(&self, image: &Image) -> Result<String> {
        let found = self.found.get(&hash(image)).context("never looked at")?;
        Ok(found.said.clone())
    }

    /// Starts a till on each disk that is new.
    fn look_at<'i>(
        &mut self,
        runtime: &tokio::runtime::Runtime,
        images: impl Iterator<Item = &'i Image>,
    ) -> Result<()> {
        let mut new: HashMap<u64, &Image> = images.map(|image| (hash(image), image)).collect();
        new.retain(|hash, _| !self.found.contains_key(hash));
        let new: Vec<(u64, &Image)> = new.into_iter().collect();
        self.count.disks += u64::try_from(new.len())?;
        let next = AtomicUsize::new(0);
        let work = || -> Result<Vec<(u64, Found)>> {
            let mut found = Vec::new();
            while let Some((hash, image)) = new.get(next.fetch_add(1, Ordering::Relaxed)) {
                found.push((
                    *hash,
                    runtime.block_on(judge::look(image, self.record.sort, &self.known))?,
                ));
            }
            Ok(found)
        };
        let workers = std::thread::available_parallelism().map_or(2, usize::from);
        let done = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
            let ended = threads.into_iter().map(|thread| thread.join());
            ended
                .map(|found| found.map_err(|_| anyhow!("a thread came to a bad end"))?)
                .collect::<Result<Vec<_>>>()
        })?;
        self.found.extend(done.into_iter().flatten());
        Ok(())
    }

    fn judge(
        &mut self,
        runtime: &tokio::runtime::Runtime,
        image: &Image,
        allowed: &HashSet<String>,
        moment: &Moment,
    ) -> Result<()> {
        let found = self.found.get(&hash(image)).context("never looked at")?;
        ensure!(
            allowed.contains(&found.said),
            "the ledger says what it never said, or forgot what was told already.\nIt says:\n{}\nIt may say:\n{}",
            found.said,
            allowed.iter().cloned().collect::<Vec<_>>().join("\nor:\n")
        );
        ensure!(
            found.refused.is_none() || self.record.sort == Sort::Replaces,
            "a till without backups would not have it: {:?}",
            found.refused
        );
        match self.record.sort {
            Sort::Moves(_) | Sort::Writes => {}
            Sort::BacksUp => backed_up(found, allowed, &moment.told)?,
            Sort::Replaces => ensure!(
                found.kept.contains(&self.said(&self.record.base)?),
                "the ledger that was replaced is gone"
            ),
        }
        let said = found.said.clone();
        if moment.is_sent && self.settled.insert(said) {
            runtime.block_on(judge::settles(self.venue, image, self.record.sort))?;
            self.count.settled += 1;
        }
        Ok(())
    }
}

/// A backup that staff were told of is there, and says what the ledger said.
fn backed_up(found: &Found, allowed: &HashSet<String>, told: &str) -> Result<()> {
    let Some((name, _)) = told.split_once(": ") else {
        return Ok(());
    };
    let said = found.backups.get(name);
    let said = said.with_context(|| format!("the backup {name} is gone"))?;
    ensure!(allowed.contains(said), "the backup {name} says something else");
    Ok(())
}
