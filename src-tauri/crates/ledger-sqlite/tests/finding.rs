//! What any ledger owes to whoever looks for a tab: the same accounts one by one or all at once, pages
//! without gaps, and a search that knows what was written a moment ago.
#![expect(
    clippy::too_many_lines,
    reason = "a test is as long as the story that it tells"
)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

mod common;

use chrono::TimeDelta;
use common::{note, now, tab, with_tabs};
use holdfast_domain::*;
use holdfast_ledger::prelude::*;
use holdfast_ledger::{Account, Became, ClosedFilter, Learnt, Ledger, Place};
use holdfast_ledger_sqlite::SqliteLedger;
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

fn operation(hold: HoldId, kind: OperationKind, amount: i64) -> Operation {
    Operation {
        id: OperationId(Uuid::now_v7()),
        hold,
        kind,
        amount,
        service: 0,
        tip: 0,
        baseline: Baseline::default(),
        requested_by: "Sam".into(),
        reason: None,
        at: now(),
        state: OperationState::Intended,
        dojo_id: None,
        detail: None,
        settled_at: None,
        seen_at: None,
        of: None,
        then_ask: 0,
    }
}

fn seen(total: i64, last_four: &str) -> Snapshot {
    Snapshot {
        status: IntentStatus::Authorized,
        amount: total,
        tip: 0,
        total,
        refunded: 0,
        captures: Vec::new(),
        card: Some(Card {
            brand: Some("VISA".into()),
            last_four: Some(last_four.into()),
        }),
        auth_code: None,
        authorised_at: Some(now()),
        authorised_by: None,
        declined: 0,
        seen_at: now(),
    }
}

/// Everything on a tab, asked for piece by piece.
async fn by_pieces(ledger: &dyn Ledger, id: TabId) -> Account {
    let mut holds = Vec::new();
    for hold in ledger.holds(id).await.unwrap() {
        let operations = ledger.operations(hold.id).await.unwrap();
        holds.push((hold, operations));
    }
    Account {
        tab: ledger.tab(id).await.unwrap(),
        lines: ledger.lines(id).await.unwrap(),
        holds,
        renewals: Vec::new(),
    }
}

/// A tab with a hold of 100.00 on the card ending 1005, and so many lines of 12.25.
async fn full(ledger: &dyn Ledger, name: &str, lines: i64) -> (Tab, Hold) {
    let tab = tab(name);
    ledger.add_tab(&tab, note("opened")).await.unwrap();
    let hold = hold(tab.id);
    let create = operation(hold.id, OperationKind::Create, 10_000);
    ledger.add_hold(&hold, &create, note("asked")).await.unwrap();
    for _ in 0..lines {
        let line = Line {
            id: LineId(Uuid::now_v7()),
            tab: tab.id,
            what: None,
            quantity: 1,
            each: 1_225,
            takes_off: None,
            at: now(),
            by: "Sam".into(),
        };
        ledger.add_line(&line, note("line")).await.unwrap();
    }
    (tab, hold)
}

async fn paid(ledger: &dyn Ledger, hold: &Hold, last_four: &str) {
    let learnt = Learnt {
        intent_id: Some(format!("pi_sandbox_{}", hold.id.0.simple())),
        seen: Some(seen(10_000, last_four)),
        ..Learnt::default()
    };
    ledger.record(hold.id, learnt, None, vec![]).await.unwrap();
}

async fn found(ledger: &dyn Ledger, query: &str) -> (Vec<TabId>, Vec<TabId>) {
    let found = ledger.search(query, 10).await.unwrap();
    (found.open, found.closed)
}

#[tokio::test]
async fn accounts_all_at_once_are_the_accounts_one_by_one() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open(folder.path()).unwrap();
    let mut open = Vec::new();
    for number in 0..5 {
        let (tab, first) = full(&ledger, &format!("Table {number}"), number).await;
        if number % 2 == 0 {
            paid(&ledger, &first, "1005").await;
            let more = hold(tab.id);
            let create = operation(more.id, OperationKind::Create, 5_000);
            ledger.add_hold(&more, &create, note("more")).await.unwrap();
        }
        open.push(tab.id);
    }
    let (away, _) = full(&ledger, "Gone", 1).await;
    ledger
        .set_closed(away.id, Some(now()), note("away"))
        .await
        .unwrap();
    let mut one_by_one = Vec::new();
    for id in open.iter().rev() {
        one_by_one.push(by_pieces(&ledger, *id).await);
    }
    assert_eq!(ledger.open_accounts(100).await.unwrap(), one_by_one);
    assert_eq!(ledger.open_accounts(2).await.unwrap(), one_by_one[..2]);
    let strange = TabId(Uuid::now_v7());
    let some = ledger.accounts(vec![open[0], strange, away.id]).await.unwrap();
    assert_eq!(
        some,
        [
            by_pieces(&ledger, open[0]).await,
            by_pieces(&ledger, away.id).await
        ]
    );
}

#[tokio::test]
async fn pages_of_what_was_put_away_have_no_gaps_even_where_times_are_equal() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open(folder.path()).unwrap();
    let mut all = Vec::new();
    for number in 0..23_i32 {
        let (tab, _) = full(&ledger, &format!("Table {number}"), 0).await;
        // Five of each moment, with and without a part of a second.
        let at = now() + TimeDelta::milliseconds(i64::from(number / 5) * 500);
        ledger.set_closed(tab.id, Some(at), note("away")).await.unwrap();
        all.push((at, tab.id));
    }
    full(&ledger, "Open", 0).await;
    all.sort_unstable();
    all.reverse();
    let (mut read, mut after) = (Vec::new(), None);
    loop {
        let page = ledger
            .closed_accounts(ClosedFilter::default(), after, 4)
            .await
            .unwrap();
        let Some(last) = page.last() else { break };
        after = Some(Place {
            closed_at: last.tab.closed_at.unwrap(),
            tab: last.tab.id,
        });
        read.extend(page.iter().map(|a| (a.tab.closed_at.unwrap(), a.tab.id)));
        // Somebody puts a tab away meanwhile: it belongs to a page that was read already.
        let (tab, _) = full(&ledger, "Late", 0).await;
        let late = now() + TimeDelta::hours(1);
        ledger.set_closed(tab.id, Some(late), note("away")).await.unwrap();
    }
    assert_eq!(read, all);
}

#[tokio::test]
async fn a_search_knows_what_was_written_before_and_after_the_first_one() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open(folder.path()).unwrap();
    let (amira, hold_a) = full(&ledger, "Ámira", 2).await;
    let (brandt, hold_b) = full(&ledger, "Room 14, O. Brandt", 0).await;
    assert_eq!(found(&ledger, "amira").await, (vec![amira.id], vec![]));
    assert_eq!(
        found(&ledger, "24.50").await,
        (vec![amira.id], vec![]),
        "the bill"
    );

    paid(&ledger, &hold_a, "1005").await;
    paid(&ledger, &hold_b, "1096").await;
    assert_eq!(
        found(&ledger, "1096").await,
        (vec![brandt.id], vec![]),
        "the card"
    );
    let number = format!("pi_sandbox_{}", hold_a.id.0.simple());
    assert_eq!(
        found(&ledger, &number).await,
        (vec![amira.id], vec![]),
        "Dojo’s number"
    );

    ledger
        .set_closed(brandt.id, Some(now()), note("away"))
        .await
        .unwrap();
    assert_eq!(found(&ledger, "brant").await, (vec![], vec![brandt.id]));
    ledger
        .set_closed(brandt.id, None, note("out again"))
        .await
        .unwrap();
    assert_eq!(found(&ledger, "brant").await, (vec![brandt.id], vec![]));
    let (more, _) = full(&ledger, "Table 3, Lena", 0).await;
    assert_eq!(found(&ledger, "lena").await, (vec![more.id], vec![]));
    assert_eq!(found(&ledger, "").await, (vec![], vec![]));
    drop(ledger);

    let again = SqliteLedger::open(folder.path()).unwrap();
    assert_eq!(found(&again, "lena").await, (vec![more.id], vec![]));
}

#[tokio::test]
async fn more_tabs_than_are_read_at_a_time_are_all_found() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = with_tabs(folder.path(), &["Nobody"]).await;
    for number in 0..250 {
        let tab = tab(&format!("Guest {number}"));
        ledger.add_tab(&tab, note("opened")).await.unwrap();
        if number % 2 == 0 {
            ledger
                .set_closed(tab.id, Some(now()), note("away"))
                .await
                .unwrap();
        }
    }
    // Ready for the first one; meanwhile a tab changes.
    ledger.search("", 0).await.unwrap();
    let late = tab("Guest late");
    ledger.add_tab(&late, note("opened")).await.unwrap();
    let all = ledger.search("guest", 1_000).await.unwrap();
    assert_eq!(
        (all.open.len(), all.closed.len(), all.closed_count),
        (126, 125, 125)
    );
    let some = ledger.search("guest", 10).await.unwrap();
    assert_eq!(
        (some.open.len(), some.closed.len(), some.closed_count),
        (10, 10, 125)
    );
    assert_eq!(found(&ledger, "guest late").await, (vec![late.id], vec![]));
}

#[tokio::test]
async fn a_good_part_of_dojos_number_finds_its_tab_alone_and_with_other_words() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open(folder.path()).unwrap();
    let (one, first) = full(&ledger, "Amira", 0).await;
    let (other, second) = full(&ledger, "Brandt", 0).await;
    paid(&ledger, &first, "1005").await;
    paid(&ledger, &second, "1096").await;
    ledger
        .set_closed(other.id, Some(now()), note("away"))
        .await
        .unwrap();
    let number = first.id.0.simple().to_string();
    for query in [
        format!("PI_Sandbox_{number}"),
        number[8..].to_owned(),
        format!("amira {}", &number[8..]),
    ] {
        assert_eq!(found(&ledger, &query).await, (vec![one.id], vec![]), "{query}");
    }
    assert_eq!(
        found(&ledger, &second.id.0.simple().to_string()).await,
        (vec![], vec![other.id])
    );
    for none in [
        format!("brandt {number}"),
        "pi_sandbox".to_owned(),
        number[..8].to_owned(),
    ] {
        assert_eq!(found(&ledger, &none).await, (vec![], vec![]), "{none}");
    }
}

#[tokio::test]
async fn what_was_put_away_and_changes_is_found_by_what_it_says_now() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open(folder.path()).unwrap();
    let (tab, hold) = full(&ledger, "Amira", 0).await;
    paid(&ledger, &hold, "1005").await;
    ledger
        .set_closed(tab.id, Some(now()), note("away"))
        .await
        .unwrap();
    assert_eq!(found(&ledger, "amira 1005").await, (vec![], vec![tab.id]));
    paid(&ledger, &hold, "4471").await;
    assert_eq!(found(&ledger, "1005").await, (vec![], vec![]));
    assert_eq!(found(&ledger, "amira 4471").await, (vec![], vec![tab.id]));
    ledger.set_closed(tab.id, None, note("back")).await.unwrap();
    assert_eq!(found(&ledger, "4471").await, (vec![tab.id], vec![]));
}

/// What was put away and is looked for, by name, the newest first.
async fn named(ledger: &dyn Ledger, filter: ClosedFilter) -> Vec<String> {
    let page = ledger.closed_accounts(filter, None, 100).await.unwrap();
    page.into_iter().map(|account| account.tab.name).collect()
}

#[tokio::test]
async fn what_was_put_away_is_found_by_day_person_amount_card_and_what_became_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open(folder.path()).unwrap();
    let capture = |amount| Capture {
        id: Uuid::now_v7().to_string(),
        amount,
        tip: 0,
        status: CaptureStatus::Successful,
        at: None,
    };
    // A day apart each, the first one the newest.
    let endings: [(&str, Option<Snapshot>); 5] = [
        ("Unpaid", None),
        (
            "Released",
            Some(Snapshot {
                status: IntentStatus::Reversed,
                ..seen(10_000, "1005")
            }),
        ),
        (
            "Taken",
            Some(Snapshot {
                captures: vec![capture(2_500)],
                ..seen(10_000, "1096")
            }),
        ),
        (
            "Refunded",
            Some(Snapshot {
                captures: vec![capture(4_000)],
                refunded: 1_000,
                ..seen(10_000, "1005")
            }),
        ),
        (
            "Lapsed",
            Some(Snapshot {
                status: IntentStatus::Reversed,
                ..seen(10_000, "4471")
            }),
        ),
    ];
    let mut ids = Vec::new();
    for (day, (name, seen)) in (0_i64..).zip(endings) {
        let (mut tab, hold) = full(&ledger, name, 0).await;
        if name == "Taken" {
            tab.opened_by = "Niamh O.".into();
            ledger.set_tab(&tab, note("by")).await.unwrap();
        }
        let learnt = Learnt {
            seen,
            lapsed_at: (name == "Lapsed").then(now),
            ..Learnt::default()
        };
        ledger.record(hold.id, learnt, None, vec![]).await.unwrap();
        let at = now() - TimeDelta::days(day);
        ledger.set_closed(tab.id, Some(at), note("away")).await.unwrap();
        ids.push(tab.id);
    }
    let all = ["Unpaid", "Released", "Taken", "Refunded", "Lapsed"];
    let none = ClosedFilter::default;
    assert_eq!(named(&ledger, none()).await, all);
    for (filter, found) in [
        (
            ClosedFilter {
                from: Some(now() - TimeDelta::days(3)),
                before: Some(now() - TimeDelta::days(1)),
                ..none()
            },
            vec!["Taken", "Refunded"],
        ),
        (
            ClosedFilter {
                person: Some("niamh".into()),
                ..none()
            },
            vec!["Taken"],
        ),
        (
            ClosedFilter {
                card: Some("1005".into()),
                ..none()
            },
            vec!["Released", "Refunded"],
        ),
        (
            ClosedFilter {
                card: Some("100".into()),
                ..none()
            },
            vec![],
        ),
        (
            ClosedFilter {
                least: Some(2_500),
                most: Some(9_999),
                ..none()
            },
            vec!["Taken", "Refunded"],
        ),
        (
            ClosedFilter {
                least: Some(4_001),
                ..none()
            },
            vec!["Unpaid", "Released", "Lapsed"],
        ),
        (
            ClosedFilter {
                became: Some(Became::Taken),
                ..none()
            },
            vec!["Taken", "Refunded"],
        ),
        (
            ClosedFilter {
                became: Some(Became::Refunded),
                ..none()
            },
            vec!["Refunded"],
        ),
        (
            ClosedFilter {
                became: Some(Became::Released),
                ..none()
            },
            vec!["Released"],
        ),
        (
            ClosedFilter {
                became: Some(Became::Lapsed),
                ..none()
            },
            vec!["Lapsed"],
        ),
        (
            ClosedFilter {
                became: Some(Became::Unpaid),
                ..none()
            },
            vec!["Unpaid"],
        ),
        (
            ClosedFilter {
                among: Some(vec![ids[4], ids[0]]),
                card: Some("4471".into()),
                ..none()
            },
            vec!["Lapsed"],
        ),
    ] {
        assert_eq!(named(&ledger, filter.clone()).await, found, "{filter:?}");
    }
    // A page of what is looked for begins where the one before it ended.
    let card = ClosedFilter {
        card: Some("1005".into()),
        ..none()
    };
    let first = ledger.closed_accounts(card.clone(), None, 1).await.unwrap();
    let place = Place {
        closed_at: first[0].tab.closed_at.unwrap(),
        tab: first[0].tab.id,
    };
    let second = ledger.closed_accounts(card, Some(place), 1).await.unwrap();
    assert_eq!(second[0].tab.name, "Refunded");
}
