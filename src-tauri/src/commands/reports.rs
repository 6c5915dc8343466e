//! Night reports, papers, business days, exports.

use super::{Answer, Shell};
use crate::downloads;
use chrono::NaiveDate;
use holdfast_desk::{DaysView, ExportKind, Paper, PaperKind, ReportRow, ReportView};
use holdfast_domain::{Currency, HoldId};
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

pub(super) async fn paper(shell: &Shell, kind: PaperKind, hold_id: HoldId) -> Answer<Paper> {
    shell.desk().await?.paper(kind, hold_id).await
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
) -> Answer<String> {
    let export = shell.desk().await?.export(kind, from, to).await?;
    let folder = shell
        .app
        .path()
        .download_dir()
        .unwrap_or_else(|_| shell.till().exports());
    downloads::write(folder, export).await
}
