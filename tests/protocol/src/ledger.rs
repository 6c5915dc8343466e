//! The calls of the shared ledger. Each is one commit or none, as on one primary under the hold's lock.

use crate::scope::{EMPTY_READINGS, Errand, Guard, PERMIT, QUIET, REQUEST_LIMIT, Scope};
use crate::table::Stands;
use crate::world::{Reading, Row, World};

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// It is in, or was already.
    Done,
    /// The ledger knows better, or does not have the operation: nothing is written.
    Refused,
    /// Another operation is open on the hold: to be said again.
    Busy,
}

impl World {
    /// Whether an intend with these expectations would be taken, but for the index of open operations.
    pub(crate) fn would_intend(&self, scope: &Scope, errand: Errand, hold: u8, tab: u8) -> bool {
        let row = self.ledger.holds[errand.hold];
        let expected = row.version == hold && self.operations() == tab;
        (expected || !scope.has(Guard::Expect))
            && self.ledger.rows[errand.decision].is_none()
            && row.captured < scope.room
    }

    /// Whether an operation but `except` is open on the hold.
    pub(crate) fn has_open(&self, scope: &Scope, hold: usize, except: Option<usize>) -> bool {
        let others = scope.on(hold).filter(|&operation| Some(operation) != except);
        let mut rows = others.filter_map(|operation| self.stands(operation));
        rows.any(Stands::is_open)
    }

    /// Writes an intend that passed its checks. False where the indexes refuse it.
    pub(crate) fn intend(&mut self, scope: &Scope, errand: Errand, hand: usize) -> bool {
        if self.ledger.rows[errand.decision].is_some() || self.has_open(scope, errand.hold, None) {
            return false;
        }
        self.put(errand, hand, Stands::Intended);
        self.ledger.holds[errand.hold].version += u8::from(scope.intend_writes);
        true
    }

    /// Adds an operation whose permit begins now.
    fn put(&mut self, errand: Errand, hand: usize, stands: Stands) {
        self.ledger.rows[errand.decision] = Some(Row {
            stands,
            attempt: hand as u8,
            permit_until: self.now + PERMIT,
        });
        self.committed |= 1 << errand.decision;
    }

    /// Records how an operation moved on.
    pub(crate) fn move_on(&mut self, scope: &Scope, operation: usize, next: Stands) -> Recorded {
        let hold = scope.hold_of(operation);
        let Some(row) = self.ledger.rows[operation] else {
            return Recorded::Refused;
        };
        if row.stands == next {
            return Recorded::Done;
        }
        let allowed = row.stands.may_become(next);
        if !allowed && scope.has(Guard::Table) {
            return Recorded::Refused;
        }
        if next.is_open() && self.has_open(scope, hold, Some(operation)) {
            return Recorded::Busy;
        }
        if !allowed {
            self.broken.moved.get_or_insert((row.stands, next));
        }
        self.ledger.rows[operation] = Some(Row { stands: next, ..row });
        if !next.is_open() {
            // Nobody waits for it any more.
            self.tills.iter_mut().for_each(|till| till.empty[operation] = 0);
        }
        self.ledger.holds[hold].version += 1;
        Recorded::Done
    }

    /// Whether `now` is after all that a request can last, for an operation whose permit ends at `permit_until`. The
    /// last tick stands for any time after it.
    const fn is_over(&self, scope: &Scope, permit_until: u8) -> bool {
        self.now > permit_until + REQUEST_LIMIT + QUIET || self.now >= scope.end()
    }

    /// Writes what a reading showed: positive evidence by whoever reads it, Absent by the rule. Nothing where the hold
    /// has moved since before the reading began, or where Dojo shows less than before, as in a stale answer.
    pub(crate) fn learn(&mut self, scope: &Scope, till: usize, reading: Reading) {
        let hold = usize::from(reading.hold);
        let captured = reading.shown.count_ones() as u8;
        let known = self.ledger.holds[hold];
        let is_old = known.version != reading.version || captured < known.captured;
        if is_old && scope.has(Guard::Freshness) {
            return;
        }
        let shows = |operation: usize| reading.shown & (1 << operation) != 0;
        for operation in scope.on(hold).filter(|&operation| shows(operation)) {
            self.move_on(scope, operation, Stands::Succeeded);
        }
        for operation in scope.on(hold).filter(|&operation| !shows(operation)) {
            self.learn_silence(scope, till, operation, reading.began);
        }
        if self.ledger.holds[hold].captured != captured {
            self.ledger.holds[hold].captured = captured;
            self.ledger.holds[hold].version += 1;
        }
    }

    /// A reading did not show an operation.
    fn learn_silence(&mut self, scope: &Scope, till: usize, operation: usize, began: u8) {
        let Some(row) = self.ledger.rows[operation].filter(|row| row.stands.is_open()) else {
            return;
        };
        let guarded = scope.has(Guard::PermitEnd);
        if guarded && began <= row.permit_until + REQUEST_LIMIT && self.now < scope.end() {
            return;
        }
        let empty = &mut self.tills[till].empty[operation];
        *empty = (*empty + 1).min(EMPTY_READINGS);
        if *empty < EMPTY_READINGS || (guarded && !self.is_over(scope, row.permit_until)) {
            return;
        }
        self.broken.absent_early |= !self.is_over(scope, row.permit_until);
        self.move_on(scope, operation, Stands::Absent);
    }

    /// A till that finds another primary compares its own file with what that one has, and puts back what is missing:
    /// as Unknown, or for a person where another operation is open on the hold by now. Nobody knows here how long the
    /// lost permit was, so it counts from now.
    pub(crate) fn put_back(&mut self, scope: &Scope, till: usize) {
        let errands = scope.errands.iter().enumerate();
        for (hand, &errand) in errands.filter(|(_, errand)| errand.till == till) {
            let is_mine = self.tills[till].witness & (1 << errand.decision) != 0;
            if !is_mine || self.ledger.rows[errand.decision].is_some() {
                continue;
            }
            let stands = if self.has_open(scope, errand.hold, None) {
                Stands::Conflict
            } else {
                Stands::Unknown
            };
            self.put(errand, hand, stands);
        }
    }
}
