//! The real ledger behind doors, each call done when it is asked for, so that the speed of threads decides
//! nothing. What happens at a door is the world's to say: [`Gate`].

use super::fate::Fate;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use holdfast_domain::{
    Actor, Currency, EntryMatch, Finding, FindingKey, Hold, HoldId, JournalHead, JournalWitness, Line,
    Movement, NightReport, Operation, OperationId, Renewal, RenewalEnded, RunId, Said, Sums, Tab, TabId,
};
use holdfast_ledger::{
    Account, BackedUp, Backup, Backups, BillMove, Changes, ClosedFilter, Counts, Cursor, Duty, Entry, Expect,
    Findings, Found, Guests, HouseTopic, Journal, Learnt, Lease, LedgerError, Newer, Note, Operations,
    Permit, Place, Progress, Queries, Renewals, Reports, Restored, RowEnded, Run, RunState, Runs,
    SecondFolder, SettingSeen, Settings, StartupCheck, TabSeen, Tabs, Tills, Unreported,
};
use holdfast_ledger_sqlite::SqliteLedger;
use std::collections::{BTreeSet, HashMap};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;

/// Waits for `future` here and now.
pub(crate) fn now<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    // Or the runtime around it would want its turn, which never comes.
    let mut future = pin!(tokio::task::unconstrained(future));
    loop {
        if let Poll::Ready(done) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return done;
        }
        std::thread::park();
    }
}

/// What happens around a call to the ledger.
#[async_trait]
pub(crate) trait Gate: Send + Sync {
    /// Just before the call of that name. Whoever waits here may be overtaken, or never come through.
    async fn before(&self, call: &'static str);
    /// Just after it.
    async fn after(&self, call: &'static str);
    /// Something about this hold was written. A call that was refused wrote nothing: its hold may not exist.
    fn wrote(&self, hold: HoldId);
    /// How long a request may begin to leave, where the ledger says that.
    fn permit(&self, given: Permit) -> Permit {
        given
    }
    /// Who has a duty, where the ledger says that.
    fn lease(&self, _duty: Duty, given: Lease) -> Lease {
        given
    }
}

/// What the gate makes of a permit.
fn permit(given: Permit, gate: &dyn Gate) -> Permit {
    gate.permit(given)
}

/// The same of one that isn't always given.
fn permit_if_any(given: Option<Permit>, gate: &dyn Gate) -> Option<Permit> {
    given.map(|given| gate.permit(given))
}

/// A ledger that is reached through a gate.
pub(crate) struct Mortal {
    pub(crate) ledger: Arc<SqliteLedger>,
    pub(crate) gate: Arc<dyn Gate>,
}

/// The gate of a till that is alone with its ledger, and may die.
pub(super) struct Lonely {
    pub(super) fate: Arc<Fate>,
    /// Holds that were written about since the oracle looked.
    pub(super) touched: Arc<Mutex<BTreeSet<HoldId>>>,
}

#[async_trait]
impl Gate for Lonely {
    async fn before(&self, _: &'static str) {
        self.fate.door().await;
    }

    async fn after(&self, _: &'static str) {
        self.fate.door().await;
    }

    fn wrote(&self, hold: HoldId) {
        self.touched
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(hold);
    }
}

macro_rules! behind_doors {
    ($capability:ident: $(
        fn $name:ident($($argument:ident: $kind:ty),*) -> $answer:ty $(, about $hold:expr)? $(, through $way:ident)?;
    )+) => {
        #[async_trait]
        impl $capability for Mortal {
            $(async fn $name(&self $(, $argument: $kind)*) -> Result<$answer, LedgerError> {
                self.gate.before(stringify!($name)).await;
                let done = now(self.ledger.$name($($argument),*));
                $(let done = done.map(|given| $way(given, self.gate.as_ref()));)?
                $(if done.is_ok() {
                    self.gate.wrote($hold);
                })?
                self.gate.after(stringify!($name)).await;
                done
            })+
        }
    };
}

behind_doors! { Tabs:
    fn add_tab(tab: &Tab, note: Note) -> ();
    fn open_tab(tab: &Tab, hold: &Hold, create: &Operation, notes: Vec<Note>) -> Permit, about hold.id, through permit;
    fn set_tab(tab: &Tab, note: Note) -> ();
    fn set_closed(tab: TabId, version: i64, seen: Option<TabSeen>, at: Option<DateTime<Utc>>, note: Note) -> ();
    fn add_line(line: &Line, seen: Option<TabSeen>, note: Note) -> ();
    fn move_bill(moving: &BillMove, notes: Vec<Note>) -> ();
    fn tab(id: TabId) -> Tab;
    fn tabs(open: bool, limit: i64) -> Vec<Tab>;
    fn has_tabs() -> bool;
    fn lines(tab: TabId) -> Vec<Line>;
}

behind_doors! { Operations:
    fn add_hold(hold: &Hold, create: &Operation, seen: Option<TabSeen>, note: Note)
        -> Permit, about hold.id, through permit;
    fn hold(id: HoldId) -> Hold;
    fn holds(tab: TabId) -> Vec<Hold>;
    fn live_holds(since: DateTime<Utc>) -> Vec<Hold>;
    fn every_hold() -> Vec<HoldId>;
    fn intend(operation: &Operation, expect: Expect, note: Note) -> Permit, about operation.hold, through permit;
    fn record(hold: HoldId, learnt: Learnt, progress: Option<Progress>, notes: Vec<Note>) -> i64, about hold;
    fn operation(id: OperationId) -> Option<Operation>;
    fn operations(hold: HoldId) -> Vec<Operation>;
    fn mark_seen(id: OperationId, note: Note) -> ();
    fn open_asks() -> Vec<Operation>;
    fn end_ask(
        tab: TabId, ask: OperationId, opened: Option<(Hold, Operation)>, seen: Option<TabSeen>, notes: Vec<Note>
    ) -> Option<Permit>, through permit_if_any;
    fn say_refund(hold: HoldId, decision: Option<OperationId>, said: Said, note: Note) -> (), about hold;
}

behind_doors! { Renewals:
    fn begin_renewal(renewal: &Renewal, hold: &Hold, create: &Operation, expect: Expect, notes: Vec<Note>)
        -> Permit, about hold.id, through permit;
    fn end_renewal(new: HoldId, ended: RenewalEnded, notes: Vec<Note>) -> (), about new;
    fn open_renewals() -> Vec<Renewal>;
}

behind_doors! { Runs:
    fn begin_run(run: &Run, note: Note) -> ();
    fn newest_run() -> Option<Run>;
    fn end_run_row(run: RunId, tab: TabId, ended: RowEnded, note: Note) -> ();
    fn set_run_state(run: RunId, state: RunState, note: Note) -> ();
}

behind_doors! { Journal:
    fn journal(tab: TabId) -> Vec<Entry>;
    fn closers(tabs: Vec<TabId>) -> HashMap<TabId, Actor>;
    fn house_journal(topic: HouseTopic, limit: i64) -> Vec<Entry>;
    fn newest_entry() -> Option<DateTime<Utc>>;
    fn witness() -> Option<JournalWitness>;
    fn compare(heads: Vec<JournalHead>) -> Vec<EntryMatch>;
    fn verify_journal() -> i64;
}

behind_doors! { Findings:
    fn put_findings(findings: Vec<Finding>, notes: Vec<Note>) -> ();
    fn findings() -> Vec<Finding>;
    fn finding(key: &FindingKey) -> Option<Finding>;
    fn warnings() -> Vec<Finding>;
}

behind_doors! { Guests:
    fn forget(tabs: Vec<TabId>, note: Note) -> ();
    fn to_forget(closed_before: DateTime<Utc>, limit: i64) -> Vec<TabId>;
    fn not_to_forget(tabs: Vec<TabId>) -> Vec<TabId>;
}

behind_doors! { Reports:
    fn movements(first: i64, last: i64) -> Vec<Movement>;
    fn movements_at(from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Movement>;
    fn day_sums(currency: Currency, edges: Vec<DateTime<Utc>>) -> Vec<(Sums, i64)>;
    fn unreported() -> Unreported;
    fn add_report(report: &NightReport, note: Note) -> ();
    fn report(number: i64) -> NightReport;
    fn reports(before: Option<i64>, limit: i64) -> Vec<NightReport>;
}

behind_doors! { Queries:
    fn open_accounts(limit: i64) -> Vec<Account>;
    fn accounts(tabs: Vec<TabId>) -> Vec<Account>;
    fn closed_accounts(filter: ClosedFilter, after: Option<Place>, limit: i64) -> Vec<Account>;
    fn unsettled_accounts() -> Vec<Account>;
    fn search(query: &str, limit: usize) -> Found;
}

#[async_trait]
impl Tills for Mortal {
    async fn lease(&self, duty: Duty) -> Result<Lease, LedgerError> {
        self.gate.before("lease").await;
        let done = now(self.ledger.lease(duty)).map(|given| self.gate.lease(duty, given));
        self.gate.after("lease").await;
        done
    }

    async fn changes(&self, after: Option<Cursor>) -> Result<Changes, LedgerError> {
        self.gate.before("changes").await;
        let done = now(self.ledger.changes(after));
        self.gate.after("changes").await;
        done
    }
}

behind_doors! { Settings:
    fn setting(name: &str) -> Option<String>;
    fn set_setting(name: &str, value: &str, seen: SettingSeen<'_>, note: Note) -> ();
    fn beside() -> Option<String>;
    fn set_beside(text: &str) -> ();
}

behind_doors! { StartupCheck:
    fn refuse_if_harmed() -> ();
}

behind_doors! { Backups:
    fn back_up(at: DateTime<Utc>, second: Option<SecondFolder>) -> BackedUp;
    fn backups() -> Vec<Backup>;
    fn newer_than(backup: &str) -> Newer;
    fn restored() -> Option<Restored>;
    fn set_restored(restored: &Restored, note: Note) -> ();
    fn counts() -> Counts;
}
