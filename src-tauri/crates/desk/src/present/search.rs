//! Finding a tab, open or closed; and what was closed, page by page.

use crate::context::frame::Frame;
use crate::context::reasons::Mistyped;
use crate::present::figures::figures;
use crate::present::floor_tab::FloorTab;
use crate::present::view::{ClosedPage, ClosedPlace, Found};
use crate::wording::search::{self as words, FoundCounts};
use crate::{AppError, Desk, Field, FieldError};
use chrono::NaiveDate;
use holdfast_domain::{Actor, TabId, has_card_number, parse_amount};
use holdfast_ledger::{Account, Became, ClosedFilter, Place};
use serde::Deserialize;
use std::collections::HashMap;
use ts_rs::TS;

/// How many open tabs a search shows: with more, people type another letter.
const MOST_OPEN_FOUND: usize = 30;

/// How many closed tabs a search shows, the best first; the history has all of them.
const MOST_CLOSED_FOUND: usize = 12;

/// How many closed tabs a search counts.
const MOST_CLOSED_COUNTED: usize = 1_000;

/// Rows on a page of closed tabs.
const CLOSED_TABS_PER_PAGE: usize = 100;

/// How many of the best hits a search of closed tabs sorts and pages through.
const MOST_SEARCH_HITS: usize = 5_000;

/// Who closed which tab.
type Closers = HashMap<TabId, Actor>;

/// Which of what was closed is wanted, as typed; what is empty leaves all in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export)]
pub struct ClosedAsked {
    /// As in [`Desk::search`].
    pub query: String,
    /// The first business day.
    #[ts(type = "string | null")]
    pub from: Option<NaiveDate>,
    /// The last business day.
    #[ts(type = "string | null")]
    pub to: Option<NaiveDate>,
    /// Who opened it.
    pub person: String,
    /// The card's last four digits.
    pub card: String,
    /// At least this amount was taken or, where nothing was, asked for.
    pub least: String,
    /// At most this amount.
    pub most: String,
    /// What became of it.
    pub became: Option<Became>,
}

impl ClosedAsked {
    /// What a search finds, with nothing else said.
    pub fn query(query: &str) -> Self {
        Self {
            query: query.to_owned(),
            ..Self::default()
        }
    }
}

impl Desk {
    /// Tabs by name, place, reference, card's last four, amount or Dojo's number. Case, accents and
    /// a slip or two in the spelling don't matter.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn search(&self, query: &str) -> Result<Found, AppError> {
        if has_card_number(query) {
            return Err(AppError::field(Field::Query, Mistyped::CardNumber));
        }
        let mut found = self.context.ledger.search(query, MOST_OPEN_FOUND).await?;
        found.closed.truncate(MOST_CLOSED_FOUND);
        let counts = FoundCounts {
            open: found.open.len(),
            is_open_cut: found.open.len() >= MOST_OPEN_FOUND,
            closed_shown: found.closed.len(),
            closed: found.closed_count,
            is_closed_cut: found.closed_count >= MOST_CLOSED_COUNTED,
        };
        let words = words::found(query.trim(), &counts);
        let all = [found.open.as_slice(), &found.closed].concat();
        let (accounts, closers) = match all.is_empty() {
            true => (Vec::new(), Closers::new()),
            // Both at once: the ledger's thread goes from one to the other, and who types waits once.
            false => tokio::try_join!(
                self.context.ledger.accounts(all),
                self.context.ledger.closers(found.closed.clone())
            )?,
        };
        let frame = self.context.frame().await?;
        let all = hits(accounts, &closers, frame);
        let (open, closed): (Vec<_>, Vec<_>) = all.partition(|tab| found.open.contains(&tab.row.id));
        Ok(Found {
            words,
            figures: figures(open.iter(), frame),
            open: open.into_iter().map(|tab| tab.row).collect(),
            closed: closed.into_iter().map(|tab| tab.row).collect(),
        })
    }

    /// What was closed and is looked for, the newest first, from the beginning or from where a page ended.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] by field; the ledger's.
    pub async fn closed(
        &self,
        asked: &ClosedAsked,
        after: Option<ClosedPlace>,
    ) -> Result<ClosedPage, AppError> {
        let mut filter = self.filter(asked).await?;
        if !asked.query.trim().is_empty() {
            let found = self.context.ledger.search(&asked.query, MOST_SEARCH_HITS).await?;
            filter.among = Some(found.closed);
        }
        let after = after.map(|place| Place {
            closed_at: place.closed_at,
            tab: place.tab_id,
        });
        // One more than is shown says whether there is a next page.
        let most = i64::try_from(CLOSED_TABS_PER_PAGE + 1).unwrap_or(i64::MAX);
        let mut accounts = self.context.ledger.closed_accounts(filter, after, most).await?;
        let has_more = accounts.len() > CLOSED_TABS_PER_PAGE;
        accounts.truncate(CLOSED_TABS_PER_PAGE);
        let frame = self.context.frame().await?;
        let next = accounts.last().filter(|_| has_more).and_then(place);
        let closed = accounts.iter().map(|account| account.tab.id).collect();
        let closers = self.context.ledger.closers(closed).await?;
        let rows = hits(accounts, &closers, frame);
        Ok(ClosedPage {
            rows: rows.map(|tab| tab.row).collect(),
            next,
        })
    }

    /// What was typed, as the ledger counts it: business days as moments, amounts in minor units.
    async fn filter(&self, asked: &ClosedAsked) -> Result<ClosedFilter, AppError> {
        let currency = self.context.settings().await?.currency;
        let days = self.context.business_days().await?;
        let mut problems = Vec::new();
        let mut wrong = |field: Field, what: Mistyped| problems.push(FieldError::new(field, what));
        if asked.from.zip(asked.to).is_some_and(|(from, to)| from > to) {
            wrong(Field::To, Mistyped::DaysBackwards);
        }
        let mut amount = |field: Field, text: &str| match parse_amount(text, currency, false) {
            _ if text.trim().is_empty() => None,
            Ok(money) => Some(money.minor),
            Err(problem) => {
                wrong(field, Mistyped::Amount(problem));
                None
            }
        };
        let (least, most) = (
            amount(Field::Least, &asked.least),
            amount(Field::Most, &asked.most),
        );
        if least.zip(most).is_some_and(|(least, most)| least > most) {
            wrong(Field::Most, Mistyped::AmountsBackwards);
        }
        let card = some(&asked.card);
        let is_card = |card: &String| card.len() == 4 && card.chars().all(|c| c.is_ascii_digit());
        if card.as_ref().is_some_and(|card| !is_card(card)) {
            wrong(Field::Card, Mistyped::LastFour);
        }
        if !problems.is_empty() {
            return Err(AppError::invalid(problems));
        }
        Ok(ClosedFilter {
            from: asked.from.map(|day| days.start(day)),
            before: asked.to.map(|day| days.end(day)),
            person: some(&asked.person),
            card,
            least,
            most,
            became: asked.became,
            among: None,
        })
    }
}

/// What was found, with who closed what is closed: the journal knows.
fn hits(accounts: Vec<Account>, closers: &Closers, frame: Frame) -> impl Iterator<Item = FloorTab> {
    accounts.into_iter().map(move |account| {
        let mut tab = FloorTab::of(account, frame);
        tab.row.closed_by = closers.get(&tab.row.id).map(ToString::to_string);
        tab
    })
}

fn some(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn place(account: &Account) -> Option<ClosedPlace> {
    Some(ClosedPlace {
        closed_at: account.tab.closed_at?,
        tab_id: account.tab.id,
    })
}
