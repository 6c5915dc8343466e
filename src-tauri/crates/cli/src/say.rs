//! Answers, for people and for programs.

use anyhow::Result;
use holdfast_desk::view::{Outcome, TabRow, TabView};
use holdfast_desk::{JournalCheck, ReportView, RunView};
use holdfast_domain::tidy_line;
use holdfast_ledger::Backup;

fn line(row: &TabRow) -> String {
    let place = row.place.as_ref().map_or_else(String::new, |p| format!(" ({p})"));
    // What an older version kept of Dojo's words may have orders to a terminal in it.
    let detail = tidy_line(&row.detail);
    format!(
        "{}  {}{place}  bill {}  on hold {}  taken {}  {}  {}",
        row.reference, row.name, row.bill.text, row.left.text, row.captured.text, row.state.words, detail
    )
}

pub(crate) fn rows(rows: &[TabRow], json: bool) -> Result<()> {
    if json {
        println!("{}", serde_json::to_string_pretty(rows)?);
    } else {
        for row in rows {
            println!("{}", line(row));
        }
    }
    Ok(())
}

pub(crate) fn tab(tab: &TabView, json: bool) -> Result<()> {
    if json {
        println!("{}", serde_json::to_string_pretty(tab)?);
        return Ok(());
    }
    println!("{}", line(&tab.row));
    for hold in &tab.holds {
        let link = hold.link.as_deref().unwrap_or_default();
        println!("  hold {}  {}  {link}", hold.reference, hold.state.words);
    }
    for step in &tab.history {
        let amount = step.amount.as_ref().map_or("", |a| a.text.as_str());
        println!(
            "  {}  {}  {amount}  {}",
            step.at.to_rfc3339(),
            tidy_line(&step.words),
            step.by
        );
    }
    Ok(())
}

pub(crate) fn outcome(outcome: &Outcome, json: bool) -> Result<()> {
    if json {
        println!("{}", serde_json::to_string_pretty(outcome)?);
    } else {
        for operation in &outcome.operations {
            println!("{}", tidy_line(&operation.words));
        }
        println!("{}", line(&outcome.tab.row));
    }
    Ok(())
}

pub(crate) fn backups(backups: &[Backup], json: bool) -> Result<()> {
    if json {
        println!("{}", serde_json::to_string_pretty(backups)?);
    } else {
        for backup in backups {
            println!("{}  {}", backup.name, backup.taken_at.to_rfc3339());
        }
    }
    Ok(())
}

pub(crate) fn journal(found: &JournalCheck, json: bool) -> Result<()> {
    if json {
        println!("{}", serde_json::to_string_pretty(found)?);
    } else {
        println!("{}", found.words);
    }
    Ok(())
}

pub(crate) fn night(run: &RunView, json: bool) -> Result<()> {
    if json {
        println!("{}", serde_json::to_string_pretty(run)?);
        return Ok(());
    }
    for row in &run.rows {
        println!("{}: {}", row.name, tidy_line(&row.state.words));
    }
    println!("{} of {} tabs.", run.done, run.total);
    Ok(())
}

pub(crate) fn report(report: &ReportView, json: bool) -> Result<()> {
    if json {
        println!("{}", serde_json::to_string_pretty(report)?);
        return Ok(());
    }
    println!("{}, {}", report.title, report.venue);
    println!("{}\nMade {}\n{}", report.day, report.made, report.covers);
    for part in &report.parts {
        println!("{}", part.title);
        for line in &part.lines {
            println!("  {}  {}", line.label, line.text);
        }
    }
    for line in &report.still_held {
        println!("{}, not takings  {}", line.label, line.text);
    }
    for left in &report.leftovers {
        println!("Carried over: {} ({})", left.name, left.under);
    }
    println!("{} {}", report.journal, report.seal);
    Ok(())
}
