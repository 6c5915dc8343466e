//! The parts of a desktop outside the window: who shows notifications, and who hosts the tray.

use anyhow::{Context, Result};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use zbus::zvariant::{OwnedValue, Value};
use zbus::{Connection, connection, interface};

/// Where they are shown.
const NOTIFICATIONS: &str = "/org/freedesktop/Notifications";

type Kept<T> = Arc<Mutex<Vec<T>>>;

fn kept<T: Clone>(list: &Kept<T>) -> Vec<T> {
    list.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// What was shown: its title and its words; and whose place each took, or 0.
struct Notifications(Kept<(String, String)>, Kept<u32>);

#[interface(name = "org.freedesktop.Notifications")]
impl Notifications {
    fn get_capabilities(&self) -> Vec<String> {
        vec!["body".to_owned()]
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        let words = ["a story's", "Holdfast", "1", "1.2"];
        words.map(str::to_owned).into()
    }

    #[expect(clippy::too_many_arguments, reason = "the interface is the desktop's")]
    fn notify(
        &self,
        _app: &str,
        replaces: u32,
        _icon: &str,
        title: String,
        words: String,
        _actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _timeout: i32,
    ) -> u32 {
        let mut replaced = self.1.lock().unwrap_or_else(PoisonError::into_inner);
        replaced.push(replaces);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push((title, words));
        u32::try_from(all.len()).unwrap_or(u32::MAX)
    }

    fn close_notification(&self, _id: u32) {}
}

/// Where the tray's icons are registered.
struct Watcher(Kept<String>);

#[interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, path: String, #[zbus(header)] header: zbus::message::Header<'_>) {
        let sender = header.sender().map(ToString::to_string).unwrap_or_default();
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(format!("{sender} {path}"));
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }
}

/// The desktop outside the window, on a story's bus.
pub(crate) struct Outside {
    bus: Connection,
    notices: Kept<(String, String)>,
    replaced: Kept<u32>,
    icons: Kept<String>,
}

impl Outside {
    /// Takes its place on the bus at `address`.
    pub(crate) async fn on(address: &str) -> Result<Self> {
        let outside = Self::without_tray(address).await?;
        let icons = Watcher(Arc::clone(&outside.icons));
        outside
            .bus
            .object_server()
            .at("/StatusNotifierWatcher", icons)
            .await?;
        outside.bus.request_name("org.kde.StatusNotifierWatcher").await?;
        Ok(outside)
    }

    /// A desktop that shows notifications and no tray, as GNOME is without an extension.
    pub(crate) async fn without_tray(address: &str) -> Result<Self> {
        let (notices, replaced, icons) = (Kept::default(), Kept::default(), Kept::default());
        let bus = connection::Builder::address(address)?
            .serve_at(
                NOTIFICATIONS,
                Notifications(Arc::clone(&notices), Arc::clone(&replaced)),
            )?
            .name("org.freedesktop.Notifications")?
            .build()
            .await
            .context("the bus refused")?;
        Ok(Self {
            bus,
            notices,
            replaced,
            icons,
        })
    }

    /// From now on nobody shows notifications, as on a bare desktop or after its program for them has crashed.
    pub(crate) async fn shows_nothing(&self) -> Result<()> {
        self.bus.release_name("org.freedesktop.Notifications").await?;
        Ok(())
    }

    /// Somebody presses the newest notification that is about `name`. A press that comes before the program listens
    /// is lost, and it begins to listen some milliseconds after the notification shows.
    pub(crate) async fn press_notice(&self, name: &str) -> Result<()> {
        let all = self.notices();
        let at = all.iter().rposition(|(_, words)| words.contains(name));
        let number = at.with_context(|| format!("nothing about {name} in {all:?}"))? + 1;
        let what = (u32::try_from(number)?, "default");
        let from = "org.freedesktop.Notifications";
        self.bus
            .emit_signal(None::<&str>, NOTIFICATIONS, from, "ActionInvoked", &what)
            .await?;
        Ok(())
    }

    /// What was shown so far: titles and words.
    pub(crate) fn notices(&self) -> Vec<(String, String)> {
        kept(&self.notices)
    }

    /// Whose place each of them took, or 0.
    pub(crate) fn replaced(&self) -> Vec<u32> {
        kept(&self.replaced)
    }

    /// The lines of the app's menu in the tray.
    pub(crate) async fn menu(&self) -> Result<Vec<(i32, String)>> {
        let icon = kept(&self.icons).pop().context("no icon is in the tray")?;
        let (sender, path) = icon.split_once(' ').context("an icon of nobody")?;
        let path = format!("{path}/Menu");
        let names: Vec<String> = Vec::new();
        let answer = self
            .bus
            .call_method(
                Some(sender),
                path.as_str(),
                Some("com.canonical.dbusmenu"),
                "GetLayout",
                &(0_i32, -1_i32, names),
            )
            .await?;
        type Layout = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);
        let (_, (_, _, lines)): (u32, Layout) = answer.body().deserialize()?;
        let mut words = Vec::new();
        for line in lines {
            let (id, properties, _): Layout = line.try_into()?;
            if let Some(Value::Str(label)) = properties.get("label").map(|label| &**label) {
                words.push((id, label.to_string()));
            }
        }
        Ok(words)
    }

    /// Presses a line of that menu.
    pub(crate) async fn press(&self, words: &str) -> Result<()> {
        let menu = self.menu().await?;
        let line = menu.iter().find(|(_, label)| label.contains(words));
        let (id, _) = line.with_context(|| format!("no line {words} in {menu:?}"))?;
        let icon = kept(&self.icons).pop().context("no icon is in the tray")?;
        let (sender, path) = icon.split_once(' ').context("an icon of nobody")?;
        let path = format!("{path}/Menu");
        self.bus
            .call_method(
                Some(sender),
                path.as_str(),
                Some("com.canonical.dbusmenu"),
                "Event",
                &(*id, "clicked", Value::from(0_i32), 0_u32),
            )
            .await?;
        Ok(())
    }
}
