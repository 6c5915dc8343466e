//! The table as it is kept: with the machine and the commit that it is of.

use crate::plot;
use crate::table::{self, Before, Row};
use anyhow::Result;
use holdfast_desk::{Clock, SystemClock};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

fn said(program: &str, arguments: &[&str]) -> String {
    let out = Command::new(program).args(arguments).output();
    out.map(|out| String::from_utf8_lossy(&out.stdout).trim().to_owned())
        .unwrap_or_default()
}

/// The value of the first line of a file under /proc that begins so.
fn line(path: &str, beginning: &str) -> String {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let found = text.lines().find(|line| line.starts_with(beginning));
    let value = found.and_then(|line| line.split_once(':'));
    value
        .map(|(_, value)| value.trim().to_owned())
        .unwrap_or_default()
}

/// Processor, memory, kernel, the disk that is written to.
fn machine(out: &Path) -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let disk = said("df", &["--output=fstype", &out.display().to_string()]);
    format!(
        "{cores} × {}, {} of memory, Linux {}, {}",
        line("/proc/cpuinfo", "model name"),
        line("/proc/meminfo", "MemTotal"),
        said("uname", &["-r"]),
        disk.lines().last().unwrap_or_default()
    )
}

/// Writes the table as Markdown and as JSON, and prints it, with what is to be said of rows that were not run.
///
/// # Errors
/// When it can't be written.
pub(crate) fn write(out: &Path, rows: &[Row], is_quick: bool, took: Duration, not_run: &str) -> Result<()> {
    std::fs::create_dir_all(out)?;
    let commit = said("git", &["describe", "--always", "--exclude=*", "--dirty=+"]);
    let (machine, at) = (
        machine(out),
        SystemClock.now().format("%Y-%m-%d %H:%M UTC").to_string(),
    );
    let missed: usize = rows.iter().map(Row::missed).sum();
    let name = if is_quick { "quick" } else { "table" };
    let kept = out.join(format!("{name}.json"));
    let before: Value = std::fs::read_to_string(&kept)
        .ok()
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default();
    let then = match before["commit"].as_str().zip(before["at"].as_str()) {
        Some((commit, at)) => format!("The run before was of commit {commit}, {at}."),
        None => "There was no run before.".to_owned(),
    };
    let table = table::markdown(rows, &Before::of(&before));
    let end = if not_run.is_empty() {
        String::new()
    } else {
        format!("\n{not_run}\n")
    };
    let size = if is_quick { "a quick run" } else { "a whole run" };
    let text = format!(
        "# How close to the limit\n\n\
         Written by `cargo xtask bench`: {size} of {} s, commit {commit}, {at}.\n{machine}.\n\n\
         What each row is, and why a goal is missed where one is: [README.md](README.md). Noise is by how much the\n\
         ratio of the medians differs between the first and the second half of a row’s samples. {then}\n\n{table}{end}",
        took.as_secs()
    );
    std::fs::write(out.join(format!("{name}.md")), &text)?;
    let now = json!({
        "commit": commit, "machine": machine, "at": at, "quick": is_quick,
        "seconds": took.as_secs(), "missed": missed, "rows": rows,
    });
    std::fs::write(&kept, format!("{now:#}\n"))?;
    plot::draw(out, rows)?;
    println!("{table}{end}");
    println!(
        "{missed} goals are missed. {}",
        out.join(format!("{name}.md")).display()
    );
    Ok(())
}
