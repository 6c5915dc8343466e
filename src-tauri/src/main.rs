//! Holdfast's desktop shell: the window, its commands and the operating system's key store.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod commands;
mod downloads;
mod key_store;
mod put_back;
mod till;
mod training;

use anyhow::Context;
use clap::Parser;
use holdfast_desk::Mode;
use std::path::PathBuf;
use std::sync::Arc;
use tauri::{App, Manager, RunEvent, WebviewWindowBuilder};
use till::Till;
use tracing_subscriber::EnvFilter;

/// Card holds for hotels and bars.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Keep all data in this folder.
    #[arg(long, env = "HOLDFAST_DATA_DIR")]
    data_dir: Option<PathBuf>,
    /// Open in training, unless another mode was in use last.
    #[arg(long)]
    training: bool,
    /// Ask this address instead of Dojo's; only one on this computer is accepted.
    #[arg(long, env = "HOLDFAST_DOJO_URL", hide = true)]
    dojo_url: Option<String>,
}

fn main() -> anyhow::Result<()> {
    let filter = EnvFilter::try_from_env("HOLDFAST_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let arguments = Arguments::parse();
    tauri::Builder::default()
        .setup(move |app| Ok(set_up(app, arguments)?))
        .invoke_handler(commands::handler())
        .build(tauri::generate_context!())
        .context("the window could not be opened")?
        .run(|app, event| {
            if let RunEvent::Exit = event {
                tauri::async_runtime::block_on(app.state::<Till>().close());
            }
        });
    Ok(())
}

fn set_up(app: &App, arguments: Arguments) -> anyhow::Result<()> {
    let root = match arguments.data_dir {
        Some(folder) => std::path::absolute(folder)?,
        None => app.path().app_data_dir()?,
    };
    let dojo = holdfast_dojo::address(arguments.dojo_url)?;
    let browser_data = root.join("window");
    let keys = Arc::new(key_store::SystemKeyStore);
    let first = arguments.training.then_some(Mode::Training);
    let till = Till::new(app.handle().clone(), root, dojo, keys, first);
    app.manage(till);
    let config = app
        .config()
        .app
        .windows
        .first()
        .context("no window is configured")?;
    WebviewWindowBuilder::from_config(app.handle(), config)?
        .data_directory(browser_data)
        .build()?;
    Ok(())
}
