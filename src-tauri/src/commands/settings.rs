//! Settings and backups.

use super::{Answer, Shell};
use crate::pick_folder::{self, Picked, Wanted};
use crate::wording;
use holdfast_desk::{
    AppError, ErrorCode, Field, RecoveryPhrase, Settings,
    view::{BackupView, Disk, HistoryEntry, RestorePreview, Start},
};
use holdfast_ledger::LedgerError;
use holdfast_ledger_sqlite::{LedgerHome, NotBroughtBack};
use holdfast_process::DiskEncryption;
use holdfast_sealed_copy::{NotOpened, Phrase};

pub(super) async fn settings(shell: &Shell) -> Answer<Settings> {
    shell.desk().await?.settings().await
}

pub(super) async fn settings_changes(shell: &Shell) -> Answer<Vec<HistoryEntry>> {
    shell.desk().await?.settings_changes().await
}

pub(super) async fn save_settings(shell: &Shell, settings: Settings) -> Answer<Settings> {
    shell.desk().await?.save_settings(settings).await
}

pub(super) async fn choose_backup_folder(shell: &Shell) -> Answer<Settings> {
    let desk = shell.desk().await?;
    match pick_folder::ask(&shell.app, Wanted::Folder)
        .await
        .map_err(internal)?
    {
        Picked::Path(folder) => desk.set_backup_folder(Some(&folder)).await,
        Picked::Nothing => desk.settings().await,
    }
}

pub(super) async fn drop_backup_folder(shell: &Shell) -> Answer<Settings> {
    shell.desk().await?.set_backup_folder(None).await
}

pub(super) async fn draw_recovery_phrase(shell: &Shell) -> Answer<RecoveryPhrase> {
    shell.desk().await?.draw_recovery_phrase()
}

pub(super) async fn confirm_recovery_phrase(shell: &Shell, words: Vec<String>) -> Answer<Settings> {
    shell.desk().await?.confirm_recovery_phrase(&words).await
}

pub(super) async fn open_copy(shell: &Shell, phrase: String) -> Answer<Vec<BackupView>> {
    shell.till().refuse_if_shared().await?;
    let phrase = Phrase::read(&phrase)
        .map_err(|problem| AppError::field(Field::Phrase, wording::no_phrase(problem)))?;
    let (mode, desk) = shell.till().open_desk().await?;
    let picked = pick_folder::ask(&shell.app, Wanted::Copy).await;
    if let Picked::Path(copy) = picked.map_err(internal)? {
        let home = LedgerHome::at(mode.folder(shell.till().root()));
        home.bring_back(copy, phrase).await.map_err(not_opened)?;
    }
    desk.backups().await
}

fn not_opened(error: NotBroughtBack) -> AppError {
    match error {
        NotBroughtBack::NotOpened(NotOpened::WrongPhrase) => {
            AppError::field(Field::Phrase, wording::WRONG_PHRASE)
        }
        NotBroughtBack::NotOpened(NotOpened::Damaged) | NotBroughtBack::Ledger(LedgerError::Damaged(_)) => {
            AppError::new(ErrorCode::NotAllowed, wording::COPY_DAMAGED)
        }
        NotBroughtBack::NotOpened(NotOpened::Io(error)) => {
            AppError::new(ErrorCode::NotAllowed, wording::copy_not_read(&error))
        }
        NotBroughtBack::Ledger(error) => error.into(),
    }
}

fn internal(error: tauri::Error) -> AppError {
    AppError::new(ErrorCode::Internal, wording::something_wrong(&error))
}

pub(super) async fn disk_encryption(shell: &Shell) -> Answer<Disk> {
    let root = shell.till().root().to_owned();
    // A slow disk may take its time.
    let looked = tokio::task::spawn_blocking(move || holdfast_process::disk_encryption(&root)).await;
    let found = looked.unwrap_or(DiskEncryption::Unknown);
    Ok(Disk {
        is_encrypted: match found {
            DiskEncryption::On => Some(true),
            DiskEncryption::Off => Some(false),
            DiskEncryption::Unknown => None,
        },
        words: wording::disk(found).to_owned(),
    })
}

pub(super) async fn backups(shell: &Shell) -> Answer<Vec<BackupView>> {
    shell.desk().await?.backups().await
}

pub(super) async fn back_up(shell: &Shell) -> Answer<Vec<BackupView>> {
    shell.till().refuse_if_shared().await?;
    let desk = shell.desk().await?;
    desk.back_up().await?;
    desk.backups().await
}

pub(super) async fn preview_restore(shell: &Shell, name: String) -> Answer<RestorePreview> {
    shell.desk().await?.preview_restore(&name).await
}

pub(super) async fn restore_backup(shell: &Shell, name: String) -> Answer<Start> {
    shell.till().restore_backup(&name).await
}
