//! Tabs whose own figures need attention: over the hold, not covered any more, close to a deadline.

use super::{Item, Next, NextKind};
use crate::present::banners::{ending, expired};
use crate::present::view::{State, StateCode, TabRow, Tone};
use crate::wording::{attention, buttons, tabs};
use holdfast_domain::TabState;

/// An open tab that nothing else is told of.
pub(super) fn item(row: &TabRow) -> Item {
    let parts = [
        Some(tabs::kind(row.kind)),
        row.place.as_deref(),
        Some(&*row.reference),
    ];
    let (state, meaning) = said(row);
    Item {
        key: format!("tab/{}", row.id),
        state,
        name: row.name.clone(),
        about: parts.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        tab_id: Some(row.id),
        hold_id: None,
        asked: None,
        asked_at: None,
        shows: None,
        read_at: None,
        since: None,
        meaning,
        locked: None,
        next: Next {
            kind: NextKind::ShowTab,
            label: buttons::SHOW_TAB,
        },
        aside: None,
    }
}

fn said(row: &TabRow) -> (State<StateCode>, String) {
    if let Some(short) = row.short.as_ref().filter(|_| row.left.minor > 0) {
        let state = State {
            code: StateCode::Over,
            words: attention::over(&short.text),
            tone: Tone::Bad,
        };
        return (state, attention::bill_over(&short.text));
    }
    let meaning = if row.is == TabState::Expired || row.uncovered.is_some() {
        expired(row)
    } else if let Some(deadline) = &row.deadline {
        ending(row, deadline)
    } else {
        attention::look_at(&row.state.words)
    };
    (row.state.clone(), meaning)
}
