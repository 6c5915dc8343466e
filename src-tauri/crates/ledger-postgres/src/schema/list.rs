//! Who is on a ledger: its venues, and the tills and head offices that were enrolled.

use super::failed;
use crate::server::Server;
use holdfast_ledger::LedgerError;
use uuid::Uuid;

/// A venue with its tills.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedVenue {
    /// Its number.
    pub number: i32,
    /// What people call it.
    pub name: String,
    /// The group that it's in.
    pub group: Option<String>,
    /// Its tills, in the order in which they were enrolled.
    pub tills: Vec<Listed>,
}

/// A till, or a head office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its id, by which it's retired.
    pub id: Uuid,
    /// What people call it.
    pub name: String,
    /// It's kept out.
    pub is_retired: bool,
    /// It has worked on the ledger; a head office always counts as one that has.
    pub has_worked: bool,
}

/// All venues, and all head offices with the group of each.
///
/// # Errors
/// [`LedgerError::Storage`].
pub async fn list(admin: &Server) -> Result<(Vec<ListedVenue>, Vec<(String, Listed)>), LedgerError> {
    let connected = admin.connect().await?;
    let venues = "SELECT venue::int4, name, grp FROM holdfast.venue ORDER BY venue";
    let tills = "SELECT till::bytea, name, retired_at IS NOT NULL, session > 0, venue::int4
                   FROM holdfast.till ORDER BY till";
    let offices =
        "SELECT office::bytea, name, retired_at IS NOT NULL, true, grp FROM holdfast.office ORDER BY office";
    let rows = async |sql| connected.client.query_typed(sql, &[]).await;
    let read = async {
        let mut all = Vec::new();
        for row in rows(venues).await? {
            all.push(ListedVenue {
                number: row.try_get(0)?,
                name: row.try_get(1)?,
                group: row.try_get(2)?,
                tills: Vec::new(),
            });
        }
        for row in rows(tills).await? {
            let of: i32 = row.try_get(4)?;
            let till = listed(&row)?;
            if let Some(venue) = all.iter_mut().find(|venue| venue.number == of) {
                venue.tills.push(till);
            }
        }
        let mut heads = Vec::new();
        for row in rows(offices).await? {
            heads.push((row.try_get(4)?, listed(&row)?));
        }
        Ok((all, heads))
    };
    read.await.map_err(|error: tokio_postgres::Error| failed(&error))
}

fn listed(row: &tokio_postgres::Row) -> Result<Listed, tokio_postgres::Error> {
    Ok(Listed {
        id: Uuid::from_slice(row.try_get(0)?).unwrap_or_default(),
        name: row.try_get(1)?,
        is_retired: row.try_get(2)?,
        has_worked: row.try_get(3)?,
    })
}
