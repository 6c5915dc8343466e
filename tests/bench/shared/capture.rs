//! N2: taking from a tab on a shared ledger, against the bare requests and two bare commits.

use crate::Bench;
use crate::capture::take;
use crate::sample::{Pair, timed};
use crate::shared::server::{BareServer, Shared};
use crate::table::Row;
use crate::venue::{self, Bare};
use anyhow::{Result, ensure};
use holdfast_desk::{Desk, SystemClock};
use holdfast_ledger_postgres::PostgresLedger;
use std::sync::Arc;

/// What a take may cost beyond the requests and commits that it can't do without, where Dojo is some way off.
const MOST: f64 = 1.05;

/// N2.
///
/// # Errors
/// When something does not work.
pub(super) async fn rows(bench: &Bench, shared: &Shared) -> Result<Vec<Row>> {
    let (folder, dojo) = (bench.houses.scratch()?, venue::dojo().await?);
    let enrolled = shared.enrol(shared.venue().await?, "Bar").await?;
    let server = shared.server_of(&enrolled);
    // As the app opens it: the till's own record is synced before a request may leave.
    let ledger = Arc::new(PostgresLedger::open_with_record(server, folder.path()).await?);
    let client = venue::client(&dojo.base_url())?;
    let session = ledger.session();
    let desk = Desk::of_till(ledger.clone(), client, Arc::new(SystemClock), session);
    let desk = Arc::new(desk);
    let (bare, mut bare_server) = (Bare::new(&dojo.base_url())?, BareServer::of(shared).await?);
    let mut rows = Vec::new();
    for (delay, times) in [
        (0, bench.times(200, 20)),
        (50, bench.times(100, 6)),
        (200, bench.times(60, 4)),
    ] {
        dojo.delay(std::time::Duration::ZERO);
        let ready = venue::ready(&desk, &ledger, &dojo, 2 * (times + 1)).await?;
        dojo.delay(std::time::Duration::from_millis(delay));
        let mut pair = Pair::default();
        for (turn, both) in ready.chunks_exact(2).enumerate() {
            let [ours, theirs] = both else {
                return Err(anyhow::anyhow!("no pair"));
            };
            let (recorded, _) = take(&desk, ours).await?;
            let there = async {
                bare.get(&theirs.intent).await?;
                bare_server.commit().await?;
                bare.capture(&theirs.intent).await?;
                bare_server.commit().await
            };
            let (there, _) = timed(there).await?;
            // The first brings connections up.
            if turn > 0 {
                pair.ours.add(recorded);
                pair.baseline.add(there);
            }
        }
        ensure!(!pair.ours.0.is_empty(), "nothing was taken");
        let what = format!("take on a shared ledger, Dojo {delay} ms away, until the answer is recorded");
        let row = Row::of("N2", &what, "GET, INSERT, POST, INSERT", &pair)?;
        rows.push(row.ratio((delay > 0).then_some(MOST)).on_top(None));
    }
    dojo.shutdown().await;
    Ok(rows)
}
