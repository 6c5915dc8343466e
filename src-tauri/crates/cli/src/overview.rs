//! What a head office sees of its group's venues.

use crate::say;
use anyhow::{Context as _, bail, ensure};
use holdfast_desk::{
    Clock as _, OverviewIn, SystemClock, VenueOverview, report_from_afar, report_row_from_afar,
};
use holdfast_domain::NightReport;
use holdfast_ledger::LedgerError;
use holdfast_ledger_postgres::{HeadOffice, Server, Venue};
use serde_json::{Value, json};

/// A venue with its figures and its newest reports.
struct Seen {
    venue: Venue,
    overview: VenueOverview,
    reports: Vec<NightReport>,
}

/// Shows every venue of the group, or one with its reports in full.
pub(crate) async fn run(
    server: &Server,
    only: Option<i32>,
    reports: i64,
    is_json: bool,
) -> anyhow::Result<()> {
    let office = match HeadOffice::open(server).await {
        Err(LedgerError::NotAdmitted) => {
            bail!("the server knows this address as no head office’s, or the head office was retired")
        }
        office => office?,
    };
    let now = SystemClock.now();
    let mut venues = office.venues().await?;
    venues.retain(|venue| only.is_none_or(|only| venue.number == only));
    ensure!(
        only.is_none() || !venues.is_empty(),
        "there is no such venue in the group of {}",
        office.name()
    );
    let mut all = Vec::new();
    for venue in venues {
        all.push(look(&office, venue, reports).await?);
    }
    if is_json {
        let venues: Vec<Value> = all.iter().map(data).collect::<Result<_, _>>()?;
        let whole = json!({ "headOffice": office.name(), "at": now.to_rfc3339(), "venues": venues });
        println!("{}", serde_json::to_string_pretty(&whole)?);
        return Ok(());
    }
    println!("{}, {}", office.name(), now.format("%Y-%m-%d %H:%M UTC"));
    for seen in &all {
        show(seen, only.is_some())?;
    }
    Ok(())
}

async fn look(office: &HeadOffice, venue: Venue, reports: i64) -> anyhow::Result<Seen> {
    let standing = office.standing(venue.number).await;
    let standing = standing.with_context(|| format!("venue {}", venue.number))?;
    let overview = VenueOverview::of(standing.accounts, standing.settings.as_deref(), SystemClock.now())
        .map_err(|error| anyhow::anyhow!("venue {}: {}", venue.number, error.message))?;
    let reports = office.reports(venue.number, reports).await;
    Ok(Seen {
        reports: reports.with_context(|| format!("venue {}", venue.number))?,
        venue,
        overview,
    })
}

fn data(seen: &Seen) -> anyhow::Result<Value> {
    Ok(json!({
        "venue": seen.venue.number,
        "name": seen.venue.name,
        "currencies": serde_json::to_value(&seen.overview.currencies)?,
        "reports": seen.reports.iter().map(of_report).collect::<Result<Vec<_>, _>>()?,
    }))
}

/// A report's figures as they are kept. Which tabs were carried forward isn't among them.
fn of_report(report: &NightReport) -> anyhow::Result<Value> {
    let mut report = serde_json::to_value(report)?;
    if let Some(fields) = report.as_object_mut() {
        fields.remove("leftovers");
    }
    Ok(report)
}

fn show(seen: &Seen, is_in_full: bool) -> anyhow::Result<()> {
    println!("\n{}  {}", seen.venue.number, seen.venue.name);
    if seen.overview.currencies.is_empty() {
        println!("  nothing is open, and nothing on hold");
    }
    for figures in &seen.overview.currencies {
        for line in lines(figures) {
            println!("  {line}");
        }
    }
    for report in &seen.reports {
        if is_in_full {
            println!();
            say::report(&report_from_afar(report), false)?;
        } else {
            let row = report_row_from_afar(report);
            println!("  {} of {}  net takings {}", row.title, report.day, row.takings);
        }
    }
    Ok(())
}

fn lines(of: &OverviewIn) -> Vec<String> {
    let mut lines = vec![
        format!("open tabs  {} in {}", of.open_tabs, of.currency.code()),
        format!("on hold, not takings  {}", of.on_hold.text),
        format!("still to take  {}", of.still_to_take.text),
    ];
    if of.being_taken.minor != 0 {
        lines.push(format!("being taken  {}", of.being_taken.text));
    }
    if of.on_hold_closed.minor != 0 {
        lines.push(format!("on hold on closed tabs  {}", of.on_hold_closed.text));
    }
    if of.near_end_holds != 0 {
        let (holds, amount) = (of.near_end_holds, &of.near_end.text);
        lines.push(format!(
            "holds within 48 hours of Dojo’s deadline  {holds}, {amount}"
        ));
    }
    if of.not_confirmed != 0 {
        lines.push(format!("requests not confirmed  {}", of.not_confirmed));
    }
    lines
}
