//! What a supporter needs to know, and nothing of guests, cards or keys. Its user reads it first.

use crate::context::Context;
use crate::gateway::Gateway;
use crate::wording::{self, support as words};
use crate::{AppError, ErrorCode};
use std::io::Write;
use std::path::Path;

/// How such a file is called; the moment follows, so that names sort by it.
const FILE: &str = "holdfast-support-";

/// How many are kept.
const MOST_FILES: usize = 10;

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
    let name = format!("{FILE}{}.txt", context.now().format("%Y-%m-%dT%H-%M-%S-%3f"));
    let (path, text) = (folder.join(name), text.to_owned());
    let shown = path.display().to_string();
    let written = tokio::task::spawn_blocking(move || {
        std::fs::create_dir_all(&folder)?;
        // Never over another file, nor through a link to one.
        std::fs::File::create_new(&path)?.write_all(text.as_bytes())?;
        leave_newest(&folder)
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

/// Takes the oldest away.
fn leave_newest(folder: &Path) -> std::io::Result<()> {
    let names = std::fs::read_dir(folder)?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut ours: Vec<String> = names.filter(|name| name.starts_with(FILE)).collect();
    ours.sort_unstable_by(|one, other| other.cmp(one));
    ours.iter()
        .skip(MOST_FILES)
        .try_for_each(|old| std::fs::remove_file(folder.join(old)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ten_newest_files_are_kept_and_nothing_else_is_touched() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str| std::fs::write(folder.path().join(name), "").expect("a file");
        write("a person's own.txt");
        for number in 10..25 {
            write(&format!("{FILE}2026-11-{number}.txt"));
        }
        leave_newest(folder.path()).expect("the folder");
        let names = std::fs::read_dir(folder.path()).expect("the folder");
        let mut names: Vec<_> = names.flatten().map(|entry| entry.file_name()).collect();
        names.sort_unstable();
        assert_eq!(names.len(), 11);
        assert_eq!(
            names.first().and_then(|name| name.to_str()),
            Some("a person's own.txt")
        );
        assert_eq!(
            names.get(1).and_then(|name| name.to_str()),
            Some("holdfast-support-2026-11-15.txt")
        );
    }
}
