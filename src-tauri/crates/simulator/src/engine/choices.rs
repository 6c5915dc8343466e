//! The positions of each switch; the first one is the default.

use serde::{Deserialize, Serialize};

macro_rules! choice {
    ($(#[$about:meta])* $name:ident {
        $(#[$first_about:meta])* $first:ident,
        $($(#[$other_about:meta])* $other:ident),+ $(,)?
    }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name {
            $(#[$first_about])*
            #[default]
            $first,
            $($(#[$other_about])* $other),+
        }
    };
}

choice!(
    /// When the hold's own clock starts.
    ClockStart {
        /// With the card.
        Authorisation,
        /// With the intent.
        Creation,
    }
);
choice!(
    /// What the status reads while part of the hold is taken and part is not.
    PartialStatus {
        /// Still `Authorized`.
        Authorized,
        /// Already `Captured`.
        Captured,
    }
);
choice!(
    /// A reversal after a partial capture.
    ReversalAfterPartial {
        /// 409.
        Refused,
        /// The rest drops off the card, the captures stay.
        ReleasesRemainder,
    }
);
choice!(
    /// What becomes of the rest after a partial capture.
    Remainder {
        /// It can be captured until the hold ends.
        StaysUntilExpiry,
        /// It drops off at once.
        ReleasedAtOnce,
    }
);
choice!(
    /// Whether tips count against the hold.
    TipLimit {
        /// Amount and tip together stay within it.
        WithinHold,
        /// Only the amount does.
        BeyondHold,
    }
);
choice!(
    /// A tip taken with a capture, on the intent itself.
    CaptureTip {
        /// Only in `captures`.
        InCaptureOnly,
        /// Also added to `tipsAmount` and `totalAmount`.
        OnIntent,
    }
);
choice!(
    /// A never-paid intent when its `expireAt` comes.
    UnpaidExpiry {
        /// It becomes `Canceled`.
        Canceled,
        /// It stays `Created`, and can no longer be paid.
        StaysCreated,
    }
);
choice!(
    /// `autoExpireAt` under a version that tolerates unknown fields.
    AutoExpireAt {
        /// The hold gets the default of 7 days.
        Ignored,
        /// The hold ends then, when that lies ahead.
        Honoured,
        /// 400.
        Refused,
    }
);
choice!(
    /// POST on an intent that does not exist.
    UnknownId {
        /// 400, as the official tests expect; GET, DELETE and receipts say 404.
        AsTested,
        /// 404 throughout.
        NotFound,
    }
);
choice!(
    /// A refund when a card was declined before another one worked.
    RefundAfterDecline {
        /// 400, as versions from 2024-02-05 on describe it.
        Refused,
        /// Taken.
        Allowed,
    }
);
choice!(
    /// A refund of what is captured while the rest is still held.
    RefundWhileHeld {
        /// Taken.
        Allowed,
        /// 400.
        Refused,
    }
);
choice!(
    /// How long an Auto payment can be reversed.
    AutoReversal {
        /// On the calendar day of the payment.
        SameDay,
        /// For 7 days.
        SevenDays,
    }
);
choice!(
    /// POST amount on an authorised hold.
    AmountOnHold {
        /// 405.
        Refused,
        /// The hold is raised or lowered.
        Raises,
    }
);
choice!(
    /// The date that search looks at.
    SearchDate {
        /// `createdAt`.
        Created,
        /// `updatedAt`.
        Updated,
    }
);
choice!(
    /// The order of search.
    SearchOrder {
        /// The latest first.
        NewestFirst,
        /// The earliest first.
        OldestFirst,
    }
);
choice!(
    /// Canceled intents in search.
    SearchCanceled {
        /// Listed.
        Shown,
        /// Left out.
        Hidden,
    }
);
choice!(
    /// Of a create that was delivered twice, the intent whose answer never came.
    SearchOrphan {
        /// Listed where its age puts it.
        ByAge,
        /// Listed before all others.
        First,
    }
);
choice!(
    /// What an answer says about the time of a payment. The schema has no `paymentEvents`.
    PaymentEvents {
        /// `paymentEvents`, and the time in `paymentDetails`.
        Shown,
        /// Neither.
        Missing,
    }
);
choice!(
    /// What an answer says about the card. A wallet may hide it.
    CardDetails {
        /// The digits and the authorisation code.
        Shown,
        /// Only the digits.
        NoCode,
        /// Only the code.
        NoDigits,
        /// Neither.
        Unknown,
    }
);
choice!(
    /// The capture that Dojo makes at the deadline.
    DeadlineCapture {
        /// In `captures`, like any other.
        Listed,
        /// Not there: only the status shows it.
        Unlisted,
    }
);
choice!(
    /// A card for an intent that is canceled, or past its `expireAt`.
    PaymentAfterCancel {
        /// It can't be paid.
        Refused,
        /// The payment goes through all the same.
        Taken,
    }
);
