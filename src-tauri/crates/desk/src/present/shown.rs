//! What was shown last of a shared ledger. While it can't be reached that can be looked at, and nothing else.

use crate::account::Account;
use crate::context::reach::{Away, Elsewhere};
use crate::present::attention::Attention;
use crate::present::view::{self, Banner, BannerCode, Floor, TabKeys, TabView, Tone, VenueSummary};
use crate::wording::{self, elsewhere as words};
use crate::{AppError, Desk, LeavingLedger, Settings};
use chrono::{DateTime, Utc};
use holdfast_domain::{Finding, TabId};
use holdfast_ledger::LedgerError;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long a shared ledger may be away before people hear of it outside the window: a server that is started again is
/// back by then.
pub(crate) const TOLD_AFTER: Duration = Duration::from_secs(5 * 60);

#[derive(Debug, Default)]
struct Known {
    settings: Option<Settings>,
    floor: Option<Floor>,
    attention: Option<Attention>,
    accounts: HashMap<TabId, Account>,
    summary: Option<VenueSummary>,
    /// What was told of deadlines.
    warned: Vec<Finding>,
}

/// What this till knew of deadlines when the ledger was there last.
pub(crate) struct LastDeadlines {
    pub(crate) settings: Settings,
    pub(crate) accounts: Vec<Account>,
    pub(crate) warned: Vec<Finding>,
}

/// What was shown last. Nothing of a ledger that one till has: that is always there.
#[derive(Debug, Default)]
pub(crate) struct Shown(Mutex<Known>);

impl Shown {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes note of what was told of deadlines.
    pub(crate) fn keep_warned(&self, warned: Vec<Finding>) {
        self.known().warned = warned;
    }

    /// What was known of deadlines; none before anything was shown.
    pub(crate) fn deadlines(&self) -> Option<LastDeadlines> {
        let known = self.known();
        Some(LastDeadlines {
            settings: known.settings.clone()?,
            accounts: known.accounts.values().cloned().collect(),
            warned: known.warned.clone(),
        })
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
        self.shown.known().floor = Some(floor.clone());
        self.keep_open(accounts, settings);
    }

    fn keep_open(&self, accounts: Vec<Account>, settings: Settings) {
        let mut known = self.shown.known();
        known.settings = Some(settings);
        known.accounts = accounts
            .into_iter()
            .map(|account| (account.tab.id, account))
            .collect();
    }

    /// How the venue stands just now; as it was known last where a shared ledger can't be reached, and that it can't.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn venue_summary(&self) -> Result<VenueSummary, AppError> {
        // In a line of its own: what is known stays locked for as long as a condition that asks for it holds.
        let last = self.is_out_of_reach().then(|| self.shown.known().summary.clone());
        if let Some(last) = last.flatten() {
            let away = self.context.away_for().filter(|(_, long)| *long >= TOLD_AFTER);
            let alarm = away.map(|(since, _)| words::nobody_warns(&self.hour(since)));
            return Ok(VenueSummary { alarm, ..last });
        }
        let settings = self.context.settings().await?;
        let (summary, accounts) = self.summary_of_ledger(self.context.frame_by(&settings)?).await?;
        if self.context.session.is_some() {
            self.keep_open(accounts, settings);
            self.shown.known().summary = Some(summary.clone());
        }
        Ok(summary)
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

    /// What this till leaves behind when it returns to a ledger of its own; `till` is what people call it.
    pub async fn leaving_ledger(&self, till: &str) -> LeavingLedger {
        LeavingLedger {
            till: Some(till.to_owned()),
            venue: self.known_settings().await.map(|settings| settings.venue),
            open: self.floor().await.ok().map(|floor| floor.open_count),
            is_here: !self.is_out_of_reach(),
        }
    }

    /// The settings in force; as they were known last where a shared ledger can't be reached.
    pub async fn known_settings(&self) -> Option<Settings> {
        let last = self
            .is_out_of_reach()
            .then(|| self.shown.known().settings.clone());
        match last.flatten() {
            Some(last) => Some(last),
            None => self.context.settings().await.ok(),
        }
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
            Away::Since(since) => Some(words::away(&self.hour(since))),
            Away::OpenedElsewhere => Some(words::OPENED_ELSEWHERE.to_owned()),
            Away::NotAdmitted => Some(words::NOT_ADMITTED.to_owned()),
        }
    }

    /// A time of day by the settings that were known last.
    pub(crate) fn hour(&self, at: DateTime<Utc>) -> String {
        let settings = self.shown.known().settings.clone();
        let days = settings.and_then(|settings| self.context.business_days_by(&settings).ok());
        let zone = days.map_or(chrono_tz::UTC, |days| days.zone);
        at.with_timezone(&zone).format("%H:%M").to_string()
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
