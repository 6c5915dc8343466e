//! Dojo shows less than it showed before: a refund that the bank sent back, a capture that is gone. One such
//! answer may be an old one, so it changes nothing. Should Dojo keep to it, a person decides.

use crate::context::reasons::NotPossible;
use crate::gateway::failures::senseless;
use crate::reconcile::Reconciler;
use crate::reconcile::observe::{self, Reading};
use crate::{AppError, ErrorCode};
use holdfast_domain::{
    Actor, Detail, Event, FindingKey, Hold, HoldId, Operation, OperationKind, OperationState, QUIET_GAP,
    QUIET_WINDOW, Shown, Snapshot,
};
use holdfast_ledger::{Learnt, Progress, Raises};
use std::time::Duration;

/// What Dojo shows against what it showed before, and for how long it has, by the steady clock.
#[derive(Debug, Clone)]
pub(crate) struct Contradiction {
    shown: Snapshot,
    pub(crate) was: Shown,
    pub(crate) is: Shown,
    pub(crate) key: FindingKey,
    seen: Repeated,
}

impl Contradiction {
    /// Nobody is asked about an answer that was merely old.
    fn is_lasting(&self) -> bool {
        self.seen.is_lasting()
    }
}

/// How often and for how long Dojo has kept to an answer, by the steady clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Repeated {
    since: Duration,
    last: Duration,
    readings: u32,
}

impl Repeated {
    pub(crate) const fn begun(now: Duration) -> Self {
        Self {
            since: now,
            last: now,
            readings: 1,
        }
    }

    /// One more reading at `now`, counted where it's far enough from the last one.
    pub(crate) fn again(self, now: Duration) -> Self {
        if now.saturating_sub(self.last) < QUIET_GAP {
            return self;
        }
        Self {
            last: now,
            readings: self.readings.saturating_add(1),
            ..self
        }
    }

    pub(crate) fn is_lasting(self) -> bool {
        self.readings >= 3 && self.last.saturating_sub(self.since) >= QUIET_WINDOW
    }
}

/// All that a reading shows of money.
fn is_same(a: &Snapshot, b: &Snapshot) -> bool {
    let figures = |s: &Snapshot| (s.status, s.amount, s.tip, s.total, s.refunded);
    figures(a) == figures(b) && a.captures == b.captures
}

impl Reconciler {
    /// Takes note of a reading that lacks what can't be undone, and tells people once Dojo keeps to it.
    pub(crate) async fn contradicted(&self, hold: &Hold, learnt: &Learnt) -> Result<(), AppError> {
        let Some(shown) = &learnt.seen else { return Ok(()) };
        let Some(lasting) = self.count(hold, shown) else {
            return Ok(());
        };
        let is_told = self
            .context
            .ledger
            .finding(&lasting.key)
            .await?
            .is_some_and(|f| f.is_open());
        if !is_told {
            let event = Event::Contradicts {
                was: lasting.was,
                is: lasting.is,
            };
            let mut note = self.context.note(Actor::Dojo, Some(hold.tab), event);
            note.reference.clone_from(&hold.intent_id);
            note.raises = Some(Raises {
                key: lasting.key,
                hold: Some(hold.id),
            });
            self.context.ledger.put_findings(Vec::new(), vec![note]).await?;
            self.context.changed();
        }
        Ok(())
    }

    /// One more reading that shows this; the contradiction, once it lasts.
    fn count(&self, hold: &Hold, shown: &Snapshot) -> Option<Contradiction> {
        let now = self.context.clock.steady();
        let mut all = self.contradictions.lock().ok()?;
        let known = all.get(&hold.id).filter(|known| is_same(&known.shown, shown));
        let one = match known.cloned() {
            Some(known) => Contradiction {
                seen: known.seen.again(now),
                ..known
            },
            None => Contradiction {
                shown: shown.clone(),
                was: Shown::of(hold),
                is: shows(hold, shown),
                key: key(hold, shown),
                seen: Repeated::begun(now),
            },
        };
        all.insert(hold.id, one.clone());
        one.is_lasting().then_some(one)
    }

    /// Ends what waits for a person: Dojo shows what is known, and what follows from it, so whatever contradicted that
    /// was an old answer.
    pub(crate) async fn end_contradiction(&self, hold: &Hold) -> Result<(), AppError> {
        let known = self
            .contradictions
            .lock()
            .ok()
            .and_then(|mut all| all.remove(&hold.id));
        let was_senseless = self.forget_senseless(hold);
        // One that an earlier run of the program told of ends too.
        if known.is_none() && !was_senseless && self.last_read(hold.id).is_some() {
            return Ok(());
        }
        let open = self.context.ledger.findings().await?.into_iter();
        let is_about = |key: &FindingKey| match key {
            FindingKey::ContradictingReading(of, _) | FindingKey::MakesNoSense(of) => *of == hold.id,
            FindingKey::Deadline(..)
            | FindingKey::Lapsed(_)
            | FindingKey::TakenByDojo(_)
            | FindingKey::TakenElsewhere(..)
            | FindingKey::ReleasedElsewhere(_)
            | FindingKey::RefundedElsewhere(..)
            | FindingKey::CancelledElsewhere(_)
            | FindingKey::AmountDiffers(..)
            | FindingKey::LessTaken(..)
            | FindingKey::PaidAfterCancel(_)
            | FindingKey::Renewal(_)
            | FindingKey::Stranger(_)
            | FindingKey::Foreign(_)
            | FindingKey::Clock
            | FindingKey::CommitsLost(..)
            | FindingKey::TillClock(_) => false,
        };
        let mut keys: Vec<FindingKey> = open.map(|f| f.key).filter(is_about).collect();
        // Should they stop to make sense again, people are told again.
        keys.extend(hold.given_up_at.map(|_| FindingKey::MakesNoSense(hold.id)));
        self.end_findings(&keys).await?;
        if known.is_some() || !keys.is_empty() {
            self.context.changed();
        }
        Ok(())
    }

    /// The holds on which Dojo shows less than before, or what makes no sense, however long.
    pub(crate) fn contradicting(&self) -> Vec<HoldId> {
        let all = self.contradictions.lock();
        let mut ids: Vec<HoldId> = all.map_or_else(|_| Vec::new(), |all| all.keys().copied().collect());
        if let Ok(senseless) = self.senseless.lock() {
            ids.extend(senseless.keys().copied());
        }
        ids
    }

    /// What a person is asked about a hold on which Dojo keeps to less than it showed before.
    pub(crate) fn lasting(&self, id: HoldId) -> Option<Contradiction> {
        let known = self.contradictions.lock().ok()?.get(&id).cloned();
        known.filter(Contradiction::is_lasting)
    }

    /// Goes by what Dojo shows now, as staff decided. They hold the hold's turn.
    pub(crate) async fn go_by_reading(&self, id: HoldId, key: &str) -> Result<Hold, AppError> {
        let known = self.lasting(id);
        let known = known.ok_or_else(|| AppError::new(ErrorCode::NotAllowed, NotPossible::ShownTooShort))?;
        if known.key.to_string() != key {
            return Err(changed());
        }
        let hold = self.context.ledger.hold(id).await?;
        let fetched = self.fetch(&hold).await?;
        let operations = self.context.ledger.operations(id).await?;
        match observe::observe(&hold, &fetched.intent, &operations, fetched.moment) {
            Reading::Behind(mut learnt) if learnt.seen.as_ref().is_some_and(|s| is_same(s, &known.shown)) => {
                learnt.read_from = fetched.read_from;
                self.take_over(&hold, *learnt, &operations, fetched.number)
                    .await?;
            }
            Reading::Behind(learnt) => {
                self.contradicted(&hold, &learnt).await?;
                return Err(changed());
            }
            Reading::Sound(_) => return Err(changed()),
            Reading::Senseless => return Err(senseless()),
        }
        Ok(self.context.ledger.hold(id).await?)
    }

    async fn take_over(
        &self,
        hold: &Hold,
        learnt: Learnt,
        operations: &[Operation],
        number: u64,
    ) -> Result<(), AppError> {
        let by = self.context.settings().await?.staff_name;
        let mut settling = self.newest_settled.lock().await;
        if settling.get(&hold.id).is_some_and(|newest| *newest > number) {
            return Err(changed());
        }
        let Some(seen) = learnt.seen.clone() else {
            return Err(senseless());
        };
        let event = Event::ReadingAccepted {
            was: Shown::of(hold),
            is: shows(hold, &seen),
        };
        let note = self.context.note(Actor::staff(by), Some(hold.tab), event);
        self.context
            .ledger
            .record(hold.id, learnt, None, vec![note])
            .await?;
        for undone in undone(&seen, operations) {
            let progress = Progress {
                id: undone.id,
                state: OperationState::Declined,
                dojo_id: None,
                detail: Some(Detail::NotShownAnyMore),
                is_late: false,
                settled_at: Some(self.context.now()),
            };
            let note = self.progress_note(hold, undone, &progress);
            self.context
                .ledger
                .record(hold.id, Learnt::default(), Some(progress), vec![note])
                .await?;
        }
        settling.insert(hold.id, number);
        drop(settling);
        self.acknowledge(&key(hold, &seen).to_string()).await?;
        self.end_contradiction(hold).await?;
        self.context.changed();
        Ok(())
    }
}

/// The decisions that were done, and that Dojo's record has no room for any more: captures that it does not
/// list, and refunds beyond what it shows refunded, the newest first.
fn undone<'a>(seen: &Snapshot, operations: &'a [Operation]) -> Vec<&'a Operation> {
    let done = |kind| {
        operations
            .iter()
            .filter(move |o| o.kind == kind && o.state == OperationState::Succeeded)
    };
    let is_listed = |o: &&Operation| seen.captures.iter().any(|c| o.dojo_id.as_deref() == Some(&c.id));
    let mut undone: Vec<&Operation> = done(OperationKind::Capture).filter(|o| !is_listed(o)).collect();
    let mut refunds: Vec<&Operation> = done(OperationKind::Refund).collect();
    let sum = |all: &[&Operation]| all.iter().fold(0_i64, |sum, o| sum.saturating_add(o.amount));
    loop {
        let beyond = sum(&refunds).saturating_sub(seen.refunded);
        let just = refunds.iter().rposition(|o| o.amount == beyond);
        let place = just.or_else(|| refunds.len().checked_sub(1));
        match place.filter(|_| beyond > 0) {
            Some(place) => undone.push(refunds.remove(place)),
            None => return undone,
        }
    }
}

/// Another one for other figures.
fn key(hold: &Hold, shown: &Snapshot) -> FindingKey {
    let captures: Vec<String> = shown
        .captures
        .iter()
        .map(|c| format!("{}={:?}", c.id, c.status))
        .collect();
    let shows = format!(
        "{:?}/{}/{}/{}",
        shown.status,
        shown.total,
        shown.refunded,
        captures.join("+")
    );
    FindingKey::ContradictingReading(hold.id, shows.to_lowercase())
}

/// What `shown` would make of a hold.
fn shows(hold: &Hold, shown: &Snapshot) -> Shown {
    Shown::of(&Hold {
        seen: Some(shown.clone()),
        lapsed_at: None,
        ..hold.clone()
    })
}

fn changed() -> AppError {
    AppError::new(ErrorCode::Changed, NotPossible::ShowsSomethingElse)
}
