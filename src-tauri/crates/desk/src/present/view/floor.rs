//! The floor: rows, banners, and what was closed.

use super::{Card, Deadline, Gauge, Money, State, StateCode, Tone};
use chrono::{DateTime, NaiveDate, Utc};
use holdfast_domain::{FloorOrder, Kind, TabId};
use serde::Serialize;
use ts_rs::TS;

/// A row of the floor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct TabRow {
    /// Its id.
    #[ts(type = "string")]
    pub id: TabId,
    /// Tab, deposit or payment.
    pub kind: Kind,
    /// Guest or party; its card or its reference while it has no name.
    pub name: String,
    /// Did staff give it a name?
    pub is_named: bool,
    /// Room or table.
    pub place: Option<String>,
    /// Can be read out.
    pub reference: String,
    /// Running total.
    pub bill: Money,
    /// Still to take: what of the bill is neither taken, nor being taken, nor covered by a refund.
    pub due: Money,
    /// What is on hold beyond what is still to take and being taken; none where nothing is on hold, or too little.
    pub to_spend: Option<Money>,
    /// In which part of the floor it stands.
    pub group: crate::Group,
    /// Authorised on its holds that are in force, taken part included.
    pub held: Money,
    /// Asked for, while the guest has not paid.
    pub asked: Option<Money>,
    /// Taken.
    pub captured: Money,
    /// Held and not taken, by Dojo's record.
    pub left: Money,
    /// Takes that are in progress; none where there is none.
    pub being_taken: Option<BeingTaken>,
    /// Of the bill, neither taken nor held any more since a hold expired.
    pub uncovered: Option<Money>,
    /// Still to take against what is on hold; full once all is paid.
    pub gauge: Option<Gauge>,
    /// The newest hold's card.
    pub card: Option<Card>,
    /// What it is.
    pub state: State<StateCode>,
    /// The nearest deadline.
    pub deadline: Option<Deadline>,
    /// Second line under the state.
    pub detail: String,
    /// When it was opened, by the clock that deadlines are counted by.
    #[ts(type = "string")]
    pub opened_at: DateTime<Utc>,
    /// Who opened it.
    pub opened_by: String,
    /// When it was closed.
    #[ts(type = "string | null")]
    pub closed_at: Option<DateTime<Utc>>,
    /// By whom, where it's shown among closed tabs; none where an older version didn't note it.
    pub closed_by: Option<String>,
    /// A deposit's first day.
    #[ts(type = "string | null")]
    pub arrives_on: Option<NaiveDate>,
    /// A deposit's last day.
    #[ts(type = "string | null")]
    pub departs_on: Option<NaiveDate>,
    /// Somebody has to look.
    pub needs_person: bool,
    /// How pressing it is, where it is: the colour of its edge.
    pub edge: Option<Tone>,
    /// Its deadline is what there is to know of it, before [`TabRow::detail`].
    pub is_ending: bool,
    /// When the link of the hold that is waited for ends.
    #[ts(type = "string | null")]
    pub link_ends_at: Option<DateTime<Utc>>,
    /// Of the bill, neither held nor asked for: more has to be asked for while the guest is here.
    pub short: Option<Money>,
    /// Where and when another till changed it a moment ago: `changed at Bar 2, 23:41`.
    pub elsewhere: Option<String>,
    /// Under which filters it stands.
    pub filters: Vec<crate::Filter>,
}

/// Takes of a tab that are in progress: neither still to take nor taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct BeingTaken {
    /// Service charge and tip included.
    pub amount: Money,
    /// With what is known of it: `Take of £31.20 pending`.
    pub words: String,
}

/// What a banner is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum BannerCode {
    /// An older ledger took the place of the newest one.
    Restored,
    /// Settings can't be read.
    Settings,
    /// A request was under way when the program ended.
    Interrupted,
    /// The ledger is being checked.
    Checking,
    /// The clocks disagree.
    Clock,
    /// Dojo can't be reached.
    Offline,
    /// Dojo refuses the key.
    Key,
    /// Nothing can be recorded.
    Folder,
    /// The shared ledger can't be reached, or lets this till write nothing.
    Ledger,
    /// The last backup failed.
    Backup,
    /// A hold ended at its deadline.
    Expired,
    /// A hold ends soon.
    Deadline,
}

/// Something everybody should see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Banner {
    /// What it is about.
    pub code: BannerCode,
    /// For people.
    pub words: String,
    /// How it looks.
    pub tone: Tone,
    /// Which tab it is about.
    #[ts(type = "string | null")]
    pub tab_id: Option<TabId>,
    /// It's put right in the settings.
    pub is_for_settings: bool,
}

/// Everything that is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Floor {
    /// The time that deadlines are counted by.
    #[ts(type = "string")]
    pub now: DateTime<Utc>,
    /// The business day that this is, by the venue's wall.
    #[ts(type = "string")]
    pub today: NaiveDate,
    /// The venue's time zone by its IANA name: every time is shown by the venue's wall.
    pub zone: String,
    /// In their order.
    pub rows: Vec<TabRow>,
    /// Which that is.
    pub order: FloorOrder,
    /// Every filter, and how many rows stand under it.
    pub filters: Vec<FilterCount>,
    /// How many tabs are open.
    pub open_count: usize,
    /// Held and not taken, by currency.
    pub held: Vec<Money>,
    /// On the bills, what is taken included, by currency.
    pub bills: Vec<Money>,
    /// Still to take, by currency.
    pub due: Vec<Money>,
    /// In takes that are in progress, by currency: neither on hold nor still to take.
    pub being_taken: Vec<Money>,
    /// The parts of the floor in which rows stand, in their order. They add up to the sums above.
    pub groups: Vec<FloorGroup>,
    /// How many things need attention: open tabs, and what is about none. The one counter for it.
    pub attention: usize,
    /// Those of them that are about no open tab: rows of their own, after what of it is open.
    pub others: Vec<OtherRow>,
    /// What is expiring, by currency.
    pub expiring: Vec<Money>,
    /// What everybody should see.
    pub banners: Vec<Banner>,
    /// The deposits that somebody at the front desk has to look after.
    pub deposits: crate::Worklists,
    /// Dojo answered last time.
    pub online: bool,
    /// Why nothing can be changed at this till now; none while it can.
    pub read_only: Option<String>,
}

/// Something that needs attention and is about no open tab: a closed one, the backup, the clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct OtherRow {
    /// Which one it is, the same at every look.
    pub key: String,
    /// Guest or party; the program's own part where it is about none.
    pub name: String,
    /// Place, reference and card, as far as there are any.
    pub about: String,
    /// What it is, in a word or two.
    pub state: State<StateCode>,
    /// The closed tab that it's about.
    #[ts(type = "string | null")]
    pub tab_id: Option<TabId>,
}

/// A part of the floor, and what its rows add up to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct FloorGroup {
    /// The part of the floor that this sums up.
    pub group: crate::Group,
    /// Its name.
    pub words: &'static str,
    /// How many things stand in it: rows, and among what needs attention what is about no open tab.
    pub count: usize,
    /// Still to take, by currency.
    pub due: Vec<Money>,
    /// On hold, by currency.
    pub held: Vec<Money>,
}

/// A filter of the floor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct FilterCount {
    /// The filter that these rows are counted for.
    pub filter: crate::Filter,
    /// Its name.
    pub words: &'static str,
    /// How many rows stand under it.
    pub count: usize,
    /// What stands over them while it's chosen.
    pub figures: Figures,
}

/// The figures over rows: what they add up to, by currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Figures {
    /// How many are open.
    pub open: usize,
    /// Held and not taken.
    pub held: Vec<Money>,
    /// Still to take.
    pub due: Vec<Money>,
    /// What is expiring, hold by hold.
    pub expiring: Vec<Money>,
    /// In takes that are in progress: neither on hold nor still to take.
    pub being_taken: Vec<Money>,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Found {
    /// Open, the best first.
    pub open: Vec<TabRow>,
    /// Closed, the best first.
    pub closed: Vec<TabRow>,
    /// How much was found, in one sentence.
    pub words: String,
    /// Of the open rows.
    pub figures: Figures,
}

/// A place in the list of what was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ClosedPlace {
    /// When the tab there was closed.
    #[ts(type = "string")]
    pub closed_at: DateTime<Utc>,
    /// Which.
    #[ts(type = "string")]
    pub tab_id: TabId,
}

/// A page of what was closed, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ClosedPage {
    /// Its rows.
    pub rows: Vec<TabRow>,
    /// After which place the next page begins; none at the end.
    pub next: Option<ClosedPlace>,
}

/// How the venue stands, in a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct VenueSummary {
    /// How many tabs are open.
    pub open_count: usize,
    /// Held and not taken, by currency.
    pub held: Vec<Money>,
    /// How many findings wait for a person.
    pub waiting: usize,
    /// `12 are open, £640.00 held`.
    pub words: String,
    /// What quitting means just now.
    pub quitting: String,
    /// What closing this mode for another one means just now.
    pub leaving: String,
    /// Why nobody is warned, for the tray: the shared ledger is away.
    #[serde(skip)]
    #[ts(skip)]
    pub alarm: Option<String>,
}
