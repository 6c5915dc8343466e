//! What closing the night is called: the sentence above the table, the button, its confirm; and what is under way.

use super::NightRow;
use crate::night::run::{NightAction, Plan};
use crate::present::view::Money as MoneyView;
use crate::wording::night::{self, requests, tabs};
use holdfast_domain::Money;

pub(super) fn all(sums: &[MoneyView]) -> String {
    let texts: Vec<&str> = sums.iter().map(|m| m.text.as_str()).collect();
    texts.join(" and ")
}

/// What becomes of a tab, with what is taken or released.
pub(crate) fn becomes(action: NightAction, money: Option<Money>, stays_open: bool) -> String {
    let money = money.map(|money| format!(" {money}")).unwrap_or_default();
    let open = if stays_open { ", stays open" } else { "" };
    match action {
        NightAction::Take => format!("Take{money}{open}"),
        NightAction::Release => format!("Release{money}{open}"),
        NightAction::Cancel => format!("Cancel the request{open}"),
        NightAction::PutAway => "Close tab".to_owned(),
        NightAction::Leave => "Leave open".to_owned(),
    }
}

/// What was confirmed for a tab.
pub(super) fn planned(plan: &Plan) -> String {
    plan.action.map_or_else(
        || plan.former_words.clone(),
        |action| becomes(action, plan.money, plan.stays_open),
    )
}

/// What became of a tab, once all that was planned is done.
pub(super) fn done(plan: Option<&Plan>) -> String {
    let money = plan.and_then(|plan| plan.money);
    match plan.and_then(|plan| plan.action) {
        Some(NightAction::Take) => night::taken_now(money),
        Some(NightAction::Release) => night::released_now(money),
        Some(NightAction::Cancel) => night::REQUEST_CANCELLED.to_owned(),
        Some(NightAction::PutAway) => "Closed".to_owned(),
        Some(NightAction::Leave) | None => "Done".to_owned(),
    }
}

/// What is under way: `Taking £76.00…`.
pub(super) fn doing(plan: Option<&Plan>) -> String {
    let money = plan.and_then(|plan| plan.money);
    match plan.and_then(|plan| plan.action) {
        Some(NightAction::Take) => night::taking_now(money),
        Some(NightAction::Release) => night::releasing_now(money),
        Some(NightAction::Cancel) => "Cancelling…".to_owned(),
        Some(NightAction::PutAway | NightAction::Leave) | None => night::SENT.to_owned(),
    }
}

/// The button above the table, with what it is about: how many tabs, and the amount.
pub(super) fn button(rows: &[NightRow], taking: &[MoneyView], releasing: &[MoneyView]) -> String {
    let count = |action| rows.iter().filter(|r| r.action == action).count();
    let chosen = rows.len().saturating_sub(count(NightAction::Leave));
    match (count(NightAction::Take), count(NightAction::Release)) {
        (n, _) if n > 0 && n == chosen => format!("Take {}, {}", tabs(n), all(taking)),
        (0, n) if n > 0 && n == chosen => format!("Release {}, {}", tabs(n), all(releasing)),
        (0, _) => format!("Close {}", tabs(chosen)),
        (_, _) => format!("Close {}, take {}", tabs(chosen), all(taking)),
    }
}

/// The confirm: its verb and its amount.
pub(super) fn confirm(rows: &[NightRow], taking: &[MoneyView], releasing: &[MoneyView]) -> String {
    let has = |action| rows.iter().any(|r| r.action == action);
    if has(NightAction::Take) {
        format!("Take {}", all(taking))
    } else if has(NightAction::Release) {
        format!("Release {}", all(releasing))
    } else {
        button(rows, taking, releasing)
    }
}

/// What is going to be done, in one sentence.
pub(super) fn sentence(rows: &[NightRow], taking: &[MoneyView], releasing: &[MoneyView]) -> String {
    let count = |action| rows.iter().filter(|r| r.action == action).count();
    let mut parts = Vec::new();
    match count(NightAction::Take) {
        0 => {}
        n => parts.push(format!("Take {} from {}", all(taking), tabs(n))),
    }
    match count(NightAction::Release) {
        0 => {}
        n => parts.push(format!("release {} on {}", all(releasing), tabs(n))),
    }
    match count(NightAction::Cancel) {
        0 => {}
        n => parts.push(format!("cancel {}", requests(n))),
    }
    match count(NightAction::PutAway) {
        0 => {}
        n => parts.push(format!("close {}", tabs(n))),
    }
    let left = count(NightAction::Leave);
    if parts.is_empty() {
        return match left {
            0 => "No tabs open.".to_owned(),
            1 => "Nothing to close. 1 tab carries over.".to_owned(),
            many => format!("Nothing to close. {many} tabs carry over."),
        };
    }
    if left > 0 {
        parts.push(format!("leave {} open", tabs(left)));
    }
    let mut sentence = parts.join(", ");
    if let Some(first) = sentence.get(..1).map(str::to_uppercase) {
        sentence.replace_range(..1, &first);
    }
    sentence.push('.');
    let taken = || rows.iter().filter(|row| row.action == NightAction::Take);
    let of = |sums: &[&MoneyView]| {
        (
            all(&crate::present::view::sums(sums.iter().copied())),
            tabs(sums.len()),
        )
    };
    let above: Vec<&MoneyView> = taken().filter_map(|row| row.above.as_ref()).collect();
    if !above.is_empty() {
        let (sum, tabs) = of(&above);
        sentence.push_str(&format!(" That’s {sum} more than is due, on {tabs}."));
    }
    let takes: Vec<&MoneyView> = taken()
        .filter_map(|row| Some(&row.dojo_takes.as_ref()?.money))
        .collect();
    if !takes.is_empty() {
        let (sum, tabs) = of(&takes);
        sentence.push_str(&format!(" Dojo takes another {sum} at the deadline, on {tabs}."));
    }
    sentence
}
