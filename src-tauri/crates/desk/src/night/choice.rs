//! What a manager chose.

use crate::TakeTyped;
use crate::night::run::NightAction;
use holdfast_domain::TabId;
use serde::Deserialize;
use ts_rs::TS;

/// What a manager chose for one tab; none of the fields means the default.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct NightChoice {
    /// Which.
    #[ts(type = "string")]
    pub tab_id: TabId,
    /// Instead of the default.
    pub action: Option<NightAction>,
    /// As typed.
    #[serde(default)]
    pub typed: TakeTyped,
}
