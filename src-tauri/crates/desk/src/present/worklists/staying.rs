//! Guests who stay longer than their hold lasts.

use super::{Placed, WorklistEntry, WorklistStep, about, at, next, pay, show_tab, state};
use crate::account::Account;
use crate::account::renewals::{open_renewal, side, why_not};
use crate::context::frame::Frame;
use crate::present::deadline;
use crate::present::renewal::{shown, stays_beyond};
use crate::present::view::{TabRow, Tone};
use chrono::{DateTime, Utc};

/// Of several holds the one that ends first is named.
pub(super) fn entry(account: &Account, row: &TabRow, frame: Frame) -> Option<Placed<DateTime<Utc>>> {
    let ending = account.holds.iter().filter_map(|(hold, operations)| {
        let departs = stays_beyond(account, hold, &frame.days)?;
        Some((deadline::deadline(hold, frame)?, hold, operations, departs))
    });
    let (deadline, hold, operations, departs) = ending.min_by_key(|(deadline, ..)| deadline.at)?;
    let stays = format!(
        "On hold until {}. The guest stays until {}",
        at(deadline.at, frame),
        crate::wording::day(departs)
    );
    let renewal = open_renewal(account, hold.id);
    let (hold_id, code, said, words, next) = if let Some(renewal) = renewal {
        let (new, created) = side(account, renewal.new).ok()?;
        let words = shown(account, hold.id, frame.now)?.words;
        let next = pay(account, new, created, frame.now).unwrap_or_else(show_tab);
        (
            new.id,
            "renewing",
            "Being renewed".to_owned(),
            format!("{stays}. {words}"),
            next,
        )
    } else {
        let why = why_not(account, hold, operations, frame.now);
        let is_open = operations.iter().any(|o| o.state.is_open());
        let next = match why {
            None => next(WorklistStep::Renew, format!("Renew {}…", hold.money(hold.left()))),
            Some(_) if is_open || row.needs_person => show_tab(),
            Some(_) => next(WorklistStep::Ask, format!("Hold {}…", hold.money(hold.left()))),
        };
        let words = why.map_or_else(
            || format!("{stays}: renew it before it expires."),
            |why| format!("{stays}. {why}"),
        );
        let said = format!("Ends {}", deadline.words);
        (hold.id, "staying", said, words, next)
    };
    let tone = match renewal {
        Some(_) => deadline.tone.max(Tone::Wait),
        None => deadline.tone,
    };
    let amount = hold.money(hold.left()).into();
    let entry = about(row, state(code, said, tone), words, amount, next);
    Some((
        deadline.at,
        WorklistEntry {
            hold_id: Some(hold_id),
            ..entry
        },
    ))
}
