//! The app as the computer starts it at a login: without a driver, its window hidden.

use anyhow::{Context, Result, bail};
use holdfast_tests::display::Program;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The app, until its story ends. It may start itself again, so it's known by its data folder.
pub(crate) struct App {
    data: PathBuf,
    _first: Program,
}

impl App {
    /// Starts it on `data`, with what the entry for the computer's start tells it.
    pub(crate) fn start(data: &Path, display: &str, environment: &[(&str, &str)]) -> Result<Self> {
        let app = std::env::var("HOLDFAST_APP").context("HOLDFAST_APP names no program")?;
        Self::start_program(Path::new(&app), data, display, environment)
    }

    /// The same of a program of a story's own.
    pub(crate) fn start_program(
        program: &Path,
        data: &Path,
        display: &str,
        environment: &[(&str, &str)],
    ) -> Result<Self> {
        let mut command = Command::new(program);
        command
            .arg("--hidden")
            .arg("--data-dir")
            .arg(data)
            .env("DISPLAY", display)
            .envs(environment.iter().copied())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let first = Program(command.spawn().context("the app could not be started")?);
        Ok(Self {
            data: data.to_owned(),
            _first: first,
        })
    }
}

impl Drop for App {
    fn drop(&mut self) {
        for process in running(&self.data) {
            let _ended = Command::new("kill")
                .arg("-KILL")
                .arg(process.to_string())
                .status();
        }
    }
}

/// The processes of the app that have this data folder; where Linux has what it knows of them.
pub(crate) fn running(data: &Path) -> Vec<u32> {
    let data = data.display().to_string();
    let is_it = |process: &std::fs::DirEntry| {
        std::fs::read(process.path().join("cmdline")).is_ok_and(|line| {
            let line = String::from_utf8_lossy(&line).into_owned();
            line.split('\0').any(|word| word == data)
        })
    };
    let all = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    all.filter(is_it)
        .filter_map(|process| process.file_name().to_string_lossy().parse().ok())
        .collect()
}

/// Asks until there is an answer; how long that took.
pub(crate) async fn within<T>(
    limit: Duration,
    what: &str,
    mut question: impl AsyncFnMut() -> Result<Option<T>>,
) -> Result<(T, Duration)> {
    let begun = Instant::now();
    while begun.elapsed() < limit {
        if let Some(answer) = question().await? {
            return Ok((answer, begun.elapsed()));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    bail!("{what} did not come to be within {limit:?}")
}
