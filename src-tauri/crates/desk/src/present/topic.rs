//! What a step of a history is about, so that staff can look at one kind alone.

use holdfast_domain::Event;
use serde::Serialize;
use ts_rs::TS;

/// What a step of a history is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum HistoryTopic {
    /// Holds, takes, releases, refunds, and what the guest or Dojo did to them.
    Money,
    /// Lines of the bill.
    Bill,
    /// What we warned of, and what doesn't match.
    Warning,
    /// The tab itself: opened, renamed, closed, a night.
    Tab,
    /// What a manager set.
    Settings,
}

/// What an event is about.
pub(super) fn topic(event: &Event) -> HistoryTopic {
    match event {
        Event::LineAdded { .. }
        | Event::LineTakenOff { .. }
        | Event::MovedAway { .. }
        | Event::MovedHere { .. }
        | Event::BillImported { .. } => HistoryTopic::Bill,
        Event::Warned(_)
        | Event::Clock(_)
        | Event::TillClock { .. }
        | Event::StatusNotKnown
        | Event::MakesNoSense
        | Event::NotYetEnded { .. }
        | Event::Contradicts { .. }
        | Event::FormerNotShown { .. }
        | Event::NotShown { .. }
        | Event::AmountChangedElsewhere { .. }
        | Event::LessTaken { .. }
        | Event::CommitsLost { .. }
        | Event::RequestNotKnown { .. }
        | Event::HoldsNotOurs { .. } => HistoryTopic::Warning,
        // That it was seen belongs to what was seen.
        Event::Seen(event) => topic(event),
        Event::Decided(_)
        | Event::Moved { .. }
        | Event::PutAside { .. }
        | Event::RefundSaid { .. }
        | Event::RestNotAsked { .. }
        | Event::RestNotAskedAgain { .. }
        | Event::RenewalBegun { .. }
        | Event::RenewalEnded { .. }
        | Event::CardDeclined
        | Event::Held { .. }
        | Event::Paid { .. }
        | Event::PaidAfterCancel { .. }
        | Event::TakenElsewhere { .. }
        | Event::ReleasedElsewhere { .. }
        | Event::RefundedElsewhere { .. }
        | Event::CancelledElsewhere
        | Event::LinkEnded
        | Event::ReleasedAtDeadline { .. }
        | Event::TakenAtDeadline { .. }
        | Event::ReadingAccepted { .. } => HistoryTopic::Money,
        Event::SettingsChanged | Event::SettingsRepaired | Event::FloorOrdered(_) => HistoryTopic::Settings,
        Event::Former { .. }
        | Event::TabOpened
        | Event::TabEdited
        | Event::TabClosed
        | Event::TabReopened
        | Event::Imported { .. }
        | Event::AllReadAgain
        | Event::Night(_)
        | Event::ReportMade { .. }
        | Event::BackupRestored { .. }
        | Event::FoundOlder
        | Event::GuestsForgotten { .. } => HistoryTopic::Tab,
    }
}
