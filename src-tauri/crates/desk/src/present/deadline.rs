//! When Dojo acts by itself, and how urgent that is.

use crate::account::{Account, taking};
use crate::context::frame::Frame;
use crate::present::view::{self, Tone};
use crate::wording::floor::until;
use holdfast_domain::{Hold, Money, Operation, Reckoning, Stage};

/// Of a hold with its operations.
pub(crate) fn deadline(entry: &(Hold, Vec<Operation>), frame: Frame) -> Option<view::Deadline> {
    let (hold, _) = entry;
    let deadline = hold.deadline().filter(|_| hold.left() > 0)?;
    let stage = frame.warnings.stage(deadline.at, Reckoning::sure(frame.now));
    let hours = stage.map(|stage| match stage {
        Stage::Within(hours) => hours,
        Stage::Late | Stage::Doubtful => 0,
    });
    let is_urgent = stage.is_some_and(Stage::is_urgent);
    let tone = match stage {
        None => Tone::Quiet,
        Some(_) if is_urgent => Tone::Bad,
        Some(_) => Tone::Warn,
    };
    let words = until(deadline.at.signed_duration_since(frame.now));
    Some(view::Deadline {
        at: deadline.at,
        safe_at: frame.warnings.safe(deadline.at),
        is_past: deadline.at <= frame.now,
        words,
        tone,
        threshold: hours.map(i64::from),
        is_urgent,
        is_expiring: stage.is_some() || deadline.at <= frame.now,
        action: deadline.action,
        ends: hold.money(hold.left().saturating_sub(taking::hidden(entry))),
    })
}

/// The hold that ends first, with its end.
pub(crate) fn nearest(account: &Account, frame: Frame) -> Option<(&Hold, view::Deadline)> {
    let holds = account.holds.iter();
    let ends = holds.filter_map(|entry| Some((&entry.0, deadline(entry, frame)?)));
    ends.min_by_key(|(_, deadline)| deadline.at)
}

/// What Dojo acts on when `first` ends: all whose time is said in the same words, and that it does the same with.
pub(crate) fn ending_with(
    account: &Account,
    first: &view::Deadline,
    frame: Frame,
    said: impl Fn(&view::Deadline) -> String,
) -> Money {
    let all = account.holds.iter().filter_map(|entry| deadline(entry, frame));
    let ends = all.filter(|other| other.action == first.action && said(other) == said(first));
    let minor = ends.fold(0_i64, |sum, other| sum.saturating_add(other.ends.minor));
    Money::new(minor, account.tab.currency)
}
