//! Takes in words: why nothing is taken or refunded now, what has to be confirmed, what keeps a part back.

use super::refusal;
use crate::context::reasons::{KeptBack, TakeRefused, Unconfirmed, Unsettled};
use holdfast_domain::{Action, Money};

/// What to do where the rest would be service charge or tip alone.
pub(super) const ASK_FIRST: &str = "Ask the guest for that much more first, then take all of it at once.";

impl Unsettled {
    /// Why a take waits for it.
    pub(crate) fn keeps_take(self) -> String {
        match self {
            Self::Take(_) | Self::Refund(_) => {
                format!("{} Wait for it: what’s due depends on it.", self.words())
            }
            Self::TakeElsewhere(_) => self.words(),
        }
    }

    /// Why a refund waits for it.
    pub(crate) fn keeps_refund(self) -> String {
        match self {
            Self::Take(_) | Self::Refund(_) => format!(
                "{} Wait for it: what a refund does to the bill depends on it.",
                self.words()
            ),
            Self::TakeElsewhere(money) => format!(
                "Dojo is already taking {money} on this tab. Wait for it: what a refund does to the bill depends on \
                 it. If it stays like this, ask Dojo about it."
            ),
        }
    }

    fn words(self) -> String {
        match self {
            Self::Take(money) => format!("A take of {money} on this tab isn’t settled with Dojo yet."),
            Self::Refund(money) => format!("A refund of {money} on this tab isn’t settled with Dojo yet."),
            Self::TakeElsewhere(money) => format!(
                "Dojo is already taking {money} on this tab. Wait for it: what’s due depends on it. If it stays \
                 like this, ask Dojo about it."
            ),
        }
    }
}

/// Dojo has been taking `money` for over a day, and nobody knows whether it will.
pub(crate) fn stuck(money: Money) -> String {
    format!(
        "Dojo has been taking {money} on this tab for over a day. Ask Dojo about it first: if you take the bill \
         here and Dojo takes that too, the guest pays twice."
    )
}

impl TakeRefused {
    /// For staff.
    pub(crate) fn words(&self) -> String {
        let words = match self {
            Self::Unsettled(open) => return open.keeps_take(),
            Self::NothingHeld => "Nothing is on hold on this tab.",
            Self::CantBeTaken { held, why } => {
                return format!("{held} is on hold. {}", refusal(Action::Take, *why));
            }
            Self::NothingDue => "There’s nothing to take on this bill. Add what the guest had, then take it.",
            Self::TypedTooMuch { typed, due, left } => {
                return format!("You typed {typed}, {due} is due and {left} is on hold. Correct the bill.");
            }
            Self::OverHold {
                is_more,
                over,
                left,
                may_ask,
            } => {
                let is_over = if *is_more {
                    format!("The bill with service charge and tip is {over} over the hold.")
                } else {
                    format!("The bill is {over} over the hold.")
                };
                return if *may_ask {
                    format!("{is_over} Take {left} now and ask the guest for {over}.")
                } else {
                    format!("{is_over} {ASK_FIRST}")
                };
            }
            Self::NothingToTake => "There’s nothing to take yet.",
            Self::TipAlone => "A tip can’t be taken on its own. Add it to the bill.",
        };
        words.to_owned()
    }
}

/// What Dojo takes by itself once part of a hold is taken, and when, as text.
pub(crate) fn dojo_takes_rest(money: Money, when: Option<&str>) -> String {
    let takes = match when {
        Some(when) => format!("Dojo takes the other {money} too, {when}."),
        None => format!("Dojo takes the other {money} too."),
    };
    format!("{takes} Once you take part, nobody can release the rest: you can only refund it.")
}

impl From<Unconfirmed> for String {
    fn from(what: Unconfirmed) -> Self {
        match what {
            Unconfirmed::AboveDue(above) => format!("That’s {above} more than is due. Confirm it first."),
            Unconfirmed::NotAboveDue => {
                "That’s no longer more than is due. Check the figures first.".to_owned()
            }
            Unconfirmed::DojoTakes { money, when } => {
                format!("{} Confirm it first.", dojo_takes_rest(money, when.as_deref()))
            }
            Unconfirmed::DojoTakesNothing => {
                "Dojo takes nothing more after this. Check the figures first.".to_owned()
            }
        }
    }
}

impl KeptBack {
    /// Within a sentence; `then_ask` is what the last part would have asked for.
    pub(crate) fn words(&self, then_ask: Option<Money>) -> String {
        let why = match self {
            Self::Pending => "Dojo hasn’t confirmed the part before it. Take the rest when it has.",
            Self::Unclear => "the part before it isn’t confirmed, and we’re checking with Dojo.",
            Self::Declined => "the part before it didn’t go through.",
            Self::Refused => "Dojo refused the part before it.",
            Self::Offline => "the part before it wasn’t sent. Dojo is offline.",
            Self::Absent => "Dojo has no record of the part before it.",
            Self::Conflict => "the part before it doesn’t match what Dojo shows.",
            Self::Interrupted => {
                "the take was interrupted before it was sent. Check the tab, then take the rest."
            }
            Self::Error(error) => &error.message,
        };
        match then_ask {
            Some(rest) => format!("{why} Nor was the guest asked for the other {rest}."),
            None => why.to_owned(),
        }
    }
}

/// How much wasn't taken, and why.
pub(crate) fn not_taken(money: Money, why: &str) -> String {
    format!("{money} was not taken: {why}")
}

/// From which of a tab's holds something is taken, by its number from the oldest, and its card.
pub(crate) fn from_hold(number: usize, card: Option<&str>) -> String {
    match card {
        Some(card) => format!("From hold {number}, {card}"),
        None => format!("From hold {number}"),
    }
}

/// What stays on hold after a take.
pub(crate) enum Stays {
    /// Its release is under way.
    UntilReleased(Money),
    /// Nothing is known of its end.
    Unknown(Money),
    /// Until when, as text, and whether Dojo takes it then.
    Until {
        money: Money,
        until: String,
        is_taken: bool,
    },
}

/// What a take of `total` would do: of what it is made up, and what stays on hold.
pub(crate) fn preview(total: Money, [bill, service, tip]: [Money; 3], stays: &[Stays]) -> String {
    let [b, s, t] = [bill.digits(), service.digits(), tip.digits()];
    let take = match (service.minor, tip.minor) {
        (1.., 1..) => format!("Take {total} (bill {b} + service {s} + tip {t})."),
        (1.., _) => format!("Take {total} (bill {b} + service {s})."),
        (_, 1..) => format!("Take {total} (bill {b} + tip {t})."),
        (_, _) => format!("Take {total} (bill {b})."),
    };
    let mut said = vec![take];
    if stays.is_empty() {
        said.push("Nothing stays on hold.".to_owned());
    }
    said.extend(stays.iter().map(stays_on_hold));
    said.join(" ")
}

fn stays_on_hold(stays: &Stays) -> String {
    match stays {
        Stays::UntilReleased(money) => {
            format!("{money} is on hold until its release is settled with Dojo.")
        }
        Stays::Unknown(money) => format!("{money} stays on hold."),
        Stays::Until {
            money,
            until,
            is_taken: true,
        } => format!("{money} stays on hold until {until}, then Dojo takes it."),
        Stays::Until {
            money,
            until,
            is_taken: false,
        } => format!("{money} stays on hold until {until}, then drops off the card."),
    }
}

/// A request of `asked` never left, and only `missing` is missing by now.
pub(crate) fn not_missing(asked: Money, missing: Money) -> String {
    if missing.minor == 0 {
        return format!(
            "This request asks for {asked}, and nothing is missing any more. Nothing was sent. Check the tab, then \
             request what is missing."
        );
    }
    format!(
        "This request asks for {asked}, and only {missing} is missing now. Nothing was sent. Check the tab, then \
         request what is missing."
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use holdfast_domain::Currency;

    #[test]
    fn what_dojo_takes_at_an_unknown_time_is_a_sentence_too() {
        let rest = Money::new(2000, Currency::Gbp);
        assert!(dojo_takes_rest(rest, None).starts_with("Dojo takes the other £20.00 too. Once"));
        let at = dojo_takes_rest(rest, Some("Tue 1 Dec, 17:51"));
        assert!(at.starts_with("Dojo takes the other £20.00 too, Tue 1 Dec, 17:51. Once"));
    }

    #[test]
    fn a_take_says_what_it_is_made_up_of() {
        let money = |minor| Money::new(minor, Currency::Gbp);
        let said = |service, tip| {
            let parts = [money(8000), money(service), money(tip)];
            preview(money(8000 + service + tip), parts, &[])
        };
        assert_eq!(said(0, 0), "Take £80.00 (bill 80.00). Nothing stays on hold.");
        assert!(said(800, 0).starts_with("Take £88.00 (bill 80.00 + service 8.00)."));
        assert!(said(0, 500).starts_with("Take £85.00 (bill 80.00 + tip 5.00)."));
        assert!(said(800, 500).starts_with("Take £93.00 (bill 80.00 + service 8.00 + tip 5.00)."));
    }
}
