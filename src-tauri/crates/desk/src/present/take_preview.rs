//! What taking would do, for the sheet: nothing is written or sent for it.

use crate::account::Account;
use crate::account::allowed::refused;
use crate::account::due::{agreed_before, at_hand, settling, takeable};
use crate::capture::{HoldShare, NOTHING_DUE, Sums, TakeTyped, ToConfirm, split, sums};
use crate::context::frame::Frame;
use crate::operations::consent::Seen;
use crate::present::view::Money as MoneyView;
use crate::wording;
use crate::{AppError, Desk, FieldError, Settings};
use chrono::{DateTime, Utc};
use holdfast_domain::{
    Action, DeadlineAction, Hold, HoldId, Money, Operation, OperationKind, TabId, parse_percent, share,
};
use serde::Serialize;
use ts_rs::TS;

/// What one hold contributes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Part {
    /// From which hold.
    #[ts(type = "string")]
    pub hold_id: HoldId,
    /// Which one that is, for people: `From hold 2, Visa 4471`.
    pub from: String,
    /// Without the tip.
    pub amount: MoneyView,
    /// The service charge within the amount.
    pub service: MoneyView,
    /// The tip in it.
    pub tip: MoneyView,
}

/// A tip at a tap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct TipChoice {
    /// `10 %`: what goes into the field, too.
    pub label: String,
    /// How much that is of the bill.
    pub amount: MoneyView,
}

/// When more is due than is held: what there is is taken, and the rest asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct WayOn {
    /// All that is held.
    pub take: MoneyView,
    /// The rest.
    pub ask: MoneyView,
}

/// After a first take nobody can release the rest: where Dojo is to take it, staff have to agree to that first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct DojoTakes {
    /// How much Dojo takes by itself.
    pub money: MoneyView,
    /// What that means, for people.
    pub words: String,
}

/// What pressing Take would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct TakePreview {
    /// What there is to see, to be sent back with the decision.
    pub seen: Seen,
    /// Still to take of the bill.
    pub due: MoneyView,
    /// Bill.
    pub bill: MoneyView,
    /// Service charge.
    pub service: MoneyView,
    /// Tip.
    pub tip: MoneyView,
    /// All three.
    pub total: MoneyView,
    /// One plain sentence.
    pub sentence: String,
    /// Held, not taken, and off the card by Dojo's deadline.
    pub released: MoneyView,
    /// By how much the bill that was typed passes what is due: to be agreed to.
    pub above: Option<MoneyView>,
    /// What Dojo takes by itself after this: to be agreed to.
    pub dojo_takes: Option<DojoTakes>,
    /// By how much the total passes what is held.
    pub over: Option<MoneyView>,
    /// What can be done then, if anything is held.
    pub way_on: Option<WayOn>,
    /// Typing to mend.
    pub errors: Vec<FieldError>,
    /// Tips at a tap, of the bill.
    pub tip_choices: Vec<TipChoice>,
    /// The venue's service charge, of the bill.
    pub service_choice: Option<TipChoice>,
    /// From which hold how much.
    pub split: Vec<Part>,
    /// May it be done now?
    pub allowed: bool,
    /// Why not.
    pub why: Option<String>,
    /// What staff should know before.
    pub cautions: Vec<String>,
}

impl Desk {
    /// What taking would do, for the sheet. Typing errors are part of the answer.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn preview_take(&self, id: TabId, typed: &TakeTyped) -> Result<TakePreview, AppError> {
        let account = self.context.account(id).await?;
        Ok(preview(
            &account,
            typed,
            &self.context.settings().await?,
            self.context.frame().await?,
        ))
    }
}

/// What pressing Take would do to a tab as it stands.
pub(crate) fn preview(
    account: &Account,
    typed: &TakeTyped,
    settings: &Settings,
    frame: Frame,
) -> TakePreview {
    let (due, holds) = takeable(account, frame.now);
    let currency = account.tab.currency;
    let sums = sums(typed, due, agreed_before(account, frame.now), currency);
    let left = at_hand(account, frame.now).minor;
    let over = sums.total.minor.saturating_sub(left).max(0);
    let money = |minor: i64| MoneyView::from(Money::new(minor, currency));
    let choice = |text: &str| {
        let hundredths = parse_percent(text).ok()?;
        Some(TipChoice {
            label: percent_label(text)?,
            amount: share(sums.bill, hundredths)?.into(),
        })
    };
    let shares = split(&holds, &sums);
    let uncovered = holds.is_empty().then(|| nothing_to_take(account, frame.now));
    let why = settling(account).or(uncovered).or_else(|| {
        why_not(
            due,
            &sums,
            &shares,
            Money::new(left, currency),
            Money::new(over, currency),
        )
    });
    let to_confirm = ToConfirm::of(&sums, due, &shares, frame);
    TakePreview {
        seen: Seen::of(account, frame.now),
        due: due.into(),
        sentence: sentence(&sums, &rests(account, &shares), frame),
        allowed: why.is_none() && sums.errors.is_empty(),
        why,
        released: money(of_action(account, &shares, DeadlineAction::Release)),
        above: to_confirm.above.map(Into::into),
        dojo_takes: to_confirm.dojo_takes.map(|takes| DojoTakes {
            money: takes.money.into(),
            words: takes.words,
        }),
        over: (over > 0).then(|| money(over)),
        way_on: (over > 0 && left > 0 && due.minor > 0 && settling(account).is_none()).then(|| WayOn {
            take: money(left),
            ask: money(over),
        }),
        tip_choices: settings.tip_presets.iter().filter_map(|t| choice(t)).collect(),
        service_choice: choice(&settings.service),
        split: shares
            .iter()
            .map(|share| Part {
                hold_id: share.hold.id,
                from: from(account, &share.hold),
                amount: share.hold.money(share.amount).into(),
                service: share.hold.money(share.service).into(),
                tip: share.hold.money(share.tip).into(),
            })
            .collect(),
        bill: sums.bill.into(),
        service: sums.service.into(),
        tip: sums.tip.into(),
        total: sums.total.into(),
        errors: sums.errors,
        cautions: account
            .holds
            .iter()
            .filter_map(|(hold, operations)| wording::caution(hold, operations))
            .collect(),
    }
}

/// A percentage as it stands on a button and goes into a field, `12.5 %`; none when `text` is none.
pub(crate) fn percent_label(text: &str) -> Option<String> {
    let hundredths = parse_percent(text).ok()?;
    (hundredths > 0).then(|| format!("{} %", text.trim().trim_end_matches('%').trim_end()))
}

/// What of bill, service charge and tip is held, in minor units, where the whole is more.
pub(crate) fn covered(account: &Account, typed: &TakeTyped, now: DateTime<Utc>) -> (i64, i64, i64) {
    let (due, holds) = takeable(account, now);
    let sums = sums(typed, due, agreed_before(account, now), account.tab.currency);
    let shares = split(&holds, &sums);
    shares.iter().fold((0, 0, 0), |(bill, service, tip), share| {
        (
            bill.saturating_add(share.bill()),
            service.saturating_add(share.service),
            tip.saturating_add(share.tip),
        )
    })
}

/// Why no hold can be taken from: nothing is held, or what is held can't be taken.
fn nothing_to_take(account: &Account, now: DateTime<Utc>) -> String {
    let rests = rests(account, &[]);
    let refused = rests.iter().find_map(|((hold, operations), _)| {
        let why = refused(account, hold, operations, Action::Take, now)?;
        Some(wording::refusal(Action::Take, why))
    });
    let held = rests
        .iter()
        .fold(0_i64, |sum, (_, rest)| sum.saturating_add(*rest));
    let held = Money::new(held, account.tab.currency);
    refused.map_or_else(
        || "Nothing is on hold on this tab.".to_owned(),
        |why| format!("{held} is on hold. {why}"),
    )
}

fn why_not(due: Money, sums: &Sums, shares: &[HoldShare], left: Money, over: Money) -> Option<String> {
    if due.minor == 0 {
        Some(NOTHING_DUE.to_owned())
    } else if over.minor > 0 && sums.bill.minor > due.minor {
        Some(format!(
            "You typed {}, {due} is due and {left} is on hold. Correct the bill.",
            sums.bill
        ))
    } else if over.minor > 0 {
        let what = if sums.total.minor > sums.bill.minor {
            "The bill with service charge and tip"
        } else {
            "The bill"
        };
        Some(format!(
            "{what} is {over} over the hold. Take {left} now and ask the guest for {over}."
        ))
    } else if sums.total.minor == 0 {
        Some("There’s nothing to take yet.".to_owned())
    } else if shares.is_empty() {
        Some("A tip can’t be taken on its own. Add it to the bill.".to_owned())
    } else {
        None
    }
}

/// A hold and its operations, and what stays on hold of it, in minor units.
type Rest<'a> = (&'a (Hold, Vec<Operation>), i64);

/// What stays on hold of each hold, also of those that can't be taken from.
fn rests<'a>(account: &'a Account, shares: &[HoldShare]) -> Vec<Rest<'a>> {
    let taken = |hold: &Hold| {
        let of_it = shares.iter().find(|share| share.hold.id == hold.id);
        of_it.map_or(0, HoldShare::total)
    };
    let rests = account
        .holds
        .iter()
        .map(|of_it| (of_it, of_it.0.left().saturating_sub(taken(&of_it.0)).max(0)));
    rests.filter(|(_, rest)| *rest > 0).collect()
}

fn of_action(account: &Account, shares: &[HoldShare], action: DeadlineAction) -> i64 {
    let rests = rests(account, shares);
    let of_it = rests
        .iter()
        .filter(|((hold, _), _)| hold.expire_action.unwrap_or(DeadlineAction::Release) == action);
    of_it.fold(0_i64, |sum, (_, rest)| sum.saturating_add(*rest))
}

/// Which of a tab's holds it is, as staff see them: by its number, from the oldest, and its card.
fn from(account: &Account, hold: &Hold) -> String {
    let number = account
        .holds
        .iter()
        .take_while(|(other, _)| other.id != hold.id)
        .count()
        + 1;
    let card = wording::card_name(hold);
    let card = card.map_or_else(String::new, |card| format!(", {card}"));
    format!("From hold {number}{card}")
}

fn sentence(sums: &Sums, rests: &[Rest<'_>], frame: Frame) -> String {
    let mut parts = vec![format!("bill {}", sums.bill.digits())];
    for (word, money) in [("service", sums.service), ("tip", sums.tip)] {
        if money.minor > 0 {
            parts.push(format!("{word} {}", money.digits()));
        }
    }
    let mut said = vec![format!("Take {} ({}).", sums.total, parts.join(" + "))];
    if rests.is_empty() {
        said.push("Nothing stays on hold.".to_owned());
    }
    said.extend(rests.iter().map(|rest| stays(*rest, frame)));
    said.join(" ")
}

/// What stays on hold, until when, and what then.
fn stays(((hold, operations), rest): Rest<'_>, frame: Frame) -> String {
    let money = hold.money(rest);
    let is_release = |o: &Operation| o.kind == OperationKind::Reversal && o.state.is_open();
    if operations.iter().any(is_release) {
        return format!("{money} is on hold until its release is settled with Dojo.");
    }
    let Some(deadline) = hold.deadline() else {
        return format!("{money} stays on hold.");
    };
    let then = match deadline.action {
        DeadlineAction::Release => "drops off the card",
        DeadlineAction::Capture => "Dojo takes it",
    };
    let until = wording::day_and_time(deadline.at, frame);
    format!("{money} stays on hold until {until}, then {then}.")
}
