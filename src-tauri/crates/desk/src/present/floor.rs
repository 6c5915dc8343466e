//! What is open, most urgent first, and one tab in full.

use crate::account::Account;
use crate::context::frame::Frame;
use crate::present::hold;
use crate::present::lines;
use crate::present::row;
use crate::present::sort::put_in_order;
use crate::present::view::{self, Banner, Floor, TabRow, TabView};
use crate::{AppError, Desk, wording};
use crate::{Filter, Worklists};
use chrono::TimeDelta;
use holdfast_domain::{Currency, HoldId, Money, TabId, parse_amount};

/// More open tabs than any venue has.
pub(crate) const MOST_OPEN_TABS: i64 = 2_000;

impl Desk {
    /// What a person is asked about a hold on which Dojo keeps to less than it showed before.
    fn contradiction(&self, id: HoldId, currency: Currency) -> Option<view::Contradiction> {
        let one = self.reconciler.lasting(id)?;
        Some(view::Contradiction {
            key: one.key.to_string(),
            words: wording::contradicts(one.was, one.is, currency),
        })
    }

    /// Everything that is open, most urgent first.
    pub(crate) async fn open(&self, frame: Frame) -> Result<Vec<(Account, TabRow)>, AppError> {
        let accounts = self
            .context
            .ledger
            .open_accounts(MOST_OPEN_TABS)
            .await?
            .into_iter();
        let mut all: Vec<_> = accounts
            .map(|account| {
                let row = row::row(&account, frame);
                (account, row)
            })
            .collect();
        let urgency = |row: &TabRow| {
            let ends = row.deadline.as_ref().map_or(i64::MAX, |d| d.at.timestamp());
            (!row.needs_person, ends)
        };
        all.sort_by(|(_, a), (_, b)| {
            urgency(a)
                .cmp(&urgency(b))
                .then_with(|| b.opened_at.cmp(&a.opened_at))
        });
        Ok(all)
    }

    /// Everything that is open, from the ledger alone.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn floor(&self) -> Result<Floor, AppError> {
        let frame = self.context.frame().await?;
        let open = self.open(frame).await?;
        let deposits = Worklists::of(&open, frame);
        let mut rows: Vec<TabRow> = open.into_iter().map(|(_, row)| row).collect();
        let soon = frame
            .now
            .checked_add_signed(TimeDelta::hours(24))
            .unwrap_or(frame.now);
        let is_lapsing = |row: &&TabRow| row.deadline.as_ref().is_some_and(|d| d.at <= soon);
        let mut banners: Vec<Banner> = self.restored_banner().await?.into_iter().collect();
        banners.extend(self.settings_banner().await?);
        banners.extend(self.interrupted_banners().await?);
        banners.extend(self.banners(&rows));
        let order = self.floor_order().await?;
        put_in_order(order, &mut rows);
        Ok(Floor {
            now: frame.now,
            today: frame.days.of(frame.now),
            zone: frame.days.zone.name().to_owned(),
            order,
            filters: Filter::counted(&rows),
            open_count: rows.len(),
            held: view::sums(rows.iter().map(|r| &r.left)),
            bills: view::sums(rows.iter().map(|r| &r.bill)),
            lapsing: view::sums(rows.iter().filter(is_lapsing).map(|r| &r.left)),
            banners,
            deposits,
            online: self.gateway.is_online(),
            rows,
        })
    }

    /// One tab in full, from the ledger alone.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn tab(&self, id: TabId) -> Result<TabView, AppError> {
        let frame = self.context.frame().await?;
        let account = self.context.account(id).await?;
        let currency = account.tab.currency;
        let money = |minor: i64| view::Money::from(Money::new(minor, currency));
        let title = wording::title(&account.tab, account.holds.iter().map(|(hold, _)| hold));
        let about = wording::About {
            name: &title,
            currency,
        };
        let mut history: Vec<view::HistoryEntry> = self
            .context
            .ledger
            .journal(id)
            .await?
            .into_iter()
            .map(|e| view::HistoryEntry {
                at: e.at,
                words: wording::history(&e.event, &e.personal, about),
                amount: e.event.amount().map(money),
                by: e.by.to_string(),
                reference: e.reference,
            })
            .collect();
        history.reverse();
        let holds: Vec<view::Hold> = account
            .holds
            .iter()
            .rev()
            .map(|hold| view::Hold {
                contradicts: self.contradiction(hold.0.id, currency),
                ..hold::hold(&account, hold, frame, &self.codes)
            })
            .collect();
        Ok(TabView {
            seen: crate::Seen::of(&account, frame.now),
            row: row::row(&account, frame),
            lines: lines::lines(&account),
            missing: crate::account::due::missing(&account, frame.now).map(Into::into),
            keys: view::TabKeys::of(&holds),
            holds,
            history,
            close_refused: crate::operations::bill::close_refused(&account.holds, frame.earliest),
            closed_at: account.tab.closed_at,
            note: account.tab.note,
            email: account.tab.email,
        })
    }

    /// What an amount typed means; for the field's edge.
    pub fn check_amount(text: &str, currency: Currency, allow_zero: bool) -> view::AmountCheck {
        let checked = parse_amount(text, currency, false).and_then(|money| {
            if money.minor == 0 && !allow_zero {
                Err(holdfast_domain::AmountProblem::Zero)
            } else {
                Ok(money)
            }
        });
        match checked {
            Ok(money) => view::AmountCheck {
                money: Some(money.into()),
                error: None,
            },
            Err(problem) => view::AmountCheck {
                money: None,
                error: Some(problem.to_string()),
            },
        }
    }
}
