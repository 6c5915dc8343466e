//! What the server's errors mean for a ledger.

use holdfast_ledger::LedgerError;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio_postgres::error::{Severity, SqlState};

/// How often it's said again why the server can't be reached.
const SAID_EVERY: Duration = Duration::from_secs(10 * 60);

/// Reasons that are said in that time.
const MOST_REASONS: usize = 20;

/// Why a call wasn't done.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The contract's own reason.
    Because(LedgerError),
    /// Rows that it rests on were written since they were read: read them and make it again.
    Moved,
    /// It lost a race for a lock and changed nothing: it may be tried again as it is.
    Crowded(String),
    /// The answer was lost. Whether it was done has to be looked up.
    Lost(String),
}

impl Refusal {
    /// What the server, or the way to it, answered.
    pub(crate) fn of(error: &tokio_postgres::Error) -> Self {
        let Some(told) = error.as_db_error() else {
            return Self::Lost(error.to_string());
        };
        let words = told.message().to_owned();
        let because = Self::Because;
        // The server ended this session with it, or itself, such as without room for its log: it may have committed.
        if matches!(told.parsed_severity(), Some(Severity::Fatal | Severity::Panic)) {
            return Self::Lost(words);
        }
        match told.code().code() {
            "HF001" => because(LedgerError::Known),
            "HF002" => because(LedgerError::Changed),
            "HF003" => because(LedgerError::TooMuch),
            "HF004" => because(LedgerError::Fenced),
            "HF005" => because(LedgerError::Closed),
            "HF006" => because(LedgerError::Busy),
            "HF007" => Self::Moved,
            "HF009" => because(too_old(told.detail())),
            "HF404" => because(LedgerError::NotFound),
            _ => match told.code() {
                // Two that came at once: the index decided, where the function saw nothing yet.
                &SqlState::UNIQUE_VIOLATION if told.constraint().is_some_and(is_one_open) => {
                    because(LedgerError::Busy)
                }
                // A note, a finding or a row on a tab or hold that the ledger doesn't have.
                &SqlState::FOREIGN_KEY_VIOLATION => because(LedgerError::NotFound),
                &SqlState::T_R_DEADLOCK_DETECTED
                | &SqlState::T_R_SERIALIZATION_FAILURE
                | &SqlState::LOCK_NOT_AVAILABLE => Self::Crowded(words),
                // The server ends, or ended this session: it may have committed before.
                &SqlState::ADMIN_SHUTDOWN | &SqlState::CRASH_SHUTDOWN | &SqlState::QUERY_CANCELED => {
                    Self::Lost(words)
                }
                &SqlState::DISK_FULL => because(LedgerError::Storage(NO_SPACE.to_owned())),
                &SqlState::READ_ONLY_SQL_TRANSACTION => because(LedgerError::Storage(READ_ONLY.to_owned())),
                _ => because(LedgerError::Storage(words)),
            },
        }
    }
}

/// Of a detail that says which version it takes, and which the till's is.
fn too_old(detail: Option<&str>) -> LedgerError {
    let versions = detail.and_then(|detail| detail.split_once(' '));
    let number = |text: &str| text.parse().unwrap_or_default();
    let (found, known) = versions.map_or((0, 0), |(found, known)| (number(found), number(known)));
    LedgerError::Newer { found, known }
}

/// What a person has to put right at the server.
const NO_SPACE: &str = "the ledger’s server has no space left on its disk: make room there";
const READ_ONLY: &str =
    "the ledger’s server takes no changes, as some do when their disk is nearly full: look at it there";

/// The indexes that are a rule of the contract; every other is only a safety net.
fn is_one_open(constraint: &str) -> bool {
    matches!(
        constraint,
        "operation_one_open" | "run_one_open" | "renewal_one_open"
    )
}

/// The server can't be reached, or its answer can't be relied on. The feed asks again twice a second: the same reason
/// is said once in a while, or the log would have room for nothing else.
pub(crate) fn unreachable(why: impl std::fmt::Display) -> LedgerError {
    static SAID: Mutex<Vec<(String, Instant)>> = Mutex::new(Vec::new());
    let why = why.to_string();
    let mut said = SAID.lock().unwrap_or_else(PoisonError::into_inner);
    if is_news(&mut said, &why, Instant::now()) {
        tracing::warn!(why, "the shared ledger can’t be reached");
    }
    LedgerError::Unreachable
}

/// Whether a reason wasn't said lately; then it counts as said.
fn is_news(said: &mut Vec<(String, Instant)>, why: &str, now: Instant) -> bool {
    said.retain(|(_, at)| now.duration_since(*at) < SAID_EVERY);
    let is_news = said.len() < MOST_REASONS && said.iter().all(|(known, _)| known != why);
    if is_news {
        said.push((why.to_owned(), now));
    }
    is_news
}

/// What is read isn't what was written.
pub(crate) fn damaged(why: impl Into<String>) -> LedgerError {
    LedgerError::Damaged(why.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn why_the_server_is_away_is_said_once_in_a_while_and_another_reason_at_once() {
        let (now, mut said) = (Instant::now(), Vec::new());
        assert!(is_news(&mut said, "refused", now));
        assert!(!is_news(&mut said, "refused", now));
        assert!(is_news(&mut said, "no such name", now));
        assert!(!is_news(&mut said, "refused", now));
        assert!(is_news(&mut said, "refused", now + SAID_EVERY));
    }
}
