//! Which guest an event speaks of: under whose key the ledger seals what is personal in it.

use super::Event;
use crate::TabId;

impl Event {
    /// Whose name stands in its [`Personal`](super::Personal), of an event on `tab`: what says where a bill went names
    /// the other guest.
    pub fn whose(&self, tab: Option<TabId>) -> Option<TabId> {
        match self {
            Self::MovedAway { other, .. } | Self::MovedHere { other, .. } => Some(*other),
            Self::Seen(event) => event.whose(tab),
            // Written out: a new event that names another guest must not be sealed under this one's key.
            Self::AllReadAgain
            | Self::AmountChangedElsewhere { .. }
            | Self::BackupRestored { .. }
            | Self::BillImported { .. }
            | Self::CancelledElsewhere
            | Self::CardDeclined
            | Self::Clock(_)
            | Self::CommitsLost { .. }
            | Self::Contradicts { .. }
            | Self::Decided(_)
            | Self::FloorOrdered(_)
            | Self::FormerNotShown { .. }
            | Self::Former { .. }
            | Self::FoundOlder
            | Self::GuestsForgotten { .. }
            | Self::Held { .. }
            | Self::HoldsNotOurs { .. }
            | Self::Imported { .. }
            | Self::LessTaken { .. }
            | Self::LineAdded { .. }
            | Self::LineTakenOff { .. }
            | Self::LinkEnded
            | Self::MakesNoSense
            | Self::Moved { .. }
            | Self::Night(_)
            | Self::NotShown { .. }
            | Self::NotYetEnded { .. }
            | Self::PaidAfterCancel { .. }
            | Self::Paid { .. }
            | Self::PutAside { .. }
            | Self::ReadingAccepted { .. }
            | Self::RefundSaid { .. }
            | Self::RefundedElsewhere { .. }
            | Self::ReleasedAtDeadline { .. }
            | Self::ReleasedElsewhere { .. }
            | Self::RenewalBegun { .. }
            | Self::RenewalEnded { .. }
            | Self::ReportMade { .. }
            | Self::RequestNotKnown { .. }
            | Self::RestNotAskedAgain { .. }
            | Self::RestNotAsked { .. }
            | Self::SettingsChanged
            | Self::SettingsRepaired
            | Self::StatusNotKnown
            | Self::TabClosed
            | Self::TabEdited
            | Self::TabOpened
            | Self::TabReopened
            | Self::TakenAtDeadline { .. }
            | Self::TakenElsewhere { .. }
            | Self::TillClock { .. }
            | Self::Warned(_) => tab,
        }
    }
}
