//! What happened, in order.

use super::sample::{authorised, note, now, operation, tab};
use chrono::TimeDelta;
use holdfast_domain::*;
use holdfast_ledger::{Entry, HouseTopic, Ledger, Note};

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

pub async fn an_entry_says_what_its_note_said(ledger: &dyn Ledger) {
    let tab = tab("عميرة 🍸");
    let note = Note {
        tab: Some(tab.id),
        reference: Some("pi_1".into()),
        ..note("opened for عميرة 🍸")
    };
    let mut entries = Vec::new();
    ledger.add_tab(&tab, note.clone()).await.unwrap();
    for (number, (event, personal)) in (1..).zip(every_event()) {
        let note = Note {
            event: event.clone(),
            personal: personal.clone(),
            by: ACTORS[number % ACTORS.len()].clone(),
            ..note.clone()
        };
        ledger.set_tab(&tab, note.clone()).await.unwrap();
        entries.push(Entry {
            seq: i64::try_from(number).unwrap() + 1,
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
    ledger.intend(&over, note("take")).await.unwrap_err();
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

const ACTORS: [Actor; 4] = [Actor::Dojo, Actor::Holdfast, Actor::Elsewhere, Actor::Unknown];

/// Each kind of event, with all of its data.
#[expect(clippy::too_many_lines, reason = "a list, each kind once")]
fn every_event() -> Vec<(Event, Personal)> {
    let deed = Deed {
        kind: OperationKind::Refund,
        amount: 4_000,
        tip: 500,
        of: Some(RefundOf {
            service: 100,
            tip: 500,
            off_bill: 3_000,
            again: 400,
        }),
    };
    let shown = Shown {
        status: Some(IntentStatus::Captured),
        taken: 4_000,
        refunded: 100,
    };
    let warning = Warning {
        stage: Stage::Within(24),
        amount: 10_000,
        action: Some(DeadlineAction::Capture),
        safe_hours: 12,
    };
    let card = Some("4242".to_owned());
    let edit = Edit {
        field: "email".into(),
        was: None,
        is: Some("amira@example.com".into()),
    };
    let money = Money::new(4_000, Currency::Eur);
    let mut all = vec![
        Event::former(Some(4_000)),
        Event::TabOpened,
        Event::TabEdited,
        Event::TabClosed,
        Event::TabReopened,
        Event::LineAdded {
            amount: 600,
            bill: 4_600,
        },
        Event::LineTakenOff {
            amount: -600,
            bill: 4_000,
        },
        Event::Decided(deed.clone()),
        Event::PutAside {
            deed: deed.clone(),
            state: OperationState::Absent,
            is_late: true,
            detail: None,
        },
        Event::RefundSaid {
            amount: 4_500,
            of: RefundOf::default(),
        },
        Event::RestNotAsked {
            amount: 600,
            take: OperationState::Declined,
        },
        Event::RenewalBegun { amount: 10_000 },
        Event::RenewalEnded {
            amount: 10_000,
            how: RenewalEnd::OldTaken,
            action: Some(DeadlineAction::Release),
        },
        Event::CardDeclined,
        Event::Held {
            amount: 10_000,
            card: card.clone(),
        },
        Event::Paid {
            amount: 10_000,
            card: None,
        },
        Event::PaidAfterCancel {
            amount: 10_000,
            card,
            is_held: true,
        },
        Event::TakenElsewhere { amount: 4_000 },
        Event::ReleasedElsewhere { amount: 10_000 },
        Event::RefundedElsewhere { amount: 4_000 },
        Event::CancelledElsewhere,
        Event::LinkEnded,
        Event::StatusNotKnown,
        Event::AmountChangedElsewhere {
            was: 10_000,
            amount: 9_000,
        },
        Event::LessTaken {
            was: 4_000,
            amount: 0,
        },
        Event::ReleasedAtDeadline { amount: 10_000 },
        Event::TakenAtDeadline { amount: 10_000 },
        Event::NotYetEnded { amount: 0 },
        Event::Contradicts {
            was: shown,
            is: Shown {
                status: None,
                ..shown
            },
        },
        Event::ReadingAccepted {
            was: shown,
            is: shown,
        },
        Event::Imported { after_restore: true },
        Event::BillImported { amount: 4_000 },
        Event::FormerNotShown { words: "no".into() },
        Event::NotShown {
            why: Detail::Status(404),
        },
        Event::AllReadAgain,
        Event::RequestNotKnown { money },
        Event::HoldsNotOurs { count: 3 },
        Event::Warned(warning),
        Event::Warned(Warning {
            stage: Stage::Late,
            action: None,
            ..warning
        }),
        Event::Warned(Warning {
            stage: Stage::Doubtful,
            ..warning
        }),
        Event::Clock(ClockTrouble::Reset),
        Event::Clock(ClockTrouble::GoneBack(TimeDelta::minutes(7))),
        Event::Clock(ClockTrouble::Apart(TimeDelta::minutes(-7))),
        Event::Seen(Box::new(Event::Warned(warning))),
        Event::SettingsChanged,
        Event::SettingsRepaired,
        Event::FloorOrdered(FloorOrder::Name),
        Event::Night(NightStep::Begun),
        Event::Night(NightStep::RowFailed {
            why: RowTrouble::Former("it was taken".into()),
        }),
        Event::Night(NightStep::RowFailed {
            why: RowTrouble::Ended(OperationState::Absent),
        }),
        Event::Night(NightStep::RowFailed {
            why: RowTrouble::NoFigures,
        }),
        Event::Night(NightStep::Finished),
        Event::ReportMade {
            number: 1,
            first: 1,
            last: 0,
            takings: vec![money, money],
        },
        Event::BackupRestored {
            name: "ledger-2026-03-02T10-00-00.db".into(),
        },
        Event::FoundOlder,
    ];
    let moved = every_detail().into_iter().map(|detail| Event::Moved {
        deed: deed.clone(),
        state: OperationState::Conflict,
        detail: Some(detail),
        is_late: false,
    });
    all.extend(moved);
    let refused = every_not_done().into_iter().map(RowTrouble::Refused);
    all.extend(refused.map(|why| Event::Night(NightStep::RowFailed { why })));
    let personal = [
        Personal::default(),
        Personal::name("عميرة 🍸"),
        Personal {
            reason: Some("gone home".into()),
            ..Personal::default()
        },
        Personal {
            edits: vec![edit.clone(), edit],
            words: Some("Put away".into()),
            ..Personal::default()
        },
    ];
    all.into_iter().zip(personal.into_iter().cycle()).collect()
}

/// Each reason, with all of its data.
pub fn every_detail() -> Vec<Detail> {
    let (asked, is) = (
        Money::new(10_000, Currency::Gbp),
        Money::new(9_000, Currency::Eur),
    );
    let differences = vec![
        EchoDifference::CaptureMode(CaptureMode::Auto),
        EchoDifference::Interval {
            asked: 600_000,
            is: 60,
        },
        EchoDifference::Action(None),
        EchoDifference::Action(Some(DeadlineAction::Capture)),
        EchoDifference::NoAmount { asked },
        EchoDifference::Amount { asked, is },
        EchoDifference::Currency {
            asked,
            is: "USD".into(),
        },
    ];
    vec![
        Detail::Former("The bank declined it.".into()),
        Detail::Dojo("Amount too large".into()),
        Detail::KeyNotAccepted,
        Detail::Status(422),
        Detail::Transport("the connection was cut".into()),
        Detail::EarlierCapture,
        Detail::NoNumber,
        Detail::SeveralCaptures(2),
        Detail::OtherCapture,
        Detail::BankDeclined,
        Detail::FailedAtDojo,
        Detail::TakenInstead,
        Detail::NothingHeld,
        Detail::PaidFirst,
        Detail::OtherRefund,
        Detail::ReceiptNotConfirmed,
        Detail::ShowsSomethingElse,
        Detail::NotShownAnyMore,
        Detail::NotAsAsked(differences),
        Detail::NoDeadlineAction,
        Detail::StillNotDone,
    ]
}

/// Each reason why a decision wasn't carried out, with all of its data.
pub fn every_not_done() -> Vec<NotDone> {
    let (at, money) = (now(), Money::new(10_000, Currency::Eur));
    let shown = Shown {
        status: Some(IntentStatus::Captured),
        taken: 4_000,
        refunded: 0,
    };
    let mut all = vec![
        NotDone::Changed(every_change()),
        NotDone::ChangedBeforeClosing(vec![TabChange::Closed { at }, TabChange::Due(money)]),
        NotDone::NotAllowed {
            action: Action::Release,
            why: Refusal::PartTaken {
                rest: Some(DeadlineAction::Capture),
            },
        },
        NotDone::NotAllowed {
            action: Action::Take,
            why: Refusal::Settling,
        },
        NotDone::StaysOpen(StaysOpen::DojoTakesRest),
        NotDone::NotShown(Detail::Status(404)),
        NotDone::Contradicts {
            was: shown,
            is: Shown { taken: 0, ..shown },
            currency: Currency::Gbp,
        },
    ];
    all.extend([
        NotDone::ChangedSinceBackup,
        NotDone::BeforeBackup,
        NotDone::AnotherPress,
        NotDone::Offline,
        NotDone::KeyNotAccepted,
        NotDone::NoReply,
        NotDone::Senseless,
        NotDone::Ledger,
        NotDone::Other,
    ]);
    all
}

fn every_change() -> Vec<TabChange> {
    let (at, money) = (now(), Money::new(10_000, Currency::Gbp));
    let person = ChangedBy::Person(Actor::staff("Sam"));
    let deed = Deed {
        kind: OperationKind::Capture,
        amount: 4_000,
        tip: 500,
        of: None,
    };
    let card = Some("Visa 1005".to_owned());
    vec![
        TabChange::Requested { money, at },
        TabChange::Added {
            money,
            at,
            by: Actor::staff("Sam"),
        },
        TabChange::CameOff {
            money,
            at,
            by: Actor::Elsewhere,
        },
        TabChange::Reopened,
        TabChange::Held {
            money,
            card: card.clone(),
            since: Some(at),
        },
        TabChange::Card(card),
        TabChange::Card(None),
        TabChange::Taken {
            money,
            at,
            by: ChangedBy::Night,
        },
        TabChange::LessTaken(money),
        TabChange::Refunded {
            money,
            at,
            by: ChangedBy::DojoAtDeadline,
        },
        TabChange::RefundedElsewhere(money),
        TabChange::LessRefunded(money),
        TabChange::Expired { money, at },
        TabChange::Released {
            money,
            at,
            by: ChangedBy::Dojo,
        },
        TabChange::ReleasedElsewhere(money),
        TabChange::Asked(money),
        TabChange::DeadlineAction(Some(DeadlineAction::Capture)),
        TabChange::UnderWay {
            deed: deed.clone(),
            currency: Currency::Eur,
            at,
            by: person,
        },
        TabChange::UnderWay {
            deed,
            currency: Currency::Gbp,
            at,
            by: ChangedBy::Elsewhere,
        },
        TabChange::Ended,
        TabChange::Figures,
    ]
}
