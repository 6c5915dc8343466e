//! Guests who come by tomorrow, or are here already, and for whom nothing is held.

use super::{
    Placed, WorklistEntry, WorklistState, WorklistStep, about, at, next, pay, show_tab, state, today,
};
use crate::account::Account;
use crate::account::state::ended_unpaid;
use crate::context::frame::Frame;
use crate::present::view::{Money, TabRow, Tone};
use crate::wording::worklists::{self as words, Arriving};
use chrono::{Days, NaiveDate};
use holdfast_domain as domain;
use holdfast_domain::{Hold, TabState};

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
    let has_ended = speaker.is_some_and(|(hold, operations)| ended_unpaid(hold, operations, frame.now));
    let request = request(row, has_ended, frame);
    let words = words::arriving(arrives, today, &amount.text, &request);
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
        _ => {
            let asked = Some(amount.text.as_str()).filter(|_| amount.minor > 0);
            next(WorklistStep::Ask, words::request(asked))
        }
    };
    let entry = about(
        row,
        state(WorklistState::Arriving, row.state.words.clone(), tone),
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

/// What became of the request.
fn request(row: &TabRow, has_ended: bool, frame: Frame) -> Arriving {
    match (&row.is, row.link_ends_at) {
        (TabState::Waiting | TabState::CardDeclined | TabState::LinkEnded | TabState::Cancelled, _)
            if has_ended =>
        {
            Arriving::LinkEnded
        }
        (TabState::Waiting | TabState::CardDeclined, Some(ends)) => Arriving::NotPaid(Some(at(ends, frame))),
        (TabState::Waiting | TabState::CardDeclined | TabState::LinkEnded, _) => Arriving::NotPaid(None),
        (TabState::Sending | TabState::TakePending | TabState::Settling, _) => Arriving::Requesting,
        (TabState::Expired, _) => Arriving::Expired(row.detail.clone()),
        (TabState::NotSent, _) => Arriving::NotSent,
        (TabState::Refused, _) => Arriving::Refused,
        (TabState::Cancelled, _) => Arriving::Cancelled,
        (TabState::Refunded, _) => Arriving::Refunded,
        (TabState::Empty, _) => Arriving::NotRequested,
        _ => Arriving::Unclear,
    }
}
