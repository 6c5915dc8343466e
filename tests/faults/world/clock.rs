//! A clock and ids that a seed decides alone.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_desk::Clock;
use std::sync::Mutex;
use std::time::Duration;
use uuid::Uuid;

/// The world's time. Waiting costs nothing but that.
pub(crate) struct WorldClock(Mutex<(DateTime<Utc>, u64)>);

impl WorldClock {
    pub(crate) fn new() -> Self {
        let begin = DateTime::from_timestamp(1_790_000_000, 0).unwrap_or_default();
        Self(Mutex::new((begin, 0)))
    }

    pub(super) fn advance(&self, by: TimeDelta) {
        if let Ok(mut inside) = self.0.lock() {
            inside.0 = inside.0.checked_add_signed(by).unwrap_or(inside.0);
        }
    }
}

#[async_trait]
impl Clock for WorldClock {
    fn now(&self) -> DateTime<Utc> {
        self.0.lock().map(|inside| inside.0).unwrap_or_default()
    }

    fn uuid(&self) -> Uuid {
        let Ok(mut inside) = self.0.lock() else {
            return Uuid::nil();
        };
        inside.1 += 1;
        let millis = u64::try_from(inside.0.timestamp_millis()).unwrap_or(0);
        let mut random = [0_u8; 10];
        random[2..].copy_from_slice(&inside.1.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    async fn sleep(&self, span: Duration) {
        self.advance(TimeDelta::from_std(span).unwrap_or_default());
    }
}
