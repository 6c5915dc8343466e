//! A ledger that is older than what was done with it, because a backup was put back: until Dojo has
//! been asked about every hold, what it says of money may be out of date.

use crate::view::{Banner, Tone};
use crate::{AppError, Desk, ErrorCode};
use chrono::TimeDelta;
use holdfast_domain::{Hold, HoldId, IntentStatus, OperationId};
use holdfast_ledger::Restored;
use tokio::sync::MutexGuard;

/// How long staff are told that bills may lack lines, which Dojo can't give back.
const LOSS_SHOWN_FOR: TimeDelta = TimeDelta::hours(12);

/// What has yet to be asked.
#[derive(Debug, Default)]
pub(crate) struct ToRead {
    /// Those that matter most first.
    holds: Vec<HoldId>,
    /// Dojo has yet to be asked for requests that the ledger does not know.
    is_gap_open: bool,
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

impl Desk {
    async fn to_read(&self) -> Result<MutexGuard<'_, Option<ToRead>>, AppError> {
        let mut to_read = self.to_read.lock().await;
        if to_read.is_none() {
            let restored = self.ledger.restored().await?;
            let is_due = restored.is_some_and(|r| r.read_again_at.is_none());
            *to_read = Some(ToRead {
                holds: if is_due {
                    self.ledger.every_hold().await?
                } else {
                    Vec::new()
                },
                is_gap_open: is_due,
            });
        }
        Ok(to_read)
    }

    /// After a backup was put back: reads up to `most` of the holds that were not read since, those
    /// that were over included, and then asks for requests that the ledger does not know. The answer
    /// is how many holds are still to be read; 0 when all is done, or nothing was ever put back.
    ///
    /// # Errors
    /// [`ErrorCode::NotSent`] when Dojo can't be reached, and the ledger's.
    pub async fn look_again(&self, most: usize) -> Result<usize, AppError> {
        let due: Vec<HoldId> = match self.to_read().await?.as_ref() {
            Some(to_read) if !to_read.is_done() => to_read.holds.iter().take(most).copied().collect(),
            Some(_) | None => return Ok(0),
        };
        for id in due {
            self.politely().await;
            match self.read(id).await {
                Ok(_) => {}
                Err(error) if matches!(error.code, ErrorCode::NotSent | ErrorCode::Ledger) => {
                    return Err(error);
                }
                Err(error) if error.code == ErrorCode::Rejected => self.refused(id, &error).await?,
                Err(error) => {
                    tracing::warn!(hold = %id, %error, "a hold could not be read again");
                    self.put_last(id).await?;
                }
            }
        }
        let is_only_the_gap_left = match self.to_read().await?.as_ref() {
            Some(to_read) if !to_read.holds.is_empty() => return Ok(to_read.holds.len()),
            Some(to_read) => to_read.is_gap_open,
            None => false,
        };
        if is_only_the_gap_left {
            self.close_gap().await?;
            self.all_read().await?;
        }
        Ok(0)
    }

    /// Dojo's own refusal to show a hold is an answer too: a person looks.
    async fn refused(&self, id: HoldId, error: &AppError) -> Result<(), AppError> {
        let hold = self.ledger.hold(id).await?;
        let words = format!("After the backup was put back: {}", error.message);
        let note = self.note("Dojo", Some(hold.tab), words);
        self.ledger
            .record(id, holdfast_ledger::Learnt::default(), None, vec![note])
            .await?;
        self.was_read(id).await;
        Ok(())
    }

    async fn put_last(&self, id: HoldId) -> Result<(), AppError> {
        if let Some(to_read) = self.to_read().await?.as_mut() {
            to_read.holds.retain(|other| *other != id);
            to_read.holds.push(id);
        }
        Ok(())
    }

    /// Takes note that a hold was read.
    pub(crate) async fn was_read(&self, id: HoldId) {
        if let Some(to_read) = self.to_read.lock().await.as_mut() {
            to_read.holds.retain(|other| *other != id);
        }
    }

    /// Adds what Dojo has and the ledger does not, once.
    pub(crate) async fn close_gap(&self) -> Result<(), AppError> {
        let is_open = self.to_read().await?.as_ref().is_some_and(|r| r.is_gap_open);
        if is_open {
            let since = self.ledger.restored().await?.and_then(|r| r.knows_until);
            self.fill_gap(since).await?;
            if let Some(to_read) = self.to_read().await?.as_mut() {
                to_read.is_gap_open = false;
            }
        }
        Ok(())
    }

    async fn all_read(&self) -> Result<(), AppError> {
        if let Some(restored) = self.ledger.restored().await? {
            let read = Restored {
                read_again_at: Some(self.clock.now()),
                ..restored
            };
            let note = self.note(
                "Dojo",
                None,
                "Every hold was read again after the backup was put back",
            );
            self.ledger.set_restored(&read, note).await?;
            self.changed();
        }
        Ok(())
    }

    /// Before anything is done with a hold that was not read since a backup was put back: reads it,
    /// and lets nobody act on figures that turn out to be old.
    ///
    /// # Errors
    /// [`ErrorCode::Changed`], and those of [`Desk::read`].
    pub(crate) async fn look_first(&self, id: HoldId) -> Result<(), AppError> {
        let is_due = self
            .to_read()
            .await?
            .as_ref()
            .is_some_and(|r| r.holds.contains(&id));
        if !is_due {
            return Ok(());
        }
        let before = figures(&self.ledger.hold(id).await?);
        if before == figures(&self.read(id).await?) {
            return Ok(());
        }
        Err(AppError::new(
            ErrorCode::Changed,
            "Dojo shows more on this hold than the backup that was put back. Look at it again first.",
        ))
    }

    /// What was decided on a screen from before the backup was put back may have been sent already,
    /// and the ledger would not know.
    pub(crate) async fn refuse_if_older(&self, decision: OperationId) -> Result<(), AppError> {
        let Some(restored) = self.ledger.restored().await? else {
            return Ok(());
        };
        let minted = decision.0.get_timestamp().map(|t| t.to_unix());
        let is_older = minted.is_some_and(|(seconds, nanos)| {
            let millis = seconds
                .saturating_mul(1_000)
                .saturating_add(u64::from(nanos) / 1_000_000);
            i64::try_from(millis).is_ok_and(|millis| millis < restored.at.timestamp_millis())
        });
        if is_older {
            return Err(AppError::new(
                ErrorCode::NotAllowed,
                "This was begun before a backup was put back and may have been done already. Look at the \
                 tab, then begin anew.",
            ));
        }
        Ok(())
    }

    /// What staff are told.
    pub(crate) async fn restored_banner(&self) -> Result<Option<Banner>, AppError> {
        let Some(restored) = self.ledger.restored().await? else {
            return Ok(None);
        };
        let is_recent = self.now().signed_duration_since(restored.at) < LOSS_SHOWN_FOR;
        if restored.read_again_at.is_some() && !is_recent {
            return Ok(None);
        }
        let zone = self.business_days().await?.zone;
        let until = restored.knows_until.map_or_else(
            || "its beginning".to_owned(),
            |at| at.with_timezone(&zone).format("%-d %B, %H:%M").to_string(),
        );
        let what = match (&restored.backup, &restored.set_aside) {
            (Some(_), _) => "A backup of the ledger was put back",
            (None, _) => "The ledger file is older than it was",
        };
        // Which holds there are is not known before the ledger has been looked through.
        let is_known = restored.read_again_at.is_some() || self.ledger.being_checked().is_none();
        let next = if !is_known {
            "Dojo is asked about every hold as soon as the ledger has been looked through; until then \
             amounts may be old."
                .to_owned()
        } else {
            match self.to_read().await?.as_ref() {
                Some(to_read) if !to_read.is_done() => format!(
                    "Dojo is being asked about every hold ({} left); until then amounts may be old.",
                    to_read.holds.len()
                ),
                Some(_) | None => "Every hold was read from Dojo again.".to_owned(),
            }
        };
        let aside = restored.set_aside.map_or_else(String::new, |folder| {
            format!(" The former file is kept in {folder}.")
        });
        Ok(Some(Banner {
            code: "restored",
            words: format!(
                "{what}: it knows what was done until {until}. {next} Bills and notes typed since are \
                 missing; add them again.{aside}"
            ),
            tone: Tone::Bad,
            tab_id: None,
        }))
    }
}
