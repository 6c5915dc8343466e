//! Starting the engine behind HTTP, and working what was started.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use anyhow::Context;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use tokio::{net::TcpListener, task::JoinHandle};

use crate::{
    engine::{Engine, Fault, NotPayable, PaymentOutcome, Switches, is_fault, timespan},
    gate::{self, Control, Gate},
    http,
    shared::{FURTHEST_AHEAD, Inside, Shared, machine_time},
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
    /// Who may work the levers under `/_simulator`.
    pub control: Control,
}

/// A simulator that runs until it is shut down or dropped.
pub struct Running {
    /// Where it listens.
    pub addr: SocketAddr,
    key: Option<String>,
    shared: Shared,
    tasks: Vec<JoinHandle<()>>,
}

impl Running {
    /// The address for a client.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// The one API key that it lets in; none where any of the sandbox's is.
    pub fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// Its clock, wound on or not.
    ///
    /// # Errors
    /// When it is shut down or its file can't be written.
    pub fn now(&self) -> anyhow::Result<DateTime<Utc>> {
        self.shared.with(|engine| engine.now())
    }

    /// Winds its clock on by one of Dojo's intervals, such as `5.00:00:00`.
    ///
    /// # Errors
    /// When `by` is no interval, and as [`Running::now`].
    pub fn wind_on(&self, by: &str) -> anyhow::Result<DateTime<Utc>> {
        let by = timespan::parse(by).context("that is no interval such as 5.00:00:00")?;
        self.shared.wind_on(by)?;
        self.now()
    }

    /// Pays an intent with one of the test cards, as a guest at its page would.
    ///
    /// # Errors
    /// When there is no such intent or card, or it can no longer be paid; and as [`Running::now`].
    pub fn pay(&self, intent: &str, card: &str) -> anyhow::Result<PaymentOutcome> {
        match self.shared.with(|engine| engine.pay(intent, card))? {
            Ok(outcome) => Ok(outcome),
            Err(NotPayable::Unknown) => anyhow::bail!("there is no such payment intent"),
            Err(NotPayable::Card) => anyhow::bail!("there is no such test card"),
            Err(NotPayable::Closed) => anyhow::bail!("it can no longer be paid"),
        }
    }

    /// Delays each answer of the API from now on, as one that comes from far away is.
    pub fn delay(&self, by: Duration) {
        self.shared.delay(by);
    }

    /// Orders a fault, as `POST /_simulator/faults` does.
    ///
    /// # Errors
    /// When there is no such fault, and as [`Running::now`].
    pub fn order(&self, fault: Fault) -> anyhow::Result<()> {
        let is_known = is_fault(&fault.fault) && fault.times > 0;
        anyhow::ensure!(is_known, "no such fault, or no times: {fault:?}");
        self.shared.with(|engine| engine.plan_fault(fault))
    }

    /// Turns switches, as `PUT /_simulator/switches` does.
    ///
    /// # Errors
    /// As [`Running::now`].
    pub fn switch(&self, turn: impl FnOnce(&mut Switches)) -> anyhow::Result<()> {
        self.shared.with(|engine| {
            let mut switches = engine.state().switches.clone();
            turn(&mut switches);
            engine.set_switches(switches);
        })
    }

    /// What really happened, as `GET /_simulator/truth` says it.
    ///
    /// # Errors
    /// As [`Running::now`].
    pub fn truth(&self) -> anyhow::Result<Value> {
        self.shared.with(|engine| engine.truth())
    }

    /// Stops listening, closes connections and the file.
    pub async fn shutdown(mut self) {
        self.shared.close();
        for mut task in std::mem::take(&mut self.tasks) {
            // A connection in the middle of a slow answer is not waited for any longer.
            if tokio::time::timeout(Duration::from_secs(1), &mut task)
                .await
                .is_err()
            {
                task.abort();
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.shared.close();
    }
}

/// Starts a simulator.
pub async fn serve(options: Options) -> anyhow::Result<Running> {
    let listener = TcpListener::bind(options.address)
        .await
        .with_context(|| format!("listening on {}", options.address))?;
    let addr = listener.local_addr()?;
    let public = options
        .public_url
        .as_deref()
        .and_then(|url| url.split_once("://"));
    let mut store = Store::open(options.data.as_deref())?;
    let key = gate::key(options.control, options.data.as_deref())?;
    let gate = Gate {
        address: addr.ip(),
        public: public.map(|(_, rest)| rest.split('/').next().unwrap_or(rest).to_owned()),
        has_levers: options.control != Control::Off,
        key: key.clone(),
    };
    let base_url = options.public_url.unwrap_or_else(|| format!("http://{addr}"));
    let (engine, offset) = match store.load()? {
        Some(found) => (
            Engine::restore(found.state, found.intents, found.log, found.now, &base_url),
            found.offset.min(FURTHEST_AHEAD),
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
    let shared = Shared::new(Inside {
        engine,
        store,
        offset,
    });
    shared.with(|_| ())?;
    let serving = tokio::spawn(listen(listener, shared.clone(), gate));
    let ticking = tokio::spawn(tick(shared.clone()));
    Ok(Running {
        addr,
        key,
        shared,
        tasks: vec![serving, ticking],
    })
}

async fn listen(listener: TcpListener, shared: Shared, gate: Gate) {
    let app = http::router(shared.clone(), gate).into_make_service_with_connect_info::<Wire>();
    let serving =
        axum::serve(Wires(listener), app).with_graceful_shutdown(async move { shared.closed().await });
    if let Err(error) = serving.await {
        tracing::error!(%error, "the simulator no longer listens");
    }
}

/// What falls due happens even when nobody asks.
async fn tick(shared: Shared) {
    let mut beat = tokio::time::interval(Duration::from_secs(1));
    loop {
        tokio::select! {
            biased;
            () = shared.closed() => return,
            _ = beat.tick() => {}
        }
        if let Err(error) = shared.with(|_| ()) {
            tracing::error!(%error, "the simulator's state could not be kept");
        }
    }
}
