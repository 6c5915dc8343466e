//! Closing the night: the whole run is durable before its first request, so that a crash, a restart or a
//! stop loses nothing and repeats nothing. Each row's decisions carry their ids from the start.

use crate::operations::consent::Seen;
use crate::{Agreed, AppError, Desk, ErrorCode};
use chrono::{DateTime, Utc};
use holdfast_domain::{Actor, Event, HoldId, NightStep, OperationId, OperationKind, TabId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Where the run is kept.
const RUN_SETTING: &str = "night_run";

/// What becomes of a tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum NightAction {
    /// What is due is taken, the tab put away.
    Take,
    /// What is held goes back, the tab is put away.
    Release,
    /// The unpaid request ends, the tab is put away.
    Cancel,
    /// Nothing is left to do but to put it away.
    PutAway,
    /// It stays on the floor.
    Leave,
}

/// One decision of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Part {
    pub(crate) id: OperationId,
    pub(crate) hold: HoldId,
    pub(crate) kind: OperationKind,
    pub(crate) amount: i64,
    /// Within the amount.
    #[serde(default)]
    pub(crate) service: i64,
    pub(crate) tip: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Row {
    pub(crate) tab: TabId,
    pub(crate) name: String,
    /// What is to become of it, with its amount.
    #[serde(default)]
    pub(crate) what: String,
    pub(crate) parts: Vec<Part>,
    /// What the manager saw. Not known of a run that an older release began.
    #[serde(default)]
    pub(crate) consent: Option<Seen>,
    /// Dojo takes the rest at the deadline: the tab stays open until it has.
    #[serde(default)]
    pub(crate) stays_open: bool,
    /// Why it could not be carried out; a person looks at it.
    pub(crate) trouble: Option<String>,
    pub(crate) is_done: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Run {
    pub(crate) started_at: DateTime<Utc>,
    pub(crate) by: String,
    pub(crate) rows: Vec<Row>,
    pub(crate) is_stopped: bool,
    pub(crate) finished_at: Option<DateTime<Utc>>,
}

/// The totals that the manager saw, tab by tab; made by [`crate::Night::seen`].
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct NightSeen {
    /// Which.
    #[ts(type = "string")]
    pub tab_id: TabId,
    /// What was chosen.
    pub action: NightAction,
    /// To be taken, in minor units.
    #[ts(type = "number")]
    pub total_minor: i64,
    /// The figures of the tab.
    pub seen: Seen,
    /// What else is agreed to with it.
    pub agreed: Agreed,
}

impl Desk {
    pub(crate) async fn run(&self) -> Result<Option<Run>, AppError> {
        let text = self.ledger.setting(RUN_SETTING).await?;
        let read = text.map(|text| serde_json::from_str(&text)).transpose();
        // Its tabs are on the floor all the same, and what was sent is in the ledger.
        read.or_else(|error| {
            tracing::warn!(%error, "the last closing of a night can't be read");
            Ok(None)
        })
    }

    pub(crate) async fn keep_run(
        &self,
        run: &Run,
        step: NightStep,
        name: Option<String>,
    ) -> Result<(), AppError> {
        let text =
            serde_json::to_string(run).map_err(|e| AppError::new(ErrorCode::Internal, e.to_string()))?;
        let mut note = self.note(Actor::staff(run.by.as_str()), None, Event::Night(step));
        note.personal.name = name;
        self.ledger.set_setting(RUN_SETTING, &text, note).await?;
        self.changed();
        Ok(())
    }
}
