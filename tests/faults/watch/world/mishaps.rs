//! What goes wrong in a week, and what staff do meanwhile.

use super::{DAY, HOUR, World};
use anyhow::Result;
use rand::Rng;

impl World {
    /// Something goes wrong, or is done by somebody.
    pub(super) fn mishap(&mut self) -> Result<()> {
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

    pub(super) fn die(&mut self) -> Result<()> {
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
