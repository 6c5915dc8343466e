//! What Dojo leaves open, as switches. The default is the likelier reading.

use serde::{Deserialize, Serialize};

pub use super::choices::*;

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
    /// The orphan of a doubled create in search.
    pub search_orphan: SearchOrphan,
    /// The time of a payment in answers.
    pub payment_events: PaymentEvents,
    /// The card in answers.
    pub card_details: CardDetails,
    /// Whether a capture at the deadline is listed.
    pub deadline_capture: DeadlineCapture,
    /// A card for a canceled intent.
    pub payment_after_cancel: PaymentAfterCancel,
    /// Seconds for which a hold stays open after its deadline, before Dojo acts.
    pub deadline_late: u32,
    /// Seconds for which a capture shows as `Created` before it is `Successful`.
    pub capture_settles_after: u32,
    /// Seconds from an accepted refund until `refundedAmount` counts it.
    pub refund_settles_after: u32,
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
            search_orphan: SearchOrphan::default(),
            payment_events: PaymentEvents::default(),
            card_details: CardDetails::default(),
            deadline_capture: DeadlineCapture::default(),
            payment_after_cancel: PaymentAfterCancel::default(),
            deadline_late: 0,
            capture_settles_after: 0,
            refund_settles_after: 0,
            refund_key_kept_for: 86_400,
        }
    }
}
