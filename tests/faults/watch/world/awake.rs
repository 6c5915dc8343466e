//! What the app does while it is awake, and what its staff see of it.

use super::{CLOCK_TOLERANCE, WATCH_SECONDS, World, at};
use anyhow::{Context, Result};
use holdfast_domain::{Finding, HoldId};
use rand::Rng;

impl World {
    /// One second of the app: it reads, and looks when it is time.
    pub(super) fn second(&mut self) -> Result<()> {
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
        self.was_apart = (self.till() - self.now - self.date_off).abs() > CLOCK_TOLERANCE;
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
        if !self.rhythm.take_due(clocks.till, clocks.steady, has_changed) {
            return Ok(());
        }
        self.count.looks += 1;
        self.next_look = self.steady + WATCH_SECONDS;
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
        let open = keys.iter().filter_map(|(key, _)| self.subject(key));
        let open: Vec<(usize, usize)> = open.collect();
        let is_sure = self.is_online && self.trusts && self.is_right();
        self.oracle.looked(self.now, is_sure, &open);
        Ok(())
    }

    fn about(&self, finding: &Finding) -> Option<usize> {
        self.holds.iter().position(|held| Some(held.id) == finding.hold)
    }

    /// Staff see all that waits for them.
    pub(super) fn see(&mut self) -> Result<()> {
        self.see_at = None;
        let clocks = self.clocks();
        for (key, believed) in self.app.open()? {
            if let Some((number, rank)) = self.subject(&key) {
                self.app.acknowledge(&key, clocks)?;
                let believed = believed.timestamp();
                self.oracle.seen(number, rank, self.now, believed);
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
}
