//! The words for the journal: what staff decided, what Dojo answered, what is due.

use crate::context::frame::Frame;
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_domain::{
    ClockTrouble, DeadlineAction, Hold, HoldState, IntentStatus, Operation, OperationKind, OperationState,
    RenewalEnd, Stage,
};

/// What an operation is called.
pub(crate) const fn verb(kind: OperationKind) -> &'static str {
    match kind {
        OperationKind::Create => "Request",
        OperationKind::Capture => "Take",
        OperationKind::Reversal => "Release",
        OperationKind::Cancel => "Cancel the request",
        OperationKind::Refund => "Refund",
        OperationKind::SetAmount => "Change the amount",
        OperationKind::SetTips => "Change the tip",
        OperationKind::Receipt => "Send the receipt",
    }
}

/// An operation with its amount, as a person would say it: `Take £84.50`.
pub(crate) fn what(operation: &Operation, hold: &Hold) -> String {
    let total = hold.money(operation.amount.saturating_add(operation.tip));
    match operation.kind {
        OperationKind::Capture if operation.tip > 0 => {
            format!("Take {total} (tip {} in it)", hold.money(operation.tip))
        }
        OperationKind::Create | OperationKind::Capture | OperationKind::Refund => {
            format!("{} {total}", verb(operation.kind))
        }
        OperationKind::SetAmount => format!("Change the amount to {}", hold.money(operation.amount)),
        OperationKind::SetTips => format!("Change the tip to {}", hold.money(operation.tip)),
        OperationKind::Reversal => format!("Release {}", hold.money(released(hold))),
        OperationKind::Cancel | OperationKind::Receipt => verb(operation.kind).to_owned(),
    }
}

/// An operation that is done, as a person would say it: `£84.50 was taken`.
pub(crate) fn done(operation: &Operation, hold: &Hold) -> String {
    let total = hold.money(operation.amount.saturating_add(operation.tip));
    match operation.kind {
        OperationKind::Create => format!("{total} was requested"),
        OperationKind::Capture if operation.tip > 0 => {
            format!("{total} was taken (tip {} in it)", hold.money(operation.tip))
        }
        OperationKind::Capture => format!("{total} was taken"),
        OperationKind::Reversal => format!("{} was released", hold.money(released(hold))),
        OperationKind::Cancel => "The request was cancelled".to_owned(),
        OperationKind::Refund => format!("{total} was refunded"),
        OperationKind::SetAmount => format!("The amount was changed to {}", hold.money(operation.amount)),
        OperationKind::SetTips => format!("The tip was changed to {}", hold.money(operation.tip)),
        OperationKind::Receipt => "The receipt was sent".to_owned(),
    }
}

/// Minor units that a release gives back, or gave.
fn released(hold: &Hold) -> i64 {
    match (hold.left(), &hold.seen) {
        (0, Some(seen)) if seen.status == IntentStatus::Reversed => seen.total,
        (left, _) => left,
    }
}

/// What staff should know before they decide anything more: a decision that Dojo's record does not show may be
/// done late all the same, and in a state that nobody knows Dojo decides.
pub(crate) fn caution(hold: &Hold, operations: &[Operation]) -> Option<String> {
    let is_unknown = hold.left() > 0 || hold.captured() > 0;
    let is_unknown = is_unknown
        && hold
            .seen
            .as_ref()
            .is_some_and(|seen| seen.status == IntentStatus::Unknown);
    let unknown = is_unknown.then(|| {
        "Dojo shows a state that this version doesn’t know. The amounts are Dojo’s. What you ask for is \
         sent, and Dojo decides whether it can still be done."
            .to_owned()
    });
    match (unknown, not_shown(hold, operations)) {
        (Some(unknown), Some(lost)) => Some(format!("{unknown} {lost}")),
        (unknown, lost) => unknown.or(lost),
    }
}

/// The newest decision that Dojo's record may show late.
fn not_shown(hold: &Hold, operations: &[Operation]) -> Option<String> {
    let shows = |o: &Operation| match (o.kind, o.state) {
        (OperationKind::Capture | OperationKind::Refund, OperationState::Absent) => {
            Some("Dojo’s record does not show it")
        }
        (OperationKind::Capture | OperationKind::Refund, OperationState::Conflict) => {
            Some("Dojo’s record does not match it")
        }
        (OperationKind::Refund, OperationState::Accepted) => {
            Some("Dojo accepted it and does not show it yet")
        }
        _ => None,
    };
    let (lost, shows) = operations.iter().rev().find_map(|o| Some((o, shows(o)?)))?;
    let twice = match lost.kind {
        OperationKind::Refund => "the guest would get both, and what is refunded twice does not come back",
        _ => "the guest would pay both, and one of them has to be refunded then",
    };
    Some(format!(
        "{} was asked before, and {shows}. Should it come late, {twice}.",
        what(lost, hold)
    ))
}

/// For the moment of decision.
pub(crate) fn intended(operation: &Operation, hold: &Hold) -> String {
    let reason = operation
        .reason
        .as_ref()
        .map_or_else(String::new, |reason| format!(" · {reason}"));
    let purpose = super::said(operation, hold).map_or_else(String::new, |of| format!(" · {of}"));
    format!("{}: asked{purpose}{reason}", what(operation, hold))
}

/// For the moment of the answer.
pub(crate) fn answered(operation: &Operation, hold: &Hold) -> String {
    let detail = operation
        .detail
        .as_ref()
        .map_or_else(String::new, |d| format!(" · {d}"));
    let outcome = match operation.state {
        OperationState::Accepted => "Dojo accepted it, not final yet",
        OperationState::Unknown | OperationState::Intended => "unclear, asking Dojo",
        OperationState::Rejected => "refused by Dojo",
        OperationState::NotSent => "not sent",
        OperationState::Succeeded => "done",
        OperationState::Declined => "declined",
        OperationState::Absent => "not seen at Dojo",
        OperationState::Conflict => "needs a person",
    };
    format!("{}: {outcome}{detail}", what(operation, hold))
}

/// For the moment when Dojo's record settled it.
pub(crate) fn settled(operation: &Operation, hold: &Hold) -> String {
    answered(operation, hold)
}

/// What Dojo did with a hold at its deadline, and when, by the venue's own clock.
pub(crate) fn lapsed(hold: &Hold, at: DateTime<Utc>, frame: Frame) -> String {
    let at = at.with_timezone(&frame.days.zone);
    let is_today = at.date_naive() == frame.now.with_timezone(&frame.days.zone).date_naive();
    let when = at.format(if is_today { "%H:%M" } else { "%a %-d %b, %H:%M" });
    let total = hold.seen.as_ref().map_or(hold.asked, |seen| seen.total);
    let taken = hold.money(hold.captured());
    let gone = hold.money(total.saturating_sub(hold.captured()));
    let is_first = hold.seen.as_ref().is_none_or(|seen| seen.captures.len() <= 1);
    match hold.state(frame.now) {
        HoldState::TakenByDojo if is_first => format!("{taken} taken by Dojo, {when}"),
        HoldState::TakenByDojo => format!("{taken} taken, the rest of it by Dojo, {when}"),
        _ if hold.captured() > 0 => format!("{taken} taken, {gone} not held since {when}"),
        _ => format!("{gone} not held since {when}"),
    }
}

/// What staff are told of a hold's end; true for as long as the stage lasts.
pub(crate) fn warning(name: &str, hold: &Hold, stage: Stage, safe_hours: u8) -> String {
    let does = match hold.expire_action {
        Some(DeadlineAction::Capture) => "takes",
        Some(DeadlineAction::Release) | None => "releases",
    };
    let left = hold.money(hold.left());
    match stage {
        Stage::Within(hours) => format!(
            "{name}: less than {} left to act on {left}. Dojo {does} it {} after that.",
            say_hours(hours.into()),
            say_hours(safe_hours.into())
        ),
        Stage::Late => {
            format!("{name}: act on {left} now. The safe time is past, and Dojo {does} it within hours.")
        }
        Stage::Doubtful => {
            format!(
                "{name}: by one of two clocks {left} is not held any more. Set this PC’s clock, and act on it now."
            )
        }
    }
}

/// A span of whole seconds, to the minute: `2 days`, `83 hours 30 minutes`.
pub(crate) fn say_span(seconds: i64) -> String {
    let (hours, minutes) = (seconds.div_euclid(3_600), seconds.rem_euclid(3_600) / 60);
    match (hours, minutes) {
        (0, 0) => format!("{seconds} seconds"),
        (0, minutes) => format!("{minutes} minutes"),
        (hours, 0) => say_hours(hours),
        (hours, minutes) => format!("{} {minutes} minutes", say_hours(hours)),
    }
}

fn say_hours(hours: i64) -> String {
    match hours {
        1 => "1 hour".to_owned(),
        48.. if hours % 24 == 0 => format!("{} days", hours.div_euclid(24)),
        _ => format!("{hours} hours"),
    }
}

/// A time as it's said, by the venue's own clock: without the day when that is today.
pub(crate) fn clock_time(at: DateTime<Utc>, frame: Frame) -> String {
    let zone = frame.days.zone;
    let at = at.with_timezone(&zone);
    let is_today = at.date_naive() == frame.now.with_timezone(&zone).date_naive();
    at.format(if is_today { "%H:%M" } else { "%H:%M on %a %-d %b" })
        .to_string()
}

/// A day and a time by the venue's own clock: `Fri 4 Dec, 21:06`; only the time when that is today.
pub(crate) fn day_and_time(at: DateTime<Utc>, frame: Frame) -> String {
    let zone = frame.days.zone;
    let at = at.with_timezone(&zone);
    let is_today = at.date_naive() == frame.now.with_timezone(&zone).date_naive();
    at.format(if is_today { "%H:%M" } else { "%a %-d %b, %H:%M" })
        .to_string()
}

/// How far clocks are apart, as a person would say it.
fn apart(by: TimeDelta) -> String {
    let by = by.abs();
    if by < TimeDelta::hours(2) {
        format!("{} minutes", by.num_minutes())
    } else if by < TimeDelta::days(2) {
        format!("{} hours", by.num_hours())
    } else {
        format!("{} days", by.num_days())
    }
}

/// What is wrong with the clock, and what is done about it.
pub(crate) fn clock(trouble: ClockTrouble) -> String {
    match trouble {
        ClockTrouble::Reset => {
            "This PC’s clock shows a year long past. Set its date and time; until then deadlines \
                                are counted by what Dojo and the ledger say."
                .to_owned()
        }
        ClockTrouble::GoneBack(by) => format!(
            "This PC’s clock has gone back by {}. Set it; until then deadlines are counted by the later time.",
            apart(by)
        ),
        ClockTrouble::Apart(by) => format!(
            "This PC’s clock and Dojo’s differ by {}. Deadlines are counted by the later one.",
            apart(by)
        ),
    }
}

/// How a renewal of `old` ended.
pub(crate) fn renewal_ended(old: &Hold, how: RenewalEnd) -> String {
    let asked = old.money(old.ever_held());
    let (ended, next) = match how {
        RenewalEnd::Done => (
            "done",
            "The new hold is in force, the old one is not held any more",
        ),
        RenewalEnd::GivenUp => ("given up", "The old hold stays"),
        RenewalEnd::NotMade => (
            "not begun",
            "Dojo did not make the new request. The old hold stays",
        ),
        RenewalEnd::LinkEnded => (
            "the guest did not pay the new link before it ended",
            "The old hold stays until its own end. Renew it again, or take or release it before that",
        ),
        RenewalEnd::NewOver => ("the new request is over", "The old hold stays"),
        RenewalEnd::OldTaken => (
            "some of the old hold was taken meanwhile",
            match old.expire_action {
                Some(DeadlineAction::Capture) => {
                    "Dojo takes what is left of it at its deadline; until then it is held beside the new one"
                }
                Some(DeadlineAction::Release) | None => {
                    "Dojo releases what is left of it at its deadline; until then it is held beside the new one"
                }
            },
        ),
        RenewalEnd::OldOver => (
            "the old hold ended before the new one was in force",
            "The new request stays",
        ),
        RenewalEnd::NotReleased => (
            "the old hold was not released",
            match old.expire_action {
                Some(DeadlineAction::Capture) => {
                    "Both are held. Release the old one, or Dojo takes it at its deadline"
                }
                Some(DeadlineAction::Release) | None => {
                    "Both are held. Release the old one, or leave it to its end"
                }
            },
        ),
    };
    format!("Renewal of {asked}: {ended}. {next}")
}
