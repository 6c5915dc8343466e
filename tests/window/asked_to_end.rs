//! The system asks the till to end, for an upgrade or a shutdown, in the middle of a night.

use crate::desktop::Desktop;
use crate::id;
use crate::killed::{evening, taken};
use crate::sandbox::{dojo, till};
use anyhow::{Result, ensure};
use serde_json::json;
use std::path::Path;
use std::time::Duration;

const GUESTS: usize = 16;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asked_to_end_the_till_closes_the_night_first_and_goes_then() -> Result<()> {
    let desktop = Desktop::start().await?;
    let dojo = dojo(0).await?;
    let address = dojo.base_url();
    let prepare = async |data: &Path| evening(data, &dojo, GUESTS, |_| Some("12.00")).await.map(drop);
    let mut window = till(&desktop, &dojo, prepare).await?;
    let slow = json!({"operation": "captures", "fault": "slow-drip", "times": GUESTS, "delay": 2});
    let faults = reqwest::Client::new().post(format!("{address}/_simulator/faults"));
    faults.json(&slow).send().await?.error_for_status()?;
    window.press(&id("screen-night")).await?;
    window.press(&id("night-close")).await?;
    window.press(&id("night-confirm")).await?;
    window.see(&id("run-row")).await?;
    while taken(&address).await?.1 < 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    window.end_by_the_system().await?;
    let (sums, requests) = taken(&address).await?;
    ensure!(
        requests == GUESTS,
        "it ended after {requests} of {GUESTS} requests"
    );
    ensure!(
        sums == vec![1_200; GUESTS],
        "each guest was taken from once: {sums:?}"
    );

    // Nothing was cut off, so there is nothing to be told.
    window.start().await?;
    window.see(".figures").await?;
    window
        .gone("[data-testid='banner'][data-code='interrupted']")
        .await?;
    // With nothing under way it goes at once, but for its last backup.
    let took = window.end_by_the_system().await?;
    ensure!(took < Duration::from_secs(10), "it took {took:?} to end");
    Ok(())
}
