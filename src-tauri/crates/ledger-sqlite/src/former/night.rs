//! The last closing of a night, which former formats kept as one setting.

use crate::error::StoreError;
use crate::store::runs;
use chrono::{DateTime, Utc};
use holdfast_domain::{Actor, RowTrouble, RunId, TabId};
use holdfast_ledger::{RowEnded, Run, RunRow};
use rusqlite::Transaction;
use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

/// What it was called.
pub(crate) const SETTING: &str = "night_run";

#[derive(Deserialize)]
struct FormerRun {
    started_at: DateTime<Utc>,
    by: String,
    rows: Vec<Map<String, Value>>,
    is_stopped: bool,
    finished_at: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
struct FormerRow {
    tab: TabId,
    name: String,
    trouble: Option<String>,
    is_done: bool,
}

/// What a run keeps beside its plan. Only the name is about a person, and it is kept where it can be forgotten.
const NOT_PLANNED: [&str; 3] = ["name", "trouble", "is_done"];

/// Keeps it as a run. Of one that can't be read its tabs are on the floor all the same, and what was sent is in the
/// ledger, so nothing is lost with it.
pub(crate) fn keep(t: &Transaction<'_>, value: &str) -> Result<(), StoreError> {
    match read(value) {
        Ok(run) => runs::insert(t, &run),
        Err(error) => {
            tracing::warn!(%error, "the last closing of a night can’t be read");
            Ok(())
        }
    }
}

fn read(value: &str) -> Result<Run, serde_json::Error> {
    let former: FormerRun = serde_json::from_str(value)?;
    let ended = former.finished_at.unwrap_or(former.started_at);
    let rows = former.rows.into_iter().map(|mut plan| {
        let row: FormerRow = serde_json::from_value(Value::Object(plan.clone()))?;
        plan.retain(|field, _| !NOT_PLANNED.contains(&field.as_str()));
        let has_ended = row.is_done || row.trouble.is_some();
        Ok(RunRow {
            tab: row.tab,
            name: row.name,
            plan: Value::Object(plan).to_string(),
            ended: has_ended.then_some(RowEnded {
                at: ended,
                trouble: row.trouble.map(RowTrouble::Former),
            }),
        })
    });
    Ok(Run {
        // It had none, and there is one at most.
        id: RunId(Uuid::from_u128(1)),
        started_at: former.started_at,
        by: Actor::former(&former.by),
        stopped_at: former.is_stopped.then_some(ended),
        ended_at: former.finished_at,
        rows: rows.collect::<Result<_, serde_json::Error>>()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORMER: &str = r#"{
        "started_at": "2026-03-02T01:00:00Z", "by": "Sam", "is_stopped": true, "finished_at": null,
        "rows": [
            {"tab": "0190b2a0-0000-7000-8000-000000000001", "name": "Amira", "what": "Take £40.00", "parts": [],
             "trouble": null, "is_done": true},
            {"tab": "0190b2a0-0000-7000-8000-000000000002", "name": "Brandt", "parts": [], "trouble": "Not sent",
             "is_done": false},
            {"tab": "0190b2a0-0000-7000-8000-000000000003", "name": "Cleo", "parts": [], "trouble": null,
             "is_done": false}
        ]
    }"#;

    #[test]
    fn a_night_that_was_stopped_goes_on_in_todays_format() -> Result<(), serde_json::Error> {
        let run = read(FORMER)?;
        assert_eq!((run.by, run.ended_at), (Actor::staff("Sam"), None));
        assert!(run.stopped_at.is_some());
        let ended: Vec<Option<Option<RowTrouble>>> = run
            .rows
            .iter()
            .map(|row| row.ended.as_ref().map(|ended| ended.trouble.clone()))
            .collect();
        assert_eq!(
            ended,
            [
                Some(None),
                Some(Some(RowTrouble::Former("Not sent".to_owned()))),
                None
            ]
        );
        let plan: Value = serde_json::from_str(&run.rows[0].plan)?;
        let tab = "0190b2a0-0000-7000-8000-000000000001";
        assert_eq!(
            plan,
            serde_json::json!({ "tab": tab, "what": "Take £40.00", "parts": [] })
        );
        assert_eq!(run.rows[0].name, "Amira");
        Ok(())
    }

    #[test]
    fn one_that_is_broken_is_not_read() {
        assert!(read("{}").is_err());
    }
}
