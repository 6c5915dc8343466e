//! What is decided and what came of it: tabs, operations, renewals, a night's run.

use crate::SqliteLedger;
use crate::integrity::staged_check::{self, Scope};
use crate::store::{holds, lines, operations, refund_parts, renewals, runs, tabs};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use holdfast_domain::{
    Hold, HoldId, Line, Operation, OperationId, Renewal, RenewalEnded, RunId, Said, Tab, TabId,
};
use holdfast_ledger::{
    Learnt, LedgerError, Note, Operations, Progress, Renewals, RowEnded, Run, RunState, Runs, Tabs,
};

#[async_trait]
impl Tabs for SqliteLedger {
    async fn add_tab(&self, tab: &Tab, note: Note) -> Result<(), LedgerError> {
        let tab = tab.clone();
        self.write(tab.id, move |c| tabs::add_tab(c, &tab, &note)).await
    }

    async fn open_tab(
        &self,
        tab: &Tab,
        hold: &Hold,
        create: &Operation,
        notes: Vec<Note>,
    ) -> Result<(), LedgerError> {
        let (tab, hold, create) = (tab.clone(), hold.clone(), create.clone());
        self.write(tab.id, move |c| tabs::open_tab(c, &tab, &hold, &create, &notes))
            .await
    }

    async fn set_tab(&self, tab: &Tab, note: Note) -> Result<(), LedgerError> {
        let tab = tab.clone();
        self.write(tab.id, move |c| tabs::set_tab(c, &tab, &note)).await
    }

    async fn set_closed(&self, tab: TabId, at: Option<DateTime<Utc>>, note: Note) -> Result<(), LedgerError> {
        self.write(tab, move |c| tabs::set_closed(c, tab, at, &note))
            .await
    }

    async fn add_line(&self, line: &Line, note: Note) -> Result<(), LedgerError> {
        let line = line.clone();
        self.write(line.tab, move |c| lines::add_line(c, &line, &note))
            .await
    }

    async fn tab(&self, id: TabId) -> Result<Tab, LedgerError> {
        self.read(Scope::Tabs(vec![id]), move |c| tabs::tab(c, id)).await
    }

    async fn tabs(&self, open: bool, limit: i64) -> Result<Vec<Tab>, LedgerError> {
        self.run(move |c| tabs::tabs(c, open, limit)).await
    }

    async fn has_tabs(&self) -> Result<bool, LedgerError> {
        self.read_open(tabs::has_tabs).await
    }

    async fn lines(&self, tab: TabId) -> Result<Vec<Line>, LedgerError> {
        self.read(Scope::Tabs(vec![tab]), move |c| lines::lines(c, tab))
            .await
    }
}

#[async_trait]
impl Operations for SqliteLedger {
    async fn add_hold(&self, hold: &Hold, create: &Operation, note: Note) -> Result<(), LedgerError> {
        let (hold, create) = (hold.clone(), create.clone());
        self.write(hold.tab, move |c| holds::add_hold(c, &hold, &create, &note))
            .await
    }

    async fn hold(&self, id: HoldId) -> Result<Hold, LedgerError> {
        self.read(Scope::Hold(id), move |c| holds::hold(c, id)).await
    }

    async fn holds(&self, tab: TabId) -> Result<Vec<Hold>, LedgerError> {
        self.read(Scope::Tabs(vec![tab]), move |c| holds::holds(c, tab))
            .await
    }

    async fn live_holds(&self, since: DateTime<Utc>) -> Result<Vec<Hold>, LedgerError> {
        let is_checked = self.check.running_for().is_none();
        self.read_open(move |c| {
            let holds = holds::live_holds(c, since)?;
            if !is_checked {
                staged_check::verify_tabs(c, holds.iter().map(|hold| hold.tab))?;
            }
            Ok(holds)
        })
        .await
    }

    async fn every_hold(&self) -> Result<Vec<HoldId>, LedgerError> {
        self.run(holds::every_hold).await
    }

    async fn intend(&self, operation: &Operation, note: Note) -> Result<(), LedgerError> {
        let operation = operation.clone();
        self.run(move |c| operations::intend(c, &operation, &note)).await
    }

    async fn record(
        &self,
        hold: HoldId,
        learnt: Learnt,
        progress: Option<Progress>,
        notes: Vec<Note>,
    ) -> Result<(), LedgerError> {
        self.run_with_index(move |c, index| {
            index.hold_changed(hold);
            holds::record(c, hold, learnt, progress, &notes)
        })
        .await
    }

    async fn operation(&self, id: OperationId) -> Result<Option<Operation>, LedgerError> {
        self.read(Scope::Operation(id), move |c| operations::operation(c, id))
            .await
    }

    async fn operations(&self, hold: HoldId) -> Result<Vec<Operation>, LedgerError> {
        self.read(Scope::Hold(hold), move |c| operations::operations(c, hold))
            .await
    }

    async fn mark_seen(&self, id: OperationId, note: Note) -> Result<(), LedgerError> {
        self.run(move |c| operations::mark_seen(c, id, &note)).await
    }

    async fn open_asks(&self) -> Result<Vec<Operation>, LedgerError> {
        self.run(operations::open_asks).await
    }

    async fn end_ask(
        &self,
        tab: TabId,
        ask: OperationId,
        opened: Option<(Hold, Operation)>,
        notes: Vec<Note>,
    ) -> Result<(), LedgerError> {
        self.write(tab, move |c| operations::end_ask(c, ask, opened.as_ref(), &notes))
            .await
    }

    async fn say_refund(
        &self,
        hold: HoldId,
        decision: Option<OperationId>,
        said: Said,
        note: Note,
    ) -> Result<(), LedgerError> {
        self.run(move |c| refund_parts::say(c, hold, decision, &said, &note))
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
        notes: Vec<Note>,
    ) -> Result<(), LedgerError> {
        let (renewal, hold, create) = (renewal.clone(), hold.clone(), create.clone());
        self.write(hold.tab, move |c| {
            renewals::begin(c, &renewal, &hold, &create, &notes)
        })
        .await
    }

    async fn end_renewal(
        &self,
        new: HoldId,
        ended: RenewalEnded,
        notes: Vec<Note>,
    ) -> Result<(), LedgerError> {
        self.run(move |c| renewals::end(c, new, ended, &notes)).await
    }

    async fn open_renewals(&self) -> Result<Vec<Renewal>, LedgerError> {
        self.run(renewals::open).await
    }
}

#[async_trait]
impl Runs for SqliteLedger {
    async fn begin_run(&self, run: &Run, note: Note) -> Result<(), LedgerError> {
        let run = run.clone();
        self.run(move |c| runs::begin(c, &run, &note)).await
    }

    async fn newest_run(&self) -> Result<Option<Run>, LedgerError> {
        self.run(runs::newest).await
    }

    async fn end_run_row(
        &self,
        run: RunId,
        tab: TabId,
        ended: RowEnded,
        note: Note,
    ) -> Result<(), LedgerError> {
        self.run(move |c| runs::end_row(c, run, tab, ended, &note)).await
    }

    async fn set_run_state(&self, run: RunId, state: RunState, note: Note) -> Result<(), LedgerError> {
        self.run(move |c| runs::set_state(c, run, state, &note)).await
    }
}
