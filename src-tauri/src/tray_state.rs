//! How the venue stands, as the tray and the question before quitting say it.

use crate::tray::Tray;
use holdfast_desk::view::VenueSummary;
use holdfast_desk::{Desk, OpenTabs};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use tauri::{AppHandle, Manager};

/// Tells the tray, and the question before quitting, how the venue stands.
/// Kept in the mode's `folder` too, for when another mode is open.
pub(crate) async fn tell(app: &AppHandle, desk: &Desk, folder: &Path) {
    match (desk.venue_summary().await, desk.settings().await) {
        (Ok(venue), settings) => {
            OpenTabs::keep(folder, &venue);
            // A shared ledger that is away can't be asked for them.
            let keeps_watching = settings.map_or_else(
                |_| app.state::<TrayState>().last_told().keeps_watching,
                |settings| settings.keep_in_tray,
            );
            show(app, Some(venue), keeps_watching);
        }
        (Err(error), _) => tracing::warn!(%error, "the tray shows what was known last"),
    }
}

/// Shows `venue`; none where nothing is watched.
pub(crate) fn show(app: &AppHandle, venue: Option<VenueSummary>, keeps_watching: bool) {
    app.state::<Tray>().show(app, venue.as_ref());
    *app.state::<TrayState>().lock() = LastTold {
        venue,
        keeps_watching,
    };
}

/// How the venue stood when it was told last.
#[derive(Debug, Clone, Default)]
pub(crate) struct LastTold {
    /// None where nothing is watched.
    pub(crate) venue: Option<VenueSummary>,
    /// The settings want the watch to go on behind a closed window.
    pub(crate) keeps_watching: bool,
}

/// What was told last.
#[derive(Default)]
pub(crate) struct TrayState(Mutex<LastTold>);

impl TrayState {
    pub(crate) fn last_told(&self) -> LastTold {
        self.lock().clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, LastTold> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
