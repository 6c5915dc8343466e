//! The ledger's one thread: it owns the connection and does one thing after the other.

use crate::error::StoreError;
use crate::integrity::high_water_mark::HighWaterMark;
use crate::recovery::{backup, open};
use crate::tab_index::TabIndex;
use rusqlite::Connection;
use std::{
    fs::File,
    path::PathBuf,
    sync::mpsc::{Receiver, Sender, TryRecvError, channel},
    thread::{self, JoinHandle},
};
use tokio::sync::oneshot;

/// A read or a commit, with the index that searches look into.
pub(crate) type Work = Box<dyn FnOnce(&Connection, &mut TabIndex) + Send>;

/// What the thread is asked for.
pub(crate) enum Job {
    /// A read or a commit.
    Work(Work),
    /// A copy to this path, with other work done between its steps.
    Copy(PathBuf, oneshot::Sender<Result<(), StoreError>>),
    /// The whole file was found sound: what is written may be moved from the log into it.
    Sound(Sender<Result<(), StoreError>>),
}

/// Where jobs are handed in.
#[derive(Debug, Clone)]
pub(crate) struct Jobs(Sender<Job>);

impl Jobs {
    /// Says that the whole file was found sound, and waits until that was heard.
    pub(crate) fn tell_sound(&self) -> Result<(), StoreError> {
        let (reply, answer) = channel();
        self.0.send(Job::Sound(reply)).map_err(|_| gone())?;
        answer.recv().map_err(|_| gone())?
    }
}

/// The thread; it ends, and with it the lock, when this is dropped.
#[derive(Debug)]
pub(crate) struct Worker {
    jobs: Option<Jobs>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// Starts it. The lock goes with the connection: nobody else may have the folder before the
    /// connection is closed.
    pub(crate) fn start(connection: Connection, mark: HighWaterMark, lock: File) -> Result<Self, StoreError> {
        let (jobs, inbox) = channel::<Job>();
        let thread = thread::Builder::new()
            .name("ledger".to_owned())
            .spawn(move || {
                serve(&connection, mark, &inbox);
                drop(connection);
                drop(lock);
            })
            .map_err(|e| StoreError::storage(e.to_string()))?;
        Ok(Self {
            jobs: Some(Jobs(jobs)),
            thread: Some(thread),
        })
    }

    /// Hands it a job; the answer comes by the job's own way.
    pub(crate) fn ask(&self, job: Job) -> Result<(), StoreError> {
        self.jobs()?.0.send(job).map_err(|_| gone())
    }

    /// For another thread that hands jobs in and ends before this.
    pub(crate) fn jobs(&self) -> Result<Jobs, StoreError> {
        self.jobs.clone().ok_or_else(gone)
    }
}

/// The thread ended before it answered.
pub(crate) fn gone() -> StoreError {
    StoreError::storage("the ledger has stopped")
}

impl Drop for Worker {
    fn drop(&mut self) {
        drop(self.jobs.take());
        // The next program that opens the folder must find the file closed.
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the ledger’s thread came to a bad end");
        }
    }
}

fn serve(connection: &Connection, mark: HighWaterMark, inbox: &Receiver<Job>) {
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
            job @ (Job::Work(_) | Job::Sound(_)) => carry_out(job, connection, &mut index, &mut mark),
        }
    }
}

/// Everything but a copy, which must not begin within another one.
fn carry_out(job: Job, connection: &Connection, index: &mut TabIndex, mark: &mut HighWaterMark) {
    match job {
        Job::Work(work) => {
            work(connection, index);
            mark.follow(connection);
        }
        Job::Sound(answer) => {
            let done = open::let_log_into_file(connection);
            open::empty_left_log(connection);
            let _ = answer.send(done);
        }
        Job::Copy(_, answer) => {
            let words = "a backup is being taken already";
            let _ = answer.send(Err(StoreError::storage(words)));
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
    mark: &mut HighWaterMark,
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
