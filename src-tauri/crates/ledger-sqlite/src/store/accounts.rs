//! Whole tabs, with everything on them.

use crate::error::StoreError;
use crate::store::{guests::Keys, operations, rows, tabs};
use holdfast_domain::{Hold, Line, Renewal, Tab, TabId};
use holdfast_ledger::Account;
use rusqlite::Connection;
use std::collections::HashMap;

/// The rows of a table whose key is listed.
pub(crate) fn of_these(table: &str, key: &str) -> String {
    format!("{table} r WHERE r.{key} IN {} ORDER BY r.place", rows::LISTED)
}

/// Everything on these tabs in six queries, however many they are.
pub(crate) fn accounts(c: &Connection, ids: &[TabId]) -> Result<Vec<Account>, StoreError> {
    let listed = rows::listed(ids.iter().map(|id| id.0))?;
    let keys = Keys::of_listed(c, &listed)?;
    let mut accounts: HashMap<TabId, Account> = rows::all_by(c, &of_these("tab", "id"), [&listed], &keys)?
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
    for line in rows::all_by::<Line>(c, &of_these("line", "tab"), [&listed], &keys)? {
        if let Some(account) = accounts.get_mut(&line.tab) {
            account.lines.push(line);
        }
    }
    let holds = rows::all_by::<Hold>(c, &of_these("hold", "tab"), [&listed], &keys)?;
    let keys = keys.with_holds(&holds);
    let mut operations = operations::operations_on(c, &listed, &keys)?;
    for hold in holds {
        if let Some(account) = accounts.get_mut(&hold.tab) {
            let its = operations.remove(&hold.id).unwrap_or_default();
            account.holds.push((hold, its));
        }
    }
    for renewal in rows::all_by::<Renewal>(c, &of_these("renewal", "tab"), [&listed], &keys)? {
        if let Some(account) = accounts.get_mut(&renewal.tab) {
            account.renewals.push(renewal);
        }
    }
    Ok(ids.iter().filter_map(|id| accounts.remove(id)).collect())
}

pub(crate) fn open_accounts(c: &Connection, limit: i64) -> Result<Vec<Account>, StoreError> {
    accounts(c, &tabs::open_ids(c, limit)?)
}

/// What was closed with something left that staff may have to be told of.
pub(crate) fn unsettled_accounts(c: &Connection) -> Result<Vec<Account>, StoreError> {
    accounts(c, &tabs::unsettled_ids(c)?)
}
