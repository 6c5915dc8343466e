//! The simulator's own SQLite file, so that training survives a restart.

use std::path::Path;

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

/// The open file.
pub(crate) struct Store {
    connection: Connection,
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
        let connection = match folder {
            Some(folder) => {
                std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
                Connection::open(folder.join("simulator.db"))?
            }
            None => Connection::open_in_memory()?,
        };
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.execute_batch(SCHEMA)?;
        Ok(Self {
            connection,
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
        let log: Vec<Logged> = self.rows("SELECT body FROM requests ORDER BY seq")?;
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
        let mut statement = self.connection.prepare(sql)?;
        let bodies = statement
            .query_map([], |row| row.get::<_, String>(0))?
            .collect::<Result<Vec<_>, _>>()?;
        Ok(bodies
            .iter()
            .map(|body| serde_json::from_str(body))
            .collect::<Result<_, _>>()?)
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
        transaction.commit()?;
        self.logged = engine.requests().len();
        self.kept = kept;
        Ok(())
    }
}
