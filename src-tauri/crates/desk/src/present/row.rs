//! A tab as a row of the floor.

use crate::account::state::{self, link_ended, needs_person, speaking};
use crate::account::{Account, due, standing};
use crate::context::frame::Frame;
use crate::operations::bill::close_refused;
use crate::present::deadline::{deadline, ending_with};
use crate::present::group::{Group, GroupFacts, ends_soon};
use crate::present::hold::card;
use crate::present::state::shown;
use crate::present::view::{self, Tone};
use crate::wording::{self, floor as words};
use chrono::TimeDelta;
use holdfast_domain::{self as domain, Hold, Kind, Tab};

/// A tab's sums in minor units, and what follows from them alone.
struct Figures {
    bill: i64,
    due: i64,
    left: i64,
    captured: i64,
    /// What is or was on hold on holds that Dojo hasn't ended, the taken part included.
    held: i64,
    asked: i64,
    /// Dojo is taking it: still to take until it's done, though nothing more is needed for it.
    pending: i64,
    to_spend: Option<i64>,
    /// Of the bill, neither taken nor on hold any more since a hold expired.
    uncovered: Option<i64>,
    short: Option<domain::Money>,
    /// Something was taken, and nothing is still to take.
    is_paid: bool,
}

impl Figures {
    fn of(account: &Account, frame: Frame) -> Self {
        let paid = due::paid(account);
        let (due, left) = (paid.due(), standing::left(account));
        let (captured, held) = (standing::captured(account), standing::held(account));
        let (cover, pending) = (due::on_hold(account), standing::sum(account, Hold::pending));
        Self {
            bill: paid.bill(),
            due,
            left,
            captured,
            held,
            asked: asked(account, frame),
            pending,
            to_spend: room(cover, pending, due),
            uncovered: due::uncovered(account),
            short: due::missing(account, frame.now).filter(|_| held > 0),
            is_paid: captured > 0 && due == 0,
        }
    }
}

pub(crate) fn row(account: &Account, frame: Frame) -> view::TabRow {
    let Account { tab, holds, .. } = account;
    let money = |minor: i64| view::Money::from(domain::Money::new(minor, tab.currency));
    let figures = Figures::of(account, frame);
    let speaker = speaking(account, frame);
    let state = state::tab_state(account, frame);
    let next = holds
        .iter()
        .filter_map(|(hold, _)| Some((hold, deadline(hold, frame)?)))
        .min_by_key(|(_, deadline)| deadline.at);
    let next = next.map(|(hold, first)| {
        let ends = ending_with(account, &first, frame, |deadline| deadline.words.clone());
        (hold, view::Deadline { ends, ..first })
    });
    let needs_person = needs_person(account, frame.now);
    let soonest = next.as_ref().map(|(_, deadline)| deadline);
    let group = Group::of(&GroupFacts {
        is_urgent: needs_person || figures.short.is_some() || ends_soon(soonest, frame.now),
        // After a declined card the guest is still to answer, with another one.
        is_waiting: state::tone(&state) == Tone::Wait || state == domain::TabState::CardDeclined,
        // What is paid and can't be closed yet has something else to be done about.
        is_paid: figures.is_paid && close_refused(holds, frame.earliest).is_none(),
        left: figures.left,
    });
    let row = view::TabRow {
        id: tab.id,
        kind: tab.kind,
        name: wording::title(tab, holds.iter().map(|(hold, _)| hold)),
        is_named: !tab.name.is_empty(),
        place: tab.place.clone(),
        reference: tab.reference.clone(),
        bill: money(figures.bill),
        due: money(figures.due),
        to_spend: figures.to_spend.map(money),
        group,
        held: money(figures.held),
        asked: (figures.asked > 0).then(|| money(figures.asked)),
        captured: money(figures.captured),
        left: money(figures.left),
        gauge: bar(&figures),
        uncovered: figures.uncovered.map(money),
        card: holds.iter().rev().find_map(|(hold, _)| card(hold)),
        detail: speaker.map_or_else(String::new, |(hold, _)| {
            detail(tab, hold, next.as_ref(), &figures, frame)
        }),
        state: shown(&state, tab.currency),
        opened_at: tab.opened_at,
        opened_by: tab.opened_by.to_string(),
        arrives_on: tab.arrives_on,
        departs_on: tab.departs_on,
        needs_person,
        edge: edge(
            needs_person || figures.short.is_some(),
            next.as_ref().map(|(_, deadline)| deadline.tone),
            bar(&figures).map(|gauge| gauge.tone),
        ),
        is_ending: state::tone(&state) == Tone::Good
            && next
                .as_ref()
                .is_some_and(|(_, deadline)| deadline.threshold.is_some()),
        short: figures.short.map(Into::into),
        link_ends_at: speaker
            .map(|(hold, _)| hold)
            .filter(|hold| state.is_waiting() && !link_ended(hold, frame.now))
            .and_then(|hold| hold.link_ends_at),
        filters: Vec::new(),
        deadline: next.map(|(_, deadline)| deadline),
        is: state,
    };
    view::TabRow {
        filters: crate::Filter::of(&row),
        ..row
    }
}

/// Before this a deadline is no news: every hold of a bar ends in some days.
pub(crate) const NEAR_DEADLINE: TimeDelta = TimeDelta::hours(72);

/// The one thing to know under the state: a deadline that is near, else what is left to spend. `next` is the hold that
/// ends first, with its end: what is left and until when are said of one and the same.
fn detail(
    tab: &Tab,
    hold: &Hold,
    next: Option<&(&Hold, view::Deadline)>,
    figures: &Figures,
    frame: Frame,
) -> String {
    let is_near = |deadline: &view::Deadline| deadline.at.signed_duration_since(frame.now) <= NEAR_DEADLINE;
    match (next, hold.lapsed_at) {
        (Some((next, deadline)), _) if figures.is_paid => {
            let rest = next.money(next.left());
            let day = wording::day(deadline.at.with_timezone(&frame.days.zone).date_naive());
            words::rest_of_paid(deadline.action, rest, &day)
        }
        (Some((_, deadline)), _) if deadline.at <= frame.now => words::ASKING_DOJO.to_owned(),
        (Some((next, deadline)), _) if is_near(deadline) => {
            let at = wording::day_and_time(deadline.at, frame);
            let rest = next.money(next.left());
            words::ends(deadline.action, rest, next.captured() > 0, &at)
        }
        (Some(_), _) => figures
            .to_spend
            .map_or_else(String::new, |spend| words::to_spend(hold.money(spend))),
        (None, Some(at)) => wording::lapsed(hold, at, frame),
        (None, None) if hold.refunded() > 0 => words::refunded(hold.money(hold.refunded())),
        (None, None) if hold.captured() > 0 => words::taken(hold.money(hold.captured())),
        (None, None) if tab.kind == Kind::Payment => words::TO_BE_TAKEN.to_owned(),
        (None, None) => String::new(),
    }
}

/// Minor units on hold beyond what is still to take, where anything is on hold and it is enough. What Dojo is
/// taking already is no longer on hold, and still to take until it's done.
const fn room(left: i64, pending: i64, due: i64) -> Option<i64> {
    let room = left.saturating_add(pending).saturating_sub(due);
    if left > 0 && room >= 0 {
        // What is on its way to be taken can't be spent again.
        Some(if room < left { room } else { left })
    } else {
        None
    }
}

/// Still to take against what is on hold, without what Dojo is taking already. All paid is a full bar; a bill with
/// nothing behind it any more a red one.
fn bar(figures: &Figures) -> Option<view::Gauge> {
    let full = |tone| Some(view::Gauge { percent: 100, tone });
    match (figures.due, figures.left) {
        _ if figures.bill <= 0 => None,
        _ if figures.is_paid => full(Tone::Good),
        (1.., 1..) => Some(gauge(
            figures.due.saturating_sub(figures.pending).max(0),
            figures.left,
        )),
        (1.., _) if figures.uncovered.is_some() => full(Tone::Bad),
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

/// Minor units that guests were asked for and have not paid.
fn asked(account: &Account, frame: Frame) -> i64 {
    let holds = account.holds.iter();
    let waiting = holds.filter(|(hold, operations)| state::state(hold, operations, frame.now).is_waiting());
    waiting.fold(0_i64, |sum, (hold, _)| {
        sum.saturating_add(hold.seen.as_ref().map_or(hold.asked, |seen| seen.total))
    })
}
