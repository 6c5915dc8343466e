//! The night report: made once from all that moved since the one before, kept for ever, shown again as it was.

use crate::account::taking;
use crate::context::reasons::{NoReport, NotPossible};
use crate::reports::Reports;
use crate::{AppError, ErrorCode};
use holdfast_domain::{Currency, Event, Leftover, Money, NightReport, StillHeld, sums_by};
use holdfast_ledger::{LedgerError, Unreported};

impl Reports {
    /// Adds up what moved and keeps it for ever.
    pub(crate) async fn keep_report(
        &self,
        unreported: Unreported,
        leftovers: Vec<Leftover>,
    ) -> Result<NightReport, AppError> {
        let report = self.compose(unreported, leftovers).await?;
        let takings = report
            .sums
            .iter()
            .filter_map(|s| Some(Money::new(s.sums.takings()?, s.currency)));
        let event = Event::ReportMade {
            number: report.number,
            first: report.first,
            last: report.last,
            takings: takings.collect(),
        };
        let note = self.context.note(report.made_by.clone(), None, event);
        match self.context.ledger.add_report(&report, note).await {
            Ok(()) => {}
            Err(LedgerError::Busy) => {
                return Err(AppError::new(ErrorCode::NotAllowed, NotPossible::ReportMade));
            }
            Err(other) => return Err(other.into()),
        }
        self.context.changed();
        Ok(report)
    }

    /// Why no report may be made now.
    pub(crate) fn report_refused(&self, unreported: &Unreported, is_night_closing: bool) -> Option<NoReport> {
        if is_night_closing {
            return Some(NoReport::NightClosing);
        }
        let last = unreported.last.as_ref().map(|last| last.number);
        unreported
            .movements
            .is_empty()
            .then_some(NoReport::NothingMoved { last })
    }

    async fn compose(
        &self,
        unreported: Unreported,
        leftovers: Vec<Leftover>,
    ) -> Result<NightReport, AppError> {
        let Unreported {
            last,
            movements,
            journal,
        } = unreported;
        let (settings, days, now) = (
            self.context.settings().await?,
            self.context.business_days().await?,
            // A clock that is ahead makes no other night of it: what moved is dated so too.
            self.context.reckoning().earliest,
        );
        let first = last.as_ref().map_or(1, |last| last.last.saturating_add(1));
        Ok(NightReport {
            number: last.as_ref().map_or(1, |last| last.number.saturating_add(1)),
            made_at: now,
            made_by: settings.actor(),
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
            leftovers,
            journal,
        })
    }

    /// Whatever is held and neither taken nor being taken, on tabs that are open and on those that were closed.
    async fn still_held(&self) -> Result<Vec<StillHeld>, AppError> {
        let live = self.reconciler.watched_accounts().await?;
        let holds = || live.iter().flat_map(|account| &account.holds);
        let mut all = Vec::new();
        for currency in [Currency::Gbp, Currency::Eur] {
            let of_it = holds().filter(|(hold, _)| hold.currency == currency);
            let left = of_it.map(|entry| entry.0.left().saturating_sub(taking::hidden(entry)));
            let (mut holds, mut minor) = (0_i64, 0_i64);
            for left in left.filter(|left| *left > 0) {
                holds = holds.saturating_add(1);
                minor = minor.checked_add(left).ok_or_else(too_much)?;
            }
            if holds > 0 {
                let money = Money::new(minor, currency);
                all.push(StillHeld { holds, money });
            }
        }
        Ok(all)
    }
}

pub(crate) fn too_much() -> AppError {
    AppError::new(ErrorCode::Internal, NotPossible::SumsTooLargeForReport)
}
