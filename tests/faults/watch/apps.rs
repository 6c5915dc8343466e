//! What is attacked: the watch's own decisions, over a store in memory or over the real desk and ledger.

use anyhow::{Context, Result, ensure};
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_desk::{Clock, Desk, Settings};
use holdfast_dojo::{ApiKey, Client, Transport, WireError, WireRequest, WireResponse};
use holdfast_domain::{
    Actor, CaptureMode, Currency, DeadlineAction, Deed, Event, Finding, FindingKind, Hold, HoldId,
    IntentStatus, Kind, Operation, OperationId, OperationKind, OperationState, Personal, Snapshot, Tab,
    TabId, Timekeeper, Warnings, changes,
};
use holdfast_ledger::prelude::*;
use holdfast_ledger::{Learnt, Note};
use holdfast_ledger_sqlite::SqliteLedger;
use holdfast_tests::KEY;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use uuid::Uuid;

/// A computer's clocks: the one that can be set, and the count of seconds that it ran.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clocks {
    pub(super) till: DateTime<Utc>,
    pub(super) steady: TimeDelta,
}

/// The app, as the world sees it.
pub(super) trait App {
    /// The process starts, on what was kept.
    fn start(&mut self, at: Clocks) -> Result<()>;
    /// Dojo answered with this date.
    fn heard(&mut self, date: DateTime<Utc>, at: Clocks) -> Result<()>;
    /// Dojo's record shows that nothing is held any more.
    fn over(&mut self, hold: HoldId, at: Clocks) -> Result<()>;
    /// Looks what is due, keeps it, and answers which warnings are told.
    fn look(&mut self, is_start: bool, at: Clocks) -> Result<Vec<Finding>>;
    /// Somebody has seen it.
    fn acknowledge(&mut self, key: &str, at: Clocks) -> Result<()>;
    /// The warnings that wait for somebody, and what the app took the time for when it raised each.
    fn open(&self) -> Result<Vec<(String, DateTime<Utc>)>>;
}

/// A hold of £50 from `from` on, for so long.
pub(super) fn hold(number: u64, from: DateTime<Utc>, interval: TimeDelta) -> Hold {
    Hold {
        id: HoldId(Uuid::from_u64_pair(1, number)),
        tab: TabId(Uuid::from_u64_pair(2, number)),
        intent_id: Some(format!("pi_{number}")),
        reference: format!("watch-{number}"),
        mode: CaptureMode::Manual,
        currency: Currency::Gbp,
        asked: 5_000,
        expire_in: Some(interval.num_seconds()),
        expire_action: Some(DeadlineAction::Release),
        link: None,
        link_ends_at: None,
        opened_at: from,
        created_at: Some(from),
        seen: Some(seen(IntentStatus::Authorized, from)),
        lapsed_at: None,
        said_elsewhere: None,
        given_up_at: None,
        version: 0,
    }
}

fn seen(status: IntentStatus, at: DateTime<Utc>) -> Snapshot {
    Snapshot {
        status,
        amount: 5_000,
        tip: 0,
        total: 5_000,
        refunded: 0,
        captures: Vec::new(),
        card: None,
        auth_code: None,
        authorised_at: Some(at),
        authorised_by: None,
        declined: 0,
        seen_at: at,
    }
}

/// The decisions alone: what is kept is kept in memory, as the ledger would.
pub(super) struct InMemory {
    holds: Vec<Hold>,
    kept: Vec<Finding>,
    newest: Option<DateTime<Utc>>,
    time: Timekeeper,
    warnings: Warnings,
}

impl InMemory {
    pub(super) fn new(holds: Vec<Hold>, hours: &[u16], safe_hours: u8) -> Self {
        Self {
            holds,
            kept: Vec::new(),
            newest: None,
            time: Timekeeper::default(),
            warnings: Warnings::new(hours, safe_hours),
        }
    }
}

impl App for InMemory {
    fn start(&mut self, _: Clocks) -> Result<()> {
        self.time = Timekeeper::default();
        Ok(())
    }

    fn heard(&mut self, date: DateTime<Utc>, at: Clocks) -> Result<()> {
        self.time.heard(date, at.till, at.steady);
        Ok(())
    }

    fn over(&mut self, hold: HoldId, _: Clocks) -> Result<()> {
        self.holds.retain(|other| other.id != hold);
        Ok(())
    }

    fn look(&mut self, is_start: bool, at: Clocks) -> Result<Vec<Finding>> {
        if let Some(newest) = self.newest.filter(|_| is_start) {
            self.time.past(newest, at.steady);
        }
        self.time.looked(at.till, at.steady);
        let now = self.time.reckon(at.till, at.steady);
        let due = changes(&self.holds, &self.kept, self.warnings, now, is_start);
        let written = due.iter().map(|change| change.finding(0, now.latest));
        let written: Vec<Finding> = written.collect::<Option<_>>().context("a change about nothing")?;
        for finding in &written {
            if finding.at == now.latest {
                self.newest = Some(now.latest);
            }
            match self.kept.iter_mut().find(|kept| kept.key == finding.key) {
                Some(kept) => kept.clone_from(finding),
                None => self.kept.push(finding.clone()),
            }
        }
        Ok(written.into_iter().filter(Finding::is_open).collect())
    }

    fn acknowledge(&mut self, key: &str, at: Clocks) -> Result<()> {
        let now = self.time.reckon(at.till, at.steady).latest;
        let mut kept = self.kept.iter_mut();
        let kept = kept
            .find(|kept| kept.key.to_string() == key)
            .context("no such finding")?;
        (kept.ended_at, kept.seen_by) = (Some(now), Some(Actor::staff("Sam")));
        self.newest = Some(now);
        Ok(())
    }

    fn open(&self) -> Result<Vec<(String, DateTime<Utc>)>> {
        let open = self.kept.iter().filter(|finding| finding.is_open());
        Ok(open
            .map(|finding| (finding.key.to_string(), finding.at))
            .collect())
    }
}

/// The clocks as the desk's port.
struct Set(Mutex<Clocks>);

#[async_trait]
impl Clock for Set {
    fn now(&self) -> DateTime<Utc> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).till
    }

    fn uuid(&self) -> Uuid {
        Uuid::now_v7()
    }

    fn steady(&self) -> Duration {
        let clocks = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        clocks.steady.to_std().unwrap_or_default()
    }

    fn since_boot(&self) -> Duration {
        self.steady()
    }
}

/// A Dojo that knows nothing but what time it is.
struct OnlyTheTime(Mutex<DateTime<Utc>>);

#[async_trait]
impl Transport for OnlyTheTime {
    async fn send(&self, _: WireRequest) -> Result<WireResponse, WireError> {
        let date = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(WireResponse {
            status: 404,
            headers: vec![(
                "date".to_owned(),
                date.format("%a, %d %b %Y %H:%M:%S GMT").to_string(),
            )],
            body: br#"{"title":"Payment intent not found"}"#.to_vec(),
        })
    }
}

/// The real desk on a real ledger file.
pub(super) struct Real {
    folder: tempfile::TempDir,
    running: Option<(Desk, Arc<SqliteLedger>)>,
    clock: Arc<Set>,
    dojo: Arc<OnlyTheTime>,
    any_hold: HoldId,
    runtime: tokio::runtime::Runtime,
    told: BTreeMap<String, DateTime<Utc>>,
}

impl Real {
    pub(super) fn new(holds: &[Hold], hours: &[u16], safe_hours: u8, at: Clocks) -> Result<Self> {
        let mut app = Self {
            folder: crate::world::shelf(1)?,
            running: None,
            clock: Arc::new(Set(Mutex::new(at))),
            dojo: Arc::new(OnlyTheTime(Mutex::new(at.till))),
            any_hold: holds.first().context("no hold")?.id,
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?,
            told: BTreeMap::new(),
        };
        app.start(at)?;
        let (desk, ledger) = app.running()?;
        app.runtime.block_on(async {
            for hold in holds {
                add(ledger, hold).await?;
            }
            let settings = Settings {
                warning_hours: hours.to_vec(),
                safe_hours,
                ..Settings::default()
            };
            desk.save_settings(settings).await?;
            anyhow::Ok(())
        })?;
        Ok(app)
    }

    fn running(&self) -> Result<&(Desk, Arc<SqliteLedger>)> {
        self.running.as_ref().context("the app is down")
    }

    fn set(&self, at: Clocks) {
        *self.clock.0.lock().unwrap_or_else(PoisonError::into_inner) = at;
    }
}

async fn add(ledger: &SqliteLedger, hold: &Hold) -> Result<()> {
    let note = |event| Note {
        at: hold.opened_at,
        by: Actor::staff("Sam"),
        tab: Some(hold.tab),
        event,
        personal: Personal::default(),
        reference: None,
        raises: None,
    };
    let tab = Tab {
        id: hold.tab,
        kind: Kind::Deposit,
        name: hold.reference.clone(),
        place: None,
        note: None,
        email: None,
        currency: hold.currency,
        reference: hold.reference.clone(),
        arrives_on: None,
        departs_on: None,
        opened_at: hold.opened_at,
        opened_by: Actor::staff("Sam"),
        guests: None,
        version: 0,
        closed_at: None,
        is_forgotten: false,
    };
    let create = Operation {
        seen_at: None,
        sender: None,
        of: None,
        then_ask: 0,
        id: OperationId(hold.id.0),
        hold: hold.id,
        kind: OperationKind::Create,
        amount: hold.asked,
        service: 0,
        tip: 0,
        baseline: holdfast_domain::Baseline::default(),
        requested_by: Actor::staff("Sam"),
        cause: holdfast_domain::Cause::Person,
        reason: None,
        at: hold.opened_at,
        state: OperationState::Succeeded,
        dojo_id: hold.intent_id.clone(),
        detail: None,
        is_late: false,
        settled_at: Some(hold.opened_at),
    };
    ledger.add_tab(&tab, note(Event::TabOpened)).await?;
    let deed = Deed::of(&create, hold);
    ledger
        .add_hold(hold, &create, None, note(Event::Decided(deed)))
        .await?;
    let learnt = Learnt {
        seen: hold.seen.clone(),
        ..Learnt::default()
    };
    let is_held = note(Event::Held {
        amount: hold.left(),
        card: None,
    });
    Ok(ledger
        .record(hold.id, learnt, None, vec![is_held])
        .await
        .map(drop)?)
}

impl App for Real {
    fn start(&mut self, at: Clocks) -> Result<()> {
        self.running = None;
        self.told.clear();
        self.set(at);
        let ledger = Arc::new(SqliteLedger::open(self.folder.path())?);
        let client = Client::new(self.dojo.clone(), ApiKey::parse(KEY)?);
        self.running = Some((Desk::new(ledger.clone(), client, self.clock.clone()), ledger));
        Ok(())
    }

    fn heard(&mut self, date: DateTime<Utc>, at: Clocks) -> Result<()> {
        self.set(at);
        *self.dojo.0.lock().unwrap_or_else(PoisonError::into_inner) = date;
        let (desk, _) = self.running()?;
        let read = self.runtime.block_on(desk.read(self.any_hold));
        ensure!(read.is_err(), "there is nothing to be read");
        Ok(())
    }

    fn over(&mut self, hold: HoldId, at: Clocks) -> Result<()> {
        self.set(at);
        let (_, ledger) = self.running()?;
        let learnt = Learnt {
            seen: Some(seen(IntentStatus::Reversed, at.till)),
            ..Learnt::default()
        };
        let recorded = self
            .runtime
            .block_on(ledger.record(hold, learnt, None, Vec::new()));
        Ok(recorded.map(drop)?)
    }

    fn look(&mut self, is_start: bool, at: Clocks) -> Result<Vec<Finding>> {
        self.set(at);
        let (desk, _) = self.running()?;
        let mut open = self.runtime.block_on(desk.warn(is_start))?;
        open.retain(|finding| finding.kind() == FindingKind::Deadline);
        let told = std::mem::take(&mut self.told);
        self.told = open.iter().map(|f| (f.key.to_string(), f.raised_at)).collect();
        open.retain(|finding| told.get(&finding.key.to_string()) != Some(&finding.raised_at));
        Ok(open)
    }

    fn acknowledge(&mut self, key: &str, at: Clocks) -> Result<()> {
        self.set(at);
        let (desk, _) = self.running()?;
        Ok(self.runtime.block_on(desk.acknowledge(key))?)
    }

    fn open(&self) -> Result<Vec<(String, DateTime<Utc>)>> {
        let (_, ledger) = self.running()?;
        let open = self.runtime.block_on(ledger.findings())?;
        let deadlines = open.into_iter().filter(|f| f.kind() == FindingKind::Deadline);
        Ok(deadlines
            .map(|finding| (finding.key.to_string(), finding.at))
            .collect())
    }
}
