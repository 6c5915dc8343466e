//! States as the window shows them.

use crate::account::state::ended_unpaid;
use crate::context::frame::Frame;
use crate::present::view;
use crate::wording;
use holdfast_domain::{Currency, Hold, Operation, TabState};

/// A hold's state as the window shows it, or that of the tab it speaks for. What ended unpaid is called so, whether or
/// not Dojo has cancelled it since.
pub(crate) fn shown_of(
    state: &TabState,
    (hold, operations): &(Hold, Vec<Operation>),
    frame: Frame,
) -> view::State<view::StateCode> {
    let shown = shown(state, hold.currency);
    let has_ended = match state {
        TabState::LinkEnded => true,
        TabState::Cancelled => ended_unpaid(hold, operations, frame.now),
        TabState::Former(_)
        | TabState::Empty
        | TabState::Sending
        | TabState::TakePending
        | TabState::Settling
        | TabState::Unclear
        | TabState::Absent
        | TabState::Conflict
        | TabState::NotSent
        | TabState::Refused
        | TabState::Waiting
        | TabState::CardDeclined
        | TabState::Held
        | TabState::PartTaken(_)
        | TabState::Taken
        | TabState::Released
        | TabState::Expired
        | TabState::TakenByDojo
        | TabState::PartRefunded
        | TabState::Refunded
        | TabState::Overdue
        | TabState::Unreadable => false,
    };
    if has_ended {
        let words = wording::tabs::link_ended(hold.mode).to_owned();
        return view::State { words, ..shown };
    }
    shown
}

/// A state as the window shows it.
pub(crate) fn shown(state: &TabState, currency: Currency) -> view::State<view::StateCode> {
    view::State {
        code: view::StateCode::of(state),
        words: wording::tab_state(state, currency),
        tone: state.urgency().into(),
    }
}
