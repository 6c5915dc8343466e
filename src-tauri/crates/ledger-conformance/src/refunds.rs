//! What is said of a refund of which nobody had said what it was of.

use super::sample::{authorised, done, intend, note, now, operation, read, said, seen};
use chrono::TimeDelta;
use holdfast_domain::*;
use holdfast_ledger::{Ledger, LedgerError};
use uuid::Uuid;

/// 30.00 refunded of 90.00 taken: 20.00 by a decision, and 10.00 elsewhere.
pub async fn refunded(ledger: &dyn Ledger) -> (Hold, OperationId) {
    let hold = authorised(ledger).await;
    let mut reading = seen(IntentStatus::Captured, &[9_000]);
    read(ledger, hold.id, reading.clone()).await;
    let refund = operation(hold.id, OperationKind::Refund, 2_000);
    intend(ledger, &refund, note("refund")).await.unwrap();
    reading.refunded = 3_000;
    done(ledger, &refund, reading).await;
    (hold, refund.id)
}

/// Refunded in all, of service charges, of tips, and not said, as the movements of the day have it.
pub async fn parts(ledger: &dyn Ledger) -> (i64, i64, i64, i64) {
    let edges = vec![now() - TimeDelta::days(1), now() + TimeDelta::days(1)];
    let day = ledger.day_sums(Currency::Gbp, edges).await.unwrap()[0].0;
    let movements = ledger.movements(1, i64::MAX).await.unwrap();
    let all = movements.iter().try_fold(Sums::default(), Sums::with).unwrap();
    assert_eq!(all, day, "the movements one by one");
    assert_eq!((day.taken, day.service, day.tips), (9_000, 0, 0), "no refund");
    (
        day.refunded,
        day.refunded_service,
        day.refunded_tips,
        day.refunded_not_said,
    )
}

pub async fn what_is_said_of_a_refund_corrects_the_movements(ledger: &dyn Ledger) {
    let (hold, refund) = refunded(ledger).await;
    assert_eq!(parts(ledger).await, (3_000, 0, 0, 3_000));
    let say = |decision, said| ledger.say_refund(hold.id, decision, said, note("said"));
    say(Some(refund), said(2_000, 300, 500)).await.unwrap();
    assert_eq!(parts(ledger).await, (3_000, 300, 500, 1_000));
    say(None, said(400, 0, 400)).await.unwrap();
    say(None, said(600, 100, 0)).await.unwrap();
    assert_eq!(parts(ledger).await, (3_000, 400, 900, 0));
}

pub async fn what_a_refund_was_of_is_said_once(ledger: &dyn Ledger) {
    let (hold, refund) = refunded(ledger).await;
    let say = |decision, said| ledger.say_refund(hold.id, decision, said, note("said"));
    say(Some(refund), said(2_000, 300, 500)).await.unwrap();
    say(None, said(1_000, 0, 0)).await.unwrap();
    for (again, of) in [(Some(refund), 2_000), (None, 1)] {
        let refused = say(again, said(of, 0, 0)).await;
        assert!(matches!(refused, Err(LedgerError::Known)), "{refused:?}");
    }
    assert_eq!(parts(ledger).await, (3_000, 300, 500, 0));
    assert_eq!(ledger.verify_journal().await.unwrap(), 8);
}

pub async fn nothing_is_said_beyond_what_was_refunded(ledger: &dyn Ledger) {
    let (hold, refund) = refunded(ledger).await;
    let say = |decision, said| ledger.say_refund(hold.id, decision, said, note("said"));
    for (decision, amount) in [(Some(refund), 1_999), (Some(refund), 2_001), (None, 1_001)] {
        let refused = say(decision, said(amount, 0, 0)).await;
        assert!(matches!(refused, Err(LedgerError::TooMuch)), "{refused:?}");
    }
    say(None, said(600, 0, 0)).await.unwrap();
    let refused = say(None, said(401, 0, 0)).await;
    assert!(matches!(refused, Err(LedgerError::TooMuch)), "{refused:?}");
    assert_eq!(parts(ledger).await, (3_000, 0, 0, 2_400));
}

pub async fn a_refund_that_is_not_in_the_ledger_is_not_found(ledger: &dyn Ledger) {
    let (hold, refund) = refunded(ledger).await;
    let other = authorised(ledger).await;
    let strange = OperationId(Uuid::now_v7());
    for (hold, decision) in [(hold.id, strange), (other.id, refund)] {
        let refused = ledger
            .say_refund(hold, Some(decision), said(2_000, 0, 0), note("said"))
            .await;
        assert!(matches!(refused, Err(LedgerError::NotFound)), "{refused:?}");
    }
    let nothing_refunded = ledger.say_refund(other.id, None, said(1, 0, 0), note("said"));
    nothing_refunded.await.unwrap_err();
    assert_eq!(parts(ledger).await, (3_000, 0, 0, 3_000));
}
