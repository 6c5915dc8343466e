//! What needs attention: what Dojo shows, what it means and what to do.

use super::banners::{self, BackupTrouble};
use super::details::is_quoted;
use super::operations::nothing;
pub(crate) use super::tabs::{FAILED, NOT_SENT, REFUSED};
use super::why;
use chrono::{DateTime, Utc};
use holdfast_domain::{
    Actor, CaptureMode, Detail, Event, FindingKind, Hold, HoldState, Money, Operation, OperationKind,
    OperationState,
};

/// Why nothing else can be done with a hold.
pub(crate) const LOCKED: &str =
    "You can’t do anything else with this hold until Dojo’s record settles it, so no money moves twice.";

/// What the newest reading showed.
pub(crate) fn shows(hold: &Hold, now: DateTime<Utc>) -> String {
    let money = |minor| hold.money(minor);
    let (left, captured, refunded) = (money(hold.left()), money(hold.captured()), hold.refunded());
    let shown = match hold.state(now) {
        HoldState::Opening if hold.intent_id.is_none() => "No request with this reference".to_owned(),
        HoldState::Opening => "The request, not read yet".to_owned(),
        HoldState::Waiting if hold.mode == CaptureMode::Auto => "The guest hasn’t paid".to_owned(),
        HoldState::Waiting => "The guest hasn’t added a card, nothing is on hold".to_owned(),
        HoldState::Held => format!("{left} on hold, nothing taken"),
        HoldState::PartTaken => format!("{captured} taken, {left} on hold"),
        HoldState::Taken | HoldState::PartRefunded => format!("{captured} taken"),
        HoldState::Refunded => format!("{captured} taken, all of it refunded"),
        HoldState::Released => "Released, nothing is on hold".to_owned(),
        HoldState::Expired => "Released at the deadline, nothing is on hold".to_owned(),
        HoldState::TakenByDojo => format!("{captured} taken at the deadline"),
        HoldState::Cancelled => "The request is cancelled".to_owned(),
        HoldState::Overdue => format!("{left} on hold past its deadline"),
        HoldState::Unreadable => "A state that this version doesn’t know".to_owned(),
    };
    // A list: each of its parts stands by itself.
    let mut parts = vec![shown];
    if hold.pending() > 0 {
        parts.push(format!("{} being taken", money(hold.pending())));
    }
    if refunded > 0 && refunded < hold.captured() {
        parts.push(format!("{} refunded", money(refunded)));
    }
    parts.join(", ")
}

/// What happened and why.
fn happened(operation: &Operation) -> Option<String> {
    let said = match operation.state {
        OperationState::Unknown => "We got no reply",
        OperationState::Succeeded => "It went through",
        OperationState::Declined => "It didn’t go through",
        OperationState::Rejected => "Dojo refused it",
        OperationState::NotSent => "It never left this PC",
        OperationState::Conflict => "What Dojo shows isn’t what we asked for",
        OperationState::Intended | OperationState::Accepted | OperationState::Absent => return None,
    };
    Some(match why(operation) {
        None => format!("{said}."),
        Some(why) if operation.detail.as_ref().is_some_and(is_quoted) => {
            format!("{said} ({}).", why.trim_end_matches('.'))
        }
        // Our own words are sentences.
        Some(why) => format!("{said}. {why}"),
    })
}

/// What it means and what to do.
pub(crate) fn meaning(operation: &Operation, hold: &Hold) -> String {
    let then = then(operation, hold);
    // Of a request that isn't as it was asked for, and of one that Dojo hasn't done for a day, that says all of it.
    let is_told = operation.state == OperationState::Conflict
        && (operation.kind == OperationKind::Create || operation.detail == Some(Detail::StillNotDone));
    match happened(operation) {
        Some(happened) if !is_told => format!("{happened} {then}"),
        Some(_) | None => then,
    }
}

/// What follows from it, and what to do.
fn then(operation: &Operation, hold: &Hold) -> String {
    let nothing = nothing(operation.kind);
    let words = match operation.state {
        OperationState::Intended => "It’s on its way to Dojo.",
        OperationState::Accepted => {
            "Dojo accepted it and hasn’t confirmed it yet. That can take a few minutes; until then it’s \
             neither done nor failed."
        }
        OperationState::Unknown if operation.kind == OperationKind::Create => {
            "We look for this request at Dojo every few seconds. The guest’s link appears on the tab when we \
             find it; don’t try again."
        }
        OperationState::Unknown => {
            "It may or may not have gone through. We check every few seconds; you’ll usually know within two \
             minutes. Don’t try again."
        }
        OperationState::Absent => {
            let absent = absent(operation.kind);
            return format!(
                "We’ve checked at least three times over two minutes: Dojo has no record of it, so it almost \
                 certainly didn’t happen. {absent}"
            );
        }
        OperationState::Conflict => return conflict(operation, hold),
        OperationState::Succeeded => after_all(operation.kind),
        OperationState::Declined if hold.left() > 0 => {
            let left = hold.money(hold.left());
            return format!("{left} is still on hold: try again on the tab.");
        }
        OperationState::Declined => "Look at the tab.",
        OperationState::Rejected => {
            return format!("{nothing} Fix what Dojo says, then try again on the tab.");
        }
        OperationState::NotSent => return format!("{nothing} Try again."),
    };
    words.to_owned()
}

/// What to do about a decision that went through after all.
const fn after_all(kind: OperationKind) -> &'static str {
    match kind {
        OperationKind::Capture | OperationKind::Refund => {
            "If you did it again since, you need to undo one of the two: show the tab."
        }
        OperationKind::Create => "If you opened another request instead, cancel the one you don’t want.",
        OperationKind::Reversal
        | OperationKind::Cancel
        | OperationKind::SetAmount
        | OperationKind::SetTips
        | OperationKind::Receipt => "You don’t need to do anything.",
    }
}

/// What to do where Dojo shows something else than was decided.
fn conflict(operation: &Operation, hold: &Hold) -> String {
    let payment = hold.intent_id.as_deref().unwrap_or(&hold.reference);
    if operation.kind == OperationKind::Create {
        let why = why(operation).unwrap_or_else(|| "Dojo’s reply isn’t what we asked for.".to_owned());
        return format!("{}. Nothing was taken.", why.trim_end_matches('.'));
    }
    if operation.detail == Some(Detail::StillNotDone) {
        return format!(
            "Dojo accepted it more than a day ago and hasn’t done it. Look at payment {payment} in Dojo’s portal \
             first, then dismiss this. Dojo may still do it; if it does, we’ll tell you."
        );
    }
    format!(
        "Look at payment {payment} in Dojo’s portal first, then \
         dismiss this. The tab already shows Dojo’s figures."
    )
}

/// What to do about a decision of which nothing is to be seen, and what if it comes late.
const fn absent(kind: OperationKind) -> &'static str {
    match kind {
        OperationKind::Capture => {
            "If you still want it, do it again on the tab. If the first one turns up, we’ll tell you and \
             you can refund the extra."
        }
        OperationKind::Refund => {
            "Look in Dojo’s portal before you refund again: you can’t get a second refund back. If the \
             first one turns up, we’ll tell you."
        }
        OperationKind::Create => {
            "If the guest is still here, request a new hold on the tab. If the first request turns up, \
             we’ll tell you; the guest never saw its link."
        }
        OperationKind::Reversal | OperationKind::Cancel => {
            "If you still want it, do it again on the tab; it can only happen once. If the first one \
             turns up, we’ll tell you."
        }
        OperationKind::SetAmount | OperationKind::SetTips | OperationKind::Receipt => {
            "If you still want it, do it again on the tab. If the first one turns up, we’ll tell you."
        }
    }
}

/// A finding's words as a sentence, with its amount.
pub(crate) fn found(event: &Event, words: &str, amount: Option<Money>) -> String {
    match amount {
        Some(amount) => format!("{words}: {amount}."),
        None if is_sentence(event, words) => words.to_owned(),
        None => format!("{words}."),
    }
}

/// Most of what the journal says ends without a stop. What tells people to do something doesn't.
fn is_sentence(event: &Event, words: &str) -> bool {
    // An older version's words are all there is.
    if matches!(event, Event::Former { .. }) {
        return words.ends_with('.');
    }
    matches!(
        event,
        Event::Warned(_)
            | Event::Clock(_)
            | Event::TillClock { .. }
            | Event::CommitsLost { .. }
            | Event::RequestNotKnown { .. }
            | Event::HoldsNotOurs { .. }
    )
}

/// What a finding is about where it is about no tab.
pub(crate) const fn house(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Clock => "This PC’s clock",
        FindingKind::TillClock => "A till’s clock",
        FindingKind::CommitsLost => "The shared ledger",
        FindingKind::Deadline
        | FindingKind::Lapsed
        | FindingKind::TakenByDojo
        | FindingKind::TakenElsewhere
        | FindingKind::ReleasedElsewhere
        | FindingKind::RefundedElsewhere
        | FindingKind::CancelledElsewhere
        | FindingKind::AmountDiffers
        | FindingKind::Contradicts
        | FindingKind::Renewal
        | FindingKind::Stranger
        | FindingKind::Foreign => "At Dojo",
    }
}

/// A finding, as its chip says it.
pub(crate) const fn finding(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Deadline => "Ends soon",
        FindingKind::Lapsed => "Expired",
        FindingKind::TakenByDojo => "Taken by Dojo",
        FindingKind::TakenElsewhere => "Taken elsewhere",
        FindingKind::ReleasedElsewhere => "Released elsewhere",
        FindingKind::RefundedElsewhere => "Refunded elsewhere",
        FindingKind::CancelledElsewhere => "Cancelled elsewhere",
        FindingKind::AmountDiffers => "Amount differs",
        FindingKind::Contradicts => "Dojo contradicts itself",
        FindingKind::Renewal => "Not renewed",
        FindingKind::Stranger => "Not known here",
        FindingKind::Foreign => "Not made by Holdfast",
        FindingKind::Clock | FindingKind::TillClock => "Clock",
        FindingKind::CommitsLost => "Entries lost",
    }
}

pub(crate) const CAME_LATE: &str = "Came late";
pub(crate) const BACKUP: &str = "Backup";
pub(crate) const KEY: &str = "Dojo’s key";
pub(crate) const KEY_REJECTED: &str = "Key rejected";

/// What was asked, and by whom.
pub(crate) fn asked(what: &str, by: &Actor) -> String {
    format!("{what}, by {by}")
}

/// What there is no backup of.
pub(crate) const fn no_backup(trouble: &BackupTrouble) -> &'static str {
    match trouble {
        BackupTrouble::Failed(_) => "No backup",
        BackupTrouble::SecondFailed(_) | BackupTrouble::SecondSilent => "No second copy",
    }
}

/// Why there is no newer backup.
pub(crate) fn backup_failed(trouble: &BackupTrouble) -> String {
    format!(
        "{} We try again every ten minutes.",
        banners::backup_failed(trouble)
    )
}

/// By how much a bill is over its hold.
pub(crate) fn over(short: &str) -> String {
    format!("{short} over")
}

/// The same, and what to do.
pub(crate) fn bill_over(short: &str) -> String {
    format!("The bill is {short} over the hold. Hold {short} more while the guest is here.")
}

/// A tab's state where nothing else is to be said of it.
pub(crate) fn look_at(state: &str) -> String {
    format!("{state}. Look at the tab.")
}
