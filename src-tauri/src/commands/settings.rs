//! Settings and backups.

use super::{Answer, Shell};
use holdfast_desk::{
    Settings,
    view::{Backup, PutBack, Start, Step},
};

pub(super) async fn settings(shell: &Shell) -> Answer<Settings> {
    shell.desk().await?.settings().await
}

pub(super) async fn settings_changes(shell: &Shell) -> Answer<Vec<Step>> {
    shell.desk().await?.settings_changes().await
}

pub(super) async fn save_settings(shell: &Shell, settings: Settings) -> Answer<Settings> {
    shell.desk().await?.save_settings(settings).await
}

pub(super) async fn backups(shell: &Shell) -> Answer<Vec<Backup>> {
    shell.desk().await?.backups().await
}

pub(super) async fn back_up(shell: &Shell) -> Answer<Vec<Backup>> {
    let desk = shell.desk().await?;
    desk.back_up().await?;
    desk.backups().await
}

pub(super) async fn put_back_preview(shell: &Shell, name: String) -> Answer<PutBack> {
    shell.desk().await?.put_back_preview(&name).await
}

pub(super) async fn put_back(shell: &Shell, name: String) -> Answer<Start> {
    shell.till().put_back(&name).await
}
