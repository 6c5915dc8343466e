//! Notes for the journal.

use crate::Desk;
use holdfast_domain::{Hold, Operation, TabId};
use holdfast_ledger::Note;

impl Desk {
    /// A journal note of now.
    pub(crate) fn note(&self, by: &str, tab: Option<TabId>, words: impl Into<String>) -> Note {
        Note {
            at: self.now(),
            by: by.to_owned(),
            tab,
            words: words.into(),
            amount: None,
            reference: None,
            raises: None,
        }
    }

    /// A journal note about an operation, with its amount and Dojo's reference.
    pub(crate) fn operation_note(&self, hold: &Hold, operation: &Operation, words: String) -> Note {
        let total = operation.amount.saturating_add(operation.tip);
        Note {
            amount: (total > 0).then_some(total),
            reference: operation.dojo_id.clone().or_else(|| hold.intent_id.clone()),
            ..self.note(&operation.requested_by, Some(hold.tab), words)
        }
    }
}
