//! A clock that goes on only when a story says so, and that can be set like any other.

use chrono::{DateTime, TimeDelta, Utc};
use holdfast_desk::{Clock, SystemClock};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use uuid::Uuid;

/// The till's clock, and the counts that nobody sets: of the time awake, and of the time asleep.
pub struct SteppedClock(Mutex<(DateTime<Utc>, Duration, Duration)>);

impl SteppedClock {
    /// Shows the present to begin with.
    pub fn begin() -> Self {
        Self(Mutex::new((SystemClock.now(), Duration::ZERO, Duration::ZERO)))
    }

    fn with<T>(&self, work: impl FnOnce(&mut (DateTime<Utc>, Duration, Duration)) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Time passes.
    pub fn run(&self, span: Duration) {
        self.set(TimeDelta::from_std(span).unwrap_or_default());
        self.with(|inside| inside.1 += span);
    }

    /// The computer sleeps.
    pub fn asleep(&self, span: Duration) {
        self.set(TimeDelta::from_std(span).unwrap_or_default());
        self.with(|inside| inside.2 += span);
    }

    /// Somebody sets it.
    pub fn set(&self, by: TimeDelta) {
        self.with(|inside| inside.0 += by);
    }
}

#[async_trait::async_trait]
impl Clock for SteppedClock {
    fn now(&self) -> DateTime<Utc> {
        self.with(|inside| inside.0)
    }

    fn uuid(&self) -> Uuid {
        SystemClock.uuid()
    }

    fn steady(&self) -> Duration {
        self.with(|inside| inside.1)
    }

    fn since_boot(&self) -> Duration {
        self.with(|inside| inside.1 + inside.2)
    }

    async fn sleep(&self, span: Duration) {
        self.run(span);
    }
}
