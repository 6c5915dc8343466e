//! Kinds without data as numbers, in columns and in bodies. A number is never given to another kind: ledgers out there
//! have it, and the schema's guards and indexes name some of them.

use crate::stored::Unreadable;
use crate::stored::cbor::{Cbor, Out, Put};
use holdfast_domain::{
    Action, CaptureMode, CaptureStatus, Cause, Currency, DeadlineAction, FindingKind, FloorOrder,
    IntentStatus, Kind, MovementKind, OperationKind, OperationState, RenewalEnd, StaysOpen,
};
use minicbor::Decoder;

/// A kind that is kept as a number.
pub trait Code: Copy + 'static {
    /// All of them.
    const ALL: &'static [Self];

    /// Its number.
    fn code(self) -> i64;

    /// The kind of that number.
    ///
    /// # Errors
    /// When there is none.
    fn of(code: i64) -> Result<Self, Unreadable> {
        let mut all = Self::ALL.iter().copied();
        all.find(|one| one.code() == code)
            .ok_or_else(|| Unreadable::new("a number of no kind that this version knows"))
    }
}

/// `or` names the kind that a field has where it isn't there.
macro_rules! codes {
    ($type:ident $(or $absent:ident)? { $($number:literal $kind:ident),* $(,)? }) => {
        impl Code for $type {
            const ALL: &'static [Self] = &[$(Self::$kind),*];

            fn code(self) -> i64 {
                match self {
                    $(Self::$kind => $number),*
                }
            }
        }

        impl Cbor for $type {
            fn put(&self, out: &mut Out) -> Put {
                out.i64(Code::code(*self))?;
                Ok(())
            }

            fn get(from: &mut Decoder<'_>) -> Result<Self, Unreadable> {
                Self::of(from.i64()?)
            }
            $(
                fn absent() -> Option<Self> {
                    Some(Self::$absent)
                }

                fn is_absent(&self) -> bool {
                    *self == Self::$absent
                }
            )?
        }
    };
}

codes!(Kind { 0 Tab, 1 Deposit, 2 Payment });
codes!(Currency { 0 Gbp, 1 Eur });
codes!(CaptureMode { 0 Auto, 1 Manual });
codes!(DeadlineAction { 0 Release, 1 Capture });
codes!(IntentStatus {
    0 Created, 1 Authorized, 2 Captured, 3 Reversed, 4 Refunded, 5 Canceled, 6 Unknown,
});
codes!(CaptureStatus { 0 Created, 1 Successful, 2 Declined, 3 Failed, 4 Unknown });
codes!(OperationKind {
    0 Create, 1 Capture, 2 Reversal, 3 Cancel, 4 Refund, 5 SetAmount, 6 SetTips, 7 Receipt,
});
codes!(OperationState {
    0 Intended, 1 Accepted, 2 Unknown, 3 Succeeded, 4 Declined, 5 Rejected, 6 NotSent, 7 Absent, 8 Conflict,
});
codes!(Cause or Person { 0 Person, 1 Night, 2 Renewal, 3 RenewalGivenUp });
codes!(MovementKind { 0 Opened, 1 Held, 2 Taken, 3 Refunded, 4 Released, 5 Lapsed });
codes!(FindingKind {
    0 Deadline, 1 Lapsed, 2 TakenByDojo, 3 TakenElsewhere, 4 ReleasedElsewhere, 5 RefundedElsewhere,
    6 CancelledElsewhere, 7 AmountDiffers, 8 Contradicts, 9 Renewal, 10 Stranger, 11 Foreign, 12 Clock,
    13 CommitsLost, 14 TillClock,
});
codes!(RenewalEnd {
    0 Done, 1 GivenUp, 2 NotMade, 3 LinkEnded, 4 NewOver, 5 OldTaken, 6 OldOver, 7 NotReleased,
});
codes!(Action {
    0 Take, 1 Release, 2 Renew, 3 Cancel, 4 Refund, 5 ChangeAmount, 6 ChangeTip, 7 Receipt,
});
codes!(StaysOpen { 0 Settling, 1 DojoTakesRest, 2 DojoTakes, 3 Held, 4 Unreadable, 5 MayBePaid });
codes!(FloorOrder { 0 Urgent, 1 Newest, 2 Name });
