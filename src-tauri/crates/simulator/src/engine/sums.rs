//! What follows from an intent: its sums, its deadline, its status.

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    intent::{CaptureMode, CaptureStatus, Event, Intent, RefundStatus, Status},
    switches::{ClockStart, PartialStatus, Switches, TipLimit},
};

/// Sums minor units; a sum past the end of the range is treated as too much for any limit.
fn sum(parts: impl Iterator<Item = i64>) -> i64 {
    parts
        .into_iter()
        .try_fold(0_i64, i64::checked_add)
        .unwrap_or(i64::MAX)
}

impl Intent {
    /// Amount, tip, service charge and cashback: what a card is asked for.
    pub fn total(&self) -> i64 {
        sum([self.amount, self.tips_amount.unwrap_or(0), self.extras()].into_iter())
    }

    /// Service charge and cashback.
    pub(super) fn extras(&self) -> i64 {
        let value = |name| self.echoed.get(name)?["value"].as_i64();
        sum(["serviceChargeAmount", "cashbackAmount"]
            .into_iter()
            .filter_map(value))
    }

    /// What has been taken, tips included.
    pub fn captured(&self) -> i64 {
        let parts = self
            .captures
            .iter()
            .filter(|capture| capture.status == CaptureStatus::Successful);
        sum(parts.map(|capture| sum([capture.amount, capture.tips_amount.unwrap_or(0)].into_iter())))
            .checked_add(self.auto_captured)
            .unwrap_or(i64::MAX)
    }

    /// The tips taken with captures.
    pub(super) fn captured_tips(&self) -> i64 {
        let parts = self
            .captures
            .iter()
            .filter(|capture| capture.status == CaptureStatus::Successful);
        sum(parts.map(|capture| capture.tips_amount.unwrap_or(0)))
    }

    /// What has been given back: refunds that are counted and did not fail.
    pub fn refunded(&self) -> i64 {
        self.refunds_that_are(RefundStatus::Successful)
    }

    /// Refunds that were accepted and are not counted yet.
    pub fn refunds_pending(&self) -> i64 {
        self.refunds_that_are(RefundStatus::Created)
    }

    fn refunds_that_are(&self, status: RefundStatus) -> i64 {
        let refunds = self.refunds.iter().filter(|refund| refund.status == status);
        sum(refunds.map(|refund| refund.amount))
    }

    /// What captures, decided or not, use up of the hold.
    pub(super) fn used(&self, switches: &Switches) -> i64 {
        let live = self
            .captures
            .iter()
            .filter(|capture| matches!(capture.status, CaptureStatus::Successful | CaptureStatus::Created));
        sum(live.map(|capture| weight(capture.amount, capture.tips_amount, switches)))
    }

    /// What is held and can still be captured, now.
    pub fn remaining(&self, switches: &Switches) -> i64 {
        if self.hold_open {
            self.authorised
                .checked_sub(self.used(switches))
                .unwrap_or(0)
                .max(0)
        } else {
            0
        }
    }

    /// When the hold is to end by itself; none once it is over.
    pub fn deadline(&self, switches: &Switches) -> Option<DateTime<Utc>> {
        if !self.hold_open {
            return None;
        }
        let start = match switches.clock_start {
            ClockStart::Authorisation => self.authorised_at?,
            ClockStart::Creation => self.created_at,
        };
        let limit = TimeDelta::days(7);
        let interval = self
            .auto_expire_in
            .as_deref()
            .and_then(super::timespan::parse)
            .unwrap_or(limit);
        let end = start.checked_add_signed(interval.min(limit))?;
        Some(self.fixed_end.map_or(end, |fixed| fixed.min(end)))
    }

    /// When Dojo ends the hold: at its deadline, or as much later as the switch and a fault say.
    pub fn ends_at(&self, switches: &Switches) -> Option<DateTime<Utc>> {
        let late = TimeDelta::seconds(i64::from(switches.deadline_late).saturating_add(self.ends_late));
        self.deadline(switches)?.checked_add_signed(late)
    }

    /// Works out the status from what has happened.
    pub(super) fn restate(&mut self, switches: &Switches) {
        if matches!(self.status, Status::Created | Status::Canceled) {
            return;
        }
        if self.hold_open && self.used(switches) >= self.authorised && !self.undecided() {
            self.hold_open = false;
        }
        let captured = self.captured();
        self.status = if self.capture_mode == CaptureMode::Auto && self.reversal_id.is_some() {
            Status::Reversed
        } else if self.hold_open {
            if captured > 0 && switches.partial_status == PartialStatus::Captured {
                Status::Captured
            } else {
                Status::Authorized
            }
        } else if captured == 0 {
            if self.undecided() {
                Status::Authorized
            } else {
                Status::Reversed
            }
        } else if self.refunded() >= captured {
            Status::Refunded
        } else {
            Status::Captured
        };
    }

    /// Whether a capture waits for its fate.
    pub(super) fn undecided(&self) -> bool {
        self.captures
            .iter()
            .any(|capture| capture.status == CaptureStatus::Created)
    }

    /// Adds a change of status to the history that the interface shows; parts of it leave no mark there.
    pub(super) fn note(&mut self, at: DateTime<Utc>) {
        let Some(last) = self.events.last().cloned() else {
            return;
        };
        self.events.push(Event {
            at,
            event_type: format!("{:?}", self.status),
            ..last
        });
    }
}

/// What one capture uses up of the hold.
pub(super) fn weight(amount: i64, tip: Option<i64>, switches: &Switches) -> i64 {
    let tip = if switches.tip_limit == TipLimit::WithinHold {
        tip.unwrap_or(0)
    } else {
        0
    };
    amount.checked_add(tip).unwrap_or(i64::MAX)
}
