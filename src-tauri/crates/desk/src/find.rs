//! Finding a tab, open or put away; and what was put away, page by page.

use crate::view::{ClosedPage, ClosedPlace, Found, TabRow};
use crate::{AppError, Desk, show};
use holdfast_domain::TabId;
use holdfast_ledger::{Account, Place};

/// A search shows no more than this of either kind: who sees more than that types another letter.
const MOST_FOUND: usize = 50;

/// Rows on a page of what was put away.
const A_PAGE: usize = 100;

impl Desk {
    /// Tabs by name, place, reference, card's last four, amount or Dojo's number. Case, accents and
    /// a slip or two in the spelling don't matter.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn search(&self, query: &str) -> Result<Found, AppError> {
        let found = self.ledger.search(query, MOST_FOUND).await?;
        let words = said(
            query.trim(),
            found.open.len(),
            found.closed.len(),
            found.closed_count,
        );
        Ok(Found {
            words,
            open: self.rows(found.open).await?,
            closed: self.rows(found.closed).await?,
        })
    }

    async fn rows(&self, tabs: Vec<TabId>) -> Result<Vec<TabRow>, AppError> {
        if tabs.is_empty() {
            return Ok(Vec::new());
        }
        let (frame, accounts) = (self.frame().await?, self.ledger.accounts(tabs).await?);
        Ok(accounts.iter().map(|whole| show::row(whole, frame)).collect())
    }

    /// What was put away, the newest first, from the beginning or from where a page ended; with a
    /// `query` only what it finds.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn closed(&self, query: &str, after: Option<ClosedPlace>) -> Result<ClosedPage, AppError> {
        if !query.trim().is_empty() {
            let found = self.ledger.search(query, A_PAGE).await?;
            return Ok(ClosedPage {
                rows: self.rows(found.closed).await?,
                next: None,
            });
        }
        let after = after.map(|place| Place {
            closed_at: place.closed_at,
            tab: place.tab_id,
        });
        // One more than is shown says whether there is a next page.
        let most = i64::try_from(A_PAGE + 1).unwrap_or(i64::MAX);
        let mut accounts = self.ledger.closed_accounts(after, most).await?;
        let has_more = accounts.len() > A_PAGE;
        accounts.truncate(A_PAGE);
        let frame = self.frame().await?;
        Ok(ClosedPage {
            rows: accounts.iter().map(|whole| show::row(whole, frame)).collect(),
            next: accounts.last().filter(|_| has_more).and_then(place),
        })
    }
}

fn place(account: &Account) -> Option<ClosedPlace> {
    Some(ClosedPlace {
        closed_at: account.tab.closed_at?,
        tab_id: account.tab.id,
    })
}

/// How much was found.
fn said(query: &str, open: usize, closed: usize, all_closed: usize) -> String {
    let more = if all_closed > closed {
        format!("; the {closed} best of them are shown")
    } else {
        String::new()
    };
    match (open, all_closed) {
        (0, 0) => format!("Nothing matches “{query}”"),
        (MOST_FOUND.., 0) => format!("{open} open and more match “{query}”"),
        (_, 0) => format!("{open} open for “{query}”"),
        (0, _) => format!("None open, {all_closed} put away for “{query}”{more}"),
        (_, _) => format!("{open} open, {all_closed} put away for “{query}”{more}"),
    }
}
