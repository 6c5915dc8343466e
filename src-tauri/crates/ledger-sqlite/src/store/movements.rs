//! What moved: written in the commit that changes what a hold's record says, never by anybody else.

use crate::error::StoreError;
use crate::store::{holds, operations, rows};
use chrono::{DateTime, Utc};
use holdfast_domain::{Currency, Hold, HoldId, Movement, Standing, Sums, TabId};
use holdfast_ledger::moved_since;
use holdfast_ledger::stored::{Code, NoKeys, Stored, StoredMovement};
use rusqlite::{Connection, Transaction};
use uuid::Uuid;

/// Writes down whatever the hold's record says beyond what is written down already.
pub(crate) fn note(t: &Transaction<'_>, id: HoldId) -> Result<(), StoreError> {
    let (hold, operations) = (holds::hold(t, id)?, operations::operations(t, id)?);
    for what in moved_since(&hold, &operations, recorded(t, id)?) {
        append(t, &hold, what)?;
    }
    Ok(())
}

/// The same for every hold; for the step to the format that has movements.
pub(crate) fn note_all(t: &Transaction<'_>) -> Result<(), StoreError> {
    let mut all = holds::every_hold(t)?;
    all.sort_unstable();
    all.into_iter().try_for_each(|id| note(t, id))
}

fn append(t: &Transaction<'_>, hold: &Hold, what: Standing) -> Result<(), StoreError> {
    let seq: i64 = t
        .prepare_cached("SELECT coalesce(max(seq), 0) + 1 FROM movement")?
        .query_row([], |r| r.get(0))?;
    let movement = StoredMovement {
        seq,
        hold: hold.id,
        currency: hold.currency,
        what,
    };
    rows::insert(t, &movement).map(drop)
}

/// What is written down of a hold.
fn recorded(c: &Connection, hold: HoldId) -> Result<Vec<StoredMovement>, StoreError> {
    rows::all(
        c,
        "movement r WHERE r.hold = ?1 ORDER BY r.seq",
        [rows::key(&hold.0)],
    )
}

/// All from `first` to `last`.
pub(crate) fn between(c: &Connection, first: i64, last: i64) -> Result<Vec<Movement>, StoreError> {
    all(c, "WHERE r.seq BETWEEN ?1 AND ?2 ORDER BY r.seq", [first, last])
}

/// All that happened from `from` on and before `to`.
pub(crate) fn at(
    c: &Connection,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<Movement>, StoreError> {
    let span = [from.timestamp_micros(), to.timestamp_micros()];
    all(c, "WHERE r.at >= ?1 AND r.at < ?2 ORDER BY r.at, r.seq", span)
}

fn all(c: &Connection, which: &str, span: [i64; 2]) -> Result<Vec<Movement>, StoreError> {
    let columns = rows::columns::<StoredMovement>();
    // The movements first: few of them are asked for, and each has one hold.
    let sql = format!("SELECT {columns}, h.tab FROM movement r CROSS JOIN hold h ON h.id = r.hold {which}");
    let tab = StoredMovement::TABLE.columns.len();
    let mut query = c.prepare_cached(&sql)?;
    let mut rows = query.query(span)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let movement: StoredMovement = rows::read(row, &NoKeys)?;
        all.push(movement.on(TabId(Uuid::from_bytes(row.get(tab)?))));
    }
    Ok(all)
}

/// What moved between each edge and the next, and what was held at the latter.
pub(crate) fn day_sums(
    c: &Connection,
    currency: Currency,
    edges: &[DateTime<Utc>],
) -> Result<Vec<(Sums, i64)>, StoreError> {
    // Kinds 0 to 5: opened, held, taken, refunded, released, lapsed.
    let mut query = c.prepare_cached(
        "SELECT coalesce(sum((amount > 0) - (amount < 0)) FILTER (WHERE kind = 0), 0),
                coalesce(sum(amount) FILTER (WHERE kind = 0), 0),
                coalesce(sum(amount) FILTER (WHERE kind = 1), 0),
                coalesce(sum(amount) FILTER (WHERE kind = 2), 0),
                coalesce(sum(service) FILTER (WHERE kind = 2), 0),
                coalesce(sum(tip) FILTER (WHERE kind = 2), 0),
                coalesce(sum(amount) FILTER (WHERE kind = 3), 0),
                coalesce(sum(service) FILTER (WHERE kind = 3), 0),
                coalesce(sum(tip) FILTER (WHERE kind = 3), 0),
                coalesce(sum(amount - said) FILTER (WHERE kind = 3), 0),
                coalesce(sum(amount) FILTER (WHERE kind = 4), 0),
                coalesce(sum(amount) FILTER (WHERE kind = 5), 0),
                coalesce(sum(amount) FILTER (WHERE kind = 2 AND paid = 1), 0)
           FROM movement WHERE at >= ?1 AND at < ?2 AND currency = ?3",
    )?;
    let mut sums = |from: i64, to: i64| {
        query.query_row([from, to, Code::code(currency)], |r| {
            let sums = Sums {
                opened: r.get(0)?,
                asked: r.get(1)?,
                held: r.get(2)?,
                taken: r.get(3)?,
                service: r.get(4)?,
                tips: r.get(5)?,
                refunded: r.get(6)?,
                refunded_service: r.get(7)?,
                refunded_tips: r.get(8)?,
                refunded_not_said: r.get(9)?,
                released: r.get(10)?,
                lapsed: r.get(11)?,
            };
            let from_holds = sums.taken - r.get::<_, i64>(12)?;
            Ok((sums, sums.held - from_holds - sums.released - sums.lapsed))
        })
    };
    let Some(first) = edges.first() else {
        return Ok(Vec::new());
    };
    let (_, mut held) = sums(i64::MIN, first.timestamp_micros())?;
    let mut days = Vec::new();
    for (from, to) in edges.iter().zip(edges.iter().skip(1)) {
        let (of_day, more) = sums(from.timestamp_micros(), to.timestamp_micros())?;
        held += more;
        days.push((of_day, held));
    }
    Ok(days)
}
