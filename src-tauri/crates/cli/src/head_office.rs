//! Groups of venues, and the head offices that see them.

use crate::addresses::only_here;
use anyhow::bail;
use holdfast_ledger::LedgerError;
use holdfast_ledger_postgres::{Server, schema};
use serde_json::{Value, json};

/// Puts a venue into a group, or into none: what was done, in words and as data.
pub(crate) async fn set_group(
    admin: &Server,
    venue: i32,
    group: Option<&str>,
) -> anyhow::Result<(String, Value)> {
    match schema::set_group(admin, venue, group).await {
        Err(LedgerError::NotFound) => bail!("there is no venue {venue}"),
        done => done?,
    }
    let words = match group {
        Some(group) => format!("Venue {venue} is in the group {group}."),
        None => format!("Venue {venue} is in no group."),
    };
    Ok((words, json!({ "venue": venue, "group": group })))
}

/// Makes a head office that finds the server at this address: the same.
pub(crate) async fn add(
    admin: &Server,
    name: &str,
    group: &str,
    server: &str,
) -> anyhow::Result<(String, Value)> {
    let made = match schema::add_head_office(admin, name, group).await {
        Err(LedgerError::NotFound) => {
            bail!("no venue is in a group called {group}: put one in it first, with set-group")
        }
        made => made?,
    };
    let address = format!("{server} user='{}' password='{}'", made.role, made.password);
    let words = format!(
        "{name} is head office {}. This is its address, which has its password and isn’t kept anywhere. Put it into \
         HOLDFAST_LEDGER_SERVER there, and run `holdfast-cli ledger overview`:\n\n{address}{}",
        made.id,
        only_here(server)
    );
    Ok((words, json!({ "headOffice": made.id, "address": address })))
}
