//! Which of a tab's buttons comes first, which stand beside it, and what stands there where nothing can be taken.

use crate::account::Account;
use crate::account::allowed::refused;
use crate::account::facts::Facts;
use crate::account::state::state;
use crate::context::frame::Frame;
use crate::operations::bill::close_refused;
use crate::present::further::FurtherHold;
use crate::present::view::{self, NextStep, TabKeys, TabStep};
use crate::wording::{self, buttons};
use holdfast_domain::{Action, Hold, Kind, Operation, TabState};
use std::slice;

/// What the choice is made by.
pub(crate) struct Known<'a> {
    /// The tab.
    pub(crate) account: &'a Account,
    /// What it is and comes to.
    pub(crate) facts: &'a Facts,
    /// Its holds as they're shown, the newest first.
    pub(crate) holds: &'a [view::Hold],
    /// What a key acts on.
    pub(crate) keys: TabKeys,
    /// What of it can be taken now.
    pub(crate) at_hand: &'a view::Money,
    /// What the bill is beyond all that is taken, on hold and requested.
    pub(crate) missing: Option<&'a view::Money>,
    /// When, and by which clock.
    pub(crate) frame: Frame,
}

/// The step that a person is most likely to take next, of those that are allowed.
pub(crate) fn next(known: &Known<'_>) -> Option<NextStep> {
    let Known {
        account,
        facts,
        holds,
        keys,
        ..
    } = known;
    if account.tab.closed_at.is_some() {
        return None;
    }
    let is_due = facts.due > 0;
    let more = || {
        let money = known.missing.filter(|_| account.tab.kind != Kind::Payment)?;
        let words = if facts.left > 0 {
            buttons::hold_more(&money.text)
        } else {
            buttons::hold(&money.text)
        };
        Some((TabStep::HoldMore, words))
    };
    let close = || {
        keys.close_tab
            .map(|_| (TabStep::CloseTab, buttons::CLOSE_TAB.to_owned()))
    };
    let closes_paid = || close().filter(|_| facts.captured > 0 && !is_due);
    let shows_of = |is_renewal: bool| {
        let shown = holds.iter().find(|hold| Some(hold.id) == keys.show_qr)?;
        let is_new = shown.renewal.as_ref().is_some_and(|renewal| renewal.is_new);
        (is_new == is_renewal).then(|| (TabStep::ShowQr, buttons::SHOW_QR.to_owned()))
    };
    // What is due comes before a renewal's link.
    let shows_renewal = || shows_of(true).filter(|_| !is_due);
    let sends = || {
        let asked = &holds.iter().find(|hold| Some(hold.id) == keys.send_again)?.amount;
        // Beside other holds what it asks for may not be missing any more: then it's refused.
        let is_missing = known.missing.is_some_and(|missing| missing.minor >= asked.minor);
        (facts.held == 0 || is_missing).then(|| (TabStep::SendAgain, buttons::send_again(&asked.text)))
    };
    let asks_once_more = || {
        let mut newest_first = account.holds.iter().rev();
        let is_refused =
            |hold: &Hold, its: &[Operation]| state(hold, its, known.frame.now) == TabState::Refused;
        let (refused, _) = newest_first.find(|(hold, its)| is_refused(hold, its))?;
        let amount = refused.seen.as_ref().map_or(refused.asked, |seen| seen.amount);
        let words = buttons::hold(&refused.money(amount).to_string());
        (facts.left == 0 && keys.hold_more).then_some((TabStep::HoldMore, words))
    };
    let renews = || {
        let is_too_short = holds.iter().any(|hold| hold.renew.is_some());
        let hold = holds.iter().find(|hold| Some(hold.id) == keys.renew)?;
        (!is_due && is_too_short).then(|| (TabStep::Renew, buttons::renew(&hold.left.text)))
    };
    let takes = || {
        let words = match facts.due {
            // Of a bill that is over its hold what there is, on cards that may be taken from now.
            1.. if facts.due > known.at_hand.minor => buttons::take(&known.at_hand.text),
            1.. => buttons::take(&facts.money(facts.due).to_string()),
            _ => buttons::TAKE.to_owned(),
        };
        keys.take.then_some((TabStep::Take, words))
    };
    let (step, words) = closes_paid()
        .or_else(sends)
        .or_else(more)
        .or_else(|| shows_of(false))
        .or_else(renews)
        .or_else(shows_renewal)
        .or_else(takes)
        .or_else(asks_once_more)
        .or_else(close)?;
    Some(NextStep { step, words })
}

/// Further ones would hide what the menu is for.
const MOST_LESSER: usize = 2;

/// The smaller buttons beside the first one.
pub(crate) fn lesser(keys: &TabKeys, further: FurtherHold, next: Option<&NextStep>) -> Vec<TabStep> {
    let all = [
        (TabStep::Take, keys.take),
        (TabStep::ShowQr, keys.show_qr.is_some()),
        (TabStep::CloseTab, keys.close_tab.is_some()),
        (TabStep::Refund, keys.refund.is_some()),
        (
            TabStep::HoldMore,
            keys.hold_more && further != FurtherHold::AnotherGuest,
        ),
    ];
    let others = all
        .into_iter()
        .filter(|(step, is_allowed)| *is_allowed && next.is_none_or(|next| next.step != *step));
    others.map(|(step, _)| step).take(MOST_LESSER).collect()
}

/// Why nothing can be taken, of the newest hold that keeps the tab open; none where the first button says what is
/// waited for.
pub(crate) fn why_not_take(
    account: &Account,
    keys: &TabKeys,
    next: Option<&NextStep>,
    frame: Frame,
) -> Option<String> {
    let is_waiting = next.is_some_and(|next| next.step == TabStep::ShowQr);
    if account.tab.closed_at.is_some() || keys.take || is_waiting {
        return None;
    }
    let mut newest_first = account.holds.iter().rev();
    let (hold, operations) =
        newest_first.find(|one| close_refused(slice::from_ref(*one), frame.earliest).is_some())?;
    let why = refused(account, hold, operations, Action::Take, frame.now)?;
    Some(wording::refusal(Action::Take, why).to_owned())
}
