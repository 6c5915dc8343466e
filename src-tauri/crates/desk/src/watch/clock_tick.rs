//! What time alone changes in the window: "in 5 hours" becomes "in 4 hours", and nobody has done anything.

use crate::Desk;
use crate::present::attention::Attention;
use crate::present::view::Floor;
use chrono::{DateTime, TimeDelta, Utc};

/// The window is redrawn this often in any case: a tab shows more times than its row.
const REDRAW_AT_LEAST_EVERY: TimeDelta = TimeDelta::minutes(5);

/// What was drawn last because time had passed, and when.
#[derive(Debug, Default)]
pub struct Drawn(Option<(DateTime<Utc>, Floor, Attention)>);

impl Desk {
    /// Has the window redraw if time has changed what it shows. When nothing has, nothing is drawn: a window that
    /// reads two hundred rows every half minute fills its memory with them.
    pub async fn redraw(&self, drawn: &mut Drawn) {
        let (Ok(mut floor), Ok(attention)) = (self.floor().await, self.attention().await) else {
            // The window asks, and shows why it can't be.
            self.context.changed();
            return;
        };
        // Of itself the time is no news.
        let now = std::mem::take(&mut floor.now);
        let is_as_it_was = drawn.0.as_ref().is_some_and(|(at, before, told)| {
            (now - *at).abs() < REDRAW_AT_LEAST_EVERY && floor == *before && attention == *told
        });
        if !is_as_it_was {
            drawn.0 = Some((now, floor, attention));
            self.context.changed();
        }
    }
}
