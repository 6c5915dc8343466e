//! One of each reason why something stands where it does, or was not done.

use super::sample::now;
use holdfast_domain::*;

/// Each reason, with all of its data.
pub(crate) fn every_detail() -> Vec<Detail> {
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
        Detail::FormerNoAnswer("the connection was cut".into()),
        Detail::NoAnswer(NoAnswer::Broken),
        Detail::NoAnswer(NoAnswer::PermitOver),
        Detail::NoAnswer(NoAnswer::Status(502)),
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
pub(crate) fn every_not_done() -> Vec<NotDone> {
    let (at, money) = (now(), Money::new(10_000, Currency::Eur));
    let shown = Shown {
        status: Some(IntentStatus::Captured),
        taken: 4_000,
        refunded: 0,
    };
    let mut all = vec![
        NotDone::Changed(every_change()),
        NotDone::ChangedBeforeClosing(vec![
            TabChange::Closed { at },
            TabChange::Due(money),
            TabChange::NotTaken {
                money,
                card: None,
                at,
                by: ChangedBy::Night,
            },
        ]),
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
        cause: Cause::Renewal,
    };
    let card = Some(SeenCard::from_code("Visa 1005"));
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
