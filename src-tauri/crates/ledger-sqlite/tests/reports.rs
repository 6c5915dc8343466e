//! Movements and night reports: written once, numbered without gaps, each movement in one report.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

mod common;

use chrono::TimeDelta;
use common::{note, now, tab, with_tabs};
use holdfast_domain::*;
use holdfast_ledger::prelude::*;
use holdfast_ledger::{Learnt, LedgerError, Progress};
use holdfast_ledger_sqlite::SqliteLedger;
use std::path::Path;
use uuid::Uuid;

fn hold(tab: TabId) -> Hold {
    Hold {
        id: HoldId(Uuid::now_v7()),
        tab,
        intent_id: None,
        reference: Uuid::now_v7().to_string(),
        mode: CaptureMode::Manual,
        currency: Currency::Gbp,
        asked: 10_000,
        expire_in: Some(600_000),
        expire_action: Some(DeadlineAction::Release),
        link: None,
        link_ends_at: None,
        opened_at: now(),
        created_at: None,
        seen: None,
        lapsed_at: None,
        said_elsewhere: None,
    }
}

fn create(hold: &Hold) -> Operation {
    Operation {
        id: OperationId(Uuid::now_v7()),
        hold: hold.id,
        kind: OperationKind::Create,
        amount: hold.asked,
        service: 0,
        tip: 0,
        baseline: Baseline::default(),
        requested_by: "Sam".into(),
        reason: None,
        at: now(),
        state: OperationState::Succeeded,
        dojo_id: None,
        detail: None,
        settled_at: None,
        seen_at: None,
        of: None,
        then_ask: 0,
    }
}

fn seen(status: IntentStatus, captured: &[i64]) -> Learnt {
    let captures = captured.iter().zip(1..).map(|(amount, number)| Capture {
        id: format!("cp_{number}"),
        amount: *amount,
        tip: 0,
        status: CaptureStatus::Successful,
        at: Some(now() + TimeDelta::minutes(number)),
    });
    Learnt {
        seen: Some(Snapshot {
            status,
            amount: 10_000,
            tip: 0,
            total: 10_000,
            refunded: 0,
            captures: captures.collect(),
            card: None,
            auth_code: None,
            authorised_at: Some(now()),
            authorised_by: None,
            declined: 0,
            seen_at: now(),
        }),
        ..Learnt::default()
    }
}

async fn opened(ledger: &SqliteLedger) -> Hold {
    let tab = tab("Sam's guest");
    let hold = hold(tab.id);
    ledger.add_tab(&tab, note("opened")).await.unwrap();
    ledger
        .add_hold(&hold, &create(&hold), note("asked for"))
        .await
        .unwrap();
    hold
}

async fn learn(ledger: &SqliteLedger, hold: &Hold, learnt: Learnt) {
    let recorded = ledger.record(hold.id, learnt, None, vec![note("read")]).await;
    recorded.unwrap();
}

async fn all(ledger: &SqliteLedger) -> Vec<(i64, MovementKind, i64)> {
    let movements = ledger.movements(1, i64::MAX).await.unwrap();
    let told = movements.iter().map(|m| (m.seq, m.what.kind, m.what.amount));
    told.collect()
}

async fn report(ledger: &SqliteLedger) -> NightReport {
    let unreported = ledger.unreported().await.unwrap();
    let (number, first) = unreported
        .last
        .map_or((1, 1), |last| (last.number + 1, last.last + 1));
    NightReport {
        number,
        made_at: now(),
        made_by: "Sam".into(),
        venue: "The Bell".into(),
        day: now().date_naive(),
        cut_off: "05:00".into(),
        zone: "Europe/London".into(),
        since: None,
        first,
        last: unreported.movements.last().map_or(first - 1, |m| m.seq),
        sums: sums_by(&unreported.movements, |_| ()).unwrap(),
        by_staff: sums_by(&unreported.movements, |m| m.what.by.clone()).unwrap(),
        by_day: Vec::new(),
        still_held: Vec::new(),
        leftovers: Vec::new(),
        journal: unreported.journal,
    }
}

#[tokio::test]
async fn whatever_a_reading_changes_is_a_movement_once() {
    use MovementKind::*;
    let folder = tempfile::tempdir().unwrap();
    let ledger = with_tabs(folder.path(), &["Nobody’s guest"]).await;
    let hold = opened(&ledger).await;
    learn(&ledger, &hold, seen(IntentStatus::Authorized, &[])).await;
    learn(&ledger, &hold, seen(IntentStatus::Authorized, &[])).await;
    learn(&ledger, &hold, seen(IntentStatus::Captured, &[4_000])).await;
    learn(&ledger, &hold, seen(IntentStatus::Captured, &[4_000, 6_000])).await;
    assert_eq!(
        all(&ledger).await,
        [
            (1, Opened, 10_000),
            (2, Held, 10_000),
            (3, Taken, 4_000),
            (4, Taken, 6_000)
        ]
    );
    ledger.verify_journal().await.unwrap();
}

#[tokio::test]
async fn reports_follow_one_another_and_no_movement_is_in_two_or_in_none() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open(folder.path()).unwrap();
    let hold = opened(&ledger).await;
    learn(&ledger, &hold, seen(IntentStatus::Captured, &[4_000])).await;
    let first = report(&ledger).await;
    ledger.add_report(&first, note("made")).await.unwrap();
    assert!(
        matches!(
            ledger.add_report(&first, note("made")).await,
            Err(LedgerError::Busy)
        ),
        "two presses are one report"
    );
    learn(&ledger, &hold, seen(IntentStatus::Captured, &[4_000, 1_000])).await;
    let sound = report(&ledger).await;
    for wrong in [
        NightReport {
            number: 3,
            ..sound.clone()
        },
        NightReport {
            first: 1,
            ..sound.clone()
        },
        NightReport {
            first: sound.first + 1,
            ..sound.clone()
        },
        NightReport {
            last: sound.last + 1,
            ..sound.clone()
        },
    ] {
        let refused = ledger.add_report(&wrong, note("made")).await;
        assert!(matches!(refused, Err(LedgerError::Busy)), "{wrong:?}");
    }
    ledger.add_report(&sound, note("made")).await.unwrap();
    drop(ledger);

    let ledger = SqliteLedger::open(folder.path()).unwrap();
    let reports = ledger.reports(None, 10).await.unwrap();
    assert_eq!(reports.iter().map(|r| r.number).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(ledger.report(1).await.unwrap(), first);
    let taken: i64 = reports.iter().flat_map(|r| &r.sums).map(|s| s.sums.taken).sum();
    assert_eq!(taken, 5_000);
    assert!(ledger.unreported().await.unwrap().movements.is_empty());
    assert!(matches!(ledger.report(3).await, Err(LedgerError::NotFound)));
}

#[tokio::test]
async fn neither_can_be_changed_and_a_changed_byte_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open(folder.path()).unwrap();
    let hold = opened(&ledger).await;
    learn(&ledger, &hold, seen(IntentStatus::Captured, &[4_000])).await;
    ledger
        .add_report(&report(&ledger).await, note("made"))
        .await
        .unwrap();
    drop(ledger);
    let c = rusqlite::Connection::open(folder.path().join("ledger.db")).unwrap();
    for sql in [
        "UPDATE movement SET amount = 1",
        "DELETE FROM movement",
        "UPDATE report SET last = 1",
        "UPDATE report SET seal = ''",
        "DELETE FROM report",
        "INSERT INTO movement SELECT 9, hold, tab, kind, source, by, currency, amount, service, tip, at, \
         seal, said FROM movement LIMIT 1",
    ] {
        assert!(c.execute(sql, []).is_err(), "{sql}");
    }
    forge(
        &c,
        "movement_no_update",
        "UPDATE movement SET amount = 1 WHERE seq = 3",
    );
    drop(c);
    let opened = SqliteLedger::open(folder.path());
    assert!(matches!(opened, Err(LedgerError::Damaged(_))), "{opened:?}");
}

/// With the guard put back, so that only the seal can tell.
fn forge(c: &rusqlite::Connection, guard: &str, sql: &str) {
    let text: String = c
        .query_row("SELECT sql FROM sqlite_schema WHERE name = ?1", [guard], |r| {
            r.get(0)
        })
        .unwrap();
    c.execute_batch(&format!("DROP TRIGGER {guard}; {sql}; {text};"))
        .unwrap();
}

#[tokio::test]
async fn a_ledger_from_before_gets_its_movements_when_it_opens() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open(folder.path()).unwrap();
    let hold = opened(&ledger).await;
    learn(&ledger, &hold, seen(IntentStatus::Captured, &[4_000])).await;
    let before = all(&ledger).await;
    drop(ledger);
    back_to_the_format_before(folder.path());
    let ledger = SqliteLedger::open(folder.path()).unwrap();
    assert_eq!(all(&ledger).await, before);
}

fn back_to_the_format_before(folder: &Path) {
    let c = rusqlite::Connection::open(folder.join("ledger.db")).unwrap();
    c.execute_batch(
        "DROP TABLE movement; DROP TABLE report; DROP TABLE finding; DROP TABLE seen; DROP TABLE renewal;
         DROP INDEX operation_odd; DROP INDEX operation_failed; DROP INDEX operation_asks;
         ALTER TABLE operation DROP COLUMN asks; PRAGMA user_version = 2;",
    )
    .unwrap();
}

/// A refund by decision, as an operation that succeeded, and a reading that shows more than that refunded.
async fn refunded(ledger: &SqliteLedger, of: Option<RefundOf>) -> (Hold, OperationId) {
    let hold = opened(ledger).await;
    learn(ledger, &hold, seen(IntentStatus::Captured, &[9_000])).await;
    let refund = Operation {
        id: OperationId(Uuid::now_v7()),
        kind: OperationKind::Refund,
        amount: 2_000,
        state: OperationState::Intended,
        of,
        ..create(&hold)
    };
    ledger.intend(&refund, note("refund")).await.unwrap();
    let progress = Progress {
        id: refund.id,
        state: OperationState::Succeeded,
        dojo_id: None,
        detail: None,
        settled_at: Some(now()),
    };
    let mut learnt = seen(IntentStatus::Captured, &[9_000]);
    learnt.seen.as_mut().unwrap().refunded = 3_000;
    ledger
        .record(hold.id, learnt, Some(progress), vec![note("done")])
        .await
        .unwrap();
    (hold, refund.id)
}

async fn sums(ledger: &SqliteLedger) -> Sums {
    let movements = ledger.movements(1, i64::MAX).await.unwrap();
    let all = movements.iter().try_fold(Sums::default(), Sums::with).unwrap();
    let edges = vec![now() - TimeDelta::days(1), now() + TimeDelta::days(1)];
    let by_days = ledger.day_sums(Currency::Gbp, edges).await.unwrap();
    assert_eq!(by_days.iter().map(|day| day.0).collect::<Vec<_>>(), [all]);
    all
}

fn said(amount: i64, service: i64, tip: i64) -> Said {
    let of = RefundOf {
        service,
        tip,
        ..RefundOf::default()
    };
    Said {
        amount,
        of,
        by: "Sam".into(),
        at: now(),
    }
}

#[tokio::test]
async fn what_is_said_of_a_refund_afterwards_corrects_the_movements_once() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open(folder.path()).unwrap();
    let (hold, refund) = refunded(&ledger, None).await;
    let parts = |s: Sums| {
        (
            s.refunded,
            s.refunded_service,
            s.refunded_tips,
            s.refunded_not_said,
        )
    };
    assert_eq!(parts(sums(&ledger).await), (3_000, 0, 0, 3_000));

    let say = |decision, said| ledger.say_refund(hold.id, decision, said, note("said"));
    let other = OperationId(Uuid::now_v7());
    assert!(matches!(
        say(Some(other), said(2_000, 0, 0)).await,
        Err(LedgerError::NotFound)
    ));
    assert!(matches!(
        say(Some(refund), said(1_999, 0, 0)).await,
        Err(LedgerError::TooMuch)
    ));
    assert!(matches!(
        say(None, said(1_001, 0, 0)).await,
        Err(LedgerError::TooMuch)
    ));
    assert_eq!(
        parts(sums(&ledger).await),
        (3_000, 0, 0, 3_000),
        "nothing was kept"
    );

    say(Some(refund), said(2_000, 300, 500)).await.unwrap();
    assert_eq!(parts(sums(&ledger).await), (3_000, 300, 500, 1_000));
    say(None, said(400, 0, 400)).await.unwrap();
    say(None, said(600, 100, 0)).await.unwrap();
    assert_eq!(parts(sums(&ledger).await), (3_000, 400, 900, 0));
    for again in [Some(refund), None] {
        assert!(matches!(say(again, said(1, 0, 0)).await, Err(LedgerError::Busy)));
    }
    drop(ledger);
    let ledger = SqliteLedger::open(folder.path()).unwrap();
    assert_eq!(parts(sums(&ledger).await), (3_000, 400, 900, 0));
    // What is not about refunds is as it was.
    assert_eq!((sums(&ledger).await.service, sums(&ledger).await.tips), (0, 0));
}

/// From the newest format back: what each brought, taken away again.
const BROUGHT: [(i64, &str); 6] = [
    (
        8,
        "DROP INDEX operation_asks; ALTER TABLE operation DROP COLUMN asks",
    ),
    (7, "ALTER TABLE movement DROP COLUMN said"),
    (6, "DROP INDEX operation_failed"),
    (5, "DROP TABLE renewal"),
    (4, "DROP TABLE finding"),
    (3, "DROP TABLE seen; DROP INDEX operation_odd"),
];

#[tokio::test]
async fn refunds_from_before_are_not_said_and_their_seals_stay_good() {
    for (format, _) in BROUGHT {
        let folder = tempfile::tempdir().unwrap();
        let ledger = SqliteLedger::open(folder.path()).unwrap();
        let (hold, refund) = refunded(&ledger, None).await;
        let before = all(&ledger).await;
        drop(ledger);
        let c = rusqlite::Connection::open(folder.path().join("ledger.db")).unwrap();
        for (_, sql) in BROUGHT.iter().filter(|(since, _)| *since >= format) {
            c.execute_batch(sql).unwrap();
        }
        c.pragma_update(None, "user_version", format).unwrap();
        drop(c);

        let ledger = SqliteLedger::open(folder.path()).unwrap();
        assert_eq!(all(&ledger).await, before, "format {format}");
        assert_eq!(sums(&ledger).await.refunded_not_said, 3_000);
        ledger
            .say_refund(hold.id, Some(refund), said(2_000, 0, 500), note("said"))
            .await
            .unwrap();
        assert_eq!(sums(&ledger).await.refunded_not_said, 1_000);
        drop(ledger);
        // Whoever opens it next finds both kinds of seal good, and a forged one not.
        drop(SqliteLedger::open(folder.path()).unwrap());
        let c = rusqlite::Connection::open(folder.path().join("ledger.db")).unwrap();
        forge(
            &c,
            "movement_no_update",
            "UPDATE movement SET said = 0 WHERE said <> 0",
        );
        drop(c);
        let opened = SqliteLedger::open(folder.path());
        assert!(matches!(opened, Err(LedgerError::Damaged(_))), "{opened:?}");
    }
}

#[tokio::test]
async fn what_is_said_of_a_refund_from_before_can_t_be_forged() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open(folder.path()).unwrap();
    refunded(&ledger, None).await;
    drop(ledger);
    let c = rusqlite::Connection::open(folder.path().join("ledger.db")).unwrap();
    forge(
        &c,
        "movement_no_update",
        "UPDATE movement SET said = amount WHERE kind = 'refunded'",
    );
    drop(c);
    let opened = SqliteLedger::open(folder.path());
    assert!(matches!(opened, Err(LedgerError::Damaged(_))), "{opened:?}");
}
