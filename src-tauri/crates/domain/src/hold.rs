//! A hold: one payment intent on a tab, and what Dojo's newest reading of it means.

use crate::{
    CLOCK_TOLERANCE, Capture, CaptureStatus, Currency, Deadline, DeadlineAction, HoldId, IntentStatus, Money,
    Said, Snapshot, TabId,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Dojo's `captureMode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum CaptureMode {
    /// Taken as soon as the guest pays.
    Auto,
    /// Held until staff capture or reverse.
    Manual,
}

/// One payment intent on a tab.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Ours, also in the intent's metadata.
    pub id: HoldId,
    /// On which tab.
    pub tab: TabId,
    /// Dojo's id, once the create's answer is known.
    pub intent_id: Option<String>,
    /// The intent's `reference`, 1 to 60 characters, unique here.
    pub reference: String,
    /// Auto or Manual.
    pub mode: CaptureMode,
    /// Currency of every amount of it.
    pub currency: Currency,
    /// Minor units asked for when it was opened.
    pub asked: i64,
    /// Seconds from authorisation to Dojo's own action; Manual only.
    pub expire_in: Option<i64>,
    /// What Dojo was told to do then; Manual only.
    pub expire_action: Option<DeadlineAction>,
    /// The guest's checkout page.
    pub link: Option<String>,
    /// When an unpaid link ends.
    pub link_ends_at: Option<DateTime<Utc>>,
    /// When it was opened here.
    pub opened_at: DateTime<Utc>,
    /// When Dojo made it.
    pub created_at: Option<DateTime<Utc>>,
    /// The newest reading of Dojo's record.
    pub seen: Option<Snapshot>,
    /// When Dojo acted by itself at the deadline, as its newest reading shows; a later one may show otherwise.
    pub lapsed_at: Option<DateTime<Utc>>,
    /// What a person said of money that was refunded elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said_elsewhere: Option<Said>,
    /// When a person dismissed that Dojo's answers about it make no sense; none once one does again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_up_at: Option<DateTime<Utc>>,
    /// How often it was written; the ledger counts.
    #[serde(default)]
    pub version: i64,
}

/// What a hold is to staff. Derived, never stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldState {
    /// Dojo has not confirmed the intent yet.
    Opening,
    /// The guest has not paid.
    Waiting,
    /// All of it is held.
    Held,
    /// Part is taken, the rest still held.
    PartTaken,
    /// Taken, nothing left.
    Taken,
    /// Released by staff.
    Released,
    /// Released by Dojo at the deadline.
    Expired,
    /// Taken by Dojo at the deadline.
    TakenByDojo,
    /// An unpaid request, withdrawn.
    Cancelled,
    /// Part of what was taken is refunded.
    PartRefunded,
    /// All of it is refunded.
    Refunded,
    /// Held past its deadline by our reckoning; Dojo has yet to say.
    Overdue,
    /// Dojo's answer makes no sense to this version.
    Unreadable,
}

impl Hold {
    /// Minor units of the captures in a status that is `wanted`, amount and tip. Saturates: Dojo limits both.
    fn sum(&self, wanted: impl Fn(CaptureStatus) -> bool) -> i64 {
        let Some(seen) = &self.seen else { return 0 };
        seen.captures
            .iter()
            .filter(|c| wanted(c.status))
            .fold(0_i64, |sum, c| sum.saturating_add(c.total()))
    }

    /// Minor units taken for certain, tip included.
    pub fn captured(&self) -> i64 {
        let captured = self.sum(|s| s == CaptureStatus::Successful);
        let Some(seen) = &self.seen else { return 0 };
        // An Auto capture need not be listed in captures[] (OpenAPI 2026-02-27, examples).
        let auto_taken = captured == 0
            && seen.captures.is_empty()
            && match seen.status {
                IntentStatus::Captured | IntentStatus::Refunded => true,
                // A word that this version doesn't know takes nothing back: what was refunded had been taken.
                IntentStatus::Unknown => self.mode == CaptureMode::Auto && seen.refunded > 0,
                IntentStatus::Created
                | IntentStatus::Authorized
                | IntentStatus::Reversed
                | IntentStatus::Canceled => false,
            };
        // Nor need what Dojo takes by itself at the deadline.
        let rest_taken = self.lapsed_at.is_some()
            && self.expire_action == Some(DeadlineAction::Capture)
            && (seen.status == IntentStatus::Captured || seen.refunded > captured);
        if rest_taken && captured >= seen.total {
            return captured.saturating_add(self.taken_unlisted(seen));
        }
        if auto_taken || rest_taken {
            captured.max(seen.total.saturating_sub(self.pending()))
        } else {
            captured
        }
    }

    /// Minor units that Dojo took at the deadline and doesn't list, of a hold whose tips weren't of it: they and the
    /// amounts make up all of it, and Dojo took something all the same.
    fn taken_unlisted(&self, seen: &Snapshot) -> i64 {
        let is_listed = seen.captures.iter().any(|capture| self.is_taken_by_dojo(capture));
        if is_listed { 0 } else { untaken_without_tips(seen) }
    }

    /// Minor units of tip within [`Hold::captured`].
    pub fn captured_tip(&self) -> i64 {
        let Some(seen) = &self.seen else { return 0 };
        if self.mode == CaptureMode::Auto && self.captured() > 0 {
            return seen.tip;
        }
        seen.captures
            .iter()
            .filter(|c| c.status == CaptureStatus::Successful)
            .fold(0_i64, |sum, c| sum.saturating_add(c.tip))
    }

    /// Minor units accepted by Dojo whose fate is open.
    pub fn pending(&self) -> i64 {
        self.sum(|s| matches!(s, CaptureStatus::Created | CaptureStatus::Unknown))
    }

    /// Minor units refunded.
    pub fn refunded(&self) -> i64 {
        self.seen.as_ref().map_or(0, |s| s.refunded)
    }

    /// Minor units that the guest is asked for by Dojo's newest reading, tip included: staff may have changed it since
    /// it was opened.
    pub fn requested(&self) -> i64 {
        self.seen.as_ref().map_or(self.asked, |seen| seen.total)
    }

    /// Minor units the guest's bank reserved when the card was authorised; 0 while unpaid.
    pub fn authorised(&self) -> i64 {
        let seen = self.seen.as_ref().filter(|seen| seen.is_authorised());
        seen.map_or(0, |seen| seen.total)
    }

    /// Minor units held and not yet taken. Derived from `captures[]`, for no status says it.
    pub fn left(&self) -> i64 {
        if self.mode == CaptureMode::Auto || self.lapsed_at.is_some() {
            return 0;
        }
        self.authorised()
            .saturating_sub(self.captured())
            .saturating_sub(self.pending())
            .max(self.left_by_tips())
    }

    /// Minor units on hold though amounts and tips make up all of it: where Dojo calls it authorised all the same, its
    /// tips aren't of the hold, and as much as they are is left. 0 while anything is on its way.
    fn left_by_tips(&self) -> i64 {
        let is_held = |seen: &&Snapshot| seen.status == IntentStatus::Authorized;
        let is_all_taken = self.pending() == 0 && self.captured() > 0;
        match self.seen.as_ref().filter(is_held) {
            Some(seen) if is_all_taken && self.captured() >= seen.total => untaken_without_tips(seen),
            _ => 0,
        }
    }

    /// Minor units that were ever held, whatever became of them since: more than was asked for where a tip wasn't of
    /// the hold.
    pub fn ever_held(&self) -> i64 {
        let Some(seen) = self.seen.as_ref().filter(|_| self.mode == CaptureMode::Manual) else {
            return 0;
        };
        let was_held = seen.is_authorised() || seen.status == IntentStatus::Reversed;
        if !was_held {
            return 0;
        }
        let known = self.captured().saturating_add(self.pending());
        seen.total.max(known.saturating_add(self.left()))
    }

    /// Minor units that were held and went back untaken, by a decision or at the deadline.
    pub fn released(&self) -> i64 {
        let is_reversed = self
            .seen
            .as_ref()
            .is_some_and(|seen| seen.status == IntentStatus::Reversed);
        if !is_reversed && self.lapsed_at.is_none() {
            return 0;
        }
        self.ever_held()
            .saturating_sub(self.captured())
            .saturating_sub(self.pending())
            .max(0)
    }

    /// Minor units that Dojo took by itself at the deadline, listed or not.
    pub fn taken_at_deadline(&self) -> i64 {
        if self.lapsed_at.is_none() || self.expire_action != Some(DeadlineAction::Capture) {
            return 0;
        }
        let captures = self.seen.iter().flat_map(|seen| &seen.captures);
        let before = captures
            .filter(|c| c.status == CaptureStatus::Successful && !self.is_taken_by_dojo(c))
            .fold(0_i64, |sum, c| sum.saturating_add(c.total()));
        self.captured().saturating_sub(before).max(0)
    }

    /// Whether Dojo took `capture` by itself at the deadline: it did, and that one was not made long before.
    pub fn is_taken_by_dojo(&self, capture: &Capture) -> bool {
        let is_taken = self.expire_action == Some(DeadlineAction::Capture);
        let lapsed_at = self.lapsed_at.filter(|_| is_taken);
        lapsed_at.is_some_and(|lapsed| capture.at.is_none_or(|at| lapsed - at <= CLOCK_TOLERANCE))
    }

    /// When an unpaid request ended by itself, if `seen` shows that it's over and its time was up.
    pub fn link_ended_by(&self, seen: &Snapshot) -> Option<DateTime<Utc>> {
        let end = self.link_ends_at.filter(|end| *end <= seen.seen_at);
        end.filter(|_| seen.status == IntentStatus::Canceled)
    }

    /// When Dojo acts by itself: authorised (opened, until that is known) plus the interval.
    pub fn deadline(&self) -> Option<Deadline> {
        let (seconds, action) = (self.expire_in?, self.expire_action?);
        let from = self
            .seen
            .as_ref()
            .and_then(|s| s.authorised_at)
            .or(self.created_at)
            .unwrap_or(self.opened_at);
        Deadline::after(from, seconds, action)
    }

    /// The latest that [`Hold::deadline`] can be, where Dojo doesn't say when the card was authorised. Before it,
    /// only Dojo's word ends the hold.
    pub fn latest_deadline(&self) -> Option<Deadline> {
        let Some(from) = self.seen.as_ref().and_then(|s| s.authorised_by) else {
            return self.deadline();
        };
        Deadline::after(from, self.expire_in?, self.expire_action?)
    }

    /// What staff should be told this hold is.
    pub fn state(&self, now: DateTime<Utc>) -> HoldState {
        let Some(seen) = &self.seen else {
            return HoldState::Opening;
        };
        match seen.status {
            IntentStatus::Created => HoldState::Waiting,
            IntentStatus::Canceled => HoldState::Cancelled,
            IntentStatus::Reversed if self.lapsed_at.is_some() => HoldState::Expired,
            IntentStatus::Reversed => HoldState::Released,
            IntentStatus::Refunded => HoldState::Refunded,
            IntentStatus::Unknown => HoldState::Unreadable,
            IntentStatus::Authorized | IntentStatus::Captured => self.money_state(now),
        }
    }

    /// The same by Dojo's word alone: whatever our clock says of its deadline, what Dojo shows as held is held.
    pub fn state_at_dojo(&self) -> HoldState {
        self.state(DateTime::<Utc>::MIN_UTC)
    }

    fn money_state(&self, now: DateTime<Utc>) -> HoldState {
        let (captured, left) = (self.captured(), self.left());
        if self.refunded() > 0 {
            return if self.refunded() >= captured {
                HoldState::Refunded
            } else {
                HoldState::PartRefunded
            };
        }
        if self.lapsed_at.is_some() && self.expire_action == Some(DeadlineAction::Capture) {
            return HoldState::TakenByDojo;
        }
        if left > 0 && self.deadline().is_some_and(|d| d.at <= now) {
            return HoldState::Overdue;
        }
        match (captured, left) {
            (0, _) => HoldState::Held,
            (_, 0) => HoldState::Taken,
            _ => HoldState::PartTaken,
        }
    }

    /// Nothing more will happen to it by itself or by staff, refunds apart.
    pub fn is_over(&self) -> bool {
        match &self.seen {
            None => false,
            Some(seen) => match seen.status {
                IntentStatus::Canceled | IntentStatus::Reversed => true,
                // Refunded may speak of a part that was taken, while the rest is still held.
                IntentStatus::Refunded => self.left() == 0 && self.pending() == 0,
                IntentStatus::Captured | IntentStatus::Authorized => {
                    self.left() == 0 && self.pending() == 0 && self.captured() > 0
                }
                IntentStatus::Created | IntentStatus::Unknown => false,
            },
        }
    }

    /// `minor` in this hold's currency.
    pub const fn money(&self, minor: i64) -> Money {
        Money::new(minor, self.currency)
    }
}

/// Minor units of what `seen` shows as held that no capture's amount took, if none of the tips was of the hold.
fn untaken_without_tips(seen: &Snapshot) -> i64 {
    let taken = seen
        .captures
        .iter()
        .filter(|c| c.status == CaptureStatus::Successful);
    let amounts = taken.fold(0_i64, |sum, c| sum.saturating_add(c.amount));
    seen.total.saturating_sub(amounts).max(0)
}
