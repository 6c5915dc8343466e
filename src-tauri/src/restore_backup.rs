//! Closing a desk so that the file under it may be changed, while the window stays open.

use crate::wording;
use holdfast_desk::{AppError, Desk, ErrorCode};
use std::sync::{Arc, Weak};
use std::time::Duration;

/// Ten seconds for what staff began a moment ago to end; then restoring the backup fails and says so.
const IN_USE_TRIES: u32 = 100;
const IN_USE_PAUSE: Duration = Duration::from_millis(100);

/// Whether the backup may be put back, and is one of this ledger's: the window names no other file.
pub(crate) async fn refuse_unless_possible(desk: &Desk, name: &str) -> Result<(), AppError> {
    desk.refuse_restore()?;
    desk.preview_restore(name).await.map(drop)
}

/// Waits until nobody works with the desk any more and its ledger is closed; the desk, if somebody
/// still does.
pub(crate) async fn still_used(desk: Weak<Desk>) -> Option<Arc<Desk>> {
    for _ in 0..IN_USE_TRIES {
        if desk.strong_count() == 0 {
            return None;
        }
        tokio::time::sleep(IN_USE_PAUSE).await;
    }
    desk.upgrade()
}

pub(crate) fn busy() -> AppError {
    AppError::new(ErrorCode::NotAllowed, wording::NOT_SETTLED)
}
