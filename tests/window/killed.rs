//! `kill -9` in the middle of an evening's takes, and what the window says afterwards.

use crate::desktop::Desktop;
use crate::id;
use crate::sandbox::{desk, dojo, till};
use anyhow::{Context, Result, bail, ensure};
use holdfast_desk::OpenTab;
use holdfast_domain::{Currency, Kind};
use holdfast_simulator::Running;
use holdfast_tests::{GOOD, KEY};
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// So many guests, of whom the one in the middle is being taken from when the program dies.
pub(crate) const GUESTS: usize = 40;
const KILLED: usize = 21;

/// Opens a tab for each of so many guests, paid, with `bill` on it if there is one, on the sandbox ledger of `data`;
/// their references.
pub(crate) async fn evening(
    data: &Path,
    dojo: &Running,
    guests: usize,
    bill: impl Fn(usize) -> Option<&'static str>,
) -> Result<Vec<String>> {
    let (desk, _) = desk(data, dojo)?;
    let mut references = Vec::new();
    for number in 1..=guests {
        let name = format!("Guest {number:02}");
        let tab = desk
            .open_tab(OpenTab::of(Kind::Tab, &name, "50", Currency::Gbp))
            .await?;
        let view = desk.tab(tab).await?;
        let intent = view.holds.first().and_then(|hold| hold.intent_id.as_deref());
        dojo.pay(intent.context("no intent")?, GOOD)?;
        if let Some(bill) = bill(number) {
            desk.add_line(tab, None, 1, bill).await?;
        }
        references.push(view.row.reference);
    }
    desk.sweep().await?;
    Ok(references)
}

fn take(data: &Path, address: &str, reference: &str) -> Result<Command> {
    let app = std::env::var("HOLDFAST_APP").context("HOLDFAST_APP names no program")?;
    let mut command = Command::new(Path::new(&app).with_file_name("holdfast-cli"));
    command
        .args(["take", reference, "--bill", "10"])
        .env("HOLDFAST_DATA_DIR", data)
        .env("HOLDFAST_DOJO_URL", address)
        .env("HOLDFAST_KEY", KEY)
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    Ok(command)
}

/// Takes, and ends well. A window that was just closed takes its last backup before it lets go.
fn taken_from(data: &Path, address: &str, reference: &str) -> Result<()> {
    for _ in 0..100 {
        let ended = take(data, address, reference)?.output()?;
        let told = String::from_utf8_lossy(&ended.stderr);
        if ended.status.success() {
            return Ok(());
        }
        ensure!(
            told.contains("another Holdfast is using this data folder"),
            "{told}"
        );
        std::thread::sleep(Duration::from_millis(100));
    }
    bail!("the window did not release the data folder")
}

/// What Dojo took, in minor units, one number a hold; and how many requests to take it received.
pub(crate) async fn taken(address: &str) -> Result<(Vec<i64>, usize)> {
    let truth: Value = reqwest::get(format!("{address}/_simulator/truth"))
        .await?
        .json()
        .await?;
    let list = |name: &str| truth[name].as_array().cloned().unwrap_or_default();
    let sums = list("intents")
        .iter()
        .filter_map(|i| i["captured"].as_i64())
        .collect();
    let is_take = |r: &&Value| r["path"].as_str().is_some_and(|path| path.ends_with("/captures"));
    Ok((sums, list("requests").iter().filter(is_take).count()))
}

/// Takes from one guest after another, and is killed when Dojo has done the work for the one in the
/// middle and its answer is still on the way.
async fn killed_in_the_middle(data: &Path, address: &str, references: &[String]) -> Result<()> {
    for reference in &references[..KILLED - 1] {
        taken_from(data, address, reference)?;
    }
    let slow = json!({"operation": "captures", "fault": "slow-drip", "times": 1, "delay": 500});
    reqwest::Client::new()
        .post(format!("{address}/_simulator/faults"))
        .json(&slow)
        .send()
        .await?
        .error_for_status()?;
    let mut child = take(data, address, &references[KILLED - 1])?.spawn()?;
    while taken(address).await?.1 < KILLED {
        ensure!(child.try_wait()?.is_none(), "it ended before it could be killed");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    child.kill()?;
    ensure!(child.wait()?.code().is_none(), "it was not killed");
    Ok(())
}

// Two threads: Dojo answers on the one while a take is waited for on the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_while_forty_tabs_are_taken_the_window_says_what_was_finished() -> Result<()> {
    let desktop = Desktop::start().await?;
    let dojo = dojo(0).await?;
    let address = dojo.base_url();
    let mut references = Vec::new();
    let mut window = till(&desktop, &dojo, async |data| {
        references = evening(data, &dojo, GUESTS, |_| Some("10")).await?;
        killed_in_the_middle(data, &address, &references).await
    })
    .await?;
    // It says what was finished, settles the unclear one,
    window
        .reads(
            "[data-testid='banner'][data-code='interrupted']",
            "Guest 21: “Take £10.00” was cut off when Holdfast stopped. Dojo’s record shows that it was done.",
        )
        .await?;
    window.gone(&id("toast")).await?;
    window.shot("killed").await?;
    for (guest, state) in [
        ("Guest 20", "Paid £10.00"),
        ("Guest 21", "Paid £10.00"),
        ("Guest 22", "On hold"),
    ] {
        window.fill(&id("search"), guest).await?;
        window
            .reads(&format!("[data-name='{guest}'] .state"), state)
            .await?;
    }
    // and the rest can go on, here
    window.press("[data-name='Guest 22']").await?;
    window.press(&id("take")).await?;
    window
        .see(&format!("{}, {}", id("take-sentence"), id("take-why")))
        .await?;
    window.fill(&id("field-bill"), "10.00").await?;
    window.reads(&id("take-confirm"), "Take £10.00").await?;
    window.see(&format!("{}:enabled", id("take-confirm"))).await?;
    window.press(&id("take-confirm")).await?;
    window.reads("[data-name='Guest 22']", "Paid £10.00").await?;
    window.close().await?;
    // and there.
    for reference in &references[KILLED + 1..] {
        taken_from(&window.data, &address, reference)?;
    }
    let (sums, requests) = taken(&address).await?;
    ensure!(
        sums == vec![1_000; GUESTS],
        "each guest was taken from once: {sums:?}"
    );
    ensure!(requests == GUESTS, "{requests} requests for {GUESTS} decisions");
    Ok(())
}
