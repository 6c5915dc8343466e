//! The question before quitting.

use std::sync::atomic::{AtomicBool, Ordering};
use tauri::{AppHandle, Emitter, Manager};

/// Whether the question is on the screen; a person who closes once more means it.
#[derive(Default)]
pub(crate) struct Question(AtomicBool);

impl Question {
    pub(crate) fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// It was answered with staying, or there is nothing to ask any more.
    pub(crate) fn end(&self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

/// The window asks, for it can be read out and looks like the rest.
pub(crate) fn ask(app: &AppHandle, words: &str) {
    app.state::<Question>().0.store(true, Ordering::Relaxed);
    if let Err(error) = app.emit("leaving", words) {
        tracing::warn!(%error, "the window could not ask");
    }
}
