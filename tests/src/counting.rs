//! A ledger that counts the calls that are made of it, each as one round trip.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use holdfast_domain::{
    Currency, EntryMatch, Finding, FindingKey, Hold, HoldId, JournalHead, JournalWitness, Line, Movement,
    NightReport, Operation, OperationId, Renewal, RenewalEnded, RunId, Said, Sums, Tab, TabId,
};
use holdfast_ledger::*;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Hands every call on, and keeps its name.
pub struct CountingLedger {
    inner: Arc<dyn Ledger>,
    calls: Mutex<Vec<&'static str>>,
    /// How many decisions are still to come late.
    late: AtomicU32,
    /// What is given for a decision instead, and what happens until the desk has it.
    given: Mutex<Option<Given>>,
    /// Which call fails, and how.
    fails: Mutex<Option<(&'static str, LedgerError)>>,
    /// The server can't be reached.
    is_away: AtomicBool,
    /// What its clock says, and to which till.
    clock: Mutex<Option<ServerClock>>,
}

type Given = (Permit, Box<dyn Fn() + Send>);

impl CountingLedger {
    /// Over a ledger that does the work.
    pub fn over(inner: Arc<dyn Ledger>) -> Self {
        Self {
            inner,
            calls: Mutex::default(),
            late: AtomicU32::default(),
            given: Mutex::default(),
            fails: Mutex::default(),
            is_away: AtomicBool::default(),
            clock: Mutex::default(),
        }
    }

    /// Has one of the calls fail from now on, and all others carried out.
    pub fn fail(&self, call: &'static str, why: LedgerError) {
        *self.fails.lock().unwrap_or_else(PoisonError::into_inner) = Some((call, why));
    }

    /// Answers nobody from now on, as a server does that is away; or everybody again.
    pub fn go_away(&self, is_away: bool) {
        self.is_away.store(is_away, Ordering::SeqCst);
    }

    /// Has a server's clock from now on, which says this.
    pub fn show_clock(&self, clock: ServerClock) {
        *self.clock.lock().unwrap_or_else(PoisonError::into_inner) = Some(clock);
    }

    fn shown(&self, _: Option<ServerClock>) -> Option<ServerClock> {
        self.clock.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The calls since this was asked last, in their order.
    pub fn calls(&self) -> Vec<&'static str> {
        std::mem::take(&mut self.calls.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Writes the holds before each of the next decisions is kept, as the watch may while somebody decides.
    pub fn be_late(&self, decisions: u32) {
        self.late.store(decisions, Ordering::SeqCst);
    }

    /// Gives this permit for decisions, as a ledger does that several tills share. Then something happens, such as that
    /// the computer falls asleep, before the desk hears of it.
    pub fn give(&self, permit: Permit, then: impl Fn() + Send + 'static) {
        let given = (permit, Box::new(then) as Box<dyn Fn() + Send>);
        *self.given.lock().unwrap_or_else(PoisonError::into_inner) = Some(given);
    }

    /// The permit that a desk is given which gets `usual` from the ledger that does the work.
    fn permitted(&self, usual: Permit) -> Permit {
        let given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        given.as_ref().map_or(usual, |(permit, then)| {
            then();
            *permit
        })
    }

    async fn count(&self, call: &'static str) -> Result<(), LedgerError> {
        self.calls
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(call);
        let fails = self.fails.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, why)) = fails.filter(|(failing, _)| *failing == call) {
            return Err(why);
        }
        if self.is_away.load(Ordering::SeqCst) {
            return Err(LedgerError::Unreachable);
        }
        let fewer = |late: u32| late.checked_sub(1);
        let (set, got) = (Ordering::SeqCst, Ordering::SeqCst);
        if call == "intend" && self.late.fetch_update(set, got, fewer).is_ok() {
            for hold in self.inner.every_hold().await? {
                self.inner
                    .record(hold, Learnt::default(), None, Vec::new())
                    .await?;
            }
        }
        Ok(())
    }
}

/// The ports' calls, each handed on.
macro_rules! handed_on {
    ($($port:ident {
        $($call:ident($($name:ident: $type:ty),*) -> $answer:ty $(, as $seen:ident)?;)*
    })*) => {
        $(
            #[async_trait]
            impl $port for CountingLedger {
                $(
                    async fn $call(&self, $($name: $type),*) -> Result<$answer, LedgerError> {
                        self.count(stringify!($call)).await?;
                        let answer = self.inner.$call($($name),*).await?;
                        $(let answer = self.$seen(answer);)?
                        Ok(answer)
                    }
                )*
            }
        )*
    };
}

handed_on! {
    Tabs {
        add_tab(tab: &Tab, note: Note) -> ();
        open_tab(tab: &Tab, hold: &Hold, create: &Operation, notes: Vec<Note>) -> Permit, as permitted;
        set_tab(tab: &Tab, note: Note) -> ();
        set_closed(tab: TabId, version: i64, seen: Option<TabSeen>, at: Option<DateTime<Utc>>, note: Note) -> ();
        add_line(line: &Line, seen: Option<TabSeen>, note: Note) -> ();
        move_bill(moving: &BillMove, notes: Vec<Note>) -> ();
        tab(id: TabId) -> Tab;
        tabs(open: bool, limit: i64) -> Vec<Tab>;
        has_tabs() -> bool;
        lines(tab: TabId) -> Vec<Line>;
    }
    Operations {
        add_hold(hold: &Hold, create: &Operation, seen: Option<TabSeen>, note: Note) -> Permit;
        hold(id: HoldId) -> Hold;
        holds(tab: TabId) -> Vec<Hold>;
        live_holds(since: DateTime<Utc>) -> Vec<Hold>;
        every_hold() -> Vec<HoldId>;
        intend(operation: &Operation, expect: Expect, note: Note) -> Permit, as permitted;
        record(hold: HoldId, learnt: Learnt, progress: Option<Progress>, notes: Vec<Note>) -> i64;
        operation(id: OperationId) -> Option<Operation>;
        operations(hold: HoldId) -> Vec<Operation>;
        mark_seen(id: OperationId, note: Note) -> ();
        open_asks() -> Vec<Operation>;
        end_ask(
            tab: TabId, ask: OperationId, opened: Option<(Hold, Operation)>, seen: Option<TabSeen>, notes: Vec<Note>
        ) -> Option<Permit>;
        say_refund(hold: HoldId, decision: Option<OperationId>, said: Said, note: Note) -> ();
    }
    Renewals {
        begin_renewal(renewal: &Renewal, hold: &Hold, create: &Operation, expect: Expect, notes: Vec<Note>) -> Permit;
        end_renewal(new: HoldId, ended: RenewalEnded, notes: Vec<Note>) -> ();
        open_renewals() -> Vec<Renewal>;
    }
    Journal {
        journal(tab: TabId) -> Vec<Entry>;
        closers(tabs: Vec<TabId>) -> std::collections::HashMap<TabId, holdfast_domain::Actor>;
        house_journal(topic: HouseTopic, limit: i64) -> Vec<Entry>;
        newest_entry() -> Option<DateTime<Utc>>;
        witness() -> Option<JournalWitness>;
        compare(heads: Vec<JournalHead>) -> Vec<EntryMatch>;
        verify_journal() -> i64;
    }
    Findings {
        put_findings(findings: Vec<Finding>, notes: Vec<Note>) -> ();
        findings() -> Vec<Finding>;
        finding(key: &FindingKey) -> Option<Finding>;
        warnings() -> Vec<Finding>;
    }
    Guests {
        forget(tabs: Vec<TabId>, note: Note) -> ();
        to_forget(closed_before: DateTime<Utc>, limit: i64) -> Vec<TabId>;
        not_to_forget(tabs: Vec<TabId>) -> Vec<TabId>;
    }
    Reports {
        movements(first: i64, last: i64) -> Vec<Movement>;
        movements_at(from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Movement>;
        day_sums(currency: Currency, edges: Vec<DateTime<Utc>>) -> Vec<(Sums, i64)>;
        unreported() -> Unreported;
        add_report(report: &NightReport, note: Note) -> ();
        report(number: i64) -> NightReport;
        reports(before: Option<i64>, limit: i64) -> Vec<NightReport>;
    }
    Runs {
        begin_run(run: &Run, note: Note) -> ();
        newest_run() -> Option<Run>;
        end_run_row(run: RunId, tab: TabId, ended: RowEnded, note: Note) -> ();
        set_run_state(run: RunId, state: RunState, note: Note) -> ();
    }
    Queries {
        open_accounts(limit: i64) -> Vec<Account>;
        accounts(tabs: Vec<TabId>) -> Vec<Account>;
        closed_accounts(filter: ClosedFilter, after: Option<Place>, limit: i64) -> Vec<Account>;
        unsettled_accounts() -> Vec<Account>;
        search(query: &str, limit: usize) -> Found;
    }
    Tills {
        lease(duty: Duty) -> Lease;
        changes(after: Option<Cursor>) -> Changes;
        written(after: Option<i64>) -> Written;
        server_clock() -> Option<ServerClock>, as shown;
    }
    Settings {
        setting(name: &str) -> Option<String>;
        set_setting(name: &str, value: &str, seen: SettingSeen<'_>, note: Note) -> ();
        beside() -> Option<String>;
        set_beside(text: &str) -> ();
    }
    Backups {
        back_up(now: DateTime<Utc>, second: Option<SecondFolder>) -> BackedUp;
        backups() -> Vec<Backup>;
        newer_than(backup: &str) -> Newer;
        restored() -> Option<Restored>;
        set_restored(restored: &Restored, note: Note) -> ();
        counts() -> Counts;
    }
}

#[async_trait]
impl StartupCheck for CountingLedger {
    // Neither of them reads or writes anything.
    fn checking_for(&self) -> Option<Duration> {
        self.inner.checking_for()
    }

    async fn refuse_if_harmed(&self) -> Result<(), LedgerError> {
        self.inner.refuse_if_harmed().await
    }
}
