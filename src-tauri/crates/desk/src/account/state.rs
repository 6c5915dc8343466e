//! What a hold and a tab are: the state that outweighs the others.

use crate::account::Account;
use crate::context::frame::Frame;
use chrono::{DateTime, Utc};
use holdfast_domain::{
    self as domain, Hold, HoldState, Operation, OperationKind, OperationState, TabState, Urgency,
};

/// The operation that people should hear of: the open one, one that came late and that nobody has
/// answered by a further decision, or a newest one that ended oddly; unless somebody put it aside.
pub(crate) fn telling(operations: &[Operation]) -> Option<&Operation> {
    let open = operations.iter().find(|o| o.state.is_open());
    let late = || {
        let all = operations.iter().enumerate().rev();
        let mut late = all.filter(|(index, _)| is_late_news(*index, operations));
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

/// Whether the operation at `index` came late, and nobody has answered that by a further decision, or put
/// it aside.
pub(crate) fn is_late_news(index: usize, operations: &[Operation]) -> bool {
    let is_answered = || {
        let mut later = operations.iter().skip(index.saturating_add(1));
        later.any(|o| domain::was_known_to(o, index, operations))
    };
    let operation = operations.get(index);
    operation.is_some_and(|o| o.came_late() && !o.is_put_aside() && !is_answered())
}

/// An operation's state when it outweighs the hold's own.
pub(crate) fn operation_state(operation: &Operation) -> Option<TabState> {
    let is_create = operation.kind == OperationKind::Create;
    match operation.state {
        OperationState::Intended => Some(TabState::Sending),
        OperationState::Accepted if operation.kind == OperationKind::Capture => Some(TabState::TakePending),
        OperationState::Accepted => Some(TabState::Settling),
        OperationState::Unknown => Some(TabState::Unclear),
        OperationState::Absent => Some(TabState::Absent),
        OperationState::Conflict => Some(TabState::Conflict),
        OperationState::NotSent if is_create => Some(TabState::NotSent),
        OperationState::Rejected if is_create => Some(TabState::Refused),
        OperationState::Succeeded
        | OperationState::Declined
        | OperationState::NotSent
        | OperationState::Rejected => None,
    }
}

/// What a hold is.
pub(crate) fn state(hold: &Hold, operations: &[Operation], now: DateTime<Utc>) -> TabState {
    if let Some(state) = telling(operations).and_then(operation_state) {
        return state;
    }
    match hold.state(now) {
        HoldState::Opening => TabState::Sending,
        HoldState::Waiting if link_ended(hold, now) => TabState::LinkEnded,
        HoldState::Waiting if hold.seen.as_ref().is_some_and(|s| s.declined > 0) => TabState::CardDeclined,
        HoldState::Waiting => TabState::Waiting,
        HoldState::Held => TabState::Held,
        HoldState::PartTaken => TabState::PartTaken(hold.captured()),
        HoldState::Taken => TabState::Taken,
        HoldState::Released => TabState::Released,
        HoldState::Expired => TabState::Expired,
        HoldState::TakenByDojo => TabState::TakenByDojo,
        HoldState::Cancelled => TabState::Cancelled,
        HoldState::PartRefunded => TabState::PartRefunded,
        HoldState::Refunded => TabState::Refunded,
        HoldState::Overdue => TabState::Overdue,
        HoldState::Unreadable => TabState::Unreadable,
    }
}

/// What a tab is: the state of the hold that speaks for it.
pub(crate) fn tab_state(account: &Account, frame: Frame) -> TabState {
    speaking(account, frame).map_or(TabState::Empty, |(hold, operations)| {
        state(hold, operations, frame.now)
    })
}

/// Nobody can pay on the guest's page any more.
pub(crate) fn link_ended(hold: &Hold, now: DateTime<Utc>) -> bool {
    hold.link_ends_at.is_some_and(|at| at <= now)
}

/// Dojo cancelled the request because its link ended unpaid, and nobody here did.
pub(crate) fn ended_unpaid(hold: &Hold, operations: &[Operation], now: DateTime<Utc>) -> bool {
    let is_cancelled_here = operations.iter().any(|o| o.kind == OperationKind::Cancel);
    link_ended(hold, now) && !is_cancelled_here
}

/// The hold whose state speaks for the tab: the one that a person has to look at, else the newest in force.
pub(crate) fn speaking(account: &Account, frame: Frame) -> Option<&(Hold, Vec<Operation>)> {
    let rank = |entry: &&(Hold, Vec<Operation>)| {
        let urgency = state(&entry.0, &entry.1, frame.now).urgency();
        (
            urgency == Urgency::Now,
            entry.0.left() > 0,
            urgency != Urgency::Over,
        )
    };
    account.holds.iter().max_by_key(rank)
}

#[cfg(test)]
mod tests {
    use super::*;
    use holdfast_domain::TabId;
    use holdfast_ledger_conformance::sample::{hold, operation};

    #[test]
    fn only_a_request_that_came_to_nothing_is_what_a_tab_is() {
        let of = |kind, state| {
            let hold = hold(TabId(uuid::Uuid::nil()));
            operation_state(&Operation {
                state,
                ..operation(hold.id, kind, 4_000)
            })
        };
        let (create, take) = (OperationKind::Create, OperationKind::Capture);
        assert_eq!(of(create, OperationState::NotSent), Some(TabState::NotSent));
        assert_eq!(of(create, OperationState::Rejected), Some(TabState::Refused));
        assert_eq!(
            of(take, OperationState::NotSent),
            None,
            "the card is held as before"
        );
        assert_eq!(of(take, OperationState::Rejected), None);
        assert_eq!(of(take, OperationState::Accepted), Some(TabState::TakePending));
        let refund = of(OperationKind::Refund, OperationState::Accepted);
        assert_eq!(refund, Some(TabState::Settling));
    }
}
