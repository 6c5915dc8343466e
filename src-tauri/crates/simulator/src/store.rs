//! The simulator's own SQLite file, so that training survives a restart.

use std::{fs::File, path::Path};

use anyhow::Context;
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, OptionalExtension, params};
use serde::de::DeserializeOwned;

use crate::engine::{Engine, Intent, Logged, State};

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS intents (id TEXT PRIMARY KEY, made INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS requests (seq INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL) STRICT;
";

/// How many of the last requests are kept on disk, where training may go on for months. In memory, where tests
/// judge by them, all are kept.
const KEPT_REQUESTS: usize = 5_000;

/// The open file.
pub(crate) struct Store {
    connection: Connection,
    /// Held for as long as the folder is worked on: two at once would draw the same ids.
    _lock: Option<File>,
    is_kept: bool,
    logged: usize,
    kept: Option<(State, TimeDelta)>,
}

/// What a restart finds.
pub(crate) struct Found {
    pub(crate) state: State,
    pub(crate) intents: Vec<Intent>,
    pub(crate) log: Vec<Logged>,
    pub(crate) now: DateTime<Utc>,
    pub(crate) offset: TimeDelta,
}

impl Store {
    /// Opens `simulator.db` in a folder, or a file that lives only in memory.
    pub(crate) fn open(folder: Option<&Path>) -> anyhow::Result<Self> {
        let (connection, lock) = match folder {
            Some(folder) => {
                std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
                let lock = lock(folder)?;
                (Connection::open(folder.join("simulator.db"))?, Some(lock))
            }
            None => (Connection::open_in_memory()?, None),
        };
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.execute_batch(SCHEMA)?;
        Ok(Self {
            connection,
            _lock: lock,
            is_kept: folder.is_some(),
            logged: 0,
            kept: None,
        })
    }

    /// Reads what was left, if anything was.
    pub(crate) fn load(&mut self) -> anyhow::Result<Option<Found>> {
        let read = |key: &str| {
            self.connection
                .query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| {
                    row.get::<_, String>(0)
                })
                .optional()
        };
        let (Some(state), Some(clock)) = (read("state")?, read("clock")?) else {
            return Ok(None);
        };
        let (now, offset): (DateTime<Utc>, i64) = serde_json::from_str(&clock)?;
        let intents = self.rows("SELECT body FROM intents ORDER BY made, rowid")?;
        // The log is no money: a line that can't be read is left out, and the rest goes on.
        let log: Vec<Logged> = self
            .bodies("SELECT body FROM requests ORDER BY seq")?
            .iter()
            .filter_map(|body| serde_json::from_str(body).ok())
            .collect();
        self.logged = log.len();
        let offset = TimeDelta::try_milliseconds(offset).context("the clock's offset is out of range")?;
        Ok(Some(Found {
            state: serde_json::from_str(&state)?,
            intents,
            log,
            now,
            offset,
        }))
    }

    fn rows<T: DeserializeOwned>(&self, sql: &str) -> anyhow::Result<Vec<T>> {
        Ok(self
            .bodies(sql)?
            .iter()
            .map(|body| serde_json::from_str(body))
            .collect::<Result<_, _>>()?)
    }

    fn bodies(&self, sql: &str) -> rusqlite::Result<Vec<String>> {
        let mut statement = self.connection.prepare(sql)?;
        statement.query_map([], |row| row.get::<_, String>(0))?.collect()
    }

    /// Writes what changed, all or nothing. The clock alone is not worth a write.
    pub(crate) fn save(&mut self, engine: &mut Engine, offset: TimeDelta) -> anyhow::Result<()> {
        let changed = engine.take_changed();
        let kept = Some((engine.state().clone(), offset));
        if changed.is_empty() && self.kept == kept && self.logged == engine.requests().len() {
            return Ok(());
        }
        let transaction = self.connection.transaction()?;
        for intent in &changed {
            transaction.execute(
                "INSERT INTO intents (id, made, body) VALUES (?1, ?2, ?3)
                 ON CONFLICT (id) DO UPDATE SET body = excluded.body",
                params![
                    intent.id,
                    intent.created_at.timestamp_millis(),
                    serde_json::to_string(intent)?
                ],
            )?;
        }
        for request in engine.requests().iter().skip(self.logged) {
            transaction.execute(
                "INSERT INTO requests (body) VALUES (?1)",
                [serde_json::to_string(request)?],
            )?;
        }
        let clock = serde_json::to_string(&(engine.now(), offset.num_milliseconds()))?;
        for (key, value) in [
            ("state", serde_json::to_string(engine.state())?),
            ("clock", clock),
        ] {
            transaction.execute(
                "INSERT INTO meta (key, value) VALUES (?1, ?2)
                 ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                [key, &value],
            )?;
        }
        let is_long = self.is_kept && engine.requests().len() >= KEPT_REQUESTS.saturating_mul(2);
        if is_long {
            transaction.execute(
                "DELETE FROM requests WHERE seq <= (SELECT max(seq) FROM requests) - ?1",
                [i64::try_from(KEPT_REQUESTS)?],
            )?;
        }
        transaction.commit()?;
        if is_long {
            engine.forget_requests_but(KEPT_REQUESTS);
        }
        self.logged = engine.requests().len();
        self.kept = kept;
        Ok(())
    }
}

/// One process a folder.
fn lock(folder: &Path) -> anyhow::Result<File> {
    let path = folder.join("simulator.lock");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)?;
    file.try_lock()
        .with_context(|| format!("another simulator works on {}", folder.display()))?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Request;

    fn ask(engine: &mut Engine, number: usize) {
        engine.handle(Request::new("GET", &format!("/payment-intents/pi_{number}")));
    }

    #[test]
    fn a_practice_of_months_keeps_its_last_requests_and_no_more() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let mut store = Store::open(Some(folder.path()))?;
        let mut engine = Engine::new(1, DateTime::UNIX_EPOCH, "http://127.0.0.1:1");
        let all = KEPT_REQUESTS * 2 + 3;
        for number in 0..all {
            ask(&mut engine, number);
            if number % 100 == 0 || number + 3 >= all {
                store.save(&mut engine, TimeDelta::zero())?;
            }
        }
        let last = |log: &[Logged]| log.last().map(|request| request.path.clone());
        let newest = Some(format!("/payment-intents/pi_{}", all - 1));
        assert!(engine.requests().len() < KEPT_REQUESTS * 2);
        assert_eq!(last(engine.requests()), newest);
        drop(store);
        let found = Store::open(Some(folder.path()))?
            .load()?
            .context("nothing was kept")?;
        assert_eq!(
            found.log.len(),
            engine.requests().len(),
            "the file knows the same ones"
        );
        assert_eq!(last(&found.log), newest);

        let mut store = Store::open(None)?;
        for number in 0..all {
            ask(&mut engine, number);
        }
        store.save(&mut engine, TimeDelta::zero())?;
        assert!(engine.requests().len() >= all, "in memory all are kept");
        Ok(())
    }
}
