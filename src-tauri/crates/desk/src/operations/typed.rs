//! What any text has to be that is typed, whatever form it is on.

use crate::context::limits::MOST_EMAIL_CHARACTERS;
use crate::context::reasons::Mistyped;
use holdfast_domain::has_card_number;

/// What is wrong with a text that may be anything, of at most `most` characters.
pub(crate) fn mistyped(text: Option<&str>, most: usize) -> Option<Mistyped> {
    let text = text.unwrap_or_default();
    if text.chars().count() > most {
        return Some(Mistyped::TooLong(most));
    }
    has_card_number(text).then_some(Mistyped::CardNumber)
}

/// Whether a text may be an e-mail address: one `@`, and a host with a dot in it.
pub(crate) fn looks_like_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.')
    }) && !text.chars().any(char::is_whitespace)
        && text.chars().count() <= MOST_EMAIL_CHARACTERS
}
