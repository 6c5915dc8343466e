//! A window on a screen of its own, driven by WebKit's driver: started, looked into, ended.

use anyhow::{Context, Result, bail};
use holdfast_tests::display::{self, Program};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant, SystemTime};

/// The longest that anything may take.
const SCREEN_TIMEOUT: Duration = Duration::from_secs(120);

/// A screen, for one window at a time.
pub(crate) struct Screen {
    display: String,
    stamp: PathBuf,
    _server: Program,
    _folder: tempfile::TempDir,
}

/// A program that is open on a screen.
pub(crate) struct Window {
    http: reqwest::Client,
    session: String,
    /// When the program was started, in milliseconds since 1970.
    begun: f64,
    id: u32,
    _driver: Program,
}

impl Screen {
    /// # Errors
    /// When Xvfb or the driver is not installed.
    pub(crate) fn start() -> Result<Self> {
        let (server, display) = display::screen(display::SCREEN)?;
        let folder = tempfile::tempdir()?;
        Ok(Self {
            display,
            stamp: folder.path().join("begun"),
            _server: server,
            _folder: folder,
        })
    }

    /// Starts a program with a window.
    ///
    /// # Errors
    /// When it does not come up.
    pub(crate) async fn open(&self, program: &Path, arguments: &[&str]) -> Result<Window> {
        let mut all = vec![
            "launch".to_owned(),
            self.stamp.display().to_string(),
            program.display().to_string(),
        ];
        all.extend(arguments.iter().map(|argument| (*argument).to_owned()));
        let body = json!({ "capabilities": { "alwaysMatch": { "webkitgtk:browserOptions": {
            "binary": std::env::current_exe()?, "args": all } } } });
        // One of its own: a driver whose window was ended does not always take another.
        let (program, url) = display::driver(&self.display, &[])?;
        let http = reqwest::Client::builder().no_proxy().build()?;
        let begun = Instant::now();
        let answer: Value = loop {
            let sent = http
                .post(format!("{url}/session"))
                .timeout(SCREEN_TIMEOUT)
                .json(&body)
                .send()
                .await;
            match sent {
                Ok(answer) => break answer.json().await?,
                // The driver itself may be starting yet.
                Err(error) if begun.elapsed() > Duration::from_secs(10) => return Err(error.into()),
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        };
        let session = answer["value"]["sessionId"]
            .as_str()
            .with_context(|| format!("no session: {answer}"))?;
        let said = std::fs::read_to_string(&self.stamp)?;
        let (at, id) = said.split_once(' ').context("the launch left no stamp")?;
        Ok(Window {
            http,
            session: format!("{url}/session/{session}"),
            begun: at.parse()?,
            id: id.parse()?,
            _driver: program,
        })
    }
}

/// Writes down when it was and which process, and becomes the program: what the driver starts.
///
/// # Errors
/// When the program can't be started.
#[expect(
    clippy::disallowed_methods,
    reason = "what a page knows of time is the machine's time of day"
)]
pub(crate) fn launch(stamp: &Path, program: &Path, arguments: &[String]) -> Result<()> {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    let at = crate::sample::milliseconds(now);
    std::fs::write(stamp, format!("{at} {}", std::process::id()))?;
    let mut program = Command::new(program);
    // As the app restarts itself where there is no graphics card: an empty window gets no worse a start.
    Err(program
        .args(arguments)
        .envs(holdfast_process::drawing())
        .exec()
        .into())
}

impl Window {
    async fn call(&self, path: &str, body: Value) -> Result<Value> {
        let url = format!("{}/{path}", self.session);
        let sent = self
            .http
            .post(url)
            .timeout(SCREEN_TIMEOUT)
            .json(&body)
            .send()
            .await?;
        let mut answer: Value = sent.json().await?;
        if let Some(error) = answer["value"]["error"].as_str() {
            bail!(
                "{error}: {}",
                answer["value"]["message"].as_str().unwrap_or_default()
            );
        }
        Ok(answer["value"].take())
    }

    /// What a script in the page comes to; it may wait.
    ///
    /// # Errors
    /// When it throws.
    pub(crate) async fn script(&self, body: &str, arguments: Value) -> Result<Value> {
        let whole = format!(
            "const given = [...arguments], done = given.pop(); \
             (async () => {{ {body} }})().then((value) => done({{ value }}), \
             (cause) => done({{ cause: JSON.stringify(cause) + cause }}))"
        );
        self.call("timeouts", json!({ "script": 120_000 })).await?;
        let mut answer = self
            .call("execute/async", json!({ "script": whole, "args": arguments }))
            .await?;
        if let Some(cause) = answer["cause"].as_str() {
            bail!("the page says: {cause}");
        }
        Ok(answer["value"].take())
    }

    /// Presses keys, as a person does.
    ///
    /// # Errors
    /// The driver's.
    pub(crate) async fn keys(&self, keys: &str) -> Result<()> {
        let presses: Vec<Value> = keys
            .chars()
            .flat_map(|key| {
                ["keyDown", "keyUp"].map(|kind| json!({ "type": kind, "value": key.to_string() }))
            })
            .collect();
        let body = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": presses }] });
        self.call("actions", body).await.map(drop)
    }

    /// How long after the program's start its first screen was painted, in milliseconds.
    ///
    /// # Errors
    /// When it never is.
    pub(crate) async fn painted(&self) -> Result<f64> {
        let script = "for (;;) { const [mark] = performance.getEntriesByName('floor'); \
                      if (mark) return performance.timeOrigin + mark.startTime; \
                      await new Promise((go) => setTimeout(go, 10)) }";
        let at = self.script(script, json!([])).await?;
        Ok(at.as_f64().context("no time")? - self.begun)
    }

    /// What the program and all that it started have in memory, in MB, and the program's own part of it.
    /// What processes share is counted once.
    ///
    /// # Errors
    /// When it does not run.
    pub(crate) fn memory(&self) -> Result<(f64, f64)> {
        let own = proportional(self.id).context("the program does not run")?;
        let others: f64 = below(self.id)?.into_iter().filter_map(proportional).sum();
        Ok((own + others, own))
    }
}

impl Drop for Window {
    /// Ends the program as a power cut does; its driver goes after it.
    fn drop(&mut self) {
        // It may have ended by itself, which is as good.
        let _ended = Command::new("kill").args(["-9", &self.id.to_string()]).status();
    }
}

/// A process's proportional set size in MB.
pub(crate) fn proportional(id: u32) -> Option<f64> {
    let text = std::fs::read_to_string(format!("/proc/{id}/smaps_rollup")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    let kilobytes: f64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kilobytes / 1_000.0)
}

/// All that a process has started, and what those have.
fn below(id: u32) -> Result<HashSet<u32>> {
    let mut parents: BTreeMap<u32, u32> = BTreeMap::new();
    for entry in std::fs::read_dir("/proc")?.filter_map(Result::ok) {
        let Some(process) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        // It may end while it is looked at.
        let status = std::fs::read_to_string(entry.path().join("status")).unwrap_or_default();
        let parent = status.lines().find_map(|line| line.strip_prefix("PPid:"));
        parents.insert(process, parent.and_then(|p| p.trim().parse().ok()).unwrap_or(0));
    }
    let mut all = HashSet::from([id]);
    loop {
        let before = all.len();
        let more: Vec<u32> = parents
            .iter()
            .filter(|(_, p)| all.contains(p))
            .map(|(id, _)| *id)
            .collect();
        all.extend(more);
        if all.len() == before {
            all.remove(&id);
            return Ok(all);
        }
    }
}
