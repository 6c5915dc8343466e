//! What Dojo leaves open, as switches. The default is the likelier reading.

use serde::{Deserialize, Serialize};

macro_rules! choice {
    ($(#[$about:meta])* $name:ident { $(#[$first_about:meta])* $first:ident, $($(#[$other_about:meta])* $other:ident),+ $(,)? }) => {
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
        /// The rest goes back to the guest, the captures stay.
        ReleasesRemainder,
    }
);
choice!(
    /// What becomes of the rest after a partial capture.
    Remainder {
        /// It can be captured until the hold ends.
        StaysUntilExpiry,
        /// It goes back at once.
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

/// Every switch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Switches {
    /// When the hold's own clock starts.
    pub clock_start: ClockStart,
    /// The status while part is taken.
    pub partial_status: PartialStatus,
    /// A reversal after a partial capture.
    pub reversal_after_partial: ReversalAfterPartial,
    /// The rest after a partial capture.
    pub remainder: Remainder,
    /// Whether tips count against the hold.
    pub tip_limit: TipLimit,
    /// Where a capture's tip shows.
    pub capture_tip: CaptureTip,
    /// A never-paid intent at `expireAt`.
    pub unpaid_expiry: UnpaidExpiry,
    /// `autoExpireAt` in older requests.
    pub auto_expire_at: AutoExpireAt,
    /// POST on an unknown intent.
    pub unknown_id: UnknownId,
    /// A refund after a declined card.
    pub refund_after_decline: RefundAfterDecline,
    /// A refund while the rest is held.
    pub refund_while_held: RefundWhileHeld,
    /// The limit for reversing an Auto payment.
    pub auto_reversal: AutoReversal,
    /// POST amount on a hold.
    pub amount_on_hold: AmountOnHold,
    /// The date that search looks at.
    pub search_date: SearchDate,
    /// The order of search.
    pub search_order: SearchOrder,
    /// Canceled intents in search.
    pub search_canceled: SearchCanceled,
    /// Seconds for which a capture shows as `Created` before it is `Successful`.
    pub capture_settles_after: u32,
    /// Seconds for which a refund's `idempotencyKey` is remembered.
    pub refund_key_kept_for: u32,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            clock_start: ClockStart::default(),
            partial_status: PartialStatus::default(),
            reversal_after_partial: ReversalAfterPartial::default(),
            remainder: Remainder::default(),
            tip_limit: TipLimit::default(),
            capture_tip: CaptureTip::default(),
            unpaid_expiry: UnpaidExpiry::default(),
            auto_expire_at: AutoExpireAt::default(),
            unknown_id: UnknownId::default(),
            refund_after_decline: RefundAfterDecline::default(),
            refund_while_held: RefundWhileHeld::default(),
            auto_reversal: AutoReversal::default(),
            amount_on_hold: AmountOnHold::default(),
            search_date: SearchDate::default(),
            search_order: SearchOrder::default(),
            search_canceled: SearchCanceled::default(),
            capture_settles_after: 0,
            refund_key_kept_for: 86_400,
        }
    }
}
