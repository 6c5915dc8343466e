//! Reading Dojo's record of one hold: fetch, observe, settle, commit.

use crate::AppError;
use crate::account::Account;
use crate::account::renewals::side;
use crate::gateway::failures::{senseless, undecided};
use crate::reconcile::Reconciler;
use crate::reconcile::external_changes::{self, Telling};
use crate::reconcile::moment::Moment;
use crate::reconcile::observe::{self, Reading};
use crate::reconcile::settle::{self, Sending, Settling};
use chrono::{DateTime, Utc};
use holdfast_dojo as dojo;
use holdfast_domain::{
    Actor, FindingKind, Hold, HoldId, IntentStatus, Operation, OperationId, OperationState, Settlement,
    Snapshot,
};
use holdfast_ledger::{Learnt, LedgerError, Note, Progress, Terms};
use std::sync::atomic::Ordering;

/// Dojo's answer about one hold.
pub(crate) struct Fetched {
    pub(crate) intent: dojo::PaymentIntent,
    /// A reading that was begun earlier has a lower number, whenever its answer comes.
    pub(crate) number: u64,
    /// The version of the hold before the question left, where another till may write the hold meanwhile.
    pub(crate) read_from: Option<i64>,
    pub(crate) moment: Moment,
}

/// How often a hold is read again that another till writes meanwhile.
const MOST_READINGS: u8 = 4;

/// A reading made sense: what is to be written down of it, if anything.
struct ToCommit {
    learnt: Learnt,
    progress: Option<Progress>,
    notes: Vec<Note>,
}

/// A hold that was read, with everything on its tab, as the ledger has it since.
pub(crate) struct Reconciled {
    pub(crate) account: Account,
    hold: HoldId,
}

impl Reconciled {
    fn into_hold(self) -> Result<Hold, AppError> {
        Ok(side(&self.account, self.hold)?.0.clone())
    }

    /// One of the hold's operations.
    pub(crate) fn operation(&self, id: OperationId) -> Option<&Operation> {
        let (_, operations) = side(&self.account, self.hold).ok()?;
        operations.iter().find(|operation| operation.id == id)
    }
}

impl Reconciler {
    /// One GET of a hold's intent, and all that follows from it.
    pub(crate) async fn read(&self, id: HoldId) -> Result<Hold, AppError> {
        let hold = self.context.ledger.hold(id).await?;
        self.reconcile_hold(&hold).await?.into_hold()
    }

    /// The same for a hold that is known. Of what is known only the ids count, and those never change; all else is
    /// read from the ledger once Dojo has answered, under the lock of the caller that settles.
    pub(crate) async fn reconcile_hold(&self, known: &Hold) -> Result<Reconciled, AppError> {
        self.interrupted().await?;
        let (reconciled, at) = if known.intent_id.is_some() {
            self.fetch_and_apply(known).await?
        } else {
            self.find_created(known).await?;
            let reconciled = Reconciled {
                account: self.context.account(known.tab).await?,
                hold: known.id,
            };
            (reconciled, self.context.reckoning().earliest)
        };
        self.note_read(known.id).await;
        if let Ok(mut all) = self.last_read.lock() {
            all.insert(known.id, at);
        }
        Ok(reconciled)
    }

    /// One GET and what follows from it; another one where the hold was written since the first one left.
    async fn fetch_and_apply(&self, known: &Hold) -> Result<(Reconciled, DateTime<Utc>), AppError> {
        for _ in 0..MOST_READINGS {
            let fetched = self.fetch(known).await?;
            if let Some(reconciled) = self.apply(known, &fetched, Telling::News).await? {
                return Ok((reconciled, fetched.moment.at));
            }
        }
        Err(LedgerError::Changed.into())
    }

    /// When Dojo's record of a hold was read last, since the program's start, by Dojo's clock.
    pub(crate) fn last_read(&self, id: HoldId) -> Option<DateTime<Utc>> {
        self.last_read.lock().ok()?.get(&id).copied()
    }

    /// The moment of an answer about a hold that carried this date.
    pub(crate) fn moment(&self, id: HoldId, server_date: Option<DateTime<Utc>>) -> Moment {
        Moment {
            at: server_date.unwrap_or_else(|| self.context.reckoning().earliest),
            last_read: self.last_read(id),
        }
    }

    /// The number of a reading that begins now.
    pub(crate) fn begin_reading(&self) -> u64 {
        self.readings.fetch_add(1, Ordering::SeqCst)
    }

    /// One GET of a hold's intent; nothing follows from it yet.
    pub(crate) async fn fetch(&self, hold: &Hold) -> Result<Fetched, AppError> {
        let intent_id = hold.intent_id.clone().ok_or_else(senseless)?;
        let number = self.begin_reading();
        // Alone on the ledger the number is enough.
        let read_from = match self.context.session {
            Some(_) => Some(self.context.ledger.hold(hold.id).await?.version),
            None => None,
        };
        let answer = self.gateway.get(&intent_id).await?;
        let (intent, moment) = (answer.value, self.moment(hold.id, answer.server_date));
        if intent.id.as_deref().is_some_and(|seen| seen != intent_id) {
            return Err(senseless());
        }
        Ok(Fetched {
            intent,
            number,
            read_from,
            moment,
        })
    }

    /// Observes what was fetched, settles the hold's operations by it, and commits both at once. One reading at a time
    /// does this, and none after a newer one. None when the hold was written since the question left: it has to be
    /// asked again.
    pub(crate) async fn apply(
        &self,
        known: &Hold,
        fetched: &Fetched,
        telling: Telling,
    ) -> Result<Option<Reconciled>, AppError> {
        let id = known.id;
        let mut settling = self.newest_settled.lock().await;
        let mut account = self.context.account(known.tab).await?;
        if settling.get(&id).is_some_and(|newest| *newest > fetched.number) {
            return Ok(Some(Reconciled { account, hold: id }));
        }
        let (hold, operations) = side(&account, id)?;
        if fetched.read_from.is_some_and(|version| version != hold.version) {
            return Ok(None);
        }
        let learnt = match observe::observe(hold, &fetched.intent, operations, fetched.moment) {
            Reading::Sound(learnt) => *learnt,
            Reading::Behind(learnt) => {
                self.contradicted(hold, &learnt).await?;
                let lasting = self.lasting(id);
                return Err(lasting.map_or_else(senseless, |odd| undecided(odd.was, odd.is, hold.currency)));
            }
            Reading::Senseless => {
                self.note_senseless(hold).await?;
                return Err(senseless());
            }
        };
        self.end_contradiction(hold).await?;
        let concludes = self.may_conclude().await;
        let mut changes = self.changes(hold, learnt, operations, telling, concludes);
        settling.insert(id, fetched.number);
        if changes.is_any(hold) {
            changes.learnt.read_from = fetched.read_from;
            if !self.commit(hold, changes).await? {
                return Ok(None);
            }
            account = self.context.account(known.tab).await?;
        }
        Ok(Some(Reconciled { account, hold: id }))
    }

    /// What is to be written down: what was learnt, how an operation moves on, and what is told of both.
    fn changes(
        &self,
        hold: &Hold,
        learnt: Learnt,
        operations: &[Operation],
        telling: Telling,
        concludes: bool,
    ) -> ToCommit {
        let mut notes = self.news(hold, &learnt, operations);
        if telling == Telling::History {
            notes.iter_mut().for_each(|note| note.raises = None);
        }
        let ids = |which: &dyn Fn(&Operation) -> bool| {
            let some = operations.iter().filter(|operation| which(operation));
            some.map(|operation| operation.id).collect::<Vec<_>>()
        };
        let sending = Sending {
            here: ids(&|operation| self.context.in_flight.has(operation.id)),
            elsewhere: ids(&|operation| self.may_be_sending(operation, concludes)),
        };
        let settling = Settling::of(hold, &learnt, operations, &sending, self.context.now());
        let progress = settling.and_then(|settling| {
            let silent = settling.silent();
            settling.progress(silent.is_some_and(|operation| self.count_silence(operation)))
        });
        if let Some(progress) = &progress
            && let Some(before) = operations.iter().find(|o| o.id == progress.id)
        {
            if progress.state == OperationState::Conflict {
                // It waits for a person itself, and says what Dojo shows: told once.
                for note in &mut notes {
                    note.raises = note.raises.take().filter(|raises| {
                        use FindingKind::{Contradicts, Lapsed, TakenByDojo};
                        matches!(raises.key.kind(), Lapsed | TakenByDojo | Contradicts)
                    });
                }
            }
            notes.push(self.progress_note(hold, before, progress));
        }
        ToCommit {
            learnt,
            progress,
            notes,
        }
    }

    /// One record call with all that a reading changed. A finding that isn't true any more is ended before: cut off in
    /// between, the next reading does both again. Not where the hold was written since the question left.
    async fn commit(&self, hold: &Hold, changes: ToCommit) -> Result<bool, AppError> {
        let ToCommit {
            learnt,
            progress,
            notes,
        } = changes;
        let status = |seen: &Option<Snapshot>| seen.as_ref().map(|s| s.status);
        let is_withdrawn = status(&learnt.seen) == Some(IntentStatus::Canceled);
        if is_withdrawn && status(&hold.seen) != Some(IntentStatus::Canceled) {
            self.note_withdrawn(hold.id);
        }
        if hold.lapsed_at.is_some() && learnt.lapsed_at.is_none() {
            self.end_findings(&external_changes::lapse_keys(hold)).await?;
        }
        let is_ordered = learnt.read_from.is_some();
        match self.context.ledger.record(hold.id, learnt, progress, notes).await {
            Err(LedgerError::Changed) if is_ordered => return Ok(false),
            recorded => drop(recorded?),
        }
        self.context.changed();
        Ok(true)
    }

    /// The note of how an operation moved on.
    pub(crate) fn progress_note(&self, hold: &Hold, before: &Operation, progress: &Progress) -> Note {
        self.context
            .moved_on_note(hold, &settle::moved_on(before, progress))
    }

    /// Search did not show a create: unclear at first, absent after the quiet window.
    pub(crate) async fn create_not_found(&self, hold: &Hold) -> Result<(), AppError> {
        let _settling = self.newest_settled.lock().await;
        // Another reading may have found it in the meantime.
        let Some(create) = self.lost_create(hold).await? else {
            return Ok(());
        };
        let nothing = Settlement::Nothing;
        let is_quiet =
            settle::is_silent(&create, &nothing, self.context.now()) && self.count_silence(&create);
        if let Some(progress) = settle::progress(&create, nothing, is_quiet, self.context.now()) {
            let note = self.progress_note(hold, &create, &progress);
            self.context
                .ledger
                .record(hold.id, Learnt::default(), Some(progress), vec![note])
                .await?;
            self.context.changed();
        }
        Ok(())
    }

    /// Journal notes on what Dojo or the guest did.
    fn news(&self, hold: &Hold, learnt: &Learnt, operations: &[Operation]) -> Vec<Note> {
        let Some(seen) = &learnt.seen else {
            return Vec::new();
        };
        external_changes::news(hold, learnt, seen, operations)
            .into_iter()
            .map(|news| Note {
                reference: hold.intent_id.clone().or_else(|| learnt.intent_id.clone()),
                raises: news.raises,
                ..self.context.note(Actor::Dojo, Some(hold.tab), news.event)
            })
            .collect()
    }
}

impl ToCommit {
    /// Whether there is anything to write down.
    fn is_any(&self, hold: &Hold) -> bool {
        self.progress.is_some() || !self.notes.is_empty() || is_different(hold, &self.learnt)
    }
}

/// Anything but the time of reading differs.
pub(crate) fn is_different(hold: &Hold, learnt: &Learnt) -> bool {
    let same_reading = match (&hold.seen, &learnt.seen) {
        (Some(before), Some(after)) => {
            let mut again = after.clone();
            again.seen_at = before.seen_at;
            *before == again
        }
        (None, Some(_)) => false,
        (_, None) => true,
    };
    !same_reading
        || (learnt.seen.is_some() && (hold.lapsed_at != learnt.lapsed_at || hold.given_up_at.is_some()))
        || learnt.terms.is_some_and(|terms| terms != Terms::of(hold))
        || (hold.link.is_none() && learnt.link.is_some())
        || (hold.created_at.is_none() && learnt.created_at.is_some())
}
