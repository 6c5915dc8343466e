//! What the menu beside a tab's buttons holds: whatever may be done now and has no button of its own.

use crate::present::paper_offer::PaperKind;
use crate::present::view::{Hold, NextStep, TabKeys, TabStep};
use holdfast_domain::{Action, HoldId};
use serde::Serialize;
use ts_rs::TS;

/// Something in a tab's menu.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[ts(export)]
pub enum MenuItem {
    /// Done to the tab.
    Tab {
        /// What.
        deed: MenuDeed,
    },
    /// Done to one hold.
    Hold {
        /// What.
        action: Action,
        /// Which.
        #[ts(type = "string")]
        hold_id: HoldId,
    },
    /// A paper of one hold.
    Paper {
        /// Which paper.
        paper: PaperKind,
        /// Of which hold.
        #[ts(type = "string")]
        hold_id: HoldId,
    },
}

/// What the menu does to the tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum MenuDeed {
    /// Asks the guest for a further hold.
    HoldMore,
    /// Moves a part of the bill to another tab.
    MoveBill,
    /// Closes the tab.
    CloseTab,
    /// Forgets the guest of a closed tab.
    ForgetGuest,
}

/// The menu of a tab, whose holds come newest first, beside its first button and the lesser ones.
pub(crate) fn menu(
    keys: &TabKeys,
    holds: &[Hold],
    next: Option<&NextStep>,
    lesser: &[TabStep],
) -> Vec<MenuItem> {
    let is_button = |step: TabStep| next.is_some_and(|next| next.step == step) || lesser.contains(&step);
    let tab = |is_allowed: bool, deed| is_allowed.then_some(MenuItem::Tab { deed });
    let is_only = holds.len() == 1;
    let on_hold = holds.iter().flat_map(|hold| {
        let allowed = hold.actions.iter().filter(|one| one.allowed);
        // Of several holds the button means one, and the menu has them all.
        let without_button = allowed.filter(move |one| match one.action {
            // A take is the tab's, however many holds it has.
            Action::Take => false,
            Action::Renew => !(is_only && is_button(TabStep::Renew)),
            Action::Refund => !(is_only && is_button(TabStep::Refund)),
            Action::Release | Action::Cancel | Action::ChangeAmount | Action::ChangeTip | Action::Receipt => {
                true
            }
        });
        without_button.map(|one| MenuItem::Hold {
            action: one.action,
            hold_id: hold.id,
        })
    });
    let papers = holds.iter().flat_map(|hold| {
        hold.papers.iter().map(|offer| MenuItem::Paper {
            paper: offer.kind,
            hold_id: hold.id,
        })
    });
    let more = tab(
        keys.hold_more && !is_button(TabStep::HoldMore),
        MenuDeed::HoldMore,
    );
    let closes = keys.close_tab.is_some() && !is_button(TabStep::CloseTab);
    let last = [
        tab(keys.move_bill, MenuDeed::MoveBill),
        tab(closes, MenuDeed::CloseTab),
        tab(keys.forget, MenuDeed::ForgetGuest),
    ];
    more.into_iter()
        .chain(on_hold)
        .chain(papers)
        .chain(last.into_iter().flatten())
        .collect()
}
