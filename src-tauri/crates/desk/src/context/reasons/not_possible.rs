//! Why something can’t be done just now.

use holdfast_domain::Money;

/// Why something can't be done just now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NotPossible {
    /// The tab is closed: nobody would see what becomes due on it.
    TabClosed,
    /// The ledger has no such request.
    NoSuchRequest,
    /// A request that isn't settled can't be dismissed.
    NotSettled,
    /// A request that simply went through has nothing to dismiss.
    NothingToDismiss,
    /// Nothing would be done at the night's end, or something typed can't be used.
    NothingToClose,
    /// Another till is closing the night.
    NightElsewhere,
    /// No run of a night is left to go on with.
    NoRunInterrupted,
    /// What is due was asked for already.
    AlreadyAsked,
    /// What would be taken isn't what was seen.
    TotalChanged(Money),
    /// The rest has to be asked for before anything is taken.
    AskFirst,
    /// More than is on hold would be taken.
    MoreThanHeld,
    /// The bill has no such line.
    LineNotOnBill,
    /// The line takes another one off.
    LineTakesOff,
    /// The request was sent.
    RequestSent,
    /// What a refund does to the bill isn't what was seen.
    BillChanged,
    /// The ledger has no such hold.
    NotInLedger,
    /// Somebody said already what a refund was for.
    AlreadySaid,
    /// The hold is another tab's.
    HoldNotOnTab,
    /// No renewal of the hold is under way.
    NotBeingRenewed,
    /// The old hold's release is under way.
    OldBeingReleased,
    /// Dojo's record showed less for too short a time.
    ShownTooShort,
    /// Dojo's record shows something else than what was decided on.
    ShowsSomethingElse,
    /// Dojo's search goes on for ever.
    EndlessSearch,
    /// The figures of some days are too large to add up.
    SumsTooLarge,
    /// A report's figures are.
    SumsTooLargeForReport,
    /// Somebody else made the report.
    ReportMade,
    /// The tab's guest was forgotten, so nothing about them is kept any more.
    GuestForgotten,
    /// A guest can't be forgotten yet, or some of the tabs that were chosen can't be.
    NotToForget,
    /// A defect: Dojo takes no such time before its deadline.
    NoSuchInterval,
    /// A defect: a hold has to have one.
    HoldWithoutDeadline,
}

/// Why no report can be made now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoReport {
    NightClosing,
    /// Nothing has moved since the report of that number; none where there is no report yet.
    NothingMoved {
        last: Option<i64>,
    },
}

/// Why a backup can't be restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoRestore {
    /// The backup is no longer there.
    Gone,
    Damaged,
    NightClosing,
    /// A request has yet to be answered.
    Sending,
}

/// Why a guest can't be forgotten now, or not with one of their tabs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WhyKept {
    ForgottenAlready,
    TabOpen,
    /// Something on a closed tab is open, or waits for a person.
    SomethingOpen,
    /// None of the tabs is chosen.
    NoTab,
}
