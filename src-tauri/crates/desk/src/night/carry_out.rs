//! Carrying a run out: some rows at a time, each row's decisions one after another.

use super::run::RowPlan;
use crate::night::NightRunner;
use crate::operations::execute::Sent;
use crate::{AppError, Decision};
use holdfast_domain::{Actor, Cause, NightStep, OperationKind, OperationState, RowTrouble};
use holdfast_ledger::{Duty, RunRow, RunState};
use std::sync::{Arc, atomic::Ordering};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::task::JoinSet;

/// Who goes through them: a tab whose decisions are sent, and one whose request is asked after.
#[derive(Clone)]
struct Gates {
    sending: Arc<Semaphore>,
    asking: Arc<Semaphore>,
}

impl NightRunner {
    /// Sends what the run has left to send, some rows at a time.
    pub(crate) async fn carry_out_night(self: &Arc<Self>) -> Result<(), AppError> {
        let Some(run) = self.run().await?.filter(|run| run.ended_at.is_none()) else {
            return Ok(());
        };
        // Quick, and within Dojo's limit: this many tabs are sent side by side, and as many are read.
        let width = usize::from(self.context.settings().await?.night_at_once);
        let gates = Gates {
            sending: Arc::new(Semaphore::new(width)),
            asking: Arc::new(Semaphore::new(width)),
        };
        let mut under_way = JoinSet::new();
        for row in run.rows.iter().filter(|row| row.ended.is_none()).cloned() {
            let (runner, gates, by) = (Arc::clone(self), gates.clone(), run.by.clone());
            under_way.spawn(async move {
                let permit = gates.sending.acquire().await.ok();
                if runner.is_stopping.load(Ordering::SeqCst) {
                    return (row, None);
                }
                let done = runner.carry_out_row(&row, &by, permit, &gates.asking).await;
                (row, Some(done))
            });
        }
        let mut left = under_way.len();
        while let Some(ended) = under_way.join_next().await {
            if let Ok((row, Some(result))) = ended {
                self.end_row(&run, &row, result).await?;
                left = left.saturating_sub(1);
            }
        }
        let now = self.context.now();
        match left {
            0 => {
                self.move_on(&run, RunState::Ended(now), NightStep::Finished)
                    .await
            }
            _ => {
                self.move_on(&run, RunState::Stopped(now), NightStep::Stopped)
                    .await
            }
        }
    }

    /// The row's decisions one after another, then the tab is closed. The row's `permit` among those that
    /// send is free for the next one as soon as the last decision's request is answered.
    async fn carry_out_row(
        &self,
        row: &RunRow,
        by: &Actor,
        mut permit: Option<SemaphorePermit<'_>>,
        asking: &Semaphore,
    ) -> Result<(), RowTrouble> {
        let taking = self.executor.taking(row.tab);
        let _taking = taking.lock().await;
        let plan = RowPlan::of(row);
        // A run that an older release began: nobody knows what its totals were worked out from.
        let Some((plan, mut seen)) = plan.and_then(|plan| Some((plan.clone(), plan.consent?))) else {
            return Err(RowTrouble::NoFigures);
        };
        for (part, left) in plan.parts.iter().zip((0..plan.parts.len()).rev()) {
            // Keeps the night's lease for as long as the run goes on. No money rests on it.
            self.context.has(Duty::Night).await;
            let decision = Decision {
                amount: part.amount,
                service: part.service,
                tip: part.tip,
                cause: Cause::Night,
                ..Decision::plain(part.id, part.hold, part.kind, by, seen.clone())
            };
            let sent = self.executor.send_once(&decision, None).await.map_err(refused)?;
            if left == 0 {
                drop(permit.take());
            }
            let _asking = asking.acquire().await;
            let mut done = match sent {
                Sent::Before(known) => known,
                Sent::Now(hold, operation) => self
                    .executor
                    .read_until_settled(&hold, operation)
                    .await
                    .map_err(refused)?,
            };
            if done.state.is_open() {
                // Slow to settle, or sent before a crash: Dojo's record says what became of it.
                done = self.executor.wait_until_settled(done).await.map_err(refused)?;
            }
            match done.state {
                OperationState::Succeeded if part.kind == OperationKind::Capture => {
                    let (total, bill) = (
                        part.amount.saturating_add(part.tip),
                        part.amount.saturating_sub(part.service),
                    );
                    let hold = self.context.ledger.hold(part.hold).await;
                    let hold = hold.map_err(|error| refused(error.into()))?;
                    seen = seen.after_capture(&hold, total, bill);
                }
                OperationState::Succeeded if part.kind == OperationKind::Reversal => {
                    seen = seen.after_release(part.hold);
                }
                OperationState::Succeeded => {}
                state @ (OperationState::Intended
                | OperationState::Accepted
                | OperationState::Unknown
                | OperationState::Declined
                | OperationState::Rejected
                | OperationState::NotSent
                | OperationState::Absent
                | OperationState::Conflict) => return Err(RowTrouble::Ended(state)),
            }
        }
        if plan.stays_open {
            return Ok(());
        }
        self.executor.close_as_seen(row.tab, &seen).await.map_err(refused)
    }
}

fn refused(error: AppError) -> RowTrouble {
    RowTrouble::Refused(error.into_reason())
}
