//! The program itself: modes, keys, leaving, support, and training’s own commands.

use super::{Answer, Shell};
use crate::{guided_night, updates, wording};
use chrono::{DateTime, Utc};
use holdfast_desk::{
    AppError, ErrorCode, GuidedNight, Mode, Passed, SetupStep,
    view::{Autostart, Connection, ImportedView, Start, UpdateNotice},
};
use holdfast_process::{CappedLog, scrubbed};
use tauri::Manager;

pub(super) async fn start(shell: &Shell) -> Answer<Start> {
    Ok(shell.till().start().await)
}

pub(super) async fn set_up(shell: &Shell, step: SetupStep, left: Option<Passed>) -> Answer<Start> {
    shell.till().set_up(step, left).await
}

pub(super) async fn choose_training(shell: &Shell) -> Answer<Start> {
    shell.till().choose(Mode::Training).await
}

pub(super) async fn use_mode(shell: &Shell, mode: Mode) -> Answer<Start> {
    shell.till().choose(mode).await
}

pub(super) async fn enter_key(shell: &Shell, key: String, confirm: Option<String>) -> Answer<Start> {
    shell.till().enter_key(&key, confirm.as_deref()).await
}

pub(super) async fn forget_key(shell: &Shell, mode: Mode, confirm: Option<String>) -> Answer<Start> {
    shell.till().forget_key(mode, confirm.as_deref()).await
}

pub(super) async fn join_ledger(shell: &Shell, mode: Mode, code: String) -> Answer<Start> {
    shell.till().join_ledger(mode, &code).await
}

pub(super) async fn leave_ledger(shell: &Shell, mode: Mode, confirm: Option<String>) -> Answer<Start> {
    shell.till().leave_ledger(mode, confirm.as_deref()).await
}

pub(super) async fn what_leaving_means(shell: &Shell) -> Answer<Option<String>> {
    shell.till().leaving().await
}

pub(super) async fn leave_mode(shell: &Shell) -> Answer<Start> {
    shell.till().leave().await
}

pub(super) async fn test_connection(shell: &Shell) -> Answer<Connection> {
    Ok(shell.desk().await?.test_connection().await)
}

pub(super) async fn floor_painted(shell: &Shell) -> Answer<()> {
    shell.till().floor_painted();
    Ok(())
}

pub(super) async fn stay(shell: &Shell) -> Answer<()> {
    shell.question().end();
    Ok(())
}

pub(super) async fn quit(shell: &Shell) -> Answer<()> {
    shell.app.exit(0);
    Ok(())
}

pub(super) async fn autostart(_: &Shell) -> Answer<Autostart> {
    Ok(crate::autostart::view())
}

pub(super) async fn set_autostart(shell: &Shell, on: bool) -> Answer<Autostart> {
    crate::autostart::set(shell.till().root(), on)?;
    Ok(crate::autostart::view())
}

pub(super) async fn update_notice(shell: &Shell) -> Answer<UpdateNotice> {
    updates::notice(&shell.till(), &shell.app.state()).await
}

pub(super) async fn set_update_notice(shell: &Shell, on: bool) -> Answer<UpdateNotice> {
    updates::set(shell.till().root(), &shell.app.state(), on)?;
    update_notice(shell).await
}

pub(super) async fn support(shell: &Shell) -> Answer<String> {
    let log = CappedLog::tail(&shell.till().root().join("log"), 300);
    shell.desk().await?.support(&about_this_pc(), &log).await
}

pub(super) async fn save_support(shell: &Shell, text: String) -> Answer<String> {
    shell
        .desk()
        .await?
        .save_support(shell.till().root(), &scrubbed(&text))
        .await
}

pub(super) async fn third_party(shell: &Shell) -> Answer<Option<String>> {
    Ok(crate::third_party::notices(&shell.app))
}

fn about_this_pc() -> String {
    wording::this_pc(
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH,
        tauri::VERSION,
    )
}

pub(super) async fn import_open(shell: &Shell) -> Answer<ImportedView> {
    shell.desk().await?.import_open().await
}

pub(super) async fn training_pay(shell: &Shell, intent_id: String, card: String) -> Answer<()> {
    let simulator = shell.till().simulator().await?;
    let paid = simulator.pay(&intent_id, &card).await;
    paid.map_err(|error| AppError::new(ErrorCode::NotAllowed, wording::not_paid(&error)))
}

pub(super) async fn training_clock(shell: &Shell, advance: String) -> Answer<DateTime<Utc>> {
    let now = shell.till().simulator().await?.wind_on(&advance).await;
    let now = now.map_err(|error| AppError::new(ErrorCode::NotAllowed, wording::clock_stays(&error)))?;
    shell.desk().await?.sweep().await?;
    Ok(now)
}

pub(super) async fn training_busy_night(shell: &Shell) -> Answer<String> {
    let (desk, simulator) = shell.till().training().await?;
    let till = shell.till();
    let practised = guided_night::now(&till, &desk).await?;
    let filled = crate::busy_night::fill(&desk, &simulator).await;
    guided_night::go_on(&till, &desk, practised);
    let tabs = filled.map_err(|error| {
        tracing::warn!(
            error = format!("{error:#}"),
            "the busy night could not be invented"
        );
        AppError::new(ErrorCode::Internal, wording::not_invented(&error))
    })?;
    Ok(wording::invented(tabs))
}

pub(super) async fn guided_night(shell: &Shell) -> Answer<Option<GuidedNight>> {
    let till = shell.till();
    let (desk, _) = till.training().await?;
    guided_night::now(&till, &desk).await
}

pub(super) async fn start_guided_night(shell: &Shell) -> Answer<GuidedNight> {
    let till = shell.till();
    let (desk, _) = till.training().await?;
    guided_night::start(&till, &desk).await
}

pub(super) async fn end_guided_night(shell: &Shell) -> Answer<()> {
    let till = shell.till();
    till.training().await?;
    guided_night::end(&till)
}
