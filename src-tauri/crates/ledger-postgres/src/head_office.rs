//! What a head office reads of its group's venues: amounts, and nothing that is about guests. It writes nothing, calls
//! nothing, and has no guest's key; the server lets its role do no more (`schema/0001/rights.sql`).

use crate::FORMAT;
use crate::error::{Refusal, damaged};
use crate::keys::NoGuests;
use crate::rows;
use crate::server::{Connected, Server};
use crate::store::accounts::{Parts, together};
use crate::values::Value;
use futures_util::future::try_join_all;
use holdfast_domain::{Hold, Line, NightReport, Renewal, Tab};
use holdfast_ledger::stored::{Stored, StoredOperation};
use holdfast_ledger::{Account, LedgerError};
use tokio_postgres::Row;
use tokio_postgres::types::Type;

/// The tabs of a venue that are open, and those that were closed with something in force or under way.
const STANDING: &str = "
    SELECT t.id FROM holdfast.tab t WHERE t.venue = $1 AND t.closed_at IS NULL
     UNION SELECT h.tab FROM holdfast.hold h WHERE h.venue = $1 AND h.over = 0
     UNION SELECT h.tab FROM holdfast.operation o JOIN holdfast.hold h ON h.venue = o.venue AND h.id = o.hold
            WHERE o.venue = $1 AND o.state IN (0, 1, 2)";

/// A venue of the group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Venue {
    /// Its number.
    pub number: i32,
    /// What people call it.
    pub name: String,
}

/// How a venue stands, at one moment.
#[derive(Debug)]
pub struct Standing {
    /// The open tabs, and the closed ones on which something is in force or under way. Without guests.
    pub accounts: Vec<Account>,
    /// The venue's settings as the ledger has them; none before anything was saved.
    pub settings: Option<String>,
}

/// A head office, connected.
#[derive(Debug)]
pub struct HeadOffice {
    connected: Connected,
    name: String,
}

impl HeadOffice {
    /// Connects as a head office.
    ///
    /// # Errors
    /// [`LedgerError::NotAdmitted`] for a role that is no head office, or was retired; [`LedgerError::Unreachable`],
    /// [`LedgerError::Newer`], [`LedgerError::Older`], [`LedgerError::Storage`].
    pub async fn open(server: &Server) -> Result<Self, LedgerError> {
        let connected = server.connect().await?;
        connected.check_for_work(FORMAT).await?;
        let sql =
            "SELECT o.name FROM holdfast.office o WHERE o.role_name = session_user AND o.retired_at IS NULL";
        // A till isn't let near that table.
        let found = connected.client.query_typed(sql, &[]).await;
        let found = found.map_err(|error| match error.code() {
            Some(&tokio_postgres::error::SqlState::INSUFFICIENT_PRIVILEGE) => LedgerError::NotAdmitted,
            _ => Refusal::of(&error).into_error(),
        })?;
        let row = found.first().ok_or(LedgerError::NotAdmitted)?;
        let name = text(row, 0)?;
        Ok(Self { connected, name })
    }

    /// What people call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The venues that are in its group now, by number.
    ///
    /// # Errors
    /// [`LedgerError::Unreachable`], [`LedgerError::Storage`].
    pub async fn venues(&self) -> Result<Vec<Venue>, LedgerError> {
        let sql = "SELECT v.venue::bigint, v.name FROM holdfast.venue v ORDER BY v.venue";
        let found = self.connected.query(sql, &[]).await;
        let found = found.map_err(Refusal::into_error)?;
        let venues = found.iter().map(|row| {
            let number = i32::try_from(rows::int(row, 0)?);
            Ok(Venue {
                number: number.map_err(|_| damaged("a venue’s number is none"))?,
                name: text(row, 1)?,
            })
        });
        venues.collect()
    }

    /// How a venue stands. One that isn't in the group has nothing.
    ///
    /// # Errors
    /// [`LedgerError::Unreachable`], [`LedgerError::Storage`], [`LedgerError::Damaged`].
    pub async fn standing(&self, venue: i32) -> Result<Standing, LedgerError> {
        let of_these = |table: &str, key: &str| {
            format!("holdfast.{table} r WHERE r.venue = $1 AND r.{key} IN ({STANDING}) ORDER BY r.place")
        };
        let sql = [
            select::<Tab>(&of_these("tab", "id")),
            select::<Line>(&of_these("line", "tab")),
            select::<Hold>(&of_these("hold", "tab")),
            select::<StoredOperation>(&format!(
                "holdfast.operation r JOIN holdfast.hold h ON h.venue = r.venue AND h.id = r.hold
                  WHERE r.venue = $1 AND h.tab IN ({STANDING}) ORDER BY r.place"
            )),
            select::<Renewal>(&of_these("renewal", "tab")),
            "SELECT s.value FROM holdfast.setting s WHERE s.venue = $1 AND s.name = 'settings'".to_owned(),
        ];
        let mut found = self.at_once(&sql, &[(&venue, Type::INT4)]).await?;
        let settings = found.pop().unwrap_or_default();
        let parts: Parts = found
            .try_into()
            .map_err(|_| damaged("it answered another number of queries"))?;
        Ok(Standing {
            accounts: together(&parts, &NoGuests)?,
            settings: settings.first().map(|row| text(row, 0)).transpose()?,
        })
    }

    /// The newest night reports of a venue, the newest first, without whose tabs were carried forward. A report of the
    /// time before guests' names were encrypted isn't among them.
    ///
    /// # Errors
    /// The same.
    pub async fn reports(&self, venue: i32, limit: i64) -> Result<Vec<NightReport>, LedgerError> {
        let sql =
            select::<NightReport>("holdfast.report r WHERE r.venue = $1 ORDER BY r.number DESC LIMIT $2");
        let values: [Value<'_>; 2] = [(&venue, Type::INT4), (&limit, Type::INT8)];
        let found = self.connected.query(&sql, &values).await;
        let mut reports: Vec<NightReport> = rows::read_all(&found.map_err(Refusal::into_error)?, &NoGuests)?;
        for report in &mut reports {
            report.leftovers.clear();
        }
        Ok(reports)
    }

    /// What several queries answer, all of one moment. They are sent together.
    async fn at_once(&self, sql: &[String], values: &[Value<'_>]) -> Result<Vec<Vec<Row>>, LedgerError> {
        let run = async |sql| {
            let done = self.connected.client.batch_execute(sql).await;
            done.map_err(|error| Refusal::of(&error))
        };
        let queries = try_join_all(sql.iter().map(|sql| self.connected.query(sql, values)));
        let begin = run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        let ((), found, ()) =
            tokio::try_join!(biased; begin, queries, run("COMMIT")).map_err(Refusal::into_error)?;
        Ok(found)
    }
}

/// What `T` is read from, without the columns that a head office isn't shown.
fn select<T: Stored>(from: &str) -> String {
    let columns = T::TABLE.columns.iter().map(|column| match *column {
        "personal" => "NULL::bytea".to_owned(),
        "card" => "NULL::text".to_owned(),
        column => format!("r.{column}"),
    });
    format!("SELECT {} FROM {from}", columns.collect::<Vec<_>>().join(", "))
}

fn text(row: &Row, column: usize) -> Result<String, LedgerError> {
    row.try_get(column).map_err(|error| damaged(error.to_string()))
}
