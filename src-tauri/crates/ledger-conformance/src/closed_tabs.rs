//! What was closed: its pages and its filters.

use super::sample::{card, close_tab, note, now, opened, seen};
use chrono::TimeDelta;
use holdfast_domain::{IntentStatus, Snapshot, TabId};
use holdfast_ledger::{Became, ClosedFilter, Learnt, Ledger, Place};

pub async fn pages_have_no_gaps_even_where_times_are_equal(ledger: &dyn Ledger) {
    let mut all = Vec::new();
    for number in 0..23_i32 {
        let (tab, _) = opened(ledger, &format!("Table {number}")).await;
        // Five of each moment, with and without a part of a second.
        let at = now() + TimeDelta::milliseconds(i64::from(number / 5) * 500);
        close_tab(ledger, tab.id, at).await;
        all.push((at, tab.id));
    }
    opened(ledger, "Open").await;
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
        assert!(read.len() <= all.len(), "a page comes twice");
        // Somebody closes a tab meanwhile: it belongs to a page that was read already.
        let (tab, _) = opened(ledger, "Late").await;
        close_tab(ledger, tab.id, now() + TimeDelta::hours(1)).await;
    }
    assert_eq!(read, all);
}

/// What was closed and is looked for, by name, the newest first.
async fn named(ledger: &dyn Ledger, filter: ClosedFilter) -> Vec<String> {
    let page = ledger.closed_accounts(filter, None, 100).await.unwrap();
    page.into_iter().map(|account| account.tab.name).collect()
}

fn on_card(status: IntentStatus, captured: &[i64], last_four: &str) -> Snapshot {
    Snapshot {
        card: card(last_four),
        ..seen(status, captured)
    }
}

/// Five tabs that ended each in its own way, a day apart, the first one closed last.
async fn five_endings(ledger: &dyn Ledger) -> Vec<TabId> {
    use IntentStatus::{Authorized, Reversed};
    let refunded = Snapshot {
        refunded: 1_000,
        ..on_card(Authorized, &[4_000], "1005")
    };
    let endings = [
        ("Unpaid", None),
        ("Released", Some(on_card(Reversed, &[], "1005"))),
        ("Taken", Some(on_card(Authorized, &[2_500], "1096"))),
        ("Refunded", Some(refunded)),
        ("Lapsed", Some(on_card(Reversed, &[], "4471"))),
    ];
    let mut ids = Vec::new();
    for (day, (name, seen)) in (0_i64..).zip(endings) {
        let (mut tab, hold) = opened(ledger, name).await;
        if name == "Taken" {
            tab.opened_by = holdfast_domain::Actor::staff("Niamh O.");
            ledger.set_tab(&tab, note("by")).await.unwrap();
        }
        let learnt = Learnt {
            seen,
            lapsed_at: (name == "Lapsed").then(now),
            ..Learnt::default()
        };
        ledger.record(hold.id, learnt, None, vec![]).await.unwrap();
        close_tab(ledger, tab.id, now() - TimeDelta::days(day)).await;
        ids.push(tab.id);
    }
    ids
}

const ALL: [&str; 5] = ["Unpaid", "Released", "Taken", "Refunded", "Lapsed"];

pub async fn without_a_filter_all_closed_tabs_are_found_newest_first(ledger: &dyn Ledger) {
    five_endings(ledger).await;
    opened(ledger, "Open").await;
    assert_eq!(named(ledger, ClosedFilter::default()).await, ALL);
}

pub async fn closed_tabs_are_found_by_day_without_the_moment_it_ends(ledger: &dyn Ledger) {
    five_endings(ledger).await;
    let between = ClosedFilter {
        from: Some(now() - TimeDelta::days(3)),
        before: Some(now() - TimeDelta::days(1)),
        ..ClosedFilter::default()
    };
    assert_eq!(named(ledger, between).await, ["Taken", "Refunded"]);
}

pub async fn closed_tabs_are_found_by_a_part_of_the_persons_name(ledger: &dyn Ledger) {
    five_endings(ledger).await;
    let by = |person: &str| ClosedFilter {
        person: Some(person.into()),
        ..ClosedFilter::default()
    };
    assert_eq!(named(ledger, by("niamh")).await, ["Taken"]);
    assert_eq!(
        named(ledger, by("SAM")).await,
        ["Unpaid", "Released", "Refunded", "Lapsed"]
    );
}

pub async fn closed_tabs_are_found_by_all_four_digits_of_the_card(ledger: &dyn Ledger) {
    five_endings(ledger).await;
    let on = |card: &str| ClosedFilter {
        card: Some(card.into()),
        ..ClosedFilter::default()
    };
    assert_eq!(named(ledger, on("1005")).await, ["Released", "Refunded"]);
    assert!(named(ledger, on("100")).await.is_empty());
}

pub async fn closed_tabs_are_found_by_what_was_taken_or_else_asked_for(ledger: &dyn Ledger) {
    five_endings(ledger).await;
    let of = |least, most| ClosedFilter {
        least,
        most,
        ..ClosedFilter::default()
    };
    for (least, most, found) in [
        (Some(2_500), Some(9_999), vec!["Taken", "Refunded"]),
        (Some(2_501), Some(4_000), vec!["Refunded"]),
        (Some(4_001), None, vec!["Unpaid", "Released", "Lapsed"]),
        (None, Some(2_499), vec![]),
    ] {
        assert_eq!(
            named(ledger, of(least, most)).await,
            found,
            "{least:?} to {most:?}"
        );
    }
}

pub async fn closed_tabs_are_found_by_what_became_of_them(ledger: &dyn Ledger) {
    five_endings(ledger).await;
    for (became, found) in [
        (Became::Taken, vec!["Taken", "Refunded"]),
        (Became::Refunded, vec!["Refunded"]),
        (Became::Released, vec!["Released"]),
        (Became::Lapsed, vec!["Lapsed"]),
        (Became::Unpaid, vec!["Unpaid"]),
    ] {
        let filter = ClosedFilter {
            became: Some(became),
            ..ClosedFilter::default()
        };
        assert_eq!(named(ledger, filter).await, found, "{became:?}");
    }
}

pub async fn parts_of_a_filter_have_to_hold_together(ledger: &dyn Ledger) {
    let ids = five_endings(ledger).await;
    let among = ClosedFilter {
        among: Some(vec![ids[4], ids[0]]),
        ..ClosedFilter::default()
    };
    assert_eq!(named(ledger, among.clone()).await, ["Unpaid", "Lapsed"]);
    let on_card = ClosedFilter {
        card: Some("4471".into()),
        ..among
    };
    assert_eq!(named(ledger, on_card).await, ["Lapsed"]);
}

pub async fn a_page_of_what_is_looked_for_begins_where_the_one_before_it_ended(ledger: &dyn Ledger) {
    five_endings(ledger).await;
    let card = ClosedFilter {
        card: Some("1005".into()),
        ..ClosedFilter::default()
    };
    let first = ledger.closed_accounts(card.clone(), None, 1).await.unwrap();
    assert_eq!(first[0].tab.name, "Released");
    let place = Place {
        closed_at: first[0].tab.closed_at.unwrap(),
        tab: first[0].tab.id,
    };
    let second = ledger.closed_accounts(card, Some(place), 1).await.unwrap();
    assert_eq!(second[0].tab.name, "Refunded");
}
