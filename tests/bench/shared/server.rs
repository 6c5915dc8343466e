//! The server of these rows: databases of their own on it, the tills there, and the bare server beside them.

use crate::shared::filling;
use anyhow::{Context, Result};
use holdfast_ledger_postgres::schema::{self, Enrolled};
use holdfast_ledger_postgres::{PostgresLedger, Server};
use std::time::{Duration, Instant};
use tokio_postgres::{Client, NoTls, Statement};

/// The database that is made empty for each run; the filled ones are called after it and their number of tabs.
const FRESH: &str = "holdfast_bench";

/// Says by which program a ledger was filled: raised when what is filled in changes.
const FILLING: u32 = 1;

/// Roles are the whole server's, so those of a database's tills go before it does.
const DROP_TILLS: &str = "DO $$
DECLARE one record;
BEGIN
  IF to_regclass('holdfast.till') IS NOT NULL THEN
    FOR one IN SELECT r.rolname FROM holdfast.till t JOIN pg_roles r ON r.rolname = t.role_name LOOP
      EXECUTE format('DROP ROLE %I', one.rolname);
    END LOOP;
  END IF;
END $$";

/// What the ledger's tables and functions are: a ledger that was filled with others is filled again.
const FORM: &str = "SELECT md5(string_agg(part, E'\\n' ORDER BY part)) FROM (
  SELECT format('%s.%s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod)) AS part
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
   WHERE c.relnamespace = 'holdfast'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'holdfast'
  UNION ALL SELECT pg_get_functiondef(p.oid) FROM pg_proc p
   WHERE p.pronamespace IN ('holdfast'::regnamespace, 'holdfast_1'::regnamespace)) AS parts";

/// A database with a ledger for these rows.
pub(crate) struct Shared {
    admin: Server,
    address: String,
}

/// One that was filled, and its venue.
pub(crate) struct Kept {
    pub(crate) shared: Shared,
    pub(crate) venue: i32,
    pub(crate) tabs: u32,
}

async fn connect(address: &str) -> Result<Client> {
    let (client, connection) = tokio_postgres::connect(address, NoTls).await?;
    // It ends with the client.
    tokio::spawn(connection);
    Ok(client)
}

async fn is_there(server: &str, name: &str) -> Result<bool> {
    let sql = "SELECT 1 FROM pg_database WHERE datname = $1";
    Ok(connect(server).await?.query_opt(sql, &[&name]).await?.is_some())
}

impl Shared {
    fn at(server: &str, name: &str) -> Result<Self> {
        let address = format!("{server} dbname={name}");
        let admin = Server::new(&address, &[])?;
        Ok(Self { admin, address })
    }

    /// A ledger without venues. `server` is where an administrator connects to.
    pub(crate) async fn make(server: &str) -> Result<Self> {
        Self::emptied(server, FRESH).await
    }

    /// A ledger without venues in the database of that name, which is dropped before if it's there.
    async fn emptied(server: &str, name: &str) -> Result<Self> {
        let shared = Self::at(server, name)?;
        let owner = connect(server).await?;
        if is_there(server, name).await? {
            shared.drop_tills().await?;
            owner
                .batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)"))
                .await?;
        }
        owner.batch_execute(&format!("CREATE DATABASE {name}")).await?;
        schema::create(&shared.admin).await?;
        Ok(shared)
    }

    /// A ledger of a venue with so many tabs put away: the one that an earlier run filled, if the program's tables and
    /// functions are still those of then.
    pub(crate) async fn kept(server: &str, fresh: &Self, tabs: u32) -> Result<Kept> {
        let name = format!("{FRESH}_{tabs}");
        let form: String = fresh.client().await?.query_one(FORM, &[]).await?.get(0);
        let wanted = format!("{FILLING} {form}");
        if is_there(server, &name).await? {
            let shared = Self::at(server, &name)?;
            let owner = shared.client().await?;
            // Where it was never filled to the end there is no such table.
            let found = owner
                .query_opt("SELECT form, venue FROM public.filled", &[])
                .await;
            if let Ok(Some(row)) = found
                && row.get::<_, String>(0) == wanted
            {
                shared.drop_tills().await?;
                let venue = row.get(1);
                return Ok(Kept { shared, venue, tabs });
            }
        }
        let shared = Self::emptied(server, &name).await?;
        let venue = shared.venue().await?;
        let begun = Instant::now();
        filling::fill(&shared.admin, venue, tabs).await?;
        let owner = shared.client().await?;
        for sql in [
            "VACUUM (ANALYZE)",
            "CREATE TABLE public.filled (form text NOT NULL, venue integer NOT NULL)",
        ] {
            owner.batch_execute(sql).await?;
        }
        let sql = "INSERT INTO public.filled (form, venue) VALUES ($1, $2)";
        owner.execute(sql, &[&wanted, &venue]).await?;
        owner.batch_execute("CHECKPOINT").await?;
        let took = begun.elapsed().as_secs();
        println!("A shared ledger of {tabs} tabs was filled in {took} s.");
        Ok(Kept { shared, venue, tabs })
    }

    async fn drop_tills(&self) -> Result<()> {
        Ok(self.client().await?.batch_execute(DROP_TILLS).await?)
    }

    /// A connection of the administrator's.
    pub(crate) async fn client(&self) -> Result<Client> {
        connect(&self.address).await
    }

    /// Where it is, for a process of its own.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    pub(crate) async fn venue(&self) -> Result<i32> {
        Ok(schema::add_venue(&self.admin, "An invented venue").await?)
    }

    pub(crate) async fn enrol(&self, venue: i32, name: &str) -> Result<Enrolled> {
        Ok(schema::enrol(&self.admin, venue, name).await?)
    }

    /// The server as that till connects to it.
    pub(crate) fn server_of(&self, till: &Enrolled) -> Server {
        self.admin.as_role(&till.role, Some(&till.password))
    }

    pub(crate) async fn till(&self, venue: i32, name: &str) -> Result<PostgresLedger> {
        let server = self.server_of(&self.enrol(venue, name).await?);
        Ok(PostgresLedger::open(server).await?)
    }

    /// A number from which on no tab of the venue has one: a filled ledger is used by many runs.
    pub(crate) async fn next_number(&self, venue: i32) -> Result<u32> {
        let sql = "SELECT count(*) FROM holdfast.tab WHERE venue = $1";
        let count: i64 = self.client().await?.query_one(sql, &[&venue]).await?.get(0);
        Ok(crate::A_MILLION + u32::try_from(count)?)
    }
}

/// The bare server: a row of one number, and its commit.
pub(crate) struct BareServer {
    client: Client,
    insert: Statement,
    next: i64,
}

impl BareServer {
    pub(crate) async fn of(shared: &Shared) -> Result<Self> {
        let client = shared.client().await?;
        let table = "CREATE TABLE IF NOT EXISTS public.bare
                     (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, number bigint NOT NULL)";
        client.batch_execute(table).await?;
        let insert = client
            .prepare("INSERT INTO public.bare (number) VALUES ($1)")
            .await?;
        let next = 0;
        Ok(Self { client, insert, next })
    }

    /// One round trip, one row, one commit.
    pub(crate) async fn commit(&mut self) -> Result<Duration> {
        self.next += 1;
        let begun = Instant::now();
        self.client.execute(&self.insert, &[&self.next]).await?;
        Ok(begun.elapsed())
    }
}

/// What the kernel counts a process's time in: a hundredth of a second on every Linux of today.
const TICKS_A_SECOND: f64 = 100.0;

/// The server's processes.
pub(crate) struct Processes {
    first: u32,
}

/// A process's parent, its own time, and that of its children which have ended, in ticks.
fn times(id: u32) -> Option<(u32, u64, u64)> {
    let text = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // A program's name may have blanks in it, and ends with the last bracket.
    let (_, after) = text.rsplit_once(')')?;
    let fields: Vec<&str> = after.split_whitespace().collect();
    let number = |place: usize| fields.get(place)?.parse::<u64>().ok();
    let parent = u32::try_from(number(1)?).ok()?;
    Some((parent, number(11)? + number(12)?, number(13)? + number(14)?))
}

impl Processes {
    pub(crate) async fn of(shared: &Shared) -> Result<Self> {
        let client = shared.client().await?;
        let own: i32 = client.query_one("SELECT pg_backend_pid()", &[]).await?.get(0);
        let (first, ..) = times(u32::try_from(own)?).context("the server runs on another computer")?;
        Ok(Self { first })
    }

    /// Seconds that they have computed so far, those that have ended included.
    pub(crate) fn computed(&self) -> Result<f64> {
        let (_, own, ended) = times(self.first).context("the server ended")?;
        let mut ticks = own + ended;
        for entry in std::fs::read_dir("/proc")?.filter_map(Result::ok) {
            let id = entry.file_name().to_str().and_then(|name| name.parse().ok());
            // It may end while it is looked at.
            if let Some((parent, own, _)) = id.and_then(times)
                && parent == self.first
            {
                ticks += own;
            }
        }
        Ok(ticks as f64 / TICKS_A_SECOND)
    }
}
