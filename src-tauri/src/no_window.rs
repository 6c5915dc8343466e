//! What is said where the window itself can't be opened: in the system's own dialog.

use crate::wording;

/// Says it, and waits until somebody has read it.
pub(crate) fn say(error: &anyhow::Error) {
    tracing::error!(error = format!("{error:#}"), "the window could not be opened");
    system::show(&wording::no_window(&format!("{error:#}")));
}

#[cfg(target_os = "linux")]
mod system {
    use crate::wording;
    use gtk::prelude::*;
    use gtk::{ButtonsType, DialogFlags, MessageDialog, MessageType};

    pub(super) fn show(words: &str) {
        let (flags, kind) = (DialogFlags::empty(), MessageType::Error);
        let dialog = MessageDialog::new(None::<&gtk::Window>, flags, kind, ButtonsType::Close, words);
        dialog.set_title(wording::PROGRAM);
        dialog.run();
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use crate::wording;

    pub(super) fn show(words: &str) {
        rfd::MessageDialog::new()
            .set_level(rfd::MessageLevel::Error)
            .set_title(wording::PROGRAM)
            .set_description(words)
            .show();
    }
}
