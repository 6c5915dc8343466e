//! The night report: made once from all that moved since the one before, kept for ever, shown again as it was.

use crate::report_view::{self, ReportDue, ReportRow, ReportView};
use crate::{AppError, Desk, ErrorCode};
use holdfast_domain::{Currency, Leftover, Money, NightReport, StillHeld, sums_by};
use holdfast_ledger::{LedgerError, Unreported};
use std::sync::atomic::Ordering;

/// Reports in one page of the list.
const REPORTS_PER_PAGE: i64 = 50;

impl Desk {
    /// Makes the night report.
    ///
    /// # Errors
    /// [`ErrorCode::NotAllowed`] when nothing has moved since the last one, or while the night is being
    /// closed; the ledger's.
    pub async fn make_report(&self) -> Result<ReportView, AppError> {
        let unreported = self.ledger.unreported().await?;
        if let Some(why) = self.report_refused(&unreported) {
            return Err(AppError::new(ErrorCode::NotAllowed, why));
        }
        self.keep_report(unreported).await
    }

    /// Adds up what moved and keeps it for ever.
    pub(crate) async fn keep_report(&self, unreported: Unreported) -> Result<ReportView, AppError> {
        let report = self.compose(unreported).await?;
        let takings: Vec<String> = report
            .sums
            .iter()
            .filter_map(|s| Some(Money::new(s.sums.takings()?, s.currency).to_string()))
            .collect();
        let words = format!(
            "Night report {} made: movements {} to {}, takings {}",
            report.number,
            report.first,
            report.last,
            takings.join(" and ")
        );
        let note = self.note(&report.made_by, None, words);
        match self.ledger.add_report(&report, note).await {
            Ok(()) => {}
            Err(LedgerError::Busy) => {
                let words = "The report was made a moment ago. Look at it under History.";
                return Err(AppError::new(ErrorCode::NotAllowed, words));
            }
            Err(other) => return Err(other.into()),
        }
        self.changed();
        Ok(report_view::view(&report))
    }

    /// A report as it was made.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`]; the ledger's.
    pub async fn report(&self, number: i64) -> Result<ReportView, AppError> {
        Ok(report_view::view(&self.ledger.report(number).await?))
    }

    /// The newest reports, or the newest before a number.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn reports(&self, before: Option<i64>) -> Result<Vec<ReportRow>, AppError> {
        let reports = self.ledger.reports(before, REPORTS_PER_PAGE).await?;
        Ok(reports.iter().map(report_view::row).collect())
    }

    /// What the next report would say, and whether it may be made.
    pub(crate) async fn report_due(&self) -> Result<ReportDue, AppError> {
        let unreported = self.ledger.unreported().await?;
        let sums = sums_by(&unreported.movements, |_| ()).ok_or_else(too_much)?;
        Ok(ReportDue {
            number: unreported
                .last
                .as_ref()
                .map_or(1, |last| last.number.saturating_add(1)),
            since: report_view::since(
                unreported.last.as_ref().map(|l| l.made_at),
                self.business_days().await?.zone,
            ),
            parts: report_view::parts(&sums),
            why_not: self.report_refused(&unreported),
            last: unreported.last.as_ref().map(report_view::row),
        })
    }

    fn report_refused(&self, unreported: &Unreported) -> Option<String> {
        if self.night_runs.load(Ordering::SeqCst) {
            return Some("The night is being closed. Make the report when that has ended.".to_owned());
        }
        unreported.movements.is_empty().then(|| match &unreported.last {
            Some(last) => format!("Nothing has moved since report {}.", last.number),
            None => "Nothing has moved yet.".to_owned(),
        })
    }

    async fn compose(&self, unreported: Unreported) -> Result<NightReport, AppError> {
        let Unreported {
            last,
            movements,
            journal,
        } = unreported;
        let (settings, days, now) = (self.settings().await?, self.business_days().await?, self.now());
        let first = last.as_ref().map_or(1, |last| last.last.saturating_add(1));
        Ok(NightReport {
            number: last.as_ref().map_or(1, |last| last.number.saturating_add(1)),
            made_at: now,
            made_by: settings.staff_name,
            venue: settings.venue,
            day: days.of(now),
            cut_off: settings.cut_off,
            zone: days.zone.name().to_owned(),
            since: last.as_ref().map(|last| last.made_at),
            first,
            last: movements.last().map_or(first.saturating_sub(1), |m| m.seq),
            sums: sums_by(&movements, |_| ()).ok_or_else(too_much)?,
            by_staff: sums_by(&movements, |m| m.what.by.clone()).ok_or_else(too_much)?,
            by_day: sums_by(&movements, |m| days.of(m.what.at)).ok_or_else(too_much)?,
            still_held: self.still_held().await?,
            leftovers: self.leftovers(last.as_ref()).await?,
            journal,
        })
    }

    /// Whatever is held and not taken, on tabs that are open and on those that were put away.
    async fn still_held(&self) -> Result<Vec<StillHeld>, AppError> {
        let live = self.watched().await?;
        let mut all = Vec::new();
        for currency in [Currency::Gbp, Currency::Eur] {
            let of_it = live.iter().filter(|h| h.currency == currency && h.left() > 0);
            let (mut holds, mut minor) = (0_i64, 0_i64);
            for hold in of_it {
                holds = holds.saturating_add(1);
                minor = minor.checked_add(hold.left()).ok_or_else(too_much)?;
            }
            if holds > 0 {
                let money = Money::new(minor, currency);
                all.push(StillHeld { holds, money });
            }
        }
        Ok(all)
    }

    /// Every tab that is open, and how often it has been carried forward.
    async fn leftovers(&self, last: Option<&NightReport>) -> Result<Vec<Leftover>, AppError> {
        let open = self.open(self.frame().await?).await?;
        let all = open.into_iter().map(|(_, row)| {
            let before = last.and_then(|last| last.leftovers.iter().find(|l| l.tab == row.id));
            Leftover {
                tab: row.id,
                left: Money::new(row.left.minor, row.left.currency),
                bill: Money::new(row.bill.minor, row.bill.currency),
                state: row.state.words,
                name: row.name,
                place: row.place,
                reference: row.reference,
                opened_at: row.opened_at,
                opened_by: row.opened_by,
                times: before.map_or(1, |before| before.times.saturating_add(1)),
            }
        });
        Ok(all.collect())
    }
}

fn too_much() -> AppError {
    AppError::new(ErrorCode::Internal, "The sums are larger than a report can hold.")
}
