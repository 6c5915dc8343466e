//! What an import from Dojo brought.

use crate::present::view::{self, ImportedView, Money};
use crate::wording::imports::imported;
use crate::{AppError, Desk};

impl Desk {
    /// Makes tabs of all that is open at Dojo, was opened by Holdfast and is not known here. What is
    /// known is left as it is, so that it may be asked for again after it broke off.
    ///
    /// # Errors
    /// Those of the search, and the ledger's.
    pub async fn import_open(&self) -> Result<ImportedView, AppError> {
        let brought = self.reconciler.import_open().await?;
        let held: Vec<Money> = brought.held.into_iter().map(Money::from).collect();
        let held = view::sums(held.iter());
        let amounts: Vec<&str> = held.iter().map(|money| money.text.as_str()).collect();
        Ok(ImportedView {
            words: imported(brought.tabs, &amounts, brought.foreign),
            tabs: brought.tabs,
            holds: brought.holds,
            held,
            foreign: brought.foreign,
        })
    }
}
