//! What was done at another till that shares the ledger, and that the ledger can't be reached.

use super::{EventContext, history};
use holdfast_domain::{ClockTrouble, Event, Money, OperationKind, OperationState, Personal, isolated};

/// Under a row's name, where its tab was changed last.
pub(crate) fn row(till: &str, at: &str) -> String {
    format!("changed at {}, {at}", isolated(till))
}

/// Above the open tab: who changed it where, and what.
pub(crate) fn title(till: &str, by: &str, what: &str) -> String {
    format!("Changed at {} by {}: {what}", isolated(till), isolated(by))
}

/// Under that.
pub(crate) fn up_to_date(at: &str) -> String {
    format!("{at}. These figures are up to date.")
}

/// What it was. What is about a guest isn't known here.
pub(crate) fn what(event: &Event, about: EventContext<'_>) -> String {
    let money = |minor: i64| Money::new(minor, about.currency);
    if let Event::LineAdded { amount, .. } = event {
        return format!("{} added to the bill", money(*amount));
    }
    if let Event::LineTakenOff { amount, .. } = event {
        return format!("{} removed from the bill", money(amount.saturating_abs()));
    }
    if let Event::Moved {
        deed,
        state: OperationState::Succeeded,
        ..
    } = event
    {
        let all = money(deed.amount.saturating_add(deed.tip));
        match deed.kind {
            OperationKind::Capture => return format!("{all} taken"),
            OperationKind::Reversal => return format!("{all} released"),
            OperationKind::Refund => return format!("{all} refunded"),
            OperationKind::Create
            | OperationKind::Cancel
            | OperationKind::SetAmount
            | OperationKind::SetTips
            | OperationKind::Receipt => {}
        }
    }
    history(event, &Personal::default(), about)
}

/// That the shared ledger lost what it had confirmed, as this till found, and how many of its decisions were among it.
pub(crate) fn commits_lost(till: &str, decisions: u32) -> String {
    let till = isolated(till);
    let own = match decisions {
        0 => format!("None of {till}’s own decisions is missing."),
        1 => format!(
            "1 of {till}’s decisions was missing. It’s back as not confirmed until Dojo’s record settles it."
        ),
        _ => format!(
            "{decisions} of {till}’s decisions were missing. They’re back as not confirmed until Dojo’s record settles \
             them."
        ),
    };
    format!(
        "{till} found that the shared ledger’s server lost entries it had confirmed. {own} Don’t take or refund \
         anything a second time. Add the bills and notes that are missing, and tell your administrator."
    )
}

/// What is wrong with the clock of one of several tills.
pub(crate) fn clock(till: &str, trouble: ClockTrouble) -> String {
    format!("At {}: {}", isolated(till), super::clock(trouble))
}

/// While it's away, since then.
pub(crate) fn away(since: &str) -> String {
    format!(
        "The shared ledger can’t be reached since {since}. You see what was known then, and nothing can be changed. \
         We try again by ourselves."
    )
}

/// What a person types to leave a shared ledger whose names nobody can read.
pub(crate) const LEAVE: &str = "leave";

/// What leaving the shared ledger means. `open`: how many tabs are open there, as far as anybody knows. `is_here`: its
/// server answers.
pub(crate) fn leaving(till: Option<&str>, open: Option<usize>, is_here: bool, phrase: &str) -> String {
    let [name, it] = ["This till", "this till"].map(|nameless| till.map_or(nameless.into(), isolated));
    let bring = " Don’t bring them in from Dojo while another till works on them.";
    let tabs = match open {
        Some(0) => "No tab is open there.".to_owned(),
        Some(1) => "The open tab stays with the other tills, and this one no longer shows or watches it. Don’t bring \
             it in from Dojo while another till works on it."
            .to_owned(),
        Some(count) => format!(
            "The {count} open tabs stay with the other tills, and this one no longer shows or watches them.{bring}"
        ),
        None => {
            format!("Open tabs stay with the other tills, and this one no longer shows or watches them.{bring}")
        }
    };
    let away = if is_here {
        ""
    } else {
        " If its server never comes back, restore its backup on another one; “holdfast-cli ledger export” and \
         “holdfast-cli restore” then bring the tabs here."
    };
    format!(
        "{name} will have a ledger of its own again, on this PC. {tabs}{away} Have {it} retired at the server: joining \
         again needs a new code. Type “{phrase}” to leave."
    )
}

pub(crate) fn leaving_not_confirmed(phrase: &str) -> String {
    format!("Type “{phrase}”, or stay on the shared ledger.")
}

/// In the tray, once it's away for long: since then.
pub(crate) fn nobody_warns(since: &str) -> String {
    format!("The shared ledger is away since {since}: nobody is warned of deadlines")
}

pub(crate) const AWAY: &str = "The shared ledger is away";

/// Outside the window, once: it's away since then.
pub(crate) fn away_for_long(since: &str) -> String {
    format!(
        "It can’t be reached since {since}. Nobody is warned of deadlines meanwhile, except by what this till knew \
         then. Check the network and the server. In an emergency, take or release in Dojo’s portal."
    )
}

/// A warning by what was known then.
pub(crate) fn as_known(at: &str, warning: &str) -> String {
    format!("As known at {at}: {warning}")
}

pub(crate) const OPENED_ELSEWHERE: &str = "This till was opened elsewhere, so nothing can be changed from here. \
     Close this window.";
pub(crate) const NOT_ADMITTED: &str = "The shared ledger doesn’t let this till in any more: it was retired. You see \
     what was known last, and nothing can be changed. Have it enrolled again, start Holdfast again, and join with the \
     new code.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_till_says_where_by_whom_and_what() {
        let words = title("Bar 2", "Sam", "£40.00 taken");
        assert_eq!(
            words.replace(['\u{2068}', '\u{2069}'], ""),
            "Changed at Bar 2 by Sam: £40.00 taken"
        );
        assert!(
            away("21:04")
                .starts_with("The shared ledger can’t be reached since 21:04. You see what was known then")
        );
    }
}
