//! N7: searching as somebody types, in a shared ledger of many tabs, against a scan of its rows by the server.

use crate::Bench;
use crate::sample::{Pair, Samples, milliseconds, timed};
use crate::search::typed;
use crate::shared::server::Kept;
use crate::table::Row;
use anyhow::{Result, ensure};
use holdfast_desk::{Clock, SystemClock};
use holdfast_ledger::Ledger;
use holdfast_tests::house::House;
use std::time::Duration;
use tokio_postgres::Client;

/// Open tabs beside those that were put away.
const OPEN: u32 = 200;

/// What the desk asks for and shows: so many of the open, and of the others.
const MOST_OPEN: usize = 30;
const MOST_CLOSED: usize = 12;

/// A scan of a million is long, and its length is not what is asked.
const SCANS: usize = 5;

/// How long it takes until there are hits with all that is on them, and how many there are: open and closed.
async fn search(ledger: &dyn Ledger, words: &str) -> Result<(Duration, usize, usize)> {
    let (took, (open, closed)) = timed(async {
        let mut found = ledger.search(words, MOST_OPEN).await?;
        found.closed.truncate(MOST_CLOSED);
        let count = (found.open.len(), found.closed.len());
        let hits = ledger.accounts([found.open, found.closed].concat()).await?;
        ensure!(
            hits.len() == count.0 + count.1,
            "a tab that was found isn't there"
        );
        Ok(count)
    })
    .await?;
    Ok((took, open, closed))
}

async fn scan(owner: &Client, venue: i32, words: &str) -> Result<Duration> {
    let sql = "SELECT count(*) FROM holdfast.tab WHERE venue = $1 AND position($2 IN personal) > 0";
    let counted = async { Ok(owner.query_one(sql, &[&venue, &words.as_bytes()]).await?) };
    Ok(timed(counted).await?.0)
}

/// References of open tabs, which nothing else has: those that earlier runs opened, if there are enough.
async fn open_tabs(ledger: &dyn Ledger, kept: &Kept) -> Result<Vec<String>> {
    let most = i64::from(OPEN);
    if ledger.tabs(true, most).await?.len() < usize::try_from(OPEN)? {
        let house = House {
            open: OPEN,
            closed: 0,
            after: kept.shared.next_number(kept.venue).await?,
        };
        house.fill(ledger, SystemClock.now()).await?;
    }
    let tabs = ledger.tabs(true, most).await?.into_iter();
    Ok(tabs.map(|tab| tab.reference.to_lowercase()).collect())
}

/// N7.
///
/// # Errors
/// When something does not work.
pub(super) async fn rows(bench: &Bench, kept: &Kept) -> Result<Vec<Row>> {
    let tabs = kept.tabs;
    let till = kept.shared.till(kept.venue, "Bar").await?;
    let ledger: &dyn Ledger = &till;
    let references = open_tabs(ledger, kept).await?;
    let (ready, _) = timed(async { Ok(ledger.search("", MOST_OPEN).await?) }).await?;
    let owner = kept.shared.client().await?;
    let (mut pair, mut of_open, mut found) = (Pair::default(), Samples::default(), 0);
    let words = typed();
    let words_a_scan = words.len().div_ceil(SCANS).max(1);
    for round in 0..bench.times(3, 1) {
        for (number, words) in words.iter().enumerate() {
            let (took, _, closed) = search(ledger, words).await?;
            pair.ours.add(took);
            found += closed;
            if round == 0 && number % words_a_scan == 0 {
                pair.baseline.add(scan(&owner, kept.venue, words).await?);
            }
        }
        for reference in &references {
            let (took, open, _) = search(ledger, reference).await?;
            ensure!(open > 0, "{reference} wasn't found");
            of_open.add(took);
        }
    }
    ensure!(found > 0, "nothing was found");
    let what = format!("search as you type, {tabs} tabs of a shared ledger, and the hits read");
    let row = Row::of("N7", &what, "a LIKE scan by the server", &pair)?
        .p99(50.0)
        .ratio(None)
        .judge(
            "getting ready after the ledger opened",
            milliseconds(ready),
            " ms",
            None,
        );
    let what = format!("an open tab by its reference, {tabs} tabs of a shared ledger, and the hit read");
    let open = Row::figures("N7", &what, "ms", of_open.spread()?).p99(5.0);
    Ok(vec![row, open])
}
