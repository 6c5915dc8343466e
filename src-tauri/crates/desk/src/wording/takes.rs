//! Why nothing is taken or refunded now, as staff read it.

use holdfast_domain::{Money, OperationKind};

/// A take or refund of `money` is open.
pub(crate) fn open(kind: OperationKind, money: Money) -> String {
    let what = if kind == OperationKind::Refund {
        "refund"
    } else {
        "take"
    };
    format!("A {what} of {money} on this tab isn’t settled with Dojo yet.")
}

/// A take waits for `open`.
pub(crate) fn take_waits(open: &str) -> String {
    format!("{open} Wait for it: what’s due depends on it.")
}

/// A take waits for one that Dojo shows and nobody here decided.
pub(crate) fn take_waits_for_other(money: Money) -> String {
    format!(
        "Dojo is already taking {money} on this tab. Wait for it: what’s due depends on it. If it stays like \
         this, ask Dojo about it."
    )
}

/// A refund waits for `open`.
pub(crate) fn refund_waits(open: &str) -> String {
    format!("{open} Wait for it: what a refund does to the bill depends on it.")
}

/// A request of `asked` never left, and only `missing` is missing by now.
pub(crate) fn not_missing(asked: Money, missing: Money) -> String {
    let now = if missing.minor == 0 {
        "nothing is missing any more".to_owned()
    } else {
        format!("only {missing} is missing now")
    };
    format!(
        "This request asks for {asked}, and {now}. Nothing was sent. Check the tab, then request what is missing."
    )
}

/// More is to be taken than the `left` that is held. `is_more`: with service charge or tip. `may_ask`: for the rest.
pub(crate) fn over_hold(is_more: bool, over: Money, left: Money, may_ask: bool) -> String {
    let what = if is_more {
        "The bill with service charge and tip"
    } else {
        "The bill"
    };
    if may_ask {
        format!("{what} is {over} over the hold. Take {left} now and ask the guest for {over}.")
    } else {
        format!("{what} is {over} over the hold. {ASK_FIRST}")
    }
}

/// What to do where the rest would be service charge or tip alone.
pub(crate) const ASK_FIRST: &str = "Ask the guest for that much more first, then take all of it at once.";
