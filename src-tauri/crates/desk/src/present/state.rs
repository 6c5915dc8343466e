//! What a hold and a tab are, in words: the state that outweighs the others.

use crate::account::Account;
use crate::context::frame::Frame;
use crate::present::view::{self, Tone};
use chrono::{DateTime, Utc};
use holdfast_domain::{self as domain, Hold, HoldState, Operation, OperationKind, OperationState};

/// The operation that people should hear of: the open one, one that came late and that nobody has
/// answered by a further decision, or a newest one that ended oddly; unless somebody put it aside.
pub(crate) fn telling(operations: &[Operation]) -> Option<&Operation> {
    let open = operations.iter().find(|o| o.state.is_open());
    let late = || {
        let all = operations.iter().enumerate().rev();
        let mut late = all.filter(|(place, _)| is_late_news(*place, operations));
        late.next().map(|(_, o)| o)
    };
    open.or_else(late).or_else(|| {
        operations.last().filter(|o| {
            !o.is_put_aside()
                && matches!(
                    o.state,
                    OperationState::Absent
                        | OperationState::Conflict
                        | OperationState::NotSent
                        | OperationState::Rejected
                        | OperationState::Declined
                )
        })
    })
}

/// Whether the operation at `place` came late, and nobody has answered that by a further decision, or put
/// it aside.
pub(crate) fn is_late_news(place: usize, operations: &[Operation]) -> bool {
    let is_answered = || {
        let mut later = operations.iter().skip(place.saturating_add(1));
        later.any(|o| domain::knew(o, place, operations))
    };
    let operation = operations.get(place);
    operation.is_some_and(|o| o.came_late() && !o.is_put_aside() && !is_answered())
}

/// An operation's state when it outweighs the hold's own.
pub(crate) fn operation_state(operation: &Operation) -> Option<(&'static str, &'static str, Tone)> {
    let is_create = operation.kind == OperationKind::Create;
    match operation.state {
        OperationState::Intended => Some(("sending", "Sending", Tone::Wait)),
        OperationState::Accepted if operation.kind == OperationKind::Capture => {
            Some(("sending", "Take pending", Tone::Wait))
        }
        OperationState::Accepted => Some(("sending", "Settling", Tone::Wait)),
        OperationState::Unknown => Some(("unclear", "Unclear", Tone::Bad)),
        OperationState::Absent => Some(("absent", "Not seen at Dojo", Tone::Bad)),
        OperationState::Conflict => Some(("conflict", "Needs you", Tone::Bad)),
        OperationState::NotSent if is_create => Some(("not_sent", "Not sent", Tone::Bad)),
        OperationState::Rejected if is_create => Some(("refused", "Refused by Dojo", Tone::Bad)),
        OperationState::Succeeded
        | OperationState::Declined
        | OperationState::NotSent
        | OperationState::Rejected => None,
    }
}

pub(crate) fn state(hold: &Hold, operations: &[Operation], now: DateTime<Utc>) -> view::State {
    let of = |code, words: &str, tone| view::State {
        code,
        words: words.to_owned(),
        tone,
    };
    if let Some((code, words, tone)) = telling(operations).and_then(operation_state) {
        return of(code, words, tone);
    }
    match hold.state(now) {
        HoldState::Opening => of("sending", "Sending", Tone::Wait),
        HoldState::Waiting if link_ended(hold, now) => of("waiting", "Link ended, not paid", Tone::Warn),
        HoldState::Waiting if hold.seen.as_ref().is_some_and(|s| s.declined > 0) => {
            of("waiting", "Card declined, waiting", Tone::Warn)
        }
        HoldState::Waiting => of("waiting", "Waiting for card", Tone::Wait),
        HoldState::Held => of("held", "Held", Tone::Good),
        HoldState::PartTaken => of(
            "part_taken",
            &format!("Part taken {}", hold.money(hold.captured())),
            Tone::Good,
        ),
        HoldState::Taken => of("taken", "Taken", Tone::Quiet),
        HoldState::Released => of("released", "Released", Tone::Quiet),
        HoldState::Expired => of("expired", "Expired, released by Dojo", Tone::Bad),
        HoldState::TakenByDojo => of("taken_by_dojo", "Taken by Dojo", Tone::Warn),
        HoldState::Cancelled => of("cancelled", "Cancelled", Tone::Quiet),
        HoldState::PartRefunded => of("part_refunded", "Part refunded", Tone::Quiet),
        HoldState::Refunded => of("refunded", "Refunded", Tone::Quiet),
        HoldState::Overdue => of("overdue", "Past its deadline, asking Dojo", Tone::Bad),
        HoldState::Unreadable => of("unreadable", "Not known to this version", Tone::Bad),
    }
}

/// Nobody can pay on the guest's page any more.
pub(crate) fn link_ended(hold: &Hold, now: DateTime<Utc>) -> bool {
    hold.link_ends_at.is_some_and(|at| at <= now)
}

/// The hold whose state speaks for the tab: the one that needs somebody, else the newest in force.
pub(crate) fn speaking(whole: &Account, frame: Frame) -> Option<&(Hold, Vec<Operation>)> {
    let rank = |entry: &&(Hold, Vec<Operation>)| {
        let tone = state(&entry.0, &entry.1, frame.now).tone;
        (tone == Tone::Bad, entry.0.left() > 0, tone != Tone::Quiet)
    };
    whole.holds.iter().max_by_key(rank)
}
