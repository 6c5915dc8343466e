//! The tray: how many things wait, what is held, and the way back to the window. Where the desktop has no
//! tray, the window's closing asks instead.

mod host;
mod mark;

use crate::{main_window, wording};
use anyhow::Context;
use holdfast_desk::view::VenueSummary;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tauri::menu::{Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::{TrayIcon, TrayIconBuilder};
use tauri::{AppHandle, Manager, Wry};

/// The icon and the lines of its menu that change.
#[derive(Clone)]
struct TrayParts {
    icon: TrayIcon<Wry>,
    held: MenuItem<Wry>,
    waiting: MenuItem<Wry>,
}

/// The tray, once the desktop has taken it.
#[derive(Default)]
pub(crate) struct Tray {
    parts: Mutex<Option<TrayParts>>,
    /// Somebody on this desktop shows its icon.
    is_hosted: AtomicBool,
    /// The icon has its red mark.
    is_red: AtomicBool,
}

/// How often it's looked whether the desktop has a tray.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// At a login the programs that start by themselves may be faster than the panel, and panels are restarted.
const PANEL_WITHIN: Duration = Duration::from_secs(15);

impl Tray {
    /// Whether there is one, which a person can see.
    pub(crate) fn is_there(&self) -> bool {
        self.parts().is_some() && self.is_hosted.load(Ordering::Relaxed)
    }

    fn parts(&self) -> Option<TrayParts> {
        self.parts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts it up; `quit` is what its menu's last line does. The desktop's library may be missing, which that library's
    /// loader takes for a panic.
    pub(crate) fn put_up(&self, app: &AppHandle, quit: fn(&AppHandle)) {
        let built = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| build(app, quit)));
        match built {
            Ok(Ok(parts)) => *self.parts.lock().unwrap_or_else(PoisonError::into_inner) = Some(parts),
            Ok(Err(error)) => tracing::warn!(%error, "no tray"),
            Err(_) => tracing::warn!("no tray: this desktop’s library for it is missing"),
        }
    }

    /// Shows how the venue stands.
    pub(crate) fn show(&self, app: &AppHandle, standing: Option<&VenueSummary>) {
        let waiting = standing.map_or(0, |standing| standing.waiting);
        let alarm = standing.and_then(|standing| standing.alarm.as_deref());
        let held = standing.map_or(wording::NOT_WATCHING, |standing| standing.words.as_str());
        let held = alarm.unwrap_or(held);
        let words = wording::waiting(waiting);
        // Each change is made by the main thread, and waited for. While it ends the program, that thread comes here
        // too: it would wait for ever for a lock that is held over such a change.
        if let Some(parts) = self.parts() {
            let title = (waiting > 0).then(|| waiting.to_string());
            let done = [
                parts.held.set_text(held),
                parts.waiting.set_text(&words),
                parts.icon.set_title(Some(title.as_deref().unwrap_or_default())),
                parts.icon.set_tooltip(Some(wording::tooltip(held, &words))),
            ];
            for error in done.into_iter().filter_map(Result::err) {
                tracing::debug!(%error, "the tray could not be changed");
            }
            self.mark(app, &parts, alarm.is_some());
        }
        badge(app, waiting);
    }
}

impl Tray {
    /// Puts the red mark on the icon, or takes it off. Only when that changes: some desktops write each icon to a file.
    fn mark(&self, app: &AppHandle, parts: &TrayParts, is_red: bool) {
        if self.is_red.swap(is_red, Ordering::Relaxed) == is_red {
            return;
        }
        let Some(icon) = app.default_window_icon() else {
            return;
        };
        let icon = if is_red {
            mark::red(icon)
        } else {
            icon.clone().to_owned()
        };
        if let Err(error) = parts.icon.set_icon(Some(icon)) {
            tracing::debug!(%error, "the tray’s icon could not be changed");
        }
    }
}

/// Looks whether the desktop shows a tray, for as long as the program runs. Without one a hidden window comes forward:
/// there is no other way to it.
pub(crate) async fn keep_looking(app: AppHandle) {
    let mut missing_since = None;
    loop {
        let is_hosted = host::is_there().await;
        let tray = app.state::<Tray>();
        tray.is_hosted.store(is_hosted, Ordering::Relaxed);
        if tray.is_there() || !main_window::is_hidden(&app) {
            missing_since = None;
        } else if missing_since.get_or_insert_with(Instant::now).elapsed() >= PANEL_WITHIN {
            tracing::warn!("this desktop has no tray, so the window comes forward");
            main_window::show(&app);
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// The number on the window's place in the task bar, where there is one.
fn badge(app: &AppHandle, waiting: usize) {
    let Some(window) = app.get_webview_window("main") else {
        return;
    };
    let count = i64::try_from(waiting).ok().filter(|count| *count > 0);
    if let Err(error) = window.set_badge_count(count) {
        tracing::debug!(%error, "this task bar has no numbers");
    }
}

fn build(app: &AppHandle, leave: fn(&AppHandle)) -> anyhow::Result<TrayParts> {
    let line =
        |id: &str, words: &str, is_enabled: bool| MenuItem::with_id(app, id, words, is_enabled, None::<&str>);
    let (held, waiting) = (line("held", "", false)?, line("waiting", "", true)?);
    let (show, quit) = (
        line("show", wording::SHOW, true)?,
        line("quit", wording::QUIT, true)?,
    );
    let between = PredefinedMenuItem::separator(app)?;
    let menu = Menu::with_items(app, &[&held, &waiting, &between, &show, &quit])?;
    let icon = TrayIconBuilder::with_id("holdfast")
        .icon(app.default_window_icon().context("no icon")?.clone())
        .menu(&menu)
        .show_menu_on_left_click(true)
        .on_menu_event(move |app, event| match event.id().as_ref() {
            "quit" => leave(app),
            "show" | "waiting" => main_window::show(app),
            // Of another menu: each listener hears of all.
            _ => {}
        })
        .build(app)?;
    Ok(TrayParts { icon, held, waiting })
}
