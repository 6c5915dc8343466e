//! N10: what a till of a shared ledger has in memory, against one that has its ledger alone.

use crate::Bench;
use crate::shared::server::Shared;
use crate::shared::till::Process;
use crate::table::Row;
use crate::venue;
use anyhow::Result;
use std::time::Duration;

/// N10. The till is looked at when the work of a start is over.
///
/// # Errors
/// When something does not work.
pub(super) async fn rows(bench: &Bench, server: &str, fresh: &Shared) -> Result<Vec<Row>> {
    let tabs = if bench.is_quick { 1_000 } else { 100_000 };
    let dojo = venue::dojo().await?;
    let settling = bench.settling(tabs);
    let kept = Shared::kept(server, fresh, tabs).await?;
    let folder = bench.houses.scratch()?;
    let till = kept.shared.enrol(kept.venue, "Bar").await?;
    let member = Process::member(&kept.shared, &till, folder.path(), &dojo.base_url()).await?;
    let shared = settled(&member, settling).await?;
    drop(member);
    let house = bench.houses.copy_of(tabs).await?;
    let alone = Process::alone(house.path(), &dojo.base_url()).await?;
    let own = settled(&alone, settling).await?;
    drop(alone);
    dojo.shutdown().await;
    let what = format!("memory of a till’s core on a shared ledger of {tabs} tabs");
    let row = Row::figures("N10", &what, "MB", shared).against("the same with a ledger of its own", own);
    Ok(vec![row.ratio(Some(1.25))])
}

async fn settled(till: &Process, settling: Duration) -> Result<crate::sample::Spread> {
    tokio::time::sleep(settling).await;
    till.memory()
}
