//! Reading rows. Oldest first is the order in which they were written, not that of their ids: a clock
//! that was set back gives a later row an earlier id.

use crate::error::StoreError;
use chrono::{DateTime, Utc};
use holdfast_domain::{Hold, HoldId, Line, Operation, OperationId, OperationState, Renewal, Tab, TabId};
use holdfast_ledger::{Account, Counts};
use rusqlite::{Connection, OptionalExtension, Params, Row};
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::str::FromStr;

pub(crate) fn bodies<T: DeserializeOwned>(
    c: &Connection,
    sql: &str,
    p: impl Params,
) -> Result<Vec<T>, StoreError> {
    let mut query = c.prepare_cached(sql)?;
    let rows = query.query_map(p, |r| r.get::<_, String>(0))?;
    rows.map(|body| Ok(serde_json::from_str(&body?)?)).collect()
}

fn body<T: DeserializeOwned>(c: &Connection, sql: &str, id: &str) -> Result<T, StoreError> {
    let body: String = c.prepare_cached(sql)?.query_row([id], |r| r.get(0))?;
    Ok(serde_json::from_str(&body)?)
}

pub(crate) fn tabs(c: &Connection, open: bool, limit: i64) -> Result<Vec<Tab>, StoreError> {
    let sql = if open {
        "SELECT body FROM tab WHERE closed_at IS NULL ORDER BY opened_at DESC LIMIT ?1"
    } else {
        "SELECT body FROM tab WHERE closed_at IS NOT NULL ORDER BY closed_at DESC LIMIT ?1"
    };
    bodies(c, sql, [limit])
}

/// Ids as one parameter, for `json_each`.
pub(crate) fn listed(ids: impl IntoIterator<Item = impl ToString>) -> Result<String, StoreError> {
    let ids: Vec<String> = ids.into_iter().map(|id| id.to_string()).collect();
    Ok(serde_json::to_string(&ids)?)
}

/// Everything on these tabs in five queries, however many they are.
pub(crate) fn accounts(c: &Connection, ids: &[TabId]) -> Result<Vec<Account>, StoreError> {
    let listed = listed(ids)?;
    let of_these = |columns: &str, table: &str, key: &str| {
        format!(
            "SELECT {columns} FROM {table} WHERE {key} IN (SELECT value FROM json_each(?1)) ORDER BY rowid"
        )
    };
    let mut accounts: HashMap<TabId, Account> = bodies(c, &of_these("body", "tab", "id"), [&listed])?
        .into_iter()
        .map(|tab: Tab| {
            let account = Account {
                tab,
                lines: Vec::new(),
                holds: Vec::new(),
                renewals: Vec::new(),
            };
            (account.tab.id, account)
        })
        .collect();
    for line in bodies::<Line>(c, &of_these("body", "line", "tab"), [&listed])? {
        if let Some(account) = accounts.get_mut(&line.tab) {
            account.lines.push(line);
        }
    }
    let mut operations = operations_on(c, &listed)?;
    for hold in bodies::<Hold>(c, &of_these("body", "hold", "tab"), [&listed])? {
        if let Some(account) = accounts.get_mut(&hold.tab) {
            let its = operations.remove(&hold.id).unwrap_or_default();
            account.holds.push((hold, its));
        }
    }
    for renewal in bodies::<Renewal>(c, &of_these("body", "renewal", "tab"), [&listed])? {
        if let Some(account) = accounts.get_mut(&renewal.tab) {
            account.renewals.push(renewal);
        }
    }
    Ok(ids.iter().filter_map(|id| accounts.remove(id)).collect())
}

fn operations_on(c: &Connection, tabs: &str) -> Result<HashMap<HoldId, Vec<Operation>>, StoreError> {
    let mut query = c.prepare_cached(&format!(
        "{OPERATION} WHERE hold IN (SELECT id FROM hold WHERE tab IN (SELECT value FROM json_each(?1)))
         ORDER BY o.rowid"
    ))?;
    let mut operations: HashMap<HoldId, Vec<Operation>> = HashMap::new();
    for row in query.query_map([tabs], operation_row)? {
        let operation = to_operation(row?)?;
        operations.entry(operation.hold).or_default().push(operation);
    }
    Ok(operations)
}

pub(crate) fn open_accounts(c: &Connection, limit: i64) -> Result<Vec<Account>, StoreError> {
    accounts(c, &open_ids(c, limit)?)
}

pub(crate) const OPEN_IDS: &str =
    "SELECT id FROM tab WHERE closed_at IS NULL ORDER BY opened_at DESC, id DESC LIMIT ?1";

pub(crate) fn open_ids(c: &Connection, limit: i64) -> Result<Vec<TabId>, StoreError> {
    ids(c, OPEN_IDS, [limit])
}

pub(crate) fn has_tabs(c: &Connection) -> Result<bool, StoreError> {
    Ok(c.query_row("SELECT EXISTS (SELECT 1 FROM tab)", [], |r| r.get(0))?)
}

/// What was put away with something left that staff may have to be told of.
pub(crate) fn unsettled_accounts(c: &Connection) -> Result<Vec<Account>, StoreError> {
    accounts(c, &unsettled_ids(c)?)
}

/// From the few that may be meant to their tabs: the other way round is every tab that was ever put away.
pub(crate) const UNSETTLED: &str = "SELECT tab.id FROM (
    SELECT tab FROM hold WHERE over = 0
     UNION SELECT h.tab FROM operation o CROSS JOIN hold h ON h.id = o.hold
            WHERE o.state IN ('intended', 'accepted', 'unknown')
     UNION SELECT h.tab FROM operation o CROSS JOIN hold h ON h.id = o.hold
            WHERE o.state IN ('absent', 'conflict') OR (o.state = 'succeeded' AND o.detail IS NOT NULL)) AS some
   CROSS JOIN tab ON tab.id = some.tab WHERE tab.closed_at IS NOT NULL ORDER BY tab.closed_at DESC";

pub(crate) fn unsettled_ids(c: &Connection) -> Result<Vec<TabId>, StoreError> {
    ids(c, UNSETTLED, [])
}

pub(crate) fn ids<T: FromStr>(c: &Connection, sql: &str, p: impl Params) -> Result<Vec<T>, StoreError> {
    let mut query = c.prepare_cached(sql)?;
    let rows = query.query_map(p, |r| r.get::<_, String>(0))?;
    rows.map(|id| parsed(&id?)).collect()
}

/// An id as a column has it.
pub(crate) fn parsed<T: FromStr>(id: &str) -> Result<T, StoreError> {
    id.parse()
        .map_err(|_| StoreError::damaged(format!("{id} is no id")))
}

pub(crate) fn tab(c: &Connection, id: TabId) -> Result<Tab, StoreError> {
    body(c, "SELECT body FROM tab WHERE id = ?1", &id.to_string())
}

pub(crate) fn hold(c: &Connection, id: HoldId) -> Result<Hold, StoreError> {
    body(c, "SELECT body FROM hold WHERE id = ?1", &id.to_string())
}

pub(crate) fn holds(c: &Connection, tab: TabId) -> Result<Vec<Hold>, StoreError> {
    bodies(
        c,
        "SELECT body FROM hold WHERE tab = ?1 ORDER BY rowid",
        [tab.to_string()],
    )
}

pub(crate) fn lines(c: &Connection, tab: TabId) -> Result<Vec<Line>, StoreError> {
    bodies(
        c,
        "SELECT body FROM line WHERE tab = ?1 ORDER BY rowid",
        [tab.to_string()],
    )
}

/// Each part by an index of its own: together they would be every operation that there ever was.
pub(crate) const LIVE_HOLDS: &str = "SELECT body FROM hold WHERE over = 0
   UNION SELECT h.body FROM operation o CROSS JOIN hold h ON h.id = o.hold
          WHERE o.state IN ('intended', 'accepted', 'unknown')
   UNION SELECT h.body FROM operation o CROSS JOIN hold h ON h.id = o.hold
          WHERE o.state IN ('absent', 'rejected', 'conflict') AND o.settled_at > ?1";

pub(crate) fn live_holds(c: &Connection, since: DateTime<Utc>) -> Result<Vec<Hold>, StoreError> {
    bodies(c, LIVE_HOLDS, [since.to_rfc3339()])
}

pub(crate) fn every_hold(c: &Connection) -> Result<Vec<HoldId>, StoreError> {
    ids(c, "SELECT id FROM hold ORDER BY over, rowid DESC", [])
}

pub(crate) fn setting(c: &Connection, name: &str) -> Result<Option<String>, StoreError> {
    let mut query = c.prepare_cached("SELECT value FROM setting WHERE name = ?1")?;
    Ok(query.query_row([name], |r| r.get(0)).optional()?)
}

const OPERATION: &str = "SELECT o.body, o.state, o.dojo_id, o.detail, o.settled_at, s.at
   FROM operation o LEFT JOIN seen s ON s.operation = o.id";

type OperationRow = (
    String,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
);

fn operation_row(row: &Row<'_>) -> rusqlite::Result<OperationRow> {
    Ok((
        row.get(0)?,
        row.get(1)?,
        row.get(2)?,
        row.get(3)?,
        row.get(4)?,
        row.get(5)?,
    ))
}

fn time(text: Option<String>) -> Result<Option<DateTime<Utc>>, StoreError> {
    text.map(|at| {
        at.parse()
            .map_err(|_| StoreError::damaged(format!("{at} is no time")))
    })
    .transpose()
}

/// The body is what was decided; what moved since stands in columns of its own.
fn to_operation(row: OperationRow) -> Result<Operation, StoreError> {
    let (body, state, dojo_id, detail, settled, seen) = row;
    let mut operation: Operation = serde_json::from_str(&body)?;
    operation.state = state_of(&state)?;
    operation.dojo_id = dojo_id;
    operation.detail = detail;
    operation.settled_at = time(settled)?;
    operation.seen_at = time(seen)?;
    Ok(operation)
}

fn state_of(name: &str) -> Result<OperationState, StoreError> {
    Ok(serde_json::from_value(serde_json::Value::from(name))?)
}

pub(crate) fn operations(c: &Connection, hold: HoldId) -> Result<Vec<Operation>, StoreError> {
    let mut query = c.prepare_cached(&format!("{OPERATION} WHERE o.hold = ?1 ORDER BY o.rowid"))?;
    let rows = query.query_map([hold.to_string()], operation_row)?;
    rows.map(|row| to_operation(row?)).collect()
}

/// By its name, or SQLite would rather look through all of them in their order.
pub(crate) const OPEN_ASKS: &str =
    "SELECT id FROM operation INDEXED BY operation_asks WHERE asks IS NOT NULL ORDER BY rowid";

/// Takes after which the guest has yet to be asked for the rest.
pub(crate) fn open_asks(c: &Connection) -> Result<Vec<Operation>, StoreError> {
    let mut all = Vec::new();
    for id in ids(c, OPEN_ASKS, [])? {
        all.extend(operation(c, id)?);
    }
    Ok(all)
}

pub(crate) fn operation(c: &Connection, id: OperationId) -> Result<Option<Operation>, StoreError> {
    let mut query = c.prepare_cached(&format!("{OPERATION} WHERE o.id = ?1"))?;
    query
        .query_row([id.to_string()], operation_row)
        .optional()?
        .map(to_operation)
        .transpose()
}

pub(crate) fn counts(c: &Connection) -> Result<Counts, StoreError> {
    let mut query = c.prepare(
        "SELECT 'Tabs open', count(*) FROM tab WHERE closed_at IS NULL
          UNION ALL SELECT 'Tabs put away', count(*) FROM tab WHERE closed_at IS NOT NULL
          UNION ALL SELECT 'Holds not over', count(*) FROM hold WHERE over = 0
          UNION ALL SELECT 'Holds over', count(*) FROM hold WHERE over = 1
          UNION ALL SELECT 'Renewals under way', count(*) FROM renewal WHERE ended_at IS NULL
          UNION ALL SELECT 'Findings that wait', count(*) FROM finding WHERE ended_at IS NULL
          UNION ALL SELECT 'Entries in the journal', count(*) FROM journal
          UNION ALL SELECT * FROM (SELECT 'Operations ' || kind || ', ' || state, count(*)
                                     FROM operation GROUP BY 1 ORDER BY 1)",
    )?;
    let rows = query.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?;
    Ok(Counts {
        format: c.query_row("PRAGMA user_version", [], |r| r.get(0))?,
        rows: rows.collect::<Result<_, _>>()?,
    })
}
