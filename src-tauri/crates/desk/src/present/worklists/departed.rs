//! Guests who have left and whose deposit is still held.

use super::{
    Placed, WorklistEntry, WorklistNext, WorklistState, WorklistStep, about, at, next, show_tab, state, today,
};
use crate::Seen;
use crate::account::allowed::allowing;
use crate::account::due::takeable;
use crate::context::frame::Frame;
use crate::present::deadline::{ending_with, nearest};
use crate::present::floor_tab::FloorTab;
use crate::present::view::Tone;
use crate::wording::worklists::{self as words, AtDeadline, LeftBill};
use crate::wording::{buttons, on_or_at};
use chrono::NaiveDate;
use holdfast_domain::{Action, HoldId};

/// From the business day after the departure: on the day itself the guest may still be in the house.
pub(super) fn entry(tab: &FloorTab, frame: Frame) -> Option<Placed<NaiveDate>> {
    let FloorTab { account, facts, .. } = tab;
    let departed = account.tab.departs_on.filter(|departs| *departs < today(frame))?;
    if !super::is_deposit(account) || facts.left == 0 {
        return None;
    }
    let (due, _) = takeable(account, frame.now);
    let bill = match (due.minor, facts.bill) {
        (1.., _) => LeftBill::Due(due),
        (_, 0) => LeftBill::Empty,
        _ => LeftBill::Taken,
    };
    let first = nearest(account, frame).map(|(_, deadline)| deadline);
    let deadline = first.as_ref().map(|deadline| {
        let ends = ending_with(account, deadline, frame, |deadline| at(deadline.at, frame));
        AtDeadline {
            action: deadline.action,
            part: Some(ends).filter(|ends| ends.minor < facts.left),
            at: on_or_at(deadline.at, frame),
        }
    });
    let tone = first.map_or(Tone::Warn, |deadline| deadline.tone.max(Tone::Warn));
    let words = words::departed(departed, today(frame), &bill, deadline.as_ref());
    let (hold_id, next) = step(tab, due.minor > 0, frame);
    let ago = today(frame).signed_duration_since(departed).num_days();
    let entry = about(
        tab,
        state(WorklistState::Departed, words::departed_ago(ago), tone),
        words,
        facts.money(facts.left).into(),
        next,
    );
    let seen = (entry.next.kind == WorklistStep::CloseTab).then(|| Seen::of(account, frame.now));
    let entry = WorklistEntry {
        hold_id,
        seen,
        ..entry
    };
    Some((departed, entry))
}

/// What is owed is taken, the rest is released. After a part was taken nothing can be released any more.
fn step(tab: &FloorTab, is_due: bool, frame: Frame) -> (Option<HoldId>, WorklistNext) {
    let FloorTab { account, facts, .. } = tab;
    let allows = |action| allowing(account, action, frame.now).next();
    if facts.needs_person {
        return (None, show_tab());
    }
    if is_due && allows(Action::Take).is_some() {
        return (None, next(WorklistStep::Take, buttons::TAKE));
    }
    if let Some(hold) = allows(Action::Release) {
        let label = buttons::release(hold.money(hold.left()));
        return (Some(hold.id), next(WorklistStep::Release, label));
    }
    // What is owed and can't be taken isn't put out of sight by one press.
    if !is_due && crate::operations::bill::close_refused(&account.holds, frame.earliest).is_none() {
        return (None, next(WorklistStep::CloseTab, buttons::CLOSE_TAB));
    }
    (None, show_tab())
}
