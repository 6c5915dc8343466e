//! What happened, as the history and the list of what needs you say it.

use super::{clock, operations, refund_purpose, renewal_ended, row_trouble, said, settings_change, warning};
use holdfast_domain::{
    Currency, Event, FloorOrder, IntentStatus, Money, NightStep, OperationState, Personal, Shown, isolated,
};
use std::borrow::Cow;

/// The tab that an event is about. Of one that belongs to no tab neither is used.
#[derive(Debug, Clone, Copy)]
pub(crate) struct About<'a> {
    /// The tab's title.
    pub(crate) name: &'a str,
    /// Of its amounts.
    pub(crate) currency: Currency,
}

/// For what belongs to no tab.
pub(crate) const HOUSE: About<'static> = About {
    name: "",
    currency: Currency::Gbp,
};

/// What happened, as the history says it: there a warning is something that was done.
pub(crate) fn history(event: &Event, personal: &Personal, about: About<'_>) -> String {
    let words = self::event(event, personal, about);
    match event {
        Event::Warned(_) => format!("Warned: {words}"),
        _ => words,
    }
}

/// What happened, in words, without the amount that stands beside it.
pub(crate) fn event(event: &Event, personal: &Personal, about: About<'_>) -> String {
    let money = |minor: i64| Money::new(minor, about.currency);
    match event {
        Event::Former { .. } => personal.words.clone().unwrap_or_default(),
        Event::TabOpened | Event::TabEdited | Event::TabClosed | Event::TabReopened => tab(event, personal),
        Event::LineAdded { bill, .. } => format!("Bill: {} added, now {}", line(personal), money(*bill)),
        Event::LineTakenOff { bill, .. } => {
            format!("Bill: {} removed, now {}", line(personal), money(*bill))
        }
        Event::BillImported { amount } => format!("Bill: {} brought in from Dojo", money(*amount)),
        Event::Decided(_)
        | Event::Moved { .. }
        | Event::PutAside { .. }
        | Event::RefundSaid { .. }
        | Event::RestNotAsked { .. } => of_decision(event, personal, about.currency),
        Event::RenewalBegun { amount } => format!(
            "Renewal of {}: started. The old hold stays until the new one is in place",
            money(*amount)
        ),
        Event::RenewalEnded { amount, how, action } => renewal_ended(money(*amount), *how, *action),
        Event::Imported { after_restore: true } => "Found at Dojo, missing from the backup".to_owned(),
        Event::Imported { after_restore: false } => "Brought in from Dojo".to_owned(),
        Event::NotShown { why } => format!("After the backup was restored: {why}"),
        Event::Warned(of) => warning(&isolated(about.name), *of, about.currency),
        Event::Seen(of) => format!("Seen: {}", self::event(of, personal, about)),
        Event::CardDeclined
        | Event::Held { .. }
        | Event::Paid { .. }
        | Event::PaidAfterCancel { .. }
        | Event::TakenElsewhere { .. }
        | Event::ReleasedElsewhere { .. }
        | Event::RefundedElsewhere { .. }
        | Event::CancelledElsewhere
        | Event::LinkEnded
        | Event::StatusNotKnown
        | Event::AmountChangedElsewhere { .. }
        | Event::LessTaken { .. }
        | Event::ReleasedAtDeadline { .. }
        | Event::TakenAtDeadline { .. }
        | Event::NotYetEnded { .. }
        | Event::Contradicts { .. }
        | Event::ReadingAccepted { .. } => at_dojo(event, about.currency),
        Event::AllReadAgain
        | Event::RequestNotKnown { .. }
        | Event::HoldsNotOurs { .. }
        | Event::Clock(_)
        | Event::SettingsChanged
        | Event::SettingsRepaired
        | Event::FloorOrdered(_)
        | Event::Night(_)
        | Event::ReportMade { .. }
        | Event::BackupRestored { .. }
        | Event::FoundOlder => of_house(event, personal),
    }
}

/// What became of a decision.
fn of_decision(event: &Event, personal: &Personal, currency: Currency) -> String {
    let money = |minor: i64| Money::new(minor, currency);
    match event {
        Event::Decided(deed) => operations::intended(deed, personal.reason.as_deref(), currency),
        Event::Moved {
            deed,
            state,
            detail,
            is_late,
        } => operations::answered(deed, *state, said(detail.as_ref(), *is_late), currency),
        Event::PutAside {
            deed,
            state,
            detail,
            is_late,
        } => {
            let why = said(detail.as_ref(), *is_late);
            format!("Dismissed: {}", operations::answered(deed, *state, why, currency))
        }
        Event::RefundSaid { amount, of } => format!(
            "Purpose of the refund of {}: {}",
            money(*amount),
            refund_purpose(*amount, *of, currency)
        ),
        Event::RestNotAsked { amount, take } => {
            format!("The guest wasn’t asked for {}: {}", money(*amount), rest(*take))
        }
        // No other event is about a decision.
        _ => String::new(),
    }
}

fn tab(event: &Event, personal: &Personal) -> String {
    match (event, &personal.name) {
        (Event::TabOpened, Some(name)) => format!("Opened: {}", isolated(name)),
        (Event::TabOpened, None) => "Opened without a name".to_owned(),
        (Event::TabClosed, _) => "Closed".to_owned(),
        (Event::TabReopened, _) => "Reopened".to_owned(),
        (_, _) => {
            let edits = personal.edits.iter().map(|edit| {
                let say = |text: &Option<String>| {
                    let text = text.as_deref().filter(|text| !text.is_empty());
                    isolated(text.unwrap_or("none")).into_owned()
                };
                format!("{} {} → {}", field(&edit.field), say(&edit.was), say(&edit.is))
            });
            format!("Corrected: {}", edits.collect::<Vec<_>>().join("; "))
        }
    }
}

/// A tab's detail, as staff call it.
fn field(name: &str) -> &str {
    match name {
        "place" => "room or table",
        "email" => "e-mail",
        "arrivesOn" => "arrival",
        "departsOn" => "departure",
        other => other,
    }
}

fn line(personal: &Personal) -> Cow<'_, str> {
    isolated(personal.name.as_deref().unwrap_or("a line"))
}

/// Why the guest wasn't asked for the rest of a bill after a take.
const fn rest(take: OperationState) -> &'static str {
    match take {
        OperationState::Declined => "the take didn’t go through",
        OperationState::Rejected => "Dojo refused the take",
        OperationState::NotSent => "the take wasn’t sent",
        OperationState::Conflict => "the take doesn’t match what Dojo shows",
        OperationState::Accepted | OperationState::Succeeded => "it wasn’t missing any more",
        OperationState::Absent | OperationState::Intended | OperationState::Unknown => {
            "Dojo has no record of the take"
        }
    }
}

/// What Dojo showed without a decision here.
fn at_dojo(event: &Event, currency: Currency) -> String {
    let money = |minor: i64| Money::new(minor, currency);
    let card = |card: &Option<String>| card.clone().unwrap_or_else(|| "unknown".to_owned());
    let words = match event {
        Event::CardDeclined => "The guest’s card was declined",
        Event::Held { card: of, .. } => return format!("Held on the card ending {}", card(of)),
        Event::Paid { card: of, .. } => return format!("Paid with the card ending {}", card(of)),
        Event::PaidAfterCancel {
            card: of, is_held, ..
        } => {
            let is = if *is_held { "is held" } else { "is paid" };
            return format!(
                "The request was cancelled, and {is} now on the card ending {}",
                card(of)
            );
        }
        Event::TakenElsewhere { .. } => "Taken elsewhere, not from this till",
        Event::ReleasedElsewhere { .. } => "Released elsewhere, not from this till",
        Event::RefundedElsewhere { .. } => "Refunded elsewhere, not from this till",
        Event::CancelledElsewhere => "The request ended unpaid: cancelled elsewhere, not from this till",
        Event::LinkEnded => "The request ended unpaid",
        Event::AmountChangedElsewhere { was, amount } => {
            return format!(
                "Changed elsewhere from {} to {}, not from this till",
                money(*was),
                money(*amount)
            );
        }
        Event::LessTaken { was, amount } => {
            return format!(
                "Dojo shows {} taken where it showed {} before",
                money(*amount),
                money(*was)
            );
        }
        Event::ReleasedAtDeadline { .. } => "Expired: Dojo released it at the deadline",
        Event::TakenAtDeadline { .. } => "Taken by Dojo at the deadline",
        Event::NotYetEnded { amount: 0 } => "Dojo’s record no longer shows that it acted at the deadline",
        Event::NotYetEnded { .. } => "Dojo shows it still on hold: its deadline hasn’t come yet",
        Event::Contradicts { was, is } => return contradicts(*was, *is, currency),
        Event::ReadingAccepted { was, is } => {
            return format!("Dojo’s reading accepted: {}", contradicts(*was, *is, currency));
        }
        _ => "Dojo shows a state that this version doesn’t know",
    };
    words.to_owned()
}

/// What Dojo showed before and what it shows now.
pub(crate) fn contradicts(was: Shown, is: Shown, currency: Currency) -> String {
    let say = |shown: Shown| {
        let status = shown.status.map_or("nothing", status);
        let [taken, refunded] = [shown.taken, shown.refunded].map(|minor| Money::new(minor, currency));
        format!("{status}, {taken} taken, {refunded} refunded")
    };
    format!("Dojo showed {} before, and shows {} now", say(was), say(is))
}

const fn status(status: IntentStatus) -> &'static str {
    match status {
        IntentStatus::Created => "an unpaid request",
        IntentStatus::Authorized => "a hold",
        IntentStatus::Captured => "a take",
        IntentStatus::Reversed => "a release",
        IntentStatus::Refunded => "a refund of all",
        IntentStatus::Canceled => "a cancelled request",
        IntentStatus::Unknown => "an unknown state",
    }
}

/// What belongs to no tab.
fn of_house(event: &Event, personal: &Personal) -> String {
    let words = match event {
        Event::AllReadAgain => "Every hold was read again after the backup was restored",
        Event::RequestNotKnown { .. } => {
            let name = isolated(personal.name.as_deref().unwrap_or_default());
            return format!(
                "{name}: Holdfast on another PC opened this, or it’s older than these records. Bring it \
                 in from Settings."
            );
        }
        Event::HoldsNotOurs { count: 1 } => {
            "Holdfast didn’t make one of the holds at Dojo. We leave it \
         alone."
        }
        Event::HoldsNotOurs { count } => {
            return format!("Holdfast didn’t make {count} of the holds at Dojo. We leave them alone.");
        }
        Event::Clock(trouble) => return clock(*trouble),
        Event::SettingsChanged => return settings_change(&personal.edits),
        Event::SettingsRepaired => "Settings saved, because some couldn’t be read",
        Event::FloorOrdered(FloorOrder::Urgent) => "Floor order: most urgent first",
        Event::FloorOrdered(FloorOrder::Newest) => "Floor order: newest first",
        Event::FloorOrdered(FloorOrder::Name) => "Floor order: A to Z",
        Event::Night(step) => return format!("Closing the night: {}", night(step, personal)),
        Event::ReportMade {
            number,
            first,
            last,
            takings,
        } => {
            let takings: Vec<String> = takings.iter().map(Money::to_string).collect();
            return format!(
                "Night report {number} made: transactions {first} to {last}, takings {}",
                takings.join(" and ")
            );
        }
        Event::BackupRestored { name } => {
            return format!("The backup {name} was restored");
        }
        _ => "The ledger file is older than it was before",
    };
    words.to_owned()
}

fn night(step: &NightStep, personal: &Personal) -> String {
    let name = isolated(personal.name.as_deref().unwrap_or_default());
    let words = match step {
        NightStep::Begun => "begun",
        NightStep::Resumed => "continued",
        NightStep::RestLeft => "stopped, the rest left open",
        NightStep::RowDone => return format!("{name}: done"),
        NightStep::RowFailed { why } => return format!("{name}: {}", row_trouble(why)),
        NightStep::Finished => "finished",
        NightStep::Stopped => "stopped",
    };
    words.to_owned()
}
