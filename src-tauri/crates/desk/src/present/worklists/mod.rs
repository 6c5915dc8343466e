//! The front desk's lists: deposits that somebody has to look after, what is wrong with each and its one
//! next step. They are worked out from the open tabs each time; nothing of them is stored.

mod arriving;
mod departed;
mod staying;

use crate::Seen;
use crate::account::Account;
use crate::account::state;
use crate::context::frame::Frame;
use crate::present::floor_tab::FloorTab;
use crate::present::view::{Money, State, Tone};
use crate::wording::{buttons, day_and_time, worklists as words};
use chrono::{DateTime, NaiveDate, Utc};
use holdfast_domain::{Hold, HoldId, HoldState, Kind, Operation, OperationState, TabId};
use serde::Serialize;
use ts_rs::TS;

/// All of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Worklists {
    /// In the order in which they are shown; a list with nothing on it too.
    pub lists: Vec<Worklist>,
    /// How many entries there are, on all lists.
    pub due: usize,
}

/// One list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Worklist {
    /// Which.
    pub code: WorklistCode,
    /// Its name.
    pub title: &'static str,
    /// What it means that nothing is on it.
    pub none: &'static str,
    /// Most urgent first.
    pub entries: Vec<WorklistEntry>,
}

/// Which list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum WorklistCode {
    /// The guest has left, and the deposit is still held.
    Departed,
    /// The guest stays longer than the hold lasts.
    Staying,
    /// The guest comes by tomorrow or is here, and nothing is held.
    Arriving,
}

/// What is wrong with an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum WorklistState {
    /// The guest has left.
    Departed,
    /// The hold ends before the guest leaves.
    Staying,
    /// The same, and its renewal is under way.
    Renewing,
    /// Nothing is held for a guest who comes.
    Arriving,
}

/// A deposit, and what is to be done about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct WorklistEntry {
    /// Its tab.
    #[ts(type = "string")]
    pub tab_id: TabId,
    /// The hold that the next step is about, where it is about one.
    #[ts(type = "string | null")]
    pub hold_id: Option<HoldId>,
    /// Guest or party.
    pub name: String,
    /// Room, reference and card, as far as they are known.
    pub about: String,
    /// What is wrong, in a word or two.
    pub state: State<WorklistState>,
    /// The same in plain sentences.
    pub words: String,
    /// What is held, or what should be.
    pub amount: Money,
    /// Which of the two: `held` or `not held`.
    pub amount_is: &'static str,
    /// The one next step.
    pub next: WorklistNext,
    /// What its button shows of the tab, where one press decides: that it's closed.
    pub seen: Option<Seen>,
}

/// What to do about an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct WorklistNext {
    /// Which step.
    pub kind: WorklistStep,
    /// What its button says.
    pub label: String,
}

/// What a next step does. Whatever moves money opens its sheet first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum WorklistStep {
    /// Opens the sheet that takes.
    Take,
    /// Opens the sheet that releases the hold.
    Release,
    /// Opens the sheet that renews the hold.
    Renew,
    /// Opens the sheet that asks for a further hold.
    Ask,
    /// Puts the link into a letter in the computer's mail program.
    EmailLink,
    /// Sends a request that never left this computer.
    SendAgain,
    /// Closes the tab: nothing is left to decide.
    CloseTab,
    /// Shows the tab, where things are decided.
    ShowTab,
}

impl Worklists {
    /// From everything that is open.
    pub(crate) fn of(open: &[FloorTab], frame: Frame) -> Self {
        let lists = vec![
            list(
                WorklistCode::Departed,
                words::DEPARTED,
                words::NONE_DEPARTED,
                open.iter().filter_map(|tab| departed::entry(tab, frame)),
            ),
            list(
                WorklistCode::Staying,
                words::STAYING,
                words::NONE_STAYING,
                open.iter().filter_map(|tab| staying::entry(tab, frame)),
            ),
            list(
                WorklistCode::Arriving,
                words::ARRIVING,
                words::NONE_ARRIVING,
                open.iter().filter_map(|tab| arriving::entry(tab, frame)),
            ),
        ];
        Self {
            due: lists.iter().map(|list| list.entries.len()).sum(),
            lists,
        }
    }
}

/// An entry, and what it is put in order by.
type Placed<T> = (T, WorklistEntry);

fn list<T: Ord>(
    code: WorklistCode,
    title: &'static str,
    none: &'static str,
    entries: impl Iterator<Item = Placed<T>>,
) -> Worklist {
    let mut entries: Vec<Placed<T>> = entries.collect();
    entries.sort_by(|(one, a), (other, b)| one.cmp(other).then_with(|| a.name.cmp(&b.name)));
    Worklist {
        code,
        title,
        none,
        entries: entries.into_iter().map(|(_, entry)| entry).collect(),
    }
}

/// An entry with its guest, for the rest to be filled in.
fn about(
    FloorTab { facts, row, .. }: &FloorTab,
    state: State<WorklistState>,
    words: String,
    amount: Money,
    next: WorklistNext,
) -> WorklistEntry {
    let card = row.card.as_ref().and_then(|card| {
        let four = card.last_four.as_ref()?;
        Some(words::card(card.brand.as_deref(), four))
    });
    let parts = [row.place.clone(), Some(row.reference.clone()), card];
    WorklistEntry {
        tab_id: row.id,
        hold_id: None,
        name: row.name.clone(),
        about: parts.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        state,
        words,
        amount,
        amount_is: if facts.left > 0 {
            words::HELD
        } else {
            words::NOT_HELD
        },
        next,
        seen: None,
    }
}

const fn state(code: WorklistState, words: String, tone: Tone) -> State<WorklistState> {
    State { code, words, tone }
}

fn next(kind: WorklistStep, label: impl Into<String>) -> WorklistNext {
    let label = label.into();
    WorklistNext { kind, label }
}

fn show_tab() -> WorklistNext {
    next(WorklistStep::ShowTab, buttons::SHOW_TAB)
}

/// The step that gets a guest to pay a link, and the hold whose link that is.
fn pay(account: &Account, hold: &Hold, operations: &[Operation], now: DateTime<Utc>) -> Option<WorklistNext> {
    let create = operations.last().map(|operation| operation.state);
    match hold.state(now) {
        HoldState::Waiting if state::link_ended(hold, now) => None,
        HoldState::Waiting if account.tab.email.is_some() => {
            Some(next(WorklistStep::EmailLink, buttons::EMAIL_LINK))
        }
        HoldState::Waiting => Some(next(WorklistStep::ShowTab, buttons::SHOW_LINK)),
        HoldState::Opening if create == Some(OperationState::NotSent) => {
            Some(next(WorklistStep::SendAgain, buttons::SEND_AGAIN))
        }
        HoldState::Opening
        | HoldState::Held
        | HoldState::PartTaken
        | HoldState::Taken
        | HoldState::Released
        | HoldState::Expired
        | HoldState::TakenByDojo
        | HoldState::Cancelled
        | HoldState::PartRefunded
        | HoldState::Refunded
        | HoldState::Overdue
        | HoldState::Unreadable => None,
    }
}

/// Whether somebody at the front desk is to act on it at all.
fn is_deposit(account: &Account) -> bool {
    account.tab.kind == Kind::Deposit
}

/// `Tue 1 Dec, 17:51`, by the venue's own clock; only the time when that is today.
fn at(time: DateTime<Utc>, frame: Frame) -> String {
    day_and_time(time, frame)
}

/// The business day that it is.
fn today(frame: Frame) -> NaiveDate {
    frame.days.of(frame.now)
}
