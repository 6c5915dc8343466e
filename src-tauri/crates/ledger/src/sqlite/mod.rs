//! The SQLite adapter: one connection that writes, on one thread; one process by a file lock.

mod at_once;
mod backup;
mod check;
mod closed;
mod error;
mod findings;
mod index;
mod journal;
mod mark;
mod movement;
mod open;
#[cfg(test)]
mod plans;
mod readers;
mod renewals;
mod repair;
mod replace;
mod report;
mod rows;
mod said;
mod seal;
mod worker;
mod writes;

pub use at_once::HeldBack;

use crate::{
    Account, BackedUp, Backup, ClosedFilter, Counts, Entry, Found, Learnt, Ledger, LedgerError, Newer, Note,
    Place, Progress, Restored, Unreported,
};
use async_trait::async_trait;
use at_once::{Asked, Rest};
use chrono::{DateTime, Utc};
use holdfast_domain::{
    Currency, Finding, Hold, HoldId, Line, Movement, NightReport, Operation, OperationId, Renewal,
    RenewalEnded, Said, Sums, Tab, TabId,
};
use index::TabIndex;
use rusqlite::Connection;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::sync::{Mutex, oneshot};
use worker::{Job, Worker, gone};

/// A ledger in `ledger.db` of a data folder.
#[derive(Debug)]
pub struct SqliteLedger {
    /// Ends before the worker, to which it hands the file.
    rest: Rest,
    worker: Worker,
    folder: PathBuf,
    /// One backup at a time: they share the name under which they are written.
    backing_up: Mutex<()>,
}

/// A ledger, and whether it is the one that was there before.
#[derive(Debug)]
pub struct Opened {
    /// Open for work.
    pub ledger: SqliteLedger,
    /// Set when a backup had to be put back, or the file turned out older than it was. It stays in
    /// [`Ledger::restored`] until every hold has been read from Dojo again.
    pub restored: Option<Restored>,
    /// What keeps the check of the rest from beginning; none when all was checked before it was opened.
    pub held_back: Option<HeldBack>,
}

impl SqliteLedger {
    /// Opens or makes the ledger in `folder`; one that is not sound is refused and left as it is.
    ///
    /// # Errors
    /// [`LedgerError::InUse`], [`LedgerError::Newer`], [`LedgerError::Damaged`] or
    /// [`LedgerError::Storage`].
    pub fn open(folder: &Path) -> Result<Self, LedgerError> {
        Self::opened(folder, None).map(|opened| opened.ledger)
    }

    /// Opens or makes the ledger in `folder`. A damaged, missing or foreign file is set aside whole in
    /// a folder `damaged-<time>` and the good backup that knows the most is put back. `now` is by the
    /// till's clock.
    ///
    /// # Errors
    /// As [`SqliteLedger::open`]; [`LedgerError::Damaged`] only when there is no good backup.
    pub fn open_or_restore(folder: &Path, now: DateTime<Utc>) -> Result<Opened, LedgerError> {
        Self::opened(folder, Some(now))
    }

    /// The same, as soon as what is open has been found sound, so that a floor can be shown; the rest is
    /// checked beside it, once [`Opened::held_back`] is dropped. Until [`SqliteLedger::checked`] says that it
    /// is over, whatever writes waits, and
    /// whatever lists or searches what was put away. A ledger in which anything is amiss at the first look is looked at
    /// whole, as by [`SqliteLedger::open_or_restore`].
    ///
    /// # Errors
    /// Those of [`SqliteLedger::open_or_restore`].
    pub fn open_at_once(folder: &Path, now: DateTime<Utc>) -> Result<Opened, LedgerError> {
        let lock = open::lock(folder)?;
        let Some(connection) = repair::at_once(folder) else {
            return Self::opened_whole(folder, Some(now), lock);
        };
        let worker = Worker::start(connection, None, lock)?;
        let (rest, held_back) = Rest::held_back(&folder.join(replace::FILE), worker.jobs()?)?;
        Ok(Opened {
            ledger: Self::of(folder, worker, rest),
            restored: None,
            held_back: Some(held_back),
        })
    }

    /// Waits until all of it has been found sound, or it is dropped; whoever waits does not keep it open.
    ///
    /// # Errors
    /// [`LedgerError::Damaged`], or why the check could not be made. Nothing can be done with the ledger then
    /// but to drop it, and to open it again by [`SqliteLedger::open_or_restore`].
    pub fn checked(&self) -> impl Future<Output = Result<(), LedgerError>> + Send + use<> {
        self.rest.waiting()
    }

    /// Puts the backup called `name` in the place of the ledger in `folder`, which nobody may have
    /// open. What was there is set aside in a folder `replaced-<time>`.
    ///
    /// # Errors
    /// [`LedgerError::NotFound`] without such a backup, [`LedgerError::Damaged`] when it is not sound,
    /// [`LedgerError::InUse`], [`LedgerError::Storage`].
    pub fn restore(folder: &Path, name: &str, now: DateTime<Utc>) -> Result<Restored, LedgerError> {
        let _lock = open::lock(folder)?;
        repair::restore(folder, name, now)
    }

    fn opened(folder: &Path, now: Option<DateTime<Utc>>) -> Result<Opened, LedgerError> {
        let lock = open::lock(folder)?;
        Self::opened_whole(folder, now, lock)
    }

    fn opened_whole(folder: &Path, now: Option<DateTime<Utc>>, lock: File) -> Result<Opened, LedgerError> {
        let (connection, restored) = repair::open(folder, now)?;
        let mark = mark::Mark::start(folder, &connection);
        let worker = Worker::start(connection, Some(mark), lock)?;
        let ledger = Self::of(folder, worker, Rest::done());
        Ok(Opened {
            ledger,
            restored,
            held_back: None,
        })
    }

    fn of(folder: &Path, worker: Worker, rest: Rest) -> Self {
        Self {
            rest,
            worker,
            folder: folder.to_owned(),
            backing_up: Mutex::default(),
        }
    }

    /// Reads what the first look found sound, without waiting for the rest.
    async fn read_open<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<T, LedgerError> {
        if self.rest.going_on().is_none() {
            return self.run(work).await;
        }
        self.hand_in(|connection, _| work(connection)).await
    }

    /// Reads what is asked for by its id, and looks first whether that is sound as long as not all is known to be.
    async fn read<T: Send + 'static>(
        &self,
        asked: Asked,
        work: impl FnOnce(&Connection) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<T, LedgerError> {
        if self.rest.going_on().is_none() {
            return self.run(work).await;
        }
        self.hand_in(move |connection, _| {
            asked.look(connection)?;
            work(connection)
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<T, LedgerError> {
        self.run_with_index(|connection, _| work(connection)).await
    }

    async fn run_with_index<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection, &mut TabIndex) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<T, LedgerError> {
        self.rest.whole().await?;
        self.hand_in(work).await
    }

    async fn hand_in<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection, &mut TabIndex) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<T, LedgerError> {
        let (reply, answer) = oneshot::channel();
        self.worker.ask(Job::Work(Box::new(move |connection, index| {
            // Nobody waiting any more is no reason to leave work undone.
            let _ = reply.send(work(connection, index));
        })))?;
        answer.await.map_err(|_| gone())?
    }

    /// Writes something on `tab` that it can be found by.
    async fn write(
        &self,
        tab: TabId,
        work: impl FnOnce(&Connection) -> Result<(), LedgerError> + Send + 'static,
    ) -> Result<(), LedgerError> {
        self.run_with_index(move |connection, index| {
            // Whatever became of it: it is read again before the next search.
            index.tab_changed(tab);
            work(connection)
        })
        .await
    }
}

/// Runs what reads and writes whole files away from the threads that serve the window.
async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, LedgerError> + Send + 'static,
) -> Result<T, LedgerError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| LedgerError::Storage(error.to_string()))?
}

#[async_trait]
impl Ledger for SqliteLedger {
    async fn add_tab(&self, tab: &Tab, note: Note) -> Result<(), LedgerError> {
        let tab = tab.clone();
        self.write(tab.id, move |c| writes::add_tab(c, &tab, &note)).await
    }

    async fn open_tab(
        &self,
        tab: &Tab,
        hold: &Hold,
        create: &Operation,
        notes: Vec<Note>,
    ) -> Result<(), LedgerError> {
        let (tab, hold, create) = (tab.clone(), hold.clone(), create.clone());
        self.write(tab.id, move |c| writes::open_tab(c, &tab, &hold, &create, &notes))
            .await
    }

    async fn open_asks(&self) -> Result<Vec<Operation>, LedgerError> {
        self.run(rows::open_asks).await
    }

    async fn end_ask(
        &self,
        tab: TabId,
        ask: OperationId,
        opened: Option<(Hold, Operation)>,
        notes: Vec<Note>,
    ) -> Result<(), LedgerError> {
        self.write(tab, move |c| writes::end_ask(c, ask, opened.as_ref(), &notes))
            .await
    }

    async fn add_hold(&self, hold: &Hold, create: &Operation, note: Note) -> Result<(), LedgerError> {
        let (hold, create) = (hold.clone(), create.clone());
        self.write(hold.tab, move |c| writes::add_hold(c, &hold, &create, &note))
            .await
    }

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

    async fn add_line(&self, line: &Line, note: Note) -> Result<(), LedgerError> {
        let line = line.clone();
        self.write(line.tab, move |c| writes::add_line(c, &line, &note))
            .await
    }

    async fn set_closed(&self, tab: TabId, at: Option<DateTime<Utc>>, note: Note) -> Result<(), LedgerError> {
        self.write(tab, move |c| writes::set_closed(c, tab, at, &note))
            .await
    }

    async fn set_tab(&self, tab: &Tab, note: Note) -> Result<(), LedgerError> {
        let tab = tab.clone();
        self.write(tab.id, move |c| writes::set_tab(c, &tab, &note)).await
    }

    async fn intend(&self, operation: &Operation, note: Note) -> Result<(), LedgerError> {
        let operation = operation.clone();
        self.run(move |c| writes::intend(c, &operation, &note)).await
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
            writes::record(c, hold, learnt, progress, &notes)
        })
        .await
    }

    async fn tabs(&self, open: bool, limit: i64) -> Result<Vec<Tab>, LedgerError> {
        self.run(move |c| rows::tabs(c, open, limit)).await
    }

    async fn has_tabs(&self) -> Result<bool, LedgerError> {
        self.read_open(rows::has_tabs).await
    }

    fn being_checked(&self) -> Option<Duration> {
        self.rest.going_on()
    }

    async fn whole(&self) -> Result<(), LedgerError> {
        self.rest.whole().await
    }

    async fn open_accounts(&self, limit: i64) -> Result<Vec<Account>, LedgerError> {
        self.read_open(move |c| rows::open_accounts(c, limit)).await
    }

    async fn accounts(&self, tabs: Vec<TabId>) -> Result<Vec<Account>, LedgerError> {
        self.read(Asked::Tabs(tabs.clone()), move |c| rows::accounts(c, &tabs))
            .await
    }

    async fn closed_accounts(
        &self,
        filter: ClosedFilter,
        after: Option<Place>,
        limit: i64,
    ) -> Result<Vec<Account>, LedgerError> {
        self.run(move |c| closed::accounts(c, &filter, after, limit))
            .await
    }

    async fn search(&self, query: &str, limit: usize) -> Result<Found, LedgerError> {
        let query = query.to_owned();
        self.run_with_index(move |c, index| index.search(c, &query, limit))
            .await
    }

    async fn tab(&self, id: TabId) -> Result<Tab, LedgerError> {
        self.read(Asked::Tabs(vec![id]), move |c| rows::tab(c, id)).await
    }

    async fn hold(&self, id: HoldId) -> Result<Hold, LedgerError> {
        self.read(Asked::Hold(id), move |c| rows::hold(c, id)).await
    }

    async fn holds(&self, tab: TabId) -> Result<Vec<Hold>, LedgerError> {
        self.read(Asked::Tabs(vec![tab]), move |c| rows::holds(c, tab))
            .await
    }

    async fn lines(&self, tab: TabId) -> Result<Vec<Line>, LedgerError> {
        self.read(Asked::Tabs(vec![tab]), move |c| rows::lines(c, tab))
            .await
    }

    async fn operations(&self, hold: HoldId) -> Result<Vec<Operation>, LedgerError> {
        self.read(Asked::Hold(hold), move |c| rows::operations(c, hold))
            .await
    }

    async fn operation(&self, id: OperationId) -> Result<Option<Operation>, LedgerError> {
        self.read(Asked::Operation(id), move |c| rows::operation(c, id))
            .await
    }

    async fn live_holds(&self, since: DateTime<Utc>) -> Result<Vec<Hold>, LedgerError> {
        let is_checked = self.rest.going_on().is_none();
        self.read_open(move |c| {
            let holds = rows::live_holds(c, since)?;
            if !is_checked {
                at_once::look_at(c, holds.iter().map(|hold| hold.tab))?;
            }
            Ok(holds)
        })
        .await
    }

    async fn journal(&self, tab: TabId) -> Result<Vec<Entry>, LedgerError> {
        self.read(Asked::Tabs(vec![tab]), move |c| journal::of(c, tab))
            .await
    }

    async fn house_journal(&self, beginning: &str, limit: i64) -> Result<Vec<Entry>, LedgerError> {
        let beginning = beginning.to_owned();
        self.read_open(move |c| journal::of_house(c, &beginning, limit))
            .await
    }

    async fn newest_entry(&self) -> Result<Option<DateTime<Utc>>, LedgerError> {
        self.run(journal::newest).await
    }

    async fn put_findings(&self, findings: Vec<Finding>, notes: Vec<Note>) -> Result<(), LedgerError> {
        self.run(move |c| findings::put(c, &findings, &notes)).await
    }

    async fn findings(&self) -> Result<Vec<Finding>, LedgerError> {
        self.read_open(findings::open).await
    }

    async fn finding(&self, key: &str) -> Result<Option<Finding>, LedgerError> {
        let key = key.to_owned();
        self.run(move |c| findings::one(c, &key)).await
    }

    async fn warnings(&self) -> Result<Vec<Finding>, LedgerError> {
        self.run(findings::warnings).await
    }

    async fn counts(&self) -> Result<Counts, LedgerError> {
        self.run(rows::counts).await
    }

    async fn verify_journal(&self) -> Result<i64, LedgerError> {
        let path = self.folder.join(replace::FILE);
        self.run(move |c| journal::verify(c, &mut readers::beside(&path)?))
            .await
    }

    async fn setting(&self, name: &str) -> Result<Option<String>, LedgerError> {
        let name = name.to_owned();
        self.read_open(move |c| rows::setting(c, &name)).await
    }

    async fn set_setting(&self, name: &str, value: &str, note: Note) -> Result<(), LedgerError> {
        let (name, value) = (name.to_owned(), value.to_owned());
        self.run(move |c| writes::set_setting(c, &name, &value, &note))
            .await
    }

    async fn unsettled_accounts(&self) -> Result<Vec<Account>, LedgerError> {
        self.read_open(rows::unsettled_accounts).await
    }

    async fn mark_seen(&self, id: OperationId, note: Note) -> Result<(), LedgerError> {
        self.run(move |c| writes::mark_seen(c, id, &note)).await
    }

    async fn say_refund(
        &self,
        hold: HoldId,
        decision: Option<OperationId>,
        said: Said,
        note: Note,
    ) -> Result<(), LedgerError> {
        self.run(move |c| said::say(c, hold, decision, &said, &note))
            .await
    }

    async fn every_hold(&self) -> Result<Vec<HoldId>, LedgerError> {
        self.run(rows::every_hold).await
    }

    async fn restored(&self) -> Result<Option<Restored>, LedgerError> {
        let value = self.setting(Restored::SETTING).await?;
        Ok(value.map(|text| serde_json::from_str(&text)).transpose()?)
    }

    async fn set_restored(&self, restored: &Restored, note: Note) -> Result<(), LedgerError> {
        let value = serde_json::to_string(restored)?;
        self.set_setting(Restored::SETTING, &value, note).await
    }

    async fn movements(&self, first: i64, last: i64) -> Result<Vec<Movement>, LedgerError> {
        self.run(move |c| movement::between(c, first, last)).await
    }

    async fn movements_at(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<Movement>, LedgerError> {
        self.run(move |c| movement::at(c, from, to)).await
    }

    async fn day_sums(
        &self,
        currency: Currency,
        edges: Vec<DateTime<Utc>>,
    ) -> Result<Vec<(Sums, i64)>, LedgerError> {
        self.run(move |c| movement::day_sums(c, currency, &edges)).await
    }

    async fn unreported(&self) -> Result<Unreported, LedgerError> {
        self.run(report::unreported).await
    }

    async fn add_report(&self, report: &NightReport, note: Note) -> Result<(), LedgerError> {
        let report = report.clone();
        self.run(move |c| report::add(c, &report, &note)).await
    }

    async fn report(&self, number: i64) -> Result<NightReport, LedgerError> {
        self.run(move |c| report::one(c, number)).await
    }

    async fn reports(&self, before: Option<i64>, limit: i64) -> Result<Vec<NightReport>, LedgerError> {
        self.run(move |c| report::newest(c, before, limit)).await
    }

    async fn back_up(&self, now: DateTime<Utc>, second: Option<PathBuf>) -> Result<BackedUp, LedgerError> {
        self.rest.whole().await?;
        let _alone = self.backing_up.lock().await;
        let folder = backup::folder(&self.folder);
        let part = aside(move || backup::part(&folder)).await?;
        let (reply, answer) = oneshot::channel();
        self.worker.ask(Job::Copy(part.clone(), reply))?;
        answer.await.map_err(|_| gone())??;
        // Several tills' and modes' backups may meet in one folder elsewhere.
        let second = second.map(|path| path.join(self.folder.file_name().unwrap_or_default()));
        aside(move || {
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
        aside(move || backup::list(&folder)).await
    }

    async fn newer_than(&self, backup: &str) -> Result<Newer, LedgerError> {
        let path = repair::chosen(&self.folder, backup)?;
        self.run(move |c| backup::newer(c, &path)).await
    }
}
