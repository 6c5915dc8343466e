//! The encoding of what happened.

use crate::stored::Unreadable;
use crate::stored::cbor::{Cbor, Out, Put, kinds, record};
use crate::stored::foreign_words::ForeignWords as _;
use holdfast_domain::{
    ChangedBy, ClockTrouble, Deed, Edit, Event, ForgetReason, NightStep, NotDone, Personal, Refusal,
    RowTrouble, SeenCard, Shown, Stage, TabChange, Warning,
};
use minicbor::Decoder;

record!(Deed { 0 kind, 1 amount, 2 tip, 3 of, 4 cause });
record!(Warning { 0 stage, 1 amount, 2 action, 3 safe_hours });
record!(Shown { 0 status, 1 taken, 2 refunded });
record!(Edit { 0 field, 1 was, 2 is });
record!(EventPersonal { 0 name, 1 reason, 2 edits, 3 words, 4 of_event });

/// What of an event is about a person, with the words that others wrote into it.
pub(crate) struct EventPersonal {
    name: Option<String>,
    reason: Option<String>,
    edits: Vec<Edit>,
    words: Option<String>,
    of_event: Option<String>,
}

impl EventPersonal {
    /// That of `event`, and `event` without it.
    pub(crate) fn taken_from(event: &Event, personal: &Personal) -> (Self, Event) {
        let mut event = event.clone();
        let Personal {
            name,
            reason,
            edits,
            words,
        } = personal.clone();
        let of_event = event.take_words();
        let taken = Self {
            name,
            reason,
            edits,
            words,
            of_event,
        };
        (taken, event)
    }

    /// Puts back what belongs into `event`.
    pub(crate) fn put_into(self, event: &mut Event) -> Personal {
        event.put_words(self.of_event);
        Personal {
            name: self.name,
            reason: self.reason,
            edits: self.edits,
            words: self.words,
        }
    }
}

kinds!(Stage {
    0 Within(hours),
    1 Late,
    2 Doubtful,
});

kinds!(ClockTrouble {
    0 Reset,
    1 GoneBack(span),
    2 Apart(span),
    3 ApartFromServer(span),
});

kinds!(RowTrouble {
    0 Former(words),
    1 Ended(state),
    2 NoFigures,
    3 Refused(why),
});

kinds!(NotDone {
    0 Changed(changes),
    1 ChangedBeforeClosing(changes),
    2 NotAllowed { action, why },
    3 StaysOpen(why),
    4 ChangedSinceBackup,
    5 BeforeBackup,
    6 AnotherPress,
    7 Offline,
    8 KeyNotAccepted,
    9 NotShown(why),
    10 NoReply,
    11 Senseless,
    12 Contradicts { was, is, currency },
    13 Ledger,
    14 Other,
});

kinds!(Refusal {
    0 Settling,
    1 NotConfirmed,
    2 UnknownState,
    3 RenewalUnderWay,
    4 NotUnpaid,
    5 NotPaid,
    6 NothingTaken,
    7 AllTaken,
    8 AllRefunded,
    9 RefundedInPart,
    10 Refunded,
    11 Released,
    12 Cancelled,
    13 ReleasedAtDeadline,
    14 RestReleasedAtDeadline,
    15 TakenAtDeadline,
    16 IsPayment,
    17 PartTaken { rest },
});

kinds!(TabChange {
    0 Requested { money, at },
    1 Added { money, at, by },
    2 CameOff { money, at, by },
    3 Due(money),
    4 Closed { at },
    5 Reopened,
    6 Held { money, card, since },
    7 Card(card),
    8 Taken { money, at, by },
    9 LessTaken(money),
    10 Refunded { money, at, by },
    11 RefundedElsewhere(money),
    12 LessRefunded(money),
    13 Expired { money, at },
    14 Released { money, at, by },
    15 ReleasedElsewhere(money),
    16 Asked(money),
    17 DeadlineAction(action),
    18 UnderWay { deed, currency, at, by },
    19 Ended,
    20 Figures,
    21 NotTaken { money, card, at, by },
});

/// By its code, as a text: former releases read and wrote the same.
impl Cbor for SeenCard {
    fn put(&self, out: &mut Out) -> Put {
        self.code().put(out)
    }

    fn get(from: &mut Decoder<'_>) -> Result<Self, Unreadable> {
        Ok(Self::from_code(&String::get(from)?))
    }
}

kinds!(ChangedBy {
    0 Person(by),
    1 Night,
    2 DojoAtDeadline,
    3 Dojo,
    4 Elsewhere,
});

kinds!(ForgetReason {
    0 Asked,
    1 NotNeeded,
    2 Mistake,
    3 Age(months),
    4 Again,
});

kinds!(NightStep {
    0 Begun,
    1 Resumed,
    2 RestLeft,
    3 RowDone,
    4 RowFailed { why },
    5 Finished,
    6 Stopped,
});

kinds!(Event {
    0 Former { amount },
    1 TabOpened,
    2 TabEdited,
    3 TabClosed,
    4 TabReopened,
    5 LineAdded { amount, bill },
    6 LineTakenOff { amount, bill },
    7 Decided(deed),
    8 Moved { deed, state, detail, is_late },
    9 PutAside { deed, state, detail, is_late },
    10 RefundSaid { amount, of },
    11 RestNotAsked { amount, take },
    12 RenewalBegun { amount },
    13 RenewalEnded { amount, how, action },
    14 CardDeclined,
    15 Held { amount, card },
    16 Paid { amount, card },
    17 PaidAfterCancel { amount, card, is_held },
    18 TakenElsewhere { amount },
    19 ReleasedElsewhere { amount },
    20 RefundedElsewhere { amount },
    21 CancelledElsewhere,
    22 LinkEnded,
    23 StatusNotKnown,
    24 AmountChangedElsewhere { was, amount },
    25 LessTaken { was, amount },
    26 ReleasedAtDeadline { amount },
    27 TakenAtDeadline { amount },
    28 NotYetEnded { amount },
    29 Contradicts { was, is },
    30 ReadingAccepted { was, is },
    31 Imported { after_restore },
    32 BillImported { amount },
    33 FormerNotShown { words },
    34 AllReadAgain,
    35 RequestNotKnown { money },
    36 HoldsNotOurs { count },
    37 Warned(warning),
    38 Clock(trouble),
    39 Seen(event),
    40 SettingsChanged,
    41 SettingsRepaired,
    42 FloorOrdered(ordering),
    43 Night(step),
    44 ReportMade { number, first, last, takings },
    45 BackupRestored { name },
    46 FoundOlder,
    47 NotShown { why },
    48 MovedAway { amount, bill, lines, other },
    49 MovedHere { amount, bill, lines, other },
    50 MakesNoSense,
    51 RestNotAskedAgain { amount },
    52 GuestsForgotten { tabs, why },
    53 CommitsLost { till, decisions },
    54 TillClock { till, trouble },
});
