//! What a renewal does next, by what is known of both its holds.

use super::{DAY, HELD, hold, opened, operation, refunded, soon, taken};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_domain::{
    Actor, DeadlineAction, Hold, HoldId, IntentStatus, LINK_GRACE, Operation, OperationKind, OperationState,
    RELEASE_RETRY_DELAY, Reckoning, Renewal, RenewalEnd, RenewalEnded, RenewalStep, TabId, renewal_link_ends,
};
use uuid::Uuid;

use IntentStatus::{Authorized, Canceled, Captured, Created, Refunded, Reversed, Unknown};
use RenewalStep::{End, Release, Wait};

fn renewal() -> Renewal {
    Renewal {
        new: HoldId(Uuid::from_u128(2)),
        old: HoldId(Uuid::from_u128(1)),
        tab: TabId(Uuid::nil()),
        decided_before: 1,
        by: Actor::staff("Sam"),
        at: opened(),
        ended: None,
    }
}

/// Shown so by Dojo, with nothing taken.
fn plain(status: IntentStatus) -> Hold {
    hold(status, Vec::new())
}

fn with_link(status: IntentStatus) -> Hold {
    Hold {
        link_ends_at: Some(opened() + TimeDelta::hours(6)),
        ..plain(status)
    }
}

fn lapsed(status: IntentStatus) -> Hold {
    Hold {
        lapsed_at: Some(soon()),
        ..plain(status)
    }
}

fn made() -> Vec<Operation> {
    vec![operation(OperationKind::Create, OperationState::Succeeded)]
}

fn released(state: OperationState) -> Vec<Operation> {
    let release = Operation {
        settled_at: Some(opened()),
        ..operation(OperationKind::Reversal, state)
    };
    vec![
        operation(OperationKind::Create, OperationState::Succeeded),
        release,
    ]
}

fn step_at(old: &Hold, new: &Hold, now: DateTime<Utc>) -> RenewalStep {
    renewal().step((old, &made()), (new, &made()), Reckoning::sure(now))
}

fn step(old: &Hold, new: &Hold) -> RenewalStep {
    step_at(old, new, soon())
}

#[test]
fn the_old_hold_is_released_only_when_the_new_one_is_held() {
    let unread = Hold {
        seen: None,
        ..plain(Created)
    };
    let cases = [
        (unread, Wait),
        (plain(Created), Wait),
        (plain(Unknown), Wait),
        (plain(Authorized), Release),
        (hold(Authorized, taken(4_000)), Release),
        (plain(Canceled), End(RenewalEnd::NewOver)),
        (plain(Reversed), End(RenewalEnd::NewOver)),
        (lapsed(Reversed), End(RenewalEnd::NewOver)),
        (hold(Captured, taken(HELD)), End(RenewalEnd::NewOver)),
        (
            refunded(hold(Refunded, taken(HELD)), HELD),
            End(RenewalEnd::NewOver),
        ),
        (
            refunded(hold(Authorized, taken(4_000)), 1_000),
            End(RenewalEnd::NewOver),
        ),
    ];
    for (new, next) in cases {
        assert_eq!(step(&plain(Authorized), &new), next, "{new:?}");
    }
    // Past its deadline nobody knows whether it is held: the other one is not released for it.
    let longer = Hold {
        expire_in: Some(3 * DAY),
        ..plain(Authorized)
    };
    let later = opened() + TimeDelta::days(2);
    assert_eq!(step_at(&longer, &plain(Authorized), later), Wait);
}

#[test]
fn what_became_of_the_old_hold_may_end_it() {
    let by_dojo = Hold {
        expire_action: Some(DeadlineAction::Capture),
        ..lapsed(Captured)
    };
    let cases = [
        (plain(Reversed), RenewalEnd::OldOver, RenewalEnd::Done),
        (lapsed(Reversed), RenewalEnd::OldOver, RenewalEnd::Done),
        (
            hold(Authorized, taken(4_000)),
            RenewalEnd::OldTaken,
            RenewalEnd::OldTaken,
        ),
        (
            hold(Captured, taken(HELD)),
            RenewalEnd::OldTaken,
            RenewalEnd::OldTaken,
        ),
        (by_dojo, RenewalEnd::OldTaken, RenewalEnd::OldTaken),
        (
            refunded(hold(Captured, taken(4_000)), 1_000),
            RenewalEnd::OldTaken,
            RenewalEnd::OldTaken,
        ),
        (
            refunded(hold(Refunded, taken(HELD)), HELD),
            RenewalEnd::OldTaken,
            RenewalEnd::OldTaken,
        ),
    ];
    for (old, unpaid, paid) in cases {
        assert_eq!(step(&old, &plain(Created)), End(unpaid), "{old:?}");
        assert_eq!(step(&old, &plain(Authorized)), End(paid), "{old:?}");
        assert_eq!(step(&old, &hold(Authorized, taken(4_000))), End(paid), "{old:?}");
    }
    for status in [Created, Canceled, Unknown] {
        assert_eq!(step(&plain(status), &plain(Authorized)), Wait, "{status:?}");
    }
    let late = opened() + TimeDelta::days(2);
    let newer = Hold {
        expire_in: Some(3 * DAY),
        ..plain(Authorized)
    };
    assert_eq!(
        step_at(&plain(Authorized), &newer, late),
        Release,
        "what Dojo holds past its deadline can be released"
    );
}

#[test]
fn an_unpaid_link_is_waited_for_to_its_end_and_a_little_longer() {
    let old = Hold {
        expire_in: Some(6 * DAY),
        ..plain(Authorized)
    };
    let ends = opened() + TimeDelta::hours(6);
    let second = TimeDelta::seconds(1);
    let unpaid = with_link(Created);
    assert_eq!(step_at(&old, &unpaid, ends + LINK_GRACE - second), Wait);
    assert_eq!(
        step_at(&old, &unpaid, ends + LINK_GRACE),
        End(RenewalEnd::LinkEnded)
    );
    let cancelled = with_link(Canceled);
    assert_eq!(step_at(&old, &cancelled, ends - second), End(RenewalEnd::NewOver));
    assert_eq!(step_at(&old, &cancelled, ends), End(RenewalEnd::LinkEnded));
}

#[test]
fn a_clock_that_is_ahead_ends_no_link() {
    let old = Hold {
        expire_in: Some(6 * DAY),
        ..plain(Authorized)
    };
    let ends = opened() + TimeDelta::hours(6);
    let unpaid = with_link(Created);
    let now = Reckoning {
        earliest: ends,
        latest: ends + TimeDelta::days(2),
    };
    let step = renewal().step((&old, &[]), (&unpaid, &[]), now);
    assert_eq!(step, Wait);
}

#[test]
fn a_request_that_dojo_did_not_make_as_asked_ends_it() {
    let unread = Hold {
        seen: None,
        ..plain(Created)
    };
    for (state, next) in [
        (OperationState::Intended, Wait),
        (OperationState::Accepted, Wait),
        (OperationState::Unknown, Wait),
        (OperationState::NotSent, Wait),
        (OperationState::Rejected, End(RenewalEnd::NotMade)),
        (OperationState::Declined, End(RenewalEnd::NotMade)),
        (OperationState::Absent, End(RenewalEnd::NotMade)),
        (OperationState::Conflict, End(RenewalEnd::NotMade)),
    ] {
        let create = [operation(OperationKind::Create, state)];
        let next_is = renewal().step(
            (&plain(Authorized), &made()),
            (&unread, &create),
            Reckoning::sure(soon()),
        );
        assert_eq!(next_is, next, "{state:?}");
    }
    // Sent again, the newest counts.
    let again = [
        operation(OperationKind::Create, OperationState::Rejected),
        operation(OperationKind::Create, OperationState::Succeeded),
    ];
    let next = renewal().step(
        (&plain(Authorized), &made()),
        (&plain(Authorized), &again),
        Reckoning::sure(soon()),
    );
    assert_eq!(next, Release);
}

#[test]
fn what_became_of_the_release_decides_whether_it_is_asked_for_again() {
    let held = plain(Authorized);
    let next = |state, now| renewal().step((&held, &released(state)), (&held, &made()), Reckoning::sure(now));
    for (state, expected) in [
        (OperationState::Intended, Wait),
        (OperationState::Accepted, Wait),
        (OperationState::Unknown, Wait),
        (OperationState::Succeeded, Wait),
        (OperationState::Rejected, End(RenewalEnd::NotReleased)),
        (OperationState::Declined, End(RenewalEnd::NotReleased)),
        (OperationState::Absent, End(RenewalEnd::NotReleased)),
        (OperationState::Conflict, End(RenewalEnd::NotReleased)),
    ] {
        assert_eq!(next(state, soon()), expected, "{state:?}");
    }
    let rested = opened() + RELEASE_RETRY_DELAY;
    assert_eq!(
        next(OperationState::NotSent, rested - TimeDelta::seconds(1)),
        Wait
    );
    assert_eq!(next(OperationState::NotSent, rested), Release);
    // What was decided before it began is none of its own.
    let mut before = released(OperationState::Rejected);
    before.remove(0);
    let next = renewal().step((&held, &before), (&held, &made()), Reckoning::sure(soon()));
    assert_eq!(next, Release);
}

#[test]
fn nothing_is_done_while_something_is_open_or_when_it_is_over() {
    let held = plain(Authorized);
    let mut open = made();
    open.push(operation(OperationKind::Capture, OperationState::Unknown));
    assert_eq!(
        renewal().step((&held, &open), (&held, &made()), Reckoning::sure(soon())),
        Wait
    );
    assert_eq!(
        renewal().step((&held, &made()), (&held, &open), Reckoning::sure(soon())),
        Wait
    );
    let over = Renewal {
        ended: Some(RenewalEnded {
            at: soon(),
            how: RenewalEnd::GivenUp,
        }),
        ..renewal()
    };
    assert!(!over.is_open() && renewal().is_open());
    assert_eq!(
        over.step((&held, &made()), (&held, &made()), Reckoning::sure(soon())),
        Wait
    );
}

#[test]
fn it_is_about_its_two_holds() {
    let about = [0, 1, 2].map(|id| renewal().is_about(HoldId(Uuid::from_u128(id))));
    assert_eq!(about, [false, true, true]);
}

#[test]
fn its_link_is_good_as_long_as_the_old_hold_and_a_day_at_least() {
    let old = Hold {
        expire_in: Some(6 * DAY),
        ..plain(Authorized)
    };
    let days = |days| opened() + TimeDelta::days(days);
    assert_eq!(renewal_link_ends(&old, days(1)), days(6));
    let late = days(5) + TimeDelta::hours(20);
    assert_eq!(renewal_link_ends(&old, late), late + TimeDelta::hours(24));
    let none = Hold {
        expire_in: None,
        ..old
    };
    assert_eq!(renewal_link_ends(&none, days(1)), days(2));
}
