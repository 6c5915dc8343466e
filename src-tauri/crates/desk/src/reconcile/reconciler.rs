//! Reading Dojo's record: what it teaches about a hold, and which operations it settles.

use crate::gateway::failures::{senseless, undecided};
use crate::reconcile::external_changes;
use crate::reconcile::external_changes::Telling;
use crate::reconcile::observe::{self, Moment, Reading};
use crate::wording;
use crate::{AppError, Desk};
use chrono::{DateTime, Utc};
use holdfast_dojo as dojo;
use holdfast_domain::{
    Actor, Detail, FindingKind, Hold, HoldId, IntentStatus, Operation, OperationKind, OperationState,
    QUIET_GAP, QUIET_WINDOW, Settlement, Snapshot, is_turned, settle,
};
use holdfast_ledger::{Learnt, Note, Progress, Terms};
use std::sync::atomic::Ordering;
use std::time::Duration;

/// How long and how often Dojo's record has shown nothing of an operation, by [`crate::Clock::steady`]:
/// neither a Date header nor somebody who sets the clock may shorten it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quiet {
    since: Duration,
    last: Duration,
    readings: u32,
}

impl Quiet {
    fn is_over(self, now: Duration) -> bool {
        self.readings >= 3 && now.saturating_sub(self.since) >= QUIET_WINDOW
    }
}

impl Desk {
    /// One GET of a hold's intent, and all that follows from it.
    ///
    /// # Errors
    /// [`crate::ErrorCode::NotSent`] when Dojo can't be reached, [`crate::ErrorCode::Unauthorised`],
    /// [`crate::ErrorCode::Unclear`] when its answer makes no sense; none of them changes anything.
    pub async fn read(&self, id: HoldId) -> Result<Hold, AppError> {
        self.interrupted().await?;
        let (hold, at) = match self.ledger.hold(id).await? {
            hold if hold.intent_id.is_some() => self.read_intent(hold).await?,
            hold => (self.find_created(hold).await?, self.reckoning().earliest),
        };
        self.was_read(id).await;
        if let Ok(mut all) = self.last_read.lock() {
            all.insert(id, at);
        }
        Ok(hold)
    }

    /// When Dojo's record of a hold was read last, since the program's start, by Dojo's clock.
    pub(crate) fn last_read(&self, id: HoldId) -> Option<DateTime<Utc>> {
        self.last_read.lock().ok()?.get(&id).copied()
    }

    /// The moment of an answer about a hold that carried this date.
    pub(crate) fn moment(&self, id: HoldId, server_date: Option<DateTime<Utc>>) -> Moment {
        Moment {
            at: server_date.unwrap_or_else(|| self.reckoning().earliest),
            last_read: self.last_read(id),
        }
    }

    async fn read_intent(&self, hold: Hold) -> Result<(Hold, DateTime<Utc>), AppError> {
        let (intent, number, moment) = self.ask(&hold).await?;
        let hold = self
            .learn(hold.id, &intent, (number, moment), Telling::News)
            .await?;
        Ok((hold, moment.at))
    }

    /// Dojo's record of a hold's intent, with the number of the reading and its moment.
    pub(crate) async fn ask(&self, hold: &Hold) -> Result<(dojo::PaymentIntent, u64, Moment), AppError> {
        let intent_id = hold.intent_id.clone().ok_or_else(senseless)?;
        let number = self.readings.fetch_add(1, Ordering::SeqCst);
        let (intent, moment) = match self.dojo.get(&intent_id).await {
            Ok(answer) => {
                self.heard(answer.server_date, true);
                (answer.value, self.moment(hold.id, answer.server_date))
            }
            Err(failure) => return Err(self.unread(failure)),
        };
        if intent.id.as_deref().is_some_and(|seen| seen != intent_id) {
            return Err(senseless());
        }
        Ok((intent, number, moment))
    }

    /// Records what `intent` shows of a hold and settles its operations by it, in one commit each.
    pub(crate) async fn learn(
        &self,
        id: HoldId,
        intent: &dojo::PaymentIntent,
        (number, moment): (u64, Moment),
        telling: Telling,
    ) -> Result<Hold, AppError> {
        let mut settling = self.settling.lock().await;
        let hold = self.ledger.hold(id).await?;
        if settling.get(&id).is_some_and(|newest| *newest > number) {
            return Ok(hold);
        }
        let operations = self.ledger.operations(hold.id).await?;
        let learnt = match observe::learnt(&hold, intent, &operations, moment) {
            Reading::Sound(learnt) => *learnt,
            Reading::Behind(learnt) => {
                self.contradicted(&hold, &learnt).await?;
                let lasting = self.lasting(id);
                return Err(lasting.map_or_else(senseless, |odd| {
                    undecided(&wording::contradicts(odd.was, odd.is, hold.currency))
                }));
            }
            Reading::Senseless => return Err(senseless()),
        };
        self.agreed(&hold).await?;
        let mut notes = self.news(&hold, &learnt, &operations);
        if telling == Telling::History {
            notes.iter_mut().for_each(|note| note.raises = None);
        }
        let progress = self.settled(&hold, &learnt, &operations);
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
            notes.push(self.progress_note(&hold, before, progress));
        }
        settling.insert(id, number);
        let is_news = progress.is_some() || !notes.is_empty() || is_different(&hold, &learnt);
        if is_news {
            let status = |seen: &Option<Snapshot>| seen.as_ref().map(|s| s.status);
            let is_withdrawn = status(&learnt.seen) == Some(IntentStatus::Canceled);
            if is_withdrawn && status(&hold.seen) != Some(IntentStatus::Canceled) {
                self.was_withdrawn(id);
            }
            if hold.lapsed_at.is_some() && learnt.lapsed_at.is_none() {
                self.end_findings(&external_changes::lapse_keys(&hold)).await?;
            }
            self.ledger.record(hold.id, learnt, progress, notes).await?;
            self.changed();
        }
        Ok(self.ledger.hold(hold.id).await?)
    }

    /// The note of how an operation moved on.
    pub(crate) fn progress_note(&self, hold: &Hold, before: &Operation, progress: &Progress) -> Note {
        let mut after = before.clone();
        (after.state, after.detail, after.is_late) =
            (progress.state, progress.detail.clone(), progress.is_late);
        after.dojo_id = after.dojo_id.or_else(|| progress.dojo_id.clone());
        self.moved_note(hold, &after)
    }

    /// The one operation that moves on by what was learnt, if one does.
    fn settled(&self, hold: &Hold, learnt: &Learnt, operations: &[Operation]) -> Option<Progress> {
        let (seen, now) = (learnt.seen.as_ref()?, self.now());
        let mut after = hold.clone();
        if let Some(terms) = learnt.terms {
            terms.put_into(&mut after);
        }
        (after.lapsed_at, after.seen) = (learnt.lapsed_at, Some(seen.clone()));
        let open = operations.iter().filter(|o| o.state.is_open());
        let late = operations
            .iter()
            .rev()
            .filter(|o| may_come_late(o, operations, now) || is_turned(o, seen));
        let may_open = open.clone().next().is_none();
        open.chain(late)
            .filter(|o| !self.is_in_flight(o.id) && o.kind != OperationKind::Create)
            .find_map(|o| {
                let mut seen = seen.clone();
                seen.captures
                    .retain(|c| o.dojo_id.as_ref() == Some(&c.id) || after.may_be_of(c, o));
                let progress = self.progress(o, settle(o, &seen, operations), now)?;
                // One at a time is open: what came late and is not final waits for the other's end.
                (o.state.is_open() || may_open || !progress.state.is_open()).then_some(progress)
            })
    }

    /// What a settlement makes of an operation; none when nothing moved.
    fn progress(
        &self,
        operation: &Operation,
        settlement: Settlement,
        now: DateTime<Utc>,
    ) -> Option<Progress> {
        let to = |state: OperationState, dojo_id: Option<String>, detail: Option<Detail>| Progress {
            id: operation.id,
            state,
            dojo_id,
            detail,
            is_late: false,
            settled_at: (!state.is_open()).then_some(now),
        };
        let was_told_otherwise = matches!(
            operation.state,
            OperationState::Absent | OperationState::Conflict | OperationState::Declined
        );
        let is_late = was_told_otherwise || operation.is_late;
        let shown = |state, dojo_id| Progress {
            is_late,
            ..to(state, dojo_id, None)
        };
        match settlement {
            Settlement::Succeeded(id) => Some(shown(OperationState::Succeeded, id)),
            // What was done may turn out to have failed.
            Settlement::Declined(why)
                if operation.state.is_open() || operation.state == OperationState::Succeeded =>
            {
                Some(to(OperationState::Declined, None, Some(why)))
            }
            Settlement::Conflict(why) if operation.state.is_open() => {
                Some(to(OperationState::Conflict, None, Some(why)))
            }
            Settlement::Declined(_) | Settlement::Conflict(_) => None,
            Settlement::Pending(_) if operation.state == OperationState::Conflict => None,
            Settlement::Pending(id) if operation.state != OperationState::Accepted => {
                Some(shown(OperationState::Accepted, id))
            }
            // The fate of a capture or a refund may take its time; the rest shows at once or was overtaken by
            // something.
            Settlement::Pending(id) => {
                let may_take_long = matches!(operation.kind, OperationKind::Capture | OperationKind::Refund);
                (!may_take_long && self.is_quiet(operation))
                    .then(|| to(OperationState::Conflict, id, Some(Detail::ShowsSomethingElse)))
            }
            Settlement::Nothing => self.nothing(operation).map(|state| {
                let detail = operation.detail.clone();
                to(state, None, detail)
            }),
        }
    }

    /// An empty reading: unknown at first, absent after the whole quiet window.
    fn nothing(&self, operation: &Operation) -> Option<OperationState> {
        if !operation.state.is_open() {
            None
        } else if self.is_quiet(operation) {
            Some(OperationState::Absent)
        } else {
            (operation.state == OperationState::Intended).then_some(OperationState::Unknown)
        }
    }

    /// One more reading that shows nothing of an operation; whether the whole quiet window has passed.
    fn is_quiet(&self, operation: &Operation) -> bool {
        let now = self.clock.steady();
        let Ok(mut all) = self.quiet.lock() else {
            return false;
        };
        let quiet = all.entry(operation.id).or_insert(Quiet {
            since: now,
            last: now,
            readings: 1,
        });
        if now.saturating_sub(quiet.last) >= QUIET_GAP {
            quiet.last = now;
            quiet.readings = quiet.readings.saturating_add(1);
        }
        let is_over = quiet.is_over(now);
        if is_over {
            all.remove(&operation.id);
        }
        is_over
    }

    /// Search did not show a create: unclear at first, absent after the quiet window.
    pub(crate) async fn create_not_found(&self, hold: &Hold) -> Result<(), AppError> {
        let _settling = self.settling.lock().await;
        // Another reading may have found it in the meantime.
        let Some(create) = self.lost_create(hold).await? else {
            return Ok(());
        };
        if let Some(progress) = self.progress(&create, Settlement::Nothing, self.now()) {
            let mut after = create;
            after.state = progress.state;
            let note = self.moved_note(hold, &after);
            self.ledger
                .record(hold.id, Learnt::default(), Some(progress), vec![note])
                .await?;
            self.changed();
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
                ..self.note(Actor::Dojo, Some(hold.tab), news.event)
            })
            .collect()
    }
}

/// Ended without having happened, and Dojo's record may yet say otherwise: nothing was seen of it, or
/// the way doubled it and only the second one's refusal came back. Where a later decision of the same
/// kind leaves the same mark, it takes its place: what shows then is that one's.
fn may_come_late(operation: &Operation, all: &[Operation], now: DateTime<Utc>) -> bool {
    let is_newest = all
        .iter()
        .rfind(|o| o.kind == operation.kind)
        .is_some_and(|newest| newest.id == operation.id);
    let age = now.signed_duration_since(operation.at);
    let moves_money = matches!(operation.kind, OperationKind::Capture | OperationKind::Refund);
    match operation.state {
        OperationState::Absent => is_newest || moves_money,
        // Something else was there, and it may be there itself by now.
        OperationState::Conflict => moves_money,
        OperationState::Rejected => {
            is_newest
                && age.to_std().is_ok_and(|age| age < QUIET_WINDOW)
                && matches!(
                    operation.kind,
                    OperationKind::Capture | OperationKind::Reversal | OperationKind::Cancel
                )
        }
        _ => false,
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
        || (learnt.seen.is_some() && hold.lapsed_at != learnt.lapsed_at)
        || learnt.terms.is_some_and(|terms| terms != Terms::of(hold))
        || (hold.link.is_none() && learnt.link.is_some())
        || (hold.created_at.is_none() && learnt.created_at.is_some())
}
