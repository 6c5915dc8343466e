//! What moved, and the night reports made of it: kept as they were made.

use crate::PostgresLedger;
use crate::keys::Keys;
use crate::rows;
use crate::values::Value;
use crate::write::Said;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use holdfast_domain::{Currency, JournalHead, Movement, NightReport, Sums, TabId};
use holdfast_ledger::stored::{Code, Field, Seal, Stored, StoredMovement};
use holdfast_ledger::{LedgerError, Note, Reports, Unreported};
use serde_json::Value as Json;
use tokio_postgres::Row;
use tokio_postgres::types::Type;

/// Movements with their tabs, which are their holds'.
fn select(which: &str) -> String {
    let columns = rows::columns::<StoredMovement>();
    format!(
        "SELECT {columns}, h.tab FROM holdfast.movement r
           JOIN holdfast.hold h ON h.venue = r.venue AND h.id = r.hold {which}"
    )
}

fn movements(found: &[Row], keys: &Keys) -> Result<Vec<Movement>, LedgerError> {
    let tab = StoredMovement::TABLE.columns.len();
    let moved = found.iter().map(|row| {
        let movement: StoredMovement = rows::read(row, keys)?;
        Ok(movement.on(TabId(rows::id(row, tab)?)))
    });
    moved.collect()
}

/// Kinds 0 to 5: opened, held, taken, refunded, released, lapsed. Sums of bigint are numeric, which has no end.
const SUMS: &str = "
    SELECT e.n::bigint, coalesce(sum(sign(m.amount)) FILTER (WHERE m.kind = 0), 0)::bigint,
           coalesce(sum(m.amount) FILTER (WHERE m.kind = 0), 0)::bigint,
           coalesce(sum(m.amount) FILTER (WHERE m.kind = 1), 0)::bigint,
           coalesce(sum(m.amount) FILTER (WHERE m.kind = 2), 0)::bigint,
           coalesce(sum(m.service) FILTER (WHERE m.kind = 2), 0)::bigint,
           coalesce(sum(m.tip) FILTER (WHERE m.kind = 2), 0)::bigint,
           coalesce(sum(m.amount) FILTER (WHERE m.kind = 3), 0)::bigint,
           coalesce(sum(m.service) FILTER (WHERE m.kind = 3), 0)::bigint,
           coalesce(sum(m.tip) FILTER (WHERE m.kind = 3), 0)::bigint,
           coalesce(sum(m.amount - m.said) FILTER (WHERE m.kind = 3), 0)::bigint,
           coalesce(sum(m.amount) FILTER (WHERE m.kind = 4), 0)::bigint,
           coalesce(sum(m.amount) FILTER (WHERE m.kind = 5), 0)::bigint,
           coalesce(sum(m.amount) FILTER (WHERE m.kind = 2 AND m.paid = 1), 0)::bigint
      FROM unnest($1, $2) WITH ORDINALITY AS e (since, before, n)
      LEFT JOIN holdfast.movement m ON m.at >= e.since AND m.at < e.before AND m.currency = $3
     GROUP BY e.n ORDER BY e.n";

/// A row of [`SUMS`], and by how much it changes what is held.
fn sums_of(row: &Row) -> Result<(Sums, i64), LedgerError> {
    let sums = Sums {
        opened: rows::int(row, 1)?,
        asked: rows::int(row, 2)?,
        held: rows::int(row, 3)?,
        taken: rows::int(row, 4)?,
        service: rows::int(row, 5)?,
        tips: rows::int(row, 6)?,
        refunded: rows::int(row, 7)?,
        refunded_service: rows::int(row, 8)?,
        refunded_tips: rows::int(row, 9)?,
        refunded_not_said: rows::int(row, 10)?,
        released: rows::int(row, 11)?,
        lapsed: rows::int(row, 12)?,
    };
    let from_holds = sums.taken - rows::int(row, 13)?;
    Ok((sums, sums.held - from_holds - sums.released - sums.lapsed))
}

#[async_trait]
impl Reports for PostgresLedger {
    async fn movements(&self, first: i64, last: i64) -> Result<Vec<Movement>, LedgerError> {
        let values: [Value<'_>; 2] = [(&first, Type::INT8), (&last, Type::INT8)];
        let sql = select("WHERE r.seq BETWEEN $1 AND $2 ORDER BY r.seq");
        movements(&self.lanes.query(&sql, &values).await?, &Keys::none())
    }

    async fn movements_at(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<Movement>, LedgerError> {
        let (from, to) = (from.timestamp_micros(), to.timestamp_micros());
        let values: [Value<'_>; 2] = [(&from, Type::INT8), (&to, Type::INT8)];
        let sql = select("WHERE r.at >= $1 AND r.at < $2 ORDER BY r.at, r.seq");
        movements(&self.lanes.query(&sql, &values).await?, &Keys::none())
    }

    async fn day_sums(
        &self,
        currency: Currency,
        edges: Vec<DateTime<Utc>>,
    ) -> Result<Vec<(Sums, i64)>, LedgerError> {
        let edges: Vec<i64> = edges.iter().map(DateTime::timestamp_micros).collect();
        if edges.is_empty() {
            return Ok(Vec::new());
        }
        // Before the first edge lies all that was held when the first day began.
        let since: Vec<i64> = std::iter::once(i64::MIN).chain(edges.iter().copied()).collect();
        let before: Vec<i64> = edges.clone();
        let since: Vec<i64> = since.into_iter().take(before.len()).collect();
        let currency = i16::try_from(Code::code(currency)).unwrap_or(i16::MAX);
        let values: [Value<'_>; 3] = [
            (&since, Type::INT8_ARRAY),
            (&before, Type::INT8_ARRAY),
            (&currency, Type::INT2),
        ];
        let found = self.lanes.query(SUMS, &values).await?;
        let spans: Vec<(Sums, i64)> = found.iter().map(sums_of).collect::<Result<_, _>>()?;
        let mut held = 0;
        let days = spans.into_iter().map(|(sums, more)| {
            held += more;
            (sums, held)
        });
        Ok(days.collect::<Vec<_>>().split_off(1))
    }

    async fn unreported(&self) -> Result<Unreported, LedgerError> {
        let last = rows::select::<NightReport>("holdfast.report r ORDER BY r.number DESC LIMIT 1");
        let moved = select("WHERE r.seq > (SELECT reported FROM holdfast.head) ORDER BY r.seq");
        let head = "SELECT h.seq, h.seal FROM holdfast.head h";
        let [last, moved, head] = self.lanes.query_at_once([&last, &moved, head], &[]).await?;
        let head = head
            .first()
            .ok_or_else(|| crate::error::damaged("the venue has no head"))?;
        let seal = match rows::field(head, 1)? {
            Field::Bytes(bytes) => Seal::from_bytes(&bytes).map(Seal::to_hex).unwrap_or_default(),
            Field::Null | Field::Int(_) | Field::Text(_) => String::new(),
        };
        let journal = JournalHead {
            seq: rows::int(head, 0)?,
            seal,
        };
        self.with_keys(Keys::none(), |keys| {
            Ok(Unreported {
                last: rows::read_all(&last, keys)?.into_iter().next(),
                movements: movements(&moved, keys)?,
                journal: journal.clone(),
            })
        })
        .await
    }

    async fn add_report(&self, report: &NightReport, note: Note) -> Result<(), LedgerError> {
        let made = self.with_keys(self.used_keys(), |keys| {
            let fields = report.fields(keys)?;
            let seal = Seal::of_row(NightReport::TABLE.name, fields.iter().cloned());
            // The journal's chain holds the report from here on.
            let note = Note {
                reference: Some(seal.to_hex()),
                ..note.clone()
            };
            let said = Said::note(&note).json(keys)?;
            let row = Json::Object(rows::json_of::<NightReport>(fields));
            Ok(vec![row.into(), said.into()])
        });
        let params = made.await?;
        self.write("add_report", params).await
    }

    async fn report(&self, number: i64) -> Result<NightReport, LedgerError> {
        self.one("holdfast.report r WHERE r.number = $1", &[(&number, Type::INT8)])
            .await
    }

    async fn reports(&self, before: Option<i64>, limit: i64) -> Result<Vec<NightReport>, LedgerError> {
        let before = before.unwrap_or(i64::MAX);
        let values: [Value<'_>; 2] = [(&before, Type::INT8), (&limit, Type::INT8)];
        let from = "holdfast.report r WHERE r.number < $1 ORDER BY r.number DESC LIMIT $2";
        self.all(from, &values).await
    }
}
