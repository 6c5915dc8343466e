//! One tab in full, and what became of a decision on it.

use super::{ActionView, Card, Deadline, ElsewhereView, Gauge, Money, State, StateCode, TabRow, Tone};
use crate::present::topic::HistoryTopic;
use chrono::{DateTime, Utc};
use holdfast_domain::{
    CaptureMode, DeadlineAction, HoldId, LineId, OperationId, OperationKind, OperationState,
};
use serde::Serialize;
use ts_rs::TS;

/// What was put on the bill before, to be put on it once more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Again {
    /// What was had; none where nobody said.
    pub what: Option<String>,
    /// For one.
    pub each: Money,
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
    /// When it was noted, by the clock that deadlines are counted by.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
    /// Who did it: a member of staff, Dojo or Holdfast.
    pub by: String,
    /// It may be taken off again.
    pub may_take_off: bool,
    /// It may be moved to another bill.
    pub may_move: bool,
    /// Where it went or came from: `moved to Table 5`, `from Table 5`.
    pub moved: Option<String>,
    /// Another line takes it off, or it takes another off.
    pub is_struck: bool,
    /// The line that it takes off.
    #[ts(type = "string | null")]
    pub strikes: Option<LineId>,
}

/// A step of the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct HistoryEntry {
    /// When it was noted, by the clock that deadlines are counted by.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
    /// What happened, in a sentence for staff.
    pub words: String,
    /// The money that it moved or was about; none where it was about none.
    pub amount: Option<Money>,
    /// Who did it: a member of staff, Dojo or Holdfast.
    pub by: String,
    /// Dojo's reference.
    pub reference: Option<String>,
    /// What it is about.
    pub topic: HistoryTopic,
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
    /// Whether it never left and may be sent again by a button of its own: the tab's first one doesn't do it.
    pub may_be_sent_again: bool,
    /// Whether Settings put it right: Dojo refused the key.
    pub is_for_settings: bool,
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
    /// How it stands, with its amount: on hold, taken or requested.
    pub stands: String,
    /// Taken and not given back.
    pub refundable: Money,
    /// What is taken, of what was held; none while nothing is.
    pub gauge: Option<Gauge>,
    /// The card.
    pub card: Option<Card>,
    /// The bank's code.
    pub auth_code: Option<String>,
    /// What it is.
    pub state: State<StateCode>,
    /// When Dojo acts.
    pub deadline: Option<Deadline>,
    /// What Dojo does at its deadline, paid or not; none of a payment.
    pub deadline_action: Option<DeadlineAction>,
    /// The guest's page, while unpaid.
    pub link: Option<String>,
    /// The same as a QR code, SVG.
    pub link_qr: Option<String>,
    /// Why there is no link to show, though Dojo's answer has one.
    pub link_trouble: Option<String>,
    /// When the link ends.
    #[ts(type = "string | null")]
    pub link_ends_at: Option<DateTime<Utc>>,
    /// It has ended, unpaid.
    pub link_ended: bool,
    /// Declined tries.
    pub declined: u32,
    /// What may be done.
    pub actions: Vec<ActionView>,
    /// What may be printed.
    pub papers: Vec<crate::PaperOffer>,
    /// What is under way or needs a person.
    pub operation: Option<OperationView>,
    /// What staff should know before they decide anything more on it.
    pub caution: Option<String>,
    /// Dojo keeps to showing less than it showed before: a person may accept that.
    pub contradicts: Option<ContradictionView>,
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
pub struct ContradictionView {
    /// Of what is shown; a person who accepts it says which they saw.
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
    /// What was put on it before, the newest first: another of the same is one press.
    pub again: Vec<Again>,
    /// What the bill is beyond all that is taken, held and asked for: what to ask for more of.
    pub missing: Option<Money>,
    /// The same where something is on hold, which the bill is over then.
    pub over: Option<Money>,
    /// What isn't on hold any more though nobody released it, and what that leaves open.
    pub lapsed: Option<String>,
    /// Newest first.
    pub holds: Vec<Hold>,
    /// What a key acts on.
    pub keys: TabKeys,
    /// A further hold, as its sheet begins.
    pub further: crate::Further,
    /// The step that a person is most likely to take next; none where nothing can be done, and of a closed tab.
    pub next: Option<NextStep>,
    /// Those of the smaller buttons beside it.
    pub lesser: Vec<TabStep>,
    /// Whatever else may be done, in the menu's order.
    pub menu: Vec<crate::MenuItem>,
    /// What is on hold and on which cards, and what was taken.
    pub stands: String,
    /// Why nothing can be taken, where something on the tab keeps it open all the same.
    pub why_not_take: Option<String>,
    /// Newest first.
    pub history: Vec<HistoryEntry>,
    /// Whether it may be closed, and why not.
    pub close_refused: Option<String>,
    /// When it was closed.
    #[ts(type = "string | null")]
    pub closed_at: Option<DateTime<Utc>>,
    /// What was done to it at another till a moment ago.
    pub elsewhere: Option<ElsewhereView>,
    /// Whether its guest was forgotten: nothing about them is kept any more, and the tab stays closed.
    pub is_forgotten: bool,
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

/// What a key that is pressed while a tab is shown acts on: the newest hold on which that may be done now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct TabKeys {
    /// Whether something can be taken.
    pub take: bool,
    /// Whether the guest can be asked for a further hold: not while the first link is unpaid, unless the bill is
    /// beyond it.
    pub hold_more: bool,
    /// The hold to release; where none can be, the request to cancel.
    pub release: Option<ReleaseKey>,
    /// The hold to renew.
    #[ts(type = "string | null")]
    pub renew: Option<HoldId>,
    /// The hold to refund.
    #[ts(type = "string | null")]
    pub refund: Option<HoldId>,
    /// The hold whose page the guest can be shown.
    #[ts(type = "string | null")]
    pub show_qr: Option<HoldId>,
    /// The request that never left, to be sent again.
    #[ts(type = "string | null")]
    pub send_again: Option<HoldId>,
    /// The paper to print.
    pub print: Option<PrintKey>,
    /// Whether a part of the bill can be moved to another tab.
    pub move_bill: bool,
    /// How the tab is closed; none while it can't be.
    pub close_tab: Option<CloseKey>,
    /// Whether its guest may be forgotten, unless something is still open.
    pub forget: bool,
}

/// What the key that closes a tab does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum CloseKey {
    /// Something is owed: a person is asked first.
    Ask,
    /// Closes it.
    Now,
}

/// How a hold or its request is given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum ReleaseAct {
    /// Releases what is on hold.
    Release,
    /// Cancels a request that nobody has paid.
    Cancel,
}

/// What the key for a release does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ReleaseKey {
    /// Which of the two.
    pub act: ReleaseAct,
    /// Of which hold.
    #[ts(type = "string")]
    pub hold_id: HoldId,
}

/// What the key for a paper prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PrintKey {
    /// Which paper.
    pub kind: crate::PaperKind,
    /// Of which hold.
    #[ts(type = "string")]
    pub hold_id: HoldId,
}

/// A step on a tab, as its button says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct NextStep {
    /// What the button begins.
    pub step: TabStep,
    /// The button's words: a verb and the amount, with three dots where a sheet asks first.
    pub words: String,
}

/// What a tab's buttons do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum TabStep {
    /// Asks the guest for a further hold.
    HoldMore,
    /// Closes the tab.
    CloseTab,
    /// Shows the guest the page's code.
    ShowQr,
    /// Sends a request that never left this computer.
    SendAgain,
    /// Gives back of what was taken.
    Refund,
    /// Renews a hold.
    Renew,
    /// Takes what is due.
    Take,
}
