//! What an import from Dojo brought, in words.

use crate::present::view::{self, ImportedView, Money};
use crate::{AppError, Desk};

impl Desk {
    /// Makes tabs of all that is open at Dojo, was opened by Holdfast and is not known here. What is
    /// known is left as it is, so that it may be asked for again after it broke off.
    ///
    /// # Errors
    /// Those of the search, and the ledger's.
    pub async fn import_open(&self) -> Result<ImportedView, AppError> {
        let imported = self.reconciler.import_open().await?;
        let held: Vec<Money> = imported.held.into_iter().map(Money::from).collect();
        let mut brought = ImportedView {
            tabs: imported.tabs,
            holds: imported.holds,
            held: view::sums(held.iter()),
            foreign: imported.foreign,
            words: String::new(),
        };
        brought.words = words(&brought);
        Ok(brought)
    }
}

fn words(brought: &ImportedView) -> String {
    let held: Vec<&str> = brought.held.iter().map(|money| money.text.as_str()).collect();
    let what = match (brought.tabs, held.as_slice()) {
        (0, _) => "Nothing is open at Dojo that this PC does not know.".to_owned(),
        (1, []) => "1 tab was brought in; nothing is on hold.".to_owned(),
        (1, held) => format!("1 tab was brought in, with {} on hold.", held.join(" and ")),
        (many, []) => format!("{many} tabs were brought in; nothing is on hold."),
        (many, held) => format!(
            "{many} tabs were brought in, with {} on hold.",
            held.join(" and ")
        ),
    };
    let bills = if brought.tabs > 0 {
        " Check the bills: only the old PC knows what was added after the last request."
    } else {
        ""
    };
    let others = match brought.foreign {
        0 => String::new(),
        1 => " Holdfast didn’t make one more hold at Dojo; we leave it alone.".to_owned(),
        many => format!(" Holdfast didn’t make {many} more holds at Dojo; we leave them alone."),
    };
    format!("{what}{bills}{others}")
}
