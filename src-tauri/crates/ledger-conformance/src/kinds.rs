//! One of each kind of what a journal keeps.

use super::reasons::{every_detail, every_not_done};
use chrono::TimeDelta;
use holdfast_domain::*;
use uuid::Uuid;

pub(crate) const ACTORS: [Actor; 4] = [Actor::Dojo, Actor::Holdfast, Actor::Elsewhere, Actor::Unknown];

/// Each kind of event, with all of its data.
pub(crate) fn every_event() -> Vec<(Event, Personal)> {
    let edit = Edit {
        field: "email".into(),
        was: None,
        is: Some("amira@example.com".into()),
    };
    let mut all = on_a_bill();
    all.extend(decided());
    all.extend(by_the_guest_or_elsewhere());
    all.extend(of_readings());
    all.extend(warned());
    all.extend(of_the_house());
    let moved = every_detail().into_iter().map(|detail| Event::Moved {
        deed: deed(),
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
            words: Some("Tab closed".into()),
            ..Personal::default()
        },
    ];
    all.into_iter().zip(personal.into_iter().cycle()).collect()
}

fn deed() -> Deed {
    Deed {
        kind: OperationKind::Refund,
        amount: 4_000,
        tip: 500,
        of: Some(Purpose {
            service: 100,
            tip: 500,
            off_bill: 3_000,
            again: 400,
        }),
        cause: Cause::Night,
    }
}

/// What is done to a tab and its bill.
fn on_a_bill() -> Vec<Event> {
    vec![
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
        Event::MovedAway {
            amount: -600,
            bill: 3_400,
            lines: 2,
            other: TabId(Uuid::from_u128(7)),
        },
        Event::MovedHere {
            amount: 600,
            bill: 600,
            lines: 0,
            other: TabId(Uuid::from_u128(8)),
        },
    ]
}

/// What staff decide, and what becomes of it.
fn decided() -> Vec<Event> {
    let deed = deed();
    vec![
        Event::Decided(deed.clone()),
        Event::PutAside {
            deed: deed.clone(),
            state: OperationState::Absent,
            is_late: true,
            detail: None,
        },
        Event::RefundSaid {
            amount: 4_500,
            of: Purpose::default(),
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
    ]
}

/// What the guest does, or somebody in Dojo's portal.
fn by_the_guest_or_elsewhere() -> Vec<Event> {
    let card = Some("4242".to_owned());
    vec![
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
        Event::MakesNoSense,
        Event::RestNotAskedAgain { amount: 3_000 },
        Event::AmountChangedElsewhere {
            was: 10_000,
            amount: 9_000,
        },
        Event::LessTaken {
            was: 4_000,
            amount: 0,
        },
    ]
}

/// What Dojo's record shows of itself.
fn of_readings() -> Vec<Event> {
    let shown = Shown {
        status: Some(IntentStatus::Captured),
        taken: 4_000,
        refunded: 100,
    };
    let money = Money::new(4_000, Currency::Eur);
    vec![
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
    ]
}

/// What staff are warned of, and have seen.
fn warned() -> Vec<Event> {
    let warning = Warning {
        stage: Stage::Within(24),
        amount: 10_000,
        action: Some(DeadlineAction::Capture),
        safe_hours: 12,
    };
    vec![
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
        Event::TillClock {
            till: "Bar 2".into(),
            trouble: ClockTrouble::ApartFromServer(TimeDelta::minutes(7)),
        },
        Event::Seen(Box::new(Event::Warned(warning))),
    ]
}

/// What belongs to no tab.
fn of_the_house() -> Vec<Event> {
    let money = Money::new(4_000, Currency::Eur);
    vec![
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
        Event::CommitsLost {
            till: "Bar 2".into(),
            decisions: 3,
        },
        Event::GuestsForgotten {
            tabs: 3,
            why: ForgetReason::Asked,
        },
        Event::GuestsForgotten {
            tabs: 40,
            why: ForgetReason::Age(13),
        },
    ]
}
