//! What forgetting a guest would remove and keep, for its sheet.

use crate::account::Account;
use crate::operations::forget::{ForgetWhy, called};
use crate::wording::{dates, guests, shown_card};
use crate::{AppError, Desk};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use holdfast_domain::{Tab, TabId, plain};
use holdfast_ledger::BACKUPS_KEPT_FOR;
use serde::Serialize;
use std::collections::{BTreeSet, HashSet};
use ts_rs::TS;

/// Backups go with the second day's backup after their time: in case a clock was wrong on the first.
const DAYS_UNTIL_PRUNED: TimeDelta = TimeDelta::days(2);

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
    /// [`crate::ErrorCode::NotFound`]; the ledger's.
    pub async fn preview_forget(
        &self,
        id: TabId,
        ticked: Option<Vec<TabId>>,
    ) -> Result<ForgetPreview, AppError> {
        let waiting = self.waiting_for_somebody().await?;
        let tabs = self.executor.guest_tabs(id, waiting).await?;
        let frame = self.context.frame().await?;
        let is_chosen = |tab: &Tab| {
            let is_ticked = match &ticked {
                Some(ticked) => ticked.contains(&tab.id),
                None => tab.id == id || is_same_guest(&tabs.first.tab, tab),
            };
            is_ticked && tabs.why_kept(tab).is_none()
        };
        let zone = frame.days.zone;
        let chosen: Vec<&Account> = tabs.all().filter(|one| is_chosen(&one.tab)).collect();
        let name = tabs.name();
        Ok(ForgetPreview {
            title: guests::forget(&name),
            about: about(&chosen, frame.now, zone),
            tabs: tabs
                .all()
                .map(|one| ForgetTab {
                    id: one.tab.id,
                    label: label(one),
                    about: tab_about(&one.tab, frame.now, zone),
                    is_ticked: is_chosen(&one.tab),
                    refused: tabs.why_kept(&one.tab).map(String::from),
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
            reasons: [ForgetWhy::Asked, ForgetWhy::NotNeeded, ForgetWhy::Mistake]
                .map(|code| ForgetChoice {
                    code,
                    label: guests::reason(code.reason()),
                })
                .into(),
            type_name: guests::type_name(&name),
            name,
            checked: guests::CHECKED,
            keep: guests::KEEP,
            refused: tabs.refused(chosen.is_empty()).map(String::from),
        })
    }

    /// Tabs on which something waits for a person.
    pub(crate) async fn waiting_for_somebody(&self) -> Result<HashSet<TabId>, AppError> {
        let items = self.attention().await?.items;
        Ok(items.into_iter().filter_map(|item| item.tab_id).collect())
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

fn label(account: &Account) -> String {
    let place = account.tab.place.clone();
    [Some(called(account)), place]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ")
}

fn tab_about(tab: &Tab, now: DateTime<Utc>, zone: Tz) -> String {
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
