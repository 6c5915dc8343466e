//! Notes for the journal.

use crate::context::Context;
use holdfast_domain::{Actor, Deed, Event, Hold, Operation, Personal, TabId};
use holdfast_ledger::Note;

impl Context {
    /// A journal note of now.
    pub(crate) fn note(&self, by: Actor, tab: Option<TabId>, event: Event) -> Note {
        Note {
            at: self.now(),
            by,
            tab,
            event,
            personal: Personal::default(),
            reference: None,
            raises: None,
        }
    }

    /// The note of a decision, before it is sent.
    pub(crate) fn decided_note(&self, hold: &Hold, operation: &Operation) -> Note {
        let personal = Personal {
            reason: operation.reason.clone(),
            ..Personal::default()
        };
        Note {
            personal,
            ..self.operation_note(hold, operation, Event::Decided(Deed::of(operation, hold)))
        }
    }

    /// The note of how a decision moved on.
    pub(crate) fn moved_on_note(&self, hold: &Hold, operation: &Operation) -> Note {
        let event = Event::Moved {
            deed: Deed::of(operation, hold),
            state: operation.state,
            detail: operation.detail.clone(),
            is_late: operation.is_late,
        };
        self.operation_note(hold, operation, event)
    }

    /// With Dojo's reference.
    fn operation_note(&self, hold: &Hold, operation: &Operation, event: Event) -> Note {
        Note {
            reference: operation.dojo_id.clone().or_else(|| hold.intent_id.clone()),
            ..self.note(operation.requested_by.clone(), Some(hold.tab), event)
        }
    }
}
