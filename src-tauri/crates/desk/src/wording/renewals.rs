//! Renewals, as the journal and staff read them.

use super::day_and_year;
use chrono::NaiveDate;
use holdfast_domain::{DeadlineAction, Money, RenewalEnd};

/// How a renewal of a hold of `held`, with which Dojo does `action` at its deadline, ended.
pub(crate) fn renewal_ended(held: Money, how: RenewalEnd, action: Option<DeadlineAction>) -> String {
    let (ended, next) = match how {
        RenewalEnd::Done => ("done", "The new hold is in place, the old one is released"),
        RenewalEnd::GivenUp => ("cancelled", "The old hold stays"),
        RenewalEnd::NotMade => (
            "not started",
            "Dojo didn’t make the new request. The old hold stays",
        ),
        RenewalEnd::LinkEnded => (
            "the guest didn’t use the new link before it expired",
            "The old hold stays until its own deadline. Renew it again, or take or release it before that",
        ),
        RenewalEnd::NewOver => ("the new request has ended", "The old hold stays"),
        RenewalEnd::OldTaken => (
            "some of the old hold was taken in the meantime",
            match action {
                Some(DeadlineAction::Capture) => {
                    "Dojo takes the rest of it at its deadline; until then both are on hold"
                }
                Some(DeadlineAction::Release) | None => {
                    "Dojo releases the rest of it at its deadline; until then both are on hold"
                }
            },
        ),
        RenewalEnd::OldOver => (
            "the old hold ended before the new one was in place",
            "The new request stays",
        ),
        RenewalEnd::NotReleased => (
            "the old hold wasn’t released",
            match action {
                Some(DeadlineAction::Capture) => {
                    "Both are on hold. Release the old one, or Dojo takes it at its deadline"
                }
                Some(DeadlineAction::Release) | None => {
                    "Both are on hold. Release the old one, or leave it until its deadline"
                }
            },
        ),
    };
    format!("Renewal of {held}: {ended}. {next}")
}

/// The new hold is in place, and the bill needs the old one of `held` besides.
fn old_is_needed(held: Money) -> String {
    format!(
        "The new hold is in place, but the bill is over it, so the old one of {held} stays. Request more, or \
         cancel the renewal and keep both."
    )
}

/// That one more hold won't last until the guest leaves.
pub(crate) fn once_more(departs: NaiveDate, today: NaiveDate) -> String {
    format!(
        "The guest stays until {}, longer than one more hold lasts: you’ll need to renew once more.",
        day_and_year(departs, today)
    )
}

/// What renewing a hold of `held` does; `both` is what is on hold while both are.
pub(crate) fn preview(held: Money, both: Option<Money>) -> String {
    let both = both.map_or_else(String::new, |sum| {
        format!(" For a moment both are on hold on the guest’s card, {sum} in all.")
    });
    format!(
        "The guest gets a new link. We release the old hold of {held} once the new one is in place.{both}"
    )
}

/// Where a renewal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RenewalStands {
    /// The new hold is in place, and the old one's release under way.
    Releasing,
    /// The new hold is in place, and the bill needs the old one besides.
    OldNeeded,
    /// The new hold is in place.
    InPlace,
    /// The request for the new hold never left.
    NotSent,
    /// Dojo is asked for the new link.
    Asking,
    /// Nothing is on hold on either any more.
    Bare,
    /// The guest has yet to pay.
    Waiting,
}

impl RenewalStands {
    /// For staff. `asked` is what the new hold asks for; `beside_new` is none where nothing is said of the other
    /// hold, else whether this stands beside the new one.
    pub(crate) fn words(self, held: Money, asked: Money, beside_new: Option<bool>) -> String {
        let stands = match self {
            Self::Releasing => format!("The new hold is in place; we’re releasing the old one of {held}."),
            Self::OldNeeded => old_is_needed(held),
            Self::InPlace => format!("The new hold is in place; we release the old one of {held} next."),
            Self::NotSent => "The new request wasn’t sent. Send it again, or cancel the renewal.".to_owned(),
            Self::Asking => "We’re asking Dojo for the new link.".to_owned(),
            Self::Bare => format!(
                "Nothing is on hold any more, and the new link of {asked} waits for the guest. Cancel the renewal \
                 if you don’t want it."
            ),
            Self::Waiting => format!("Waiting for the guest to add a card for the new hold of {asked}."),
        };
        match beside_new {
            None => stands,
            Some(true) => format!("{stands} It replaces the hold of {held}, which stays until then."),
            Some(false) => format!("{stands} The old hold of {held} stays until the new one is in place."),
        }
    }
}

/// Said of a hold that ends before its guest leaves.
pub(crate) fn too_short(ends: &str, departs: &str) -> String {
    format!("On hold until {ends}. The guest stays until {departs}: renew it before it expires.")
}
