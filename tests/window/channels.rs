//! Staff hear of a deadline outside the window too, and closing the window does not end that.

use crate::browser::Window;
use crate::desktop::Desktop;
use crate::id;
use crate::look::{at_every_size, look};
use crate::outside::Outside;
use crate::program::running;
use crate::sandbox::{dojo, keep_key};
use crate::screen;
use anyhow::{Context, Result, bail, ensure};
use holdfast_simulator::Running;
use holdfast_tests::GOOD;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The watch reads what is held every 20 seconds, on a busy machine with some delay.
const WATCH_TIMEOUT: Duration = Duration::from_secs(90);

async fn until<T>(what: &str, mut question: impl AsyncFnMut() -> Result<Option<T>>) -> Result<T> {
    let begun = Instant::now();
    while begun.elapsed() < WATCH_TIMEOUT {
        if let Some(answer) = question().await? {
            return Ok(answer);
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    bail!("{what} did not come to be")
}

/// The first look after a start tells all that it finds in one notification; a story about single ones waits for its
/// end.
pub(crate) async fn first_look() -> Result<()> {
    let settled = holdfast_domain::CLOCK_SETTLE_TIME.to_std()?;
    tokio::time::sleep(settled + Duration::from_secs(3)).await;
    Ok(())
}

async fn deposit(window: &Window, dojo: &Running) -> Result<()> {
    window.press(&id("screen-floor")).await?;
    window.press(&id("new-deposit")).await?;
    window.fill(&id("field-name"), "Room 21").await?;
    window.fill(&id("field-amount"), "120").await?;
    window.press(&id("open-hold")).await?;
    window.gone("dialog").await?;
    let link = window.text(&id("link")).await?;
    dojo.pay(link.rsplit('/').next().unwrap_or_default(), GOOD)?;
    window.reads("[data-name='Room 21'] .state", "On hold").await
}

#[tokio::test]
async fn a_warning_arrives_while_the_window_is_closed_and_a_second_start_brings_it_back() -> Result<()> {
    let (desktop, dojo) = (Desktop::start().await?, dojo(0).await?);
    let outside = Outside::on(desktop.environment().1).await?;
    let address = dojo.base_url();
    let home = tempfile::tempdir()?;
    let home_path = home.path().display().to_string();
    let environment = [
        desktop.environment(),
        ("HOLDFAST_DOJO_URL", address.as_str()),
        ("XDG_CONFIG_HOME", home_path.as_str()),
        ("HOME", home_path.as_str()),
    ];
    let window = Window::open_prepared(&environment, async |_| Ok(())).await?;
    keep_key(&window).await?;
    deposit(&window, &dojo).await?;

    // With the first deposit the PC's own start is offered, and only then.
    window.see(&id("offer-autostart")).await?;
    window.shot("autostart").await?;
    window.press(&id("autostart-yes")).await?;
    window.gone(&id("offer-autostart")).await?;
    let entry = std::fs::read_to_string(home.path().join("autostart/Holdfast.desktop"))?;
    ensure!(entry.contains("/holdfast\" --hidden\n"), "{entry}");

    let held = |(_, words): &(i32, String)| words.contains("1 tab open, £120.00 on hold");
    until("the tray", async || {
        Ok(outside.menu().await?.iter().any(held).then_some(()))
    })
    .await?;

    // The cross: the watch goes on, and that is said once.
    screen::cross(window.display())?;
    let explained = |notices: &[(String, String)]| {
        notices
            .iter()
            .any(|(title, _)| title == "Holdfast is still running")
    };
    until("the explanation", async || {
        Ok(explained(&outside.notices()).then_some(()))
    })
    .await?;

    ensure!(!screen::is_shown(window.display())?, "the window is closed");
    first_look().await?;
    dojo.wind_on("5.00:00:00")?;
    let warned = until("the warning", async || {
        let notices = outside.notices();
        Ok(notices.into_iter().find(|(title, _)| title == "A hold ends soon"))
    })
    .await?;
    ensure!(
        warned.1 == "Room 21: take or release £120.00 within 2 days. Dojo releases it 12 hours later.",
        "{}",
        warned.1
    );
    let waits = |(_, words): &(i32, String)| words.contains("need") && !words.contains("Nothing");
    until("the count", async || {
        Ok(outside.menu().await?.iter().any(waits).then_some(()))
    })
    .await?;

    // A second start ends by itself, and the first one's window is there again.
    let app = std::env::var("HOLDFAST_APP").context("no app")?;
    let mut second = Command::new(app)
        .args(["--data-dir".as_ref(), window.data.as_os_str()])
        .env("DISPLAY", window.display())
        .envs(environment)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let ended = until("the second start's end", async || Ok(second.try_wait()?)).await?;
    ensure!(ended.success());
    window.reads("[data-name='Room 21'] .state", "On hold").await?;
    ensure!(screen::is_shown(window.display())?, "the window is in front");

    // Quitting says what is open, and the safe way is the first.
    outside.press("Quit").await?;
    window.reads("dialog", "1 tab open, £120.00 on hold").await?;
    window.shot("quit").await?;
    window.press(&id("stay")).await?;
    window.gone("dialog").await?;

    // Asked again, at any size; Esc stays too.
    outside.press("Quit").await?;
    window.see(&format!("dialog {}", id("stay"))).await?;
    at_every_size(&window, async |tag| look(&window, "quit", tag).await).await?;
    window.keys("\u{e00c}").await?;
    window.gone("dialog").await
}

#[tokio::test]
async fn a_press_on_a_warning_opens_the_tab_that_it_is_about() -> Result<()> {
    let (desktop, dojo) = (Desktop::start().await?, dojo(0).await?);
    let outside = Outside::on(desktop.environment().1).await?;
    let address = dojo.base_url();
    let environment = [desktop.environment(), ("HOLDFAST_DOJO_URL", address.as_str())];
    let window = Window::open_prepared(&environment, async |_| Ok(())).await?;
    keep_key(&window).await?;
    deposit(&window, &dojo).await?;
    window.press(&id("new-tab")).await?;
    window.fill(&id("field-name"), "Ana").await?;
    window.fill(&id("field-amount"), "30").await?;
    window.press(&id("open-hold")).await?;
    window.gone("dialog").await?;
    window.reads(&id("panel"), "Ana").await?;
    window.press(&id("screen-settings")).await?;
    screen::cross(window.display())?;
    until("the closed window", async || {
        Ok((!screen::is_shown(window.display())?).then_some(()))
    })
    .await?;
    first_look().await?;
    dojo.wind_on("5.00:00:00")?;
    let warnings = || {
        let notices = outside.notices();
        notices
            .iter()
            .filter(|(_, words)| words.contains("Room 21"))
            .count()
    };
    until("the warning", async || Ok((warnings() == 1).then_some(()))).await?;
    until("the window", async || {
        outside.press_notice("Room 21").await?;
        Ok(screen::is_shown(window.display())?.then_some(()))
    })
    .await?;
    window.reads(&id("panel"), "Room 21").await?;

    // Somebody who is at a sheet keeps what they typed.
    window.press(&id("new-tab")).await?;
    window.fill(&id("field-name"), "Half typed").await?;
    dojo.wind_on("20:00:00")?;
    until("the next warning", async || Ok((warnings() == 2).then_some(()))).await?;
    // It took the place of the tab's former one, and one thread hears of all.
    let about = |(_, words): &(String, String)| words.contains("Room 21");
    let former = outside.notices().iter().position(about).context("no warning")? + 1;
    let replaced = outside.replaced();
    ensure!(
        replaced.contains(&u32::try_from(former)?),
        "{former}: {replaced:?}"
    );
    let [till] = running(&window.data)[..] else {
        bail!("not one till runs");
    };
    let threads = std::fs::read_dir(format!("/proc/{till}/task"))?.flatten();
    let names = threads.filter_map(|thread| std::fs::read_to_string(thread.path().join("comm")).ok());
    let listening = names.filter(|name| name.starts_with("notification")).count();
    ensure!(listening == 1, "{listening} threads wait for a press");
    for _ in 0..5 {
        outside.press_notice("Room 21").await?;
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    ensure!(window.value(&id("field-name")).await? == "Half typed");
    Ok(())
}

#[tokio::test]
async fn a_warning_that_no_desktop_shows_brings_the_window_forward() -> Result<()> {
    let (desktop, dojo) = (Desktop::start().await?, dojo(0).await?);
    let outside = Outside::on(desktop.environment().1).await?;
    let address = dojo.base_url();
    let environment = [desktop.environment(), ("HOLDFAST_DOJO_URL", address.as_str())];
    let window = Window::open_prepared(&environment, async |_| Ok(())).await?;
    keep_key(&window).await?;
    deposit(&window, &dojo).await?;
    screen::cross(window.display())?;
    until("the closed window", async || {
        Ok((!screen::is_shown(window.display())?).then_some(()))
    })
    .await?;
    first_look().await?;
    outside.shows_nothing().await?;
    // Three hours before the safe time.
    dojo.wind_on("6.09:00:00")?;
    until("the window", async || {
        Ok(screen::is_shown(window.display())?.then_some(()))
    })
    .await?;
    window.reads("[data-name='Room 21']", "Room 21").await
}
