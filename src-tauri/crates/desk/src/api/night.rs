//! Closing the night, from the table that was confirmed to the report at its end.

use crate::context::reasons::NotPossible;
use crate::night::begin;
use crate::night::run::RowPlan;
use crate::operations::consent::{self, ConsentScope};
use crate::present::night_table::words::becomes;
use crate::present::night_table::{Proposed, ProposedNight};
use crate::wording::closing::{self, RowChange};
use crate::{AppError, Desk, ErrorCode, Night, NightAction, NightChoice, NightSeen, wording};
use holdfast_domain::{NightStep, OperationId, RunId};
use holdfast_ledger::{Run, RunRow, RunState};
use std::sync::Arc;

/// The most changed rows that one message names.
const MOST_TOLD: usize = 3;

impl Desk {
    /// Begins to close the night, with the rows that were confirmed. What was seen of each must be what is there now;
    /// a tab that came since is left alone.
    ///
    /// # Errors
    /// [`ErrorCode::Changed`], [`ErrorCode::NotAllowed`] while a run is under way; the ledger's.
    pub async fn close_night(
        self: &Arc<Self>,
        choices: &[NightChoice],
        seen: &[NightSeen],
    ) -> Result<Night, AppError> {
        // A second press finds the run under way.
        let _closing = self.night.closing().await;
        self.night.refuse_if_elsewhere().await?;
        let night = self.proposed_night(choices).await?;
        if !night.beginning.is_allowed {
            return Err(AppError::new(ErrorCode::NotAllowed, NotPossible::NothingToClose));
        }
        let confirmed = confirmed(seen);
        self.refuse_if_other(&night, &confirmed).await?;
        let mut rows = Vec::new();
        for seen in confirmed {
            let Some(Proposed { tab, proposal, .. }) = proposed(&night, seen) else {
                continue;
            };
            let account = self.context.account(tab.id).await?;
            let id = || OperationId(self.context.clock.uuid());
            let plan = RowPlan {
                action: Some(proposal.action),
                money: proposal.money,
                former_words: String::new(),
                parts: begin::parts(&account, proposal, self.context.now(), id),
                asked: (proposal.action == NightAction::Take).then(|| proposal.asked.map(|part| part.minor)),
                consent: Some(seen.seen.clone()),
                stays_open: proposal.stays_open,
            };
            rows.push(RunRow {
                tab: tab.id,
                name: tab.name.clone(),
                plan: plan.text()?,
                ended: None,
            });
        }
        let run = Run {
            id: RunId(self.context.clock.uuid()),
            started_at: self.context.now(),
            by: self.context.settings().await?.actor(),
            stopped_at: None,
            ended_at: None,
            rows,
        };
        self.night.begin(&run).await?;
        self.start_run();
        self.night(&[]).await
    }

    /// What differs from what a manager is about to confirm, a sentence each; empty while nothing does.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn look_night(
        &self,
        choices: &[NightChoice],
        seen: &[NightSeen],
    ) -> Result<Vec<String>, AppError> {
        let night = self.proposed_night(choices).await?;
        self.changed_rows(&night, &confirmed(seen)).await
    }

    /// What of each row that was confirmed isn't what it was.
    async fn changed_rows(
        &self,
        night: &ProposedNight,
        confirmed: &[&NightSeen],
    ) -> Result<Vec<String>, AppError> {
        let mut changes = Vec::new();
        let frame = self.context.frame().await?;
        for seen in confirmed {
            let Some(Proposed { tab, proposal, .. }) = proposed(night, seen) else {
                changes.push(RowChange::Closed.words());
                continue;
            };
            let (name, total) = (&tab.name, proposal.take.sums.total.minor);
            let agreed = proposal.take.to_confirm.agreed();
            let account = self.context.account(seen.tab_id).await?;
            let told = consent::changes(ConsentScope::Tab, &seen.seen, &account, frame);
            let is_same = (proposal.action, total, agreed) == (seen.action, seen.total_minor, seen.agreed);
            if !told.is_empty() {
                let changed = wording::consent::changes(&told, frame);
                let change = RowChange::Tab {
                    name,
                    changes: &changed,
                };
                changes.push(change.words());
            } else if !is_same {
                let what = &becomes(proposal.action, proposal.money, proposal.stays_open);
                changes.push(RowChange::Becomes { name, what }.words());
            }
        }
        Ok(changes)
    }

    /// Each row that was confirmed must be what it was.
    async fn refuse_if_other(&self, night: &ProposedNight, confirmed: &[&NightSeen]) -> Result<(), AppError> {
        let changes = self.changed_rows(night, confirmed).await?;
        if changes.is_empty() {
            return Ok(());
        }
        let first: Vec<&str> = changes.iter().take(MOST_TOLD).map(String::as_str).collect();
        Err(AppError {
            changes: changes.clone(),
            ..AppError::new(ErrorCode::Changed, closing::rows_changed(&first))
        })
    }

    /// Goes on with an interrupted run. What was carried out already is known by its decisions.
    ///
    /// # Errors
    /// [`ErrorCode::NotAllowed`] when there is none; the ledger's.
    pub async fn continue_night(self: &Arc<Self>) -> Result<Night, AppError> {
        let Some(run) = self.night.run().await?.filter(|run| run.ended_at.is_none()) else {
            return Err(AppError::new(
                ErrorCode::NotAllowed,
                NotPossible::NoRunInterrupted,
            ));
        };
        self.night.refuse_if_elsewhere().await?;
        self.night
            .move_on(&run, RunState::GoesOn, NightStep::Resumed)
            .await?;
        self.start_run();
        self.night(&[]).await
    }

    /// Stops after the rows that are under way.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn stop_night(&self) -> Result<Night, AppError> {
        self.night.stop();
        self.night(&[]).await
    }

    /// Lets an interrupted run be: what is left stays on the floor.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn leave_rest_of_night(&self) -> Result<Night, AppError> {
        if !self.night.is_running()
            && let Some(run) = self.night.run().await?.filter(|run| run.ended_at.is_none())
        {
            self.night.refuse_if_elsewhere().await?;
            let ended = RunState::Ended(self.context.now());
            self.night.move_on(&run, ended, NightStep::RestLeft).await?;
        }
        self.night(&[]).await
    }

    fn start_run(self: &Arc<Self>) {
        if self.night.start() {
            let desk = Arc::clone(self);
            tokio::spawn(async move {
                if let Err(error) = desk.night.carry_out_night().await {
                    tracing::error!(%error, "closing the night was interrupted");
                }
                if let Err(error) = desk.report_after_run().await {
                    tracing::warn!(%error, "the night report could not be made");
                }
                desk.night.finish();
            });
        }
    }

    /// The report of a night that was closed to its end, where the venue wants it by itself. What is still
    /// unsettled then comes in the next one.
    async fn report_after_run(&self) -> Result<(), AppError> {
        let is_over = self.night.run().await?.is_some_and(|run| run.ended_at.is_some());
        let unreported = self.context.ledger.unreported().await?;
        if is_over && self.context.settings().await?.report_after_run && !unreported.movements.is_empty() {
            self.report_with_leftovers(unreported).await?;
        }
        Ok(())
    }
}

/// The rows with which something happens.
fn confirmed(seen: &[NightSeen]) -> Vec<&NightSeen> {
    seen.iter().filter(|s| s.action != NightAction::Leave).collect()
}

/// What is proposed for the tab of a row that was confirmed; none where it is closed by now.
fn proposed<'a>(night: &'a ProposedNight, seen: &NightSeen) -> Option<&'a Proposed> {
    night.tabs.iter().find(|one| one.tab.id == seen.tab_id)
}
