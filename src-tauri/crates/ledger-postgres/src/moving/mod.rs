//! Moving a venue's whole ledger: out of a till's file into the server, and back. By an administrator, never by a till.

mod venue_search;
mod venue_source;
mod venue_target;

pub use venue_source::VenueSource;
pub use venue_target::VenueTarget;

use crate::error::unreachable;
use crate::not_connected::told;
use crate::server::Connected;
use holdfast_ledger::LedgerError;
use holdfast_ledger::moving::{GUEST_KEYS, JOURNAL};
use holdfast_ledger::stored::Table;
use tokio_postgres::error::SqlState;

/// As whom rows are read and written: the tables' owner, from whom nothing is hidden. If anything is, that's an error.
const AS_OWNER: &str = "SET LOCAL ROLE holdfast_owner; SET LOCAL row_security = off";

/// What an error of the server's, or of the way to it, means for a move.
fn failed(error: &tokio_postgres::Error) -> LedgerError {
    match error.as_db_error().map(tokio_postgres::error::DbError::code) {
        Some(&SqlState::LOCK_NOT_AVAILABLE) => LedgerError::Busy,
        Some(_) => LedgerError::Storage(told(error)),
        None => unreachable(told(error)),
    }
}

async fn run(connected: &Connected, sql: &str) -> Result<(), LedgerError> {
    let done = connected.client.batch_execute(sql).await;
    done.map_err(|error| failed(&error))
}

/// The rows of a venue's table in the order in which they were written, or that anything else reads them in.
fn select(table: Table, venue: i32) -> String {
    let columns = table.columns.join(", r.");
    let (from, order) = match table {
        GUEST_KEYS => (
            " JOIN holdfast.tab t ON t.venue = r.venue AND t.id = r.tab",
            "t.place",
        ),
        JOURNAL => ("", "r.seq"),
        _ => match table.name {
            "movement" => ("", "r.seq"),
            "report" => ("", "r.number"),
            "setting" => ("", "r.name"),
            "finding" => ("", "r.key"),
            "run_row" => ("", "r.id"),
            _ => ("", "r.place"),
        },
    };
    let name = table.name;
    format!("SELECT r.{columns} FROM holdfast.{name} r{from} WHERE r.venue = {venue} ORDER BY {order}")
}
