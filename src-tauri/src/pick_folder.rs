//! The system's own dialog for choosing a folder or a file. The program opens it, so that no page can name one.

use std::path::PathBuf;
use tauri::AppHandle;
use tokio::sync::{Mutex, oneshot};

/// One dialog at a time: a page may ask as often as it likes.
static DIALOG: Mutex<()> = Mutex::const_new(());

/// What a person is to choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// A folder to write into.
    Folder,
    /// A file that is an encrypted copy.
    Copy,
}

/// What became of a dialog.
pub(crate) enum Picked {
    /// A person chose this.
    Path(PathBuf),
    /// A person cancelled, or another dialog is open.
    Nothing,
}

/// Opens the dialog, and waits for a person.
///
/// # Errors
/// When the window has gone.
pub(crate) async fn ask(app: &AppHandle, wanted: Wanted) -> tauri::Result<Picked> {
    let Ok(_only_one) = DIALOG.try_lock() else {
        return Ok(Picked::Nothing);
    };
    let (done, picked) = oneshot::channel();
    let on = app.clone();
    app.run_on_main_thread(move || system::open(&on, wanted, done))?;
    Ok(match picked.await {
        Ok(Some(path)) => Picked::Path(path),
        Ok(None) | Err(_) => Picked::Nothing,
    })
}

/// GTK's chooser, through the desktop's portal where that is asked for: the same toolkit that the window has.
#[cfg(target_os = "linux")]
mod system {
    use super::Wanted;
    use crate::wording;
    use gtk::prelude::*;
    use gtk::{FileChooserAction, FileChooserNative, ResponseType};
    use std::cell::RefCell;
    use std::path::PathBuf;
    use tauri::{AppHandle, Manager};
    use tokio::sync::oneshot::Sender;

    pub(super) fn open(app: &AppHandle, wanted: Wanted, done: Sender<Option<PathBuf>>) {
        let (title, action) = match wanted {
            Wanted::Folder => (wording::PICK_FOLDER, FileChooserAction::SelectFolder),
            Wanted::Copy => (wording::PICK_COPY, FileChooserAction::Open),
        };
        let window = app.get_webview_window("main");
        let above = window.and_then(|window| window.gtk_window().ok());
        let dialog = FileChooserNative::new(Some(title), above.as_ref(), action, Some(wording::PICK), None);
        // Another computer's folders are refused anyway.
        dialog.set_local_only(true);
        dialog.set_modal(true);
        let done = RefCell::new(Some(done));
        // The callback keeps the dialog alive until it is answered.
        let alive = RefCell::new(Some(dialog.clone()));
        dialog.connect_response(move |dialog, response| {
            let path = (response == ResponseType::Accept)
                .then(|| dialog.filename())
                .flatten();
            if let Some(done) = done.borrow_mut().take() {
                // Nobody may be waiting any more.
                let _late = done.send(path);
            }
            drop(alive.borrow_mut().take());
        });
        dialog.show();
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use super::Wanted;
    use crate::wording;
    use std::path::PathBuf;
    use tauri::{AppHandle, Manager};
    use tokio::sync::oneshot::Sender;

    pub(super) fn open(app: &AppHandle, wanted: Wanted, done: Sender<Option<PathBuf>>) {
        let title = match wanted {
            Wanted::Folder => wording::PICK_FOLDER,
            Wanted::Copy => wording::PICK_COPY,
        };
        let mut dialog = rfd::AsyncFileDialog::new().set_title(title);
        if let Some(window) = app.get_webview_window("main") {
            dialog = dialog.set_parent(&window);
        }
        tauri::async_runtime::spawn(async move {
            let picked = match wanted {
                Wanted::Folder => dialog.pick_folder().await,
                Wanted::Copy => dialog.pick_file().await,
            };
            // Nobody may be waiting any more.
            let _late = done.send(picked.map(|path| path.path().to_owned()));
        });
    }
}
