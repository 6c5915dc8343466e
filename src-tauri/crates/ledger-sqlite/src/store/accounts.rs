//! Whole tabs, with everything on them.

use crate::error::StoreError;
use crate::store::{operations, rows, tabs};
use holdfast_domain::{Hold, Line, Renewal, Tab, TabId};
use holdfast_ledger::Account;
use rusqlite::Connection;
use std::collections::HashMap;

/// Everything on these tabs in five queries, however many they are.
pub(crate) fn accounts(c: &Connection, ids: &[TabId]) -> Result<Vec<Account>, StoreError> {
    let listed = rows::listed(ids)?;
    let of_these = |columns: &str, table: &str, key: &str| {
        format!(
            "SELECT {columns} FROM {table} WHERE {key} IN (SELECT value FROM json_each(?1)) ORDER BY rowid"
        )
    };
    let mut accounts: HashMap<TabId, Account> = rows::bodies(c, &of_these("body", "tab", "id"), [&listed])?
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
    for line in rows::bodies::<Line>(c, &of_these("body", "line", "tab"), [&listed])? {
        if let Some(account) = accounts.get_mut(&line.tab) {
            account.lines.push(line);
        }
    }
    let mut operations = operations::operations_on(c, &listed)?;
    for hold in rows::bodies::<Hold>(c, &of_these("body", "hold", "tab"), [&listed])? {
        if let Some(account) = accounts.get_mut(&hold.tab) {
            let its = operations.remove(&hold.id).unwrap_or_default();
            account.holds.push((hold, its));
        }
    }
    for renewal in rows::bodies::<Renewal>(c, &of_these("body", "renewal", "tab"), [&listed])? {
        if let Some(account) = accounts.get_mut(&renewal.tab) {
            account.renewals.push(renewal);
        }
    }
    Ok(ids.iter().filter_map(|id| accounts.remove(id)).collect())
}

pub(crate) fn open_accounts(c: &Connection, limit: i64) -> Result<Vec<Account>, StoreError> {
    accounts(c, &tabs::open_ids(c, limit)?)
}

/// What was put away with something left that staff may have to be told of.
pub(crate) fn unsettled_accounts(c: &Connection) -> Result<Vec<Account>, StoreError> {
    accounts(c, &tabs::unsettled_ids(c)?)
}
