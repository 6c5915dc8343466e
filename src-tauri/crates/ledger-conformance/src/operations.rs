//! What may be decided on a hold, and what is refused.

use super::sample::{authorised, done, intend, note, now, operation, progress, read, rests_on, seen};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_domain::*;
use holdfast_ledger::{Learnt, Ledger, LedgerError, Terms};
use uuid::Uuid;

fn held(captured: &[i64]) -> Snapshot {
    seen(IntentStatus::Authorized, captured)
}

fn capture(hold: &Hold, amount: i64) -> Operation {
    operation(hold.id, OperationKind::Capture, amount)
}

pub async fn a_decision_on_a_hold_that_was_written_since_is_refused(ledger: &dyn Ledger) {
    let hold = ledger.hold(authorised(ledger).await.id).await.unwrap();
    read(ledger, hold.id, seen(IntentStatus::Authorized, &[])).await;
    let entries = ledger.verify_journal().await.unwrap();
    let take = capture(&hold, 4_000);
    for version in [hold.version, hold.version + 2] {
        let refused = ledger.intend(&take, rests_on(version), note("take")).await;
        assert!(matches!(refused, Err(LedgerError::Changed)), "{refused:?}");
    }
    assert!(ledger.operation(take.id).await.unwrap().is_none());
    assert_eq!(ledger.verify_journal().await.unwrap(), entries);
    intend(ledger, &take, note("take")).await.unwrap();
}

pub async fn one_operation_is_open_on_a_hold(ledger: &dyn Ledger) {
    let hold = authorised(ledger).await;
    let first = capture(&hold, 4_000);
    intend(ledger, &first, note("take")).await.unwrap();
    for state in [OperationState::Unknown, OperationState::Accepted] {
        let second = capture(&hold, 1_000);
        let refused = intend(ledger, &second, note("take")).await;
        assert!(matches!(refused, Err(LedgerError::Busy)), "{refused:?}");
        assert_eq!(ledger.operation(second.id).await.unwrap(), None);
        let learnt = Learnt::default();
        ledger
            .record(hold.id, learnt, Some(progress(first.id, state)), vec![])
            .await
            .unwrap();
    }
    let refused = intend(ledger, &capture(&hold, 1_000), note("take")).await;
    assert!(matches!(refused, Err(LedgerError::Busy)), "{refused:?}");
    done(ledger, &first, held(&[4_000])).await;
    intend(ledger, &capture(&hold, 1_000), note("take"))
        .await
        .unwrap();
    let entries = ledger.verify_journal().await.unwrap();
    assert_eq!(entries, 6, "a refused decision leaves no trace");
}

pub async fn an_open_operation_leaves_other_holds_free(ledger: &dyn Ledger) {
    let (one, other) = (authorised(ledger).await, authorised(ledger).await);
    intend(ledger, &capture(&one, 4_000), note("take")).await.unwrap();
    intend(ledger, &capture(&other, 4_000), note("take"))
        .await
        .unwrap();
}

pub async fn a_decisions_id_is_known_once(ledger: &dyn Ledger) {
    let (hold, other) = (authorised(ledger).await, authorised(ledger).await);
    let first = capture(&hold, 4_000);
    intend(ledger, &first, note("take")).await.unwrap();
    done(ledger, &first, held(&[4_000])).await;
    let on_another = Operation {
        hold: other.id,
        ..first.clone()
    };
    for same in [&first, &on_another] {
        let refused = intend(ledger, same, note("take")).await;
        assert!(matches!(refused, Err(LedgerError::Known)), "{refused:?}");
        // That it is known comes before that the hold has changed by it.
        let refused = ledger.intend(same, rests_on(0), note("take")).await;
        assert!(matches!(refused, Err(LedgerError::Known)), "{refused:?}");
    }
    let kept = ledger.operation(first.id).await.unwrap().unwrap();
    assert_eq!((kept.hold, kept.state), (hold.id, OperationState::Succeeded));
    assert_eq!(ledger.verify_journal().await.unwrap(), 8);
}

pub async fn nothing_takes_more_than_is_held(ledger: &dyn Ledger) {
    let hold = authorised(ledger).await;
    let first = capture(&hold, 6_000);
    intend(ledger, &first, note("take")).await.unwrap();
    done(ledger, &first, held(&[6_000])).await;
    let refused = intend(ledger, &capture(&hold, 4_001), note("take")).await;
    assert!(matches!(refused, Err(LedgerError::TooMuch)), "{refused:?}");
    intend(ledger, &capture(&hold, 4_000), note("take"))
        .await
        .unwrap();
}

pub async fn nothing_is_taken_of_a_hold_that_was_never_read(ledger: &dyn Ledger) {
    let (_, hold) = super::sample::opened(ledger, "Amira").await;
    let refused = intend(ledger, &capture(&hold, 1), note("take")).await;
    assert!(matches!(refused, Err(LedgerError::TooMuch)), "{refused:?}");
}

pub async fn a_tip_counts_towards_what_is_held(ledger: &dyn Ledger) {
    let hold = authorised(ledger).await;
    let take = |tip| Operation {
        tip,
        ..capture(&hold, 9_000)
    };
    let refused = intend(ledger, &take(1_001), note("take")).await;
    assert!(matches!(refused, Err(LedgerError::TooMuch)), "{refused:?}");
    intend(ledger, &take(1_000), note("take")).await.unwrap();
}

pub async fn what_is_pending_counts_towards_what_is_held(ledger: &dyn Ledger) {
    let hold = authorised(ledger).await;
    // Another till's capture, which Dojo has yet to decide.
    let mut reading = held(&[6_000, 3_000]);
    reading.captures[1].status = CaptureStatus::Created;
    read(ledger, hold.id, reading).await;
    let refused = intend(ledger, &capture(&hold, 1_001), note("take")).await;
    assert!(matches!(refused, Err(LedgerError::TooMuch)), "{refused:?}");
    intend(ledger, &capture(&hold, 1_000), note("take"))
        .await
        .unwrap();
}

pub async fn nothing_refunds_more_than_was_taken(ledger: &dyn Ledger) {
    let hold = authorised(ledger).await;
    let mut reading = seen(IntentStatus::Captured, &[6_000]);
    reading.refunded = 2_000;
    read(ledger, hold.id, reading).await;
    let refund = |amount| operation(hold.id, OperationKind::Refund, amount);
    let refused = intend(ledger, &refund(4_001), note("refund")).await;
    assert!(matches!(refused, Err(LedgerError::TooMuch)), "{refused:?}");
    intend(ledger, &refund(4_000), note("refund")).await.unwrap();
}

pub async fn decisions_stay_in_the_order_in_which_they_were_made_when_the_clock_is_set_back(
    ledger: &dyn Ledger,
) {
    let hold = authorised(ledger).await;
    let mut made = Vec::new();
    for millis in [2_000_000_000_000_u64, 1_900_000_000_000, 1_950_000_000_000] {
        let id = uuid::Builder::from_unix_timestamp_millis(millis, &[7; 10]).into_uuid();
        let receipt = Operation {
            id: OperationId(id),
            ..operation(hold.id, OperationKind::Receipt, 0)
        };
        intend(ledger, &receipt, note("asked")).await.unwrap();
        done(ledger, &receipt, held(&[])).await;
        made.push(receipt.id);
    }
    let all = ledger.operations(hold.id).await.unwrap();
    let told: Vec<OperationId> = all.iter().map(|o| o.id).collect();
    assert!(told.ends_with(&made), "{told:?} instead of {made:?}");
}

pub async fn dojos_numbers_are_learnt_once_and_never_replaced(ledger: &dyn Ledger) {
    let hold = authorised(ledger).await;
    let take = capture(&hold, 4_000);
    intend(ledger, &take, note("take")).await.unwrap();
    for (intent, dojo, state) in [
        (Some("pi_1"), Some("cp_1"), OperationState::Accepted),
        (Some("pi_2"), Some("cp_2"), OperationState::Accepted),
        (None, None, OperationState::Succeeded),
    ] {
        let learnt = Learnt {
            intent_id: intent.map(Into::into),
            ..Learnt::default()
        };
        let mut progress = progress(take.id, state);
        progress.dojo_id = dojo.map(Into::into);
        ledger
            .record(hold.id, learnt, Some(progress), vec![])
            .await
            .unwrap();
    }
    let kept = ledger.operation(take.id).await.unwrap().unwrap();
    assert_eq!(kept.dojo_id.as_deref(), Some("cp_1"));
    assert_eq!(kept.state, OperationState::Succeeded);
    let kept = ledger.hold(hold.id).await.unwrap();
    assert_eq!(kept.intent_id.as_deref(), Some("pi_1"));
}

pub async fn without_a_reading_what_is_known_stays(ledger: &dyn Ledger) {
    let hold = authorised(ledger).await;
    let terms = Terms {
        mode: CaptureMode::Auto,
        expire_in: None,
        expire_action: None,
    };
    let learnt = Learnt {
        terms: Some(terms),
        lapsed_at: Some(now()),
        ..Learnt::default()
    };
    ledger.record(hold.id, learnt, None, vec![]).await.unwrap();
    let kept = ledger.hold(hold.id).await.unwrap();
    assert_eq!(kept.seen, Some(held(&[])));
    assert_eq!(kept.lapsed_at, None, "Dojo's own act is what a reading shows");
    assert_eq!(Terms::of(&kept), terms);
    ledger
        .record(hold.id, Learnt::default(), None, vec![])
        .await
        .unwrap();
    assert_eq!(Terms::of(&ledger.hold(hold.id).await.unwrap()), terms);
}

pub async fn what_a_person_gave_up_on_stays_so_until_a_reading(ledger: &dyn Ledger) {
    let hold = authorised(ledger).await;
    let given_up = Learnt {
        given_up_at: Some(now()),
        ..Learnt::default()
    };
    for learnt in [given_up, Learnt::default()] {
        ledger.record(hold.id, learnt, None, vec![]).await.unwrap();
        let kept = ledger.hold(hold.id).await.unwrap();
        assert_eq!((kept.given_up_at, kept.seen), (Some(now()), Some(held(&[]))));
    }
    read(ledger, hold.id, held(&[])).await;
    assert_eq!(ledger.hold(hold.id).await.unwrap().given_up_at, None);
}

pub async fn a_step_that_is_refused_learns_nothing_of_the_hold(ledger: &dyn Ledger) {
    let hold = authorised(ledger).await;
    let learnt = Learnt {
        seen: Some(seen(IntentStatus::Captured, &[4_000])),
        ..Learnt::default()
    };
    let strange = progress(OperationId(Uuid::now_v7()), OperationState::Succeeded);
    let refused = ledger
        .record(hold.id, learnt, Some(strange), vec![note("done")])
        .await;
    assert!(matches!(refused, Err(LedgerError::NotFound)), "{refused:?}");
    assert_eq!(ledger.hold(hold.id).await.unwrap().seen, Some(held(&[])));
    assert_eq!(ledger.verify_journal().await.unwrap(), 3);
}

pub async fn what_was_not_seen_at_dojo_is_looked_for_on_a_hold_that_is_over_too(ledger: &dyn Ledger) {
    let hold = authorised(ledger).await;
    let receipt = operation(hold.id, OperationKind::Receipt, 0);
    intend(ledger, &receipt, note("asked")).await.unwrap();
    let mut absent = progress(receipt.id, OperationState::Absent);
    absent.settled_at = Some(now() + TimeDelta::hours(3));
    let learnt = Learnt {
        seen: Some(seen(IntentStatus::Captured, &[10_000])),
        ..Learnt::default()
    };
    let notes = vec![note("not seen")];
    ledger.record(hold.id, learnt, Some(absent), notes).await.unwrap();
    assert_eq!(live(ledger, now() + TimeDelta::hours(2)).await, [hold.id]);
    assert_eq!(
        live(ledger, now() + TimeDelta::hours(4)).await,
        [],
        "not for ever"
    );
}

pub async fn a_hold_that_is_over_is_live_while_something_is_open_on_it(ledger: &dyn Ledger) {
    let (hold, over) = (authorised(ledger).await, authorised(ledger).await);
    read(ledger, over.id, seen(IntentStatus::Captured, &[10_000])).await;
    assert_eq!(live(ledger, now()).await, [hold.id]);
    let refund = operation(over.id, OperationKind::Refund, 1_000);
    intend(ledger, &refund, note("refund")).await.unwrap();
    let mut both = live(ledger, now()).await;
    both.sort_unstable();
    assert_eq!(both, [hold.id, over.id]);
    done(ledger, &refund, seen(IntentStatus::Captured, &[10_000])).await;
    assert_eq!(live(ledger, now()).await, [hold.id]);
}

async fn live(ledger: &dyn Ledger, since: DateTime<Utc>) -> Vec<HoldId> {
    let live = ledger.live_holds(since).await.unwrap();
    live.into_iter().map(|hold| hold.id).collect()
}

pub async fn every_hold_is_listed_first_those_that_are_not_over_each_newest_first(ledger: &dyn Ledger) {
    let mut made = Vec::new();
    for _ in 0..4 {
        made.push(authorised(ledger).await.id);
    }
    for over in [made[1], made[3]] {
        read(ledger, over, seen(IntentStatus::Captured, &[10_000])).await;
    }
    let all = ledger.every_hold().await.unwrap();
    assert_eq!(all, [made[2], made[0], made[3], made[1]]);
}

/// Where an operation may go from where it stands, written down a second time so that the case judges the table.
const MOVES: [(OperationState, &[OperationState]); 9] = {
    use OperationState::*;
    [
        (
            Intended,
            &[
                Intended, Accepted, Unknown, Succeeded, Declined, Rejected, NotSent, Absent, Conflict,
            ],
        ),
        (Accepted, &[Accepted, Succeeded, Declined, Absent, Conflict]),
        (
            Unknown,
            &[Accepted, Unknown, Succeeded, Declined, Absent, Conflict],
        ),
        (Succeeded, &[Succeeded, Declined]),
        (Declined, &[Accepted, Succeeded, Declined]),
        (Rejected, &[Accepted, Succeeded, Rejected]),
        (NotSent, &[Accepted, Succeeded, NotSent]),
        (Absent, &[Accepted, Succeeded, Absent]),
        (Conflict, &[Succeeded, Conflict]),
    ]
};

/// An answer that comes late takes nothing back that is known by then.
pub async fn an_operation_goes_only_where_it_may_go(ledger: &dyn Ledger) {
    for (from, allowed) in MOVES {
        for (next, _) in MOVES {
            let hold = authorised(ledger).await;
            let take = capture(&hold, 1_000);
            intend(ledger, &take, note("take")).await.unwrap();
            let stands = progress(take.id, from);
            ledger
                .record(hold.id, Learnt::default(), Some(stands), vec![])
                .await
                .unwrap();
            let learnt = Learnt {
                link: Some("https://pay.dojo.tech/late".to_owned()),
                ..Learnt::default()
            };
            let moved = ledger
                .record(hold.id, learnt.clone(), Some(progress(take.id, next)), vec![])
                .await;
            let may = allowed.contains(&next);
            let is_refused = matches!(moved, Err(LedgerError::Changed));
            assert!(
                if may { moved.is_ok() } else { is_refused },
                "{from:?} to {next:?}: {moved:?}"
            );
            let kept = ledger.operation(take.id).await.unwrap().unwrap().state;
            assert_eq!(kept, if may { next } else { from }, "{from:?} to {next:?}");
            let has_learnt = ledger.hold(hold.id).await.unwrap().link == learnt.link;
            assert_eq!(has_learnt, may, "{from:?} to {next:?}");
        }
    }
}

pub async fn what_somebody_was_told_of_and_put_aside_is_marked(ledger: &dyn Ledger) {
    let hold = authorised(ledger).await;
    let take = capture(&hold, 4_000);
    intend(ledger, &take, note("take")).await.unwrap();
    done(ledger, &take, held(&[4_000])).await;
    assert_eq!(ledger.operation(take.id).await.unwrap().unwrap().seen_at, None);
    ledger.mark_seen(take.id, note("seen")).await.unwrap();
    let kept = ledger.operation(take.id).await.unwrap().unwrap();
    assert_eq!(kept.seen_at, Some(now()));
}
