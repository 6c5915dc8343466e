//! What a take could not cover is asked for once Dojo has accepted the take. It is kept with the take itself, so that a
//! crash between the two loses nothing, and however often it's pressed the guest is asked once.

use crate::account::{Account, due};
use crate::capture::Taker;
use crate::context::reasons::NotPossible;
use crate::context::till::Ticket;
use crate::operations::open::HoldRequest;
use crate::{AppError, ErrorCode};
use chrono::{DateTime, Utc};
use holdfast_domain::{Event, Operation, OperationId, OperationState, TabId};
use holdfast_ledger::{LedgerError, Permit, TabSeen};
use uuid::Uuid;

/// How far the id of the request for the rest is from the take's: more than a take has parts.
const REST_ID_OFFSET: u128 = 1 << 16;

/// The create that asks for what `take` left. Always the same one, no matter who continues it.
pub(crate) fn rest_of(take: OperationId) -> OperationId {
    OperationId(Uuid::from_u128(take.0.as_u128().wrapping_add(REST_ID_OFFSET)))
}

impl Taker {
    /// Asks for what takes left to be asked for, as far as it can be by now.
    pub(crate) async fn continue_asks(&self) -> Result<(), AppError> {
        if self.context.ledger.open_asks().await?.is_empty() {
            return Ok(());
        }
        let _asking = self.asking.lock().await;
        for take in self.context.ledger.open_asks().await? {
            match self.continue_ask(&take).await {
                Err(error) if error.code == ErrorCode::Ledger => return Err(error),
                Err(error) => tracing::warn!(take = %take.id, %error, "the rest could not be asked for yet"),
                Ok(()) => {}
            }
        }
        Ok(())
    }

    async fn continue_ask(&self, take: &Operation) -> Result<(), AppError> {
        let hold = self.context.ledger.hold(take.hold).await?;
        match take.state {
            // The guest is still at the till, so nobody waits for the last word on what Dojo accepted.
            OperationState::Succeeded | OperationState::Accepted => {
                return self.ask_for_rest(take, &hold).await;
            }
            OperationState::Intended | OperationState::Unknown => return Ok(()),
            OperationState::Declined
            | OperationState::Rejected
            | OperationState::NotSent
            | OperationState::Absent
            | OperationState::Conflict => {}
        }
        self.end_unasked(take, hold.tab).await
    }

    /// Tells that the guest isn't asked for the rest.
    async fn end_unasked(&self, take: &Operation, tab: TabId) -> Result<(), AppError> {
        let event = Event::RestNotAsked {
            amount: take.then_ask,
            take: take.state,
        };
        self.end_ask(take, tab, event).await
    }

    async fn end_ask(&self, take: &Operation, tab: TabId, event: Event) -> Result<(), AppError> {
        let note = self.context.note(take.requested_by.clone(), Some(tab), event);
        let ended = self.context.ledger.end_ask(tab, take.id, None, None, vec![note]);
        self.note_end(ended.await).map(drop)
    }

    async fn ask_for_rest(&self, take: &Operation, taken: &holdfast_domain::Hold) -> Result<(), AppError> {
        // A restored ledger may not know that the guest was asked: Dojo is asked first.
        self.reconciler.import_if_restored().await?;
        let billing = self.executor.billing().await;
        let account = self.context.account(taken.tab).await?;
        let seen = Some(TabSeen::of(&account));
        let asked = still_missing(take, account, self.context.now());
        if asked == 0 {
            return self.end_unasked(take, taken.tab).await;
        }
        if self.reconciler.is_from_before(take.at).await? {
            // The guest who was asked may have paid in another way since, and the request be gone: a person says.
            let amount = take.then_ask;
            return self
                .end_ask(take, taken.tab, Event::RestNotAskedAgain { amount })
                .await;
        }
        let tab = self.context.ledger.tab(taken.tab).await?;
        if tab.closed_at.is_some() {
            // What is held there has to be seen.
            self.executor.reopen_tab(tab.id).await?;
        }
        let settings = self.context.settings().await?;
        let terms = HoldRequest {
            asked,
            action: taken.expire_action.unwrap_or(settings.deadline_action),
            link_ends_at: self.executor.link_end(settings.link_ends).await?,
            allow_change: false,
        };
        let hold = self.executor.new_hold(&tab, terms);
        let mut create = self
            .executor
            .create_operation(&hold, rest_of(take.id), take.requested_by.clone());
        create.of = take.of;
        let note = self.context.decided_note(&hold, &create);
        let _flight = self.context.in_flight.fly(create.id);
        let opened = Some((hold.clone(), create.clone()));
        let since = self.context.clock.since_boot();
        let ended = self
            .context
            .ledger
            .end_ask(tab.id, take.id, opened, seen, vec![note])
            .await;
        let permit = self.note_end(ended)?.unwrap_or(Permit::Endless);
        drop(billing);
        let ticket = Ticket::new(permit, since);
        self.executor
            .send_create(&tab, &hold, create, false, ticket)
            .await
    }

    /// Another has ended it already: that is as good.
    fn note_end(&self, result: Result<Option<Permit>, LedgerError>) -> Result<Option<Permit>, AppError> {
        self.context.changed();
        match result {
            Ok(permit) => Ok(permit),
            Err(LedgerError::NotFound) => {
                Err(AppError::new(ErrorCode::NotAllowed, NotPossible::AlreadyAsked))
            }
            Err(other) => Err(other.into()),
        }
    }
}

/// What is to be asked for after `take`, in minor units: what was agreed, without what of the bill isn't missing any
/// more. The take may have been unclear for long, and the bill have changed or the guest been asked by hand.
fn still_missing(take: &Operation, mut account: Account, now: DateTime<Utc>) -> i64 {
    // What this very take goes on to ask for doesn't count as asked for.
    let all = account.holds.iter_mut().flat_map(|(_, operations)| operations);
    all.filter(|o| o.id == take.id).for_each(|o| o.then_ask = 0);
    let of = take.of.unwrap_or_default();
    let beyond_bill = of.service.saturating_add(of.tip);
    let bill = take.then_ask.saturating_sub(beyond_bill);
    if bill == 0 {
        return take.then_ask;
    }
    match due::missing(&account, now) {
        Some(missing) => missing.minor.min(bill).saturating_add(beyond_bill),
        None => 0,
    }
}
