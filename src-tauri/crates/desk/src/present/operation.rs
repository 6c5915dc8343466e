//! One operation, and what its state means for staff.

use crate::present::view;
use crate::wording;
use holdfast_domain::{Detail, Hold, Operation, OperationState};

pub(crate) fn operation(operation: &Operation, hold: &Hold) -> view::OperationView {
    let money = |minor: i64| (minor > 0).then(|| hold.money(minor).into());
    view::OperationView {
        id: operation.id,
        kind: operation.kind,
        amount: money(operation.amount),
        tip: money(operation.tip),
        at: operation.at,
        state: operation.state,
        words: wording::outcome(operation, hold),
        tone: operation.urgency().into(),
        may_be_put_aside: operation.may_be_put_aside(),
        may_be_sent_again: false,
        is_for_settings: operation.state == OperationState::Rejected
            && operation.detail == Some(Detail::KeyNotAccepted),
    }
}
