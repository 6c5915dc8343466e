//! Renewals, as the journal and staff read them.

use holdfast_domain::{DeadlineAction, Money, RenewalEnd};

/// How a renewal of a hold of `held`, with which Dojo does `action` at its deadline, ended.
pub(crate) fn renewal_ended(held: Money, how: RenewalEnd, action: Option<DeadlineAction>) -> String {
    let (ended, next) = match how {
        RenewalEnd::Done => (
            "done",
            "The new hold is in force, the old one is not held any more",
        ),
        RenewalEnd::GivenUp => ("given up", "The old hold stays"),
        RenewalEnd::NotMade => (
            "not begun",
            "Dojo did not make the new request. The old hold stays",
        ),
        RenewalEnd::LinkEnded => (
            "the guest did not pay the new link before it ended",
            "The old hold stays until its own end. Renew it again, or take or release it before that",
        ),
        RenewalEnd::NewOver => ("the new request is over", "The old hold stays"),
        RenewalEnd::OldTaken => (
            "some of the old hold was taken meanwhile",
            match action {
                Some(DeadlineAction::Capture) => {
                    "Dojo takes what is left of it at its deadline; until then it is held beside the new one"
                }
                Some(DeadlineAction::Release) | None => {
                    "Dojo releases what is left of it at its deadline; until then it is held beside the new one"
                }
            },
        ),
        RenewalEnd::OldOver => (
            "the old hold ended before the new one was in force",
            "The new request stays",
        ),
        RenewalEnd::NotReleased => (
            "the old hold was not released",
            match action {
                Some(DeadlineAction::Capture) => {
                    "Both are held. Release the old one, or Dojo takes it at its deadline"
                }
                Some(DeadlineAction::Release) | None => {
                    "Both are held. Release the old one, or leave it to its end"
                }
            },
        ),
    };
    format!("Renewal of {held}: {ended}. {next}")
}
