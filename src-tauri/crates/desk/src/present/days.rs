//! Business days side by side: what was taken, tipped, released and held, as numbers and as charts.

use crate::account::taking;
use crate::context::reasons::NotPossible;
use crate::present::view::Money as MoneyView;
use crate::reports::days::edges;
use crate::wording::{day_and_year, long_day, reports as words};
use crate::{AppError, Desk, ErrorCode};
use chrono::{Days, NaiveDate};
use holdfast_domain::{CaptureMode, Currency, Money, Sums};
use serde::Serialize;
use ts_rs::TS;

/// One bar of a chart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ChartBar {
    /// Which day.
    pub label: String,
    /// How much.
    pub text: String,
    /// Its height in thousandths of the chart's.
    pub height: u16,
}

/// What a chart shows of each day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ChartCode {
    /// What was taken.
    Taken,
    /// Tips.
    Tips,
    /// What is on hold at its end.
    Held,
    /// What expired.
    Lapsed,
}

/// One chart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Chart {
    /// What it shows.
    pub code: ChartCode,
    /// The same for people.
    pub title: &'static str,
    /// What all of it comes to, or how it stands at the end.
    pub summary: String,
    /// What the chart's full height means.
    pub top: String,
    /// Day by day.
    pub bars: Vec<ChartBar>,
}

/// One business day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct DayRow {
    /// `Saturday 24 October 2026`.
    pub day: String,
    /// Taken, service and tips included.
    pub taken: MoneyView,
    /// Service charge in it.
    pub service: MoneyView,
    /// Tips in it.
    pub tips: MoneyView,
    /// Given back.
    pub refunded: MoneyView,
    /// Taken less refunded.
    pub takings: MoneyView,
    /// Service charge in what was refunded, as far as it is said.
    pub refunded_service: MoneyView,
    /// Service charge taken less refunded.
    pub kept_service: MoneyView,
    /// Tips in what was refunded, as far as it is said.
    pub refunded_tips: MoneyView,
    /// Tips taken less refunded: what staff are paid.
    pub kept_tips: MoneyView,
    /// Refunded, and nobody has said what it was for.
    pub not_said: MoneyView,
    /// Released by decision.
    pub released: MoneyView,
    /// Released by Dojo at the deadline.
    pub lapsed: MoneyView,
    /// Held when the day ended. Not takings.
    pub held: MoneyView,
}

/// A span of business days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct DaysView {
    /// The first day.
    #[ts(type = "string")]
    pub from: NaiveDate,
    /// The last day.
    #[ts(type = "string")]
    pub to: NaiveDate,
    /// Of every amount.
    pub currency: Currency,
    /// Four of them.
    pub charts: Vec<Chart>,
    /// The newest first; days on which nothing moved and nothing was held are left out.
    pub rows: Vec<DayRow>,
    /// All of them together.
    pub total: DayRow,
}

/// What moved on one day, and what was held at its end.
type OfDay = (NaiveDate, Sums, i64);

impl Desk {
    /// The days from `from` to `to`, both included; the last 30 unless said otherwise.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] for the fields `from` and `to`; the ledger's.
    pub async fn days(
        &self,
        from: Option<NaiveDate>,
        to: Option<NaiveDate>,
        currency: Option<Currency>,
    ) -> Result<DaysView, AppError> {
        let days = self.context.business_days().await?;
        let today = days.of(self.context.reckoning().earliest);
        let to = to.unwrap_or(today);
        let from = from.or_else(|| to.checked_sub_days(Days::new(29))).unwrap_or(to);
        let currency = match currency {
            Some(currency) => currency,
            None => self.context.settings().await?.currency,
        };
        let (all, edges) = edges(&days, from, to)?;
        let sums = self.context.ledger.day_sums(currency, edges).await?;
        let mut of_days: Vec<OfDay> = all
            .into_iter()
            .zip(sums)
            .map(|(day, (sums, held))| (day, sums, held))
            .collect();
        // A day to come has no end at which anything was held. What a wrong clock dated so far ahead is shown.
        of_days.retain(|(day, sums, _)| *day <= today || *sums != Sums::default());
        let being_taken = self.being_taken(currency).await?;
        for (_, _, held) in of_days.iter_mut().filter(|(day, ..)| *day >= today) {
            *held = held.saturating_sub(being_taken);
        }
        let total = of_days
            .iter()
            .try_fold(Sums::default(), |sum, (_, sums, _)| sum.plus(*sums))
            .ok_or_else(|| AppError::new(ErrorCode::Internal, NotPossible::SumsTooLarge))?;
        let held = of_days.last().map_or(0, |(_, _, held)| *held);
        let rows = of_days
            .iter()
            .rev()
            .filter(|(_, sums, held)| *sums != Sums::default() || *held != 0);
        Ok(DaysView {
            from,
            to,
            currency,
            charts: charts(&of_days, &total, held, currency, today),
            rows: rows
                .map(|(day, sums, held)| row(long_day(*day), sums, *held, currency))
                .collect(),
            total: row(words::ALL_DAYS.to_owned(), &total, held, currency),
        })
    }

    /// Minor units that Dojo is taking just now, or that were asked for and aren't confirmed. Nothing has moved yet, so
    /// they're still held by what is written; the floor doesn't count them any more.
    async fn being_taken(&self, currency: Currency) -> Result<i64, AppError> {
        let live = self.reconciler.watched_accounts().await?;
        let entries = live.iter().flat_map(|account| &account.holds);
        let of_it = entries.filter(|(hold, _)| hold.currency == currency && hold.mode == CaptureMode::Manual);
        Ok(of_it.fold(0_i64, |sum, entry| {
            sum.saturating_add(entry.0.pending())
                .saturating_add(taking::hidden(entry))
        }))
    }
}

fn row(day: String, sums: &Sums, held: i64, currency: Currency) -> DayRow {
    let money = |minor| MoneyView::from(Money::new(minor, currency));
    DayRow {
        day,
        taken: money(sums.taken),
        service: money(sums.service),
        tips: money(sums.tips),
        refunded: money(sums.refunded),
        takings: money(sums.taken.saturating_sub(sums.refunded)),
        refunded_service: money(sums.refunded_service),
        kept_service: money(sums.service.saturating_sub(sums.refunded_service)),
        refunded_tips: money(sums.refunded_tips),
        kept_tips: money(sums.tips.saturating_sub(sums.refunded_tips)),
        not_said: money(sums.refunded_not_said),
        released: money(sums.released),
        lapsed: money(sums.lapsed),
        held: money(held),
    }
}

fn charts(all: &[OfDay], total: &Sums, held: i64, currency: Currency, today: NaiveDate) -> Vec<Chart> {
    let money = |minor| Money::new(minor, currency).to_string();
    let chart = |code, title, summary: String, of: fn(&OfDay) -> i64| {
        let most = all.iter().map(of).max().unwrap_or(0).max(0);
        let bars = all.iter().map(|one| ChartBar {
            label: day_and_year(one.0, today),
            text: money(of(one)),
            height: thousandths(of(one), most),
        });
        Chart {
            code,
            title,
            summary,
            top: money(most),
            bars: bars.collect(),
        }
    };
    vec![
        chart(
            ChartCode::Taken,
            words::TAKEN_PER_DAY,
            words::in_all(&money(total.taken)),
            |d| d.1.taken,
        ),
        chart(
            ChartCode::Tips,
            words::TIPS_PER_DAY,
            words::in_all(&money(total.tips)),
            |d| d.1.tips,
        ),
        chart(
            ChartCode::Held,
            words::HELD_PER_DAY,
            words::at_the_end(&money(held)),
            |d| d.2,
        ),
        chart(
            ChartCode::Lapsed,
            words::EXPIRED_PER_DAY,
            words::in_all(&money(total.lapsed)),
            |d| d.1.lapsed,
        ),
    ]
}

/// Whatever is there is seen, however little it is.
fn thousandths(part: i64, most: i64) -> u16 {
    if part <= 0 || most <= 0 {
        return 0;
    }
    let share = i128::from(part) * 1_000 / i128::from(most);
    u16::try_from(share).unwrap_or(1_000).clamp(8, 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_little_is_seen_and_nothing_is_not() {
        assert_eq!(thousandths(0, 100), 0);
        assert_eq!(thousandths(-5, 100), 0);
        assert_eq!(thousandths(1, 1_000_000), 8);
        assert_eq!(thousandths(50, 100), 500);
        assert_eq!(thousandths(i64::MAX, i64::MAX), 1_000);
    }
}
