//! Why a hold could not be read, in words for people.

use crate::gateway::Gateway;
use crate::{AppError, ErrorCode};
use holdfast_dojo::Failure;
use std::sync::atomic::Ordering;

impl Gateway {
    pub(crate) fn unread(&self, failure: Failure) -> AppError {
        match failure {
            Failure::NotSent { .. } => {
                self.heard(None, false);
                AppError::new(
                    ErrorCode::NotSent,
                    "Dojo is offline. Nothing was sent. Check the network and try again.",
                )
            }
            Failure::Rejected {
                status: 401 | 403,
                server_date,
                ..
            } => {
                self.heard(server_date, true);
                AppError::new(
                    ErrorCode::Unauthorised,
                    "Dojo rejected the key. Nothing was sent. Check the key in Settings.",
                )
            }
            Failure::Rejected {
                problem, server_date, ..
            } => {
                self.heard(server_date, true);
                AppError::new(
                    ErrorCode::Rejected,
                    format!("Dojo refused to be read: {}", problem.words()),
                )
            }
            Failure::Unknown {
                server_date, status, ..
            } => {
                if status.is_some_and(|status| status == 429 || status >= 500) {
                    self.pushed_back.store(true, Ordering::Relaxed);
                }
                self.heard(server_date, server_date.is_some());
                AppError::new(
                    ErrorCode::Unclear,
                    "We can’t read Dojo’s reply just now. Nothing was sent. Try again in a minute.",
                )
            }
        }
    }
}

/// An answer that proves nothing.
pub(crate) fn senseless() -> AppError {
    AppError::new(
        ErrorCode::Unclear,
        "Dojo’s reply makes no sense. Nothing was changed here.",
    )
}

/// Dojo keeps to showing less than before, and nobody has said yet whether that counts.
pub(crate) fn undecided(words: &str) -> AppError {
    let next = "Nothing was sent. Say on the tab whether to use what Dojo shows.";
    AppError::new(ErrorCode::Unclear, format!("{words}. {next}"))
}
