//! What is open, most urgent first, and one tab in full.

use crate::show::{self, Frame, Whole};
use crate::view::{self, Banner, Floor, TabRow, TabView, Tone};
use crate::{AppError, Desk};
use crate::{Filter, Worklists};
use chrono::TimeDelta;
use holdfast_domain::{Currency, Money, Tab, TabId, parse_amount};
use std::time::Duration;

/// More open tabs than any venue has.
pub(crate) const MOST_OPEN: i64 = 2_000;

/// A check of the ledger that goes on for so long is spoken of.
pub const LONG_CHECK: Duration = Duration::from_secs(1);

impl Desk {
    pub(crate) async fn whole(&self, tab: Tab) -> Result<Whole, AppError> {
        let found = self.ledger.accounts(vec![tab.id]).await?.pop();
        found.ok_or_else(|| holdfast_ledger::LedgerError::NotFound.into())
    }

    pub(crate) async fn frame(&self) -> Result<Frame, AppError> {
        let settings = self.settings().await?;
        Ok(Frame {
            now: self.now(),
            earliest: self.reckoning().earliest,
            warnings: settings.warnings(),
            days: self.business_days_by(&settings)?,
        })
    }

    /// What a tab is called wherever a person reads it. Asks for its cards only where it has no name.
    pub(crate) async fn title(&self, tab: &Tab) -> Result<String, AppError> {
        if !tab.name.is_empty() {
            return Ok(tab.name.clone());
        }
        let whole = self.whole(tab.clone()).await?;
        Ok(show::title(tab, whole.holds.iter().map(|(hold, _)| hold)))
    }

    /// Everything that is open, most urgent first.
    pub(crate) async fn open(&self, frame: Frame) -> Result<Vec<(Whole, TabRow)>, AppError> {
        let accounts = self.ledger.open_accounts(MOST_OPEN).await?.into_iter();
        let mut all: Vec<_> = accounts
            .map(|whole| {
                let row = show::row(&whole, frame);
                (whole, row)
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
        let frame = self.frame().await?;
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
        order.put_in_order(&mut rows);
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
            online: *self.online.borrow(),
            rows,
        })
    }

    /// One tab in full, from the ledger alone.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn tab(&self, id: TabId) -> Result<TabView, AppError> {
        let frame = self.frame().await?;
        let whole = self.whole(self.ledger.tab(id).await?).await?;
        let currency = whole.tab.currency;
        let money = |minor: i64| view::Money::from(Money::new(minor, currency));
        let mut history: Vec<view::Step> = self
            .ledger
            .journal(id)
            .await?
            .into_iter()
            .map(|e| view::Step {
                at: e.at,
                words: e.words,
                amount: e.amount.map(money),
                by: e.by,
                reference: e.reference,
            })
            .collect();
        history.reverse();
        let holds: Vec<view::Hold> = whole
            .holds
            .iter()
            .rev()
            .map(|hold| view::Hold {
                contradicts: self.contradiction(hold.0.id),
                ..show::hold(&whole, hold, frame, &self.codes)
            })
            .collect();
        Ok(TabView {
            seen: crate::Seen::of(&whole, frame.now),
            row: show::row(&whole, frame),
            lines: show::lines(&whole),
            missing: crate::take::missing(&whole, frame.now),
            keys: view::TabKeys::of(&holds),
            holds,
            history,
            close_refused: crate::bill::close_refused(&whole.holds, frame.earliest),
            closed_at: whole.tab.closed_at,
            note: whole.tab.note,
            email: whole.tab.email,
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

    fn banners(&self, rows: &[TabRow]) -> Vec<Banner> {
        let mut banners = Vec::new();
        if self.ledger.being_checked().is_some_and(|long| long >= LONG_CHECK) {
            let words = "The whole ledger is being looked through. What is open can be read; History, and whatever \
                         is decided or written, waits until that is done.";
            banners.push(Banner {
                code: "checking",
                words: words.to_owned(),
                tone: Tone::Warn,
                tab_id: None,
            });
        }
        if let Some(trouble) = self.time.trouble(self.clock.as_ref()) {
            banners.push(Banner {
                code: "clock",
                words: crate::words::clock(trouble),
                tone: Tone::Warn,
                tab_id: None,
            });
        }
        if !*self.online.borrow() {
            let words = "Dojo can’t be reached. You can still read, search and add to bills; amounts held are as \
                         they were known last. Opening, taking and releasing wait for Dojo; nothing is sent by itself.";
            banners.push(Banner {
                code: "offline",
                words: words.to_owned(),
                tone: Tone::Bad,
                tab_id: None,
            });
        }
        banners.extend(self.backup_banner());
        banners.extend(crate::show::told(rows, "expired", "have expired", |row| {
            (row.state.code == "expired" || row.uncovered.is_some())
                .then(|| (crate::show::expired(row), Tone::Bad))
        }));
        banners.extend(crate::show::told(rows, "deadline", "end soon", |row| {
            let deadline = row.deadline.as_ref().filter(|d| d.threshold.is_some())?;
            Some((crate::show::ending(row, deadline), deadline.tone))
        }));
        banners
    }
}
