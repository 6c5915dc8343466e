//! What moving a part of a bill would do, and what it did.

use super::{Money, TabView};
use crate::{FieldError, Seen};
use holdfast_domain::TabId;
use serde::Serialize;
use ts_rs::TS;

/// What a move would do to both tabs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct MovePreview {
    /// What there is to see of the tab that it's on.
    pub seen: Seen,
    /// What there is to see of the tab that it goes to; none of a new one, and while none is chosen.
    pub onto_seen: Option<Seen>,
    /// How much of the bill goes.
    pub amount: Money,
    /// All that is still to take.
    pub due: Money,
    /// Equal parts of that.
    pub shares: Vec<MoveShare>,
    /// Open tabs that it can go to and that fit what is typed.
    pub targets: Vec<MoveTarget>,
    /// How many more there are; typing finds them.
    pub more_targets: usize,
    /// Both bills, before and after; none of either before anything is chosen.
    pub sides: Vec<MoveSide>,
    /// What staff should know before.
    pub cautions: Vec<String>,
    /// Whether the tab is closed with it.
    pub closes: bool,
    /// What was typed and has to be corrected.
    pub errors: Vec<FieldError>,
    /// Why it can't be done.
    pub why: Option<String>,
    /// May it be done now?
    pub allowed: bool,
    /// The confirming button's words.
    pub button: String,
}

/// One of some equal parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct MoveShare {
    /// Of how many.
    #[ts(type = "number")]
    pub ways: i64,
    /// `Half`, `A third`.
    pub words: String,
    /// How much it is.
    pub amount: Money,
}

/// An open tab that a bill can go to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct MoveTarget {
    /// Which.
    #[ts(type = "string")]
    pub tab_id: TabId,
    /// What it's called.
    pub name: String,
    /// Room or table, card, and what is still to take there.
    pub about: String,
}

/// One of both bills.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct MoveSide {
    /// Whose.
    pub name: String,
    /// Still to take now.
    pub before: Money,
    /// Still to take then.
    pub after: Money,
    /// On hold, then as now.
    pub held: Money,
    /// By how much that is too little then.
    pub over: Option<Money>,
}

/// What was moved, and how both tabs look now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct MoveOutcome {
    /// The tab that it was on.
    pub tab: TabView,
    /// The tab that it's on now.
    pub onto: TabView,
    /// What happened.
    pub words: String,
    /// What is still on hold, or requested, on a tab whose bill is empty now: a person may end that next.
    pub rest: Option<String>,
}
