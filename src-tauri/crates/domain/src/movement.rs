//! What moved: each hold's money as a list of movements that can be added up, by whom and when.

use crate::{
    Actor, Capture, CaptureMode, CaptureStatus, Currency, DeadlineAction, Hold, HoldId, IntentStatus,
    Operation, OperationKind, OperationState, TabId, refunds,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The source of what was paid at once and never held.
pub const PAID: &str = "paid";

/// What kind of movement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MovementKind {
    /// Asked of a guest; no money yet.
    Opened,
    /// Reserved on a card; not takings.
    Held,
    /// Taken, service charge and tip included.
    Taken,
    /// Given back after it was taken.
    Refunded,
    /// Released by somebody's decision.
    Released,
    /// Released by Dojo at the deadline.
    Lapsed,
}

/// A hold's money of one kind, from one source: one capture, one refund, one deadline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Which kind.
    pub kind: MovementKind,
    /// Dojo's id of the capture or the id of the decision; [`PAID`]; empty where there is one only.
    pub source: String,
    /// Who decided.
    pub by: Actor,
    /// Minor units; negative where an earlier movement is put right.
    pub amount: i64,
    /// Service charge within it.
    pub service: i64,
    /// Tip within it.
    pub tip: i64,
    /// Of a refund, how much of it somebody has said what it is of; 0 of all else.
    pub said: i64,
    /// When it happened, not when it was learnt.
    pub at: DateTime<Utc>,
}

/// One movement, written down once and for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Movement {
    /// Its place, from 1, without gaps.
    pub seq: i64,
    /// On which hold.
    pub hold: HoldId,
    /// On which tab.
    pub tab: TabId,
    /// Of every amount of it.
    pub currency: Currency,
    /// What moved.
    pub what: Standing,
}

/// All that a hold's record says has moved so far; none when it can't be read.
pub fn standings(hold: &Hold, operations: &[Operation]) -> Option<Vec<Standing>> {
    let opener = opener(operations);
    let mut all = vec![plain(MovementKind::Opened, opener, hold.asked, hold.opened_at)];
    let Some(seen) = &hold.seen else { return Some(all) };
    if seen.status == IntentStatus::Unknown && hold.ever_held() == 0 {
        return None;
    }
    let paid_at = seen.authorised_at.unwrap_or(seen.seen_at);
    if hold.mode == CaptureMode::Auto {
        all.extend(takings(hold, operations));
    } else {
        all.push(plain(MovementKind::Held, opener, hold.ever_held(), paid_at));
        all.extend(takings(hold, operations));
        all.push(released(hold, operations, seen.seen_at));
    }
    all.extend(refunded(hold, operations, seen.seen_at));
    all.retain(|one| one.amount != 0);
    Some(all)
}

fn opener(operations: &[Operation]) -> &Actor {
    let create = operations.iter().find(|o| o.kind == OperationKind::Create);
    create.map_or(&Actor::Elsewhere, |create| &create.requested_by)
}

/// All that was taken from a hold: whose decision, when, and with how much service charge and tip.
pub(crate) fn takings(hold: &Hold, operations: &[Operation]) -> Vec<Standing> {
    let Some(seen) = &hold.seen else { return Vec::new() };
    if hold.mode == CaptureMode::Manual {
        return taken(hold, &seen.captures, operations, seen.seen_at);
    }
    let paid_at = seen.authorised_at.unwrap_or(seen.seen_at);
    vec![Standing {
        source: PAID.to_owned(),
        tip: hold.captured_tip(),
        ..plain(MovementKind::Taken, opener(operations), hold.captured(), paid_at)
    }]
}

/// What has to be written down so that the movements `recorded` add up to what stands `now`. The times of
/// what is recorded are those of the newest movement of each.
pub fn movements(recorded: &[Standing], now: &[Standing]) -> Vec<Standing> {
    let same = |a: &Standing, b: &Standing| (a.kind, &a.source, &a.by) == (b.kind, &b.source, &b.by);
    let less = |after: &Standing, before: &Standing| Standing {
        amount: after.amount.saturating_sub(before.amount),
        service: after.service.saturating_sub(before.service),
        tip: after.tip.saturating_sub(before.tip),
        said: after.said.saturating_sub(before.said),
        // What an amount is of belongs to the day on which the amount moved.
        at: if after.amount == before.amount {
            before.at
        } else {
            after.at
        },
        ..after.clone()
    };
    let gone = recorded.iter().filter(|r| !now.iter().any(|n| same(n, r)));
    let taken_back = gone.map(|r| less(&nothing(r), r));
    let added = now.iter().map(|n| {
        let before = recorded.iter().find(|r| same(n, r));
        before.map_or_else(|| n.clone(), |before| less(n, before))
    });
    taken_back
        .chain(added)
        .filter(|m| (m.amount, m.service, m.tip, m.said) != (0, 0, 0, 0))
        .collect()
}

fn nothing(like: &Standing) -> Standing {
    Standing {
        amount: 0,
        service: 0,
        tip: 0,
        said: 0,
        ..like.clone()
    }
}

fn plain(kind: MovementKind, by: &Actor, amount: i64, at: DateTime<Utc>) -> Standing {
    Standing {
        kind,
        source: String::new(),
        by: by.clone(),
        amount,
        service: 0,
        tip: 0,
        said: 0,
        at,
    }
}

fn taken(hold: &Hold, captures: &[Capture], operations: &[Operation], seen: DateTime<Utc>) -> Vec<Standing> {
    if captures.is_empty() {
        // All of it was taken and nothing is listed: by Dojo at the deadline, or with the card.
        let is_dojos = hold.expire_action == Some(DeadlineAction::Capture);
        let (by, at) = match hold.lapsed_at.filter(|_| is_dojos) {
            Some(at) => (&Actor::Dojo, at),
            None => (&Actor::Elsewhere, seen),
        };
        return vec![plain(MovementKind::Taken, by, hold.captured(), at)];
    }
    let mut claims: Vec<&Operation> = operations.iter().collect();
    let successful = captures.iter().filter(|c| c.status == CaptureStatus::Successful);
    let standing = successful.map(|capture| {
        let id = capture.id.as_str();
        let owner = operations.iter().find(|o| o.dojo_id.as_deref() == Some(id));
        let owner = owner.or_else(|| {
            let place = claims
                .iter()
                .position(|o| o.may_have_made(capture) && hold.may_be_of(capture, o))?;
            Some(claims.swap_remove(place))
        });
        let others = if hold.is_taken_by_dojo(capture) {
            &Actor::Dojo
        } else {
            &Actor::Elsewhere
        };
        Standing {
            kind: MovementKind::Taken,
            source: capture.id.clone(),
            by: owner.map_or(others, |o| &o.requested_by).clone(),
            amount: capture.total(),
            service: owner.map_or(0, |o| o.service),
            tip: capture.tip,
            said: 0,
            at: capture.at.or_else(|| owner.map(|o| o.at)).unwrap_or(seen),
        }
    });
    let mut all: Vec<Standing> = standing.collect();
    let listed = all.iter().fold(0_i64, |sum, one| sum.saturating_add(one.amount));
    // The rest that Dojo took at the deadline, where it does not list that.
    let rest = hold.captured().saturating_sub(listed);
    all.extend(
        hold.lapsed_at
            .map(|at| plain(MovementKind::Taken, &Actor::Dojo, rest, at)),
    );
    all
}

impl Operation {
    /// Whether this is a decision to take that `capture` may be of: as much, no capture that was there before, and its
    /// own answer is on the way, or was lost.
    pub fn may_have_made(&self, capture: &Capture) -> bool {
        self.kind == OperationKind::Capture
            && self.dojo_id.is_none()
            && (self.state.is_open() || self.state == OperationState::Absent)
            && (self.amount, self.tip) == (capture.amount, capture.tip)
            && !self.baseline.captures.contains(&capture.id)
    }
}

fn released(hold: &Hold, operations: &[Operation], seen: DateTime<Utc>) -> Standing {
    let amount = hold.released();
    if let Some(at) = hold.lapsed_at {
        return plain(MovementKind::Lapsed, &Actor::Dojo, amount, at);
    }
    let decided = operations.iter().rfind(|o| {
        o.kind == OperationKind::Reversal && (o.state.is_open() || o.state == OperationState::Succeeded)
    });
    let (by, at) = decided.map_or((&Actor::Elsewhere, seen), |o| (&o.requested_by, o.at));
    plain(MovementKind::Released, by, amount, at)
}

fn refunded(hold: &Hold, operations: &[Operation], seen: DateTime<Utc>) -> Vec<Standing> {
    let all = refunds(hold, operations).into_iter().map(|refund| {
        let (source, by, at) = refund
            .decision
            .map_or((String::new(), &Actor::Elsewhere, seen), |o| {
                (o.id.to_string(), &o.requested_by, o.at)
            });
        Standing {
            source,
            service: refund.of.service,
            tip: refund.of.tip,
            said: refund.said,
            ..plain(MovementKind::Refunded, by, refund.amount, at)
        }
    });
    all.collect()
}
