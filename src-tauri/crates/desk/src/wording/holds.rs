//! How holds stand, for the head of a sheet about them.

use holdfast_domain::Money;

/// How a hold stands, by what is left of it.
pub(crate) enum Stands {
    OnHold(Money),
    Taken(Money),
    Requested(Money),
}

/// The same in words.
pub(crate) fn stands(stands: &Stands) -> String {
    match stands {
        Stands::OnHold(money) => format!("{money} on hold"),
        Stands::Taken(money) => format!("{money} taken"),
        Stands::Requested(money) => format!("{money} requested"),
    }
}

/// On which cards something is on hold.
pub(crate) enum OnCards<'a> {
    /// Nobody knows.
    Unknown,
    One(&'a str),
    Many(usize),
}

/// What is on hold on a tab, on which of its guests' cards, and what was taken on it.
pub(crate) fn head(left: &str, cards: &OnCards<'_>, taken: Option<&str>) -> String {
    let on_hold = match cards {
        OnCards::Unknown => format!("{left} on hold"),
        OnCards::One(card) => format!("{left} on hold on {card}"),
        OnCards::Many(count) => format!("{left} on hold on {count} cards"),
    };
    match taken {
        Some(taken) => format!("{on_hold} · {taken} taken already"),
        None => format!("{on_hold} · nothing taken yet"),
    }
}

/// A card within a sentence: `Visa 1234`, or `card 1234`.
pub(crate) fn card(brand: Option<&str>, four: &str) -> String {
    match brand {
        Some(brand) => format!("{brand} {four}"),
        None => format!("card {four}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_on_hold_on_two_cards_is_not_said_to_be_on_one_of_them() {
        let said = |cards, taken| head("£120.00", &cards, taken);
        assert_eq!(
            said(OnCards::Many(2), None),
            "£120.00 on hold on 2 cards · nothing taken yet"
        );
        assert_eq!(
            said(OnCards::One("Visa 1005"), Some("£20.00")),
            "£120.00 on hold on Visa 1005 · £20.00 taken already"
        );
        assert_eq!(
            said(OnCards::Unknown, None),
            "£120.00 on hold · nothing taken yet"
        );
    }
}
