//! What the sheet for a new tab offers at a tap: tables and rooms, free ones first, and the amounts that were used
//! last.

use crate::account::Account;
use crate::present::floor_tab::FloorTab;
use crate::present::view::{Money, PlaceOffer, Preset, TabRow};
use crate::{AppError, Desk, OpenTab, Settings};
use holdfast_domain::{Kind, parse_amount, plain};
use holdfast_ledger::ClosedFilter;

/// As many as a sheet has room for; more are found by typing.
const MOST_PLACES_OFFERED: usize = 12;

/// Beside the manager's own amounts.
const MOST_AMOUNTS: usize = 3;

/// How far back among closed tabs an amount is looked for.
const CLOSED_TABS_READ: i64 = 40;

/// The venue's places that fit what is typed: those without an open tab first, each in the manager's order.
pub(super) fn places(settings: &Settings, typed: &OpenTab, rows: &[&TabRow]) -> Vec<PlaceOffer> {
    let said = plain(typed.place.as_deref().unwrap_or_default().trim());
    let all = settings.places.iter().map(|name| (plain(name), name));
    // One that was picked is no search: the others stay there to be picked instead.
    let is_search = !said.is_empty() && !settings.places.iter().any(|name| plain(name) == said);
    let mut fitting: Vec<PlaceOffer> = all
        .filter(|(folded, _)| !is_search || folded.contains(&said))
        .map(|(folded, name)| PlaceOffer {
            name: name.clone(),
            is_taken: rows
                .iter()
                .any(|row| row.place.as_deref().map(plain).as_deref() == Some(&folded)),
        })
        .collect();
    fitting.sort_by_key(|offer| offer.is_taken);
    fitting.truncate(MOST_PLACES_OFFERED);
    fitting
}

/// The manager's amounts for what is opened, as typed.
fn amounts(settings: &Settings, kind: Kind) -> &[String] {
    match kind {
        Kind::Tab | Kind::Payment => &settings.tab_presets,
        Kind::Deposit => &settings.deposit_presets,
    }
}

/// The manager's amounts, in the currency that is chosen.
pub(super) fn presets(settings: &Settings, typed: &OpenTab) -> Vec<Preset> {
    let offered = amounts(settings, typed.kind).iter();
    offered
        .filter_map(|text| {
            let money = parse_amount(text, typed.currency, false).ok()?;
            Some(Preset {
                typed: text.clone(),
                label: money.to_string(),
            })
        })
        .collect()
}

impl Desk {
    /// Amounts that tabs of this kind and currency began with, the newest first, without those that the manager
    /// offers anyway.
    pub(super) async fn last_amounts(
        &self,
        settings: &Settings,
        typed: &OpenTab,
        open: &[FloorTab],
    ) -> Result<Vec<Money>, AppError> {
        // An amount that was used is for a whole stay.
        if typed.nights.is_some() {
            return Ok(Vec::new());
        }
        let closed = self
            .context
            .ledger
            .closed_accounts(ClosedFilter::default(), None, CLOSED_TABS_READ);
        let closed = closed.await?;
        let mut used: Vec<&Account> = open.iter().map(|tab| &tab.account).chain(&closed).collect();
        used.retain(|account| account.tab.kind == typed.kind && account.tab.currency == typed.currency);
        used.sort_by_key(|account| std::cmp::Reverse(account.tab.opened_at));
        let mut known: Vec<i64> = amounts(settings, typed.kind)
            .iter()
            .filter_map(|text| Some(parse_amount(text, typed.currency, false).ok()?.minor))
            .collect();
        let mut amounts = Vec::new();
        for (hold, _) in used.iter().filter_map(|account| account.holds.first()) {
            if amounts.len() == MOST_AMOUNTS {
                break;
            }
            if !known.contains(&hold.asked) {
                known.push(hold.asked);
                amounts.push(hold.money(hold.asked).into());
            }
        }
        Ok(amounts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use holdfast_domain::Currency;

    fn offered(typed: &str) -> Vec<String> {
        let settings = Settings {
            places: (1..=20).map(|n| format!("Table {n}")).collect(),
            ..Settings::default()
        };
        let typed = OpenTab {
            place: Some(typed.to_owned()),
            ..OpenTab::of(Kind::Tab, "", "50", Currency::Gbp)
        };
        let offers = places(&settings, &typed, &[]);
        offers.into_iter().map(|offer| offer.name).collect()
    }

    #[test]
    fn what_is_typed_narrows_the_places_and_one_that_is_picked_does_not() {
        assert_eq!(offered("").len(), MOST_PLACES_OFFERED);
        assert_eq!(offered("table 2"), offered(""), "“Table 2” is one of them");
        assert_eq!(offered("E 15"), ["Table 15"]);
        assert_eq!(offered("Garden"), Vec::<String>::new());
    }
}
