//! The contract's calls, each handed to the thread that owns the connection.

use crate::error::StoreError;
use crate::integrity::staged_check::{self, Scope};
use crate::integrity::{journal, parallel_check};
use crate::recovery::{backup, recover, swap_file};
use crate::store::{
    accounts, closed_tabs, counts, findings, holds, lines, movements, operations, refund_parts, renewals,
    reports, runs, settings, tabs,
};
use crate::worker::{Job, gone};
use crate::{SqliteLedger, blocking};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use holdfast_domain::{
    Currency, Finding, FindingKey, Hold, HoldId, Line, Movement, NightReport, Operation, OperationId,
    Renewal, RenewalEnded, RunId, Said, Sums, Tab, TabId,
};
use holdfast_ledger::{
    Account, BackedUp, Backup, Backups, ClosedFilter, Counts, Entry, Findings, Found, HouseTopic, Journal,
    Learnt, LedgerError, Newer, Note, Operations, Place, Progress, Queries, Renewals, Reports, Restored,
    RowEnded, Run, RunState, Runs, Settings, StartupCheck, Tabs, Unreported,
};
use std::path::PathBuf;
use std::time::Duration;
use tokio::sync::oneshot;

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

#[async_trait]
impl Journal for SqliteLedger {
    async fn journal(&self, tab: TabId) -> Result<Vec<Entry>, LedgerError> {
        self.read(Scope::Tabs(vec![tab]), move |c| journal::of(c, tab))
            .await
    }

    async fn house_journal(&self, topic: HouseTopic, limit: i64) -> Result<Vec<Entry>, LedgerError> {
        self.read_open(move |c| journal::of_house(c, topic, limit)).await
    }

    async fn newest_entry(&self) -> Result<Option<DateTime<Utc>>, LedgerError> {
        self.run(journal::newest).await
    }

    async fn verify_journal(&self) -> Result<i64, LedgerError> {
        let path = self.folder.join(swap_file::FILE);
        self.run(move |c| journal::verify(c, &mut parallel_check::more_readers(&path)?))
            .await
    }
}

#[async_trait]
impl Findings for SqliteLedger {
    async fn put_findings(&self, findings: Vec<Finding>, notes: Vec<Note>) -> Result<(), LedgerError> {
        self.run(move |c| findings::put(c, &findings, &notes)).await
    }

    async fn findings(&self) -> Result<Vec<Finding>, LedgerError> {
        self.read_open(findings::open).await
    }

    async fn finding(&self, key: &FindingKey) -> Result<Option<Finding>, LedgerError> {
        let key = key.clone();
        self.run(move |c| findings::one(c, &key)).await
    }

    async fn warnings(&self) -> Result<Vec<Finding>, LedgerError> {
        self.run(findings::warnings).await
    }
}

#[async_trait]
impl Reports for SqliteLedger {
    async fn movements(&self, first: i64, last: i64) -> Result<Vec<Movement>, LedgerError> {
        self.run(move |c| movements::between(c, first, last)).await
    }

    async fn movements_at(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<Movement>, LedgerError> {
        self.run(move |c| movements::at(c, from, to)).await
    }

    async fn day_sums(
        &self,
        currency: Currency,
        edges: Vec<DateTime<Utc>>,
    ) -> Result<Vec<(Sums, i64)>, LedgerError> {
        self.run(move |c| movements::day_sums(c, currency, &edges)).await
    }

    async fn unreported(&self) -> Result<Unreported, LedgerError> {
        self.run(reports::unreported).await
    }

    async fn add_report(&self, report: &NightReport, note: Note) -> Result<(), LedgerError> {
        let report = report.clone();
        self.run(move |c| reports::add(c, &report, &note)).await
    }

    async fn report(&self, number: i64) -> Result<NightReport, LedgerError> {
        self.run(move |c| reports::one(c, number)).await
    }

    async fn reports(&self, before: Option<i64>, limit: i64) -> Result<Vec<NightReport>, LedgerError> {
        self.run(move |c| reports::newest(c, before, limit)).await
    }
}

#[async_trait]
impl Queries for SqliteLedger {
    async fn open_accounts(&self, limit: i64) -> Result<Vec<Account>, LedgerError> {
        self.read_open(move |c| accounts::open_accounts(c, limit)).await
    }

    async fn accounts(&self, tabs: Vec<TabId>) -> Result<Vec<Account>, LedgerError> {
        self.read(Scope::Tabs(tabs.clone()), move |c| accounts::accounts(c, &tabs))
            .await
    }

    async fn closed_accounts(
        &self,
        filter: ClosedFilter,
        after: Option<Place>,
        limit: i64,
    ) -> Result<Vec<Account>, LedgerError> {
        self.run(move |c| closed_tabs::accounts(c, &filter, after, limit))
            .await
    }

    async fn unsettled_accounts(&self) -> Result<Vec<Account>, LedgerError> {
        self.read_open(accounts::unsettled_accounts).await
    }

    async fn search(&self, query: &str, limit: usize) -> Result<Found, LedgerError> {
        let query = query.to_owned();
        self.run_with_index(move |c, index| index.search(c, &query, limit))
            .await
    }
}

#[async_trait]
impl Settings for SqliteLedger {
    async fn setting(&self, name: &str) -> Result<Option<String>, LedgerError> {
        let name = name.to_owned();
        self.read_open(move |c| settings::setting(c, &name)).await
    }

    async fn set_setting(&self, name: &str, value: &str, note: Note) -> Result<(), LedgerError> {
        let (name, value) = (name.to_owned(), value.to_owned());
        self.run(move |c| settings::set_setting(c, &name, &value, &note))
            .await
    }
}

#[async_trait]
impl StartupCheck for SqliteLedger {
    fn being_checked(&self) -> Option<Duration> {
        self.check.running_for()
    }

    async fn whole(&self) -> Result<(), LedgerError> {
        self.check.wait_until_sound().await
    }
}

#[async_trait]
impl Backups for SqliteLedger {
    async fn back_up(&self, now: DateTime<Utc>, second: Option<PathBuf>) -> Result<BackedUp, LedgerError> {
        self.check.wait_until_sound().await?;
        let _alone = self.backing_up.lock().await;
        let folder = backup::folder(&self.folder);
        let part = blocking(move || backup::part(&folder)).await?;
        let (reply, answer) = oneshot::channel();
        self.worker.ask(Job::Copy(part.clone(), reply))?;
        answer.await.map_err(|_| gone())??;
        // Several tills' and modes' backups may meet in one folder elsewhere.
        let second = second.map(|path| path.join(self.folder.file_name().unwrap_or_default()));
        blocking(move || {
            let (backup, head) = backup::finish(&part, now)?;
            let first = part.with_file_name(&backup.name);
            let copied = second.map(|second| backup::finish_second(&first, &second, &backup));
            Ok(BackedUp {
                backup,
                entries: head.seq,
                second: copied.and_then(Result::err).map(|error| error.to_string()),
            })
        })
        .await
    }

    async fn backups(&self) -> Result<Vec<Backup>, LedgerError> {
        let folder = backup::folder(&self.folder);
        blocking(move || backup::list(&folder)).await
    }

    async fn newer_than(&self, backup: &str) -> Result<Newer, LedgerError> {
        let path = recover::chosen(&self.folder, backup)?;
        self.run(move |c| backup::newer(c, &path)).await
    }

    async fn restored(&self) -> Result<Option<Restored>, LedgerError> {
        let value = self.setting(settings::RESTORED).await?;
        let restored = value.map(|text| serde_json::from_str(&text)).transpose();
        Ok(restored.map_err(StoreError::from)?)
    }

    async fn set_restored(&self, restored: &Restored, note: Note) -> Result<(), LedgerError> {
        let value = serde_json::to_string(restored).map_err(StoreError::from)?;
        self.set_setting(settings::RESTORED, &value, note).await
    }

    async fn counts(&self) -> Result<Counts, LedgerError> {
        self.run(counts::counts).await
    }
}
