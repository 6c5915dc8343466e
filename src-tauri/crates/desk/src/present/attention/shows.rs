//! What Dojo's record shows of a hold, in one line.

use chrono::{DateTime, Utc};
use holdfast_domain::{Hold, HoldState};

/// What the newest reading showed.
pub(super) fn shows(hold: &Hold, now: DateTime<Utc>) -> String {
    let money = |minor| hold.money(minor).to_string();
    let first = match hold.state(now) {
        HoldState::Opening if hold.intent_id.is_none() => "no request with this reference".to_owned(),
        HoldState::Opening => "the request, not read yet".to_owned(),
        HoldState::Waiting => "the guest hasn’t paid, nothing is on hold".to_owned(),
        HoldState::Held => format!("{} on hold, nothing taken", money(hold.authorised())),
        HoldState::PartTaken => format!(
            "{} taken, {} still on hold",
            money(hold.captured()),
            money(hold.left())
        ),
        HoldState::Taken | HoldState::PartRefunded => format!("{} taken", money(hold.captured())),
        HoldState::Refunded => format!("{} taken, all of it refunded", money(hold.captured())),
        HoldState::Released => "released, nothing is on hold".to_owned(),
        HoldState::Expired => "released at the deadline, nothing is on hold".to_owned(),
        HoldState::TakenByDojo => format!("{} taken at the deadline", money(hold.captured())),
        HoldState::Cancelled => "the request is cancelled".to_owned(),
        HoldState::Overdue => format!("{} on hold past its deadline", money(hold.left())),
        HoldState::Unreadable => "a state that this version doesn’t know".to_owned(),
    };
    let mut parts = vec![first];
    if hold.pending() > 0 {
        parts.push(format!("{} being taken", money(hold.pending())));
    }
    if hold.refunded() > 0 && hold.refunded() < hold.captured() {
        parts.push(format!("{} refunded", money(hold.refunded())));
    }
    let line = parts.join(", ");
    let mut letters = line.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
