//! Opening a tab, a deposit or a payment, and asking for more on one.

use crate::account::{HOLD_FOR, due, short_reference};
use crate::context::locks::one_of;
use crate::context::reasons::NotPossible;
use crate::context::till::Ticket;
use crate::gateway::intent_metadata::IntentMetadata;
use crate::operations::bill::refuse_if_closed;
use crate::operations::consent::{ConsentScope, Seen};
use crate::operations::execute::another_press;
use crate::operations::open_form::{self, OpenTab};
use crate::operations::{Executor, MOST_TRIES_TO_DECIDE};
use crate::settings::LinkEnds;
use crate::wording::once_sent;
use crate::{AppError, ErrorCode, wording};
use chrono::{DateTime, Utc};
use holdfast_dojo as dojo;
use holdfast_domain::{
    Actor, CaptureMode, DeadlineAction, Event, Hold, HoldId, Kind, Operation, OperationId, OperationKind,
    OperationState, Tab, TabId, judge,
};
use holdfast_ledger::{Expect, LedgerError, TabSeen};
use serde::Deserialize;
use ts_rs::TS;

/// What a hold is asked for with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HoldRequest {
    /// Minor units.
    pub(crate) asked: i64,
    pub(crate) action: DeadlineAction,
    pub(crate) link_ends_at: Option<DateTime<Utc>>,
    pub(crate) allow_change: bool,
}

/// A hold that was made durable, and whose create may be sent.
pub(crate) struct Opened {
    pub(crate) tab: Tab,
    pub(crate) hold: Hold,
    pub(crate) create: Operation,
    pub(crate) ticket: Ticket,
}

/// A decision to ask a guest for a further hold.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct AskForMore {
    /// On which tab.
    #[ts(type = "string")]
    pub tab_id: TabId,
    /// As typed.
    pub amount: String,
    /// What Dojo does at the deadline; as with the tab's newest hold when none.
    #[serde(default)]
    pub deadline_action: Option<DeadlineAction>,
    /// Minted once a sheet: the same one twice is one hold.
    #[ts(type = "string")]
    pub decision: OperationId,
    /// What the person saw of the tab: two who see the same bill outgrow its hold ask for one more hold.
    pub seen: Seen,
}

impl Executor {
    /// Opens a tab with its first hold. What was typed is checked before anything is written. However often one
    /// decision is pressed, it opens one tab.
    pub(crate) async fn open_tab(&self, typed: OpenTab) -> Result<TabId, AppError> {
        let opening = one_of(&self.openings, typed.decision);
        let _opening = opening.lock().await;
        if let Some(hold) = self.opened_by(typed.decision, None).await? {
            return Ok(hold.tab);
        }
        self.reconciler.refuse_if_older(typed.decision).await?;
        self.gateway.refuse_known_key_of_another().await?;
        let settings = self.context.settings().await?;
        let read = open_form::read(&typed).map_err(AppError::invalid)?;
        let now = self.context.now();
        let id = TabId(self.context.clock.uuid());
        let tab = Tab {
            id,
            kind: typed.kind,
            name: read.name,
            place: read.place,
            note: read.note,
            email: read.email,
            currency: typed.currency,
            reference: short_reference(&id),
            arrives_on: read.arrives_on,
            departs_on: read.departs_on,
            opened_at: now,
            opened_by: settings.actor(),
            guests: None,
            version: 0,
            closed_at: None,
            is_forgotten: false,
        };
        let mut opened = self
            .context
            .note(tab.opened_by.clone(), Some(id), Event::TabOpened);
        opened.personal.name = Some(tab.name.clone()).filter(|name| !name.is_empty());
        let terms = HoldRequest {
            asked: read.asked.minor,
            action: typed.deadline_action.unwrap_or(settings.deadline_action),
            link_ends_at: self
                .link_end(typed.link_ends.unwrap_or(settings.link_ends))
                .await?,
            allow_change: typed.allow_change,
        };
        let hold = self.new_hold(&tab, terms);
        let create = self.create_operation(&hold, typed.decision, settings.actor());
        let asked = self.context.decided_note(&hold, &create);
        let _flight = self.context.in_flight.fly(create.id);
        let since = self.context.clock.since_boot();
        let ledger = &self.context.ledger;
        let permit = ledger.open_tab(&tab, &hold, &create, vec![opened, asked]).await?;
        self.context.changed();
        let ticket = Ticket::new(permit, since);
        self.send_create(&tab, &hold, create, terms.allow_change, ticket)
            .await?;
        Ok(id)
    }

    /// Opens a further hold on a tab. However often one decision is pressed, it opens one.
    ///
    /// # Errors
    /// [`ErrorCode::Changed`] when the tab isn't what the person saw; what is typed, the tab's state, the ledger's.
    pub(crate) async fn ask_for_more(&self, more: &AskForMore) -> Result<(), AppError> {
        let opening = one_of(&self.openings, more.decision);
        let _opening = opening.lock().await;
        if self.opened_by(more.decision, Some(more.tab_id)).await?.is_some() {
            return Ok(());
        }
        self.reconciler.refuse_if_older(more.decision).await?;
        self.gateway.refuse_known_key_of_another().await?;
        let _flight = self.context.in_flight.fly(more.decision);
        let mut tries = 0..MOST_TRIES_TO_DECIDE;
        let Opened {
            tab,
            hold,
            create,
            ticket,
        } = loop {
            tries.next().ok_or(LedgerError::Changed)?;
            if let Some(asked) = self.add_more(more).await? {
                break asked;
            }
        };
        self.context.changed();
        self.send_create(&tab, &hold, create, false, ticket).await
    }

    /// Makes a further hold durable; none when the tab was written while it was decided, so that it has to be decided
    /// again.
    async fn add_more(&self, more: &AskForMore) -> Result<Option<Opened>, AppError> {
        let _billing = self.billing().await;
        let tab = self.context.ledger.tab(more.tab_id).await?;
        refuse_if_closed(&tab)?;
        let account = self.context.account(tab.id).await?;
        self.refuse_if_changed(ConsentScope::Tab, &more.seen, &account)
            .await?;
        let settings = self.context.settings().await?;
        let money = open_form::asked(&more.amount, tab.currency)
            .map_err(|problem| AppError::invalid(vec![problem]))?;
        // As the tab was opened, not as the venue's settings are by now.
        let before = account
            .holds
            .iter()
            .rev()
            .find_map(|(hold, _)| hold.expire_action);
        let terms = HoldRequest {
            asked: money.minor,
            action: more
                .deadline_action
                .or(before)
                .unwrap_or(settings.deadline_action),
            link_ends_at: self.link_end(settings.link_ends).await?,
            allow_change: false,
        };
        let hold = self.new_hold(&tab, terms);
        let create = self.create_operation(&hold, more.decision, settings.actor());
        let note = self.context.decided_note(&hold, &create);
        let seen = Some(TabSeen::of(&account));
        let since = self.context.clock.since_boot();
        let ticket = match self.context.ledger.add_hold(&hold, &create, seen, note).await {
            Err(LedgerError::Changed) => return Ok(None),
            added => Ticket::new(added?, since),
        };
        Ok(Some(Opened {
            tab,
            hold,
            create,
            ticket,
        }))
    }

    /// The hold that a decision has opened already, if it has; on this tab, where it is known.
    ///
    /// # Errors
    /// [`ErrorCode::NotAllowed`] when the id is another decision's; the ledger's.
    pub(crate) async fn opened_by(
        &self,
        decision: OperationId,
        tab: Option<TabId>,
    ) -> Result<Option<Hold>, AppError> {
        let Some(known) = self.context.ledger.operation(decision).await? else {
            return Ok(None);
        };
        let hold = self.context.ledger.hold(known.hold).await?;
        if known.kind != OperationKind::Create || tab.is_some_and(|tab| tab != hold.tab) {
            return Err(another_press());
        }
        Ok(Some(hold))
    }

    /// Sends the request of a hold again whose first try never left the till.
    pub(crate) async fn retry_open(&self, id: HoldId) -> Result<(), AppError> {
        // A restored ledger may not know that a later try was sent: Dojo is asked first.
        self.reconciler.import_if_restored().await?;
        self.gateway.refuse_known_key_of_another().await?;
        // One press at a time looks and decides: a second one that had looked before the first was done would
        // send the request again, and nothing would ever settle it, for the hold has its intent.
        let turn = self.turn(id);
        let looking = turn.lock().await;
        let hold = self.context.ledger.hold(id).await?;
        let operations = self.context.ledger.operations(id).await?;
        let create = operations.iter().rfind(|o| o.kind == OperationKind::Create);
        if hold.intent_id.is_some() || create.is_none_or(|o| o.state != OperationState::NotSent) {
            return Err(AppError::new(ErrorCode::NotAllowed, NotPossible::RequestSent));
        }
        let billing = self.billing().await;
        let tab = self.context.ledger.tab(hold.tab).await?;
        refuse_if_closed(&tab)?;
        let account = self.context.account(tab.id).await?;
        if let Some(missing) = due::no_longer_missing(&account, &hold, self.context.now()) {
            let words = wording::takes::not_missing(hold.money(hold.asked), missing);
            return Err(AppError::new(ErrorCode::Changed, words));
        }
        let settings = self.context.settings().await?;
        let again = self.create_operation(&hold, OperationId(self.context.clock.uuid()), settings.actor());
        let note = self.context.decided_note(&hold, &again);
        let _flight = self.context.in_flight.fly(again.id);
        let expect = Expect {
            hold: hold.version,
            tab: Some(TabSeen::of(&account)),
        };
        let since = self.context.clock.since_boot();
        let permit = self.context.ledger.intend(&again, expect, note).await?;
        drop((billing, looking));
        let ticket = Ticket::new(permit, since);
        self.send_create(&tab, &hold, again, false, ticket).await
    }

    /// When a link that is opened now ends.
    pub(crate) async fn link_end(&self, ends: LinkEnds) -> Result<Option<DateTime<Utc>>, AppError> {
        Ok(ends.at(self.context.now(), &self.context.business_days().await?))
    }

    /// A hold that nobody has asked Dojo for yet.
    pub(crate) fn new_hold(&self, tab: &Tab, terms: HoldRequest) -> Hold {
        let id = HoldId(self.context.clock.uuid());
        let is_manual = tab.kind != Kind::Payment;
        Hold {
            id,
            tab: tab.id,
            intent_id: None,
            reference: format!("{}-{}", tab.reference, id.0.simple()),
            mode: if is_manual {
                CaptureMode::Manual
            } else {
                CaptureMode::Auto
            },
            currency: tab.currency,
            asked: terms.asked,
            expire_in: is_manual.then_some(HOLD_FOR.num_seconds()),
            expire_action: is_manual.then_some(terms.action),
            link: None,
            link_ends_at: terms.link_ends_at,
            // As decisions are dated: a clock that is ahead makes no other business day of it.
            opened_at: self.context.reckoning().earliest,
            created_at: None,
            seen: None,
            lapsed_at: None,
            said_elsewhere: None,
            given_up_at: None,
            version: 0,
        }
    }

    pub(crate) fn create_operation(&self, hold: &Hold, id: OperationId, by: Actor) -> Operation {
        Operation {
            sender: self.context.sender(),
            ..Operation::create(id, hold, by, self.context.reckoning().earliest)
        }
    }

    /// Sends the create, records its answer, checks that Dojo will do at the deadline what was asked.
    pub(crate) async fn send_create(
        &self,
        tab: &Tab,
        hold: &Hold,
        operation: Operation,
        allow_change: bool,
        ticket: Ticket,
    ) -> Result<(), AppError> {
        let lines = self.context.ledger.lines(tab.id).await?;
        let bill = holdfast_domain::bill(&lines, tab.currency).map_or(0, |bill| bill.minor);
        let names = self.context.settings().await?.names_to_dojo;
        let witness = self.context.ledger.witness().await?;
        let said = IntentMetadata::of(tab, hold, bill, witness);
        let request = create_request(tab, hold, said, allow_change, names)?;
        self.context.ledger.refuse_if_harmed().await?;
        let (answer, intent) = self.gateway.create(&request, ticket).await;
        let outcome = judge(OperationKind::Create, &operation.baseline, answer);
        let mut after = operation;
        (after.state, after.dojo_id, after.detail) = (outcome.state, outcome.dojo_id, outcome.detail);
        let intent = intent.map(|answer| (answer.value, self.reconciler.moment(hold.id, answer.server_date)));
        let written = self.reconciler.created(hold, after, intent).await;
        written.map_err(|error| once_sent(error, self.context.session.is_some()))
    }
}

/// `names`: whether Dojo is told who the guest is.
fn create_request(
    tab: &Tab,
    hold: &Hold,
    said: IntentMetadata,
    allow_change: bool,
    names: bool,
) -> Result<dojo::CreatePaymentIntent, AppError> {
    let internal = |why| AppError::new(ErrorCode::Internal, why);
    let mode = match (hold.mode, hold.expire_in, hold.expire_action) {
        (CaptureMode::Manual, Some(seconds), Some(action)) => dojo::CaptureMode::Manual {
            auto_expire_in: dojo::TimeSpan::from_seconds(seconds)
                .ok_or_else(|| internal(NotPossible::NoSuchInterval))?,
            auto_expire_action: match action {
                DeadlineAction::Release => dojo::AutoExpireAction::Release,
                DeadlineAction::Capture => dojo::AutoExpireAction::Capture,
            },
        },
        (CaptureMode::Auto, None, None) => dojo::CaptureMode::Auto,
        _ => return Err(internal(NotPossible::HoldWithoutDeadline)),
    };
    let mut request = dojo::CreatePaymentIntent::new(
        mode,
        dojo::Money::new(hold.asked, hold.currency.code()),
        hold.reference.clone(),
    );
    request.description = Some(if tab.name.is_empty() || !names {
        tab.reference.clone()
    } else {
        format!("{} · {}", tab.name, tab.reference)
    });
    request.expire_at = hold.link_ends_at;
    request.customer_email = tab.email.clone().filter(|_| names);
    request.metadata = if names {
        said.write()
    } else {
        said.nameless().write()
    };
    request.custom_amount_allowed = allow_change;
    request.tips_allowed = allow_change;
    Ok(request)
}
