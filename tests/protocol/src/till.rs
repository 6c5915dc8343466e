//! A till's way through one operation: read, intend, witness, send, record.

use crate::actions::spend;
use crate::ledger::Recorded;
use crate::scope::{Errand, Guard, PERMIT, REQUEST_LIMIT, Scope};
use crate::table::Stands;
use crate::world::{Call, Permit, Step, Work, World};

impl World {
    pub(crate) fn is_connected(&self, till: usize) -> bool {
        self.tills[till].incarnation == self.incarnation
    }

    pub(crate) fn look(&mut self, scope: &Scope, errand: Errand, hand: usize, stale: bool) -> bool {
        let shown = self.record(stale);
        let counts = |&operation: &usize| {
            shown & (1 << operation) != 0
                || matches!(self.stands(operation), Some(stands) if stands.is_open() || stands == Stands::Succeeded)
        };
        let taken = (0..scope.operations()).filter(counts).count() as u8;
        let row = self.ledger.holds[errand.hold];
        self.hands[hand].step = Step::Looked {
            hold: row.version,
            tab: self.operations(),
        };
        self.now <= scope.last
            && self.is_connected(errand.till)
            && self.ledger.rows[errand.decision].is_none()
            && taken < scope.due
            && row.captured < scope.room
            && !self.has_open(scope, errand.hold, None)
    }

    pub(crate) fn call(&mut self, scope: &Scope, hand: usize) -> bool {
        let Step::Looked { hold, tab } = self.hands[hand].step else {
            return false;
        };
        let till = scope.errands[hand].till;
        // Before the call: what the till counts from can't be later than what the ledger counts from.
        let permit = Permit {
            since: self.now,
            incarnation: self.tills[till].incarnation,
        };
        self.hands[hand].step = Step::Intending(permit);
        self.hands[hand].call = Call::Asked { hold, tab };
        self.now <= scope.last && self.is_connected(till)
    }

    pub(crate) fn arrive(&mut self, scope: &Scope, errand: Errand, hand: usize) -> bool {
        let Call::Asked { hold, tab } = self.hands[hand].call else {
            return false;
        };
        let would = self.would_intend(scope, errand, hold, tab);
        if would && !scope.has(Guard::HoldLock) {
            self.hands[hand].call = Call::Checked;
            return true;
        }
        let committed = would && self.intend(scope, errand, hand);
        self.answered(hand, committed);
        true
    }

    pub(crate) fn write(&mut self, scope: &Scope, errand: Errand, hand: usize) -> bool {
        let committed = self.intend(scope, errand, hand);
        self.answered(hand, committed);
        true
    }

    /// An answer that nobody waits for is none.
    fn answered(&mut self, hand: usize, committed: bool) {
        let awaited = matches!(self.hands[hand].step, Step::Intending(_));
        self.hands[hand].call = if awaited {
            Call::Answered(committed)
        } else {
            Call::None
        };
    }

    pub(crate) fn hear(&mut self, hand: usize) -> bool {
        let (Step::Intending(permit), Call::Answered(committed)) =
            (self.hands[hand].step, self.hands[hand].call)
        else {
            return false;
        };
        self.hands[hand].step = if committed {
            Step::Permitted(permit)
        } else {
            Step::Over
        };
        self.hands[hand].call = Call::None;
        true
    }

    /// A connection that breaks is noticed at once, silence after a while. What was sent on it may come in yet.
    pub(crate) fn give_up(&mut self, scope: &Scope, hand: usize) -> bool {
        let Step::Intending(permit) = self.hands[hand].step else {
            return false;
        };
        let call = &mut self.hands[hand].call;
        let may = *call == Call::None || self.now > permit.since;
        if matches!(call, Call::Answered(_)) {
            *call = Call::None;
        }
        let asks = scope.has(Guard::LookUp);
        self.hands[hand].step = if asks {
            Step::Unsure(permit)
        } else {
            Step::Permitted(permit)
        };
        may
    }

    pub(crate) fn look_up(&mut self, scope: &Scope, errand: Errand, hand: usize) -> bool {
        let Step::Unsure(permit) = self.hands[hand].step else {
            return false;
        };
        let row = self.ledger.rows[errand.decision];
        let is_mine = row.is_some_and(|row| usize::from(row.attempt) == hand || !scope.has(Guard::Attempt));
        // It is this primary that has it.
        let permit = Permit {
            incarnation: self.incarnation,
            ..permit
        };
        self.hands[hand].step = if is_mine {
            Step::Permitted(permit)
        } else {
            Step::Over
        };
        self.is_connected(errand.till)
    }

    pub(crate) fn witness(&mut self, scope: &Scope, errand: Errand, hand: usize) -> bool {
        let Step::Permitted(permit) = self.hands[hand].step else {
            return false;
        };
        if scope.has(Guard::Witness) {
            self.tills[errand.till].witness |= 1 << errand.decision;
        }
        self.hands[hand].step = Step::Witnessed(permit);
        true
    }

    pub(crate) fn send(&mut self, scope: &Scope, errand: Errand, hand: usize) -> bool {
        let Step::Witnessed(permit) = self.hands[hand].step else {
            return false;
        };
        let in_time = self.now <= permit.since + PERMIT || !scope.has(Guard::Permit);
        let same =
            self.tills[errand.till].incarnation == permit.incarnation || !scope.has(Guard::Incarnation);
        if !(in_time && same) {
            self.hands[hand].step = Step::Recording(Stands::NotSent);
            return true;
        }
        let row = self.ledger.rows[errand.decision];
        let until = row.map_or(permit.since + PERMIT, |row| row.permit_until);
        self.broken.sent_late |= self.now > until;
        let dojo = &mut self.dojo[errand.decision];
        dojo.sent += 1;
        dojo.work = Work::UnderWay { since: self.now };
        self.hands[hand].step = Step::Awaiting { since: self.now };
        true
    }

    pub(crate) fn answer(&mut self, errand: Errand, hand: usize) -> bool {
        let outcome = match self.dojo[errand.decision].work {
            Work::Done { .. } => Stands::Accepted,
            Work::Refused => Stands::Rejected,
            Work::Nothing | Work::UnderWay { .. } | Work::Late | Work::Lost => return false,
        };
        self.hands[hand].step = Step::Recording(outcome);
        true
    }

    pub(crate) fn time_out(&mut self, errand: Errand, hand: usize) -> bool {
        let Step::Awaiting { since } = self.hands[hand].step else {
            return false;
        };
        self.hands[hand].step = Step::Recording(Stands::Unknown);
        self.now > since + REQUEST_LIMIT || self.dojo[errand.decision].work == Work::Lost
    }

    pub(crate) fn record_outcome(&mut self, scope: &Scope, errand: Errand, hand: usize) -> bool {
        let Step::Recording(outcome) = self.hands[hand].step else {
            return false;
        };
        self.hands[hand].step = Step::Over;
        self.is_connected(errand.till) && self.move_on(scope, errand.decision, outcome) != Recorded::Busy
    }

    pub(crate) fn record_unheard(&mut self, scope: &Scope, errand: Errand, hand: usize) -> bool {
        let (before, step) = (self.ledger, self.hands[hand].step);
        let recorded = self.record_outcome(scope, errand, hand);
        self.hands[hand].step = step;
        recorded && self.ledger != before && spend(&mut self.left.ledger)
    }
}
