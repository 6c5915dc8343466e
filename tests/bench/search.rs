//! B5: searching as somebody types, against a scan of the rows by SQLite.

use crate::Bench;
use crate::sample::{Pair, timed};
use crate::table::Row;
use crate::venue;
use anyhow::{Result, ensure};
use holdfast_tests::house::guest;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::time::{Duration, Instant};

/// Nobody answers here: searching asks the ledger alone.
pub(crate) const NOWHERE: &str = "http://127.0.0.1:1";

/// Beginnings of two to eight letters, as they are typed: of guests that are there, and of none.
pub(crate) fn typed() -> Vec<String> {
    let mut all = Vec::new();
    for number in 0..24 {
        let name = guest(number * 37);
        let word = name.rsplit(' ').next().unwrap_or_default().to_lowercase();
        for letters in [2, 3, 4, 5, 6, 8] {
            all.push(word.chars().take(letters).collect::<String>());
        }
    }
    for none in [
        "zq", "xqz", "qqzx", "zzqxv", "wxyzqk", "qzxvkjwp", "0000", "99999.99",
    ] {
        all.push(none.to_owned());
    }
    all.retain(|typed| typed.chars().count() >= 2);
    all.sort_unstable();
    all.dedup();
    all
}

fn scan(c: &Connection, words: &str) -> Result<Duration> {
    let begun = Instant::now();
    let mut query =
        c.prepare_cached("SELECT count(*) FROM tab WHERE instr(personal, CAST(?1 AS BLOB)) > 0")?;
    let _hits: i64 = query.query_row([words], |row| row.get(0))?;
    Ok(begun.elapsed())
}

/// The row for so many tabs.
///
/// # Errors
/// When something does not work.
pub(crate) async fn row(bench: &Bench, folder: &Path, tabs: u32) -> Result<Row> {
    let (desk, _ledger) = venue::desk(folder, NOWHERE)?;
    let (ready, _) = timed(async { Ok(desk.search("a guest").await?) }).await?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let c = Connection::open_with_flags(folder.join("ledger.db"), flags)?;
    let (mut pair, mut found) = (Pair::default(), 0);
    let words = typed();
    // A scan of a million is long, and its length is not what is asked.
    let scans = if tabs > 100_000 { 8 } else { words.len() };
    for round in 0..bench.times(4, 2) {
        for (number, words) in words.iter().enumerate() {
            let (took, hits) = timed(async { Ok(desk.search(words).await?) }).await?;
            pair.ours.add(took);
            found += hits.closed.len();
            if round == 0 && number < scans {
                pair.baseline.add(scan(&c, words)?);
            }
        }
    }
    ensure!(found > 0, "nothing was found");
    let (most, ratio) = match tabs {
        tabs if tabs == bench.tabs() => (Some(5.0), Some(0.2)),
        1_000_000 => (Some(15.0), None),
        _ => (None, None),
    };
    let row = Row::of(
        "B5",
        &format!("search as you type, {tabs} tabs"),
        "a LIKE scan",
        &pair,
    )?;
    let row = match most {
        Some(most) => row.p99(most),
        None => row,
    };
    Ok(row.at(tabs).ratio(ratio).judge(
        "the first search after the ledger opened",
        crate::sample::milliseconds(ready),
        " ms",
        None,
    ))
}
