//! What is decided and what came of it: tabs, operations, renewals, a night's run.

use crate::SqliteLedger;
use crate::integrity::staged_check::{NeededRow, Scope};
use crate::recovery::forgotten;
use crate::store::{holds, lines, operations, refund_parts, renewals, runs, tabs};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use holdfast_domain::{
    Hold, HoldId, Line, Operation, OperationId, Renewal, RenewalEnded, RunId, Said, Tab, TabId,
};
use holdfast_ledger::{
    BillMove, Expect, Learnt, LedgerError, Note, Operations, Permit, Progress, Renewals, RowEnded, Run,
    RunState, Runs, TabSeen, Tabs,
};

#[async_trait]
impl Tabs for SqliteLedger {
    async fn add_tab(&self, tab: &Tab, note: Note) -> Result<(), LedgerError> {
        let tab = tab.clone();
        let scope = Scope::from([NeededRow::Tab(tab.id)]).and_raised(std::slice::from_ref(&note));
        // Dojo may still name the guest of a tab that a restored backup lacks.
        let is_forgotten = forgotten::is_listed(&self.folder, tab.id)?;
        self.write(scope, move |c| tabs::add_tab(c, &tab, &note, is_forgotten))
            .await
    }

    async fn open_tab(
        &self,
        tab: &Tab,
        hold: &Hold,
        create: &Operation,
        notes: Vec<Note>,
    ) -> Result<Permit, LedgerError> {
        let (tab, hold, create) = (tab.clone(), hold.clone(), create.clone());
        let scope = Scope::from([NeededRow::Tab(tab.id)]).and_raised(&notes);
        self.write(scope, move |c| tabs::open_tab(c, &tab, &hold, &create, &notes))
            .await?;
        Ok(Permit::Endless)
    }

    async fn set_tab(&self, tab: &Tab, note: Note) -> Result<(), LedgerError> {
        let tab = tab.clone();
        let scope = Scope::from([NeededRow::Tab(tab.id)]).and_raised(std::slice::from_ref(&note));
        self.write(scope, move |c| tabs::set_tab(c, &tab, &note)).await
    }

    async fn set_closed(
        &self,
        tab: TabId,
        version: i64,
        seen: Option<TabSeen>,
        at: Option<DateTime<Utc>>,
        note: Note,
    ) -> Result<(), LedgerError> {
        let scope = Scope::from([NeededRow::Tab(tab)]).and_raised(std::slice::from_ref(&note));
        self.write(scope, move |c| tabs::set_closed(c, tab, version, seen, at, &note))
            .await
    }

    async fn add_line(&self, line: &Line, seen: Option<TabSeen>, note: Note) -> Result<(), LedgerError> {
        let line = line.clone();
        let scope = Scope::from([NeededRow::Tab(line.tab)]).and_raised(std::slice::from_ref(&note));
        self.write(scope, move |c| lines::add_line(c, &line, seen, &note))
            .await
    }

    async fn move_bill(&self, moving: &BillMove, notes: Vec<Note>) -> Result<(), LedgerError> {
        let moving = moving.clone();
        let mut tabs: Vec<TabId> = moving.lines.iter().map(|line| line.tab).collect();
        tabs.sort_unstable();
        tabs.dedup();
        let scope = tabs
            .into_iter()
            .map(NeededRow::Tab)
            .collect::<Scope>()
            .and_raised(&notes);
        self.write(scope, move |c| lines::move_bill(c, &moving, &notes))
            .await
    }

    async fn tab(&self, id: TabId) -> Result<Tab, LedgerError> {
        self.read([NeededRow::Tab(id)], move |c| tabs::tab(c, id)).await
    }

    async fn tabs(&self, open: bool, limit: i64) -> Result<Vec<Tab>, LedgerError> {
        let of = |tabs: &Vec<Tab>| tabs.iter().map(|tab| tab.id).collect::<Vec<_>>();
        self.read_found(move |c| tabs::tabs(c, open, limit), move |_, tabs| Ok(of(tabs)))
            .await
    }

    async fn has_tabs(&self) -> Result<bool, LedgerError> {
        self.read_open(tabs::has_tabs).await
    }

    async fn lines(&self, tab: TabId) -> Result<Vec<Line>, LedgerError> {
        self.read([NeededRow::Tab(tab)], move |c| lines::lines(c, tab))
            .await
    }
}

#[async_trait]
impl Operations for SqliteLedger {
    async fn add_hold(
        &self,
        hold: &Hold,
        create: &Operation,
        seen: Option<TabSeen>,
        note: Note,
    ) -> Result<Permit, LedgerError> {
        let (hold, create) = (hold.clone(), create.clone());
        let scope = Scope::from([NeededRow::Tab(hold.tab)]).and_raised(std::slice::from_ref(&note));
        self.write(scope, move |c| holds::add_hold(c, &hold, &create, seen, &note))
            .await?;
        Ok(Permit::Endless)
    }

    async fn hold(&self, id: HoldId) -> Result<Hold, LedgerError> {
        self.read([NeededRow::Hold(id)], move |c| holds::hold(c, id))
            .await
    }

    async fn holds(&self, tab: TabId) -> Result<Vec<Hold>, LedgerError> {
        self.read([NeededRow::Tab(tab)], move |c| holds::holds(c, tab))
            .await
    }

    async fn live_holds(&self, since: DateTime<Utc>) -> Result<Vec<Hold>, LedgerError> {
        self.read_found(
            move |c| holds::live_holds(c, since),
            |_, holds| Ok(holds.iter().map(|hold| hold.tab).collect::<Vec<_>>()),
        )
        .await
    }

    async fn every_hold(&self) -> Result<Vec<HoldId>, LedgerError> {
        self.read_open(holds::every_hold).await
    }

    async fn intend(&self, operation: &Operation, expect: Expect, note: Note) -> Result<Permit, LedgerError> {
        let operation = operation.clone();
        let scope = Scope::from([NeededRow::Hold(operation.hold)]).and_raised(std::slice::from_ref(&note));
        self.write(scope, move |c| operations::intend(c, &operation, expect, &note))
            .await?;
        Ok(Permit::Endless)
    }

    async fn record(
        &self,
        hold: HoldId,
        learnt: Learnt,
        progress: Option<Progress>,
        notes: Vec<Note>,
    ) -> Result<i64, LedgerError> {
        let scope = Scope::from([NeededRow::Hold(hold)]).and_raised(&notes);
        self.write(scope, move |c| holds::record(c, hold, learnt, progress, &notes))
            .await
    }

    async fn operation(&self, id: OperationId) -> Result<Option<Operation>, LedgerError> {
        self.read([NeededRow::Operation(id)], move |c| operations::operation(c, id))
            .await
    }

    async fn operations(&self, hold: HoldId) -> Result<Vec<Operation>, LedgerError> {
        self.read([NeededRow::Hold(hold)], move |c| operations::operations(c, hold))
            .await
    }

    async fn mark_seen(&self, id: OperationId, note: Note) -> Result<(), LedgerError> {
        let scope = Scope::from([NeededRow::Operation(id)]).and_raised(std::slice::from_ref(&note));
        self.write(scope, move |c| operations::mark_seen(c, id, &note))
            .await
    }

    async fn open_asks(&self) -> Result<Vec<Operation>, LedgerError> {
        self.read_found(operations::open_asks, |c, asks| {
            holds::tabs_of(c, asks.iter().map(|ask| ask.hold))
        })
        .await
    }

    async fn end_ask(
        &self,
        tab: TabId,
        ask: OperationId,
        opened: Option<(Hold, Operation)>,
        seen: Option<TabSeen>,
        notes: Vec<Note>,
    ) -> Result<Option<Permit>, LedgerError> {
        let permit = opened.is_some().then_some(Permit::Endless);
        let scope = Scope::from([NeededRow::Tab(tab), NeededRow::Operation(ask)]).and_raised(&notes);
        self.write(scope, move |c| {
            operations::end_ask(c, ask, opened.as_ref(), seen, &notes)
        })
        .await?;
        Ok(permit)
    }

    async fn say_refund(
        &self,
        hold: HoldId,
        decision: Option<OperationId>,
        said: Said,
        note: Note,
    ) -> Result<(), LedgerError> {
        let scope = Scope::from([NeededRow::Hold(hold)]).and_raised(std::slice::from_ref(&note));
        self.write(scope, move |c| refund_parts::say(c, hold, decision, &said, &note))
            .await
    }
}

#[async_trait]
impl Renewals for SqliteLedger {
    async fn begin_renewal(
        &self,
        renewal: &Renewal,
        hold: &Hold,
        create: &Operation,
        expect: Expect,
        notes: Vec<Note>,
    ) -> Result<Permit, LedgerError> {
        let (renewal, hold, create) = (renewal.clone(), hold.clone(), create.clone());
        let grounds = [NeededRow::Tab(hold.tab), NeededRow::Hold(renewal.old)];
        let scope = Scope::from(grounds).and_raised(&notes);
        self.write(scope, move |c| {
            renewals::begin(c, &renewal, &hold, &create, expect, &notes)
        })
        .await?;
        Ok(Permit::Endless)
    }

    async fn end_renewal(
        &self,
        new: HoldId,
        ended: RenewalEnded,
        notes: Vec<Note>,
    ) -> Result<(), LedgerError> {
        let scope = Scope::from([NeededRow::Hold(new)]).and_raised(&notes);
        self.write(scope, move |c| renewals::end(c, new, ended, &notes))
            .await
    }

    async fn open_renewals(&self) -> Result<Vec<Renewal>, LedgerError> {
        self.read_found(renewals::open, |_, open| {
            Ok(open.iter().map(|renewal| renewal.tab).collect::<Vec<_>>())
        })
        .await
    }
}

#[async_trait]
impl Runs for SqliteLedger {
    async fn begin_run(&self, run: &Run, note: Note) -> Result<(), LedgerError> {
        let run = run.clone();
        let scope = Scope::from([NeededRow::Run]).and_raised(std::slice::from_ref(&note));
        self.write(scope, move |c| runs::begin(c, &run, &note)).await
    }

    async fn newest_run(&self) -> Result<Option<Run>, LedgerError> {
        self.read([NeededRow::Run], runs::newest).await
    }

    async fn end_run_row(
        &self,
        run: RunId,
        tab: TabId,
        ended: RowEnded,
        note: Note,
    ) -> Result<(), LedgerError> {
        let scope = Scope::from([NeededRow::Run]).and_raised(std::slice::from_ref(&note));
        self.write(scope, move |c| runs::end_row(c, run, tab, ended, &note))
            .await
    }

    async fn set_run_state(&self, run: RunId, state: RunState, note: Note) -> Result<(), LedgerError> {
        let scope = Scope::from([NeededRow::Run]).and_raised(std::slice::from_ref(&note));
        self.write(scope, move |c| runs::set_state(c, run, state, &note))
            .await
    }
}
