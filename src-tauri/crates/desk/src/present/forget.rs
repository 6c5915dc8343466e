//! What forgetting a guest would remove and keep, for its sheet, and doing it.

use crate::account::Account;
use crate::context::reasons::NotPossible;
use crate::wording::guests::{self, NotTheName};
use crate::wording::{dates, shown_card, title};
use crate::{AppError, Desk, ErrorCode, Field};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use holdfast_domain::{Event, ForgetReason, Tab, TabId, plain, tidy_line};
use holdfast_ledger::{BACKUPS_KEPT_FOR, LedgerError};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashSet};
use ts_rs::TS;

/// A guest has no more tabs than this offered at once.
const MOST_TABS: usize = 50;

/// Backups go with the second day's backup after their time: in case a clock was wrong on the first.
const DAYS_UNTIL_PRUNED: TimeDelta = TimeDelta::days(2);

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
    const ALL: [Self; 3] = [Self::Asked, Self::NotNeeded, Self::Mistake];

    const fn reason(self) -> ForgetReason {
        match self {
            Self::Asked => ForgetReason::Asked,
            Self::NotNeeded => ForgetReason::NotNeeded,
            Self::Mistake => ForgetReason::Mistake,
        }
    }

    fn words(self) -> &'static str {
        let known = guests::REASONS.iter().find(|(why, _)| *why == self.reason());
        known.map_or("", |(_, words)| words)
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

/// A reason that can be given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ForgetChoice {
    /// Which.
    pub code: ForgetWhy,
    /// The same for people.
    pub label: &'static str,
}

/// A tab that may be the same guest's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ForgetTab {
    /// Which.
    #[ts(type = "string")]
    pub id: TabId,
    /// Its guest and place.
    pub label: String,
    /// When it was closed, and its e-mail and reference.
    pub about: String,
    /// Whether it is ticked.
    pub is_ticked: bool,
    /// Why it can't be.
    pub refused: Option<String>,
}

/// What goes or stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ForgetPart {
    /// What.
    pub what: String,
    /// Which, or why.
    pub about: String,
}

/// What forgetting a guest would do, for the sheet: nothing is written for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ForgetPreview {
    /// `Forget M. Lowe`.
    pub title: String,
    /// How many tabs, and from when to when.
    pub about: String,
    /// Closed tabs with the same name.
    pub tabs: Vec<ForgetTab>,
    /// What goes.
    pub removed: Vec<ForgetPart>,
    /// What stays.
    pub kept: Vec<ForgetPart>,
    /// Until when backups have the name, and what a restore does.
    pub backups: ForgetPart,
    /// Reasons to choose from.
    pub reasons: Vec<ForgetChoice>,
    /// What has to be typed to confirm it, and the words above the field.
    pub name: String,
    /// Those words.
    pub type_name: String,
    /// Beside the tick.
    pub checked: &'static str,
    /// The safe key.
    pub keep: &'static str,
    /// Why it can't be done now.
    pub refused: Option<String>,
}

impl Desk {
    /// What forgetting the guest of a tab would do: those of `ticked`, or of the tabs that are most likely theirs.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`]; the ledger's.
    pub async fn preview_forget(
        &self,
        id: TabId,
        ticked: Option<Vec<TabId>>,
    ) -> Result<ForgetPreview, AppError> {
        let account = self.context.account(id).await?;
        let frame = self.context.frame().await?;
        let likely = self.likely_the_same(&account).await?;
        let refused = self.not_to_forget(&likely).await?;
        let is_ticked = |tab: &Tab| match &ticked {
            Some(ticked) => ticked.contains(&tab.id),
            None => tab.id == id || is_same_guest(&account.tab, tab),
        };
        let zone = frame.days.zone;
        let chosen: Vec<&Account> = likely
            .iter()
            .filter(|one| is_ticked(&one.tab) && !refused.contains(&one.tab.id))
            .collect();
        let name = called(&account);
        Ok(ForgetPreview {
            title: guests::forget(&name),
            about: about(&chosen, frame.now, zone),
            tabs: likely
                .iter()
                .map(|one| ForgetTab {
                    id: one.tab.id,
                    label: label(one),
                    about: told(&one.tab, frame.now, zone),
                    is_ticked: is_ticked(&one.tab) && !refused.contains(&one.tab.id),
                    refused: refused
                        .contains(&one.tab.id)
                        .then(|| why_not(&one.tab).to_owned()),
                })
                .collect(),
            removed: removed(&chosen),
            kept: kept(&chosen),
            backups: ForgetPart {
                what: guests::backups(&day(
                    frame.now + BACKUPS_KEPT_FOR + DAYS_UNTIL_PRUNED,
                    frame.now,
                    zone,
                )),
                about: guests::RESTORED.to_owned(),
            },
            reasons: ForgetWhy::ALL
                .map(|code| ForgetChoice {
                    code,
                    label: code.words(),
                })
                .into(),
            type_name: guests::type_name(&name),
            name,
            checked: guests::CHECKED,
            keep: guests::KEEP,
            refused: self.why_not_forget(&account, &refused, chosen.is_empty()),
        })
    }

    /// Forgets a guest as a person confirmed it: what is about them can't be read any more, and no backup brings it
    /// back.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] for the field `name`; [`ErrorCode::NotAllowed`] while something on one of the tabs is
    /// open; the ledger's.
    pub async fn forget_guest(&self, asked: ForgetGuest) -> Result<(), AppError> {
        let account = self.context.account(asked.tab_id).await?;
        let likely = self.likely_the_same(&account).await?;
        let refused = self.not_to_forget(&likely).await?;
        let tabs: Vec<TabId> = asked
            .tabs
            .iter()
            .copied()
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        let is_offered = |tab: &TabId| likely.iter().any(|one| one.tab.id == *tab) && !refused.contains(tab);
        let not_allowed = |why: String| AppError::new(ErrorCode::NotAllowed, why);
        if let Some(why) = self.why_not_forget(&account, &refused, tabs.is_empty()) {
            return Err(not_allowed(why));
        }
        if !tabs.iter().all(is_offered) {
            return Err(not_allowed(NotPossible::NotToForget.into()));
        }
        let name = called(&account);
        if plain(&tidy_line(&asked.name)) != plain(&name) {
            return Err(AppError::field(Field::Name, NotTheName(name)));
        }
        let by = self.context.settings().await?.actor();
        let event = Event::GuestsForgotten {
            tabs: u32::try_from(tabs.len()).unwrap_or(u32::MAX),
            why: asked.why.reason(),
        };
        let note = self.context.note(by, Some(asked.tab_id), event);
        match self.context.ledger.forget(tabs, note).await {
            Err(LedgerError::Busy) => Err(not_allowed(NotPossible::NotToForget.into())),
            done => {
                done?;
                self.context.changed();
                Ok(())
            }
        }
    }

    /// Closed tabs whose guest has the same name, the tab itself first.
    async fn likely_the_same(&self, account: &Account) -> Result<Vec<Account>, AppError> {
        let tab = &account.tab;
        let mut all = vec![account.clone()];
        if tab.name.is_empty() {
            return Ok(all);
        }
        let found = self.context.ledger.search(&tab.name, MOST_TABS).await?;
        let others = self.context.ledger.accounts(found.closed).await?;
        let is_other = |other: &Account| other.tab.id != tab.id && plain(&other.tab.name) == plain(&tab.name);
        all.extend(others.into_iter().filter(is_other));
        Ok(all)
    }

    /// Of these tabs, those whose guest has to stay: something on them is open, or waits for a person.
    async fn not_to_forget(&self, all: &[Account]) -> Result<HashSet<TabId>, AppError> {
        let ids = all.iter().map(|account| account.tab.id).collect();
        let mut refused: HashSet<TabId> = self
            .context
            .ledger
            .not_to_forget(ids)
            .await?
            .into_iter()
            .collect();
        refused.extend(self.waiting_for_somebody().await?);
        Ok(refused)
    }

    /// Tabs on which something waits for a person.
    pub(crate) async fn waiting_for_somebody(&self) -> Result<HashSet<TabId>, AppError> {
        let items = self.attention().await?.items;
        Ok(items.into_iter().filter_map(|item| item.tab_id).collect())
    }

    fn why_not_forget(
        &self,
        account: &Account,
        refused: &HashSet<TabId>,
        is_none_chosen: bool,
    ) -> Option<String> {
        let why = if account.tab.is_forgotten {
            guests::FORGOTTEN_ALREADY
        } else if refused.contains(&account.tab.id) {
            why_not(&account.tab)
        } else if is_none_chosen {
            guests::NO_TAB
        } else {
            return None;
        };
        Some(why.to_owned())
    }
}

const fn why_not(tab: &Tab) -> &'static str {
    match tab.closed_at {
        None => guests::TAB_OPEN,
        Some(_) => guests::SOMETHING_OPEN,
    }
}

/// Whether two tabs of the same name are the same guest's by all that is known: one more thing is the same.
fn is_same_guest(one: &Tab, other: &Tab) -> bool {
    let same = |one: &Option<String>, other: &Option<String>| {
        one.as_deref()
            .zip(other.as_deref())
            .is_some_and(|(one, other)| plain(one) == plain(other))
    };
    same(&one.email, &other.email) || same(&one.place, &other.place)
}

fn called(account: &Account) -> String {
    title(&account.tab, account.holds.iter().map(|(hold, _)| hold))
}

fn label(account: &Account) -> String {
    let place = account.tab.place.clone();
    [Some(called(account)), place]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ")
}

fn told(tab: &Tab, now: DateTime<Utc>, zone: Tz) -> String {
    let closed = tab.closed_at.map(|at| guests::closed_on(&day(at, now, zone)));
    let parts = [closed, tab.email.clone(), Some(tab.reference.clone())];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// A day by the venue's clocks, with its year where that isn't this one.
fn day(at: DateTime<Utc>, now: DateTime<Utc>, zone: Tz) -> String {
    let on = |at: DateTime<Utc>| -> NaiveDate { at.with_timezone(&zone).date_naive() };
    dates::day_and_year(on(at), on(now))
}

fn about(chosen: &[&Account], now: DateTime<Utc>, zone: Tz) -> String {
    let closed = chosen.iter().filter_map(|account| account.tab.closed_at);
    let closed: BTreeSet<DateTime<Utc>> = closed.collect();
    match closed.first().zip(closed.last()) {
        Some((first, last)) => guests::about(chosen.len(), &day(*first, now, zone), &day(*last, now, zone)),
        None => guests::NO_TAB.to_owned(),
    }
}

/// Each once, in their order.
fn different(all: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = HashSet::new();
    all.filter(|one| seen.insert(plain(one))).collect()
}

fn removed(chosen: &[&Account]) -> Vec<ForgetPart> {
    let tabs = || chosen.iter().map(|account| &account.tab);
    let names = different(tabs().flat_map(|tab| {
        let name = Some(tab.name.clone()).filter(|name| !name.is_empty());
        name.into_iter().chain(tab.place.clone())
    }));
    let emails = different(tabs().filter_map(|tab| tab.email.clone()));
    let parts = [
        (guests::NAME_AND_PLACE, names.join(", ")),
        (guests::EMAIL, emails.join(", ")),
        (guests::WORDS, guests::words_on(chosen.len())),
    ];
    let parts = parts.into_iter().filter(|(_, about)| !about.is_empty());
    parts
        .map(|(what, about)| ForgetPart {
            what: what.to_owned(),
            about,
        })
        .collect()
}

fn kept(chosen: &[&Account]) -> Vec<ForgetPart> {
    let holds = chosen.iter().flat_map(|account| &account.holds);
    let endings = holds.filter_map(|(hold, _)| shown_card(hold)?.last_four.clone());
    let endings = different(endings);
    let mut parts = guests::KEPT
        .map(|(what, about)| ForgetPart {
            what: what.to_owned(),
            about: about.to_owned(),
        })
        .to_vec();
    if !endings.is_empty() {
        parts.push(ForgetPart {
            what: guests::cards(&endings),
            about: guests::WHY_CARDS.to_owned(),
        });
    }
    parts
}
