//! Whether Dojo acted by itself at a hold's deadline: by what it shows and by its own clock, never by the
//! till's. Each reading is judged afresh, so that a wrong judgement does not last.

use crate::reconcile::moment::Moment;
use chrono::{DateTime, Utc};
use holdfast_domain::{
    CLOCK_TOLERANCE, Capture, DEADLINE_LATENESS, Deadline, DeadlineAction, Hold, IntentStatus, Operation,
    OperationKind, OperationState, Snapshot, is_too_old_for,
};

/// When Dojo acted by itself on the hold that `seen` shows; none when it did not. `before` is the hold as it was
/// known, `after` as it is by `seen`.
pub(crate) fn at(
    before: &Hold,
    after: &Hold,
    seen: &Snapshot,
    operations: &[Operation],
    moment: Moment,
) -> Option<DateTime<Utc>> {
    let was = before.seen.as_ref().map(|s| s.status);
    match seen.status {
        IntentStatus::Reversed => {
            // It was judged when it was new.
            let is_known = was == Some(IntentStatus::Reversed);
            let end = if is_known {
                before.lapsed_at
            } else {
                ended_by(before, after, moment)
            };
            end.filter(|end| !is_ours(operations, *end))
        }
        IntentStatus::Captured | IntentStatus::Refunded if after.left() > 0 => {
            rest_gone(before, after, seen, moment)
        }
        IntentStatus::Captured | IntentStatus::Refunded => {
            taken_by_dojo(before, after, seen, operations, moment)
        }
        // Nobody knows what it means: it neither proves nor disproves anything.
        IntentStatus::Unknown => before.lapsed_at,
        IntentStatus::Created | IntentStatus::Authorized | IntentStatus::Canceled => None,
    }
}

/// Which deadline of Dojo's is past. Its clock may have begun with the request instead of with the card; it did
/// where the hold ended just then.
pub(crate) fn ended_by(before: &Hold, after: &Hold, moment: Moment) -> Option<DateTime<Utc>> {
    let deadline = after.deadline()?.at;
    if deadline <= moment.at {
        return Some(deadline);
    }
    let early = early_deadline(after).filter(|early| *early <= moment.at)?;
    let last_held = before.seen.as_ref().filter(|_| before.left() > 0).map(|seen| {
        moment
            .last_read
            .map_or(seen.seen_at, |read| read.max(seen.seen_at))
    });
    last_held
        .is_none_or(|held| held - early <= DEADLINE_LATENESS)
        .then_some(early)
}

/// The deadline if Dojo's clock began with the request.
fn early_deadline(hold: &Hold) -> Option<DateTime<Utc>> {
    Deadline::after(hold.created_at?, hold.expire_in?, hold.expire_action?).map(|deadline| deadline.at)
}

/// Some was taken, and the status does not say what became of the rest: by the deadline Dojo lets it go, or takes
/// it without listing that.
fn rest_gone(before: &Hold, after: &Hold, seen: &Snapshot, moment: Moment) -> Option<DateTime<Utc>> {
    let deadline = after.latest_deadline()?;
    let known = before.seen.as_ref();
    // The status moved on, and nothing was taken: then it is the end of the hold that it tells of.
    let has_turned = known.is_some_and(|known| {
        known.status == IntentStatus::Authorized
            && known.captures == seen.captures
            && known.refunded == seen.refunded
    });
    let turned = || has_turned.then(|| ended_by(before, after, moment)).flatten();
    // Once that was seen, the status says no more.
    let earlier = before.lapsed_at.filter(|lapsed| *lapsed <= moment.at);
    // Of what is refunded whole Dojo took no rest.
    if deadline.action == DeadlineAction::Capture && seen.status == IntentStatus::Captured {
        return earlier.or_else(turned);
    }
    if deadline.at <= moment.at {
        return Some(deadline.at);
    }
    earlier
        .filter(|lapsed| Some(*lapsed) == early_deadline(after))
        .or_else(turned)
}

/// All of it is taken. Dojo did that where it was to, by a capture of its own at the deadline, or by none.
fn taken_by_dojo(
    before: &Hold,
    after: &Hold,
    seen: &Snapshot,
    operations: &[Operation],
    moment: Moment,
) -> Option<DateTime<Utc>> {
    if after.expire_action != Some(DeadlineAction::Capture) {
        return None;
    }
    let earlier = before.lapsed_at.filter(|lapsed| *lapsed <= moment.at);
    if seen.captures.is_empty() {
        return ended_by(before, after, moment).or(earlier);
    }
    let is_owned = |capture: &Capture| {
        operations
            .iter()
            .any(|o| o.dojo_id.as_deref() == Some(capture.id.as_str()))
    };
    let strange: Vec<&Capture> = seen.captures.iter().filter(|c| !is_owned(c)).collect();
    let ends = [after.deadline().map(|d| d.at), early_deadline(after)];
    let is_at = |capture: &Capture, end: DateTime<Utc>| match capture.at {
        Some(at) => {
            end - at <= CLOCK_TOLERANCE
                && (at - end <= DEADLINE_LATENESS || Some(end) == after.deadline().map(|d| d.at))
        }
        None => earlier == Some(end) || ended_by(before, after, moment) == Some(end),
    };
    ends.into_iter()
        .flatten()
        .find(|end| *end - moment.at <= CLOCK_TOLERANCE && strange.iter().any(|capture| is_at(capture, *end)))
        .or_else(|| taken_unlisted(before, after, seen, moment))
}

/// Amounts and tips of what was taken made up the whole hold, and yet Dojo called it authorised until its end: the tips
/// weren't of the hold, and Dojo took what was left of it without listing that.
fn taken_unlisted(before: &Hold, after: &Hold, seen: &Snapshot, moment: Moment) -> Option<DateTime<Utc>> {
    let known = before
        .seen
        .as_ref()
        .filter(|known| known.captures == seen.captures)?;
    let was_held = known.status == IntentStatus::Authorized && before.left() > 0;
    if was_held {
        return ended_by(before, after, moment);
    }
    let earlier = before.lapsed_at.filter(|lapsed| *lapsed <= moment.at);
    earlier.filter(|_| before.captured() > before.seen.as_ref().map_or(0, |known| known.total))
}

/// Whether a release that was decided here is what ended the hold by `end`.
fn is_ours(operations: &[Operation], end: DateTime<Utc>) -> bool {
    operations.iter().any(|o| {
        o.kind == OperationKind::Reversal
            && match o.state {
                OperationState::Succeeded => true,
                OperationState::Absent => !is_too_old_for(o, end),
                OperationState::Intended | OperationState::Accepted | OperationState::Unknown => true,
                OperationState::Declined
                | OperationState::Rejected
                | OperationState::NotSent
                | OperationState::Conflict => false,
            }
    })
}

#[cfg(test)]
mod tests;
