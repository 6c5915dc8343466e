//! One hold of a tab.

use crate::account::Account;
use crate::account::facts::Facts;
use crate::account::state::{link_ended, state, telling};
use crate::account::taking;
use crate::context::frame::Frame;
use crate::present::card::card;
use crate::present::deadline::deadline;
use crate::present::operation::operation;
use crate::present::qr_cache::Codes;
use crate::present::renewal;
use crate::present::row::gauge;
use crate::present::state::shown_of;
use crate::present::view::{self, Tone};
use crate::wording;
use crate::wording::holds::{self as words, OnCards, Stands};
use holdfast_domain::{Action, CaptureMode, Hold, HoldState, Operation, actions, refunds};
use std::collections::BTreeSet;

/// One hold of a tab.
pub(crate) fn hold(
    account: &Account,
    entry: &(Hold, Vec<Operation>),
    frame: Frame,
    codes: &Codes,
) -> view::Hold {
    let (hold, operations) = entry;
    let renewal = renewal::shown(account, hold.id, frame.now);
    let open = operations.iter().find(|o| o.state.is_open());
    let seen = hold.seen.as_ref();
    // What is being taken counts as that, whether or not Dojo's record shows it.
    let taking = taking::hidden(entry);
    let money = |minor: i64| view::Money::from(hold.money(minor));
    let asked = seen.map_or(hold.asked, |s| s.amount);
    let left = hold.left().saturating_sub(taking);
    let is_waiting = hold.state(frame.now) == HoldState::Waiting;
    let link = frame.page(hold).filter(|_| is_waiting).map(str::to_owned);
    let is_unknown_page = is_waiting && hold.link.is_some() && link.is_none();
    view::Hold {
        id: hold.id,
        intent_id: hold.intent_id.clone(),
        reference: hold.reference.clone(),
        capture_mode: hold.mode,
        amount: money(asked),
        tip: seen.filter(|s| s.tip > 0).map(|s| money(s.tip)),
        held: money(if hold.mode == CaptureMode::Manual {
            hold.authorised()
        } else {
            0
        }),
        captured: money(hold.captured()),
        captured_tip: money(hold.captured_tip()),
        pending: money(hold.pending().saturating_add(taking)),
        refunded: money(hold.refunded()),
        refunded_of: crate::account::refunds::parts_refunded(hold, operations)
            .into_iter()
            .map(|(part, minor)| view::OfIt {
                label: part.words(),
                amount: money(minor),
            })
            .collect(),
        not_said: not_said(hold, operations),
        left: money(left),
        stands: words::stands(&stands(hold, left)),
        refundable: money(hold.captured().saturating_sub(hold.refunded()).max(0)),
        gauge: (hold.mode == CaptureMode::Manual && hold.authorised() > 0).then(|| view::Gauge {
            tone: Tone::Good,
            ..gauge(hold.captured(), hold.authorised())
        }),
        card: card(hold),
        auth_code: seen.and_then(|s| s.auth_code.clone()),
        state: shown_of(&state(hold, operations, frame.now), entry, frame),
        deadline: deadline(entry, frame),
        deadline_action: hold.expire_action,
        link_qr: link.as_deref().and_then(|link| codes.of(link)),
        link,
        link_trouble: is_unknown_page.then(|| wording::link_mail::UNKNOWN_PAGE.to_owned()),
        link_ends_at: hold.link_ends_at.filter(|_| is_waiting),
        link_ended: is_waiting && link_ended(hold, frame.now),
        declined: seen.map_or(0, |s| s.declined),
        papers: crate::present::paper_offer::offered(hold),
        actions: actions(hold, open, renewal.is_some(), frame.now)
            .into_iter()
            .map(|a| view::ActionView {
                action: a.action,
                allowed: a.refusal.is_none(),
                why: a.refusal.map(|why| wording::refusal(a.action, why).to_owned()),
                hold_back_seconds: held_back(a.action, frame),
            })
            .collect(),
        operation: telling(operations).map(|o| operation(o, hold)),
        caution: wording::caution(hold, operations),
        contradicts: None,
        authorised_at: seen.and_then(|s| s.authorised_at),
        renewal,
        renew: renewal::too_short(account, hold, operations, frame),
    }
}

/// What frees or returns money can be stopped for a moment: Dojo undoes neither.
const fn held_back(action: Action, frame: Frame) -> u8 {
    match action {
        Action::Release | Action::Refund => frame.hold_back_seconds,
        Action::Take
        | Action::Renew
        | Action::Cancel
        | Action::ChangeAmount
        | Action::ChangeTip
        | Action::Receipt => 0,
    }
}

/// How a hold stands of which `left` minor units are on hold.
fn stands(hold: &Hold, left: i64) -> Stands {
    match (left, hold.captured()) {
        (1.., _) => Stands::OnHold(hold.money(left)),
        (_, taken @ 1..) => Stands::Taken(hold.money(taken)),
        _ => Stands::Requested(hold.money(hold.requested())),
    }
}

/// What is on hold on a tab, on which cards, and what was taken.
pub(crate) fn tab_stands(account: &Account, facts: &Facts) -> String {
    let holds = account.holds.iter();
    let held = holds.filter(|entry| entry.0.left() > taking::hidden(entry));
    let cards: BTreeSet<Option<String>> = held.map(|(hold, _)| named(card(hold).as_ref())).collect();
    let cards = match cards.first() {
        Some(Some(card)) if cards.len() == 1 => OnCards::One(card),
        Some(_) if cards.len() > 1 => OnCards::Many(cards.len()),
        _ => OnCards::Unknown,
    };
    let taken = (facts.captured > 0).then(|| facts.money(facts.captured).to_string());
    words::head(&facts.money(facts.left).to_string(), &cards, taken.as_deref())
}

/// A card within a sentence; none without its last four digits.
fn named(card: Option<&view::Card>) -> Option<String> {
    let card = card?;
    let four = card.last_four.as_deref()?;
    Some(words::card(card.brand.as_deref(), four))
}

/// The refunds of a hold of which nobody has said what they were for.
pub(crate) fn not_said(hold: &Hold, operations: &[Operation]) -> Vec<view::NotSaid> {
    let all = refunds(hold, operations).into_iter();
    let those = all.filter(|one| one.not_said() > 0 && !one.decision.is_some_and(|o| o.state.is_open()));
    those
        .map(|one| {
            let amount = hold.money(one.not_said());
            view::NotSaid {
                refund: one.decision.map(|o| o.id),
                amount: amount.into(),
                words: wording::refunds::not_said(amount, one.decision.is_none()),
            }
        })
        .collect()
}
