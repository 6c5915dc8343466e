//! A till's own ledger moved into a venue of the shared one, and back.

use crate::refuse_folder;
use anyhow::{Context as _, bail, ensure};
use holdfast_ledger::LedgerError;
use holdfast_ledger::moving::{Moved, move_ledger};
use holdfast_ledger_postgres::Server;
use holdfast_ledger_postgres::moving::{VenueSource, VenueTarget};
use holdfast_ledger_sqlite::{NewFile, NotReadable, WholeFile};
use serde_json::{Value, json};
use std::path::Path;

/// Moves a till's own ledger into a venue: what was done, in words and as data.
pub(crate) async fn import(admin: &Server, folder: &Path, venue: i32) -> anyhow::Result<(String, Value)> {
    let folder = std::path::absolute(folder)?;
    let shown = folder.display();
    ensure!(folder.is_dir(), "{shown}: there is no such folder");
    refuse_folder(&folder)?;
    let file = file_in(&folder)?;
    let target = match VenueTarget::begin(admin, venue).await {
        Err(LedgerError::Known) => bail!(
            "venue {venue} has a ledger already, and two can’t become one. Add a venue for this one: holdfast-cli \
             ledger add-venue NAME. Nothing was changed"
        ),
        Err(LedgerError::Busy) => {
            bail!("a till of venue {venue} is at work. Close its tills, and import then. Nothing was changed")
        }
        target => of_venue(target, venue)?,
    };
    let moved = match move_ledger(Box::new(file), Box::new(target)).await {
        Err(LedgerError::Unreachable) => bail!(
            "the server did not answer to the end, so nobody knows whether it was done. Import it again: a venue \
             that has the ledger refuses it"
        ),
        moved => moved.context("nothing was changed")?,
    };
    let words = format!(
        "Venue {venue} has the ledger now: {}. Enrol its tills. The till that it came from must not work on its own \
         any more, which knows nothing of what they do: rename the mode’s folder there, then have it join by \
         `holdfast-cli ledger join`.",
        counted(moved)
    );
    Ok((words, data(moved)))
}

/// Writes a venue's ledger into a file of its own: the same.
pub(crate) async fn export(admin: &Server, folder: &Path, venue: i32) -> anyhow::Result<(String, Value)> {
    let folder = std::path::absolute(folder)?;
    let source = of_venue(VenueSource::begin(admin, venue).await, venue)?;
    refuse_folder(&folder)?;
    holdfast_process::keep_private(&folder)?;
    let file = match NewFile::begin(&folder) {
        Err(LedgerError::Known) => bail!(
            "{} has a ledger already, or had one. Name another folder. Nothing was changed",
            folder.display()
        ),
        file => file?,
    };
    let moved = move_ledger(Box::new(source), Box::new(file)).await;
    let moved = moved.context("no ledger was written")?;
    let words = format!(
        "{} has the ledger of venue {venue} as it is now: {}. To work with one till alone, retire the venue’s tills \
         first. If they go on instead, this is a copy: put it back only by holdfast-cli restore, which asks Dojo about \
         everything since.",
        folder.join("ledger.db").display(),
        counted(moved)
    );
    Ok((words, data(moved)))
}

/// The ledger in a till's folder, or what has to be done before it can be moved.
fn file_in(folder: &Path) -> anyhow::Result<WholeFile> {
    let shown = folder.display();
    match WholeFile::open(folder) {
        Ok(file) => Ok(file),
        Err(NotReadable::Missing) => bail!(
            "{shown} has no ledger.db: name the mode’s folder within the data folder, such as {}",
            folder.join("live").display()
        ),
        Err(NotReadable::OpenFirst(why)) => bail!(
            "{shown}: {why}. Open it once in this Holdfast, let it read Dojo, close it, and import it then. Nothing \
             was changed"
        ),
        Err(NotReadable::Refused(LedgerError::InUse)) => {
            bail!("{shown}: a till has it open. Close that till, and import it then. Nothing was changed")
        }
        Err(NotReadable::Refused(LedgerError::Damaged(why))) => bail!(
            "{shown}: the ledger is damaged ({why}). Open it once in Holdfast, which puts the best backup in its \
             place, and import it then. Nothing was changed"
        ),
        Err(NotReadable::Refused(refused)) => Err(refused.into()),
    }
}

fn of_venue<T>(found: Result<T, LedgerError>, venue: i32) -> anyhow::Result<T> {
    match found {
        Err(LedgerError::NotFound) => bail!("there is no venue {venue}"),
        found => Ok(found?),
    }
}

fn counted(moved: Moved) -> String {
    let Moved {
        tabs,
        entries,
        reports,
    } = moved;
    format!("{tabs} tabs, {entries} entries in the journal, {reports} night reports")
}

fn data(moved: Moved) -> Value {
    json!({ "tabs": moved.tabs, "entries": moved.entries, "reports": moved.reports })
}
