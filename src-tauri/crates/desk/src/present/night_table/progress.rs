//! How the closing of a night stands, row by row.

use super::words;
use crate::night::run::Plan;
use crate::present::view::{State, Tone};
use crate::{AppError, Desk, wording};
use chrono::{DateTime, Utc};
use holdfast_domain::TabId;
use holdfast_ledger::RowEnded;
use serde::Serialize;
use ts_rs::TS;

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

impl Desk {
    /// How the last run stands.
    ///
    /// # Errors
    /// The ledger's.
    pub(crate) async fn night_run(&self) -> Result<Option<RunView>, AppError> {
        let Some(run) = self.night.run().await? else {
            return Ok(None);
        };
        let is_running = self.night.is_running();
        let mut rows = Vec::new();
        for row in &run.rows {
            let plan = Plan::of(row);
            rows.push(RunRow {
                tab_id: row.tab,
                name: row.name.clone(),
                what: plan.as_ref().map(words::planned).unwrap_or_default(),
                state: self.row_state(row, plan.as_ref(), is_running).await?,
            });
        }
        // What a person has to look at comes first, what is done last.
        rows.sort_by_key(|row| match row.state.code {
            "trouble" => 0,
            "sending" => 1,
            "done" => 3,
            _ => 2,
        });
        let done = run.rows.iter().filter(|row| row.ended.is_some()).count();
        let days = self.context.business_days().await?;
        Ok(Some(RunView {
            is_tonights: days.of(run.started_at) == days.of(self.context.now()),
            started_at: run.started_at,
            by: run.by.to_string(),
            done,
            total: run.rows.len(),
            is_running,
            is_interrupted: !is_running && run.ended_at.is_none(),
            rows,
        }))
    }

    async fn row_state(
        &self,
        row: &holdfast_ledger::RunRow,
        plan: Option<&Plan>,
        is_running: bool,
    ) -> Result<State, AppError> {
        let say = |code, words: &str, tone| State {
            code,
            words: words.to_owned(),
            tone,
        };
        match &row.ended {
            Some(RowEnded {
                trouble: Some(why), ..
            }) => {
                let frame = self.context.frame().await?;
                return Ok(say("trouble", &wording::row_trouble(why, frame), Tone::Bad));
            }
            Some(_) => return Ok(say("done", "Done", Tone::Good)),
            None => {}
        }
        for part in plan.map_or(&[] as &[_], |plan| &plan.parts) {
            match self.context.ledger.operation(part.id).await? {
                Some(known) if known.state.is_open() => {
                    return Ok(say("sending", "Sent, waiting for Dojo", Tone::Wait));
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
}
