//! Night reports: numbered without gaps, each movement in one of them.

use super::sample::{note, opened, read, report, seen};
use holdfast_domain::{IntentStatus, NightReport};
use holdfast_ledger::{Ledger, LedgerError};

/// What opening a hold and taking of it once makes: three movements.
pub(super) async fn three_movements(ledger: &dyn Ledger) {
    let (_, hold) = opened(ledger, "Amira").await;
    read(ledger, hold.id, seen(IntentStatus::Captured, &[4_000])).await;
}

async fn numbers(ledger: &dyn Ledger, before: Option<i64>, limit: i64) -> Vec<i64> {
    let reports = ledger.reports(before, limit).await.unwrap();
    reports.iter().map(|report| report.number).collect()
}

pub async fn a_report_has_the_next_number_and_begins_after_the_last_ones_movement(ledger: &dyn Ledger) {
    three_movements(ledger).await;
    three_movements(ledger).await;
    for wrong in [report(2, 1, 3), report(0, 1, 3), report(1, 2, 3)] {
        refuses(ledger, wrong).await;
    }
    ledger.add_report(&report(1, 1, 3), note("made")).await.unwrap();
    for wrong in [
        report(1, 1, 3), // Two presses are one report.
        report(1, 4, 6),
        report(3, 4, 6),
        report(2, 1, 6),
        report(2, 3, 6),
        report(2, 5, 6),
    ] {
        refuses(ledger, wrong).await;
    }
    ledger.add_report(&report(2, 4, 6), note("made")).await.unwrap();
    assert_eq!(numbers(ledger, None, 10).await, [2, 1]);
    assert_eq!(ledger.verify_journal().await.unwrap(), 8);
}

pub async fn a_report_ends_with_an_existing_movement(ledger: &dyn Ledger) {
    three_movements(ledger).await;
    refuses(ledger, report(1, 1, 4)).await;
    ledger.add_report(&report(1, 1, 3), note("made")).await.unwrap();
}

async fn refuses(ledger: &dyn Ledger, wrong: NightReport) {
    let refused = ledger.add_report(&wrong, note("made")).await;
    let of = (wrong.number, wrong.first, wrong.last);
    assert!(matches!(refused, Err(LedgerError::Busy)), "{of:?}: {refused:?}");
}

pub async fn the_next_report_is_made_of_what_moved_since_the_last_one(ledger: &dyn Ledger) {
    let unreported = ledger.unreported().await.unwrap();
    assert_eq!((unreported.last, unreported.movements), (None, vec![]));
    assert_eq!(unreported.journal.seq, 0);
    three_movements(ledger).await;
    let first = report(1, 1, 3);
    ledger.add_report(&first, note("made")).await.unwrap();
    assert!(ledger.unreported().await.unwrap().movements.is_empty());
    three_movements(ledger).await;
    let unreported = ledger.unreported().await.unwrap();
    assert_eq!(unreported.last, Some(first));
    let moved: Vec<i64> = unreported.movements.iter().map(|m| m.seq).collect();
    assert_eq!(moved, [4, 5, 6]);
    assert_eq!(unreported.journal.seq, 7);
}

pub async fn a_night_without_movements_has_a_report_too(ledger: &dyn Ledger) {
    ledger.add_report(&report(1, 1, 0), note("made")).await.unwrap();
    three_movements(ledger).await;
    ledger.add_report(&report(2, 1, 3), note("made")).await.unwrap();
    ledger.add_report(&report(3, 4, 3), note("made")).await.unwrap();
    assert_eq!(numbers(ledger, None, 10).await, [3, 2, 1]);
}

pub async fn reports_are_read_as_they_were_made_the_newest_first(ledger: &dyn Ledger) {
    let mut made = Vec::new();
    for number in 1..=4 {
        let report = report(number, 1, 0);
        ledger.add_report(&report, note("made")).await.unwrap();
        made.push(report);
    }
    assert_eq!(ledger.report(3).await.unwrap(), made[2]);
    assert_eq!(numbers(ledger, None, 3).await, [4, 3, 2]);
    assert_eq!(numbers(ledger, Some(3), 10).await, [2, 1]);
    assert!(numbers(ledger, Some(1), 10).await.is_empty());
}
