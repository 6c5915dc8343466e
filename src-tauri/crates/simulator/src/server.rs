//! The engine behind HTTP, with a clock and a file.

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use anyhow::Context;
use chrono::{DateTime, TimeDelta, Utc};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::{
    engine::Engine,
    http,
    store::Store,
    wire::{Wire, Wires},
};

/// How to serve.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where to listen; port 0 takes a free one.
    pub address: SocketAddr,
    /// What payment links begin with, when it is not the address listened on.
    pub public_url: Option<String>,
    /// The folder for `simulator.db`; `None` keeps everything in memory.
    pub data: Option<PathBuf>,
    /// Makes ids repeatable; `None` draws one.
    pub seed: Option<u64>,
}

/// A simulator that runs until it is shut down or dropped.
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub addr: SocketAddr,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Running {
    /// The address for a client.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Stops listening, ends open requests and closes the file.
    pub async fn shutdown(mut self) {
        self.stop.send_replace(true);
        for task in self.tasks.drain(..) {
            task.abort();
            if let Err(error) = task.await
                && !error.is_cancelled()
            {
                tracing::warn!(%error, "a task of the simulator ended badly");
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// The engine, its file and how far its clock was wound on.
pub(crate) struct Inside {
    pub(crate) engine: Engine,
    store: Store,
    offset: TimeDelta,
}

/// What all requests share.
#[derive(Clone)]
pub(crate) struct Shared(Arc<Mutex<Inside>>);

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Brings the clock up to now, does the work and keeps what changed.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&mut Engine) -> T) -> anyhow::Result<T> {
        let mut inside = self.lock();
        let inside = &mut *inside;
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
        let mut inside = self.lock();
        inside.offset = inside
            .offset
            .checked_add(&by)
            .context("the clock can't be wound on so far")?;
        drop(inside);
        self.with(|_| ())
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the clock's own adapter")]
fn machine_time() -> DateTime<Utc> {
    SystemTime::now().into()
}

/// Starts a simulator.
pub async fn serve(options: Options) -> anyhow::Result<Running> {
    let listener = TcpListener::bind(options.address)
        .await
        .with_context(|| format!("listening on {}", options.address))?;
    let addr = listener.local_addr()?;
    let base_url = options.public_url.unwrap_or_else(|| format!("http://{addr}"));
    let store = Store::open(options.data.as_deref())?;
    let (engine, offset) = match store.load()? {
        Some(found) => (
            Engine::restore(found.state, found.intents, found.now, &base_url),
            found.offset,
        ),
        None => (
            Engine::new(
                options.seed.unwrap_or_else(rand::random),
                machine_time(),
                &base_url,
            ),
            TimeDelta::zero(),
        ),
    };
    let shared = Shared(Arc::new(Mutex::new(Inside {
        engine,
        store,
        offset,
    })));
    shared.with(|_| ())?;
    let (stop, mut stopped) = watch::channel(false);
    let app = http::router(shared.clone()).into_make_service_with_connect_info::<Wire>();
    let serving = tokio::spawn(async move {
        let until = async move {
            // An error means that the sender is gone, which also means to stop.
            let _stop = stopped.wait_for(|stop| *stop).await;
        };
        tokio::select! {
            ended = async { axum::serve(Wires(listener), app).await } => {
                if let Err(error) = ended {
                    tracing::error!(%error, "the simulator no longer listens");
                }
            }
            () = until => {}
        }
    });
    let ticking = tokio::spawn(async move {
        let mut beat = tokio::time::interval(Duration::from_secs(1));
        loop {
            beat.tick().await;
            if let Err(error) = shared.with(|_| ()) {
                tracing::error!(%error, "the simulator's state could not be kept");
            }
        }
    });
    Ok(Running {
        addr,
        stop,
        tasks: vec![serving, ticking],
    })
}
