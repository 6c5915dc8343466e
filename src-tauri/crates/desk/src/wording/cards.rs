//! A guest’s card, and what a tab is called.

use super::guests;
use holdfast_domain::{Card, Hold, Tab};

/// The card that a hold is on, as far as Dojo shows it.
pub(crate) fn shown_card(hold: &Hold) -> Option<&Card> {
    hold.seen.as_ref()?.card.as_ref()
}

/// A scheme's name, short enough for a row.
pub(crate) fn brand(scheme: &str) -> String {
    match scheme.to_ascii_uppercase().replace([' ', '_'], "").as_str() {
        "MASTERCARD" => "MC".to_owned(),
        "VISA" => "Visa".to_owned(),
        "AMEX" | "AMERICANEXPRESS" => "Amex".to_owned(),
        "MAESTRO" => "Maestro".to_owned(),
        _ => scheme.chars().take(12).collect(),
    }
}

/// The card of a hold as staff see it: `Visa 1005`. None without its last four digits.
pub(crate) fn card_name(hold: &Hold) -> Option<String> {
    let card = shown_card(hold)?;
    let four = card.last_four.as_ref()?;
    let brand = card.brand.as_deref().map_or_else(|| "Card".to_owned(), brand);
    Some(format!("{brand} {four}"))
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
