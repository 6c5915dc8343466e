//! Holdfast's desktop shell: the window, its commands and the operating system's key store.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod arguments;
mod autostart;
mod busy_night;
mod commands;
mod data_folder;
mod downloads;
mod environment;
mod guest_window;
mod guided_night;
mod leaving;
#[cfg(target_os = "macos")]
mod mac_menu;
mod main_window;
mod no_window;
mod notices;
mod own_pages;
mod pick_folder;
mod printing;
mod question;
mod restore_backup;
mod simulator;
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
use holdfast_process::{CappedLog, Instance, Listener, ScrubbedStderr};
use leaving::Leaving;
use notices::Shown;
use question::Question;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tauri::{App, Manager, RunEvent, WebviewWindowBuilder, WindowEvent};
use till::Till;
use tracing_subscriber::EnvFilter;
use tray::Tray;
use tray_state::TrayState;
use updates::Updates;

#[expect(clippy::wildcard_enum_match_arm, reason = "Tauri adds events as it likes")]
fn main() -> anyhow::Result<()> {
    holdfast_process::dump_no_memory();
    let arguments = Arguments::parse();
    environment::complete();
    let builder = tauri::Builder::default();
    #[cfg(target_os = "macos")]
    let builder = mac_menu::on(builder);
    builder
        .setup(move |app| {
            // Tauri takes an error for a panic, which nobody would see.
            if let Err(error) = set_up(app, arguments) {
                no_window::say(&error);
                std::process::exit(1);
            }
            Ok(())
        })
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
            match event {
                RunEvent::Exit => {
                    tauri::async_runtime::block_on(app.state::<Till>().close());
                    leaving::hand_over(app);
                }
                // A press on the program's place in the Dock. Untried: it was written without a Mac.
                #[cfg(target_os = "macos")]
                RunEvent::Reopen { .. } => main_window::show(app),
                _ => {}
            }
        });
    Ok(())
}

/// What becomes of this start.
enum Beginning {
    /// The data folder is this program's.
    Alone(Listener),
    /// Another Holdfast has it, and its window is in front now.
    Second,
    /// Nothing can be kept in it; why, and what to do.
    Blocked(String),
}

/// Looks at the data folder before anything is written there.
fn look_at(root: &Path) -> Beginning {
    if let Some(why) = data_folder::blocked(root) {
        keep_log(None);
        tracing::error!(why.words, "the data folder can’t be used");
        return if data_folder::is_in_use(root, &why) {
            Beginning::Second
        } else {
            Beginning::Blocked(why.words)
        };
    }
    if let Err(error) = holdfast_process::keep_private(root) {
        // What can't be written is told where it's to be written.
        drop(writeln!(std::io::stderr(), "{}: {error}", root.display()));
    }
    keep_log(Some(root));
    match holdfast_process::look(root) {
        Ok(Instance::First(listener)) => Beginning::Alone(listener),
        Ok(Instance::Second) => Beginning::Second,
        Err(error) => Beginning::Blocked(data_folder::refused(root, &error)),
    }
}

/// The data folder where nobody names another. On Windows it was once where a domain copies its users' files to and
/// from; from there it's moved once. Untried there; the two are one folder on other systems.
fn own_folder(app: &App) -> anyhow::Result<PathBuf> {
    let (folder, former) = (app.path().app_local_data_dir()?, app.path().app_data_dir()?);
    if folder == former || folder.exists() || !former.exists() {
        return Ok(folder);
    }
    // One that can't be moved, for a till runs in it perhaps, is worked in as before: its holds are in it.
    let moved = std::fs::rename(&former, &folder);
    Ok(if moved.is_ok() { folder } else { former })
}

fn set_up(app: &App, arguments: Arguments) -> anyhow::Result<()> {
    let root = match arguments.data_dir {
        Some(folder) => std::path::absolute(folder)?,
        None => own_folder(app)?,
    };
    let (instance, folder_trouble) = match look_at(&root) {
        Beginning::Alone(listener) => (Some(listener), None),
        Beginning::Blocked(words) => (None, Some(words)),
        Beginning::Second => {
            tracing::info!("another Holdfast has this data folder; its window was brought forward");
            std::process::exit(0);
        }
    };
    // A program that was just compiled is no installation.
    if !cfg!(debug_assertions) {
        autostart::repair();
    }
    let is_blocked = folder_trouble.is_some();
    let keys = Arc::new(SystemKeyStore::of(&root));
    let first = arguments.training.then_some(Mode::Training);
    app.manage(ShownHold::default());
    app.manage(Shown::default());
    app.manage(Tray::default());
    app.manage(Leaving::new(&root));
    app.manage(Question::default());
    app.manage(TrayState::default());
    app.manage(Updates::default());
    let (handle, folder) = (app.handle().clone(), root.clone());
    let (dojo, practises_on) = (arguments.dojo_url, arguments.simulator);
    let till = Till::new(handle, folder, dojo, practises_on, keys, first, folder_trouble);
    app.manage(till);
    tauri::async_runtime::spawn(leaving::end_when_the_system_asks(app.handle().clone()));
    let handle = app.handle().clone();
    if is_blocked {
        tauri::async_runtime::spawn(data_folder::wait(handle, root.clone()));
    } else {
        app.state::<Tray>().put_up(app.handle(), leaving::quit_asked);
        tray_state::show(app.handle(), None, false);
        tauri::async_runtime::spawn(tray::keep_looking(handle.clone()));
        // The ledger is opened while the window's engine starts; the page then asks what came of it.
        tauri::async_runtime::spawn(async move { handle.state::<Till>().keep_open().await });
    }
    open_window(app, &root, is_blocked, arguments.hidden)?;
    if let Some(instance) = instance {
        let handle = app.handle().clone();
        instance.listen(move || main_window::show(&handle));
    }
    Ok(())
}

/// A window that says why nothing works keeps its own files where the system has room for what lasts no longer than a
/// login, and is never hidden.
fn open_window(app: &App, root: &Path, is_blocked: bool, is_hidden: bool) -> anyhow::Result<()> {
    let config = app
        .config()
        .app
        .windows
        .first()
        .context("no window is configured")?;
    let mut window = WebviewWindowBuilder::from_config(app.handle(), config)?;
    window = match (is_blocked, app.path().runtime_dir()) {
        (false, _) => window.data_directory(root.join("window")).visible(!is_hidden),
        (true, Ok(folder)) => window.data_directory(folder.join("holdfast")),
        (true, Err(_)) => window.incognito(true),
    };
    if let Some((width, height)) = room(app)? {
        window = window.inner_size(config.width.min(width.into()), config.height.min(height.into()));
    }
    own_pages::keep_on(window).build()?;
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

/// From here on what goes wrong is written down under the data folder, if there is one.
fn keep_log(root: Option<&Path>) {
    let filter = EnvFilter::try_from_env("HOLDFAST_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false);
    match root {
        Some(root) => log.with_writer(CappedLog::open(&root.join("log"))).init(),
        None => log.with_writer(ScrubbedStderr).init(),
    }
    holdfast_process::log_panics();
}
