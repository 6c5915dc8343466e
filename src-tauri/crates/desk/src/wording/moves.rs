//! Moving a part of a bill, as staff read it.

use crate::context::reasons::Unsettled;
use holdfast_domain::{Currency, Money, MoveRefusal, isolated};

/// Why it can't be moved from `from` to `onto`.
pub(crate) fn refused(why: MoveRefusal, from: &str, onto: &str, currency: Currency) -> String {
    let (from, onto) = (isolated(from), isolated(onto));
    let money = |minor: i64| Money::new(minor, currency);
    match why {
        MoveRefusal::SameTab => "It’s on this tab already. Choose another one.".to_owned(),
        MoveRefusal::FromClosed => format!("{from} is closed. Reopen it first."),
        MoveRefusal::OntoClosed => format!("{onto} is closed. Reopen it first."),
        MoveRefusal::OtherCurrency => {
            format!("{onto} is in another currency. Choose a tab in the same one.")
        }
        MoveRefusal::FromPayment => "A payment has no running bill. There’s nothing to move.".to_owned(),
        MoveRefusal::OntoPayment => {
            format!("{onto} is a payment and has no running bill. Choose another tab.")
        }
        MoveRefusal::NothingChosen => "Choose what to move.".to_owned(),
        MoveRefusal::LineGone => {
            "A line that you chose isn’t on this bill any more. Choose again.".to_owned()
        }
        MoveRefusal::NothingDue => "All of this bill is paid. There’s nothing to move.".to_owned(),
        MoveRefusal::TooMuch { chosen, due } => format!(
            "You chose {}, and only {} is still to take. What’s paid stays on this tab. Choose less.",
            money(chosen),
            money(due)
        ),
        MoveRefusal::OntoPaidBeyond => format!(
            "More was paid on {onto} than its bill. Refund that first, or say what its refund was for."
        ),
        MoveRefusal::OntoTooLarge => format!("The bill of {onto} would be too large. Choose less."),
    }
}

/// A take or refund on `tab` is under way, so nobody knows what is due there.
pub(crate) fn waits(tab: &str, unsettled: Unsettled) -> String {
    let (what, money) = match unsettled {
        Unsettled::Refund(money) => ("refund", money),
        Unsettled::Take(money) | Unsettled::TakeElsewhere(money) => ("take", money),
    };
    let tab = isolated(tab);
    format!("A {what} of {money} on {tab} isn’t settled with Dojo yet. Wait for it, then move.")
}

/// That nothing was moved because of `changes`.
pub(crate) fn not_moved(changes: &[String]) -> String {
    format!(
        "{} Nothing was moved. Check the new figures first.",
        changes.join(" ")
    )
}

/// What changed on the other tab, told beside what changed on this one.
pub(crate) fn on_other(tab: &str, change: &str) -> String {
    format!("{}: {change}", isolated(tab))
}

/// The figures differ from what the person saw, and nothing else does.
pub(crate) const LOOK_AGAIN: &str = "The amount has changed. Nothing was moved. Check the new figures first.";

pub(crate) const NO_TAB: &str = "Choose the tab that it goes to.";

pub(crate) const NO_NAME: &str = "Type a name for the new tab.";

pub(crate) fn too_long(most: usize) -> String {
    format!("Use at most {most} characters.")
}

/// A tab whose title is not known any more.
const ANOTHER: &str = "another tab";

/// Where a line went.
pub(crate) fn gone_to(title: Option<&str>) -> String {
    format!("moved to {}", isolated(title.unwrap_or(ANOTHER)))
}

/// Where a line came from.
pub(crate) fn came_from(title: Option<&str>) -> String {
    format!("from {}", isolated(title.unwrap_or(ANOTHER)))
}

/// A share of a bill, as a line of one.
pub(crate) const SHARE: &str = "Share of the bill";

/// The history's words; `lines` is how many, or none of them where it was a share.
pub(crate) fn went(lines: u32, title: Option<&str>, bill: Money) -> String {
    format!("Bill: {} {}, now {bill}", counted(lines), gone_to(title))
}

pub(crate) fn came(lines: u32, title: Option<&str>, bill: Money) -> String {
    format!("Bill: {} came {}, now {bill}", counted(lines), came_from(title))
}

fn counted(lines: u32) -> String {
    match lines {
        0 => "a share".to_owned(),
        1 => "1 line".to_owned(),
        many => format!("{many} lines"),
    }
}

/// The confirming button, with where it goes once that is chosen.
pub(crate) fn button(amount: Money, onto: Option<&str>) -> String {
    match onto {
        Some(onto) if amount.minor > 0 => format!("Move {amount} to {}", isolated(onto)),
        _ if amount.minor > 0 => format!("Move {amount}"),
        _ => "Move".to_owned(),
    }
}

/// What to do about a bill that is over its hold afterwards.
pub(crate) fn over(onto: &str, over: Money) -> String {
    format!(
        "{} is {over} over its hold then. Hold {over} more next.",
        isolated(onto)
    )
}

/// The other tab has nothing on hold.
pub(crate) fn nothing_held(onto: &str, due: Money) -> String {
    format!(
        "Nothing is on hold on {}. Request a hold of {due} next.",
        isolated(onto)
    )
}

/// Nothing is left on the tab, so it's closed with this.
pub(crate) fn closes(from: &str) -> String {
    format!("Nothing is left on {} then, so this closes it.", isolated(from))
}

/// What is on hold stays, for a person to release where that can be.
pub(crate) fn keeps_hold(from: &str, held: Money, may_release: bool) -> String {
    let stays = format!("{held} stays on hold on {}", isolated(from));
    if may_release {
        format!("{stays}. Release it next, if the guest doesn’t need it any more.")
    } else {
        format!("{stays} until it drops off the card.")
    }
}

/// A request that nobody has paid stays too.
pub(crate) fn keeps_request(from: &str, asked: Money) -> String {
    format!(
        "The request for {asked} stays on {}. Cancel it next, if the guest doesn’t need it any more.",
        isolated(from)
    )
}

/// What is paid stays on the card that paid it.
pub(crate) fn keeps_taken(from: &str, taken: Money) -> String {
    format!("{taken} that was taken stays on {}.", isolated(from))
}

/// What is still on hold where the bill is gone.
pub(crate) fn still_held(from: &str, held: Money, card: Option<&str>) -> String {
    let card = card.map_or_else(String::new, |card| format!(" on {card}"));
    format!(
        "On {}, {held} is still on hold{card}. Release it, or keep it for later.",
        isolated(from)
    )
}

/// What is still requested there.
pub(crate) fn still_requested(from: &str, asked: Money) -> String {
    format!(
        "On {}, the request for {asked} is still open. Cancel it, or keep it.",
        isolated(from)
    )
}

/// A new tab that nobody has named yet.
pub(crate) const NEW_TAB: &str = "the new tab";

/// Where a tab is, or on which card, and what is still to take there: a line below its name.
pub(crate) fn stands(place: Option<&str>, four: Option<&str>, due: &str) -> String {
    let card = four.map(|four| format!("card {four}"));
    let what = place.map(|place| isolated(place).into_owned()).or(card);
    what.map_or_else(String::new, |what| format!("{what} · ")) + due + " to take"
}

/// What happened.
pub(crate) fn done(amount: Money, from: &str, onto: &str, closed: bool) -> String {
    let (from, onto) = (isolated(from), isolated(onto));
    let closed = if closed {
        format!(" {from} is closed.")
    } else {
        String::new()
    };
    format!("{amount} moved from {from} to {onto}.{closed}")
}

/// One equal part of a bill.
pub(crate) fn one_of(ways: i64) -> String {
    match ways {
        2 => "Half".to_owned(),
        3 => "A third".to_owned(),
        _ => "A quarter".to_owned(),
    }
}
