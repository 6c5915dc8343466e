//! Filling an empty venue with another ledger's rows, in one commit.

use crate::FORMAT;
use crate::error::unreachable;
use crate::keys::NoGuests;
use crate::moving::venue_search::put_search;
use crate::moving::venue_source::VenueSource;
use crate::moving::{AS_OWNER, failed, run};
use crate::server::{Connected, Server};
use crate::store::tabs::line_guards;
use async_trait::async_trait;
use holdfast_domain::{Finding, Hold, Line};
use holdfast_ledger::LedgerError;
use holdfast_ledger::moving::{MovedRows, Source as _, Target};
use holdfast_ledger::stored::{Field, Fields, Seal, Stored, StoredOperation, Table};
use std::pin::Pin;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::{ToSql, Type};

/// Takes the head's lock first, without which no till of the venue commits anything.
const BEGIN: &str = "BEGIN; SET LOCAL lock_timeout = '5s'; SET LOCAL synchronous_commit = 'on'";

/// What the rows of a table are called besides the columns of every ledger's; [`guards`] works them out.
fn more_columns(table: Table) -> &'static [&'static str] {
    match table.name {
        "line" => &["amount", "takes_off", "moved_by"],
        "hold" => &["held"],
        "operation" => &["owner_till", "owner_session", "attempt"],
        "finding" => &["tab", "seen"],
        "run_row" => &["run", "tab"],
        _ => &[],
    }
}

/// An empty venue that takes a ledger's rows.
pub struct VenueTarget {
    connected: Connected,
    venue: i32,
    copying: Option<Copying>,
    /// Over all rows that were handed over, in their order.
    digest: Digest,
}

/// Rows of one table on their way.
struct Copying {
    table: Table,
    types: Vec<Type>,
    writer: Pin<Box<BinaryCopyInWriter>>,
}

impl VenueTarget {
    /// Begins to fill a venue, which no till writes meanwhile.
    ///
    /// # Errors
    /// [`LedgerError::NotFound`] without such a venue, [`LedgerError::Known`] where it has anything already,
    /// [`LedgerError::Busy`] where a till keeps it locked; [`LedgerError::Unreachable`], [`LedgerError::Newer`],
    /// [`LedgerError::Storage`].
    pub async fn begin(admin: &Server, venue: i32) -> Result<Self, LedgerError> {
        let connected = admin.connect().await?;
        connected.check(FORMAT).await?;
        run(&connected, BEGIN).await?;
        run(&connected, AS_OWNER).await?;
        let sql = "SELECT h.seq = 0 AND h.movement = 0
                      AND NOT EXISTS (SELECT 1 FROM holdfast.tab t WHERE t.venue = h.venue)
                      AND NOT EXISTS (SELECT 1 FROM holdfast.setting s WHERE s.venue = h.venue)
                     FROM holdfast.head h WHERE h.venue = $1 FOR UPDATE";
        let found = connected
            .client
            .query_typed_opt(sql, &[(&venue, Type::INT4)])
            .await;
        let found = found
            .map_err(|error| failed(&error))?
            .ok_or(LedgerError::NotFound)?;
        if !found.try_get::<_, bool>(0).unwrap_or_default() {
            return Err(LedgerError::Known);
        }
        Ok(Self {
            connected,
            venue,
            copying: None,
            digest: Digest::default(),
        })
    }

    /// Ends the rows of a table, if any are on their way.
    async fn end_copying(&mut self) -> Result<(), LedgerError> {
        if let Some(mut copying) = self.copying.take() {
            let done = copying.writer.as_mut().finish().await;
            done.map_err(|error| failed(&error))?;
        }
        Ok(())
    }

    async fn copying(&mut self, table: Table) -> Result<&mut Copying, LedgerError> {
        if self.copying.as_ref().is_none_or(|copying| copying.table != table) {
            self.end_copying().await?;
            let columns = [&["venue"], table.columns, more_columns(table)]
                .concat()
                .join(", ");
            let name = table.name;
            let client = &self.connected.client;
            let of_it = client
                .prepare(&format!("SELECT {columns} FROM holdfast.{name} LIMIT 0"))
                .await;
            let of_it = of_it.map_err(|error| failed(&error))?;
            let types: Vec<Type> = of_it
                .columns()
                .iter()
                .map(|column| column.type_().clone())
                .collect();
            let copy = format!("COPY holdfast.{name} ({columns}) FROM STDIN BINARY");
            let sink = client.copy_in(&copy).await.map_err(|error| failed(&error))?;
            let writer = Box::pin(BinaryCopyInWriter::new(sink, &types));
            return Ok(self.copying.insert(Copying { table, types, writer }));
        }
        self.copying
            .as_mut()
            .ok_or_else(|| unreachable("its rows are on no way"))
    }

    /// Reads all of it back before it counts: what the server has is what was handed over.
    async fn read_back(self) -> Result<Connected, LedgerError> {
        let mut source = VenueSource::within(self.connected, self.venue).await?;
        let mut digest = Digest::default();
        while let Some(rows) = source.next().await? {
            digest.add(&rows);
        }
        if digest != self.digest {
            return Err(LedgerError::Storage(
                "the server has other rows than were sent to it, so nothing was kept".to_owned(),
            ));
        }
        Ok(source.into_connected())
    }
}

/// What the guards compare, and the head, from the rows that are in.
fn ends(venue: i32) -> String {
    format!(
        "UPDATE holdfast.tab t SET lines = l.count, total = l.total
           FROM (SELECT tab, count(*), sum(amount)::bigint AS total FROM holdfast.line
                  WHERE venue = {venue} GROUP BY tab) AS l
          WHERE t.venue = {venue} AND t.id = l.tab;
         UPDATE holdfast.tab t SET operations = o.count
           FROM (SELECT h.tab, count(*) FROM holdfast.operation o
                   JOIN holdfast.hold h ON h.venue = o.venue AND h.id = o.hold
                  WHERE o.venue = {venue} GROUP BY h.tab) AS o
          WHERE t.venue = {venue} AND t.id = o.tab;
         DELETE FROM holdfast.change WHERE venue = {venue};
         UPDATE holdfast.head h SET
           seq = (SELECT coalesce(max(seq), 0) FROM holdfast.journal WHERE venue = {venue}),
           seal = (SELECT seal FROM holdfast.journal WHERE venue = {venue} ORDER BY seq DESC LIMIT 1),
           movement = (SELECT coalesce(max(seq), 0) FROM holdfast.movement WHERE venue = {venue}),
           report = (SELECT coalesce(max(number), 0) FROM holdfast.report WHERE venue = {venue}),
           reported = (SELECT coalesce(max(last), 0) FROM holdfast.report WHERE venue = {venue}),
           change = h.change + 1, incarnation = gen_random_uuid()
          WHERE h.venue = {venue}"
    )
}

#[async_trait]
impl Target for VenueTarget {
    async fn put(&mut self, rows: MovedRows) -> Result<(), LedgerError> {
        self.digest.add(&rows);
        let venue = Field::Int(self.venue.into());
        let copying = self.copying(rows.table).await?;
        for row in rows.rows {
            let guards = guards(rows.table, &row)?;
            let fields = std::iter::once(&venue).chain(&row).chain(&guards);
            let values = fields.zip(&copying.types).map(|(field, of)| value(field, of));
            let values: Vec<_> = values.collect::<Result<_, _>>()?;
            let written = copying.writer.as_mut().write_raw(values).await;
            written.map_err(|error| failed(&error))?;
        }
        Ok(())
    }

    async fn finish(mut self: Box<Self>, beside: Option<String>) -> Result<(), LedgerError> {
        self.end_copying().await?;
        run(&self.connected, &ends(self.venue)).await?;
        put_search(&self.connected, self.venue).await?;
        if let Some(text) = beside {
            let sql = "INSERT INTO holdfast.beside (venue, text) VALUES ($1, $2)
                         ON CONFLICT (venue) DO UPDATE SET text = excluded.text RETURNING venue";
            let values: [(&(dyn ToSql + Sync), Type); 2] = [(&self.venue, Type::INT4), (&text, Type::TEXT)];
            let kept = self.connected.client.query_typed_opt(sql, &values).await;
            kept.map_err(|error| failed(&error))?;
        }
        let connected = self.read_back().await?;
        run(&connected, "COMMIT").await?;
        if connected.is_doubtful() {
            return Err(unreachable("its standby did not confirm what was written"));
        }
        Ok(())
    }
}

/// What only this ledger's guards and queries need of a row, by [`more_columns`].
fn guards(table: Table, row: &[Field<'static>]) -> Result<Vec<Field<'static>>, LedgerError> {
    let fields = || Fields::new(row.to_vec());
    Ok(match table.name {
        "line" => line_guards(&Line::read(fields(), &NoGuests)?)?.into(),
        "hold" => vec![Hold::read(fields(), &NoGuests)?.authorised().into()],
        "operation" => {
            let sender = StoredOperation::read(fields(), &NoGuests)?.operation.sender;
            vec![
                sender.map(|sender| sender.session.till.0).into(),
                sender.map(|sender| sender.session.number).into(),
                sender.map(|sender| sender.attempt).into(),
            ]
        }
        "finding" => {
            let finding = Finding::read(fields(), &NoGuests)?;
            vec![
                finding.tab.map(|tab| tab.0).into(),
                finding.seen_by.is_some().into(),
            ]
        }
        "run_row" => match row.first() {
            Some(Field::Bytes(id)) => {
                let (run, tab) = id.split_at(id.len() / 2);
                vec![run.to_vec().into(), tab.to_vec().into()]
            }
            Some(Field::Null | Field::Int(_) | Field::Text(_)) | None => Vec::new(),
        },
        _ => Vec::new(),
    })
}

/// A seal over all rows of all tables but settings, findings and rows of nights, which have no order of writing here;
/// of those the seals are added up.
#[derive(Debug, Default, PartialEq, Eq)]
struct Digest {
    in_order: Option<Seal>,
    in_any_order: [u8; 32],
}

impl Digest {
    fn add(&mut self, MovedRows { table, rows }: &MovedRows) {
        for row in rows {
            let seal = Seal::of_row(table.name, row.iter().cloned());
            if matches!(table.name, "setting" | "finding" | "run_row") {
                let both = self.in_any_order.iter_mut().zip(seal.as_bytes());
                both.for_each(|(sum, byte)| *sum ^= byte);
            } else {
                let before = self
                    .in_order
                    .map_or(Field::Null, |seal| seal.as_bytes().to_vec().into());
                let both = [before, seal.as_bytes().to_vec().into()];
                self.in_order = Some(Seal::of_row("moved", both.into_iter()));
            }
        }
    }
}

/// A column's value as the server's type of it.
fn value(field: &Field<'static>, of: &Type) -> Result<Box<dyn ToSql + Sync + Send>, LedgerError> {
    let other = || LedgerError::Storage(format!("a column of the server’s is {of}, which no row has"));
    let number = match field {
        Field::Int(number) => Some(*number),
        Field::Null | Field::Bytes(_) | Field::Text(_) => None,
    };
    Ok(match (field, of) {
        (Field::Null | Field::Int(_), &Type::BOOL) => Box::new(number.map(|number| number != 0)),
        (Field::Null | Field::Int(_), &Type::INT2) => {
            Box::new(number.map(i16::try_from).transpose().map_err(|_| other())?)
        }
        (Field::Null | Field::Int(_), &Type::INT4) => {
            Box::new(number.map(i32::try_from).transpose().map_err(|_| other())?)
        }
        (Field::Null | Field::Int(_), &Type::INT8) => Box::new(number),
        (Field::Null, &Type::BYTEA) => Box::new(None::<Vec<u8>>),
        (Field::Bytes(bytes), &Type::BYTEA) => Box::new(bytes.to_vec()),
        (Field::Null, &Type::TEXT) => Box::new(None::<String>),
        (Field::Text(text), &Type::TEXT) => Box::new(text.to_string()),
        _ => return Err(other()),
    })
}
