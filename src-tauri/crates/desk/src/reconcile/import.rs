//! Requests that Dojo knows and this ledger does not: they become tabs, with what was held and taken
//! on them.

use crate::AppError;
use crate::account::{HOLD_FOR, short_reference};
use crate::gateway::intent_metadata::IntentMetadata;
use crate::gateway::search_cursor::SearchCursor;
use crate::reconcile::Reconciler;
use crate::reconcile::echo;
use crate::reconcile::external_changes::Telling;
use crate::reconcile::observe::{deadline_action, mode};
use crate::reconcile::reconciler::Fetched;
use crate::wording::imports;
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_dojo as dojo;
use holdfast_domain::{
    Actor, CaptureMode, Currency, DeadlineAction, Event, Hold, HoldId, Operation, OperationId, OperationKind,
    OperationState, Tab,
};
use holdfast_ledger::{Learnt, LedgerError, Progress};
use std::collections::{HashMap, hash_map::Entry};

/// How far a search reaches back before the backup: clocks differ, and what was begun just before it may have
/// been recorded just after.
const SEARCH_OVERLAP: TimeDelta = TimeDelta::hours(1);

/// What this program told Dojo about a request when it made it.
#[derive(Debug, Clone)]
pub(crate) struct Described {
    pub(crate) tab: Tab,
    pub(crate) hold: Hold,
    /// Minor units on the bill when the request was made.
    pub(crate) bill: i64,
}

/// How the ledger came to lack a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ImportReason {
    /// A backup was put back.
    Restored,
    /// It was opened on another PC, or before this ledger began.
    Elsewhere,
}

impl ImportReason {
    const fn event(self) -> Event {
        Event::Imported {
            after_restore: matches!(self, Self::Restored),
        }
    }

    const fn for_staff(self) -> &'static str {
        match self {
            Self::Restored => imports::FOUND_AFTER_RESTORE,
            Self::Elsewhere => imports::BROUGHT_IN,
        }
    }
}

impl Reconciler {
    /// Searches Dojo for requests of this program's since `since`, and adds those that are missing.
    pub(crate) async fn import_missing(&self, since: Option<DateTime<Utc>>) -> Result<(), AppError> {
        let mut pages = SearchCursor::since(since.and_then(|at| at.checked_sub_signed(SEARCH_OVERLAP)));
        let mut all = Vec::new();
        while !pages.is_over() {
            for intent in self.gateway.next_page(&mut pages).await? {
                let described = self.described(&intent);
                all.extend(described.map(|described| (intent, described)));
            }
        }
        for (intent, _) in undoubled(all) {
            self.import_intent(&intent, ImportReason::Restored).await?;
        }
        Ok(())
    }

    /// Makes `intent` known to the ledger, unless it is, or is none of ours; whether it did.
    pub(crate) async fn import_intent(
        &self,
        intent: &dojo::PaymentIntent,
        lack: ImportReason,
    ) -> Result<bool, AppError> {
        let Some(Described { mut tab, hold, .. }) = self.described(intent) else {
            return Ok(false);
        };
        tab.note = Some(lack.for_staff().to_owned());
        let (hold, create) = match self.context.ledger.hold(hold.id).await {
            Ok(known) if known.intent_id.is_some() => return Ok(false),
            Ok(known) => {
                let operations = self.context.ledger.operations(known.id).await?;
                let create = operations.into_iter().rfind(|o| o.kind == OperationKind::Create);
                (known, create)
            }
            Err(LedgerError::NotFound) => {
                let create = self.create_of(&hold);
                self.add(&tab, &hold, &create).await?;
                (hold, Some(create))
            }
            Err(other) => return Err(other.into()),
        };
        let note = self.context.note(Actor::Dojo, Some(hold.tab), lack.event());
        let learnt = Learnt {
            intent_id: intent.id.clone(),
            link: intent.payment_link.clone(),
            created_at: intent.created_at,
            ..Learnt::default()
        };
        // Nobody knows whether Dojo takes it or lets it go then: a person has to hear of it.
        let silent = echo::silent_action(intent);
        let progress = create.map(|create| Progress {
            id: create.id,
            state: if silent.is_some() {
                OperationState::Conflict
            } else {
                OperationState::Succeeded
            },
            dojo_id: intent.id.clone(),
            detail: silent,
            is_late: false,
            settled_at: Some(self.context.now()),
        });
        self.context
            .ledger
            .record(hold.id, learnt, progress, vec![note])
            .await?;
        // So that the history says what was held and taken. Search shows as much as a reading does; should
        // it not, that makes no sense and is read.
        let found = Fetched {
            intent: intent.clone(),
            number: self.begin_reading(),
            read_from: None,
            moment: self.moment(hold.id, None),
        };
        if self.apply(&hold, &found, Telling::History).await.is_err()
            && let Err(error) = self.read(hold.id).await
        {
            tracing::warn!(hold = %hold.id, %error, "a request that was found could not be read; the watch goes on");
        }
        self.context.changed();
        Ok(true)
    }

    async fn add(&self, tab: &Tab, hold: &Hold, create: &Operation) -> Result<(), AppError> {
        if let Err(LedgerError::NotFound) = self.context.ledger.tab(tab.id).await {
            let mut note = self
                .context
                .note(tab.opened_by.clone(), Some(tab.id), Event::TabOpened);
            note.personal.name = Some(crate::wording::title(tab, std::iter::once(hold)));
            self.context.ledger.add_tab(tab, note).await?;
        }
        let note = self.context.decided_note(hold, create);
        Ok(self
            .context
            .ledger
            .add_hold(hold, create, None, note)
            .await
            .map(drop)?)
    }

    fn create_of(&self, hold: &Hold) -> Operation {
        let id = OperationId(self.context.clock.uuid());
        Operation::create(id, hold, Actor::Unknown, hold.opened_at)
    }

    /// The tab and the hold that this program told Dojo about when it made `intent`.
    pub(crate) fn described(&self, intent: &dojo::PaymentIntent) -> Option<Described> {
        let said = IntentMetadata::read(intent)?;
        let asked = intent.requested_amount.as_ref().or(intent.amount.as_ref())?;
        let currency = Currency::from_code(&asked.currency_code)?;
        let opened_at = intent.created_at.unwrap_or_else(|| self.context.now());
        let is_manual = mode(intent) == Some(CaptureMode::Manual);
        let tab = Tab {
            id: said.tab,
            kind: said.kind,
            // Asked for again where it was never given.
            name: said.name,
            place: said.place,
            note: None,
            email: None,
            currency,
            reference: short_reference(&said.tab),
            arrives_on: said.arrives_on,
            departs_on: said.departs_on,
            opened_at,
            opened_by: Actor::Unknown,
            guests: None,
            version: 0,
            closed_at: None,
            is_forgotten: false,
        };
        let hold = Hold {
            id: said.hold,
            tab: tab.id,
            intent_id: None,
            reference: intent.reference.clone()?,
            mode: if is_manual {
                CaptureMode::Manual
            } else {
                CaptureMode::Auto
            },
            currency,
            asked: (asked.value >= 0).then_some(asked.value)?,
            // Where Dojo is silent: as long as this program always asks for, and a deadline of some kind.
            expire_in: is_manual.then(|| {
                let asked = intent.auto_expire_in.map(dojo::TimeSpan::seconds);
                asked.unwrap_or_else(|| HOLD_FOR.num_seconds())
            }),
            expire_action: is_manual.then(|| deadline_action(intent).unwrap_or(DeadlineAction::Release)),
            link: None,
            link_ends_at: intent.expire_at,
            opened_at,
            created_at: None,
            seen: None,
            lapsed_at: None,
            said_elsewhere: None,
            given_up_at: None,
            version: 0,
        };
        Some(Described {
            tab,
            hold,
            bill: said.bill,
        })
    }
}

/// A create that was sent twice on its way made two requests of one hold: of those, the one that a guest paid.
pub(crate) fn undoubled(all: Vec<(dojo::PaymentIntent, Described)>) -> Vec<(dojo::PaymentIntent, Described)> {
    let is_paid = |intent: &dojo::PaymentIntent| {
        !matches!(intent.status, dojo::Status::Created | dojo::Status::Canceled)
    };
    let mut places: HashMap<HoldId, usize> = HashMap::new();
    let mut kept: Vec<(dojo::PaymentIntent, Described)> = Vec::new();
    for one in all {
        match places.entry(one.1.hold.id) {
            Entry::Vacant(place) => {
                place.insert(kept.len());
                kept.push(one);
            }
            Entry::Occupied(place) => {
                if let Some(known) = kept.get_mut(*place.get()).filter(|known| !is_paid(&known.0))
                    && is_paid(&one.0)
                {
                    *known = one;
                }
            }
        }
    }
    kept
}
