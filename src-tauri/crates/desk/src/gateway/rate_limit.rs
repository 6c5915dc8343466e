//! How often the watch asks Dojo of its own accord. What staff decide never waits for it.

use crate::Desk;
use std::collections::VecDeque;
use std::time::Duration;

/// At most so many requests leave in any such span, however late some of them were. It is more than a second, for
/// the way to Dojo holds one up longer than another, and there no second may see more either.
const MOST: usize = 5;
const SPAN: Duration = Duration::from_millis(1_100);

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
            self.clock.sleep(SPAN.saturating_sub(since)).await;
        }
        asked.push_back(self.clock.steady());
    }
}
