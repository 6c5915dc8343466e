//! States as the window shows them.

use crate::account::state::tone;
use crate::present::view;
use crate::wording;
use holdfast_domain::{Currency, TabState};

/// A state as the window shows it.
pub(crate) fn shown(state: &TabState, currency: Currency) -> view::State<view::StateCode> {
    view::State {
        code: view::StateCode::of(state),
        words: wording::tab_state(state, currency),
        tone: tone(state),
    }
}
