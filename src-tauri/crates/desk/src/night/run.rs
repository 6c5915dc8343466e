//! Closing the night: the whole run is durable before its first request, so that a crash, a restart or a
//! stop loses nothing and repeats nothing. Each row's decisions carry their ids from the start.

use crate::night::NightRunner;
use crate::operations::consent::Seen;
use crate::{Agreed, AppError};
use holdfast_domain::{Event, HoldId, Money, NightStep, OperationId, OperationKind, RowTrouble, TabId};
use holdfast_ledger::{Note, RowEnded, Run, RunRow, RunState};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What becomes of a tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum NightAction {
    /// What is due is taken, the tab closed.
    Take,
    /// What is held is released, the tab is closed.
    Release,
    /// The unpaid request ends, the tab is closed.
    Cancel,
    /// Nothing is left to do but to close the tab.
    CloseTab,
    /// It stays on the floor.
    Leave,
}

/// One decision of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RowDecision {
    pub(crate) id: OperationId,
    pub(crate) hold: HoldId,
    pub(crate) kind: OperationKind,
    pub(crate) amount: i64,
    /// Within the amount.
    pub(crate) service: i64,
    pub(crate) tip: i64,
}

/// What was confirmed for a tab: kept with its row of the run, and never changed. `stored.rs` has the text of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RowPlan {
    /// What is to become of it. Not known of a run that an older release began.
    pub(crate) action: Option<NightAction>,
    /// What is taken or released.
    pub(crate) money: Option<Money>,
    /// The same in words, of a run that an older release began.
    pub(crate) former_words: String,
    pub(crate) parts: Vec<RowDecision>,
    /// Of a take, what the table showed as bill, service charge and tip, in minor units: its holds may have no room for
    /// all of it. Not known of a run that an older release began.
    pub(crate) asked: Option<[i64; 3]>,
    /// What the manager saw. Not known of a run that an older release began.
    pub(crate) consent: Option<Seen>,
    /// Something is in force on the tab after this, or Dojo takes the rest at the deadline: it stays open.
    pub(crate) stays_open: bool,
}

/// What a manager saw of a tab's row. The desk makes it, and the window sends it back as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
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

impl NightRunner {
    /// The run that was begun last.
    pub(crate) async fn run(&self) -> Result<Option<Run>, AppError> {
        Ok(self.context.ledger.newest_run().await?)
    }

    /// Makes a run durable. What an interrupted one has left is given up: what is on the floor is in this one's table.
    pub(crate) async fn begin(&self, run: &Run) -> Result<(), AppError> {
        if let Some(before) = self.run().await?.filter(|run| run.ended_at.is_none()) {
            let ended = RunState::Ended(self.context.now());
            self.move_on(&before, ended, NightStep::RestLeft).await?;
        }
        let note = self.note(run, NightStep::Begun);
        self.context.ledger.begin_run(run, note).await?;
        self.context.changed();
        Ok(())
    }

    /// Notes whether a run goes on.
    pub(crate) async fn move_on(&self, run: &Run, state: RunState, step: NightStep) -> Result<(), AppError> {
        let note = self.note(run, step);
        self.context.ledger.set_run_state(run.id, state, note).await?;
        self.context.changed();
        Ok(())
    }

    /// Notes how a row ended; an error is why it couldn't be carried out.
    pub(crate) async fn end_row(
        &self,
        run: &Run,
        row: &RunRow,
        result: Result<(), RowTrouble>,
    ) -> Result<(), AppError> {
        let trouble = result.err();
        let step = match trouble.clone() {
            Some(why) => NightStep::RowFailed { why },
            None => NightStep::RowDone,
        };
        let mut note = self.note(run, step);
        note.tab = Some(row.tab);
        note.personal.name = Some(row.name.clone());
        let ended = RowEnded {
            at: self.context.now(),
            trouble,
        };
        self.context
            .ledger
            .end_run_row(run.id, row.tab, ended, note)
            .await?;
        self.context.changed();
        Ok(())
    }

    fn note(&self, run: &Run, step: NightStep) -> Note {
        self.context.note(run.by.clone(), None, Event::Night(step))
    }
}
