//! What the window is told. Every amount comes with its text, so that the window never counts.

mod elsewhere;
mod floor;
mod moving;
mod opening;
mod tab;

pub use crate::maintenance::connection::Connection;
pub use crate::maintenance::restore::{BackupView, RestorePreview};
pub use crate::present::tone::Tone;
pub use elsewhere::ElsewhereView;
pub use floor::{
    Banner, BannerCode, BeingTaken, ClosedPage, ClosedPlace, Figures, FilterCount, Floor, FloorGroup, Found,
    OtherRow, TabRow, VenueSummary,
};
pub use moving::{MoveOutcome, MovePreview, MoveShare, MoveSide, MoveTarget};
pub use opening::{AmountCheck, NewPreview, PlaceOffer, Preset, Same};
pub use tab::{
    Again, CloseKey, ContradictionView, HistoryEntry, Hold, Line, NextStep, NotSaid, OfIt, OperationView,
    Outcome, PrintKey, ReleaseAct, ReleaseKey, TabKeys, TabStep, TabView,
};

use chrono::{DateTime, Utc};
use holdfast_domain::{self as domain, Action, Currency, DeadlineAction};
use serde::Serialize;
use std::collections::BTreeMap;
use ts_rs::TS;

/// An amount for showing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Money {
    /// Minor units.
    #[ts(type = "number")]
    pub minor: i64,
    /// GBP or EUR.
    pub currency: Currency,
    /// As staff read it: `£84.50`.
    pub text: String,
    /// As a field holds it: `84.50`, without currency and thousands.
    pub typed: String,
}

impl From<domain::Money> for Money {
    fn from(money: domain::Money) -> Self {
        Self {
            minor: money.minor,
            currency: money.currency,
            text: money.to_string(),
            typed: money.ungrouped("."),
        }
    }
}

/// What something is, in a word or two. `C` is the closed set of what it can be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct State<C> {
    /// Which.
    pub code: C,
    /// For people.
    pub words: String,
    /// How it looks.
    pub tone: Tone,
}

/// What a hold or a tab is, and what needs attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum StateCode {
    /// As an older release worded it.
    Former,
    /// Nothing was ever on hold.
    Empty,
    /// A request is on its way, or Dojo hasn't confirmed it.
    Sending,
    /// The answer was lost.
    Unclear,
    /// Dojo has no record of the request.
    Absent,
    /// Dojo shows something other than was asked.
    Conflict,
    /// The request never left.
    NotSent,
    /// Dojo refused the request.
    Refused,
    /// The guest has yet to pay.
    Waiting,
    /// On hold.
    Held,
    /// Some was taken, the rest is on hold.
    PartTaken,
    /// All of the bill is taken.
    Paid,
    /// Taken.
    Taken,
    /// Released.
    Released,
    /// Dojo released it at the deadline.
    Expired,
    /// Dojo took it at the deadline.
    TakenByDojo,
    /// The request was cancelled.
    Cancelled,
    /// Some of what was taken was refunded.
    PartRefunded,
    /// All that was taken was refunded.
    Refunded,
    /// Dojo hasn't said what it did at the deadline.
    Overdue,
    /// Dojo shows a state that this version doesn't know.
    Unreadable,
    /// A decision that was given up went through after all.
    Late,
    /// A decision didn't go through.
    Failed,
    /// The bill is over its hold.
    Over,
    /// A deadline is near.
    Deadline,
    /// A deadline is past.
    Lapsed,
    /// Something was done outside this till.
    Elsewhere,
    /// A hold wasn't renewed.
    Renewal,
    /// Dojo has a hold that this ledger doesn't know.
    Stranger,
    /// The clocks disagree.
    Clock,
    /// The shared ledger lost what it had confirmed.
    Lost,
    /// The last backup failed.
    Backup,
    /// Dojo refuses the key.
    Key,
}

impl StateCode {
    /// What the window calls a tab's state.
    pub(crate) const fn of(state: &domain::TabState) -> Self {
        use domain::TabState;
        match state {
            TabState::Former(_) => Self::Former,
            TabState::Empty => Self::Empty,
            TabState::Sending | TabState::TakePending | TabState::Settling => Self::Sending,
            TabState::Unclear => Self::Unclear,
            TabState::Absent => Self::Absent,
            TabState::Conflict => Self::Conflict,
            TabState::NotSent => Self::NotSent,
            TabState::Refused => Self::Refused,
            TabState::Waiting | TabState::CardDeclined | TabState::LinkEnded => Self::Waiting,
            TabState::Held => Self::Held,
            TabState::PartTaken(_) => Self::PartTaken,
            TabState::Taken => Self::Taken,
            TabState::Released => Self::Released,
            TabState::Expired => Self::Expired,
            TabState::TakenByDojo => Self::TakenByDojo,
            TabState::Cancelled => Self::Cancelled,
            TabState::PartRefunded => Self::PartRefunded,
            TabState::Refunded => Self::Refunded,
            TabState::Overdue => Self::Overdue,
            TabState::Unreadable => Self::Unreadable,
        }
    }
}

/// When Dojo acts by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Deadline {
    /// The instant.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
    /// By when staff should have acted.
    #[ts(type = "string")]
    pub safe_at: DateTime<Utc>,
    /// It's past.
    pub is_past: bool,
    /// `in 5 hours`.
    pub words: String,
    /// How it looks.
    pub tone: Tone,
    /// The tightest warning, in hours before `safeAt`, that it is inside of; 0 from `safeAt` on.
    #[ts(type = "number | null")]
    pub threshold: Option<i64>,
    /// Staff have to act now.
    #[serde(skip)]
    #[ts(skip)]
    pub(crate) is_urgent: bool,
    /// Expiring: staff are warned of it, from the first hour that Settings name until Dojo has acted.
    #[serde(skip)]
    #[ts(skip)]
    pub(crate) is_expiring: bool,
    /// What Dojo does then.
    pub action: DeadlineAction,
    /// With how much.
    #[serde(skip)]
    #[ts(skip)]
    pub(crate) ends: domain::Money,
}

/// The card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Card {
    /// Scheme.
    pub brand: Option<String>,
    /// Last four digits.
    pub last_four: Option<String>,
}

/// An action and whether it may be done now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ActionView {
    /// Which.
    pub action: Action,
    /// May it?
    pub allowed: bool,
    /// Why not.
    pub why: Option<String>,
    /// For how many seconds it can still be stopped once it's confirmed; 0 where it's sent at once.
    #[serde(rename = "holdBackSeconds")]
    pub hold_back_seconds: u8,
}

/// The bill against what is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Gauge {
    /// 0 to 100.
    pub percent: u8,
    /// Amber at 80 %, red when over.
    pub tone: Tone,
}

/// Which keys are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Keys {
    /// The sandbox key's ends, enough to tell two apart.
    pub sandbox: Option<String>,
    /// The live key's.
    pub live: Option<String>,
}

/// What the window has to know before anything else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Start {
    /// None before the first choice.
    pub mode: Option<crate::Mode>,
    /// The program's version.
    pub version: String,
    /// Where everything is kept.
    pub data_folder: String,
    /// What is asked instead of Dojo: a program on this computer, for tests. None where it's Dojo.
    pub instead_of_dojo: Option<String>,
    /// Which keys are kept.
    pub keys: Keys,
    /// What kept the last mode from opening.
    pub notice: Option<String>,
    /// Live was left with something open in it, and nobody watches that.
    pub left_open: Option<String>,
    /// Why nothing at all can be kept in the data folder: there is nothing to choose before that is put right.
    pub folder_trouble: Option<String>,
    /// The ledger that the open mode shares with other tills; none where this till has it alone.
    pub shared_ledger: Option<SharedLedger>,
    /// The mode that its shared ledger doesn't let in any more: with a new code it may join again.
    pub joins_again: Option<crate::Mode>,
    /// The mode whose shared ledger can't be opened: a person may have it go back to one of its own.
    pub may_leave_ledger: Option<crate::Mode>,
    /// This ledger knows of nothing yet, and Dojo may.
    pub can_bring_in: bool,
    /// Starting with the computer was never offered.
    pub may_offer_autostart: bool,
    /// How far setting the till up has come; none where nobody began, and it may be offered.
    pub setup: Option<crate::SetupStep>,
    /// How each step of it was left that somebody has passed.
    pub setup_passed: BTreeMap<crate::SetupStep, crate::Passed>,
}

/// A ledger that several tills share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct SharedLedger {
    /// What people call this till.
    pub till: String,
    /// Where the server is.
    pub address: String,
}

/// What this computer's own updates have, where its owner wants to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct UpdateNotice {
    /// Something here keeps Holdfast up to date, and can be looked at.
    pub is_possible: bool,
    /// Its owner wants to be told.
    pub is_on: bool,
    /// Some repository of this computer has it. Nothing is looked at before its owner wants to be told.
    pub is_listed: bool,
    /// What there is to tell now.
    pub update: Option<NewVersion>,
}

/// A version that can be installed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct NewVersion {
    /// Its number.
    pub version: String,
    /// What changed, in the words of its makers.
    pub notes: Option<String>,
}

/// Whether the program starts with the computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Autostart {
    /// The computer has an entry for it that is switched on.
    pub on: bool,
    /// Why that entry doesn’t start this program, and what to do.
    pub trouble: Option<String>,
}

/// Whether the disk with the data folder is encrypted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Disk {
    /// None where nobody can say.
    pub is_encrypted: Option<bool>,
    /// The same for people, with what to do.
    pub words: String,
}

/// A file that was written into the folder for downloads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Written {
    /// Its name and its folder, for people.
    pub words: String,
    /// Where exactly, for those who look for it.
    pub path: String,
}

/// Sums by currency, for pounds and euros never add up.
pub(crate) fn sums<'a>(amounts: impl Iterator<Item = &'a Money>) -> Vec<Money> {
    let mut sums: Vec<domain::Money> = Vec::new();
    for amount in amounts.filter(|a| a.minor > 0) {
        match sums.iter_mut().find(|s| s.currency == amount.currency) {
            Some(sum) => sum.minor = sum.minor.saturating_add(amount.minor),
            None => sums.push(domain::Money::new(amount.minor, amount.currency)),
        }
    }
    sums.into_iter().map(Money::from).collect()
}

/// What was brought in from Dojo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ImportedView {
    /// Tabs that this ledger lacked.
    pub tabs: usize,
    /// Requests on them.
    pub holds: usize,
    /// Held on them and not taken, by currency.
    pub held: Vec<Money>,
    /// Holds at Dojo that Holdfast did not make; they are left alone.
    pub foreign: usize,
    /// All of it, for people.
    pub words: String,
}
