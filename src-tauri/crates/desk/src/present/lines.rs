//! The bill.

use crate::account::Account;
use crate::present::view;
use crate::wording;
use holdfast_domain as domain;

/// As many as have room in a line under the fields.
const MOST_AGAIN: usize = 3;

/// What was put on the bill before, each thing once, the newest first. `lines` are in that order. What was moved here
/// or away was never asked for at this tab.
pub(crate) fn again(lines: &[view::Line]) -> Vec<view::Again> {
    let mut all: Vec<view::Again> = Vec::new();
    for line in lines {
        let one = view::Again {
            what: line.what.clone(),
            each: line.each.clone(),
        };
        let is_wanted = !line.is_struck && line.each.minor > 0 && line.moved.is_none();
        if is_wanted && all.len() < MOST_AGAIN && !all.contains(&one) {
            all.push(one);
        }
    }
    all
}

/// Where a line went or came from.
fn where_to(line: &domain::Line) -> Option<String> {
    let moved = line.moved.as_ref()?;
    let title = moved.title.as_deref();
    Some(if moved.is_here {
        wording::moves::came_from(title)
    } else {
        wording::moves::gone_to(title)
    })
}

/// The bill's lines, the newest first, with those that refunds took off: they add up to the bill.
pub(crate) fn lines(account: &Account) -> Vec<view::Line> {
    let money = |minor: i64| view::Money::from(domain::Money::new(minor, account.tab.currency));
    let taken_off = |line: &domain::Line| {
        account
            .lines
            .iter()
            .find(|other| other.takes_off == Some(line.id))
    };
    let movable = domain::movable(&account.lines);
    let is_open = account.tab.closed_at.is_none();
    let off = crate::account::refunds::off_lines(account)
        .into_iter()
        .map(|off| view::Line {
            id: domain::LineId(off.id),
            what: Some(wording::OFF.to_owned()),
            quantity: 1,
            each: money(off.minor.saturating_neg()),
            total: money(off.minor.saturating_neg()),
            at: off.at,
            by: off.by.to_string(),
            may_take_off: false,
            may_move: false,
            moved: None,
            is_struck: false,
            strikes: None,
        });
    let had = account.lines.iter();
    let had = had.map(|line| {
        let off = taken_off(line);
        let is_struck = line.takes_off.is_some() || off.is_some();
        view::Line {
            id: line.id,
            what: line.what.clone(),
            quantity: line.quantity,
            each: money(line.each),
            total: money(line.each.saturating_mul(line.quantity)),
            at: line.at,
            by: line.by.to_string(),
            may_take_off: !is_struck && !line.has_left() && is_open,
            may_move: is_open && movable.iter().any(|one| one.id == line.id),
            // What took it off says where it went.
            moved: off.and_then(where_to).or_else(|| where_to(line)),
            is_struck,
            strikes: line.takes_off,
        }
    });
    let mut all: Vec<view::Line> = had.collect();
    for line in off {
        let index = all.iter().position(|other| other.at > line.at);
        all.insert(index.unwrap_or(all.len()), line);
    }
    all.reverse();
    all
}
