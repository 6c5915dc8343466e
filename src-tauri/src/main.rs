//! Holdfast's desktop shell: the window, its commands and the operating system's key store.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod arguments;
mod autostart;
mod busy_night;
mod commands;
mod downloads;
mod environment;
mod guest_window;
mod guided_night;
mod leaving;
mod notices;
mod own_pages;
mod pick_folder;
mod printing;
mod restore_backup;
mod third_party;
mod till;
mod training;
mod tray;
mod tray_state;
mod updates;
mod wording;

use anyhow::Context;
use arguments::Arguments;
use clap::Parser;
use guest_window::ShownHold;
use holdfast_desk::Mode;
use holdfast_key_store::SystemKeyStore;
use holdfast_process::{CappedLog, Instance};
use leaving::Leaving;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use tauri::{App, Manager, RunEvent, WebviewWindowBuilder, WindowEvent};
use till::Till;
use tracing_subscriber::EnvFilter;
use tray::Tray;
use tray_state::TrayState;
use updates::Updates;

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    environment::complete();
    tauri::Builder::default()
        .setup(move |app| Ok(set_up(app, arguments)?))
        .on_window_event(|window, event| {
            let app = window.app_handle();
            match event {
                WindowEvent::CloseRequested { .. } if window.label() == guest_window::LABEL => {
                    guest_window::closed(app);
                }
                WindowEvent::CloseRequested { api, .. } => leaving::close_requested(app, api),
                _ => {}
            }
        })
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
    if let Err(error) = holdfast_process::keep_private(&root) {
        // What can't be written is told where it's to be written.
        drop(writeln!(std::io::stderr(), "{}: {error}", root.display()));
    }
    keep_log(&root);
    let Instance::First(instance) = holdfast_process::look(&root)? else {
        tracing::info!("another Holdfast has this data folder; its window was brought forward");
        std::process::exit(0);
    };
    // A program that was just compiled is no installation.
    if !cfg!(debug_assertions) {
        autostart::repair();
    }
    let browser_data = root.join("window");
    let keys = Arc::new(SystemKeyStore::of(&root));
    let first = arguments.training.then_some(Mode::Training);
    app.manage(ShownHold::default());
    app.manage(Tray::default());
    app.manage(Leaving::new(&root));
    app.manage(TrayState::default());
    app.manage(Updates::default());
    app.state::<Tray>().put_up(app.handle());
    let till = Till::new(app.handle().clone(), root, arguments.dojo_url, keys, first);
    app.manage(till);
    tauri::async_runtime::spawn(leaving::ends_when_the_system_asks(app.handle().clone()));
    let config = app
        .config()
        .app
        .windows
        .first()
        .context("no window is configured")?;
    // The ledger is opened while the window's engine starts; the page then asks what came of it.
    let handle = app.handle().clone();
    tauri::async_runtime::spawn(async move { drop(handle.state::<Till>().start().await) });
    let is_hidden = arguments.hidden && app.state::<Tray>().is_there();
    let mut window = WebviewWindowBuilder::from_config(app.handle(), config)?
        .data_directory(browser_data)
        .visible(!is_hidden);
    if let Some((width, height)) = room(app)? {
        window = window.inner_size(config.width.min(width.into()), config.height.min(height.into()));
    }
    own_pages::keep_on(window).build()?;
    let handle = app.handle().clone();
    instance.listen(move || leaving::show(&handle));
    Ok(())
}

/// The height of a window's title bar, in the screen's own units; more than any desktop's.
const TITLE_BAR_PIXELS: u32 = 40;

/// The room that a screen has for a window; none where the desktop doesn't say.
fn room(app: &App) -> tauri::Result<Option<(u32, u32)>> {
    let screen = match app.primary_monitor()? {
        Some(screen) => Some(screen),
        None => app.available_monitors()?.into_iter().next(),
    };
    Ok(screen.map(|screen| {
        let size = screen.work_area().size.to_logical::<u32>(screen.scale_factor());
        (size.width, size.height.saturating_sub(TITLE_BAR_PIXELS))
    }))
}

/// From here on what goes wrong is written down under the data folder.
fn keep_log(root: &Path) {
    let filter = EnvFilter::try_from_env("HOLDFAST_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .with_writer(CappedLog::open(&root.join("log")))
        .init();
    holdfast_process::log_panics();
}
