//! Why a hold could not be read, in words for people.

use crate::gateway::Gateway;
use crate::wording::{contradicts, network, not_done};
use crate::{AppError, ErrorCode};
use holdfast_dojo::Failure;
use holdfast_domain::{Currency, Detail, NotDone, Shown};
use std::sync::atomic::Ordering;

impl Gateway {
    pub(crate) fn unread(&self, failure: Failure) -> AppError {
        match failure {
            Failure::NotSent { obstacle, .. } => {
                self.heard_by(None, false, obstacle);
                let words = obstacle.map_or_else(|| not_done::OFFLINE.to_owned(), network::not_sent);
                AppError::new(ErrorCode::NotSent, words).because(NotDone::Offline)
            }
            Failure::Rejected {
                status: 401 | 403,
                server_date,
                ..
            } => {
                self.heard(server_date, true);
                AppError::new(ErrorCode::Unauthorised, not_done::KEY_NOT_ACCEPTED)
                    .because(NotDone::KeyNotAccepted)
            }
            Failure::Rejected {
                status,
                problem,
                server_date,
            } => {
                self.heard(server_date, true);
                let why = refused(status, problem.words());
                let words = not_done::not_shown(&why);
                AppError::new(ErrorCode::Rejected, words).because(NotDone::NotShown(why))
            }
            Failure::Unknown {
                server_date,
                status,
                obstacle,
                ..
            } => {
                if status.is_some_and(|status| status == 429 || status >= 500) {
                    self.pushed_back.store(true, Ordering::Relaxed);
                }
                let is_dojo = server_date.is_some() && obstacle.is_none();
                self.heard_by(server_date.filter(|_| is_dojo), is_dojo, obstacle);
                let words = obstacle.map_or_else(|| not_done::NO_REPLY.to_owned(), network::not_sent);
                AppError::new(ErrorCode::Unclear, words).because(NotDone::NoReply)
            }
        }
    }
}

/// Why Dojo refused something: its own words where it has any that tell what to do.
pub(crate) fn refused(status: u16, words: String) -> Detail {
    match status {
        // Dojo's own word for it is `Unauthorized`, which tells nobody what to do.
        401 | 403 => Detail::KeyNotAccepted,
        _ if words.is_empty() => Detail::Status(status),
        _ => Detail::Dojo(words),
    }
}

/// An answer that proves nothing.
pub(crate) fn senseless() -> AppError {
    AppError::new(ErrorCode::Unclear, not_done::SENSELESS).because(NotDone::Senseless)
}

/// Dojo keeps to showing less than before, and nobody has said yet whether that counts.
pub(crate) fn undecided(was: Shown, is: Shown, currency: Currency) -> AppError {
    let words = not_done::undecided(&contradicts(was, is, currency));
    AppError::new(ErrorCode::Unclear, words).because(NotDone::Contradicts { was, is, currency })
}
