//! What Dojo made of a request, held against what it was asked.

use crate::reconcile::observe::{deadline_action, mode};
use holdfast_dojo as dojo;
use holdfast_domain::{CaptureMode, Currency, Detail, EchoDifference, Hold, Money};

/// How `intent` differs from what was asked for with `hold`; nothing when it is just that.
pub(crate) fn differences(hold: &Hold, intent: &dojo::PaymentIntent) -> Vec<EchoDifference> {
    let all = [
        mode(intent)
            .filter(|mode| *mode != hold.mode)
            .map(EchoDifference::CaptureMode),
        interval(hold, intent),
        action(hold, intent),
        amount(hold, intent),
    ];
    all.into_iter().flatten().collect()
}

/// Dojo holds something without saying what it does with it at the deadline.
pub(crate) fn silent_action(intent: &dojo::PaymentIntent) -> Option<Detail> {
    let is_silent = mode(intent) == Some(CaptureMode::Manual) && deadline_action(intent).is_none();
    is_silent.then_some(Detail::NoDeadlineAction)
}

fn interval(hold: &Hold, intent: &dojo::PaymentIntent) -> Option<EchoDifference> {
    let (asked, is) = (hold.expire_in?, intent.auto_expire_in?.seconds());
    (asked != is).then_some(EchoDifference::Interval { asked, is })
}

fn action(hold: &Hold, intent: &dojo::PaymentIntent) -> Option<EchoDifference> {
    let is_hold = hold.mode == CaptureMode::Manual && mode(intent) != Some(CaptureMode::Auto);
    let asked = hold.expire_action.filter(|_| is_hold)?;
    let is = deadline_action(intent);
    (is != Some(asked)).then_some(EchoDifference::Action(is))
}

fn amount(hold: &Hold, intent: &dojo::PaymentIntent) -> Option<EchoDifference> {
    let asked = hold.money(hold.asked);
    let Some(is) = &intent.amount else {
        return Some(EchoDifference::NoAmount { asked });
    };
    if is.value == hold.asked && is.currency_code == hold.currency.code() {
        return None;
    }
    let known = Currency::from_code(&is.currency_code);
    Some(known.map_or_else(
        || EchoDifference::Currency {
            asked,
            is: is.currency_code.clone(),
        },
        |currency| EchoDifference::Amount {
            asked,
            is: Money::new(is.value, currency),
        },
    ))
}

#[cfg(test)]
mod tests;
