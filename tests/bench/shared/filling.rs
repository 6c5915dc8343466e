//! Years of one venue: some days of a house, over and over, handed to the server as a ledger that is moved there. So
//! the rows are as any ledger's, sealed, and what is about guests is encrypted.

use anyhow::{Context, Result, ensure};
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_desk::{Clock, SystemClock};
use holdfast_domain::{
    Actor, Event, Hold, HoldId, JournalHead, LineId, Movement, NightReport, Operation, OperationId, Personal,
    Tab, TabId, sums_by,
};
use holdfast_ledger::moving::{GUEST_KEYS, JOURNAL, MovedRows, Source, TABLES, move_ledger};
use holdfast_ledger::prelude::*;
use holdfast_ledger::stored::{
    EntryBytes, Field, Fields, GuestKeys, NoKeys, Seal, Secrecy, Stored, StoredEntry, StoredKey,
    StoredMovement, StoredOperation, Table,
};
use holdfast_ledger::{Account, ClosedFilter, Entry, LedgerError, Note};
use holdfast_ledger_postgres::Server;
use holdfast_ledger_postgres::moving::VenueTarget;
use holdfast_ledger_sqlite::SqliteLedger;
use holdfast_tests::house::{House, guest};
use sha2::{Digest as _, Sha256};
use std::path::Path;
use uuid::Uuid;

/// Tabs that were really opened, taken and closed; each copy has as many.
const TABS: u32 = 1_000;

/// A house closes one every ten minutes.
const COPY_LASTS: TimeDelta = TimeDelta::minutes(10 * TABS as i64);

/// Tabs of one night, which a report is made of.
const TABS_A_NIGHT: usize = 125;

/// Entries of a tab: opened, asked for, held, two lines, taken, its answer, released, its answer, closed.
pub(crate) const ENTRIES_A_TAB: u32 = 10;

/// Everything about one tab.
struct Story {
    account: Account,
    entries: Vec<Entry>,
    movements: Vec<Movement>,
}

async fn stories() -> Result<Vec<Story>> {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() {
        tempfile::tempdir_in(memory)?
    } else {
        tempfile::tempdir()?
    };
    let ledger = SqliteLedger::open(folder.path())?;
    let house = House {
        open: 0,
        closed: TABS,
        after: 0,
    };
    house.fill(&ledger, SystemClock.now()).await?;
    let mut accounts = ledger
        .closed_accounts(ClosedFilter::default(), None, TABS.into())
        .await?;
    accounts.sort_by_key(|account| account.tab.id);
    let movements = ledger.movements(1, i64::MAX).await?;
    let mut all = Vec::new();
    for account in accounts {
        let entries = ledger.journal(account.tab.id).await?;
        ensure!(
            entries.len() == usize::try_from(ENTRIES_A_TAB)?,
            "{} entries of a tab",
            entries.len()
        );
        let of_it = movements.iter().filter(|movement| movement.tab == account.tab.id);
        let movements = of_it.cloned().collect();
        all.push(Story {
            account,
            entries,
            movements,
        });
    }
    Ok(all)
}

/// The one guest's key that is needed.
struct OneKey(Secrecy);

impl GuestKeys for OneKey {
    fn of_tab(&self, _: TabId) -> Result<Secrecy, LedgerError> {
        Ok(self.0.clone())
    }

    fn of_hold(&self, _: HoldId) -> Result<Secrecy, LedgerError> {
        Ok(self.0.clone())
    }
}

/// One copy: how far back it lies, and the number of its first tab.
#[derive(Clone, Copy)]
struct Copied {
    back: TimeDelta,
    first: u32,
}

impl Copied {
    fn at(self, at: DateTime<Utc>) -> DateTime<Utc> {
        at.checked_sub_signed(self.back).unwrap_or(at)
    }

    /// Ids begin with their time, so that copies lie one after another as if they had been written then.
    fn id(self, id: Uuid) -> Uuid {
        let back = u128::try_from(self.back.num_milliseconds()).unwrap_or_default();
        Uuid::from_u128(id.as_u128().saturating_sub(back << 80))
    }

    fn tab_id(self, id: TabId) -> TabId {
        TabId(self.id(id.0))
    }

    fn key(self, story: &Story) -> Vec<u8> {
        let tab = self.tab_id(story.account.tab.id);
        Sha256::digest(tab.0.as_bytes()).to_vec()
    }

    fn keys(self, story: &Story) -> Result<OneKey, LedgerError> {
        let fields = vec![Field::Int(0), self.key(story).into()];
        Ok(OneKey(StoredKey::read(Fields::new(fields), &NoKeys)?.secrecy()))
    }

    fn tab(self, number: u32, tab: &Tab) -> Tab {
        Tab {
            id: self.tab_id(tab.id),
            name: guest(number),
            reference: format!("HF-{number:06}"),
            opened_at: self.at(tab.opened_at),
            closed_at: tab.closed_at.map(|at| self.at(at)),
            departs_on: tab.departs_on.map(|_| self.at(tab.opened_at).date_naive()),
            ..tab.clone()
        }
    }

    fn hold(self, number: u32, hold: &Hold) -> Hold {
        let id = self.id(hold.id.0);
        let mut seen = hold.seen.clone();
        if let Some(seen) = &mut seen {
            seen.seen_at = self.at(seen.seen_at);
            seen.authorised_at = seen.authorised_at.map(|at| self.at(at));
            for capture in &mut seen.captures {
                capture.at = capture.at.map(|at| self.at(at));
            }
        }
        Hold {
            id: HoldId(id),
            tab: self.tab_id(hold.tab),
            intent_id: Some(format!("pi_sandbox_{}", id.simple())),
            reference: format!("HF-{number:06}-1"),
            opened_at: self.at(hold.opened_at),
            seen,
            ..hold.clone()
        }
    }

    fn operation(self, operation: &Operation) -> StoredOperation {
        StoredOperation::new(Operation {
            id: OperationId(self.id(operation.id.0)),
            hold: HoldId(self.id(operation.hold.0)),
            at: self.at(operation.at),
            settled_at: operation.settled_at.map(|at| self.at(at)),
            ..operation.clone()
        })
    }

    fn note(self, number: u32, entry: &Entry) -> Note {
        let personal = match entry.event {
            Event::TabOpened => Personal::name(guest(number).as_str()),
            _ => entry.personal.clone(),
        };
        Note {
            at: self.at(entry.at),
            by: entry.by.clone(),
            tab: entry.tab.map(|tab| self.tab_id(tab)),
            event: entry.event.clone(),
            personal,
            reference: entry.reference.clone(),
            raises: None,
        }
    }

    fn movement(self, seq: i64, movement: &Movement) -> Movement {
        let mut movement = movement.clone();
        movement.seq = seq;
        movement.hold = HoldId(self.id(movement.hold.0));
        movement.tab = self.tab_id(movement.tab);
        movement.what.at = self.at(movement.what.at);
        movement
    }
}

/// All of it, a table after the other and a copy after the other.
struct Years {
    stories: Vec<Story>,
    copies: u32,
    table: usize,
    copy: u32,
    entries: i64,
    /// The newest one's.
    seal: Option<Seal>,
    movements: i64,
    reports: i64,
    /// Movements that are in a report.
    reported: i64,
}

type Rows = Vec<Vec<Field<'static>>>;

impl Years {
    fn copied(&self) -> Copied {
        let newer = self.copies - 1 - self.copy;
        Copied {
            back: COPY_LASTS * i32::try_from(newer).unwrap_or(i32::MAX),
            first: self.copy * TABS,
        }
    }

    /// The rows of one table in one copy.
    fn rows(&mut self, table: Table) -> Result<Rows, LedgerError> {
        if table == JOURNAL {
            return self.journal();
        }
        let copied = self.copied();
        let mut rows = Vec::new();
        if table == StoredMovement::TABLE || table == NightReport::TABLE {
            let nights: Vec<Vec<Movement>> = self.nights(copied);
            for night in nights {
                if table == StoredMovement::TABLE {
                    for movement in night {
                        rows.push(stored(movement).fields(&NoKeys)?);
                    }
                } else {
                    rows.push(self.report(&night)?.fields(&NoKeys)?);
                }
            }
            return Ok(rows);
        }
        for (number, story) in (copied.first..).zip(&self.stories) {
            let (account, keys) = (&story.account, copied.keys(story)?);
            if table == Tab::TABLE {
                rows.push(copied.tab(number, &account.tab).fields(&keys)?);
            } else if table == GUEST_KEYS {
                let tab = copied.tab_id(account.tab.id);
                rows.push(vec![tab.0.into(), copied.key(story).into()]);
            } else if table == holdfast_domain::Line::TABLE {
                for line in &account.lines {
                    let mut line = line.clone();
                    line.id = LineId(copied.id(line.id.0));
                    line.tab = copied.tab_id(line.tab);
                    line.at = copied.at(line.at);
                    rows.push(line.fields(&keys)?);
                }
            } else if table == Hold::TABLE {
                for (hold, _) in &account.holds {
                    rows.push(copied.hold(number, hold).fields(&keys)?);
                }
            } else if table == StoredOperation::TABLE {
                for operation in account.holds.iter().flat_map(|(_, operations)| operations) {
                    rows.push(copied.operation(operation).fields(&keys)?);
                }
            }
        }
        Ok(rows)
    }

    fn journal(&mut self) -> Result<Rows, LedgerError> {
        let copied = self.copied();
        let (mut seq, mut before, mut rows) = (self.entries, self.seal, Vec::new());
        for (number, story) in (copied.first..).zip(&self.stories) {
            let keys = copied.keys(story)?;
            for entry in &story.entries {
                seq += 1;
                let note = copied.note(number, entry);
                let StoredEntry { body, personal } = StoredEntry::of(&note, seq, &keys)?;
                let tab = note.tab.map(|tab| tab.0.into_bytes().to_vec());
                let bytes = EntryBytes {
                    seq,
                    tab: tab.as_deref(),
                    body: &body,
                    personal: personal.as_deref(),
                    former: None,
                };
                let seal = Seal::of_entry(before, &bytes);
                before = Some(seal);
                rows.push(vec![
                    seq.into(),
                    tab.into(),
                    body.into(),
                    personal.into(),
                    Field::Null,
                    seal.as_bytes().to_vec().into(),
                ]);
            }
        }
        (self.entries, self.seal) = (seq, before);
        Ok(rows)
    }

    /// What moved, night by night.
    fn nights(&mut self, copied: Copied) -> Vec<Vec<Movement>> {
        if self.copy == 0 {
            self.movements = 0;
        }
        let mut nights = Vec::new();
        for stories in self.stories.chunks(TABS_A_NIGHT) {
            let mut night = Vec::new();
            for movement in stories.iter().flat_map(|story| &story.movements) {
                self.movements += 1;
                night.push(copied.movement(self.movements, movement));
            }
            nights.push(night);
        }
        nights
    }

    fn report(&mut self, night: &[Movement]) -> Result<NightReport, LedgerError> {
        let newest = night.last().ok_or(LedgerError::NotFound)?;
        let (first, made_at) = (self.reported + 1, newest.what.at);
        self.reported = newest.seq;
        self.reports += 1;
        Ok(NightReport {
            number: self.reports,
            made_at,
            made_by: Actor::staff("Sam"),
            venue: "An invented venue".to_owned(),
            day: made_at.date_naive(),
            cut_off: "05:00".to_owned(),
            zone: "Europe/London".to_owned(),
            since: None,
            first,
            last: newest.seq,
            sums: sums_by(night, |_| ()).ok_or(LedgerError::TooMuch)?,
            by_staff: sums_by(night, |moved| moved.what.by.clone()).ok_or(LedgerError::TooMuch)?,
            by_day: sums_by(night, |moved| moved.what.at.date_naive()).ok_or(LedgerError::TooMuch)?,
            still_held: Vec::new(),
            leftovers: Vec::new(),
            journal: JournalHead {
                seq: self.entries,
                seal: self.seal.map(Seal::to_hex).unwrap_or_default(),
            },
        })
    }
}

fn stored(movement: Movement) -> StoredMovement {
    StoredMovement {
        seq: movement.seq,
        hold: movement.hold,
        currency: movement.currency,
        what: movement.what,
    }
}

#[async_trait]
impl Source for Years {
    async fn next(&mut self) -> Result<Option<MovedRows>, LedgerError> {
        while let Some(table) = TABLES.get(self.table).copied() {
            if self.copy == self.copies {
                self.table += 1;
                self.copy = 0;
                continue;
            }
            let rows = self.rows(table)?;
            self.copy += 1;
            if !rows.is_empty() {
                return Ok(Some(MovedRows { table, rows }));
            }
        }
        Ok(None)
    }

    async fn beside(&mut self) -> Result<Option<String>, LedgerError> {
        Ok(None)
    }
}

/// Fills an empty venue with so many tabs that were closed, some thousand at a time.
///
/// # Errors
/// When it can't be filled.
pub(super) async fn fill(admin: &Server, venue: i32, tabs: u32) -> Result<()> {
    let years = Years {
        stories: stories().await?,
        copies: tabs / TABS,
        table: 0,
        copy: 0,
        entries: 0,
        seal: None,
        movements: 0,
        reports: 0,
        reported: 0,
    };
    let target = VenueTarget::begin(admin, venue).await?;
    let moved = move_ledger(Box::new(years), Box::new(target)).await;
    let moved = moved.context("the filling")?;
    let entries = usize::try_from(tabs * ENTRIES_A_TAB)?;
    ensure!(moved.entries == entries, "{} entries", moved.entries);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_lie_one_after_another_and_share_no_id() {
        let id = Uuid::now_v7();
        let copied = |newer| Copied {
            back: COPY_LASTS * newer,
            first: 0,
        };
        let ids: Vec<Uuid> = [2, 1, 0].map(|newer| copied(newer).id(id)).to_vec();
        assert!(ids.is_sorted_by(|older, newer| older < newer), "{ids:?}");
        assert_eq!(ids.last(), Some(&id));
        let now = DateTime::UNIX_EPOCH;
        assert_eq!(now.signed_duration_since(copied(1).at(now)), COPY_LASTS);
    }
}
