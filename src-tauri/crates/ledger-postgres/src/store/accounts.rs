//! Whole tabs, with everything on them, all of one moment.

use crate::PostgresLedger;
use crate::keys::Keys;
use crate::rows;
use crate::values::Value;
use holdfast_domain::{Hold, HoldId, Line, Operation, Renewal, Tab, TabId};
use holdfast_ledger::stored::{GuestKeys, StoredOperation};
use holdfast_ledger::{Account, LedgerError};
use std::collections::HashMap;
use tokio_postgres::Row;

/// What makes up accounts: tabs, lines, holds, operations and renewals, read at one moment.
pub(crate) type Parts = [Vec<Row>; 5];

impl PostgresLedger {
    /// Everything on the tabs that `those` selects: a query of one column, their ids, in the order in which they are
    /// wanted.
    pub(crate) async fn accounts_of(
        &self,
        those: &str,
        values: &[Value<'_>],
    ) -> Result<Vec<Account>, LedgerError> {
        // The ids come with their place in the order, which only the first query needs.
        let wanted = format!("(SELECT id, row_number() OVER () AS n FROM ({those}) AS found)");
        let of_these = |table: &str, key: &str| {
            format!("holdfast.{table} r WHERE r.{key} IN (SELECT id FROM {wanted} AS those) ORDER BY r.place")
        };
        let tabs = rows::select::<Tab>(&format!(
            "holdfast.tab r JOIN {wanted} AS those ON those.id = r.id ORDER BY those.n"
        ));
        let lines = rows::select::<Line>(&of_these("line", "tab"));
        let holds = rows::select::<Hold>(&of_these("hold", "tab"));
        let operations = rows::select::<StoredOperation>(&format!(
            "holdfast.operation r JOIN holdfast.hold h ON h.venue = r.venue AND h.id = r.hold
              WHERE h.tab IN (SELECT id FROM {wanted} AS those) ORDER BY r.place"
        ));
        let renewals = rows::select::<Renewal>(&of_these("renewal", "tab"));
        let keys = format!(
            "SELECT k.tab, k.key FROM holdfast.guest_key k WHERE k.tab IN (SELECT id FROM {wanted} AS those)"
        );
        let sql = [&tabs, &lines, &holds, &operations, &renewals, &keys].map(String::as_str);
        let [tabs, lines, holds, operations, renewals, keys] = self.lanes.query_at_once(sql, values).await?;
        let parts: Parts = [tabs, lines, holds, operations, renewals];
        self.with_keys(Keys::of_rows(&keys, 1)?, |keys| together(&parts, keys))
            .await
    }
}

/// Each tab with what is on it.
pub(crate) fn together(
    [tabs, lines, holds, operations, renewals]: &Parts,
    keys: &dyn GuestKeys,
) -> Result<Vec<Account>, LedgerError> {
    let tabs: Vec<Tab> = rows::read_all(tabs, keys)?;
    let mut accounts: Vec<Account> = tabs
        .into_iter()
        .map(|tab| Account {
            tab,
            lines: Vec::new(),
            holds: Vec::new(),
            renewals: Vec::new(),
        })
        .collect();
    let places: HashMap<TabId, usize> = accounts.iter().map(|account| account.tab.id).zip(0..).collect();
    let mut on = |tab: TabId, put: &mut dyn FnMut(&mut Account)| {
        if let Some(account) = places.get(&tab).and_then(|place| accounts.get_mut(*place)) {
            put(account);
        }
    };
    for line in rows::read_all::<Line>(lines, keys)? {
        on(line.tab, &mut |account| account.lines.push(line.clone()));
    }
    let mut of_holds: HashMap<HoldId, Vec<Operation>> = HashMap::new();
    for StoredOperation { operation, .. } in rows::read_all(operations, keys)? {
        of_holds.entry(operation.hold).or_default().push(operation);
    }
    for hold in rows::read_all::<Hold>(holds, keys)? {
        let mut its = of_holds.remove(&hold.id).unwrap_or_default();
        on(hold.tab, &mut |account| {
            account.holds.push((hold.clone(), std::mem::take(&mut its)));
        });
    }
    for renewal in rows::read_all::<Renewal>(renewals, keys)? {
        on(renewal.tab, &mut |account| account.renewals.push(renewal.clone()));
    }
    Ok(accounts)
}
