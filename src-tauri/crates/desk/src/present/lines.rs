//! The bill.

use crate::account::Account;
use crate::present::view;
use holdfast_domain as domain;

/// The bill's lines, the newest first, with those that refunds took off: they add up to the bill.
pub(crate) fn lines(account: &Account) -> Vec<view::Line> {
    let money = |minor: i64| view::Money::from(domain::Money::new(minor, account.tab.currency));
    let is_off = |line: &domain::Line| account.lines.iter().any(|other| other.takes_off == Some(line.id));
    let off = crate::account::refunds::off_lines(account)
        .into_iter()
        .map(|off| view::Line {
            id: domain::LineId(off.id),
            what: Some(crate::wording::OFF.to_owned()),
            quantity: 1,
            each: money(off.minor.saturating_neg()),
            total: money(off.minor.saturating_neg()),
            at: off.at,
            by: off.by.to_string(),
            may_take_off: false,
            is_struck: false,
            strikes: None,
        });
    let had = account.lines.iter();
    let had = had.map(|line| {
        let is_struck = line.takes_off.is_some() || is_off(line);
        view::Line {
            id: line.id,
            what: line.what.clone(),
            quantity: line.quantity,
            each: money(line.each),
            total: money(line.each.saturating_mul(line.quantity)),
            at: line.at,
            by: line.by.to_string(),
            may_take_off: !is_struck && account.tab.closed_at.is_none(),
            is_struck,
            strikes: line.takes_off,
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
