//! Tabs, their bills, and values by name.

use super::sample::{close_tab, created, hold, line, note, now, opened, read, seen, tab};
use chrono::TimeDelta;
use holdfast_domain::{IntentStatus, Operation, Tab};
use holdfast_ledger::{Ledger, LedgerError};

pub async fn a_tab_is_kept_as_it_was_given(ledger: &dyn Ledger) {
    assert!(!ledger.has_tabs().await.unwrap());
    let tab = Tab {
        place: Some("Table 12".into()),
        note: Some("by the window".into()),
        email: Some("amira@example.com".into()),
        ..tab("عميرة 🍸")
    };
    ledger.add_tab(&tab, note("opened")).await.unwrap();
    assert!(ledger.has_tabs().await.unwrap());
    assert_eq!(ledger.tab(tab.id).await.unwrap(), tab);
}

pub async fn a_tab_is_opened_with_its_hold_or_not_at_all(ledger: &dyn Ledger) {
    let first = tab("Amira");
    let asked = hold(first.id);
    let create = created(&asked);
    let notes = vec![note("opened"), note("asked for")];
    ledger.open_tab(&first, &asked, &create, notes).await.unwrap();
    assert_eq!(
        ledger.holds(first.id).await.unwrap(),
        std::slice::from_ref(&asked)
    );
    assert_eq!(
        ledger.operations(asked.id).await.unwrap(),
        std::slice::from_ref(&create)
    );

    // The same decision again, on a tab and a hold of other ids.
    let second = tab("Amira");
    let asked_again = hold(second.id);
    let same = Operation {
        hold: asked_again.id,
        ..create
    };
    let refused = ledger
        .open_tab(&second, &asked_again, &same, vec![note("opened")])
        .await;
    assert!(matches!(refused, Err(LedgerError::Busy)), "{refused:?}");
    let refused = ledger.tab(second.id).await;
    assert!(matches!(refused, Err(LedgerError::NotFound)), "{refused:?}");
    assert_eq!(ledger.every_hold().await.unwrap(), [asked.id]);
    assert_eq!(ledger.verify_journal().await.unwrap(), 2);
}

pub async fn whether_a_tab_is_closed_is_no_detail_of_it(ledger: &dyn Ledger) {
    let first = tab("Amira");
    ledger.add_tab(&first, note("opened")).await.unwrap();
    close_tab(ledger, first.id, now()).await;
    let renamed = Tab {
        name: "Brandt".into(),
        ..first.clone()
    };
    ledger.set_tab(&renamed, note("renamed")).await.unwrap();
    let kept = ledger.tab(first.id).await.unwrap();
    assert_eq!((kept.name.as_str(), kept.closed_at), ("Brandt", Some(now())));
    ledger
        .set_closed(first.id, None, note("out again"))
        .await
        .unwrap();
    let kept = ledger.tab(first.id).await.unwrap();
    assert_eq!(
        kept,
        Tab {
            version: 3,
            ..renamed
        }
    );
}

pub async fn each_writing_of_a_tab_or_a_hold_is_counted(ledger: &dyn Ledger) {
    let (tab, hold) = opened(ledger, "Amira").await;
    assert_eq!(ledger.tab(tab.id).await.unwrap().version, 0);
    assert_eq!(ledger.hold(hold.id).await.unwrap().version, 0);
    ledger.set_tab(&tab, note("the same")).await.unwrap();
    // A writer counts from what is written, not from what it was given.
    ledger.set_tab(&tab, note("the same")).await.unwrap();
    read(ledger, hold.id, seen(IntentStatus::Authorized, &[])).await;
    assert_eq!(ledger.tab(tab.id).await.unwrap().version, 2);
    assert_eq!(ledger.hold(hold.id).await.unwrap().version, 1);
    let guests = Tab {
        guests: Some(4),
        ..tab
    };
    ledger.set_tab(&guests, note("four of them")).await.unwrap();
    assert_eq!(ledger.tab(guests.id).await.unwrap().guests, Some(4));
}

pub async fn open_and_closed_tabs_are_listed_apart_the_newest_closed_first(ledger: &dyn Ledger) {
    let mut closed = Vec::new();
    for hours in [2, 3, 1] {
        let tab = tab("Amira");
        ledger.add_tab(&tab, note("opened")).await.unwrap();
        close_tab(ledger, tab.id, now() + TimeDelta::hours(hours)).await;
        closed.push(tab.id);
    }
    let open = tab("Brandt");
    ledger.add_tab(&open, note("opened")).await.unwrap();
    assert_eq!(ledger.tabs(true, 10).await.unwrap(), [open]);
    let newest = ledger.tabs(false, 2).await.unwrap();
    let newest: Vec<_> = newest.into_iter().map(|tab| tab.id).collect();
    assert_eq!(newest, [closed[1], closed[0]]);
}

pub async fn the_lines_of_a_bill_are_its_own_oldest_first(ledger: &dyn Ledger) {
    let (one, _) = opened(ledger, "Amira").await;
    let (other, _) = opened(ledger, "Brandt").await;
    let mut added = Vec::new();
    for each in [1_225, -300, 50] {
        let line = line(one.id, each);
        ledger.add_line(&line, note("line")).await.unwrap();
        added.push(line);
    }
    ledger.add_line(&line(other.id, 900), note("line")).await.unwrap();
    assert_eq!(ledger.lines(one.id).await.unwrap(), added);
}

pub async fn a_setting_is_what_it_was_set_to_last(ledger: &dyn Ledger) {
    ledger
        .set_setting("venue", "The Bell", note("venue"))
        .await
        .unwrap();
    ledger.set_setting("zone", "UTC", note("zone")).await.unwrap();
    ledger
        .set_setting("venue", "The Anchor", note("venue"))
        .await
        .unwrap();
    let value = ledger.setting("venue").await.unwrap();
    assert_eq!(value.as_deref(), Some("The Anchor"));
    assert_eq!(ledger.setting("zone").await.unwrap().as_deref(), Some("UTC"));
}
