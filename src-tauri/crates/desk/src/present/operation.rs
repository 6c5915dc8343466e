//! One operation, and what its state means for staff.

use crate::account::state::operation_tone;
use crate::present::view::{self, Tone};
use crate::wording;
use holdfast_domain::{Detail, Hold, Operation, OperationState};

pub(crate) fn operation(operation: &Operation, hold: &Hold) -> view::OperationView {
    let tone = operation_tone(operation);
    let money = |minor: i64| (minor > 0).then(|| hold.money(minor).into());
    view::OperationView {
        id: operation.id,
        kind: operation.kind,
        amount: money(operation.amount),
        tip: money(operation.tip),
        at: operation.at,
        state: operation.state,
        words: wording::outcome(operation, hold),
        tone,
        may_be_put_aside: !operation.state.is_open() && tone != Tone::Good,
        may_be_sent_again: false,
        is_for_settings: operation.state == OperationState::Rejected
            && operation.detail == Some(Detail::KeyNotAccepted),
    }
}
