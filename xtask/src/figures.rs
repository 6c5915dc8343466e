//! The figures of the fault suites' last runs, written into the page on money safety.

use crate::command::{root, target};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

const PAGE: &str = "docs/money-safety.md";
const BEGIN: &str = "<!-- figures: written by `cargo xtask faults --figures` -->";
const END: &str = "<!-- figures: end -->";
/// How the rows of a long run begin.
const LONG: &str = "long";
const HEAD: &str = "| Suite | Run | What | Count |\n| --- | --- | --- | ---: |\n";

fn folder() -> PathBuf {
    target().join("faults/figures")
}

/// Keeps what a long run came to, as the suites themselves do; with how long it took, if that says anything.
///
/// # Errors
/// When it can't be written.
pub(crate) fn keep(suite: &str, figures: &[(String, Value)], took: Option<Duration>) -> Result<()> {
    std::fs::create_dir_all(folder())?;
    let git = Command::new("git")
        .current_dir(root())
        .args(["describe", "--always", "--exclude=*", "--dirty=+"])
        .output()?;
    let kept = json!({
        "suite": suite,
        "figures": figures,
        "seconds": took.map(|took| took.as_secs()),
        "long": true,
        "commit": String::from_utf8_lossy(&git.stdout).trim(),
    });
    let path = folder().join(format!("{suite}-long.json"));
    std::fs::write(&path, format!("{kept:#}\n")).with_context(|| path.display().to_string())
}

/// Writes what the suites kept; the rows of a suite that kept nothing here stay as they are.
///
/// # Errors
/// When the page has no place for them, or nothing was kept.
pub(crate) fn write() -> Result<()> {
    let folder = folder();
    let mut kept = Vec::new();
    for entry in std::fs::read_dir(&folder).with_context(|| {
        format!(
            "no figures in {}; run `cargo xtask faults` first",
            folder.display()
        )
    })? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "json") {
            let text = std::fs::read_to_string(&path)?;
            let figures = serde_json::from_str(&text).with_context(|| path.display().to_string())?;
            kept.push(figures);
        }
    }
    let page = root().join(PAGE);
    let text = std::fs::read_to_string(&page)?;
    std::fs::write(&page, with_figures(&text, &kept)?)?;
    println!("{PAGE}: the figures of {} suites", kept.len());
    Ok(())
}

/// The page with the rows of `kept` in the place of those suites' former ones; a long run and the one of every
/// change stand side by side.
fn with_figures(page: &str, kept: &[Value]) -> Result<String> {
    let (before, rest) = page
        .split_once(BEGIN)
        .context("the page has no place for figures")?;
    let (table, after) = rest.split_once(END).context("the page’s figures have no end")?;
    let mut suites: BTreeMap<(String, bool), Vec<String>> = BTreeMap::new();
    for line in table.lines() {
        let mut cells = line.split('|').skip(1).map(str::trim);
        let (suite, run) = (cells.next().unwrap_or_default(), cells.next().unwrap_or_default());
        if !suite.is_empty() && suite != "Suite" && !suite.starts_with("---") {
            let key = (suite.to_owned(), run.starts_with(LONG));
            suites.entry(key).or_default().push(line.to_owned());
        }
    }
    for one in kept {
        let suite = one["suite"].as_str().context("figures of no suite")?;
        suites.insert((suite.to_owned(), one["long"] == true), rows(suite, one)?);
    }
    let rows: Vec<String> = suites.into_values().flatten().collect();
    Ok(format!(
        "{before}{BEGIN}\n{HEAD}{}\n{END}{after}",
        rows.join("\n")
    ))
}

fn rows(suite: &str, kept: &Value) -> Result<Vec<String>> {
    let size = if kept["long"] == true {
        LONG
    } else {
        "every change"
    };
    let run = format!("{size}, {}", kept["commit"].as_str().unwrap_or("unknown"));
    let row = |what: &str, count: &Value| {
        let shown = count.as_str().map_or_else(|| count.to_string(), str::to_owned);
        format!("| {suite} | {run} | {what} | {shown} |")
    };
    let mut rows = Vec::new();
    for figure in kept["figures"].as_array().context("figures are a list")? {
        let what = figure[0].as_str().context("a figure has a name")?;
        rows.push(row(what, &figure[1]));
    }
    if !kept["seconds"].is_null() {
        rows.push(row("seconds", &kept["seconds"]));
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_changes_the_rows_of_its_own_suite_and_size_only() -> Result<()> {
        let page = format!(
            "Before\n{BEGIN}\n{HEAD}| kill | long, aaa | points | 3 |\n| world | every change, aaa | seeds | 5 |\n\
             | world | long, aaa | seeds | 7 |\n{END}\nAfter\n"
        );
        let kept = json!({"suite": "world", "figures": [["seeds", 9], ["steps", 90]],
            "seconds": 2, "long": true, "commit": "bbb"});
        let page = with_figures(&page, std::slice::from_ref(&kept))?;
        let expected = format!(
            "Before\n{BEGIN}\n{HEAD}| kill | long, aaa | points | 3 |\n| world | every change, aaa | seeds | 5 |\n\
             | world | long, bbb | seeds | 9 |\n\
             | world | long, bbb | steps | 90 |\n| world | long, bbb | seconds | 2 |\n{END}\nAfter\n"
        );
        assert_eq!(page, expected);
        assert_eq!(
            with_figures(&page, &[kept])?,
            page,
            "the same again changes nothing"
        );
        Ok(())
    }

    #[test]
    fn the_page_has_a_place_for_them() -> Result<()> {
        let page = std::fs::read_to_string(root().join(PAGE))?;
        with_figures(&page, &[]).map(drop)
    }
}
