//! A ledger that is older than what was done with it, because a backup was put back: until Dojo has
//! been asked about every hold, what it says of money may be out of date.

use crate::reconcile::Reconciler;
use crate::wording::not_done;
use crate::{AppError, ErrorCode};
use chrono::{DateTime, Utc};
use holdfast_domain::{Actor, Detail, Event, Hold, HoldId, IntentStatus, NotDone, OperationId};
use holdfast_ledger::Restored;
use tokio::sync::MutexGuard;

/// What has yet to be asked.
#[derive(Debug, Default)]
pub(crate) struct ToRead {
    /// Those that matter most first.
    holds: Vec<HoldId>,
    /// Dojo has yet to be asked for requests that the ledger does not know.
    is_gap_open: bool,
    /// When a backup was put back, if one ever was.
    restored_at: Option<DateTime<Utc>>,
}

impl ToRead {
    fn is_done(&self) -> bool {
        self.holds.is_empty() && !self.is_gap_open
    }
}

/// Everything about money that staff may have looked at before they decided.
fn figures(hold: &Hold) -> (Option<IntentStatus>, [i64; 5]) {
    let amounts = [
        hold.authorised(),
        hold.captured(),
        hold.pending(),
        hold.refunded(),
        hold.left(),
    ];
    (hold.seen.as_ref().map(|seen| seen.status), amounts)
}

impl Reconciler {
    async fn to_read(&self) -> Result<MutexGuard<'_, Option<ToRead>>, AppError> {
        let mut to_read = self.to_read.lock().await;
        // Of several tills the one that has the watch reads them for all.
        if self.context.session.is_some()
            && to_read.as_ref().is_some_and(|known| !known.is_done())
            && self.is_all_read().await?
        {
            *to_read = None;
        }
        if to_read.is_none() {
            let restored = self.context.ledger.restored().await?;
            let is_due = restored.as_ref().is_some_and(|r| r.read_again_at.is_none());
            *to_read = Some(ToRead {
                holds: if is_due {
                    self.context.ledger.every_hold().await?
                } else {
                    Vec::new()
                },
                is_gap_open: is_due,
                restored_at: restored.map(|r| r.at),
            });
        }
        Ok(to_read)
    }

    async fn is_all_read(&self) -> Result<bool, AppError> {
        let restored = self.context.ledger.restored().await?;
        Ok(restored.is_none_or(|restored| restored.read_again_at.is_some()))
    }

    /// Forgets what has yet to be read: several tills may learn at work that their ledger is older than it was.
    pub(crate) async fn look_again_whether_restored(&self) {
        if let Ok(mut heard) = self.heard_older_at.lock() {
            *heard = Some(self.context.clock.now());
        }
        *self.to_read.lock().await = None;
    }

    /// After a backup was put back: reads up to `most` of the holds that were not read since, those
    /// that were over included, and then asks for requests that the ledger does not know. The answer
    /// is how many holds are still to be read; 0 when all is done, or nothing was ever put back.
    pub(crate) async fn read_again(&self, most: usize) -> Result<usize, AppError> {
        let due: Vec<HoldId> = match self.to_read().await?.as_ref() {
            Some(to_read) if !to_read.is_done() => to_read.holds.iter().take(most).copied().collect(),
            Some(_) | None => return Ok(0),
        };
        for id in due {
            self.gateway.wait_for_turn().await;
            match self.read(id).await {
                Ok(_) => {}
                Err(error) if matches!(error.code, ErrorCode::NotSent | ErrorCode::Ledger) => {
                    return Err(error);
                }
                Err(error) => {
                    if let Some(NotDone::NotShown(why)) = error.reason.as_deref() {
                        self.refused(id, why.clone()).await?;
                    } else {
                        tracing::warn!(hold = %id, %error, "a hold could not be read again");
                        self.put_last(id).await?;
                    }
                }
            }
        }
        let is_only_the_gap_left = match self.to_read().await?.as_ref() {
            Some(to_read) if !to_read.holds.is_empty() => return Ok(to_read.holds.len()),
            Some(to_read) => to_read.is_gap_open,
            None => false,
        };
        if is_only_the_gap_left {
            self.import_if_restored().await?;
            self.note_all_read().await?;
        }
        Ok(0)
    }

    /// Dojo's own refusal to show a hold is an answer too: a person looks.
    async fn refused(&self, id: HoldId, why: Detail) -> Result<(), AppError> {
        let hold = self.context.ledger.hold(id).await?;
        let note = self
            .context
            .note(Actor::Dojo, Some(hold.tab), Event::NotShown { why });
        self.context
            .ledger
            .record(id, holdfast_ledger::Learnt::default(), None, vec![note])
            .await?;
        self.note_read(id).await;
        Ok(())
    }

    async fn put_last(&self, id: HoldId) -> Result<(), AppError> {
        if let Some(to_read) = self.to_read().await?.as_mut() {
            to_read.holds.retain(|other| *other != id);
            to_read.holds.push(id);
        }
        Ok(())
    }

    /// How many holds have yet to be read since a backup was put back; none when all of it is done.
    pub(crate) async fn still_to_read(&self) -> Result<Option<usize>, AppError> {
        let to_read = self.to_read().await?;
        let to_read = to_read.as_ref().filter(|to_read| !to_read.is_done());
        Ok(to_read.map(|to_read| to_read.holds.len()))
    }

    /// Takes note that a hold was read.
    pub(crate) async fn note_read(&self, id: HoldId) {
        if let Some(to_read) = self.to_read.lock().await.as_mut() {
            to_read.holds.retain(|other| *other != id);
        }
    }

    /// Adds what Dojo has and the ledger does not, once.
    pub(crate) async fn import_if_restored(&self) -> Result<(), AppError> {
        let is_open = self.to_read().await?.as_ref().is_some_and(|r| r.is_gap_open);
        if is_open {
            let since = self.context.ledger.restored().await?.and_then(|r| r.knows_until);
            self.import_missing(since).await?;
            if let Some(to_read) = self.to_read().await?.as_mut() {
                to_read.is_gap_open = false;
            }
        }
        Ok(())
    }

    async fn note_all_read(&self) -> Result<(), AppError> {
        let known = self.to_read().await?.as_ref().and_then(|read| read.restored_at);
        if let Some(restored) = self.context.ledger.restored().await? {
            // Other tills may have found it older once more: some were read before that.
            if known != Some(restored.at) {
                self.look_again_whether_restored().await;
                return Ok(());
            }
            let read = Restored {
                read_again_at: Some(self.context.clock.now()),
                ..restored
            };
            let note = self.context.note(Actor::Dojo, None, Event::AllReadAgain);
            self.context.ledger.set_restored(&read, note).await?;
            self.context.changed();
        }
        Ok(())
    }

    /// Before anything is done with a hold that was not read since a backup was put back: reads it,
    /// and lets nobody act on figures that turn out to be old. The answer is whether it was read.
    pub(crate) async fn read_if_restored(&self, id: HoldId) -> Result<bool, AppError> {
        let is_due = self
            .to_read()
            .await?
            .as_ref()
            .is_some_and(|r| r.holds.contains(&id));
        if !is_due {
            return Ok(false);
        }
        let before = figures(&self.context.ledger.hold(id).await?);
        if before == figures(&self.read(id).await?) {
            return Ok(true);
        }
        let error = AppError::new(ErrorCode::Changed, not_done::CHANGED_SINCE_BACKUP);
        Err(error.because(NotDone::ChangedSinceBackup))
    }

    /// Whether a backup was put back since `at`: what was done then may not be known here.
    pub(crate) async fn is_from_before(&self, at: DateTime<Utc>) -> Result<bool, AppError> {
        let restored_at = self.to_read().await?.as_ref().and_then(|r| r.restored_at);
        Ok(restored_at.is_some_and(|restored| at < restored))
    }

    /// What was decided on a screen from before the backup was put back may have been sent already,
    /// and the ledger would not know. A decision is dated by this till, so when that was is reckoned by this till's
    /// clock too: a server's may be an hour ahead, and nobody could decide anything until then.
    pub(crate) async fn refuse_if_older(&self, decision: OperationId) -> Result<(), AppError> {
        let restored_at = self.to_read().await?.as_ref().and_then(|r| r.restored_at);
        let Some(restored_at) = restored_at else {
            return Ok(());
        };
        let heard = self.heard_older_at.lock().ok().and_then(|heard| *heard);
        let since = heard.unwrap_or_else(|| restored_at.min(self.made_at));
        // A clock that shows a time before that was ahead then, and set right since: no time tells which was first.
        // What is done rests on the figures alone.
        if since > self.context.clock.now() {
            return Ok(());
        }
        let minted = decision.0.get_timestamp().map(|t| t.to_unix());
        let is_older = minted.is_some_and(|(seconds, nanos)| {
            let millis = seconds
                .saturating_mul(1_000)
                .saturating_add(u64::from(nanos) / 1_000_000);
            i64::try_from(millis).is_ok_and(|millis| millis < since.timestamp_millis())
        });
        if is_older {
            let error = AppError::new(ErrorCode::NotAllowed, not_done::BEFORE_BACKUP);
            return Err(error.because(NotDone::BeforeBackup));
        }
        Ok(())
    }
}
