//! A guest's tab or deposit and its bill.

use crate::{Actor, Currency, LineId, Money, OperationId, TabId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// What was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "ts", ts(rename = "TabKind"))]
pub enum Kind {
    /// A bar's tab.
    Tab,
    /// A hotel's deposit.
    Deposit,
    /// Taken at once (capture mode Auto).
    Payment,
}

/// One guest's account: a bill and the holds that cover it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tab {
    /// Its id, also in each intent's metadata.
    pub id: TabId,
    /// Tab, deposit or payment.
    pub kind: Kind,
    /// The guest or party, as staff typed it.
    pub name: String,
    /// Room or table.
    pub place: Option<String>,
    /// For staff only.
    pub note: Option<String>,
    /// Where a receipt may go.
    pub email: Option<String>,
    /// All its amounts are in this.
    pub currency: Currency,
    /// Short reference that a person can read out.
    pub reference: String,
    /// A deposit's first day, by the venue's wall; not known of one that was opened before it was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrives_on: Option<NaiveDate>,
    /// A deposit's last day.
    pub departs_on: Option<NaiveDate>,
    /// When staff opened it.
    pub opened_at: DateTime<Utc>,
    /// Who did.
    pub opened_by: Actor,
    /// How many guests it is for. Nothing asks for it or shows it yet: the ledger keeps it, so that a screen that does
    /// needs no new format and no older ledger is read otherwise.
    #[serde(default)]
    pub guests: Option<u16>,
    /// How often it was written; the ledger counts.
    #[serde(default)]
    pub version: i64,
    /// When staff put it away; nothing about money hangs on it.
    pub closed_at: Option<DateTime<Utc>>,
    /// Whether its guest was forgotten: name, place, note and e-mail are gone for good. The ledger says so.
    #[serde(skip)]
    pub is_forgotten: bool,
}

/// One line of a bill. A mistake is corrected by a further, negative line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its id.
    pub id: LineId,
    /// Whose bill.
    pub tab: TabId,
    /// What was had, if anybody said.
    pub what: Option<String>,
    /// How many, 1 to 999.
    pub quantity: i64,
    /// Minor units for one; negative in a correction.
    pub each: i64,
    /// The line that it takes off again, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub takes_off: Option<LineId>,
    /// Where it went or came from, if it was moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved: Option<Moved>,
    /// When it was added, by the clock that deadlines are counted by.
    pub at: DateTime<Utc>,
    /// Who added it.
    pub by: Actor,
}

/// That a line was moved: its other half, of the opposite amount, stands on another bill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// The decision that moved it. Both halves have it.
    pub decision: OperationId,
    /// Whose bill has the other half.
    pub other: TabId,
    /// Whether this is the half that came, and not the one that left.
    pub is_here: bool,
    /// What that tab was called then.
    pub title: Option<String>,
}

impl Line {
    /// What it comes to, in minor units.
    pub const fn total(&self) -> i64 {
        self.each.saturating_mul(self.quantity)
    }

    /// Whether it's the half of a move that left this bill.
    pub fn has_left(&self) -> bool {
        self.moved.as_ref().is_some_and(|moved| !moved.is_here)
    }
}

/// The running total: none on overflow or below zero, which the caller refuses.
pub fn bill(lines: &[Line], currency: Currency) -> Option<Money> {
    let total = lines.iter().try_fold(0_i64, |sum, line| {
        sum.checked_add(line.each.checked_mul(line.quantity)?)
    })?;
    (0..=crate::MAX_MINOR)
        .contains(&total)
        .then_some(Money::new(total, currency))
}
