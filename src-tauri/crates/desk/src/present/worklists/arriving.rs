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
        (_, Some((hold, _))) => hold.money(hold.requested()),
        (_, None) => facts.money(0),
    });
    // Dojo cancels what is not paid in time; staff may have cancelled it before.
    let has_ended = speaker.is_some_and(|(hold, operations)| ended_unpaid(hold, operations, frame.now));
    let link_ends_at = speaker.and_then(|(hold, _)| hold.link_ends_at);
    let expired = speaker.and_then(|(hold, _)| {
        Some(Arriving::Expired {
            hold,
            taken: hold.money(facts.captured),
            at: hold.lapsed_at?,
            frame,
        })
    });
    let request = request(&facts.state, link_ends_at, has_ended, expired, frame);
    let words = words::arriving(arrives, today, &amount.text, &request);
    let tone = match arrives <= today {
        _ if facts.needs_person => Tone::Bad,
        true => Tone::Warn,
        false => Tone::Wait,
    };
    let paying = speaker.and_then(|(hold, operations)| pay(account, hold, operations, frame.now));
    let next = match paying {
        Some(paying) => paying,
        None if is_to_ask(&facts.state) => {
            let asked = Some(amount.text.as_str()).filter(|_| amount.minor > 0);
            next(WorklistStep::Ask, words::request(asked))
        }
        None => show_tab(),
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

/// Whether the next step is to ask for the deposit, and not to look what became of it.
const fn is_to_ask(state: &TabState) -> bool {
    match state {
        TabState::Unclear
        | TabState::Absent
        | TabState::Conflict
        | TabState::Sending
        | TabState::TakePending
        | TabState::Settling
        | TabState::Overdue
        | TabState::Unreadable => false,
        TabState::Former(_)
        | TabState::Empty
        | TabState::NotSent
        | TabState::Refused
        | TabState::Waiting
        | TabState::CardDeclined
        | TabState::LinkEnded
        | TabState::Held
        | TabState::PartTaken(_)
        | TabState::Taken
        | TabState::Released
        | TabState::Expired
        | TabState::TakenByDojo
        | TabState::Cancelled
        | TabState::PartRefunded
        | TabState::Refunded => true,
    }
}

/// Anything held, on its way to be taken, or taken and not given back.
fn is_covered(account: &Account) -> bool {
    let covers = |hold: &Hold| hold.left() > 0 || hold.pending() > 0 || hold.captured() > hold.refunded();
    account.holds.iter().any(|(hold, _)| covers(hold))
}

/// What became of the request: whose link ends when, whether it did unpaid, and how the hold expired if it did.
fn request<'a>(
    state: &TabState,
    link_ends_at: Option<DateTime<Utc>>,
    has_ended: bool,
    expired: Option<Arriving<'a>>,
    frame: Frame,
) -> Arriving<'a> {
    match (state, link_ends_at) {
        (TabState::Waiting | TabState::CardDeclined | TabState::LinkEnded | TabState::Cancelled, _)
            if has_ended =>
        {
            Arriving::LinkEnded
        }
        (TabState::Waiting | TabState::CardDeclined, Some(ends)) => Arriving::NotPaid(Some(at(ends, frame))),
        (TabState::Waiting | TabState::CardDeclined | TabState::LinkEnded, _) => Arriving::NotPaid(None),
        (TabState::Sending | TabState::TakePending | TabState::Settling, _) => Arriving::Requesting,
        (TabState::Expired, _) => expired.unwrap_or(Arriving::Unclear),
        (TabState::NotSent, _) => Arriving::NotSent,
        (TabState::Refused, _) => Arriving::Refused,
        (TabState::Cancelled, _) => Arriving::Cancelled,
        (TabState::Refunded, _) => Arriving::Refunded,
        (TabState::Empty, _) => Arriving::NotRequested,
        (
            TabState::Former(_)
            | TabState::Unclear
            | TabState::Absent
            | TabState::Conflict
            | TabState::Held
            | TabState::PartTaken(_)
            | TabState::Taken
            | TabState::Released
            | TabState::TakenByDojo
            | TabState::PartRefunded
            | TabState::Overdue
            | TabState::Unreadable,
            _,
        ) => Arriving::Unclear,
    }
}
