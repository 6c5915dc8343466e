//! Errors as staff and the window need them: a closed set of codes, words that say what to do.

use super::field::Field;
use holdfast_domain::{Detail, NotDone};
use holdfast_ledger::LedgerError;
use serde::Serialize;
use std::borrow::Cow;
use ts_rs::TS;

/// What kind of trouble it is; the window acts on this, never on the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ErrorCode {
    /// Something typed can't be used; see the fields.
    Invalid,
    /// The state of things forbids it; the message says why.
    NotAllowed,
    /// Nothing left the till: free to try again.
    NotSent,
    /// Dojo refused.
    Rejected,
    /// Nobody knows yet whether it happened.
    Unclear,
    /// Dojo does not accept the key.
    Unauthorised,
    /// There is no such thing.
    NotFound,
    /// What staff saw is not so any more.
    Changed,
    /// Staff have yet to agree to something that it would bring about; the message says what.
    Unconfirmed,
    /// The ledger could not be read or written.
    Ledger,
    /// The operating system's key store refused.
    KeyStore,
    /// A defect of ours.
    Internal,
}

/// One field's trouble, shown beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct FieldError {
    /// Where it was typed.
    pub field: Field,
    /// What to do about it.
    pub message: String,
}

impl FieldError {
    /// Of a field, with what to do about it.
    pub(crate) fn new(field: Field, message: impl Into<String>) -> Self {
        Self {
            field,
            message: message.into(),
        }
    }
}

/// What a use case answers when it can't do its work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS, thiserror::Error)]
#[error("{}", self.for_the_log())]
#[ts(export)]
pub struct AppError {
    /// Which kind.
    pub code: ErrorCode,
    /// For people.
    pub message: String,
    /// Where typing has to be put right.
    pub fields: Vec<FieldError>,
    /// What isn't as the person saw it, a sentence each; of [`ErrorCode::Changed`].
    pub changes: Vec<String>,
    /// The same as data, for the ledger: what is kept must not be words.
    #[serde(skip)]
    #[ts(skip)]
    pub(crate) reason: Option<Box<NotDone>>,
}

impl AppError {
    /// An error without fields.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            fields: Vec::new(),
            changes: Vec::new(),
            reason: None,
        }
    }

    /// The same error, with its reason as data.
    pub(crate) fn because(self, reason: NotDone) -> Self {
        Self {
            reason: Some(Box::new(reason)),
            ..self
        }
    }

    /// Whether that is its reason.
    pub(crate) fn is(&self, reason: &NotDone) -> bool {
        self.reason.as_deref() == Some(reason)
    }

    /// Its message as a log may have it: Dojo's own words may name a guest, and nobody forgets what a log says.
    fn for_the_log(&self) -> Cow<'_, str> {
        match self.reason.as_deref() {
            Some(NotDone::NotShown(Detail::Dojo(_))) => Cow::Owned(format!("{:?}", self.code)),
            Some(_) | None => Cow::Borrowed(&self.message),
        }
    }

    /// Its reason, for the ledger.
    pub(crate) fn into_reason(self) -> NotDone {
        match (self.reason, self.code) {
            (Some(reason), _) => *reason,
            (None, ErrorCode::Ledger) => NotDone::Ledger,
            (None, _) => NotDone::Other,
        }
    }

    /// Typing that has to be put right.
    pub fn invalid(fields: Vec<FieldError>) -> Self {
        let message = fields.first().map_or_else(String::new, |f| f.message.clone());
        Self {
            code: ErrorCode::Invalid,
            message,
            fields,
            changes: Vec::new(),
            reason: None,
        }
    }

    /// One field's trouble.
    pub fn field(field: Field, message: impl Into<String>) -> Self {
        Self::invalid(vec![FieldError::new(field, message)])
    }
}

impl ErrorCode {
    /// Of a refusal of the ledger's.
    pub(crate) const fn of_ledger(error: &LedgerError) -> Self {
        match error {
            LedgerError::Busy | LedgerError::Known | LedgerError::Closed | LedgerError::TooMuch => {
                Self::NotAllowed
            }
            LedgerError::NotFound => Self::NotFound,
            LedgerError::Changed => Self::Changed,
            LedgerError::InUse
            | LedgerError::Fenced
            | LedgerError::Unreachable
            | LedgerError::NotAdmitted
            | LedgerError::Older { .. }
            | LedgerError::Newer { .. }
            | LedgerError::Damaged(_)
            | LedgerError::NotSound
            | LedgerError::Storage(_) => Self::Ledger,
        }
    }
}
