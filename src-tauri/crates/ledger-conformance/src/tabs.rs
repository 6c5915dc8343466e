//! Tabs, their bills, and values by name.

use super::sample::{close_tab, created, hold, line, note, now, opened, read, seen, set_closed, tab};
use chrono::TimeDelta;
use holdfast_domain::{IntentStatus, Line, Moved, Operation, OperationId, Tab, TabId};
use holdfast_ledger::{BillMove, Ledger, LedgerError, Note, SettingSeen};
use uuid::Uuid;

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
    assert!(matches!(refused, Err(LedgerError::Known)), "{refused:?}");
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
        version: 1,
        ..first.clone()
    };
    ledger.set_tab(&renamed, note("renamed")).await.unwrap();
    let kept = ledger.tab(first.id).await.unwrap();
    assert_eq!((kept.name.as_str(), kept.closed_at), ("Brandt", Some(now())));
    set_closed(ledger, first.id, None).await;
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
    let tab = Tab { version: 1, ..tab };
    ledger.set_tab(&tab, note("the same")).await.unwrap();
    read(ledger, hold.id, seen(IntentStatus::Authorized, &[])).await;
    assert_eq!(ledger.tab(tab.id).await.unwrap().version, 2);
    assert_eq!(ledger.hold(hold.id).await.unwrap().version, 1);
    let guests = Tab {
        guests: Some(4),
        version: 2,
        ..tab
    };
    ledger.set_tab(&guests, note("four of them")).await.unwrap();
    assert_eq!(ledger.tab(guests.id).await.unwrap().guests, Some(4));
}

pub async fn a_tab_that_was_written_since_is_neither_edited_nor_closed(ledger: &dyn Ledger) {
    let (tab, _) = opened(ledger, "Amira").await;
    ledger.set_tab(&tab, note("edited")).await.unwrap();
    let entries = ledger.verify_journal().await.unwrap();
    let renamed = Tab {
        name: "Brandt".into(),
        ..tab.clone()
    };
    for version in [0, 2] {
        let edited = Tab {
            version,
            ..renamed.clone()
        };
        let refused = ledger.set_tab(&edited, note("edited")).await;
        assert!(matches!(refused, Err(LedgerError::Changed)), "{refused:?}");
        let refused = ledger
            .set_closed(tab.id, version, None, Some(now()), note("closed"))
            .await;
        assert!(matches!(refused, Err(LedgerError::Changed)), "{refused:?}");
    }
    let kept = ledger.tab(tab.id).await.unwrap();
    assert_eq!((kept.name.as_str(), kept.closed_at), ("Amira", None));
    assert_eq!(ledger.verify_journal().await.unwrap(), entries);
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
        ledger.add_line(&line, None, note("line")).await.unwrap();
        added.push(line);
    }
    ledger
        .add_line(&line(other.id, 900), None, note("line"))
        .await
        .unwrap();
    assert_eq!(ledger.lines(one.id).await.unwrap(), added);
}

/// Both halves of a move of 12.25.
fn halves(from: TabId, onto: TabId, decision: OperationId) -> Vec<Line> {
    let half = |tab, other, each, is_here| Line {
        moved: Some(Moved {
            decision,
            other,
            is_here,
            title: Some("عميرة 🍸".into()),
        }),
        ..line(tab, each)
    };
    vec![half(from, onto, -1_225, false), half(onto, from, 1_225, true)]
}

fn moving(lines: Vec<Line>) -> BillMove {
    BillMove {
        opened: None,
        lines,
        seen: Vec::new(),
        closed: None,
    }
}

fn on(tab: TabId, name: &str) -> Note {
    Note {
        tab: Some(tab),
        ..note(name)
    }
}

/// A tab with 20.00 on its bill and one with nothing.
async fn two(ledger: &dyn Ledger) -> (TabId, TabId) {
    let (one, _) = opened(ledger, "Amira").await;
    let (other, _) = opened(ledger, "Brandt").await;
    ledger
        .add_line(&line(one.id, 2_000), None, note("line"))
        .await
        .unwrap();
    (one.id, other.id)
}

fn decision() -> OperationId {
    OperationId(Uuid::now_v7())
}

pub async fn a_move_writes_both_halves_with_their_notes(ledger: &dyn Ledger) {
    let (from, onto) = two(ledger).await;
    let lines = halves(from, onto, decision());
    let notes = vec![on(from, "went"), on(onto, "came")];
    ledger.move_bill(&moving(lines.clone()), notes).await.unwrap();
    assert_eq!(ledger.lines(from).await.unwrap()[1..], lines[..1]);
    assert_eq!(ledger.lines(onto).await.unwrap(), lines[1..]);
    for (tab, name) in [(from, "went"), (onto, "came")] {
        let newest = ledger.journal(tab).await.unwrap().pop().unwrap();
        assert_eq!(newest.personal.name.as_deref(), Some(name));
    }
}

pub async fn a_move_opens_and_closes_tabs_in_its_commit(ledger: &dyn Ledger) {
    let (from, _) = two(ledger).await;
    let new = tab("Chidi");
    let whole = BillMove {
        opened: Some(new.clone()),
        closed: Some((from, now())),
        ..moving(halves(from, new.id, decision()))
    };
    ledger
        .move_bill(&whole, vec![on(new.id, "opened")])
        .await
        .unwrap();
    assert_eq!(ledger.tab(new.id).await.unwrap(), new);
    assert_eq!(ledger.tab(from).await.unwrap().closed_at, Some(now()));
    assert_eq!(ledger.lines(new.id).await.unwrap().len(), 1);
}

/// Nothing of a move is there: no line, no tab, no note.
async fn assert_refused(ledger: &dyn Ledger, from: TabId, whole: &BillMove) {
    let before = (
        ledger.lines(from).await.unwrap(),
        ledger.verify_journal().await.unwrap(),
    );
    let refused = ledger.move_bill(whole, vec![on(from, "went")]).await;
    assert!(matches!(refused, Err(LedgerError::TooMuch)), "{refused:?}");
    let after = (
        ledger.lines(from).await.unwrap(),
        ledger.verify_journal().await.unwrap(),
    );
    assert_eq!(before, after);
    if let Some(opened) = &whole.opened {
        let found = ledger.tab(opened.id).await;
        assert!(matches!(found, Err(LedgerError::NotFound)), "{found:?}");
    }
}

pub async fn a_move_that_does_not_add_up_writes_nothing(ledger: &dyn Ledger) {
    let (from, _) = two(ledger).await;
    let new = tab("Chidi");
    let mut lines = halves(from, new.id, decision());
    lines[1].each = 1_224;
    let whole = BillMove {
        opened: Some(new),
        ..moving(lines)
    };
    assert_refused(ledger, from, &whole).await;
}

pub async fn a_move_below_zero_writes_nothing(ledger: &dyn Ledger) {
    let (from, _) = two(ledger).await;
    let new = tab("Chidi");
    let mut lines = halves(from, new.id, decision());
    (lines[0].quantity, lines[1].quantity) = (2, 2);
    let whole = BillMove {
        opened: Some(new),
        ..moving(lines)
    };
    assert_refused(ledger, from, &whole).await;
}

pub async fn a_decision_moves_once(ledger: &dyn Ledger) {
    let (from, onto) = two(ledger).await;
    ledger
        .add_line(&line(from, 2_000), None, note("line"))
        .await
        .unwrap();
    let decision = decision();
    let first = moving(halves(from, onto, decision));
    ledger.move_bill(&first, vec![on(from, "went")]).await.unwrap();
    let again = moving(halves(from, onto, decision));
    let refused = ledger.move_bill(&again, vec![on(from, "went")]).await;
    assert!(matches!(refused, Err(LedgerError::Known)), "{refused:?}");
    assert_eq!(ledger.lines(from).await.unwrap().len(), 3);
    assert_eq!(ledger.lines(onto).await.unwrap().len(), 1);
}

pub async fn a_setting_is_what_it_was_set_to_last(ledger: &dyn Ledger) {
    ledger
        .set_setting("venue", "The Bell", SettingSeen::Anything, note("venue"))
        .await
        .unwrap();
    ledger
        .set_setting("zone", "UTC", SettingSeen::Anything, note("zone"))
        .await
        .unwrap();
    ledger
        .set_setting("venue", "The Anchor", SettingSeen::Anything, note("venue"))
        .await
        .unwrap();
    let value = ledger.setting("venue").await.unwrap();
    assert_eq!(value.as_deref(), Some("The Anchor"));
    assert_eq!(ledger.setting("zone").await.unwrap().as_deref(), Some("UTC"));
}

pub async fn a_setting_that_was_set_since_stays(ledger: &dyn Ledger) {
    let set = |value, seen| ledger.set_setting("venue", value, SettingSeen::Was(seen), note("venue"));
    set("The Bell", None).await.unwrap();
    // Another till has set it meanwhile.
    set("The Anchor", Some("The Bell")).await.unwrap();
    let entries = ledger.verify_journal().await.unwrap();
    for seen in [Some("The Bell"), None] {
        let refused = set("The Crown", seen).await;
        assert!(matches!(refused, Err(LedgerError::Changed)), "{refused:?}");
    }
    assert_eq!(
        ledger.setting("venue").await.unwrap().as_deref(),
        Some("The Anchor")
    );
    assert_eq!(ledger.verify_journal().await.unwrap(), entries);
    set("The Crown", Some("The Anchor")).await.unwrap();
}
