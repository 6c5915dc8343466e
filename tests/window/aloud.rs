//! What a screen reader is told: the story listens on the bus that Orca listens on.

use crate::browser::Window;
use crate::desktop::Desktop;
use crate::id;
use anyhow::{Context, Result, ensure};
use holdfast_tests::display::Program;
use std::collections::HashMap;
use std::process::{Command, Stdio};
use std::time::Duration;
use zbus::export::ordered_stream::OrderedStreamExt as _;
use zbus::zvariant::{DynamicType, OwnedObjectPath, Structure, Value};
use zbus::{Connection, MatchRule, Message, MessageStream, connection};

/// Where Debian has it. It starts the bus of screen readers.
const LAUNCHER: &str = "/usr/libexec/at-spi-bus-launcher";

const ACCESSIBLE: &str = "org.a11y.atspi.Accessible";

/// Something on a screen: the program that shows it, and its name there.
type Thing = (String, OwnedObjectPath);

/// A screen reader, as far as its ears go.
struct ScreenReader {
    bus: Connection,
    heard: MessageStream,
    _launcher: Program,
}

impl ScreenReader {
    /// Starts the bus of screen readers beside the session's, and listens for what comes up on a screen. Programs stay
    /// silent until somebody asks for it.
    async fn start(desktop: &Desktop) -> Result<Self> {
        let session = desktop.environment().1;
        let launcher = Command::new(LAUNCHER)
            .arg("--launch-immediately")
            .env("DBUS_SESSION_BUS_ADDRESS", session)
            .envs(desktop.folders())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("the bus of screen readers could not be started; is at-spi2-core installed?")?;
        let launcher = Program(launcher);
        let address = bus_address(&connection::Builder::address(session)?.build().await?).await?;
        let bus = connection::Builder::address(address.as_str())?.build().await?;
        let events = ("object:children-changed", Vec::<String>::new(), "");
        let registry = "org.a11y.atspi.Registry";
        bus.call_method(
            Some(registry),
            "/org/a11y/atspi/registry",
            Some(registry),
            "RegisterEvent",
            &events,
        )
        .await?;
        let rule = MatchRule::builder()
            .interface("org.a11y.atspi.Event.Object")?
            .member("ChildrenChanged")?
            .build();
        let heard = MessageStream::for_match_rule(rule, &bus, Some(1_000)).await?;
        Ok(Self {
            bus,
            heard,
            _launcher: launcher,
        })
    }

    async fn ask<A>(&self, (program, path): &Thing, of: &str, method: &str, with: &A) -> Result<Message>
    where
        A: serde::Serialize + DynamicType + Sync,
    {
        let answer = self
            .bus
            .call_method(Some(program.as_str()), path, Some(of), method, with);
        Ok(answer.await?)
    }

    /// Looks at all that is on the screen, as a screen reader does when a page has come up: WebKit tells no change of
    /// what was never looked at.
    async fn look_around(&self) -> Result<usize> {
        let root = OwnedObjectPath::try_from("/org/a11y/atspi/accessible/root")?;
        let mut unseen: Vec<Thing> = vec![("org.a11y.atspi.Registry".to_owned(), root)];
        let mut seen = 0;
        while let Some(thing) = unseen.pop() {
            seen += 1;
            unseen.extend(self.inside(&thing).await);
        }
        Ok(seen)
    }

    /// What is inside something; nothing if it's gone by now.
    async fn inside(&self, thing: &Thing) -> Vec<Thing> {
        let all = match self.ask(thing, ACCESSIBLE, "GetChildren", &()).await {
            Ok(answer) => answer.body().deserialize::<Vec<Thing>>().unwrap_or_default(),
            Err(_) => Vec::new(),
        };
        if !all.is_empty() {
            return all;
        }
        // The page is another program's. GTK hands it out one by one only.
        let first = self.ask(thing, ACCESSIBLE, "GetChildAtIndex", &0_i32).await;
        let first = first
            .ok()
            .and_then(|answer| answer.body().deserialize::<Thing>().ok());
        first
            .filter(|(_, path)| !path.as_str().ends_with("/null"))
            .into_iter()
            .collect()
    }

    /// What is new in a region that is read out by itself; nothing if it came up elsewhere.
    async fn read_out(&self, message: &Message) -> Result<Option<String>> {
        let header = message.header();
        let (Some(program), Some(path)) = (header.sender(), header.path()) else {
            return Ok(None);
        };
        // What was done, where, how many, to what; what comes after that is each toolkit's own.
        let body = message.body();
        let told: Structure<'_> = body.deserialize()?;
        let [Value::Str(what), _, _, Value::Value(added), ..] = told.fields() else {
            return Ok(None);
        };
        let region: Thing = (program.to_string(), path.to_owned().into());
        if !what.starts_with("add") || !self.is_read_out(&region).await {
            return Ok(None);
        }
        let added = Thing::try_from((**added).try_clone()?)?;
        // What is gone by now was not heard either.
        let Ok(text) = self.ask(&added, "org.a11y.atspi.Text", "GetText", &(0, -1)).await else {
            return Ok(None);
        };
        Ok(Some(text.body().deserialize()?))
    }

    async fn is_read_out(&self, region: &Thing) -> bool {
        let Ok(answer) = self.ask(region, ACCESSIBLE, "GetAttributes", &()).await else {
            return false;
        };
        let attributes = answer.body().deserialize::<HashMap<String, String>>();
        attributes.is_ok_and(|all| all.get("live").is_some_and(|live| live == "polite"))
    }

    /// Waits until `words` are read out.
    async fn hears(&mut self, words: &str) -> Result<()> {
        let mut all = Vec::new();
        let listen = async {
            while let Some(message) = self.heard.next().await {
                match self.read_out(&message?).await? {
                    Some(text) if text.trim() == words => return anyhow::Ok(()),
                    Some(text) => all.push(text),
                    None => {}
                }
            }
            anyhow::bail!("the bus was closed")
        };
        let listened = tokio::time::timeout(Duration::from_secs(15), listen).await;
        listened.with_context(|| format!("“{words}” was never read out; read out was {all:?}"))?
    }
}

/// Where the bus of screen readers is, once it has started.
async fn bus_address(session: &Connection) -> Result<String> {
    let mut last = None;
    for _ in 0..100 {
        let name = "org.a11y.Bus";
        let asked = session.call_method(Some(name), "/org/a11y/bus", Some(name), "GetAddress", &());
        match asked.await {
            Ok(answer) => return Ok(answer.body().deserialize()?),
            Err(error) => last = Some(error),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Err(last.context("it was not asked")?.into())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_screen_reader_reads_out_what_became_of_a_take() -> Result<()> {
    let desktop = Desktop::start().await?;
    let mut reader = ScreenReader::start(&desktop).await?;
    let window = Window::open_prepared(&[desktop.environment()], async |_| Ok(())).await?;
    window.press(&id("choose-training")).await?;
    window.reads(".figures", "£650.00").await?;
    // A page that was just painted is told piece by piece.
    let mut seen = 0;
    for _ in 0..40 {
        seen = reader.look_around().await?;
        if seen > 50 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    ensure!(seen > 50, "the reader sees only {seen} things");
    window
        .press("[data-testid='row'][data-name='Table 5, Sample']")
        .await?;
    window.press(&id("take")).await?;
    window.see(&format!("{}:enabled", id("take-confirm"))).await?;
    window.press(&id("take-confirm")).await?;
    window.see(&id("toast")).await?;
    let toast = window.text(&id("toast")).await?;
    ensure!(toast.contains("£31.20"), "{toast}");
    reader.hears(toast.trim()).await
}
