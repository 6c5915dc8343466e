//! What is open, most urgent first, and one tab in full.

use crate::account::facts::Facts;
use crate::account::{Account, due, state};
use crate::context::frame::Frame;
use crate::present::attention::Item;
use crate::present::figures::figures;
use crate::present::floor_tab::FloorTab;
use crate::present::further::further;
use crate::present::group::Group;
use crate::present::hold;
use crate::present::keys;
use crate::present::lines;
use crate::present::menu::menu;
use crate::present::next::{self, Known};
use crate::present::row;
use crate::present::shown::changed_elsewhere;
use crate::present::sort::put_in_order;
use crate::present::topic::topic;
use crate::present::view::{self, Banner, Floor, OtherRow, TabKeys, TabRow, TabStep, TabView};
use crate::{AppError, Desk, wording};
use crate::{Filter, Settings, Worklists};
use holdfast_domain::{Actor, Currency, Hold, HoldId, Money, Operation, TabId, TabState, parse_amount};
use holdfast_ledger::Entry;

/// The most urgent first: by part of the floor; over the hold; a failure; what ends soon; what has least to spend.
fn most_urgent_first(all: &mut [FloorTab]) {
    let urgency = |row: &TabRow| {
        let ends = row.deadline.as_ref().map_or(i64::MAX, |d| d.at.timestamp());
        // What expires is worth a place before what only runs low.
        let is_expiring = row.deadline.as_ref().is_some_and(|d| d.is_expiring);
        let room = row.to_spend.as_ref().map_or(i64::MAX, |money| money.minor);
        (
            row.group,
            row.short.is_none(),
            !row.needs_person,
            if is_expiring { ends } else { i64::MAX },
            room,
            ends,
        )
    };
    all.sort_by(|FloorTab { row: a, .. }, FloorTab { row: b, .. }| {
        urgency(a)
            .cmp(&urgency(b))
            .then_with(|| b.opened_at.cmp(&a.opened_at))
    });
}

/// What needs attention: one count, wherever it stands.
pub(crate) struct NeedsAttention {
    /// How many open tabs and other things.
    pub(crate) all: usize,
    /// Those about no open tab.
    pub(crate) others: Vec<OtherRow>,
}

impl From<Item> for OtherRow {
    fn from(item: Item) -> Self {
        Self {
            key: item.key,
            name: item.name,
            about: item.about,
            state: item.state,
            tab_id: item.tab_id,
        }
    }
}

/// More open tabs than any venue has.
pub(crate) const MOST_OPEN_TABS: i64 = 2_000;

impl Desk {
    /// What a person is asked about a hold on which Dojo keeps to less than it showed before.
    fn contradiction(&self, id: HoldId, currency: Currency) -> Option<view::ContradictionView> {
        let one = self.reconciler.lasting(id)?;
        Some(view::ContradictionView {
            key: one.key.to_string(),
            words: wording::contradicts(one.was, one.is, currency),
        })
    }

    /// A tab's holds, the newest first.
    fn holds_of(&self, account: &Account, frame: Frame) -> Vec<view::Hold> {
        let of = |held: &(Hold, Vec<Operation>)| view::Hold {
            contradicts: self.contradiction(held.0.id, account.tab.currency),
            ..hold::hold(account, held, frame, &self.codes)
        };
        account.holds.iter().rev().map(of).collect()
    }

    /// Everything that is open, most urgent first by what its own figures and deadlines say.
    pub(crate) async fn open(&self, frame: Frame) -> Result<Vec<FloorTab>, AppError> {
        let accounts = self.context.ledger.open_accounts(MOST_OPEN_TABS).await?;
        let mut all: Vec<_> = accounts
            .into_iter()
            .map(|account| FloorTab::of(account, frame))
            .collect();
        for FloorTab { account, row, .. } in &mut all {
            row.elsewhere = self.elsewhere(account, &row.name, frame).map(|news| news.row);
        }
        most_urgent_first(&mut all);
        Ok(all)
    }

    /// The same, with whatever somebody has to hear of among what needs attention, and how many things need
    /// attention in all.
    pub(crate) async fn open_with_attention(
        &self,
        frame: Frame,
    ) -> Result<(Vec<FloorTab>, NeedsAttention), AppError> {
        let mut all = self.open(frame).await?;
        let told = self.to_be_told(&all, frame.now).await?;
        for FloorTab { row, .. } in &mut all {
            if told.tabs.contains(&row.id) {
                row.put_in(Group::Attention);
            }
        }
        most_urgent_first(&mut all);
        let tabs = all.iter().filter(|tab| tab.row.group == Group::Attention).count();
        let needs = NeedsAttention {
            all: tabs.saturating_add(told.others.len()),
            others: told.others.into_iter().map(OtherRow::from).collect(),
        };
        Ok((all, needs))
    }

    /// What was done to a tab at another till a moment ago; `name` is what the tab is called.
    fn elsewhere(&self, account: &Account, name: &str, frame: Frame) -> Option<view::ElsewhereView> {
        let news = self.context.elsewhere(account.tab.id)?;
        let about = wording::EventContext {
            name,
            currency: account.tab.currency,
            frame,
        };
        Some(changed_elsewhere(&news, about))
    }

    /// Everything that is open, from the ledger alone.
    pub(super) async fn floor_of_ledger(&self) -> Result<Floor, AppError> {
        let settings = self.context.settings().await?;
        let frame = self.context.frame_by(&settings)?;
        let (
            open,
            NeedsAttention {
                all: attention,
                others,
            },
        ) = self.open_with_attention(frame).await?;
        let deposits = Worklists::of(&open, frame);
        let view::Figures {
            open: open_count,
            held,
            due,
            expiring,
            being_taken,
        } = figures(open.iter(), frame);
        let filters = Filter::counted(&open, others.len(), frame);
        let mut banners: Vec<Banner> = self.restored_banner().await?.into_iter().collect();
        banners.extend(self.settings_banners().await?);
        banners.extend(self.interrupted_banners(&open).await?);
        banners.extend(self.banners(&open));
        let (mut rows, accounts): (Vec<TabRow>, Vec<Account>) =
            open.into_iter().map(|tab| (tab.row, tab.account)).unzip();
        let order = self.context.floor_order().await?;
        put_in_order(order, &mut rows);
        let floor = Floor {
            now: frame.now,
            today: frame.days.of(frame.now),
            zone: frame.days.zone.name().to_owned(),
            order,
            filters,
            open_count,
            held,
            bills: view::sums(rows.iter().map(|r| &r.bill)),
            due,
            being_taken,
            groups: Group::summed(&rows, others.len()),
            others,
            attention,
            expiring,
            banners,
            deposits,
            online: self.gateway.is_online(),
            read_only: None,
            rows,
        };
        self.keep_shown(&floor, accounts, settings);
        Ok(floor)
    }

    /// One tab in full, from the ledger alone.
    pub(super) async fn tab_of_ledger(&self, id: TabId) -> Result<TabView, AppError> {
        let settings = self.context.settings().await?;
        let account = self.context.account(id).await?;
        let journal = self.context.ledger.journal(id).await?;
        let closed = account.tab.closed_at.map(|_| id).into_iter().collect();
        let closed_by = self.context.ledger.closers(closed).await?.remove(&id);
        self.tab_of(&account, journal, closed_by, &settings)
    }

    /// The same, of what was read.
    pub(super) fn tab_of(
        &self,
        account: &Account,
        journal: Vec<Entry>,
        closed_by: Option<Actor>,
        settings: &Settings,
    ) -> Result<TabView, AppError> {
        let frame = self.context.frame_by(settings)?;
        let currency = account.tab.currency;
        let title = wording::title(&account.tab, account.holds.iter().map(|(hold, _)| hold));
        let about = wording::EventContext {
            name: &title,
            currency,
            frame,
        };
        let lines = lines::lines(account);
        let history = history(journal, about);
        let mut holds = self.holds_of(account, frame);
        let facts = Facts::of(account, frame);
        let row = TabRow {
            closed_by: closed_by.map(|by| by.to_string()),
            ..row::row_of(account, &facts, frame)
        };
        let missing = due::missing(account, frame.now).map(view::Money::from);
        let lapsed = lapsed(account, &facts, &row.detail, frame);
        let keys = keys::keys(account, &holds, frame);
        let is_first_unpaid = keys::is_first_unpaid(account, &holds, frame);
        let further = further(account, &facts, settings, is_first_unpaid);
        let close_refused = crate::operations::bill::close_refused(&account.holds, frame.earliest);
        let next = next::next(&Known {
            account,
            facts: &facts,
            holds: &holds,
            keys,
            at_hand: &due::at_hand(account, frame.now).into(),
            missing: missing.as_ref(),
            frame,
        });
        let unsent: Vec<HoldId> = keys::unsent(account, frame).map(|hold| hold.id).collect();
        let lesser = next::lesser(&keys, further.which, next.as_ref());
        offer_to_send_again(&mut holds, &unsent, next.as_ref(), keys);
        Ok(TabView {
            seen: crate::Seen::of(account, frame.now),
            again: lines::again(&lines),
            lines,
            over: missing.clone().filter(|_| facts.left > 0),
            missing,
            lapsed,
            stands: hold::tab_stands(account, &facts),
            menu: menu(&keys, &holds, next.as_ref(), &lesser),
            lesser,
            further,
            row,
            why_not_take: next::why_not_take(account, &keys, next.as_ref(), frame),
            keys,
            next,
            holds,
            history,
            elsewhere: self.elsewhere(account, &title, frame),
            is_forgotten: account.tab.is_forgotten,
            close_refused: close_refused.map(|why| wording::not_done::stays_open(why).to_owned()),
            closed_at: account.tab.closed_at,
            note: account.tab.note.clone(),
            email: account.tab.email.clone(),
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
                error: Some(wording::typing::amount(problem).to_owned()),
            },
        }
    }
}

/// A request that never left has a button of its own where the tab's first one doesn't send it.
fn offer_to_send_again(
    holds: &mut [view::Hold],
    unsent: &[HoldId],
    next: Option<&view::NextStep>,
    keys: TabKeys,
) {
    let is_first = next.is_some_and(|next| next.step == TabStep::SendAgain);
    let by_first = keys.send_again.filter(|_| is_first);
    for hold in holds {
        if let Some(operation) = &mut hold.operation {
            operation.may_be_sent_again = unsent.contains(&hold.id) && by_first != Some(hold.id);
        }
    }
}

/// What happened on a tab, the newest first.
fn history(journal: Vec<Entry>, about: wording::EventContext<'_>) -> Vec<view::HistoryEntry> {
    let money = |minor: i64| view::Money::from(Money::new(minor, about.currency));
    let newest_first = journal.into_iter().rev();
    newest_first
        .map(|entry| view::HistoryEntry {
            at: entry.at,
            words: wording::history(&entry.event, &entry.personal, about),
            amount: entry.event.amount().map(money),
            by: entry.by.to_string(),
            reference: entry.reference,
            topic: topic(&entry.event),
        })
        .collect()
}

/// Of a tab on which a hold lapsed, or whose bill lost its cover by that; `detail` is what the tab says of its state.
fn lapsed(account: &Account, facts: &Facts, detail: &str, frame: Frame) -> Option<String> {
    let mut holds = account.holds.iter();
    let has_lapsed =
        holds.any(|(hold, operations)| state::state(hold, operations, frame.now) == TabState::Expired);
    let uncovered = facts.uncovered.map(|minor| facts.money(minor).to_string());
    let whole = (facts.state == TabState::Expired).then_some(detail);
    (has_lapsed || uncovered.is_some()).then(|| wording::tabs::expired(whole, uncovered.as_deref()))
}
