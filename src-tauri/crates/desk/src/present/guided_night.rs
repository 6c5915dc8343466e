//! Training's guided night: what a newcomer has to do once, ticked by what stands in the ledger.

use crate::{AppError, Desk};
use chrono::{DateTime, Utc};
use holdfast_domain::{OperationKind, OperationState};
use holdfast_ledger::{Account, ClosedFilter};
use serde::{Deserialize, Serialize};
use std::path::Path;
use ts_rs::TS;

/// More tabs than anybody opens or closes in a practice of a few minutes.
const MOST_TABS_READ: i64 = 500;

/// Something to do once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum GuideTask {
    /// Open a tab.
    Open,
    /// See a guest's card held.
    Card,
    /// Put something on a bill.
    Round,
    /// Take money.
    Take,
    /// Refund some of it.
    Refund,
    /// Release a hold.
    Release,
    /// Close the night.
    Night,
}

impl GuideTask {
    /// In the order in which they're shown.
    const ALL: [Self; 7] = [
        Self::Open,
        Self::Card,
        Self::Round,
        Self::Take,
        Self::Refund,
        Self::Release,
        Self::Night,
    ];
}

/// A task of the guided night.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct GuideStep {
    /// Which.
    pub task: GuideTask,
    /// Whether it was done.
    pub is_done: bool,
}

/// How far somebody has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct GuidedNight {
    /// All tasks, in order.
    pub steps: Vec<GuideStep>,
}

/// A practice that goes on, as the till remembers it between two starts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Practice {
    /// By training's clock. What was done before doesn't count.
    pub since: DateTime<Utc>,
    /// What was ticked before guests were invented, whose bills nobody rang up.
    #[serde(default)]
    pub done: Vec<GuideTask>,
}

/// The file in training's folder.
const FILE: &str = "guided-night";

impl Practice {
    /// The practice that goes on; none where nobody practises. What can't be read goes on no more.
    pub fn read(folder: &Path) -> Option<Self> {
        serde_json::from_str(&std::fs::read_to_string(folder.join(FILE)).ok()?).ok()
    }

    /// Remembers it.
    ///
    /// # Errors
    /// When the folder can't be written.
    pub fn keep(&self, folder: &Path) -> std::io::Result<()> {
        holdfast_process::write_whole(&folder.join(FILE), &serde_json::to_vec(self)?)
    }

    /// Ends whichever goes on.
    ///
    /// # Errors
    /// When the folder can't be written.
    pub fn end(folder: &Path) -> std::io::Result<()> {
        match std::fs::remove_file(folder.join(FILE)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

impl Desk {
    /// A practice that begins now.
    pub fn begin_practice(&self) -> Practice {
        Practice {
            since: self.context.now(),
            done: Vec::new(),
        }
    }

    /// The same practice once guests were invented: what was `ticked` before stays, and what nobody rang up doesn't
    /// count.
    pub fn go_on_practising(&self, ticked: &GuidedNight) -> Practice {
        let done = ticked.steps.iter().filter(|step| step.is_done);
        Practice {
            done: done.map(|step| step.task).collect(),
            ..self.begin_practice()
        }
    }

    /// How far a practice has come, as the ledger shows: nobody ticks anything.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn guided_night(&self, practice: &Practice) -> Result<GuidedNight, AppError> {
        let (ledger, since) = (&self.context.ledger, practice.since);
        let closed = ClosedFilter {
            from: Some(since),
            ..ClosedFilter::default()
        };
        let mut accounts = ledger.open_accounts(MOST_TABS_READ).await?;
        accounts.extend(ledger.closed_accounts(closed, None, MOST_TABS_READ).await?);
        let run = ledger.newest_run().await?;
        let has_closed = run.and_then(|run| run.ended_at).is_some_and(|at| at >= since);
        let is_done = |task: GuideTask| match task {
            _ if practice.done.contains(&task) => true,
            GuideTask::Night => has_closed,
            GuideTask::Open
            | GuideTask::Card
            | GuideTask::Round
            | GuideTask::Take
            | GuideTask::Refund
            | GuideTask::Release => accounts.iter().any(|account| shows(account, task, since)),
        };
        let steps = GuideTask::ALL.map(|task| GuideStep {
            task,
            is_done: is_done(task),
        });
        Ok(GuidedNight {
            steps: steps.to_vec(),
        })
    }
}

fn shows(account: &Account, task: GuideTask, since: DateTime<Utc>) -> bool {
    let Account {
        tab, lines, holds, ..
    } = account;
    let has = |kind| {
        let operations = holds.iter().flat_map(|(_, operations)| operations);
        operations.into_iter().any(|operation| {
            let has_succeeded = operation.state == OperationState::Succeeded;
            has_succeeded && operation.kind == kind && operation.at >= since
        })
    };
    match task {
        GuideTask::Open => tab.opened_at >= since,
        GuideTask::Card => holds.iter().any(|(hold, _)| {
            let is_held = hold
                .seen
                .as_ref()
                .is_some_and(|seen| seen.authorised_at.is_some());
            is_held && hold.opened_at >= since
        }),
        GuideTask::Round => lines
            .iter()
            .any(|line| line.at >= since && line.takes_off.is_none()),
        GuideTask::Take => has(OperationKind::Capture),
        GuideTask::Refund => has(OperationKind::Refund),
        GuideTask::Release => has(OperationKind::Reversal),
        GuideTask::Night => false,
    }
}
