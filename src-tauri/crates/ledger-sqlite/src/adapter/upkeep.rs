//! The file under the ledger: its check and its backups.

use crate::error::StoreError;
use crate::recovery::{backup, recover, swap_file};
use crate::store::{counts, settings};
use crate::worker::{Job, gone};
use crate::{SqliteLedger, blocking};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use holdfast_ledger::{
    BackedUp, Backup, Backups, Counts, LedgerError, Newer, Note, Restored, SecondFolder, SettingSeen,
    Settings, StartupCheck,
};
use std::time::Duration;
use tokio::sync::oneshot;

#[async_trait]
impl StartupCheck for SqliteLedger {
    fn checking_for(&self) -> Option<Duration> {
        self.check.running_for()
    }

    async fn refuse_if_harmed(&self) -> Result<(), LedgerError> {
        Ok(self.check.state().refuse_if_harmed()?)
    }
}

impl SqliteLedger {
    /// Backs up beside the ledger, and says how many entries the journal has there.
    async fn first_copy(&self, now: DateTime<Utc>) -> Result<(Backup, i64), LedgerError> {
        let folder = backup::folder(&self.folder);
        let part = blocking(move || backup::part(&folder)).await?;
        let (reply, answer) = oneshot::channel();
        self.worker.ask(Job::Copy(part.clone(), reply))?;
        answer.await.map_err(|_| gone())??;
        let data = self.folder.clone();
        blocking(move || {
            let (backup, head) = backup::finish(&part, now)?;
            if let Err(error) = swap_file::prune(&data) {
                tracing::warn!(%error, "what was set aside long ago could not be deleted");
            }
            Ok((backup, head.seq))
        })
        .await
    }
}

#[async_trait]
impl Backups for SqliteLedger {
    async fn back_up(
        &self,
        now: DateTime<Utc>,
        second: Option<SecondFolder>,
    ) -> Result<BackedUp, LedgerError> {
        self.check.wait_until_sound().await?;
        let (backup, entries) = {
            let _alone = self.backing_up.lock().await;
            self.first_copy(now).await?
        };
        let second = match second {
            Some(second) => {
                let first = backup::folder(&self.folder).join(&backup.name);
                let copied = self
                    .second_copies
                    .copy(first, second, &self.folder, backup.clone());
                copied.await
            }
            None => None,
        };
        Ok(BackedUp {
            backup,
            entries,
            second,
        })
    }

    async fn backups(&self) -> Result<Vec<Backup>, LedgerError> {
        let folder = backup::folder(&self.folder);
        blocking(move || backup::list(&folder)).await
    }

    async fn newer_than(&self, backup: &str) -> Result<Newer, LedgerError> {
        let path = recover::chosen(&self.folder, backup)?;
        self.read_whole(move |c, _| backup::newer(c, &path)).await
    }

    async fn restored(&self) -> Result<Option<Restored>, LedgerError> {
        let value = self.setting(settings::RESTORED).await?;
        let restored = value.map(|text| serde_json::from_str(&text)).transpose();
        Ok(restored.map_err(StoreError::from)?)
    }

    async fn set_restored(&self, restored: &Restored, note: Note) -> Result<(), LedgerError> {
        let value = serde_json::to_string(restored).map_err(StoreError::from)?;
        self.set_setting(settings::RESTORED, &value, SettingSeen::Anything, note)
            .await
    }

    async fn counts(&self) -> Result<Counts, LedgerError> {
        self.read_whole(|c, _| counts::counts(c)).await
    }
}
