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
        let (rows, waiting) = self.open_with_attention(frame).await?;
        let held = sums(rows.iter().map(|(_, row)| &row.left));
        let amounts: Vec<&str> = held.iter().map(|money| money.text.as_str()).collect();
        let amounts = amounts.join(" and ");
        let open = match rows.len() {
            0 => "No tabs open".to_owned(),
            1 => "1 tab open".to_owned(),
            many => format!("{many} tabs open"),
        };
        let words = if held.is_empty() {
            format!("{open}, nothing on hold")
        } else {
            format!("{open}, {amounts} on hold")
        };
        let quitting = if held.is_empty() {
            format!("{open}, nothing on hold. While Holdfast is closed you won’t be warned about anything.")
        } else {
            format!(
                "{open}, {amounts} on hold. While Holdfast is closed you won’t be warned before a hold \
                 expires."
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
