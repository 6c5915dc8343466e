//! Closings of the night, and their rows.

use crate::PostgresLedger;
use crate::rows;
use crate::write::Said;
use async_trait::async_trait;
use holdfast_domain::{RunId, TabId};
use holdfast_ledger::stored::StoredRunRow;
use holdfast_ledger::{LedgerError, Note, RowEnded, Run, RunState, Runs};
use serde_json::Value as Json;
use tokio_postgres::types::Type;

impl PostgresLedger {
    /// A run without its rows that hasn't ended, and its revision.
    async fn open_run(&self, id: RunId) -> Result<(i64, Run), LedgerError> {
        let columns = rows::columns::<Run>();
        let sql = format!(
            "SELECT {columns}, r.revision FROM holdfast.run r WHERE r.id = $1 AND r.ended_at IS NULL"
        );
        let key = rows::key(&id.0);
        let found = self.lanes.query(&sql, &[(&key, Type::BYTEA)]).await?;
        let row = found.first().ok_or(LedgerError::NotFound)?;
        let revision = rows::int(row, columns.split(',').count())?;
        let run = self
            .with_keys(self.used_keys(), |keys| rows::read(row, keys))
            .await?;
        Ok((revision, run))
    }
}

#[async_trait]
impl Runs for PostgresLedger {
    async fn begin_run(&self, run: &Run, note: Note) -> Result<(), LedgerError> {
        let said = Said::note(&note);
        let made = self.with_keys(self.used_keys(), |keys| {
            let of_it = run.rows.iter().zip(1..).map(|(row, number)| {
                let row = StoredRunRow {
                    run: run.id,
                    number,
                    row: row.clone(),
                };
                rows::json(&row, keys)
            });
            let of_it: Vec<Json> = of_it.collect::<Result<_, _>>()?;
            Ok(vec![
                rows::json(run, keys)?.into(),
                Json::Array(of_it).into(),
                said.json(keys)?.into(),
            ])
        });
        let params = made.await?;
        self.write("begin_run", params).await
    }

    async fn newest_run(&self) -> Result<Option<Run>, LedgerError> {
        let newest = "holdfast.run r ORDER BY r.place DESC LIMIT 1";
        let runs = rows::select::<Run>(newest);
        let of_it = rows::select::<StoredRunRow>(
            "holdfast.run_row r WHERE r.run = (SELECT id FROM holdfast.run ORDER BY place DESC LIMIT 1)
              ORDER BY r.number",
        );
        let [runs, of_it] = self.lanes.query_at_once([&runs, &of_it], &[]).await?;
        self.with_keys(crate::keys::Keys::none(), |keys| {
            let Some(mut run) = rows::read_all::<Run>(&runs, keys)?.into_iter().next() else {
                return Ok(None);
            };
            let of_it: Vec<StoredRunRow> = rows::read_all(&of_it, keys)?;
            run.rows = of_it.into_iter().map(|row| row.row).collect();
            Ok(Some(run))
        })
        .await
    }

    async fn end_run_row(
        &self,
        run: RunId,
        tab: TabId,
        ended: RowEnded,
        note: Note,
    ) -> Result<(), LedgerError> {
        let id = [run.0.into_bytes(), tab.0.into_bytes()].concat();
        let of_it = "holdfast.run_row r WHERE r.id = $1 AND r.ended_at IS NULL";
        let mut row: StoredRunRow = self.one(of_it, &[(&id, Type::BYTEA)]).await?;
        row.row.ended = Some(ended);
        let said = Said::note(&note);
        let made = self.with_keys(self.used_keys(), |keys| {
            Ok(vec![rows::json(&row, keys)?.into(), said.json(keys)?.into()])
        });
        let params = made.await?;
        self.write("end_run_row", params).await
    }

    async fn set_run_state(&self, run: RunId, state: RunState, note: Note) -> Result<(), LedgerError> {
        let note = &note;
        self.write_on("set_run_state", || async move {
            let (revision, mut run) = self.open_run(run).await?;
            match state {
                RunState::GoesOn => run.stopped_at = None,
                RunState::Stopped(at) => run.stopped_at = Some(at),
                RunState::Ended(at) => run.ended_at = Some(at),
            }
            let said = Said::note(note);
            self.with_keys(self.used_keys(), |keys| {
                Ok(vec![
                    revision.into(),
                    rows::json(&run, keys)?.into(),
                    said.json(keys)?.into(),
                ])
            })
            .await
        })
        .await
        .map(drop)
    }
}
