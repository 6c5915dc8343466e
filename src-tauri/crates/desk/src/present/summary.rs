//! What is open and what waits, in a line: for the tray, the badge, and a person who is about to quit.

use crate::account::Account;
use crate::context::frame::Frame;
use crate::present::view::{VenueSummary, sums};
use crate::wording::floor as words;
use crate::{AppError, Desk, wording};

impl Desk {
    /// How the venue stands just now, from the ledger alone, with all that is open.
    pub(super) async fn summary_of_ledger(
        &self,
        frame: Frame,
    ) -> Result<(VenueSummary, Vec<Account>), AppError> {
        let (rows, needs) = self.open_with_attention(frame).await?;
        let held = sums(rows.iter().map(|tab| &tab.row.left));
        let amounts: Vec<String> = held.iter().map(|money| money.text.clone()).collect();
        let amounts = Some(wording::together(&amounts)).filter(|_| !held.is_empty());
        let summary = VenueSummary {
            open_count: rows.len(),
            words: words::venue_summary(rows.len(), amounts.as_deref()),
            quitting: words::quitting(rows.len(), amounts.as_deref()),
            leaving: words::leaving(rows.len(), amounts.as_deref()),
            held,
            waiting: needs.all,
            alarm: None,
        };
        Ok((summary, rows.into_iter().map(|tab| tab.account).collect()))
    }
}
