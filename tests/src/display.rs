//! A screen without glass, and WebKit's driver for a window on it.

use anyhow::{Context, Result, ensure};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A program that ends with its owner.
pub struct Program(pub Child);

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself, which is as good.
        let _ended = self.0.kill();
        let _status = self.0.wait();
    }
}

/// A folder of a story's own, and whatever still runs in it: what a bus started by itself outlives the bus.
pub struct Home(tempfile::TempDir);

impl Home {
    /// An empty one.
    ///
    /// # Errors
    /// When there is no room for one.
    pub fn new() -> Result<Self> {
        Ok(Self(tempfile::tempdir()?))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// The processes that have it in their environment, by their numbers.
    fn left(&self) -> Vec<String> {
        let home = self.path().display().to_string();
        let all = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        let numbered = all.filter_map(|entry| entry.file_name().into_string().ok());
        let numbered = numbered.filter(|name| name.bytes().all(|sign| sign.is_ascii_digit()));
        numbered
            .filter(|process| {
                let has = std::fs::read(format!("/proc/{process}/environ"));
                has.is_ok_and(|has| String::from_utf8_lossy(&has).contains(&home))
            })
            .collect()
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        for process in self.left() {
            // It may have ended by itself, which is as good.
            let _ended = Command::new("kill").args(["-KILL", &process]).status();
        }
    }
}

/// Starts a program, and waits for the first line that it says.
///
/// # Errors
/// When it can't be started, or ends without a word.
pub fn that_says(command: &mut Command) -> Result<(Program, String)> {
    let name = command.get_program().to_string_lossy().into_owned();
    let started = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut program = started.with_context(|| format!("{name} could not be started; is it installed?"))?;
    let out = program.stdout.take().context("it has no output")?;
    let program = Program(program);
    let mut line = String::new();
    BufReader::new(out).read_line(&mut line)?;
    let line = line.trim().to_owned();
    ensure!(!line.is_empty(), "{name} ended without a word");
    Ok((program, line))
}

/// The screen of stories, in dots.
pub const SCREEN: (u32, u32) = (1_920, 1_080);

/// An X server with a screen of this size, and what its display is called.
///
/// # Errors
/// When Xvfb is not installed.
pub fn screen((width, height): (u32, u32)) -> Result<(Program, String)> {
    let mut server = Command::new("Xvfb");
    server.args(["-displayfd", "1", "-screen", "0", &format!("{width}x{height}x24")]);
    let (server, number) = that_says(server.args(["-nolisten", "tcp"]))?;
    Ok((server, format!(":{number}")))
}

/// A driver for windows on `display`, and its address.
///
/// # Errors
/// When it is not installed.
pub fn driver(display: &str, environment: &[(&str, &str)]) -> Result<(Program, String)> {
    let free = std::net::TcpListener::bind(("127.0.0.1", 0))?
        .local_addr()?
        .port();
    let driver = Command::new("WebKitWebDriver")
        .arg(format!("--port={free}"))
        .env("DISPLAY", display)
        .env("TAURI_WEBVIEW_AUTOMATION", "true")
        .envs(environment.iter().copied())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("WebKitWebDriver could not be started; is webkit2gtk-driver installed?")?;
    Ok((Program(driver), format!("http://127.0.0.1:{free}")))
}
