//! A till whose Dojo is a simulator that the story itself runs.

use crate::browser::Window;
use crate::desktop::Desktop;
use crate::id;
use anyhow::Result;
use holdfast_desk::{Desk, Mode, SystemClock};
use holdfast_dojo::{ApiKey, Client, HttpTransport};
use holdfast_ledger_sqlite::SqliteLedger;
use holdfast_simulator::{Options, Running, serve};
use holdfast_tests::KEY;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// A Dojo at a port, any free one at 0.
pub(crate) async fn dojo(port: u16) -> Result<Running> {
    serving(port, None).await
}

/// One that keeps what it has in a folder, and so outlives an end.
pub(crate) async fn dojo_on(port: u16, data: &Path) -> Result<Running> {
    serving(port, Some(data)).await
}

async fn serving(port: u16, data: Option<&Path>) -> Result<Running> {
    serve(Options {
        address: ([127, 0, 0, 1], port).into(),
        public_url: None,
        data: data.map(Path::to_owned),
        seed: None,
        control: holdfast_simulator::Control::Open,
    })
    .await
}

/// A desk over the till's own files, before the till is opened.
pub(crate) fn desk(data: &Path, dojo: &Running) -> Result<(Desk, Arc<SqliteLedger>)> {
    let ledger = Arc::new(SqliteLedger::open(&Mode::Sandbox.folder(data))?);
    let client = client(dojo, KEY)?;
    let desk = Desk::new(ledger.clone(), client, Arc::new(SystemClock));
    desk.keep_settings_in(&Mode::Sandbox.folder(data));
    Ok((desk, ledger))
}

/// Dojo under this key.
pub(crate) fn client(dojo: &Running, key: &str) -> Result<Client> {
    let transport =
        HttpTransport::new(&dojo.base_url(), Duration::from_secs(30)).map_err(anyhow::Error::msg)?;
    Ok(Client::new(Arc::new(transport), ApiKey::parse(key)?))
}

/// Staff paste the key and keep it.
pub(crate) async fn keep_key(window: &Window) -> Result<()> {
    window.fill(&id("field-key"), KEY).await?;
    window.press(&id("keep-key")).await?;
    window.reads(&id("mode-badge"), "SANDBOX").await
}

/// Opens the till on the ledger that `prepare` writes, with its key, on the floor.
pub(crate) async fn till(
    desktop: &Desktop,
    dojo: &Running,
    prepare: impl AsyncFnOnce(&Path) -> Result<()>,
) -> Result<Window> {
    let address = dojo.base_url();
    let environment = [desktop.environment(), ("HOLDFAST_DOJO_URL", address.as_str())];
    let window = Window::open_prepared(&environment, prepare).await?;
    keep_key(&window).await?;
    window.reads(&id("toast"), "Dojo answers").await?;
    window.press(&id("screen-floor")).await?;
    Ok(window)
}
