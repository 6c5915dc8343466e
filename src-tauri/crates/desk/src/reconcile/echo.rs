//! What Dojo made of a request, held against what it was asked.

use crate::reconcile::observe::{deadline_action, mode};
use crate::wording::say_span;
use holdfast_dojo as dojo;
use holdfast_domain::{CaptureMode, Currency, DeadlineAction, Hold, Money};

/// How `intent` differs from what was asked for with `hold`, and what to do; none when it is just that.
pub(crate) fn odd_echo(hold: &Hold, intent: &dojo::PaymentIntent) -> Option<String> {
    let odd: Vec<String> = [
        capture_mode(hold, intent),
        interval(hold, intent),
        action(hold, intent),
        amount(hold, intent),
    ]
    .into_iter()
    .flatten()
    .collect();
    let is_foreign = intent
        .amount
        .as_ref()
        .is_some_and(|m| m.currency_code != hold.currency.code());
    let next = if is_foreign {
        "Cancel this request in Dojo’s portal and open a new one."
    } else {
        "Cancel this request and open a new one; release or refund it if the guest has paid by then."
    };
    (!odd.is_empty()).then(|| format!("Dojo did not do what it was asked: {}. {next}", odd.join("; ")))
}

/// Dojo holds something without saying what it does with it at the deadline.
pub(crate) fn silent_action(intent: &dojo::PaymentIntent) -> Option<&'static str> {
    (mode(intent) == Some(CaptureMode::Manual) && deadline_action(intent).is_none())
        .then_some("Dojo does not say what it does at the deadline. Take or release it before that.")
}

fn capture_mode(hold: &Hold, intent: &dojo::PaymentIntent) -> Option<String> {
    let is = mode(intent).filter(|mode| *mode != hold.mode)?;
    let words = match is {
        CaptureMode::Auto => "it takes the money as soon as the guest pays, and was to hold it",
        CaptureMode::Manual => "it holds the money when the guest pays, and was to take it",
    };
    Some(words.to_owned())
}

fn interval(hold: &Hold, intent: &dojo::PaymentIntent) -> Option<String> {
    let (asked, is) = (hold.expire_in?, intent.auto_expire_in?.seconds());
    (asked != is).then(|| {
        format!(
            "it ends the hold after {}, not after {}",
            say_span(is),
            say_span(asked)
        )
    })
}

fn action(hold: &Hold, intent: &dojo::PaymentIntent) -> Option<String> {
    let is_hold = hold.mode == CaptureMode::Manual && mode(intent) != Some(CaptureMode::Auto);
    let asked = hold.expire_action.filter(|_| is_hold)?;
    let words = match (asked, deadline_action(intent)) {
        (asked, Some(is)) if asked == is => return None,
        (_, Some(DeadlineAction::Capture)) => "at the deadline it takes what is held, and was to release it",
        (_, Some(DeadlineAction::Release)) => "at the deadline it releases what is held, and was to take it",
        (_, None) => "it does not say what it does at the deadline",
    };
    Some(words.to_owned())
}

fn amount(hold: &Hold, intent: &dojo::PaymentIntent) -> Option<String> {
    let asked = hold.money(hold.asked);
    let Some(is) = &intent.amount else {
        return Some(format!("it shows no amount, not {asked}"));
    };
    if is.value == hold.asked && is.currency_code == hold.currency.code() {
        return None;
    }
    let known = [Currency::Gbp, Currency::Eur]
        .into_iter()
        .find(|c| c.code() == is.currency_code);
    let is = known.map_or_else(
        || format!("in {}", is.currency_code),
        |currency| Money::new(is.value, currency).to_string(),
    );
    Some(format!("the amount is {is}, not {asked}"))
}
