//! Night reports, papers, business days, exports.

use super::{Answer, Shell};
use crate::{downloads, printing, wording};
use chrono::NaiveDate;
use holdfast_desk::{AppError, DaysView, ErrorCode, ExportKind, JournalCheck, PageSize, Paper, PaperKind};
use holdfast_desk::{Printout, ReportRow, ReportView, view::Written};
use holdfast_domain::{Currency, HoldId};
use std::path::PathBuf;
use tauri::Manager;

pub(super) async fn make_report(shell: &Shell) -> Answer<ReportView> {
    shell.desk().await?.make_report().await
}

pub(super) async fn report(shell: &Shell, number: i64) -> Answer<ReportView> {
    shell.desk().await?.report(number).await
}

pub(super) async fn reports(shell: &Shell, before: Option<i64>) -> Answer<Vec<ReportRow>> {
    shell.desk().await?.reports(before).await
}

pub(super) async fn compare_journal(shell: &Shell) -> Answer<JournalCheck> {
    shell.desk().await?.compare_journal().await
}

pub(super) async fn compare_printed(shell: &Shell, printed: String) -> Answer<JournalCheck> {
    shell.desk().await?.compare_printed(&printed).await
}

pub(super) async fn paper(shell: &Shell, kind: PaperKind, hold_id: HoldId) -> Answer<Paper> {
    shell.desk().await?.paper(kind, hold_id).await
}

pub(super) async fn test_paper(shell: &Shell) -> Answer<Paper> {
    shell.desk().await?.test_paper().await
}

pub(super) async fn print_paper(shell: &Shell, on: PageSize) -> Answer<()> {
    printing::ask(&shell.app, on.page()).map_err(|error| not_printed(&error))
}

pub(super) async fn save_paper(shell: &Shell, of: Printout, on: PageSize) -> Answer<Written> {
    let name = shell.desk().await?.printout_file(of).await?;
    let path = downloads::new_file(downloads_folder(shell), &name).await?;
    if let Err(error) = printing::to_pdf(&shell.app, on.page(), &path).await {
        downloads::give_up(&path);
        return Err(not_printed(&error));
    }
    Ok(downloads::written(wording::saved_to(&path), &path))
}

fn not_printed(error: &anyhow::Error) -> AppError {
    tracing::warn!(error = format!("{error:#}"), "a paper was not printed");
    AppError::new(ErrorCode::Internal, wording::not_printed(error))
}

fn downloads_folder(shell: &Shell) -> PathBuf {
    let folder = shell.app.path().download_dir();
    folder.unwrap_or_else(|_| shell.till().exports())
}

pub(super) async fn days(
    shell: &Shell,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    currency: Option<Currency>,
) -> Answer<DaysView> {
    shell.desk().await?.days(from, to, currency).await
}

pub(super) async fn export(
    shell: &Shell,
    kind: ExportKind,
    from: NaiveDate,
    to: NaiveDate,
) -> Answer<Written> {
    let export = shell.desk().await?.export(kind, from, to).await?;
    downloads::write(downloads_folder(shell), export).await
}
