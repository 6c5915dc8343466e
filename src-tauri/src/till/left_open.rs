//! What was open in a mode that was left: nobody watches it.

use super::Till;
use super::last_mode::{self, LastMode};
use crate::wording;
use holdfast_desk::{AppError, Mode, OpenTabs, agreed_to_leave};
use std::path::Path;

/// What is open in live while another mode is in use, or none.
fn left_open(root: &Path) -> Option<String> {
    // What is wanted and can't be opened is told with its reason.
    if matches!(
        last_mode::read(root),
        LastMode::Known(Mode::Live) | LastMode::Lost
    ) {
        return None;
    }
    OpenTabs::read(&Mode::Live.folder(root)).map(|words| wording::left_open(&words))
}

impl Till {
    /// Live's open tabs, where live was left.
    pub(crate) fn left_open(&self) -> Option<String> {
        // A share whose server is off answers nobody.
        match self.folder_trouble {
            Some(_) => None,
            None => left_open(&self.root),
        }
    }

    /// What quitting means while a mode of Dojo's is wanted and not watched; none where there is nothing to watch.
    pub(crate) fn quitting_while_off(&self) -> Option<String> {
        let is_wanted = || {
            let last = last_mode::read(&self.root);
            matches!(last, LastMode::Lost | LastMode::Known(Mode::Sandbox | Mode::Live))
        };
        match (&self.folder_trouble, self.trouble()) {
            (Some(why), _) => Some(wording::quitting_while_off(why)),
            (None, Some(error)) if is_wanted() => Some(wording::quitting_while_off(&error.message)),
            (None, _) => self.left_open().map(|left| wording::quitting_while_left(&left)),
        }
    }

    /// What closing the open mode means; none where nothing real is open in it.
    ///
    /// # Errors
    /// The ledger's.
    pub(crate) async fn leaving(&self) -> Result<Option<String>, AppError> {
        let open = self.open.lock().await;
        let Some(open) = open.as_ref().filter(|open| open.is_real()) else {
            return Ok(None);
        };
        let standing = open.desk.venue_summary().await?;
        Ok((standing.open_count > 0).then_some(standing.leaving))
    }

    /// Whether a person who brings the key of `mode` agrees to leave the one that is open.
    pub(super) async fn agreed_to_leave_for(&self, mode: Mode, typed: Option<&str>) -> Result<(), AppError> {
        if self.open_desk().await.is_ok_and(|(open, _)| open == mode) {
            return Ok(());
        }
        match self.leaving().await? {
            Some(means) => agreed_to_leave(typed, &means),
            None => Ok(()),
        }
    }
}
