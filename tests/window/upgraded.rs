//! An upgrade puts another program in the place of the one that runs, and asks that one to end.

use crate::program::{running, within};
use crate::screen;
use crate::watched::{PATIENCE, Watched};
use anyhow::{Context, Result, ensure};
use std::path::PathBuf;
use std::process::Command;

/// What a process runs, as Linux names it.
fn program(process: u32) -> Option<PathBuf> {
    std::fs::read_link(format!("/proc/{process}/exe")).ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_new_version_goes_on_with_the_watch_where_the_former_was() -> Result<()> {
    let till = Watched::closed().await?;
    let (window, outside) = (&till.window, &till.outside);
    let folder = tempfile::tempdir()?;
    let installed = folder.path().join("holdfast");
    let made = std::env::var("HOLDFAST_APP").context("HOLDFAST_APP names no program")?;
    std::fs::copy(&made, &installed)?;
    let watches = async || {
        let menu = outside.menu().await.unwrap_or_default();
        let is_held = |(_, line): &(i32, String)| line.contains("1 tab open, £50.00 on hold");
        Ok(menu.iter().any(is_held).then_some(()))
    };
    let _app = till.log_in_with(&installed)?;
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
    till.ended().await?;
    let told = outside.notices();
    ensure!(
        told.iter().any(|(title, _)| title == "Holdfast has closed"),
        "the end overtook its notification: {told:?}"
    );
    Ok(())
}
