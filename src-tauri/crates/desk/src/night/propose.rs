//! What should become of a tab at the end of the night: what is proposed, what may be chosen, what is ticked, what a
//! manager should know before, and which amounts it is about.

use crate::account::Account;
use crate::account::allowed::allowing;
use crate::account::facts::needs_person;
use crate::account::state::{operation_state, tab_state};
use crate::account::{due, totals};
use crate::capture::{TakeFigures, dropping};
use crate::context::frame::Frame;
use crate::context::reasons::Mistyped;
use crate::night::after::After;
use crate::night::at_night::{AtNight, short_and_cut};
use crate::night::choice::NightChoice;
use crate::night::flag::Flag;
use crate::night::run::NightAction;
use crate::operations::bill::close_refused;
use crate::{Field, FieldError};
use chrono::{DateTime, NaiveDate, Utc};
use holdfast_domain::{Action, Hold, Kind, Money, Operation, OperationKind, Urgency};

/// What should become of a tab.
pub(crate) struct Proposal {
    /// Chosen, or the default.
    pub(crate) action: NightAction,
    /// What may be chosen.
    pub(crate) choices: Vec<NightAction>,
    /// What a tick beside it means; none when it can only be left for later.
    pub(crate) tick: Option<NightAction>,
    /// What a take would do.
    pub(crate) take: TakeFigures,
    /// What was typed or is due, beyond the holds too: bill, service charge, tip.
    pub(crate) asked: [Money; 3],
    /// Would drop off the card, now or at Dojo's deadline.
    pub(crate) back: Money,
    /// When the last of that drops off by itself, after a take.
    pub(crate) back_by: Option<DateTime<Utc>>,
    /// What is taken or released.
    pub(crate) money: Option<Money>,
    /// Dojo takes the rest at the deadline, or something else on it is in force.
    pub(crate) stays_open: bool,
    /// What a manager should know before.
    pub(crate) flags: Vec<Flag>,
    /// Typing that has to be put right.
    pub(crate) errors: Vec<FieldError>,
}

impl Proposal {
    /// Of a tab, with what a manager chose for it.
    pub(crate) fn of(account: &Account, choice: Option<&NightChoice>, frame: Frame) -> Self {
        let under_way = under_way(account);
        let AtNight { take, asked, over } = AtNight::of(account, choice, under_way.is_some(), frame);
        let is_allowed = take.is_allowed();
        let choices = choices(account, is_allowed || choice.is_some(), frame);
        // What can't be undone afterwards, what is over its hold, what was given back once, and what may have to be
        // given back is ticked by a person, never by itself.
        let is_typed = choice.is_some_and(is_typed_in);
        let waits_for_person = take.to_confirm.dojo_takes.is_some()
            || (over.is_some() && !is_typed)
            || due::charged_again(account).minor > 0
            || due::beyond(account).minor > 0;
        let default = if waits_for_person {
            NightAction::Leave
        } else {
            let is_to_take = is_allowed || is_typed;
            default_action(account, take.due.minor, is_to_take, &choices, frame)
        };
        let action = choice
            .and_then(|c| c.action)
            .filter(|a| choices.contains(a))
            .unwrap_or(default);
        let after = After::of(account, action, &take.shares, frame);
        let dojo_takes = take.to_confirm.dojo_takes.is_some() && action == NightAction::Take;
        // What is taken of it is said, and not that it's more than that.
        let is_cut = action == NightAction::Take && is_allowed;
        let mut flags = flags(account, under_way, over.filter(|_| !is_cut), &take, frame);
        if is_cut {
            let cut = short_and_cut(&take, asked);
            flags.splice(0..0, cut);
        }
        let is_left = action == NightAction::Leave && under_way.is_none();
        if is_left && account.tab.kind == Kind::Tab && totals::left(account) > 0 {
            flags.push(Flag::LeftOpen);
        }
        if after.stays_open && !dojo_takes {
            flags.push(Flag::StaysOpen(after.held));
        }
        let taken = if action == NightAction::Take {
            take.shares.as_slice()
        } else {
            &[]
        };
        let (drops, back_by) = dropping(account, taken);
        let back = back(account, action, drops, frame);
        Self {
            tick: tick(default, is_allowed, &choices),
            money: money(action, take.sums.total, back),
            errors: errors(action, &take),
            stays_open: after.stays_open || dojo_takes,
            action,
            choices,
            back,
            back_by,
            take,
            asked,
            flags,
        }
    }
}

/// The oldest operation that Dojo has yet to settle.
fn under_way(account: &Account) -> Option<(&Hold, &Operation)> {
    let all = account.holds.iter();
    let mut all = all.flat_map(|(hold, operations)| operations.iter().map(move |o| (hold, o)));
    all.find(|(_, operation)| operation.state.is_open())
}

/// A manager who types an amount means to take it.
fn is_typed_in(choice: &NightChoice) -> bool {
    let typed = &choice.typed;
    [&typed.bill, &typed.service, &typed.tip]
        .iter()
        .any(|text| text.is_some())
}

fn default_action(
    account: &Account,
    due: i64,
    is_to_take: bool,
    choices: &[NightAction],
    frame: Frame,
) -> NightAction {
    let bill = due::paid(account).bill();
    let wanted = match account.tab.kind {
        // A deposit ends when its guest leaves, not with the night.
        Kind::Deposit => NightAction::Leave,
        Kind::Tab | Kind::Payment => {
            let needs_person = needs_person(account, frame.now) || due::stuck(account, frame.now).is_some();
            if needs_person {
                NightAction::Leave
            } else if is_to_take {
                NightAction::Take
            } else if due > 0 {
                // A bill that nobody has paid, and that can't be taken: a person says what becomes of it.
                NightAction::Leave
            } else if choices.contains(&NightAction::CloseTab) {
                NightAction::CloseTab
            } else if bill == 0 && choices.contains(&NightAction::Release) {
                NightAction::Release
            } else {
                NightAction::Leave
            }
        }
    };
    if choices.contains(&wanted) {
        wanted
    } else {
        NightAction::Leave
    }
}

/// The first of what a manager may well mean by a tick.
fn tick(default: NightAction, is_to_take: bool, choices: &[NightAction]) -> Option<NightAction> {
    let take = if is_to_take {
        NightAction::Take
    } else {
        NightAction::Leave
    };
    [
        default,
        take,
        NightAction::CloseTab,
        NightAction::Cancel,
        NightAction::Release,
    ]
    .into_iter()
    .find(|action| *action != NightAction::Leave && choices.contains(action))
}

/// What may be chosen for a tab.
fn choices(account: &Account, has_amount: bool, frame: Frame) -> Vec<NightAction> {
    let may = |action| allowing(account, action, frame.now).next().is_some();
    let is_closable = close_refused(&account.holds, frame.earliest).is_none();
    let all = [
        (NightAction::Leave, true),
        (NightAction::Take, has_amount && may(Action::Take)),
        (NightAction::Release, may(Action::Release)),
        (NightAction::Cancel, may(Action::Cancel)),
        (NightAction::CloseTab, is_closable),
    ];
    let possible = all.into_iter().filter(|(_, is_possible)| *is_possible);
    possible.map(|(action, _)| action).collect()
}

/// Of a row that isn't taken nothing that was typed matters.
fn errors(action: NightAction, take: &TakeFigures) -> Vec<FieldError> {
    if action != NightAction::Take {
        return Vec::new();
    }
    if !take.sums.errors.is_empty() {
        return take.sums.errors.clone();
    }
    let why = take.why.iter();
    why.map(|why| FieldError::new(Field::Bill, Mistyped::Take(*why)))
        .collect()
}

/// What drops off the card, now or at Dojo's deadline. A release names what is released and no more.
fn back(account: &Account, action: NightAction, drops: Money, frame: Frame) -> Money {
    match action {
        NightAction::Take | NightAction::CloseTab => drops,
        NightAction::Release => due::releasable(account, frame.now),
        NightAction::Cancel | NightAction::Leave => Money::zero(account.tab.currency),
    }
}

/// What is taken or released of a row.
const fn money(action: NightAction, total: Money, back: Money) -> Option<Money> {
    match action {
        NightAction::Take => Some(total),
        NightAction::Release => Some(back),
        NightAction::Cancel | NightAction::CloseTab | NightAction::Leave => None,
    }
}

/// What a manager should know, whatever was chosen, in the order in which it's said.
fn flags(
    account: &Account,
    under_way: Option<(&Hold, &Operation)>,
    over: Option<Money>,
    take: &TakeFigures,
    frame: Frame,
) -> Vec<Flag> {
    let tab = &account.tab;
    let money = |minor: i64| Money::new(minor, tab.currency);
    let state = tab_state(account, frame);
    let mut flags = Vec::from_iter(under_way.and_then(|(hold, o)| on_its_way(hold, o)));
    let has_held = totals::held(account) > 0;
    let over_hold = if has_held { Flag::OverHold } else { Flag::NotPaid };
    flags.extend(over.map(over_hold));
    flags.extend(take.to_confirm.above.map(Flag::AboveDue));
    flags.extend(
        take.to_confirm
            .dojo_takes
            .as_ref()
            .map(|takes| Flag::DojoTakes(takes.money)),
    );
    let is_waiting = state.is_waiting();
    if needs_person(account, frame.now) {
        flags.push(Flag::NeedsPerson(state));
    }
    if tab.name.is_empty() {
        flags.push(Flag::NoName);
    }
    if is_waiting {
        flags.push(Flag::CardNeverAdded);
    }
    let (today, opened) = (frame.days.of(frame.now), frame.days.of(tab.opened_at));
    if tab.kind == Kind::Deposit {
        flags.push(departure(tab.departs_on, today));
    }
    let (left, captured) = (totals::left(account), totals::captured(account));
    // What went back isn't paid.
    let kept = captured.saturating_sub(totals::sum(account, Hold::refunded));
    if kept > 0 {
        let of = if take.due.minor > 0 {
            Flag::PartTaken
        } else {
            Flag::Taken
        };
        flags.push(of(money(kept)));
    }
    if opened < today && tab.kind != Kind::Deposit {
        flags.push(Flag::OpenSince(opened));
    }
    if tab.kind == Kind::Tab && left > 0 && due::paid(account).bill() == 0 {
        flags.push(Flag::NothingOnBill);
    }
    let is_some = |money: &Money| money.minor > 0;
    flags.extend(
        Some(due::charged_again(account))
            .filter(is_some)
            .map(Flag::ChargeAgain),
    );
    flags.extend(Some(due::beyond(account)).filter(is_some).map(Flag::BeyondBill));
    flags
}

/// What is on its way, with its amount; what needs a person is told by the tab's own state.
fn on_its_way(hold: &Hold, operation: &Operation) -> Option<Flag> {
    let state = operation_state(operation).filter(|state| state.urgency() == Urgency::Awaited)?;
    let total = operation.amount.saturating_add(operation.tip);
    let is_take = operation.kind == OperationKind::Capture;
    Some(Flag::UnderWay {
        state,
        taking: is_take.then(|| hold.money(total)),
    })
}

fn departure(departs_on: Option<NaiveDate>, today: NaiveDate) -> Flag {
    match departs_on {
        None => Flag::NoDeparture,
        Some(day) if day > today => Flag::DepartsLater(day),
        Some(day) if day == today => Flag::DepartsToday,
        Some(day) => Flag::Departed(day),
    }
}
