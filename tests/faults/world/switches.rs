//! What Dojo leaves unsaid, one way or the other, and the faults that a world may meet.

use holdfast_simulator::engine::{
    AmountOnHold, AutoExpireAt, AutoReversal, CaptureTip, CardDetails, ClockStart, DeadlineCapture, FAULTS,
    PartialStatus, PaymentAfterCancel, PaymentEvents, RefundAfterDecline, RefundWhileHeld, Remainder,
    ReversalAfterPartial, SearchCanceled, SearchDate, SearchOrder, SearchOrphan, Switches, TipLimit,
    UnknownId, UnpaidExpiry,
};
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::json;

/// How often each of the plain faults comes, against one of those that come by name only.
const PLAIN: usize = 6;

/// Faults that come by name, and that worlds may meet.
const NAMED: &[&str] = &[
    "events-missing",
    "card-unknown",
    "echo-missing",
    "echo-interval",
    "echo-action",
    "echo-mode",
    "echo-amount",
    "refund-later",
    "refund-fails-later",
    "cancel-loses-race",
    "search-orphan-first",
];

/// Faults that the till has no answer to yet. Each moves up to [`NAMED`] when it has.
const NOT_YET: &[&str] = &["echo-currency"];

/// A card that pays what is cancelled: every later reading is refused.
const IS_PAID_AFTER_CANCEL: bool = true;

/// A tip that is added to the intent's own total: what is left on hold is shown too high by it.
const IS_TIP_ON_INTENT: bool = true;

/// The faults of a world, each as often as it is in the list.
pub(super) fn faults() -> Vec<String> {
    let plain = FAULTS.iter().flat_map(|name| std::iter::repeat_n(name, PLAIN));
    let named = NAMED.iter().filter(|name| !NOT_YET.contains(name));
    plain.chain(named).map(|name| (*name).to_owned()).collect()
}

/// One of the positions of a switch, each as often as it is in the list.
fn one<T: Copy>(rng: &mut StdRng, positions: &[T]) -> T {
    positions[rng.random_range(0..positions.len())]
}

/// The first position of a switch, or once in so many times another one.
fn seldom<T>(rng: &mut StdRng, times: u32, first: T, other: T) -> T {
    if rng.random_ratio(1, times) { other } else { first }
}

/// Those of a seed that are not as they are by default, for the reader of its failure.
pub(super) fn of(seed: u64) -> String {
    let drawn = draw(&mut StdRng::seed_from_u64(seed));
    let (drawn, default) = (json!(drawn), json!(Switches::default()));
    let others = drawn.as_object().into_iter().flatten();
    let others = others.filter(|(name, position)| default[name.as_str()] != **position);
    let words: Vec<String> = others
        .map(|(name, position)| format!("{name} {position}"))
        .collect();
    words.join(", ")
}

/// A capture at the deadline that no answer lists: the rest of a part-taken hold that Dojo takes is never known.
const IS_DEADLINE_UNLISTED: bool = true;

/// Every switch of a world.
pub(super) fn draw(rng: &mut StdRng) -> Switches {
    Switches {
        clock_start: seldom(rng, 8, ClockStart::Authorisation, ClockStart::Creation),
        partial_status: one(rng, &[PartialStatus::Authorized, PartialStatus::Captured]),
        reversal_after_partial: one(
            rng,
            &[
                ReversalAfterPartial::Refused,
                ReversalAfterPartial::ReleasesRemainder,
            ],
        ),
        remainder: seldom(rng, 8, Remainder::StaysUntilExpiry, Remainder::ReleasedAtOnce),
        tip_limit: seldom(rng, 8, TipLimit::WithinHold, TipLimit::BeyondHold),
        capture_tip: if IS_TIP_ON_INTENT {
            seldom(rng, 6, CaptureTip::InCaptureOnly, CaptureTip::OnIntent)
        } else {
            CaptureTip::InCaptureOnly
        },
        unpaid_expiry: seldom(rng, 3, UnpaidExpiry::Canceled, UnpaidExpiry::StaysCreated),
        auto_expire_at: one(
            rng,
            &[
                AutoExpireAt::Ignored,
                AutoExpireAt::Honoured,
                AutoExpireAt::Refused,
            ],
        ),
        unknown_id: seldom(rng, 3, UnknownId::AsTested, UnknownId::NotFound),
        refund_after_decline: one(rng, &[RefundAfterDecline::Refused, RefundAfterDecline::Allowed]),
        refund_while_held: seldom(rng, 3, RefundWhileHeld::Allowed, RefundWhileHeld::Refused),
        auto_reversal: seldom(rng, 3, AutoReversal::SameDay, AutoReversal::SevenDays),
        amount_on_hold: seldom(rng, 6, AmountOnHold::Refused, AmountOnHold::Raises),
        search_date: seldom(rng, 3, SearchDate::Created, SearchDate::Updated),
        search_order: one(rng, &[SearchOrder::NewestFirst, SearchOrder::OldestFirst]),
        search_canceled: seldom(rng, 3, SearchCanceled::Shown, SearchCanceled::Hidden),
        search_orphan: seldom(rng, 4, SearchOrphan::ByAge, SearchOrphan::First),
        payment_events: seldom(rng, 6, PaymentEvents::Shown, PaymentEvents::Missing),
        card_details: one(
            rng,
            &[
                CardDetails::Shown,
                CardDetails::Shown,
                CardDetails::Shown,
                CardDetails::NoCode,
                CardDetails::NoDigits,
                CardDetails::Unknown,
            ],
        ),
        deadline_capture: if IS_DEADLINE_UNLISTED {
            seldom(rng, 4, DeadlineCapture::Listed, DeadlineCapture::Unlisted)
        } else {
            DeadlineCapture::Listed
        },
        payment_after_cancel: if IS_PAID_AFTER_CANCEL {
            seldom(rng, 10, PaymentAfterCancel::Refused, PaymentAfterCancel::Taken)
        } else {
            PaymentAfterCancel::Refused
        },
        deadline_late: one(rng, &[0, 0, 0, 60, 600]),
        capture_settles_after: one(rng, &[0, 0, 2, 40]),
        refund_settles_after: one(rng, &[0, 0, 0, 5, 90]),
        refund_key_kept_for: one(rng, &[86_400, 86_400, 3_600]),
    }
}
