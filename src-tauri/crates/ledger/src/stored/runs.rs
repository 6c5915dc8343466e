//! Closings of the night as rows.

use crate::LedgerError;
use crate::stored::cbor::{record, to_bytes};
use crate::stored::foreign_words::ForeignWords as _;
use crate::stored::guests::Place;
use crate::stored::{Field, Fields, GuestKeys, Stored, Table, Unreadable, beyond_micros, plain, time_of};
use crate::{RowEnded, Run, RunRow};
use chrono::{DateTime, Utc};
use holdfast_domain::{Actor, RowTrouble, RunId, TabId};

struct RunBody {
    started_at: DateTime<Utc>,
    by: Actor,
    stopped_at: Option<DateTime<Utc>>,
    ended_beyond: u16,
}

record!(RunBody { 0 started_at, 1 by, 2 stopped_at, 3 ended_beyond });

/// A run without its rows.
impl Stored for Run {
    const TABLE: Table = Table {
        name: "run",
        key: "id",
        columns: &["id", "ended_at", "body"],
    };

    fn fields(&self, _: &dyn GuestKeys) -> Result<Vec<Field<'static>>, LedgerError> {
        let body = RunBody {
            started_at: self.started_at,
            by: self.by.clone(),
            stopped_at: self.stopped_at,
            ended_beyond: self.ended_at.map_or(0, beyond_micros),
        };
        Ok(vec![
            self.id.0.into(),
            self.ended_at.into(),
            to_bytes(&body)?.into(),
        ])
    }

    fn read(mut fields: Fields<'_>, _: &dyn GuestKeys) -> Result<Self, LedgerError> {
        let (id, ended_at) = (RunId(fields.id()?), fields.some_int()?);
        let body: RunBody = fields.body()?;
        Ok(Self {
            id,
            started_at: body.started_at,
            by: body.by,
            stopped_at: body.stopped_at,
            ended_at: ended_at.map(|at| time_of(at, body.ended_beyond)).transpose()?,
            rows: Vec::new(),
        })
    }
}

/// A row of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRunRow {
    /// Which run.
    pub run: RunId,
    /// Its place in the run, from 1.
    pub number: i64,
    /// What is in it.
    pub row: RunRow,
}

struct RowBody {
    plan: String,
    ended_beyond: u16,
    trouble: Option<RowTrouble>,
}

record!(RowBody { 0 plan, 1 ended_beyond, 2 trouble });

struct RowPersonal {
    name: String,
    /// Of the trouble.
    words: Option<String>,
}

record!(RowPersonal { 0 name, 1 words });

const fn of_row(row: &[u8]) -> Place<'_> {
    Place {
        table: "run_row",
        row,
    }
}

impl Stored for StoredRunRow {
    /// The id is the run's and the tab's.
    const TABLE: Table = Table {
        name: "run_row",
        key: "id",
        columns: &["id", "number", "ended_at", "body", "personal"],
    };

    fn fields(&self, guests: &dyn GuestKeys) -> Result<Vec<Field<'static>>, LedgerError> {
        let RunRow {
            tab,
            name,
            plan,
            ended,
        } = &self.row;
        let mut trouble = ended.as_ref().and_then(|ended| ended.trouble.clone());
        let personal = RowPersonal {
            name: name.clone(),
            words: trouble.take_words(),
        };
        let body = RowBody {
            plan: plan.clone(),
            ended_beyond: ended.as_ref().map_or(0, |ended| beyond_micros(ended.at)),
            trouble,
        };
        let id = [self.run.0.into_bytes(), tab.0.into_bytes()].concat();
        let personal = guests.of_tab(*tab)?.hide(&personal, of_row(&id))?;
        Ok(vec![
            id.into(),
            self.number.into(),
            ended.as_ref().map(|ended| ended.at).into(),
            to_bytes(&body)?.into(),
            personal.into(),
        ])
    }

    fn read(mut fields: Fields<'_>, guests: &dyn GuestKeys) -> Result<Self, LedgerError> {
        let id = fields.bytes()?;
        let (run, tab) = id
            .split_at_checked(16)
            .ok_or_else(|| Unreadable::new("a row of no run"))?;
        let (run, tab) = (RunId(plain::id_of(run)?), TabId(plain::id_of(tab)?));
        let (number, ended_at) = (fields.int()?, fields.some_int()?);
        let mut body: RowBody = fields.body()?;
        let personal: RowPersonal = fields.personal(&guests.of_tab(tab)?, of_row(&id))?;
        body.trouble.put_words(personal.words);
        let ended = ended_at.map(|at| {
            let at = time_of(at, body.ended_beyond)?;
            Ok::<_, Unreadable>(RowEnded {
                at,
                trouble: body.trouble,
            })
        });
        Ok(Self {
            run,
            number,
            row: RunRow {
                tab,
                name: personal.name,
                plan: body.plan,
                ended: ended.transpose()?,
            },
        })
    }
}
