//! Carrying a move out: both tabs as the person saw them, both halves in one commit, once a decision.

use super::halves::{Halves, Side};
use super::{MoveBill, MoveFigures, MoveOnto, title};
use crate::account::{Account, due, short_reference};
use crate::context::limits::{MOST_NAME_CHARACTERS, MOST_PLACE_CHARACTERS};
use crate::context::locks::one_of;
use crate::operations::Executor;
use crate::operations::MOST_TRIES_TO_DECIDE;
use crate::operations::consent::{self, ConsentScope, Seen};
use crate::operations::execute::another_press;
use crate::{AppError, ErrorCode, Field, FieldError, wording};
use holdfast_domain::{Kind, Money, NotDone, Tab, TabId, has_card_number, tidy_line};
use holdfast_ledger::{BillMove, LedgerError, TabSeen};

/// What was moved.
pub(crate) struct MovedBill {
    pub(crate) amount: Money,
    pub(crate) onto: TabId,
    pub(crate) is_closed: bool,
}

/// Where it goes, as far as that is known before both bills are still.
enum Onto {
    Open(TabId),
    New(Box<Tab>),
}

impl Executor {
    /// Moves a part of a bill, as the person saw both. However often one decision is pressed, it moves once.
    pub(crate) async fn move_bill(&self, moving: &MoveBill) -> Result<MovedBill, AppError> {
        self.context.ledger.refuse_if_harmed().await?;
        let pressing = one_of(&self.openings, moving.decision);
        let _pressing = pressing.lock().await;
        if let Some(moved) = self.moved_by(moving).await? {
            return Ok(moved);
        }
        self.reconciler.refuse_if_older(moving.decision).await?;
        let onto = match &moving.typed.onto {
            None => return Err(AppError::new(ErrorCode::NotAllowed, wording::moves::NO_TAB)),
            Some(MoveOnto::Tab(id)) => Onto::Open(*id),
            Some(MoveOnto::New { name, place }) => {
                let place = place.as_deref();
                Onto::New(Box::new(self.split_tab(moving.typed.tab_id, name, place).await?))
            }
        };
        let mut ids = vec![moving.typed.tab_id];
        if let Onto::Open(id) = &onto {
            ids.push(*id);
        }
        // In one order: two people who move towards one another would wait for each other for ever.
        ids.sort_unstable();
        ids.dedup();
        for id in &ids {
            // A restored ledger may not know what was taken: that would be asked for once more from another card.
            for hold in self.context.ledger.holds(*id).await? {
                self.reconciler.read_if_restored(hold.id).await?;
            }
        }
        let mut takings = Vec::new();
        for id in ids {
            takings.push(self.taking(id).lock_owned().await);
        }
        let _billing = self.billing().await;
        for _ in 0..MOST_TRIES_TO_DECIDE {
            if let Some(moved) = self.try_to_move(moving, &onto).await? {
                return Ok(moved);
            }
        }
        Err(LedgerError::Changed.into())
    }

    /// What this decision has moved already, if it has.
    async fn moved_by(&self, moving: &MoveBill) -> Result<Option<MovedBill>, AppError> {
        if self.context.ledger.operation(moving.decision).await?.is_some() {
            return Err(another_press());
        }
        let account = self.context.account(moving.typed.tab_id).await?;
        let mut gone = account.lines.iter().filter_map(|line| {
            let moved = line.moved.as_ref()?;
            let is_of_it = moved.decision == moving.decision && !moved.is_here;
            is_of_it.then_some((moved.other, line.total()))
        });
        let Some((other, first)) = gone.next() else {
            return Ok(None);
        };
        if matches!(moving.typed.onto, Some(MoveOnto::Tab(onto)) if onto != other) {
            return Err(another_press());
        }
        let total = gone.fold(first, |sum, (_, total)| sum.saturating_add(total));
        Ok(Some(MovedBill {
            amount: Money::new(total.saturating_neg(), account.tab.currency),
            onto: other,
            is_closed: account.tab.closed_at.is_some(),
        }))
    }

    /// The tab that a split begins with: nothing is held on it yet.
    async fn split_tab(&self, from: TabId, name: &str, place: Option<&str>) -> Result<Tab, AppError> {
        let from = self.context.ledger.tab(from).await?;
        let (name, place, problems) = new_details(name, place);
        if !problems.is_empty() {
            return Err(AppError::invalid(problems));
        }
        let id = TabId(self.context.clock.uuid());
        Ok(Tab {
            id,
            kind: Kind::Tab,
            name,
            place,
            note: None,
            email: None,
            currency: from.currency,
            reference: short_reference(&id),
            arrives_on: None,
            departs_on: None,
            opened_at: self.context.now(),
            opened_by: self.context.settings().await?.actor(),
            guests: None,
            version: 0,
            closed_at: None,
            is_forgotten: false,
        })
    }

    /// The same once, by both tabs as they are now; none when either was written meanwhile.
    async fn try_to_move(&self, moving: &MoveBill, onto: &Onto) -> Result<Option<MovedBill>, AppError> {
        let from = self.context.account(moving.typed.tab_id).await?;
        let (other, opened) = match onto {
            Onto::Open(id) => (self.context.account(*id).await?, None),
            Onto::New(tab) => (empty(tab), Some((**tab).clone())),
        };
        let existing = opened.is_none().then_some(&other);
        self.refuse_if_not_seen(moving, &from, existing).await?;
        let frame = self.context.frame().await?;
        let figures = MoveFigures::of(&from, &moving.typed.part, existing, frame);
        if let Some(why) = figures.why {
            return Err(AppError::new(ErrorCode::NotAllowed, why));
        }
        if figures.amount.minor != moving.expect_minor || figures.closes != moving.closes {
            return Err(AppError::new(ErrorCode::Changed, wording::moves::LOOK_AGAIN));
        }
        let side = |account: &Account| Side {
            tab: account.tab.id,
            title: title(account),
            lines: due::paid(account).lines,
        };
        let halves = Halves {
            context: &self.context,
            decision: moving.decision,
            by: self.context.settings().await?.actor(),
            from: side(&from),
            onto: side(&other),
        };
        let rests_on = [Some(&from), existing]
            .into_iter()
            .flatten()
            .map(|account| (account.tab.id, TabSeen::of(account)))
            .collect();
        let notes = halves.notes(&figures, opened.as_ref(), figures.closes);
        let bill_move = BillMove {
            opened,
            lines: halves.lines(&figures),
            seen: rests_on,
            closed: figures.closes.then(|| (from.tab.id, self.context.now())),
        };
        match self.context.ledger.move_bill(&bill_move, notes).await {
            Err(LedgerError::Changed) => return Ok(None),
            moved => moved?,
        }
        self.context.changed();
        Ok(Some(MovedBill {
            amount: figures.amount,
            onto: other.tab.id,
            is_closed: figures.closes,
        }))
    }

    /// Refuses a move of which either tab isn't as the person saw it.
    async fn refuse_if_not_seen(
        &self,
        moving: &MoveBill,
        from: &Account,
        onto: Option<&Account>,
    ) -> Result<(), AppError> {
        let frame = self.context.frame().await?;
        let mut found = consent::changes(ConsentScope::Tab, &moving.seen, from, frame);
        let mut changes = wording::consent::changes(&found, frame);
        if let Some(onto) = onto {
            let default = Seen::default();
            let seen = moving.onto_seen.as_ref().unwrap_or(&default);
            let there = consent::changes(ConsentScope::Tab, seen, onto, frame);
            let words = wording::consent::changes(&there, frame);
            changes.extend(
                words
                    .iter()
                    .map(|words| wording::moves::on_other(&title(onto), words)),
            );
            found.extend(there);
        }
        if found.is_empty() {
            return Ok(());
        }
        let words = wording::moves::not_moved(&changes);
        Err(AppError {
            changes,
            ..AppError::new(ErrorCode::Changed, words).because(NotDone::Changed(found))
        })
    }
}

/// A new tab with nothing on it.
fn empty(tab: &Tab) -> Account {
    Account {
        tab: tab.clone(),
        lines: Vec::new(),
        holds: Vec::new(),
        renewals: Vec::new(),
    }
}

/// A new tab's name and place without what nobody sees, and what is wrong with them.
pub(crate) fn new_details(name: &str, place: Option<&str>) -> (String, Option<String>, Vec<FieldError>) {
    let name = tidy_line(name);
    let place = place.map(tidy_line).filter(|place| !place.is_empty());
    let mut problems = Vec::new();
    let mut wrong = |field: Field, message: String| problems.push(FieldError::new(field, message));
    if name.is_empty() {
        wrong(Field::Name, wording::moves::NO_NAME.to_owned());
    }
    if name.chars().count() > MOST_NAME_CHARACTERS {
        wrong(Field::Name, wording::moves::too_long(MOST_NAME_CHARACTERS));
    }
    let length = place.as_deref().map_or(0, |place| place.chars().count());
    if length > MOST_PLACE_CHARACTERS {
        wrong(Field::Place, wording::moves::too_long(MOST_PLACE_CHARACTERS));
    }
    if has_card_number(&name) {
        wrong(Field::Name, wording::typing::CARD_NUMBER.to_owned());
    }
    if place.as_deref().is_some_and(has_card_number) {
        wrong(Field::Place, wording::typing::CARD_NUMBER.to_owned());
    }
    (name, place, problems)
}
