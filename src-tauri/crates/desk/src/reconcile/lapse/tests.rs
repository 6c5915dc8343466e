//! Where the minutes matter: on which side of a deadline a reading falls, and whose doing it was.

use super::*;
use chrono::TimeDelta;
use holdfast_domain::{CaptureStatus, TabId};
use holdfast_ledger_conformance::sample::{hold, now, operation, seen};
use uuid::Uuid;

/// How long before the card was authorised the request was made.
const BEFORE: TimeDelta = TimeDelta::hours(1);

/// A hold of 100.00 that Dojo shows so, with that much taken of it.
fn shown(action: DeadlineAction, status: IntentStatus, taken: &[i64]) -> Hold {
    Hold {
        expire_action: Some(action),
        created_at: Some(now() - BEFORE),
        seen: Some(seen(status, taken)),
        ..hold(TabId(Uuid::nil()))
    }
}

/// When Dojo's clock runs out that began with the card.
fn deadline() -> DateTime<Utc> {
    now() + TimeDelta::seconds(600_000)
}

/// When it does if it began with the request.
fn early() -> DateTime<Utc> {
    deadline() - BEFORE
}

fn second() -> TimeDelta {
    TimeDelta::seconds(1)
}

/// When Dojo acted by itself, by a reading at `read` of a hold that was read last at `last`.
fn lapsed(
    before: &Hold,
    after: &Hold,
    operations: &[Operation],
    read: DateTime<Utc>,
    last: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let moment = Moment {
        at: read,
        last_read: Some(last),
    };
    let seen = after.seen.as_ref()?;
    at(before, after, seen, operations, moment)
}

fn release(state: OperationState, decided: DateTime<Utc>) -> Operation {
    Operation {
        state,
        at: decided,
        ..operation(hold(TabId(Uuid::nil())).id, OperationKind::Reversal, 0)
    }
}

#[test]
fn a_release_is_dojos_from_the_very_second_of_the_deadline() {
    let held = shown(DeadlineAction::Release, IntentStatus::Authorized, &[]);
    let gone = shown(DeadlineAction::Release, IntentStatus::Reversed, &[]);
    // It was seen on hold until then: the early deadline is long past.
    let by = |read| lapsed(&held, &gone, &[], read, early() + TimeDelta::minutes(30));
    assert_eq!(by(deadline() - second()), None, "somebody released it");
    assert_eq!(by(deadline()), Some(deadline()));
}

#[test]
fn a_release_just_after_the_early_deadline_is_dojos_and_one_long_after_it_is_not() {
    let held = shown(DeadlineAction::Release, IntentStatus::Authorized, &[]);
    let gone = shown(DeadlineAction::Release, IntentStatus::Reversed, &[]);
    let read = early() + TimeDelta::minutes(20);
    let last = |last| lapsed(&held, &gone, &[], read, last);
    assert_eq!(last(early() + DEADLINE_LATENESS), Some(early()));
    assert_eq!(last(early() + DEADLINE_LATENESS + second()), None);
    let by = |read| lapsed(&held, &gone, &[], read, now());
    assert_eq!((by(early() - second()), by(early())), (None, Some(early())));
}

#[test]
fn what_was_never_seen_on_hold_ended_at_the_early_deadline() {
    let unpaid = shown(DeadlineAction::Release, IntentStatus::Created, &[]);
    let gone = shown(DeadlineAction::Release, IntentStatus::Reversed, &[]);
    let read = early() + TimeDelta::minutes(20);
    assert_eq!(lapsed(&unpaid, &gone, &[], read, read), Some(early()));
}

#[test]
fn what_was_judged_once_stays_judged() {
    let gone = shown(DeadlineAction::Release, IntentStatus::Reversed, &[]);
    let judged = Hold {
        lapsed_at: Some(early()),
        ..gone.clone()
    };
    let later = deadline() + TimeDelta::days(3);
    assert_eq!(
        lapsed(&gone, &gone, &[], later, later),
        None,
        "a person's release"
    );
    assert_eq!(lapsed(&judged, &gone, &[], later, later), Some(early()));
}

#[test]
fn a_release_of_ours_ends_the_hold_unless_it_never_came() {
    let held = shown(DeadlineAction::Release, IntentStatus::Authorized, &[]);
    let gone = shown(DeadlineAction::Release, IntentStatus::Reversed, &[]);
    let ours = |operation: Operation| lapsed(&held, &gone, &[operation], deadline(), now());
    let just_before = deadline() - DEADLINE_LATENESS;
    for state in [
        OperationState::Succeeded,
        OperationState::Intended,
        OperationState::Accepted,
        OperationState::Unknown,
    ] {
        assert_eq!(ours(release(state, now())), None, "{state:?}");
    }
    for state in [
        OperationState::Declined,
        OperationState::Rejected,
        OperationState::NotSent,
        OperationState::Conflict,
    ] {
        assert_eq!(ours(release(state, just_before)), Some(deadline()), "{state:?}");
    }
    assert_eq!(ours(release(OperationState::Absent, just_before)), None);
    let long_before = just_before - second();
    assert_eq!(
        ours(release(OperationState::Absent, long_before)),
        Some(deadline())
    );
    let take = Operation {
        kind: OperationKind::Capture,
        ..release(OperationState::Succeeded, just_before)
    };
    assert_eq!(ours(take), Some(deadline()), "a take releases nothing");
}

#[test]
fn the_rest_of_a_part_that_was_taken_drops_off_at_the_deadline() {
    let held = shown(DeadlineAction::Release, IntentStatus::Authorized, &[4_000]);
    let turned = shown(DeadlineAction::Release, IntentStatus::Captured, &[4_000]);
    let first = shown(DeadlineAction::Release, IntentStatus::Authorized, &[]);
    let last = early() + TimeDelta::minutes(30);
    // The status turned without a take before the deadline: nobody knows why, and the rest is held.
    assert_eq!(lapsed(&held, &turned, &[], deadline() - second(), last), None);
    assert_eq!(lapsed(&held, &turned, &[], deadline(), last), Some(deadline()));
    // With the take it may turn at any time; just after the early deadline it is the end of the hold all the same.
    assert_eq!(lapsed(&first, &turned, &[], early(), now()), None);
    assert_eq!(lapsed(&held, &turned, &[], early(), now()), Some(early()));
    let known = Hold {
        lapsed_at: Some(early()),
        ..turned.clone()
    };
    let soon = early() + second();
    assert_eq!(lapsed(&known, &turned, &[], soon, soon), Some(early()));
    let other = Hold {
        lapsed_at: Some(early() - second()),
        ..turned.clone()
    };
    assert_eq!(
        lapsed(&other, &turned, &[], soon, soon),
        None,
        "no deadline of its"
    );
}

#[test]
fn a_refund_between_two_readings_is_why_the_status_turned() {
    let held = shown(DeadlineAction::Release, IntentStatus::Authorized, &[4_000]);
    let mut refunded = shown(DeadlineAction::Release, IntentStatus::Refunded, &[4_000]);
    if let Some(seen) = &mut refunded.seen {
        seen.refunded = 1_000;
    }
    assert_eq!(lapsed(&held, &refunded, &[], early(), now()), None);
}

#[test]
fn dojo_takes_the_rest_without_listing_it_only_where_it_was_to() {
    let held = shown(DeadlineAction::Capture, IntentStatus::Authorized, &[4_000]);
    let turned = shown(DeadlineAction::Capture, IntentStatus::Captured, &[4_000]);
    let later = deadline() + TimeDelta::hours(1);
    assert_eq!(lapsed(&held, &turned, &[], later, now()), Some(deadline()));
    // It had turned before, and says no more.
    assert_eq!(lapsed(&turned, &turned, &[], later, now()), None);
    let known = Hold {
        lapsed_at: Some(deadline()),
        ..turned.clone()
    };
    assert_eq!(lapsed(&known, &turned, &[], later, later), Some(deadline()));
    assert_eq!(
        lapsed(&known, &turned, &[], deadline() - second(), now()),
        None,
        "by Dojo's own clock it isn't past"
    );
    // Of what is refunded whole Dojo took no rest.
    let refunded = shown(DeadlineAction::Capture, IntentStatus::Refunded, &[4_000]);
    assert_eq!(
        lapsed(&turned, &refunded, &[], deadline(), deadline()),
        Some(deadline())
    );
}

/// The whole of it is taken, by a capture that Dojo dates so.
fn taken_whole(at: Option<DateTime<Utc>>) -> Hold {
    let mut whole = shown(DeadlineAction::Capture, IntentStatus::Captured, &[10_000]);
    let captures = whole.seen.iter_mut().flat_map(|seen| &mut seen.captures);
    captures.for_each(|capture| capture.at = at);
    whole
}

#[test]
fn a_capture_at_the_deadline_is_dojos_own_unless_it_was_asked_for_here() {
    let held = shown(DeadlineAction::Capture, IntentStatus::Authorized, &[]);
    let later = deadline() + TimeDelta::days(1);
    let by = |at| lapsed(&held, &taken_whole(Some(at)), &[], later, later);
    assert_eq!(by(deadline() - CLOCK_TOLERANCE), Some(deadline()));
    assert_eq!(by(early() - CLOCK_TOLERANCE), Some(early()));
    assert_eq!(by(early() + DEADLINE_LATENESS), Some(early()));
    // Between the two somebody took it; after the last nobody else can have.
    assert_eq!(by(early() + DEADLINE_LATENESS + second()), None);
    assert_eq!(by(early() - CLOCK_TOLERANCE - second()), None);
    assert_eq!(by(deadline() + DEADLINE_LATENESS * 2), Some(deadline()));
    let ours = Operation {
        kind: OperationKind::Capture,
        dojo_id: Some("cp_1".to_owned()),
        ..release(OperationState::Succeeded, now())
    };
    let whole = taken_whole(Some(deadline()));
    assert_eq!(lapsed(&held, &whole, &[ours], later, later), None);
    let releases = shown(DeadlineAction::Release, IntentStatus::Captured, &[10_000]);
    assert_eq!(lapsed(&held, &releases, &[], later, later), None);
}

#[test]
fn a_capture_without_a_date_is_dojos_when_it_is_seen_at_the_deadline() {
    let held = shown(DeadlineAction::Capture, IntentStatus::Authorized, &[]);
    let whole = taken_whole(None);
    assert_eq!(lapsed(&held, &whole, &[], now() + second(), now()), None);
    assert_eq!(
        lapsed(&held, &whole, &[], deadline(), deadline() - second()),
        Some(deadline())
    );
    // Dojo's clock and this one may differ by minutes; what is not past yet for either of them hasn't happened.
    let known = Hold {
        lapsed_at: Some(early()),
        ..whole.clone()
    };
    let soon = early() + second();
    assert_eq!(lapsed(&known, &whole, &[], soon, soon), Some(early()));
}

#[test]
fn all_of_it_taken_by_no_capture_at_all_is_dojos_after_the_deadline() {
    let held = shown(DeadlineAction::Capture, IntentStatus::Authorized, &[]);
    let whole = shown(DeadlineAction::Capture, IntentStatus::Captured, &[]);
    assert_eq!(lapsed(&held, &whole, &[], now() + second(), now()), None);
    assert_eq!(
        lapsed(&held, &whole, &[], deadline(), deadline()),
        Some(deadline())
    );
}

#[test]
fn what_tips_left_on_hold_is_taken_by_dojo_without_being_listed() {
    let with_tip = |status, lapsed_at| {
        let mut hold = shown(DeadlineAction::Capture, status, &[9_000]);
        for capture in hold.seen.iter_mut().flat_map(|seen| &mut seen.captures) {
            (capture.tip, capture.status) = (1_000, CaptureStatus::Successful);
        }
        Hold { lapsed_at, ..hold }
    };
    let ours = Operation {
        kind: OperationKind::Capture,
        dojo_id: Some("cp_1".to_owned()),
        ..release(OperationState::Succeeded, now())
    };
    let ours = std::slice::from_ref(&ours);
    let held = with_tip(IntentStatus::Authorized, None);
    let whole = with_tip(IntentStatus::Captured, None);
    let by = |before: &Hold, read| lapsed(before, &whole, ours, read, read);
    assert_eq!(by(&held, now() + second()), None);
    assert_eq!(by(&held, deadline()), Some(deadline()));
    assert_eq!(by(&whole, deadline()), None, "it had been taken before");
    let known = with_tip(IntentStatus::Captured, Some(deadline()));
    assert_eq!(by(&known, deadline()), Some(deadline()));
    assert_eq!(by(&known, deadline() - second()), None);
}

#[test]
fn a_status_that_turns_late_is_no_take_of_dojos_where_all_was_taken_before() {
    let whole = |status| shown(DeadlineAction::Capture, status, &[10_000]);
    let ours = Operation {
        kind: OperationKind::Capture,
        dojo_id: Some("cp_1".to_owned()),
        ..release(OperationState::Succeeded, now())
    };
    let (held, turned) = (whole(IntentStatus::Authorized), whole(IntentStatus::Captured));
    assert_eq!(lapsed(&held, &turned, &[ours], deadline(), deadline()), None);
}
