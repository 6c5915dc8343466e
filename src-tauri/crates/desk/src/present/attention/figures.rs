//! Tabs whose own figures need attention: over the hold, not covered any more, close to a deadline.

use super::{Item, Next, NextKind};
use crate::account::facts::Facts;
use crate::present::banners::ending;
use crate::present::floor_tab::FloorTab;
use crate::present::view::{State, StateCode, TabRow, Tone};
use crate::wording::banners::expired;
use crate::wording::{attention, buttons, tabs};

/// An open tab that nothing else is told of.
pub(super) fn item(FloorTab { facts, row, .. }: &FloorTab) -> Item {
    let parts = [
        Some(tabs::kind(row.kind)),
        row.place.as_deref(),
        Some(&*row.reference),
    ];
    let (state, meaning) = said(facts, row);
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

fn said(facts: &Facts, row: &TabRow) -> (State<StateCode>, String) {
    if let Some(short) = facts.short.filter(|_| facts.left > 0) {
        let short = short.to_string();
        let state = State {
            code: StateCode::Over,
            words: attention::over(&short),
            tone: Tone::Bad,
        };
        return (state, attention::bill_over(&short));
    }
    let meaning = if let Some(lapse) = facts.lapse() {
        expired(&row.name, &lapse)
    } else if let Some(deadline) = &row.deadline {
        ending(row, deadline)
    } else {
        attention::look_at(&row.state.words)
    };
    (row.state.clone(), meaning)
}
