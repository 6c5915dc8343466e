//! A clock and ids that a seed decides alone.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_desk::Clock;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use uuid::Uuid;

/// When every world begins.
const BEGIN: i64 = 1_790_000_000;

/// The world's time, and the till's clock, which somebody may set. Waiting costs nothing but that.
pub(crate) struct WorldClock(Mutex<Inside>);

struct Inside {
    truth: DateTime<Utc>,
    /// How far the till's clock is ahead of it.
    ahead: TimeDelta,
    ids: u64,
}

impl WorldClock {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(Inside {
            truth: DateTime::from_timestamp(BEGIN, 0).unwrap_or_default(),
            ahead: TimeDelta::zero(),
            ids: 0,
        }))
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What Dojo's clock says.
    pub(crate) fn truth(&self) -> DateTime<Utc> {
        self.inside().truth
    }

    pub(crate) fn advance(&self, by: TimeDelta) {
        let mut inside = self.inside();
        inside.truth = inside.truth.checked_add_signed(by).unwrap_or(inside.truth);
    }

    /// Sets the till's clock so far ahead of the truth; below zero behind it.
    pub(super) fn set_ahead(&self, by: TimeDelta) {
        self.inside().ahead = by;
    }
}

#[async_trait]
impl Clock for WorldClock {
    fn now(&self) -> DateTime<Utc> {
        let inside = self.inside();
        inside
            .truth
            .checked_add_signed(inside.ahead)
            .unwrap_or(inside.truth)
    }

    fn steady(&self) -> Duration {
        let since = self.truth().timestamp_millis().saturating_sub(BEGIN * 1_000);
        Duration::from_millis(u64::try_from(since).unwrap_or(0))
    }

    fn since_boot(&self) -> Duration {
        self.steady()
    }

    fn uuid(&self) -> Uuid {
        let now = self.now();
        let mut inside = self.inside();
        inside.ids += 1;
        let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0);
        let mut random = [0_u8; 10];
        random[2..].copy_from_slice(&inside.ids.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    async fn sleep(&self, span: Duration) {
        self.advance(TimeDelta::from_std(span).unwrap_or_default());
    }
}
