//! What taking would do, for the sheet: nothing is written or sent for it.

use crate::account::{Account, due};
use crate::capture::{Rest, TakeFigures, TakeSums, TakeTyped, rests};
use crate::context::frame::Frame;
use crate::operations::consent::Seen;
use crate::present::view::Money as MoneyView;
use crate::wording;
use crate::wording::takes::{self, Stays};
use crate::{AppError, Desk, FieldError, Settings};
use holdfast_domain::{DeadlineAction, Hold, HoldId, Operation, OperationKind, TabId, parse_percent, share};
use serde::Serialize;
use ts_rs::TS;

/// What one hold contributes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct TakePart {
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

/// A share of the bill, as a button says it and as it's typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Percent {
    /// What a button says: `12.5%`.
    pub label: String,
    /// What goes into a field: `12.5%`.
    pub typed: String,
}

impl Percent {
    /// Whether that is this share, however it's typed.
    pub(crate) fn is(&self, typed: &str) -> bool {
        let share = |text: &str| {
            parse_percent(text)
                .ok()
                .filter(|_| text.trim_end().ends_with('%'))
        };
        share(typed).is_some() && share(typed) == share(&self.typed)
    }

    /// As a manager set it; none where that is nothing, or no share.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let hundredths = parse_percent(text).ok()?;
        let number = text.trim().trim_end_matches('%').trim_end();
        (hundredths > 0).then(|| Self {
            label: format!("{number}%"),
            typed: format!("{number}%"),
        })
    }
}

/// A tip at a tap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct TipChoice {
    /// What its button says: `10%`.
    pub label: String,
    /// What goes into the field: `10%`.
    pub typed: String,
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
    /// Typing that has to be put right.
    pub errors: Vec<FieldError>,
    /// Tips at a tap, of the bill.
    pub tip_choices: Vec<TipChoice>,
    /// The venue's service charge, of the bill.
    pub service_choice: Option<TipChoice>,
    /// From which hold how much.
    pub split: Vec<TakePart>,
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
fn preview(account: &Account, typed: &TakeTyped, settings: &Settings, frame: Frame) -> TakePreview {
    let figures = TakeFigures::of(account, typed, frame);
    let sums = &figures.sums;
    let choice = |text: &str| {
        let hundredths = parse_percent(text).ok()?;
        let Percent { label, typed } = Percent::of(text)?;
        Some(TipChoice {
            label,
            typed,
            amount: share(sums.bill, hundredths)?.into(),
        })
    };
    TakePreview {
        seen: Seen::of(account, frame.now),
        due: figures.due.into(),
        sentence: sentence(sums, &rests(account, &figures.shares), frame),
        allowed: figures.is_allowed(),
        released: figures.released.into(),
        above: figures.to_confirm.above.map(Into::into),
        dojo_takes: figures.to_confirm.dojo_takes.map(|takes| DojoTakes {
            money: takes.money.into(),
            words: takes.words(frame),
        }),
        over: figures.over.map(Into::into),
        way_on: figures.way_on.map(|(take, ask)| WayOn {
            take: take.into(),
            ask: ask.into(),
        }),
        tip_choices: settings.tip_presets.iter().filter_map(|t| choice(t)).collect(),
        service_choice: choice(&settings.service),
        split: figures
            .shares
            .iter()
            .map(|share| TakePart {
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
        why: figures.why.map(|why| why.words()),
        errors: figures.sums.errors,
        cautions: account
            .holds
            .iter()
            .filter_map(|(hold, operations)| wording::caution(hold, operations))
            .chain(due::stuck(account, frame.now).map(wording::takes::stuck))
            .collect(),
    }
}

/// Which of a tab's holds it is, as staff see them: by its number, from the oldest, and its card.
fn from(account: &Account, hold: &Hold) -> String {
    let number = account
        .holds
        .iter()
        .take_while(|(other, _)| other.id != hold.id)
        .count()
        + 1;
    takes::from_hold(number, wording::card_name(hold).as_deref())
}

fn sentence(sums: &TakeSums, rests: &[Rest<'_>], frame: Frame) -> String {
    let stays: Vec<Stays> = rests.iter().map(|rest| stays(*rest, frame)).collect();
    takes::preview(sums.total, [sums.bill, sums.service, sums.tip], &stays)
}

/// What stays on hold, until when, and what then.
fn stays(((hold, operations), rest): Rest<'_>, frame: Frame) -> Stays {
    let money = hold.money(rest);
    let is_release = |o: &Operation| o.kind == OperationKind::Reversal && o.state.is_open();
    if operations.iter().any(is_release) {
        return Stays::UntilReleased(money);
    }
    hold.deadline()
        .map_or(Stays::Unknown(money), |deadline| Stays::Until {
            money,
            until: wording::day_and_time(deadline.at, frame),
            is_taken: deadline.action == DeadlineAction::Capture,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_the_same_however_it_is_typed_and_no_other() {
        let venue = Percent::of("12.5").unwrap();
        assert!(venue.is("12.5%") && venue.is(" 12.50 % "));
        assert!(!venue.is("10%") && !venue.is("12.5") && !venue.is("a few%"));
        assert_eq!(Percent::of("0"), None);
        assert_eq!(Percent::of("a few"), None);
    }
}
