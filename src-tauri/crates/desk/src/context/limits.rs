//! How long what staff type may be, in characters, wherever it's typed.

/// The name of a guest, of a venue, or of a person who works there; what a line of a bill was.
pub(crate) const MOST_NAME_CHARACTERS: usize = 80;

/// A room or table.
pub(crate) const MOST_PLACE_CHARACTERS: usize = 40;

/// A tab's note.
pub(crate) const MOST_NOTE_CHARACTERS: usize = 500;

/// An e-mail address: what a mail server takes (RFC 5321).
pub(crate) const MOST_EMAIL_CHARACTERS: usize = 254;

/// Why something was done. A longer reason belongs in a letter.
pub(crate) const MOST_REASON_CHARACTERS: usize = 200;

/// A reason that stands on a button.
pub(crate) const MOST_BUTTON_CHARACTERS: usize = 60;

/// A venue's address above a paper: there's room for four lines or so.
pub(crate) const MOST_ADDRESS_CHARACTERS: usize = 200;

/// What a card statement calls the venue: more than a bank prints, with some room.
pub(crate) const MOST_STATEMENT_CHARACTERS: usize = 40;
