//! What taking would do, for the sheet: nothing is written or sent for it.

use super::TakeTyped;
use super::due::{at_hand, takeable};
use super::split::{Sums, split, sums};
use crate::show::{Whole, card};
use crate::{AppError, Desk, FieldError, Settings, view::Money as MoneyView, words};
use chrono::{DateTime, Utc};
use holdfast_domain::{Hold, HoldId, Money, TabId, parse_percent, share};
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

impl Desk {
    /// What taking would do, for the sheet. Typing errors are part of the answer.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn preview_take(&self, id: TabId, typed: &TakeTyped) -> Result<TakePreview, AppError> {
        let whole = self.whole(self.ledger.tab(id).await?).await?;
        Ok(preview(&whole, typed, &self.settings().await?, self.now()))
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
            .filter_map(|(hold, operations)| words::caution(hold, operations))
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
    let card = card(hold).and_then(|card| {
        let four = card.last_four?;
        Some(format!(
            ", {} {four}",
            card.brand.unwrap_or_else(|| "card".to_owned())
        ))
    });
    format!("From hold {number}{}", card.unwrap_or_default())
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
