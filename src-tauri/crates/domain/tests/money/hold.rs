//! What is held, taken, pending and left, and what that is called.

use super::{DAY, HELD, STATUSES, capture, hold, opened, refunded, seen, soon, taken};
use chrono::TimeDelta;
use holdfast_domain::{
    Baseline, Capture, CaptureMode, CaptureStatus, DeadlineAction, Hold, HoldState, IntentStatus,
    LONGEST_HOLD,
};
use proptest::prelude::*;

const CAPTURE_STATUSES: [CaptureStatus; 5] = [
    CaptureStatus::Created,
    CaptureStatus::Successful,
    CaptureStatus::Declined,
    CaptureStatus::Failed,
    CaptureStatus::Unknown,
];

fn auto(status: IntentStatus, captures: Vec<Capture>) -> Hold {
    Hold {
        mode: CaptureMode::Auto,
        expire_in: None,
        expire_action: None,
        ..hold(status, captures)
    }
}

fn lapsed(mut hold: Hold, action: DeadlineAction) -> Hold {
    hold.lapsed_at = Some(opened() + TimeDelta::seconds(DAY));
    hold.expire_action = Some(action);
    hold
}

fn unread() -> Hold {
    Hold {
        seen: None,
        ..hold(IntentStatus::Created, Vec::new())
    }
}

/// Taken for certain, tip within that, pending, left.
fn sums(hold: &Hold) -> (i64, i64, i64, i64) {
    (hold.captured(), hold.captured_tip(), hold.pending(), hold.left())
}

#[test]
fn each_captures_status_decides_what_it_counts_as() {
    use CaptureStatus::{Created, Declined, Failed, Successful, Unknown};
    let with = |status| {
        let captures = vec![capture("cp_1", 3_000, 200, status)];
        sums(&hold(IntentStatus::Authorized, captures))
    };
    assert_eq!(with(Successful), (3_200, 200, 0, 6_800));
    assert_eq!(with(Created), (0, 0, 3_200, 6_800));
    assert_eq!(with(Unknown), (0, 0, 3_200, 6_800));
    assert_eq!(with(Declined), (0, 0, 0, HELD));
    assert_eq!(with(Failed), (0, 0, 0, HELD));
    assert_eq!(sums(&unread()), (0, 0, 0, 0));
}

#[test]
fn a_request_is_of_what_dojo_shows_once_it_was_read() {
    let first = Hold {
        asked: 5_000,
        ..unread()
    };
    assert_eq!(first.requested(), 5_000);
    let changed = Hold {
        asked: 5_000,
        ..hold(IntentStatus::Created, Vec::new())
    };
    assert_eq!(changed.requested(), HELD, "the tip included");
}

#[test]
fn a_payment_that_lists_no_capture_was_taken_whole() {
    let paid = auto(IntentStatus::Captured, Vec::new());
    assert_eq!(sums(&paid), (HELD, 1_000, 0, 0));
    assert_eq!(auto(IntentStatus::Refunded, Vec::new()).captured(), HELD);
    assert_eq!(
        sums(&auto(IntentStatus::Created, Vec::new())),
        (0, 0, 0, 0),
        "unpaid, its tip is nobody's yet"
    );
    // A hold that lists a capture is judged by the list.
    let failed = vec![capture("cp_1", 3_000, 0, CaptureStatus::Failed)];
    assert_eq!(hold(IntentStatus::Captured, failed).captured(), 0);
}

#[test]
fn authorised_is_what_the_bank_still_stands_for() {
    use IntentStatus::{Authorized, Captured, Refunded, Unknown};
    for status in STATUSES {
        let mut hold = hold(status, Vec::new());
        let is_held = matches!(status, Authorized | Captured | Refunded | Unknown);
        assert_eq!(hold.authorised(), if is_held { HELD } else { 0 }, "{status:?}");
        hold.seen.as_mut().unwrap().authorised_at = None;
        // A state that nobody knows speaks of money only where there was some.
        let is_held = is_held && status != Unknown;
        assert_eq!(hold.authorised(), if is_held { HELD } else { 0 }, "{status:?}");
    }
    assert_eq!(unread().authorised(), 0);
}

#[test]
fn after_dojo_acted_nothing_is_left() {
    let held = hold(IntentStatus::Authorized, Vec::new());
    assert_eq!(held.left(), HELD);
    assert_eq!(lapsed(held, DeadlineAction::Release).left(), 0);
}

#[test]
fn what_went_back_untaken_was_held_and_is_not_taken_nor_pending() {
    use IntentStatus::{Authorized, Canceled, Captured, Created, Refunded, Reversed, Unknown};
    let ever = STATUSES.map(|status| (status, hold(status, Vec::new()).ever_held()));
    for (status, held) in ever {
        let was_held = matches!(status, Authorized | Captured | Reversed | Refunded | Unknown);
        assert!(was_held || matches!(status, Created | Canceled));
        assert_eq!(held, if was_held { HELD } else { 0 }, "{status:?}");
    }
    assert_eq!(auto(Captured, Vec::new()).ever_held(), 0, "a payment is no hold");
    assert_eq!(unread().ever_held(), 0);
    assert_eq!(hold(Authorized, Vec::new()).released(), 0, "it is still held");
    assert_eq!(hold(Reversed, Vec::new()).released(), HELD);
    let part = lapsed(hold(Captured, taken(3_000)), DeadlineAction::Release);
    assert_eq!(part.released(), 7_000);
    let pending = vec![capture("cp_1", 3_000, 0, CaptureStatus::Created)];
    let part = lapsed(hold(Captured, pending), DeadlineAction::Release);
    assert_eq!(part.released(), 7_000, "what is pending has not gone back");
}

#[test]
fn a_tip_that_was_not_of_the_hold_was_held_besides() {
    use CaptureStatus::{Created, Successful};
    let all = |more: &[(i64, CaptureStatus)]| {
        let more = more
            .iter()
            .map(|(amount, status)| capture("cp_2", *amount, 0, *status));
        let mut captures = vec![capture("cp_1", 9_000, 1_000, Successful)];
        captures.extend(more);
        captures
    };
    let sums = |hold: &Hold| (hold.captured(), hold.left(), hold.ever_held());
    let held = hold(IntentStatus::Authorized, all(&[]));
    assert_eq!(sums(&held), (HELD, 1_000, 11_000), "Dojo calls it authorised");
    let taking = hold(IntentStatus::Authorized, all(&[(1_000, Created)]));
    assert_eq!(sums(&taking), (HELD, 0, 11_000));
    let gone = hold(IntentStatus::Captured, all(&[(1_000, Successful)]));
    assert_eq!(sums(&gone), (11_000, 0, 11_000));
    let within = hold(IntentStatus::Captured, all(&[]));
    assert_eq!(sums(&within), (HELD, 0, HELD), "the tip was of the hold");
}

#[test]
fn a_hold_is_called_what_it_is() {
    use DeadlineAction::{Capture, Release};
    use IntentStatus::{Authorized, Canceled, Captured, Created, Refunded, Reversed, Unknown};
    let none = Vec::new;
    let cases = [
        (unread(), HoldState::Opening),
        (hold(Created, none()), HoldState::Waiting),
        (hold(Canceled, none()), HoldState::Cancelled),
        (hold(Unknown, none()), HoldState::Unreadable),
        (hold(Reversed, none()), HoldState::Released),
        (lapsed(hold(Reversed, none()), Release), HoldState::Expired),
        (hold(Authorized, none()), HoldState::Held),
        (hold(Authorized, taken(4_000)), HoldState::PartTaken),
        (hold(Captured, taken(4_000)), HoldState::PartTaken),
        (hold(Captured, taken(HELD)), HoldState::Taken),
        (auto(Captured, none()), HoldState::Taken),
        (
            lapsed(hold(Captured, taken(HELD)), Capture),
            HoldState::TakenByDojo,
        ),
        (lapsed(hold(Captured, taken(4_000)), Release), HoldState::Taken),
        (refunded(hold(Captured, taken(4_000)), 1), HoldState::PartRefunded),
        (
            refunded(hold(Captured, taken(4_000)), 3_999),
            HoldState::PartRefunded,
        ),
        (refunded(hold(Captured, taken(4_000)), 4_000), HoldState::Refunded),
        (hold(Refunded, taken(4_000)), HoldState::Refunded),
    ];
    for (hold, state) in cases {
        assert_eq!(hold.state(soon()), state, "{hold:?}");
    }
}

#[test]
fn overdue_begins_with_the_deadlines_instant_and_only_while_something_is_held() {
    let held = hold(IntentStatus::Authorized, Vec::new());
    let deadline = held.deadline().unwrap().at;
    assert_eq!(held.state(deadline - TimeDelta::seconds(1)), HoldState::Held);
    assert_eq!(held.state(deadline), HoldState::Overdue);
    let all = hold(IntentStatus::Captured, taken(HELD));
    assert_eq!(all.state(deadline), HoldState::Taken);
}

#[test]
fn a_deadline_counts_from_the_authorisation_then_the_creation_then_the_opening() {
    let mut held = hold(IntentStatus::Authorized, Vec::new());
    let after = |hours| opened() + TimeDelta::hours(hours);
    let day = TimeDelta::seconds(DAY);
    let at = |hold: &Hold| hold.deadline().map(|d| d.at);
    if let Some(seen) = &mut held.seen {
        seen.authorised_at = Some(after(2));
    }
    held.created_at = Some(after(1));
    assert_eq!(at(&held), Some(after(2) + day));
    if let Some(seen) = &mut held.seen {
        seen.authorised_at = None;
    }
    assert_eq!(at(&held), Some(after(1) + day));
    held.created_at = None;
    assert_eq!(at(&held), Some(opened() + day));
    held.expire_in = Some(100 * DAY);
    assert_eq!(at(&held), Some(opened() + LONGEST_HOLD));
    held.expire_in = None;
    assert_eq!(at(&held), None);
}

#[test]
fn over_is_what_nothing_more_happens_to() {
    use IntentStatus::{Authorized, Canceled, Captured, Created, Refunded, Reversed, Unknown};
    let pending = |status| vec![capture("cp_1", HELD, 0, status)];
    let cases = [
        (unread(), false),
        (hold(Created, Vec::new()), false),
        (hold(Unknown, Vec::new()), false),
        (hold(Canceled, Vec::new()), true),
        (hold(Reversed, Vec::new()), true),
        // What was taken is refunded, and the rest is still held.
        (hold(Refunded, taken(4_000)), false),
        (hold(Refunded, taken(HELD)), true),
        (
            lapsed(hold(Refunded, taken(4_000)), DeadlineAction::Release),
            true,
        ),
        (hold(Authorized, Vec::new()), false),
        (hold(Captured, taken(4_000)), false),
        (hold(Captured, taken(HELD)), true),
        (hold(Authorized, taken(HELD)), true),
        (hold(Captured, pending(CaptureStatus::Created)), false),
        (
            hold(
                Captured,
                [
                    taken(4_000),
                    vec![capture("cp_2", 6_000, 0, CaptureStatus::Created)],
                ]
                .concat(),
            ),
            false,
        ),
        // Dojo acted on it and lists nothing: it is not known to have been taken.
        (
            lapsed(hold(Authorized, Vec::new()), DeadlineAction::Release),
            false,
        ),
    ];
    for (hold, is_over) in cases {
        assert_eq!(hold.is_over(), is_over, "{hold:?}");
    }
}

#[test]
fn what_is_over_holds_nothing() {
    for status in STATUSES {
        for captures in [Vec::new(), taken(4_000), taken(HELD)] {
            let hold = hold(status, captures);
            assert!(!hold.is_over() || hold.left() == 0, "{hold:?}");
        }
    }
}

#[test]
fn dojo_takes_by_itself_what_it_takes_at_the_deadline_or_later() {
    let deadline = opened() + TimeDelta::seconds(DAY);
    let held = hold(IntentStatus::Captured, taken(HELD));
    let at = |minutes| Capture {
        at: Some(deadline + TimeDelta::minutes(minutes)),
        ..capture("cp_1", HELD, 0, CaptureStatus::Successful)
    };
    let by_dojo = lapsed(held.clone(), DeadlineAction::Capture);
    let is = [-3, -2, 0, 600].map(|minutes| by_dojo.is_taken_by_dojo(&at(minutes)));
    assert_eq!(is, [false, true, true, true]);
    assert!(by_dojo.is_taken_by_dojo(&taken(HELD)[0]), "it does not say when");
    assert!(!held.is_taken_by_dojo(&at(0)), "Dojo did nothing");
    assert!(!lapsed(held, DeadlineAction::Release).is_taken_by_dojo(&at(0)));
}

#[test]
fn a_cancelled_request_that_is_paid_is_news_and_nothing_else_goes_back() {
    use IntentStatus::{Authorized, Canceled, Captured, Created, Refunded, Reversed, Unknown};
    let order = [
        Created, Canceled, Authorized, Captured, Reversed, Refunded, Unknown,
    ];
    let is_behind = |now, known| {
        let seen = |status| hold(status, taken(1_000)).seen.unwrap();
        seen(now).is_behind(&seen(known))
    };
    let behind: Vec<_> = order
        .into_iter()
        .flat_map(|known| order.map(|now| (now, known)))
        .filter(|(now, known)| is_behind(*now, *known))
        .collect();
    assert_eq!(
        behind,
        [
            (Created, Canceled),
            (Created, Authorized),
            (Created, Captured),
            (Canceled, Captured),
            (Authorized, Captured),
            (Created, Reversed),
            (Canceled, Reversed),
            (Authorized, Reversed),
            (Created, Refunded),
            (Canceled, Refunded),
            (Authorized, Refunded),
            (Captured, Refunded),
            (Reversed, Refunded),
        ]
    );
}

#[test]
fn what_dojo_took_at_the_deadline_is_what_was_not_taken_before_it() {
    let end = opened() + TimeDelta::days(1);
    let at = |id, amount, at| Capture {
        at: Some(at),
        ..capture(id, amount, 0, CaptureStatus::Successful)
    };
    let by_hand = at("cp_1", 4_000, soon());
    let ended = |captures, action| Hold {
        lapsed_at: Some(end),
        expire_action: Some(action),
        ..hold(IntentStatus::Captured, captures)
    };
    let listed = vec![by_hand.clone(), at("cp_2", 6_000, end)];
    let failed = capture("cp_3", 900, 0, CaptureStatus::Failed);
    for captures in [
        listed,
        vec![by_hand.clone()],
        vec![
            by_hand.clone(),
            Capture {
                at: Some(soon()),
                ..failed
            },
        ],
    ] {
        assert_eq!(
            ended(captures, DeadlineAction::Capture).taken_at_deadline(),
            HELD - 4_000
        );
    }
    assert_eq!(
        ended(Vec::new(), DeadlineAction::Capture).taken_at_deadline(),
        HELD
    );
    assert_eq!(
        ended(vec![by_hand.clone()], DeadlineAction::Release).taken_at_deadline(),
        0
    );
    let held = Hold {
        expire_action: Some(DeadlineAction::Capture),
        ..hold(IntentStatus::Captured, vec![by_hand])
    };
    assert_eq!(held.taken_at_deadline(), 0, "its deadline is not there yet");
}

#[test]
fn a_link_ended_by_itself_once_its_time_was_up() {
    let asked = |ends| Hold {
        link_ends_at: ends,
        ..hold(IntentStatus::Created, Vec::new())
    };
    let over = seen(IntentStatus::Canceled, Vec::new());
    let end = over.seen_at;
    assert_eq!(asked(Some(end)).link_ended_by(&over), Some(end));
    assert_eq!(
        asked(Some(end + TimeDelta::seconds(1))).link_ended_by(&over),
        None
    );
    assert_eq!(asked(None).link_ended_by(&over), None);
    assert_eq!(
        asked(Some(end)).link_ended_by(&seen(IntentStatus::Created, Vec::new())),
        None
    );
}

#[test]
fn a_baseline_is_what_was_there_before() {
    let before = refunded(hold(IntentStatus::Captured, taken(4_000)), 300);
    let baseline = Baseline::of(&before);
    assert_eq!(
        (baseline.captures, baseline.refunded),
        (vec!["cp_1".to_owned()], 300)
    );
    assert_eq!(Baseline::of(&unread()), Baseline::default());
}

proptest! {
    /// Whatever Dojo lists: no sum is below zero, and what is taken, pending and left makes up what is held. Where that
    /// is all taken and Dojo calls it authorised, its tips weren't of it.
    #[test]
    fn taken_pending_and_left_make_up_what_is_held(
        listed in prop::collection::vec((0_i64..5_000, 0_i64..500, 0_usize..5), 1..6),
    ) {
        let captures: Vec<Capture> = listed
            .iter()
            .map(|(amount, tip, status)| capture("cp", *amount, *tip, CAPTURE_STATUSES[*status]))
            .collect();
        let held = hold(IntentStatus::Authorized, captures);
        let (captured, tip, pending, left) = sums(&held);
        prop_assert!(0 <= tip && tip <= captured && 0 <= pending && 0 <= left);
        let is_all_taken = pending == 0 && captured >= HELD;
        let counted = if is_all_taken { captured - tip } else { captured };
        prop_assert_eq!(left, (HELD - counted - pending).max(0));
        prop_assert_eq!(held.ever_held(), HELD.max(captured + pending + left));
    }
}
