//! A venue's day against the simulator, and its ledger's files at the end.

use anyhow::{Context, Result, ensure};
use chrono::{DateTime, Utc};
use holdfast_desk::{Clock, Desk, SystemClock};
use holdfast_domain::{Hold, Kind, OperationKind, OperationState, TabId};
use holdfast_ledger::Ledger;
use holdfast_ledger::prelude::*;
use holdfast_ledger_sqlite::SqliteLedger;
use holdfast_tests::press::Press;
use holdfast_tests::{GOOD, KEY, Till, decide, stepped::SteppedClock};
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// From which files a case starts.
#[derive(Debug, Clone, Copy)]
pub(super) enum Base {
    /// Closed as it should be.
    Closed,
    /// Killed: part of the ledger is in its write-ahead log.
    Killed,
    /// Another venue's, killed.
    Foreign,
}

/// The day, and what is true at its end.
pub(super) struct World {
    till: Till,
    bases: tempfile::TempDir,
    /// What the ledger said at the end.
    full: String,
    /// What each backup says, by name.
    backups: HashMap<String, String>,
    pub(super) older: String,
    pub(super) newest: String,
    posts: usize,
}

fn time(text: &str) -> Result<DateTime<Utc>> {
    Ok(text.parse()?)
}

/// Everything that the ledger says of money.
pub(crate) async fn said(ledger: &dyn Ledger) -> Result<String> {
    let mut tabs = ledger.tabs(true, 1_000).await?;
    tabs.extend(ledger.tabs(false, 1_000).await?);
    tabs.sort_by_key(|tab| tab.id);
    let mut text = format!("{:?}\n", ledger.setting("settings").await?);
    for tab in tabs {
        text += &format!("{tab:?}\n{:?}\n", ledger.lines(tab.id).await?);
        for hold in ledger.holds(tab.id).await? {
            text += &format!("{hold:?}\n{:?}\n", ledger.operations(hold.id).await?);
        }
        text += &format!("{:?}\n", ledger.journal(tab.id).await?);
    }
    text += &format!("{:?}\n", ledger.open_renewals().await?);
    text += &format!("{:?}\n", ledger.every_hold().await?);
    Ok(text + &format!("{:?}\n", ledger.live_holds(DateTime::UNIX_EPOCH).await?))
}

pub(super) fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let (path, target) = {
            let entry = entry?;
            (entry.path(), to.join(entry.file_name()))
        };
        if path.is_dir() {
            copy(&path, &target)?;
        } else {
            fs::copy(&path, &target)?;
        }
    }
    Ok(())
}

async fn paid(till: &Till, kind: Kind, name: &str, amount: &str) -> Result<TabId> {
    let tab = till.opened(kind, name, amount).await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    till.hold(tab).await?;
    Ok(tab)
}

async fn done(till: &Till, tab: TabId, kind: OperationKind, amount: i64) -> Result<Hold> {
    let hold = till.hold(tab).await?;
    let operation = till.desk.press(decide(&hold, kind, amount)).await?;
    ensure!(operation.state == OperationState::Succeeded, "{operation:?}");
    till.hold(tab).await
}

impl World {
    pub(super) async fn make() -> Result<Self> {
        use OperationKind::{Capture, Refund, Reversal};
        let till = Till::open().await?;
        let bar = paid(&till, Kind::Tab, "Bar", "100").await?;
        let part = paid(&till, Kind::Tab, "Part", "80").await?;
        let over = paid(&till, Kind::Tab, "Over", "60").await?;
        let room = paid(&till, Kind::Deposit, "Room 7", "250").await?;
        let stay = paid(&till, Kind::Deposit, "Room 5", "120").await?;
        paid(&till, Kind::Payment, "Paid", "12.34").await?;
        till.opened(Kind::Tab, "Unpaid", "40").await?;
        for tab in [bar, part, over] {
            for line in 0..6 {
                let each = format!("{}.50", 3 + line);
                till.desk
                    .add_line(tab, Some(format!("Round {line}")), 2, &each)
                    .await?;
            }
        }
        till.desk
            .renew(&till.desk.renewing(till.hold(stay).await?.id).await?)
            .await?;
        done(&till, part, Capture, 3_000).await?;
        done(&till, over, Capture, 6_000).await?;
        let older = till
            .ledger
            .back_up(time("2026-02-27T23:00:00Z")?, None)
            .await?
            .backup
            .name;
        done(&till, bar, Capture, 2_000).await?;
        done(&till, over, Refund, 1_000).await?;
        paid(&till, Kind::Tab, "Later", "75").await?;
        let newest = till
            .ledger
            .back_up(time("2026-02-28T23:00:00Z")?, None)
            .await?
            .backup
            .name;
        done(&till, bar, Capture, 1_500).await?;
        done(&till, part, Capture, 5_000).await?;
        done(&till, over, Refund, 500).await?;
        done(&till, room, Reversal, 0).await?;
        let last = paid(&till, Kind::Tab, "Last", "90").await?;
        done(&till, last, Capture, 4_000).await?;
        till.opened(Kind::Deposit, "Room 8", "300").await?;

        let bases = tempfile::tempdir()?;
        let full = said(till.ledger.as_ref()).await?;
        copy(&till.data(), &bases.path().join("Killed"))?;
        let till = till.restart().await?;
        let other = Till::open().await?;
        paid(&other, Kind::Tab, "Elsewhere", "500").await?;
        copy(&other.data(), &bases.path().join("Foreign"))?;
        drop(other);
        // Closed from a copy of its own, for the till goes on.
        copy(&bases.path().join("Killed"), &bases.path().join("Closed"))?;
        drop(SqliteLedger::open(&bases.path().join("Closed"))?);

        let mut world = Self {
            posts: 0,
            till,
            full,
            backups: HashMap::new(),
            older,
            newest,
            bases,
        };
        for name in [world.older.clone(), world.newest.clone()] {
            let folder = tempfile::tempdir()?;
            fs::copy(
                world.base(Base::Closed).join("backups").join(&name),
                folder.path().join("ledger.db"),
            )?;
            let opened = SqliteLedger::open_or_restore(folder.path(), SystemClock.now())?;
            world.backups.insert(name, said(&opened.ledger).await?);
        }
        world.compare(world.till.ledger.as_ref()).await?;
        world.posts = world.sent().await?;
        Ok(world)
    }

    pub(super) fn base(&self, base: Base) -> PathBuf {
        self.bases.path().join(format!("{base:?}"))
    }

    /// The undamaged ledger's words, or a backup's.
    pub(super) fn said_by(&self, backup: Option<&str>) -> Option<&String> {
        backup.map_or(Some(&self.full), |name| self.backups.get(name))
    }

    /// A desk over a ledger that was opened from a case's folder.
    pub(super) fn desk(&self, ledger: SqliteLedger) -> Result<(Desk, Arc<SqliteLedger>)> {
        let ledger = Arc::new(ledger);
        // Where Dojo's limit asks for a pause, nobody has to sit it out.
        let clock = Arc::new(SteppedClock::begin());
        let desk = Desk::new(ledger.clone(), self.till.client(KEY)?, clock);
        Ok((desk, ledger))
    }

    /// Holds what a ledger says of every request against what the simulator did.
    pub(super) async fn compare(&self, ledger: &dyn Ledger) -> Result<()> {
        let mut holds = HashMap::new();
        for id in ledger.every_hold().await? {
            let hold = ledger.hold(id).await?;
            holds.insert(
                hold.intent_id.clone().context("a hold without its request")?,
                hold,
            );
        }
        let truth = self.till.truth().await?;
        let intents = truth["intents"].as_array().context("no truth")?;
        ensure!(
            intents.len() == holds.len(),
            "{} requests, {} holds",
            intents.len(),
            holds.len()
        );
        for intent in intents {
            let id = intent["id"].as_str().context("no id")?;
            let hold = holds.get(id).with_context(|| format!("{id} is missing"))?;
            let is_held = hold.authorised() > 0;
            let left = if is_held {
                intent["remaining"].as_i64()
            } else {
                Some(0)
            };
            let shown = (Some(hold.captured()), Some(hold.refunded()), Some(hold.left()));
            let true_ones = (intent["captured"].as_i64(), intent["refunded"].as_i64(), left);
            ensure!(shown == true_ones, "{id}: shown {shown:?}, true {true_ones:?}");
        }
        Ok(())
    }

    /// How many requests that act the simulator has received.
    async fn sent(&self) -> Result<usize> {
        let truth = self.till.truth().await?;
        let log = truth["requests"].as_array().context("no log of requests")?;
        let acts = log.iter().filter(|request| {
            let path = request["path"].as_str().unwrap_or_default();
            request["method"] != "GET" && !path.ends_with("/search")
        });
        Ok(acts.count())
    }

    /// Restoring reads. It never acts.
    pub(super) async fn nothing_was_sent(&self) -> Result<()> {
        let posts = self.sent().await?;
        ensure!(posts == self.posts, "{} requests were sent", posts - self.posts);
        Ok(())
    }
}
