//! Backups: when one is due, where a second copy goes, and what staff hear when there is none.

use crate::AppError;
use crate::context::reasons::SettingProblem;
use crate::maintenance::Backups;
use crate::settings::is_named_elsewhere;
use crate::wording::banners::BackupTrouble;
use holdfast_ledger::{BackedUp, NoSecondCopy, SecondFolder};
use std::path::PathBuf;
use std::time::Duration;
use tokio::time::Instant;

/// Time of use between two backups.
const BACKUP_INTERVAL: Duration = Duration::from_secs(4 * 60 * 60);

/// How long after a failed backup the next one is tried.
const BACKUP_RETRY_DELAY: Duration = Duration::from_secs(10 * 60);

/// A second copy that takes longer than this is told as one that isn't there; it may arrive all the same.
const SECOND_COPY_WITHIN: Duration = Duration::from_secs(30);

/// The same when the ledger is closed: a person who quits waits for it.
const LAST_SECOND_COPY_WITHIN: Duration = Duration::from_secs(2);

/// When backups are due, and what the last one came to.
#[derive(Debug, Default)]
pub(crate) struct Schedule {
    next: Option<Instant>,
    trouble: Option<BackupTrouble>,
}

impl Schedule {
    /// Whether one is due: at the start, and after every four hours of use. Asking puts the next one
    /// off. `now` is the monotonic clock, which stands still while the PC sleeps.
    pub(crate) fn take_due(&mut self, now: Instant) -> bool {
        let is_due = self.next.is_none_or(|next| now >= next);
        if is_due {
            self.next = now.checked_add(BACKUP_INTERVAL);
        }
        is_due
    }

    /// Takes note of one; after a failure the next try comes sooner.
    fn note_end(&mut self, trouble: Option<BackupTrouble>, now: Instant) {
        if trouble.is_some() {
            self.next = now.checked_add(BACKUP_RETRY_DELAY);
        }
        self.trouble = trouble;
    }
}

impl Backups {
    /// Backs the ledger up now, with a second copy where the settings say so.
    pub(crate) async fn back_up(&self) -> Result<BackedUp, AppError> {
        self.back_up_within(SECOND_COPY_WITHIN).await
    }

    /// The same, with a limit for the second copy.
    async fn back_up_within(&self, second_copy: Duration) -> Result<BackedUp, AppError> {
        let done = self.try_back_up(second_copy).await;
        let trouble = match &done {
            Ok(done) => done.second.clone().map(|second| match second {
                NoSecondCopy::Silent => BackupTrouble::SecondSilent,
                NoSecondCopy::Failed(why) => BackupTrouble::SecondFailed(why),
            }),
            Err(error) => Some(BackupTrouble::Failed(error.message.clone())),
        };
        if let Some(trouble) = &trouble {
            tracing::error!(?trouble, "the ledger could not be backed up");
        }
        if let Ok(mut schedule) = self.schedule.lock() {
            schedule.note_end(trouble, Instant::now());
        }
        self.context.changed();
        done
    }

    async fn try_back_up(&self, within: Duration) -> Result<BackedUp, AppError> {
        let settings = self.context.settings().await?;
        let sealed_for = settings.backup_recipient;
        let folder = settings.backup_folder.map(PathBuf::from);
        // A share may have been mounted there since it was chosen.
        let is_elsewhere = folder.as_deref().is_some_and(is_named_elsewhere);
        let second = folder.filter(|_| !is_elsewhere).map(|path| SecondFolder {
            path,
            till: self.till.get().cloned(),
            sealed_for,
            within,
        });
        let now = self.context.clock.now();
        let mut done = self.context.ledger.back_up(now, second).await?;
        if is_elsewhere {
            done.second = Some(NoSecondCopy::Failed(SettingProblem::FolderElsewhere.into()));
        }
        Ok(done)
    }

    /// The last thing before the ledger is closed. A failure is logged and stops nobody from closing. A shared ledger
    /// is backed up with its server.
    pub(crate) async fn close(&self) {
        if self.context.session.is_some() {
            return;
        }
        // A person who wants to leave need not wait for the check: the next start backs up.
        if self.context.ledger.checking_for().is_some() {
            return;
        }
        // It was logged where it happened.
        drop(self.back_up_within(LAST_SECOND_COPY_WITHIN).await);
    }

    /// Whether it is time for a backup; asking puts the next one off.
    pub(crate) fn take_due(&self) -> bool {
        // Later then: waiting for the check would keep a ledger open that is being closed.
        if self.context.ledger.checking_for().is_some() {
            return false;
        }
        self.schedule
            .lock()
            .is_ok_and(|mut schedule| schedule.take_due(Instant::now()))
    }

    /// What was wrong with the last backup, if anything was.
    pub(crate) fn backup_trouble(&self) -> Option<BackupTrouble> {
        self.schedule.lock().ok()?.trouble.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_is_due_at_the_start_every_four_hours_and_soon_after_a_failure() {
        let mut backups = Schedule::default();
        let start = Instant::now();
        let at = |minutes: u64| start + Duration::from_secs(60 * minutes);
        let due: Vec<bool> = [0, 1, 239, 240, 241, 479, 480]
            .map(|minutes| backups.take_due(at(minutes)))
            .to_vec();
        assert_eq!(due, [true, false, false, true, false, false, true]);
        backups.note_end(Some(BackupTrouble::Failed("full".to_owned())), at(481));
        assert!(!backups.take_due(at(490)));
        assert!(backups.take_due(at(491)));
        backups.note_end(None, at(492));
        assert!(!backups.take_due(at(502)));
        assert_eq!(backups.trouble, None);
    }
}
