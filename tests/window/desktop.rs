//! What a desktop brings along: a session bus, and on it a key store that nobody else can see.

use anyhow::{Context, Result, bail};
use holdfast_tests::display::{Program, that_says};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// Where programs put their sockets. Each story has its own: the bus of screen readers has one path for a user, so the
/// next story's would take it from under a window that runs.
pub(crate) fn folders(home: &Path) -> [(&'static str, &Path); 2] {
    ["XDG_RUNTIME_DIR", "XDG_CACHE_HOME"].map(|name| (name, home))
}

/// A desktop session for one story.
pub(crate) struct Desktop {
    bus: String,
    _keys: Program,
    _daemon: Program,
    home: tempfile::TempDir,
}

impl Desktop {
    /// Starts the bus, and GNOME's key store, unlocked, in a home of its own.
    pub(crate) async fn start() -> Result<Self> {
        let home = tempfile::tempdir()?;
        let mut daemon = Command::new("dbus-daemon");
        daemon.envs(folders(home.path()));
        let (daemon, bus) = that_says(daemon.args(["--session", "--nofork", "--print-address=1"]))?;
        let mut keys = Command::new("gnome-keyring-daemon")
            .args(["--unlock", "--components=secrets", "--foreground"])
            .env("DBUS_SESSION_BUS_ADDRESS", &bus)
            .envs(["HOME", "XDG_DATA_HOME"].map(|name| (name, home.path())))
            .envs(folders(home.path()))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("gnome-keyring-daemon could not be started; is gnome-keyring installed?")?;
        keys.stdin
            .take()
            .context("the key store takes no password")?
            .write_all(b"a story's password")?;
        let desktop = Self {
            bus,
            _keys: Program(keys),
            _daemon: daemon,
            home: home,
        };
        desktop.has_keys().await?;
        Ok(desktop)
    }

    /// Waits until the key store can be asked.
    async fn has_keys(&self) -> Result<()> {
        for _ in 0..100 {
            let asked = Command::new("dbus-send")
                .args([
                    "--session",
                    "--print-reply",
                    "--dest=org.freedesktop.DBus",
                    "/org/freedesktop/DBus",
                    "org.freedesktop.DBus.NameHasOwner",
                    "string:org.freedesktop.secrets",
                ])
                .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
                .output()?;
            if String::from_utf8_lossy(&asked.stdout).contains("boolean true") {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        bail!("the key store did not start")
    }

    /// See [`folders`].
    pub(crate) fn folders(&self) -> [(&'static str, &Path); 2] {
        folders(self.home.path())
    }

    /// For the programs that live on it.
    pub(crate) fn environment(&self) -> (&'static str, &str) {
        ("DBUS_SESSION_BUS_ADDRESS", &self.bus)
    }
}
