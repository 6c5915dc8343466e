//! Lists for a spreadsheet. A cell that a guest's name could turn into a formula is made plain text.

use crate::reports::Reports;
use crate::reports::days::edges;
use crate::wording::reports::{self as words, MOVEMENTS, TIPS};
use crate::{AppError, SpreadsheetNumbers};
use chrono::NaiveDate;
use holdfast_domain::{Money, Movement, MovementKind, Standing, Tab, TabId};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, hash_map::Entry};
use ts_rs::TS;

/// Which list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum ExportKind {
    /// Everything that moved.
    Movements,
    /// Every tip and service charge, taken or refunded: by whom, when, from whom, how much.
    Tips,
}

/// A list, ready to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// What the file is called.
    pub file: String,
    /// RFC 4180 with the separator that the venue's spreadsheets expect; in UTF-8 with its mark, or they guess.
    pub text: String,
    /// Lines without the heading.
    pub rows: usize,
}

impl Reports {
    /// What moved on the business days from `from` to `to`, both included.
    pub(crate) async fn export(
        &self,
        kind: ExportKind,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Export, AppError> {
        let settings = self.context.settings().await?;
        let days = self.context.business_days_by(&settings)?;
        let numbers = settings.spreadsheet_numbers;
        let (_, between) = edges(&days, from, to)?;
        let (Some(first), Some(last)) = (between.first(), between.last()) else {
            return Ok(list(kind, from, to, numbers, Vec::new()));
        };
        let mut tabs: HashMap<TabId, (Tab, String)> = HashMap::new();
        let mut rows = Vec::new();
        for movement in self.context.ledger.movements_at(*first, *last).await? {
            if kind == ExportKind::Tips && !is_of_tips(&movement.what) {
                continue;
            }
            let (tab, guest) = match tabs.entry(movement.tab) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(place) => {
                    let tab = self.context.ledger.tab(movement.tab).await?;
                    let guest = self.context.title(&tab).await?;
                    place.insert((tab, guest))
                }
            };
            let at = movement.what.at.with_timezone(&days.zone);
            let day = days.of(movement.what.at).to_string();
            let time = at.format("%Y-%m-%d %H:%M:%S %z").to_string();
            rows.push(match kind {
                ExportKind::Movements => movement_line(&movement, tab, guest, [day, time], numbers),
                ExportKind::Tips => tipped(&movement, tab, guest, [day, time], numbers),
            });
        }
        Ok(list(kind, from, to, numbers, rows))
    }
}

fn movement_line(
    movement: &Movement,
    tab: &Tab,
    guest: &str,
    [day, time]: [String; 2],
    numbers: SpreadsheetNumbers,
) -> Vec<String> {
    let what = &movement.what;
    let major = |minor| Money::new(minor, movement.currency).ungrouped(numbers.decimal_mark());
    vec![
        day,
        time,
        text(words::movement(what.kind)),
        text(guest),
        text(&tab.reference),
        movement.currency.code().to_owned(),
        major(what.amount),
        major(what.service),
        major(what.tip),
        what.amount.to_string(),
        text(what.by.name()),
        text(&what.source),
        movement.seq.to_string(),
        major(not_said(what)),
    ]
}

fn tipped(
    movement: &Movement,
    tab: &Tab,
    guest: &str,
    [day, time]: [String; 2],
    numbers: SpreadsheetNumbers,
) -> Vec<String> {
    let what = &movement.what;
    let major = |minor| Money::new(minor, movement.currency).ungrouped(numbers.decimal_mark());
    // What was taken and what was refunded stand apart, and each row adds up to what is paid out.
    let of = |minor: i64| {
        let (taken, refunded) = match what.kind {
            MovementKind::Refunded => (0, minor),
            MovementKind::Opened
            | MovementKind::Held
            | MovementKind::Taken
            | MovementKind::Released
            | MovementKind::Lapsed => (minor, 0),
        };
        (taken, refunded, taken.saturating_sub(refunded))
    };
    let (service, tip) = (of(what.service), of(what.tip));
    vec![
        day,
        time,
        text(words::movement(what.kind)),
        text(what.by.name()),
        text(guest),
        text(&tab.reference),
        movement.currency.code().to_owned(),
        major(service.0),
        major(service.1),
        major(service.2),
        major(tip.0),
        major(tip.1),
        major(tip.2),
        major(not_said(what)),
        tip.2.to_string(),
        movement.seq.to_string(),
    ]
}

/// Whether it changes what is paid out, or might.
fn is_of_tips(what: &Standing) -> bool {
    (what.service, what.tip, not_said(what)) != (0, 0, 0)
}

/// Minor units of a refund of which nobody has said what they were for.
const fn not_said(what: &Standing) -> i64 {
    match what.kind {
        MovementKind::Refunded => what.amount.saturating_sub(what.said),
        MovementKind::Opened
        | MovementKind::Held
        | MovementKind::Taken
        | MovementKind::Released
        | MovementKind::Lapsed => 0,
    }
}

fn list(
    kind: ExportKind,
    from: NaiveDate,
    to: NaiveDate,
    numbers: SpreadsheetNumbers,
    rows: Vec<Vec<String>>,
) -> Export {
    let (file, heading) = match kind {
        ExportKind::Movements => (words::movements_file(from, to), MOVEMENTS),
        ExportKind::Tips => (words::tips_file(from, to), TIPS),
    };
    let count = rows.len();
    let heading: Vec<String> = heading.iter().map(|cell| text(cell)).collect();
    let lines: Vec<String> = std::iter::once(heading)
        .chain(rows)
        .map(|row| row.join(numbers.separator()))
        .collect();
    Export {
        file,
        text: format!("\u{feff}{}\r\n", lines.join("\r\n")),
        rows: count,
    }
}

/// A cell of text. A spreadsheet takes a cell that begins like a formula for one, quoted or not.
fn text(cell: &str) -> String {
    let risky = cell
        .trim_start_matches(|letter: char| letter.is_whitespace() || letter.is_control())
        .starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'])
        // Of a name that an older version took as it was.
        || cell.starts_with(char::is_control);
    let guard = if risky { "'" } else { "" };
    format!("\"{guard}{}\"", cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spreadsheet_can_t_be_tricked() {
        for (cell, written) in [
            ("Ada", "\"Ada\""),
            ("\0=1+1", "\"'\0=1+1\""),
            ("\0Ada", "\"'\0Ada\""),
            ("=1+1", "\"'=1+1\""),
            (" =1+1", "\"' =1+1\""),
            ("+44", "\"'+44\""),
            ("-3", "\"'-3\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\t=1", "\"'\t=1\""),
            ("\r=1", "\"'\r=1\""),
            ("＝1", "\"'＝1\""),
            ("O\"Neil, Pat", "\"O\"\"Neil, Pat\""),
            ("", "\"\""),
        ] {
            assert_eq!(text(cell), written, "{cell:?}");
        }
    }

    #[test]
    fn a_list_has_its_heading_and_ends_its_lines() {
        let day: NaiveDate = "2026-10-24".parse().unwrap();
        let list = list(ExportKind::Tips, day, day, SpreadsheetNumbers::Comma, Vec::new());
        assert_eq!(list.file, "Holdfast tips and service charge 2026-10-24.csv");
        assert!(list.text.starts_with('\u{feff}') && list.text.ends_with("\r\n"));
        assert_eq!(list.rows, 0);
    }
}
