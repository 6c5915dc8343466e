//! A renewal: the hold of a stay that is longer than a hold lasts. A new hold is asked for first, and the
//! old one is released only when Dojo shows that the new one is in force.

use crate::{Actor, Hold, HoldId, HoldState, Operation, OperationKind, OperationState, Reckoning, TabId};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// How long a release that never left waits to be tried again: what kept it may last.
pub const RELEASE_RETRY_DELAY: TimeDelta = TimeDelta::seconds(60);

/// How long after its end a link that Dojo still shows as unpaid is waited for: clocks differ.
pub const LINK_GRACE: TimeDelta = TimeDelta::minutes(15);

/// One hold that is to take another's place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renewal {
    /// The hold that was opened for it.
    pub new: HoldId,
    /// The one in whose place it comes.
    pub old: HoldId,
    /// The tab of both.
    pub tab: TabId,
    /// How many decisions there were on the old hold when it began: of those that came later, the newest
    /// release is its own.
    pub decided_before: usize,
    /// Who asked for it.
    pub by: Actor,
    /// When.
    pub at: DateTime<Utc>,
    /// When and how it ended, once nothing is left to be done.
    pub ended: Option<RenewalEnded>,
}

/// That a renewal is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenewalEnded {
    /// When.
    pub at: DateTime<Utc>,
    /// How.
    pub how: RenewalEnd,
}

/// How a renewal ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RenewalEnd {
    /// The new hold is in force, and the old one is not held any more.
    Done,
    /// Staff gave it up.
    GivenUp,
    /// Dojo did not make the new request, or made another than was asked for.
    NotMade,
    /// The guest did not pay the new link before it ended.
    LinkEnded,
    /// The new request or hold came to another end before the old one was released.
    NewOver,
    /// Something of the old hold was taken meanwhile, so Dojo lets nobody release the rest.
    OldTaken,
    /// The old hold ended before the new one was in force.
    OldOver,
    /// The old hold's release was refused, lost, or is at odds with what Dojo shows. Both are held.
    NotReleased,
}

/// What is to be done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RenewalStep {
    /// Nothing: the guest, Dojo or staff have to act first.
    Wait,
    /// The new hold is in force: release the old one.
    Release,
    /// Nothing is left to be done.
    End(RenewalEnd),
}

/// A hold with its operations, oldest first.
pub type HoldSide<'a> = (&'a Hold, &'a [Operation]);

impl Renewal {
    /// Whether nothing has ended it yet.
    pub const fn is_open(&self) -> bool {
        self.ended.is_none()
    }

    /// Whether it is about `hold`, as the old or the new one.
    pub fn is_about(&self, hold: HoldId) -> bool {
        self.new == hold || self.old == hold
    }

    /// The newest release of the old hold since it began, no matter who decided it.
    pub fn release<'a>(&self, old: &'a [Operation]) -> Option<&'a Operation> {
        old.iter()
            .skip(self.decided_before)
            .rfind(|o| o.kind == OperationKind::Reversal)
    }

    /// What is to be done, by what is known of both holds. The same answer until one of them changes, so
    /// that it may be asked at any time, and after any interruption.
    pub fn step(&self, old: HoldSide<'_>, new: HoldSide<'_>, now: Reckoning) -> RenewalStep {
        let is_unsettled = |side: HoldSide<'_>| side.1.iter().any(|o| o.state.is_open());
        if !self.is_open() || is_unsettled(old) || is_unsettled(new) {
            return RenewalStep::Wait;
        }
        let is_in_force = in_force(new.0, now);
        match old.0.state_at_dojo() {
            HoldState::Held => match self.by_new(new, now) {
                RenewalStep::Release => self.by_release(old.1, now.latest),
                step @ (RenewalStep::Wait | RenewalStep::End(_)) => step,
            },
            HoldState::Released | HoldState::Expired if is_in_force => RenewalStep::End(RenewalEnd::Done),
            HoldState::Released | HoldState::Expired => RenewalStep::End(RenewalEnd::OldOver),
            HoldState::PartTaken
            | HoldState::Taken
            | HoldState::TakenByDojo
            | HoldState::PartRefunded
            | HoldState::Refunded => RenewalStep::End(RenewalEnd::OldTaken),
            HoldState::Opening
            | HoldState::Waiting
            | HoldState::Cancelled
            | HoldState::Overdue
            | HoldState::Unreadable => RenewalStep::Wait,
        }
    }

    /// While all of the old hold is held, the new one decides.
    fn by_new(&self, (new, operations): HoldSide<'_>, now: Reckoning) -> RenewalStep {
        let create = operations.iter().rfind(|o| o.kind == OperationKind::Create);
        let is_made = create.is_none_or(|create| match create.state {
            OperationState::Rejected
            | OperationState::Declined
            | OperationState::Absent
            | OperationState::Conflict => false,
            OperationState::Intended
            | OperationState::Accepted
            | OperationState::Unknown
            | OperationState::Succeeded
            | OperationState::NotSent => true,
        });
        if !is_made {
            return RenewalStep::End(RenewalEnd::NotMade);
        }
        let ended_for = |now: DateTime<Utc>| {
            let end = new.link_ends_at;
            end.map(|end| now.signed_duration_since(end))
        };
        match new.state(now.earliest) {
            // A clock that is ahead ends no link: Dojo may still let the guest pay.
            HoldState::Waiting if ended_for(now.earliest).is_some_and(|span| span >= LINK_GRACE) => {
                RenewalStep::End(RenewalEnd::LinkEnded)
            }
            HoldState::Cancelled if ended_for(now.latest).is_some_and(|span| span >= TimeDelta::zero()) => {
                RenewalStep::End(RenewalEnd::LinkEnded)
            }
            HoldState::Held | HoldState::PartTaken => RenewalStep::Release,
            HoldState::Opening | HoldState::Waiting | HoldState::Overdue | HoldState::Unreadable => {
                RenewalStep::Wait
            }
            HoldState::Cancelled
            | HoldState::Released
            | HoldState::Expired
            | HoldState::Taken
            | HoldState::TakenByDojo
            | HoldState::PartRefunded
            | HoldState::Refunded => RenewalStep::End(RenewalEnd::NewOver),
        }
    }

    /// With the new hold in force, what became of the old one's release decides.
    fn by_release(&self, old: &[Operation], now: DateTime<Utc>) -> RenewalStep {
        let Some(release) = self.release(old) else {
            return RenewalStep::Release;
        };
        match release.state {
            OperationState::NotSent => {
                let rested = release.settled_at.map(|at| now.signed_duration_since(at));
                if rested.is_none_or(|span| span >= RELEASE_RETRY_DELAY) {
                    RenewalStep::Release
                } else {
                    RenewalStep::Wait
                }
            }
            OperationState::Declined
            | OperationState::Rejected
            | OperationState::Absent
            | OperationState::Conflict => RenewalStep::End(RenewalEnd::NotReleased),
            OperationState::Intended
            | OperationState::Accepted
            | OperationState::Unknown
            | OperationState::Succeeded => RenewalStep::Wait,
        }
    }
}

/// Whether Dojo holds something of it, to be taken or released, and goes on doing so: a clock that is ahead ends
/// nothing, but a new hold that is past its own deadline covers nobody.
fn in_force(hold: &Hold, now: Reckoning) -> bool {
    match hold.state(now.earliest) {
        HoldState::Held | HoldState::PartTaken => true,
        HoldState::Opening
        | HoldState::Waiting
        | HoldState::Taken
        | HoldState::Released
        | HoldState::Expired
        | HoldState::TakenByDojo
        | HoldState::Cancelled
        | HoldState::PartRefunded
        | HoldState::Refunded
        | HoldState::Overdue
        | HoldState::Unreadable => false,
    }
}

/// When the link of a renewal ends unless staff say otherwise: as long as the old hold lasts, for until
/// then paying it leaves no gap, and a day at least, so that the guest has the time.
pub fn renewal_link_ends(old: &Hold, now: DateTime<Utc>) -> DateTime<Utc> {
    let a_day = now.checked_add_signed(TimeDelta::hours(24)).unwrap_or(now);
    old.deadline().map_or(a_day, |deadline| deadline.at.max(a_day))
}
