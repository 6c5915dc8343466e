//! Forgetting a guest: which tabs are theirs, which have to stay, and doing it.

use super::Executor;
use crate::account::Account;
use crate::context::reasons::{NotPossible, WhyKept};
use crate::wording::guests::NotTheName;
use crate::wording::title;
use crate::{AppError, ErrorCode, Field};
use holdfast_domain::{Event, ForgetReason, Tab, TabId, plain, tidy_line};
use holdfast_ledger::LedgerError;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashSet};
use ts_rs::TS;

/// A guest has no more tabs than this offered at once.
const MOST_TABS: usize = 50;

/// Why a person forgets a guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ForgetWhy {
    /// The guest asked for it.
    Asked,
    /// What is known of them isn't needed any more.
    NotNeeded,
    /// They were entered by mistake.
    Mistake,
}

impl ForgetWhy {
    /// As the journal keeps it.
    pub(crate) const fn reason(self) -> ForgetReason {
        match self {
            Self::Asked => ForgetReason::Asked,
            Self::NotNeeded => ForgetReason::NotNeeded,
            Self::Mistake => ForgetReason::Mistake,
        }
    }
}

/// A guest who is to be forgotten, as a person confirmed it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ForgetGuest {
    /// The tab that it was begun from.
    #[ts(type = "string")]
    pub tab_id: TabId,
    /// The guest's tabs.
    #[ts(type = "string[]")]
    pub tabs: Vec<TabId>,
    /// Why.
    pub why: ForgetWhy,
    /// The guest's name, typed to confirm it.
    pub name: String,
}

/// The tabs that are most likely a guest's.
pub(crate) struct GuestTabs {
    /// The tab that forgetting was begun from.
    pub(crate) first: Account,
    /// Closed tabs whose guest has the same name.
    others: Vec<Account>,
    /// Those of them whose guest has to stay: something on them is open, or waits for a person.
    kept: HashSet<TabId>,
}

impl GuestTabs {
    pub(crate) fn all(&self) -> impl Iterator<Item = &Account> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// What has to be typed to confirm it.
    pub(crate) fn name(&self) -> String {
        called(&self.first)
    }

    /// Why the guest of one of these tabs has to stay.
    pub(crate) fn why_kept(&self, tab: &Tab) -> Option<WhyKept> {
        self.kept.contains(&tab.id).then_some(match tab.closed_at {
            None => WhyKept::TabOpen,
            Some(_) => WhyKept::SomethingOpen,
        })
    }

    /// Why the guest can't be forgotten now; `is_none_chosen`: none of the tabs is ticked.
    pub(crate) fn refused(&self, is_none_chosen: bool) -> Option<WhyKept> {
        if self.first.tab.is_forgotten {
            return Some(WhyKept::ForgottenAlready);
        }
        let none = is_none_chosen.then_some(WhyKept::NoTab);
        self.why_kept(&self.first.tab).or(none)
    }
}

impl Executor {
    /// The tabs of the guest of `id`. On those of `waiting` something waits for a person.
    pub(crate) async fn guest_tabs(&self, id: TabId, waiting: HashSet<TabId>) -> Result<GuestTabs, AppError> {
        let first = self.context.account(id).await?;
        let others = self.of_the_same_name(&first.tab).await?;
        let mut tabs = GuestTabs {
            first,
            others,
            kept: waiting,
        };
        let ids = tabs.all().map(|account| account.tab.id).collect();
        tabs.kept.extend(self.context.ledger.not_to_forget(ids).await?);
        Ok(tabs)
    }

    /// Other closed tabs whose guest has the same name.
    async fn of_the_same_name(&self, tab: &Tab) -> Result<Vec<Account>, AppError> {
        if tab.name.is_empty() {
            return Ok(Vec::new());
        }
        let found = self.context.ledger.search(&tab.name, MOST_TABS).await?;
        let mut others = self.context.ledger.accounts(found.closed).await?;
        others.retain(|other| other.tab.id != tab.id && plain(&other.tab.name) == plain(&tab.name));
        Ok(others)
    }

    /// Forgets a guest as a person confirmed it: what is about them can't be read any more, and no backup brings it
    /// back. On the tabs of `waiting` something waits for a person.
    pub(crate) async fn forget_guest(
        &self,
        asked: ForgetGuest,
        waiting: HashSet<TabId>,
    ) -> Result<(), AppError> {
        let known = self.guest_tabs(asked.tab_id, waiting).await?;
        let tabs: BTreeSet<TabId> = asked.tabs.iter().copied().collect();
        let not_allowed = |why: String| AppError::new(ErrorCode::NotAllowed, why);
        if let Some(why) = known.refused(tabs.is_empty()) {
            return Err(not_allowed(why.into()));
        }
        let is_offered = |id: &TabId| {
            known
                .all()
                .any(|one| one.tab.id == *id && known.why_kept(&one.tab).is_none())
        };
        if !tabs.iter().all(is_offered) {
            return Err(not_allowed(NotPossible::NotToForget.into()));
        }
        let name = known.name();
        if plain(&tidy_line(&asked.name)) != plain(&name) {
            return Err(AppError::field(Field::Name, NotTheName(name)));
        }
        let by = self.context.settings().await?.actor();
        let event = Event::GuestsForgotten {
            tabs: u32::try_from(tabs.len()).unwrap_or(u32::MAX),
            why: asked.why.reason(),
        };
        let note = self.context.note(by, Some(asked.tab_id), event);
        match self.context.ledger.forget(tabs.into_iter().collect(), note).await {
            Err(LedgerError::Busy) => Err(not_allowed(NotPossible::NotToForget.into())),
            done => {
                done?;
                self.context.changed();
                Ok(())
            }
        }
    }
}

/// What the guest of a tab is called.
pub(crate) fn called(account: &Account) -> String {
    title(&account.tab, account.holds.iter().map(|(hold, _)| hold))
}
