//! How a venue stands, for a head office that looks at several: amounts as the floor works them out, and no guests.

use crate::AppError;
use crate::account::{Account, taking};
use crate::context::frame::Frame;
use crate::present::figures::figures;
use crate::present::floor_tab::FloorTab;
use crate::present::report::{self, ReportRow, ReportView};
use crate::present::view::{Figures, Money};
use crate::settings::frame_from_afar;
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_domain::{self as domain, Currency, Hold, NightReport, OperationState};
use serde::Serialize;

/// A hold whose deadline is no further away than this is near its end, whatever a venue's settings warn of.
const NEAR_ITS_END: TimeDelta = TimeDelta::hours(48);

/// How a venue stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VenueOverview {
    /// By currency, each of which there is a tab.
    pub currencies: Vec<OverviewIn>,
}

/// How it stands in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OverviewIn {
    /// Of every amount.
    pub currency: Currency,
    /// How many tabs are open.
    pub open_tabs: usize,
    /// On hold on open tabs, without what is being taken. Not takings.
    pub on_hold: Money,
    /// In takes on open tabs that are in progress: neither on hold nor still to take.
    pub being_taken: Money,
    /// Still to take on open tabs.
    pub still_to_take: Money,
    /// On hold on tabs that were closed: nobody at the venue has them on the floor.
    pub on_hold_closed: Money,
    /// How many holds reach Dojo's deadline within 48 hours, or have passed it by all that is known; of open and closed
    /// tabs.
    pub near_end_holds: usize,
    /// What is on hold on those.
    pub near_end: Money,
    /// How many requests aren't confirmed: their answers were lost. Of open and closed tabs.
    pub not_confirmed: usize,
}

impl VenueOverview {
    /// Of the tabs that are open, and of those closed ones on which something is in force or under way. `settings` is
    /// the ledger's text of the venue's settings.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Internal`] where the settings say no day that can be counted by.
    pub fn of(accounts: Vec<Account>, settings: Option<&str>, now: DateTime<Utc>) -> Result<Self, AppError> {
        let frame = frame_from_afar(settings, now)?;
        let tabs: Vec<FloorTab> = accounts
            .into_iter()
            .map(|account| FloorTab::of(account, frame))
            .collect();
        let in_it = |currency: &Currency| tabs.iter().any(|tab| tab.facts.currency == *currency);
        let currencies = [Currency::Gbp, Currency::Eur].into_iter().filter(in_it);
        Ok(Self {
            currencies: currencies
                .map(|currency| overview_in(currency, &tabs, frame))
                .collect(),
        })
    }
}

fn overview_in(currency: Currency, tabs: &[FloorTab], frame: Frame) -> OverviewIn {
    let all = tabs.iter().filter(|tab| tab.facts.currency == currency);
    let is_open = |tab: &&FloorTab| tab.account.tab.closed_at.is_none();
    let open: Figures = figures(all.clone().filter(is_open), frame);
    let closed = figures(all.clone().filter(|tab| !is_open(tab)), frame);
    let only = |sums: Vec<Money>| sums.into_iter().next().unwrap_or_else(|| money(0, currency));
    let holds = all.clone().flat_map(|tab| &tab.account.holds);
    let near = holds.clone().filter(|(hold, _)| is_near_its_end(hold, frame.now));
    let near_end = near.clone().fold(0_i64, |sum, entry| {
        sum.saturating_add(entry.0.left())
            .saturating_sub(taking::hidden(entry))
    });
    let operations = holds.flat_map(|(_, operations)| operations);
    OverviewIn {
        currency,
        open_tabs: open.open,
        on_hold: only(open.held),
        being_taken: only(open.being_taken),
        still_to_take: only(open.due),
        on_hold_closed: only(closed.held),
        near_end_holds: near.count(),
        near_end: money(near_end, currency),
        not_confirmed: operations.filter(|o| o.state == OperationState::Unknown).count(),
    }
}

fn money(minor: i64, currency: Currency) -> Money {
    domain::Money::new(minor, currency).into()
}

/// Whether something is on hold that Dojo will act on soon.
fn is_near_its_end(hold: &Hold, now: DateTime<Utc>) -> bool {
    let deadline = hold.deadline().filter(|_| hold.left() > 0);
    deadline.is_some_and(|deadline| deadline.at.signed_duration_since(now) <= NEAR_ITS_END)
}

/// A night report as it was made, for who isn't at the venue.
pub fn report_from_afar(report: &NightReport) -> ReportView {
    report::view(report, String::new())
}

/// The same in a line.
pub fn report_row_from_afar(report: &NightReport) -> ReportRow {
    report::row(report)
}
