//! The copy of a backup in a second folder, which may be on a disk that doesn't answer.

use crate::error::StoreError;
use crate::recovery::backup;
use holdfast_ledger::{Backup, LedgerError, NoSecondCopy, SecondFolder};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

/// One second copy at a time: they share the name under which they are written, and on a disk that is silent each would
/// hold up one more thread.
#[derive(Debug)]
pub(crate) struct SecondCopies(Arc<Semaphore>);

impl Default for SecondCopies {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(1)))
    }
}

impl SecondCopies {
    /// Copies the backup at `first` and waits for it as long as `second` says. Without an answer by then the copy goes
    /// on; until it has ended, further ones are not begun.
    pub(crate) async fn copy(
        &self,
        first: PathBuf,
        second: SecondFolder,
        ledger: &Path,
        backup: Backup,
    ) -> Option<NoSecondCopy> {
        let Ok(turn) = Arc::clone(&self.0).try_acquire_owned() else {
            return Some(NoSecondCopy::Silent);
        };
        // Several tills' and modes' backups may meet in one folder elsewhere.
        let mode = ledger.file_name().unwrap_or_default().to_owned();
        let copied = on_its_own_thread(turn, move || {
            let former = second.path.join(&mode);
            let folder = match &second.till {
                Some(till) => second.path.join(till).join(&mode),
                None => former.clone(),
            };
            refuse_links(&second.path, &folder)?;
            backup::finish_second(&first, &folder, &backup, second.sealed_for.as_deref())?;
            if folder != former {
                backup::prune_former(&former, &folder);
            }
            Ok(())
        });
        match tokio::time::timeout(second.within, copied).await {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(NoSecondCopy::Failed(why(error))),
            Err(_) => Some(NoSecondCopy::Silent),
        }
    }
}

/// What a link in the second folder leads to isn't the folder that was chosen.
fn refuse_links(chosen: &Path, folder: &Path) -> Result<(), StoreError> {
    let inside = folder.ancestors().take_while(|path| *path != chosen);
    let mut links = inside.filter(|path| path.is_symlink());
    links.next().map_or(Ok(()), |link| {
        Err(StoreError::storage(format!("{} is a link", link.display())))
    })
}

/// The ledger is well: it's the other folder that refused.
fn why(error: StoreError) -> String {
    if let LedgerError::Storage(why) = error.0 {
        return why;
    }
    error.to_string()
}

/// Not one of the runtime's threads: those that end the program wait for theirs.
async fn on_its_own_thread(
    turn: OwnedSemaphorePermit,
    work: impl FnOnce() -> Result<(), StoreError> + Send + 'static,
) -> Result<(), StoreError> {
    let (reply, answer) = oneshot::channel();
    let copying = thread::Builder::new().name("second copy".to_owned());
    let started = copying.spawn(move || {
        let done = work();
        drop(turn);
        // Nobody may be waiting any more.
        let _ = reply.send(done);
    });
    started.map_err(|error| StoreError::storage(error.to_string()))?;
    answer
        .await
        .unwrap_or_else(|_| Err(StoreError::storage("the copy broke off")))
}
