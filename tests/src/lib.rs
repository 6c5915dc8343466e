//! A till in a test: the real desk on a real ledger file, over the real HTTP wire to the simulator.

pub mod clock;
pub mod counting;
pub mod display;
pub mod house;
pub mod interface;
pub mod press;
pub mod recorder;
pub mod stepped;

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use clock::WoundClock;
use holdfast_desk::{Clock, Decision, Desk, OpenTab, SystemClock};
use holdfast_dojo::{ApiKey, Client};
use holdfast_domain::{Actor, Currency, Hold, Kind, OperationId, OperationKind, Session, TabId, TillId};
use holdfast_ledger::prelude::*;
use holdfast_ledger::{Ledger, LedgerError};
use holdfast_ledger_sqlite::{CheckGate, Opened, SqliteLedger};
use recorder::Recorder;
use serde_json::{Value, json};
use std::sync::Arc;

/// A venue for the length of one story.
pub struct Till {
    /// What staff use.
    pub desk: Arc<Desk>,
    /// What they decided, for looking at.
    pub ledger: Arc<SqliteLedger>,
    /// What went over the wire.
    pub wire: Arc<Recorder>,
    clock: Arc<WoundClock>,
    simulator: holdfast_simulator::Running,
    http: reqwest::Client,
    folder: tempfile::TempDir,
}

fn key() -> Result<ApiKey> {
    Ok(ApiKey::parse(KEY)?)
}

/// How a ledger is opened.
type Opening = fn(&std::path::Path, DateTime<Utc>) -> Result<Opened, LedgerError>;

fn desk_at(
    folder: &std::path::Path,
    wire: &Arc<Recorder>,
    clock: &Arc<WoundClock>,
    open: Opening,
) -> Result<(Arc<Desk>, Arc<SqliteLedger>, Option<CheckGate>)> {
    let opened = open(folder, SystemClock.now())?;
    let ledger = Arc::new(opened.ledger);
    let client = Client::new(wire.clone(), key()?);
    let desk = Arc::new(Desk::new(ledger.clone(), client, clock.clone()));
    desk.keep_settings_in(folder);
    Ok((desk, ledger, opened.check_gate))
}

impl Till {
    /// Opens a venue with an empty ledger and its own simulator.
    pub async fn open() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let simulator = holdfast_simulator::serve(holdfast_simulator::Options {
            address: ([127, 0, 0, 1], 0).into(),
            public_url: None,
            data: Some(folder.path().join("simulator")),
            seed: None,
            control: holdfast_simulator::Control::Open,
        })
        .await?;
        let wire = Arc::new(Recorder::new(&simulator.base_url())?);
        let clock = Arc::new(WoundClock::default());
        let (desk, ledger, _) = desk_at(
            &folder.path().join("till"),
            &wire,
            &clock,
            SqliteLedger::open_or_restore,
        )?;
        Ok(Self {
            desk,
            ledger,
            wire,
            clock,
            simulator,
            http: reqwest::Client::new(),
            folder,
        })
    }

    /// Closes the app and starts it again; the simulator goes on.
    pub async fn restart(self) -> Result<Self> {
        self.restart_after(|_| Ok(())).await
    }

    /// The same, as the window starts: what is open is there, and the check of all of it is still held back.
    pub async fn restart_at_once(self) -> Result<(Self, CheckGate)> {
        self.restart_at_once_after(|_| Ok(())).await
    }

    /// The same, with something done to the data folder while the app is closed.
    pub async fn restart_at_once_after(
        self,
        meanwhile: impl FnOnce(&std::path::Path) -> Result<()>,
    ) -> Result<(Self, CheckGate)> {
        let (till, check_gate) = self.started(meanwhile, SqliteLedger::open_staged)?;
        Ok((
            till,
            check_gate.context("the ledger was checked before it was opened")?,
        ))
    }

    /// The same, with something done to the data folder while the app is closed.
    pub async fn restart_after(self, meanwhile: impl FnOnce(&std::path::Path) -> Result<()>) -> Result<Self> {
        let (till, _) = self.started(meanwhile, SqliteLedger::open_or_restore)?;
        Ok(till)
    }

    fn started(
        self,
        meanwhile: impl FnOnce(&std::path::Path) -> Result<()>,
        open: Opening,
    ) -> Result<(Self, Option<CheckGate>)> {
        let Self {
            desk: old,
            ledger,
            wire,
            clock,
            simulator,
            http,
            folder,
        } = self;
        drop((old, ledger));
        meanwhile(&folder.path().join("till"))?;
        let (desk, ledger, check_gate) = desk_at(&folder.path().join("till"), &wire, &clock, open)?;
        let till = Self {
            desk,
            ledger,
            wire,
            clock,
            simulator,
            http,
            folder,
        };
        Ok((till, check_gate))
    }

    /// The desk of one till of several on the venue's ledger, by its number. The venue's own desk knows of no other
    /// till, and is left alone beside them.
    pub fn one_of_several(&self, number: u128) -> Result<Arc<Desk>> {
        self.one_of_several_over(number, self.ledger.clone())
    }

    /// The same over a ledger that may do more, or less, than the venue's.
    pub fn one_of_several_over(&self, number: u128, ledger: Arc<dyn Ledger>) -> Result<Arc<Desk>> {
        let session = Session {
            till: TillId(uuid::Uuid::from_u128(number)),
            number: 1,
        };
        let client = Client::new(self.wire.clone(), key()?);
        let desk = Desk::of_till(ledger, client, self.clock.clone(), session);
        Ok(Arc::new(desk))
    }

    /// Dojo's client on the same wire, for what the desk never asks; `key` as a venue would paste it.
    pub fn client(&self, key: &str) -> Result<Client> {
        Ok(Client::new(self.wire.clone(), ApiKey::parse(key)?))
    }

    /// Where the simulator listens.
    pub fn address(&self) -> String {
        self.simulator.base_url()
    }

    /// The folder of its ledger.
    pub fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("till")
    }

    /// What the simulator knows to have happened.
    pub async fn truth(&self) -> Result<Value> {
        self.control("GET", "truth", Value::Null).await
    }

    /// Pulls the network cable, or puts it back.
    pub fn plug(&self, is_in: bool) -> Result<()> {
        // Nobody listens on the port that is reserved for nothing.
        let nowhere = "http://127.0.0.1:1".to_owned();
        self.wire.aim(&if is_in { self.address() } else { nowhere })
    }

    /// Opens a tab, deposit or payment for `amount` as typed.
    pub async fn opened(&self, kind: Kind, name: &str, amount: &str) -> Result<TabId> {
        Ok(self.desk.open_tab(typed(kind, name, amount)).await?)
    }

    /// The tab's newest hold, freshly read from Dojo.
    pub async fn hold(&self, tab: TabId) -> Result<Hold> {
        let hold = self
            .ledger
            .holds(tab)
            .await?
            .pop()
            .context("the tab has no hold")?;
        Ok(self.desk.read(hold.id).await?)
    }

    /// The guest pays; the simulator's word for what happened.
    pub async fn pay(&self, hold: &Hold, card: &str) -> Result<String> {
        self.pay_intent(hold.intent_id.as_deref().context("no intent")?, card)
            .await
    }

    /// The guest pays an intent that the desk need not know of.
    pub async fn pay_intent(&self, id: &str, card: &str) -> Result<String> {
        let answer = self
            .control("POST", &format!("pay/{id}"), json!({ "card": card }))
            .await?;
        Ok(answer["outcome"].as_str().unwrap_or_default().to_owned())
    }

    /// Winds the simulator's clock on; the till has waited as long.
    pub async fn wind(&self, span: &str) -> Result<()> {
        self.clock.wind(span)?;
        self.control("POST", "clock", json!({ "advance": span }))
            .await
            .map(drop)
    }

    /// Orders a fault.
    pub async fn fault(&self, operation: &str, fault: &str) -> Result<()> {
        let order = json!({ "operation": operation, "fault": fault, "times": 1 });
        self.control("POST", "faults", order).await.map(drop)
    }

    /// Orders a fault for the next `times` requests.
    pub async fn fault_often(&self, operation: &str, fault: &str, times: u32) -> Result<()> {
        let order = json!({ "operation": operation, "fault": fault, "times": times });
        self.control("POST", "faults", order).await.map(drop)
    }

    /// Ends all faults.
    pub async fn clear_faults(&self) -> Result<()> {
        self.control("DELETE", "faults", Value::Null).await.map(drop)
    }

    /// Orders a fault that takes so many seconds.
    pub async fn fault_after(&self, operation: &str, fault: &str, seconds: i64) -> Result<()> {
        let order = json!({ "operation": operation, "fault": fault, "times": 1, "delay": seconds });
        self.control("POST", "faults", order).await.map(drop)
    }

    /// Turns switches of the simulator: what Dojo leaves unsaid.
    pub fn switch(&self, turn: impl FnOnce(&mut holdfast_simulator::engine::Switches)) -> Result<()> {
        self.simulator.switch(turn)
    }

    /// How many requests with this method and path ending the simulator received.
    pub async fn requests(&self, method: &str, ending: &str) -> Result<usize> {
        let truth = self.truth().await?;
        let log = truth["requests"].as_array().context("no log of requests")?;
        let is_one = |r: &&Value| {
            r["method"] == method && r["path"].as_str().is_some_and(|path| path.ends_with(ending))
        };
        Ok(log.iter().filter(is_one).count())
    }

    async fn control(&self, method: &str, path: &str, body: Value) -> Result<Value> {
        let url = format!("{}/_simulator/{path}", self.simulator.base_url());
        let request = match method {
            "GET" => self.http.get(url),
            "DELETE" => self.http.delete(url),
            _ => self.http.post(url).json(&body),
        };
        let text = request.send().await?.error_for_status()?.text().await?;
        Ok(if text.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&text)?
        })
    }
}

/// Fills a training folder with `count` open tabs named `Guest 1` and so on, each paid.
pub async fn crowd(folder: &std::path::Path, count: u32) -> Result<()> {
    let simulator = holdfast_simulator::serve(holdfast_simulator::Options {
        address: ([127, 0, 0, 1], 0).into(),
        public_url: None,
        data: Some(folder.join("simulator")),
        seed: None,
        control: holdfast_simulator::Control::Open,
    })
    .await?;
    let wire = Arc::new(Recorder::new(&simulator.base_url())?);
    let desk = desk_at(folder, &wire, &Arc::default(), SqliteLedger::open_or_restore)?.0;
    for number in 1..=count {
        let id = desk
            .open_tab(typed(Kind::Tab, &format!("Guest {number}"), "100"))
            .await?;
        let view = desk.tab(id).await?;
        let intent = view.holds.first().and_then(|hold| hold.intent_id.as_deref());
        simulator.pay(intent.context("no intent")?, GOOD)?;
    }
    desk.sweep().await?;
    simulator.shutdown().await;
    Ok(())
}

/// What staff type to open something.
pub fn typed(kind: Kind, name: &str, amount: &str) -> OpenTab {
    OpenTab {
        allow_change: true,
        ..OpenTab::of(kind, name, amount, Currency::Gbp)
    }
}
/// The key that every till in a story has.
pub const KEY: &str = "sk_sandbox_invented_for_tests";

/// A new decision's id, as the window mints one a sheet.
pub fn decision() -> OperationId {
    OperationId(uuid::Uuid::now_v7())
}

/// What Sam decides about a hold.
pub fn decide(hold: &Hold, kind: OperationKind, amount: i64) -> Decision {
    Decision {
        id: decision(),
        hold: hold.id,
        kind,
        amount,
        service: 0,
        tip: 0,
        cause: holdfast_domain::Cause::Person,
        reason: None,
        by: Actor::staff("Sam"),
        seen: holdfast_desk::Seen::default(),
        then_ask: 0,
        of: None,
    }
}

/// Dojo's test card that is accepted.
pub const GOOD: &str = "5200000000001005";
/// Dojo's test card that is declined.
pub const DECLINED: &str = "4456530000001013";
