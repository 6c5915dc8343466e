//! What is wrong with what was typed.

use super::TakeRefused;
use chrono::NaiveDate;
use holdfast_domain::{AmountProblem, BusinessDayProblem, Money};

/// What is wrong with what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Mistyped {
    /// It is no amount that can be used.
    Amount(AmountProblem),
    /// A line of a bill has no amount.
    LineOfZero,
    /// A quantity beyond what a line may have.
    Quantity,
    /// More characters than this.
    TooLong(usize),
    /// A card's number stands in it.
    CardNumber,
    /// The bill would leave its bounds.
    BillOutOfBounds,
    /// Refunds take this off the bill already.
    TakenOffByRefund(Money),
    /// A guest or party has no name.
    NoGuestName,
    /// It is no e-mail address.
    NotAnEmail,
    /// The guest's e-mail address is missing.
    NoGuestEmail,
    /// A refund has no reason.
    NoRefundReason,
    /// A refund has a reason, and the guest was forgotten.
    ReasonNotKept,
    /// The number of nights can't be used.
    Nights,
    /// The nights say another day of departure.
    DepartsByNights(NaiveDate),
    /// The guest departs before this day of arrival, or on it.
    DepartsBefore(NaiveDate),
    /// The last day is before the first.
    DaysBackwards,
    /// More days than this.
    TooManyDays(usize),
    /// The highest amount is below the lowest.
    AmountsBackwards,
    /// It isn't the end of a card's number.
    LastFour,
    /// Why it can't be taken now.
    Take(TakeRefused),
}

/// Why a setting can't be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SettingProblem {
    /// It is no amount and no percentage.
    Amount(AmountProblem),
    /// It is no time of day, or no zone.
    BusinessDay(BusinessDayProblem),
    NoVenue,
    NoStaffName,
    /// More tables and rooms than this.
    TooManyPlaces(usize),
    /// A table or room has more characters than this.
    PlaceTooLong(usize),
    /// The address has more characters than this.
    AddressTooLong(usize),
    /// A reason has more characters than this.
    ReasonTooLong(usize),
    /// More hours than this.
    TooManyHours(u16),
    /// More seconds than this.
    TooManySeconds(u16),
    /// More months than this.
    TooManyMonths(u16),
    /// Fewer than one or more than this.
    NotOneTo(u16),
    /// None, more than `most`, or one that comes too early or too late.
    Warnings {
        most: usize,
        hours: u16,
    },
    /// More characters than this.
    TooLong(usize),
    /// A card's number stands in it.
    CardNumber,
    /// More buttons than this.
    TooMany(usize),
    NoSuchTheme,
    /// The folder isn't said from its root on.
    FolderNotWhole,
    /// It is on another computer, or no disk.
    FolderElsewhere,
    /// Its disk doesn’t answer.
    FolderSilent,
    /// Its name is no text.
    FolderNotSpelt,
    NoFolder,
    /// Nothing can be written into the folder, and why.
    FolderNotWritable(String),
}
