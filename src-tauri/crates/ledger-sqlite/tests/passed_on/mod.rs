//! Every call of a ledger, passed on to the one within, but for those in which [`Flawed`] has its flaws.

use super::Flawed;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use holdfast_domain::*;
use holdfast_ledger::*;

/// A capability each: the calls that are passed on, and after `=>` those that [`Flawed`] answers itself, and by what.
macro_rules! passed_on {
    ($($capability:ident {
        $($call:ident($($name:ident: $type:ty),*) -> $answer:ty;)*
        $(=> $own:ident: $flawed:ident($($own_name:ident: $own_type:ty),*) -> $own_answer:ty;)*
    })*) => {$(
        #[async_trait]
        impl $capability for Flawed {
            $(async fn $call(&self, $($name: $type),*) -> Result<$answer, LedgerError> {
                self.ledger.$call($($name),*).await
            })*
            $(async fn $flawed(&self, $($own_name: $own_type),*) -> Result<$own_answer, LedgerError> {
                self.$own($($own_name),*).await
            })*
        }
    )*};
}

impl StartupCheck for Flawed {}

passed_on! {
    Tabs {
        add_tab(tab: &Tab, note: Note) -> ();
        open_tab(tab: &Tab, hold: &Hold, create: &Operation, notes: Vec<Note>) -> Permit;
        set_tab(tab: &Tab, note: Note) -> ();
        tab(id: TabId) -> Tab;
        tabs(open: bool, limit: i64) -> Vec<Tab>;
        has_tabs() -> bool;
        lines(tab: TabId) -> Vec<Line>;
        => closed: set_closed(
            tab: TabId, version: i64, seen: Option<TabSeen>, at: Option<DateTime<Utc>>, note: Note
        ) -> ();
        => billed: add_line(line: &Line, seen: Option<TabSeen>, note: Note) -> ();
        => moved: move_bill(moving: &BillMove, notes: Vec<Note>) -> ();
    }
    Operations {
        hold(id: HoldId) -> Hold;
        holds(tab: TabId) -> Vec<Hold>;
        live_holds(since: DateTime<Utc>) -> Vec<Hold>;
        every_hold() -> Vec<HoldId>;
        operation(id: OperationId) -> Option<Operation>;
        operations(hold: HoldId) -> Vec<Operation>;
        mark_seen(id: OperationId, note: Note) -> ();
        open_asks() -> Vec<Operation>;
        say_refund(hold: HoldId, decision: Option<OperationId>, said: Said, note: Note) -> ();
        => asked: add_hold(hold: &Hold, create: &Operation, seen: Option<TabSeen>, note: Note) -> Permit;
        => rest_asked: end_ask(
            tab: TabId, ask: OperationId, opened: Option<(Hold, Operation)>, seen: Option<TabSeen>, notes: Vec<Note>
        ) -> Option<Permit>;
        => recorded: record(hold: HoldId, learnt: Learnt, progress: Option<Progress>, notes: Vec<Note>) -> i64;
        => intended: intend(operation: &Operation, expect: Expect, note: Note) -> Permit;
    }
    Renewals {
        end_renewal(new: HoldId, ended: RenewalEnded, notes: Vec<Note>) -> ();
        open_renewals() -> Vec<Renewal>;
        => renewed: begin_renewal(
            renewal: &Renewal, hold: &Hold, create: &Operation, expect: Expect, notes: Vec<Note>
        ) -> Permit;
    }
    Runs {
        begin_run(run: &Run, note: Note) -> ();
        newest_run() -> Option<Run>;
        end_run_row(run: RunId, tab: TabId, ended: RowEnded, note: Note) -> ();
        set_run_state(run: RunId, state: RunState, note: Note) -> ();
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
        report(number: i64) -> NightReport;
        reports(before: Option<i64>, limit: i64) -> Vec<NightReport>;
        => reported: add_report(report: &NightReport, note: Note) -> ();
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
    }
    Settings {
        setting(name: &str) -> Option<String>;
        beside() -> Option<String>;
        set_beside(text: &str) -> ();
        => set: set_setting(name: &str, value: &str, seen: SettingSeen<'_>, note: Note) -> ();
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
