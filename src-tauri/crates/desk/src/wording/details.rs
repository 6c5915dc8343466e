//! Why an operation stands where it does, as staff read it.

use super::{network, say_span};
use holdfast_domain::{CaptureMode, DeadlineAction, Detail, EchoDifference, Operation};

/// Why an operation stands where it does; none where there is nothing to say.
pub(crate) fn why(operation: &Operation) -> Option<String> {
    said(operation.detail.as_ref(), operation.is_late)
}

/// The same of its parts.
pub(crate) fn said(reason: Option<&Detail>, is_late: bool) -> Option<String> {
    if is_late && reason.is_none() {
        return Some("Dojo’s record shows it late.".to_owned());
    }
    reason.map(detail).filter(|words| !words.is_empty())
}

/// Whether those are somebody else's words, Dojo's or an older version's: ours are sentences.
pub(crate) const fn is_quoted(detail: &Detail) -> bool {
    matches!(
        detail,
        Detail::Former(_) | Detail::Dojo(_) | Detail::FormerNoAnswer(_)
    )
}

/// A reason in words.
pub(crate) fn detail(detail: &Detail) -> String {
    let words = match detail {
        Detail::Former(words) | Detail::Dojo(words) | Detail::FormerNoAnswer(words) => words,
        Detail::NoAnswer(why) => return network::no_answer(*why),
        Detail::KeyNotAccepted => "Dojo rejected the key. Check the key in Settings.",
        Detail::Status(status) => return format!("Dojo refused it ({status})."),
        Detail::EarlierCapture => "Dojo replied with the number of an earlier take.",
        Detail::NoNumber => "Dojo replied without a number for it.",
        Detail::SeveralCaptures(count) => {
            return format!("Dojo shows {count} new takes where we asked for one.");
        }
        Detail::OtherCapture => "Dojo shows a take of another amount.",
        Detail::BankDeclined => "The bank declined it. Nothing was taken.",
        Detail::FailedAtDojo => "It failed at Dojo. Nothing was taken.",
        Detail::TakenInstead => "Dojo shows that money was taken instead.",
        Detail::NothingHeld => "Dojo shows that nothing is on hold.",
        Detail::PaidFirst => "The guest paid first, so the request wasn’t cancelled.",
        Detail::OtherRefund => "Dojo shows another amount refunded.",
        Detail::ReceiptNotConfirmed => "Dojo didn’t confirm the receipt. Send it again if it’s missing.",
        Detail::ShowsSomethingElse => "Dojo accepted it, and shows something else.",
        Detail::StillNotDone => "Dojo accepted it more than a day ago and hasn’t done it.",
        Detail::NotShownAnyMore => "Dojo’s record no longer shows it.",
        Detail::NotAsAsked(differences) => return not_as_asked(differences),
        Detail::NoDeadlineAction => {
            "Dojo doesn’t say what it does at the deadline. Take or release it before that."
        }
    };
    words.to_owned()
}

/// How a payment intent differs from what was asked for, and what to do.
fn not_as_asked(differences: &[EchoDifference]) -> String {
    let all: Vec<String> = differences.iter().map(difference).collect();
    let is_foreign = differences.iter().any(|difference| match difference {
        EchoDifference::Currency { .. } => true,
        EchoDifference::Amount { asked, is } => asked.currency != is.currency,
        EchoDifference::CaptureMode(_)
        | EchoDifference::Interval { .. }
        | EchoDifference::Action(_)
        | EchoDifference::NoAmount { .. } => false,
    });
    let next = if is_foreign {
        "Cancel this request in Dojo’s portal and open a new one."
    } else {
        "Cancel this request and open a new one; release or refund it if the guest has paid by then."
    };
    format!("Dojo didn’t do what we asked: {}. {next}", all.join("; "))
}

fn difference(difference: &EchoDifference) -> String {
    let words = match difference {
        EchoDifference::CaptureMode(CaptureMode::Auto) => {
            "it takes the money as soon as the guest pays, but should hold it"
        }
        EchoDifference::CaptureMode(CaptureMode::Manual) => {
            "it holds the money when the guest pays, but should take it"
        }
        EchoDifference::Interval { asked, is } => {
            return format!(
                "it ends the hold after {}, not after {}",
                say_span(*is),
                say_span(*asked)
            );
        }
        EchoDifference::Action(Some(DeadlineAction::Capture)) => {
            "at the deadline it takes what’s on hold, but should release it"
        }
        EchoDifference::Action(Some(DeadlineAction::Release)) => {
            "at the deadline it releases what’s on hold, but should take it"
        }
        EchoDifference::Action(None) => "it doesn’t say what it does at the deadline",
        EchoDifference::NoAmount { asked } => return format!("it shows no amount, not {asked}"),
        EchoDifference::Amount { asked, is } => return format!("the amount is {is}, not {asked}"),
        EchoDifference::Currency { asked, is } => return format!("the amount is in {is}, not {asked}"),
    };
    words.to_owned()
}
