//! The bytes that a ledger keeps: pinned, for ledgers out there have them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use holdfast_domain::*;
use holdfast_ledger::stored::{
    EntryBytes, Field, Fields, GuestKey, GuestKeys, NoKeys, Seal, Secrecy, Stored, StoredEntry,
    StoredMovement, StoredOperation, StoredRunRow, StoredSetting,
};
use holdfast_ledger::{LedgerError, Note, RowEnded, Run, RunRow};
use uuid::Uuid;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x0190_b2a0_0000_7000_8000_0000_0000_0000 + number)
}

fn tab() -> Tab {
    Tab {
        id: TabId(id(1)),
        kind: Kind::Deposit,
        name: "Amira عميرة".to_owned(),
        place: Some("Room 7".to_owned()),
        note: None,
        email: Some("a@example.com".to_owned()),
        currency: Currency::Eur,
        reference: "HF-ABCDEF".to_owned(),
        arrives_on: NaiveDate::from_ymd_opt(2026, 3, 2),
        departs_on: None,
        opened_at: at("2026-03-02T10:00:00.123456789Z"),
        opened_by: Actor::staff("Sam"),
        guests: Some(4),
        version: 3,
        closed_at: Some(at("2026-03-02T12:00:00Z")),
        is_forgotten: false,
    }
}

fn line() -> Line {
    Line {
        id: LineId(id(2)),
        tab: TabId(id(1)),
        what: Some("Soup".to_owned()),
        quantity: -2,
        each: 650,
        takes_off: Some(LineId(id(3))),
        moved: None,
        at: at("2026-03-02T10:05:00Z"),
        by: Actor::Holdfast,
    }
}

/// Half of a move.
fn moved(is_here: bool, title: Option<&str>) -> Line {
    Line {
        moved: Some(Moved {
            decision: OperationId(id(5)),
            other: TabId(id(6)),
            is_here,
            title: title.map(str::to_owned),
        }),
        ..line()
    }
}

fn hold() -> Hold {
    Hold {
        id: HoldId(id(4)),
        tab: TabId(id(1)),
        intent_id: Some("pi_1".to_owned()),
        reference: "HF-ABCDEF-1".to_owned(),
        mode: CaptureMode::Manual,
        currency: Currency::Eur,
        asked: 10_000,
        expire_in: Some(600_000),
        expire_action: Some(DeadlineAction::Release),
        link: Some("https://pay.dojo.tech/checkout/pi_1".to_owned()),
        link_ends_at: Some(at("2026-03-03T10:00:00Z")),
        opened_at: at("2026-03-02T10:00:00.5Z"),
        created_at: Some(at("0001-01-01T00:00:00Z")),
        seen: Some(Snapshot {
            status: IntentStatus::Captured,
            amount: 10_000,
            tip: 0,
            total: 10_000,
            refunded: 500,
            captures: vec![Capture {
                id: "cp_1".to_owned(),
                amount: 4_000,
                tip: 100,
                status: CaptureStatus::Successful,
                at: None,
            }],
            card: Some(Card {
                brand: Some("VISA".to_owned()),
                last_four: Some("4242".to_owned()),
            }),
            auth_code: Some("123456".to_owned()),
            authorised_at: Some(at("9999-12-31T23:59:59.999999999Z")),
            authorised_by: None,
            declined: 1,
            seen_at: at("2026-03-02T10:06:00Z"),
        }),
        lapsed_at: Some(at("2026-03-09T10:00:00.000000001Z")),
        given_up_at: None,
        said_elsewhere: Some(Said {
            amount: 500,
            of: Purpose {
                service: 1,
                tip: 2,
                off_bill: 3,
                again: 4,
            },
            by: Actor::staff("Sam"),
            at: at("2026-03-02T11:00:00Z"),
            earlier: Vec::new(),
        }),
        version: 1,
    }
}

fn operation() -> StoredOperation {
    StoredOperation {
        operation: Operation {
            id: OperationId(id(5)),
            hold: HoldId(id(4)),
            kind: OperationKind::Capture,
            amount: 4_000,
            service: 300,
            tip: 100,
            baseline: Baseline {
                captures: vec!["cp_0".to_owned()],
                refunded: 7,
            },
            requested_by: Actor::staff("Sam"),
            cause: Cause::Night,
            reason: Some("gone home".to_owned()),
            at: at("2026-03-02T10:06:00Z"),
            state: OperationState::Conflict,
            dojo_id: Some(id(6).to_string()),
            detail: Some(Detail::NotAsAsked(vec![EchoDifference::Interval {
                asked: 1,
                is: 2,
            }])),
            is_late: true,
            settled_at: Some(at("2026-03-02T10:06:01.000000500Z")),
            seen_at: Some(at("2026-03-02T10:07:00Z")),
            sender: None,
            of: None,
            then_ask: 250,
        },
        asks: true,
        seen_by: Some(Actor::staff("Dana")),
    }
}

fn movement() -> StoredMovement {
    StoredMovement {
        seq: 9,
        hold: HoldId(id(4)),
        currency: Currency::Gbp,
        what: Standing {
            kind: MovementKind::Refunded,
            source: id(6).to_string(),
            by: Actor::Elsewhere,
            amount: -500,
            service: -1,
            tip: 0,
            said: -500,
            at: at("0001-01-01T00:00:00.000000999Z"),
        },
    }
}

fn renewal() -> Renewal {
    Renewal {
        new: HoldId(id(7)),
        old: HoldId(id(4)),
        tab: TabId(id(1)),
        decided_before: 2,
        by: Actor::Unknown,
        at: at("2026-03-02T10:00:00Z"),
        ended: Some(RenewalEnded {
            at: at("2026-03-02T10:00:01Z"),
            how: RenewalEnd::NotReleased,
        }),
    }
}

fn finding() -> Finding {
    Finding {
        key: FindingKey::Deadline(HoldId(id(4)), Stage::Within(24)),
        tab: Some(TabId(id(1))),
        hold: Some(HoldId(id(4))),
        event: Event::Warned(Warning {
            stage: Stage::Within(24),
            amount: 10_000,
            action: None,
            safe_hours: 12,
        }),
        personal: Personal::name("Amira"),
        at: at("2026-03-02T10:00:00Z"),
        raised_at: at("2026-03-02T10:00:00Z"),
        ended_at: None,
        seen_by: None,
    }
}

fn report() -> NightReport {
    let money = Money::new(10_000, Currency::Gbp);
    NightReport {
        number: 2,
        made_at: at("2026-03-03T04:00:00Z"),
        made_by: Actor::staff("Sam"),
        venue: "The Bell".to_owned(),
        day: NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(),
        cut_off: "05:00".to_owned(),
        zone: "Europe/London".to_owned(),
        since: None,
        first: 3,
        last: 9,
        sums: vec![SumsOf {
            of: (),
            currency: Currency::Gbp,
            sums: Sums {
                taken: 4_000,
                ..Sums::default()
            },
        }],
        by_staff: vec![SumsOf {
            of: Actor::Elsewhere,
            currency: Currency::Gbp,
            sums: Sums::default(),
        }],
        by_day: vec![SumsOf {
            of: NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(),
            currency: Currency::Eur,
            sums: Sums::default(),
        }],
        still_held: vec![StillHeld { holds: 1, money }],
        leftovers: vec![Leftover {
            tab: TabId(id(1)),
            name: "Amira".to_owned(),
            place: Some("Room 7".to_owned()),
            reference: "HF-ABCDEF".to_owned(),
            state: TabState::PartTaken(4_000),
            left: money,
            bill: money,
            opened_at: at("2026-03-02T10:00:00Z"),
            opened_by: Actor::staff("Sam"),
            times: 2,
        }],
        journal: JournalHead {
            seq: 12,
            seal: "0123".to_owned(),
        },
    }
}

fn run() -> Run {
    Run {
        id: RunId(id(8)),
        started_at: at("2026-03-03T03:00:00Z"),
        by: Actor::staff("Sam"),
        stopped_at: Some(at("2026-03-03T03:01:00Z")),
        ended_at: Some(at("2026-03-03T03:02:00.000000001Z")),
        rows: vec![RunRow {
            tab: TabId(id(1)),
            name: "Amira".to_owned(),
            plan: "{}".to_owned(),
            ended: Some(RowEnded {
                at: at("2026-03-03T03:01:00Z"),
                trouble: Some(RowTrouble::Ended(OperationState::NotSent)),
            }),
        }],
    }
}

fn note() -> Note {
    Note {
        at: at("2026-03-02T10:00:00.123456789Z"),
        by: Actor::staff("Sam"),
        tab: Some(TabId(id(1))),
        event: Event::Moved {
            deed: Deed {
                kind: OperationKind::Refund,
                amount: 500,
                tip: 0,
                of: None,
                cause: Cause::Person,
            },
            state: OperationState::Rejected,
            detail: Some(Detail::Dojo("no".to_owned())),
            is_late: false,
        },
        personal: Personal {
            reason: Some("too salty".to_owned()),
            edits: vec![Edit {
                field: "name".to_owned(),
                was: None,
                is: Some("Amira".to_owned()),
            }],
            ..Personal::default()
        },
        reference: Some("rf_1".to_owned()),
        raises: None,
    }
}

/// A row as text: each column, and its seal.
fn shown(table: &str, fields: &[Field<'_>]) -> String {
    let columns = fields.iter().map(|field| match field {
        Field::Null => "-".to_owned(),
        Field::Int(number) => number.to_string(),
        Field::Bytes(bytes) => hex::encode(bytes),
        Field::Text(text) => format!("{text:?}"),
    });
    let columns: Vec<String> = columns.collect();
    let seal = Seal::of_row(table, fields.iter().cloned());
    format!("{table}: {} = {}", columns.join(" "), seal.to_hex())
}

/// Reads back what is kept of `what`, and says what that is.
fn kept<T: Stored + Clone + PartialEq + std::fmt::Debug>(what: &T) -> String {
    let fields = what.fields(&NoKeys).unwrap();
    assert_eq!(fields.len(), T::TABLE.columns.len());
    assert_eq!(&T::read(Fields::new(fields.clone()), &NoKeys).unwrap(), what);
    shown(T::TABLE.name, &fields)
}

#[test]
fn rows_are_kept_in_these_bytes_for_ever() {
    let setting = StoredSetting {
        name: "floor".to_owned(),
        value: "urgent".to_owned(),
    };
    let all = [
        kept(&tab()),
        kept(&line()),
        kept(&hold()),
        kept(&operation()),
        kept(&movement()),
        kept(&renewal()),
        kept(&finding()),
        kept(&report()),
        kept(&setting),
        kept(&Run {
            rows: Vec::new(),
            ..run()
        }),
        kept(&StoredRunRow {
            run: run().id,
            number: 1,
            row: run().rows.remove(0),
        }),
        kept(&moved(false, Some("Table 5"))),
        kept(&moved(true, None)),
    ];
    let pinned: Vec<&str> = include_str!("stored.txt").lines().collect();
    assert_eq!(all, pinned.as_slice(), "{}", all.join("\n"));
}

#[test]
fn an_entry_is_sealed_over_the_one_before_its_place_its_tab_and_its_bytes() {
    let StoredEntry { body, personal } = StoredEntry::of(&note(), 7, &NoKeys).unwrap();
    assert_eq!(hex::encode(&body), BODY);
    assert_eq!(hex::encode(personal.as_ref().unwrap()), PERSONAL);
    let tab = id(1).into_bytes();
    let entry = EntryBytes {
        seq: 7,
        tab: Some(&tab),
        body: &body,
        personal: personal.as_deref(),
        former: None,
    };
    let before = Seal::from_bytes(&[7; 32]);
    let seal = Seal::of_entry(before, &entry);
    assert_eq!(seal.to_hex(), SEAL);
    let read = StoredEntry::read(&entry, &NoKeys).unwrap();
    assert_eq!((read.event, read.personal), (note().event, note().personal));
    let others = [
        Seal::of_entry(None, &entry),
        Seal::of_entry(before, &EntryBytes { seq: 8, ..entry }),
        Seal::of_entry(before, &EntryBytes { tab: None, ..entry }),
        Seal::of_entry(
            before,
            &EntryBytes {
                personal: None,
                ..entry
            },
        ),
        Seal::of_entry(
            before,
            &EntryBytes {
                body: &[0xa0],
                ..entry
            },
        ),
    ];
    assert!(!others.contains(&seal));
}

const BODY: &str = "a4001b1898fde1eb100d15016353616d028508a20004011901f405820160f4036472665f31";
const PERSONAL: &str = "a30169746f6f2073616c74790281a200646e616d650265416d69726104626e6f";

#[test]
fn words_of_dojos_that_were_kept_in_the_body_are_read_all_the_same() {
    let body = hex::decode("a4001b1898fde1eb100d15016353616d028508a20004011901f4058201626e6ff4036472665f31");
    let personal = hex::decode("a20169746f6f2073616c74790281a200646e616d650265416d697261");
    let (body, personal) = (body.unwrap(), personal.unwrap());
    let tab = id(1);
    let entry = EntryBytes {
        seq: 7,
        tab: Some(tab.as_bytes()),
        body: &body,
        personal: Some(&personal),
        former: None,
    };
    let read = StoredEntry::read(&entry, &NoKeys).unwrap();
    assert_eq!((read.event, read.personal), (note().event, note().personal));
}
const SEAL: &str = "0ed006da32e57b33581f036907cc538d612f3b2be733f56fe15be9019305e605";

#[test]
fn what_a_guest_is_called_can_go_and_the_figures_stay() {
    let forgotten = |fields: Vec<Field<'static>>, column: usize| {
        let mut fields = fields;
        fields[column] = Field::Null;
        Fields::new(fields)
    };
    let read = Tab::read(forgotten(tab().fields(&NoKeys).unwrap(), 6), &NoKeys).unwrap();
    assert_eq!((read.name.as_str(), read.email, read.guests), ("", None, Some(4)));
    let read = NightReport::read(forgotten(report().fields(&NoKeys).unwrap(), 4), &NoKeys).unwrap();
    assert_eq!(read.leftovers[0].name, "");
    assert_eq!(read.leftovers[0].left, report().leftovers[0].left);
}

/// A key for each tab, but for those that were forgotten.
struct Keys {
    keys: Vec<(TabId, GuestKey)>,
}

impl Keys {
    fn of(tabs: &[TabId]) -> Self {
        let keys = tabs.iter().map(|tab| (*tab, GuestKey::new().unwrap()));
        Self { keys: keys.collect() }
    }
}

impl GuestKeys for Keys {
    fn of_tab(&self, tab: TabId) -> Result<Secrecy, LedgerError> {
        let found = self.keys.iter().find(|(of, _)| *of == tab);
        Ok(found.map_or(Secrecy::Forgotten, |(_, key)| Secrecy::Under(key.clone())))
    }

    fn of_hold(&self, _: HoldId) -> Result<Secrecy, LedgerError> {
        self.of_tab(TabId(id(1)))
    }
}

/// Whether `text` stands in one of the columns as it was typed.
fn shows(fields: &[Field<'_>], text: &str) -> bool {
    fields.iter().any(|field| match field {
        Field::Bytes(bytes) => bytes.windows(text.len()).any(|part| part == text.as_bytes()),
        Field::Text(found) => found.contains(text),
        Field::Null | Field::Int(_) => false,
    })
}

#[test]
fn what_is_about_a_guest_is_encrypted_with_the_key_of_their_tab() {
    let (one, other) = (TabId(id(1)), TabId(id(9)));
    let guests = Keys::of(&[one, other]);
    let fields = tab().fields(&guests).unwrap();
    assert!(shows(&tab().fields(&NoKeys).unwrap(), "Amira") && !shows(&fields, "Amira"));
    assert_eq!(Tab::read(Fields::new(fields.clone()), &guests).unwrap(), tab());
    // Forty bytes more than the text.
    let length = |fields: &[Field<'_>]| match &fields[6] {
        Field::Bytes(bytes) => bytes.len(),
        Field::Null | Field::Int(_) | Field::Text(_) => 0,
    };
    assert_eq!(length(&fields), length(&tab().fields(&NoKeys).unwrap()) + 40);
    assert_ne!(
        fields,
        tab().fields(&guests).unwrap(),
        "a nonce is drawn each time"
    );
    // The key is gone: figures stay, and the row is as it was.
    let read = Tab::read(Fields::new(fields.clone()), &Keys::of(&[other])).unwrap();
    assert!(read.is_forgotten && read.name.is_empty() && read.email.is_none());
    assert_eq!((read.guests, read.closed_at), (Some(4), tab().closed_at));
    // Another key is damage, and so is another row's field.
    let another = Tab::read(Fields::new(fields.clone()), &Keys::of(&[one]));
    assert!(matches!(another, Err(LedgerError::Damaged(_))), "{another:?}");
    let mut elsewhere = Tab { id: other, ..tab() }.fields(&guests).unwrap();
    elsewhere[6] = fields[6].clone();
    let same_key = Keys {
        keys: vec![guests.keys[0].clone(), (other, guests.keys[0].1.clone())],
    };
    let moved = Tab::read(Fields::new(elsewhere), &same_key);
    assert!(matches!(moved, Err(LedgerError::Damaged(_))), "{moved:?}");
}

#[test]
fn another_guests_name_goes_with_that_guests_key() {
    let line = moved(true, Some("Table 5"));
    let other = line.moved.as_ref().unwrap().other;
    let both = Keys::of(&[line.tab, other]);
    let fields = line.fields(&both).unwrap();
    assert_eq!(Line::read(Fields::new(fields.clone()), &both).unwrap(), line);
    let one = Keys {
        keys: vec![both.keys[0].clone()],
    };
    let read = Line::read(Fields::new(fields), &one).unwrap();
    assert_eq!((read.what, read.moved.unwrap().title), (line.what, None));
    let event = Event::MovedHere {
        amount: 1,
        bill: 1,
        lines: 1,
        other,
    };
    let note = Note {
        event,
        personal: Personal::name("Table 5"),
        ..note()
    };
    let StoredEntry { body, personal } = StoredEntry::of(&note, 1, &both).unwrap();
    let tab = line.tab.0.into_bytes();
    let entry = EntryBytes {
        seq: 1,
        tab: Some(&tab),
        body: &body,
        personal: personal.as_deref(),
        former: None,
    };
    assert_eq!(StoredEntry::read(&entry, &both).unwrap().personal, note.personal);
    assert_eq!(
        StoredEntry::read(&entry, &one).unwrap().personal,
        Personal::default()
    );
    // In a report too, each guest goes alone.
    let mut report = report();
    report.leftovers.push(Leftover {
        tab: other,
        name: "Table 5".to_owned(),
        ..report.leftovers[0].clone()
    });
    let fields = report.fields(&both).unwrap();
    assert_eq!(
        NightReport::read(Fields::new(fields.clone()), &both).unwrap(),
        report
    );
    let read = NightReport::read(Fields::new(fields), &one).unwrap();
    let names: Vec<&str> = read.leftovers.iter().map(|left| left.name.as_str()).collect();
    assert_eq!(names, [report.leftovers[0].name.as_str(), ""]);
}

#[test]
fn nothing_more_is_kept_of_who_was_forgotten() {
    let fields = tab().fields(&Keys::of(&[])).unwrap();
    assert_eq!(fields[6], Field::Null);
    let kept = StoredEntry::of(&note(), 1, &Keys::of(&[])).unwrap();
    assert_eq!(kept.personal, None);
}

#[test]
fn a_newer_field_is_passed_over_and_a_missing_one_is_at_its_default() {
    // An entry with a field of number 30, and without a reference.
    let body = "a4 00 00 01 01 02 01 181e 8203a10102".replace(' ', "");
    let entry = EntryBytes {
        seq: 1,
        tab: None,
        body: &hex::decode(body).unwrap(),
        personal: None,
        former: None,
    };
    let read = StoredEntry::read(&entry, &NoKeys).unwrap();
    assert_eq!((read.by, read.event), (Actor::Dojo, Event::TabOpened));
    assert_eq!((read.reference, read.at), (None, DateTime::UNIX_EPOCH));
}

#[test]
fn bytes_that_mean_nothing_are_refused() {
    for body in [
        // Cut short, too long, without a length, a kind of a later version, no event at all.
        "a3 00 00 01 01 02",
        "a3 00 00 01 01 02 01 00",
        "bf 00 00 01 01 02 01 ff",
        "a3 00 00 01 01 02 1903e7",
        "a2 00 00 01 01",
        "a3 00 00 01 09 02 01",
    ] {
        let bytes = hex::decode(body.replace(' ', "")).unwrap();
        let entry = EntryBytes {
            seq: 1,
            tab: None,
            body: &bytes,
            personal: None,
            former: None,
        };
        assert!(StoredEntry::read(&entry, &NoKeys).is_err(), "{body}");
    }
}

#[test]
fn spans_of_a_clock_are_kept_to_the_nanosecond() {
    for span in [
        TimeDelta::nanoseconds(-1_500_000_001),
        TimeDelta::seconds(90),
        TimeDelta::MAX,
        TimeDelta::MIN,
    ] {
        let event = Event::Clock(ClockTrouble::Apart(span));
        let note = Note { event, ..note() };
        let StoredEntry { body, .. } = StoredEntry::of(&note, 1, &NoKeys).unwrap();
        let entry = EntryBytes {
            seq: 1,
            tab: None,
            body: &body,
            personal: None,
            former: None,
        };
        assert_eq!(
            StoredEntry::read(&entry, &NoKeys).unwrap().event,
            note.event,
            "{span}"
        );
    }
}
