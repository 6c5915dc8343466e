//! What happened, in order.

use super::sample::{authorised, note, now, operation, tab};
use chrono::TimeDelta;
use holdfast_domain::OperationKind;
use holdfast_ledger::{Entry, Ledger, Note};

pub async fn entries_are_numbered_from_one_without_gaps_in_the_order_of_writing(ledger: &dyn Ledger) {
    let (one, other) = (tab("Amira"), tab("Brandt"));
    let on = |tab: &holdfast_domain::Tab, words| Note {
        tab: Some(tab.id),
        ..note(words)
    };
    ledger.add_tab(&one, on(&one, "opened")).await.unwrap();
    ledger.add_tab(&other, on(&other, "opened")).await.unwrap();
    // Refused: a tab of this id is there.
    ledger.add_tab(&one, on(&one, "opened twice")).await.unwrap_err();
    // The clock was set back.
    let earlier = Note {
        at: now() - TimeDelta::hours(1),
        ..on(&one, "renamed")
    };
    ledger.set_tab(&one, earlier).await.unwrap();
    ledger
        .set_setting("venue", "The Bell", note("venue"))
        .await
        .unwrap();
    ledger.set_tab(&other, on(&other, "renamed")).await.unwrap();

    let told = |entries: Vec<Entry>| {
        let told = entries.into_iter().map(|entry| (entry.seq, entry.words));
        told.collect::<Vec<_>>()
    };
    assert_eq!(
        told(ledger.journal(one.id).await.unwrap()),
        [(1, "opened".to_owned()), (3, "renamed".to_owned())]
    );
    assert_eq!(
        told(ledger.journal(other.id).await.unwrap()),
        [(2, "opened".to_owned()), (5, "renamed".to_owned())]
    );
    assert_eq!(
        told(ledger.house_journal("", 10).await.unwrap()),
        [(4, "venue".to_owned())]
    );
    assert_eq!(ledger.verify_journal().await.unwrap(), 5);
}

pub async fn an_entry_says_what_its_note_said(ledger: &dyn Ledger) {
    let tab = tab("عميرة 🍸");
    let note = Note {
        tab: Some(tab.id),
        amount: Some(4_000),
        reference: Some("pi_1".into()),
        ..note("opened for عميرة 🍸")
    };
    ledger.add_tab(&tab, note).await.unwrap();
    let entry = Entry {
        seq: 1,
        at: now(),
        by: "Sam".into(),
        tab: Some(tab.id),
        words: "opened for عميرة 🍸".into(),
        amount: Some(4_000),
        reference: Some("pi_1".into()),
    };
    assert_eq!(ledger.journal(tab.id).await.unwrap(), [entry]);
}

pub async fn all_notes_of_a_commit_are_written_in_their_order_or_none(ledger: &dyn Ledger) {
    let hold = authorised(ledger).await;
    let notes = vec![note("one"), note("two"), note("three")];
    ledger
        .record(hold.id, holdfast_ledger::Learnt::default(), None, notes)
        .await
        .unwrap();
    let newest = ledger.house_journal("", 3).await.unwrap();
    let told: Vec<(i64, &str)> = newest.iter().map(|e| (e.seq, e.words.as_str())).collect();
    assert_eq!(told, [(6, "three"), (5, "two"), (4, "one")]);
    let over = operation(hold.id, OperationKind::Capture, 10_001);
    ledger.intend(&over, note("take")).await.unwrap_err();
    assert_eq!(ledger.verify_journal().await.unwrap(), 6);
}

pub async fn what_belongs_to_no_tab_is_found_by_how_it_begins(ledger: &dyn Ledger) {
    assert_eq!(ledger.newest_entry().await.unwrap(), None);
    for (number, words) in [
        "Night report 1",
        "Key stored",
        "Night report 2",
        "night watch",
        "Night report 3",
    ]
    .into_iter()
    .enumerate()
    {
        let minutes = TimeDelta::minutes(i64::try_from(number).unwrap());
        let note = Note {
            at: now() + minutes,
            ..note(words)
        };
        ledger.set_setting("x", words, note).await.unwrap();
    }
    let on_a_tab = tab("Amira");
    let note = Note {
        tab: Some(on_a_tab.id),
        ..note("Night report of a tab")
    };
    ledger.add_tab(&on_a_tab, note).await.unwrap();
    let found = ledger.house_journal("Night report", 2).await.unwrap();
    let words: Vec<&str> = found.iter().map(|entry| entry.words.as_str()).collect();
    assert_eq!(words, ["Night report 3", "Night report 2"]);
    let all = ledger.house_journal("Night report", 10).await.unwrap();
    assert_eq!(all.len(), 3);
    // It is the one that was written last, whatever the clock said.
    assert_eq!(ledger.newest_entry().await.unwrap(), Some(now()));
}
