//! How much room a tab takes on the disk.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

use holdfast_domain::*;
use holdfast_ledger::prelude::*;
use holdfast_ledger::{Learnt, Note, Progress};
use holdfast_ledger_conformance::sample::{card, close_tab, hold, intend, line, now, operation, seen, tab};
use holdfast_ledger_sqlite::SqliteLedger;
use rusqlite::Connection;
use std::path::Path;

const TABS: i64 = 1_000;

/// What a tab with its ten entries may take.
const BYTES_A_TAB: i64 = 4_000;

fn told(tab: &Tab, event: Event, name: &str) -> Note {
    Note {
        at: now() + chrono::TimeDelta::nanoseconds(123_456_789),
        by: Actor::staff("Sam Sample"),
        tab: Some(tab.id),
        event,
        personal: Personal {
            name: Some(name.to_owned()).filter(|name| !name.is_empty()),
            ..Personal::default()
        },
        reference: None,
        raises: None,
    }
}

async fn done(ledger: &SqliteLedger, tab: &Tab, operation: &Operation, dojo_id: &str, seen: Snapshot) {
    let learnt = Learnt {
        intent_id: Some(intent_of(operation.hold)),
        link: Some(format!(
            "https://pay.dojo.tech/checkout/{}",
            intent_of(operation.hold)
        )),
        created_at: Some(now()),
        seen: Some(seen),
        ..Learnt::default()
    };
    let progress = Progress {
        id: operation.id,
        state: OperationState::Succeeded,
        dojo_id: Some(dojo_id.to_owned()),
        detail: None,
        is_late: false,
        settled_at: Some(now()),
    };
    let held = Event::Held {
        amount: 10_000,
        card: Some("4242".to_owned()),
    };
    ledger
        .record(operation.hold, learnt, Some(progress), vec![told(tab, held, "")])
        .await
        .unwrap();
}

/// As long as Dojo's.
fn intent_of(hold: HoldId) -> String {
    let id = hold.0.simple().to_string();
    format!("pi_sandbox_{}", &id[10..])
}

fn deed(kind: OperationKind, amount: i64) -> Event {
    Event::Decided(Deed {
        kind,
        amount,
        tip: 0,
        of: None,
        cause: Cause::Person,
    })
}

/// A tab whose hold is paid, with two rounds on its bill, taken, the rest released, and closed: ten entries.
async fn a_tab(ledger: &SqliteLedger, number: i64) {
    let title = format!("Table {number}, Amira Abbott-Haddad");
    let tab = Tab {
        place: Some("Function room".to_owned()),
        email: Some("amira.abbott@example.com".to_owned()),
        reference: format!("HF-{number:06}"),
        guests: Some(4),
        ..tab(&title)
    };
    let mut hold = hold(tab.id);
    hold.reference = format!("{}-{}", tab.reference, hold.id.0.simple());
    hold.link_ends_at = Some(now());
    let create = operation(hold.id, OperationKind::Create, hold.asked);
    let notes = [Event::TabOpened, deed(OperationKind::Create, hold.asked)];
    let notes = notes.map(|event| told(&tab, event, &title)).to_vec();
    ledger.open_tab(&tab, &hold, &create, notes).await.unwrap();
    let mut reading = seen(IntentStatus::Authorized, &[]);
    (reading.card, reading.auth_code) = (card("4242"), Some("123456".to_owned()));
    let intent = intent_of(hold.id);
    done(ledger, &tab, &create, &intent, reading.clone()).await;
    for (round, amount) in [(1, 1_250), (2, 2_750)] {
        let line = Line {
            what: Some(format!("Round {round}")),
            ..line(tab.id, amount)
        };
        let event = Event::LineAdded { amount, bill: 4_000 };
        ledger
            .add_line(&line, None, told(&tab, event, &format!("Round {round}")))
            .await
            .unwrap();
    }
    let take = operation(hold.id, OperationKind::Capture, 4_000);
    let note = told(&tab, deed(take.kind, 4_000), "");
    intend(ledger, &take, note).await.unwrap();
    let capture = format!("cp_{}", take.id.0.simple());
    let taken = seen(IntentStatus::Captured, &[4_000]).captures.into_iter();
    reading.captures = taken
        .map(|one| Capture {
            id: capture.clone(),
            ..one
        })
        .collect();
    reading.status = IntentStatus::Captured;
    done(ledger, &tab, &take, &capture, reading.clone()).await;
    let release = Operation {
        reason: Some("They went home".to_owned()),
        ..operation(hold.id, OperationKind::Reversal, 0)
    };
    let note = told(&tab, deed(release.kind, 6_000), "");
    intend(ledger, &release, note).await.unwrap();
    reading.status = IntentStatus::Reversed;
    done(ledger, &tab, &release, "rv_1", reading).await;
    close_tab(ledger, tab.id, now()).await;
}

#[tokio::test]
async fn a_tab_with_its_ten_entries_takes_four_kilobytes_at_most() {
    // Memory where there is some: each commit would wait for the disk.
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() {
        tempfile::tempdir_in(memory).unwrap()
    } else {
        tempfile::tempdir().unwrap()
    };
    let ledger = SqliteLedger::open(folder.path()).unwrap();
    for number in 0..TABS {
        a_tab(&ledger, number).await;
    }
    drop(ledger);
    let c = Connection::open(folder.path().join("ledger.db")).unwrap();
    let count = |sql: &str| c.query_row(sql, [], |r| r.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT count(*) FROM journal"), TABS * 10);
    c.execute_batch("VACUUM").unwrap();
    let bytes = count("PRAGMA page_count") * count("PRAGMA page_size");
    let each = bytes / TABS;
    let mut parts: Vec<(String, i64)> = c
        .prepare("SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC")
        .and_then(|mut q| q.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect())
        .unwrap_or_default();
    parts.retain(|(_, bytes)| *bytes > TABS * 20);
    assert!(each <= BYTES_A_TAB, "{each} bytes: {parts:?}");
}
