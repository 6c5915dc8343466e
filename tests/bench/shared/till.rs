//! A till in a process of its own, so that it can be killed and its memory looked at: the app's core without a window.

use crate::sample::Spread;
use crate::screen::proportional;
use crate::shared::server::Shared;
use crate::venue;
use anyhow::{Context, Result, ensure};
use holdfast_desk::{Desk, SystemClock};
use holdfast_ledger_postgres::schema::Enrolled;
use holdfast_ledger_postgres::{PostgresLedger, Server};
use holdfast_ledger_sqlite::SqliteLedger;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

/// The till's password, which isn't for other users of this computer to see among the arguments.
const PASSWORD: &str = "HOLDFAST_BENCH_PASSWORD";

/// What it says when everything has been looked at once.
const READY: &str = "ready";

/// A till of a shared ledger, until it is killed.
///
/// # Errors
/// When something does not work.
pub(crate) async fn member(address: &str, role: &str, folder: &Path, url: &str) -> Result<()> {
    let password = std::env::var(PASSWORD).ok();
    let server = Server::new(address, &[])?.as_role(role, password.as_deref());
    let ledger = PostgresLedger::open_with_record(server, folder).await?;
    let session = ledger.session();
    let clock = Arc::new(SystemClock);
    work(Desk::of_till(
        Arc::new(ledger),
        venue::client(url)?,
        clock,
        session,
    ))
    .await
}

/// A till that has its ledger alone, until it is killed.
///
/// # Errors
/// When something does not work.
pub(crate) async fn alone(folder: &Path, url: &str) -> Result<()> {
    let ledger = Arc::new(SqliteLedger::open(folder)?);
    work(Desk::new(ledger, venue::client(url)?, Arc::new(SystemClock))).await
}

async fn work(desk: Desk) -> Result<()> {
    let desk = Arc::new(desk);
    desk.floor().await?;
    desk.search("a guest").await?;
    println!("{READY}");
    tokio::join!(Arc::clone(&desk).keep_hearing(), desk.keep_watch());
    Ok(())
}

/// One that runs. It's killed when this is dropped.
pub(super) struct Process(Child);

impl Process {
    async fn start(mut command: Command) -> Result<Self> {
        let started = move || {
            let mut process = Self(command.stdout(Stdio::piped()).spawn()?);
            let said = process.0.stdout.take().context("it says nothing")?;
            let mut line = String::new();
            BufReader::new(said).read_line(&mut line)?;
            ensure!(line.trim() == READY, "the till did not come up; see above");
            Ok(process)
        };
        // Dojo answers it from here meanwhile.
        tokio::task::spawn_blocking(started).await?
    }

    fn command(part: &str, arguments: &[&OsStr]) -> Result<Command> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(part).args(arguments);
        Ok(command)
    }

    pub(super) async fn member(shared: &Shared, till: &Enrolled, folder: &Path, url: &str) -> Result<Self> {
        let (address, role) = (OsStr::new(shared.address()), OsStr::new(&till.role));
        let mut command = Self::command("member", &[address, role, folder.as_ref(), url.as_ref()])?;
        command.env(PASSWORD, &till.password);
        Self::start(command).await
    }

    pub(super) async fn alone(folder: &Path, url: &str) -> Result<Self> {
        Self::start(Self::command("alone", &[folder.as_ref(), url.as_ref()])?).await
    }

    /// What it has in memory, in MB. What processes share is counted once.
    pub(super) fn memory(&self) -> Result<Spread> {
        let own = proportional(self.0.id()).context("the till does not run")?;
        Ok(Spread::once(own))
    }
}

impl Drop for Process {
    /// Ends it as a power cut does.
    fn drop(&mut self) {
        // It may have ended by itself, which is as good.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}
