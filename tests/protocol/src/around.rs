//! What goes on around the tills: time, Dojo, the readings of its record, crashes and failover.

use crate::actions::spend;
use crate::scope::{HANDS, HOLDS, REQUEST_LIMIT, Scope};
use crate::table::Stands;
use crate::world::{Call, Reading, Step, Till, Work, World};

impl World {
    /// Waits for what can't take longer: a request that is not late, a call that people still begin by.
    pub(crate) fn tick(&mut self, scope: &Scope) -> bool {
        let stuck = self.dojo.iter().any(|dojo| match dojo.work {
            Work::UnderWay { since } => self.now >= since + REQUEST_LIMIT,
            Work::Late => self.now + 1 >= scope.end(),
            Work::Nothing | Work::Done { .. } | Work::Refused | Work::Lost => false,
        });
        let on_the_wire = |call| matches!(call, Call::Asked { .. } | Call::Checked);
        let asked = self.now >= scope.last && self.hands.iter().any(|hand| on_the_wire(hand.call));
        if stuck || asked || self.now >= scope.end() {
            return false;
        }
        self.now += 1;
        self.tills
            .iter_mut()
            .for_each(|till| till.has_read = [false; HOLDS]);
        for dojo in &mut self.dojo {
            if let Work::Done { fresh, .. } = &mut dojo.work {
                *fresh = false;
            }
        }
        true
    }

    /// Dojo takes no more than is authorised.
    pub(crate) fn work(&mut self, scope: &Scope, operation: usize) -> bool {
        let late = self.dojo[operation].work == Work::Late;
        let done = scope
            .on(scope.hold_of(operation))
            .filter(|&other| self.is_done(other));
        let full = done.count() >= usize::from(scope.room);
        self.dojo[operation].work = if full {
            Work::Refused
        } else {
            Work::Done { fresh: true, late }
        };
        true
    }

    pub(crate) fn delay(&mut self, operation: usize) -> bool {
        let Work::UnderWay { since } = self.dojo[operation].work else {
            return false;
        };
        self.dojo[operation].work = Work::Late;
        self.now >= since + REQUEST_LIMIT && spend(&mut self.left.late)
    }

    /// One reading of a hold a tick, as long as there is anything to learn. In the last tick, which stands for all
    /// time after it, as many as it takes.
    pub(crate) fn read(&mut self, scope: &Scope, till: usize, hold: usize, stale: bool) -> bool {
        let on_hold = scope.on(hold).fold(0, |bits, operation| bits | 1 << operation);
        let shown = self.record(stale) & on_hold;
        let row = self.ledger.holds[hold];
        let is_known = |operation: usize| match self.stands(operation) {
            Some(stands) if self.is_done(operation) => stands == Stands::Succeeded,
            Some(stands) => !stands.is_open(),
            None => true,
        };
        let is_all_known = scope.on(hold).all(is_known)
            && u32::from(row.captured) == (self.record(false) & on_hold).count_ones();
        let has_read = &mut self.tills[till].has_read[hold];
        let may = !*has_read || self.now >= scope.end();
        *has_read = self.now < scope.end();
        self.tills[till].reading = Some(Reading {
            hold: hold as u8,
            began: self.now,
            version: row.version,
            shown,
        });
        may && !is_all_known && self.is_connected(till)
    }

    pub(crate) fn end_reading(&mut self, scope: &Scope, till: usize) -> bool {
        let Some(reading) = self.tills[till].reading.take() else {
            return false;
        };
        self.learn(scope, till, reading);
        self.is_connected(till)
    }

    pub(crate) fn crash(&mut self, scope: &Scope, till: usize) -> bool {
        let mine = scope
            .errands
            .iter()
            .enumerate()
            .filter(|(_, errand)| errand.till == till);
        let mut any = self.tills[till].reading.is_some();
        for (hand, _) in mine {
            let step = &mut self.hands[hand].step;
            if !matches!(step, Step::Idle | Step::Over) {
                (*step, any) = (Step::Over, true);
                if matches!(self.hands[hand].call, Call::Answered(_)) {
                    self.hands[hand].call = Call::None;
                }
            }
        }
        let Till {
            incarnation,
            witness,
            has_read,
            ..
        } = self.tills[till];
        // It looks at its file again.
        let incarnation = if scope.is_asynchronous() { 0 } else { incarnation };
        self.tills[till] = Till {
            incarnation,
            witness,
            has_read,
            ..Till::default()
        };
        any && spend(&mut self.left.crashes)
    }

    /// What anybody saw of versions is void after a failover, so the standby needs none.
    pub(crate) fn ship(&mut self) -> bool {
        let mut all = self.ledger;
        all.holds.iter_mut().for_each(|hold| hold.version = 0);
        let is_behind = self.standby != all;
        self.standby = all;
        is_behind
    }

    /// The old primary is gone, with every connection to it.
    pub(crate) fn fail_over(&mut self, scope: &Scope) -> bool {
        self.ledger = self.standby;
        self.incarnation += 1;
        for hand in &mut self.hands {
            if matches!(hand.call, Call::Asked { .. } | Call::Checked) {
                hand.call = Call::None;
            }
        }
        self.now < scope.end() && spend(&mut self.left.failovers)
    }

    pub(crate) fn reconnect(&mut self, scope: &Scope, till: usize) -> bool {
        let was = self.tills[till].incarnation;
        if was == self.incarnation {
            return false;
        }
        self.put_back(scope, till);
        // What was seen, was seen of another ledger.
        for (hand, errand) in scope.errands.iter().enumerate().take(HANDS) {
            let step = &mut self.hands[hand].step;
            if errand.till == till && matches!(step, Step::Looked { .. }) {
                *step = Step::Idle;
            }
        }
        let Till {
            witness, has_read, ..
        } = self.tills[till];
        self.tills[till] = Till {
            incarnation: self.incarnation,
            witness,
            has_read,
            ..Till::default()
        };
        true
    }
}
