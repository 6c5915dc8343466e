//! Making a shared ledger, migrating it, and enrolling tills and head offices: by a person with an administrator's
//! role, never by a till at its start.

mod head_office;
mod list;
mod retire;

pub use head_office::{NewHeadOffice, add_head_office, set_group};
pub use list::{Listed, ListedVenue, list};
pub use retire::{Retired, retire};

use crate::FORMAT;
use crate::enrolment::draw_password;
use crate::error::unreachable;
use crate::not_connected::told;
use crate::server::{Connected, Server};
use holdfast_ledger::LedgerError;
use postgres_protocol::password;
use std::time::Duration;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::Type;
use uuid::Uuid;

/// Roles, schemas and the row that says the format: before the first step.
const ROLES: &str = include_str!("roles.sql");

/// What leads from each format to the next, from 0. A step is one commit.
const STEPS: [&[&str]; FORMAT as usize] = [&[
    include_str!("0001/tables.sql"),
    include_str!("0001/guards.sql"),
    include_str!("functions_1/base.sql"),
    include_str!("functions_1/search.sql"),
    include_str!("functions_1/tabs.sql"),
    include_str!("functions_1/operations.sql"),
    include_str!("functions_1/renewals.sql"),
    include_str!("functions_1/runs.sql"),
    include_str!("functions_1/house.sql"),
    include_str!("functions_1/guests.sql"),
    include_str!("functions_1/lost.sql"),
    include_str!("0001/rights.sql"),
]];

/// One maker or migrator at a time in a database; the number is drawn by chance.
const ALONE: &str = "SELECT pg_advisory_xact_lock(7153208846213)";

/// How often a step is tried that tills at work keep from a lock, two seconds each.
const MOST_TRIES: usize = 15;

/// Between two tries, so that the tills get on.
const PAUSE: Duration = Duration::from_millis(500);

/// A till that was enrolled.
#[derive(Clone)]
pub struct Enrolled {
    /// Its id.
    pub till: Uuid,
    /// The role that it connects as.
    pub role: String,
    /// The role's password: the server keeps a verifier of it only.
    pub password: String,
}

/// The password is never shown.
impl std::fmt::Debug for Enrolled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Enrolled")
            .field("till", &self.till)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

fn failed(error: &tokio_postgres::Error) -> LedgerError {
    match error.as_db_error() {
        Some(_) => LedgerError::Storage(told(error)),
        None => unreachable(told(error)),
    }
}

/// Makes the tables and functions in a database that has none, as a role that may create schemas and roles.
///
/// # Errors
/// [`LedgerError::Busy`] where there is a ledger already; [`LedgerError::Storage`] why it can't be made.
pub async fn create(admin: &Server) -> Result<(), LedgerError> {
    let connected = admin.connect().await?;
    if format(&connected).await?.is_some() {
        return Err(LedgerError::Busy);
    }
    refuse_unless_every_name_fits(&connected).await?;
    let mut sql = format!("BEGIN; {ALONE};\n{ROLES}");
    for (step, to) in STEPS.iter().zip(1..) {
        sql.push_str(&of_step(step, to));
    }
    sql.push_str("COMMIT;");
    let made = connected.client.batch_execute(&sql).await;
    made.map_err(|error| failed(&error))
}

/// In another encoding there are names that can't be kept.
async fn refuse_unless_every_name_fits(connected: &Connected) -> Result<(), LedgerError> {
    let asked = "SELECT current_setting('server_encoding')";
    let row = connected.client.query_typed_one(asked, &[]).await;
    let row = row.map_err(|error| failed(&error))?;
    match row.try_get::<_, &str>(0).map_err(|error| failed(&error))? {
        "UTF8" => Ok(()),
        other => Err(LedgerError::Storage(format!(
            "the database’s encoding is {other}, which can’t hold every name: make one with the encoding UTF8"
        ))),
    }
}

/// Brings a ledger to this program's format, step by step, while tills work; how many steps that took.
///
/// # Errors
/// [`LedgerError::NotFound`] where there is no ledger; [`LedgerError::Newer`]; [`LedgerError::Storage`].
pub async fn migrate(admin: &Server) -> Result<usize, LedgerError> {
    migrate_by(admin, &STEPS).await
}

/// The same by steps of a caller's own, each a list of scripts that lead from one format to the next, from 0: a test
/// has those of a version that isn't there yet. The schema for the functions of each format is there before its step.
/// A step is one commit, so that what is killed in it changes nothing; it waits two seconds for a lock, and tills wait
/// behind it no longer than that.
///
/// # Errors
/// The same.
pub async fn migrate_by(admin: &Server, steps: &[&[&str]]) -> Result<usize, LedgerError> {
    let connected = admin.connect().await?;
    let found = format(&connected).await?.ok_or(LedgerError::NotFound)?;
    let from = usize::try_from(found).unwrap_or_default();
    if from > steps.len() {
        let known = i64::try_from(steps.len()).unwrap_or(i64::MAX);
        return Err(LedgerError::Newer { found, known });
    }
    let steps = steps.iter().zip(1..).skip(from);
    let mut count = 0;
    for (step, to) in steps {
        let guard = format!(
            "DO $$ BEGIN IF (SELECT format FROM holdfast.format) <> {to} - 1 THEN
               RAISE EXCEPTION 'somebody else is migrating it'; END IF; END $$;"
        );
        // The owner makes no schemas.
        let functions = format!("CREATE SCHEMA IF NOT EXISTS holdfast_{to} AUTHORIZATION holdfast_owner");
        let sql = format!(
            "BEGIN; SET LOCAL lock_timeout = '2s'; {ALONE}; {functions}; SET LOCAL ROLE holdfast_owner; {guard}\n\
             {}COMMIT;",
            of_step(step, to)
        );
        carry_out(&connected, &sql).await?;
        count += 1;
    }
    Ok(count)
}

/// A step's statements and the format that it leads to.
fn of_step(step: &[&str], to: i64) -> String {
    format!(
        "{}\nUPDATE holdfast.format SET format = {to}, at = clock_timestamp();\n",
        step.join("\n")
    )
}

async fn carry_out(connected: &Connected, sql: &str) -> Result<(), LedgerError> {
    let mut tries = 1..=MOST_TRIES;
    loop {
        let Err(error) = connected.client.batch_execute(sql).await else {
            return Ok(());
        };
        let undone = connected.client.batch_execute("ROLLBACK").await;
        let is_locked = error.code() == Some(&SqlState::LOCK_NOT_AVAILABLE);
        tries.next();
        if !is_locked || undone.is_err() || tries.is_empty() {
            return Err(failed(&error));
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// The format of the ledger in a database; none where it has no ledger.
async fn format(connected: &Connected) -> Result<Option<i64>, LedgerError> {
    let there = connected
        .client
        .query_typed_one("SELECT to_regclass('holdfast.format') IS NOT NULL", &[])
        .await;
    let there = there.map_err(|error| failed(&error))?;
    if !there.try_get::<_, bool>(0).unwrap_or_default() {
        return Ok(None);
    }
    let row = connected
        .client
        .query_typed_one("SELECT format::bigint FROM holdfast.format", &[])
        .await;
    let row = row.map_err(|error| failed(&error))?;
    row.try_get(0).map(Some).map_err(|error| failed(&error))
}

/// Adds a venue with an empty ledger; its number.
///
/// # Errors
/// [`LedgerError::Storage`].
pub async fn add_venue(admin: &Server, name: &str) -> Result<i32, LedgerError> {
    let connected = admin.connect().await?;
    let sql = "WITH made AS (INSERT INTO holdfast.venue (name) VALUES ($1) RETURNING venue)
               INSERT INTO holdfast.head (venue) SELECT venue FROM made RETURNING venue";
    let row = connected
        .client
        .query_typed_one(sql, &[(&name, Type::TEXT)])
        .await;
    let row = row.map_err(|error| failed(&error))?;
    row.try_get(0).map_err(|error| failed(&error))
}

/// Begins to make a role that may what another one may; its password. The role's name has no quote in it. A call waits
/// for locks and then reads what others have committed: at another level of isolation it would be refused instead.
async fn begin_role(connected: &Connected, role: &str, may: &str) -> Result<String, LedgerError> {
    let password = draw_password()?;
    // Nor has the verifier.
    let verifier = password::scram_sha_256(password.as_bytes());
    let make = format!(
        "BEGIN; CREATE ROLE {role} LOGIN PASSWORD '{verifier}' IN ROLE {may};
         ALTER ROLE {role} SET idle_in_transaction_session_timeout = '5s';
         ALTER ROLE {role} SET statement_timeout = '60s';
         ALTER ROLE {role} SET default_transaction_isolation = 'read committed';"
    );
    let made = connected.client.batch_execute(&make).await;
    made.map_err(|error| failed(&error))?;
    Ok(password)
}

/// Enrols a till of a venue under a name that people know it by: a role of its own, and a password for it.
///
/// # Errors
/// [`LedgerError::NotFound`] without such a venue; [`LedgerError::Storage`].
pub async fn enrol(admin: &Server, venue: i32, name: &str) -> Result<Enrolled, LedgerError> {
    let till = Uuid::now_v7();
    let role = format!("holdfast_till_{}", till.simple());
    let connected = admin.connect().await?;
    let password = begin_role(&connected, &role, "holdfast_till").await?;
    let sql =
        "INSERT INTO holdfast.till (venue, till, role_name, name) VALUES ($1, $2, $3, $4) RETURNING venue";
    let id = till.as_bytes().as_slice();
    let values: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 4] = [
        (&venue, Type::INT4),
        (&id, Type::BYTEA),
        (&role, Type::NAME),
        (&name, Type::TEXT),
    ];
    let put = connected.client.query_typed_one(sql, &values).await;
    put.map_err(|error| match error.code() {
        Some(&SqlState::FOREIGN_KEY_VIOLATION) => LedgerError::NotFound,
        _ => failed(&error),
    })?;
    let kept = connected.client.batch_execute("COMMIT").await;
    kept.map_err(|error| failed(&error))?;
    Ok(Enrolled { till, role, password })
}
