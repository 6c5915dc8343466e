//! Closing the night, from the table that was confirmed to the report at its end.

use crate::account::allowed::allowing;
use crate::account::due::takeable;
use crate::capture::split::{Sums, split};
use crate::night::run::{Part, Plan};
use crate::operations::consent::{self, Ground};
use crate::present::night_table::NightRow;
use crate::present::night_table::words::becomes;
use crate::{AppError, Desk, ErrorCode, Night, NightAction, NightChoice, NightSeen, wording};
use holdfast_domain::{Action, NightStep, OperationId, OperationKind, RunId, isolated};
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
        let night = self.night(choices).await?;
        if !night.ready {
            return Err(AppError::new(
                ErrorCode::NotAllowed,
                "There’s nothing to close, or some rows need fixing first.",
            ));
        }
        let confirmed: Vec<&NightSeen> = seen.iter().filter(|s| s.action != NightAction::Leave).collect();
        self.refuse_if_other(&night, &confirmed).await?;
        let mut rows = Vec::new();
        for seen in confirmed {
            let Some(row) = night.rows.iter().find(|row| row.tab.id == seen.tab_id) else {
                continue;
            };
            let plan = Plan {
                action: Some(row.action),
                money: row.moved,
                former_words: String::new(),
                parts: self.row_parts(row).await?,
                consent: Some(seen.seen.clone()),
                stays_open: row.stays_open,
            };
            rows.push(RunRow {
                tab: row.tab.id,
                name: row.tab.name.clone(),
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

    /// Each row that was confirmed must be what it was.
    async fn refuse_if_other(&self, night: &Night, confirmed: &[&NightSeen]) -> Result<(), AppError> {
        let mut changes = Vec::new();
        let frame = self.context.frame().await?;
        for seen in confirmed {
            let Some(row) = night.rows.iter().find(|row| row.tab.id == seen.tab_id) else {
                changes.push("A tab that was in the list is closed.".to_owned());
                continue;
            };
            let account = self.context.account(seen.tab_id).await?;
            let told = consent::changes(Ground::Tab, &seen.seen, &account, frame);
            let is_same =
                (row.action, row.total.minor, row.agreed()) == (seen.action, seen.total_minor, seen.agreed);
            if !told.is_empty() {
                let told = wording::consent::changes(&told, frame);
                changes.push(format!("{}: {}", isolated(&row.tab.name), told.join(" ")));
            } else if !is_same {
                let becomes = becomes(row.action, row.moved, row.stays_open);
                changes.push(format!("{}: {becomes} now.", isolated(&row.tab.name)));
            }
        }
        if changes.is_empty() {
            return Ok(());
        }
        let first: Vec<&str> = changes.iter().take(MOST_TOLD).map(String::as_str).collect();
        let words = format!(
            "{} Nothing was sent. Check the figures before you close the night.",
            first.join(" ")
        );
        Err(AppError {
            changes: changes.clone(),
            ..AppError::new(ErrorCode::Changed, words)
        })
    }

    async fn row_parts(&self, row: &NightRow) -> Result<Vec<Part>, AppError> {
        let part = |hold, kind| Part {
            id: OperationId(self.context.clock.uuid()),
            hold,
            kind,
            amount: 0,
            service: 0,
            tip: 0,
        };
        let account = self.context.account(row.tab.id).await?;
        let now = self.context.now();
        let (wanted, kind) = match row.action {
            NightAction::Take => {
                // What the table showed, which for a bill over its hold is all that there is.
                let (_, holds) = takeable(&account, now);
                let (bill, service, tip) = (row.bill.minor, row.service.minor, row.tip.minor);
                let shares = split(&holds, &Sums::of(bill, service, tip, account.tab.currency));
                let parts = shares.into_iter().map(|share| Part {
                    amount: share.amount,
                    service: share.service,
                    tip: share.tip,
                    ..part(share.hold.id, OperationKind::Capture)
                });
                return Ok(parts.collect());
            }
            NightAction::Release => (Action::Release, OperationKind::Reversal),
            NightAction::Cancel => (Action::Cancel, OperationKind::Cancel),
            NightAction::PutAway | NightAction::Leave => return Ok(Vec::new()),
        };
        // The newest first, as they stand on the tab.
        let allowing = allowing(&account, wanted, now).rev();
        Ok(allowing.map(|hold| part(hold.id, kind)).collect())
    }

    /// Goes on with an interrupted run. What was carried out already is known by its decisions.
    ///
    /// # Errors
    /// [`ErrorCode::NotAllowed`] when there is none; the ledger's.
    pub async fn go_on_with_night(self: &Arc<Self>) -> Result<Night, AppError> {
        let Some(run) = self.night.run().await?.filter(|run| run.ended_at.is_none()) else {
            return Err(AppError::new(ErrorCode::NotAllowed, "No run was interrupted."));
        };
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
    pub async fn let_night_be(&self) -> Result<Night, AppError> {
        if !self.night.is_running()
            && let Some(run) = self.night.run().await?.filter(|run| run.ended_at.is_none())
        {
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
                desk.night.has_ended();
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
