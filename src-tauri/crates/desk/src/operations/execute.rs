//! The protocol of one operation: read, intend, send, record, settle.

use crate::account::renewals::side;
use crate::context::locks::Flight;
use crate::context::till::Ticket;
use crate::operations::Executor;
use crate::operations::MOST_TRIES_TO_DECIDE;
use crate::operations::bill::unreadable;
use crate::operations::consent::{ConsentScope, Seen};
use crate::wording;
use crate::wording::once_sent;
use crate::{AppError, ErrorCode};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_domain::{
    Action, Actor, Baseline, Cause, Hold, HoldId, IntentStatus, NotDone, Operation, OperationId,
    OperationKind, OperationState, Purpose, Snapshot, judge, refusal,
};
use holdfast_ledger::{Expect, LedgerError, Progress, TabSeen};
use std::time::Duration;

/// What a person decided. The same decision twice is one operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Minted where the person pressed, once a sheet.
    pub id: OperationId,
    /// On which hold.
    pub hold: HoldId,
    /// What is to be done to the hold.
    pub kind: OperationKind,
    /// Minor units without tip.
    pub amount: i64,
    /// Minor units of service charge within `amount`.
    pub service: i64,
    /// Minor units of tip.
    pub tip: i64,
    /// What it is part of.
    pub cause: Cause,
    /// Why, where one is asked for; a receipt's address.
    pub reason: Option<String>,
    /// Who pressed, or Holdfast for what goes on by itself.
    pub by: Actor,
    /// The figures that they had before them: compared with the ledger's before anything is sent.
    pub seen: Seen,
    /// Minor units that the guest is asked for once Dojo has accepted a capture; 0 for nothing.
    pub then_ask: i64,
    /// Becomes [`Operation::of`].
    pub of: Option<Purpose>,
}

impl Decision {
    /// A decision of no amount, with nothing to follow.
    pub fn plain(id: OperationId, hold: HoldId, kind: OperationKind, by: &Actor, seen: Seen) -> Self {
        Self {
            id,
            hold,
            kind,
            amount: 0,
            service: 0,
            tip: 0,
            cause: Cause::Person,
            reason: None,
            by: by.clone(),
            seen,
            then_ask: 0,
            of: None,
        }
    }
}

/// How long the person who pressed waits for Dojo's record before the watch takes over.
const SETTLE_RETRY_DELAYS: [Duration; 4] = [
    Duration::ZERO,
    Duration::from_millis(300),
    Duration::from_secs(1),
    Duration::from_secs(2),
];

impl Executor {
    /// Carries out a decision, sending at most one request that moves money.
    pub(crate) async fn operate(&self, decision: Decision) -> Result<Operation, AppError> {
        self.operate_on(&decision, None).await
    }

    /// The same on a hold that is known; of what is known only the ids count, and those never change.
    pub(crate) async fn operate_on(
        &self,
        decision: &Decision,
        known: Option<&Hold>,
    ) -> Result<Operation, AppError> {
        match self.send_once(decision, known).await? {
            Sent::Before(known) => Ok(known),
            // settle
            Sent::Now(hold, operation) => self.read_until_settled(&hold, operation).await,
        }
    }

    /// All of [`Executor::operate`] but the last step: Dojo's answer is recorded, and its record has yet to be asked.
    pub(crate) async fn send_once(
        &self,
        decision: &Decision,
        known: Option<&Hold>,
    ) -> Result<Sent, AppError> {
        let mut tries = 0..MOST_TRIES_TO_DECIDE;
        let (hold, operation, flight, ticket) = loop {
            tries.next().ok_or(LedgerError::Changed)?;
            match self.decide(decision, known).await? {
                Decided::Before(known) => return Ok(Sent::Before(*known)),
                Decided::Now(hold, operation, flight, ticket) => break (*hold, *operation, flight, ticket),
                Decided::Stale => {}
            }
        };
        // Harm that was found since it was intended stops it still.
        self.context.ledger.refuse_if_harmed().await?;
        // send
        let answer = self.gateway.send(&hold, &operation, ticket).await;
        // record
        let outcome = judge(operation.kind, &operation.baseline, answer);
        let ended = (!outcome.state.is_open()).then(|| self.context.now());
        let mut after = operation;
        (after.state, after.dojo_id, after.detail) = (outcome.state, outcome.dojo_id, outcome.detail);
        let note = self.context.moved_on_note(&hold, &after);
        let progress = Progress {
            id: after.id,
            state: after.state,
            dojo_id: after.dojo_id.clone(),
            detail: after.detail.clone(),
            is_late: after.is_late,
            settled_at: ended,
        };
        let after = self
            .reconciler
            .record_answer(after, progress, note, flight)
            .await?;
        Ok(Sent::Now(Box::new(hold), after))
    }

    /// Reads, and makes the decision durable if what was read allows it.
    async fn decide(&self, decision: &Decision, known: Option<&Hold>) -> Result<Decided<'_>, AppError> {
        // A ledger that is harmed is closed and restored: nothing is decided by it.
        self.context.ledger.refuse_if_harmed().await?;
        // Two that read side by side would each miss what the other is about to do.
        let turn = self.turn(decision.hold);
        let _turn = turn.lock().await;
        if let Some(known) = self.context.ledger.operation(decision.id).await? {
            if (known.hold, known.kind) != (decision.hold, decision.kind) {
                return Err(another_press());
            }
            return Ok(Decided::Before(Box::new(known)));
        }
        self.reconciler.refuse_if_older(decision.id).await?;
        self.reconciler.read_if_restored(decision.hold).await?;
        // read
        let scope = ConsentScope::of(decision.kind, decision.hold);
        let hold = match known.filter(|hold| hold.intent_id.is_some()) {
            Some(hold) => hold.clone(),
            None => self.context.ledger.hold(decision.hold).await?,
        };
        if scope == ConsentScope::Tab {
            self.read_others(&hold, decision).await?;
        }
        // Last the one that the request goes to: nothing that Dojo shows of it is older than need be.
        let account = self.reconciler.reconcile_hold(&hold).await?.account;
        // consent
        self.refuse_if_changed(scope, &decision.seen, &account).await?;
        let (hold, operations) = side(&account, decision.hold)?;
        self.refuse_unless_allowed(hold, operations, decision.kind)?;
        // intend
        let expect = Expect {
            hold: hold.version,
            tab: (scope == ConsentScope::Tab).then(|| TabSeen::of(&account)),
        };
        let hold = hold.clone();
        let _bill = self.keep_bill_as_agreed(hold.tab, decision).await?;
        let operation = self.intended(&hold, decision);
        let note = self.context.decided_note(&hold, &operation);
        let flight = self.context.in_flight.fly(operation.id);
        let since = self.context.clock.since_boot();
        let permit = match self.context.ledger.intend(&operation, expect, note).await {
            // What came in between, such as another till's decision, is compared with what the person saw.
            Err(LedgerError::Changed | LedgerError::Known | LedgerError::Busy) => return Ok(Decided::Stale),
            intended => intended?,
        };
        self.context.changed();
        let ticket = Ticket::new(permit, since);
        Ok(Decided::Now(Box::new(hold), Box::new(operation), flight, ticket))
    }

    /// Reads the tab's other holds, as far as the decision stands on them: what was taken from one isn't due on this
    /// one, and what went back from one isn't given back from this one.
    async fn read_others(&self, hold: &Hold, decision: &Decision) -> Result<(), AppError> {
        // A person who didn't see a hold is refused anyway: with one alone the ledger isn't asked.
        if decision.seen.holds.iter().all(|seen| seen.hold_id == hold.id) {
            return Ok(());
        }
        let account = self.context.account(hold.tab).await?;
        let now = self.context.reckoning().earliest;
        let others = account.holds.iter().filter(|(other, _)| other.id != hold.id);
        for (other, operations) in others {
            if !is_read_first(other, operations, decision.kind, now) {
                continue;
            }
            match self.reconciler.reconcile_hold(other).await {
                // A person has looked at Dojo's portal already, and keeps no other card back for it.
                Err(error) if other.given_up_at.is_some() && error.is(&NotDone::Senseless) => {}
                read => drop(read?),
            }
        }
        Ok(())
    }

    fn refuse_unless_allowed(
        &self,
        hold: &Hold,
        operations: &[Operation],
        kind: OperationKind,
    ) -> Result<(), AppError> {
        let action = match kind {
            OperationKind::Create => return Ok(()),
            OperationKind::Capture => Action::Take,
            OperationKind::Reversal => Action::Release,
            OperationKind::Cancel => Action::Cancel,
            OperationKind::Refund => Action::Refund,
            OperationKind::SetAmount => Action::ChangeAmount,
            OperationKind::SetTips => Action::ChangeTip,
            OperationKind::Receipt => Action::Receipt,
        };
        let open = operations.iter().find(|o| o.state.is_open());
        // No operation renews: whether a renewal is under way decides nothing here.
        refusal(hold, open, false, self.context.now(), action).map_or(Ok(()), |why| {
            let error = AppError::new(ErrorCode::NotAllowed, wording::refusal(action, why));
            Err(error.because(NotDone::NotAllowed { action, why }))
        })
    }

    fn intended(&self, hold: &Hold, decision: &Decision) -> Operation {
        Operation {
            id: decision.id,
            hold: hold.id,
            kind: decision.kind,
            amount: decision.amount,
            service: decision.service,
            tip: decision.tip,
            baseline: Baseline::of(hold),
            requested_by: decision.by.clone(),
            cause: decision.cause,
            reason: decision.reason.clone(),
            // What Dojo dates itself may be earlier than a clock that is ahead: days would not add up.
            at: self.context.reckoning().earliest,
            state: OperationState::Intended,
            dojo_id: None,
            detail: None,
            is_late: false,
            settled_at: None,
            seen_at: None,
            sender: self.context.sender(),
            of: decision.of,
            then_ask: decision.then_ask,
        }
    }

    /// Asks Dojo's record a few times while the person waits. The watch goes on after that.
    pub(crate) async fn wait_until_settled(&self, operation: Operation) -> Result<Operation, AppError> {
        let hold = self.context.ledger.hold(operation.hold).await?;
        self.read_until_settled(&hold, operation).await
    }

    /// The same on a hold that is known.
    pub(crate) async fn read_until_settled(
        &self,
        hold: &Hold,
        operation: Operation,
    ) -> Result<Operation, AppError> {
        let mut latest = operation;
        for pause in SETTLE_RETRY_DELAYS {
            if !matches!(
                latest.state,
                OperationState::Intended
                    | OperationState::Accepted
                    | OperationState::Unknown
                    | OperationState::Rejected
            ) {
                break;
            }
            self.context.clock.sleep(pause).await;
            let read = self.reconciler.reconcile_hold(hold).await;
            let known = match read.map(|read| read.operation(latest.id).cloned()) {
                Ok(known) => known,
                // A reading that fails changes nothing: the operation stays as it is, unless somebody else has read.
                Err(error) => {
                    tracing::debug!(%error, "Dojo could not be read while settling");
                    let known = self.context.ledger.operation(latest.id).await;
                    known.map_err(|error| once_sent(error, self.context.session.is_some()))?
                }
            };
            latest = known.unwrap_or(latest);
            if latest.state == OperationState::Rejected {
                break;
            }
        }
        Ok(latest)
    }
}

/// How long a request that was cancelled may turn out to be paid after all. The daily look finds later ones.
const CANCELLED_HOLD_READ_FOR: TimeDelta = TimeDelta::hours(24);

/// Whether another hold of the tab is read before a decision of this kind. Each costs a moment at the till, so what
/// can't have moved isn't: what was released is at its end at Dojo, and of what was cancelled long ago nothing
/// comes. So there are as many as there are cards in force, and cards that paid: a few, on any tab.
fn is_read_first(hold: &Hold, operations: &[Operation], kind: OperationKind, now: DateTime<Utc>) -> bool {
    // What can't be read, such as one in another currency, would keep the others back for good.
    if hold.intent_id.is_none() || unreadable(hold, operations).is_some() {
        return false;
    }
    if !hold.is_over() {
        return true;
    }
    // A release leaves the bill alone; a hold that is over has nothing on it that could be taken instead.
    if kind == OperationKind::Reversal {
        return false;
    }
    // What was taken can be refunded in the portal, and a refund come back from the bank, however long ago it was.
    let was_cancelled = |seen: &Snapshot| {
        seen.status == IntentStatus::Canceled
            && now.signed_duration_since(seen.seen_at) < CANCELLED_HOLD_READ_FOR
    };
    hold.captured() > 0 || hold.seen.as_ref().is_some_and(was_cancelled)
}

/// Why a press is refused that has the id of another one: what that one came to is not this one's outcome.
pub(crate) fn another_press() -> AppError {
    let error = AppError::new(ErrorCode::NotAllowed, wording::not_done::ANOTHER_PRESS);
    error.because(NotDone::AnotherPress)
}

/// What a press turned out to be.
enum Decided<'a> {
    /// Of a decision that is known already.
    Before(Box<Operation>),
    /// Of a new one: it is in the ledger now, and may be sent.
    Now(Box<Hold>, Box<Operation>, Flight<'a>, Ticket),
    /// Of a hold or a tab that was written while it was decided, such as by the watch's reading or by another till: it
    /// has to be decided again.
    Stale,
}

/// What a decision has come to when its request is answered.
pub(crate) enum Sent {
    /// It was known already, and nothing was sent.
    Before(Operation),
    /// This was its one request, on this hold.
    Now(Box<Hold>, Operation),
}
