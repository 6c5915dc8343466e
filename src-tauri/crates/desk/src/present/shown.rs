//! What was shown last of a shared ledger. While it can't be reached that can be looked at, and nothing else.

use crate::account::Account;
use crate::context::reach::{Away, Elsewhere};
use crate::present::attention::Attention;
use crate::present::view::{self, Banner, BannerCode, Floor, TabKeys, TabView, Tone};
use crate::wording::{self, elsewhere as words};
use crate::{AppError, Desk, Settings};
use holdfast_domain::TabId;
use holdfast_ledger::LedgerError;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

#[derive(Debug, Default)]
struct Known {
    settings: Option<Settings>,
    floor: Option<Floor>,
    attention: Option<Attention>,
    accounts: HashMap<TabId, Account>,
}

/// What was shown last. Nothing of a ledger that one till has: that is always there.
#[derive(Debug, Default)]
pub(crate) struct Shown(Mutex<Known>);

impl Shown {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Desk {
    /// Whether what was shown last has to do.
    fn is_out_of_reach(&self) -> bool {
        matches!(self.context.away(), Some(Away::Since(_) | Away::NotAdmitted))
    }

    /// Everything that is open, from the ledger alone; as it was known last where a shared one can't be reached.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn floor(&self) -> Result<Floor, AppError> {
        let last = self.is_out_of_reach().then(|| self.shown.known().floor.clone());
        let mut floor = match last.flatten() {
            Some(last) => last,
            None => self.floor_of_ledger().await?,
        };
        if let Some(words) = self.why_read_only().await {
            floor.banners.insert(0, read_only_banner(words.clone()));
            floor.read_only = Some(words);
        }
        Ok(floor)
    }

    /// Takes note of a floor that was read, and of what it was made of.
    pub(super) fn keep_shown(&self, floor: &Floor, accounts: Vec<Account>, settings: Settings) {
        if self.context.session.is_none() {
            return;
        }
        let mut known = self.shown.known();
        known.floor = Some(floor.clone());
        known.settings = Some(settings);
        known.accounts = accounts
            .into_iter()
            .map(|account| (account.tab.id, account))
            .collect();
    }

    /// All that waits for a person; as it was known last where a shared ledger can't be reached.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn attention(&self) -> Result<Attention, AppError> {
        let last = self
            .is_out_of_reach()
            .then(|| self.shown.known().attention.clone());
        if let Some(last) = last.flatten() {
            return Ok(last);
        }
        let attention = self.attention_of_ledger().await?;
        if self.context.session.is_some() {
            self.shown.known().attention = Some(attention.clone());
        }
        Ok(attention)
    }

    /// One tab in full; of an open one what was known last where a shared ledger can't be reached.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn tab(&self, id: TabId) -> Result<TabView, AppError> {
        let view = if self.is_out_of_reach() {
            self.last_known(id)?
        } else {
            self.tab_of_ledger(id).await?
        };
        Ok(match self.why_read_only().await {
            Some(words) => read_only(view, &words),
            None => view,
        })
    }

    /// Its history is the ledger's, and isn't kept here.
    fn last_known(&self, id: TabId) -> Result<TabView, AppError> {
        let known = self.shown.known();
        let (Some(account), Some(settings)) = (known.accounts.get(&id), &known.settings) else {
            return Err(LedgerError::Unreachable.into());
        };
        self.tab_of(account, Vec::new(), None, settings)
    }

    /// Why nothing can be changed at this till, for staff; none while it can.
    async fn why_read_only(&self) -> Option<String> {
        match self.context.away()? {
            Away::Since(since) => {
                let settings = self.shown.known().settings.clone();
                let days = settings.and_then(|settings| self.context.business_days_by(&settings).ok());
                let zone = days.map_or(chrono_tz::UTC, |days| days.zone);
                Some(words::away(
                    &since.with_timezone(&zone).format("%H:%M").to_string(),
                ))
            }
            Away::OpenedElsewhere => Some(words::OPENED_ELSEWHERE.to_owned()),
            Away::NotAdmitted => Some(words::NOT_ADMITTED.to_owned()),
        }
    }
}

/// Above the open tab: what was done to it at another till a moment ago.
pub(super) fn changed_elsewhere(news: &Elsewhere, about: wording::EventContext<'_>) -> view::ElsewhereView {
    let at = news
        .at
        .with_timezone(&about.frame.days.zone)
        .format("%H:%M")
        .to_string();
    view::ElsewhereView {
        row: words::row(&news.till, &at),
        title: words::title(&news.till, &news.by, &words::what(&news.event, about)),
        words: words::up_to_date(&at),
        at: news.at,
    }
}

const fn read_only_banner(words: String) -> Banner {
    Banner {
        code: BannerCode::Ledger,
        words,
        tone: Tone::Bad,
        tab_id: None,
        is_for_settings: false,
    }
}

/// The same view with nothing to be done on it, and why.
fn read_only(mut view: TabView, words: &str) -> TabView {
    view.keys = TabKeys {
        take: false,
        hold_more: false,
        release: None,
        renew: None,
        refund: None,
        show_qr: None,
        send_again: None,
        print: None,
        move_bill: false,
        close_tab: None,
        forget: false,
    };
    (view.next, view.why_not_take) = (None, Some(words.to_owned()));
    // Its figures aren't up to date any more.
    view.elsewhere = None;
    view.close_refused = Some(words.to_owned());
    view.lesser.clear();
    view.menu.clear();
    view.again.clear();
    for line in &mut view.lines {
        (line.may_take_off, line.may_move) = (false, false);
    }
    for hold in &mut view.holds {
        hold.not_said.clear();
        hold.papers.clear();
        (hold.contradicts, hold.renew) = (None, None);
        for action in &mut hold.actions {
            (action.allowed, action.why) = (false, Some(words.to_owned()));
        }
        if let Some(operation) = &mut hold.operation {
            (operation.may_be_put_aside, operation.may_be_sent_again) = (false, false);
        }
        if let Some(renewal) = &mut hold.renewal {
            renewal.may_give_up = false;
        }
    }
    view
}
