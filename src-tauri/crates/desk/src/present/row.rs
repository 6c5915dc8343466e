//! A tab as a row of the floor.

use crate::account::state::{self, link_ended, needs_person, speaking};
use crate::account::taking::Taking;
use crate::account::{Account, due, standing};
use crate::context::frame::Frame;
use crate::operations::bill::close_refused;
use crate::present::deadline::{deadline, ending_with};
use crate::present::group::{Group, GroupFacts};
use crate::present::hold::card;
use crate::present::state::{shown, shown_of};
use crate::present::view::{self, Tone};
use crate::wording::{self, floor as words};
use chrono::{DateTime, Utc};
use holdfast_domain::{self as domain, Hold, Kind, Tab};

/// A tab's sums in minor units, and what follows from them alone.
struct Figures {
    bill: i64,
    /// Still to take, without what is being taken.
    due: i64,
    /// On hold, without what is being taken.
    left: i64,
    captured: i64,
    refunded: i64,
    /// What is or was on hold on holds that Dojo hasn't ended, the taken part included.
    held: i64,
    asked: i64,
    taking: Taking,
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
        let due = paid.due();
        let (captured, held) = (standing::captured(account), standing::held(account));
        let taking = Taking::of(account, frame.now);
        let left = taking.leaves(account);
        let free = due::on_hold(account).saturating_sub(taking.on_hold);
        let to_take = due.saturating_sub(taking.bill).max(0);
        Self {
            bill: paid.bill(),
            due: to_take,
            left,
            captured,
            refunded: standing::sum(account, Hold::refunded),
            held,
            asked: asked(account, frame),
            taking,
            to_spend: room(free, to_take),
            uncovered: due::uncovered(account),
            short: due::missing(account, frame.now).filter(|_| held > 0),
            is_paid: captured > 0 && due == 0,
        }
    }
}

/// In which part of the floor it stands; `soonest` is its first deadline.
fn group(
    account: &Account,
    figures: &Figures,
    state: &domain::TabState,
    soonest: Option<&view::Deadline>,
    frame: Frame,
) -> Group {
    Group::of(&GroupFacts {
        is_urgent: needs_person(account, frame.now)
            || figures.short.is_some()
            || soonest.is_some_and(|deadline| deadline.tone == Tone::Bad),
        // After a declined card the guest is still to answer, with another one.
        is_waiting: state::tone(state) == Tone::Wait || *state == domain::TabState::CardDeclined,
        // What is paid and can't be closed yet has something else to be done about.
        is_paid: figures.is_paid && close_refused(&account.holds, frame.earliest).is_none(),
        left: figures.left,
    })
}

/// What it is. A tab that is paid says so, whatever became of each of its holds, unless something else is to be known.
fn chip(
    account: &Account,
    state: &domain::TabState,
    speaker: Option<&(Hold, Vec<domain::Operation>)>,
    figures: &Figures,
    frame: Frame,
) -> view::State<view::StateCode> {
    use domain::TabState;
    let currency = account.tab.currency;
    let is_over = matches!(
        state,
        TabState::PartTaken(_) | TabState::Taken | TabState::Released | TabState::Cancelled
    );
    if figures.is_paid && is_over {
        let kept = figures.captured.saturating_sub(figures.refunded);
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

fn being_taken(figures: &Figures, currency: domain::Currency) -> Option<view::BeingTaken> {
    let total = domain::Money::new(figures.taking.total, currency);
    (total.minor > 0).then(|| view::BeingTaken {
        words: words::being_taken(total, figures.taking.is_unclear),
        amount: total.into(),
    })
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
    let group = group(account, &figures, &state, soonest, frame);
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
        being_taken: being_taken(&figures, tab.currency),
        left: money(figures.left),
        gauge: bar(&figures),
        uncovered: figures.uncovered.map(money),
        card: holds.iter().rev().find_map(|(hold, _)| card(hold)),
        detail: speaker.map_or_else(String::new, |(hold, _)| {
            detail(tab, hold, next.as_ref(), &figures, frame)
        }),
        state: chip(account, &state, speaker, &figures, frame),
        opened_at: tab.opened_at,
        opened_by: tab.opened_by.to_string(),
        closed_at: tab.closed_at,
        closed_by: None,
        arrives_on: tab.arrives_on,
        departs_on: tab.departs_on,
        needs_person,
        edge: edge(
            needs_person || figures.short.is_some(),
            next.as_ref().map(|(_, deadline)| deadline.tone),
            bar(&figures).map(|gauge| gauge.tone),
        ),
        is_ending: state::tone(&state) == Tone::Good
            && figures.taking == Taking::default()
            && soonest.is_some_and(|deadline| deadline.is_expiring),
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

/// The one thing to know under the state: a take in progress, an end that staff are warned of, else what is left to
/// spend. `next` is the hold that ends first, with its end: what is left and until when are said of one and the same.
fn detail(
    tab: &Tab,
    hold: &Hold,
    next: Option<&(&Hold, view::Deadline)>,
    figures: &Figures,
    frame: Frame,
) -> String {
    if figures.taking.total > 0 {
        return words::being_taken(hold.money(figures.taking.total), figures.taking.is_unclear);
    }
    match (next, hold.lapsed_at) {
        (Some((next, deadline)), _) if figures.is_paid => {
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
        (Some(_), _) => figures
            .to_spend
            .map_or_else(String::new, |spend| words::to_spend(hold.money(spend))),
        (None, Some(at)) => wording::lapsed(hold, hold.money(figures.captured), at, frame),
        (None, None) if figures.refunded > 0 => words::refunded(hold.money(figures.refunded)),
        (None, None) if figures.captured > 0 => words::taken(hold.money(figures.captured)),
        (None, None) if tab.kind == Kind::Payment => words::TO_BE_TAKEN.to_owned(),
        (None, None) => String::new(),
    }
}

/// Minor units on hold beyond what is still to take, where anything is on hold and it is enough. Both are without what
/// is being taken: that can't be spent again.
const fn room(free: i64, to_take: i64) -> Option<i64> {
    let room = free.saturating_sub(to_take);
    if free > 0 && room >= 0 { Some(room) } else { None }
}

/// Still to take against what is on hold, both without what is being taken. All paid is a full bar; a bill with nothing
/// behind it any more a red one.
fn bar(figures: &Figures) -> Option<view::Gauge> {
    let full = |tone| Some(view::Gauge { percent: 100, tone });
    let free = figures.left;
    match (figures.due, free) {
        _ if figures.bill <= 0 => None,
        _ if figures.is_paid => full(Tone::Good),
        (1.., 1..) => Some(gauge(figures.due, free)),
        (0, 1..) if figures.taking.total > 0 => Some(gauge(0, free)),
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
