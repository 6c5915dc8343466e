//! The watch is never off unnoticed: what keeps it from beginning at a login is said outside the window, and once it's
//! put right the watch begins by itself.

use crate::browser::Window;
use crate::channels::first_look;
use crate::desktop::Desktop;
use crate::disks::{Disk, Stalled};
use crate::id;
use crate::killed::evening;
use crate::outside::Outside;
use crate::program::{App, running, within};
use crate::sandbox::{dojo, keep_key};
use crate::screen;
use crate::watched::{PATIENCE, Watched};
use anyhow::{Result, ensure};
use std::path::Path;
use std::time::Duration;

/// What a hidden start may take to say that it watches nothing.
const TOLD_WITHIN: Duration = Duration::from_secs(10);

async fn tray_says(outside: &Outside, words: &str) -> Result<()> {
    within(PATIENCE, words, async || {
        let menu = outside.menu().await.unwrap_or_default();
        Ok(menu.iter().any(|(_, line)| line.contains(words)).then_some(()))
    })
    .await
    .map(drop)
}

async fn is_told(outside: &Outside, title: &str, limit: Duration) -> Result<(String, Duration)> {
    within(limit, title, async || {
        let notices = outside.notices().into_iter();
        let mut of_it = notices.filter(|(told, _)| told == title);
        Ok(of_it.next().map(|(_, words)| words))
    })
    .await
}

async fn comes_forward(display: &str, limit: Duration) -> Result<()> {
    within(limit, "the window", async || {
        // A window may go away while it's looked at.
        Ok(screen::is_shown(display).unwrap_or(false).then_some(()))
    })
    .await
    .map(drop)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_watch_is_off_neither_the_cross_nor_the_tray_ends_the_till_unasked() -> Result<()> {
    let mut till = Watched::closed().await?;
    till.desktop.lock_keys().await?;
    till.window.start().await?;
    let (window, outside) = (&till.window, &till.outside);
    window.reads(&id("notice"), "key store is locked").await?;
    screen::cross(window.display())?;
    window
        .reads("dialog", "Holdfast isn’t watching your holds")
        .await?;
    window.reads("dialog", "Unlock it").await?;
    window.shot("quit-while-off").await?;
    window.press(&id("stay")).await?;
    window.gone("dialog").await?;
    outside.press("Quit").await?;
    window.see("dialog").await?;
    ensure!(screen::is_shown(window.display())?, "the window has gone");

    // The question is over with what it was about, and the cross means what it always meant.
    till.desktop.unlock_keys().await?;
    tray_says(outside, "1 tab open, £50.00 on hold").await?;
    window.gone("dialog").await?;
    screen::cross(window.display())?;
    within(PATIENCE, "the hidden window", async || {
        Ok((!screen::is_shown(window.display())?).then_some(()))
    })
    .await?;
    ensure!(!running(&window.data).is_empty(), "it ended");
    Ok(())
}

/// A picture of a window that no driver looks into.
async fn shot(display: &str, name: &str) -> Result<()> {
    let Ok(folder) = std::env::var("HOLDFAST_SHOTS") else {
        return Ok(());
    };
    // It's painted a moment after it is there.
    tokio::time::sleep(Duration::from_secs(3)).await;
    screen::picture(display, &Path::new(&folder).join(format!("{name}.png")))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_locked_key_store_is_told_at_a_login_and_once_it_is_unlocked_the_watch_runs() -> Result<()> {
    let till = Watched::closed().await?;
    let (window, outside) = (&till.window, &till.outside);

    till.desktop.lock_keys().await?;
    let _app = till.log_in()?;
    let (words, took) = is_told(outside, "Holdfast isn’t watching your holds", TOLD_WITHIN).await?;
    ensure!(words.contains("key store is locked"), "{words}");
    ensure!(words.contains("Unlock it"), "it doesn’t say what to do: {words}");
    ensure!(took < TOLD_WITHIN, "{took:?}");
    tray_says(outside, "Not watching any holds").await?;
    comes_forward(window.display(), TOLD_WITHIN).await?;
    shot(window.display(), "key-store-locked").await?;
    // However long that lasts, it's said once, and the key store's own question isn't asked again and again.
    tokio::time::sleep(Duration::from_secs(6)).await;
    let all = outside.notices();
    ensure!(all.len() == 1, "{all:?}");

    till.desktop.unlock_keys().await?;
    tray_says(outside, "1 tab open, £50.00 on hold").await?;
    is_told(outside, "Holdfast is watching again", PATIENCE).await?;
    shot(window.display(), "key-store-unlocked").await?;
    first_look().await?;
    till.dojo.wind_on("5.00:00:00")?;
    is_told(outside, "A hold ends soon", Duration::from_secs(90)).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_key_store_and_notifications_a_login_shows_the_window() -> Result<()> {
    let dojo = dojo(0).await?;
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    evening(&data, &dojo, 1, |_| None).await?;
    std::fs::write(data.join("mode"), "sandbox")?;
    let (_server, display) = holdfast_tests::display::screen(holdfast_tests::display::SCREEN)?;
    let _app = App::start(
        &data,
        &display,
        &[("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")],
    )?;
    comes_forward(&display, TOLD_WITHIN).await?;
    shot(&display, "no-key-store").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_power_cut_that_emptied_the_modes_file_ends_no_watch() -> Result<()> {
    let till = Watched::closed().await?;
    let (window, outside) = (&till.window, &till.outside);
    std::fs::write(window.data.join("mode"), "")?;
    let _app = till.log_in()?;
    tray_says(outside, "1 tab open, £50.00 on hold").await?;
    ensure!(
        !screen::is_shown(window.display())?,
        "the watch is on, so nobody is called"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_till_that_was_left_shows_its_window_at_a_login() -> Result<()> {
    let desktop = Desktop::start().await?;
    let _outside = Outside::on(desktop.environment().1).await?;
    let folder = tempfile::tempdir()?;
    let (_server, display) = holdfast_tests::display::screen(holdfast_tests::display::SCREEN)?;
    let _app = App::start(&folder.path().join("data"), &display, &[desktop.environment()])?;
    comes_forward(&display, PATIENCE).await
}

/// Opens the window on a data folder that can't be used, and reads what it says.
async fn says(disk: &Disk, words: &[&str], shot: &str) -> Result<()> {
    let prepare = async |data: &Path| Ok(std::os::unix::fs::symlink(disk.path(), data)?);
    let mut window = Window::open_prepared(&[], prepare).await?;
    for words in words {
        window.reads(&id("folder-trouble"), words).await?;
    }
    ensure!(
        window.count(&id("choose-training")).await? == 0,
        "nothing can be chosen"
    );
    window.shot(shot).await?;
    window.close().await
}

#[tokio::test]
async fn a_data_folder_that_can_t_be_used_is_said_in_a_window() -> Result<()> {
    let disk = Disk::mounted()?;
    disk.fill()?;
    says(&disk, &["The disk is full", "Free some space"], "disk-full").await?;
    disk.free()?;
    disk.remount("ro")?;
    says(&disk, &["read-only", "Make it writable"], "disk-read-only").await?;
    disk.remount("rw")?;
    let nobody = 65_534;
    disk.give_to(nobody)?;
    says(
        &disk,
        &["belongs to “nobody”", "never with sudo"],
        "folder-of-another-user",
    )
    .await?;
    disk.give_to(0)?;
    // A broken disk of this PC's own: nobody may wait for it without a word.
    let silent = Stalled::over(disk.path(), "fuse.gocryptfs")?;
    says(
        &disk,
        &["doesn’t answer", "Plug the disk in again"],
        "disk-silent",
    )
    .await?;
    drop(silent);
    // A share's server may be off as well.
    let _share = Stalled::over(disk.path(), "fuse.sshfs")?;
    says(
        &disk,
        &["another computer’s disk", "a folder on this PC"],
        "folder-on-a-share",
    )
    .await
}

#[tokio::test]
async fn once_the_disk_has_room_the_till_begins_by_itself() -> Result<()> {
    let disk = Disk::mounted()?;
    disk.fill()?;
    let (_server, display) = holdfast_tests::display::screen(holdfast_tests::display::SCREEN)?;
    let desktop = Desktop::start().await?;
    let _outside = Outside::on(desktop.environment().1).await?;
    let _app = App::start(disk.path(), &display, &[desktop.environment()])?;
    comes_forward(&display, TOLD_WITHIN).await?;
    disk.free()?;
    let begun = disk.path().join("window.port");
    within(PATIENCE, "the till", async || Ok(begun.exists().then_some(()))).await?;
    comes_forward(&display, PATIENCE).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_fills_up_at_work_is_told_and_keeps_no_warning_back() -> Result<()> {
    let till = Watched::closed().await?;
    let (window, outside) = (&till.window, &till.outside);
    let disk = Disk::under(&window.data)?;
    let _app = till.log_in()?;
    tray_says(outside, "1 tab open, £50.00 on hold").await?;
    first_look().await?;
    disk.fill()?;
    let (words, _) = is_told(outside, "Holdfast can’t record anything", PATIENCE).await?;
    ensure!(words.contains("The disk is full"), "{words}");
    ensure!(
        words.contains("Free some space"),
        "it doesn’t say what to do: {words}"
    );
    comes_forward(window.display(), TOLD_WITHIN).await?;
    shot(window.display(), "disk-full-at-work").await?;

    till.dojo.wind_on("5.00:00:00")?;
    is_told(outside, "A hold ends soon", Duration::from_secs(90)).await?;
    // What can't be written down is told once all the same, not at every look.
    tokio::time::sleep(Duration::from_secs(6)).await;
    let all = outside.notices().into_iter();
    let told = all.filter(|(title, _)| title == "A hold ends soon").count();
    ensure!(told == 1, "it was told {told} times");
    disk.free()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_folder_that_does_not_answer_is_said_and_keeps_nobody_from_quitting() -> Result<()> {
    let (desktop, dojo) = (Desktop::start().await?, dojo(0).await?);
    let second = tempfile::tempdir()?;
    let mut share = None;
    let prepare = async |data: &Path| {
        evening(data, &dojo, 1, |_| None).await?;
        let (desk, _) = crate::sandbox::desk(data, &dojo)?;
        desk.set_backup_folder(Some(second.path())).await?;
        drop(desk);
        share = Some(Stalled::over(second.path(), "fuse.encfs")?);
        Ok(())
    };
    let address = dojo.base_url();
    let environment = [desktop.environment(), ("HOLDFAST_DOJO_URL", address.as_str())];
    let mut window = Window::open_prepared(&environment, prepare).await?;
    keep_key(&window).await?;
    window.press(&id("screen-floor")).await?;
    window.see(".figures").await?;
    // At once, while the first backup may be on its way.
    tokio::time::sleep(Duration::from_secs(3)).await;
    let took = window.end_by_the_system().await?;
    ensure!(took < Duration::from_secs(5), "it took {took:?} to quit");
    // And when it's known that the folder doesn't answer.
    window.start().await?;
    within(PATIENCE, "the banner", async || {
        let banners = window.text(&id("banners")).await?;
        Ok(banners.contains("no second copy").then_some(()))
    })
    .await?;
    window.press(&id("screen-attention")).await?;
    window
        .reads("[data-testid='attention-item']", "doesn’t answer")
        .await?;
    window.shot("second-folder-silent").await?;
    let took = window.end_by_the_system().await?;
    ensure!(took < Duration::from_secs(5), "it took {took:?} to quit");
    let copies = std::fs::read_dir(window.data.join("sandbox/backups"))?.count();
    ensure!(copies > 0, "the first copy counts");
    Ok(())
}
