//! B9: a backup while captures go on, against a copy of the same bytes. B10: the journal's chain.

use crate::Bench;
use crate::disk::Commits;
use crate::sample::{Pair, Samples, timed};
use crate::table::Row;
use anyhow::{Context, Result};
use holdfast_desk::{Clock, SystemClock};
use holdfast_ledger::prelude::*;
use holdfast_ledger_sqlite::SqliteLedger;
use rusqlite::{Connection, OpenFlags};
use sha2::{Digest, Sha256};
use std::cell::Cell;
use std::fs::File;
use std::path::Path;
use std::time::{Duration, Instant};

/// Between two operations while a backup is taken.
const OPERATION_PAUSE: Duration = Duration::from_millis(20);

/// Each entry is hashed with the seal of the one before it, in hexadecimal, and a line's end.
const SEAL_BEFORE: i64 = 65;

fn copied(from: &Path, to: &Path) -> Result<Duration> {
    let begun = Instant::now();
    std::fs::copy(from, to)?;
    File::open(to)?.sync_all()?;
    Ok(begun.elapsed())
}

/// Operations at a steady pace for as long as `work` takes; none is left half done.
async fn commits_during<T>(
    commits: &Commits<'_>,
    samples: &mut Samples,
    work: impl Future<Output = Result<T>>,
) -> Result<T> {
    let is_over = Cell::new(false);
    let working = async {
        let done = work.await;
        is_over.set(true);
        done
    };
    let operating = async {
        while !is_over.get() {
            tokio::time::sleep(OPERATION_PAUSE).await;
            commits
                .both()
                .await?
                .into_iter()
                .for_each(|commit| samples.add(commit));
        }
        anyhow::Ok(())
    };
    let (done, operated) = tokio::join!(working, operating);
    operated?;
    done
}

/// B9.
///
/// # Errors
/// When something does not work.
pub(crate) async fn rows(bench: &Bench) -> Result<Vec<Row>> {
    let folder = bench.houses.copy_of(bench.tabs()).await?;
    let sound = bench.houses.of(bench.tabs()).await?;
    let ledger = SqliteLedger::open(folder.path())?;
    let commits = Commits::on(&ledger).await?;
    let (mut whole, mut waits) = (Pair::default(), Pair::default());
    let mut check = Samples::default();
    for _ in 0..bench.times(5, 2) {
        let quiet = tokio::time::sleep(Duration::from_secs(2));
        commits_during(&commits, &mut waits.baseline, async {
            quiet.await;
            Ok(())
        })
        .await?;
        let from = folder.path().join("ledger.db");
        whole.baseline.add(copied(&from, &folder.path().join("copied"))?);
        let backup = async { Ok(ledger.back_up(SystemClock.now(), None).await?) };
        let (took, _) = commits_during(&commits, &mut waits.ours, timed(backup)).await?;
        whole.ours.add(took);
        // Opening a ledger checks what is checked of a backup.
        check.add(timed(async { Ok(SqliteLedger::open(&sound)?) }).await?.0);
    }
    let what = format!("backup of {} tabs while captures go on, checked", bench.tabs());
    let copy = whole.ours.spread()?.median - check.spread()?.median;
    let bare = whole.baseline.spread()?.median;
    Ok(vec![
        Row::of("B9", &what, "cp + fsync of the same bytes", &whole)?
            .ratio(Some(2.0))
            .judge("ratio without the check", copy / bare, "", None)
            .judge("the check alone", check.spread()?.median, " ms", None),
        Row::of("B9", "a commit meanwhile", "a commit at other times", &waits)?
            .ratio(None)
            .p99_ratio(Some(2.0)),
    ])
}

/// B10, for the ledger in `folder`.
///
/// # Errors
/// When something does not work.
pub(crate) async fn chain(bench: &Bench, folder: &Path) -> Result<Row> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let c = Connection::open_with_flags(folder.join("ledger.db"), flags)?;
    let sql = "SELECT count(*), sum(octet_length(body)) FROM journal";
    let (entries, bytes): (i64, i64) = c.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    drop(c);
    let hashed = bytes + entries * SEAL_BEFORE;
    let bytes = vec![b'7'; usize::try_from(hashed).context("no bytes")?];
    let ledger = SqliteLedger::open(folder)?;
    let mut pair = Pair::default();
    for _ in 0..bench.times(9, 3) {
        pair.ours
            .add(timed(async { Ok(ledger.verify_journal().await?) }).await?.0);
        let begun = Instant::now();
        std::hint::black_box(Sha256::digest(&bytes));
        pair.baseline.add(begun.elapsed());
    }
    let what = format!("checking a journal of {entries} entries");
    Row::of("B10", &what, "SHA-256 of the same bytes", &pair)
}
