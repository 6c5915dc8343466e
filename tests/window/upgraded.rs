//! An upgrade puts another program in the place of the one that runs, and asks that one to end.

use crate::desktop::Desktop;
use crate::killed::evening;
use crate::outside::Outside;
use crate::program::{App, running, within};
use crate::sandbox::{dojo, till};
use crate::screen;
use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(60);

/// What a process runs, as Linux names it.
fn program(process: u32) -> Option<PathBuf> {
    std::fs::read_link(format!("/proc/{process}/exe")).ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_new_version_goes_on_with_the_watch_where_the_former_was() -> Result<()> {
    let (desktop, dojo) = (Desktop::start().await?, dojo(0).await?);
    let outside = Outside::on(desktop.environment().1).await?;
    let address = dojo.base_url();
    let environment = [desktop.environment(), ("HOLDFAST_DOJO_URL", address.as_str())];
    let prepare = async |data: &Path| evening(data, &dojo, 1, |_| None).await.map(drop);
    let mut window = till(&desktop, &dojo, prepare).await?;
    window.close().await?;
    within(PATIENCE, "the app's end", async || {
        Ok(running(&window.data).is_empty().then_some(()))
    })
    .await?;
    let folder = tempfile::tempdir()?;
    let installed = folder.path().join("holdfast");
    let made = std::env::var("HOLDFAST_APP").context("HOLDFAST_APP names no program")?;
    std::fs::copy(&made, &installed)?;
    let watches = async || {
        let menu = outside.menu().await.unwrap_or_default();
        let is_held = |(_, line): &(i32, String)| line.contains("1 tab open, £50.00 on hold");
        Ok(menu.iter().any(is_held).then_some(()))
    };
    let _app = App::start_program(&installed, &window.data, window.display(), &environment)?;
    within(PATIENCE, "the watch", watches).await?;
    let [former] = running(&window.data)[..] else {
        anyhow::bail!("not one till runs");
    };

    let next = folder.path().join("next");
    std::fs::copy(&made, &next)?;
    std::fs::rename(&next, &installed)?;
    let asked = Command::new("kill")
        .arg("-TERM")
        .arg(former.to_string())
        .status()?;
    ensure!(asked.success());
    within(PATIENCE, "the new version", async || {
        let programs: Vec<_> = running(&window.data).into_iter().filter_map(program).collect();
        Ok((programs == [installed.clone()]).then_some(()))
    })
    .await?;
    within(PATIENCE, "its watch", watches).await?;
    ensure!(
        !screen::is_shown(window.display())?,
        "it was hidden, and is again"
    );
    let told = outside.notices();
    ensure!(told.is_empty(), "nobody has to do anything: {told:?}");

    // One that nobody replaced ends, and says that nobody watches.
    let [former] = running(&window.data)[..] else {
        anyhow::bail!("not one till runs");
    };
    Command::new("kill")
        .arg("-TERM")
        .arg(former.to_string())
        .status()?;
    within(PATIENCE, "its end", async || {
        Ok(running(&window.data).is_empty().then_some(()))
    })
    .await?;
    let told = outside.notices();
    ensure!(
        told.iter().any(|(title, _)| title == "Holdfast has closed"),
        "the end overtook its notification: {told:?}"
    );
    Ok(())
}
