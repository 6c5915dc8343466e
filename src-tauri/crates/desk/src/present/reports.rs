//! The reports that there are, and the one that is due.

use crate::present::floor_tab::FloorTab;
use crate::present::report::{parts, row, view};
use crate::reports::make::too_much;
use crate::wording::reports::since;
use crate::{AppError, Desk, ReportDue, ReportRow, ReportView, wording};
use holdfast_domain::{Leftover, Money, NightReport, sums_by};

/// Reports in one page of the list.
const REPORTS_A_PAGE: i64 = 50;

impl Desk {
    /// A report as it was made.
    ///
    /// # Errors
    /// [`crate::ErrorCode::NotFound`]; the ledger's.
    pub async fn report(&self, number: i64) -> Result<ReportView, AppError> {
        let address = self.context.settings().await?.address;
        Ok(view(&self.context.ledger.report(number).await?, address))
    }

    /// The newest reports, or the newest before a number.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn reports(&self, before: Option<i64>) -> Result<Vec<ReportRow>, AppError> {
        let reports = self.context.ledger.reports(before, REPORTS_A_PAGE).await?;
        Ok(reports.iter().map(row).collect())
    }

    /// What the next report would say, and whether it may be made.
    pub(crate) async fn report_due(&self) -> Result<ReportDue, AppError> {
        let unreported = self.context.ledger.unreported().await?;
        let sums = sums_by(&unreported.movements, |_| ()).ok_or_else(too_much)?;
        Ok(ReportDue {
            number: unreported
                .last
                .as_ref()
                .map_or(1, |last| last.number.saturating_add(1)),
            since: since(
                unreported.last.as_ref().map(|l| l.made_at),
                self.context.now(),
                self.context.business_days().await?.zone,
            ),
            parts: parts(&sums),
            why_not: self
                .reports
                .report_refused(&unreported, self.night.is_running())
                .map(String::from),
            last: unreported.last.as_ref().map(row),
        })
    }

    /// Every tab that is open, and how often it has been carried forward.
    pub(crate) async fn leftovers(&self, last: Option<&NightReport>) -> Result<Vec<Leftover>, AppError> {
        let frame = self.context.frame().await?;
        // In the floor's order; what is kept is the account's, not the row's.
        let open = self.open(frame).await?;
        let all = open.into_iter().map(|FloorTab { account, facts, .. }| {
            let tab = &account.tab;
            let before = last.and_then(|last| last.leftovers.iter().find(|l| l.tab == tab.id));
            let money = |minor| Money::new(minor, tab.currency);
            Leftover {
                tab: tab.id,
                left: money(facts.left),
                bill: money(facts.bill),
                state: facts.state,
                name: wording::title(tab, account.holds.iter().map(|(hold, _)| hold)),
                place: tab.place.clone(),
                reference: tab.reference.clone(),
                opened_at: tab.opened_at,
                opened_by: tab.opened_by.clone(),
                times: before.map_or(1, |before| before.times.saturating_add(1)),
            }
        });
        Ok(all.collect())
    }
}
