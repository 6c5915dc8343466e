//! Finding a tab by what is known of it.

use super::sample::{card, close_tab, line, note, now, opened, seen, set_closed, tab};
use holdfast_domain::{Hold, IntentStatus, Snapshot, Tab, TabId};
use holdfast_ledger::{Learnt, Ledger};

/// The open ones and those that were closed.
pub(super) async fn found(ledger: &dyn Ledger, query: &str) -> (Vec<TabId>, Vec<TabId>) {
    let found = ledger.search(query, 10).await.unwrap();
    (found.open, found.closed)
}

async fn paid(ledger: &dyn Ledger, hold: &Hold, last_four: &str) {
    let learnt = Learnt {
        intent_id: Some(format!("pi_sandbox_{}", hold.id.0.simple())),
        seen: Some(Snapshot {
            card: card(last_four),
            ..seen(IntentStatus::Authorized, &[])
        }),
        ..Learnt::default()
    };
    ledger.record(hold.id, learnt, None, vec![]).await.unwrap();
}

pub async fn a_search_sees_what_was_written_before_and_after_the_first_search(ledger: &dyn Ledger) {
    let (amira, hold_a) = opened(ledger, "Ámira").await;
    for _ in 0..2 {
        ledger
            .add_line(&line(amira.id, 1_225), None, note("line"))
            .await
            .unwrap();
    }
    let (brandt, hold_b) = opened(ledger, "Room 14, O. Brandt").await;
    assert_eq!(found(ledger, "amira").await, (vec![amira.id], vec![]));
    assert_eq!(found(ledger, "24.50").await, (vec![amira.id], vec![]), "the bill");

    paid(ledger, &hold_a, "1005").await;
    paid(ledger, &hold_b, "1096").await;
    assert_eq!(found(ledger, "1096").await, (vec![brandt.id], vec![]), "the card");
    let number = format!("pi_sandbox_{}", hold_a.id.0.simple());
    assert_eq!(
        found(ledger, &number).await,
        (vec![amira.id], vec![]),
        "Dojo’s number"
    );

    close_tab(ledger, brandt.id, now()).await;
    assert_eq!(found(ledger, "brant").await, (vec![], vec![brandt.id]));
    set_closed(ledger, brandt.id, None).await;
    assert_eq!(found(ledger, "brant").await, (vec![brandt.id], vec![]));
    let (more, _) = opened(ledger, "Table 3, Lena").await;
    assert_eq!(found(ledger, "lena").await, (vec![more.id], vec![]));
    assert_eq!(found(ledger, "").await, (vec![], vec![]));
}

pub async fn a_search_finds_all_of_many_tabs_and_counts_those_beyond_the_limit(ledger: &dyn Ledger) {
    for number in 0..250 {
        let tab = tab(&format!("Guest {number}"));
        ledger.add_tab(&tab, note("opened")).await.unwrap();
        if number % 2 == 0 {
            close_tab(ledger, tab.id, now()).await;
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
    assert_eq!(found(ledger, "guest late").await, (vec![late.id], vec![]));
}

pub async fn a_good_part_of_dojos_number_finds_its_tab_alone_and_with_other_words(ledger: &dyn Ledger) {
    let (one, first) = opened(ledger, "Amira").await;
    let (other, second) = opened(ledger, "Brandt").await;
    paid(ledger, &first, "1005").await;
    paid(ledger, &second, "1096").await;
    close_tab(ledger, other.id, now()).await;
    let number = first.id.0.simple().to_string();
    for query in [
        format!("PI_Sandbox_{number}"),
        number[8..].to_owned(),
        format!("amira {}", &number[8..]),
    ] {
        assert_eq!(found(ledger, &query).await, (vec![one.id], vec![]), "{query}");
    }
    assert_eq!(
        found(ledger, &second.id.0.simple().to_string()).await,
        (vec![], vec![other.id])
    );
    for none in [
        format!("brandt {number}"),
        "pi_sandbox".to_owned(),
        number[..8].to_owned(),
    ] {
        assert_eq!(found(ledger, &none).await, (vec![], vec![]), "{none}");
    }
}

pub async fn what_was_closed_and_changes_is_found_by_what_it_says_now(ledger: &dyn Ledger) {
    let (tab, hold) = opened(ledger, "Amira").await;
    paid(ledger, &hold, "1005").await;
    close_tab(ledger, tab.id, now()).await;
    assert_eq!(found(ledger, "amira 1005").await, (vec![], vec![tab.id]));
    paid(ledger, &hold, "4471").await;
    assert_eq!(found(ledger, "1005").await, (vec![], vec![]));
    assert_eq!(found(ledger, "amira 4471").await, (vec![], vec![tab.id]));
    set_closed(ledger, tab.id, None).await;
    assert_eq!(found(ledger, "4471").await, (vec![tab.id], vec![]));
}

pub async fn of_closed_tabs_the_right_word_comes_first_and_a_slip_is_forgiven(ledger: &dyn Ledger) {
    let mut tabs = Vec::new();
    for (name, place) in [
        ("Anna", "Terrace"),
        ("Lisanna", "Bar"),
        ("Annabel", "Bar"),
        ("Anna", "Bar"),
        ("Stephen", "Annexe"),
    ] {
        let tab = Tab {
            place: Some(place.to_owned()),
            ..tab(name)
        };
        ledger.add_tab(&tab, note("opened")).await.unwrap();
        close_tab(ledger, tab.id, now()).await;
        tabs.push(tab.id);
    }
    let closed = |places: &[usize]| -> Vec<TabId> { places.iter().map(|place| tabs[*place]).collect() };
    for (query, places) in [
        ("anna", &[3, 0, 2, 1, 4][..]),
        ("anna bar", &[3, 2, 1]),
        ("bar anna", &[3, 2, 1]),
        ("terace", &[0]),
        ("steven", &[4]),
        ("stephn annex", &[4]),
        ("stevn", &[]),
    ] {
        assert_eq!(found(ledger, query).await, (vec![], closed(places)), "{query}");
    }
}
