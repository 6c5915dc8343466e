//! Forgetting guests: what is about them goes for good, figures and seals stay.

use super::renewals;
use super::sample::{
    authorised, close_tab, done, intend, line, note, now, operation, progress, raising, read, report, seen,
    tab,
};
use chrono::TimeDelta;
use holdfast_domain::*;
use holdfast_ledger::{BillMove, Ledger, LedgerError, Note, RowEnded, Run, RunRow};
use uuid::Uuid;

/// What the journal says of it.
fn forgotten(tabs: u32) -> Note {
    Note {
        event: Event::GuestsForgotten {
            tabs,
            why: ForgetReason::Asked,
        },
        personal: Personal::default(),
        ..note("")
    }
}

/// A note on a tab, which names its guest.
fn about(tab: TabId, name: &str) -> Note {
    Note {
        tab: Some(tab),
        ..note(name)
    }
}

/// A closed tab with all that is about a guest.
async fn closed(ledger: &dyn Ledger, name: &str) -> Tab {
    let tab = Tab {
        place: Some(format!("{name}’s room")),
        note: Some(format!("{name} likes the window")),
        email: Some(format!("{name}@example.com")),
        closed_at: None,
        ..tab(name)
    };
    ledger.add_tab(&tab, about(tab.id, name)).await.unwrap();
    let line = Line {
        what: Some(format!("Cake for {name}")),
        ..line(tab.id, 1_000)
    };
    ledger.add_line(&line, None, about(tab.id, name)).await.unwrap();
    close_tab(ledger, tab.id, now()).await;
    tab
}

/// A hold that was released, with a reason: nothing on it is open.
async fn released(ledger: &dyn Ledger) -> Hold {
    let hold = authorised(ledger).await;
    let release = Operation {
        reason: Some("Amira went home".to_owned()),
        ..operation(hold.id, OperationKind::Reversal, 0)
    };
    intend(ledger, &release, note("")).await.unwrap();
    done(ledger, &release, seen(IntentStatus::Reversed, &[])).await;
    hold
}

async fn refused(ledger: &dyn Ledger, tab: TabId) {
    assert_eq!(ledger.not_to_forget(vec![tab]).await.unwrap(), [tab]);
    let later = now() + TimeDelta::days(1);
    assert!(!ledger.to_forget(later, 100).await.unwrap().contains(&tab));
    let refused = ledger.forget(vec![tab], forgotten(1)).await;
    assert!(matches!(refused, Err(LedgerError::Busy)), "{refused:?}");
    assert!(!ledger.tab(tab).await.unwrap().is_forgotten);
}

async fn forget(ledger: &dyn Ledger, tab: TabId) {
    assert_eq!(ledger.not_to_forget(vec![tab]).await.unwrap(), []);
    let later = now() + TimeDelta::days(1);
    assert!(ledger.to_forget(later, 100).await.unwrap().contains(&tab));
    ledger.forget(vec![tab], forgotten(1)).await.unwrap();
    assert!(ledger.tab(tab).await.unwrap().is_forgotten);
    assert!(!ledger.to_forget(later, 100).await.unwrap().contains(&tab));
}

pub async fn what_is_about_a_guest_goes_and_figures_stay(ledger: &dyn Ledger) {
    let (amira, brandt) = (closed(ledger, "Amira").await, closed(ledger, "Brandt").await);
    forget(ledger, amira.id).await;
    let account = ledger.accounts(vec![amira.id]).await.unwrap().remove(0);
    let tab = &account.tab;
    assert_eq!(
        (tab.name.as_str(), &tab.place, &tab.note, &tab.email),
        ("", &None, &None, &None)
    );
    assert_eq!(
        (tab.opened_at, &tab.opened_by, tab.closed_at),
        (now(), &amira.opened_by, Some(now()))
    );
    assert_eq!(
        (account.lines[0].what.as_deref(), account.lines[0].each),
        (None, 1_000)
    );
    let journal = ledger.journal(amira.id).await.unwrap();
    assert_eq!(journal.len(), 2);
    assert!(journal.iter().all(|entry| entry.personal == Personal::default()));
    let other = ledger.tab(brandt.id).await.unwrap();
    assert_eq!((other.name.as_str(), other.is_forgotten), ("Brandt", false));
    let said = ledger
        .house_journal(holdfast_ledger::HouseTopic::Anything, 1)
        .await
        .unwrap();
    assert_eq!(said[0].event, forgotten(1).event);
    ledger.verify_journal().await.unwrap();
}

pub async fn forgetting_again_changes_nothing(ledger: &dyn Ledger) {
    let (amira, brandt) = (closed(ledger, "Amira").await, closed(ledger, "Brandt").await);
    forget(ledger, amira.id).await;
    let before = ledger.verify_journal().await.unwrap();
    ledger.forget(vec![amira.id], forgotten(1)).await.unwrap();
    assert_eq!(ledger.verify_journal().await.unwrap(), before);
    // With another guest it is about that one.
    ledger
        .forget(vec![amira.id, brandt.id], forgotten(1))
        .await
        .unwrap();
    assert_eq!(ledger.verify_journal().await.unwrap(), before + 1);
    assert!(ledger.tab(brandt.id).await.unwrap().is_forgotten);
}

pub async fn a_guest_stays_while_something_is_open(ledger: &dyn Ledger) {
    let open = tab("Amira");
    ledger.add_tab(&open, note("opened")).await.unwrap();
    refused(ledger, open.id).await;
    // A hold in force; a request that isn't settled; a renewal.
    let hold = authorised(ledger).await;
    close_tab(ledger, hold.tab, now()).await;
    refused(ledger, hold.tab).await;
    let take = operation(hold.id, OperationKind::Capture, 10_000);
    intend(ledger, &take, note("take")).await.unwrap();
    read(ledger, hold.id, seen(IntentStatus::Captured, &[10_000])).await;
    refused(ledger, hold.tab).await;
    done(ledger, &take, seen(IntentStatus::Captured, &[10_000])).await;
    forget(ledger, hold.tab).await;
    let old = authorised(ledger).await;
    let renewal = renewals::begin(ledger, &old).await.unwrap();
    close_tab(ledger, old.tab, now()).await;
    for id in [old.id, renewal.new] {
        read(ledger, id, seen(IntentStatus::Reversed, &[])).await;
    }
    for create in ledger.operations(renewal.new).await.unwrap() {
        let failed = progress(create.id, OperationState::Declined);
        ledger
            .record(
                renewal.new,
                holdfast_ledger::Learnt::default(),
                Some(failed),
                vec![],
            )
            .await
            .unwrap();
    }
    refused(ledger, old.tab).await;
    let ended = RenewalEnded {
        at: now(),
        how: RenewalEnd::Done,
    };
    ledger
        .end_renewal(renewal.new, ended, vec![note("ended")])
        .await
        .unwrap();
    forget(ledger, old.tab).await;
}

pub async fn a_guest_stays_while_somebody_has_to_hear_of_something(ledger: &dyn Ledger) {
    let hold = released(ledger).await;
    close_tab(ledger, hold.tab, now()).await;
    for key in [FindingKey::Lapsed(hold.id), FindingKey::Clock] {
        let on_hold = Some(hold.id).filter(|_| key != FindingKey::Clock);
        let told = Note {
            tab: Some(hold.tab),
            ..raising("Amira", key.clone(), on_hold)
        };
        ledger.put_findings(vec![], vec![told]).await.unwrap();
        refused(ledger, hold.tab).await;
        let found = ledger.finding(&key).await.unwrap().unwrap();
        let seen = Finding {
            ended_at: Some(now()),
            ..found
        };
        ledger.put_findings(vec![seen], vec![]).await.unwrap();
    }
    forget(ledger, hold.tab).await;
    let kept = ledger
        .finding(&FindingKey::Lapsed(hold.id))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(kept.personal, Personal::default());
    let operations = ledger.operations(hold.id).await.unwrap();
    assert_eq!(operations.last().unwrap().reason, None);
}

pub async fn a_guest_stays_until_the_night_is_done_with_them(ledger: &dyn Ledger) {
    let tab = closed(ledger, "Amira").await;
    let run = Run {
        id: RunId(Uuid::now_v7()),
        started_at: now(),
        by: Actor::staff("Sam"),
        stopped_at: None,
        ended_at: None,
        rows: vec![RunRow {
            tab: tab.id,
            name: "Amira".to_owned(),
            plan: "{}".to_owned(),
            ended: None,
        }],
    };
    ledger.begin_run(&run, note("begun")).await.unwrap();
    refused(ledger, tab.id).await;
    let ended = RowEnded {
        at: now(),
        trouble: None,
    };
    ledger
        .end_run_row(run.id, tab.id, ended, about(tab.id, "Amira"))
        .await
        .unwrap();
    forget(ledger, tab.id).await;
    assert_eq!(ledger.newest_run().await.unwrap().unwrap().rows[0].name, "");
}

pub async fn another_guests_tab_no_longer_says_where_a_bill_came_from(ledger: &dyn Ledger) {
    let (amira, brandt) = (tab("Amira"), tab("Brandt"));
    for tab in [&amira, &brandt] {
        ledger.add_tab(tab, about(tab.id, &tab.name)).await.unwrap();
    }
    let half = |tab: &Tab, other: &Tab, each: i64| Line {
        what: Some("Soup".to_owned()),
        moved: Some(Moved {
            decision: OperationId(amira.id.0),
            other: other.id,
            is_here: each > 0,
            title: Some(other.name.clone()),
        }),
        ..line(tab.id, each)
    };
    ledger
        .add_line(&line(amira.id, 1_000), None, note(""))
        .await
        .unwrap();
    let moving = BillMove {
        opened: None,
        lines: vec![half(&amira, &brandt, -1_000), half(&brandt, &amira, 1_000)],
        seen: Vec::new(),
        closed: None,
    };
    let came = Event::MovedHere {
        amount: 1_000,
        bill: 1_000,
        lines: 1,
        other: amira.id,
    };
    let came = Note {
        event: came,
        ..about(brandt.id, "Amira")
    };
    ledger.move_bill(&moving, vec![came]).await.unwrap();
    close_tab(ledger, amira.id, now()).await;
    let title = |lines: &[Line]| lines[0].moved.as_ref().unwrap().title.clone();
    assert_eq!(
        title(&ledger.lines(brandt.id).await.unwrap()).as_deref(),
        Some("Amira")
    );
    forget(ledger, amira.id).await;
    let lines = ledger.lines(brandt.id).await.unwrap();
    assert_eq!((title(&lines), lines[0].what.as_deref()), (None, Some("Soup")));
    let names = ledger.journal(brandt.id).await.unwrap();
    let names: Vec<Option<String>> = names.into_iter().map(|entry| entry.personal.name).collect();
    assert_eq!(names, [Some("Brandt".to_owned()), None]);
}

pub async fn a_report_keeps_a_forgotten_guests_figures(ledger: &dyn Ledger) {
    let (amira, brandt) = (closed(ledger, "Amira").await, closed(ledger, "Brandt").await);
    let mut made = report(1, 1, 0);
    made.leftovers = [&amira, &brandt]
        .map(|tab| Leftover {
            tab: tab.id,
            name: tab.name.clone(),
            place: tab.place.clone(),
            reference: tab.reference.clone(),
            state: TabState::Held,
            left: Money::new(1, tab.currency),
            bill: Money::new(2, tab.currency),
            opened_at: now(),
            opened_by: Actor::staff("Sam"),
            times: 1,
        })
        .to_vec();
    ledger.add_report(&made, note("made")).await.unwrap();
    forget(ledger, amira.id).await;
    made.leftovers[0].name = String::new();
    made.leftovers[0].place = None;
    assert_eq!(ledger.report(1).await.unwrap(), made);
}

pub async fn nothing_more_is_kept_about_a_forgotten_guest(ledger: &dyn Ledger) {
    let tab = closed(ledger, "Amira").await;
    forget(ledger, tab.id).await;
    let named = Tab {
        name: "Amira".to_owned(),
        ..ledger.tab(tab.id).await.unwrap()
    };
    ledger.set_tab(&named, about(tab.id, "Amira")).await.unwrap();
    assert_eq!(ledger.tab(tab.id).await.unwrap().name, "");
    let last = ledger.journal(tab.id).await.unwrap().pop().unwrap();
    assert_eq!(
        (last.event, last.personal),
        (Event::TabOpened, Personal::default())
    );
}

pub async fn a_forgotten_guest_is_found_by_figures_alone(ledger: &dyn Ledger) {
    let tab = closed(ledger, "Amira").await;
    assert_eq!(ledger.search("amira", 10).await.unwrap().closed, [tab.id]);
    forget(ledger, tab.id).await;
    assert_eq!(ledger.search("amira", 10).await.unwrap().closed, []);
    assert_eq!(ledger.search("hf-test", 10).await.unwrap().closed, [tab.id]);
}

pub async fn the_oldest_are_forgotten_first(ledger: &dyn Ledger) {
    let mut tabs = Vec::new();
    for day in [3, 1, 2] {
        let tab = closed(ledger, "Amira").await;
        close_tab(ledger, tab.id, now() + TimeDelta::days(day)).await;
        tabs.push(tab.id);
    }
    let before = now() + TimeDelta::days(3);
    assert_eq!(ledger.to_forget(before, 10).await.unwrap(), [tabs[1], tabs[2]]);
    assert_eq!(ledger.to_forget(before, 1).await.unwrap(), [tabs[1]]);
}
