//! What a guest is asked for beyond the holds that a tab has.

use crate::account::Account;
use crate::account::facts::Facts;
use crate::present::view::Money;
use crate::settings::Settings;
use holdfast_domain::{DeadlineAction, Kind, parse_amount};
use serde::Serialize;
use ts_rs::TS;

/// A further hold, as its sheet begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Further {
    /// Whose it would be.
    pub which: FurtherHold,
    /// What Dojo would do with it at its deadline, unless somebody chooses otherwise: as with the newest hold before.
    pub deadline_action: DeadlineAction,
    /// Amounts at a press.
    pub presets: Vec<Money>,
}

/// Which hold would be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum FurtherHold {
    /// Nothing is on hold.
    First,
    /// More of the same guest.
    More,
    /// The first link is unpaid yet: this one is another guest's.
    AnotherGuest,
}

/// What would be asked for next; `is_first_unpaid`: the first link is still to be paid.
pub(crate) fn further(
    account: &Account,
    facts: &Facts,
    settings: &Settings,
    is_first_unpaid: bool,
) -> Further {
    let mut newest_first = account.holds.iter().rev();
    let before = newest_first.find_map(|(hold, _)| hold.expire_action);
    let presets = match account.tab.kind {
        Kind::Deposit => &settings.deposit_presets,
        Kind::Tab | Kind::Payment => &settings.tab_presets,
    };
    let amounts = presets
        .iter()
        .filter_map(|typed| parse_amount(typed, account.tab.currency, false).ok());
    Further {
        which: match facts.left {
            _ if is_first_unpaid => FurtherHold::AnotherGuest,
            0 => FurtherHold::First,
            _ => FurtherHold::More,
        },
        deadline_action: before.unwrap_or(settings.deadline_action),
        presets: amounts.map(Money::from).collect(),
    }
}
