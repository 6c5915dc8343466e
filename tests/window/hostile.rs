//! A script that isn't ours runs in the till's window: it can't lead the window away, write a file, name a folder or
//! read the key.

use crate::browser::Window;
use crate::desktop::Desktop;
use crate::id;
use crate::sandbox::{dojo, keep_key};
use anyhow::{Context, Result, ensure};
use holdfast_tests::KEY;
use reqwest::Method;
use serde_json::{Value, json};
use std::io::Read;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

/// How long the window has to get somewhere before it counts as having stayed.
const TO_GET_AWAY: Duration = Duration::from_millis(700);

/// Somebody's own server, who waits for what the till's window has to tell.
struct Stranger(TcpListener);

impl Stranger {
    fn waits() -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        Ok(Self(listener))
    }

    fn address(&self) -> Result<String> {
        Ok(format!("http://127.0.0.1:{}", self.0.local_addr()?.port()))
    }

    /// What it was told. WebKit connects ahead of a link's page, before anybody asks whether the window may go there,
    /// and says nothing.
    fn was_told(&self) -> Option<String> {
        let (mut called, _) = self.0.accept().ok()?;
        let mut said = [0; 400];
        let _silent = called.set_read_timeout(Some(Duration::from_millis(200)));
        let length = called.read(&mut said).unwrap_or(0);
        (length > 0).then(|| String::from_utf8_lossy(said.get(..length).unwrap_or_default()).into_owned())
    }
}

/// What the program answers to a command of the page's: its answer as JSON, or why not.
async fn asked_for(window: &Window, command: &str, arguments: Value) -> Result<String> {
    let script = "const [command, args, done] = arguments
        window.__TAURI_INTERNALS__.invoke(command, args)
          .then((a) => done(JSON.stringify(a) ?? ''), (e) => done('refused: ' + String(e.message ?? e)))";
    let body = json!({ "script": script, "args": [command, arguments] });
    let answer = window.call(Method::POST, "/execute/async", body).await?;
    Ok(answer.as_str().context("no answer")?.to_owned())
}

fn files(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names.collect()
}

#[tokio::test]
async fn a_hostile_script_can_t_get_out_of_the_window() -> Result<()> {
    let (desktop, dojo, stranger) = (Desktop::start().await?, dojo(0).await?, Stranger::waits()?);
    let (home, address) = (tempfile::tempdir()?, dojo.base_url());
    let downloads = home.path().join("Downloads");
    std::fs::create_dir(&downloads)?;
    std::fs::create_dir(home.path().join(".config"))?;
    let folders = "XDG_DOWNLOAD_DIR=\"$HOME/Downloads\"\n";
    std::fs::write(home.path().join(".config/user-dirs.dirs"), folders)?;
    let environment = [
        desktop.environment(),
        ("HOLDFAST_DOJO_URL", address.as_str()),
        ("HOME", home.path().to_str().context("no path")?),
    ];
    let window = Window::open_prepared(&environment, async |_| Ok(())).await?;
    keep_key(&window).await?;
    let here = window.script("return location.href", json!([])).await?;

    // It leaves by no address, says nothing on the way, and the page stays as it was.
    let to = stranger.address()?;
    for script in [
        "location.href = arguments[0] + '/?guests'",
        "location.replace('https://127.0.0.1:1/')",
        "location.href = 'data:text/html,paste your key'",
        "location.href = 'about:blank'",
        "location.href = 'file:///etc/passwd'",
        "location.href = 'blob:null/x'",
        "location.href = 'http://a b:99999999/'",
        "location.href = 'tauri://elsewhere/'",
        "window.open(arguments[0])",
        "window.open('about:blank')",
        "const a = document.createElement('a'); a.href = arguments[0]; a.target = '_blank'; \
         document.body.append(a); a.click()",
        "const f = document.createElement('form'); f.action = arguments[0]; f.method = 'POST'; \
         document.body.append(f); f.submit()",
        "const m = document.createElement('meta'); m.httpEquiv = 'refresh'; m.content = '0;url=' + arguments[0]; \
         document.head.append(m)",
        "const i = document.createElement('iframe'); i.src = arguments[0]; document.body.append(i)",
        "fetch(arguments[0]).catch(() => {}); new Image().src = arguments[0]; navigator.sendBeacon(arguments[0], 'x')",
    ] {
        // Some addresses are refused by the engine itself, with an error.
        let _refused = window.script(script, json!([to])).await;
        tokio::time::sleep(TO_GET_AWAY).await;
        let told = stranger.was_told();
        ensure!(told.is_none(), "{script}: the stranger was told {told:?}");
        let is = window.script("return location.href", json!([])).await?;
        ensure!(is == here, "{script}: the window is at {is}");
        let open = window.call(Method::GET, "/window/handles", Value::Null).await?;
        ensure!(open.as_array().map(Vec::len) == Some(1), "{script}: {open}");
    }
    window.reads(&id("mode-badge"), "SANDBOX").await?;

    // It writes no file: neither by a download nor by a command.
    for script in [
        "const a = document.createElement('a'); a.download = 'x.desktop'; \
         a.href = URL.createObjectURL(new Blob(['x'])); document.body.append(a); a.click()",
        "const a = document.createElement('a'); a.download = 'y.txt'; a.href = 'data:text/plain,x'; \
         document.body.append(a); a.click()",
    ] {
        window.script(script, json!([])).await?;
        tokio::time::sleep(TO_GET_AWAY).await;
        ensure!(files(&downloads).is_empty(), "{script}: {:?}", files(&downloads));
    }
    for command in [
        "plugin:fs|write_text_file",
        "plugin:shell|execute",
        "plugin:dialog|open",
    ] {
        let said = asked_for(&window, command, json!({})).await?;
        ensure!(said.starts_with("refused: "), "{command}: {said}");
    }

    // It names no folder.
    let elsewhere = tempfile::tempdir()?;
    let settings = asked_for(&window, "settings", json!({})).await?;
    let mut settings: Value = serde_json::from_str(&settings)?;
    settings["backupFolder"] = json!(elsewhere.path());
    asked_for(&window, "save_settings", json!({ "settings": settings })).await?;
    asked_for(&window, "back_up", json!({})).await?;
    ensure!(files(elsewhere.path()).is_empty(), "the ledger was copied away");

    // It sends no more text than anybody types.
    let long = "x".repeat(2 << 20);
    let said = asked_for(&window, "save_support", json!({ "text": long })).await?;
    ensure!(said.starts_with("refused: "), "{said}");

    // The key comes back by no answer.
    for command in [
        "start",
        "settings",
        "settings_changes",
        "support",
        "floor",
        "attention",
    ] {
        let said = asked_for(&window, command, json!({})).await?;
        ensure!(!said.contains(KEY), "{command} tells the key");
    }

    // Nor does another account of this computer's read anything.
    for (of, wanted) in [
        ("", 0o700),
        ("sandbox/ledger.db", 0o600),
        ("log/holdfast.log", 0o600),
        ("mode", 0o600),
    ] {
        let mode = std::fs::metadata(window.data.join(of))?.permissions().mode() & 0o777;
        ensure!(mode == wanted, "{of}: {mode:o}");
    }
    Ok(())
}
