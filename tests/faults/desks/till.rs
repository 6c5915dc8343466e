//! One till of several: its clock, its way to Dojo, its way to the ledger that all share.

use super::books::Bills;
use super::schedule::{Door, Life, Schedule};
use super::watchman::Watchman;
use crate::world::line::{acting, into_engine};
use crate::world::mortal::{Gate, Mortal};
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_desk::{Clock, Desk};
use holdfast_dojo::{
    ApiKey, Checkout, Client, Lost, Method, Transport, Unsent, WireError, WireRequest, WireResponse,
};
use holdfast_domain::{HoldId, Session, TillId};
use holdfast_ledger::{Duty, Lease, Permit};
use holdfast_ledger_sqlite::SqliteLedger;
use holdfast_simulator::engine::{Delivery, Engine};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use uuid::Uuid;

/// What all tills of a venue stand on.
pub(super) struct House {
    pub(super) schedule: Schedule,
    engine: Mutex<Engine>,
    pub(super) ledger: Arc<SqliteLedger>,
    pub(super) watchman: Watchman,
    bills: Mutex<Bills>,
    /// Who has which duty, and until when.
    leases: Mutex<HashMap<Duty, (usize, DateTime<Utc>)>>,
    /// The tills whose way to Dojo is cut.
    cut: Vec<AtomicBool>,
    /// The faults are over: no way is cut any more.
    is_calm: AtomicBool,
}

impl House {
    pub(super) fn new(schedule: Schedule, engine: Engine, ledger: SqliteLedger, tills: usize) -> Self {
        Self {
            schedule,
            engine: Mutex::new(engine),
            ledger: Arc::new(ledger),
            watchman: Watchman::default(),
            bills: Mutex::default(),
            leases: Mutex::default(),
            cut: std::iter::repeat_with(AtomicBool::default).take(tills).collect(),
            is_calm: AtomicBool::default(),
        }
    }

    /// Dojo, at this moment.
    pub(super) fn engine(&self) -> MutexGuard<'_, Engine> {
        let mut engine = self.engine.lock().unwrap_or_else(PoisonError::into_inner);
        engine.advance_to(self.schedule.truth());
        engine
    }

    /// After a call that may have changed a bill or closed a tab.
    fn look_at_bills(&self, till: usize, call: &str) {
        let mut bills = self.bills.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = bills.hold(self) {
            self.watchman
                .fails(format!("after {call} of till {till}: {error:#}"));
        }
    }

    /// Gives a duty to a till, as a ledger does that several share.
    fn lease(&self, till: usize, duty: Duty) -> Lease {
        let truth = self.schedule.truth();
        let mut leases = self.leases.lock().unwrap_or_else(PoisonError::into_inner);
        if leases
            .get(&duty)
            .is_some_and(|(whose, until)| *whose != till && *until > truth)
        {
            return Lease::Elsewhere;
        }
        let lasts = TimeDelta::from_std(LEASE).unwrap_or_default();
        leases.insert(duty, (till, truth + lasts));
        Lease::For(LEASE)
    }

    /// Whatever was to be cut from here on, as a short evening may be over before its cut comes, isn't.
    pub(super) fn calm(&self) {
        self.is_calm.store(true, Ordering::SeqCst);
    }

    pub(super) fn cut(&self, till: usize, is_cut: bool) {
        if let Some(cut) = self.cut.get(till) {
            let is_calm = self.is_calm.load(Ordering::SeqCst);
            cut.store(is_cut && !is_calm, Ordering::SeqCst);
        }
    }

    fn is_cut(&self, till: usize) -> bool {
        self.cut.get(till).is_some_and(|cut| cut.load(Ordering::SeqCst))
    }
}

/// How long a till has a duty without asking again.
const LEASE: Duration = Duration::from_secs(20);

/// How long its request may begin to leave once an operation is in the ledger.
const PERMIT: Duration = Duration::from_secs(10);

/// The key of every till.
const KEY: &str = "sk_sandbox_invented_for_desks";

/// Starts a till on whatever its former life left behind.
pub(super) fn start(house: &Arc<House>, till: usize) -> anyhow::Result<Arc<Desk>> {
    let life = house.schedule.life(till);
    let part = || Part {
        house: Arc::clone(house),
        life,
    };
    let client = Client::new(Arc::new(part()), ApiKey::parse(KEY)?);
    let ledger = Mortal {
        ledger: Arc::clone(&house.ledger),
        gate: Arc::new(part()),
    };
    let session = Session {
        till: TillId(Uuid::from_u128(u128::try_from(till)? + 1)),
        number: i64::from(life.number),
    };
    let desk = Desk::of_till(Arc::new(ledger), client, Arc::new(part()), session);
    Ok(Arc::new(desk))
}

/// What one life of a till has of the house.
struct Part {
    house: Arc<House>,
    life: Life,
}

impl Part {
    async fn door(&self, call: &'static str, is_after: bool) {
        self.house.schedule.door(self.life, Door { call, is_after }).await;
    }
}

#[async_trait]
impl Gate for Part {
    async fn before(&self, call: &'static str) {
        self.door(call, false).await;
    }

    async fn after(&self, call: &'static str) {
        if matches!(call, "add_line" | "move_bill" | "set_closed") {
            self.house.look_at_bills(self.life.till, call);
        }
        if matches!(call, "accounts" | "open_accounts") {
            self.house.watchman.reads(self.life.till);
        }
        self.door(call, true).await;
    }

    fn wrote(&self, hold: HoldId) {
        self.house.watchman.wrote(&self.house, self.life.till, hold);
    }

    fn permit(&self, _: Permit) -> Permit {
        Permit::For(PERMIT)
    }

    fn lease(&self, duty: Duty, _: Lease) -> Lease {
        self.house.lease(self.life.till, duty)
    }
}

#[async_trait]
impl Clock for Part {
    fn now(&self) -> DateTime<Utc> {
        self.house.schedule.clock_of(self.life.till)
    }

    fn steady(&self) -> Duration {
        self.house
            .schedule
            .awake(self.life.till)
            .to_std()
            .unwrap_or_default()
    }

    fn since_boot(&self) -> Duration {
        let span = self.house.schedule.since_boot();
        span.to_std().unwrap_or_default()
    }

    fn uuid(&self) -> Uuid {
        let millis = u64::try_from(self.now().timestamp_millis()).unwrap_or(0);
        let mut random = [0_u8; 10];
        let mixed = self.house.schedule.fresh().wrapping_mul(0x9e37_79b9_7f4a_7c15);
        random[2..].copy_from_slice(&mixed.to_be_bytes());
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    async fn sleep(&self, span: Duration) {
        let span = TimeDelta::from_std(span).unwrap_or_default();
        self.house.schedule.wait(Some(self.life), span).await;
    }
}

/// How long a till waits for an answer.
const PATIENCE: TimeDelta = TimeDelta::seconds(30);

#[async_trait]
impl Transport for Part {
    async fn send(&self, request: WireRequest) -> Result<WireResponse, WireError> {
        let (house, schedule) = (&self.house, &self.house.schedule);
        let call = if request.method == Method::Get || acting(&request).is_none() {
            "GET"
        } else {
            "POST"
        };
        self.door(call, false).await;
        if request.is_over() {
            return Err(WireError::NotSent(Unsent::TooLate));
        }
        if house.is_cut(self.life.till) {
            return Err(WireError::NotSent(Unsent::Unreachable));
        }
        // From here on it is on its way, whatever becomes of the till.
        let operation = acting(&request)
            .and_then(|(about, sent)| house.watchman.leaves(house, self.life.till, &about, &sent));
        schedule.wait(None, schedule.way()).await;
        let answer = {
            let mut engine = house.engine();
            let answer = engine.handle(into_engine(&request));
            house.watchman.arrived(&engine, operation);
            answer
        };
        schedule.wait(None, schedule.way()).await;
        self.door(call, true).await;
        match answer.delivery {
            Delivery::Whole | Delivery::Drip { .. } => Ok(WireResponse {
                status: answer.status,
                headers: answer.headers.into_iter().collect(),
                body: answer.body,
            }),
            Delivery::Reset | Delivery::Cut { .. } => Err(WireError::Unknown(Lost::Broken)),
            Delivery::Stall => {
                schedule.wait(Some(self.life), PATIENCE).await;
                Err(WireError::Unknown(Lost::NotInTime))
            }
        }
    }

    fn checkout(&self) -> Checkout {
        Checkout::Here
    }
}
