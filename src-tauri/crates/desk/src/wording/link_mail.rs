//! The guest's link as a letter.

use super::papers::all_after;
use super::{guest_span, moment};
use crate::context::frame::Frame;
use holdfast_domain::{CaptureMode, DeadlineAction, Hold};

/// Why there is no letter.
pub(crate) const NO_PAGE: &str = "This request has no page any more.";

/// An answer names a page that isn't Dojo's.
pub(crate) const UNKNOWN_PAGE: &str = "Dojo’s answer names a page that isn’t Dojo’s, so we don’t show its link. \
     Don’t ask the guest for a card. Check this PC’s network, or ask Dojo.";

/// What a letter is about.
pub(crate) struct Letter<'a> {
    /// Who asks.
    pub(crate) venue: &'a str,
    /// The tab's.
    pub(crate) reference: &'a str,
    /// What is asked for.
    pub(crate) hold: &'a Hold,
    /// The guest's page.
    pub(crate) link: &'a str,
}

impl Letter<'_> {
    /// The subject and the text.
    pub(crate) fn write(&self, frame: Frame) -> (String, String) {
        let Self {
            venue,
            reference,
            link,
            ..
        } = self;
        let (subject, body) = letter(venue, self.hold);
        let ends = ends(self.hold, frame);
        let body = format!("{body}\n\n{link}\n\n{ends}Thank you\n{venue}\nReference {reference}");
        (subject, body)
    }
}

/// The subject and what stands above the link: who asks, for how much, and that a hold is not a payment.
fn letter(venue: &str, hold: &Hold) -> (String, String) {
    let money = hold.money(hold.requested());
    if hold.mode == CaptureMode::Auto {
        return (
            format!("{venue}: payment of {money}"),
            format!("{venue} asks you to pay {money}. Please pay by card on this page:"),
        );
    }
    let after = match (hold.expire_in, hold.expire_action) {
        (Some(seconds), Some(DeadlineAction::Capture)) => format!(" {}", all_after(&guest_span(seconds))),
        (Some(seconds), _) => format!(
            " Anything we don’t charge is released within {}.",
            guest_span(seconds)
        ),
        (None, _) => String::new(),
    };
    (
        format!("{venue}: a hold of {money}, not a payment"),
        format!(
            "{venue} asks to hold {money} on your card. It’s a hold, not a payment: we charge only what you \
             owe.{after}\n\nPlease add your card on this page:"
        ),
    )
}

/// How long the link works, as a line of its own; nothing where no end is known.
fn ends(hold: &Hold, frame: Frame) -> String {
    hold.link_ends_at.map_or_else(String::new, |at| {
        format!(
            "The link works until {}.\n\n",
            moment(at, frame.now, frame.days.zone)
        )
    })
}
