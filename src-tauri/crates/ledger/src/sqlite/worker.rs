//! The ledger's one thread: it owns the connection and does one thing after the other.

use super::{backup, index::TabIndex, mark::Mark, open};
use crate::LedgerError;
use rusqlite::Connection;
use std::{
    fs::File,
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, Sender, TryRecvError, channel},
    thread::{self, JoinHandle},
};
use tokio::sync::oneshot;

/// A read or a commit, with the index that searches look into.
pub(super) type Work = Box<dyn FnOnce(&Connection, &mut TabIndex) + Send>;

/// What the thread is asked for.
pub(super) enum Job {
    /// A read or a commit.
    Work(Work),
    /// A copy to this path, with other work done between its steps.
    Copy(PathBuf, oneshot::Sender<Result<(), LedgerError>>),
    /// The file was found sound while it was read: from now on it may be written. It lies in this folder.
    Ready(PathBuf, Sender<Result<(), LedgerError>>),
}

/// Where jobs are handed in.
#[derive(Debug, Clone)]
pub(super) struct Jobs(Sender<Job>);

impl Jobs {
    /// Makes the ledger in `folder` ready for work, and waits until it is.
    pub(super) fn make_ready(&self, folder: &Path) -> Result<(), LedgerError> {
        let (reply, answer) = channel();
        self.0
            .send(Job::Ready(folder.to_owned(), reply))
            .map_err(|_| gone())?;
        answer.recv().map_err(|_| gone())?
    }
}

/// The thread; it ends, and with it the lock, when this is dropped.
#[derive(Debug)]
pub(super) struct Worker {
    jobs: Option<Jobs>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// Starts the thread.
    ///
    /// It keeps `lock` until the connection is closed, so that no other process opens the folder earlier. Without
    /// a `mark` the connection only reads until [`Jobs::make_ready`].
    pub(super) fn start(connection: Connection, mark: Option<Mark>, lock: File) -> Result<Self, LedgerError> {
        let (jobs, inbox) = channel::<Job>();
        let thread = thread::Builder::new()
            .name("ledger".to_owned())
            .spawn(move || {
                serve(&connection, mark, &inbox);
                drop(connection);
                drop(lock);
            })
            .map_err(|e| LedgerError::Storage(e.to_string()))?;
        Ok(Self {
            jobs: Some(Jobs(jobs)),
            thread: Some(thread),
        })
    }

    /// Hands it a job; the answer comes by the job's own way.
    pub(super) fn ask(&self, job: Job) -> Result<(), LedgerError> {
        self.jobs()?.0.send(job).map_err(|_| gone())
    }

    /// For whoever hands jobs in from another thread, and ends before this.
    pub(super) fn jobs(&self) -> Result<Jobs, LedgerError> {
        self.jobs.clone().ok_or_else(gone)
    }
}

/// The thread ended before it answered.
pub(super) fn gone() -> LedgerError {
    LedgerError::Storage("the ledger has stopped".to_owned())
}

impl Drop for Worker {
    fn drop(&mut self) {
        drop(self.jobs.take());
        // Whoever opens the folder next must find the file closed.
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the ledger’s thread came to a bad end");
        }
    }
}

fn serve(connection: &Connection, mark: Option<Mark>, inbox: &Receiver<Job>) {
    let (mut index, mut mark) = (TabIndex::default(), mark);
    while let Some(job) = next(connection, &mut index, inbox) {
        match job {
            Job::Copy(to, answer) => {
                let done = backup::copy(connection, &to, || {
                    between(connection, &mut index, &mut mark, inbox)
                });
                // Nobody waiting any more is no reason to stop.
                let _ = answer.send(done);
            }
            other => carry_out(other, connection, &mut index, &mut mark),
        }
    }
}

/// Everything but a copy, which must not begin within another one.
fn carry_out(job: Job, connection: &Connection, index: &mut TabIndex, mark: &mut Option<Mark>) {
    match job {
        Job::Work(work) => {
            work(connection, index);
            if let Some(mark) = mark {
                mark.follow(connection);
            }
        }
        Job::Ready(folder, answer) => {
            let ready = open::for_work(connection);
            if ready.is_ok() {
                *mark = Some(Mark::start(&folder, connection));
            }
            let _ = answer.send(ready);
        }
        Job::Copy(_, answer) => {
            let words = "a backup is being taken already";
            let _ = answer.send(Err(LedgerError::Storage(words.to_owned())));
        }
    }
}

/// The next job; while there is none, the index reads on. None when the ledger is being closed.
fn next(connection: &Connection, index: &mut TabIndex, inbox: &Receiver<Job>) -> Option<Job> {
    while index.is_behind() {
        match inbox.try_recv() {
            Ok(job) => return Some(job),
            Err(TryRecvError::Empty) => index.read_on(connection),
            Err(TryRecvError::Disconnected) => return None,
        }
    }
    inbox.recv().ok()
}

/// Does all that is waiting; false when the ledger is being closed.
fn between(
    connection: &Connection,
    index: &mut TabIndex,
    mark: &mut Option<Mark>,
    inbox: &Receiver<Job>,
) -> bool {
    loop {
        match inbox.try_recv() {
            Ok(job) => carry_out(job, connection, index, mark),
            Err(TryRecvError::Empty) => return true,
            Err(TryRecvError::Disconnected) => return false,
        }
    }
}
