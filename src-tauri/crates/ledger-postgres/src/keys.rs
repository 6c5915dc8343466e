//! The keys of what is about guests. What needs one is tried, says which it lacks, and is tried again with them:
//! reading and encrypting don't wait, and asking the server does.

use crate::lanes::Lanes;
use crate::rows;
use holdfast_domain::{HoldId, TabId};
use holdfast_ledger::LedgerError;
use holdfast_ledger::stored::{Field, Fields, GuestKeys, NoKeys, Secrecy, Stored, StoredKey};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use tokio_postgres::Row;
use tokio_postgres::types::Type;

/// Keys that a till has used, for what it writes. What it reads asks for the key again: another till may have destroyed
/// it. The server keeps nothing of what is written under one that is gone.
#[derive(Debug, Default)]
pub(crate) struct UsedKeys(Mutex<Known>);

/// Beyond this the used ones are forgotten, all at once; the next writes ask for theirs again.
const MOST_USED_KEYS: usize = 10_000;

#[derive(Debug, Default, Clone)]
struct Known {
    tabs: HashMap<TabId, Secrecy>,
    holds: HashMap<HoldId, TabId>,
}

impl UsedKeys {
    /// Lets those of these tabs go.
    pub(crate) fn forget(&self, tabs: &[TabId]) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for tab in tabs {
            known.tabs.remove(tab);
        }
    }

    fn remember(&self, keys: &Known) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.tabs.len() > MOST_USED_KEYS {
            *known = Known::default();
        }
        // That a tab isn't there may change; that it's forgotten may not.
        let under = keys
            .tabs
            .iter()
            .filter(|(_, secrecy)| matches!(secrecy, Secrecy::Under(_)));
        known
            .tabs
            .extend(under.map(|(tab, secrecy)| (*tab, secrecy.clone())));
        known.holds.extend(&keys.holds);
    }

    fn tab(&self, tab: TabId) -> Option<Secrecy> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.tabs.get(&tab).cloned()
    }

    fn hold(&self, hold: HoldId) -> Option<TabId> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.holds.get(&hold).copied()
    }
}

/// What a key's column says.
fn secrecy(key: Field<'_>) -> Result<Secrecy, LedgerError> {
    // Its place is each database's own.
    let fields = Fields::new(vec![Field::Int(0), key]);
    Ok(StoredKey::read(fields, &NoKeys)?.secrecy())
}

/// The keys at hand, and which were asked for beyond them.
pub(crate) struct Keys {
    known: Known,
    used: Option<Arc<UsedKeys>>,
    missing: RefCell<Missing>,
}

#[derive(Debug, Default)]
struct Missing {
    tabs: HashSet<TabId>,
    holds: HashSet<HoldId>,
}

impl Keys {
    /// None yet.
    pub(crate) fn none() -> Self {
        Self {
            known: Known::default(),
            used: None,
            missing: RefCell::default(),
        }
    }

    /// For writing: those that were used before are at hand.
    pub(crate) fn used(used: &Arc<UsedKeys>) -> Self {
        Self {
            used: Some(used.clone()),
            ..Self::none()
        }
    }

    /// With that of a tab which isn't written yet.
    pub(crate) fn and(mut self, tab: TabId, secrecy: Secrecy) -> Self {
        self.known.tabs.insert(tab, secrecy);
        self
    }

    /// Those of rows that begin with a tab's id and have its key in a column. Of one without a key nothing is read.
    pub(crate) fn of_rows(rows: &[Row], column: usize) -> Result<Self, LedgerError> {
        let mut keys = Self::none();
        for row in rows {
            let secrecy = match rows::field(row, column)? {
                Field::Null => Secrecy::Forgotten,
                key @ (Field::Int(_) | Field::Bytes(_) | Field::Text(_)) => secrecy(key)?,
            };
            keys = keys.and(TabId(rows::id(row, 0)?), secrecy);
        }
        Ok(keys)
    }

    /// With the tab of a hold which isn't written yet.
    pub(crate) fn and_hold(mut self, hold: HoldId, tab: TabId) -> Self {
        self.known.holds.insert(hold, tab);
        self
    }

    /// Does `work` with all the keys that it asks for. What is about a tab that the ledger hasn't got isn't kept.
    pub(crate) async fn lend<T>(
        mut self,
        lanes: &Lanes,
        used: &UsedKeys,
        work: impl Fn(&Self) -> Result<T, LedgerError>,
    ) -> Result<T, LedgerError> {
        loop {
            let done = work(&self);
            let missing = self.missing.take();
            if missing.tabs.is_empty() && missing.holds.is_empty() {
                return done;
            }
            self.fetch(lanes, used, missing).await?;
        }
    }

    async fn fetch(&mut self, lanes: &Lanes, used: &UsedKeys, missing: Missing) -> Result<(), LedgerError> {
        let tabs: Vec<&[u8]> = missing.tabs.iter().map(|tab| rows::key(&tab.0)).collect();
        let holds: Vec<&[u8]> = missing.holds.iter().map(|hold| rows::key(&hold.0)).collect();
        let sql = "SELECT NULL::bytea, k.tab, k.key FROM holdfast.guest_key k WHERE k.tab = ANY ($1)
             UNION ALL SELECT h.id, h.tab, k.key FROM holdfast.hold h
              JOIN holdfast.guest_key k ON k.venue = h.venue AND k.tab = h.tab WHERE h.id = ANY ($2)";
        let values = [
            (
                &tabs as &(dyn tokio_postgres::types::ToSql + Sync),
                Type::BYTEA_ARRAY,
            ),
            (&holds, Type::BYTEA_ARRAY),
        ];
        let found = lanes.query(sql, &values).await?;
        let mut known = Known::default();
        for row in &found {
            let tab = TabId(rows::id(row, 1)?);
            if let Some(hold) = rows::some_id(row, 0)? {
                known.holds.insert(HoldId(hold), tab);
            }
            known.tabs.insert(tab, secrecy(rows::field(row, 2)?)?);
        }
        used.remember(&known);
        for tab in missing.tabs {
            known.tabs.entry(tab).or_insert(Secrecy::Forgotten);
        }
        for hold in missing.holds {
            // One that isn't there is on no tab that is.
            let tab = known.holds.entry(hold).or_insert(TabId(uuid::Uuid::nil()));
            known.tabs.entry(*tab).or_insert(Secrecy::Forgotten);
        }
        self.known.tabs.extend(known.tabs);
        self.known.holds.extend(known.holds);
        Ok(())
    }
}

impl GuestKeys for Keys {
    fn of_tab(&self, tab: TabId) -> Result<Secrecy, LedgerError> {
        let known = self.known.tabs.get(&tab).cloned();
        let known = known.or_else(|| self.used.as_ref()?.tab(tab));
        Ok(known.unwrap_or_else(|| {
            self.missing.borrow_mut().tabs.insert(tab);
            Secrecy::Forgotten
        }))
    }

    fn of_hold(&self, hold: HoldId) -> Result<Secrecy, LedgerError> {
        let tab = self.known.holds.get(&hold).copied();
        match tab.or_else(|| self.used.as_ref()?.hold(hold)) {
            Some(tab) => self.of_tab(tab),
            None => {
                self.missing.borrow_mut().holds.insert(hold);
                Ok(Secrecy::Forgotten)
            }
        }
    }
}

/// For who has no key: nothing that is about a guest is read.
pub(crate) struct NoGuests;

impl GuestKeys for NoGuests {
    fn of_tab(&self, _: TabId) -> Result<Secrecy, LedgerError> {
        Ok(Secrecy::Forgotten)
    }

    fn of_hold(&self, _: HoldId) -> Result<Secrecy, LedgerError> {
        Ok(Secrecy::Forgotten)
    }
}
