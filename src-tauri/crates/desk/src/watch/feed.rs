//! Hearing what other tills have written, and whether the ledger is there at all.

use crate::Desk;
use holdfast_ledger::{Changes, Cursor};
use std::sync::Arc;
use std::time::Duration;

/// Between two questions: what was done at another till is to be seen within a second.
const ASKED_EVERY: Duration = Duration::from_millis(400);

impl Desk {
    /// Asks for as long as the task lives. Alone on the ledger there is nothing to hear.
    pub async fn keep_hearing(self: Arc<Self>) {
        if self.context.session.is_none() {
            return std::future::pending().await;
        }
        let mut known = None;
        loop {
            self.hear_of_changes(&mut known).await;
            tokio::time::sleep(ASKED_EVERY).await;
        }
    }

    /// Takes note of what other tills have written since the last look, and whether the ledger answers.
    pub async fn hear_of_changes(&self, known: &mut Option<Cursor>) {
        if self.context.session.is_none() {
            return;
        }
        let was_away = self.context.away().is_some();
        let heard = self.context.ledger.changes(*known).await;
        let Ok(Changes { cursor, since }) = &heard else {
            self.context.heard_of_ledger(&heard);
            if let (Err(error), false) = (&heard, was_away) {
                tracing::warn!(%error, "what other tills have written can't be heard");
            }
            return;
        };
        let is_news = known.is_none() || since.as_ref().is_none_or(|since| !since.is_empty());
        // Without that the ledger is there all the same, and what stands in it is shown. The next news brings both.
        if is_news && let Err(error) = self.context.hear_of_deeds().await {
            tracing::warn!(%error, "what was done at other tills can't be heard");
        }
        if known.is_some_and(|known| known.of != cursor.of) {
            self.reconciler.look_again_whether_restored().await;
        }
        *known = Some(*cursor);
        self.context.heard_of_ledger(&heard);
        if is_news || was_away {
            self.context.changed();
        }
    }
}
