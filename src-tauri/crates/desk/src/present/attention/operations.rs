//! Decisions whose outcome a person has to hear of.

use super::{Aside, Item, Next, NextKind, Rank, about};
use crate::account::Account;
use crate::account::state::{is_late_news, operation_state};
use crate::present::state::shown;
use crate::present::view::{State, StateCode, Tone};
use crate::wording::{self, attention, buttons, title};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_domain::{Currency, Detail, Hold, Operation, OperationKind, OperationState};

/// What is on its way for longer than this is told.
const SHOWN_AS_PENDING_AFTER: TimeDelta = TimeDelta::seconds(30);

/// One for each operation on a hold of `account` that somebody has to hear of.
pub(super) fn items(
    account: &Account,
    (hold, operations): &(Hold, Vec<Operation>),
    read_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Vec<(Rank, Item)> {
    let is_open = account.tab.closed_at.is_none();
    operations
        .iter()
        .filter(|o| !o.is_put_aside())
        .filter_map(|operation| {
            let urgency = urgency(operation, hold, operations, is_open, now)?;
            Some((urgency, item(account, hold, operation, read_at, now)))
        })
        .collect()
}

/// Whether somebody has to hear of an operation on a hold of `account`.
pub(super) fn is_to_be_told(
    account: &Account,
    (hold, operations): &(Hold, Vec<Operation>),
    now: DateTime<Utc>,
) -> bool {
    let is_open = account.tab.closed_at.is_none();
    let mut asked = operations.iter().filter(|o| !o.is_put_aside());
    asked.any(|operation| urgency(operation, hold, operations, is_open, now).is_some())
}

/// How urgent it is; none when nobody has to hear of it, or a later decision has taken its place.
fn urgency(
    operation: &Operation,
    hold: &Hold,
    all: &[Operation],
    is_open: bool,
    now: DateTime<Utc>,
) -> Option<Rank> {
    let is_newest = all.last().is_some_and(|newest| newest.id == operation.id);
    let is_newest_of_kind = all
        .iter()
        .rfind(|o| o.kind == operation.kind)
        .is_some_and(|newest| newest.id == operation.id);
    match operation.state {
        OperationState::Unknown => Some(Rank::Unclear),
        OperationState::Intended | OperationState::Accepted => {
            (now.signed_duration_since(operation.at) >= SHOWN_AS_PENDING_AFTER).then_some(Rank::Pending)
        }
        // A request that is wrong is cancelled, and with that it is over.
        OperationState::Conflict => {
            (operation.kind != OperationKind::Create || !hold.is_over()).then_some(Rank::NeedsYou)
        }
        OperationState::Succeeded => {
            let index = all.iter().position(|o| o.id == operation.id);
            index
                .is_some_and(|index| is_late_news(index, all))
                .then_some(Rank::NeedsYou)
        }
        OperationState::Absent => is_newest_of_kind.then_some(Rank::Lost),
        OperationState::Declined | OperationState::Rejected | OperationState::NotSent => {
            (is_newest && is_open).then_some(Rank::Failed)
        }
    }
}

fn item(
    Account { tab, holds, .. }: &Account,
    hold: &Hold,
    operation: &Operation,
    read_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Item {
    let is_open = operation.state.is_open();
    Item {
        key: operation.id.to_string(),
        state: state(operation, hold.currency),
        name: title(tab, holds.iter().map(|(hold, _)| hold)),
        about: about(tab, hold),
        tab_id: Some(tab.id),
        hold_id: Some(hold.id),
        asked: Some(attention::asked(
            &wording::what(operation, hold),
            &operation.requested_by,
        )),
        asked_at: Some(operation.at),
        shows: Some(attention::shows(hold, now)),
        read_at,
        since: Some(operation.settled_at.unwrap_or(operation.at)),
        meaning: attention::meaning(operation, hold),
        locked: is_open.then(|| attention::LOCKED.to_owned()),
        next: next(operation),
        aside: (!is_open).then_some(Aside::Operation(operation.id)),
    }
}

fn state(operation: &Operation, currency: Currency) -> State<StateCode> {
    if let Some(state) = operation_state(operation) {
        return shown(&state, currency);
    }
    let (code, words, tone) = match operation.state {
        OperationState::NotSent => (StateCode::NotSent, attention::NOT_SENT, Tone::Warn),
        OperationState::Rejected => (StateCode::Refused, attention::REFUSED, Tone::Warn),
        OperationState::Succeeded => (StateCode::Late, attention::CAME_LATE, Tone::Bad),
        OperationState::Intended
        | OperationState::Accepted
        | OperationState::Unknown
        | OperationState::Declined
        | OperationState::Absent
        | OperationState::Conflict => (StateCode::Failed, attention::FAILED, Tone::Warn),
    };
    State {
        code,
        words: words.to_owned(),
        tone,
    }
}

fn next(operation: &Operation) -> Next {
    let (kind, label) = match operation.state {
        OperationState::Unknown | OperationState::Accepted | OperationState::Intended => {
            (NextKind::AskDojo, buttons::ASK_DOJO)
        }
        OperationState::NotSent if operation.kind == OperationKind::Create => {
            (NextKind::SendAgain, buttons::SEND_AGAIN)
        }
        // Whatever is tried again is refused again until the key is another.
        OperationState::Rejected if operation.detail == Some(Detail::KeyNotAccepted) => {
            (NextKind::Settings, buttons::OPEN_SETTINGS)
        }
        OperationState::NotSent
        | OperationState::Succeeded
        | OperationState::Declined
        | OperationState::Rejected
        | OperationState::Absent
        | OperationState::Conflict => (NextKind::ShowTab, buttons::SHOW_TAB),
    };
    Next { kind, label }
}
