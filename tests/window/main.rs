//! What staff see and do, in the real window. `cargo xtask test` builds the app and runs these.
#![expect(
    clippy::too_many_lines,
    reason = "a test is as long as the story that it tells"
)]

mod aloud;
mod asked_to_end;
mod attention;
mod backups;
mod browser;
mod busy_night;
mod channels;
mod consent;
mod crowd;
mod damaged;
mod day;
mod deadlines;
mod deposits;
mod desktop;
mod disks;
mod first_start;
mod floor;
mod forgetting;
mod frozen;
mod going_live;
mod guest;
mod hands;
mod history;
mod hostile;
mod killed;
mod left;
mod levers;
mod long_night;
mod look;
mod looking;
mod moving;
mod night;
mod night_killed;
mod no_tray;
mod offline;
mod opening;
mod outside;
mod paper;
mod presses;
mod program;
mod refunds;
mod renew;
mod reports;
mod sandbox;
mod screen;
mod sheets;
#[cfg(feature = "soak")]
mod soak;
mod this_pc;
mod trouble;
mod two_tills;
mod typing;
mod unplugged;
mod unwatched;
mod upgraded;
mod watched;
mod whole_night;
mod wires;

use anyhow::Result;
use browser::Window;

/// Selector of an element by its test id.
fn id(name: &str) -> String {
    format!("[data-testid='{name}']")
}

/// The app, fresh, in training.
async fn training() -> Result<Window> {
    let window = Window::open().await?;
    window.press(&id("choose-training")).await?;
    window.reads(&id("mode-badge"), "TRAINING").await?;
    // Rows stay where they are once all of the invented guests have paid.
    window.reads(".figures", "£650.00").await?;
    Ok(window)
}
