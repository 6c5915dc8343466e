//! Guests who come by tomorrow, or are here already, and for whom nothing is held.

use super::{Placed, WorklistEntry, WorklistStep, about, at, next, pay, show_tab, state, today};
use crate::account::Account;
use crate::account::state::link_ended;
use crate::context::frame::Frame;
use crate::present::view::{Money, TabRow, Tone};
use chrono::{Days, NaiveDate};
use holdfast_domain as domain;
use holdfast_domain::{Hold, OperationKind, TabState};

/// Until the guest has left. A deposit that was taken covers its guest too; one that staff released by hand is
/// not missed.
pub(super) fn entry(account: &Account, row: &TabRow, frame: Frame) -> Option<Placed<NaiveDate>> {
    let today = today(frame);
    let soon = today.checked_add_days(Days::new(1))?;
    let arrives = row.arrives_on.filter(|arrives| *arrives <= soon)?;
    let has_left = row.departs_on.is_some_and(|departs| departs < today);
    if !super::is_deposit(row) || has_left || is_covered(account) || row.is == TabState::Released {
        return None;
    }
    let speaker = state::speaking(account, frame);
    let amount = match (&row.asked, speaker) {
        (Some(asked), _) => asked.clone(),
        (None, Some((hold, _))) => hold.money(hold.asked).into(),
        (None, None) => Money::from(domain::Money::zero(account.tab.currency)),
    };
    // Dojo cancels what is not paid in time; staff may have cancelled it before.
    let has_ended = speaker.is_some_and(|(hold, operations)| {
        let is_cancelled_here = operations.iter().any(|o| o.kind == OperationKind::Cancel);
        link_ended(hold, frame.now) && !is_cancelled_here
    });
    let words = format!(
        "{}. {}",
        comes(arrives, today),
        stands(row, &amount, has_ended, frame)
    );
    let tone = match arrives <= today {
        _ if row.needs_person => Tone::Bad,
        true => Tone::Warn,
        false => Tone::Wait,
    };
    let paying = speaker.and_then(|(hold, operations)| pay(account, hold, operations, frame.now));
    let next = match row.is {
        _ if paying.is_some() => paying?,
        TabState::Unclear
        | TabState::Absent
        | TabState::Conflict
        | TabState::Sending
        | TabState::TakePending
        | TabState::Settling
        | TabState::Overdue
        | TabState::Unreadable => show_tab(),
        _ if amount.minor > 0 => next(WorklistStep::Ask, format!("Hold {}…", amount.text)),
        _ => next(WorklistStep::Ask, "Request a hold…"),
    };
    let entry = about(
        row,
        state("arriving", row.state.words.clone(), tone),
        words,
        amount,
        next,
    );
    Some((
        arrives,
        WorklistEntry {
            hold_id: speaker.map(|(hold, _)| hold.id),
            ..entry
        },
    ))
}

/// Anything held, on its way to be taken, or taken and not given back.
fn is_covered(account: &Account) -> bool {
    let covers = |hold: &Hold| hold.left() > 0 || hold.pending() > 0 || hold.captured() > hold.refunded();
    account.holds.iter().any(|(hold, _)| covers(hold))
}

fn comes(arrives: NaiveDate, today: NaiveDate) -> String {
    let day = crate::wording::day(arrives);
    match arrives.cmp(&today) {
        std::cmp::Ordering::Greater => format!("Arrives tomorrow, {day}"),
        std::cmp::Ordering::Equal => "Arrives today".to_owned(),
        std::cmp::Ordering::Less => format!("Arrived on {day}"),
    }
}

/// What became of the request.
fn stands(row: &TabRow, amount: &Money, has_ended: bool, frame: Frame) -> String {
    let asked = &amount.text;
    match (&row.is, row.link_ends_at) {
        (TabState::Waiting | TabState::CardDeclined | TabState::LinkEnded | TabState::Cancelled, _)
            if has_ended =>
        {
            format!("Link for {asked} expired unpaid.")
        }
        (TabState::Waiting | TabState::CardDeclined, Some(ends)) => {
            format!("Link for {asked} not paid yet. It expires {}.", at(ends, frame))
        }
        (TabState::Waiting | TabState::CardDeclined | TabState::LinkEnded, _) => {
            format!("Link for {asked} not paid yet.")
        }
        (TabState::Sending | TabState::TakePending | TabState::Settling, _) => {
            format!("We’re requesting {asked}.")
        }
        (TabState::Expired, _) => format!("{}.", row.detail),
        (TabState::NotSent, _) => format!("The request for {asked} never left this PC."),
        (TabState::Refused, _) => format!("Dojo refused the request for {asked}."),
        (TabState::Cancelled, _) => format!("The request for {asked} was cancelled."),
        (TabState::Refunded, _) => "What was taken was refunded.".to_owned(),
        (TabState::Empty, _) => "No deposit requested.".to_owned(),
        _ => "We don’t know yet whether anything is on hold.".to_owned(),
    }
}
