//! A desktop without a tray: a window that is closed can't be got back, so it isn't hidden.

use crate::browser::Window;
use crate::desktop::Desktop;
use crate::id;
use crate::killed::evening;
use crate::outside::Outside;
use crate::program::{App, running, within};
use crate::sandbox::{dojo, till};
use crate::screen;
use anyhow::{Result, ensure};
use serde_json::json;
use std::path::Path;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(60);

async fn asks(window: &Window) -> Result<()> {
    screen::cross(window.display())?;
    window.reads("dialog", "1 tab open, £50.00 on hold").await?;
    window.reads("dialog", "This desktop has no tray").await?;
    ensure!(screen::is_shown(window.display())?, "the window has gone");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_cross_asks_and_a_login_shows_the_window() -> Result<()> {
    let (desktop, dojo) = (Desktop::start().await?, dojo(0).await?);
    let _outside = Outside::without_tray(desktop.environment().1).await?;
    let prepare = async |data: &Path| evening(data, &dojo, 1, |_| None).await.map(drop);
    let window = till(&desktop, &dojo, prepare).await?;
    window.reads(".figures", "£50.00").await?;
    asks(&window).await?;
    window.shot("no-tray").await?;
    window.press(&id("stay")).await?;
    window.gone("dialog").await?;
    asks(&window).await?;
    // The driver can't answer for a window that has gone.
    let quit = "setTimeout(() => document.querySelector(arguments[0]).click(), 100)";
    window.script(quit, json!([id("quit")])).await?;
    within(PATIENCE, "the end", async || {
        Ok(running(&window.data).is_empty().then_some(()))
    })
    .await?;

    let address = dojo.base_url();
    let environment = [desktop.environment(), ("HOLDFAST_DOJO_URL", address.as_str())];
    let _app = App::start(&window.data, window.display(), &environment)?;
    within(PATIENCE, "the window", async || {
        // A window may go away while it's looked at.
        let is_shown = screen::is_shown(window.display()).unwrap_or(false);
        Ok(is_shown.then_some(()))
    })
    .await?;
    Ok(())
}
