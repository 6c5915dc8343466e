//! Why the ledger refuses, as staff read it.

use crate::{AppError, ErrorCode};
use holdfast_domain::NotDone;
use holdfast_ledger::LedgerError;

/// An error that came once a request was handed over. That nothing was sent, as a shared ledger that is away has it
/// said, isn't so then.
pub(crate) fn once_sent(error: impl Into<AppError>, is_shared: bool) -> AppError {
    let error = error.into();
    if !is_shared || error.code != ErrorCode::Ledger {
        return error;
    }
    AppError::new(ErrorCode::Unclear, ONCE_SENT).because(NotDone::Ledger)
}

const ONCE_SENT: &str = "The request may have left, and the shared ledger couldn’t be written since. Don’t do it \
                         again: once the ledger is back, Dojo’s record says what became of it.";

impl From<LedgerError> for AppError {
    fn from(error: LedgerError) -> Self {
        Self::new(ErrorCode::of_ledger(&error), refused(&error))
    }
}

/// Why, and what to do.
fn refused(error: &LedgerError) -> String {
    let words = match error {
        LedgerError::Busy => "The last request on this hold is still being settled.",
        LedgerError::Known => "This is done already. Look at the tab.",
        LedgerError::Closed => "The tab is closed. Reopen it first.",
        LedgerError::Fenced => {
            "This till was opened elsewhere, so nothing was sent from here. Close this window."
        }
        LedgerError::Unreachable => {
            "The shared ledger can’t be reached, so nothing was written and nothing was sent. Try again in a moment."
        }
        LedgerError::NotAdmitted => {
            "The shared ledger doesn’t let this till in any more: it was retired, or its password is another one. Have \
             it enrolled again, and join with the new code."
        }
        LedgerError::Older { found, known } => {
            return format!(
                "The shared ledger has format {found} and this Holdfast needs {known}, so nothing was opened or \
                 changed: have it migrated, by “holdfast-cli ledger migrate” of this version."
            );
        }
        LedgerError::TooMuch => "That is more than what is left.",
        LedgerError::Changed => "This has changed in the meantime. Look at it again, then try again.",
        LedgerError::NotFound => "It is not in the ledger.",
        LedgerError::InUse => "Another Holdfast is using this data folder; close it first.",
        LedgerError::Newer { found, known } => {
            return format!(
                "The ledger was written by a newer Holdfast (format {found}, this one knows {known}), so nothing was \
                 opened or changed: install the newer version again."
            );
        }
        LedgerError::Damaged(why) => {
            return format!("The ledger file is damaged or is not a ledger: {why}.");
        }
        LedgerError::NotSound => {
            "The ledger file did not pass its check, so nothing was done and nothing was sent; it is being opened \
             again: look again in a moment."
        }
        LedgerError::Storage(why) => return format!("The ledger could not be written or read: {why}."),
    };
    words.to_owned()
}
