//! A house with years behind it: a ledger full of tabs, written through the ledger's own port.

use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_domain::*;
use holdfast_ledger::{Expect, Learnt, Ledger, Note, Progress};
use uuid::Uuid;

/// How many tabs there are. Each has a hold, a bill of two lines and the history that goes with it.
#[derive(Debug, Clone, Copy)]
pub struct House {
    /// Open, opened during the last three days and paid.
    pub open: u32,
    /// Taken and closed, one every ten minutes before that.
    pub closed: u32,
    /// Numbers of tabs that are there already.
    pub after: u32,
}

const FIRST: [&str; 16] = [
    "Amira", "Brandt", "Callum", "Duarte", "Eilidh", "Farah", "Grzegorz", "Hyun-woo", "Íñigo", "Jo", "Kwame",
    "Łukasz", "Maeve", "Nguyễn", "Özlem", "Priya",
];
const LAST: [&str; 16] = [
    "Abbott",
    "Brennan",
    "Castellanos",
    "Dvořák",
    "Evans",
    "Fitzgerald",
    "García",
    "Haddad",
    "Ibrahim",
    "Johansson",
    "Kowalski",
    "Lindqvist",
    "MacLeod",
    "Novák",
    "O’Brien",
    "Þórsson",
];
const PLACES: [&str; 5] = ["Bar", "Terrace", "Function room", "Lobby", "Second floor"];

fn pick<'a>(list: &[&'a str], number: u32) -> &'a str {
    list.get(number as usize % list.len())
        .copied()
        .unwrap_or_default()
}

/// A guest's name: the same number has the same name, and names come back after some thousands.
pub fn guest(number: u32) -> String {
    let (first, last) = (pick(&FIRST, number), pick(&LAST, number / 16));
    match number % 3 {
        0 => format!("Table {}, {first}", number % 90 + 1),
        1 => format!("Room {}, {first} {last}", number % 400 + 1),
        _ => format!("{first} {last}"),
    }
}

/// The guest's card.
fn last_four(number: u32) -> String {
    format!("{:04}", number.wrapping_mul(7_919) % 10_000)
}

struct Story<'a> {
    ledger: &'a dyn Ledger,
    tab: Tab,
    hold: Hold,
    at: DateTime<Utc>,
}

impl House {
    /// Fills `ledger`, as if it were `now`. Some thousands of tabs take seconds where the disk does
    /// not make each commit wait, such as in memory.
    pub async fn fill(self, ledger: &dyn Ledger, now: DateTime<Utc>) -> Result<()> {
        for number in 0..self.closed + self.open {
            let is_open = number >= self.closed;
            let back = if is_open {
                TimeDelta::minutes(i64::from((self.closed + self.open - number) * 7 % 4_000 + 60))
            } else {
                TimeDelta::minutes(i64::from(self.closed - number) * 10 + 5_000)
            };
            let at = now.checked_sub_signed(back).context("too far back")?;
            let mut story = begun(ledger, self.after + number, at);
            story.opened(number).await?;
            if !is_open {
                story.taken().await?;
            }
        }
        Ok(())
    }
}

fn begun(ledger: &dyn Ledger, number: u32, at: DateTime<Utc>) -> Story<'_> {
    let id = TabId(Uuid::now_v7());
    let kind = if number % 4 == 1 { Kind::Deposit } else { Kind::Tab };
    let tab = Tab {
        id,
        kind,
        name: guest(number),
        place: Some(pick(&PLACES, number).to_owned()),
        note: None,
        email: None,
        currency: Currency::Gbp,
        reference: format!("HF-{number:06}"),
        arrives_on: None,
        departs_on: (kind == Kind::Deposit).then(|| at.date_naive()),
        opened_at: at,
        opened_by: Actor::staff("Sam"),
        guests: None,
        version: 0,
        closed_at: None,
        is_forgotten: false,
    };
    let hold = Hold {
        id: HoldId(Uuid::now_v7()),
        tab: id,
        intent_id: None,
        reference: format!("HF-{number:06}-1"),
        mode: CaptureMode::Manual,
        currency: Currency::Gbp,
        asked: i64::from(number % 8 + 1) * 5_000,
        expire_in: Some(167 * 3_600),
        expire_action: Some(DeadlineAction::Release),
        link: None,
        link_ends_at: None,
        opened_at: at,
        created_at: None,
        seen: None,
        lapsed_at: None,
        said_elsewhere: None,
        given_up_at: None,
        version: 0,
    };
    Story {
        ledger,
        tab,
        hold,
        at,
    }
}

impl Story<'_> {
    fn note(&self, event: Event) -> Note {
        Note {
            at: self.at,
            by: Actor::staff("Sam"),
            tab: Some(self.tab.id),
            event,
            personal: Personal::default(),
            reference: self.hold.intent_id.clone(),
            raises: None,
        }
    }

    fn moved(&self, operation: &Operation) -> Note {
        self.note(Event::Moved {
            deed: Deed::of(operation, &self.hold),
            state: OperationState::Succeeded,
            detail: None,
            is_late: false,
        })
    }

    fn operation(&self, kind: OperationKind, amount: i64) -> Operation {
        Operation {
            id: OperationId(Uuid::now_v7()),
            hold: self.hold.id,
            kind,
            amount,
            service: 0,
            tip: 0,
            baseline: Baseline::default(),
            requested_by: Actor::staff("Sam"),
            cause: holdfast_domain::Cause::Person,
            reason: None,
            at: self.at,
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

    async fn record(&mut self, operation: &Operation, dojo_id: Option<String>, seen: Snapshot) -> Result<()> {
        let progress = Progress {
            id: operation.id,
            state: OperationState::Succeeded,
            dojo_id,
            detail: None,
            is_late: false,
            settled_at: Some(self.at),
        };
        let learnt = Learnt {
            intent_id: self.hold.intent_id.clone(),
            seen: Some(seen.clone()),
            ..Learnt::default()
        };
        let note = self.moved(operation);
        self.hold.seen = Some(seen);
        let recorded = self
            .ledger
            .record(self.hold.id, learnt, Some(progress), vec![note]);
        Ok(recorded.await.map(drop)?)
    }

    async fn opened(&mut self, number: u32) -> Result<()> {
        let ledger = self.ledger;
        let opened = Note {
            personal: Personal::name(self.tab.name.as_str()),
            ..self.note(Event::TabOpened)
        };
        ledger.add_tab(&self.tab, opened).await?;
        let create = self.operation(OperationKind::Create, self.hold.asked);
        let note = self.note(Event::Decided(Deed::of(&create, &self.hold)));
        ledger.add_hold(&self.hold, &create, None, note).await?;
        self.hold.intent_id = Some(format!("pi_sandbox_{}", self.hold.id.0.simple()));
        let seen = Snapshot {
            status: IntentStatus::Authorized,
            amount: self.hold.asked,
            tip: 0,
            total: self.hold.asked,
            refunded: 0,
            captures: Vec::new(),
            card: Some(Card {
                brand: Some(
                    if number.is_multiple_of(2) {
                        "VISA"
                    } else {
                        "MASTERCARD"
                    }
                    .to_owned(),
                ),
                last_four: Some(last_four(number)),
            }),
            auth_code: Some("123456".to_owned()),
            authorised_at: Some(self.at),
            authorised_by: None,
            declined: 0,
            seen_at: self.at,
        };
        let id = self.hold.intent_id.clone().unwrap_or_default();
        self.record(&create, Some(id), seen).await?;
        for round in 1..=2_u32 {
            let each = i64::from((number * round * 37) % 2_000 + 350);
            let line = Line {
                id: LineId(Uuid::now_v7()),
                tab: self.tab.id,
                what: Some(format!("Round {round}")),
                quantity: 1,
                each,
                takes_off: None,
                moved: None,
                at: self.at,
                by: Actor::staff("Sam"),
            };
            ledger
                .add_line(
                    &line,
                    None,
                    self.note(Event::LineAdded {
                        amount: each,
                        bill: each,
                    }),
                )
                .await?;
        }
        Ok(())
    }

    async fn taken(&mut self) -> Result<()> {
        let lines = self.ledger.lines(self.tab.id).await?;
        let total = bill(&lines, Currency::Gbp).context("no bill")?.minor;
        let amount = total.min(self.hold.asked);
        let take = self.operation(OperationKind::Capture, amount);
        self.intended(&take).await?;
        let mut seen = self.hold.seen.clone().context("never seen")?;
        seen.status = IntentStatus::Captured;
        let id = format!("cp_{}", take.id.0.simple());
        seen.captures.push(Capture {
            id: id.clone(),
            amount,
            tip: 0,
            status: CaptureStatus::Successful,
            at: Some(self.at),
        });
        self.record(&take, Some(id), seen.clone()).await?;
        // What is left is released: a house whose old holds were all still live is none.
        let rest = self.hold.asked - amount;
        if rest > 0 {
            let release = self.operation(OperationKind::Reversal, 0);
            self.intended(&release).await?;
            seen.status = IntentStatus::Reversed;
            self.record(&release, None, seen).await?;
        }
        let note = self.note(Event::TabClosed);
        let later = self.at.checked_add_signed(TimeDelta::hours(3));
        let version = self.ledger.tab(self.tab.id).await?.version;
        Ok(self
            .ledger
            .set_closed(self.tab.id, version, None, later, note)
            .await?)
    }

    async fn intended(&self, operation: &Operation) -> Result<()> {
        let note = self.note(Event::Decided(Deed::of(operation, &self.hold)));
        let expect = Expect {
            hold: self.ledger.hold(operation.hold).await?.version,
            tab: None,
        };
        Ok(self.ledger.intend(operation, expect, note).await.map(drop)?)
    }
}
