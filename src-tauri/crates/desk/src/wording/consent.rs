//! What changed on a tab since a person looked, a sentence each, and that nothing was sent.

use super::dates::clock_time;
use super::operations::what_of;
use super::seen_card;
use crate::context::frame::Frame;
use chrono::{DateTime, Utc};
use holdfast_domain::{ChangedBy, DeadlineAction, Money, TabChange};

/// A sentence for each change.
pub(crate) fn changes(all: &[TabChange], frame: Frame) -> Vec<String> {
    all.iter().map(|one| change(one, frame)).collect()
}

/// That nothing was sent because of `changes`.
pub(crate) fn not_sent(changes: &[String]) -> String {
    format!(
        "{} Nothing was sent. Check the new figures first.",
        changes.join(" ")
    )
}

/// That a tab isn't closed because of `changes`.
pub(crate) fn not_closed(changes: &[String]) -> String {
    format!(
        "{} It stays open. Look at it before it’s closed.",
        changes.join(" ")
    )
}

fn change(change: &TabChange, frame: Frame) -> String {
    let when = |at: &DateTime<Utc>| clock_time(*at, frame);
    match change {
        TabChange::Requested { money, at } => format!("{money} was requested at {}.", when(at)),
        TabChange::Added { money, at, by } => {
            format!("{money} was added to the bill at {} by {by}.", when(at))
        }
        TabChange::CameOff { money, at, by } => format!("{money} came off the bill at {} by {by}.", when(at)),
        TabChange::Due(money) => format!("Still to take: {money}."),
        TabChange::Closed { at } => format!("This tab was closed at {}.", when(at)),
        TabChange::Reopened => "This tab was reopened.".to_owned(),
        TabChange::Held { money, card, since } => held(
            *money,
            card.as_ref().map(seen_card),
            since.map(|at| clock_time(at, frame)),
        ),
        TabChange::Card(Some(card)) => format!("The card is {} now.", seen_card(card)),
        TabChange::Card(None) => "The card is unknown now.".to_owned(),
        TabChange::Taken { money, at, by } => format!("{money} was taken at {} {}.", when(at), said_by(by)),
        TabChange::LessTaken(money) => format!("Dojo shows {money} taken now."),
        TabChange::Refunded { money, at, by } => {
            format!("{money} was refunded at {} {}.", when(at), said_by(by))
        }
        TabChange::RefundedElsewhere(money) => format!("{money} was refunded outside this till."),
        TabChange::LessRefunded(money) => format!("Dojo shows {money} refunded now."),
        TabChange::Expired { money, at } => {
            format!("{money} dropped off the card at {}, at the deadline.", when(at))
        }
        TabChange::Released { money, at, by } => {
            format!("{money} was released at {} {}.", when(at), said_by(by))
        }
        TabChange::ReleasedElsewhere(money) => {
            format!("{money} is no longer on hold: it was released outside this till.")
        }
        TabChange::Asked(money) => format!("{money} is requested now."),
        TabChange::DeadlineAction(action) => at_deadline(*action).to_owned(),
        TabChange::UnderWay {
            deed,
            currency,
            at,
            by,
        } => {
            let what = what_of(deed, *currency);
            format!("“{what}” is under way, {} at {}.", said_by(by), when(at))
        }
        TabChange::Ended => "A request that was under way has ended.".to_owned(),
        TabChange::Figures => "The figures of this tab have changed.".to_owned(),
        TabChange::NotTaken { money, card, at, by } => {
            let card = card.as_ref().map_or_else(|| "a card".to_owned(), seen_card);
            format!(
                "A take of {money} from {card} {} at {} came to nothing. Other cards come first now.",
                said_by(by),
                when(at)
            )
        }
    }
}

fn held(money: Money, card: Option<String>, since: Option<String>) -> String {
    match (card, since) {
        (Some(card), Some(since)) => format!("{money} is on hold on {card} since {since}."),
        (Some(card), None) => format!("{money} is on hold on {card}."),
        (None, Some(since)) => format!("{money} is on hold since {since}."),
        (None, None) => format!("{money} is on hold."),
    }
}

const fn at_deadline(action: Option<DeadlineAction>) -> &'static str {
    match action {
        Some(DeadlineAction::Capture) => "At the deadline Dojo takes the rest now.",
        Some(DeadlineAction::Release) => "At the deadline Dojo releases the rest now.",
        None => "At the deadline Dojo does nothing that we know of now.",
    }
}

fn said_by(by: &ChangedBy) -> String {
    match by {
        ChangedBy::Person(actor) => format!("by {actor}"),
        ChangedBy::Night => "by the night".to_owned(),
        ChangedBy::DojoAtDeadline => "by Dojo at the deadline".to_owned(),
        ChangedBy::Dojo => "by Dojo".to_owned(),
        ChangedBy::Elsewhere => "outside this till".to_owned(),
    }
}
