//! What is open and what waits, in a line: for the tray, the badge, and whoever is about to quit.

use crate::present::view::{Standing, sums};
use crate::{AppError, Desk};

impl Desk {
    /// How the venue stands just now, from the ledger alone.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn standing(&self) -> Result<Standing, AppError> {
        let frame = self.context.frame().await?;
        let rows = self.open(frame).await?;
        let held = sums(rows.iter().map(|(_, row)| &row.left));
        let waiting = self.context.ledger.findings().await?.len();
        let amounts: Vec<&str> = held.iter().map(|money| money.text.as_str()).collect();
        let amounts = amounts.join(" and ");
        let open = match rows.len() {
            0 => "Nothing is open".to_owned(),
            1 => "1 is open".to_owned(),
            many => format!("{many} are open"),
        };
        let words = if held.is_empty() {
            format!("{open}, nothing is held")
        } else {
            format!("{open}, {amounts} held")
        };
        let quitting = if held.is_empty() {
            format!(
                "{open} and nothing is held. Holdfast reads nothing and warns of nothing while it is closed."
            )
        } else {
            format!(
                "{open}, with {amounts} held on cards. While Holdfast is closed nobody is warned before a hold ends; \
                 at its deadline Dojo does what was chosen for each."
            )
        };
        Ok(Standing {
            open_count: rows.len(),
            held,
            waiting,
            words,
            quitting,
        })
    }
}
