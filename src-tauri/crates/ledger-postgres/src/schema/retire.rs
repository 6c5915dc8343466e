//! Keeping a till or a head office out.

use super::failed;
use crate::server::Server;
use holdfast_ledger::LedgerError;
use tokio_postgres::types::Type;
use uuid::Uuid;

/// Who was kept out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retired {
    /// A till. It has a copy of Dojo's key, which has to be changed at Dojo.
    Till,
    /// A head office.
    HeadOffice,
}

/// Keeps a till, or a head office, out from now on. A till's rows stay; what it has under way is of a former session.
///
/// # Errors
/// [`LedgerError::NotFound`] when there is none with that id; [`LedgerError::Storage`].
pub async fn retire(admin: &Server, id: Uuid) -> Result<Retired, LedgerError> {
    let connected = admin.connect().await?;
    let sql = "WITH till AS (UPDATE holdfast.till SET retired_at = clock_timestamp(), session = session + 1
                              WHERE till = $1 AND retired_at IS NULL RETURNING role_name),
                  office AS (UPDATE holdfast.office SET retired_at = clock_timestamp()
                              WHERE office = $1 AND retired_at IS NULL RETURNING role_name)
               SELECT role_name::text, true FROM till UNION ALL SELECT role_name::text, false FROM office";
    let key = id.as_bytes().as_slice();
    let row = connected
        .client
        .query_typed_opt(sql, &[(&key, Type::BYTEA)])
        .await;
    let row = row
        .map_err(|error| failed(&error))?
        .ok_or(LedgerError::NotFound)?;
    let role: String = row.try_get(0).map_err(|error| failed(&error))?;
    let is_till: bool = row.try_get(1).map_err(|error| failed(&error))?;
    let shut = connected
        .client
        .batch_execute(&format!("ALTER ROLE {role} NOLOGIN"))
        .await;
    shut.map_err(|error| failed(&error))?;
    Ok(if is_till {
        Retired::Till
    } else {
        Retired::HeadOffice
    })
}
