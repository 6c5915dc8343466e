//! Words that others wrote into a reason: Dojo's refusals, and former versions' sentences. Dojo may repeat in them what
//! it was sent, a guest's name included, so they're kept with what is about the guest and go with the guest's key. The
//! kind of the reason stays where it is, with no words in it.
//!
//! Format 11 kept them in the body for some time: words that are found there are left there.

use holdfast_domain::{Detail, Event, NightStep, NotDone, RowTrouble};

/// What may have such words in it.
pub(crate) trait ForeignWords {
    /// Where they stand; none for a kind without.
    fn foreign(&mut self) -> Option<&mut String>;

    /// Takes them out.
    fn take_words(&mut self) -> Option<String> {
        self.foreign()
            .map(std::mem::take)
            .filter(|words| !words.is_empty())
    }

    /// Puts them back where none stand.
    fn put_words(&mut self, words: Option<String>) {
        if let (Some(place), Some(words)) = (self.foreign(), words)
            && place.is_empty()
        {
            *place = words;
        }
    }
}

impl<T: ForeignWords> ForeignWords for Option<T> {
    fn foreign(&mut self) -> Option<&mut String> {
        self.as_mut()?.foreign()
    }
}

impl ForeignWords for Detail {
    fn foreign(&mut self) -> Option<&mut String> {
        match self {
            Self::Former(words) | Self::Dojo(words) | Self::FormerNoAnswer(words) => Some(words),
            Self::KeyNotAccepted
            | Self::Status(_)
            | Self::NoAnswer(_)
            | Self::EarlierCapture
            | Self::NoNumber
            | Self::SeveralCaptures(_)
            | Self::OtherCapture
            | Self::BankDeclined
            | Self::FailedAtDojo
            | Self::TakenInstead
            | Self::NothingHeld
            | Self::PaidFirst
            | Self::OtherRefund
            | Self::ReceiptNotConfirmed
            | Self::ShowsSomethingElse
            | Self::StillNotDone
            | Self::NotShownAnyMore
            | Self::NotAsAsked(_)
            | Self::NoDeadlineAction => None,
        }
    }
}

impl ForeignWords for NotDone {
    fn foreign(&mut self) -> Option<&mut String> {
        match self {
            Self::NotShown(why) => why.foreign(),
            Self::Changed(_)
            | Self::ChangedBeforeClosing(_)
            | Self::NotAllowed { .. }
            | Self::StaysOpen(_)
            | Self::ChangedSinceBackup
            | Self::BeforeBackup
            | Self::AnotherPress
            | Self::Offline
            | Self::KeyNotAccepted
            | Self::NoReply
            | Self::Senseless
            | Self::Contradicts { .. }
            | Self::Ledger
            | Self::Other => None,
        }
    }
}

impl ForeignWords for RowTrouble {
    fn foreign(&mut self) -> Option<&mut String> {
        match self {
            Self::Former(words) => Some(words),
            Self::Refused(why) => why.foreign(),
            Self::Ended(_) | Self::NoFigures => None,
        }
    }
}

impl ForeignWords for Event {
    fn foreign(&mut self) -> Option<&mut String> {
        match self {
            Self::Moved { detail, .. } | Self::PutAside { detail, .. } => detail.foreign(),
            Self::NotShown { why } => why.foreign(),
            Self::FormerNotShown { words } => Some(words),
            Self::Night(NightStep::RowFailed { why }) => why.foreign(),
            Self::Seen(event) => event.foreign(),
            // Written out: what a new event keeps in others' words must not stay in the clear.
            Self::Night(
                NightStep::Begun
                | NightStep::Resumed
                | NightStep::RestLeft
                | NightStep::RowDone
                | NightStep::Finished
                | NightStep::Stopped,
            )
            | Self::AllReadAgain
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
            | Self::MovedAway { .. }
            | Self::MovedHere { .. }
            | Self::NotYetEnded { .. }
            | Self::PaidAfterCancel { .. }
            | Self::Paid { .. }
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
            | Self::Warned(_) => None,
        }
    }
}
