//! A till with a hold of £50, whose notifications and tray a story hears.

use crate::browser::Window;
use crate::desktop::Desktop;
use crate::killed::evening;
use crate::outside::Outside;
use crate::program::{App, running, within};
use crate::sandbox::{dojo, till};
use anyhow::Result;
use holdfast_simulator::Running;
use std::path::Path;
use std::time::Duration;

/// On a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// One tab open, £50.00 on hold. What is first goes first.
pub(crate) struct Watched {
    pub(crate) window: Window,
    pub(crate) outside: Outside,
    address: String,
    pub(crate) dojo: Running,
    pub(crate) desktop: Desktop,
}

impl Watched {
    /// With its window open on the floor.
    pub(crate) async fn open() -> Result<Self> {
        let (desktop, dojo) = (Desktop::start().await?, dojo(0).await?);
        let outside = Outside::on(desktop.environment().1).await?;
        let prepare = async |data: &Path| evening(data, &dojo, 1, |_| None).await.map(drop);
        let window = till(&desktop, &dojo, prepare).await?;
        window.reads(".figures", "£50.00").await?;
        let address = dojo.base_url();
        Ok(Self {
            window,
            outside,
            address,
            dojo,
            desktop,
        })
    }

    /// The same, closed and ended.
    pub(crate) async fn closed() -> Result<Self> {
        let mut till = Self::open().await?;
        till.close().await?;
        Ok(till)
    }

    /// Closes the window; nothing of it runs any more.
    pub(crate) async fn close(&mut self) -> Result<()> {
        self.window.close().await?;
        self.ended().await
    }

    /// Waits until nothing of it runs.
    pub(crate) async fn ended(&self) -> Result<()> {
        within(PATIENCE, "the app's end", async || {
            Ok(running(&self.window.data).is_empty().then_some(()))
        })
        .await
        .map(drop)
    }

    /// Starts it as the computer does at a login, its window hidden.
    pub(crate) fn log_in(&self) -> Result<App> {
        App::start(&self.window.data, self.window.display(), &self.environment())
    }

    /// The same of a program of a story's own.
    pub(crate) fn log_in_with(&self, program: &Path) -> Result<App> {
        App::start_program(
            program,
            &self.window.data,
            self.window.display(),
            &self.environment(),
        )
    }

    fn environment(&self) -> [(&str, &str); 2] {
        [
            self.desktop.environment(),
            ("HOLDFAST_DOJO_URL", self.address.as_str()),
        ]
    }
}
