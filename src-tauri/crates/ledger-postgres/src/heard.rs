//! What was written since a place, as the feed of changes has it: by this till and by others.

use crate::lanes::Lanes;
use crate::rows;
use crate::values::Value;
use holdfast_ledger::{Cursor, LedgerError};
use tokio_postgres::Row;
use tokio_postgres::types::Type;
use uuid::Uuid;

/// Changes that are told one by one; beyond that everything is read again, which is less then. [`CHANGED`] has the
/// same number.
const MOST_CHANGES: usize = 4_096;

/// Where the feed is, and from the third column on what [`crate::own::newest`] reads.
const HEAD: &str = "SELECT uuid_send(h.incarnation), h.change, h.seq, h.seal, uuid_send(h.incarnation)
                      FROM holdfast.head h WHERE $1 IS NOT NULL";

const CHANGED: &str =
    "SELECT c.kind, c.tab, c.hold FROM holdfast.change c WHERE c.n > $1 ORDER BY c.n LIMIT 4096";

/// What was heard.
pub(crate) struct Heard {
    /// Where the feed is now.
    pub(crate) newest: Cursor,
    /// The journal's end, from this row's third column on.
    pub(crate) head: Row,
    /// Each change since by its kind, tab and hold, in the order of writing; none where nobody knows them all any more.
    pub(crate) changes: Option<Vec<Row>>,
}

/// What was written after a place that somebody knows; without one, where the feed is now.
/// [`LedgerError::NotAdmitted`] for a till that was retired, which is shown no row of its venue's.
pub(crate) async fn since(lanes: &Lanes, known: Option<Cursor>) -> Result<Heard, LedgerError> {
    let after = known.map_or(i64::MAX, |known| known.number);
    let values: [Value<'_>; 1] = [(&after, Type::INT8)];
    let [head, changes] = lanes.query_at_once([HEAD, CHANGED], &values).await?;
    let head = head.into_iter().next().ok_or(LedgerError::NotAdmitted)?;
    let newest = Cursor {
        of: rows::id(&head, 0)?,
        number: rows::int(&head, 1)?,
    };
    let is_whole = known.is_some_and(|known| is_whole(known, newest, changes.len()));
    Ok(Heard {
        newest,
        head,
        changes: is_whole.then_some(changes),
    })
}

/// Whether that many changes after a place are all: they have no gaps, so they can be counted. Which is the oldest that
/// is kept says less, for they go by the server's clock, and that may have been set back.
fn is_whole(known: Cursor, newest: Cursor, count: usize) -> bool {
    let missed = newest.number.checked_sub(known.number);
    let missed = missed.and_then(|missed| usize::try_from(missed).ok());
    known.of == newest.of && missed == Some(count) && count < MOST_CHANGES
}

/// The tabs that changes name, each once.
pub(crate) fn tabs<'a>(changes: impl IntoIterator<Item = &'a Row>) -> Result<Vec<Uuid>, LedgerError> {
    let named = changes
        .into_iter()
        .filter_map(|row| rows::some_id(row, 1).transpose());
    let mut tabs = named.collect::<Result<Vec<_>, _>>()?;
    tabs.sort_unstable();
    tabs.dedup();
    Ok(tabs)
}
