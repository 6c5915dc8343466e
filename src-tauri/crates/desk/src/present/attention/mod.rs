//! What a person has to know of or decide: what was asked, what Dojo shows, and the one safe next step.

mod figures;
mod findings;
mod operations;

use crate::account::Account;
use crate::present::floor_tab::FloorTab;
use crate::present::group::Group;
use crate::present::view::{State, StateCode, TabRow, Tone};
use crate::wording::banners::BackupTrouble;
use crate::wording::{attention as words, banners, buttons, card_name, tabs};
use crate::{AppError, Desk};
use chrono::{DateTime, Utc};
use holdfast_domain::{HoldId, OperationId, TabId};
use serde::Serialize;
use std::collections::BTreeSet;
use ts_rs::TS;

/// All that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Attention {
    /// Most urgent first.
    pub items: Vec<Item>,
}

/// One thing that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export, rename = "AttentionItem")]
pub struct Item {
    /// Which one it is, the same at every look.
    pub key: String,
    /// What it is, in a word or two.
    pub state: State<StateCode>,
    /// Guest or party; the program's own part where it is about none.
    pub name: String,
    /// Place, reference and card, as far as there are any.
    pub about: String,
    /// Its tab.
    #[ts(type = "string | null")]
    pub tab_id: Option<TabId>,
    /// Its hold.
    #[ts(type = "string | null")]
    pub hold_id: Option<HoldId>,
    /// What was asked, and by whom.
    pub asked: Option<String>,
    /// When that was.
    #[ts(type = "string | null")]
    pub asked_at: Option<DateTime<Utc>>,
    /// What Dojo shows.
    pub shows: Option<String>,
    /// When Dojo was read last, since the program's start.
    #[ts(type = "string | null")]
    pub read_at: Option<DateTime<Utc>>,
    /// Since when it has been like this.
    #[ts(type = "string | null")]
    pub since: Option<DateTime<Utc>>,
    /// What it means and what to do, in plain sentences.
    pub meaning: String,
    /// Why nothing else may be decided meanwhile.
    pub locked: Option<String>,
    /// The one safe next step.
    pub next: Next,
    /// How it is put aside by somebody who was told: an operation's or another mark's key.
    pub aside: Option<Aside>,
}

/// A step that can do no harm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export, rename = "AttentionNext")]
pub struct Next {
    /// Which.
    pub kind: NextKind,
    /// What its button says.
    pub label: &'static str,
}

/// What a next step does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export, rename = "AttentionNextKind")]
pub enum NextKind {
    /// Reads Dojo's record once more.
    AskDojo,
    /// Shows the tab, where things are decided.
    ShowTab,
    /// Sends a request that never left this computer.
    SendAgain,
    /// Takes a backup now.
    BackUp,
    /// Shows the settings, where strangers are brought in and the key is changed.
    Settings,
}

/// Who was told and can do nothing more puts it aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase", tag = "kind", content = "key")]
#[ts(export)]
pub enum Aside {
    /// What became of an operation.
    Operation(#[ts(type = "string")] OperationId),
    /// What the watch found, by its key.
    Finding(String),
}

/// What somebody has to hear of.
pub(crate) struct ToBeTold {
    /// Of what is open.
    pub(crate) tabs: BTreeSet<TabId>,
    /// Closed tabs, and what is about no tab: one for each.
    pub(crate) others: Vec<Item>,
}

/// In this order they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Unclear,
    NeedsYou,
    Lost,
    Failed,
    Pending,
    House,
}

impl Desk {
    /// All that waits for a person, from the ledger alone.
    pub(crate) async fn attention_of_ledger(&self) -> Result<Attention, AppError> {
        let frame = self.context.frame().await?;
        let now = frame.now;
        let mut all: Vec<(Rank, Item)> = Vec::new();
        let open = self.open(frame).await?;
        let unsettled = self.context.ledger.unsettled_accounts().await?;
        for account in open.iter().map(|tab| &tab.account).chain(&unsettled) {
            for entry in &account.holds {
                let read_at = self.reconciler.last_read(entry.0.id);
                all.extend(operations::items(account, entry, read_at, now));
            }
        }
        all.extend(self.found(now).await?);
        all.extend(self.house_items());
        let is_told = |row: &TabRow| all.iter().any(|(_, item)| item.tab_id == Some(row.id));
        let rest: Vec<_> = open
            .iter()
            .filter(|tab| tab.row.group == Group::Attention && !is_told(&tab.row))
            .map(|tab| (Rank::NeedsYou, figures::item(tab)))
            .collect();
        all.extend(rest);
        all.sort_by(|(one, a), (other, b)| one.cmp(other).then(a.since.cmp(&b.since)));
        Ok(Attention {
            items: all.into_iter().map(|(_, item)| item).collect(),
        })
    }

    /// What somebody has to hear of, of these open tabs and of all else: what [`Desk::attention`] lists beside what
    /// rows say themselves.
    ///
    /// # Errors
    /// The ledger's.
    pub(crate) async fn to_be_told(
        &self,
        open: &[FloorTab],
        now: DateTime<Utc>,
    ) -> Result<ToBeTold, AppError> {
        let is_told = |account: &Account| {
            let mut holds = account.holds.iter();
            holds.any(|entry| operations::is_to_be_told(account, entry, now))
        };
        let mut tabs: BTreeSet<TabId> = open
            .iter()
            .filter(|tab| is_told(&tab.account))
            .map(|tab| tab.row.id)
            .collect();
        let mut others: Vec<(Rank, Item)> = Vec::new();
        for account in self.context.ledger.unsettled_accounts().await? {
            let mut holds = account.holds.iter();
            others.extend(holds.find_map(|entry| {
                let read_at = self.reconciler.last_read(entry.0.id);
                operations::items(&account, entry, read_at, now)
                    .into_iter()
                    .next()
            }));
        }
        for finding in self.context.ledger.findings().await? {
            match finding.tab {
                Some(tab) if open.iter().any(|one| one.row.id == tab) => {
                    tabs.insert(tab);
                }
                Some(tab) if others.iter().any(|(_, item)| item.tab_id == Some(tab)) => {}
                Some(_) | None => others.push(self.finding_item(finding, now).await?),
            }
        }
        others.extend(self.house_items());
        others.sort_by(|(one, a), (other, b)| one.cmp(other).then(a.since.cmp(&b.since)));
        Ok(ToBeTold {
            tabs,
            others: others.into_iter().map(|(_, item)| item).collect(),
        })
    }

    /// That Dojo refuses the key and that there is no backup, where that is so.
    fn house_items(&self) -> impl Iterator<Item = (Rank, Item)> {
        let key = self.gateway.refuses_key().then(|| (Rank::NeedsYou, key()));
        let backup = self.backups.backup_trouble();
        let backup = backup.map(|trouble| (Rank::House, backup_item(&trouble)));
        key.into_iter().chain(backup)
    }
}

/// About no tab: the program's own `name`, `state` and what it means.
fn of_house(key: &str, name: &str, state: State<StateCode>, meaning: String, next: Next) -> Item {
    Item {
        key: key.to_owned(),
        state,
        name: name.to_owned(),
        about: String::new(),
        tab_id: None,
        hold_id: None,
        asked: None,
        asked_at: None,
        shows: None,
        read_at: None,
        since: None,
        meaning,
        locked: None,
        next,
        aside: None,
    }
}

fn backup_item(trouble: &BackupTrouble) -> Item {
    let state = State {
        code: StateCode::Backup,
        words: words::no_backup(trouble).to_owned(),
        tone: Tone::Warn,
    };
    let next = Next {
        kind: NextKind::BackUp,
        label: buttons::BACK_UP,
    };
    of_house(
        "backup",
        words::BACKUP,
        state,
        words::backup_failed(trouble),
        next,
    )
}

fn key() -> Item {
    let state = State {
        code: StateCode::Key,
        words: words::KEY_REJECTED.to_owned(),
        tone: Tone::Bad,
    };
    let next = Next {
        kind: NextKind::Settings,
        label: buttons::OPEN_SETTINGS,
    };
    of_house("key", words::KEY, state, banners::KEY_REFUSED.to_owned(), next)
}

/// Place, reference and card in one line.
fn about(tab: &holdfast_domain::Tab, hold: &holdfast_domain::Hold) -> String {
    let mut parts = vec![tabs::kind(tab.kind).to_owned()];
    parts.extend(tab.place.clone());
    parts.push(tab.reference.clone());
    parts.extend(card_name(hold));
    parts.join(" · ")
}
