//! Holds, and what was decided on them.

use crate::PostgresLedger;
use crate::rows;
use crate::store::movements;
use crate::store::tabs::{hold_row, hold_rows, operation_row};
use crate::values::{Param, Value};
use crate::write::Said;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use holdfast_domain::{Hold, HoldId, Operation, OperationId, Said as SaidOfRefund, TabId};
use holdfast_ledger::stored::{StoredMovement, StoredOperation};
use holdfast_ledger::{
    Expect, Learnt, LedgerError, Note, Operations, Permit, Progress, TabSeen, said_of_decision,
    said_of_elsewhere,
};
use std::sync::atomic::{AtomicI64, Ordering};
use tokio_postgres::Row;
use tokio_postgres::types::Type;

/// All that is kept of one hold, and the revision at which it was read.
struct Ground {
    revision: i64,
    hold: Hold,
    operations: Vec<StoredOperation>,
    movements: Vec<StoredMovement>,
}

impl Ground {
    fn operation(&self, id: OperationId) -> Option<StoredOperation> {
        self.operations
            .iter()
            .find(|known| known.operation.id == id)
            .cloned()
    }

    fn plain(&self) -> Vec<Operation> {
        self.operations
            .iter()
            .map(|known| known.operation.clone())
            .collect()
    }

    /// What moved by these rows, of which either may be as it was.
    fn moved(&self, hold: &Hold, changed: Option<&StoredOperation>) -> Vec<StoredMovement> {
        let mut operations = self.plain();
        for operation in &mut operations {
            if let Some(changed) = changed.filter(|changed| changed.operation.id == operation.id) {
                *operation = changed.operation.clone();
            }
        }
        movements::of(hold, &operations, self.movements.clone())
    }
}

/// A hold of the next version.
fn next(hold: Hold) -> Hold {
    let version = hold.version.saturating_add(1);
    Hold { version, ..hold }
}

impl PostgresLedger {
    /// What a commit on a hold rests on. The revision is read before the rest: whatever is written in between raises
    /// it, and the commit is refused. [`LedgerError::NotFound`].
    async fn ground(&self, id: HoldId) -> Result<Ground, LedgerError> {
        let key = rows::key(&id.0);
        let columns = rows::columns::<Hold>();
        let hold = format!("SELECT {columns}, r.revision FROM holdfast.hold r WHERE r.id = $1");
        let operations =
            rows::select::<StoredOperation>("holdfast.operation r WHERE r.hold = $1 ORDER BY r.place");
        let movements =
            rows::select::<StoredMovement>("holdfast.movement r WHERE r.hold = $1 ORDER BY r.seq");
        let [hold, operations, movements] = self
            .lanes
            .query_in_turn([&hold, &operations, &movements], &[(&key, Type::BYTEA)])
            .await?;
        let row: &Row = hold.first().ok_or(LedgerError::NotFound)?;
        let revision = rows::int(row, columns.split(',').count())?;
        self.with_keys(self.used_keys(), |keys| {
            Ok(Ground {
                revision,
                hold: rows::read(row, keys)?,
                operations: rows::read_all(&operations, keys)?,
                movements: rows::read_all(&movements, keys)?,
            })
        })
        .await
    }

    /// The parameters of a commit on a hold at its revision: its row and that of one operation, where they change.
    async fn changed_rows(
        &self,
        ground: &Ground,
        hold: Option<Hold>,
        operation: Option<StoredOperation>,
        notes: &[Note],
    ) -> Result<Vec<Param>, LedgerError> {
        let moved = ground.moved(hold.as_ref().unwrap_or(&ground.hold), operation.as_ref());
        let said = Said::notes(notes).and_moved(moved);
        self.with_keys(self.used_keys(), |keys| {
            let hold = hold.as_ref().map(|hold| hold_row(hold, keys)).transpose()?;
            let operation = operation.as_ref().map(|operation| rows::json(operation, keys));
            Ok(vec![
                ground.hold.id.0.into(),
                ground.revision.into(),
                hold.into(),
                operation.transpose()?.into(),
                said.json(keys)?.into(),
            ])
        })
        .await
    }

    /// The hold that an operation is on. [`LedgerError::NotFound`].
    async fn hold_of(&self, id: OperationId) -> Result<HoldId, LedgerError> {
        let key = rows::key(&id.0);
        let sql = "SELECT hold FROM holdfast.operation WHERE id = $1";
        let found = self.ids(sql, &[(&key, Type::BYTEA)]).await?;
        found.into_iter().next().map(HoldId).ok_or(LedgerError::NotFound)
    }

    async fn plain(&self, from: &str, values: &[Value<'_>]) -> Result<Vec<Operation>, LedgerError> {
        let found: Vec<StoredOperation> = self.all(from, values).await?;
        Ok(found.into_iter().map(|found| found.operation).collect())
    }
}

#[async_trait]
impl Operations for PostgresLedger {
    async fn add_hold(
        &self,
        hold: &Hold,
        create: &Operation,
        seen: Option<TabSeen>,
        note: Note,
    ) -> Result<Permit, LedgerError> {
        let said = Said::note(&note).and_moved(movements::of_new(hold, create));
        let made = self.with_keys(self.used_keys().and_hold(hold.id, hold.tab), |keys| {
            let [hold, create] = hold_rows(hold, create, keys)?;
            Ok(vec![
                hold.into(),
                create.into(),
                seen.into(),
                said.json(keys)?.into(),
            ])
        });
        let params = made.await?;
        self.decide("add_hold", params).await
    }

    async fn hold(&self, id: HoldId) -> Result<Hold, LedgerError> {
        let key = rows::key(&id.0);
        self.one("holdfast.hold r WHERE r.id = $1", &[(&key, Type::BYTEA)])
            .await
    }

    async fn holds(&self, tab: TabId) -> Result<Vec<Hold>, LedgerError> {
        let key = rows::key(&tab.0);
        let from = "holdfast.hold r WHERE r.tab = $1 ORDER BY r.place";
        self.all(from, &[(&key, Type::BYTEA)]).await
    }

    /// The states are those that are open, and absent, rejected and conflict: each part has an index of its own.
    async fn live_holds(&self, since: DateTime<Utc>) -> Result<Vec<Hold>, LedgerError> {
        let from = "holdfast.hold r WHERE r.id IN (
            SELECT id FROM holdfast.hold WHERE over = 0
             UNION SELECT hold FROM holdfast.operation WHERE state IN (0, 1, 2)
             UNION SELECT hold FROM holdfast.operation WHERE state IN (5, 7, 8) AND settled_at > $1)
           ORDER BY r.id";
        self.all(from, &[(&since.timestamp_micros(), Type::INT8)]).await
    }

    async fn every_hold(&self) -> Result<Vec<HoldId>, LedgerError> {
        let sql = "SELECT id FROM holdfast.hold ORDER BY over, place DESC";
        Ok(self.ids(sql, &[]).await?.into_iter().map(HoldId).collect())
    }

    async fn intend(&self, operation: &Operation, expect: Expect, note: Note) -> Result<Permit, LedgerError> {
        let said = Said::note(&note);
        let made = self.with_keys(self.used_keys(), |keys| {
            let row = operation_row(operation, keys)?;
            Ok(vec![expect.into(), row.into(), said.json(keys)?.into()])
        });
        let params = made.await?;
        self.decide("intend", params).await
    }

    async fn record(
        &self,
        hold: HoldId,
        learnt: Learnt,
        progress: Option<Progress>,
        notes: Vec<Note>,
    ) -> Result<i64, LedgerError> {
        let (learnt, progress, notes) = (&learnt, &progress, &notes);
        let version = AtomicI64::new(0);
        let written = &version;
        self.write_on("record", || async move {
            let ground = self.ground(hold).await?;
            if learnt
                .read_from
                .is_some_and(|version| version != ground.hold.version)
            {
                return Err(LedgerError::Changed);
            }
            let mut hold = next(ground.hold.clone());
            written.store(hold.version, Ordering::Relaxed);
            learnt.clone().put_into(&mut hold);
            let operation = match progress.clone() {
                Some(progress) => {
                    let known = ground.operation(progress.id);
                    let mut known = known.ok_or(LedgerError::NotFound)?;
                    progress.put_into(&mut known.operation)?;
                    Some(known)
                }
                None => None,
            };
            self.changed_rows(&ground, Some(hold), operation, notes).await
        })
        .await?;
        Ok(version.into_inner())
    }

    async fn operation(&self, id: OperationId) -> Result<Option<Operation>, LedgerError> {
        let key = rows::key(&id.0);
        let from = "holdfast.operation r WHERE r.id = $1";
        Ok(self.plain(from, &[(&key, Type::BYTEA)]).await?.into_iter().next())
    }

    async fn operations(&self, hold: HoldId) -> Result<Vec<Operation>, LedgerError> {
        let key = rows::key(&hold.0);
        let from = "holdfast.operation r WHERE r.hold = $1 ORDER BY r.place";
        self.plain(from, &[(&key, Type::BYTEA)]).await
    }

    async fn mark_seen(&self, id: OperationId, note: Note) -> Result<(), LedgerError> {
        let note = &note;
        self.write_on("record", || async move {
            let ground = self.ground(self.hold_of(id).await?).await?;
            let mut known = ground.operation(id).ok_or(LedgerError::NotFound)?;
            known.operation.seen_at = Some(note.at);
            known.seen_by = Some(note.by.clone());
            self.changed_rows(&ground, None, Some(known), std::slice::from_ref(note))
                .await
        })
        .await
        .map(drop)
    }

    async fn open_asks(&self) -> Result<Vec<Operation>, LedgerError> {
        self.plain(
            "holdfast.operation r WHERE r.asks IS NOT NULL ORDER BY r.place",
            &[],
        )
        .await
    }

    async fn end_ask(
        &self,
        _: TabId,
        ask: OperationId,
        opened: Option<(Hold, Operation)>,
        seen: Option<TabSeen>,
        notes: Vec<Note>,
    ) -> Result<Option<Permit>, LedgerError> {
        let (opened, notes, losses) = (&opened, &notes, self.lanes.own.losses());
        let done = self.write_on("end_ask", || async move {
            // A hold is asked for on what somebody saw, and that may be among what was lost.
            if opened.is_some() && self.lanes.own.losses() != losses {
                return Err(LedgerError::Changed);
            }
            let ground = self.ground(self.hold_of(ask).await?).await?;
            let mut known = ground.operation(ask).ok_or(LedgerError::NotFound)?;
            if !std::mem::replace(&mut known.asks, false) {
                return Err(LedgerError::NotFound);
            }
            let mut said = Said::notes(notes);
            let mut keys = self.used_keys();
            if let Some((hold, create)) = opened {
                said = said.and_moved(movements::of_new(hold, create));
                keys = keys.and_hold(hold.id, hold.tab);
            }
            self.with_keys(keys, |keys| {
                let [hold, create] = match opened {
                    Some((hold, create)) => hold_rows(hold, create, keys)?.map(Some),
                    None => [None, None],
                };
                Ok(vec![
                    ground.hold.id.0.into(),
                    ground.revision.into(),
                    rows::json(&known, keys)?.into(),
                    hold.into(),
                    create.into(),
                    seen.into(),
                    said.json(keys)?.into(),
                ])
            })
            .await
        });
        let params = done.await?;
        opened
            .as_ref()
            .map(|_| self.permit("end_ask", &params, losses))
            .transpose()
    }

    async fn say_refund(
        &self,
        hold: HoldId,
        decision: Option<OperationId>,
        said: SaidOfRefund,
        note: Note,
    ) -> Result<(), LedgerError> {
        let (said, note) = (&said, &note);
        self.write_on("record", || async move {
            let ground = self.ground(hold).await?;
            let notes = std::slice::from_ref(note);
            match decision {
                Some(decision) => {
                    let decided = said_of_decision(hold, ground.operation(decision), said)?;
                    self.changed_rows(&ground, None, Some(decided), notes).await
                }
                None => {
                    let mut hold = next(ground.hold.clone());
                    hold.said_elsewhere = Some(said_of_elsewhere(&hold, &ground.plain(), said)?);
                    self.changed_rows(&ground, Some(hold), None, notes).await
                }
            }
        })
        .await
        .map(drop)
    }
}
