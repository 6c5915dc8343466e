//! A till's clock in a test that winds the simulator's time on.

use anyhow::{Context, Result};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use holdfast_desk::{Clock, SystemClock};
use holdfast_dojo::TimeSpan;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use uuid::Uuid;

/// The system's clock for a till that waits as long as its simulator was wound on. The time of day stays
/// the system's: the till has Dojo's from its answers.
#[derive(Debug, Default)]
pub struct WoundClock(AtomicU64);

impl WoundClock {
    /// Lets one of Dojo's intervals pass, such as `5.00:00:00`.
    pub fn wind(&self, span: &str) -> Result<()> {
        let span = TimeSpan::parse(span).context("no such interval")?;
        self.0.fetch_add(u64::try_from(span.seconds())?, Ordering::SeqCst);
        Ok(())
    }
}

#[async_trait]
impl Clock for WoundClock {
    fn now(&self) -> DateTime<Utc> {
        SystemClock.now()
    }

    fn steady(&self) -> Duration {
        SystemClock.steady() + Duration::from_secs(self.0.load(Ordering::SeqCst))
    }

    fn since_boot(&self) -> Duration {
        self.steady()
    }

    fn uuid(&self) -> Uuid {
        SystemClock.uuid()
    }
}
