//! Why a ledger refuses.

/// Why the ledger would not.
#[derive(Debug, Clone, thiserror::Error)]
pub enum LedgerError {
    /// It has to wait for something that is under way: another operation on the hold, another renewal, another run.
    #[error("the last request on this hold is still being settled")]
    Busy,
    /// It is in the ledger already: this decision, by this try or another one, or this line.
    #[error("this is in the ledger already")]
    Known,
    /// Nothing is added to a tab that is closed.
    #[error("the tab is closed")]
    Closed,
    /// This till was opened elsewhere since, or somebody has concluded that its request never left.
    #[error("this till was opened elsewhere since")]
    Fenced,
    /// The ledger that the tills share can't be reached. Nothing was written that the call's author could rely on.
    #[error("the shared ledger can’t be reached")]
    Unreachable,
    /// The shared ledger's server doesn't let this till in: it was retired, or its password is another one.
    #[error("the shared ledger doesn’t let this till in any more")]
    NotAdmitted,
    /// The shared ledger was made by an older Holdfast. A till migrates nothing.
    #[error(
        "the shared ledger has format {found}, and this Holdfast needs {known}: have it migrated \
         (holdfast-cli ledger migrate)"
    )]
    Older {
        /// The ledger's format.
        found: i64,
        /// The format that this program needs.
        known: i64,
    },
    /// More than what is held or was taken.
    #[error("that is more than what is left")]
    TooMuch,
    /// What it was decided on was written again since: read it and decide again.
    #[error("it has changed since it was read")]
    Changed,
    /// No such row.
    #[error("it is not in the ledger")]
    NotFound,
    /// Another Holdfast has the data folder.
    #[error("another Holdfast is using this data folder; close it first")]
    InUse,
    /// The file was written by a newer Holdfast.
    #[error(
        "the ledger was written by a newer Holdfast (format {found}, this one knows {known}), so nothing was opened or \
         changed: install the newer version again"
    )]
    Newer {
        /// The file's format.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
    /// The file is not a ledger, or is damaged. Its text is for support: no code decides by it.
    #[error("the ledger file is damaged or is not a ledger: {0}")]
    Damaged(String),
    /// The check behind a window that is up did not find it sound, or could not be made.
    #[error(
        "the ledger file did not pass its check, so nothing was done and nothing was sent; it is being opened again: \
         look again in a moment"
    )]
    NotSound,
    /// The disk or the operating system refused. Its text is what they said: no code decides by it.
    #[error("the ledger could not be written or read: {0}")]
    Storage(String),
}
