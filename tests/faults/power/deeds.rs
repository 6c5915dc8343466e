//! What is recorded: commands that move money or write the ledger, each on a venue made ready for it.

use super::{CLERK, disk::Disk, image::Image, trace};
use crate::{
    deeds::{DEEDS, Deed, Way},
    hurt::{self, Blow, Point},
    kill::CALLS,
    ordeal::Ordeal,
    venue::{Venue, decide},
};
use anyhow::{Context, Result, ensure};
use holdfast_domain::{Actor, Event, Kind, Line, LineId, OperationKind, Personal, Tab, TabId};
use holdfast_ledger::Note;
use holdfast_ledger::prelude::*;
use holdfast_ledger_sqlite::SqliteLedger;
use holdfast_tests::press::Press;
use std::{
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};
use uuid::Uuid;

/// What a command is to the judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// It moves money: the operation of this kind is looked for afterwards.
    Moves(OperationKind),
    /// It writes the ledger.
    Writes,
    /// It makes a backup.
    BacksUp,
    /// It puts another file in the ledger's place.
    Replaces,
}

/// One command, recorded.
pub(super) struct Record {
    pub(super) sort: Sort,
    /// What the disk had before.
    pub(super) base: Image,
    pub(super) steps: Vec<trace::Step>,
}

/// What is recorded beside the commands that are hurt elsewhere.
const MORE: [&str; 5] = ["first", "killed", "backup", "restore", "session"];

/// The names of all that is recorded. A run over many tabs is left out: its requests cross each other, and
/// what it asks of the disk is what the others ask.
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    let is_recorded = |deed: &Deed| !matches!(deed.way, Way::All(..)) && !MORE.contains(&deed.name);
    let deeds = DEEDS.into_iter().filter(is_recorded);
    deeds.map(|deed| deed.name).chain(MORE)
}

/// Records a deed's commands, one record each.
pub(super) async fn record(name: &str) -> Result<(Venue, Vec<Record>)> {
    let words = |words: &[&str]| {
        words
            .iter()
            .map(|word| (*word).to_owned())
            .collect::<Vec<String>>()
    };
    match name {
        "first" => {
            let venue = Venue::open().await?;
            let commands = [words(&["open", "tab", "Guest", "50"])];
            commanded(venue, Sort::Moves(OperationKind::Create), &commands).await
        }
        "killed" => {
            let venue = killed().await?;
            commanded(venue, Sort::Moves(OperationKind::Capture), &[words(&["sweep"])]).await
        }
        "backup" => {
            let venue = busy().await?;
            commanded(venue, Sort::BacksUp, &[words(&["backup"])]).await
        }
        "restore" => {
            let venue = busy().await?;
            let backup = older_backup(&venue).await?;
            commanded(venue, Sort::Replaces, &[words(&["restore", &backup, "--yes"])]).await
        }
        "session" => session().await,
        other => {
            let deed = DEEDS.into_iter().find(|deed| deed.name == other);
            let deed = deed.context("no such deed")?;
            let sort = deed.kind.map_or(Sort::Writes, Sort::Moves);
            let (venue, commands) = Ordeal::prepare(deed).await?.into_parts();
            commanded(venue, sort, &commands).await
        }
    }
}

async fn commanded(venue: Venue, sort: Sort, commands: &[Vec<String>]) -> Result<(Venue, Vec<Record>)> {
    let mut records = Vec::new();
    for words in commands {
        let mut command = hurt::prepared(&venue, &hurt::who_does(words)?);
        command.args(words);
        records.push(recorded(&venue, sort, &command).await?);
    }
    Ok((venue, records))
}

/// Where the data folder lies: what is above it is the system's, and lasts.
fn root(venue: &Venue) -> Result<PathBuf> {
    Ok(venue.data().parent().context("no root")?.to_owned())
}

async fn recorded(venue: &Venue, sort: Sort, command: &Command) -> Result<Record> {
    let root = root(venue)?;
    let base = Image::take(&root)?;
    let log = tempfile::NamedTempFile::new()?;
    let output = hurt::once_free(trace::recorded(log.path(), command)).await?;
    ensure!(
        output.status.success(),
        "{command:?} fails: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let words = std::fs::read_to_string(log.path())?;
    let steps = trace::read(&words, &root, &base)?;
    let mut end = Disk::new(&base);
    for step in &steps {
        if let trace::Step::Asked(act) = step {
            end.ask(act.clone());
        }
    }
    ensure!(
        end.with_everything() == Image::take(&root)?,
        "the trace of {command:?} does not lead to the files that it left"
    );
    Ok(Record { sort, base, steps })
}

/// A take that was killed when its request was about to leave: its row is in the write-ahead log alone.
async fn killed() -> Result<Venue> {
    let deed: Deed = DEEDS[0];
    let unhurt = Ordeal::prepare(deed).await?.suffer(&CALLS, None).await?;
    for call in ["writev", "sendto", "sendmsg"] {
        let sends = |line: &&str| line.contains(&format!(" {call}("));
        let mut lines = unhurt.trace.lines().filter(sends);
        if let Some(before) = lines.position(|line| line.contains("\"POST /payment-intents/pi_")) {
            let ordeal = Ordeal::prepare(deed).await?;
            let point = Point {
                call,
                nth: before + 1,
            };
            let ran = ordeal.suffer(&CALLS, Some((&point, Blow::Kill))).await?;
            ensure!(ran.was_hit, "it was not killed: {}", ran.words());
            return Ok(ordeal.into_parts().0);
        }
    }
    anyhow::bail!("no request was seen to leave")
}

/// A venue with something taken, a backup of that, and something taken since.
async fn busy() -> Result<Venue> {
    let venue = Venue::open().await?;
    let seat = venue.plain_till()?;
    for guest in ["Early", "Late"] {
        let hold = venue.ready(&seat, OperationKind::Capture, guest).await?;
        seat.desk.press(decide(&hold, OperationKind::Capture)).await?;
        if guest == "Early" {
            seat.desk.back_up().await?;
        }
    }
    drop(seat);
    // Two backups of one second would have one name.
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    Ok(venue)
}

async fn older_backup(venue: &Venue) -> Result<String> {
    let seat = venue.plain_till()?;
    let oldest = seat.ledger.backups().await?.pop();
    Ok(oldest.context("no backup")?.name)
}

/// A till that is open for so long that its write-ahead log is emptied into the ledger meanwhile.
async fn session() -> Result<(Venue, Vec<Record>)> {
    let venue = Venue::open().await?;
    let mut command = Command::new(std::env::current_exe()?);
    command.env(CLERK, super::folder_of(&venue.data()));
    let record = recorded(&venue, Sort::Writes, &command).await?;
    Ok((venue, vec![record]))
}

/// How many lines a clerk adds to a bill: enough for SQLite to restart its log.
const LINES: i64 = 260;

/// A till that adds line after line to a bill, and says of each that it is there.
pub(crate) fn clerk(folder: &Path) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    runtime.block_on(async {
        let ledger = SqliteLedger::open(folder)?;
        let at = chrono::DateTime::UNIX_EPOCH;
        let tab = Tab {
            id: TabId(Uuid::now_v7()),
            kind: Kind::Tab,
            name: "Guest".to_owned(),
            place: None,
            note: None,
            email: None,
            currency: holdfast_domain::Currency::Gbp,
            reference: "HF-1".to_owned(),
            arrives_on: None,
            departs_on: None,
            opened_at: at,
            opened_by: Actor::staff("Sam"),
            guests: None,
            version: 0,
            closed_at: None,
            is_forgotten: false,
        };
        let note = |words: String| Note {
            at,
            by: Actor::staff("Sam"),
            tab: Some(tab.id),
            event: Event::TabOpened,
            personal: Personal::name(words),
            reference: None,
            raises: None,
        };
        ledger.add_tab(&tab, note("Opened".to_owned())).await?;
        for number in 1..=LINES {
            let line = Line {
                id: LineId(Uuid::now_v7()),
                tab: tab.id,
                what: Some(format!("Round {number}")),
                quantity: 1,
                each: number,
                takes_off: None,
                moved: None,
                at,
                by: Actor::staff("Sam"),
            };
            ledger
                .add_line(&line, None, note(format!("Round {number}")))
                .await?;
            let mut out = std::io::stdout().lock();
            writeln!(out, "{number} lines")?;
            out.flush()?;
        }
        Ok(())
    })
}
