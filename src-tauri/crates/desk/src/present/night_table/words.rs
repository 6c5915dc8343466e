//! What becomes of a tab as the night is closed, what is under way, and what it all comes to.

use super::{NightRow, RunPhase};
use crate::context::frame::Frame;
use crate::night::run::{NightAction, RowPlan};
use crate::present::view::{self, Money as MoneyView, Tone};
use crate::wording::closing::{self, NightTotals};
use crate::wording::{self, night};
use holdfast_domain::{Money, OperationState, RowTrouble, TabState};

pub(super) fn all(sums: &[MoneyView]) -> String {
    let texts: Vec<&str> = sums.iter().map(|m| m.text.as_str()).collect();
    closing::all(&texts)
}

/// What becomes of a tab, with what is taken or released.
pub(crate) fn becomes(action: NightAction, money: Option<Money>, stays_open: bool) -> String {
    match action {
        NightAction::Take => closing::take(money, stays_open),
        NightAction::Release => closing::release(money, stays_open),
        NightAction::Cancel => closing::cancel(stays_open),
        NightAction::CloseTab => closing::CLOSE_TAB.to_owned(),
        NightAction::Leave => closing::LEAVE_OPEN.to_owned(),
    }
}

/// What was confirmed for a tab.
pub(super) fn planned(plan: &RowPlan) -> String {
    plan.action.map_or_else(
        || plan.former_words.clone(),
        |action| becomes(action, plan.money, plan.stays_open),
    )
}

/// What became of a tab, once all that was planned is done.
pub(super) fn done(plan: Option<&RowPlan>) -> String {
    let money = plan.and_then(|plan| plan.money);
    match plan.and_then(|plan| plan.action) {
        Some(NightAction::Take) => night::taken_now(money),
        Some(NightAction::Release) => night::released_now(money),
        Some(NightAction::Cancel) => night::REQUEST_CANCELLED.to_owned(),
        Some(NightAction::CloseTab) => closing::CLOSED.to_owned(),
        Some(NightAction::Leave) | None => closing::DONE.to_owned(),
    }
}

/// Why a row couldn't be done, in the words that its tab has on the floor.
pub(super) fn trouble(why: &RowTrouble, plan: Option<&RowPlan>, frame: Frame) -> String {
    let is_pending = matches!(
        why,
        RowTrouble::Ended(OperationState::Accepted | OperationState::Intended)
    );
    match plan.and_then(|plan| plan.action) {
        Some(NightAction::Take) if is_pending => night::TAKE_PENDING.to_owned(),
        _ => wording::row_trouble(why, frame),
    }
}

/// The state of a tab that says the same as a row's trouble, if one does.
pub(super) fn as_tab_state(why: &RowTrouble, plan: Option<&RowPlan>) -> Option<TabState> {
    match (why, plan.and_then(|plan| plan.action)) {
        (RowTrouble::Ended(OperationState::Accepted | OperationState::Intended), Some(NightAction::Take)) => {
            Some(TabState::TakePending)
        }
        (RowTrouble::Ended(OperationState::Accepted), _) => Some(TabState::Settling),
        (RowTrouble::Ended(OperationState::Unknown), _) => Some(TabState::Unclear),
        (RowTrouble::Ended(OperationState::Absent), _) => Some(TabState::Absent),
        (RowTrouble::Ended(OperationState::Conflict), _) => Some(TabState::Conflict),
        (RowTrouble::Ended(OperationState::Rejected), _) => Some(TabState::Refused),
        _ => None,
    }
}

/// As pressing as on the floor: what Dojo has yet to confirm is only waited for.
pub(super) const fn trouble_tone(why: &RowTrouble) -> Tone {
    match why {
        RowTrouble::Ended(OperationState::Accepted | OperationState::Intended) => Tone::Wait,
        RowTrouble::Ended(_) | RowTrouble::Refused(_) | RowTrouble::NoFigures | RowTrouble::Former(_) => {
            Tone::Bad
        }
    }
}

/// How far a run is, and what is still open of it.
pub(super) fn run(phase: RunPhase, done: usize, total: usize) -> String {
    match (phase, total.saturating_sub(done)) {
        (RunPhase::Running, _) => night::run_goes_on(done, total),
        (RunPhase::Interrupted, _) => night::run_interrupted(done, total),
        (RunPhase::Over, 0) => night::run_done(done, total),
        (RunPhase::Over, open) => night::run_left(open, total),
    }
}

/// What is under way: `Taking £76.00…`.
pub(super) fn doing(plan: Option<&RowPlan>) -> String {
    let money = plan.and_then(|plan| plan.money);
    match plan.and_then(|plan| plan.action) {
        Some(NightAction::Take) => night::taking_now(money),
        Some(NightAction::Release) => night::releasing_now(money),
        Some(NightAction::Cancel) => closing::CANCELLING.to_owned(),
        Some(NightAction::CloseTab | NightAction::Leave) | None => night::SENT.to_owned(),
    }
}

/// What closing the night comes to.
pub(super) fn closing(rows: &[NightRow], taking: &[MoneyView], releasing: &[MoneyView]) -> NightTotals {
    let count = |action| rows.iter().filter(|row| row.action == action).count();
    let taken = || rows.iter().filter(|row| row.action == NightAction::Take);
    NightTotals {
        take: count(NightAction::Take),
        release: count(NightAction::Release),
        cancel: count(NightAction::Cancel),
        close: count(NightAction::CloseTab),
        leave: count(NightAction::Leave),
        taking: all(taking),
        releasing: all(releasing),
        above: summed(taken().filter_map(|row| row.above.as_ref())),
        dojo_takes: summed(taken().filter_map(|row| Some(&row.dojo_takes.as_ref()?.money))),
    }
}

/// The sum and how many there are; none where there is nothing.
fn summed<'a>(money: impl Iterator<Item = &'a MoneyView>) -> Option<(String, usize)> {
    let money: Vec<&MoneyView> = money.collect();
    (!money.is_empty()).then(|| (all(&view::sums(money.iter().copied())), money.len()))
}
