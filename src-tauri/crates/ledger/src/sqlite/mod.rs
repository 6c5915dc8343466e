//! The SQLite adapter: one connection on one thread, one process by a file lock.

mod journal;
mod open;
mod rows;
mod writes;

use crate::{Entry, Learnt, Ledger, LedgerError, Note, Progress};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use holdfast_domain::{Hold, HoldId, Line, Operation, OperationId, Tab, TabId};
use rusqlite::Connection;
use std::{path::Path, sync::mpsc, thread};
use tokio::sync::oneshot;

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// A ledger in `ledger.db` of a data folder. Closed when dropped: then the folder is free again.
#[derive(Debug)]
pub struct SqliteLedger {
    // None only while it is being dropped.
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl SqliteLedger {
    /// Opens or makes the ledger in `folder`.
    ///
    /// # Errors
    /// [`LedgerError::InUse`], [`LedgerError::Newer`], [`LedgerError::Damaged`] or
    /// [`LedgerError::Storage`].
    pub fn open(folder: &Path) -> Result<Self, LedgerError> {
        let lock = open::lock(folder)?;
        let file = folder.join("ledger.db");
        let (jobs, inbox) = mpsc::channel::<Job>();
        let (opened, verdict) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("ledger".to_owned())
            .spawn(move || {
                // Declared before the connection, so that it is let go of after that is closed: no
                // second process may come in while this one still writes.
                let _lock = lock;
                let mut connection = match open::connection(&file) {
                    Ok(connection) => connection,
                    Err(error) => {
                        let _ = opened.send(Err(error));
                        return;
                    }
                };
                let _ = opened.send(Ok(()));
                for job in inbox {
                    job(&mut connection);
                }
            })
            .map_err(|e| LedgerError::Storage(e.to_string()))?;
        let ledger = Self {
            jobs: Some(jobs),
            thread: Some(thread),
        };
        verdict.recv().map_err(|_| gone())??;
        Ok(ledger)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<T, LedgerError> {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            // Nobody waiting any more is no reason to leave work undone.
            let _ = reply.send(work(connection));
        });
        let jobs = self.jobs.as_ref().ok_or_else(gone)?;
        jobs.send(job).map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }
}

impl Drop for SqliteLedger {
    fn drop(&mut self) {
        // The thread ends when nobody can ask it for anything any more, and closes the file.
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn gone() -> LedgerError {
    LedgerError::Storage("the ledger has stopped".to_owned())
}

impl From<rusqlite::Error> for LedgerError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match &error {
            rusqlite::Error::QueryReturnedNoRows => Self::NotFound,
            rusqlite::Error::SqliteFailure(code, words) => match code.code {
                ErrorCode::ConstraintViolation if words.as_deref() == Some("too much") => Self::TooMuch,
                ErrorCode::ConstraintViolation => Self::Busy,
                ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::Damaged(error.to_string()),
                _ => Self::Storage(error.to_string()),
            },
            _ => Self::Storage(error.to_string()),
        }
    }
}

impl From<serde_json::Error> for LedgerError {
    fn from(error: serde_json::Error) -> Self {
        Self::Damaged(error.to_string())
    }
}

#[async_trait]
impl Ledger for SqliteLedger {
    async fn add_tab(&self, tab: &Tab, note: Note) -> Result<(), LedgerError> {
        let tab = tab.clone();
        self.run(move |c| writes::add_tab(c, &tab, &note)).await
    }

    async fn add_hold(&self, hold: &Hold, create: &Operation, note: Note) -> Result<(), LedgerError> {
        let (hold, create) = (hold.clone(), create.clone());
        self.run(move |c| writes::add_hold(c, &hold, &create, &note))
            .await
    }

    async fn add_line(&self, line: &Line, note: Note) -> Result<(), LedgerError> {
        let line = line.clone();
        self.run(move |c| writes::add_line(c, &line, &note)).await
    }

    async fn set_closed(&self, tab: TabId, at: Option<DateTime<Utc>>, note: Note) -> Result<(), LedgerError> {
        self.run(move |c| writes::set_closed(c, tab, at, &note)).await
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
        self.run(move |c| writes::record(c, hold, learnt, progress, &notes))
            .await
    }

    async fn tabs(&self, open: bool, limit: i64) -> Result<Vec<Tab>, LedgerError> {
        self.run(move |c| rows::tabs(c, open, limit)).await
    }

    async fn tab(&self, id: TabId) -> Result<Tab, LedgerError> {
        self.run(move |c| rows::tab(c, id)).await
    }

    async fn hold(&self, id: HoldId) -> Result<Hold, LedgerError> {
        self.run(move |c| rows::hold(c, id)).await
    }

    async fn holds(&self, tab: TabId) -> Result<Vec<Hold>, LedgerError> {
        self.run(move |c| rows::holds(c, tab)).await
    }

    async fn lines(&self, tab: TabId) -> Result<Vec<Line>, LedgerError> {
        self.run(move |c| rows::lines(c, tab)).await
    }

    async fn operations(&self, hold: HoldId) -> Result<Vec<Operation>, LedgerError> {
        self.run(move |c| rows::operations(c, hold)).await
    }

    async fn operation(&self, id: OperationId) -> Result<Option<Operation>, LedgerError> {
        self.run(move |c| rows::operation(c, id)).await
    }

    async fn live_holds(&self) -> Result<Vec<Hold>, LedgerError> {
        self.run(|c| rows::live_holds(c)).await
    }

    async fn journal(&self, tab: TabId) -> Result<Vec<Entry>, LedgerError> {
        self.run(move |c| journal::of(c, tab)).await
    }

    async fn verify_journal(&self) -> Result<i64, LedgerError> {
        self.run(|c| journal::verify(c)).await
    }

    async fn setting(&self, name: &str) -> Result<Option<String>, LedgerError> {
        let name = name.to_owned();
        self.run(move |c| rows::setting(c, &name)).await
    }

    async fn set_setting(&self, name: &str, value: &str, note: Note) -> Result<(), LedgerError> {
        let (name, value) = (name.to_owned(), value.to_owned());
        self.run(move |c| writes::set_setting(c, &name, &value, &note))
            .await
    }
}
