//! A night report as it is shown and printed: texts, so that nobody else counts or words anything.

use crate::wording::reports::{self as words, Kept};
use crate::wording::{self, long_day};
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
    /// Released by decision, or expired at the deadline.
    pub released_or_expired: String,
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
    /// Where that is by now, line by line: the report itself has the name only.
    pub address: String,
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

/// For showing and printing; `address` is the venue's by now.
pub(crate) fn view(report: &NightReport, address: String) -> ReportView {
    let zone = zone(report);
    ReportView {
        number: report.number,
        title: words::title(report.number),
        venue: report.venue.clone(),
        address,
        day: words::business_day(report.day, &report.cut_off, &report.zone),
        made: words::made(report.made_at, &report.made_by, zone),
        covers: words::covers(
            report.first,
            report.last,
            &words::since(report.since, report.made_at, zone),
        ),
        parts: parts(&report.sums),
        staff: report
            .by_staff
            .iter()
            .map(|s| sums(s.of.to_string(), s))
            .collect(),
        days: report.by_day.iter().map(|s| sums(long_day(s.of), s)).collect(),
        still_held: report.still_held.iter().map(still_held).collect(),
        leftovers: report
            .leftovers
            .iter()
            .map(|l| leftover(l, report.made_at, zone))
            .collect(),
        journal: words::journal_entry(report.journal.seq),
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
        title: words::title(report.number),
        made: words::made(report.made_at, &report.made_by, zone(report)),
        takings: wording::together(&takings),
    }
}

/// What was taken and what became of holds, currency by currency.
pub(crate) fn parts(all: &[SumsOf<()>]) -> Vec<ReportPart> {
    all.iter()
        .flat_map(|s| {
            let several = (all.len() > 1).then_some(s.currency);
            let title = |title: &str| words::part(title, several);
            [
                ReportPart {
                    title: title(words::TAKINGS),
                    lines: takings(&s.sums, s.currency),
                },
                ReportPart {
                    title: title(words::KEPT),
                    lines: kept(&s.sums, s.currency),
                },
                ReportPart {
                    title: title(words::HOLDS),
                    lines: holds(&s.sums, s.currency),
                },
            ]
        })
        .collect()
}

fn takings(sums: &Sums, currency: Currency) -> Vec<ReportLine> {
    let money = |minor| Money::new(minor, currency).to_string();
    let mut lines = vec![
        line(words::TAKEN, money(sums.taken)),
        within(words::OF_WHICH_SERVICE, money(sums.service)),
        within(words::OF_WHICH_TIPS, money(sums.tips)),
        line(words::REFUNDED, money(sums.refunded.saturating_neg())),
    ];
    // None of them is in a report of before it was asked what a refund is of.
    for (label, minor) in [
        (words::OF_WHICH_SERVICE, sums.refunded_service),
        (words::OF_WHICH_TIPS, sums.refunded_tips),
        (words::OF_WHICH_NOT_SAID, sums.refunded_not_said),
    ] {
        if minor != 0 {
            lines.push(within(label, money(minor.saturating_neg())));
        }
    }
    lines.push(ReportLine {
        strong: true,
        ..line(words::NET_TAKINGS, sums.takings().map_or_else(String::new, money))
    });
    lines
}

/// What staff and the house keep of service charge and tips.
fn kept(sums: &Sums, currency: Currency) -> Vec<ReportLine> {
    let money = |minor| Money::new(minor, currency).to_string();
    let of = |what: Kept, taken: i64, refunded: i64, kept: Option<i64>| {
        [
            line(&what.taken(), money(taken)),
            line(&what.refunded(), money(refunded.saturating_neg())),
            ReportLine {
                strong: true,
                ..line(&what.to_pay_out(), kept.map_or_else(String::new, money))
            },
        ]
    };
    let service = of(
        Kept::Service,
        sums.service,
        sums.refunded_service,
        sums.kept_service(),
    );
    let tips = of(Kept::Tips, sums.tips, sums.refunded_tips, sums.kept_tips());
    let mut lines: Vec<ReportLine> = service.into_iter().chain(tips).collect();
    if sums.refunded_not_said != 0 {
        lines.push(line(
            words::NOT_SAID,
            money(sums.refunded_not_said.saturating_neg()),
        ));
    }
    lines
}

fn holds(sums: &Sums, currency: Currency) -> Vec<ReportLine> {
    let money = |minor| Money::new(minor, currency).to_string();
    vec![
        line(&words::holds_requested(sums.opened), money(sums.asked)),
        line(words::PUT_ON_HOLD, money(sums.held)),
        line(words::RELEASED, money(sums.released)),
        line(words::EXPIRED, money(sums.lapsed)),
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
    line(&words::still_on_hold(held.holds), held.money.to_string())
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
        released_or_expired: money(sums.released.saturating_add(sums.lapsed)),
    }
}

fn leftover(left: &Leftover, made_at: DateTime<Utc>, zone: Tz) -> ReportLeftover {
    let carried = words::Carried {
        place: left.place.as_deref(),
        reference: &left.reference,
        state: &wording::tab_state(&left.state, left.left.currency),
        opened_at: left.opened_at,
        opened_by: &left.opened_by,
        times: left.times,
    };
    ReportLeftover {
        tab_id: left.tab,
        name: left.name.clone(),
        under: carried.words(made_at, zone),
        left: left.left.to_string(),
        bill: left.bill.to_string(),
    }
}

/// The zone as it was then; every name that was ever kept is in the database.
fn zone(report: &NightReport) -> Tz {
    report.zone.parse().unwrap_or(Tz::UTC)
}
