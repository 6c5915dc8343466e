//! Closing the night: the whole run is durable before its first request, so that a crash, a restart or a
//! stop loses nothing and repeats nothing. Each row's decisions carry their ids from the start.

use super::{Night, NightAction, NightChoice, NightRow};
use crate::consent::{self, Ground, Seen};
use crate::view::Money as MoneyView;
use crate::{Agreed, AppError, Desk, ErrorCode, TakeTyped};
use chrono::{DateTime, Utc};
use holdfast_domain::{Action, HoldId, Money, OperationId, OperationKind, TabId};
use serde::{Deserialize, Serialize};
use std::sync::{Arc, atomic::Ordering};
use ts_rs::TS;

/// Where the run is kept.
const RUN_SETTING: &str = "night_run";

/// How many changed rows one message names.
const MOST_CHANGES_NAMED: usize = 3;

/// One decision of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Part {
    pub(super) id: OperationId,
    pub(super) hold: HoldId,
    pub(super) kind: OperationKind,
    pub(super) amount: i64,
    /// Within the amount.
    #[serde(default)]
    pub(super) service: i64,
    pub(super) tip: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Row {
    pub(super) tab: TabId,
    pub(super) name: String,
    /// What is to become of it, with its amount.
    #[serde(default)]
    pub(super) what: String,
    pub(super) parts: Vec<Part>,
    /// What the manager saw. Not known of a run that an older release began.
    #[serde(default)]
    pub(super) consent: Option<Seen>,
    /// Dojo takes the rest at the deadline: the tab stays open until it has.
    #[serde(default)]
    pub(super) stays_open: bool,
    /// Why it could not be carried out; a person looks at it.
    pub(super) trouble: Option<String>,
    pub(super) is_done: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Run {
    pub(super) started_at: DateTime<Utc>,
    pub(super) by: String,
    pub(super) rows: Vec<Row>,
    pub(super) is_stopped: bool,
    pub(super) finished_at: Option<DateTime<Utc>>,
}

/// The totals that the manager saw, tab by tab; made by [`Night::seen`].
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

impl Night {
    /// What whoever says yes to this has seen.
    pub fn seen(&self) -> Vec<NightSeen> {
        let rows = self.rows.iter();
        rows.map(|row| NightSeen {
            tab_id: row.tab.id,
            action: row.action,
            total_minor: row.total.minor,
            seen: row.seen.clone(),
            agreed: row.agreed(),
        })
        .collect()
    }
}

fn what(row: &NightRow) -> String {
    match row.action {
        NightAction::Take if row.dojo_takes.is_some() => format!("Take {}, stays open", row.total.text),
        NightAction::Take => format!("Take {}", row.total.text),
        NightAction::Release => format!("Release {}", row.back.text),
        NightAction::Cancel => "Cancel the request".to_owned(),
        NightAction::PutAway => "Put away".to_owned(),
        NightAction::Leave => "Leave for later".to_owned(),
    }
}

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
        let _closing = self.closing.lock().await;
        let night = self.night(choices).await?;
        if !night.ready {
            return Err(AppError::new(
                ErrorCode::NotAllowed,
                "There is nothing to close, or something has to be mended first.",
            ));
        }
        let confirmed: Vec<&NightSeen> = seen.iter().filter(|s| s.action != NightAction::Leave).collect();
        self.refuse_if_other(&night, &confirmed).await?;
        let mut rows = Vec::new();
        for seen in confirmed {
            let Some(row) = night.rows.iter().find(|row| row.tab.id == seen.tab_id) else {
                continue;
            };
            rows.push(Row {
                tab: row.tab.id,
                name: row.tab.name.clone(),
                what: what(row),
                parts: self.row_parts(row).await?,
                consent: Some(seen.seen.clone()),
                stays_open: row.action == NightAction::Take && row.dojo_takes.is_some(),
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

    /// Each row that was confirmed must be what it was.
    async fn refuse_if_other(&self, night: &Night, confirmed: &[&NightSeen]) -> Result<(), AppError> {
        let mut changes = Vec::new();
        let frame = self.frame().await?;
        for seen in confirmed {
            let Some(row) = night.rows.iter().find(|row| row.tab.id == seen.tab_id) else {
                changes.push("A tab that was in the list is closed.".to_owned());
                continue;
            };
            let whole = self.whole(self.ledger.tab(seen.tab_id).await?).await?;
            let told = consent::changes(Ground::Tab, &seen.seen, &whole, frame);
            let is_same =
                (row.action, row.total.minor, row.agreed()) == (seen.action, seen.total_minor, seen.agreed);
            if !told.is_empty() {
                changes.push(format!("{}: {}", row.tab.name, told.join(" ")));
            } else if !is_same {
                changes.push(format!("{}: {} now.", row.tab.name, what(row)));
            }
        }
        if changes.is_empty() {
            return Ok(());
        }
        let first: Vec<&str> = changes
            .iter()
            .take(MOST_CHANGES_NAMED)
            .map(String::as_str)
            .collect();
        let words = format!(
            "{} Nothing was sent. Look again before you close the night.",
            first.join(" ")
        );
        Err(AppError {
            changes: changes.clone(),
            ..AppError::new(ErrorCode::Changed, words)
        })
    }

    async fn row_parts(&self, row: &NightRow) -> Result<Vec<Part>, AppError> {
        let part = |hold, kind| Part {
            id: OperationId(self.clock.uuid()),
            hold,
            kind,
            amount: 0,
            service: 0,
            tip: 0,
        };
        let tab = row.tab.id;
        let (wanted, kind) = match row.action {
            NightAction::Take => {
                // What the table showed, which for a bill over its hold is all that there is.
                let digits = |money: &MoneyView| Some(Money::new(money.minor, money.currency).digits());
                let typed = TakeTyped {
                    bill: digits(&row.bill),
                    service: digits(&row.service),
                    tip: digits(&row.tip),
                };
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

    pub(super) async fn run(&self) -> Result<Option<Run>, AppError> {
        let text = self.ledger.setting(RUN_SETTING).await?;
        let read = text.map(|text| serde_json::from_str(&text)).transpose();
        // Its tabs are on the floor all the same, and what was sent is in the ledger.
        read.or_else(|error| {
            tracing::warn!(%error, "the last closing of a night can't be read");
            Ok(None)
        })
    }

    pub(super) async fn keep_run(&self, run: &Run, words: &str) -> Result<(), AppError> {
        let text =
            serde_json::to_string(run).map_err(|e| AppError::new(ErrorCode::Internal, e.to_string()))?;
        let note = self.note(&run.by, None, words);
        self.ledger.set_setting(RUN_SETTING, &text, note).await?;
        self.changed();
        Ok(())
    }
}
