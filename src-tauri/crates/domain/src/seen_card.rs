//! The card that a hold was on when somebody looked.

use crate::{Card, Hold};
use serde::{Deserialize, Serialize};

/// A card's scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scheme {
    /// Mastercard.
    Mastercard,
    /// Visa.
    Visa,
    /// American Express.
    Amex,
    /// Maestro.
    Maestro,
    /// Another one, by the first characters, up to `MOST_SCHEME_CHARACTERS`, that Dojo shows.
    Other(String),
}

/// What of a scheme that we don't know is kept, in characters.
const MOST_SCHEME_CHARACTERS: usize = 12;

impl Scheme {
    /// By what Dojo shows (`MASTERCARD`, `American Express`), or by its code.
    pub fn of(shown: &str) -> Self {
        let short = || shown.chars().take(MOST_SCHEME_CHARACTERS).collect::<String>();
        known(shown)
            .or_else(|| known(&short()))
            .unwrap_or_else(|| Self::Other(short()))
    }

    /// What nights and the journal keep, for ever: ledgers out there have it. No words: staff read those of the desk.
    fn code(&self) -> &str {
        match self {
            Self::Mastercard => "MC",
            Self::Visa => "Visa",
            Self::Amex => "Amex",
            Self::Maestro => "Maestro",
            Self::Other(shown) => shown,
        }
    }
}

fn known(shown: &str) -> Option<Scheme> {
    match shown.to_ascii_uppercase().replace([' ', '_'], "").as_str() {
        "MASTERCARD" | "MC" => Some(Scheme::Mastercard),
        "VISA" => Some(Scheme::Visa),
        "AMEX" | "AMERICANEXPRESS" => Some(Scheme::Amex),
        "MAESTRO" => Some(Scheme::Maestro),
        _ => None,
    }
}

/// What stands for the scheme where Dojo shows none.
const NO_SCHEME: &str = "Card";

/// A card as somebody saw it. It’s compared, and kept as a short code: `MC 1005`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
pub struct SeenCard {
    /// None where Dojo shows none.
    pub scheme: Option<Scheme>,
    /// Its last four digits.
    pub last_four: String,
}

impl SeenCard {
    /// None without its last four digits.
    pub fn of(card: &Card) -> Option<Self> {
        let shown = card.brand.as_deref().filter(|shown| *shown != NO_SCHEME);
        Some(Self {
            scheme: shown.map(Scheme::of),
            last_four: card.last_four.clone()?,
        })
    }

    /// The card that a hold is on, as far as Dojo shows it.
    pub fn on(hold: &Hold) -> Option<Self> {
        Self::of(hold.seen.as_ref()?.card.as_ref()?)
    }

    /// As it is kept.
    pub fn code(&self) -> String {
        let scheme = self.scheme.as_ref().map_or(NO_SCHEME, Scheme::code);
        format!("{scheme} {}", self.last_four)
    }

    /// What was kept.
    pub fn from_code(code: &str) -> Self {
        let (scheme, last_four) = code.rsplit_once(' ').unwrap_or((NO_SCHEME, code));
        Self {
            scheme: Some(scheme).filter(|scheme| *scheme != NO_SCHEME).map(Scheme::of),
            last_four: last_four.to_owned(),
        }
    }
}

impl From<SeenCard> for String {
    fn from(card: SeenCard) -> Self {
        card.code()
    }
}

impl From<String> for SeenCard {
    fn from(code: String) -> Self {
        Self::from_code(&code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seen(brand: Option<&str>) -> SeenCard {
        let (brand, last_four) = (brand.map(str::to_owned), Some("1005".to_owned()));
        SeenCard::of(&Card { brand, last_four }).unwrap()
    }

    /// Ledgers have these, and what a person saw is compared with them.
    #[test]
    fn the_codes_never_change() {
        for (brand, code) in [
            (Some("MASTERCARD"), "MC 1005"),
            (Some("Master Card"), "MC 1005"),
            (Some("VISA"), "Visa 1005"),
            (Some("AMERICAN_EXPRESS"), "Amex 1005"),
            (Some("Amex"), "Amex 1005"),
            (Some("Maestro"), "Maestro 1005"),
            (Some("UNIONPAY INTERNATIONAL"), "UNIONPAY INT 1005"),
            (None, "Card 1005"),
        ] {
            assert_eq!(seen(brand).code(), code);
            assert_eq!(SeenCard::from_code(code), seen(brand), "{code}");
        }
        assert_ne!(seen(Some("VISA")), seen(None));
    }

    proptest! {
        #[test]
        fn a_card_is_read_as_it_was_kept(brand in proptest::option::of(".{0,20}"), four in "[0-9]{4}") {
            let card = SeenCard::of(&Card { brand, last_four: Some(four) }).unwrap();
            prop_assert_eq!(SeenCard::from_code(&card.code()), card);
        }
    }
}
