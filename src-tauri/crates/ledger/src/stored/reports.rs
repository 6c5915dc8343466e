//! Night reports as rows, and those of format 9 and older.

use crate::LedgerError;
use crate::stored::cbor::{Cbor, Out, Put, kinds, record, to_bytes, to_some_bytes};
use crate::stored::guests::{Place, Secrecy};
use crate::stored::plain::Bytes;
use crate::stored::{Field, Fields, GuestKeys, Stored, Table, Unreadable};
use chrono::{DateTime, NaiveDate, Utc};
use holdfast_domain::{
    Actor, JournalHead, Leftover, Money, NightReport, StillHeld, Sums, SumsOf, TabId, TabState,
};
use minicbor::Decoder;

record!(Sums {
    0 opened, 1 asked, 2 held, 3 taken, 4 service, 5 tips, 6 refunded, 7 refunded_service, 8 refunded_tips,
    9 refunded_not_said, 10 released, 11 lapsed,
});
record!(SumsOf<()> { 0 of, 1 currency, 2 sums });
record!(SumsOf<Actor> { 0 of, 1 currency, 2 sums });
record!(SumsOf<NaiveDate> { 0 of, 1 currency, 2 sums });
record!(StillHeld { 0 holds, 1 money });

/// Of all: there is nothing to say.
impl Cbor for () {
    fn put(&self, out: &mut Out) -> Put {
        out.null()?;
        Ok(())
    }

    fn get(from: &mut Decoder<'_>) -> Result<Self, Unreadable> {
        Ok(from.null()?)
    }

    fn absent() -> Option<Self> {
        Some(())
    }

    fn is_absent(&self) -> bool {
        true
    }
}

kinds!(TabState {
    0 Former(words),
    1 Empty,
    2 Sending,
    3 TakePending,
    4 Settling,
    5 Unclear,
    6 Absent,
    7 Conflict,
    8 NotSent,
    9 Refused,
    10 Waiting,
    11 CardDeclined,
    12 LinkEnded,
    13 Held,
    14 PartTaken(minor),
    15 Taken,
    16 Released,
    17 Expired,
    18 TakenByDojo,
    19 Cancelled,
    20 PartRefunded,
    21 Refunded,
    22 Overdue,
    23 Unreadable,
});

/// A tab that is carried forward, without its guest.
struct Row {
    tab: TabId,
    reference: String,
    state: TabState,
    left: Money,
    bill: Money,
    opened_at: DateTime<Utc>,
    opened_by: Actor,
    times: i64,
}

record!(Row { 0 tab, 1 reference, 2 state, 3 left, 4 bill, 5 opened_at, 6 opened_by, 7 times });

/// The guest of such a tab.
struct Guest {
    name: String,
    place: Option<String>,
}

record!(Guest { 0 name, 1 place });

struct Personal {
    /// As format 10 kept them, in the order of the body's tabs.
    former: Vec<Guest>,
    /// In the same order, each encrypted with its own tab's key.
    guests: Vec<Bytes>,
}

record!(Personal { 0 former, 1 guests });

/// Of the guest of a report's leftover.
fn place(number: i64, leftover: usize) -> Vec<u8> {
    let leftover = u32::try_from(leftover).unwrap_or(u32::MAX);
    [&number.to_be_bytes()[..], &leftover.to_be_bytes()].concat()
}

const fn of_row(row: &[u8]) -> Place<'_> {
    Place { table: "report", row }
}

struct ReportBody {
    made_at: DateTime<Utc>,
    made_by: Actor,
    venue: String,
    day: NaiveDate,
    cut_off: String,
    zone: String,
    since: Option<DateTime<Utc>>,
    sums: Vec<SumsOf<()>>,
    by_staff: Vec<SumsOf<Actor>>,
    by_day: Vec<SumsOf<NaiveDate>>,
    still_held: Vec<StillHeld>,
    leftovers: Vec<Row>,
    journal_seq: i64,
    journal_seal: String,
}

record!(ReportBody {
    0 made_at, 1 made_by, 2 venue, 3 day, 4 cut_off, 5 zone, 6 since, 7 sums, 8 by_staff, 9 by_day, 10 still_held,
    11 leftovers, 12 journal_seq, 13 journal_seal,
});

impl Stored for NightReport {
    const TABLE: Table = Table {
        name: "report",
        key: "number",
        columns: &["number", "first", "last", "body", "personal"],
    };

    fn fields(&self, guests: &dyn GuestKeys) -> Result<Vec<Field<'static>>, LedgerError> {
        let report = self.clone();
        let (leftovers, named): (Vec<Row>, Vec<Guest>) = report.leftovers.into_iter().map(apart).unzip();
        let hidden = leftovers.iter().zip(named).enumerate().map(|(n, (row, guest))| {
            let hidden = guests
                .of_tab(row.tab)?
                .hide(&guest, of_row(&place(self.number, n)))?;
            Ok(Bytes(hidden.unwrap_or_default()))
        });
        let personal = Personal {
            former: Vec::new(),
            guests: hidden.collect::<Result<_, LedgerError>>()?,
        };
        let body = ReportBody {
            made_at: report.made_at,
            made_by: report.made_by,
            venue: report.venue,
            day: report.day,
            cut_off: report.cut_off,
            zone: report.zone,
            since: report.since,
            sums: report.sums,
            by_staff: report.by_staff,
            by_day: report.by_day,
            still_held: report.still_held,
            leftovers,
            journal_seq: report.journal.seq,
            journal_seal: report.journal.seal,
        };
        Ok(vec![
            self.number.into(),
            self.first.into(),
            self.last.into(),
            to_bytes(&body)?.into(),
            to_some_bytes(&personal)?.into(),
        ])
    }

    fn read(mut fields: Fields<'_>, guests: &dyn GuestKeys) -> Result<Self, LedgerError> {
        let (number, first, last) = (fields.int()?, fields.int()?, fields.int()?);
        let bytes = fields.bytes()?;
        if bytes.first() == Some(&b'{') {
            return Ok(former(&bytes)?);
        }
        let body: ReportBody = super::cbor::from_bytes(&bytes)?;
        // A guest who isn't there was forgotten, or has no name.
        let kept: Personal = Secrecy::Plain.show(fields.some_bytes()?.as_deref(), of_row(&[]))?;
        let mut former = kept.former.into_iter();
        let mut hidden = kept.guests.into_iter();
        let leftovers = body.leftovers.into_iter().enumerate().map(|(n, row)| {
            let bytes = hidden
                .next()
                .map(|bytes| bytes.0)
                .filter(|bytes| !bytes.is_empty());
            let guest = match former.next() {
                Some(guest) => guest,
                None => guests
                    .of_tab(row.tab)?
                    .show(bytes.as_deref(), of_row(&place(number, n)))?,
            };
            Ok(together(row, guest))
        });
        let leftovers = leftovers.collect::<Result<_, LedgerError>>()?;
        Ok(Self {
            number,
            made_at: body.made_at,
            made_by: body.made_by,
            venue: body.venue,
            day: body.day,
            cut_off: body.cut_off,
            zone: body.zone,
            since: body.since,
            first,
            last,
            sums: body.sums,
            by_staff: body.by_staff,
            by_day: body.by_day,
            still_held: body.still_held,
            leftovers,
            journal: JournalHead {
                seq: body.journal_seq,
                seal: body.journal_seal,
            },
        })
    }
}

fn apart(leftover: Leftover) -> (Row, Guest) {
    let row = Row {
        tab: leftover.tab,
        reference: leftover.reference,
        state: leftover.state,
        left: leftover.left,
        bill: leftover.bill,
        opened_at: leftover.opened_at,
        opened_by: leftover.opened_by,
        times: leftover.times,
    };
    let guest = Guest {
        name: leftover.name,
        place: leftover.place,
    };
    (row, guest)
}

fn together(row: Row, guest: Guest) -> Leftover {
    let Guest { name, place } = guest;
    Leftover {
        tab: row.tab,
        name,
        place,
        reference: row.reference,
        state: row.state,
        left: row.left,
        bill: row.bill,
        opened_at: row.opened_at,
        opened_by: row.opened_by,
        times: row.times,
    }
}

/// One of format 9 or older, as JSON: a tab's state was words.
fn former(bytes: &[u8]) -> Result<NightReport, Unreadable> {
    let mut report: serde_json::Value = serde_json::from_slice(bytes)?;
    let leftovers = report
        .get_mut("leftovers")
        .and_then(serde_json::Value::as_array_mut);
    for state in leftovers
        .into_iter()
        .flatten()
        .filter_map(|row| row.get_mut("state"))
    {
        if state.is_string() {
            *state = serde_json::json!({ "former": state.take() });
        }
    }
    Ok(serde_json::from_value(report)?)
}
