//! What happened, as data: the journal keeps events, and its reader words them.
//!
//! Closed and append-only: a kind is never removed or given another meaning, for ledgers out there have it. What is
//! about a person stands apart, in [`Personal`].

mod parts;
mod whose;

pub use parts::{Edit, FloorOrder, ForgetReason, NightStep, Personal, RowTrouble, Warning};

use crate::{
    ClockTrouble, DeadlineAction, Deed, Detail, Money, OperationState, Purpose, RenewalEnd, Shown, TabId,
};

/// What happened. Amounts are minor units of the tab's currency unless they carry their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// What a ledger of format 9 or older wrote, in [`Personal::words`].
    Former {
        /// Where money was meant.
        amount: Option<i64>,
    },

    /// A tab was opened; its title is personal.
    TabOpened,
    /// A tab's details were changed; the changes are personal.
    TabEdited,
    /// A tab was closed.
    TabClosed,
    /// A closed tab was opened again.
    TabReopened,
    /// A line was added to the bill; what it is for is personal.
    LineAdded {
        /// The line.
        amount: i64,
        /// The bill after it.
        bill: i64,
    },
    /// A line was taken off the bill.
    LineTakenOff {
        /// The correcting line, negative.
        amount: i64,
        /// The bill after it.
        bill: i64,
    },

    /// A part of the bill went to another tab, whose title is personal.
    MovedAway {
        /// What the bill lost, negative.
        amount: i64,
        /// The bill after it.
        bill: i64,
        /// How many lines went; none of them when it was a share.
        lines: u32,
        /// The tab that has it now.
        other: TabId,
    },
    /// A part of another tab's bill came; that tab's title is personal.
    MovedHere {
        /// What the bill gained.
        amount: i64,
        /// The bill after it.
        bill: i64,
        /// How many lines came; none of them when it was a share.
        lines: u32,
        /// The tab that had it.
        other: TabId,
    },

    /// Staff decided something; it isn't sent yet. The reason is personal, and so is where a receipt goes.
    Decided(Deed),
    /// How a decision moved on: Dojo's answer, or what its record shows.
    Moved {
        /// The decision.
        deed: Deed,
        /// Where it stands now.
        state: OperationState,
        /// Why it stands there; none where there is nothing to say.
        detail: Option<Detail>,
        /// Whether Dojo's record showed it late.
        is_late: bool,
    },
    /// A person was told what became of a decision and put it aside.
    PutAside {
        /// The decision.
        deed: Deed,
        /// Where it stood.
        state: OperationState,
        /// Why it stands there; none where there is nothing to say.
        detail: Option<Detail>,
        /// Whether Dojo's record showed it late.
        is_late: bool,
    },
    /// A person said what a refund was of.
    RefundSaid {
        /// The refund.
        amount: i64,
        /// What it was of.
        of: Purpose,
    },
    /// The guest wasn't asked for the rest after a take.
    RestNotAsked {
        /// The rest.
        amount: i64,
        /// Where the take ended.
        take: OperationState,
    },
    /// A backup was restored since a take, so the rest is not asked for by itself: it may have been before.
    RestNotAskedAgain {
        /// In minor units of the tab's currency.
        amount: i64,
    },

    /// A renewal began.
    RenewalBegun {
        /// Held by the old hold.
        amount: i64,
    },
    /// A renewal ended.
    RenewalEnded {
        /// Held by the old hold.
        amount: i64,
        /// What ended it.
        how: RenewalEnd,
        /// What Dojo does with the old hold at its deadline.
        action: Option<DeadlineAction>,
    },

    /// The guest's card was declined.
    CardDeclined,
    /// The guest's card is held.
    Held {
        /// Held.
        amount: i64,
        /// The card's last four digits.
        card: Option<String>,
    },
    /// The guest has paid.
    Paid {
        /// Paid.
        amount: i64,
        /// The card's last four digits.
        card: Option<String>,
    },
    /// The guest paid a request that had been cancelled.
    PaidAfterCancel {
        /// Held or paid.
        amount: i64,
        /// The card's last four digits.
        card: Option<String>,
        /// Whether it is only held.
        is_held: bool,
    },
    /// Money was taken elsewhere.
    TakenElsewhere {
        /// Taken.
        amount: i64,
    },
    /// A hold was released elsewhere.
    ReleasedElsewhere {
        /// What was held.
        amount: i64,
    },
    /// Money was refunded elsewhere.
    RefundedElsewhere {
        /// Refunded.
        amount: i64,
    },
    /// A request was cancelled elsewhere.
    CancelledElsewhere,
    /// A request's link ended unpaid.
    LinkEnded,
    /// Dojo shows a status that this version doesn't know.
    StatusNotKnown,
    /// Dojo keeps to an answer about a hold that makes no sense.
    MakesNoSense,
    /// The amount asked for was changed elsewhere.
    AmountChangedElsewhere {
        /// Before.
        was: i64,
        /// Now.
        amount: i64,
    },
    /// Dojo shows less taken than before.
    LessTaken {
        /// Before.
        was: i64,
        /// Now.
        amount: i64,
    },
    /// Dojo released a hold at its deadline.
    ReleasedAtDeadline {
        /// What was held.
        amount: i64,
    },
    /// Dojo took a hold at its deadline.
    TakenAtDeadline {
        /// What was held.
        amount: i64,
    },
    /// Dojo shows that it hasn't acted at the deadline after all.
    NotYetEnded {
        /// Still held; 0 when nothing is.
        amount: i64,
    },
    /// Dojo keeps to a record that contradicts what it showed before.
    Contradicts {
        /// Before.
        was: Shown,
        /// Now.
        is: Shown,
    },
    /// A person accepted such a record.
    ReadingAccepted {
        /// Before.
        was: Shown,
        /// Now.
        is: Shown,
    },

    /// A request that this ledger lacked was imported from Dojo.
    Imported {
        /// Whether it was lacking because a backup had been restored.
        after_restore: bool,
    },
    /// The bill so far was imported from Dojo.
    BillImported {
        /// The bill.
        amount: i64,
    },
    /// Dojo refused to show a hold after a backup was restored, as a former version kept it.
    FormerNotShown {
        /// In words.
        words: String,
    },
    /// Dojo refused to show a hold after a backup was restored.
    NotShown {
        /// What Dojo answered, or why it didn't.
        why: Detail,
    },
    /// Every hold was read from Dojo again after a restore.
    AllReadAgain,
    /// Dojo has a request of this program's that this ledger lacks; its reference stands in for a name.
    RequestNotKnown {
        /// Asked for.
        money: Money,
    },
    /// Dojo has holds that this program didn't make.
    HoldsNotOurs {
        /// How many.
        count: u32,
    },

    /// People were warned that a hold ends.
    Warned(Warning),
    /// The till's clock can't be trusted.
    Clock(ClockTrouble),
    /// The clock of one of several tills can't be trusted.
    TillClock {
        /// What people call the till.
        till: String,
        /// What is wrong with it.
        trouble: ClockTrouble,
    },
    /// A person has seen a finding.
    Seen(Box<Event>),

    /// Settings were changed; values are personal, for staff names are among them.
    SettingsChanged,
    /// Settings that couldn't be read were replaced.
    SettingsRepaired,
    /// The floor was put in another order.
    FloorOrdered(FloorOrder),
    /// Closing the night moved on.
    Night(NightStep),
    /// A night report was made.
    ReportMade {
        /// Its number.
        number: i64,
        /// Its first movement.
        first: i64,
        /// Its last movement.
        last: i64,
        /// Takings by currency.
        takings: Vec<Money>,
    },
    /// A backup was put in the ledger's place.
    BackupRestored {
        /// Its file name.
        name: String,
    },
    /// The ledger's file was found to be older than it was.
    FoundOlder,
    /// The server of a shared ledger lost entries that it had confirmed.
    CommitsLost {
        /// What people call the till that found it.
        till: String,
        /// How many of that till's own decisions were among them: they are put back as unclear.
        decisions: u32,
    },
    /// Guests were forgotten: what is about them can't be read any more.
    GuestsForgotten {
        /// How many tabs that was.
        tabs: u32,
        /// A person's reason, or the tab's age.
        why: ForgetReason,
    },
}

impl Event {
    /// What an older ledger wrote.
    pub const fn former(amount: Option<i64>) -> Self {
        Self::Former { amount }
    }

    /// The money that it is about, in minor units; none where none is meant.
    pub fn amount(&self) -> Option<i64> {
        match self {
            Self::Former { amount } => *amount,
            Self::LineAdded { amount, .. }
            | Self::LineTakenOff { amount, .. }
            | Self::MovedAway { amount, .. }
            | Self::MovedHere { amount, .. }
            | Self::Held { amount, .. }
            | Self::Paid { amount, .. }
            | Self::PaidAfterCancel { amount, .. }
            | Self::TakenElsewhere { amount }
            | Self::ReleasedElsewhere { amount }
            | Self::RefundedElsewhere { amount }
            | Self::AmountChangedElsewhere { amount, .. }
            | Self::LessTaken { amount, .. }
            | Self::ReleasedAtDeadline { amount }
            | Self::TakenAtDeadline { amount }
            | Self::BillImported { amount } => Some(*amount),
            Self::NotYetEnded { amount } => (*amount > 0).then_some(*amount),
            Self::Decided(deed) | Self::Moved { deed, .. } => deed.total(),
            Self::RequestNotKnown { money } => Some(money.minor),
            Self::Warned(warning) => Some(warning.amount),
            Self::TabOpened
            | Self::TabEdited
            | Self::TabClosed
            | Self::TabReopened
            | Self::PutAside { .. }
            | Self::RefundSaid { .. }
            | Self::RestNotAsked { .. }
            | Self::RestNotAskedAgain { .. }
            | Self::RenewalBegun { .. }
            | Self::RenewalEnded { .. }
            | Self::CardDeclined
            | Self::CancelledElsewhere
            | Self::LinkEnded
            | Self::StatusNotKnown
            | Self::MakesNoSense
            | Self::Contradicts { .. }
            | Self::ReadingAccepted { .. }
            | Self::Imported { .. }
            | Self::FormerNotShown { .. }
            | Self::NotShown { .. }
            | Self::AllReadAgain
            | Self::HoldsNotOurs { .. }
            | Self::Clock(_)
            | Self::TillClock { .. }
            | Self::Seen(_)
            | Self::SettingsChanged
            | Self::SettingsRepaired
            | Self::FloorOrdered(_)
            | Self::Night(_)
            | Self::ReportMade { .. }
            | Self::BackupRestored { .. }
            | Self::FoundOlder
            | Self::CommitsLost { .. }
            | Self::GuestsForgotten { .. } => None,
        }
    }
}
