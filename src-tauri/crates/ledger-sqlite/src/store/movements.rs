//! What moved: written in the commit that changes what a hold's record says, never by anybody else.

use crate::error::StoreError;
use crate::integrity::row_hash::{self, HashedTable};
use crate::store::{commit::name, holds, operations};
use chrono::{DateTime, Utc};
use holdfast_domain::{Currency, Hold, HoldId, Movement, PAID, Standing, Sums, movements, standings};
use rusqlite::{Connection, Row, ToSql, Transaction, params};
use serde::de::DeserializeOwned;

/// Writes down whatever the hold's record says beyond what is written down already.
pub(crate) fn note(t: &Transaction<'_>, id: HoldId) -> Result<(), StoreError> {
    let (hold, operations) = (holds::hold(t, id)?, operations::operations(t, id)?);
    let Some(now) = standings(&hold, &operations) else {
        return Ok(());
    };
    for what in movements(&recorded(t, id)?, &now) {
        append(t, &hold, &what)?;
    }
    Ok(())
}

/// The same for every hold; for the step to the format that has movements.
pub(crate) fn note_all(t: &Transaction<'_>) -> Result<(), StoreError> {
    let mut all = holds::every_hold(t)?;
    all.sort_unstable();
    all.into_iter().try_for_each(|id| note(t, id))
}

fn append(t: &Transaction<'_>, hold: &Hold, what: &Standing) -> Result<(), StoreError> {
    let seq: i64 = t
        .prepare_cached("SELECT coalesce(max(seq), 0) + 1 FROM movement")?
        .query_row([], |r| r.get(0))?;
    t.prepare_cached(
        "INSERT INTO movement (seq, hold, tab, kind, source, by, currency, amount, service, tip, said, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?
    .execute(params![
        seq,
        hold.id.to_string(),
        hold.tab.to_string(),
        name(&what.kind)?,
        what.source,
        what.by,
        hold.currency.code(),
        what.amount,
        what.service,
        what.tip,
        what.said,
        what.at.to_rfc3339()
    ])?;
    row_hash::set(t, HashedTable::Movement, &seq.to_string())
}

/// What is written down of a hold, added up by kind, source and person.
fn recorded(c: &Connection, hold: HoldId) -> Result<Vec<Standing>, StoreError> {
    let mut query = c.prepare_cached(
        "SELECT kind, source, by, sum(amount), sum(service), sum(tip), sum(said), max(at) FROM movement
          WHERE hold = ?1 GROUP BY kind, source, by ORDER BY min(seq)",
    )?;
    let rows = query.query_map([hold.to_string()], |r| standing_row(r, 0))?;
    rows.map(|row| to_standing(row?)).collect()
}

const MOVEMENT: &str =
    "SELECT seq, hold, tab, currency, kind, source, by, amount, service, tip, said, at FROM movement";

/// All from `first` to `last`.
pub(crate) fn between(c: &Connection, first: i64, last: i64) -> Result<Vec<Movement>, StoreError> {
    all(
        c,
        "WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq",
        params![first, last],
    )
}

/// All that happened from `from` on and before `to`.
pub(crate) fn at(
    c: &Connection,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<Movement>, StoreError> {
    let span = params![from.to_rfc3339(), to.to_rfc3339()];
    all(c, "WHERE at >= ?1 AND at < ?2 ORDER BY at, seq", span)
}

fn all(c: &Connection, which: &str, p: &[&dyn ToSql]) -> Result<Vec<Movement>, StoreError> {
    let mut query = c.prepare_cached(&format!("{MOVEMENT} {which}"))?;
    let rows = query.query_map(p, |r| {
        let head: (i64, String, String, String) = (r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?);
        Ok((head, standing_row(r, 4)?))
    })?;
    rows.map(|row| {
        let ((seq, hold, tab, currency), what) = row?;
        Ok(Movement {
            seq,
            hold: parsed(hold)?,
            tab: parsed(tab)?,
            currency: named(currency)?,
            what: to_standing(what)?,
        })
    })
    .collect()
}

/// What moved between each edge and the next, and what was held at the latter.
pub(crate) fn day_sums(
    c: &Connection,
    currency: Currency,
    edges: &[DateTime<Utc>],
) -> Result<Vec<(Sums, i64)>, StoreError> {
    let mut query = c.prepare_cached(
        "SELECT coalesce(sum((amount > 0) - (amount < 0)) FILTER (WHERE kind = 'opened'), 0),
                coalesce(sum(amount) FILTER (WHERE kind = 'opened'), 0),
                coalesce(sum(amount) FILTER (WHERE kind = 'held'), 0),
                coalesce(sum(amount) FILTER (WHERE kind = 'taken'), 0),
                coalesce(sum(service) FILTER (WHERE kind = 'taken'), 0),
                coalesce(sum(tip) FILTER (WHERE kind = 'taken'), 0),
                coalesce(sum(amount) FILTER (WHERE kind = 'refunded'), 0),
                coalesce(sum(service) FILTER (WHERE kind = 'refunded'), 0),
                coalesce(sum(tip) FILTER (WHERE kind = 'refunded'), 0),
                coalesce(sum(amount - said) FILTER (WHERE kind = 'refunded'), 0),
                coalesce(sum(amount) FILTER (WHERE kind = 'released'), 0),
                coalesce(sum(amount) FILTER (WHERE kind = 'lapsed'), 0),
                coalesce(sum(amount) FILTER (WHERE kind = 'taken' AND source = ?4), 0)
           FROM movement WHERE at >= ?1 AND at < ?2 AND currency = ?3",
    )?;
    let mut sums = |from: String, to: String| {
        query.query_row(params![from, to, currency.code(), PAID], |r| {
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
    let (_, mut held) = sums(String::new(), first.to_rfc3339())?;
    let mut days = Vec::new();
    for (from, to) in edges.iter().zip(edges.iter().skip(1)) {
        let (of_day, more) = sums(from.to_rfc3339(), to.to_rfc3339())?;
        held += more;
        days.push((of_day, held));
    }
    Ok(days)
}

type StandingRow = (String, String, String, i64, i64, i64, i64, String);

fn standing_row(r: &Row<'_>, from: usize) -> rusqlite::Result<StandingRow> {
    Ok((
        r.get(from)?,
        r.get(from + 1)?,
        r.get(from + 2)?,
        r.get(from + 3)?,
        r.get(from + 4)?,
        r.get(from + 5)?,
        r.get(from + 6)?,
        r.get(from + 7)?,
    ))
}

fn to_standing(row: StandingRow) -> Result<Standing, StoreError> {
    let (kind, source, by, amount, service, tip, said, at) = row;
    Ok(Standing {
        kind: named(kind)?,
        source,
        by,
        amount,
        service,
        tip,
        said,
        at: parsed(at)?,
    })
}

fn named<T: DeserializeOwned>(name: String) -> Result<T, StoreError> {
    Ok(serde_json::from_value(serde_json::Value::from(name))?)
}

fn parsed<T: std::str::FromStr>(text: String) -> Result<T, StoreError> {
    text.parse()
        .map_err(|_| StoreError::damaged(format!("{text} can’t be read")))
}
