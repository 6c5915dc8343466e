//! What a supporter needs to know, and nothing of guests, cards or keys. Its user reads it first.

use crate::{AppError, Desk, ErrorCode};
use std::path::Path;

impl Desk {
    /// Versions, settings without names, counts and the newest lines of the log.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn support(&self, program: &str, log: &str) -> Result<String, AppError> {
        let counts = self.context.ledger.counts().await?;
        let settings = self.context.settings().await?;
        let backups = self.context.ledger.backups().await?;
        let mut text = String::new();
        let mut line = |name: &str, value: String| text.push_str(&format!("{name}: {value}\n"));
        line("Program", program.to_owned());
        line("Dojo’s interface", holdfast_dojo::VERSION.to_owned());
        line("Written", self.context.now().to_rfc3339());
        let trouble = self.context.clock_trouble();
        line(
            "Clock",
            trouble.map_or("agrees".to_owned(), crate::wording::clock),
        );
        line("Dojo can be reached", self.gateway.is_online().to_string());
        line("Ledger’s format", counts.format.to_string());
        for (what, count) in &counts.rows {
            line(what, count.to_string());
        }
        line("Backups", backups.len().to_string());
        let newest = backups.first().map(|backup| backup.taken_at.to_rfc3339());
        line("Newest backup", newest.unwrap_or_else(|| "none".to_owned()));
        line(
            "Settings",
            format!(
                "{:?}, at the deadline {:?}, safe {} h before, warned at {:?} h",
                settings.currency, settings.deadline_action, settings.safe_hours, settings.warning_hours
            ),
        );
        text.push_str(&format!("\nThe log’s newest lines\n\n{log}\n"));
        Ok(text)
    }

    /// Saves what was read as it was read, under `root`; the answer is where.
    ///
    /// # Errors
    /// [`ErrorCode::Ledger`] when the folder can't be written.
    pub async fn save_support(&self, root: &Path, text: &str) -> Result<String, AppError> {
        let folder = root.join("support");
        let name = format!(
            "holdfast-support-{}.txt",
            self.context.now().format("%Y-%m-%dT%H-%M-%S")
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
                format!("{shown} can’t be written: {error}."),
            )),
            Err(error) => Err(AppError::new(ErrorCode::Internal, error.to_string())),
        }
    }
}
