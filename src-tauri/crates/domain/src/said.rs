//! What a person said of money that was refunded elsewhere.

use crate::{Actor, Purpose};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What a person said of money that was refunded elsewhere, about which there is no decision here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Minor units that it is about.
    pub amount: i64,
    /// What they are of.
    pub of: Purpose,
    /// Who said so.
    pub by: Actor,
    /// When somebody said it, by the clock that decisions are dated by.
    pub at: DateTime<Utc>,
    /// What of it was said earlier to be charged again; the rest of that was said at [`Said::at`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Again>,
}

impl Said {
    /// What is to be charged again of it, each with when that was said.
    pub fn again(&self) -> impl Iterator<Item = Again> {
        let earlier = self
            .earlier
            .iter()
            .fold(0_i64, |sum, one| sum.saturating_add(one.minor));
        let last = Again {
            minor: self.of.again.saturating_sub(earlier),
            at: self.at,
        };
        self.earlier
            .iter()
            .copied()
            .chain([last].into_iter().filter(|last| last.minor > 0))
    }
}

/// Something that was given back to be charged again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Again {
    /// Minor units, more than zero.
    pub minor: i64,
    /// When that was said.
    pub at: DateTime<Utc>,
}
