//! The watch: reads Dojo's record of what is open, often where somebody waits, rarely elsewhere.

use crate::reconcile::audit::RecentReconciliation;
use crate::watch::clock_tick::Drawn;
use crate::{Desk, ErrorCode};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_domain::{CLOCK_SETTLE_TIME, Hold, HoldId, HoldState};
use holdfast_ledger::Duty;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// How often the watch looks at what is due.
const POLL_TICK: Duration = Duration::from_secs(1);

/// How many holds are read per tick: Dojo limits requests to five a second.
const MOST_READINGS_PER_TICK: usize = 5;

/// How many of these go to holds that a restored ledger has yet to read again.
const MOST_RESTORED_READINGS_PER_TICK: usize = 3;

/// How long after a request was opened its guest may be at the page, so that it's read every tick.
const GUEST_AT_PAGE_FOR: TimeDelta = TimeDelta::minutes(15);

/// How many ticks lie between two looks at whether the window's “in 5 hours” is out of date.
const REDRAW_EVERY_TICKS: u32 = 30;

/// The longest pause after trouble; it doubles up to this.
const LONGEST_BACKOFF: Duration = Duration::from_secs(60);

/// How often a hold is read, in seconds: with few holds and with many.
const HELD_READ_EVERY_SECONDS: (u64, u64) = (20, 60);

/// How a beat's readings went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BeatOutcome {
    /// None was due.
    Nothing,
    /// Dojo answered.
    Answered,
    /// Dojo can't be reached, or wants to be left alone.
    Trouble,
}

/// What the watch remembers between two beats. Times are by the steady count.
#[derive(Debug, Default)]
pub struct Rounds {
    read_at: HashMap<HoldId, Duration>,
    pause: Duration,
    rest_until: Duration,
    again_at: Duration,
    last: Option<(DateTime<Utc>, Duration)>,
    pub(crate) recent: RecentReconciliation,
}

impl Rounds {
    /// Begins a beat; whether the computer slept since the last one, or its clock was set.
    fn begin_beat(&mut self, till: DateTime<Utc>, steady: Duration) -> bool {
        let last = self.last.replace((till, steady));
        last.is_some_and(|(last_till, last_steady)| {
            let steady = TimeDelta::from_std(steady.saturating_sub(last_steady)).unwrap_or_default();
            ((till - last_till) - steady).abs() > CLOCK_SETTLE_TIME
        })
    }

    /// Nothing is asked for a while; longer each time, and by a chance share of it less, so that
    /// many tills don't come back together.
    fn rest(&mut self, now: Duration, chance: u8) {
        self.pause = (self.pause * 2).clamp(Duration::from_secs(2), LONGEST_BACKOFF);
        let less = self.pause / 4 * u32::from(chance) / u32::from(u8::MAX);
        self.rest_until = now + self.pause - less;
    }
}

impl Desk {
    /// Reads what is due, for as long as the task lives. Nothing here moves money but what staff decided with
    /// a renewal: the old hold's release, once the new one is in force.
    pub async fn keep_watch(self: Arc<Self>) {
        let (mut rounds, mut drawn) = (Rounds::default(), Drawn::default());
        let mut beat = tokio::time::interval(POLL_TICK);
        beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        for count in 0_u32.. {
            beat.tick().await;
            if count % REDRAW_EVERY_TICKS == REDRAW_EVERY_TICKS - 1 {
                self.redraw(&mut drawn).await;
            }
            if self.backups.take_due() {
                let desk = Arc::clone(&self);
                // In parallel with the readings, for a second folder may be slow.
                tokio::spawn(async move { desk.look_after_ledger().await });
            }
            self.watch_beat(&mut rounds).await;
        }
    }

    /// One beat of the watch: at most five requests, and those of renewals that can continue. Of several tills one at a
    /// time does it.
    pub async fn watch_beat(&self, rounds: &mut Rounds) {
        let now = self.context.clock.steady();
        if rounds.begin_beat(self.context.clock.now(), now) {
            // Everything may have changed meanwhile.
            rounds.read_at.clear();
            (rounds.pause, rounds.rest_until) = (Duration::ZERO, Duration::ZERO);
        }
        if now < rounds.rest_until || self.context.away().is_some() {
            return;
        }
        if !self.context.has(Duty::Watch).await {
            self.look_whether_dojo_is_back(rounds, now).await;
            return;
        }
        self.gateway.forget_push_back();
        let mut left = MOST_READINGS_PER_TICK;
        if now >= rounds.again_at {
            match self.reconciler.read_again(MOST_RESTORED_READINGS_PER_TICK).await {
                Ok(0) => {}
                Ok(_) => left = left.saturating_sub(MOST_RESTORED_READINGS_PER_TICK),
                Err(error) => {
                    // What is live must not wait for what can't be found.
                    tracing::warn!(%error, "Dojo could not be asked about the restored ledger");
                    rounds.again_at = now + LONGEST_BACKOFF;
                }
            }
        }
        if self
            .reconciler
            .reconcile_recent_when_due(&mut rounds.recent, now)
            .await
        {
            left = left.saturating_sub(1);
        }
        let read = self.read_what_is_due(&mut rounds.read_at, left).await;
        if read == BeatOutcome::Trouble || self.gateway.was_pushed_back() {
            let [chance, ..] = self.context.clock.uuid().as_u128().to_le_bytes();
            rounds.rest(now, chance);
            return;
        }
        if read == BeatOutcome::Answered {
            rounds.pause = Duration::ZERO;
        }
        if let Err(error) = self.taker.continue_asks().await {
            tracing::error!(%error, "what is left of a take could not be asked for");
        }
        if let Err(error) = self.renewer.continue_renewals().await {
            tracing::error!(%error, "a renewal could not be continued");
        }
    }

    /// A till that another one watches for asks Dojo nothing by itself. So where its own way there was cut, it asks for
    /// one hold now and then, or for what is recent where there is none, until there's an answer.
    async fn look_whether_dojo_is_back(&self, rounds: &mut Rounds, now: Duration) {
        if self.gateway.is_online() {
            return;
        }
        self.gateway.forget_push_back();
        let read = self.read_what_is_due(&mut rounds.read_at, 1).await;
        if read == BeatOutcome::Nothing {
            self.reconciler
                .reconcile_recent_when_due(&mut rounds.recent, now)
                .await;
        }
        if self.gateway.is_online() {
            rounds.pause = Duration::ZERO;
        } else {
            let [chance, ..] = self.context.clock.uuid().as_u128().to_le_bytes();
            rounds.rest(now, chance);
        }
    }

    /// Reads up to `most` holds, until one can't be.
    async fn read_what_is_due(&self, read_at: &mut HashMap<HoldId, Duration>, most: usize) -> BeatOutcome {
        let holds = match self.reconciler.watched().await {
            Ok(holds) => holds,
            Err(error) => {
                tracing::error!(%error, "the watch could not read the ledger");
                return BeatOutcome::Trouble;
            }
        };
        // Once for all of them: in training the clock is the simulator's, which looks at all that it has.
        let (till, now) = (self.context.now(), self.context.clock.steady());
        let count = u64::try_from(holds.len()).unwrap_or(u64::MAX);
        let calm =
            Duration::from_secs((count / 3).clamp(HELD_READ_EVERY_SECONDS.0, HELD_READ_EVERY_SECONDS.1));
        let mut due: Vec<(Option<Duration>, HoldId)> = Vec::new();
        for hold in &holds {
            let since = read_at.get(&hold.id).map(|at| now.saturating_sub(*at));
            if since.is_none_or(|since| since >= every(hold, till, calm)) {
                due.push((since, hold.id));
            }
        }
        read_at.retain(|id, _| holds.iter().any(|hold| hold.id == *id));
        // Never read before first, then whatever waited longest.
        due.sort_by_key(|(since, _)| std::cmp::Reverse(since.unwrap_or(Duration::MAX)));
        let mut read = BeatOutcome::Nothing;
        for (_, id) in due.into_iter().take(most) {
            self.gateway.wait_for_turn().await;
            let result = self.reconciler.read(id).await;
            let is_unreachable = result.as_ref().is_err_and(|e| e.code == ErrorCode::NotSent);
            if is_unreachable || self.gateway.was_pushed_back() {
                return BeatOutcome::Trouble;
            }
            if let Err(error) = result {
                tracing::warn!(hold = %id, %error, "a hold could not be read");
            }
            read_at.insert(id, now);
            read = BeatOutcome::Answered;
        }
        read
    }
}

/// A request that no guest is at any more.
const WAITING_EVERY: Duration = Duration::from_secs(15);

/// A hold that Dojo should have ended by now.
const OVERDUE_EVERY: Duration = Duration::from_secs(5);

/// How often a hold is worth a look.
fn every(hold: &Hold, now: DateTime<Utc>, calm: Duration) -> Duration {
    let age = now.signed_duration_since(hold.opened_at);
    match hold.state(now) {
        HoldState::Waiting | HoldState::Opening if age < GUEST_AT_PAGE_FOR => POLL_TICK,
        HoldState::Waiting | HoldState::Opening => WAITING_EVERY,
        HoldState::Overdue => OVERDUE_EVERY,
        HoldState::Held
        | HoldState::PartTaken
        | HoldState::Taken
        | HoldState::Released
        | HoldState::Expired
        | HoldState::TakenByDojo
        | HoldState::Cancelled
        | HoldState::PartRefunded
        | HoldState::Refunded
        | HoldState::Unreadable => calm,
    }
}
