//! The protocol of one operation: read, intend, send, record, settle.

use crate::account::renewals::side;
use crate::context::locks::Flight;
use crate::operations::consent::{Ground, Seen};
use crate::wording;
use crate::{AppError, Desk, ErrorCode};
use holdfast_domain::{
    Action, Actor, Baseline, Hold, HoldId, Operation, OperationId, OperationKind, OperationState, RefundOf,
    TabId, actions, judge,
};
use holdfast_ledger::{Learnt, Progress};
use std::time::Duration;

/// What a person decided. The same decision twice is one operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Minted where the person pressed, once a sheet.
    pub id: OperationId,
    /// On which hold.
    pub hold: HoldId,
    /// What.
    pub kind: OperationKind,
    /// Minor units without tip.
    pub amount: i64,
    /// Minor units of service charge within `amount`.
    pub service: i64,
    /// Minor units of tip.
    pub tip: i64,
    /// Why, where one is asked for; a receipt's address.
    pub reason: Option<String>,
    /// Who.
    pub by: Actor,
    /// What they saw.
    pub seen: Seen,
    /// Minor units that the guest is asked for once Dojo has accepted a capture; 0 for nothing.
    pub then_ask: i64,
    /// Of a refund, what it is of; of a capture, what [`Decision::then_ask`] is for.
    pub of: Option<RefundOf>,
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
            reason: None,
            by: by.clone(),
            seen,
            then_ask: 0,
            of: None,
        }
    }
}

/// How long the person who pressed waits for Dojo's record before the sweep takes over.
const SETTLE_RETRY_DELAYS: [Duration; 4] = [
    Duration::ZERO,
    Duration::from_millis(300),
    Duration::from_secs(1),
    Duration::from_secs(2),
];

impl Desk {
    /// Carries out a decision, sending at most one request that moves money.
    ///
    /// # Errors
    /// Before anything is sent: [`ErrorCode::Changed`] when it isn't as the person saw it,
    /// [`ErrorCode::NotAllowed`], [`ErrorCode::NotSent`] (Dojo could not be read), [`ErrorCode::Ledger`].
    /// Afterwards there are none but the ledger's own: what became of it is the operation's state.
    pub async fn operate(&self, decision: Decision) -> Result<Operation, AppError> {
        match self.send_once(&decision).await? {
            Sent::Before(known) => Ok(known),
            // settle
            Sent::Now(operation) => self.wait_for(operation).await,
        }
    }

    /// All of [`Desk::operate`] but the last step: Dojo's answer is recorded, and its record has yet to be asked.
    pub(crate) async fn send_once(&self, decision: &Decision) -> Result<Sent, AppError> {
        let (hold, operation, flight) = match self.decide(decision).await? {
            Decided::Before(known) => return Ok(Sent::Before(*known)),
            Decided::Now(hold, operation, flight) => (*hold, *operation, flight),
        };
        // send
        let answer = self.send(&hold, &operation).await;
        // record
        let outcome = judge(operation.kind, &operation.baseline, answer);
        let ended = (!outcome.state.is_open()).then(|| self.now());
        let mut after = operation;
        (after.state, after.dojo_id, after.detail) = (outcome.state, outcome.dojo_id, outcome.detail);
        let note = self.moved_note(&hold, &after);
        let progress = Progress {
            id: after.id,
            state: after.state,
            dojo_id: after.dojo_id.clone(),
            detail: after.detail.clone(),
            is_late: after.is_late,
            settled_at: ended,
        };
        let settling = self.settling.lock().await;
        self.ledger
            .record(hold.id, Learnt::default(), Some(progress), vec![note])
            .await?;
        drop((flight, settling));
        self.changed();
        Ok(Sent::Now(after))
    }

    /// Reads, and makes the decision durable if what was read allows it.
    async fn decide(&self, decision: &Decision) -> Result<Decided<'_>, AppError> {
        // What is read of Dojo must not be old by the time that it may be written.
        self.ledger.whole().await?;
        // Two that read side by side would each miss what the other is about to do.
        let turn = self.turn(decision.hold);
        let _turn = turn.lock().await;
        if let Some(known) = self.ledger.operation(decision.id).await? {
            return Ok(Decided::Before(Box::new(known)));
        }
        self.refuse_if_older(decision.id).await?;
        self.look_first(decision.hold).await?;
        // read
        let ground = Ground::of(decision.kind, decision.hold);
        let tab = self.read(decision.hold).await?.tab;
        if ground == Ground::Tab {
            self.read_others(tab, decision.hold).await?;
        }
        // consent
        let whole = self.whole(self.ledger.tab(tab).await?).await?;
        self.refuse_if_changed(ground, &decision.seen, &whole).await?;
        let (hold, operations) = side(&whole, decision.hold)?;
        self.refuse_unless_allowed(hold, operations, decision.kind)?;
        // intend
        let hold = hold.clone();
        let operation = self.intended(&hold, decision);
        let note = self.decided_note(&hold, &operation);
        let flight = self.fly(operation.id);
        self.ledger.intend(&operation, note).await?;
        self.changed();
        Ok(Decided::Now(Box::new(hold), Box::new(operation), flight))
    }

    /// Reads the tab's other holds that are in force: what was taken from one of them isn't due on this one.
    async fn read_others(&self, tab: TabId, hold: HoldId) -> Result<(), AppError> {
        for other in self.ledger.holds(tab).await? {
            if other.id != hold && other.intent_id.is_some() && !other.is_over() {
                self.read(other.id).await?;
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
        let why = actions(hold, open, false, self.now())
            .into_iter()
            .find(|a| a.action == action)
            .and_then(|a| a.refusal);
        why.map_or(Ok(()), |why| {
            Err(AppError::new(
                ErrorCode::NotAllowed,
                wording::refusal(action, why),
            ))
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
            reason: decision.reason.clone(),
            // What Dojo dates itself may be earlier than a clock that is ahead: days would not add up.
            at: self.reckoning().earliest,
            state: OperationState::Intended,
            dojo_id: None,
            detail: None,
            is_late: false,
            settled_at: None,
            seen_at: None,
            of: decision.of,
            then_ask: decision.then_ask,
        }
    }

    /// Asks Dojo's record a few times while the person waits; the sweep goes on afterwards.
    pub(crate) async fn wait_for(&self, operation: Operation) -> Result<Operation, AppError> {
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
            self.clock.sleep(pause).await;
            // A reading that fails changes nothing: the operation stays as it is.
            if let Err(error) = self.read(latest.hold).await {
                tracing::debug!(%error, "Dojo could not be read while settling");
            }
            latest = self.ledger.operation(latest.id).await?.unwrap_or(latest);
            if latest.state == OperationState::Rejected {
                break;
            }
        }
        Ok(latest)
    }
}

/// What a press turned out to be.
enum Decided<'a> {
    /// Of a decision that is known already.
    Before(Box<Operation>),
    /// Of a new one: it is in the ledger now, and may be sent.
    Now(Box<Hold>, Box<Operation>, Flight<'a>),
}

/// What a decision has come to when its request is answered.
pub(crate) enum Sent {
    /// It was known already, and nothing was sent.
    Before(Operation),
    /// This was its one request.
    Now(Operation),
}
