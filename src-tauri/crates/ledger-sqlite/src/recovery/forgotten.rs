//! The guests who were forgotten, by their tabs, in a file beside the ledger that no restore replaces: a backup still
//! has their keys, and whenever a ledger is opened that has one, it is destroyed again.

use crate::error::StoreError;
use crate::recovery::{backup, open};
use crate::store::{commit::commit, guests, journal, settings};
use chrono::{DateTime, Utc};
use holdfast_domain::{Actor, Event, ForgetReason, Personal, TabId};
use holdfast_ledger::{LedgerError, Note};
use rusqlite::Connection;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write;
use std::path::Path;

/// A tab's id a line, in order.
const NAME: &str = "forgotten";

/// Under this name it is written; it is renamed when it is whole.
const NEW: &str = "forgotten.new";

/// The setting that says which list a ledger has carried out, by its hash.
const CARRIED_OUT: &str = "forgotten";

fn read(folder: &Path) -> Result<BTreeSet<TabId>, StoreError> {
    let path = folder.join(NAME);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
        Err(error) => return Err(StoreError::of_file(&path, &error)),
    };
    let ids = text.lines().filter_map(|line| match line.parse() {
        Ok(id) => Some(id),
        Err(_) => {
            tracing::warn!(line, "a line of the list of forgotten guests can’t be read");
            None
        }
    });
    Ok(ids.collect())
}

fn text(tabs: &BTreeSet<TabId>) -> String {
    tabs.iter().map(|tab| format!("{tab}\n")).collect()
}

fn hash(tabs: &BTreeSet<TabId>) -> String {
    hex::encode(Sha256::digest(text(tabs)))
}

/// Durable when it returns.
fn write(folder: &Path, tabs: &BTreeSet<TabId>) -> Result<(), StoreError> {
    let new = folder.join(NEW);
    let written = File::create(&new).and_then(|mut file| file.write_all(text(tabs).as_bytes()));
    written.map_err(|error| StoreError::of_file(&new, &error))?;
    backup::place(&new, &folder.join(NAME))
}

/// Whether the guest of this tab was forgotten.
pub(crate) fn is_listed(folder: &Path, tab: TabId) -> Result<bool, StoreError> {
    Ok(read(folder)?.contains(&tab))
}

/// Whether a ledger has forgotten all who stand in the list beside it.
pub(crate) fn is_carried_out(folder: &Path, c: &Connection) -> Result<bool, StoreError> {
    let listed = read(folder)?;
    Ok(match settings::setting(c, CARRIED_OUT)? {
        Some(known) => known == hash(&listed),
        None => listed.is_empty(),
    })
}

/// Forgets the guests of these tabs. They stand in the list before their keys go: whatever happens in between, the next
/// opening goes on with it.
pub(crate) fn forget(folder: &Path, c: &Connection, tabs: &[TabId], note: &Note) -> Result<(), StoreError> {
    if !guests::open_among(c, tabs)?.is_empty() {
        return Err(LedgerError::Busy.into());
    }
    let mut listed = read(folder)?;
    listed.extend(tabs);
    write(folder, &listed)?;
    destroy(c, &listed, tabs, |_| note.clone())
}

/// Forgets the guests in the list that this ledger still knows, and lists those that it forgot should the list have
/// gone. `now` is by the till's clock; without, it happened when the newest entry was written.
pub(crate) fn carry_out(folder: &Path, c: &Connection, now: Option<DateTime<Utc>>) -> Result<(), StoreError> {
    if is_carried_out(folder, c)? {
        return Ok(());
    }
    let mut listed = read(folder)?;
    let count = listed.len();
    listed.extend(guests::forgotten(c)?);
    if listed.len() > count {
        write(folder, &listed)?;
    }
    let at = match now {
        Some(now) => now,
        None => journal::newest(c)?.unwrap_or_default(),
    };
    let tabs: Vec<TabId> = listed.iter().copied().collect();
    destroy(c, &listed, &tabs, |tabs| Note {
        at,
        by: Actor::Holdfast,
        tab: None,
        event: Event::GuestsForgotten {
            tabs,
            why: ForgetReason::Again,
        },
        personal: Personal::default(),
        reference: None,
        raises: None,
    })
}

/// Overwrites keys, and what of them is left in the log. Nothing is noted when there were none.
fn destroy(
    c: &Connection,
    listed: &BTreeSet<TabId>,
    tabs: &[TabId],
    note: impl FnOnce(u32) -> Note,
) -> Result<(), StoreError> {
    commit(c, &[], |t| {
        let count = guests::forget(t, tabs)?;
        settings::keep(t, CARRIED_OUT, &hash(listed))?;
        if count > 0 {
            journal::append(t, &note(count))?;
        }
        Ok(())
    })?;
    open::empty_log(c)
}
