//! What SQLite's and JSON's errors mean for a ledger.

use crate::LedgerError;

impl From<rusqlite::Error> for LedgerError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match &error {
            rusqlite::Error::QueryReturnedNoRows => Self::NotFound,
            // Bytes that are no text, no number, no table: a sound file has none.
            rusqlite::Error::Utf8Error(..)
            | rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::SqlInputError { .. } => Self::Damaged(error.to_string()),
            rusqlite::Error::SqliteFailure(code, words) => match code.code {
                ErrorCode::ConstraintViolation if words.as_deref() == Some("too much") => Self::TooMuch,
                ErrorCode::ConstraintViolation => Self::Busy,
                ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::Unknown => {
                    Self::Damaged(error.to_string())
                }
                _ if code.extended_code == rusqlite::ffi::SQLITE_IOERR_SHORT_READ => {
                    Self::Damaged(error.to_string())
                }
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
