//! Closing the night: the whole run is durable before its first request, so that a crash, a restart or a
//! stop loses nothing and repeats nothing. Each row's decisions carry their ids from the start.

use crate::night::{Night, NightAction, NightChoice, NightRow};
use crate::operate::Sent;
use crate::view::{State, Tone};
use crate::{AppError, Decision, Desk, ErrorCode, TakeTyped};
use chrono::{DateTime, Utc};
use holdfast_domain::{Action, HoldId, OperationId, OperationKind, OperationState, TabId};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::task::JoinSet;
use ts_rs::TS;

/// Where the run is kept.
const SETTING: &str = "night_run";

/// One decision of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Part {
    id: OperationId,
    hold: HoldId,
    kind: OperationKind,
    amount: i64,
    /// Within the amount.
    #[serde(default)]
    service: i64,
    tip: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Row {
    tab: TabId,
    name: String,
    /// What is to become of it, with its amount.
    #[serde(default)]
    what: String,
    parts: Vec<Part>,
    /// Why it could not be carried out; a person looks at it.
    trouble: Option<String>,
    is_done: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Run {
    started_at: DateTime<Utc>,
    by: String,
    rows: Vec<Row>,
    is_stopped: bool,
    finished_at: Option<DateTime<Utc>>,
}

/// Who goes through them: a tab whose decisions are sent, and one whose request is asked after.
#[derive(Clone)]
struct Gates {
    sending: Arc<Semaphore>,
    asking: Arc<Semaphore>,
}

/// How a run stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct RunView {
    /// When it was begun.
    #[ts(type = "string")]
    pub started_at: DateTime<Utc>,
    /// By whom.
    pub by: String,
    /// Rows that are done.
    pub done: usize,
    /// All rows.
    pub total: usize,
    /// Requests are going out.
    pub is_running: bool,
    /// Rows are left and nobody is working on them: go on, or let it be.
    pub is_interrupted: bool,
    /// It was begun on the business day that it is now.
    pub is_tonights: bool,
    /// Row by row.
    pub rows: Vec<RunRow>,
}

/// How one row stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct RunRow {
    /// Which tab.
    #[ts(type = "string")]
    pub tab_id: TabId,
    /// Its name.
    pub name: String,
    /// What was to become of it, with its amount.
    pub what: String,
    /// What became of it.
    pub state: State,
}

/// The totals that the manager saw, tab by tab.
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
}

fn what(row: &NightRow) -> String {
    match row.action {
        NightAction::Take => format!("Take {}", row.total.text),
        NightAction::Release => format!("Release {}", row.back.text),
        NightAction::Cancel => "Cancel the request".to_owned(),
        NightAction::PutAway => "Put away".to_owned(),
        NightAction::Leave => "Leave for later".to_owned(),
    }
}

impl Desk {
    /// Begins to close the night. What was seen must be what is there now.
    ///
    /// # Errors
    /// [`ErrorCode::Changed`], [`ErrorCode::NotAllowed`] while a run is under way; the ledger's.
    pub async fn close_night(
        self: &Arc<Self>,
        choices: &[NightChoice],
        seen: &[NightSeen],
    ) -> Result<Night, AppError> {
        let night = self.night(choices).await?;
        if !night.ready {
            return Err(AppError::new(
                ErrorCode::NotAllowed,
                "There is nothing to close, or something has to be mended first.",
            ));
        }
        let is_same = night.rows.len() == seen.len()
            && night.rows.iter().all(|row| {
                seen.iter().any(|s| {
                    s.tab_id == row.tab.id && s.action == row.action && s.total_minor == row.total.minor
                })
            });
        if !is_same {
            return Err(AppError::new(
                ErrorCode::Changed,
                "Something changed while you were looking. Look again before you close the night.",
            ));
        }
        let mut rows = Vec::new();
        for row in night.rows.iter().filter(|r| r.action != NightAction::Leave) {
            let typed = choices.iter().find(|c| c.tab_id == row.tab.id).map(|c| &c.typed);
            rows.push(Row {
                tab: row.tab.id,
                name: row.tab.name.clone(),
                what: what(row),
                parts: self
                    .row_parts(row.tab.id, row.action, typed, &row.bill.minor)
                    .await?,
                trouble: None,
                is_done: false,
            });
        }
        let by = self.settings().await?.staff_name;
        let run = Run {
            started_at: self.now(),
            by,
            rows,
            is_stopped: false,
            finished_at: None,
        };
        self.keep_run(&run, "Closing the night: begun").await?;
        self.start_run();
        self.night(&[]).await
    }

    async fn row_parts(
        &self,
        tab: TabId,
        action: NightAction,
        typed: Option<&TakeTyped>,
        bill: &i64,
    ) -> Result<Vec<Part>, AppError> {
        let part = |hold, kind| Part {
            id: OperationId(self.clock.uuid()),
            hold,
            kind,
            amount: 0,
            service: 0,
            tip: 0,
        };
        let (wanted, kind) = match action {
            NightAction::Take => {
                let mut typed = typed.cloned().unwrap_or_default();
                // What the table showed, which for a bill over its hold is all that there is.
                let currency = self.ledger.tab(tab).await?.currency;
                typed.bill = Some(holdfast_domain::Money::new(*bill, currency).digits());
                let preview = self.preview_take(tab, &typed).await?;
                return Ok(preview
                    .split
                    .iter()
                    .map(|p| Part {
                        amount: p.amount.minor,
                        service: p.service.minor,
                        tip: p.tip.minor,
                        ..part(p.hold_id, OperationKind::Capture)
                    })
                    .collect());
            }
            NightAction::Release => (Action::Release, OperationKind::Reversal),
            NightAction::Cancel => (Action::Cancel, OperationKind::Cancel),
            NightAction::PutAway | NightAction::Leave => return Ok(Vec::new()),
        };
        let whole = self.tab(tab).await?;
        let allowing = whole
            .holds
            .iter()
            .filter(|h| h.actions.iter().any(|a| a.action == wanted && a.allowed));
        Ok(allowing.map(|h| part(h.id, kind)).collect())
    }

    /// Goes on with an interrupted run. What was carried out already is known by its decisions.
    ///
    /// # Errors
    /// [`ErrorCode::NotAllowed`] when there is none; the ledger's.
    pub async fn go_on_with_night(self: &Arc<Self>) -> Result<Night, AppError> {
        let Some(mut run) = self.run().await?.filter(|run| run.finished_at.is_none()) else {
            return Err(AppError::new(ErrorCode::NotAllowed, "No run was interrupted."));
        };
        run.is_stopped = false;
        self.keep_run(&run, "Closing the night: gone on with").await?;
        self.start_run();
        self.night(&[]).await
    }

    /// Stops after the rows that are under way.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn stop_night(&self) -> Result<Night, AppError> {
        self.night_stop.store(true, Ordering::SeqCst);
        self.night(&[]).await
    }

    /// Lets an interrupted run be: what is left stays on the floor.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn let_night_be(&self) -> Result<Night, AppError> {
        if !self.night_runs.load(Ordering::SeqCst)
            && let Some(mut run) = self.run().await?
        {
            run.finished_at = Some(self.now());
            self.keep_run(&run, "Closing the night: the rest was left")
                .await?;
        }
        self.night(&[]).await
    }

    /// How the last run stands.
    ///
    /// # Errors
    /// The ledger's.
    pub(crate) async fn night_run(&self) -> Result<Option<RunView>, AppError> {
        let Some(run) = self.run().await? else {
            return Ok(None);
        };
        let is_running = self.night_runs.load(Ordering::SeqCst);
        let mut rows = Vec::new();
        for row in &run.rows {
            rows.push(RunRow {
                tab_id: row.tab,
                name: row.name.clone(),
                what: row.what.clone(),
                state: self.row_state(row, is_running).await?,
            });
        }
        // What a person has to look at comes first, what is done last.
        rows.sort_by_key(|row| match row.state.code {
            "trouble" => 0,
            "sending" => 1,
            "done" => 3,
            _ => 2,
        });
        let done = run
            .rows
            .iter()
            .filter(|r| r.is_done || r.trouble.is_some())
            .count();
        let days = self.business_days().await?;
        Ok(Some(RunView {
            is_tonights: days.of(run.started_at) == days.of(self.now()),
            started_at: run.started_at,
            by: run.by,
            done,
            total: run.rows.len(),
            is_running,
            is_interrupted: !is_running && run.finished_at.is_none(),
            rows,
        }))
    }

    async fn row_state(&self, row: &Row, is_running: bool) -> Result<State, AppError> {
        let say = |code, words: &str, tone| State {
            code,
            words: words.to_owned(),
            tone,
        };
        if let Some(trouble) = &row.trouble {
            return Ok(say("trouble", trouble, Tone::Bad));
        }
        if row.is_done {
            return Ok(say("done", "Done", Tone::Good));
        }
        for part in &row.parts {
            match self.ledger.operation(part.id).await? {
                Some(known) if known.state.is_open() => {
                    return Ok(say("sending", "With Dojo", Tone::Wait));
                }
                Some(_) | None => {}
            }
        }
        Ok(if is_running {
            say("next", "Next", Tone::Quiet)
        } else {
            say("left", "Not done", Tone::Warn)
        })
    }

    async fn run(&self) -> Result<Option<Run>, AppError> {
        let text = self.ledger.setting(SETTING).await?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    async fn keep_run(&self, run: &Run, words: &str) -> Result<(), AppError> {
        let text =
            serde_json::to_string(run).map_err(|e| AppError::new(ErrorCode::Internal, e.to_string()))?;
        let note = self.note(&run.by, None, words);
        self.ledger.set_setting(SETTING, &text, note).await?;
        self.changed();
        Ok(())
    }

    fn start_run(self: &Arc<Self>) {
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
            let (by, begun) = (run.by.clone(), run.started_at);
            under_way.spawn(async move {
                let place = gates.sending.acquire().await.ok();
                if desk.night_stop.load(Ordering::SeqCst) {
                    return (number, None);
                }
                let done = desk.carry_out_row(&row, &by, begun, place, &gates.asking).await;
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

    /// Somebody decided on the tab, or added to its bill, after the totals were seen: what the row was to do
    /// then is not what anybody would confirm now. A part that was sent already is only asked after.
    async fn is_overtaken(&self, row: &Row, part: &Part, begun: DateTime<Utc>) -> Result<bool, AppError> {
        if self.ledger.operation(part.id).await?.is_some() {
            return Ok(false);
        }
        for hold in self.ledger.holds(row.tab).await? {
            let operations = self.ledger.operations(hold.id).await?;
            let is_ours = |id| row.parts.iter().any(|part| part.id == id);
            if operations.iter().any(|o| o.at > begun && !is_ours(o.id)) {
                return Ok(true);
            }
        }
        let lines = self.ledger.lines(row.tab).await?;
        Ok(part.kind == OperationKind::Capture && lines.iter().any(|line| line.at > begun))
    }

    /// The row's decisions one after another, then the tab is put away. The row's `place` among those that
    /// send is free for the next one as soon as the last decision's request is answered. The error is for people.
    async fn carry_out_row(
        &self,
        row: &Row,
        by: &str,
        begun: DateTime<Utc>,
        mut place: Option<SemaphorePermit<'_>>,
        asking: &Semaphore,
    ) -> Result<(), String> {
        for (part, left) in row.parts.iter().zip((0..row.parts.len()).rev()) {
            if self.is_overtaken(row, part, begun).await.map_err(|e| e.message)? {
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
