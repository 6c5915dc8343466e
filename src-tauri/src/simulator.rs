//! The simulator that training practises on: one inside this program, or one that several windows practise on.

use crate::wording::SIMULATOR_REFUSED;
use anyhow::{Context, ensure};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_desk::{Clock as _, SystemClock};
use holdfast_simulator::{Running, engine::Fault};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// One that runs by itself on this computer lets any key of the sandbox in.
const ANY_KEY: &str = "sk_sandbox_training";

/// How long one elsewhere may take to answer.
const ANSWERS_WITHIN: Duration = Duration::from_secs(10);

/// Which one it is.
pub(crate) enum Simulator {
    /// In this program.
    Here(Running),
    /// A program of its own, which other windows work too.
    Elsewhere(Elsewhere),
}

/// A simulator that is another program.
pub(crate) struct Elsewhere {
    address: String,
    http: reqwest::Client,
    /// How far its clock was ahead of this computer's when it was asked last, in microseconds.
    ahead: AtomicI64,
}

impl Elsewhere {
    /// Asks it what time it is.
    ///
    /// # Errors
    /// When it doesn't answer.
    pub(crate) async fn at(address: &str) -> anyhow::Result<Self> {
        let elsewhere = Self {
            address: address.trim_end_matches('/').to_owned(),
            http: reqwest::Client::builder()
                .no_proxy()
                .timeout(ANSWERS_WITHIN)
                .build()?,
            ahead: AtomicI64::new(0),
        };
        elsewhere.look_at_clock().await?;
        Ok(elsewhere)
    }

    /// Another window may have wound it on.
    ///
    /// # Errors
    /// When it doesn't answer.
    pub(crate) async fn look_at_clock(&self) -> anyhow::Result<DateTime<Utc>> {
        let asked = self.http.get(format!("{}/_simulator/clock", self.address)).send();
        self.time_in(&asked.await?.json().await?)
    }

    fn time_in(&self, answer: &Value) -> anyhow::Result<DateTime<Utc>> {
        let now: DateTime<Utc> = answer["now"]
            .as_str()
            .context("it doesn’t say the time")?
            .parse()?;
        let ahead = now.signed_duration_since(SystemClock.now()).num_microseconds();
        self.ahead.store(ahead.unwrap_or_default(), Ordering::Relaxed);
        Ok(now)
    }

    async fn work(&self, lever: &str, body: Value) -> anyhow::Result<Value> {
        let url = format!("{}/_simulator/{lever}", self.address);
        let answer = self.http.post(url).json(&body).send().await?;
        let is_done = answer.status().is_success();
        let said: Value = answer.json().await?;
        ensure!(is_done, "{}", said["error"].as_str().unwrap_or(SIMULATOR_REFUSED));
        Ok(said)
    }
}

impl Simulator {
    /// The address for a client.
    pub(crate) fn base_url(&self) -> String {
        match self {
            Self::Here(running) => running.base_url(),
            Self::Elsewhere(elsewhere) => elsewhere.address.clone(),
        }
    }

    /// A key that it lets in.
    pub(crate) fn key(&self) -> &str {
        match self {
            Self::Here(running) => running.key().unwrap_or(ANY_KEY),
            Self::Elsewhere(_) => ANY_KEY,
        }
    }

    /// Its clock, wound on or not.
    pub(crate) fn now(&self) -> anyhow::Result<DateTime<Utc>> {
        match self {
            Self::Here(running) => running.now(),
            Self::Elsewhere(elsewhere) => {
                Ok(SystemClock.now() + TimeDelta::microseconds(elsewhere.ahead.load(Ordering::Relaxed)))
            }
        }
    }

    /// Winds its clock on by one of Dojo's intervals, such as `5.00:00:00`.
    pub(crate) async fn wind_on(&self, by: &str) -> anyhow::Result<DateTime<Utc>> {
        match self {
            Self::Here(running) => running.wind_on(by),
            Self::Elsewhere(elsewhere) => {
                elsewhere.time_in(&elsewhere.work("clock", json!({ "advance": by })).await?)
            }
        }
    }

    /// Pays an intent with one of the test cards, as a guest at its page would.
    pub(crate) async fn pay(&self, intent: &str, card: &str) -> anyhow::Result<()> {
        match self {
            Self::Here(running) => running.pay(intent, card).map(drop),
            Self::Elsewhere(elsewhere) => {
                let lever = format!("pay/{intent}");
                elsewhere.work(&lever, json!({ "card": card })).await.map(drop)
            }
        }
    }

    /// Orders a fault.
    pub(crate) async fn order(&self, fault: Fault) -> anyhow::Result<()> {
        match self {
            Self::Here(running) => running.order(fault),
            Self::Elsewhere(elsewhere) => elsewhere
                .work("faults", serde_json::to_value(fault)?)
                .await
                .map(drop),
        }
    }
}
