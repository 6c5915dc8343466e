//! Which of a tab's buttons comes first.

use crate::present::view::{self, NextStep, TabKeys, TabRow, TabStep};
use crate::wording::buttons;
use holdfast_domain::Kind;

/// What the choice is made by.
pub(crate) struct Known<'a> {
    /// The tab's row.
    pub(crate) row: &'a TabRow,
    /// Its holds, the newest first.
    pub(crate) holds: &'a [view::Hold],
    /// What a key acts on.
    pub(crate) keys: TabKeys,
    /// What of it can be taken now.
    pub(crate) at_hand: &'a view::Money,
    /// What the bill is beyond all that is taken, on hold and requested.
    pub(crate) missing: Option<&'a view::Money>,
    /// Whether it is closed.
    pub(crate) is_closed: bool,
}

/// The step that a person is most likely to take next, of those that are allowed.
pub(crate) fn next(known: &Known<'_>) -> Option<NextStep> {
    let Known { row, holds, keys, .. } = known;
    if known.is_closed {
        return None;
    }
    let is_due = row.due.minor > 0;
    let more = || {
        let money = known.missing.filter(|_| row.kind != Kind::Payment)?;
        let words = if row.left.minor > 0 {
            buttons::hold_more(&money.text)
        } else {
            buttons::hold(&money.text)
        };
        Some((TabStep::HoldMore, words))
    };
    let close = || {
        keys.close_tab
            .then(|| (TabStep::CloseTab, buttons::CLOSE_TAB.to_owned()))
    };
    let closes_paid = || close().filter(|_| row.captured.minor > 0 && !is_due);
    let shows = || {
        let shown = holds.iter().find(|hold| Some(hold.id) == keys.show_qr)?;
        // A renewal's link goes by mail.
        let is_new = shown.renewal.as_ref().is_some_and(|renewal| renewal.is_new);
        (!is_new).then(|| (TabStep::ShowQr, buttons::SHOW_QR.to_owned()))
    };
    let renews = || {
        let is_too_short = holds.iter().any(|hold| hold.renew.is_some());
        let hold = holds.iter().find(|hold| Some(hold.id) == keys.renew)?;
        (!is_due && is_too_short).then(|| (TabStep::Renew, buttons::renew(&hold.left.text)))
    };
    let takes = || {
        let words = match row.due.minor {
            // Of a bill that is over its hold what there is, on cards that may be taken from now.
            1.. if row.due.minor > known.at_hand.minor => buttons::take(&known.at_hand.text),
            1.. => buttons::take(&row.due.text),
            _ => buttons::TAKE.to_owned(),
        };
        keys.take.then_some((TabStep::Take, words))
    };
    let (step, words) = more()
        .or_else(closes_paid)
        .or_else(shows)
        .or_else(renews)
        .or_else(takes)
        .or_else(close)?;
    Some(NextStep { step, words })
}
