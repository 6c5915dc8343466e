//! How often Dojo is asked of the program’s own accord: by the watch, by searches, and when all is read again after a
//! restore. What staff decide never waits for it.

use crate::gateway::Gateway;
use std::collections::VecDeque;
use std::time::Duration;

/// Dojo's limit, counted at its end.
const MOST_REQUESTS_PER_SPAN: usize = 5;
/// Dojo counts by the second; the rest leaves room for requests that travel at different speeds.
const RATE_SPAN: Duration = Duration::from_millis(1_100);

/// When the last ones left, by the steady count; the oldest first.
pub(crate) type RecentRequests = tokio::sync::Mutex<VecDeque<Duration>>;

impl Gateway {
    /// Waits until Dojo's limit allows one more request.
    pub(crate) async fn wait_for_turn(&self) {
        let mut recent = self.recent_requests.lock().await;
        if recent.len() >= MOST_REQUESTS_PER_SPAN
            && let Some(oldest) = recent.pop_front()
        {
            let since = self.context.clock.steady().saturating_sub(oldest);
            self.context.clock.sleep(RATE_SPAN.saturating_sub(since)).await;
        }
        recent.push_back(self.context.clock.steady());
    }
}
