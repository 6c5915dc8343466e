//! Settings and backups.

use super::{Answer, Shell};
use crate::pick_folder::{self, Picked};
use crate::wording;
use holdfast_desk::{
    AppError, ErrorCode, Settings,
    view::{BackupView, HistoryEntry, RestorePreview, Start},
};

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
    let picked = pick_folder::ask(&shell.app).await;
    match picked.map_err(|error| AppError::new(ErrorCode::Internal, wording::something_wrong(&error)))? {
        Picked::Folder(folder) => desk.set_backup_folder(Some(&folder)).await,
        Picked::Nothing => desk.settings().await,
    }
}

pub(super) async fn drop_backup_folder(shell: &Shell) -> Answer<Settings> {
    shell.desk().await?.set_backup_folder(None).await
}

pub(super) async fn backups(shell: &Shell) -> Answer<Vec<BackupView>> {
    shell.desk().await?.backups().await
}

pub(super) async fn back_up(shell: &Shell) -> Answer<Vec<BackupView>> {
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
