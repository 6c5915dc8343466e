//! Taking: bill, service and tip as typed, what will happen in one sentence, and then doing it.

use crate::show::Whole;
use crate::{AppError, Decision, Desk, ErrorCode, FieldError, Settings, view::Money as MoneyView};
use chrono::{DateTime, Utc};
use holdfast_domain::{
    Action, Currency, Hold, HoldId, HoldState, Money, Operation, OperationId, OperationKind, OperationState,
    TabId, actions, bill, parse_amount, parse_amount_or_share, parse_percent, share,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The three fields of the sheet, as typed; none means the default. Service charge and tip may be a
/// share of the bill: `12.5 %`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct TakeTyped {
    /// What was had. The bill less what is taken already, by default.
    pub bill: Option<String>,
    /// Service charge. None by default.
    pub service: Option<String>,
    /// Tip. None by default.
    pub tip: Option<String>,
}

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

/// What pressing Take would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct TakePreview {
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
    /// Held and not taken.
    pub released: MoneyView,
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

/// A decision to take.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Take {
    /// From which tab.
    #[ts(type = "string")]
    pub tab_id: TabId,
    /// As typed.
    pub typed: TakeTyped,
    /// The total that staff saw on the button, in minor units.
    #[ts(type = "number")]
    pub expect_total_minor: i64,
    /// Minted once a sheet.
    #[ts(type = "string")]
    pub decision: OperationId,
}

/// How much of the total is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Limit {
    /// All of it, or nothing.
    Total,
    /// As much as is held.
    Held,
}

struct Sums {
    bill: Money,
    service: Money,
    tip: Money,
    total: Money,
    errors: Vec<FieldError>,
}

impl Desk {
    /// What taking would do, for the sheet. Typing errors are part of the answer.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn preview_take(&self, id: TabId, typed: &TakeTyped) -> Result<TakePreview, AppError> {
        let whole = self.whole(self.ledger.tab(id).await?).await?;
        Ok(preview(&whole, typed, &self.settings().await?, self.now()))
    }

    /// Takes, one operation a hold, the first under the sheet's own decision.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`], [`ErrorCode::Changed`] when the total is not what staff saw,
    /// [`ErrorCode::NotAllowed`], and those of [`Desk::operate`].
    pub async fn take(&self, take: &Take) -> Result<Vec<Operation>, AppError> {
        self.take_up_to(take, Limit::Total).await
    }

    /// Takes all that is held towards a total that is more: bill and service charge before the tip. The
    /// total that staff saw is that of what is held.
    ///
    /// # Errors
    /// As [`Desk::take`].
    pub async fn take_what_is_held(&self, take: &Take) -> Result<Vec<Operation>, AppError> {
        self.take_up_to(take, Limit::Held).await
    }

    async fn take_up_to(&self, take: &Take, limit: Limit) -> Result<Vec<Operation>, AppError> {
        let known = self.known(take.decision).await?;
        if !known.is_empty() {
            return Ok(known);
        }
        let by = self.settings().await?.staff_name;
        let parts = match self.parts(take, limit).await {
            Ok(parts) => parts,
            Err(error) => {
                // The same press twice: the other one may have begun since, and changed the sums.
                let known = self.known(take.decision).await?;
                return if known.is_empty() { Err(error) } else { Ok(known) };
            }
        };
        let mut done = Vec::new();
        for (share, number) in parts.into_iter().zip(0..) {
            let decision = Decision {
                id: part(take.decision, number),
                hold: share.hold.id,
                kind: OperationKind::Capture,
                amount: share.amount,
                service: share.service,
                tip: share.tip,
                reason: None,
                by: by.clone(),
            };
            done.push(self.operate(decision).await?);
        }
        Ok(done)
    }

    /// What became of a decision to take; nothing when it is new.
    async fn known(&self, decision: OperationId) -> Result<Vec<Operation>, AppError> {
        let mut all = Vec::new();
        while let Some(operation) = self.ledger.operation(part(decision, all.len())).await? {
            all.push(operation);
        }
        Ok(all)
    }

    /// From which hold how much, if what staff saw still holds.
    async fn parts(&self, take: &Take, limit: Limit) -> Result<Vec<HoldShare>, AppError> {
        for hold in self.ledger.holds(take.tab_id).await? {
            self.look_first(hold.id).await?;
        }
        let whole = self.whole(self.ledger.tab(take.tab_id).await?).await?;
        let (due, holds) = takeable(&whole, self.now());
        let currency = whole.tab.currency;
        let sums = sums(&take.typed, due, currency);
        if !sums.errors.is_empty() {
            return Err(AppError::invalid(sums.errors));
        }
        let parts = split(&holds, &sums);
        let covered = parts.iter().fold(0_i64, |sum, share| {
            sum.saturating_add(share.amount).saturating_add(share.tip)
        });
        let total = match limit {
            Limit::Total => sums.total.minor,
            Limit::Held => covered,
        };
        if total != take.expect_total_minor {
            let now = Money::new(total, currency);
            return Err(AppError::new(
                ErrorCode::Changed,
                format!("The total is {now} now. Look again before you take it."),
            ));
        }
        if parts.is_empty() || covered != total {
            return Err(AppError::new(
                ErrorCode::NotAllowed,
                "That is more than what is held.",
            ));
        }
        Ok(parts)
    }
}

/// What pressing Take would do to a tab as it stands.
pub(crate) fn preview(
    whole: &Whole,
    typed: &TakeTyped,
    settings: &Settings,
    now: DateTime<Utc>,
) -> TakePreview {
    let (due, holds) = takeable(whole, now);
    let currency = whole.tab.currency;
    let sums = sums(typed, due, currency);
    let left = at_hand(whole, now).minor;
    let over = sums.total.minor.saturating_sub(left).max(0);
    let choice = |text: &str| {
        let hundredths = parse_percent(text).ok()?;
        Some(TipChoice {
            label: format!("{} %", text.trim().trim_end_matches('%').trim_end()),
            amount: share(sums.bill, hundredths)?.into(),
        })
    };
    let way_on = (over > 0 && left > 0).then(|| WayOn {
        take: Money::new(left, currency).into(),
        ask: Money::new(over, currency).into(),
    });
    let released = Money::new(left.saturating_sub(sums.total.minor).max(0), currency);
    let split = split(&holds, &sums);
    let why = if holds.is_empty() {
        Some("Nothing is held on this tab.".to_owned())
    } else if over > 0 {
        Some(format!(
            "{} is due and only {} is held, {} too little. Take what there is and ask the guest for the rest.",
            sums.total,
            Money::new(left, currency),
            Money::new(over, currency)
        ))
    } else if sums.total.minor == 0 {
        Some("There is nothing to take yet.".to_owned())
    } else if split.is_empty() {
        Some(
            "Dojo takes a tip only together with something of the bill. Put it on the bill instead."
                .to_owned(),
        )
    } else {
        None
    };
    TakePreview {
        sentence: sentence(&sums, released),
        allowed: why.is_none() && sums.errors.is_empty(),
        why,
        released: released.into(),
        over: (over > 0).then(|| Money::new(over, currency).into()),
        way_on,
        tip_choices: settings.tip_presets.iter().filter_map(|t| choice(t)).collect(),
        service_choice: choice(&settings.service),
        split: split
            .iter()
            .map(|share| Part {
                hold_id: share.hold.id,
                from: from(whole, &share.hold),
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
        cautions: whole
            .holds
            .iter()
            .filter_map(|(hold, operations)| crate::words::caution(hold, operations))
            .collect(),
    }
}

/// Which of a tab's holds it is, as staff see them: by its number, from the oldest, and its card.
fn from(whole: &Whole, hold: &Hold) -> String {
    let number = whole
        .holds
        .iter()
        .take_while(|(other, _)| other.id != hold.id)
        .count()
        + 1;
    let card = crate::show::card(hold).and_then(|card| {
        let four = card.last_four?;
        Some(format!(
            ", {} {four}",
            card.brand.unwrap_or_else(|| "card".to_owned())
        ))
    });
    format!("From hold {number}{}", card.unwrap_or_default())
}

/// What is still due on the bill, and the holds that may be taken from.
fn takeable(whole: &Whole, now: DateTime<Utc>) -> (Money, Vec<Hold>) {
    let currency = whole.tab.currency;
    let total = bill(&whole.lines, currency).unwrap_or(Money::zero(currency));
    let (mut taken, mut holds) = (0_i64, Vec::new());
    for (hold, operations) in &whole.holds {
        let without_tip = hold
            .captured()
            .saturating_sub(hold.captured_tip())
            .saturating_sub(service_taken(operations))
            .saturating_sub(hold.refunded());
        taken = taken.saturating_add(without_tip.max(0));
        if may(hold, operations, Action::Take, now) {
            holds.push(hold.clone());
        }
    }
    let due = total.minor.saturating_sub(taken).max(0);
    (Money::new(due, currency), holds)
}

/// The most that can be taken: what is left of the holds that may be taken from.
pub(crate) fn at_hand(whole: &Whole, now: DateTime<Utc>) -> Money {
    let (due, holds) = takeable(whole, now);
    let left = holds
        .iter()
        .fold(0_i64, |sum, hold| sum.saturating_add(hold.left()));
    Money::new(left, due.currency)
}

/// Minor units of service charge within what was taken by these operations.
fn service_taken(operations: &[Operation]) -> i64 {
    operations
        .iter()
        .filter(|o| o.kind == OperationKind::Capture && o.state == OperationState::Succeeded)
        .fold(0_i64, |sum, o| sum.saturating_add(o.service))
}

/// What the bill is beyond all that is taken, held and asked for.
pub(crate) fn missing(whole: &Whole, now: DateTime<Utc>) -> Option<MoneyView> {
    let (due, _) = takeable(whole, now);
    // What is being renewed goes back to the guest: its place is taken, not added to.
    let is_renewed = |hold: &Hold| whole.renewals.iter().any(|r| r.is_open() && r.old == hold.id);
    let stays = whole.holds.iter().filter(|(hold, _)| !is_renewed(hold));
    let covered = stays.fold(0_i64, |sum, (hold, _)| {
        let asked = match hold.state(now) {
            HoldState::Opening => hold.asked,
            HoldState::Waiting => hold.seen.as_ref().map_or(hold.asked, |seen| seen.total),
            // What was given back was not had after all: nobody is asked for it again.
            _ => hold
                .left()
                .saturating_add(hold.pending())
                .saturating_add(hold.refunded()),
        };
        sum.saturating_add(asked)
    });
    let missing = due.minor.saturating_sub(covered);
    (missing > 0).then(|| Money::new(missing, due.currency).into())
}

/// Whether a hold allows an action now.
pub(crate) fn may(hold: &Hold, operations: &[Operation], action: Action, now: DateTime<Utc>) -> bool {
    let open = operations.iter().find(|o| o.state.is_open());
    actions(hold, open, false, now)
        .iter()
        .any(|a| a.action == action && a.why_not.is_none())
}

/// The id of a decision's n-th part. Always the same one: a second press of it must find the first
/// press's operations on every hold, not only on the first.
fn part(decision: OperationId, number: usize) -> OperationId {
    let number = u128::try_from(number).unwrap_or_default();
    OperationId(uuid::Uuid::from_u128(decision.0.as_u128().wrapping_add(number)))
}

fn sums(typed: &TakeTyped, due: Money, currency: Currency) -> Sums {
    let mut errors = Vec::new();
    let mut read = |field: &str, text: Option<&String>, default: Money, of: Option<Money>| {
        let read = match (text.map(|t| t.trim()), of) {
            (None, _) => return default,
            (Some(""), _) => return Money::zero(currency),
            (Some(text), Some(of)) => parse_amount_or_share(text, of),
            (Some(text), None) => parse_amount(text, currency, false),
        };
        read.unwrap_or_else(|problem| {
            errors.push(FieldError {
                field: field.to_owned(),
                message: problem.to_string(),
            });
            Money::zero(currency)
        })
    };
    let bill = read("bill", typed.bill.as_ref(), due, None);
    let nothing = Money::zero(currency);
    let service = read("service", typed.service.as_ref(), nothing, Some(bill));
    let tip = read("tip", typed.tip.as_ref(), nothing, Some(bill));
    let total = bill.minor.saturating_add(service.minor).saturating_add(tip.minor);
    Sums {
        bill,
        service,
        tip,
        total: Money::new(total, currency),
        errors,
    }
}

/// What one hold gives, in minor units.
struct HoldShare {
    hold: Hold,
    /// Bill and service charge.
    amount: i64,
    /// Service charge within it.
    service: i64,
    tip: i64,
}

/// Works the total out over the holds, oldest first, each as far as it goes: the bill, then the service
/// charge, then the tip. The tip is with the last money taken, and reaches back where that hold has no
/// room for it. Dojo takes no tip alone, so each share keeps some of what is due; where it can't, there
/// are no shares.
fn split(holds: &[Hold], sums: &Sums) -> Vec<HoldShare> {
    let due = sums.bill.minor.saturating_add(sums.service.minor);
    let left = holds
        .iter()
        .fold(0_i64, |sum, hold| sum.saturating_add(hold.left()));
    let mut tip = sums.tip.minor.min(left.saturating_sub(due)).max(0);
    let mut rest = due.saturating_add(tip);
    let mut shares = Vec::new();
    for hold in holds {
        let amount = rest.min(hold.left());
        rest = rest.saturating_sub(amount);
        if amount > 0 {
            shares.push(HoldShare {
                hold: hold.clone(),
                amount,
                service: 0,
                tip: 0,
            });
        }
    }
    for share in shares.iter_mut().rev() {
        share.tip = tip.min(share.amount.saturating_sub(1));
        share.amount = share.amount.saturating_sub(share.tip);
        tip = tip.saturating_sub(share.tip);
    }
    if tip > 0 {
        shares.clear();
    }
    let mut bill = sums.bill.minor;
    for share in &mut shares {
        share.service = share.amount.saturating_sub(bill).max(0);
        bill = bill.saturating_sub(share.amount).max(0);
    }
    shares
}

fn sentence(sums: &Sums, released: Money) -> String {
    let mut parts = vec![format!("bill {}", sums.bill.digits())];
    for (word, money) in [("service", sums.service), ("tip", sums.tip)] {
        if money.minor > 0 {
            parts.push(format!("{word} {}", money.digits()));
        }
    }
    let back = if released.minor == 0 {
        "Nothing is left to give back.".to_owned()
    } else {
        format!("{released} stays held until it is taken or goes back to the guest.")
    };
    format!("Take {} ({}). {back}", sums.total, parts.join(" + "))
}
