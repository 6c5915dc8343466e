//! The watch: reads Dojo's record of what is open, often where somebody waits, rarely elsewhere.

use crate::{Desk, ErrorCode};
use chrono::TimeDelta;
use holdfast_domain::{Hold, HoldId, HoldState};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// One look at what is due.
const BEAT: Duration = Duration::from_secs(1);

/// At most so many readings a beat, so that Dojo is asked politely.
const MOST_READINGS: usize = 5;

/// A guest is at the page: the desk wants to see it at once.
const GUEST_AT_THE_PAGE: TimeDelta = TimeDelta::minutes(15);

/// The window's "in 5 hours" is drawn anew as time passes.
const REDRAW: u32 = 30;

/// After trouble, the pause doubles up to this.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

impl Desk {
    /// Reads what is due, for as long as the task lives. Nothing here moves money.
    pub async fn keep_watch(self: Arc<Self>) {
        let mut read_at: HashMap<HoldId, Instant> = HashMap::new();
        let (mut pause, mut again_at) = (Duration::ZERO, Instant::now());
        let mut beat = tokio::time::interval(BEAT);
        beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        for count in 0_u32.. {
            beat.tick().await;
            if count % REDRAW == REDRAW - 1 {
                self.changed();
            }
            self.back_up_when_due();
            if Instant::now() >= again_at
                && let Err(error) = self.look_again(MOST_READINGS).await
            {
                // What is live must not wait for what can't be found.
                tracing::warn!(%error, "Dojo could not be asked about the restored ledger");
                again_at = Instant::now() + LONGEST_PAUSE;
            }
            let trouble = self.read_what_is_due(&mut read_at).await;
            pause = if trouble {
                (pause * 2).clamp(Duration::from_secs(2), LONGEST_PAUSE)
            } else {
                Duration::ZERO
            };
            tokio::time::sleep(pause).await;
        }
    }

    /// One beat; whether Dojo could not be reached.
    async fn read_what_is_due(&self, read_at: &mut HashMap<HoldId, Instant>) -> bool {
        let holds = match self.watched().await {
            Ok(holds) => holds,
            Err(error) => {
                tracing::error!(%error, "the watch could not read the ledger");
                return true;
            }
        };
        let now = Instant::now();
        let mut due: Vec<(Option<Duration>, HoldId)> = Vec::new();
        for hold in &holds {
            let since = read_at.get(&hold.id).map(|at| now.duration_since(*at));
            if since.is_none_or(|since| since >= self.every(hold)) {
                due.push((since, hold.id));
            }
        }
        read_at.retain(|id, _| holds.iter().any(|hold| hold.id == *id));
        // Never read before first, then whatever waited longest.
        due.sort_by_key(|(since, _)| std::cmp::Reverse(since.unwrap_or(Duration::MAX)));
        for (_, id) in due.into_iter().take(MOST_READINGS) {
            read_at.insert(id, Instant::now());
            match self.read(id).await {
                Ok(_) => {}
                Err(error) if error.code == ErrorCode::NotSent => return true,
                Err(error) => tracing::warn!(hold = %id, %error, "a hold could not be read"),
            }
        }
        false
    }

    /// How often a hold is worth a look.
    fn every(&self, hold: &Hold) -> Duration {
        let now = self.now();
        let age = now.signed_duration_since(hold.opened_at);
        match hold.state(now) {
            HoldState::Waiting | HoldState::Opening if age < GUEST_AT_THE_PAGE => BEAT,
            HoldState::Waiting | HoldState::Opening => Duration::from_secs(15),
            HoldState::Overdue => Duration::from_secs(5),
            HoldState::Held
            | HoldState::PartTaken
            | HoldState::Taken
            | HoldState::Released
            | HoldState::Expired
            | HoldState::TakenByDojo
            | HoldState::Cancelled
            | HoldState::PartRefunded
            | HoldState::Refunded
            | HoldState::Unreadable => Duration::from_secs(20),
        }
    }
}
