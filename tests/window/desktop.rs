//! What a desktop brings along: a session bus, and on it a key store that nobody else can see.

use anyhow::{Context, Result, bail};
use holdfast_tests::display::{Home, Program, that_says};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};

const SECRETS: &str = "org.freedesktop.secrets";
const SECRETS_PATH: &str = "/org/freedesktop/secrets";

/// What unlocks the key store.
const PASSWORD: &[u8] = b"a story's password";

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
    home: Home,
}

impl Desktop {
    /// Starts the bus, and GNOME's key store, unlocked, in a home of its own.
    pub(crate) async fn start() -> Result<Self> {
        let home = Home::new()?;
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
            .write_all(PASSWORD)?;
        let desktop = Self {
            bus,
            _keys: Program(keys),
            _daemon: daemon,
            home,
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

    /// The key store, as other programs reach it.
    async fn secrets(&self) -> Result<(zbus::Connection, OwnedObjectPath)> {
        let address = self.bus.as_str();
        let bus = zbus::connection::Builder::address(address)?.build().await?;
        let service = Some("org.freedesktop.Secret.Service");
        let asked = bus.call_method(Some(SECRETS), SECRETS_PATH, service, "ReadAlias", &"default");
        let collection = asked.await?.body().deserialize()?;
        Ok((bus, collection))
    }

    /// Locks the key store, as it is after a login without a password.
    pub(crate) async fn lock_keys(&self) -> Result<()> {
        let (bus, collection) = self.secrets().await?;
        let service = Some("org.freedesktop.Secret.Service");
        let what = vec![&collection];
        bus.call_method(Some(SECRETS), SECRETS_PATH, service, "Lock", &what)
            .await?;
        Ok(())
    }

    /// Unlocks it, as its user's password does.
    pub(crate) async fn unlock_keys(&self) -> Result<()> {
        let (bus, collection) = self.secrets().await?;
        let service = Some("org.freedesktop.Secret.Service");
        let plain = &("plain", Value::from(""));
        let asked = bus.call_method(Some(SECRETS), SECRETS_PATH, service, "OpenSession", plain);
        let (_, session): (OwnedValue, OwnedObjectPath) = asked.await?.body().deserialize()?;
        let none: &[u8] = &[];
        let secret = (session, none, PASSWORD, "text/plain");
        // The name is gnome-keyring's own.
        let inside = Some("org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface");
        let what = (collection, secret);
        bus.call_method(
            Some(SECRETS),
            SECRETS_PATH,
            inside,
            "UnlockWithMasterPassword",
            &what,
        )
        .await?;
        Ok(())
    }

    /// For the programs that live on it.
    pub(crate) fn environment(&self) -> (&'static str, &str) {
        ("DBUS_SESSION_BUS_ADDRESS", &self.bus)
    }
}
