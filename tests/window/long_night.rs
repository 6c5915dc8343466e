//! A night of three hundred tabs: by keyboard alone, and with a finger alone.

use crate::browser::Window;
use crate::desktop::Desktop;
use crate::hands::{Finger, Keyboard, key};
use crate::id;
use crate::killed::{evening, taken};
use crate::sandbox::{dojo, till};
use anyhow::{Result, ensure};
use holdfast_simulator::Running;
use std::path::Path;
use std::time::{Duration, Instant};

const CTRL: &str = "\u{e009}";

const GUESTS: usize = 300;

/// One in a hundred drank more than is on hold.
fn bill(number: usize) -> Option<&'static str> {
    Some(if number.is_multiple_of(100) { "62" } else { "12.34" })
}

/// Those, for a person to tick.
const OVER: [usize; 3] = [100, 200, 300];

fn tick(guest: usize) -> String {
    format!("[data-name='Guest {guest}'] [data-testid='night-tick']")
}

/// With Guest 217 left open and the bill of Guest 200 as agreed: 296 × 12.34, twice 62 and once 40.
const BILLS: &str = "£3,816.64";

/// 12.5 % of each: 296 × 1.54, twice 7.75 and once 5.00.
const SERVICE: &str = "£476.34";

/// What two holds have no room for.
const BEYOND: &str = "£39.50";

const TAKEN: &str = "£4,253.48";
const TAKEN_MINOR: i64 = 425_348;

/// Waits for the run's end, as long as it goes on: each time a tab is done, patience begins anew.
async fn run_ends(window: &Window) -> Result<()> {
    let begun = Instant::now();
    let (mut before, mut moved) = (String::new(), Instant::now());
    loop {
        let now = window.text(&id("run-words")).await?;
        if now.contains("The night is closed") {
            println!("299 tabs in {} s", begun.elapsed().as_secs());
            return Ok(());
        }
        if now != before {
            (before, moved) = (now.clone(), Instant::now());
        }
        ensure!(
            moved.elapsed() < Duration::from_secs(15),
            "the run stands at: {now}"
        );
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Each was taken once, and the one who stays not at all.
async fn came_out_right(window: &Window, dojo: &Running) -> Result<()> {
    window
        .reads(&id("run-words"), "The night is closed: 299 of 299 done")
        .await?;
    window.reads(&id("run-taken"), TAKEN).await?;
    let (sums, requests) = taken(&dojo.base_url()).await?;
    ensure!(requests == 299, "{requests} requests");
    ensure!(sums.iter().sum::<i64>() == TAKEN_MINOR, "{sums:?}");
    ensure!(sums.iter().filter(|sum| **sum == 0).count() == 1, "{sums:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_night_of_three_hundred_by_keyboard_alone() -> Result<()> {
    let (desktop, dojo) = (Desktop::start().await?, dojo(0).await?);
    let prepare = async |data: &Path| evening(data, &dojo, GUESTS, bill).await.map(drop);
    let window = till(&desktop, &dojo, prepare).await?;
    let keys = Keyboard(&window);
    keys.press(key::F8).await?;
    // Three are over their holds: nobody ticks them but a person.
    window
        .reads(&id("night-sentence"), "from 297 tabs, leave 3 tabs open")
        .await?;
    window.shot("night-300").await?;
    // One guest stays: found by what is typed, and left with one key.
    keys.press("/").await?;
    window.has_focus(&id("search")).await?;
    keys.press("Guest 217").await?;
    window.reads(".night .heading", "Your search shows 1").await?;
    keys.press(key::ENTER).await?;
    window
        .has_focus("[data-name='Guest 217'] [data-testid='night-tick']")
        .await?;
    window.shot("night-300-search").await?;
    keys.press(key::SPACE).await?;
    window.reads(&id("night-sentence"), "leave 4 tabs open").await?;
    keys.press(key::ESCAPE).await?;
    window.reads(&id("night-sentence"), "from 296 tabs").await?;
    // What a manager should look at: three over their holds. Two are taken as far as they go; one agreed to pay less.
    window.chord(CTRL, "o").await?;
    window.gone("[data-name='Guest 70']").await?;
    window.shot("night-300-flagged").await?;
    for guest in OVER {
        keys.on(&tick(guest), key::SPACE).await?;
    }
    window.reads(&id("night-sentence"), "leave 1 tab open").await?;
    keys.on("[data-name='Guest 200'] [data-testid='night-bill']", "45")
        .await?;
    window.chord(CTRL, "o").await?;
    window.see("[data-name='Guest 70']").await?;
    window.chord(CTRL, "s").await?;
    // Service no longer fits that hold. F4 leads there, wherever it stands.
    window
        .reads(&id("night-sentence"), "Fix the rows in red first")
        .await?;
    keys.press(key::F4).await?;
    window
        .has_focus("[data-name='Guest 200'] [data-testid='night-bill']")
        .await?;
    window.shot("night-300-red").await?;
    keys.press("40").await?;
    window.reads(&id("night-foot"), BILLS).await?;
    window.reads(&id("night-foot"), SERVICE).await?;
    window.reads(&id("night-foot"), BEYOND).await?;
    window.reads(&id("night-foot"), TAKEN).await?;
    keys.press(key::F4).await?;
    window.reads("dialog", TAKEN).await?;
    window.reads(&id("night-deeds"), "3 bills short").await?;
    window.reads(&id("night-deeds"), "£46.00").await?;
    window.shot("night-300-confirm").await?;
    keys.on(&id("night-confirm"), key::ENTER).await?;
    window.see(&id("run-row")).await?;
    window.shot("night-300-run").await?;
    run_ends(&window).await?;
    came_out_right(&window, &dojo).await?;
    keys.on(&id("run-all"), key::ENTER).await?;
    window.reads(&id("run-foot"), TAKEN).await?;
    window.reads(&id("run-taken"), "3 bills short, £46.00").await?;
    window.shot("night-300-done").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_night_of_three_hundred_with_a_finger() -> Result<()> {
    let (desktop, dojo) = (Desktop::start().await?, dojo(0).await?);
    let prepare = async |data: &Path| evening(data, &dojo, GUESTS, bill).await.map(drop);
    let window = till(&desktop, &dojo, prepare).await?;
    let finger = Finger(&window);
    finger.tap(&id("screen-night")).await?;
    window.reads(&id("night-sentence"), "from 297 tabs").await?;
    finger.fill(&id("search"), "Guest 217").await?;
    window.reads(".night .heading", "Your search shows 1").await?;
    finger
        .tap("[data-name='Guest 217'] label:has([data-testid='night-tick'])")
        .await?;
    window.reads(&id("night-sentence"), "leave 4 tabs open").await?;
    finger.tap(&id("search-clear")).await?;
    window.see("[data-name='Guest 70']").await?;
    finger.tap(&id("only-flagged")).await?;
    for guest in OVER {
        let row = format!("[data-name='Guest {guest}']");
        finger
            .tap(&format!("{row} label:has([data-testid='night-tick'])"))
            .await?;
    }
    finger
        .fill("[data-name='Guest 200'] [data-testid='night-bill']", "40")
        .await?;
    finger.tap(&id("only-flagged")).await?;
    finger.tap(&id("service-all")).await?;
    window.reads(&id("night-foot"), TAKEN).await?;
    finger.tap(&id("night-close")).await?;
    finger.tap(&id("night-confirm")).await?;
    run_ends(&window).await?;
    came_out_right(&window, &dojo).await
}
