//! A till that the others go on without, for its cable is pulled; and all of them without the server, which is killed
//! in the middle of a take.

use crate::desktop::Desktop;
use crate::frozen::{Till, books, row, state};
use crate::id;
use crate::sandbox::dojo;
use crate::two_tills::{Cluster, held};
use crate::wires::Side;
use anyhow::{Result, ensure};
use std::time::Duration;

/// The watch reads a hold that nobody is at three times a minute.
const READ_WITHIN: Duration = Duration::from_secs(60);

const AWAY: &str = "[data-testid='banner'][data-code='ledger']";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_till_whose_cable_is_pulled_sends_nothing_and_shows_what_the_others_did_when_it_is_back()
-> Result<()> {
    let (desktop, dojo, cluster) = (Desktop::start().await?, dojo(0).await?, Cluster::start().await?);
    let terrace = Till::open(&desktop, &dojo, &cluster, ["Sam", "Terrace"]).await?;
    let bar = Till::open(&desktop, &dojo, &cluster, ["Kim", "Bar"]).await?;
    for guest in ["Niamh", "Otto"] {
        held(&terrace.window, &dojo, guest).await?;
    }
    bar.window.reads(&row("Otto"), "£40.00").await?;
    bar.is_about_to_take("Niamh", "£40.00").await?;
    // Neither the ledger nor Dojo says anything more, and no connection ends.
    bar.wires.pull(true);
    bar.window.press(&id("take-confirm")).await?;
    bar.window
        .reads(AWAY, "The shared ledger can’t be reached since")
        .await?;
    bar.window.reads(&id("sheet-error"), "nothing was sent").await?;
    terrace.takes("Niamh", "£40.00").await?;
    terrace.window.press(&row("Otto")).await?;
    terrace.window.reads(&id("panel"), "Otto").await?;
    terrace.window.fill(&id("line-amount"), "2").await?;
    terrace.window.press(&id("line-add")).await?;
    terrace.window.reads(&row("Otto"), "£42.00").await?;
    ensure!(bar.window.text(&row("Otto")).await?.contains("£40.00"));
    bar.wires.pull(false);
    bar.window.gone(AWAY).await?;
    bar.is_told("£40.00", "Sam").await?;
    bar.window.reads(&state("Niamh"), "Paid £40.00").await?;
    bar.window.reads(&row("Otto"), "£42.00").await?;
    bar.window.reads(&row("Otto"), "changed at Terrace").await?;
    // It works again.
    bar.takes("Otto", "£42.00").await?;
    terrace.window.reads(&state("Otto"), "Paid £42.00").await?;
    let books = books(&dojo)?;
    ensure!(books == [(4_000, 1), (4_200, 1)], "{books:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_in_the_middle_of_a_take_has_it_once_when_it_is_back() -> Result<()> {
    let (desktop, dojo, cluster) = (Desktop::start().await?, dojo(0).await?, Cluster::start().await?);
    let terrace = Till::open(&desktop, &dojo, &cluster, ["Sam", "Terrace"]).await?;
    let bar = Till::open(&desktop, &dojo, &cluster, ["Kim", "Bar"]).await?;
    for guest in ["Niamh", "Otto"] {
        held(&terrace.window, &dojo, guest).await?;
    }
    bar.window.reads(&row("Otto"), "£40.00").await?;

    // The decision is kept, and the till isn't told so: it looks that up, and sends while it may.
    bar.is_about_to_take("Niamh", "£40.00").await?;
    bar.wires.ledger.hold("holdfast_1.intend(", Side::Answer);
    bar.window.press(&id("take-confirm")).await?;
    bar.wires.ledger.holds().await?;
    cluster.obey("crash")?;
    cluster.obey("start")?;
    for till in [&bar, &terrace] {
        till.window.gone(AWAY).await?;
    }
    bar.wires.ledger.lose();
    for till in [&bar, &terrace] {
        till.window.reads(&state("Niamh"), "Paid £40.00").await?;
    }
    bar.window.gone("dialog").await?;

    // Dojo has taken it, and there is no ledger to write that down.
    bar.is_about_to_take("Otto", "£40.00").await?;
    bar.wires.dojo.hold("/captures", Side::Answer);
    bar.window.press(&id("take-confirm")).await?;
    bar.wires.dojo.holds().await?;
    cluster.obey("crash")?;
    for till in [&bar, &terrace] {
        till.window
            .reads(AWAY, "The shared ledger can’t be reached since")
            .await?;
    }
    bar.wires.dojo.release();
    bar.window.reads(&id("sheet-error"), "may have left").await?;
    bar.window.shot("killed-server").await?;
    cluster.obey("start")?;
    for till in [&bar, &terrace] {
        till.window.gone(AWAY).await?;
    }
    // By Dojo's record, which the watch reads.
    terrace.comes_to_say("Otto", "Paid £40.00", READ_WITHIN).await?;
    bar.window.reads(&state("Otto"), "Paid £40.00").await?;
    bar.is_told("£40.00", "Kim").await?;
    let books = books(&dojo)?;
    ensure!(books == [(4_000, 1), (4_000, 1)], "{books:?}");
    Ok(())
}
