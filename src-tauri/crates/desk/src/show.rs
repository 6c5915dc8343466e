//! From what the ledger holds to what the window shows of one hold and one tab.

use crate::codes::Codes;
use crate::refusals::refusal;
use crate::view::{self, Tone};
use crate::{renewal_view, words};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_domain::{
    self as domain, BusinessDays, CaptureMode, Hold, HoldState, Kind, Operation, OperationKind,
    OperationState, Reckoning, Stage, Tab, Warnings, actions,
};

pub(crate) use holdfast_ledger::Account as Whole;

/// What the rows are drawn with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    pub(crate) now: DateTime<Utc>,
    /// By the clock that is most behind: nothing is over before it says so.
    pub(crate) earliest: DateTime<Utc>,
    pub(crate) warnings: Warnings,
    /// By the venue's own wall.
    pub(crate) days: BusinessDays,
}

/// The operation that people should hear of: the open one, one that came late and that nobody has
/// answered by a further decision, or a newest one that ended oddly; unless somebody put it aside.
pub(crate) fn telling(operations: &[Operation]) -> Option<&Operation> {
    let open = operations.iter().find(|o| o.state.is_open());
    let late = || {
        let all = operations.iter().enumerate().rev();
        let mut late = all.filter(|(place, _)| is_late_news(*place, operations));
        late.next().map(|(_, o)| o)
    };
    open.or_else(late).or_else(|| {
        operations.last().filter(|o| {
            !o.is_put_aside()
                && matches!(
                    o.state,
                    OperationState::Absent
                        | OperationState::Conflict
                        | OperationState::NotSent
                        | OperationState::Rejected
                        | OperationState::Declined
                )
        })
    })
}

/// Whether the operation at `place` came late, and nobody has answered that by a further decision, or put
/// it aside.
pub(crate) fn is_late_news(place: usize, operations: &[Operation]) -> bool {
    let is_answered = || {
        let mut later = operations.iter().skip(place.saturating_add(1));
        later.any(|o| domain::knew(o, place, operations))
    };
    let operation = operations.get(place);
    operation.is_some_and(|o| o.came_late() && !o.is_put_aside() && !is_answered())
}

/// An operation's state when it outweighs the hold's own.
pub(crate) fn operation_state(operation: &Operation) -> Option<(&'static str, &'static str, Tone)> {
    let is_create = operation.kind == OperationKind::Create;
    match operation.state {
        OperationState::Intended => Some(("sending", "Sending", Tone::Wait)),
        OperationState::Accepted if operation.kind == OperationKind::Capture => {
            Some(("sending", "Take pending", Tone::Wait))
        }
        OperationState::Accepted => Some(("sending", "Settling", Tone::Wait)),
        OperationState::Unknown => Some(("unclear", "Unclear", Tone::Bad)),
        OperationState::Absent => Some(("absent", "Not seen at Dojo", Tone::Bad)),
        OperationState::Conflict => Some(("conflict", "Needs you", Tone::Bad)),
        OperationState::NotSent if is_create => Some(("not_sent", "Not sent", Tone::Bad)),
        OperationState::Rejected if is_create => Some(("refused", "Refused by Dojo", Tone::Bad)),
        OperationState::Succeeded
        | OperationState::Declined
        | OperationState::NotSent
        | OperationState::Rejected => None,
    }
}

pub(crate) fn state(hold: &Hold, operations: &[Operation], now: DateTime<Utc>) -> view::State {
    let of = |code, words: &str, tone| view::State {
        code,
        words: words.to_owned(),
        tone,
    };
    if let Some((code, words, tone)) = telling(operations).and_then(operation_state) {
        return of(code, words, tone);
    }
    match hold.state(now) {
        HoldState::Opening => of("sending", "Sending", Tone::Wait),
        HoldState::Waiting if link_ended(hold, now) => of("waiting", "Link ended, not paid", Tone::Warn),
        HoldState::Waiting if hold.seen.as_ref().is_some_and(|s| s.declined > 0) => {
            of("waiting", "Card declined, waiting", Tone::Warn)
        }
        HoldState::Waiting => of("waiting", "Waiting for card", Tone::Wait),
        HoldState::Held => of("held", "Held", Tone::Good),
        HoldState::PartTaken => of(
            "part_taken",
            &format!("Part taken {}", hold.money(hold.captured())),
            Tone::Good,
        ),
        HoldState::Taken => of("taken", "Taken", Tone::Quiet),
        HoldState::Released => of("released", "Released", Tone::Quiet),
        HoldState::Expired => of("expired", "Expired, released by Dojo", Tone::Bad),
        HoldState::TakenByDojo => of("taken_by_dojo", "Taken by Dojo", Tone::Warn),
        HoldState::Cancelled => of("cancelled", "Cancelled", Tone::Quiet),
        HoldState::PartRefunded => of("part_refunded", "Part refunded", Tone::Quiet),
        HoldState::Refunded => of("refunded", "Refunded", Tone::Quiet),
        HoldState::Overdue => of("overdue", "Past its deadline, asking Dojo", Tone::Bad),
        HoldState::Unreadable => of("unreadable", "Not known to this version", Tone::Bad),
    }
}

/// Nobody can pay on the guest's page any more.
pub(crate) fn link_ended(hold: &Hold, now: DateTime<Utc>) -> bool {
    hold.link_ends_at.is_some_and(|at| at <= now)
}

/// `in 5 hours`, rounded down, so that nobody is told too much.
pub(crate) fn until(left: TimeDelta) -> String {
    let say = |count: i64, one: &str, many: &str| {
        if count == 1 {
            format!("in 1 {one}")
        } else {
            format!("in {count} {many}")
        }
    };
    if left <= TimeDelta::zero() {
        "now".to_owned()
    } else if left < TimeDelta::hours(1) {
        say(left.num_minutes(), "minute", "minutes")
    } else if left < TimeDelta::hours(48) {
        say(left.num_hours(), "hour", "hours")
    } else {
        say(left.num_days(), "day", "days")
    }
}

/// With less than so many hours left there is no time to lose.
const BAD_FROM: u16 = 7;

pub(crate) fn deadline(hold: &Hold, frame: Frame) -> Option<view::Deadline> {
    let deadline = hold.deadline().filter(|_| hold.left() > 0)?;
    let stage = frame.warnings.stage(deadline.at, Reckoning::sure(frame.now));
    let hours = stage.map(|stage| match stage {
        Stage::Within(hours) => hours,
        Stage::Late | Stage::Doubtful => 0,
    });
    let tone = match hours {
        None => Tone::Quiet,
        Some(BAD_FROM..) => Tone::Warn,
        Some(_) => Tone::Bad,
    };
    let words = until(deadline.at.signed_duration_since(frame.now));
    Some(view::Deadline {
        at: deadline.at,
        safe_at: frame.warnings.safe(deadline.at),
        words,
        tone,
        threshold: hours.map(i64::from),
        action: deadline.action,
    })
}

pub(crate) fn card(hold: &Hold) -> Option<view::Card> {
    let card = hold.seen.as_ref()?.card.as_ref()?;
    Some(view::Card {
        brand: card.brand.as_deref().map(brand),
        last_four: card.last_four.clone(),
    })
}

/// A scheme's name, short enough for a row.
fn brand(scheme: &str) -> String {
    match scheme.to_ascii_uppercase().replace([' ', '_'], "").as_str() {
        "MASTERCARD" => "MC".to_owned(),
        "VISA" => "Visa".to_owned(),
        "AMEX" | "AMERICANEXPRESS" => "Amex".to_owned(),
        "MAESTRO" => "Maestro".to_owned(),
        _ => scheme.chars().take(12).collect(),
    }
}

/// What staff are told of a request that was given up and has come after all.
const fn came_late(kind: OperationKind) -> (&'static str, &'static str, Tone) {
    let next = match kind {
        OperationKind::Capture => "If it was taken again since, or is not wanted any more, refund it.",
        OperationKind::Refund => "If it was refunded again since, the guest has it twice.",
        OperationKind::Create
        | OperationKind::Reversal
        | OperationKind::Cancel
        | OperationKind::SetAmount
        | OperationKind::SetTips
        | OperationKind::Receipt => "Look at what is held before going on.",
    };
    ("is done after all", next, Tone::Bad)
}

pub(crate) fn operation(operation: &Operation, hold: &Hold) -> view::OperationView {
    let what = words::what(operation, hold);
    let detail = operation
        .detail
        .as_deref()
        .map_or_else(String::new, |why| format!(" ({})", why.trim_end_matches('.')));
    // What went wrong stands where it is said that something did.
    let (happened, rest, tone) = match operation.state {
        OperationState::Intended => ("is on its way", "", Tone::Wait),
        OperationState::Accepted => ("was accepted", "Dojo has yet to confirm it.", Tone::Wait),
        OperationState::Unknown => (
            "was asked and its answer is lost",
            "It may have happened. Dojo is being asked; nothing is sent again by itself.",
            Tone::Bad,
        ),
        OperationState::Absent => (
            "was asked, and Dojo’s record does not show it",
            "If it is still wanted, decide again; should the first one come late, it is shown here at once.",
            Tone::Bad,
        ),
        OperationState::Conflict => (
            "does not match what Dojo shows",
            "Look at Dojo’s portal before going on.",
            Tone::Bad,
        ),
        OperationState::NotSent => (
            "was not sent",
            "Nothing happened; it is free to be tried again.",
            Tone::Warn,
        ),
        OperationState::Rejected => ("was refused by Dojo", "Nothing happened.", Tone::Warn),
        OperationState::Declined => ("did not go through", "", Tone::Warn),
        OperationState::Succeeded if operation.came_late() => came_late(operation.kind),
        OperationState::Succeeded => ("", "", Tone::Good),
    };
    let said = match happened {
        "" => words::done(operation, hold),
        happened => format!("{what} {happened}"),
    };
    let money = |minor: i64| (minor > 0).then(|| hold.money(minor).into());
    view::OperationView {
        id: operation.id,
        kind: operation.kind,
        amount: money(operation.amount),
        tip: money(operation.tip),
        at: operation.at,
        state: operation.state,
        words: format!("{said}{detail}. {rest}").trim_end().to_owned(),
        tone,
        may_be_put_aside: !operation.state.is_open() && tone != Tone::Good,
    }
}

/// One hold of a tab.
pub(crate) fn hold(
    whole: &Whole,
    (hold, operations): &(Hold, Vec<Operation>),
    frame: Frame,
    codes: &Codes,
) -> view::Hold {
    let renewal = renewal_view::shown(whole, hold.id, frame.now);
    let open = operations.iter().find(|o| o.state.is_open());
    let seen = hold.seen.as_ref();
    let money = |minor: i64| view::Money::from(hold.money(minor));
    let is_waiting = hold.state(frame.now) == HoldState::Waiting;
    let link = hold.link.clone().filter(|_| is_waiting);
    view::Hold {
        id: hold.id,
        intent_id: hold.intent_id.clone(),
        reference: hold.reference.clone(),
        capture_mode: hold.mode,
        amount: money(seen.map_or(hold.asked, |s| s.amount)),
        tip: seen.filter(|s| s.tip > 0).map(|s| money(s.tip)),
        held: money(if hold.mode == CaptureMode::Manual {
            hold.authorised()
        } else {
            0
        }),
        captured: money(hold.captured()),
        captured_tip: money(hold.captured_tip()),
        pending: money(hold.pending()),
        refunded: money(hold.refunded()),
        refunded_of: crate::refund::parts_refunded(hold, operations)
            .into_iter()
            .map(|(label, minor)| view::OfIt {
                label,
                amount: money(minor),
            })
            .collect(),
        not_said: crate::refund::not_said(hold, operations),
        left: money(hold.left()),
        refundable: money(hold.captured().saturating_sub(hold.refunded()).max(0)),
        gauge: (hold.mode == CaptureMode::Manual && hold.authorised() > 0).then(|| view::Gauge {
            tone: Tone::Good,
            ..gauge(hold.captured(), hold.authorised())
        }),
        card: card(hold),
        auth_code: seen.and_then(|s| s.auth_code.clone()),
        state: state(hold, operations, frame.now),
        deadline: deadline(hold, frame),
        deadline_action: hold.expire_action,
        link_qr: link.as_deref().and_then(|link| codes.of(link)),
        link,
        link_ends_at: hold.link_ends_at.filter(|_| is_waiting),
        link_ended: is_waiting && link_ended(hold, frame.now),
        declined: seen.map_or(0, |s| s.declined),
        papers: crate::paper::offered(hold),
        actions: actions(hold, open, renewal.is_some(), frame.now)
            .into_iter()
            .map(|a| view::Allowed {
                action: a.action,
                allowed: a.refusal.is_none(),
                why: a.refusal.map(|why| refusal(a.action, why).to_owned()),
            })
            .collect(),
        operation: telling(operations).map(|o| operation(o, hold)),
        caution: words::caution(hold, operations),
        contradicts: None,
        authorised_at: seen.and_then(|s| s.authorised_at),
        renewal,
        renew: renewal_view::due(whole, hold, operations, frame),
    }
}

/// The bill's lines, the newest first, with those that refunds took off: they add up to the bill.
pub(crate) fn lines(whole: &Whole) -> Vec<view::Line> {
    let money = |minor: i64| view::Money::from(domain::Money::new(minor, whole.tab.currency));
    let is_off = |line: &domain::Line| whole.lines.iter().any(|other| other.takes_off == Some(line.id));
    let off = crate::refund::off_lines(whole).into_iter().map(|off| view::Line {
        id: domain::LineId(off.id),
        what: Some(crate::refund::OFF.to_owned()),
        quantity: 1,
        each: money(off.minor.saturating_neg()),
        total: money(off.minor.saturating_neg()),
        at: off.at,
        by: off.by,
        may_take_off: false,
        is_struck: false,
    });
    let had = whole.lines.iter();
    let had = had.map(|line| {
        let is_struck = line.takes_off.is_some() || is_off(line);
        view::Line {
            id: line.id,
            what: line.what.clone(),
            quantity: line.quantity,
            each: money(line.each),
            total: money(line.each.saturating_mul(line.quantity)),
            at: line.at,
            by: line.by.clone(),
            may_take_off: !is_struck && whole.tab.closed_at.is_none(),
            is_struck,
        }
    });
    let mut all: Vec<view::Line> = had.collect();
    for line in off {
        let place = all.iter().position(|other| other.at > line.at);
        all.insert(place.unwrap_or(all.len()), line);
    }
    all.reverse();
    all
}

/// The hold whose state speaks for the tab: the one that needs somebody, else the newest in force.
pub(crate) fn speaking(whole: &Whole, frame: Frame) -> Option<&(Hold, Vec<Operation>)> {
    let rank = |entry: &&(Hold, Vec<Operation>)| {
        let tone = state(&entry.0, &entry.1, frame.now).tone;
        (tone == Tone::Bad, entry.0.left() > 0, tone != Tone::Quiet)
    };
    whole.holds.iter().max_by_key(rank)
}

pub(crate) fn row(whole: &Whole, frame: Frame) -> view::TabRow {
    let Whole { tab, holds, .. } = whole;
    let money = |minor: i64| view::Money::from(domain::Money::new(minor, tab.currency));
    let sum = |of: fn(&Hold) -> i64| {
        holds
            .iter()
            .fold(0_i64, |sum, (hold, _)| sum.saturating_add(of(hold)))
    };
    let paid = crate::take::paid(whole);
    let total = paid.bill();
    let held = sum(|h| {
        if h.mode == CaptureMode::Auto || h.lapsed_at.is_some() {
            0
        } else {
            h.authorised()
        }
    });
    let asked = holds
        .iter()
        .filter(|(hold, operations)| self::state(hold, operations, frame.now).code == "waiting")
        .fold(0_i64, |sum, (hold, _)| {
            sum.saturating_add(hold.seen.as_ref().map_or(hold.asked, |seen| seen.total))
        });
    let speaker = speaking(whole, frame);
    let state = speaker.map_or_else(
        || view::State {
            code: "empty",
            words: "Nothing held".to_owned(),
            tone: Tone::Quiet,
        },
        |(hold, operations)| state(hold, operations, frame.now),
    );
    let deadline = holds
        .iter()
        .filter_map(|(hold, _)| deadline(hold, frame))
        .min_by_key(|d| d.at);
    let gauge = (total > 0 && held > 0).then(|| gauge(total, held));
    let uncovered = paid.due().saturating_sub(sum(Hold::left));
    let has_lapsed = holds.iter().any(|(hold, _)| hold.lapsed_at.is_some());
    let uncovered = (has_lapsed && uncovered > 0).then(|| money(uncovered));
    let needs_person = uncovered.is_some()
        || holds.iter().any(|(hold, operations)| {
            self::state(hold, operations, frame.now).tone == Tone::Bad
                || telling(operations).is_some_and(|o| operation(o, hold).tone == Tone::Bad)
        });
    let state_code = state.code;
    let newest_card = holds.iter().rev().find_map(|(hold, _)| card(hold));
    let row = view::TabRow {
        id: tab.id,
        kind: tab.kind,
        name: title(tab, holds.iter().map(|(hold, _)| hold)),
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
        state,
        deadline,
        opened_at: tab.opened_at,
        opened_by: tab.opened_by.clone(),
        arrives_on: tab.arrives_on,
        departs_on: tab.departs_on,
        needs_person,
        short: crate::take::missing(whole, frame.now).filter(|_| held > 0),
        link_ends_at: speaker
            .map(|(hold, _)| hold)
            .filter(|hold| state_code == "waiting" && !link_ended(hold, frame.now))
            .and_then(|hold| hold.link_ends_at),
        filters: Vec::new(),
    };
    view::TabRow {
        filters: crate::Filter::of(&row),
        ..row
    }
}

/// What a tab with these holds, the oldest first, is called wherever a person reads it: its name; else its
/// newest card; else its reference. `tab.name` itself may be empty.
pub(crate) fn title<'a>(tab: &Tab, holds: impl DoubleEndedIterator<Item = &'a Hold>) -> String {
    if !tab.name.is_empty() {
        return tab.name.clone();
    }
    let card = holds.rev().find_map(card);
    let card = card.and_then(|card| Some((card.brand, card.last_four?)));
    card.map_or_else(
        || format!("No name, {}", tab.reference),
        |(brand, digits)| format!("{} {digits}", brand.as_deref().unwrap_or("Card")),
    )
}

fn detail(tab: &Tab, hold: Option<&Hold>, deadline: Option<&view::Deadline>, frame: Frame) -> String {
    let Some(hold) = hold else { return String::new() };
    match (deadline, hold.lapsed_at) {
        (Some(deadline), _) if hold.captured() > 0 => {
            format!("{} left · {}", hold.money(hold.left()), deadline.words)
        }
        (Some(deadline), _) => deadline.words.clone(),
        (None, Some(at)) => words::lapsed(hold, at, frame),
        (None, None) if hold.refunded() > 0 => format!("{} refunded", hold.money(hold.refunded())),
        (None, None) if hold.captured() > 0 => format!("{} taken", hold.money(hold.captured())),
        (None, None) if tab.kind == Kind::Payment => "to be taken at once".to_owned(),
        (None, None) => String::new(),
    }
}

/// In whole percent; over the hold it is full and red.
fn gauge(total: i64, held: i64) -> view::Gauge {
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

/// More of a kind than this are told in one line.
const MOST_BANNERS: usize = 2;

/// The banners of one kind, most urgent first; one for all of them when they are many.
pub(crate) fn told(
    rows: &[view::TabRow],
    code: &'static str,
    many: &str,
    of: impl Fn(&view::TabRow) -> Option<(String, Tone)>,
) -> Vec<view::Banner> {
    let mut banners: Vec<view::Banner> = Vec::new();
    for row in rows {
        if let Some((words, tone)) = of(row) {
            banners.push(view::Banner {
                code,
                words,
                tone,
                tab_id: Some(row.id),
            });
        }
    }
    let count = banners.len();
    if count > MOST_BANNERS {
        banners.truncate(1);
        for first in &mut banners {
            first.words = format!("{count} holds {many}. First of them: {}", first.words);
        }
    }
    banners
}

/// Of a hold that is past its deadline, what Dojo did with it, and what of the bill it leaves open.
pub(crate) fn expired(row: &view::TabRow) -> String {
    let bill = row.uncovered.as_ref().map_or_else(
        || "Nothing is held any more.".to_owned(),
        |money| format!("{} of the bill is not covered.", money.text),
    );
    let did = match row.state.code {
        "taken_by_dojo" => "Dojo took what was held at the deadline.",
        _ if row.captured.minor > 0 => "Dojo released the rest at the deadline.",
        _ => "expired, released by Dojo.",
    };
    format!("{}: {did} {bill}", row.name)
}

pub(crate) fn ending(row: &view::TabRow, deadline: &view::Deadline) -> String {
    let acts = match deadline.action {
        domain::DeadlineAction::Release => "releases",
        domain::DeadlineAction::Capture => "takes",
    };
    format!("{}: Dojo {acts} {} {}.", row.name, row.left.text, deadline.words)
}
