//! The real window, driven as a person would: an X server of its own, WebKit's driver, the real program.

use anyhow::{Context, Result, bail, ensure};
use holdfast_tests::display::{self, Home, Program};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// The longest that anything in the window may take before a story gives up.
const STEP_TIMEOUT: Duration = Duration::from_secs(15);

/// A screen, a driver and, while a session lasts, the app.
pub(crate) struct Window {
    http: reqwest::Client,
    driver: String,
    session: String,
    display: String,
    /// The app's data folder.
    pub(crate) data: PathBuf,
    _programs: Vec<Program>,
    _folder: Home,
}

impl Window {
    /// Opens the app on an empty data folder.
    pub(crate) async fn open() -> Result<Self> {
        Self::open_prepared(&[], async |_| Ok(())).await
    }

    /// Opens the app on a screen of this size.
    pub(crate) async fn open_on(screen: (u32, u32)) -> Result<Self> {
        Self::opened(screen, &[], async |_| Ok(())).await
    }

    /// Opens the app on a data folder that `prepare` has filled.
    pub(crate) async fn open_prepared(
        environment: &[(&str, &str)],
        prepare: impl AsyncFnOnce(&Path) -> Result<()>,
    ) -> Result<Self> {
        Self::opened(display::SCREEN, environment, prepare).await
    }

    async fn opened(
        screen: (u32, u32),
        environment: &[(&str, &str)],
        prepare: impl AsyncFnOnce(&Path) -> Result<()>,
    ) -> Result<Self> {
        let folder = Home::new()?;
        let data = folder.path().join("data");
        prepare(&data).await?;
        let (server, display) = display::screen(screen)?;
        let sockets = folder.path().join("run");
        std::fs::create_dir(&sockets)?;
        let sockets = sockets.display().to_string();
        let environment = [environment, &[("XDG_RUNTIME_DIR", sockets.as_str())]].concat();
        let (driver, address) = display::driver(&display, &environment)?;
        let mut window = Self {
            http: reqwest::Client::new(),
            driver: address,
            session: String::new(),
            display,
            data,
            // The driver goes before the screen.
            _programs: vec![driver, server],
            _folder: folder,
        };
        window.start().await?;
        Ok(window)
    }

    /// Starts the app.
    pub(crate) async fn start(&mut self) -> Result<()> {
        let app = std::env::var("HOLDFAST_APP")
            .context("HOLDFAST_APP names no program; `cargo xtask test` builds it and says where it is")?;
        let arguments = ["--data-dir".to_owned(), self.data.display().to_string()];
        let body = json!({ "capabilities": { "alwaysMatch": {
            "webkitgtk:browserOptions": { "binary": app, "args": arguments } } } });
        let begun = Instant::now();
        let answer = loop {
            let sent = self
                .http
                .post(format!("{}/session", self.driver))
                // A driver that lost its app would never answer, and the whole run with it.
                .timeout(Duration::from_secs(60))
                .json(&body)
                .send()
                .await;
            match sent {
                Ok(answer) => break answer.json::<Value>().await?,
                Err(_) if begun.elapsed() < STEP_TIMEOUT => {
                    tokio::time::sleep(Duration::from_millis(50)).await
                }
                Err(error) => return Err(error).context("the driver does not answer"),
            }
        };
        self.session = answer["value"]["sessionId"]
            .as_str()
            .with_context(|| format!("no session: {answer}"))?
            .to_owned();
        self.see(".app, .welcome, .setup").await
    }

    /// The screen that it is on.
    pub(crate) fn display(&self) -> &str {
        &self.display
    }

    /// Closes the app as its window's cross does.
    pub(crate) async fn close(&mut self) -> Result<()> {
        self.call(reqwest::Method::DELETE, "", Value::Null).await?;
        Ok(())
    }

    /// Ends the app as a power cut would: no goodbye, nothing put in order. [`Window::start`] starts it again.
    pub(crate) async fn kill(&mut self) -> Result<()> {
        self.signal("-KILL")?;
        // The driver lets a session go when it is asked about a window that is no more.
        let _gone = self.close().await;
        Ok(())
    }

    /// Asks the app to end, as the system does for an upgrade or a shutdown, and waits until it has; how long it took.
    pub(crate) async fn end_by_the_system(&mut self) -> Result<Duration> {
        let process = self.signal("-TERM")?;
        let asked = Instant::now();
        while process.join("exe").exists() {
            ensure!(asked.elapsed() < Duration::from_secs(60), "the app doesn’t end");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let _gone = self.close().await;
        Ok(asked.elapsed())
    }

    /// Stops all of the app's processes where they are, as a PC that sleeps does: they run no further, their
    /// connections stay, and time goes on. Nothing can be asked of the window until it is woken.
    pub(crate) fn freeze(&self) -> Result<()> {
        self.signal_all("-STOP")
    }

    /// Wakes what was frozen.
    pub(crate) fn wake(&self) -> Result<()> {
        self.signal_all("-CONT")
    }

    /// Sends a signal to the app and all that it has started, the app itself first: it starts nothing more.
    fn signal_all(&self, signal: &str) -> Result<()> {
        let app = self.signal(signal)?;
        let app: u32 = app
            .file_name()
            .and_then(|name| name.to_str()?.parse().ok())
            .context("it has no number")?;
        let mut all = vec![app];
        let parents = parents()?;
        for place in 0.. {
            let Some(parent) = all.get(place).copied() else {
                break;
            };
            all.extend(
                parents
                    .iter()
                    .filter(|(_, its)| *its == parent)
                    .map(|(child, _)| child),
            );
        }
        let numbers = all.iter().skip(1).map(u32::to_string);
        let sent = Command::new("kill").arg(signal).args(numbers).status()?;
        ensure!(sent.success(), "what the app has started could not be reached");
        Ok(())
    }

    /// Sends a signal to the app; where Linux has what it knows of it.
    fn signal(&self, signal: &str) -> Result<std::path::PathBuf> {
        let data = self.data.display().to_string();
        let is_it = |process: &std::fs::DirEntry| {
            std::fs::read(process.path().join("cmdline")).is_ok_and(|line| {
                String::from_utf8_lossy(&line)
                    .split('\0')
                    .any(|word| word == data)
            })
        };
        let process = std::fs::read_dir("/proc")?
            .filter_map(Result::ok)
            .find(is_it)
            .context("the app does not run")?;
        let sent = Command::new("kill")
            .arg(signal)
            .arg(process.file_name())
            .status()?;
        ensure!(sent.success(), "the app could not be reached");
        Ok(process.path())
    }

    /// Closes the app and starts it again on the same data.
    pub(crate) async fn restart(&mut self) -> Result<()> {
        self.close().await?;
        self.start().await
    }

    pub(crate) async fn call(&self, method: reqwest::Method, path: &str, body: Value) -> Result<Value> {
        let url = format!("{}/session/{}{path}", self.driver, self.session);
        let mut request = self.http.request(method, url).timeout(Duration::from_secs(60));
        if !body.is_null() {
            request = request.json(&body);
        }
        let answer: Value = request.send().await?.json().await?;
        if let Some(error) = answer["value"]["error"].as_str() {
            bail!(
                "{error}: {}",
                answer["value"]["message"].as_str().unwrap_or_default()
            );
        }
        Ok(answer["value"].clone())
    }

    /// Runs a script in the window; for looking, never for acting.
    pub(crate) async fn script(&self, script: &str, arguments: Value) -> Result<Value> {
        let body = json!({ "script": script, "args": arguments });
        self.call(reqwest::Method::POST, "/execute/sync", body).await
    }

    /// Asks `question` until it answers something, or patience ends.
    pub(crate) async fn until<T>(
        &self,
        what: &str,
        question: impl AsyncFn() -> Result<Option<T>>,
    ) -> Result<T> {
        let begun = Instant::now();
        let mut last = None;
        while begun.elapsed() < STEP_TIMEOUT {
            match question().await {
                Ok(Some(answer)) => return Ok(answer),
                Ok(None) => {}
                Err(error) => last = Some(error),
            }
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
        let picture = std::env::temp_dir().join("holdfast-window-story.png");
        let shown = self.text("body").await.unwrap_or_default();
        self.picture(&picture).ok();
        bail!(
            "{what} did not come to be ({last:?}). Picture: {}. The window shows:\n{shown}",
            picture.display()
        )
    }

    pub(crate) async fn element(&self, selector: &str) -> Result<String> {
        self.until(selector, async || {
            let body = json!({ "using": "css selector", "value": selector });
            let found = self.call(reqwest::Method::POST, "/element", body).await?;
            Ok(found
                .as_object()
                .and_then(|o| o.values().next())
                .and_then(Value::as_str)
                .map(str::to_owned))
        })
        .await
    }

    /// Waits until something is there.
    pub(crate) async fn see(&self, selector: &str) -> Result<()> {
        self.element(selector).await.map(drop)
    }

    /// Waits until something has gone.
    pub(crate) async fn gone(&self, selector: &str) -> Result<()> {
        self.until(&format!("the end of {selector}"), async || {
            Ok((self.count(selector).await? == 0).then_some(()))
        })
        .await
    }

    /// How many there are now.
    pub(crate) async fn count(&self, selector: &str) -> Result<u64> {
        let count = self
            .script(
                "return document.querySelectorAll(arguments[0]).length",
                json!([selector]),
            )
            .await?;
        count.as_u64().context("no count")
    }

    /// Presses something that is enabled.
    pub(crate) async fn press(&self, selector: &str) -> Result<()> {
        self.until(&format!("pressing {selector}"), async || {
            let id = self.element(selector).await?;
            self.bring(selector).await?;
            self.call(reqwest::Method::POST, &format!("/element/{id}/click"), json!({}))
                .await?;
            Ok(Some(()))
        })
        .await
    }

    /// Scrolls it into sight, as somebody would who sees only its edge: the driver is content with an edge, and misses.
    pub(crate) async fn bring(&self, selector: &str) -> Result<()> {
        let script = "document.querySelector(arguments[0])?.scrollIntoView({ block: 'nearest' })";
        self.script(script, json!([selector])).await.map(drop)
    }

    /// Types over what a field has.
    pub(crate) async fn fill(&self, selector: &str, text: &str) -> Result<()> {
        let id = self
            .until(&format!("emptying {selector}"), async || {
                let id = self.element(selector).await?;
                self.bring(selector).await?;
                self.call(reqwest::Method::POST, &format!("/element/{id}/clear"), json!({}))
                    .await?;
                Ok(Some(id))
            })
            .await?;
        if text.is_empty() {
            return Ok(());
        }
        self.call(
            reqwest::Method::POST,
            &format!("/element/{id}/value"),
            json!({ "text": text }),
        )
        .await?;
        Ok(())
    }

    /// Pastes over what a field has, or chooses in a list: the driver's keyboard knows few scripts.
    pub(crate) async fn paste(&self, selector: &str, text: &str) -> Result<()> {
        self.see(selector).await?;
        let script = "const field = document.querySelector(arguments[0]); field.value = arguments[1]; \
                      field.dispatchEvent(new Event('input', { bubbles: true })); \
                      field.dispatchEvent(new Event('change', { bubbles: true }))";
        self.script(script, json!([selector, text])).await.map(drop)
    }

    /// Presses keys, wherever the focus is.
    pub(crate) async fn keys(&self, keys: &str) -> Result<()> {
        let actions: Vec<Value> = keys
            .chars()
            .flat_map(|key| {
                [
                    json!({"type": "keyDown", "value": key}),
                    json!({"type": "keyUp", "value": key}),
                ]
            })
            .collect();
        let body = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": actions }] });
        self.call(reqwest::Method::POST, "/actions", body).await.map(drop)
    }

    /// Presses a key while another is held down.
    pub(crate) async fn chord(&self, held: &str, key: &str) -> Result<()> {
        let actions = json!([
            {"type": "keyDown", "value": held},
            {"type": "keyDown", "value": key},
            {"type": "keyUp", "value": key},
            {"type": "keyUp", "value": held},
        ]);
        let body = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": actions }] });
        self.call(reqwest::Method::POST, "/actions", body).await.map(drop)
    }

    /// Gives something that is enabled the focus, as Tab would.
    pub(crate) async fn focus(&self, selector: &str) -> Result<()> {
        self.until(&format!("the focus to {selector}"), async || {
            let script = "const found = document.querySelector(arguments[0] + ':enabled'); \
                          found?.focus(); return found !== null && document.activeElement === found";
            let has = self.script(script, json!([selector])).await?;
            Ok((has == true).then_some(()))
        })
        .await
    }

    /// Waits until something has the focus.
    pub(crate) async fn has_focus(&self, selector: &str) -> Result<()> {
        self.until(&format!("the focus on {selector}"), async || {
            let script = "return document.activeElement?.matches(arguments[0]) ?? false";
            let has = self.script(script, json!([selector])).await?;
            Ok((has == true).then_some(()))
        })
        .await
    }

    /// Makes the window so large.
    pub(crate) async fn size(&self, width: u32, height: u32) -> Result<()> {
        let rect = json!({ "x": 0, "y": 0, "width": width, "height": height });
        self.call(reqwest::Method::POST, "/window/rect", rect).await?;
        self.until("the window’s new size", async || {
            let size = self.script("return [innerWidth, innerHeight]", json!([])).await?;
            Ok((size == json!([width, height])).then_some(()))
        })
        .await
    }

    /// The text of the first such element, as it stands now.
    pub(crate) async fn text(&self, selector: &str) -> Result<String> {
        let script = "return document.querySelector(arguments[0])?.innerText ?? ''";
        let text = self.script(script, json!([selector])).await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// An attribute of the first such element.
    pub(crate) async fn attribute(&self, selector: &str, name: &str) -> Result<String> {
        let script = "return document.querySelector(arguments[0])?.getAttribute(arguments[1]) ?? ''";
        let value = self.script(script, json!([selector, name])).await?;
        Ok(value.as_str().unwrap_or_default().to_owned())
    }

    /// What a field has in it.
    pub(crate) async fn value(&self, selector: &str) -> Result<String> {
        let value = self
            .script(
                "return document.querySelector(arguments[0])?.value ?? ''",
                json!([selector]),
            )
            .await?;
        Ok(value.as_str().unwrap_or_default().to_owned())
    }

    /// Waits until the first such element has `words` in it.
    pub(crate) async fn reads(&self, selector: &str, words: &str) -> Result<()> {
        self.until(&format!("“{words}” in {selector}"), async || {
            Ok(self.text(selector).await?.contains(words).then_some(()))
        })
        .await
    }
}

/// Each process of this computer with the one that started it.
fn parents() -> Result<Vec<(u32, u32)>> {
    let mut all = Vec::new();
    for process in std::fs::read_dir("/proc")?.filter_map(Result::ok) {
        // One that has ended meanwhile is none.
        let (Ok(number), Ok(stat)) = (
            process.file_name().to_string_lossy().parse(),
            std::fs::read_to_string(process.path().join("stat")),
        ) else {
            continue;
        };
        // After its name, which stands in brackets and may be any.
        let after = stat.rsplit(')').next().unwrap_or_default();
        if let Some(parent) = after
            .split_whitespace()
            .nth(1)
            .and_then(|parent| parent.parse().ok())
        {
            all.push((number, parent));
        }
    }
    Ok(all)
}
