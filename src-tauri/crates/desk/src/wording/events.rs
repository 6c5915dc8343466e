//! What happened, as the history and the list of what needs you say it.

use super::not_done::{contradicts, not_shown};
use super::{
    clock, elsewhere, guests, moves, operations, refund_purpose, renewal_ended, row_trouble, said,
    settings_change, warning,
};
use crate::context::field::Field;
use crate::context::frame::Frame;
use holdfast_domain::{
    Currency, Deed, Event, FloorOrder, Money, NightStep, OperationState, Personal, Purpose, Shown, isolated,
};
use std::borrow::Cow;

/// The tab that an event is about, and when it is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EventContext<'a> {
    /// The tab's title. Of what belongs to no tab it isn't used.
    pub(crate) name: &'a str,
    /// Of its amounts. The same.
    pub(crate) currency: Currency,
    /// By which times are said.
    pub(crate) frame: Frame,
}

/// For what belongs to no tab.
pub(crate) const fn of_house(frame: Frame) -> EventContext<'static> {
    EventContext {
        name: "",
        currency: Currency::Gbp,
        frame,
    }
}

/// What happened, as the history says it: there a warning is something that was done.
pub(crate) fn history(event: &Event, personal: &Personal, about: EventContext<'_>) -> String {
    let words = self::event(event, personal, about);
    if matches!(event, Event::Warned(_)) {
        return format!("Warned: {words}");
    }
    words
}

/// What happened, in words, without the amount that stands beside it. One match without a last resort, so that a new
/// event doesn't compile until it has words of its own.
pub(crate) fn event(event: &Event, personal: &Personal, about: EventContext<'_>) -> String {
    let money = |minor: &i64| Money::new(*minor, about.currency);
    match event {
        Event::Former { .. } => former(personal),
        Event::TabOpened => opened(personal, about.name),
        Event::TabEdited => corrected(personal),
        Event::TabClosed => "Closed".to_owned(),
        Event::TabReopened => "Reopened".to_owned(),
        Event::LineAdded { bill, .. } => format!("Bill: {} added, now {}", line(personal), money(bill)),
        Event::LineTakenOff { bill, .. } => format!("Bill: {} removed, now {}", line(personal), money(bill)),
        Event::MovedAway { bill, lines, .. } => moves::went(*lines, personal.name.as_deref(), money(bill)),
        Event::MovedHere { bill, lines, .. } => moves::came(*lines, personal.name.as_deref(), money(bill)),
        Event::BillImported { amount } => format!("Bill: {} brought in from Dojo", money(amount)),
        Event::Decided(deed) => operations::intended(deed, personal.reason.as_deref(), about.currency),
        Event::Moved { deed, state, .. } => operations::answered(deed, *state, reason(event), about.currency),
        Event::PutAside { deed, state, .. } => dismissed(deed, *state, reason(event), about.currency),
        Event::RefundSaid { amount, of } => purpose(*amount, *of, about.currency),
        Event::RestNotAsked { amount, take } => not_asked(money(amount), *take),
        Event::RestNotAskedAgain { amount } => not_asked_again(money(amount)),
        Event::RenewalBegun { amount } => renewal_begun(money(amount)),
        Event::RenewalEnded { amount, how, action } => renewal_ended(money(amount), *how, *action),
        Event::CardDeclined => "The guest’s card was declined".to_owned(),
        Event::Held { card: of, .. } => format!("On hold on {}", card(of)),
        Event::Paid { card: of, .. } => format!("Paid with {}", card(of)),
        Event::PaidAfterCancel { card, is_held, .. } => paid_after_cancel(card, *is_held),
        Event::TakenElsewhere { .. } => "Taken elsewhere, not from this till".to_owned(),
        Event::ReleasedElsewhere { .. } => "Released elsewhere, not from this till".to_owned(),
        Event::RefundedElsewhere { .. } => "Refunded elsewhere, not from this till".to_owned(),
        Event::CancelledElsewhere => CANCELLED_ELSEWHERE.to_owned(),
        Event::LinkEnded => "The request ended unpaid".to_owned(),
        Event::StatusNotKnown => "Dojo shows a state that this version doesn’t know".to_owned(),
        Event::AmountChangedElsewhere { was, amount } => changed_elsewhere(money(was), money(amount)),
        Event::LessTaken { was, amount } => less_taken(money(was), money(amount)),
        Event::MakesNoSense => MAKES_NO_SENSE.to_owned(),
        Event::ReleasedAtDeadline { .. } => "Expired: Dojo released it at the deadline".to_owned(),
        Event::TakenAtDeadline { .. } => "Taken by Dojo at the deadline".to_owned(),
        Event::NotYetEnded { amount } => not_yet_ended(*amount).to_owned(),
        Event::Contradicts { was, is } => contradicts(*was, *is, about.currency),
        Event::ReadingAccepted { was, is } => reading_accepted(*was, *is, about.currency),
        Event::Imported { after_restore } => imported(*after_restore).to_owned(),
        Event::FormerNotShown { words } => after_restore(words),
        Event::NotShown { why } => after_restore(&not_shown(why)),
        Event::AllReadAgain => "Every hold was read again after the backup was restored".to_owned(),
        Event::RequestNotKnown { .. } => not_known(personal),
        Event::HoldsNotOurs { count } => not_ours(*count),
        Event::Warned(of) => warning(&isolated(about.name), *of, about.currency),
        Event::Clock(trouble) => clock(*trouble),
        Event::TillClock { till, trouble } => elsewhere::clock(till, *trouble),
        Event::Seen(of) => format!("Seen: {}", self::event(of, personal, about)),
        Event::SettingsChanged => settings_change(&personal.edits),
        Event::SettingsRepaired => "Settings saved, because some couldn’t be read".to_owned(),
        Event::FloorOrdered(order) => floor_order(*order).to_owned(),
        Event::Night(step) => night(step, personal, about.frame),
        Event::ReportMade {
            number,
            first,
            last,
            takings,
        } => report_made(*number, [*first, *last], takings),
        Event::BackupRestored { name } => format!("The backup {name} was restored"),
        Event::CommitsLost { till, decisions } => elsewhere::commits_lost(till, *decisions),
        Event::FoundOlder => "The ledger file is older than it was before".to_owned(),
        Event::GuestsForgotten { tabs, why } => guests::forgotten(*tabs, *why),
    }
}

/// Why a decision stands where it does.
fn reason(event: &Event) -> Option<String> {
    let (Event::Moved { detail, is_late, .. } | Event::PutAside { detail, is_late, .. }) = event else {
        return None;
    };
    said(detail.as_ref(), *is_late)
}

fn former(personal: &Personal) -> String {
    let words = personal.words.as_deref();
    words.unwrap_or(guests::WORDS_GONE).to_owned()
}

fn opened(personal: &Personal, tab: &str) -> String {
    match &personal.name {
        Some(name) => format!("Opened: {}", isolated(name)),
        None if tab == guests::FORGOTTEN => "Opened".to_owned(),
        None => "Opened without a name".to_owned(),
    }
}

fn corrected(personal: &Personal) -> String {
    if personal.edits.is_empty() {
        return "Details corrected".to_owned();
    }
    let edits = personal.edits.iter().map(|edit| {
        let say = |text: &Option<String>| {
            let text = text.as_deref().filter(|text| !text.is_empty());
            isolated(text.unwrap_or("none")).into_owned()
        };
        format!("{} {} → {}", field(&edit.field), say(&edit.was), say(&edit.is))
    });
    format!("Corrected: {}", edits.collect::<Vec<_>>().join("; "))
}

/// What each of a tab's details is called.
const DETAIL_WORDS: [(Field, &str); 6] = [
    (Field::Name, "name"),
    (Field::Place, "room or table"),
    (Field::Email, "e-mail"),
    (Field::Note, "note"),
    (Field::ArrivesOn, "arrival"),
    (Field::DepartsOn, "departure"),
];

/// A tab's detail, as staff call it. A ledger may name one of another version: that one's name is all there is.
fn field(name: &str) -> &str {
    let field = Field::named(name);
    let known = DETAIL_WORDS.iter().find(|(known, _)| Some(*known) == field);
    known.map_or(name, |(_, words)| words)
}

fn line(personal: &Personal) -> Cow<'_, str> {
    isolated(personal.name.as_deref().unwrap_or("a line"))
}

fn dismissed(deed: &Deed, state: OperationState, why: Option<String>, currency: Currency) -> String {
    format!("Dismissed: {}", operations::answered(deed, state, why, currency))
}

fn purpose(amount: i64, of: Purpose, currency: Currency) -> String {
    let refunded = Money::new(amount, currency);
    format!(
        "Purpose of the refund of {refunded}: {}",
        refund_purpose(amount, of, currency)
    )
}

/// Why the guest wasn't asked for the rest of a bill after a take.
fn not_asked(rest: Money, take: OperationState) -> String {
    let why = match take {
        OperationState::Declined => "the take didn’t go through",
        OperationState::Rejected => "Dojo refused the take",
        OperationState::NotSent => "the take wasn’t sent",
        OperationState::Conflict => "the take doesn’t match what Dojo shows",
        OperationState::Accepted | OperationState::Succeeded => "it wasn’t missing any more",
        OperationState::Absent | OperationState::Intended | OperationState::Unknown => {
            "Dojo has no record of the take"
        }
    };
    format!("The guest wasn’t asked for {rest}: {why}")
}

fn not_asked_again(rest: Money) -> String {
    format!(
        "The guest wasn’t asked for {rest}: a backup was restored, and they may have been asked before. Check Dojo’s \
         portal, then request what is missing"
    )
}

/// A hold of which nobody can say what Dojo did with it.
const MAKES_NO_SENSE: &str = "Dojo’s replies about this card make no sense to this version. Look at the payment in \
                              Dojo’s portal, then dismiss this. Until then nothing is taken from the tab’s other \
                              cards";

fn renewal_begun(held: Money) -> String {
    format!("Renewal of {held}: started. The old hold stays until the new one is in place")
}

/// Whose card.
fn card(ending: &Option<String>) -> String {
    match ending {
        Some(digits) => format!("the guest’s card ending {digits}"),
        None => "the guest’s card".to_owned(),
    }
}

fn paid_after_cancel(ending: &Option<String>, is_held: bool) -> String {
    let card = card(ending);
    if is_held {
        format!("The request was cancelled, and is held now on {card}")
    } else {
        format!("The request was cancelled, and is paid now on {card}")
    }
}

const CANCELLED_ELSEWHERE: &str = "The request ended unpaid: cancelled elsewhere, not from this till";

fn changed_elsewhere(was: Money, is: Money) -> String {
    format!("Changed elsewhere from {was} to {is}, not from this till")
}

fn less_taken(was: Money, is: Money) -> String {
    format!("Dojo shows {is} taken where it showed {was} before")
}

/// Still held: `amount`, in minor units.
const fn not_yet_ended(amount: i64) -> &'static str {
    match amount {
        0 => "Dojo’s record no longer shows that it acted at the deadline",
        _ => "Dojo shows it still on hold: its deadline hasn’t come yet",
    }
}

fn reading_accepted(was: Shown, is: Shown, currency: Currency) -> String {
    format!("Dojo’s reading accepted: {}", contradicts(was, is, currency))
}

fn after_restore(why: &str) -> String {
    if why.is_empty() {
        return "Dojo refused to be read after the backup was restored.".to_owned();
    }
    format!("After the backup was restored: {why}")
}

const fn imported(after_restore: bool) -> &'static str {
    if after_restore {
        "Found at Dojo, missing from the backup"
    } else {
        "Brought in from Dojo"
    }
}

fn not_known(personal: &Personal) -> String {
    let name = isolated(personal.name.as_deref().unwrap_or("A request"));
    format!(
        "{name}: Holdfast on another PC opened this, or it’s older than these records. Bring it in from \
         Settings."
    )
}

fn not_ours(count: u32) -> String {
    match count {
        1 => "Holdfast didn’t make one of the holds at Dojo. We leave it alone.".to_owned(),
        _ => format!("Holdfast didn’t make {count} of the holds at Dojo. We leave them alone."),
    }
}

const fn floor_order(order: FloorOrder) -> &'static str {
    match order {
        FloorOrder::Urgent => "Floor order: most urgent first",
        FloorOrder::Newest => "Floor order: newest first",
        FloorOrder::Name => "Floor order: A to Z",
    }
}

fn night(step: &NightStep, personal: &Personal, frame: Frame) -> String {
    let name = isolated(personal.name.as_deref().unwrap_or(guests::FORGOTTEN));
    match step {
        NightStep::Begun => "Closing the night: begun".to_owned(),
        NightStep::Resumed => "Closing the night: continued".to_owned(),
        NightStep::RestLeft => "Closing the night: stopped, the rest left open".to_owned(),
        NightStep::RowDone => format!("Closing the night: {name}: done"),
        NightStep::RowFailed { why } => format!("Closing the night: {name}: {}", row_trouble(why, frame)),
        NightStep::Finished => "Closing the night: finished".to_owned(),
        NightStep::Stopped => "Closing the night: stopped".to_owned(),
    }
}

fn report_made(number: i64, [first, last]: [i64; 2], takings: &[Money]) -> String {
    let takings: Vec<String> = takings.iter().map(Money::to_string).collect();
    format!(
        "Night report {number} made: transactions {first} to {last}, takings {}",
        takings.join(" and ")
    )
}
