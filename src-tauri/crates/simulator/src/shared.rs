//! The engine with its clock and its file, as all requests share it.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime},
};

use anyhow::Context;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

use crate::{engine::Engine, store::Store};

/// The engine, its file and how far its clock was wound on.
pub(crate) struct Inside {
    pub(crate) engine: Engine,
    pub(crate) store: Store,
    pub(crate) offset: TimeDelta,
}

/// Ten years: more than anybody practises, and dates stay dates.
pub(crate) const FURTHEST_AHEAD: TimeDelta = TimeDelta::days(3_650);

/// What all requests share.
#[derive(Clone)]
pub(crate) struct Shared {
    /// `None` once closed: a connection that lives on must not work on a file that another run has open.
    inside: Arc<Mutex<Option<Inside>>>,
    stop: watch::Sender<bool>,
    /// Microseconds.
    delay: Arc<AtomicU64>,
}

impl Shared {
    pub(crate) fn new(inside: Inside) -> Self {
        Self {
            inside: Arc::new(Mutex::new(Some(inside))),
            stop: watch::Sender::new(false),
            delay: Arc::default(),
        }
    }

    /// Waits as long as an answer takes on its way.
    pub(crate) async fn travel(&self) {
        let micros = self.delay.load(Ordering::Relaxed);
        if micros > 0 {
            tokio::time::sleep(Duration::from_micros(micros)).await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Inside>> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Delays each answer from now on.
    pub(crate) fn delay(&self, by: Duration) {
        let micros = u64::try_from(by.as_micros()).unwrap_or(u64::MAX);
        self.delay.store(micros, Ordering::Relaxed);
    }

    /// Closes the file and ends what waits.
    pub(crate) fn close(&self) {
        self.lock().take();
        self.stop.send_replace(true);
    }

    /// Waits for the end.
    pub(crate) async fn closed(&self) {
        // An error means that the sender is gone, which also means the end.
        let mut stop = self.stop.subscribe();
        let _end = stop.wait_for(|stop| *stop).await;
    }

    /// Brings the clock up to now, does the work and keeps what changed.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&mut Engine) -> T) -> anyhow::Result<T> {
        let mut inside = self.lock();
        let inside = inside.as_mut().context("the simulator is shut down")?;
        let now = machine_time()
            .checked_add_signed(inside.offset)
            .context("the clock ran out")?;
        inside.engine.advance_to(now);
        let done = work(&mut inside.engine);
        inside.store.save(&mut inside.engine, inside.offset)?;
        Ok(done)
    }

    /// Winds the clock on.
    pub(crate) fn wind_on(&self, by: TimeDelta) -> anyhow::Result<()> {
        if let Some(inside) = self.lock().as_mut() {
            let offset = inside.offset.checked_add(&by);
            inside.offset = offset
                .filter(|offset| by >= TimeDelta::zero() && *offset <= FURTHEST_AHEAD)
                .context("the clock can't be wound on so far")?;
        }
        self.with(|_| ())
    }
}

/// The computer's own time.
#[expect(clippy::disallowed_methods, reason = "this is the clock's own adapter")]
pub(crate) fn machine_time() -> DateTime<Utc> {
    SystemTime::now().into()
}

/// The answer when [`Shared::with`] failed; it names no cause, the log does.
pub(crate) fn broken(error: &anyhow::Error) -> Response {
    tracing::error!(%error, "the simulator's state could not be kept");
    (
        StatusCode::INTERNAL_SERVER_ERROR,
        "The simulator could not keep its state.",
    )
        .into_response()
}
