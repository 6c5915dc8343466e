//! Making the night report.

use crate::present::report;
use crate::{AppError, Desk, ErrorCode, ReportView};
use holdfast_domain::NightReport;
use holdfast_ledger::Unreported;

impl Desk {
    /// Makes the night report.
    ///
    /// # Errors
    /// [`ErrorCode::NotAllowed`] when nothing has moved since the last one, or while the night is being
    /// closed; the ledger's.
    pub async fn make_report(&self) -> Result<ReportView, AppError> {
        let unreported = self.context.ledger.unreported().await?;
        if let Some(why) = self.reports.report_refused(&unreported, self.night.is_running()) {
            return Err(AppError::new(ErrorCode::NotAllowed, why));
        }
        let address = self.context.settings().await?.address;
        Ok(report::view(
            &self.report_with_leftovers(unreported).await?,
            address,
        ))
    }

    /// Makes the report, with every tab that is open carried forward.
    pub(crate) async fn report_with_leftovers(
        &self,
        unreported: Unreported,
    ) -> Result<NightReport, AppError> {
        let leftovers = self.leftovers(unreported.last.as_ref()).await?;
        self.reports.keep_report(unreported, leftovers).await
    }
}
