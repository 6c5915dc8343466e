//! What moved: written by the ledger itself, with what a reading shows.

use super::sample::{now, opened, read, seen};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_domain::{Currency, IntentStatus, Movement, MovementKind, Sums};
use holdfast_ledger::Ledger;

fn told(movements: &[Movement]) -> Vec<(i64, MovementKind, i64)> {
    let told = movements.iter().map(|m| (m.seq, m.what.kind, m.what.amount));
    told.collect()
}

pub(super) async fn all(ledger: &dyn Ledger) -> Vec<(i64, MovementKind, i64)> {
    told(&ledger.movements(1, i64::MAX).await.unwrap())
}

/// A hold of 100.00 of which 40.00 and then 60.00 were taken, a minute and two after it was held.
pub(super) async fn taken_in_two(ledger: &dyn Ledger) {
    let (_, hold) = opened(ledger, "Amira").await;
    for (status, captured) in [
        (IntentStatus::Authorized, vec![]),
        (IntentStatus::Authorized, vec![]),
        (IntentStatus::Captured, vec![4_000]),
        (IntentStatus::Captured, vec![4_000, 6_000]),
    ] {
        read(ledger, hold.id, seen(status, &captured)).await;
    }
}

pub async fn whatever_a_reading_changes_is_a_movement_once(ledger: &dyn Ledger) {
    use MovementKind::{Held, Opened, Taken};
    taken_in_two(ledger).await;
    assert_eq!(
        all(ledger).await,
        [
            (1, Opened, 10_000),
            (2, Held, 10_000),
            (3, Taken, 4_000),
            (4, Taken, 6_000)
        ]
    );
}

pub async fn movements_are_numbered_from_one_without_gaps_over_all_holds(ledger: &dyn Ledger) {
    use MovementKind::{Held, Opened, Taken};
    let (_, one) = opened(ledger, "Amira").await;
    let (_, other) = opened(ledger, "Brandt").await;
    read(ledger, other.id, seen(IntentStatus::Authorized, &[])).await;
    read(ledger, one.id, seen(IntentStatus::Captured, &[4_000])).await;
    read(ledger, other.id, seen(IntentStatus::Captured, &[2_500])).await;
    assert_eq!(
        all(ledger).await,
        [
            (1, Opened, 10_000),
            (2, Opened, 10_000),
            (3, Held, 10_000),
            (4, Held, 10_000),
            (5, Taken, 4_000),
            (6, Taken, 2_500)
        ]
    );
    let some = ledger.movements(2, 4).await.unwrap();
    let holds: Vec<_> = some.iter().map(|m| (m.seq, m.hold, m.tab)).collect();
    assert_eq!(
        holds,
        [
            (2, other.id, other.tab),
            (3, other.id, other.tab),
            (4, one.id, one.tab)
        ]
    );
}

pub async fn movements_are_found_by_when_they_happened(ledger: &dyn Ledger) {
    taken_in_two(ledger).await;
    let minute = |minutes| now() + TimeDelta::minutes(minutes);
    for (from, to, found) in [
        (minute(-1), minute(0), vec![]),
        (minute(0), minute(1), vec![1, 2]),
        (minute(1), minute(2), vec![3]),
        (minute(1), minute(3), vec![3, 4]),
    ] {
        let found_now = numbers(ledger, from, to).await;
        assert_eq!(found_now, found, "{from} to {to}");
    }
}

async fn numbers(ledger: &dyn Ledger, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<i64> {
    let found = ledger.movements_at(from, to).await.unwrap();
    found.iter().map(|movement| movement.seq).collect()
}

pub async fn sums_are_of_what_moved_between_two_edges_and_what_was_held_at_the_latter(ledger: &dyn Ledger) {
    taken_in_two(ledger).await;
    let minute = |minutes| now() + TimeDelta::minutes(minutes);
    let edges = vec![minute(-1), minute(1), minute(2), minute(3)];
    let opened = Sums {
        opened: 1,
        asked: 10_000,
        held: 10_000,
        ..Sums::default()
    };
    let taken = |taken| Sums {
        taken,
        ..Sums::default()
    };
    assert_eq!(
        ledger.day_sums(Currency::Gbp, edges.clone()).await.unwrap(),
        [(opened, 10_000), (taken(4_000), 6_000), (taken(6_000), 0)]
    );
    let of_another = ledger.day_sums(Currency::Eur, edges).await.unwrap();
    assert_eq!(of_another, [(Sums::default(), 0); 3]);
}
