//! How often the watch asks Dojo of its own accord. What staff decide never waits for it.

use crate::Desk;
use std::collections::VecDeque;
use std::time::Duration;

/// At most so many requests in any one second, however late some of them were.
const MOST: usize = 5;
const SECOND: Duration = Duration::from_secs(1);

/// When the last ones left, by the steady count; the oldest first.
pub(crate) type Asked = tokio::sync::Mutex<VecDeque<Duration>>;

impl Desk {
    /// Waits until one more request is polite.
    pub(crate) async fn politely(&self) {
        let mut asked = self.asked.lock().await;
        if asked.len() >= MOST
            && let Some(oldest) = asked.pop_front()
        {
            let since = self.clock.steady().saturating_sub(oldest);
            self.clock.sleep(SECOND.saturating_sub(since)).await;
        }
        asked.push_back(self.clock.steady());
    }
}
