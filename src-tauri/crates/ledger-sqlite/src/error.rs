//! What SQLite's and JSON's errors mean for a ledger.

use holdfast_ledger::LedgerError;
use holdfast_ledger::stored::Unreadable;
use std::fmt;
use std::path::Path;

/// The contract's error, as this crate's functions answer it. It is a type of its own so that `?` can translate
/// SQLite's errors: the contract, which knows nothing of SQLite, can't say how.
#[derive(Debug, Clone)]
pub(crate) struct StoreError(pub(crate) LedgerError);

impl StoreError {
    /// The file is not a ledger, or is damaged.
    pub(crate) fn damaged(why: impl Into<String>) -> Self {
        Self(LedgerError::Damaged(why.into()))
    }

    /// A row of `table` that its seal doesn't fit.
    pub(crate) fn damaged_row(table: &str) -> Self {
        Self::damaged(format!("a row of {table} does not hold"))
    }

    /// The disk or the operating system refused this file or folder.
    pub(crate) fn of_file(path: &Path, error: &std::io::Error) -> Self {
        Self::storage(format!("{}: {error}", path.display()))
    }

    /// The disk or the operating system refused.
    pub(crate) fn storage(why: impl Into<String>) -> Self {
        Self(LedgerError::Storage(why.into()))
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<LedgerError> for StoreError {
    fn from(error: LedgerError) -> Self {
        Self(error)
    }
}

impl From<StoreError> for LedgerError {
    fn from(error: StoreError) -> Self {
        error.0
    }
}

impl From<rusqlite::Error> for StoreError {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the library's enums are open: what isn't named is a refusal"
    )]
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        let damaged = || Self::damaged(error.to_string());
        match &error {
            rusqlite::Error::QueryReturnedNoRows => LedgerError::NotFound.into(),
            // Bytes that are no text, no number, no table: a sound file has none.
            rusqlite::Error::Utf8Error(..)
            | rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::SqlInputError { .. } => damaged(),
            rusqlite::Error::SqliteFailure(code, words) => match code.code {
                ErrorCode::ConstraintViolation => of_constraint(words.as_deref().unwrap_or_default()).into(),
                ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::Unknown => damaged(),
                _ if code.extended_code == rusqlite::ffi::SQLITE_IOERR_SHORT_READ => damaged(),
                _ => Self::storage(error.to_string()),
            },
            _ => Self::storage(error.to_string()),
        }
    }
}

/// Which refusal of the contract a constraint stands for, by SQLite's words of it.
fn of_constraint(words: &str) -> LedgerError {
    const IDS: [&str; 6] = ["tab", "line", "hold", "operation", "renewal", "run"];
    let columns = words.strip_prefix("UNIQUE constraint failed: ");
    match (words, columns.and_then(|column| column.split_once('.'))) {
        ("too much", _) => LedgerError::TooMuch,
        ("FOREIGN KEY constraint failed", _) => LedgerError::NotFound,
        (_, Some((table, "id"))) if IDS.contains(&table) => LedgerError::Known,
        // One open operation a hold, one open renewal, one open run; what is kept for ever, and ends once.
        _ => LedgerError::Busy,
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::damaged(error.to_string())
    }
}

impl From<Unreadable> for StoreError {
    fn from(error: Unreadable) -> Self {
        Self::damaged(error.to_string())
    }
}
