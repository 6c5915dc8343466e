//! Guests who stay longer than their hold lasts.

use super::{
    Placed, WorklistEntry, WorklistState, WorklistStep, about, at, next, pay, show_tab, state, today,
};
use crate::account::allowed::why_not_renew;
use crate::account::renewals::{open_renewal, side};
use crate::context::frame::Frame;
use crate::present::deadline;
use crate::present::floor_tab::FloorTab;
use crate::present::renewal::{shown, stays_beyond};
use crate::present::view::Tone;
use crate::wording::buttons;
use crate::wording::worklists::{self as words, Staying};
use chrono::{DateTime, Utc};

/// Of several holds the one that ends first is named.
pub(super) fn entry(tab: &FloorTab, frame: Frame) -> Option<Placed<DateTime<Utc>>> {
    let FloorTab { account, facts, .. } = tab;
    let ending = account.holds.iter().filter_map(|entry| {
        let (hold, operations) = entry;
        let departs = stays_beyond(account, hold, &frame.days)?;
        Some((deadline::deadline(entry, frame)?, hold, operations, departs))
    });
    let (deadline, hold, operations, departs) = ending.min_by_key(|(deadline, ..)| deadline.at)?;
    let stays =
        |renewal: &Staying<'_>| words::staying(&at(deadline.at, frame), departs, today(frame), renewal);
    let renewal = open_renewal(account, hold.id);
    let (hold_id, code, said, words, next) = if let Some(renewal) = renewal {
        let (new, created) = side(account, renewal.new).ok()?;
        let words = shown(account, hold.id, frame.now)?.words;
        let next = pay(account, new, created, frame.now).unwrap_or_else(show_tab);
        (
            new.id,
            WorklistState::Renewing,
            words::BEING_RENEWED.to_owned(),
            stays(&Staying::BeingRenewed(&words)),
            next,
        )
    } else {
        let why = why_not_renew(account, hold, operations, frame.now);
        let left = hold.money(hold.left()).to_string();
        let is_open = operations.iter().any(|o| o.state.is_open());
        let next = match why {
            None => next(WorklistStep::Renew, buttons::renew(&left)),
            Some(_) if is_open || facts.needs_person => show_tab(),
            Some(_) => next(WorklistStep::Ask, buttons::hold(&left)),
        };
        let words = stays(&why.map_or(Staying::Renew, Staying::CantRenew));
        let said = words::ends(&deadline.words);
        (hold.id, WorklistState::Staying, said, words, next)
    };
    let tone = match renewal {
        Some(_) => deadline.tone.max(Tone::Wait),
        None => deadline.tone,
    };
    let amount = hold.money(hold.left()).into();
    let entry = about(tab, state(code, said, tone), words, amount, next);
    Some((
        deadline.at,
        WorklistEntry {
            hold_id: Some(hold_id),
            ..entry
        },
    ))
}
