//! The real command line, whole or hurt at the n-th call of a kind that it makes to the system.
//!
//! `strace` does the hurting: from outside, so that what runs is what is shipped.

use crate::{clerk, venue::Venue};
use anyhow::{Context, Result, ensure};
use holdfast_tests::KEY;
use std::{
    collections::HashMap,
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::Duration,
};

/// What a second till on a data folder is told.
pub(crate) const REFUSAL: &str = "another Holdfast is using this data folder";

/// What happens at the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Blow {
    /// The process is gone before the call is made.
    Kill,
    /// The call fails, once.
    Once(&'static str),
    /// The call fails from then on.
    Lasting(&'static str),
    /// The call writes nothing and says so, once.
    ShortOnce,
    /// The call writes nothing and says so from then on.
    Short,
}

/// Where: the n-th call of that name on one of the process's threads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Point {
    pub(crate) call: &'static str,
    pub(crate) nth: usize,
}

/// What became of one run.
pub(crate) struct Ran {
    /// Whether the blow fell: a run may end before its point.
    pub(crate) was_hit: bool,
    /// What it printed and how it ended.
    pub(crate) output: Output,
    /// Its calls, one a line after the thread's number.
    pub(crate) trace: String,
}

impl Ran {
    /// Both texts, for a failure's report.
    pub(crate) fn words(&self) -> String {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        format!("{}{}", text(&self.output.stdout), text(&self.output.stderr))
    }
}

/// The built command line.
pub(crate) fn program() -> Result<PathBuf> {
    let here = std::env::current_exe()?;
    let path = here.with_file_name(format!("holdfast-cli{}", std::env::consts::EXE_SUFFIX));
    ensure!(
        path.exists(),
        "build the command line first: cargo build -p holdfast-cli"
    );
    Ok(path)
}

/// Who carries a deed's words out: the command line, or this program as a clerk.
pub(crate) fn who_does<T: AsRef<str>>(words: &[T]) -> Result<PathBuf> {
    if words
        .first()
        .is_some_and(|first| first.as_ref() == clerk::ARGUMENT)
    {
        return Ok(std::env::current_exe()?);
    }
    program()
}

/// A command that is told all that the command line has to know.
pub(crate) fn prepared(venue: &Venue, program: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .env("HOLDFAST_KEY", KEY)
        .env("HOLDFAST_DATA_DIR", venue.data())
        .env("HOLDFAST_DOJO_URL", venue.address())
        // One thread for the network: then the n-th call is the same call in every run.
        .env("TOKIO_WORKER_THREADS", "1")
        .env("RUST_BACKTRACE", "0");
    command
}

/// A process that was killed lets go of the folder when the last of its threads is gone, and one that
/// is just being started holds, for an instant, whatever its parent had open.
pub(crate) async fn once_free(mut command: Command) -> Result<Output> {
    let ended = tokio::task::spawn_blocking(move || {
        for _ in 0..100 {
            let output = command.output()?;
            if !String::from_utf8_lossy(&output.stderr).contains(REFUSAL) {
                return Ok(output);
            }
            std::thread::sleep(Duration::from_millis(30));
        }
        command.output()
    });
    Ok(ended.await??)
}

/// So many runs of the same at the same time.
pub(crate) fn at_once(venue: &Venue, arguments: &[&str], count: usize) -> Result<Vec<Output>> {
    let program = program()?;
    let mut running = Vec::new();
    for _ in 0..count {
        let mut command = prepared(venue, &program);
        command
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        running.push(command.spawn()?);
    }
    let ended = running.into_iter().map(|child| Ok(child.wait_with_output()?));
    ended.collect()
}

/// A run of the command line that nothing hurts, however it ends.
pub(crate) async fn run(venue: &Venue, arguments: &[&str]) -> Result<Output> {
    let mut command = prepared(venue, &who_does(arguments)?);
    command.args(arguments);
    once_free(command).await
}

/// The same, and it must end well.
pub(crate) async fn well(venue: &Venue, arguments: &[&str]) -> Result<()> {
    let output = run(venue, arguments).await?;
    ensure!(
        output.status.success(),
        "{arguments:?} ended with {}: {}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(())
}

/// A run that is watched at `calls`, and hurt at one of them if a blow is given.
pub(crate) async fn watched(
    venue: &Venue,
    arguments: &[&str],
    calls: &[&str],
    blow: Option<(&Point, Blow)>,
) -> Result<Ran> {
    let log = venue.data().with_extension("trace");
    let mut command = prepared(venue, Path::new("strace"));
    // It stops at what it watches alone, which is half the work; only then it can't kill.
    if !matches!(blow, Some((_, Blow::Kill))) {
        command.arg("--seccomp-bpf");
    }
    command.args(["-f", "-qq", "-o"]).arg(&log);
    let names = calls.join(",");
    command.args(["-e", &format!("trace={names}"), "-e", "signal=none"]);
    if let Some((Point { call, nth }, blow)) = blow {
        let how = match blow {
            Blow::Kill => format!("signal=KILL:when={nth}"),
            Blow::Once(error) => format!("error={error}:when={nth}"),
            Blow::Lasting(error) => format!("error={error}:when={nth}+"),
            Blow::ShortOnce => format!("retval=0:when={nth}"),
            Blow::Short => format!("retval=0:when={nth}+"),
        };
        command.args(["-e", &format!("inject={call}:{how}")]);
    }
    command.arg(who_does(arguments)?).args(arguments);
    let output = once_free(command).await;
    let output = output.context("strace could not be run; it is in the Debian package of that name")?;
    let trace = String::from_utf8_lossy(&std::fs::read(&log).context("strace wrote nothing")?).into_owned();
    let was_hit = match blow {
        None => false,
        Some((_, Blow::Kill)) => output.status.signal() == Some(9),
        Some((point, _)) => match first_injected(&trace, point.call) {
            None => false,
            Some(nth) => {
                ensure!(nth == point.nth, "strace hurt call {nth} instead of {point:?}");
                true
            }
        },
    };
    Ok(Ran {
        was_hit,
        output,
        trace,
    })
}

/// A run on a disk on which no file gets longer than so many bytes: the write that would pass them is cut
/// short there, and those after it fail.
pub(crate) async fn cramped(venue: &Venue, arguments: &[&str], bytes: u64) -> Result<Output> {
    let mut command = prepared(venue, Path::new("env"));
    // Without it the process would be ended by the signal, which is another attack.
    command.args(["--ignore-signal=XFSZ", "prlimit"]);
    command.arg(format!("--fsize={bytes}")).arg(who_does(arguments)?);
    command.args(arguments);
    once_free(command).await
}

/// Which of its thread's calls of that name was the first to be hurt.
fn first_injected(trace: &str, call: &str) -> Option<usize> {
    let before = trace.find("(INJECTED)")?;
    let lines: Vec<&str> = trace[..before].lines().collect();
    let thread = lines.last()?.split_whitespace().next()?;
    let is_one = |line: &&&str| {
        let mut words = line.split_whitespace();
        words.next() == Some(thread)
            && words
                .next()
                .and_then(|w| w.split_once('('))
                .is_some_and(|(name, _)| name == call)
    };
    Some(lines.iter().filter(is_one).count())
}

/// Every point of an unhurt run: of each kind of call, as many as its busiest thread makes.
pub(crate) fn points(trace: &str, calls: &[&'static str]) -> Vec<Point> {
    let mut counts: HashMap<(&str, &str), usize> = HashMap::new();
    for line in trace.lines() {
        let mut words = line.split_whitespace();
        let (Some(thread), Some((call, _))) = (words.next(), words.next().and_then(|w| w.split_once('(')))
        else {
            continue;
        };
        let count = counts.entry((thread, call)).or_default();
        *count = count.saturating_add(1);
    }
    let most = |call: &str| {
        let of_it = counts.iter().filter(|((_, name), _)| *name == call);
        of_it.map(|(_, count)| *count).max().unwrap_or(0)
    };
    calls
        .iter()
        .flat_map(|call| (1..=most(call)).map(|nth| Point { call, nth }))
        .collect()
}
