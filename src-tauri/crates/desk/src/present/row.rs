//! A tab as a row of the floor.

use crate::account::Account;
use crate::account::facts::Facts;
use crate::account::state::{link_ended, speaking};
use crate::account::taking::Taking;
use crate::context::frame::Frame;
use crate::operations::bill::close_refused;
use crate::present::card::card;
use crate::present::deadline::{ending_with, nearest};
use crate::present::group::{Group, GroupFacts};
use crate::present::state::{shown, shown_of};
use crate::present::view::{self, Tone};
use crate::wording::{self, floor as words};
use chrono::{DateTime, Utc};
use holdfast_domain::{self as domain, Hold, Kind, Tab, Urgency};

/// In which part of the floor it stands; `soonest` is its first deadline.
fn group(account: &Account, facts: &Facts, soonest: Option<&view::Deadline>, frame: Frame) -> Group {
    Group::of(&GroupFacts {
        is_urgent: facts.needs_person
            || facts.short.is_some()
            || soonest.is_some_and(|deadline| deadline.is_urgent),
        // After a declined card the guest is still to answer, with another one.
        is_waiting: facts.state.urgency() == Urgency::Awaited
            || facts.state == domain::TabState::CardDeclined,
        // What is paid and can't be closed yet has something else to be done about.
        is_paid: facts.is_paid && close_refused(&account.holds, frame.earliest).is_none(),
        left: facts.left,
    })
}

/// What it is. A tab that is paid says so, whatever became of each of its holds, unless something else is to be known.
fn chip(
    account: &Account,
    speaker: Option<&(Hold, Vec<domain::Operation>)>,
    facts: &Facts,
    frame: Frame,
) -> view::State<view::StateCode> {
    use domain::TabState;
    let state = &facts.state;
    let currency = account.tab.currency;
    let is_over = matches!(
        state,
        TabState::PartTaken(_) | TabState::Taken | TabState::Released | TabState::Cancelled
    );
    if facts.is_paid && is_over {
        let kept = facts.captured.saturating_sub(facts.refunded);
        let tone = if account.tab.closed_at.is_some() {
            Tone::Quiet
        } else {
            Tone::Good
        };
        return view::State {
            code: view::StateCode::Paid,
            words: wording::tabs::paid(domain::Money::new(kept, currency)),
            tone,
        };
    }
    speaker.map_or_else(
        || shown(state, currency),
        |speaker| shown_of(state, speaker, frame),
    )
}

fn being_taken(facts: &Facts, currency: domain::Currency) -> Option<view::BeingTaken> {
    let total = domain::Money::new(facts.taking.total, currency);
    (total.minor > 0).then(|| view::BeingTaken {
        words: words::being_taken(total, facts.taking.is_unclear),
        amount: total.into(),
    })
}

pub(crate) fn row(account: &Account, frame: Frame) -> view::TabRow {
    row_of(account, &Facts::of(account, frame), frame)
}

/// The same, where its facts are known already.
pub(crate) fn row_of(account: &Account, facts: &Facts, frame: Frame) -> view::TabRow {
    let Account { tab, holds, .. } = account;
    let money = |minor: i64| view::Money::from(facts.money(minor));
    let speaker = speaking(account, frame);
    let next = nearest(account, frame).map(|(hold, first)| {
        let ends = ending_with(account, &first, frame, |deadline| deadline.words.clone());
        (hold, view::Deadline { ends, ..first })
    });
    let soonest = next.as_ref().map(|(_, deadline)| deadline);
    let group = group(account, facts, soonest, frame);
    let row = view::TabRow {
        id: tab.id,
        kind: tab.kind,
        name: wording::title(tab, holds.iter().map(|(hold, _)| hold)),
        is_named: !tab.name.is_empty(),
        place: tab.place.clone(),
        reference: tab.reference.clone(),
        bill: money(facts.bill),
        due: money(facts.due),
        to_spend: facts.to_spend.map(money),
        group,
        held: money(facts.held),
        asked: (facts.asked > 0).then(|| money(facts.asked)),
        captured: money(facts.captured),
        being_taken: being_taken(facts, tab.currency),
        left: money(facts.left),
        gauge: bar(facts),
        uncovered: facts.uncovered.map(money),
        card: holds.iter().rev().find_map(|(hold, _)| card(hold)),
        detail: speaker.map_or_else(String::new, |(hold, _)| {
            detail(tab, hold, next.as_ref(), facts, frame)
        }),
        state: chip(account, speaker, facts, frame),
        opened_at: tab.opened_at,
        opened_by: tab.opened_by.to_string(),
        closed_at: tab.closed_at,
        closed_by: None,
        arrives_on: tab.arrives_on,
        departs_on: tab.departs_on,
        needs_person: facts.needs_person,
        edge: edge(
            facts.needs_person || facts.short.is_some(),
            next.as_ref().map(|(_, deadline)| deadline.tone),
            bar(facts).map(|gauge| gauge.tone),
        ),
        is_ending: facts.state.urgency() == Urgency::Well
            && facts.taking == Taking::default()
            && soonest.is_some_and(|deadline| deadline.is_expiring),
        short: facts.short.map(Into::into),
        link_ends_at: speaker
            .map(|(hold, _)| hold)
            .filter(|hold| facts.state.is_waiting() && !link_ended(hold, frame.now))
            .and_then(|hold| hold.link_ends_at),
        elsewhere: None,
        filters: Vec::new(),
        deadline: next.map(|(_, deadline)| deadline),
    };
    view::TabRow {
        filters: crate::Filter::of(&row),
        ..row
    }
}

/// The one thing to know under the state: a take in progress, an end that staff are warned of, else what is left to
/// spend. `next` is the hold that ends first, with its end: what is left and until when are said of one and the same.
fn detail(
    tab: &Tab,
    hold: &Hold,
    next: Option<&(&Hold, view::Deadline)>,
    facts: &Facts,
    frame: Frame,
) -> String {
    if facts.taking.total > 0 {
        return words::being_taken(hold.money(facts.taking.total), facts.taking.is_unclear);
    }
    match (next, hold.lapsed_at) {
        (Some((next, deadline)), _) if facts.is_paid => {
            let rest = next.money(next.left());
            let on = |at: DateTime<Utc>| at.with_timezone(&frame.days.zone).date_naive();
            let day = wording::day_and_year(on(deadline.at), on(frame.now));
            words::rest_of_paid(deadline.action, rest, &day)
        }
        (Some((_, deadline)), _) if deadline.at <= frame.now => words::ASKING_DOJO.to_owned(),
        (Some((next, deadline)), _) if deadline.is_expiring => {
            let at = wording::day_and_time(deadline.at, frame);
            let rest = next.money(next.left());
            words::ends(deadline.action, rest, next.captured() > 0, &at)
        }
        (Some(_), _) => facts
            .to_spend
            .map_or_else(String::new, |spend| words::to_spend(hold.money(spend))),
        (None, Some(at)) => wording::lapsed(hold, hold.money(facts.captured), at, frame),
        (None, None) if facts.refunded > 0 => words::refunded(hold.money(facts.refunded)),
        (None, None) if facts.captured > 0 => words::taken(hold.money(facts.captured)),
        (None, None) if tab.kind == Kind::Payment => words::TO_BE_TAKEN.to_owned(),
        (None, None) => String::new(),
    }
}

/// Still to take against what is on hold, both without what is being taken. All paid is a full bar; a bill with nothing
/// behind it any more a red one.
fn bar(facts: &Facts) -> Option<view::Gauge> {
    let full = |tone| Some(view::Gauge { percent: 100, tone });
    let free = facts.left;
    match (facts.due, free) {
        _ if facts.bill <= 0 => None,
        _ if facts.is_paid => full(Tone::Good),
        (1.., 1..) => Some(gauge(facts.due, free)),
        (0, 1..) if facts.taking.total > 0 => Some(gauge(0, free)),
        (1.., _) if facts.uncovered.is_some() => full(Tone::Bad),
        _ => None,
    }
}

/// The colour of a row's edge: red where somebody has to act now, amber where soon.
fn edge(is_urgent: bool, deadline: Option<Tone>, gauge: Option<Tone>) -> Option<Tone> {
    match (deadline, gauge) {
        _ if is_urgent => Some(Tone::Bad),
        (Some(Tone::Bad), _) => Some(Tone::Bad),
        (Some(Tone::Warn), _) | (_, Some(Tone::Warn)) => Some(Tone::Warn),
        _ => None,
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
