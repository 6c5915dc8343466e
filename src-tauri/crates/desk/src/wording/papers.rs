//! What is handed to a guest on paper.

use holdfast_domain::DeadlineAction;

pub(crate) const PRINT_SLIP: &str = "Print the hold slip";
pub(crate) const PRINT_RECEIPT: &str = "Print the receipt";
pub(crate) const PRINT_LETTER: &str = "Print the release letter";
pub(crate) const NOTHING_TO_PRINT: &str = "There’s nothing to put on that paper yet.";
pub(crate) const HELD_ON_CARD: &str = "On hold on your card";
pub(crate) const NOT_CHARGED_YET: &str = "Not charged yet";
pub(crate) const NOT_A_CHARGE: &str = "This is not a charge";
pub(crate) const ONLY_WHAT_YOU_OWE: &str = "When you pay, we charge only what you owe.";
pub(crate) const ONLY_WHAT_YOU_SPEND: &str = "When you leave, we charge only what you spend.";
pub(crate) const HOLDING: &str = "We’re holding this amount on your card. You have not been charged.";
pub(crate) const SLIP: &str = "Hold slip";
pub(crate) const NOT_BY_CARD: &str = "Of the bill, not paid by card";
pub(crate) const ABOVE_BILL: &str = "Taken above the bill";
pub(crate) const THANKS: &str = "Thank you.";
pub(crate) const RELEASED_ON: &str = "Released on";
pub(crate) const DOJO_REFERENCE: &str = "Dojo’s reference";
pub(crate) const LETTER: &str = "Release letter";
pub(crate) const PLACE: &str = "Room or table";
pub(crate) const AUTH_CODE: &str = "Authorisation code";
pub(crate) const HELD_SINCE: &str = "On hold since";
pub(crate) const ON_BILL: &str = "On the bill";
pub(crate) const FROM_CARD: &str = "Taken from the card";
pub(crate) const TO_CARD: &str = "Refunded to the card";
pub(crate) const PAID_AFTER: &str = "Paid after refunds";
pub(crate) const FROM_THIS_CARD: &str = "Taken from this card";
pub(crate) const TO_THIS_CARD: &str = "Refunded to this card";
pub(crate) const PAID_WITH_THIS: &str = "Paid with this card after refunds";
pub(crate) const FROM_OTHERS: &str = "Taken from other cards";
pub(crate) const TO_OTHERS: &str = "Refunded to other cards";
pub(crate) const PAID_WITH_OTHERS: &str = "Paid with other cards after refunds";
pub(crate) const TAKEN_IN_ALL: &str = "Taken in all";
pub(crate) const REFUNDED_IN_ALL: &str = "Refunded in all";
pub(crate) const PAID_IN_ALL: &str = "Paid in all after refunds";
pub(crate) const GUEST: &str = "Guest";
pub(crate) const REFERENCE: &str = "Reference";
pub(crate) const CARD: &str = "Card";
/// Beside what the guest's bank calls the venue.
pub(crate) const ON_STATEMENT: &str = "On your card statement";
pub(crate) const TEST: &str = "Test slip";
pub(crate) const LETTERS: &str = "Letters";
pub(crate) const SOME_LETTERS: &str = "Crème brûlée, 3 × €4";
pub(crate) const LAST_FIGURE: &str = "Last figure";
/// What a person looks for on it.
pub(crate) const TEST_WORDS: [&str; 2] = [
    "Read the name and the address at the top. That’s how guests see them.",
    "Check the right edge: the last figure must be whole. If it’s cut, choose 80 mm paper in the print dialog.",
];
pub(crate) const RELEASED: &str = "Released";
pub(crate) const RECEIPT: &str = "Receipt";
pub(crate) const BILL: &str = "Bill";
pub(crate) const TAKEN: &str = "Taken";
pub(crate) const MAY_BE_PENDING: &str = "Your bank may show the amount as pending for a few days. It isn’t a \
     charge and it will disappear; you won’t see a refund.";

/// When and by whom a paper was printed.
pub(crate) fn made(at: &str, by: &str) -> String {
    format!("Printed {at} by {by}")
}

/// What a saved paper is called: `Receipt HF-7K2MPQ.pdf`.
pub(crate) fn file(paper: &str, of: &str) -> String {
    format!("Holdfast {} {of}", paper.to_lowercase())
        .trim_end()
        .to_owned()
        + ".pdf"
}

/// A card, by its scheme and its last four digits.
pub(crate) fn card(brand: &str, four: &str) -> String {
    format!("{brand} ending {four}")
}

/// What becomes of a hold that Dojo takes, where staff neither take nor release it within `span`.
pub(crate) fn all_after(span: &str) -> String {
    format!("If we don’t settle your bill or release the hold within {span}, all of it is charged.")
}

/// The same once it's known when that is: `Fri 4 Dec, 09:20`.
pub(crate) fn all_on(at: &str) -> String {
    format!("If we don’t settle your bill or release the hold by {at}, all of it is charged then.")
}

/// What Dojo does at the deadline with a hold, of which nothing is taken when it `is_whole`.
pub(crate) fn at_the_deadline(action: DeadlineAction, is_whole: bool, at: &str) -> String {
    match action {
        DeadlineAction::Release if is_whole => format!("Anything we don’t charge is released by {at}."),
        DeadlineAction::Release => format!("The rest is released by {at}."),
        DeadlineAction::Capture if is_whole => {
            format!("We charge all of it on {at}, unless it’s settled or released before.")
        }
        DeadlineAction::Capture => format!("We charge the rest by {at}."),
    }
}

/// That something stays on hold after a take.
pub(crate) fn still_holding(left: &str, is_released: bool) -> String {
    if is_released {
        format!("We’re still holding {left} on your card. It isn’t a charge.")
    } else {
        format!("We’re still holding {left} on your card.")
    }
}

/// That the rest was released.
pub(crate) fn other_released(back: &str) -> String {
    format!("The other {back} on hold was released. You were not charged for it.")
}

/// What a bank finds a hold by.
pub(crate) enum KnownBy {
    AuthCode,
    DojoReference,
    Reference,
}

/// What to do with the release letter.
pub(crate) fn for_the_bank(known: KnownBy) -> String {
    let words = match known {
        KnownBy::AuthCode => {
            "If it’s still there after that, give your bank this letter. The authorisation code above \
             identifies this hold."
        }
        KnownBy::DojoReference => {
            "If it’s still there after that, give your bank this letter. Dojo’s reference above identifies \
             this hold."
        }
        KnownBy::Reference => {
            "If it’s still there after that, give your bank this letter. The reference above identifies this \
             hold."
        }
    };
    words.to_owned()
}

/// That all that was held was released.
pub(crate) fn all_released(venue: &str, back: &str, four: Option<&str>) -> String {
    match four {
        Some(four) => format!(
            "{venue} held {back} on your card ending {four}. We released all of it. You were not charged."
        ),
        None => format!("{venue} held {back} on your card. We released all of it. You were not charged."),
    }
}

/// That what was held and not taken was released.
pub(crate) fn rest_released(venue: &str, [held, taken, back]: [&str; 3], four: Option<&str>) -> String {
    match four {
        Some(four) => format!(
            "{venue} held {held} on your card ending {four}. We charged {taken} for your bill, a separate entry \
             on your statement. We released the other {back}; you were not charged for it."
        ),
        None => format!(
            "{venue} held {held} on your card. We charged {taken} for your bill, a separate entry on your \
             statement. We released the other {back}; you were not charged for it."
        ),
    }
}
