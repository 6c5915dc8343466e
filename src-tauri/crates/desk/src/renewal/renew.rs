//! Renewing a hold: the new one is asked for first, and the old one released only when Dojo shows that the
//! new one is in force. What is to be done next is [`Renewal::step`]'s to say, by what the ledger knows of
//! both holds, so that a restart, a crash or a lost answer changes nothing about it.

use crate::account::allowed::why_not_renew;
use crate::account::renewals::{is_releasing, open_renewal, side};
use crate::account::{Account, due};
use crate::context::reasons::NotPossible;
use crate::context::till::Ticket;
use crate::operations::MOST_TRIES_TO_DECIDE;
use crate::operations::consent::{ConsentScope, Seen};
use crate::operations::open::{HoldRequest, Opened};
use crate::operations::open_form;
use crate::renewal::Renewer;
use crate::settings::LinkEnds;
use crate::{AppError, Decision, ErrorCode, FieldError};
use chrono::{DateTime, Utc};
use holdfast_domain::{
    Actor, Cause, Event, Finding, FindingKey, FindingKind, Hold, HoldId, HoldState, Money, Operation,
    OperationId, OperationKind, Reckoning, Renewal, RenewalEnd, RenewalEnded, RenewalStep, TabId,
    renewal_link_ends,
};
use holdfast_ledger::{Expect, LedgerError, Note, Raises, TabSeen};
use serde::Deserialize;
use ts_rs::TS;

/// What staff typed to renew a hold.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Renew {
    /// Which hold a new one is to follow.
    #[ts(type = "string")]
    pub hold_id: HoldId,
    /// As typed; the same amount when none.
    #[serde(default)]
    pub amount: Option<String>,
    /// When the new link ends, unpaid; with the old hold when none.
    #[serde(default)]
    pub link_ends: Option<LinkEnds>,
    /// What staff saw.
    pub seen: Seen,
    /// Minted once a sheet: the same one twice is one new hold.
    #[ts(type = "string")]
    pub decision: OperationId,
}

impl Renew {
    /// The same amount, with a link as long as the old hold lasts, as a decision of its own.
    pub fn of(hold_id: HoldId, seen: Seen) -> Self {
        Self {
            hold_id,
            amount: None,
            link_ends: None,
            seen,
            decision: OperationId(uuid::Uuid::now_v7()),
        }
    }
}

impl Renewer {
    /// Asks the guest for a new hold in the place of one that is in force, on the same tab. The old one is
    /// released by [`Renewer::continue_renewals`] once Dojo shows the new one as held.
    pub(crate) async fn renew(&self, typed: &Renew) -> Result<HoldId, AppError> {
        let turn = self.executor.turn(typed.hold_id);
        let looking = turn.lock().await;
        let known = self.context.ledger.hold(typed.hold_id).await?;
        if let Some(new) = self.executor.opened_by(typed.decision, Some(known.tab)).await? {
            return Ok(new.id);
        }
        self.reconciler.refuse_if_older(typed.decision).await?;
        self.reconciler.read_if_restored(typed.hold_id).await?;
        let _flight = self.context.in_flight.fly(typed.decision);
        let mut tries = 0..MOST_TRIES_TO_DECIDE;
        let begun = loop {
            tries.next().ok_or(LedgerError::Changed)?;
            if let Some(begun) = self.begin(typed, &known).await? {
                break begun;
            }
        };
        drop(looking);
        self.end_what_was_told(known.id).await?;
        self.context.changed();
        let Opened {
            tab,
            hold: new,
            create,
            ticket,
        } = begun;
        self.executor
            .send_create(&tab, &new, create, false, ticket)
            .await?;
        Ok(new.id)
    }

    /// Makes a renewal durable, with the hold that is opened for it; none when what it rests on was written while it
    /// was decided, so that it has to be decided again.
    async fn begin(&self, typed: &Renew, known: &Hold) -> Result<Option<Opened>, AppError> {
        let account = self.reconciler.reconcile_hold(known).await?.account;
        self.executor
            .refuse_if_changed(ConsentScope::Tab, &typed.seen, &account)
            .await?;
        let (old, operations) = side(&account, typed.hold_id)?;
        if let Some(why) = why_not_renew(&account, old, operations, self.context.now()) {
            return Err(AppError::new(ErrorCode::NotAllowed, why));
        }
        let settings = self.context.settings().await?;
        let terms = HoldRequest {
            asked: asked(typed, old)
                .map_err(|problem| AppError::invalid(vec![problem]))?
                .minor,
            action: old.expire_action.unwrap_or(settings.deadline_action),
            link_ends_at: self.renewal_link(typed, old).await?,
            allow_change: false,
        };
        let new = self.executor.new_hold(&account.tab, terms);
        let mut create = self
            .executor
            .create_operation(&new, typed.decision, settings.actor());
        // The new hold takes the old one's place, also in what the guest agreed to.
        create.of = due::agreed_with(&account, old, operations);
        let renewal = Renewal {
            new: new.id,
            old: old.id,
            tab: known.tab,
            decided_before: operations.len(),
            by: settings.actor(),
            at: self.context.now(),
            ended: None,
        };
        let begun = Event::RenewalBegun { amount: old.left() };
        let notes = vec![
            self.context.note(renewal.by.clone(), Some(known.tab), begun),
            self.context.decided_note(&new, &create),
        ];
        let expect = Expect {
            hold: old.version,
            tab: Some(TabSeen::of(&account)),
        };
        let ledger = &self.context.ledger;
        let since = self.context.clock.since_boot();
        let begun = ledger.begin_renewal(&renewal, &new, &create, expect, notes).await;
        let ticket = match begun {
            Err(LedgerError::Changed) => return Ok(None),
            begun => Ticket::new(begun?, since),
        };
        Ok(Some(Opened {
            tab: account.tab,
            hold: new,
            create,
            ticket,
        }))
    }

    /// Gives up the renewal that is about `hold`: the old hold stays, and a new link that nobody has paid
    /// is cancelled. A new hold that was paid stays too, for staff to release one of the two. One that has
    /// come to its end by now ends as that.
    ///
    /// # Errors
    /// [`ErrorCode::NotAllowed`] when there is none, or the old hold's release is not settled yet; the ledger's.
    pub(crate) async fn end_renewal(&self, hold: HoldId) -> Result<(TabId, Vec<Operation>), AppError> {
        let renewing = self.renewing.lock().await;
        let tab = self.context.ledger.hold(hold).await?.tab;
        let account = self.context.account(tab).await?;
        let renewal = open_renewal(&account, hold)
            .ok_or_else(|| AppError::new(ErrorCode::NotAllowed, NotPossible::NotBeingRenewed))?;
        let (old, operations) = side(&account, renewal.old)?;
        let (new, _) = side(&account, renewal.new)?;
        // It may be over already, the old hold released by hand: then it ends as what it came to.
        let over = match next(&account, renewal, self.context.reckoning()) {
            RenewalStep::End(how) => Some(how),
            RenewalStep::Wait | RenewalStep::Release => None,
        };
        if is_releasing(renewal, operations, new) && over.is_none() {
            return Err(AppError::new(
                ErrorCode::NotAllowed,
                NotPossible::OldBeingReleased,
            ));
        }
        let by = self.context.settings().await?.actor();
        let given_up = Event::RenewalEnded {
            amount: old.left(),
            how: RenewalEnd::GivenUp,
            action: old.expire_action,
        };
        let (how, note) = match over {
            Some(how) => (how, self.ended_note(renewal, how, &account)?),
            None => (
                RenewalEnd::GivenUp,
                self.context.note(by.clone(), Some(tab), given_up),
            ),
        };
        self.end(renewal, how, note).await?;
        drop(renewing);
        let mut operations = Vec::new();
        if new.intent_id.is_some() && new.state(self.context.now()) == HoldState::Waiting {
            let id = OperationId(self.context.clock.uuid());
            let seen = Seen::of(&account, self.context.now());
            let decision = Decision {
                cause: Cause::RenewalGivenUp,
                ..Decision::plain(id, new.id, OperationKind::Cancel, &by, seen)
            };
            match self.executor.operate(decision).await {
                Ok(cancelled) => operations.push(cancelled),
                // It was paid a moment ago, or can't be reached: either way the tab shows what there is.
                Err(error) if matches!(error.code, ErrorCode::NotAllowed | ErrorCode::Changed) => {}
                Err(error) => return Err(error),
            }
        }
        Ok((tab, operations))
    }

    /// Goes on with every renewal that is under way, as far as it can be by now: nothing happens without
    /// Dojo's word of this moment that the new hold is in force.
    pub(crate) async fn continue_renewals(&self) -> Result<(), AppError> {
        for renewal in self.context.ledger.open_renewals().await? {
            match self.continue_renewal(&renewal).await {
                Err(error) if error.code == ErrorCode::Ledger => return Err(error),
                Err(error) => tracing::debug!(new = %renewal.new, %error, "a renewal has to wait"),
                Ok(()) => {}
            }
        }
        Ok(())
    }

    async fn continue_renewal(&self, renewal: &Renewal) -> Result<(), AppError> {
        if self.step(renewal).await?.1 == RenewalStep::Wait {
            return Ok(());
        }
        let _renewing = self.renewing.lock().await;
        // Until the old hold's release is decided on, nobody here takes or releases what is to follow it.
        let turn = self.executor.turn(renewal.new);
        let _turn = turn.lock().await;
        self.reconciler.read(renewal.new).await?;
        self.reconciler.read(renewal.old).await?;
        let (account, step) = self.step(renewal).await?;
        if step == RenewalStep::Release && self.reconciler.is_from_before(renewal.at).await? {
            // It may have been given up after the backup that was put back: a person releases one of the two.
            let how = RenewalEnd::NotReleased;
            let note = self.ended_note(renewal, how, &account)?;
            let raises = Some(Raises {
                key: FindingKey::Renewal(renewal.new),
                hold: Some(renewal.old),
            });
            return self.end(renewal, how, Note { raises, ..note }).await;
        }
        if step == RenewalStep::Release {
            // It was decided on when the renewal began, and stands as long as all of the old hold is held.
            let seen = Seen::of(&account, self.context.now());
            let decided = side(&account, renewal.old)?.1.len();
            let id = release_of(renewal.new, decided);
            let decision = Decision {
                cause: Cause::Renewal,
                ..Decision::plain(id, renewal.old, OperationKind::Reversal, &renewal.by, seen)
            };
            self.executor.operate(decision).await?;
        }
        if let (account, RenewalStep::End(how)) = self.step(renewal).await? {
            let note = self.ended_note(renewal, how, &account)?;
            self.end(renewal, how, note).await?;
        }
        Ok(())
    }

    /// What is to be done next, by what the ledger knows now. One that was given up waits for nothing.
    async fn step(&self, renewal: &Renewal) -> Result<(Account, RenewalStep), AppError> {
        let account = self.context.account(renewal.tab).await?;
        let step = account
            .renewals
            .iter()
            .find(|known| known.new == renewal.new)
            .map_or(RenewalStep::Wait, |known| {
                next(&account, known, self.context.reckoning())
            });
        Ok((account, step))
    }

    async fn end(&self, renewal: &Renewal, how: RenewalEnd, note: Note) -> Result<(), AppError> {
        let ended = RenewalEnded {
            at: self.context.now(),
            how,
        };
        self.context
            .ledger
            .end_renewal(renewal.new, ended, vec![note])
            .await?;
        self.context.changed();
        Ok(())
    }

    /// How it ended, for the history; and for the person who has to know, where nothing else tells them.
    fn ended_note(&self, renewal: &Renewal, how: RenewalEnd, account: &Account) -> Result<Note, AppError> {
        let (old, _) = side(account, renewal.old)?;
        let ended = Event::RenewalEnded {
            amount: old.ever_held(),
            how,
            action: old.expire_action,
        };
        let note = self.context.note(Actor::Holdfast, Some(account.tab.id), ended);
        let is_untold = matches!(how, RenewalEnd::LinkEnded | RenewalEnd::OldTaken);
        Ok(Note {
            raises: is_untold.then_some(Raises {
                key: FindingKey::Renewal(renewal.new),
                hold: Some(old.id),
            }),
            ..note
        })
    }

    /// With a new try, what was told of the last one waits for nobody.
    async fn end_what_was_told(&self, old: HoldId) -> Result<(), AppError> {
        let told = self.context.ledger.findings().await?;
        let of_it = |finding: &Finding| finding.kind() == FindingKind::Renewal && finding.hold == Some(old);
        let over: Vec<Finding> = told
            .into_iter()
            .filter(of_it)
            .map(|finding| Finding {
                ended_at: Some(self.context.now()),
                ..finding
            })
            .collect();
        if !over.is_empty() {
            self.context.ledger.put_findings(over, Vec::new()).await?;
        }
        Ok(())
    }

    pub(crate) async fn renewal_link(
        &self,
        typed: &Renew,
        old: &Hold,
    ) -> Result<Option<DateTime<Utc>>, AppError> {
        match typed.link_ends {
            Some(ends) => self.executor.link_end(ends).await,
            None => Ok(Some(renewal_link_ends(old, self.context.now()))),
        }
    }
}

/// The release of the hold that `new` follows, once that many operations were decided on it: the same one, whichever
/// till carries it out, and another one where the last try came to nothing.
fn release_of(new: HoldId, decided: usize) -> OperationId {
    let number = u128::try_from(decided).unwrap_or_default();
    OperationId(uuid::Uuid::from_u128(new.0.as_u128().wrapping_add(number)))
}

fn next(account: &Account, renewal: &Renewal, now: Reckoning) -> RenewalStep {
    match (side(account, renewal.old), side(account, renewal.new)) {
        (Ok(old), Ok(new)) => match renewal.step(old, new, now) {
            RenewalStep::Release if due::needs_old(account, old.0, new.0) => RenewalStep::Wait,
            step @ (RenewalStep::Wait | RenewalStep::Release | RenewalStep::End(_)) => step,
        },
        _ => RenewalStep::Wait,
    }
}

/// What the guest is asked for: as typed, or as much as is held.
pub(crate) fn asked(typed: &Renew, old: &Hold) -> Result<Money, FieldError> {
    match typed.amount.as_deref().map(str::trim) {
        None | Some("") => Ok(old.money(old.left())),
        Some(text) => open_form::asked(text, old.currency),
    }
}
