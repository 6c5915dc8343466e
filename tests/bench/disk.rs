//! B2: a durable commit against the disk's own sync, and how many syncs an operation costs.

use crate::sample::{Pair, Spread};
use crate::syncs;
use crate::table::Row;
use crate::{A_MILLION, Bench};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use holdfast_desk::{Clock, SystemClock};
use holdfast_domain::{
    Actor, Baseline, Deed, Detail, Event, Hold, HoldId, Operation, OperationId, OperationKind,
    OperationState, Personal, TabId,
};
use holdfast_ledger::{Expect, Learnt, Ledger, Note, Progress};
use holdfast_ledger_sqlite::SqliteLedger;
use holdfast_tests::house::House;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// What SQLite's log is written in.
const PAGE: usize = 4096;

/// The place for the baseline's pages; as large as the log gets before it restarts.
const PAGES: u64 = 1_000;

/// How many tabs were made for commits: each has a reference of its own.
static TABS: AtomicU32 = AtomicU32::new(0);

/// The bare disk: a page over one that is there, and its sync.
pub(crate) struct Disk {
    file: File,
    next: u64,
}

impl Disk {
    /// In `folder`, with all its pages there.
    ///
    /// # Errors
    /// When they can't be written.
    pub(crate) fn at(folder: &Path) -> Result<Self> {
        let file = File::create(folder.join("bare"))?;
        for page in 0..PAGES {
            file.write_all_at(&[1; PAGE], page * PAGE as u64)?;
        }
        file.sync_all()?;
        Ok(Self { file, next: 0 })
    }

    fn sync(&mut self) -> Result<Duration> {
        let begun = Instant::now();
        self.file.write_all_at(&[2; PAGE], self.next * PAGE as u64)?;
        self.file.sync_data()?;
        self.next = (self.next + 1) % PAGES;
        Ok(begun.elapsed())
    }
}

/// No ledger here has more tabs open.
const MOST_OPEN: i64 = 10_000;

/// Commits of one operation after another on a hold that nothing else is done to.
pub(crate) struct Commits<'a> {
    ledger: &'a dyn Ledger,
    tab: TabId,
    hold: HoldId,
}

fn operation(hold: HoldId, at: DateTime<Utc>) -> Operation {
    Operation {
        id: OperationId(uuid::Uuid::now_v7()),
        hold,
        kind: OperationKind::Capture,
        amount: 100,
        service: 0,
        tip: 0,
        baseline: Baseline::default(),
        requested_by: Actor::staff("Sam"),
        cause: holdfast_domain::Cause::Person,
        reason: None,
        at,
        state: OperationState::Intended,
        dojo_id: None,
        detail: None,
        is_late: false,
        settled_at: None,
        seen_at: None,
        sender: None,
        of: None,
        then_ask: 0,
    }
}

/// A hold has no more in its life, and what it has is read with each answer.
pub(crate) const OPERATIONS_ON_A_HOLD: usize = 10;

impl<'a> Commits<'a> {
    /// On a hold of its own.
    ///
    /// # Errors
    /// The ledger's.
    pub(crate) async fn on(ledger: &'a dyn Ledger) -> Result<Self> {
        Self::numbered(ledger, A_MILLION + TABS.fetch_add(1, Ordering::Relaxed)).await
    }

    /// The same on a tab of that number: no other one of the ledger may have it.
    ///
    /// # Errors
    /// The ledger's.
    pub(crate) async fn numbered(ledger: &'a dyn Ledger, number: u32) -> Result<Self> {
        House {
            open: 1,
            closed: 0,
            after: number,
        }
        .fill(ledger, SystemClock.now())
        .await?;
        let reference = format!("HF-{number:06}");
        let open = ledger.open_accounts(MOST_OPEN).await?;
        let account = open.iter().find(|account| account.tab.reference == reference);
        let account = account.context("no tab")?;
        let (hold, _) = account.holds.first().context("no hold")?;
        Ok(Self::at(ledger, (account.tab.id, hold.id)))
    }

    /// On a hold that is there.
    pub(crate) const fn at(ledger: &'a dyn Ledger, (tab, hold): (TabId, HoldId)) -> Self {
        Self { ledger, tab, hold }
    }

    /// On another hold of the same tab, for the next [`OPERATIONS_ON_A_HOLD`].
    ///
    /// # Errors
    /// The ledger's.
    pub(crate) async fn on_next_hold(&self) -> Result<Self> {
        let (at, id) = (SystemClock.now(), HoldId(uuid::Uuid::now_v7()));
        let hold = Hold {
            id,
            reference: format!("HF-{id}"),
            intent_id: None,
            version: 0,
            ..self.ledger.hold(self.hold).await?
        };
        let create = Operation {
            kind: OperationKind::Create,
            amount: hold.asked,
            state: OperationState::Succeeded,
            settled_at: Some(at),
            ..operation(id, at)
        };
        let note = self.note(Event::Decided(self.deed(&create)), at);
        self.ledger.add_hold(&hold, &create, None, note).await?;
        Ok(Self::at(self.ledger, (self.tab, id)))
    }

    /// The tab and the hold.
    pub(crate) const fn place(&self) -> (TabId, HoldId) {
        (self.tab, self.hold)
    }

    fn note(&self, event: Event, at: DateTime<Utc>) -> Note {
        Note {
            at,
            by: Actor::staff("Sam"),
            tab: Some(self.tab),
            event,
            personal: Personal::default(),
            reference: None,
            raises: None,
        }
    }

    fn deed(&self, operation: &Operation) -> Deed {
        Deed {
            kind: operation.kind,
            amount: operation.amount,
            tip: operation.tip,
            of: None,
            cause: operation.cause,
        }
    }

    /// The two commits of an operation, that it is decided and what its answer proves.
    ///
    /// # Errors
    /// The ledger's.
    pub(crate) async fn both(&self) -> Result<[Duration; 2]> {
        let at = SystemClock.now();
        let operation = operation(self.hold, at);
        let expect = Expect {
            hold: self.ledger.hold(self.hold).await?.version,
            tab: None,
        };
        let begun = Instant::now();
        self.ledger
            .intend(
                &operation,
                expect,
                self.note(Event::Decided(self.deed(&operation)), at),
            )
            .await?;
        let intended = begun.elapsed();
        let progress = Progress {
            id: operation.id,
            state: OperationState::Rejected,
            dojo_id: None,
            detail: Some(Detail::Dojo("refused".to_owned())),
            is_late: false,
            settled_at: Some(at),
        };
        let moved = Event::Moved {
            deed: self.deed(&operation),
            state: progress.state,
            detail: progress.detail.clone(),
            is_late: false,
        };
        let begun = Instant::now();
        self.ledger
            .record(
                self.hold,
                Learnt::default(),
                Some(progress),
                vec![self.note(moved, at)],
            )
            .await?;
        Ok([intended, begun.elapsed()])
    }
}

/// B2, and what a commit took, for B1.
///
/// # Errors
/// When something does not work.
pub(crate) async fn rows(bench: &Bench) -> Result<(Vec<Row>, Spread)> {
    let folder = bench.houses.scratch()?;
    let ledger = SqliteLedger::open(folder.path())?;
    let (mut commits, mut disk) = (Commits::on(&ledger).await?, Disk::at(folder.path())?);
    let mut pair = Pair::default();
    for round in 0..bench.times(500, 100) {
        if round % OPERATIONS_ON_A_HOLD == 0 {
            commits = Commits::on(&ledger).await?;
        }
        for commit in commits.both().await? {
            pair.ours.add(commit);
            pair.baseline.add(disk.sync()?);
        }
    }
    let commit = Row::of(
        "B2",
        "durable commit of an operation",
        "4 KiB pwrite + fdatasync",
        &pair,
    )?
    .ratio(Some(3.0))
    .p99_ratio(None);
    let mut rows = vec![commit];
    rows.extend(syncs::row(bench).await?);
    Ok((rows, pair.ours.spread()?))
}
