//! The bill: lines added, never erased; and closing a tab.

use crate::account::refunds::off_in_all;
use crate::account::{ACCEPTED_OPERATION_WAITED_FOR, Account};
use crate::context::limits::MOST_NAME_CHARACTERS;
use crate::context::reasons::{Mistyped, NotPossible};
use crate::operations::consent::{self, ConsentScope, Seen};
use crate::operations::typed::mistyped;
use crate::operations::{Executor, MOST_TRIES_TO_DECIDE};
use crate::{AppError, ErrorCode, Field, wording};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_domain::{
    Actor, DeadlineAction, Event, Hold, HoldState, Line, LineId, Money, NotDone, Operation, OperationKind,
    OperationState, StaysOpen, Tab, TabId, bill, parse_amount, tidy_line,
};
use holdfast_ledger::{LedgerError, TabSeen};

impl Executor {
    /// Adds a line. A negative amount corrects an earlier line; the bill never falls below zero.
    pub(crate) async fn add_line(
        &self,
        id: TabId,
        what: Option<String>,
        quantity: i64,
        amount: &str,
    ) -> Result<(), AppError> {
        let _billing = self.billing().await;
        let tab = self.context.ledger.tab(id).await?;
        let settings = self.context.settings().await?;
        let each = parse_amount(amount, tab.currency, true)
            .map_err(|e| AppError::field(Field::Amount, Mistyped::Amount(e)))?;
        if each.minor == 0 {
            return Err(AppError::field(Field::Amount, Mistyped::LineOfZero));
        }
        if !(1..=999).contains(&quantity) {
            return Err(AppError::field(Field::Quantity, Mistyped::Quantity));
        }
        let what = what.map(|w| tidy_line(&w)).filter(|w| !w.is_empty());
        if let Some(problem) = mistyped(what.as_deref(), MOST_NAME_CHARACTERS) {
            return Err(AppError::field(Field::What, problem));
        }
        let line = Line {
            id: LineId(self.context.clock.uuid()),
            tab: id,
            what,
            quantity,
            each: each.minor,
            takes_off: None,
            moved: None,
            at: self.context.now(),
            by: settings.actor(),
        };
        self.write_line(&tab, line).await
    }

    /// Takes a line off again, by a further line of its negative; the first one stays to be seen. A line
    /// that is off already stays off.
    pub(crate) async fn take_off(&self, id: TabId, line: LineId) -> Result<(), AppError> {
        let _billing = self.billing().await;
        let tab = self.context.ledger.tab(id).await?;
        let by = self.context.settings().await?.staff_name;
        let lines = self.context.ledger.lines(id).await?;
        let wrong = lines
            .iter()
            .find(|l| l.id == line)
            .ok_or_else(|| AppError::new(ErrorCode::NotFound, NotPossible::LineNotOnBill))?;
        // The other half of a move would stay on the other bill.
        if wrong.takes_off.is_some() || wrong.has_left() {
            return Err(AppError::new(ErrorCode::NotAllowed, NotPossible::LineTakesOff));
        }
        if lines.iter().any(|l| l.takes_off == Some(line)) {
            return Ok(());
        }
        let off = Line {
            id: LineId(self.context.clock.uuid()),
            tab: id,
            what: wrong.what.clone(),
            quantity: wrong.quantity,
            each: wrong.each.saturating_neg(),
            takes_off: Some(line),
            moved: None,
            at: self.context.now(),
            by: Actor::staff(by),
        };
        self.write_line(&tab, off).await
    }

    /// Writes a line, unless the bill would leave its bounds; one that takes off a line which is off already is none.
    async fn write_line(&self, tab: &Tab, line: Line) -> Result<(), AppError> {
        refuse_if_closed(tab)?;
        for _ in 0..MOST_TRIES_TO_DECIDE {
            match self.try_to_write(tab, &line).await? {
                // Another till has added to the tab meanwhile: the note says what the bill comes to with it.
                Err(LedgerError::Changed) => {}
                Err(LedgerError::TooMuch) => return Err(out_of_bounds()),
                Ok(()) | Err(LedgerError::Known) => {
                    self.context.changed();
                    return Ok(());
                }
                Err(other) => return Err(other.into()),
            }
        }
        Err(LedgerError::Changed.into())
    }

    /// The same once, by the bill as it is now; what the ledger says of it.
    async fn try_to_write(&self, tab: &Tab, line: &Line) -> Result<Result<(), LedgerError>, AppError> {
        let mut account = self.context.account(tab.id).await?;
        let seen = TabSeen::of(&account);
        // What refunds take off stays off: below that the next line would be swallowed.
        let off = off_in_all(&account);
        account.lines.push(line.clone());
        let total = bill(&account.lines, tab.currency).ok_or_else(out_of_bounds)?;
        if line.each < 0 && total.minor < off {
            let off = Money::new(off, tab.currency);
            return Err(AppError::field(Field::Amount, Mistyped::TakenOffByRefund(off)));
        }
        let (amount, bill) = (line.each.saturating_mul(line.quantity), total.minor);
        let event = match line.takes_off {
            Some(_) => Event::LineTakenOff { amount, bill },
            None => Event::LineAdded { amount, bill },
        };
        let mut note = self.context.note(line.by.clone(), Some(tab.id), event);
        note.personal.name.clone_from(&line.what);
        Ok(self.context.ledger.add_line(line, Some(seen), note).await)
    }

    /// Closes a tab as a person saw it. Refused while anything on it is held, waited for or unclear.
    pub(crate) async fn close_tab(&self, id: TabId, seen: &Seen) -> Result<(), AppError> {
        let taking = self.taking(id);
        let _turn = taking.lock().await;
        let account = self.context.account(id).await?;
        self.refuse_to_close(&account)?;
        self.close_as_seen(id, seen).await
    }

    fn refuse_to_close(&self, account: &Account) -> Result<(), AppError> {
        let refused = close_refused(&account.holds, self.context.reckoning().earliest);
        refused.map_or(Ok(()), |why| {
            let error = AppError::new(ErrorCode::NotAllowed, wording::not_done::stays_open(why));
            Err(error.because(NotDone::StaysOpen(why)))
        })
    }

    /// The same, while the caller keeps the bill as it is; not when the tab isn't as it was read any more.
    async fn close_while_billing(&self, account: &Account) -> Result<bool, AppError> {
        self.refuse_to_close(account)?;
        let id = account.tab.id;
        let settings = self.context.settings().await?;
        let note = self.context.note(settings.actor(), Some(id), Event::TabClosed);
        let (seen, at) = (Some(TabSeen::of(account)), Some(self.context.now()));
        let ledger = &self.context.ledger;
        let version = account.tab.version;
        match ledger.set_closed(id, version, seen, at, note).await {
            Err(LedgerError::Changed) => return Ok(false),
            closed => closed?,
        }
        self.context.changed();
        Ok(true)
    }

    /// Closes a tab, unless it has changed since it was `seen`. The caller holds the tab's taking.
    pub(crate) async fn close_as_seen(&self, id: TabId, seen: &Seen) -> Result<(), AppError> {
        // A line that comes between comparing and closing would leave the floor unseen.
        let _billing = self.billing().await;
        for _ in 0..MOST_TRIES_TO_DECIDE {
            if self.try_to_close(id, seen).await? {
                return Ok(());
            }
        }
        Err(LedgerError::Changed.into())
    }

    /// The same once, by the tab as it is now; whether it is closed.
    async fn try_to_close(&self, id: TabId, seen: &Seen) -> Result<bool, AppError> {
        let account = self.context.account(id).await?;
        let frame = self.context.frame().await?;
        let found = consent::changes(ConsentScope::Tab, seen, &account, frame);
        if found.is_empty() {
            return self.close_while_billing(&account).await;
        }
        let changes = wording::consent::changes(&found, frame);
        let words = wording::consent::not_closed(&changes);
        Err(AppError {
            changes,
            ..AppError::new(ErrorCode::Changed, words).because(NotDone::ChangedBeforeClosing(found))
        })
    }

    /// Reopens a closed tab.
    pub(crate) async fn reopen_tab(&self, id: TabId) -> Result<(), AppError> {
        let tab = self.context.ledger.tab(id).await?;
        refuse_if_forgotten(&tab)?;
        let settings = self.context.settings().await?;
        let note = self.context.note(settings.actor(), Some(id), Event::TabReopened);
        let ledger = &self.context.ledger;
        ledger.set_closed(id, tab.version, None, None, note).await?;
        self.context.changed();
        Ok(())
    }
}

fn out_of_bounds() -> AppError {
    AppError::field(Field::Amount, Mistyped::BillOutOfBounds)
}

/// Refuses what would be about a guest who was forgotten: the ledger keeps no word of it.
pub(crate) fn refuse_if_forgotten(tab: &Tab) -> Result<(), AppError> {
    if tab.is_forgotten {
        return Err(AppError::new(ErrorCode::NotAllowed, NotPossible::GuestForgotten));
    }
    Ok(())
}

/// Refuses what makes something due, or asks for it, on a tab that nobody looks at.
pub(crate) fn refuse_if_closed(tab: &Tab) -> Result<(), AppError> {
    match tab.closed_at {
        None => Ok(()),
        Some(_) => Err(AppError::new(ErrorCode::NotAllowed, NotPossible::TabClosed)),
    }
}

/// By then, by any clock, Dojo has acted at the deadline. Where its record never says so, a person who has
/// looked may close the tab.
const CLOSE_ANYWAY_AFTER: TimeDelta = TimeDelta::hours(1);

/// Dojo may yet take what is left of it at the deadline.
fn dojo_takes_rest(hold: &Hold, earliest: DateTime<Utc>) -> bool {
    let is_over = hold.captured() > 0 && is_long_past(hold, earliest);
    hold.left() > 0 && hold.expire_action == Some(DeadlineAction::Capture) && !is_over
}

fn is_long_past(hold: &Hold, earliest: DateTime<Utc>) -> bool {
    let deadline = hold.latest_deadline();
    deadline.is_some_and(|deadline| earliest.signed_duration_since(deadline.at) >= CLOSE_ANYWAY_AFTER)
}

/// Dojo shows a card's hold in a state that this version doesn't know, or answers what makes no sense and a person
/// has dismissed that, long after the deadline: nothing here can end it.
fn is_unknown_and_past(hold: &Hold, earliest: DateTime<Utc>) -> bool {
    let is_unknown = hold.state_at_dojo() == HoldState::Unreadable || hold.given_up_at.is_some();
    is_unknown && hold.authorised() > 0 && is_long_past(hold, earliest)
}

/// Dojo has yet to settle a take long after the deadline, and nothing else is held: it may never come to an end.
fn is_pending_and_past(hold: &Hold, earliest: DateTime<Utc>) -> bool {
    let end = hold
        .latest_deadline()
        .map(|deadline| deadline.at + ACCEPTED_OPERATION_WAITED_FOR);
    hold.pending() > 0 && hold.left() == 0 && end.is_some_and(|end| end <= earliest)
}

/// Why a tab with these holds may not be closed yet. `earliest` is the time by the clock that is most behind.
pub(crate) fn close_refused(holds: &[(Hold, Vec<Operation>)], earliest: DateTime<Utc>) -> Option<StaysOpen> {
    holds.iter().find_map(|(hold, operations)| {
        if operations.iter().any(|o| o.state.is_open()) {
            Some(StaysOpen::Settling)
        } else if is_unknown_and_past(hold, earliest) || is_pending_and_past(hold, earliest) {
            None
        } else if dojo_takes_rest(hold, earliest) {
            let is_part = hold.captured() > 0;
            Some(if is_part {
                StaysOpen::DojoTakesRest
            } else {
                StaysOpen::DojoTakes
            })
        } else if hold.left() > 0 && hold.captured() == 0 {
            // After a first capture Dojo reverses nothing: the rest drops off the card at the deadline.
            Some(StaysOpen::Held)
        } else if unreadable(hold, operations).is_some_and(|create| !create.is_put_aside()) {
            Some(StaysOpen::Unreadable)
        } else {
            let may_be_paid = hold.intent_id.is_some()
                && !hold.is_over()
                && hold.captured() == 0
                && unreadable(hold, operations).is_none();
            may_be_paid.then_some(StaysOpen::MayBePaid)
        }
    })
}

/// The create of a request that Dojo made in a way of which nothing can be read here, such as in another currency: only
/// a person can say, after a look at Dojo's portal, that it is over.
pub(crate) fn unreadable<'a>(hold: &Hold, operations: &'a [Operation]) -> Option<&'a Operation> {
    let create = operations.iter().find(|o| o.kind == OperationKind::Create)?;
    (hold.seen.is_none() && create.state == OperationState::Conflict).then_some(create)
}

#[cfg(test)]
mod tests;
