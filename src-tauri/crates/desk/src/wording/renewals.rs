//! Renewals, as the journal and staff read them.

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
pub(crate) fn old_is_needed(held: Money) -> String {
    format!(
        "The new hold is in place, but the bill is over it, so the old one of {held} stays. Request more, or \
         cancel the renewal and keep both."
    )
}
