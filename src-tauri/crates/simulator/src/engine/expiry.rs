//! What happens by itself as the clock moves on.

use chrono::{DateTime, Utc};

use super::{
    Engine,
    intent::{AutoExpireAction, By, Capture, CaptureStatus, Intent, Refund, Status},
    message::Request,
    switches::{DeadlineCapture, Switches, UnpaidExpiry},
    take::after_capture,
};

/// The next thing due.
enum Due {
    /// A capture is decided.
    Settle(String),
    /// A refund is counted, or fails.
    Refund(String),
    /// A payment that was under way as its intent was canceled goes through.
    Pays(String),
    /// A hold ends.
    HoldEnds(String),
    /// A never-paid intent is over.
    UnpaidEnds(String),
    /// A request that was held up arrives.
    Late(usize),
}

fn due(intent: &Intent, switches: &Switches) -> Option<(DateTime<Utc>, Due)> {
    let settle = intent
        .captures
        .iter()
        .filter_map(|capture| Some(capture.settles?.0))
        .min();
    let settle = settle.map(|at| (at, Due::Settle(intent.id.clone())));
    let refund = intent.refunds.iter().filter_map(Refund::next).min();
    let refund = refund.map(|at| (at, Due::Refund(intent.id.clone())));
    let pays = intent.pays_at.map(|at| (at, Due::Pays(intent.id.clone())));
    let ends = intent
        .ends_at(switches)
        .map(|at| (at, Due::HoldEnds(intent.id.clone())));
    let unpaid = intent.status == Status::Created && switches.unpaid_expiry == UnpaidExpiry::Canceled;
    let unpaid = unpaid.then(|| (intent.expire_at, Due::UnpaidEnds(intent.id.clone())));
    [settle, refund, pays, ends, unpaid]
        .into_iter()
        .flatten()
        .min_by_key(|(at, _)| *at)
}

impl Engine {
    /// Moves the clock on; it never goes back. Everything that falls due happens at its own instant.
    pub fn advance_to(&mut self, to: DateTime<Utc>) {
        while let Some((at, what)) = self.next_due().filter(|(at, _)| *at <= to) {
            // With the clock starting at creation, a card may pay after the end: then the end is now.
            self.now = self.now.max(at);
            match what {
                Due::Settle(id) => self.settle(&id),
                Due::Refund(id) => self.move_refund(&id),
                Due::Pays(id) => self.pay_after_all(&id),
                Due::HoldEnds(id) => self.end_hold(&id),
                Due::UnpaidEnds(id) => self.change(&id, |intent, _, _| intent.status = Status::Canceled),
                Due::Late(index) => {
                    let (_, request): (_, Request) = self.late.remove(index);
                    let answer = self.perform(&request, None);
                    self.log(&request, Some("late"), true, answer.status);
                }
            }
        }
        self.now = self.now.max(to);
    }

    fn next_due(&self) -> Option<(DateTime<Utc>, Due)> {
        let switches = &self.state.switches;
        let late = self
            .late
            .iter()
            .enumerate()
            .map(|(index, (at, _))| (*at, Due::Late(index)));
        self.intents
            .values()
            .filter_map(|intent| due(intent, switches))
            .chain(late)
            .min_by_key(|(at, _)| *at)
    }

    fn settle(&mut self, id: &str) {
        self.change(id, |intent, now, switches| {
            let waiting = |capture: &&mut Capture| capture.settles.is_some_and(|(at, _)| at <= now);
            let Some(capture) = intent.captures.iter_mut().find(waiting) else {
                return;
            };
            if let Some((_, fate)) = capture.settles.take() {
                capture.status = fate;
                if fate == CaptureStatus::Successful {
                    after_capture(intent, switches);
                }
            }
        });
    }

    fn end_hold(&mut self, id: &str) {
        let capture_id = self.id("cp_");
        self.change(id, |intent, now, switches| {
            let left = intent.remaining(switches);
            if intent.auto_expire_action == Some(AutoExpireAction::Capture) && left > 0 {
                intent.captures.push(Capture {
                    id: capture_id,
                    amount: left,
                    tips_amount: None,
                    status: CaptureStatus::Successful,
                    created_at: now,
                    settles: None,
                    by: By::Deadline,
                    is_unlisted: switches.deadline_capture == DeadlineCapture::Unlisted,
                });
            }
            intent.hold_open = false;
        });
    }
}
