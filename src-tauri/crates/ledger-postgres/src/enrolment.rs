//! What a till that was enrolled does once, before it works: it looks whether it's let in, and takes a password that
//! nobody else has seen.

use crate::FORMAT;
use crate::error::unreachable;
use crate::not_connected::told;
use crate::server::Server;
use holdfast_ledger::LedgerError;
use postgres_protocol::password;
use rand::TryRngCore as _;
use rand::rngs::OsRng;

/// A role's password has this many bytes of chance.
const PASSWORD_BYTES: usize = 24;

/// The till, as the server knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Met {
    /// What people call it.
    pub name: String,
    /// Whether it has ever worked on the ledger.
    pub has_worked: bool,
}

/// Connects as a till without beginning a session, and asks what the server knows of it.
///
/// # Errors
/// [`LedgerError::NotAdmitted`] for a wrong password and a till that was retired; those of
/// [`crate::PostgresLedger::open`].
pub async fn meet(till: &Server) -> Result<Met, LedgerError> {
    let connected = till.connect().await?;
    connected.check_for_work(FORMAT).await?;
    let sql = "SELECT name, session > 0 FROM holdfast.till WHERE role_name = session_user";
    let row = connected.client.query_typed_opt(sql, &[]).await;
    let row = row.map_err(|error| unreachable(told(&error)))?;
    let row = row.ok_or(LedgerError::NotAdmitted)?;
    let unreadable = |error: tokio_postgres::Error| LedgerError::Storage(error.to_string());
    Ok(Met {
        name: row.try_get(0).map_err(unreadable)?,
        has_worked: row.try_get(1).map_err(unreadable)?,
    })
}

/// Gives the role that `till` connects as another password. The server is told a verifier of it only.
///
/// # Errors
/// [`LedgerError::Unreachable`] when it isn't known whether that was done; [`LedgerError::Storage`].
pub async fn set_password(till: &Server, password: &str) -> Result<(), LedgerError> {
    let connected = till.connect().await?;
    let verifier = password::scram_sha_256(password.as_bytes());
    // The verifier has no quote in it.
    let sql = format!("ALTER ROLE CURRENT_USER PASSWORD '{verifier}'");
    let done = connected.client.batch_execute(&sql).await;
    done.map_err(|error| match error.as_db_error() {
        Some(_) => LedgerError::Storage(told(&error)),
        None => unreachable(told(&error)),
    })
}

/// A password by chance.
///
/// # Errors
/// [`LedgerError::Storage`] when the system has no random numbers.
pub fn draw_password() -> Result<String, LedgerError> {
    let mut bytes = [0; PASSWORD_BYTES];
    let drawn = OsRng.try_fill_bytes(&mut bytes);
    drawn.map_err(|error| LedgerError::Storage(format!("the system has no random numbers: {error}")))?;
    Ok(hex::encode(bytes))
}
