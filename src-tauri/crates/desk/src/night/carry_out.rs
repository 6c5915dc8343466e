//! Carrying a run out: some rows at a time, each row's decisions one after another.

use super::run::{Part, Row, Seen};
use crate::operate::Sent;
use crate::{AppError, Decision, Desk};
use holdfast_domain::{OperationKind, OperationState, TabId};
use std::sync::{Arc, atomic::Ordering};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::task::JoinSet;

/// Who goes through them: a tab whose decisions are sent, and one whose request is asked after.
#[derive(Clone)]
struct Gates {
    sending: Arc<Semaphore>,
    asking: Arc<Semaphore>,
}

impl Desk {
    pub(super) fn start_run(self: &Arc<Self>) {
        if !self.night_runs.swap(true, Ordering::SeqCst) {
            self.night_stop.store(false, Ordering::SeqCst);
            let desk = Arc::clone(self);
            tokio::spawn(async move {
                if let Err(error) = desk.carry_out_night().await {
                    tracing::error!(%error, "closing the night was interrupted");
                }
                if let Err(error) = desk.report_after_run().await {
                    tracing::warn!(%error, "the night report was not made by itself");
                }
                desk.night_runs.store(false, Ordering::SeqCst);
                desk.changed();
            });
        }
    }

    /// The report of a night that was closed to its end, where the venue wants it by itself. What is still
    /// unsettled then comes in the next one.
    async fn report_after_run(&self) -> Result<(), AppError> {
        let is_over = self.run().await?.is_some_and(|run| run.finished_at.is_some());
        let unreported = self.ledger.unreported().await?;
        if is_over && self.settings().await?.report_after_run && !unreported.movements.is_empty() {
            self.keep_report(unreported).await?;
        }
        Ok(())
    }

    async fn carry_out_night(self: &Arc<Self>) -> Result<(), AppError> {
        let Some(mut run) = self.run().await? else {
            return Ok(());
        };
        // Quick, and polite to Dojo: so many tabs are decided and sent side by side, and as many asked after.
        let width = usize::from(self.settings().await?.night_at_once);
        let gates = Gates {
            sending: Arc::new(Semaphore::new(width)),
            asking: Arc::new(Semaphore::new(width)),
        };
        let mut under_way = JoinSet::new();
        for (number, row) in run.rows.iter().enumerate() {
            if row.is_done || row.trouble.is_some() {
                continue;
            }
            let (desk, gates, row) = (Arc::clone(self), gates.clone(), row.clone());
            let by = run.by.clone();
            under_way.spawn(async move {
                let place = gates.sending.acquire().await.ok();
                if desk.night_stop.load(Ordering::SeqCst) {
                    return (number, None);
                }
                let done = desk.carry_out_row(&row, &by, place, &gates.asking).await;
                (number, Some(done))
            });
        }
        while let Some(ended) = under_way.join_next().await {
            if let Ok((number, Some(result))) = ended
                && let Some(row) = run.rows.get_mut(number)
            {
                row.is_done = result.is_ok();
                row.trouble = result.err();
                let became = row.trouble.as_deref().unwrap_or("done");
                let words = format!("Closing the night: {}: {became}", row.name);
                self.keep_run(&run, &words).await?;
            }
        }
        let is_over = run.rows.iter().all(|r| r.is_done || r.trouble.is_some());
        run.finished_at = is_over.then(|| self.now());
        run.is_stopped = !is_over;
        let words = if is_over {
            "Closing the night: finished"
        } else {
            "Closing the night: stopped"
        };
        self.keep_run(&run, words).await
    }

    /// How much there is on a tab, but for these decisions.
    pub(super) async fn seen_on(&self, tab: TabId, ours: &[Part]) -> Result<Seen, AppError> {
        let mut count = 0_usize;
        for hold in self.ledger.holds(tab).await? {
            let operations = self.ledger.operations(hold.id).await?;
            let others = operations
                .iter()
                .filter(|o| ours.iter().all(|part| part.id != o.id));
            count = count.saturating_add(others.count());
        }
        Ok(Seen {
            operations: count,
            lines: self.ledger.lines(tab).await?.len(),
        })
    }

    /// Somebody decided on the tab, or added to its bill, after the totals were seen: what the row was to do
    /// then is not what anybody would confirm now. A part that was sent already is only asked after.
    async fn is_overtaken(&self, row: &Row, part: &Part) -> Result<bool, AppError> {
        if self.ledger.operation(part.id).await?.is_some() {
            return Ok(false);
        }
        let now = self.seen_on(row.tab, &row.parts).await?;
        Ok(row.seen.is_none_or(|seen| {
            let has_more = part.kind == OperationKind::Capture && now.lines != seen.lines;
            now.operations != seen.operations || has_more
        }))
    }

    /// The row's decisions one after another, then the tab is put away. The row's `place` among those that
    /// send is free for the next one as soon as the last decision's request is answered. The error is for people.
    async fn carry_out_row(
        &self,
        row: &Row,
        by: &str,
        mut place: Option<SemaphorePermit<'_>>,
        asking: &Semaphore,
    ) -> Result<(), String> {
        let taking = self.taking(row.tab);
        let _taking = taking.lock().await;
        for (part, left) in row.parts.iter().zip((0..row.parts.len()).rev()) {
            if self.is_overtaken(row, part).await.map_err(|e| e.message)? {
                return Err(
                    "Changed since the night was begun. Look at it before anything more is done".to_owned(),
                );
            }
            let decision = Decision {
                id: part.id,
                hold: part.hold,
                kind: part.kind,
                amount: part.amount,
                service: part.service,
                tip: part.tip,
                of: None,
                reason: Some("End of night".to_owned()),
                by: by.to_owned(),
            };
            let sent = self.send_once(&decision).await.map_err(|e| e.message)?;
            if left == 0 {
                drop(place.take());
            }
            let _asking = asking.acquire().await;
            let mut done = match sent {
                Sent::Before(known) => known,
                Sent::Now(operation) => self.wait_for(operation).await.map_err(|e| e.message)?,
            };
            if done.state.is_open() {
                // Slow to settle, or sent before a crash: Dojo's record says what became of it.
                done = self.wait_for(done).await.map_err(|e| e.message)?;
            }
            match done.state {
                OperationState::Succeeded => {}
                OperationState::Accepted | OperationState::Intended => {
                    return Err("Dojo has yet to confirm it".to_owned());
                }
                OperationState::Unknown => return Err("Unclear, Dojo is being asked".to_owned()),
                OperationState::Absent => return Err("Not seen at Dojo".to_owned()),
                OperationState::Conflict => return Err("Does not match what Dojo shows".to_owned()),
                OperationState::NotSent => return Err("Not sent, Dojo can’t be reached".to_owned()),
                OperationState::Rejected => return Err("Refused by Dojo".to_owned()),
                OperationState::Declined => return Err("Did not go through".to_owned()),
            }
        }
        self.close_tab(row.tab).await.map_err(|e| e.message)
    }
}
