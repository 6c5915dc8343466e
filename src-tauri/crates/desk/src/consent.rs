//! Consent: what a person saw when they decided, held against what is known once Dojo has been read. If it
//! differs, nothing is sent, and they are told what changed, when and by whom.

use crate::show::{self, Frame, Whole};
use crate::{AppError, Desk, ErrorCode, take, words};
use chrono::{DateTime, Utc};
use holdfast_domain::{
    CaptureStatus, DeadlineAction, Hold, HoldId, Line, Money, Operation, OperationId, OperationKind,
    OperationState, TabId,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a person saw of a tab's money, in minor units. The desk makes it, and a sheet sends it back as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Seen {
    /// Still to take of the bill.
    #[ts(type = "number")]
    pub due_minor: i64,
    /// Lines on the bill. Not compared: it tells what is new from what was there.
    pub lines: usize,
    /// The tab's holds, oldest first.
    pub holds: Vec<SeenHold>,
}

/// What a person saw of one hold, in minor units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct SeenHold {
    /// Which.
    #[ts(type = "string")]
    pub hold_id: HoldId,
    /// On which card: `Visa 1005`.
    pub card: Option<String>,
    /// Asked for.
    #[ts(type = "number")]
    pub asked_minor: i64,
    /// Reserved on the card, the taken part included.
    #[ts(type = "number")]
    pub authorised_minor: i64,
    /// Taken.
    #[ts(type = "number")]
    pub taken_minor: i64,
    /// Refunded.
    #[ts(type = "number")]
    pub refunded_minor: i64,
    /// On hold now.
    #[ts(type = "number")]
    pub left_minor: i64,
    /// What Dojo does with it at the deadline. Not known of a night that an older release began.
    #[serde(default)]
    pub deadline_action: Option<DeadlineAction>,
    /// The request that is under way on it.
    #[ts(type = "string | null")]
    pub under_way: Option<OperationId>,
}

/// What an open sheet is told when something changed at the desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Look {
    /// What there is to see now.
    pub seen: Seen,
    /// What differs from what the person accepted, a sentence each; empty while nothing does.
    pub changes: Vec<String>,
}

impl SeenHold {
    fn of(hold: &Hold, operations: &[Operation]) -> Self {
        Self {
            hold_id: hold.id,
            card: show::card(hold).and_then(|card| card_name(&card)),
            asked_minor: hold.seen.as_ref().map_or(hold.asked, |seen| seen.total),
            authorised_minor: hold.authorised(),
            taken_minor: hold.captured(),
            refunded_minor: hold.refunded(),
            left_minor: hold.left(),
            deadline_action: hold.expire_action,
            under_way: operations.iter().find(|o| o.state.is_open()).map(|o| o.id),
        }
    }
}

impl Seen {
    /// What there is to see of a tab.
    pub(crate) fn of(whole: &Whole, now: DateTime<Utc>) -> Self {
        let holds = whole.holds.iter();
        Self {
            due_minor: take::takeable(whole, now).0.minor,
            lines: whole.lines.len(),
            holds: holds
                .map(|(hold, operations)| SeenHold::of(hold, operations))
                .collect(),
        }
    }

    fn hold(&self, id: HoldId) -> Option<&SeenHold> {
        self.holds.iter().find(|hold| hold.hold_id == id)
    }

    /// The same after a part of this very decision has succeeded: `total` minor units taken from `id`, of which
    /// `bill` are of the bill.
    #[must_use]
    pub(crate) fn after_capture(mut self, id: HoldId, total: i64, bill: i64) -> Self {
        self.due_minor = self.due_minor.saturating_sub(bill).max(0);
        for hold in self.holds.iter_mut().filter(|hold| hold.hold_id == id) {
            hold.taken_minor = hold.taken_minor.saturating_add(total);
            hold.left_minor = hold.left_minor.saturating_sub(total);
        }
        self
    }

    /// The same after this very decision has released a hold of the tab.
    #[must_use]
    pub(crate) fn after_release(mut self, id: HoldId) -> Self {
        for hold in self.holds.iter_mut().filter(|hold| hold.hold_id == id) {
            (hold.authorised_minor, hold.left_minor) = (0, 0);
        }
        self
    }
}

/// How much of what was seen a decision stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ground {
    /// What is due, and every hold of the tab.
    Tab,
    /// This hold alone.
    Hold(HoldId),
    /// No amount at all.
    Nothing,
}

impl Ground {
    /// What a decision of this kind on `hold` stands on.
    pub(crate) const fn of(kind: OperationKind, hold: HoldId) -> Self {
        match kind {
            // What a refund does to the bill depends on what all cards paid, and what a release leaves to take from
            // on what all of them hold.
            OperationKind::Capture | OperationKind::Refund | OperationKind::Reversal => Self::Tab,
            OperationKind::Cancel | OperationKind::SetAmount | OperationKind::SetTips => Self::Hold(hold),
            OperationKind::Create | OperationKind::Receipt => Self::Nothing,
        }
    }

    const fn has_due(self) -> bool {
        matches!(self, Self::Tab)
    }

    fn has(self, id: HoldId) -> bool {
        match self {
            Self::Tab => true,
            Self::Hold(hold) => hold == id,
            Self::Nothing => false,
        }
    }

    /// Whether `now` is what was seen, as far as the decision stands on it.
    fn is_same(self, seen: &Seen, now: &Seen) -> bool {
        let of = |all: &Seen| {
            let holds = all.holds.iter().filter(|hold| self.has(hold.hold_id));
            holds.cloned().collect::<Vec<_>>()
        };
        (!self.has_due() || seen.due_minor == now.due_minor) && of(seen) == of(now)
    }
}

impl Desk {
    /// What there is to see of the tab of a hold.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`]; the ledger's.
    pub async fn seen_with(&self, hold: HoldId) -> Result<Seen, AppError> {
        let tab = self.ledger.hold(hold).await?.tab;
        let whole = self.whole(self.ledger.tab(tab).await?).await?;
        Ok(Seen::of(&whole, self.now()))
    }

    /// What there is to see of a tab now, and what differs from what a person accepted before; of one hold, where
    /// the sheet is about one.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn look(&self, tab: TabId, accepted: &Seen, hold: Option<HoldId>) -> Result<Look, AppError> {
        let whole = self.whole(self.ledger.tab(tab).await?).await?;
        let frame = self.frame().await?;
        let ground = hold.map_or(Ground::Tab, Ground::Hold);
        Ok(Look {
            seen: Seen::of(&whole, frame.now),
            changes: changes(ground, accepted, &whole, frame),
        })
    }

    /// Refuses a decision whose ground is not what the person saw any more. The one place for that: of a hand, the
    /// night, a renewal, and each part of a take over several holds.
    pub(crate) async fn refuse_if_changed(
        &self,
        ground: Ground,
        seen: &Seen,
        whole: &Whole,
    ) -> Result<(), AppError> {
        let changes = changes(ground, seen, whole, self.frame().await?);
        if changes.is_empty() {
            return Ok(());
        }
        Err(AppError {
            changes: changes.clone(),
            ..AppError::new(
                ErrorCode::Changed,
                format!(
                    "{} Nothing was sent. Look at the new figures first.",
                    changes.join(" ")
                ),
            )
        })
    }
}

/// What changed since `seen`, a sentence each; none when nothing did that the decision stands on.
pub(crate) fn changes(ground: Ground, seen: &Seen, whole: &Whole, frame: Frame) -> Vec<String> {
    let now = Seen::of(whole, frame.now);
    if ground.is_same(seen, &now) {
        return Vec::new();
    }
    let mut told = Vec::new();
    // Whatever happened on any hold may be why another amount is due.
    for (hold, operations) in &whole.holds {
        let after = SeenHold::of(hold, operations);
        match seen.hold(hold.id) {
            None => told.push(format!(
                "{} was asked for {}.",
                hold.money(hold.asked),
                when(hold.opened_at, frame)
            )),
            Some(before) if *before != after => told.extend(on_hold(before, &after, hold, operations, frame)),
            Some(_) => {}
        }
    }
    if ground.has_due() && seen.due_minor != now.due_minor {
        let new_lines = whole.lines.iter().skip(seen.lines);
        told.extend(new_lines.map(|line| on_bill(line, whole, frame)));
        let due = Money::new(now.due_minor, whole.tab.currency);
        told.push(format!("Still to take: {due}."));
    }
    if told.is_empty() {
        told.push("The figures of this tab have changed.".to_owned());
    }
    told
}

fn when(at: DateTime<Utc>, frame: Frame) -> String {
    format!("at {}", words::clock_time(at, frame))
}

fn on_bill(line: &Line, whole: &Whole, frame: Frame) -> String {
    let amount = line.each.saturating_mul(line.quantity);
    let (happened, amount) = if amount < 0 {
        ("was taken off the bill", amount.saturating_neg())
    } else {
        ("was added to the bill", amount)
    };
    format!(
        "{} {happened} {} by {}.",
        Money::new(amount, whole.tab.currency),
        when(line.at, frame),
        line.by
    )
}

/// What became of one hold.
fn on_hold(
    before: &SeenHold,
    after: &SeenHold,
    hold: &Hold,
    operations: &[Operation],
    frame: Frame,
) -> Vec<String> {
    let mut told = Vec::new();
    if after.authorised_minor > before.authorised_minor {
        let card = after
            .card
            .as_ref()
            .map_or_else(String::new, |card| format!(" on {card}"));
        let at = hold.seen.as_ref().and_then(|seen| seen.authorised_at);
        let since = at.map_or_else(String::new, |at| {
            format!(" since {}", words::clock_time(at, frame))
        });
        told.push(format!(
            "{} is on hold{card}{since}.",
            hold.money(after.left_minor)
        ));
    } else if after.card != before.card {
        let card = after.card.as_deref().unwrap_or("unknown");
        told.push(format!("The card is {card} now."));
    }
    if after.taken_minor > before.taken_minor {
        told.extend(taken_since(before.taken_minor, hold, operations, frame));
    }
    if after.taken_minor < before.taken_minor {
        told.push(format!("Dojo shows {} taken now.", hold.money(after.taken_minor)));
    }
    if after.refunded_minor != before.refunded_minor {
        told.extend(refunded(before, after, hold, operations, frame));
    }
    let taken = after.taken_minor.saturating_sub(before.taken_minor);
    let lost = before
        .left_minor
        .saturating_sub(taken.max(0))
        .saturating_sub(after.left_minor);
    if lost > 0 && hold.pending() == 0 {
        told.push(gone(lost, hold, operations, frame));
    }
    if after.asked_minor != before.asked_minor && after.authorised_minor == 0 {
        told.push(format!("{} is asked for now.", hold.money(after.asked_minor)));
    }
    if after.deadline_action != before.deadline_action && after.left_minor > 0 {
        let does = match after.deadline_action {
            Some(DeadlineAction::Capture) => "takes what is left",
            Some(DeadlineAction::Release) => "releases what is left",
            None => "does nothing that is known",
        };
        told.push(format!("At the deadline Dojo {does} now."));
    }
    let under_way = operations
        .iter()
        .find(|o| Some(o.id) == after.under_way && after.under_way != before.under_way);
    told.extend(under_way.map(|o| {
        let what = words::what(o, hold);
        format!("“{what}” is under way, {} {}.", by(o), when(o.at, frame))
    }));
    if told.is_empty() && before.under_way.is_some() {
        told.push("A request that was under way has ended.".to_owned());
    }
    told
}

/// Who decided, as it's said: the night is nobody's hand.
fn by(operation: &Operation) -> String {
    if operation.reason.as_deref() == Some(crate::night::END_OF_NIGHT) {
        "by the night".to_owned()
    } else {
        format!("by {}", operation.requested_by)
    }
}

/// The captures that make up what was taken since, the newest ones.
fn taken_since(before: i64, hold: &Hold, operations: &[Operation], frame: Frame) -> Vec<String> {
    let Some(seen) = &hold.seen else { return Vec::new() };
    let mut captures: Vec<_> = seen
        .captures
        .iter()
        .filter(|capture| capture.status == CaptureStatus::Successful)
        .collect();
    captures.sort_by_key(|capture| capture.at);
    let listed = captures
        .iter()
        .fold(0_i64, |sum, capture| sum.saturating_add(capture.total()));
    let unlisted = hold.captured().saturating_sub(listed.max(before));
    let mut rest = hold
        .captured()
        .saturating_sub(before)
        .saturating_sub(unlisted.max(0));
    let mut told = Vec::new();
    while let Some(capture) = captures.pop().filter(|_| rest > 0) {
        rest = rest.saturating_sub(capture.total());
        let owner = operations
            .iter()
            .find(|o| o.dojo_id.as_deref() == Some(&capture.id))
            .or_else(|| {
                let mut all = operations.iter();
                all.find(|o| o.may_have_made(capture) && hold.may_be_of(capture, o))
            });
        let by = match owner {
            Some(operation) => by(operation),
            None if hold.is_taken_by_dojo(capture) => "by Dojo at the deadline".to_owned(),
            None => "outside this till".to_owned(),
        };
        let at = capture.at.or_else(|| owner.map(|o| o.at)).unwrap_or(seen.seen_at);
        told.push(format!(
            "{} was taken {} {by}.",
            hold.money(capture.total()),
            when(at, frame)
        ));
    }
    told.reverse();
    if unlisted > 0 {
        // Dojo took it and lists nothing.
        let at = hold.lapsed_at.unwrap_or(seen.seen_at);
        told.push(format!(
            "{} was taken {} by Dojo.",
            hold.money(unlisted),
            when(at, frame)
        ));
    }
    told
}

/// The refunds that make up what was refunded since: ours, the newest ones, and then what is nobody's here.
fn refunded(
    before: &SeenHold,
    after: &SeenHold,
    hold: &Hold,
    operations: &[Operation],
    frame: Frame,
) -> Vec<String> {
    let mut rest = after.refunded_minor.saturating_sub(before.refunded_minor);
    if rest <= 0 {
        return vec![format!(
            "Dojo shows {} refunded now.",
            hold.money(after.refunded_minor)
        )];
    }
    let mut told = Vec::new();
    let ours = operations
        .iter()
        .rev()
        .filter(|o| o.kind == OperationKind::Refund && o.state == OperationState::Succeeded);
    for o in ours.filter(|o| o.baseline.refunded >= before.refunded_minor) {
        if o.amount > rest {
            break;
        }
        rest = rest.saturating_sub(o.amount);
        told.push(format!(
            "{} was refunded {} {}.",
            hold.money(o.amount),
            when(o.at, frame),
            by(o)
        ));
    }
    told.reverse();
    if rest > 0 {
        told.push(format!("{} was refunded outside this till.", hold.money(rest)));
    }
    told
}

/// What was held is held no more, and wasn't taken.
fn gone(minor: i64, hold: &Hold, operations: &[Operation], frame: Frame) -> String {
    let gone = hold.money(minor);
    if let Some(at) = hold.lapsed_at {
        return format!(
            "{gone} dropped off the card {}, at the deadline.",
            when(at, frame)
        );
    }
    let ours = operations
        .iter()
        .rfind(|o| o.kind == OperationKind::Reversal && o.state == OperationState::Succeeded);
    match ours {
        Some(o) => format!("{gone} was released {} {}.", when(o.at, frame), by(o)),
        None => format!("{gone} is no longer on hold: it was released outside this till."),
    }
}

/// A card as staff see it: `Visa 1005`.
pub(crate) fn card_name(card: &crate::view::Card) -> Option<String> {
    let four = card.last_four.as_ref()?;
    Some(format!("{} {four}", card.brand.as_deref().unwrap_or("Card")))
}
