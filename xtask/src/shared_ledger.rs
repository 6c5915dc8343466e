//! Two windows on one shared ledger, in training: a PostgreSQL server, a simulator and two tills, for as long as the
//! windows are open. The benchmark measures on such a server too.

use crate::command::{cargo, go, target};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

const TILLS: [&str; 2] = ["Bar 1", "Bar 2"];

/// Runs a server for as long as its input is open; the adapter's tests use it too.
const CLUSTER: &str = include_str!("../../src-tauri/crates/ledger-postgres/tests/server/cluster.sh");

/// A program that ends with this, and is waited for.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// A PostgreSQL server of its own.
pub(crate) struct Cluster {
    script: Child,
    /// The script ends when this closes, however we end.
    input: Option<ChildStdin>,
    /// Its owner's address, as libpq writes it.
    pub(crate) address: String,
}

impl Cluster {
    /// Starts one with these options of the server's, in a folder that goes away with it. What it writes is in `kept`
    /// where that is named, and is used again the next time.
    ///
    /// # Errors
    /// What is missing here, or that it doesn't start.
    pub(crate) fn start(options: &str, kept: Option<&Path>) -> Result<Self> {
        let found = Command::new("pg_config").arg("--bindir").output();
        let programs = found.ok().and_then(|out| String::from_utf8(out.stdout).ok());
        let programs = programs.unwrap_or_default().trim().to_owned();
        ensure!(
            Path::new(&programs).join("initdb").exists(),
            "PostgreSQL 15 or later is needed for a shared ledger: on Debian and Ubuntu `sudo apt install postgresql`, \
             on Fedora `sudo dnf install postgresql-server`, on a Mac `brew install postgresql`"
        );
        let mut command = unprivileged()?;
        command.args(["sh", "-c", CLUSTER, "cluster", &programs, options]);
        if let Some(kept) = kept {
            make_folder(kept)?;
            command.env("KEPT", kept);
        }
        // Ctrl-C ends the windows; this ends after them.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut script = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("the server could not be started")?;
        let mut folder = String::new();
        let said = script.stdout.take().context("the server says nothing")?;
        BufReader::new(said).read_line(&mut folder)?;
        ensure!(!folder.trim().is_empty(), "the server did not start; see above");
        Ok(Self {
            input: script.stdin.take(),
            script,
            address: format!("host={}/s user=owner dbname=postgres", folder.trim()),
        })
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.input.take());
        drop(self.script.wait());
    }
}

/// Whether we're root, as whom PostgreSQL refuses to run: then it's the user that its package makes.
fn is_root() -> Result<bool> {
    let id = Command::new("id")
        .arg("-u")
        .output()
        .context("asking who runs this")?;
    Ok(String::from_utf8_lossy(&id.stdout).trim() == "0")
}

/// A folder of the server's user, which nobody else may look into.
fn make_folder(path: &Path) -> Result<()> {
    let mut install = Command::new("install");
    install.args(["-d", "-m", "700"]);
    if is_root()? {
        install.args(["-o", "postgres", "-g", "postgres"]);
    }
    go(install.arg(path))
}

/// A command of the server's user.
fn unprivileged() -> Result<Command> {
    let mut command = Command::new("env");
    if is_root()? {
        command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "env"]);
        command.current_dir("/");
    }
    Ok(command)
}

/// What was built.
fn program(name: &str) -> PathBuf {
    target()
        .join("debug")
        .join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// What `holdfast-cli --json ledger …` says, with `input` on its standard input.
fn cli(arguments: &[&str], server: &str, input: &str) -> Result<Value> {
    let mut child = Command::new(program("holdfast-cli"))
        .arg("--json")
        .args(arguments)
        .env("HOLDFAST_LEDGER_SERVER", server)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("holdfast-cli could not be started")?;
    let mut stdin = child.stdin.take().context("holdfast-cli reads nothing")?;
    stdin.write_all(input.as_bytes())?;
    drop(stdin);
    let done = child.wait_with_output()?;
    ensure!(
        done.status.success(),
        "holdfast-cli {arguments:?} failed; see above"
    );
    Ok(serde_json::from_slice(&done.stdout)?)
}

/// Starts a simulator at a port of its own; where it listens.
fn simulator() -> Result<(Program, String)> {
    let mut child = Command::new(program("holdfast-simulator"))
        .args(["--port", "0"])
        .stdout(Stdio::piped())
        .spawn()
        .context("the simulator could not be started")?;
    let said = child.stdout.take().context("the simulator says nothing")?;
    let simulator = Program(child);
    let mut line = String::new();
    BufReader::new(said).read_line(&mut line)?;
    let address = line.trim().rsplit(' ').next().unwrap_or_default();
    ensure!(
        address.starts_with("http"),
        "the simulator did not start; see above"
    );
    Ok((simulator, address.to_owned()))
}

/// Opens both windows and waits until both are closed.
///
/// # Errors
/// What is missing here, or which part failed.
pub(crate) fn run(app: &[String]) -> Result<()> {
    let cluster = Cluster::start("", None)?;
    let packages = ["holdfast", "holdfast-cli", "holdfast-simulator"].map(|name| ["--package", name]);
    cargo(&[&["build"], &packages.concat()[..]].concat())?;
    let folder = tempfile::tempdir()?;
    let server = &cluster.address;
    cli(&["ledger", "create"], server, "")?;
    let venue = cli(&["ledger", "add-venue", "The Bell"], server, "")?["venue"].to_string();
    let (_simulator, address) = simulator()?;
    let mut windows = Vec::new();
    for till in TILLS {
        let enrolled = cli(&["ledger", "enrol", &venue, till], server, "")?;
        let code = enrolled["code"].as_str().context("there is no code")?;
        let data = folder.path().join(till);
        let data_dir = data.display().to_string();
        let join = ["--data-dir", &data_dir, "ledger", "join", "--mode", "training"];
        cli(&join, server, code)?;
        let mut window = Command::new(program("holdfast"));
        window.args(["--training", "--data-dir", &data_dir]).args(app);
        let window = window.env("HOLDFAST_SIMULATOR", &address).spawn();
        windows.push(Program(window.context("a window could not be opened")?));
    }
    println!("Two tills share a ledger in training. Close both windows to end.");
    for window in &mut windows {
        window.0.wait()?;
    }
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn what_a_kept_server_wrote_is_there_the_next_time() -> Result<()> {
        let folder = tempfile::tempdir()?;
        // The server's user has to come through.
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755))?;
        let kept = folder.path().join("kept/postgres");
        let made = || kept.join("PG_VERSION").metadata()?.modified();
        let first = match Cluster::start("", Some(&kept)) {
            Err(why) if why.to_string().starts_with("PostgreSQL 15") => {
                println!("not run: {why}");
                return Ok(());
            }
            started => started?,
        };
        let (socket, then) = (first.address.clone(), made()?);
        drop(first);
        let again = Cluster::start("-c max_connections=10", Some(&kept))?;
        assert_ne!(again.address, socket);
        assert_eq!(made()?, then);
        Ok(())
    }
}
