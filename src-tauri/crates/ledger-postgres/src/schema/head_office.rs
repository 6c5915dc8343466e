//! Groups of venues, and the head offices that see their figures.

use super::{begin_role, failed};
use crate::server::Server;
use holdfast_ledger::LedgerError;
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

/// A head office that was made.
#[derive(Clone)]
pub struct NewHeadOffice {
    /// Its id.
    pub id: Uuid,
    /// The role that it connects as.
    pub role: String,
    /// The role's password: the server keeps a verifier of it only.
    pub password: String,
}

/// The password is never shown.
impl std::fmt::Debug for NewHeadOffice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewHeadOffice")
            .field("id", &self.id)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

/// Puts a venue into a group, out of the one that it was in, or into none.
///
/// # Errors
/// [`LedgerError::NotFound`] without such a venue; [`LedgerError::Storage`].
pub async fn set_group(admin: &Server, venue: i32, group: Option<&str>) -> Result<(), LedgerError> {
    let connected = admin.connect().await?;
    let sql = "UPDATE holdfast.venue SET grp = $2 WHERE venue = $1 RETURNING venue";
    let values: [(&(dyn ToSql + Sync), Type); 2] = [(&venue, Type::INT4), (&group, Type::TEXT)];
    let row = connected.client.query_typed_opt(sql, &values).await;
    let row = row.map_err(|error| failed(&error))?;
    row.map(drop).ok_or(LedgerError::NotFound)
}

/// Makes a head office of a group: a role that reads the figures of the venues that are in it, now and later.
///
/// # Errors
/// [`LedgerError::NotFound`] where no venue is in such a group; [`LedgerError::Storage`].
pub async fn add_head_office(admin: &Server, name: &str, group: &str) -> Result<NewHeadOffice, LedgerError> {
    let id = Uuid::now_v7();
    let role = format!("holdfast_office_{}", id.simple());
    let connected = admin.connect().await?;
    let password = begin_role(&connected, &role, "holdfast_head_office").await?;
    let sql = "INSERT INTO holdfast.office (office, role_name, name, grp)
               SELECT $1, $2, $3, $4 WHERE EXISTS (SELECT 1 FROM holdfast.venue v WHERE v.grp = $4) RETURNING grp";
    let key = id.as_bytes().as_slice();
    let values: [(&(dyn ToSql + Sync), Type); 4] = [
        (&key, Type::BYTEA),
        (&role, Type::NAME),
        (&name, Type::TEXT),
        (&group, Type::TEXT),
    ];
    // What was begun is undone with the connection.
    let put = connected.client.query_typed_opt(sql, &values).await;
    put.map_err(|error| failed(&error))?
        .ok_or(LedgerError::NotFound)?;
    let kept = connected.client.batch_execute("COMMIT").await;
    kept.map_err(|error| failed(&error))?;
    Ok(NewHeadOffice { id, role, password })
}
