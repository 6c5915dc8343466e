//! Both halves of a move: what one bill loses and the other gains, and how the history of each says it.

use super::MoveFigures;
use crate::context::Context;
use crate::wording;
use holdfast_domain::{Actor, Event, Line, LineId, Moved, OperationId, Personal, Tab, TabId};
use holdfast_ledger::Note;

/// A tab that takes part in a move.
#[derive(Debug, Clone)]
pub(super) struct Side {
    pub(super) tab: TabId,
    pub(super) title: String,
    /// What its lines add up to before, in minor units.
    pub(super) lines: i64,
}

/// What is written for a move.
pub(super) struct Halves<'a> {
    pub(super) context: &'a Context,
    pub(super) decision: OperationId,
    pub(super) by: Actor,
    pub(super) from: Side,
    pub(super) onto: Side,
}

impl Halves<'_> {
    /// The lines of both bills: each that goes is taken off the one and added to the other.
    pub(super) fn lines(&self, figures: &MoveFigures) -> Vec<Line> {
        let share = Line {
            id: LineId(self.decision.0),
            tab: self.from.tab,
            what: Some(wording::moves::SHARE.to_owned()),
            quantity: 1,
            each: figures.amount.minor,
            takes_off: None,
            moved: None,
            at: self.context.now(),
            by: self.by.clone(),
        };
        if figures.is_share() {
            return self.both(&share, None).into();
        }
        figures
            .lines
            .iter()
            .flat_map(|line| self.both(line, Some(line.id)))
            .collect()
    }

    fn both(&self, line: &Line, takes_off: Option<LineId>) -> [Line; 2] {
        let half = |tab: &Side, other: &Side, each, takes_off, is_here| Line {
            id: LineId(self.context.clock.uuid()),
            tab: tab.tab,
            each,
            takes_off,
            moved: Some(Moved {
                decision: self.decision,
                other: other.tab,
                is_here,
                title: Some(other.title.clone()),
            }),
            at: self.context.now(),
            by: self.by.clone(),
            ..line.clone()
        };
        [
            half(
                &self.from,
                &self.onto,
                line.each.saturating_neg(),
                takes_off,
                false,
            ),
            half(&self.onto, &self.from, line.each, None, true),
        ]
    }

    /// What both histories say, and that a tab was opened or closed with it.
    pub(super) fn notes(&self, figures: &MoveFigures, opened: Option<&Tab>, closes: bool) -> Vec<Note> {
        let (amount, count) = (figures.amount.minor, figures.lines.len());
        let lines = u32::try_from(count).unwrap_or(u32::MAX);
        let mut notes = Vec::new();
        if let Some(tab) = opened {
            let note = self.note(tab.id, Event::TabOpened);
            let personal = Personal::name(tab.name.clone());
            notes.push(Note { personal, ..note });
        }
        let left = Event::MovedAway {
            amount: amount.saturating_neg(),
            bill: self.from.lines.saturating_sub(amount),
            lines,
            other: self.onto.tab,
        };
        let came = Event::MovedHere {
            amount,
            bill: self.onto.lines.saturating_add(amount),
            lines,
            other: self.from.tab,
        };
        for (side, other, event) in [(&self.from, &self.onto, left), (&self.onto, &self.from, came)] {
            let note = self.note(side.tab, event);
            let personal = Personal::name(other.title.clone());
            notes.push(Note { personal, ..note });
        }
        if closes {
            notes.push(self.note(self.from.tab, Event::TabClosed));
        }
        notes
    }

    fn note(&self, tab: TabId, event: Event) -> Note {
        self.context.note(self.by.clone(), Some(tab), event)
    }
}
