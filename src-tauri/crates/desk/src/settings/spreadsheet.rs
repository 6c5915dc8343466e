//! How files for a spreadsheet write their numbers.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What stands between the fields and in the amounts of a file for a spreadsheet. Opened with a double click,
/// it is read
/// the way the computer's region writes numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum SpreadsheetNumbers {
    /// `1234.50`, with commas between the fields.
    #[default]
    Point,
    /// `1234,50`, with semicolons between the fields.
    Comma,
}

impl SpreadsheetNumbers {
    /// Between two fields.
    pub(crate) const fn separator(self) -> &'static str {
        match self {
            Self::Point => ",",
            Self::Comma => ";",
        }
    }

    /// Between pounds and pence.
    pub(crate) const fn decimal_mark(self) -> &'static str {
        match self {
            Self::Point => ".",
            Self::Comma => ",",
        }
    }
}
