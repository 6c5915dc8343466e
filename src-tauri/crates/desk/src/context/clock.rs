//! The time, as a port, and what is made of it together with Dojo's.

use crate::context::Context;
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_domain::{ClockTrouble, Reckoning, Timekeeper};
use std::sync::{LazyLock, Mutex, Once, PoisonError};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Who knows the time, waits, and mints ids.
#[async_trait]
pub trait Clock: Send + Sync {
    /// The till's clock. Staff may set it, and it may jump.
    fn now(&self) -> DateTime<Utc>;
    /// The computer's own clock, which training doesn't wind on.
    fn wall(&self) -> DateTime<Utc> {
        self.now()
    }
    /// How long the computer has been awake since some moment. Setting the clock doesn’t change it; it never goes back.
    fn steady(&self) -> Duration;
    /// How long it has been on, asleep or awake, since some moment. Setting the clock doesn’t change it; it never goes
    /// back. A permit is counted by it, so each clock has to say what it is: none stands in for it.
    fn since_boot(&self) -> Duration;
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

    fn since_boot(&self) -> Duration {
        holdfast_process::since_boot()
    }

    fn uuid(&self) -> Uuid {
        Uuid::now_v7()
    }

    fn zone(&self) -> String {
        // Every view asks. Said once a start, or the log would have room for nothing else.
        static SAID: Once = Once::new();
        iana_time_zone::get_timezone().unwrap_or_else(|error| {
            SAID.call_once(|| tracing::warn!(%error, "the computer does not know its time zone"));
            "UTC".to_owned()
        })
    }
}

/// What is known of the time, shared by all who ask.
#[derive(Debug, Default)]
pub(crate) struct Time(Mutex<Timekeeper>);

impl Time {
    fn with<T>(
        &self,
        clock: &dyn Clock,
        ask: impl FnOnce(&mut Timekeeper, DateTime<Utc>, TimeDelta) -> T,
    ) -> T {
        let mut keeper = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let steady = TimeDelta::from_std(clock.steady()).unwrap_or_default();
        ask(&mut keeper, clock.now(), steady)
    }

    fn heard(&self, server: Option<DateTime<Utc>>, clock: &dyn Clock) {
        if let Some(server) = server {
            self.with(clock, |keeper, till, steady| keeper.heard(server, till, steady));
        }
    }

    fn past(&self, at: DateTime<Utc>, clock: &dyn Clock) {
        self.with(clock, |keeper, _, steady| keeper.past(at, steady));
    }

    fn reckon(&self, clock: &dyn Clock) -> Reckoning {
        self.with(clock, |keeper, till, steady| {
            keeper.looked(till, steady);
            keeper.reckon(till, steady)
        })
    }

    fn trouble(&self, clock: &dyn Clock) -> Option<ClockTrouble> {
        self.with(clock, |keeper, till, steady| keeper.trouble(till, steady))
    }
}

impl Context {
    /// The time that deadlines are counted by.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.reckoning().latest
    }

    /// The same with the doubt that there is.
    pub(crate) fn reckoning(&self) -> Reckoning {
        self.time.reckon(self.clock.as_ref())
    }

    /// Takes note of an answer's Date header.
    pub(crate) fn heard_time(&self, server: Option<DateTime<Utc>>) {
        self.time.heard(server, self.clock.as_ref());
    }

    /// Takes note that something was written down then.
    pub(crate) fn heard_past(&self, at: DateTime<Utc>) {
        self.time.past(at, self.clock.as_ref());
    }

    /// What is wrong with the till's clock, if something is.
    pub(crate) fn clock_trouble(&self) -> Option<ClockTrouble> {
        self.time.trouble(self.clock.as_ref())
    }
}
