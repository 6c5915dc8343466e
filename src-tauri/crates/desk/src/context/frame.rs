//! What figures and dates are shown by: the time, the warnings and the business days.

use chrono::{DateTime, Utc};
use holdfast_dojo::Checkout;
use holdfast_domain::{BusinessDays, Hold, Warnings};

/// The moment, and the settings that decide how it reads.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    pub(crate) now: DateTime<Utc>,
    /// By the clock that is most behind: nothing is over before it says so.
    pub(crate) earliest: DateTime<Utc>,
    pub(crate) warnings: Warnings,
    /// By the venue's own wall.
    pub(crate) days: BusinessDays,
    /// For how many seconds what can't be undone may still be stopped.
    pub(crate) hold_back_seconds: u8,
    /// Which pages a guest may be sent to.
    pub(crate) checkout: Checkout,
}

impl Frame {
    /// The guest's page of a hold, unless what Dojo's answer called so is none. The one check for all that shows,
    /// draws, mails or opens it.
    pub(crate) fn page(self, hold: &Hold) -> Option<&str> {
        hold.link.as_deref().filter(|link| self.checkout.allows(link))
    }
}
