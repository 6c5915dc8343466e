//! A night report as it is shown and printed: texts, so that nobody else counts or words anything.

use crate::wording;
use crate::wording::{long_day, moment};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use holdfast_domain::{Currency, Leftover, Money, NightReport, StillHeld, Sums, SumsOf, TabId};
use serde::Serialize;
use ts_rs::TS;

/// One line: what it is and how much.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ReportLine {
    /// What the amount is.
    pub label: String,
    /// The amount.
    pub text: String,
    /// Part of the line before.
    pub within: bool,
    /// The line that the part is about.
    pub strong: bool,
}

/// Lines that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ReportPart {
    /// What they are about.
    pub title: String,
    /// The lines.
    pub lines: Vec<ReportLine>,
}

/// The sums of one person or of one business day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ReportSums {
    /// Whose, or which day.
    pub of: String,
    /// Taken, service and tips included.
    pub taken: String,
    /// Given back.
    pub refunded: String,
    /// Taken less refunded.
    pub takings: String,
    /// Service charge in what was taken.
    pub service: String,
    /// Service charge in what was refunded, as far as it is said.
    pub refunded_service: String,
    /// Service charge taken less refunded.
    pub kept_service: String,
    /// Tips in what was taken.
    pub tips: String,
    /// Tips in what was refunded, as far as it is said.
    pub refunded_tips: String,
    /// Tips taken less refunded: what staff are paid.
    pub kept_tips: String,
    /// Refunded, and nobody has said what it was for.
    pub not_said: String,
    /// Let go by decision or at the deadline.
    pub let_go: String,
}

/// A tab that is carried forward.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ReportLeftover {
    /// Which.
    #[ts(type = "string")]
    pub tab_id: TabId,
    /// Guest or party.
    pub name: String,
    /// What it was, who opened it and since when it is carried.
    pub under: String,
    /// Held and not taken.
    pub left: String,
    /// On its bill.
    pub bill: String,
}

/// A night report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ReportView {
    /// From 1, without gaps.
    #[ts(type = "number")]
    pub number: i64,
    /// `Night report 12`.
    pub title: String,
    /// Whose.
    pub venue: String,
    /// The business day on which it was made.
    pub day: String,
    /// When and by whom.
    pub made: String,
    /// What it covers.
    pub covers: String,
    /// Takings, then holds, by currency.
    pub parts: Vec<ReportPart>,
    /// By person.
    pub staff: Vec<ReportSums>,
    /// By business day.
    pub days: Vec<ReportSums>,
    /// Not takings.
    pub still_held: Vec<ReportLine>,
    /// Carried forward.
    pub leftovers: Vec<ReportLeftover>,
    /// How many entries the journal had.
    pub journal: String,
    /// The seal of the last one.
    pub seal: String,
}

/// A report in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ReportRow {
    /// From 1, without gaps.
    #[ts(type = "number")]
    pub number: i64,
    /// `Night report 12`.
    pub title: String,
    /// When and by whom.
    pub made: String,
    /// Takings, by currency.
    pub takings: String,
}

/// The report that is to be made next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ReportDue {
    /// Its number.
    #[ts(type = "number")]
    pub number: i64,
    /// From when on.
    pub since: String,
    /// What it would say now.
    pub parts: Vec<ReportPart>,
    /// Why it can't be made now.
    pub why_not: Option<String>,
    /// The one before.
    pub last: Option<ReportRow>,
}

/// For showing and printing.
pub(crate) fn view(report: &NightReport) -> ReportView {
    let zone = zone(report);
    ReportView {
        number: report.number,
        title: title(report),
        venue: report.venue.clone(),
        day: format!(
            "{}, business day {} to {} ({})",
            long_day(report.day),
            report.cut_off,
            report.cut_off,
            report.zone
        ),
        made: made(report),
        covers: format!(
            "Transactions {} to {}, {}",
            report.first,
            report.last,
            since(report.since, zone)
        ),
        parts: parts(&report.sums),
        staff: report
            .by_staff
            .iter()
            .map(|s| sums(s.of.to_string(), s))
            .collect(),
        days: report.by_day.iter().map(|s| sums(long_day(s.of), s)).collect(),
        still_held: report.still_held.iter().map(still_held).collect(),
        leftovers: report.leftovers.iter().map(|l| leftover(l, zone)).collect(),
        journal: format!("Journal entry {}", report.journal.seq),
        seal: report.journal.seal.clone(),
    }
}

/// For the list.
pub(crate) fn row(report: &NightReport) -> ReportRow {
    let takings = report
        .sums
        .iter()
        .filter_map(|s| Some(Money::new(s.sums.takings()?, s.currency).to_string()));
    let takings: Vec<String> = takings.collect();
    ReportRow {
        number: report.number,
        title: title(report),
        made: made(report),
        takings: takings.join(" and "),
    }
}

/// `since Sat 24 Oct 2026, 04:02 BST`.
pub(crate) fn since(at: Option<DateTime<Utc>>, zone: Tz) -> String {
    at.map_or_else(
        || "from the start".to_owned(),
        |at| format!("since {}", moment(at, zone)),
    )
}

/// What was taken and what became of holds, currency by currency.
pub(crate) fn parts(all: &[SumsOf<()>]) -> Vec<ReportPart> {
    all.iter()
        .flat_map(|s| {
            let one = all.len() == 1;
            let title = |words: &str| {
                if one {
                    words.to_owned()
                } else {
                    format!("{words}, {}", s.currency.code())
                }
            };
            [
                ReportPart {
                    title: title("Takings"),
                    lines: takings(&s.sums, s.currency),
                },
                ReportPart {
                    title: title("Service charge and tips"),
                    lines: kept(&s.sums, s.currency),
                },
                ReportPart {
                    title: title("Holds, not takings"),
                    lines: holds(&s.sums, s.currency),
                },
            ]
        })
        .collect()
}

fn takings(sums: &Sums, currency: Currency) -> Vec<ReportLine> {
    let money = |minor| Money::new(minor, currency).to_string();
    let mut lines = vec![
        line("Taken", money(sums.taken)),
        within("of which service charge", money(sums.service)),
        within("of which tips", money(sums.tips)),
        line("Refunded", money(sums.refunded.saturating_neg())),
    ];
    // None of them is in a report of before it was asked what a refund is of.
    for (label, minor) in [
        ("of which service charge", sums.refunded_service),
        ("of which tips", sums.refunded_tips),
        ("of which no purpose given", sums.refunded_not_said),
    ] {
        if minor != 0 {
            lines.push(within(label, money(minor.saturating_neg())));
        }
    }
    lines.push(ReportLine {
        strong: true,
        ..line("Net takings", sums.takings().map_or_else(String::new, money))
    });
    lines
}

/// What staff and the house keep of service charge and tips.
fn kept(sums: &Sums, currency: Currency) -> Vec<ReportLine> {
    let money = |minor| Money::new(minor, currency).to_string();
    let of = |name: &str, taken: i64, refunded: i64, kept: Option<i64>| {
        [
            line(&format!("{name} taken"), money(taken)),
            line(&format!("{name} refunded"), money(refunded.saturating_neg())),
            ReportLine {
                strong: true,
                ..line(
                    &format!("{name} to pay out"),
                    kept.map_or_else(String::new, money),
                )
            },
        ]
    };
    let service = of(
        "Service charge",
        sums.service,
        sums.refunded_service,
        sums.kept_service(),
    );
    let tips = of("Tips", sums.tips, sums.refunded_tips, sums.kept_tips());
    let mut lines: Vec<ReportLine> = service.into_iter().chain(tips).collect();
    if sums.refunded_not_said != 0 {
        lines.push(line(
            "Refunded, no purpose given: in neither",
            money(sums.refunded_not_said.saturating_neg()),
        ));
    }
    lines
}

fn holds(sums: &Sums, currency: Currency) -> Vec<ReportLine> {
    let money = |minor| Money::new(minor, currency).to_string();
    let asked = match sums.opened {
        1 => "Holds requested (1)".to_owned(),
        many => format!("Holds requested ({many})"),
    };
    vec![
        line(&asked, money(sums.asked)),
        line("Put on hold", money(sums.held)),
        line("Released", money(sums.released)),
        line("Expired (released by Dojo)", money(sums.lapsed)),
    ]
}

fn line(label: &str, text: String) -> ReportLine {
    ReportLine {
        label: label.to_owned(),
        text,
        within: false,
        strong: false,
    }
}

fn within(label: &str, text: String) -> ReportLine {
    ReportLine {
        within: true,
        ..line(label, text)
    }
}

fn still_held(held: &StillHeld) -> ReportLine {
    let on = match held.holds {
        1 => "on 1 hold".to_owned(),
        many => format!("on {many} holds"),
    };
    line(&format!("Still on hold {on}"), held.money.to_string())
}

fn sums<K>(of: String, all: &SumsOf<K>) -> ReportSums {
    let money = |minor| Money::new(minor, all.currency).to_string();
    let sums = &all.sums;
    ReportSums {
        of,
        taken: money(sums.taken),
        refunded: money(sums.refunded),
        takings: sums.takings().map_or_else(String::new, money),
        service: money(sums.service),
        refunded_service: money(sums.refunded_service),
        kept_service: sums.kept_service().map_or_else(String::new, money),
        tips: money(sums.tips),
        refunded_tips: money(sums.refunded_tips),
        kept_tips: sums.kept_tips().map_or_else(String::new, money),
        not_said: money(sums.refunded_not_said),
        let_go: money(sums.released.saturating_add(sums.lapsed)),
    }
}

fn leftover(left: &Leftover, zone: Tz) -> ReportLeftover {
    let carried = match left.times {
        1 => "carried over for the first time".to_owned(),
        many => format!("carried over {many} times"),
    };
    let place = left
        .place
        .as_ref()
        .map_or_else(String::new, |p| format!("{p} · "));
    ReportLeftover {
        tab_id: left.tab,
        name: left.name.clone(),
        under: format!(
            "{place}{} · {} · opened {} by {} · {carried}",
            left.reference,
            wording::tab_state(&left.state, left.left.currency),
            moment(left.opened_at, zone),
            left.opened_by
        ),
        left: left.left.to_string(),
        bill: left.bill.to_string(),
    }
}

fn title(report: &NightReport) -> String {
    format!("Night report {}", report.number)
}

fn made(report: &NightReport) -> String {
    format!("{} by {}", moment(report.made_at, zone(report)), report.made_by)
}

/// The zone as it was then; every name that was ever kept is in the database.
fn zone(report: &NightReport) -> Tz {
    report.zone.parse().unwrap_or(Tz::UTC)
}
