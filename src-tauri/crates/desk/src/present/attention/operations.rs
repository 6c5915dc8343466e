//! Decisions whose outcome a person has to hear of.

use super::{Aside, Item, Next, NextKind, Urgency, about, shows::shows};
use crate::account::Account;
use crate::account::state::{is_late_news, operation_state};
use crate::present::state::shown;
use crate::present::view::{State, Tone};
use crate::wording::{self, title};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_domain::{Currency, Hold, Operation, OperationKind, OperationState};

/// What is on its way for longer than this is told.
const SHOWN_AS_PENDING_AFTER: TimeDelta = TimeDelta::seconds(30);

const LOCKED_WORDS: &str =
    "You can’t do anything else with this hold until Dojo’s record settles it, so no money moves twice.";

/// One for each operation on a hold of `account` that somebody has to hear of.
pub(super) fn items(
    account: &Account,
    (hold, operations): &(Hold, Vec<Operation>),
    read_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Vec<(Urgency, Item)> {
    let is_open = account.tab.closed_at.is_none();
    operations
        .iter()
        .filter(|o| !o.is_put_aside())
        .filter_map(|operation| {
            let urgency = urgency(operation, hold, operations, is_open, now)?;
            Some((urgency, item(account, hold, operation, read_at, now)))
        })
        .collect()
}

/// Whether somebody has to hear of an operation on a hold of `account`.
pub(super) fn is_told(
    account: &Account,
    (hold, operations): &(Hold, Vec<Operation>),
    now: DateTime<Utc>,
) -> bool {
    let is_open = account.tab.closed_at.is_none();
    let mut asked = operations.iter().filter(|o| !o.is_put_aside());
    asked.any(|operation| urgency(operation, hold, operations, is_open, now).is_some())
}

/// How urgent it is; none when nobody has to hear of it, or a later decision has taken its place.
fn urgency(
    operation: &Operation,
    hold: &Hold,
    all: &[Operation],
    is_open: bool,
    now: DateTime<Utc>,
) -> Option<Urgency> {
    let is_newest = all.last().is_some_and(|newest| newest.id == operation.id);
    let is_newest_of_kind = all
        .iter()
        .rfind(|o| o.kind == operation.kind)
        .is_some_and(|newest| newest.id == operation.id);
    match operation.state {
        OperationState::Unknown => Some(Urgency::Unclear),
        OperationState::Intended | OperationState::Accepted => {
            (now.signed_duration_since(operation.at) >= SHOWN_AS_PENDING_AFTER).then_some(Urgency::Pending)
        }
        // A request that is wrong is cancelled, and with that it is over.
        OperationState::Conflict => {
            (operation.kind != OperationKind::Create || !hold.is_over()).then_some(Urgency::NeedsYou)
        }
        OperationState::Succeeded => {
            let place = all.iter().position(|o| o.id == operation.id);
            place
                .is_some_and(|place| is_late_news(place, all))
                .then_some(Urgency::NeedsYou)
        }
        OperationState::Absent => is_newest_of_kind.then_some(Urgency::Lost),
        OperationState::Declined | OperationState::Rejected | OperationState::NotSent => {
            (is_newest && is_open).then_some(Urgency::Failed)
        }
    }
}

fn item(
    Account { tab, holds, .. }: &Account,
    hold: &Hold,
    operation: &Operation,
    read_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Item {
    let is_open = operation.state.is_open();
    Item {
        key: operation.id.to_string(),
        state: state(operation, hold.currency),
        name: title(tab, holds.iter().map(|(hold, _)| hold)),
        about: about(tab, hold),
        tab_id: Some(tab.id),
        hold_id: Some(hold.id),
        asked: Some(format!(
            "{}, by {}",
            wording::what(operation, hold),
            operation.requested_by
        )),
        asked_at: Some(operation.at),
        shows: Some(shows(hold, now)),
        read_at,
        since: Some(operation.settled_at.unwrap_or(operation.at)),
        meaning: meaning(operation, hold),
        locked: is_open.then(|| LOCKED_WORDS.to_owned()),
        next: next(operation),
        aside: (!is_open).then_some(Aside::Operation(operation.id)),
    }
}

fn state(operation: &Operation, currency: Currency) -> State {
    if let Some(state) = operation_state(operation) {
        return shown(&state, currency);
    }
    let (code, words, tone) = match operation.state {
        OperationState::NotSent => ("not_sent", "Not sent", Tone::Warn),
        OperationState::Rejected => ("refused", "Refused by Dojo", Tone::Warn),
        OperationState::Succeeded => ("late", "Came late", Tone::Bad),
        _ => ("failed", "Didn’t go through", Tone::Warn),
    };
    State {
        code,
        words: words.to_owned(),
        tone,
    }
}

fn next(operation: &Operation) -> Next {
    let (kind, label) = match operation.state {
        OperationState::Unknown | OperationState::Accepted | OperationState::Intended => {
            (NextKind::AskDojo, "Ask Dojo now")
        }
        OperationState::NotSent if operation.kind == OperationKind::Create => {
            (NextKind::SendAgain, "Send it again")
        }
        _ => (NextKind::ShowTab, "Show tab"),
    };
    Next { kind, label }
}

/// What it means and what to do.
fn meaning(operation: &Operation, hold: &Hold) -> String {
    let detail = wording::why(operation);
    let detail = detail
        .as_deref()
        .map(|why| why.trim_end_matches('.'))
        .filter(|why| !why.is_empty());
    let because = detail.map_or_else(String::new, |why| format!(" ({why})"));
    match operation.state {
        OperationState::Intended => "It’s on its way to Dojo.".to_owned(),
        OperationState::Accepted => {
            "Dojo accepted it and hasn’t confirmed it yet. That can take a few minutes; until then it’s \
             neither done nor failed."
                .to_owned()
        }
        OperationState::Unknown if operation.kind == OperationKind::Create => format!(
            "We got no reply{because}. We look for this request at Dojo every few seconds. The guest’s \
             link appears on the tab when we find it; don’t try again."
        ),
        OperationState::Unknown => format!(
            "We got no reply{because}. It may or may not have gone through. We check every few seconds; \
             you’ll usually know within two minutes. Don’t try again."
        ),
        OperationState::Absent => format!(
            "We’ve checked at least three times over two minutes: Dojo has no record of it, so it almost \
             certainly didn’t happen. {}",
            absent(operation.kind)
        ),
        OperationState::Conflict if operation.kind == OperationKind::Create => {
            format!(
                "{}. Nothing was taken.",
                detail.unwrap_or("Dojo’s reply isn’t what we asked for")
            )
        }
        OperationState::Conflict => format!(
            "What Dojo shows isn’t what we asked for{because}. Look at payment {} in Dojo’s portal first, \
             then dismiss this. The tab already shows Dojo’s figures.",
            hold.intent_id.as_deref().unwrap_or(&hold.reference)
        ),
        OperationState::Succeeded => format!(
            "It went through{because}. {}",
            match operation.kind {
                OperationKind::Capture | OperationKind::Refund => {
                    "If you did it again since, you need to undo one of the two: show the tab."
                }
                OperationKind::Create => {
                    "If you opened another request instead, cancel the one you don’t want."
                }
                _ => "You don’t need to do anything.",
            }
        ),
        OperationState::Declined => format!(
            "It didn’t go through{because}. {}",
            if hold.left() > 0 {
                format!(
                    "{} is still on hold: try again on the tab.",
                    hold.money(hold.left())
                )
            } else {
                "Look at the tab.".to_owned()
            }
        ),
        OperationState::Rejected => format!(
            "Dojo refused it{because}. {} Fix what Dojo says, then try again on the tab.",
            wording::nothing(operation.kind)
        ),
        OperationState::NotSent => format!(
            "It never left this PC{because}. {} Try again.",
            wording::nothing(operation.kind)
        ),
    }
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
