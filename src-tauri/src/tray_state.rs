//! How the venue stands, as the tray and the question before quitting say it.

use crate::leaving::Leaving;
use crate::tray::Tray;
use holdfast_desk::view::VenueSummary;
use holdfast_desk::{Desk, OpenTabs};
use std::path::Path;
use tauri::{AppHandle, Manager};

/// Tells the tray, and the question before quitting, how the venue stands.
/// Kept in the mode's `folder` too, for when another mode is open.
pub(crate) async fn tell(app: &AppHandle, desk: &Desk, folder: &Path) {
    match (desk.venue_summary().await, desk.settings().await) {
        (Ok(standing), Ok(settings)) => {
            OpenTabs::keep(folder, &standing);
            show(app, Some(standing), settings.keep_in_tray);
        }
        (Err(error), _) | (_, Err(error)) => tracing::warn!(%error, "the tray shows what was known last"),
    }
}

/// Shows `standing`; none where nothing is watched.
pub(crate) fn show(app: &AppHandle, standing: Option<VenueSummary>, keeps_watching: bool) {
    app.state::<Tray>().show(app, standing.as_ref());
    app.state::<Leaving>().note(standing.clone(), keeps_watching);
    app.state::<TrayState>().tell(standing);
}

/// How the venue stood when it was told last; none where nothing is watched.
#[derive(Default)]
pub(crate) struct TrayState(std::sync::Mutex<Option<VenueSummary>>);

impl TrayState {
    pub(crate) fn standing(&self) -> Option<VenueSummary> {
        self.0.lock().ok()?.clone()
    }

    fn tell(&self, standing: Option<VenueSummary>) {
        if let Ok(mut told) = self.0.lock() {
            *told = standing;
        }
    }
}
