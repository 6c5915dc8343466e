//! What happened, in order.

use super::kinds::{ACTORS, every_event};
use super::sample::{authorised, intend, note, now, operation, tab};
use chrono::TimeDelta;
use holdfast_domain::*;
use holdfast_ledger::{Entry, HouseTopic, Ledger, Note};
use uuid::Uuid;

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
        let told = entries
            .into_iter()
            .map(|entry| (entry.seq, entry.personal.name.unwrap_or_default()));
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
        told(ledger.house_journal(HouseTopic::Anything, 10).await.unwrap()),
        [(4, "venue".to_owned())]
    );
    assert_eq!(ledger.verify_journal().await.unwrap(), 5);
}

pub async fn who_closed_a_tab_last_is_known(ledger: &dyn Ledger) {
    let (once, twice, reopened, open) = (tab("Amira"), tab("Brandt"), tab("Cho"), tab("Díaz"));
    let said = |tab: &Tab, by: &str, event| Note {
        tab: Some(tab.id),
        by: Actor::Staff(by.into()),
        event,
        ..note("x")
    };
    for tab in [&once, &twice, &reopened, &open] {
        ledger
            .add_tab(tab, said(tab, "Sam", Event::TabOpened))
            .await
            .unwrap();
    }
    let steps = [
        (&once, "Ana", true),
        (&twice, "Ana", true),
        (&twice, "Bo", false),
        (&reopened, "Ana", true),
        (&twice, "Cy", true),
        (&reopened, "Bo", false),
    ];
    for (tab, by, closes) in steps {
        let event = if closes {
            Event::TabClosed
        } else {
            Event::TabReopened
        };
        let version = ledger.tab(tab.id).await.unwrap().version;
        ledger
            .set_closed(tab.id, version, closes.then(now), said(tab, by, event))
            .await
            .unwrap();
    }
    let all = [&once, &twice, &reopened, &open].map(|tab| tab.id);
    let closers = ledger.closers(all.to_vec()).await.unwrap();
    let by = |tab: &Tab| closers.get(&tab.id).cloned();
    assert_eq!(by(&once), Some(Actor::Staff("Ana".into())));
    assert_eq!(by(&twice), Some(Actor::Staff("Cy".into())));
    assert_eq!(by(&reopened), Some(Actor::Staff("Ana".into())));
    assert_eq!(by(&open), None);
    let asked = ledger.closers(vec![once.id]).await.unwrap();
    assert_eq!(asked.into_keys().collect::<Vec<_>>(), [once.id]);
    assert!(ledger.closers(Vec::new()).await.unwrap().is_empty());
}

pub async fn an_entry_says_what_its_note_said(ledger: &dyn Ledger) {
    let mut tab = tab("عميرة 🍸");
    let note = Note {
        tab: Some(tab.id),
        reference: Some("pi_1".into()),
        ..note("opened for عميرة 🍸")
    };
    let mut entries = Vec::new();
    // Parts of bills went to these and came from them.
    for other in [7, 8] {
        let other = Tab {
            id: TabId(Uuid::from_u128(other)),
            ..super::sample::tab("other")
        };
        ledger
            .add_tab(&other, super::sample::note("opened"))
            .await
            .unwrap();
    }
    ledger.add_tab(&tab, note.clone()).await.unwrap();
    for (number, (event, personal)) in (1..).zip(every_event()) {
        let note = Note {
            event: event.clone(),
            personal: personal.clone(),
            by: ACTORS[number % ACTORS.len()].clone(),
            ..note.clone()
        };
        ledger.set_tab(&tab, note.clone()).await.unwrap();
        tab.version += 1;
        entries.push(Entry {
            seq: i64::try_from(number).unwrap() + 3,
            at: note.at,
            by: note.by,
            tab: note.tab,
            event,
            personal,
            reference: note.reference,
        });
    }
    assert_eq!(ledger.journal(tab.id).await.unwrap()[1..], entries);
}

pub async fn all_notes_of_a_commit_are_written_in_their_order_or_none(ledger: &dyn Ledger) {
    let hold = authorised(ledger).await;
    let notes = vec![note("one"), note("two"), note("three")];
    ledger
        .record(hold.id, holdfast_ledger::Learnt::default(), None, notes)
        .await
        .unwrap();
    let newest = ledger.house_journal(HouseTopic::Anything, 3).await.unwrap();
    let told: Vec<(i64, &str)> = newest
        .iter()
        .map(|e| (e.seq, e.personal.name.as_deref().unwrap_or_default()))
        .collect();
    assert_eq!(told, [(6, "three"), (5, "two"), (4, "one")]);
    let over = operation(hold.id, OperationKind::Capture, 10_001);
    intend(ledger, &over, note("take")).await.unwrap_err();
    assert_eq!(ledger.verify_journal().await.unwrap(), 6);
}

pub async fn what_belongs_to_no_tab_is_found_by_its_topic(ledger: &dyn Ledger) {
    assert_eq!(ledger.newest_entry().await.unwrap(), None);
    for (number, event) in [
        Event::SettingsChanged,
        Event::AllReadAgain,
        Event::SettingsRepaired,
        Event::Night(NightStep::Begun),
        Event::SettingsChanged,
    ]
    .into_iter()
    .enumerate()
    {
        let note = Note {
            at: now() + TimeDelta::minutes(i64::try_from(number).unwrap()),
            event,
            ..note("x")
        };
        ledger.set_setting("x", "y", note).await.unwrap();
    }
    let on_a_tab = tab("Amira");
    let note = Note {
        tab: Some(on_a_tab.id),
        event: Event::SettingsChanged,
        ..note("of a tab")
    };
    ledger.add_tab(&on_a_tab, note).await.unwrap();
    let numbers = |entries: Vec<Entry>| entries.iter().map(|entry| entry.seq).collect::<Vec<_>>();
    let newest = ledger.house_journal(HouseTopic::Settings, 2).await.unwrap();
    assert_eq!(numbers(newest), [5, 3]);
    let all = ledger.house_journal(HouseTopic::Settings, 10).await.unwrap();
    assert_eq!(numbers(all), [5, 3, 1]);
    let of_house = ledger.house_journal(HouseTopic::Anything, 2).await.unwrap();
    assert_eq!(numbers(of_house), [5, 4]);
    // It is the one that was written last, whatever the clock said.
    assert_eq!(ledger.newest_entry().await.unwrap(), Some(now()));
}

pub async fn a_witness_knows_its_entry_again_and_no_other(ledger: &dyn Ledger) {
    for name in ["one", "two", "three"] {
        ledger.set_setting("venue", name, note(name)).await.unwrap();
    }
    let early = ledger.witness().await.unwrap().unwrap();
    assert_eq!(early.head.seq, 3);
    ledger.set_setting("venue", "four", note("four")).await.unwrap();
    let late = ledger.witness().await.unwrap().unwrap();
    assert_eq!((late.head.seq, &late.book), (4, &early.book));
    let first = JournalHead {
        seq: 1,
        seal: early.book.clone(),
    };
    let moved = JournalHead {
        seq: 2,
        ..early.head.clone()
    };
    let beyond = JournalHead {
        seq: 5,
        ..late.head.clone()
    };
    let seen = vec![first, early.head, late.head, moved, beyond];
    use EntryMatch::{Missing, Other, Same};
    assert_eq!(
        ledger.compare(seen).await.unwrap(),
        [Same, Same, Same, Other, Missing]
    );
}
