//! Something that a person should know of, until somebody says that they have seen it.

use crate::{HoldId, TabId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// A hold ends soon.
    Deadline,
    /// Dojo released a hold at its deadline.
    Lapsed,
    /// Dojo took a hold at its deadline.
    TakenByDojo,
    /// Money was taken, and not from here.
    TakenElsewhere,
    /// A hold was released, and not from here.
    ReleasedElsewhere,
    /// Money was refunded, and not from here.
    RefundedElsewhere,
    /// A request ended unpaid, and not from here.
    CancelledElsewhere,
    /// Dojo shows another amount than was asked for.
    AmountDiffers,
    /// Dojo shows what can't be after what it showed before.
    Contradicts,
    /// A hold was to be renewed, and stays as it was.
    Renewal,
    /// A request of this program's that this ledger lacks.
    Stranger,
    /// A request at this venue's Dojo that this program did not make.
    Foreign,
    /// The clocks can't be trusted.
    Clock,
}

/// One finding. Each key is told once; a finding whose cause comes back is opened again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What it is about, unique: `deadline/<hold>/24h`.
    pub key: String,
    /// What was found.
    pub kind: FindingKind,
    /// On which tab, if on one.
    pub tab: Option<TabId>,
    /// On which hold, if on one.
    pub hold: Option<HoldId>,
    /// For people.
    pub words: String,
    /// Minor units, where money is meant.
    pub amount: Option<i64>,
    /// When it was found.
    pub at: DateTime<Utc>,
    /// When people were told last.
    pub raised_at: DateTime<Utc>,
    /// When it stopped waiting for a person.
    pub ended_at: Option<DateTime<Utc>>,
    /// Who has seen it; none when it ended because it was not true any more.
    pub seen_by: Option<String>,
}

impl Finding {
    /// Whether it still waits for a person.
    pub const fn is_open(&self) -> bool {
        self.ended_at.is_none()
    }
}
