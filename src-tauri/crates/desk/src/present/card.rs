//! A card as the window shows it.

use crate::present::view;
use crate::wording;
use holdfast_domain::Hold;

/// The card of a hold, once the guest has added one.
pub(crate) fn card(hold: &Hold) -> Option<view::Card> {
    let card = wording::shown_card(hold)?;
    Some(view::Card {
        brand: card.brand.as_deref().map(wording::brand),
        last_four: card.last_four.clone(),
    })
}
