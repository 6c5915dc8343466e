//! Notifications of a Linux desktop, as the Desktop Notifications specification has them. One connection, and one
//! thread that hears of presses: a notification stays until somebody presses it, and a week of them would be hundreds
//! of each.

use crate::{main_window, wording};
use holdfast_desk::Notice;
use holdfast_domain::TabId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tauri::{AppHandle, Emitter, Manager};
use zbus::blocking::MessageIterator;
use zbus::zvariant::Value;
use zbus::{Connection, MatchRule, message};

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// What a press on the notification itself is called.
const PRESSED: &str = "default";

/// A name of the desktop's own sounds.
const SOUND: &str = "message-new-instant";

/// A desktop that shows notifications answers at once; one that starts its program for them first, a little later.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);

/// How many presses wait to be heard.
const MOST_QUEUED: usize = 64;

/// What is on the desktop, and the way to it.
#[derive(Default)]
pub(crate) struct Shown {
    bus: tokio::sync::Mutex<Option<Connection>>,
    /// Which tab each notification is about. One that was closed is in it no more.
    about: Mutex<HashMap<u32, Option<TabId>>>,
}

impl Shown {
    fn about(&self) -> std::sync::MutexGuard<'_, HashMap<u32, Option<TabId>>> {
        self.about.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is still shown about this tab.
    fn of(&self, tab: TabId) -> Option<u32> {
        let about = self.about();
        let mut of_tab = about.iter().filter(|(_, about)| **about == Some(tab));
        of_tab.next().map(|(number, _)| *number)
    }
}

/// Shows a notification. A tab's takes the place of the tab's former one.
///
/// # Errors
/// Where nobody shows notifications, or none in time.
pub(super) async fn show(app: &AppHandle, notice: &Notice) -> zbus::Result<()> {
    let shown = app.state::<Shown>();
    let mut reached = shown.bus.lock().await;
    let bus = match reached.take() {
        Some(bus) => bus,
        None => tokio::time::timeout(ANSWER_TIMEOUT, reach(app))
            .await
            .map_err(|late| zbus::Error::InputOutput(Arc::new(late.into())))??,
    };
    let former = notice.tab.and_then(|tab| shown.of(tab)).unwrap_or(0);
    let urgency: u8 = if notice.is_urgent { 2 } else { 1 };
    let mut hints = HashMap::from([("urgency", Value::from(urgency))]);
    hints.insert("desktop-entry", Value::from("app.holdfast.desk"));
    if notice.has_sound {
        hints.insert("sound-name", Value::from(SOUND));
    }
    let (title, words) = (notice.title.as_str(), escaped(&notice.words));
    let as_long_as_the_desktop_likes: i32 = -1;
    let actions = [PRESSED, wording::SHOW];
    let asked = (
        wording::PROGRAM,
        former,
        "holdfast",
        title,
        words.as_str(),
        actions.as_slice(),
        hints,
        as_long_as_the_desktop_likes,
    );
    let answer = bus
        .call_method(Some(NAME), PATH, Some(NAME), "Notify", &asked)
        .await;
    match &answer {
        Ok(_) | Err(zbus::Error::MethodError(..)) => *reached = Some(bus),
        // It's made again next time: the bus was restarted perhaps. The thread that listens to it ends with it.
        Err(_) => drop(bus.close().await),
    }
    let number: u32 = answer?.body().deserialize()?;
    shown.about().insert(number, notice.tab);
    Ok(())
}

async fn reach(app: &AppHandle) -> zbus::Result<Connection> {
    let bus = zbus::connection::Builder::session()?;
    let bus = bus.method_timeout(ANSWER_TIMEOUT).build().await?;
    let (listening, app) = (bus.clone(), app.clone());
    std::thread::Builder::new()
        .name("notifications".to_owned())
        .spawn(move || {
            if let Err(error) = listen(&listening.into(), &app) {
                tracing::warn!(%error, "presses on notifications are not heard");
            }
        })
        .map_err(|error| zbus::Error::InputOutput(error.into()))?;
    Ok(bus)
}

/// Hears of presses for as long as the connection lasts.
fn listen(bus: &zbus::blocking::Connection, app: &AppHandle) -> zbus::Result<()> {
    let rule = MatchRule::builder()
        .msg_type(message::Type::Signal)
        .interface(NAME)?
        .path(PATH)?
        .build();
    for message in MessageIterator::for_match_rule(rule, bus, Some(MOST_QUEUED))? {
        let message = message?;
        let (header, body) = (message.header(), message.body());
        match header.member().map(|member| member.as_str()) {
            Some("ActionInvoked") => {
                let (number, action): (u32, &str) = body.deserialize()?;
                // Other programs' presses are heard too.
                let about = app.state::<Shown>().about().get(&number).copied();
                if let (Some(tab), PRESSED) = (about, action) {
                    pressed(app, tab);
                }
            }
            Some("NotificationClosed") => {
                let (number, _why): (u32, u32) = body.deserialize()?;
                app.state::<Shown>().about().remove(&number);
            }
            Some(_) | None => {}
        }
    }
    Ok(())
}

fn pressed(app: &AppHandle, tab: Option<TabId>) {
    main_window::show(app);
    if let Some(tab) = tab
        && let Err(error) = app.emit_to("main", "tab_pressed", tab)
    {
        tracing::warn!(%error, "the window could not show the tab");
    }
}

/// A body is read as markup, and a guest's name is anything.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
