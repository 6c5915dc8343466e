//! Why Dojo gave no usable answer: of a reading in words for people, of a request as a reason that is kept.

use crate::gateway::Gateway;
use crate::gateway::reachable::is_of_the_key;
use crate::wording::{contradicts, network, not_done};
use crate::{AppError, ErrorCode};
use holdfast_dojo::{Failure, Lost, Obstacle, Unsent};
use holdfast_domain::{Currency, Detail, NoAnswer, NotDone, Shown, tidy_line, without_card_numbers};
use std::sync::atomic::Ordering;

impl Gateway {
    /// Takes note of a reading that failed, and says why it did.
    pub(crate) fn unread(&self, failure: Failure) -> AppError {
        let obstacle = failure.obstacle();
        match &failure {
            Failure::NotSent { why } => self.heard_unsent(*why, obstacle),
            Failure::Rejected {
                status, server_date, ..
            } => self.heard_refusal(*status, *server_date),
            Failure::Unknown {
                server_date, status, ..
            } => {
                if status.is_some_and(|status| status == 429 || status >= 500) {
                    self.pushed_back.store(true, Ordering::Relaxed);
                }
                let is_dojo = server_date.is_some() && obstacle.is_none();
                self.heard_by(server_date.filter(|_| is_dojo), is_dojo, obstacle);
            }
        }
        in_words(failure)
    }
}

/// Why a reading failed.
pub(crate) fn in_words(failure: Failure) -> AppError {
    let obstacle = failure.obstacle();
    match failure {
        Failure::NotSent { .. } => {
            let words = obstacle.map_or_else(|| not_done::OFFLINE.to_owned(), network::not_sent);
            AppError::new(ErrorCode::NotSent, words).because(NotDone::Offline)
        }
        Failure::Rejected { status, .. } if is_of_the_key(status) => {
            AppError::new(ErrorCode::Unauthorised, not_done::KEY_NOT_ACCEPTED)
                .because(NotDone::KeyNotAccepted)
        }
        Failure::Rejected { status, problem, .. } => {
            let why = refused(status, &problem.words());
            let words = not_done::not_shown(&why);
            AppError::new(ErrorCode::Rejected, words).because(NotDone::NotShown(why))
        }
        Failure::Unknown { .. } => {
            let words = obstacle.map_or_else(|| not_done::NO_REPLY.to_owned(), network::not_sent);
            AppError::new(ErrorCode::Unclear, words).because(NotDone::NoReply)
        }
    }
}

/// Why Dojo refused something: its own words where it has any that tell what to do.
pub(crate) fn refused(status: u16, words: &str) -> Detail {
    let words = tidied(words);
    match status {
        // Dojo's own word for it is `Unauthorized`, which tells nobody what to do.
        _ if is_of_the_key(status) => Detail::KeyNotAccepted,
        _ if words.is_empty() => Detail::Status(status),
        _ => Detail::Dojo(words),
    }
}

/// Characters of Dojo's words that are kept: its longest known sentence has a third of that.
const MOST_OF_DOJOS_WORDS: usize = 300;

/// Dojo's words as they may be kept and shown: they may repeat what was sent, and anything may stand in them.
fn tidied(words: &str) -> String {
    let words = without_card_numbers(&tidy_line(words));
    if words.chars().count() <= MOST_OF_DOJOS_WORDS {
        return words;
    }
    let kept: String = words.chars().take(MOST_OF_DOJOS_WORDS).collect();
    format!("{}…", kept.trim_end())
}

/// Why a request wasn't sent, as the ledger keeps it.
pub(crate) const fn unsent(why: Unsent) -> NoAnswer {
    match why {
        Unsent::Unsendable => NoAnswer::Unsendable,
        Unsent::Refused => NoAnswer::ConnectionRefused,
        Unsent::TooLate => NoAnswer::PermitOver,
        Unsent::NotInTime => NoAnswer::NotConnectedInTime,
        Unsent::Unreachable => NoAnswer::Unreachable,
        Unsent::Barred(Obstacle::Inspected) => NoAnswer::CertificateUntrusted,
        Unsent::Barred(Obstacle::Expired) => NoAnswer::CertificateExpired,
        Unsent::Barred(Obstacle::NotYetValid) => NoAnswer::CertificateNotYetValid,
        Unsent::Barred(Obstacle::ClockWrong) => NoAnswer::ClockWrong,
        Unsent::Barred(Obstacle::OtherServer) => NoAnswer::OtherServer,
        Unsent::Barred(Obstacle::OldTls) => NoAnswer::OldTls,
        Unsent::Barred(Obstacle::Page) => NoAnswer::WebPage,
        Unsent::Barred(Obstacle::ProxyPassword) => NoAnswer::ProxyPassword,
    }
}

/// Why an answer proves nothing, as the ledger keeps it.
pub(crate) const fn lost(why: Lost) -> NoAnswer {
    match why {
        Lost::NotInTime => NoAnswer::NotInTime,
        Lost::Broken => NoAnswer::Broken,
        Lost::TooLong => NoAnswer::TooLong,
        Lost::Unreadable => NoAnswer::Unreadable,
        Lost::Page => NoAnswer::WebPage,
        Lost::NotDojos(status) => NoAnswer::NotDojos(status),
        Lost::Conflict => NoAnswer::Conflict,
        Lost::Redirected(status) => NoAnswer::Redirected(status),
        Lost::Status(status) => NoAnswer::Status(status),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_dojo_says_is_one_line_without_orders_to_a_terminal_or_cards_and_has_an_end() {
        for (said, kept) in [
            ("Amount too large", Detail::Dojo("Amount too large".to_owned())),
            (
                "Amount\u{1b}[2J\r\n too \u{202e}large",
                Detail::Dojo("Amount [2J too large".to_owned()),
            ),
            (
                "Card 4111 1111 1111 1111 bad",
                Detail::Dojo("Card … bad".to_owned()),
            ),
            ("\u{202e}\n", Detail::Status(400)),
        ] {
            assert_eq!(refused(400, said), kept);
        }
        let cut = format!("{}…", "é".repeat(MOST_OF_DOJOS_WORDS));
        assert_eq!(refused(400, &"é".repeat(5_000)), Detail::Dojo(cut));
    }
}
