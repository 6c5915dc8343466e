//! Leaving the ledger that several tills share: what that means, and what a person types who wants it.

use crate::wording::elsewhere as words;
use crate::{AppError, ErrorCode, Field};

/// A till that may go back to a ledger of its own, as far as anything is known of what it leaves behind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeavingLedger {
    /// What people call the till; none where nobody can read it any more.
    pub till: Option<String>,
    /// What the venue is called; none where it has no name, or nobody can read it.
    pub venue: Option<String>,
    /// How many tabs are open there, as it was known last.
    pub open: Option<usize>,
    /// The server answers.
    pub is_here: bool,
}

impl LeavingLedger {
    /// What a person types: the venue's name, the till's where that isn't known, or a word.
    pub fn phrase(&self) -> &str {
        let names = [self.venue.as_deref(), self.till.as_deref()];
        let mut known = names.into_iter().flatten().map(str::trim);
        known.find(|name| !name.is_empty()).unwrap_or(words::LEAVE)
    }

    /// What it means, and what to type.
    pub fn means(&self) -> String {
        words::leaving(self.till.as_deref(), self.open, self.is_here, self.phrase())
    }

    /// Whether a person who read what it means said so in words.
    ///
    /// # Errors
    /// [`ErrorCode::Unconfirmed`] until then; for the field `confirm` where something else was typed.
    pub fn agreed(&self, typed: Option<&str>) -> Result<(), AppError> {
        let typed = typed.unwrap_or_default().trim();
        if typed.to_lowercase() == self.phrase().to_lowercase() {
            return Ok(());
        }
        let error = if typed.is_empty() {
            AppError::new(ErrorCode::Unconfirmed, "")
        } else {
            AppError::field(Field::Confirm, words::leaving_not_confirmed(self.phrase()))
        };
        Err(AppError {
            code: ErrorCode::Unconfirmed,
            message: self.means(),
            ..error
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar() -> LeavingLedger {
        LeavingLedger {
            till: Some("Bar 2".to_owned()),
            venue: Some("The Bell".to_owned()),
            open: Some(3),
            is_here: true,
        }
    }

    #[test]
    fn it_is_confirmed_by_the_venues_name_and_by_nothing_else() {
        assert_eq!(bar().agreed(Some(" the bell ")), Ok(()));
        let asked = bar().agreed(None).unwrap_err();
        assert_eq!((asked.code, asked.fields.len()), (ErrorCode::Unconfirmed, 0));
        assert!(asked.message.contains("The 3 open tabs stay"), "{asked:?}");
        let other = bar().agreed(Some("Bar 2")).unwrap_err();
        assert_eq!(other.fields[0].field, Field::Confirm);
        assert_eq!(other.message, asked.message, "what it means stays to be read");
    }

    #[test]
    fn what_nobody_can_read_any_more_keeps_nobody_from_leaving() {
        let nameless = LeavingLedger {
            venue: Some("  ".to_owned()),
            ..bar()
        };
        assert_eq!(nameless.agreed(Some("Bar 2")), Ok(()));
        let lost = LeavingLedger::default();
        assert_eq!(lost.agreed(Some("leave")), Ok(()));
        assert!(
            lost.means().contains("holdfast-cli ledger export"),
            "{}",
            lost.means()
        );
    }
}
