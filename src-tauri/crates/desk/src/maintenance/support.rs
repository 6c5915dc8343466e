//! What a supporter needs to know, and nothing of guests, cards or keys. Its user reads it first.

use crate::context::Context;
use crate::gateway::Gateway;
use crate::wording::{self, support as words};
use crate::{AppError, ErrorCode};
use std::path::Path;

/// Versions, settings without names, counts and the newest lines of the log.
pub(crate) async fn text(
    context: &Context,
    gateway: &Gateway,
    program: &str,
    log: &str,
) -> Result<String, AppError> {
    let counts = context.ledger.counts().await?;
    let settings = context.settings().await?;
    let backups = context.ledger.backups().await?;
    let mut text = String::new();
    let mut line = |name: &str, value: String| text.push_str(&format!("{name}: {value}\n"));
    line(words::PROGRAM, program.to_owned());
    line(words::INTERFACE, holdfast_dojo::VERSION.to_owned());
    line(words::WRITTEN, context.now().to_rfc3339());
    let trouble = context.clock_trouble();
    line(
        words::CLOCK,
        trouble.map_or(words::CLOCK_AGREES.to_owned(), wording::clock),
    );
    line(words::REACHED, gateway.is_online().to_string());
    line(words::FORMAT, counts.format.to_string());
    for (what, count) in &counts.rows {
        line(what, count.to_string());
    }
    line(words::BACKUPS, backups.len().to_string());
    let newest = backups.first().map(|backup| backup.taken_at.to_rfc3339());
    line(
        words::NEWEST_BACKUP,
        newest.unwrap_or_else(|| words::NO_BACKUP.to_owned()),
    );
    let (currency, action) = (
        format!("{:?}", settings.currency),
        format!("{:?}", settings.deadline_action),
    );
    line(
        words::SETTINGS,
        words::settings(&currency, &action, settings.safe_hours, &settings.warning_hours),
    );
    text.push_str(&words::newest_lines(log));
    Ok(text)
}

/// Saves what was read as it was read, under `root`; the answer is where.
pub(crate) async fn save(context: &Context, root: &Path, text: &str) -> Result<String, AppError> {
    let folder = root.join("support");
    let name = format!(
        "holdfast-support-{}.txt",
        context.now().format("%Y-%m-%dT%H-%M-%S")
    );
    let (path, text) = (folder.join(name), text.to_owned());
    let shown = path.display().to_string();
    let written = tokio::task::spawn_blocking(move || {
        std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&path, text))
    });
    match written.await {
        Ok(Ok(())) => Ok(shown),
        Ok(Err(error)) => Err(AppError::new(
            ErrorCode::Ledger,
            words::not_written(&shown, error),
        )),
        Err(error) => Err(AppError::new(ErrorCode::Internal, error.to_string())),
    }
}
