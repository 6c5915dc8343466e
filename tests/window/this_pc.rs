//! What Settings say of this computer.

use crate::browser::Window;
use crate::desktop::Desktop;
use crate::id;
use crate::sandbox::{dojo, keep_key};
use anyhow::{Context, Result, ensure};

#[tokio::test]
async fn an_entry_for_the_start_that_starts_nothing_is_said_and_put_right_by_a_press() -> Result<()> {
    let home = tempfile::tempdir()?;
    let home_path = home.path().display().to_string();
    let entry = home.path().join("autostart/Holdfast.desktop");
    std::fs::create_dir_all(entry.parent().context("no folder")?)?;
    std::fs::write(
        &entry,
        "[Desktop Entry]\nType=Application\nName=Holdfast\nExec=\"/opt/old place/holdfast\" --hidden\n\
         TryExec=/opt/old place/holdfast\n",
    )?;
    let (desktop, dojo) = (Desktop::start().await?, dojo(0).await?);
    let address = dojo.base_url();
    let environment = [
        desktop.environment(),
        ("HOLDFAST_DOJO_URL", address.as_str()),
        ("XDG_CONFIG_HOME", home_path.as_str()),
        ("HOME", home_path.as_str()),
    ];
    let window = Window::open_prepared(&environment, async |_| Ok(())).await?;
    keep_key(&window).await?;
    window.press(&id("section-pc")).await?;
    let trouble = id("autostart-trouble");
    window.reads(&trouble, "won’t start with this PC").await?;
    window.reads(&trouble, "/opt/old place/holdfast").await?;
    window.shot("autostart-trouble").await?;
    window.press(&id("repair-autostart")).await?;
    window.gone(&trouble).await?;
    let app = std::env::var("HOLDFAST_APP").context("no app")?;
    let entry = std::fs::read_to_string(entry)?;
    ensure!(entry.contains(&format!("Exec=\"{app}\" --hidden\n")), "{entry}");
    Ok(())
}
