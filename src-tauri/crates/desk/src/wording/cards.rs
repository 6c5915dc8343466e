//! A guest’s card, and what a tab is called.

use super::guests;
use holdfast_domain::{Card, Hold, Scheme, SeenCard, Tab};

/// The card that a hold is on, as far as Dojo shows it.
pub(crate) fn shown_card(hold: &Hold) -> Option<&Card> {
    hold.seen.as_ref()?.card.as_ref()
}

/// A scheme's name, short enough for a row.
pub(crate) fn brand(scheme: &str) -> String {
    scheme_name(&Scheme::of(scheme)).to_owned()
}

fn scheme_name(scheme: &Scheme) -> &str {
    match scheme {
        Scheme::Mastercard => "MC",
        Scheme::Visa => "Visa",
        Scheme::Amex => "Amex",
        Scheme::Maestro => "Maestro",
        Scheme::Other(shown) => shown,
    }
}

/// A card as somebody saw it: `Visa 1005`.
pub(crate) fn seen_card(card: &SeenCard) -> String {
    let scheme = card.scheme.as_ref().map_or("Card", scheme_name);
    format!("{scheme} {}", card.last_four)
}

/// The card of a hold as staff see it: `Visa 1005`. None without its last four digits.
pub(crate) fn card_name(hold: &Hold) -> Option<String> {
    SeenCard::on(hold).as_ref().map(seen_card)
}

/// What a tab with these holds, the oldest first, is called wherever a person reads it: its name; else its
/// newest card; else its reference. `tab.name` itself may be empty. One whose guest was forgotten says so.
pub(crate) fn title<'a>(tab: &Tab, holds: impl DoubleEndedIterator<Item = &'a Hold>) -> String {
    if tab.is_forgotten {
        return guests::FORGOTTEN.to_owned();
    }
    if !tab.name.is_empty() {
        return tab.name.clone();
    }
    let newest = holds.rev().find(|hold| shown_card(hold).is_some());
    let card = newest.and_then(card_name);
    card.unwrap_or_else(|| format!("No name, {}", tab.reference))
}
