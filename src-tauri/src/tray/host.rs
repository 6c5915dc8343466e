//! Whether anybody on this desktop shows the tray's icon. The library that puts it up succeeds either way: GNOME has no
//! tray without an extension.

/// Whether a panel shows icons. It's asked each time: at a login it may come after us.
#[cfg(target_os = "linux")]
pub(super) async fn is_there() -> bool {
    match ask().await {
        Ok(is_there) => is_there,
        Err(error) => {
            tracing::debug!(%error, "nobody says whether there is a tray");
            false
        }
    }
}

/// Windows and macOS always have one.
#[cfg(not(target_os = "linux"))]
pub(super) async fn is_there() -> bool {
    true
}

/// Where a panel that shows icons has them registered.
#[cfg(target_os = "linux")]
const WATCHER: &str = "org.kde.StatusNotifierWatcher";

/// The bus, once it was reached.
#[cfg(target_os = "linux")]
static BUS: tokio::sync::OnceCell<zbus::Connection> = tokio::sync::OnceCell::const_new();

#[cfg(target_os = "linux")]
async fn ask() -> zbus::Result<bool> {
    let reached = BUS.get_or_try_init(|| async {
        let bus = zbus::connection::Builder::session()?;
        bus.method_timeout(ANSWER_TIMEOUT).build().await
    });
    let bus = reached.await?;
    let names = zbus::fdo::DBusProxy::new(bus).await?;
    if !names.name_has_owner(WATCHER.try_into()?).await? {
        return Ok(false);
    }
    let watcher = zbus::Proxy::new(bus, WATCHER, "/StatusNotifierWatcher", WATCHER).await?;
    watcher.get_property("IsStatusNotifierHostRegistered").await
}

/// A panel that is there answers at once.
#[cfg(target_os = "linux")]
const ANSWER_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(2);
