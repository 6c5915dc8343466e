//! Why an operation stands where it does.

use crate::{CaptureMode, DeadlineAction, Money, NoAnswer};
use serde::{Deserialize, Serialize};

/// Why an operation stands where it does: a reason, never a sentence. The desk words it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Detail {
    /// What an older ledger kept, in words.
    Former(String),
    /// Dojo refused it, in its own words.
    Dojo(String),
    /// Dojo doesn't accept the key.
    KeyNotAccepted,
    /// Dojo refused it with this status and without a word.
    Status(u16),
    /// What happened to the request or its answer on the way, in a former version's words.
    FormerNoAnswer(String),
    /// What happened to the request or its answer on the way.
    NoAnswer(NoAnswer),
    /// Dojo answered with the number of a capture that was there before.
    EarlierCapture,
    /// Dojo answered without a number.
    NoNumber,
    /// Dojo shows several new captures where one was asked for; how many.
    SeveralCaptures(u32),
    /// Dojo shows a capture of another amount.
    OtherCapture,
    /// The bank declined it.
    BankDeclined,
    /// It failed at Dojo.
    FailedAtDojo,
    /// Money was taken where a release was asked for.
    TakenInstead,
    /// Nothing was held that could be released.
    NothingHeld,
    /// The guest paid before the request could be cancelled.
    PaidFirst,
    /// Dojo shows another amount refunded.
    OtherRefund,
    /// Dojo didn't confirm that the receipt was sent.
    ReceiptNotConfirmed,
    /// Dojo accepted it and shows something else.
    ShowsSomethingElse,
    /// Dojo accepted it, and hasn't done it a day later.
    StillNotDone,
    /// It was done, and Dojo's record doesn't show it any more.
    NotShownAnyMore,
    /// The payment intent isn't what was asked for.
    NotAsAsked(Vec<EchoDifference>),
    /// Dojo doesn't say what it does at the deadline.
    NoDeadlineAction,
}

/// How a payment intent differs from what was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EchoDifference {
    /// It is of this mode.
    CaptureMode(CaptureMode),
    /// The hold ends after `is` seconds instead of `asked`.
    Interval {
        /// Seconds.
        asked: i64,
        /// Seconds.
        is: i64,
    },
    /// What Dojo does at the deadline; none where it doesn't say.
    Action(Option<DeadlineAction>),
    /// It shows no amount.
    NoAmount {
        /// What was asked for.
        asked: Money,
    },
    /// It is of another amount.
    Amount {
        /// What was asked for.
        asked: Money,
        /// What it is of.
        is: Money,
    },
    /// It is in another currency, which this program doesn't know.
    Currency {
        /// What was asked for.
        asked: Money,
        /// Dojo's code for the other.
        is: String,
    },
}
