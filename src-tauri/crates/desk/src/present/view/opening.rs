//! What opening a tab would ask for.

use super::Money;
use chrono::{DateTime, NaiveDate, Utc};
use holdfast_domain::TabId;
use serde::Serialize;
use ts_rs::TS;

/// What would be asked for, and what staff should know before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct NewPreview {
    /// In all; none while what was typed is no amount.
    pub money: Option<Money>,
    /// The button's words, with the amount.
    pub button: String,
    /// Nights times the amount for one, and the departure.
    pub sum: Option<String>,
    /// A deposit's last day, typed or counted.
    #[ts(type = "string | null")]
    pub departs_on: Option<NaiveDate>,
    /// What Dojo does by itself.
    pub deadline: Option<String>,
    /// When the unpaid link ends.
    #[ts(type = "string | null")]
    pub link_ends_at: Option<DateTime<Utc>>,
    /// The guest stays longer than a hold lasts.
    pub too_long: Option<String>,
    /// Open tabs of the same name or card. Staff may go on.
    pub same: Vec<Same>,
    /// Dojo can't be reached, and what would become of it.
    pub offline: Option<String>,
    /// Tables and rooms to pick from, free ones first, that fit what is typed.
    pub places: Vec<PlaceOffer>,
    /// The manager's own amounts.
    pub presets: Vec<Preset>,
    /// Amounts that were used last, beside the manager's own.
    pub last_amounts: Vec<Money>,
}

/// An amount to pick.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Preset {
    /// As the manager typed it, which is what goes into the field.
    pub typed: String,
    /// What its button says.
    pub label: String,
}

/// A table or room to pick.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PlaceOffer {
    /// As the manager typed it.
    pub name: String,
    /// An open tab is there already. Staff may go on.
    pub is_taken: bool,
}

/// Another open tab that may be the same guest's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Same {
    /// Which.
    #[ts(type = "string")]
    pub tab_id: TabId,
    /// For people.
    pub words: String,
}

/// What an amount typed means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct AmountCheck {
    /// The amount.
    pub money: Option<Money>,
    /// Why it can't be used.
    pub error: Option<String>,
}
