//! Tabs, holds and readings to fill a ledger with: 100.00 asked for on each hold, in sterling.

use chrono::{DateTime, TimeDelta, Utc};
use holdfast_domain::*;
use holdfast_ledger::{Expect, Learnt, Ledger, LedgerError, Note, Permit, Progress, Raises};
use uuid::Uuid;

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// When all of it happens, unless it says otherwise.
pub fn now() -> DateTime<Utc> {
    at("2026-03-02T10:00:00Z")
}

/// A note that belongs to no tab.
pub fn note(name: &str) -> Note {
    Note {
        at: now(),
        by: Actor::staff("Sam"),
        tab: None,
        event: Event::TabOpened,
        personal: Personal::name(name),
        reference: None,
        raises: None,
    }
}

/// A note that people have to hear of.
pub fn raising(name: &str, key: FindingKey, hold: Option<HoldId>) -> Note {
    Note {
        raises: Some(Raises { key, hold }),
        ..note(name)
    }
}

pub fn tab(name: &str) -> Tab {
    Tab {
        id: TabId(Uuid::now_v7()),
        kind: Kind::Tab,
        name: name.into(),
        place: None,
        note: None,
        email: None,
        currency: Currency::Gbp,
        reference: "HF-TEST".into(),
        arrives_on: None,
        departs_on: None,
        opened_at: now(),
        opened_by: Actor::staff("Sam"),
        guests: None,
        version: 0,
        closed_at: None,
        is_forgotten: false,
    }
}

/// A line of a bill.
pub fn line(tab: TabId, each: i64) -> Line {
    Line {
        id: LineId(Uuid::now_v7()),
        tab,
        what: None,
        quantity: 1,
        each,
        takes_off: None,
        moved: None,
        at: now(),
        by: Actor::staff("Sam"),
    }
}

/// A hold that Dojo has yet to be asked for.
pub fn hold(tab: TabId) -> Hold {
    Hold {
        id: HoldId(Uuid::now_v7()),
        tab,
        intent_id: None,
        reference: Uuid::now_v7().to_string(),
        mode: CaptureMode::Manual,
        currency: Currency::Gbp,
        asked: 10_000,
        expire_in: Some(600_000),
        expire_action: Some(DeadlineAction::Release),
        link: None,
        link_ends_at: None,
        opened_at: now(),
        created_at: None,
        seen: None,
        lapsed_at: None,
        said_elsewhere: None,
        given_up_at: None,
        version: 0,
    }
}

/// A decision that hasn't been sent.
pub fn operation(hold: HoldId, kind: OperationKind, amount: i64) -> Operation {
    Operation {
        id: OperationId(Uuid::now_v7()),
        hold,
        kind,
        amount,
        service: 0,
        tip: 0,
        baseline: Baseline::default(),
        requested_by: Actor::staff("Sam"),
        cause: Cause::Person,
        reason: None,
        at: now(),
        state: OperationState::Intended,
        dojo_id: None,
        detail: None,
        is_late: false,
        settled_at: None,
        seen_at: None,
        sender: None,
        of: None,
        then_ask: 0,
    }
}

/// The decision that made the hold, which Dojo did.
pub fn created(hold: &Hold) -> Operation {
    Operation {
        state: OperationState::Succeeded,
        ..operation(hold.id, OperationKind::Create, hold.asked)
    }
}

pub fn card(last_four: &str) -> Option<Card> {
    Some(Card {
        brand: Some("VISA".into()),
        last_four: Some(last_four.into()),
    })
}

/// A reading of a hold of 100.00 of which this much was taken, a minute apart.
pub fn seen(status: IntentStatus, captured: &[i64]) -> Snapshot {
    let captures = captured.iter().zip(1..).map(|(amount, number)| Capture {
        id: format!("cp_{number}"),
        amount: *amount,
        tip: 0,
        status: CaptureStatus::Successful,
        at: Some(now() + TimeDelta::minutes(number)),
    });
    Snapshot {
        status,
        amount: 10_000,
        tip: 0,
        total: 10_000,
        refunded: 0,
        captures: captures.collect(),
        card: None,
        auth_code: None,
        authorised_at: Some(now()),
        authorised_by: None,
        declined: 0,
        seen_at: now(),
    }
}

/// How a decision ended a second after it was made.
pub fn progress(id: OperationId, state: OperationState) -> Progress {
    Progress {
        id,
        state,
        dojo_id: None,
        detail: None,
        is_late: false,
        settled_at: Some(now() + TimeDelta::seconds(1)),
    }
}

/// A renewal of `old` by `new` that has just begun.
pub fn renewal(old: &Hold, new: &Hold) -> Renewal {
    Renewal {
        new: new.id,
        old: old.id,
        tab: old.tab,
        decided_before: 1,
        by: Actor::staff("Sam"),
        at: now(),
        ended: None,
    }
}

/// A night report of the movements from `first` to `last`.
pub fn report(number: i64, first: i64, last: i64) -> NightReport {
    NightReport {
        number,
        made_at: now(),
        made_by: Actor::staff("Sam"),
        venue: "The Bell".into(),
        day: now().date_naive(),
        cut_off: "05:00".into(),
        zone: "Europe/London".into(),
        since: None,
        first,
        last,
        sums: Vec::new(),
        by_staff: Vec::new(),
        by_day: Vec::new(),
        still_held: Vec::new(),
        leftovers: Vec::new(),
        journal: JournalHead {
            seq: 3,
            seal: "0123".into(),
        },
    }
}

/// What is said of a refund.
pub fn said(amount: i64, service: i64, tip: i64) -> Said {
    let of = Purpose {
        service,
        tip,
        ..Purpose::default()
    };
    Said {
        amount,
        of,
        by: Actor::staff("Sam"),
        at: now(),
        earlier: Vec::new(),
    }
}

/// Adds a tab and a hold on it that Dojo made; two entries of the journal.
pub async fn opened(ledger: &dyn Ledger, name: &str) -> (Tab, Hold) {
    let tab = tab(name);
    let hold = hold(tab.id);
    ledger.add_tab(&tab, note("opened")).await.unwrap();
    ledger
        .add_hold(&hold, &created(&hold), None, note("asked for"))
        .await
        .unwrap();
    (tab, hold)
}

/// Adds a tab and a hold on it that is in force; three entries of the journal.
pub async fn authorised(ledger: &dyn Ledger) -> Hold {
    let (_, hold) = opened(ledger, "Amira").await;
    read(ledger, hold.id, seen(IntentStatus::Authorized, &[])).await;
    hold
}

/// Records a reading; one entry of the journal.
pub async fn read(ledger: &dyn Ledger, hold: HoldId, seen: Snapshot) {
    let learnt = Learnt {
        seen: Some(seen),
        ..Learnt::default()
    };
    ledger
        .record(hold, learnt, None, vec![note("read")])
        .await
        .unwrap();
}

/// Records that Dojo did what was decided, with a reading; one entry of the journal.
pub async fn done(ledger: &dyn Ledger, operation: &Operation, seen: Snapshot) {
    let progress = progress(operation.id, OperationState::Succeeded);
    let learnt = Learnt {
        seen: Some(seen),
        ..Learnt::default()
    };
    ledger
        .record(operation.hold, learnt, Some(progress), vec![note("done")])
        .await
        .unwrap();
}

/// A decision that rests on one hold alone, of that version.
pub const fn rests_on(version: i64) -> Expect {
    Expect {
        hold: version,
        tab: None,
    }
}

/// Makes a decision on a hold as it stands.
///
/// # Errors
/// The ledger's.
pub async fn intend(ledger: &dyn Ledger, operation: &Operation, note: Note) -> Result<Permit, LedgerError> {
    let hold = ledger.hold(operation.hold).await?;
    ledger.intend(operation, rests_on(hold.version), note).await
}

/// Closes a tab as it stands, or reopens it.
pub async fn set_closed(ledger: &dyn Ledger, tab: TabId, at: Option<DateTime<Utc>>) {
    let tab = ledger.tab(tab).await.unwrap();
    let note = note(if at.is_some() { "away" } else { "out again" });
    ledger
        .set_closed(tab.id, tab.version, None, at, note)
        .await
        .unwrap();
}

/// Closes a tab.
pub async fn close_tab(ledger: &dyn Ledger, tab: TabId, at: DateTime<Utc>) {
    set_closed(ledger, tab, Some(at)).await;
}
