//! The time, as a port, and the "now" that leans on Dojo's.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::{LazyLock, Mutex};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Who knows the time, waits, and mints ids.
#[async_trait]
pub trait Clock: Send + Sync {
    /// The till's clock. Staff may set it, and it may jump.
    fn now(&self) -> DateTime<Utc>;
    /// Time awake since some moment, by a clock that nobody sets and no answer moves; never goes back.
    fn steady(&self) -> Duration;
    /// A fresh UUIDv7.
    fn uuid(&self) -> Uuid;
    /// The computer's time zone by its IANA name; UTC when it does not know.
    fn zone(&self) -> String {
        "UTC".to_owned()
    }
    /// Waits.
    async fn sleep(&self, span: Duration) {
        tokio::time::sleep(span).await;
    }
}

/// The operating system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock's one adapter")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn steady(&self) -> Duration {
        static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);
        BEGUN.elapsed()
    }

    fn uuid(&self) -> Uuid {
        Uuid::now_v7()
    }

    fn zone(&self) -> String {
        iana_time_zone::get_timezone().unwrap_or_else(|error| {
            tracing::warn!(%error, "the computer does not know its time zone");
            "UTC".to_owned()
        })
    }
}

/// Clocks that disagree by more than this are not trusted to agree.
const TOLERANCE: TimeDelta = TimeDelta::minutes(2);

/// How far Dojo's clock was ahead of the till's at its last answer.
#[derive(Debug, Default)]
pub(crate) struct Skew(Mutex<TimeDelta>);

impl Skew {
    /// Takes note of an answer's Date header.
    pub(crate) fn note(&self, server: Option<DateTime<Utc>>, till: DateTime<Utc>) {
        if let (Some(server), Ok(mut skew)) = (server, self.0.lock()) {
            *skew = server.signed_duration_since(till);
        }
    }

    /// The clocks disagree by more than two minutes: by how much.
    pub(crate) fn trouble(&self) -> Option<TimeDelta> {
        let skew = self.0.lock().map_or_else(|e| *e.into_inner(), |s| *s);
        (skew.abs() > TOLERANCE).then_some(skew)
    }

    /// The later of the two clocks when they disagree, else the till's: a deadline is never
    /// believed further away than it may be.
    pub(crate) fn now(&self, till: DateTime<Utc>) -> DateTime<Utc> {
        match self.trouble() {
            Some(skew) if skew > TimeDelta::zero() => till.checked_add_signed(skew).unwrap_or(till),
            Some(_) | None => till,
        }
    }
}
