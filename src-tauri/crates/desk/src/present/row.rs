//! A tab as a row of the floor.

use crate::account::Account;
use crate::context::frame::Frame;
use crate::present::deadline::deadline;
use crate::present::hold::card;
use crate::present::operation::operation;
use crate::present::state::{self, link_ended, speaking, telling};
use crate::present::view::{self, Tone};
use crate::wording;
use holdfast_domain::{self as domain, CaptureMode, Hold, Kind, Operation, Tab, TabState};

pub(crate) fn row(account: &Account, frame: Frame) -> view::TabRow {
    let Account { tab, holds, .. } = account;
    let money = |minor: i64| view::Money::from(domain::Money::new(minor, tab.currency));
    let sum = |of: fn(&Hold) -> i64| {
        holds
            .iter()
            .fold(0_i64, |sum, (hold, _)| sum.saturating_add(of(hold)))
    };
    let paid = crate::account::due::paid(account);
    let total = paid.bill();
    let held = sum(held);
    let asked = asked(account, frame);
    let speaker = speaking(account, frame);
    let state = speaker.map_or_else(
        || TabState::Empty,
        |(hold, operations)| state::state(hold, operations, frame.now),
    );
    let deadline = holds
        .iter()
        .filter_map(|(hold, _)| deadline(hold, frame))
        .min_by_key(|d| d.at);
    let gauge = (total > 0 && held > 0).then(|| gauge(total, held));
    let uncovered = paid.due().saturating_sub(sum(Hold::left));
    let has_lapsed = holds.iter().any(|(hold, _)| hold.lapsed_at.is_some());
    let uncovered = (has_lapsed && uncovered > 0).then(|| money(uncovered));
    let needs_person = uncovered.is_some() || holds.iter().any(|of_it| is_bad(of_it, frame));
    let newest_card = holds.iter().rev().find_map(|(hold, _)| card(hold));
    let row = view::TabRow {
        id: tab.id,
        kind: tab.kind,
        name: wording::title(tab, holds.iter().map(|(hold, _)| hold)),
        is_named: !tab.name.is_empty(),
        place: tab.place.clone(),
        reference: tab.reference.clone(),
        bill: money(total),
        held: money(held),
        asked: (asked > 0).then(|| money(asked)),
        captured: money(sum(Hold::captured)),
        left: money(sum(Hold::left)),
        uncovered,
        gauge,
        card: newest_card,
        detail: detail(tab, speaker.map(|(hold, _)| hold), deadline.as_ref(), frame),
        state: state::shown(&state, tab.currency),
        deadline,
        opened_at: tab.opened_at,
        opened_by: tab.opened_by.to_string(),
        arrives_on: tab.arrives_on,
        departs_on: tab.departs_on,
        needs_person,
        short: crate::account::due::missing(account, frame.now)
            .filter(|_| held > 0)
            .map(Into::into),
        link_ends_at: speaker
            .map(|(hold, _)| hold)
            .filter(|hold| state.is_waiting() && !link_ended(hold, frame.now))
            .and_then(|hold| hold.link_ends_at),
        filters: Vec::new(),
        is: state,
    };
    view::TabRow {
        filters: crate::Filter::of(&row),
        ..row
    }
}

fn detail(tab: &Tab, hold: Option<&Hold>, deadline: Option<&view::Deadline>, frame: Frame) -> String {
    let Some(hold) = hold else { return String::new() };
    match (deadline, hold.lapsed_at) {
        (Some(deadline), _) if hold.captured() > 0 => {
            format!("{} left · {}", hold.money(hold.left()), deadline.words)
        }
        (Some(deadline), _) => deadline.words.clone(),
        (None, Some(at)) => wording::lapsed(hold, at, frame),
        (None, None) if hold.refunded() > 0 => format!("{} refunded", hold.money(hold.refunded())),
        (None, None) if hold.captured() > 0 => format!("{} taken", hold.money(hold.captured())),
        (None, None) if tab.kind == Kind::Payment => "to be taken at once".to_owned(),
        (None, None) => String::new(),
    }
}

/// In whole percent; over the hold it is full and red.
pub(crate) fn gauge(total: i64, held: i64) -> view::Gauge {
    let percent = total
        .saturating_mul(100)
        .checked_div(held)
        .unwrap_or(100)
        .clamp(0, 100);
    let tone = match percent {
        _ if total > held => Tone::Bad,
        80.. => Tone::Warn,
        _ => Tone::Good,
    };
    view::Gauge {
        percent: u8::try_from(percent).unwrap_or(100),
        tone,
    }
}

/// Minor units that guests were asked for and have not paid.
fn asked(account: &Account, frame: Frame) -> i64 {
    let holds = account.holds.iter();
    let waiting = holds.filter(|(hold, operations)| state::state(hold, operations, frame.now).is_waiting());
    waiting.fold(0_i64, |sum, (hold, _)| {
        sum.saturating_add(hold.seen.as_ref().map_or(hold.asked, |seen| seen.total))
    })
}

/// Whether a person has to look at a hold.
fn is_bad((hold, operations): &(Hold, Vec<Operation>), frame: Frame) -> bool {
    state::tone(&state::state(hold, operations, frame.now)) == Tone::Bad
        || telling(operations).is_some_and(|o| operation(o, hold).tone == Tone::Bad)
}

/// Minor units that are or were reserved on the card, the taken part included; nothing once Dojo has acted.
fn held(hold: &Hold) -> i64 {
    if hold.mode == CaptureMode::Auto || hold.lapsed_at.is_some() {
        0
    } else {
        hold.authorised()
    }
}
