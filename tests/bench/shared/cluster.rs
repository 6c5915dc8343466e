//! A primary and a standby of a row's own: what kills one can't be done to the server that all rows share.

use anyhow::{Context, Result, bail, ensure};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Runs a server for as long as its input is open; the adapter's tests use it too.
const SCRIPT: &str = include_str!("../../../src-tauri/crates/ledger-postgres/tests/server/cluster.sh");

/// It ends, with its folder, when this is dropped.
pub(super) struct Cluster {
    folder: String,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    script: Child,
}

/// Where PostgreSQL's programs are; none where it isn't installed.
fn programs() -> Option<String> {
    let found = Command::new("pg_config").arg("--bindir").output().ok()?;
    let folder = String::from_utf8(found.stdout).ok()?.trim().to_owned();
    Path::new(&folder).join("initdb").exists().then_some(folder)
}

/// PostgreSQL refuses to run as root: then it's the user that its package makes.
fn unprivileged() -> Result<Command> {
    let id = Command::new("id").arg("-u").output()?;
    let mut command = Command::new("env");
    if String::from_utf8_lossy(&id.stdout).trim() == "0" {
        command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "env"]);
        command.current_dir("/");
    }
    Ok(command)
}

impl Cluster {
    /// Starts the primary.
    pub(super) fn start() -> Result<Self> {
        let programs = programs().context("PostgreSQL isn’t installed here")?;
        let mut command = unprivileged()?;
        command.args(["sh", "-c", SCRIPT, "cluster", &programs, ""]);
        // The server that all rows share may be kept; this one never is.
        command.env_remove("KEPT");
        let mut script = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let input = script.stdin.take();
        let said = script.stdout.take().context("the server says nothing")?;
        let mut output = BufReader::new(said);
        let mut folder = String::new();
        output.read_line(&mut folder)?;
        ensure!(!folder.trim().is_empty(), "the server did not start; see above");
        let folder = folder.trim().to_owned();
        Ok(Self {
            folder,
            input,
            output,
            script,
        })
    }

    /// Has it do one of what the script does, and waits for that.
    pub(super) fn obey(&mut self, command: &str) -> Result<()> {
        let input = self.input.as_mut().context("the server ended")?;
        writeln!(input, "{command}")?;
        let mut answer = String::new();
        self.output.read_line(&mut answer)?;
        if answer.trim() != "done" {
            bail!("the server could not {command}; see above");
        }
        Ok(())
    }

    /// Where its owner connects to: the primary alone, the standby alone, whichever of both is the primary.
    pub(super) fn addresses(&self) -> [String; 3] {
        let folder = &self.folder;
        [
            format!("{folder}/s"),
            format!("{folder}/s2"),
            format!("{folder}/s,{folder}/s2"),
        ]
        .map(|host| format!("host={host} user=owner dbname=postgres"))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.input.take());
        drop(self.script.wait());
    }
}
