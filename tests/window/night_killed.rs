//! Forty tabs in one run, over a slow line, with three faults in it, and `kill -9` in the middle.

use crate::desktop::Desktop;
use crate::id;
use crate::killed::{GUESTS, evening, taken};
use crate::sandbox::{dojo, till};
use anyhow::{Context, Result, ensure};
use serde_json::json;
use std::path::Path;
use std::time::Duration;

/// The run takes so many at the same time.
const AT_ONCE: usize = 4;

/// A decline that comes later, a gateway’s time-out and a 500 after the work; and every
/// other answer takes some 200 ms.
async fn trouble(address: &str) -> Result<()> {
    let order = async |fault: &str, times: usize, delay: Option<i64>| {
        let mut body = json!({"operation": "captures", "fault": fault, "times": times});
        if let Some(delay) = delay {
            body["delay"] = delay.into();
        }
        let url = format!("{address}/_simulator/faults");
        let sent = reqwest::Client::new().post(url).json(&body).send().await?;
        sent.error_for_status()?;
        anyhow::Ok(())
    };
    order("capture-declined-later", 1, None).await?;
    order("504-after", 1, None).await?;
    order("500-after", 1, None).await?;
    order("slow-drip", GUESTS - 3, Some(1)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_in_the_middle_of_forty_the_night_goes_on_and_takes_none_twice() -> Result<()> {
    let desktop = Desktop::start().await?;
    let dojo = dojo(0).await?;
    let address = dojo.base_url();
    let prepare = async |data: &Path| evening(data, &dojo, GUESTS, |_| Some("12.34")).await.map(drop);
    let mut window = till(&desktop, &dojo, prepare).await?;
    trouble(&address).await?;
    window.press(&id("screen-night")).await?;
    window
        .reads(&id("night-sentence"), "Take £493.60 from 40 tabs.")
        .await?;
    window.press(&id("night-close")).await?;
    window.press(&id("night-confirm")).await?;
    window.see(&id("run-row")).await?;
    while taken(&address).await?.1 < GUESTS / 3 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    window.kill().await?;
    let before = taken(&address).await?.1;
    ensure!(before < GUESTS, "it was not killed in the middle");

    window.start().await?;
    window.press(&id("screen-night")).await?;
    window.reads(&id("run-words"), "was interrupted").await?;
    window.shot("night-killed").await?;
    window.press(&id("night-go-on")).await?;
    // The declined one stays, by name; whatever was settled meanwhile is done.
    window
        .reads(&id("report-last"), "Show and print report 1")
        .await?;
    window.shot("night-after").await?;
    let (sums, requests) = taken(&address).await?;
    // What was decided and had not left when it was killed is not sent again: a person is asked, as for the
    // declined one.
    let unsent = GUESTS
        .checked_sub(requests)
        .with_context(|| format!("{requests} requests for {GUESTS} decisions"))?;
    ensure!(
        unsent <= AT_ONCE,
        "{unsent} were not sent, and so many were not under way"
    );
    let done = GUESTS - 1 - unsent;
    let mut expected = vec![0; GUESTS - done];
    expected.resize(GUESTS, 1_234);
    let mut sorted = sums;
    sorted.sort_unstable();
    ensure!(
        sorted == expected,
        "each was taken once, but for the declined one and {unsent} not sent: {sorted:?}"
    );
    window.press(&id("report-last")).await?;
    let pence = done * 1_234;
    let takings = format!("Net takings\n£{}.{:02}", pence / 100, pence % 100);
    window.reads(&id("paper"), &takings).await?;
    window.reads(&id("report-leftovers"), "Guest").await
}
