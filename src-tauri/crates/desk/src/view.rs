//! What the window is told. Every amount comes with its text, so that the window never counts.

use chrono::{DateTime, NaiveDate, Utc};
use holdfast_domain::{
    self as domain, Action, CaptureMode, Currency, DeadlineAction, HoldId, Kind, LineId, OperationId,
    OperationKind, OperationState, TabId,
};
use serde::Serialize;
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
}

impl From<domain::Money> for Money {
    fn from(money: domain::Money) -> Self {
        Self {
            minor: money.minor,
            currency: money.currency,
            text: money.to_string(),
        }
    }
}

/// Colour and weight of a statement; never the only sign of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Tone {
    /// Nothing to do.
    Quiet,
    /// All is well.
    Good,
    /// Something is awaited.
    Wait,
    /// Soon.
    Warn,
    /// Now.
    Bad,
}

/// What a hold or a tab is, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct State {
    /// One of a closed set: `waiting`, `held`, `part_taken`, `taken`, `released`, `cancelled`,
    /// `refunded`, `part_refunded`, `expired`, `taken_by_dojo`, `unclear`, `conflict`, `absent`,
    /// `sending`, `not_sent`, `overdue`, `refused`, `unreadable`, `empty`.
    pub code: &'static str,
    /// For people.
    pub words: String,
    /// How it looks.
    pub tone: Tone,
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
    /// `in 5 hours`.
    pub words: String,
    /// How it looks.
    pub tone: Tone,
    /// The tightest warning, in hours before `safeAt`, that it is inside of; 0 from `safeAt` on.
    #[ts(type = "number | null")]
    pub threshold: Option<i64>,
    /// What Dojo does then.
    pub action: DeadlineAction,
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
pub struct Allowed {
    /// Which.
    pub action: Action,
    /// May it?
    pub allowed: bool,
    /// Why not.
    pub why: Option<String>,
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
    /// Authorised on its holds that are in force, taken part included.
    pub held: Money,
    /// Asked for, while the guest has not paid.
    pub asked: Option<Money>,
    /// Taken.
    pub captured: Money,
    /// Held and not taken.
    pub left: Money,
    /// Of the bill, neither taken nor held any more since Dojo let go.
    pub uncovered: Option<Money>,
    /// Bill against hold.
    pub gauge: Option<Gauge>,
    /// The newest hold's card.
    pub card: Option<Card>,
    /// What it is.
    pub state: State,
    /// The nearest deadline.
    pub deadline: Option<Deadline>,
    /// Second line under the state.
    pub detail: String,
    /// When.
    #[ts(type = "string")]
    pub opened_at: DateTime<Utc>,
    /// By whom.
    pub opened_by: String,
    /// A deposit's first day.
    #[ts(type = "string | null")]
    pub arrives_on: Option<NaiveDate>,
    /// A deposit's last day.
    #[ts(type = "string | null")]
    pub departs_on: Option<NaiveDate>,
    /// Somebody has to look.
    pub needs_person: bool,
    /// When the link of the hold that is waited for ends.
    #[ts(type = "string | null")]
    pub link_ends_at: Option<DateTime<Utc>>,
    /// Of the bill, neither held nor asked for: more has to be asked for while the guest is here.
    pub short: Option<Money>,
    /// Under which filters it stands.
    pub filters: Vec<crate::Filter>,
}

/// Something everybody should see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Banner {
    /// `restored`, `settings`, `backup`, `deadline`, `expired`, `clock`, `offline` or `unclear`.
    pub code: &'static str,
    /// For people.
    pub words: String,
    /// How it looks.
    pub tone: Tone,
    /// Which tab it is about.
    #[ts(type = "string | null")]
    pub tab_id: Option<TabId>,
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
    pub order: crate::FloorOrder,
    /// Every filter, and how many rows stand under it.
    pub filters: Vec<FilterCount>,
    /// How many.
    pub open_count: usize,
    /// Held and not taken, by currency.
    pub held: Vec<Money>,
    /// On the bills, by currency.
    pub bills: Vec<Money>,
    /// Held with a deadline within 24 h, by currency.
    pub lapsing: Vec<Money>,
    /// What everybody should see.
    pub banners: Vec<Banner>,
    /// The deposits that somebody at the front desk has to look after.
    pub deposits: crate::Worklists,
    /// Dojo answered last time.
    pub online: bool,
}

/// A filter of the floor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct FilterCount {
    /// Which.
    pub filter: crate::Filter,
    /// Its name.
    pub words: &'static str,
    /// How many rows stand under it.
    pub count: usize,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Found {
    /// Open, the best first.
    pub open: Vec<TabRow>,
    /// Put away, the best first.
    pub closed: Vec<TabRow>,
    /// How much was found, in one sentence.
    pub words: String,
}

/// What would be asked for, and what staff should know before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct NewPreview {
    /// In all; none while what was typed is no amount.
    pub money: Option<Money>,
    /// The button's words, with the amount.
    pub button: String,
    /// Nights times the amount for one, and the departure.
    pub sum: Option<String>,
    /// A deposit's last day, typed or counted.
    #[ts(type = "string | null")]
    pub departs_on: Option<NaiveDate>,
    /// What Dojo does by itself.
    pub deadline: Option<String>,
    /// When the unpaid link ends.
    #[ts(type = "string | null")]
    pub link_ends_at: Option<DateTime<Utc>>,
    /// The guest stays longer than a hold lasts.
    pub too_long: Option<String>,
    /// Open tabs of the same name or card. Staff may go on.
    pub same: Vec<Same>,
    /// Dojo can't be reached, and what would become of it.
    pub offline: Option<String>,
}

/// Another open tab that may be the same guest's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Same {
    /// Which.
    #[ts(type = "string")]
    pub tab_id: TabId,
    /// For people.
    pub words: String,
}

/// A place in the list of what was put away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ClosedPlace {
    /// When the tab there was put away.
    #[ts(type = "string")]
    pub closed_at: DateTime<Utc>,
    /// Which.
    #[ts(type = "string")]
    pub tab_id: TabId,
}

/// A page of what was put away, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ClosedPage {
    /// Its rows.
    pub rows: Vec<TabRow>,
    /// After which place the next page begins; none at the end.
    pub next: Option<ClosedPlace>,
}

/// A line of the bill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Line {
    /// Its id.
    #[ts(type = "string")]
    pub id: LineId,
    /// What was had.
    pub what: Option<String>,
    /// How many.
    #[ts(type = "number")]
    pub quantity: i64,
    /// For one.
    pub each: Money,
    /// For all of it.
    pub total: Money,
    /// When.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: String,
    /// It may be taken off again.
    pub may_take_off: bool,
    /// Another line takes it off, or it takes another off.
    pub is_struck: bool,
}

/// A step of the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Step {
    /// When.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
    /// What.
    pub words: String,
    /// How much.
    pub amount: Option<Money>,
    /// By whom.
    pub by: String,
    /// Dojo's reference.
    pub reference: Option<String>,
}

/// An operation that is under way or needs a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct OperationView {
    /// The decision's id.
    #[ts(type = "string")]
    pub id: OperationId,
    /// What.
    #[ts(type = "string")]
    pub kind: OperationKind,
    /// Without tip.
    pub amount: Option<Money>,
    /// The tip in it.
    pub tip: Option<Money>,
    /// When it was asked.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
    /// Where it stands.
    #[ts(type = "string")]
    pub state: OperationState,
    /// What was asked, what Dojo shows, what to do.
    pub words: String,
    /// How it looks.
    pub tone: Tone,
    /// Whether staff who were told may put it aside.
    pub may_be_put_aside: bool,
}

/// One hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Hold {
    /// Its id.
    #[ts(type = "string")]
    pub id: HoldId,
    /// Dojo's.
    pub intent_id: Option<String>,
    /// Ours, at Dojo.
    pub reference: String,
    /// Auto or Manual.
    pub capture_mode: CaptureMode,
    /// Asked for, without tip.
    pub amount: Money,
    /// Tip asked for with it.
    pub tip: Option<Money>,
    /// Authorised.
    pub held: Money,
    /// Taken, tip included.
    pub captured: Money,
    /// The tip in it.
    pub captured_tip: Money,
    /// Accepted by Dojo, not final.
    pub pending: Money,
    /// Given back.
    pub refunded: Money,
    /// What that was of.
    pub refunded_of: Vec<OfIt>,
    /// Refunds of which nobody has said what they were for.
    pub not_said: Vec<NotSaid>,
    /// Held and not taken.
    pub left: Money,
    /// Taken and not given back.
    pub refundable: Money,
    /// What is taken, of what was held; none while nothing is.
    pub gauge: Option<Gauge>,
    /// The card.
    pub card: Option<Card>,
    /// The bank's code.
    pub auth_code: Option<String>,
    /// What it is.
    pub state: State,
    /// When Dojo acts.
    pub deadline: Option<Deadline>,
    /// What Dojo does at its deadline, paid or not; none of a payment.
    pub deadline_action: Option<DeadlineAction>,
    /// The guest's page, while unpaid.
    pub link: Option<String>,
    /// The same as a QR code, SVG.
    pub link_qr: Option<String>,
    /// When the link ends.
    #[ts(type = "string | null")]
    pub link_ends_at: Option<DateTime<Utc>>,
    /// It has ended, unpaid.
    pub link_ended: bool,
    /// Declined tries.
    pub declined: u32,
    /// What may be done.
    pub actions: Vec<Allowed>,
    /// What may be printed.
    pub papers: Vec<crate::PaperOffer>,
    /// What is under way or needs a person.
    pub operation: Option<OperationView>,
    /// What staff should know before they decide anything more on it.
    pub caution: Option<String>,
    /// Dojo keeps to showing less than it showed before: a person may accept that.
    pub contradicts: Option<Contradiction>,
    /// When the card was authorised.
    #[ts(type = "string | null")]
    pub authorised_at: Option<DateTime<Utc>>,
    /// It is being renewed, or is what another one is being renewed with.
    pub renewal: Option<crate::RenewalView>,
    /// It ends before its guest leaves, and nobody renews it yet.
    pub renew: Option<String>,
}

/// Dojo shows what can't be after what it showed before, and keeps to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Contradiction {
    /// Of what is shown; whoever accepts it says which they saw.
    pub key: String,
    /// What Dojo showed before and what it shows now, with the amounts.
    pub words: String,
}

/// A part of an amount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct OfIt {
    /// Which: `bill`, `service charge`, `tip` or `not said`.
    pub label: &'static str,
    /// How much.
    pub amount: Money,
}

/// A refund of which nobody has said what it was for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct NotSaid {
    /// The decision; none for what was refunded elsewhere.
    #[ts(type = "string | null")]
    pub refund: Option<OperationId>,
    /// How much.
    pub amount: Money,
    /// For people.
    pub words: String,
}

/// A whole tab.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct TabView {
    /// Its row.
    pub row: TabRow,
    /// What there is to see of its money, to be sent back with a decision.
    pub seen: crate::Seen,
    /// For staff.
    pub note: Option<String>,
    /// The guest's.
    pub email: Option<String>,
    /// The bill.
    pub lines: Vec<Line>,
    /// What the bill is beyond all that is taken, held and asked for: what to ask for more of.
    pub missing: Option<Money>,
    /// Newest first.
    pub holds: Vec<Hold>,
    /// What a key acts on.
    pub keys: TabKeys,
    /// Newest first.
    pub history: Vec<Step>,
    /// Whether it may be put away, and why not.
    pub close_refused: Option<String>,
    /// When it was put away.
    #[ts(type = "string | null")]
    pub closed_at: Option<DateTime<Utc>>,
}

/// What a key that is pressed while a tab is shown acts on: the newest hold on which that may be done now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct TabKeys {
    /// Whether something can be taken.
    pub take: bool,
    /// The hold to release.
    #[ts(type = "string | null")]
    pub release: Option<HoldId>,
    /// The hold to renew.
    #[ts(type = "string | null")]
    pub renew: Option<HoldId>,
}

impl TabKeys {
    /// Of a tab's holds, newest first.
    pub(crate) fn of(holds: &[Hold]) -> Self {
        let newest = |action| {
            let may = |hold: &&Hold| hold.actions.iter().any(|one| one.action == action && one.allowed);
            holds.iter().find(may).map(|hold| hold.id)
        };
        Self {
            take: newest(Action::Take).is_some(),
            release: newest(Action::Release),
            renew: newest(Action::Renew),
        }
    }
}

/// What an amount typed means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct AmountCheck {
    /// The amount.
    pub money: Option<Money>,
    /// Why it can't be used.
    pub error: Option<String>,
}

/// What became of a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Outcome {
    /// One a hold.
    pub operations: Vec<OperationView>,
    /// Of a take over several holds, what was not sent, and why.
    pub unsent: Option<String>,
    /// How the tab looks now.
    pub tab: TabView,
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
    /// Which keys are kept.
    pub keys: Keys,
    /// What kept the last mode from opening.
    pub notice: Option<String>,
    /// This ledger knows of nothing yet, and Dojo may.
    pub can_bring_in: bool,
    /// Starting with the computer was never offered.
    pub may_offer_autostart: bool,
}

/// How the venue stands, in a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Standing {
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
}

/// What was brought in from Dojo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct BroughtIn {
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

/// What a look at Dojo with the key in use showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Connection {
    /// Dojo accepted the key.
    pub ok: bool,
    /// For people.
    pub words: String,
}

/// A backup that is kept beside the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Backup {
    /// Its file's name.
    pub name: String,
    /// When it was taken.
    #[ts(type = "string")]
    pub taken_at: DateTime<Utc>,
}

/// What putting a backup back would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct PutBack {
    /// Which.
    pub backup: Backup,
    /// What the ledger has now and would not have then.
    pub lost: String,
    /// What happens beside that, a sentence each.
    pub then: Vec<String>,
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
