//! Guests who come by tomorrow, or are here already, and for whom nothing is held.

use super::{
    Placed, WorklistEntry, WorklistState, WorklistStep, about, at, next, pay, show_tab, state, today,
};
use crate::account::Account;
use crate::account::state::ended_unpaid;
use crate::context::frame::Frame;
use crate::present::floor_tab::FloorTab;
use crate::present::view::{Money, Tone};
use crate::wording::worklists::{self as words, Arriving};
use chrono::{DateTime, Days, NaiveDate, Utc};
use holdfast_domain::{Hold, TabState};

/// Until the guest has left. A deposit that was taken covers its guest too; one that staff released by hand is
/// not missed.
pub(super) fn entry(tab: &FloorTab, frame: Frame) -> Option<Placed<NaiveDate>> {
    let FloorTab { account, facts, row } = tab;
    let today = today(frame);
    let soon = today.checked_add_days(Days::new(1))?;
    let arrives = account.tab.arrives_on.filter(|arrives| *arrives <= soon)?;
    let has_left = account.tab.departs_on.is_some_and(|departs| departs < today);
    if !super::is_deposit(account) || has_left || is_covered(account) || facts.state == TabState::Released {
        return None;
    }
    let speaker = state::speaking(account, frame);
    let amount = Money::from(match (facts.asked, speaker) {
        (asked @ 1.., _) => facts.money(asked),
        (_, Some((hold, _))) => hold.money(hold.asked),
        (_, None) => facts.money(0),
    });
    // Dojo cancels what is not paid in time; staff may have cancelled it before.
    let has_ended = speaker.is_some_and(|(hold, operations)| ended_unpaid(hold, operations, frame.now));
    let link_ends_at = speaker.and_then(|(hold, _)| hold.link_ends_at);
    let request = request(&facts.state, link_ends_at, has_ended, &row.detail, frame);
    let words = words::arriving(arrives, today, &amount.text, &request);
    let tone = match arrives <= today {
        _ if facts.needs_person => Tone::Bad,
        true => Tone::Warn,
        false => Tone::Wait,
    };
    let paying = speaker.and_then(|(hold, operations)| pay(account, hold, operations, frame.now));
    let next = match facts.state {
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
        tab,
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

/// What became of the request: whose link ends when, whether it did unpaid, and what the tab says of its state.
fn request(
    state: &TabState,
    link_ends_at: Option<DateTime<Utc>>,
    has_ended: bool,
    detail: &str,
    frame: Frame,
) -> Arriving {
    match (state, link_ends_at) {
        (TabState::Waiting | TabState::CardDeclined | TabState::LinkEnded | TabState::Cancelled, _)
            if has_ended =>
        {
            Arriving::LinkEnded
        }
        (TabState::Waiting | TabState::CardDeclined, Some(ends)) => Arriving::NotPaid(Some(at(ends, frame))),
        (TabState::Waiting | TabState::CardDeclined | TabState::LinkEnded, _) => Arriving::NotPaid(None),
        (TabState::Sending | TabState::TakePending | TabState::Settling, _) => Arriving::Requesting,
        (TabState::Expired, _) => Arriving::Expired(detail.to_owned()),
        (TabState::NotSent, _) => Arriving::NotSent,
        (TabState::Refused, _) => Arriving::Refused,
        (TabState::Cancelled, _) => Arriving::Cancelled,
        (TabState::Refunded, _) => Arriving::Refunded,
        (TabState::Empty, _) => Arriving::NotRequested,
        _ => Arriving::Unclear,
    }
}
