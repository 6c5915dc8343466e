//! Tabs and their bills.

use crate::PostgresLedger;
use crate::keys::Keys;
use crate::rows;
use crate::values::Param;
use crate::write::{Said, seen_row};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use holdfast_domain::{Hold, Line, MAX_MINOR, Operation, Tab, TabId, balances};
use holdfast_ledger::stored::{Field, GuestKey, NoKeys, Secrecy, Stored, StoredKey, StoredOperation};
use holdfast_ledger::{BillMove, LedgerError, Note, Permit, TabSeen, Tabs};
use serde_json::Value as Json;
use tokio_postgres::types::Type;

impl PostgresLedger {
    /// A new tab with a key for its guest, which isn't written yet: the key as a row has it, and the keys with it.
    pub(crate) fn new_key(&self, tab: TabId) -> Result<(Param, Keys), LedgerError> {
        let key = GuestKey::new()?;
        let bytes = Param::Bytes(key_bytes(&key)?);
        Ok((bytes, self.used_keys().and(tab, Secrecy::Under(key))))
    }

    /// A tab with what it's found by.
    fn tab_row(&self, tab: &Tab, keys: &Keys) -> Result<Json, LedgerError> {
        let [named, plain] = self.search_key.of_tab(tab);
        rows::json_and(tab, keys, [("named", named.into()), ("plain", plain.into())])
    }

    /// A tab as it is kept, and how it's written when it's closed at a time or reopened.
    async fn closing(&self, tab: TabId, at: Option<DateTime<Utc>>) -> Result<(i64, Json), LedgerError> {
        let known = self.tab(tab).await?;
        let version = known.version;
        let closed = Tab {
            closed_at: at,
            ..known
        };
        Ok((
            version,
            self.with_keys(self.used_keys(), |keys| rows::json(&closed, keys))
                .await?,
        ))
    }
}

/// A key as its row has it.
fn key_bytes(key: &GuestKey) -> Result<Option<Vec<u8>>, LedgerError> {
    let stored = StoredKey {
        // The server finds the row by the tab's id.
        tab: 0,
        key: Some(key.clone()),
    };
    let fields = stored.fields(&NoKeys)?;
    Ok(fields.into_iter().find_map(|field| match field {
        Field::Bytes(bytes) => Some(bytes.into_owned()),
        Field::Null | Field::Int(_) | Field::Text(_) => None,
    }))
}

/// What the guards need of a line: what it comes to, what it takes off, and the decision that moved it.
pub(crate) fn line_guards(line: &Line) -> Result<[Field<'static>; 3], LedgerError> {
    let amount = line.each.checked_mul(line.quantity).ok_or(LedgerError::TooMuch)?;
    Ok([
        amount.into(),
        line.takes_off.map(|line| line.0).into(),
        line.moved.as_ref().map(|moved| moved.decision.0).into(),
    ])
}

/// A line with that.
fn line_row(line: &Line, keys: &Keys) -> Result<Json, LedgerError> {
    let [amount, takes_off, moved_by] = line_guards(line)?.map(rows::json_field);
    let more = [
        ("amount", amount),
        ("takes_off", takes_off),
        ("moved_by", moved_by),
    ];
    rows::json_and(line, keys, more)
}

/// A hold with what people know as authorised, by which its tab is found.
pub(crate) fn hold_row(hold: &Hold, keys: &Keys) -> Result<Json, LedgerError> {
    rows::json_and(hold, keys, [("held", hold.authorised().into())])
}

/// A decision that has just been made, with what tells a repeated call from the same decision made twice.
pub(crate) fn operation_row(operation: &Operation, keys: &Keys) -> Result<Json, LedgerError> {
    let attempt = operation
        .sender
        .map(|sender| rows::bytes(sender.attempt.as_bytes()));
    let more = [("attempt", attempt.unwrap_or(Json::Null))];
    rows::json_and(&StoredOperation::new(operation.clone()), keys, more)
}

/// A new hold with the operation that is to create it.
pub(crate) fn hold_rows(hold: &Hold, create: &Operation, keys: &Keys) -> Result<[Json; 2], LedgerError> {
    Ok([hold_row(hold, keys)?, operation_row(create, keys)?])
}

#[async_trait]
impl Tabs for PostgresLedger {
    async fn add_tab(&self, tab: &Tab, note: Note) -> Result<(), LedgerError> {
        let (key, keys) = self.new_key(tab.id)?;
        let said = Said::note(&note);
        let made = self.with_keys(keys, |keys| Ok((self.tab_row(tab, keys)?, said.json(keys)?)));
        let (row, said) = made.await?;
        self.write("add_tab", vec![row.into(), key, said.into()]).await
    }

    async fn open_tab(
        &self,
        tab: &Tab,
        hold: &Hold,
        create: &Operation,
        notes: Vec<Note>,
    ) -> Result<Permit, LedgerError> {
        let (key, keys) = self.new_key(tab.id)?;
        let said = Said::notes(&notes).and_moved(crate::store::movements::of_new(hold, create));
        let made = self.with_keys(keys.and_hold(hold.id, tab.id), |keys| {
            let [asked, create] = hold_rows(hold, create, keys)?;
            Ok(vec![
                self.tab_row(tab, keys)?.into(),
                key.clone(),
                asked.into(),
                create.into(),
                said.json(keys)?.into(),
            ])
        });
        let params = made.await?;
        self.decide("open_tab", params).await
    }

    async fn set_tab(&self, tab: &Tab, note: Note) -> Result<(), LedgerError> {
        let known = self.tab(tab.id).await?;
        let version = tab.version;
        let tab = Tab {
            closed_at: known.closed_at,
            ..tab.clone()
        };
        let said = Said::note(&note);
        let made = self.with_keys(self.used_keys(), |keys| {
            Ok((self.tab_row(&tab, keys)?, said.json(keys)?))
        });
        let (row, said) = made.await?;
        self.write("set_tab", vec![version.into(), row.into(), said.into()])
            .await
    }

    async fn set_closed(
        &self,
        tab: TabId,
        version: i64,
        seen: Option<TabSeen>,
        at: Option<DateTime<Utc>>,
        note: Note,
    ) -> Result<(), LedgerError> {
        let (_, row) = self.closing(tab, at).await?;
        let said = Said::note(&note);
        let said = self.with_keys(self.used_keys(), |keys| said.json(keys)).await?;
        let params = vec![version.into(), seen.into(), row.into(), said.into()];
        self.write("set_closed", params).await
    }

    async fn add_line(&self, line: &Line, seen: Option<TabSeen>, note: Note) -> Result<(), LedgerError> {
        let said = Said::note(&note);
        let made = self.with_keys(self.used_keys(), |keys| {
            Ok((line_row(line, keys)?, said.json(keys)?))
        });
        let (row, said) = made.await?;
        let params = vec![row.into(), seen.into(), MAX_MINOR.into(), said.into()];
        self.write("add_line", params).await
    }

    async fn move_bill(&self, moving: &BillMove, notes: Vec<Note>) -> Result<(), LedgerError> {
        if !balances(&moving.lines) {
            return Err(LedgerError::TooMuch);
        }
        let key = match &moving.opened {
            Some(opened) => Some(GuestKey::new().map(|key| (opened.id, key))?),
            None => None,
        };
        let (notes, key) = (&notes, &key);
        let done = self.write_on("move_bill", || self.moved_rows(moving, key.as_ref(), notes));
        done.await.map(drop)
    }

    async fn tab(&self, id: TabId) -> Result<Tab, LedgerError> {
        self.one(
            "holdfast.tab r WHERE r.id = $1",
            &[(&rows::key(&id.0), Type::BYTEA)],
        )
        .await
    }

    async fn tabs(&self, open: bool, limit: i64) -> Result<Vec<Tab>, LedgerError> {
        let from = if open {
            "holdfast.tab r WHERE r.closed_at IS NULL ORDER BY r.opened_at DESC LIMIT $1"
        } else {
            "holdfast.tab r WHERE r.closed_at IS NOT NULL ORDER BY r.closed_at DESC LIMIT $1"
        };
        self.all(from, &[(&limit, Type::INT8)]).await
    }

    async fn has_tabs(&self) -> Result<bool, LedgerError> {
        let rows = self
            .lanes
            .query("SELECT 1 FROM holdfast.tab LIMIT 1", &[])
            .await?;
        Ok(!rows.is_empty())
    }

    async fn lines(&self, tab: TabId) -> Result<Vec<Line>, LedgerError> {
        let from = "holdfast.line r WHERE r.tab = $1 ORDER BY r.place";
        self.all(from, &[(&rows::key(&tab.0), Type::BYTEA)]).await
    }
}

impl PostgresLedger {
    /// The parameters of a move.
    async fn moved_rows(
        &self,
        moving: &BillMove,
        key: Option<&(TabId, GuestKey)>,
        notes: &[Note],
    ) -> Result<Vec<Param>, LedgerError> {
        let closed = match moving.closed {
            // One that is opened with it isn't there yet.
            Some((tab, at)) => Some(self.closing(tab, Some(at)).await?),
            None => None,
        };
        let keys = match key {
            Some((tab, key)) => self.used_keys().and(*tab, Secrecy::Under(key.clone())),
            None => self.used_keys(),
        };
        let key = key.map(|(_, key)| key_bytes(key)).transpose()?.flatten();
        let said = Said::notes(notes);
        let seen = moving.seen.iter().map(|(tab, seen)| {
            let mut row = seen_row(*seen);
            row["tab"] = rows::bytes(tab.0.as_bytes());
            row
        });
        let seen: Vec<Json> = seen.collect();
        self.with_keys(keys, |keys| {
            let opened = moving.opened.as_ref().map(|tab| self.tab_row(tab, keys));
            let lines = moving.lines.iter().map(|line| line_row(line, keys));
            let lines: Vec<Json> = lines.collect::<Result<_, _>>()?;
            let (version, closed) = closed.clone().unzip();
            Ok(vec![
                opened.transpose()?.into(),
                Param::Bytes(key.clone()),
                Json::Array(lines).into(),
                Json::Array(seen.clone()).into(),
                closed.into(),
                version.unwrap_or_default().into(),
                MAX_MINOR.into(),
                said.json(keys)?.into(),
            ])
        })
        .await
    }
}
