//! How much of everything a ledger holds, for support: nothing of what is in it.

/// Counts of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    /// The file's format.
    pub format: i64,
    /// What is counted, in words, and how many there are.
    pub rows: Vec<(String, i64)>,
}
