//! All that there is at one moment.

use crate::scope::{DECISIONS, Faults, HANDS, HOLDS, Scope, TILLS};
use crate::table::Stands;

/// One state of the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct World {
    /// The tick.
    pub now: u8,
    /// What the primary has committed.
    pub ledger: Ledger,
    /// What the asynchronous standby has of it.
    pub standby: Ledger,
    /// Counts the primaries.
    pub incarnation: u8,
    /// How far each errand is.
    pub hands: [Hand; HANDS],
    /// What each till knows.
    pub tills: [Till; TILLS],
    /// What Dojo has of each operation.
    pub dojo: [Dojo; DECISIONS],
    /// What may go wrong yet.
    pub left: Faults,
    /// Operations that were ever committed, a bit each.
    pub committed: u8,
    /// What can't be seen in a state once it has happened.
    pub broken: Broken,
}

/// The rows of the shared ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Ledger {
    /// A row an operation.
    pub rows: [Option<Row>; DECISIONS],
    /// A row a hold.
    pub holds: [Hold; HOLDS],
}

/// An operation in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Row {
    /// Where it stands.
    pub stands: Stands,
    /// Whose intend it was: the number of the hand.
    pub attempt: u8,
    /// The last tick at which its request may begin.
    pub permit_until: u8,
}

/// A hold in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Hold {
    /// Counts what was written about it.
    pub version: u8,
    /// How much Dojo's record showed as taken.
    pub captured: u8,
}

/// An errand under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hand {
    /// How far.
    pub step: Step,
    /// Its intend on the wire.
    pub call: Call,
}

/// The steps of one operation, as the till goes through them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// Nobody has pressed.
    Idle,
    /// The till has read ledger and Dojo; the person agreed to what they showed.
    Looked {
        /// The hold's version.
        hold: u8,
        /// How many operations the tab had.
        tab: u8,
    },
    /// The intend is on its way.
    Intending(Permit),
    /// Its answer did not come.
    Unsure(Permit),
    /// The ledger has it.
    Permitted(Permit),
    /// The till's own file has it too.
    Witnessed(Permit),
    /// The request has left.
    Awaiting {
        /// When.
        since: u8,
    },
    /// The till knows what to record.
    Recording(Stands),
    /// There is nothing left to do, or the till ended in the middle.
    Over,
}

/// Since when, by the till's own clock, and of which primary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Permit {
    /// The tick before the intend was called.
    pub since: u8,
    /// Which primary gave it.
    pub incarnation: u8,
}

/// An intend on the wire to the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Call {
    /// There is none.
    None,
    /// On its way there, with what it expects.
    Asked {
        /// The hold's version.
        hold: u8,
        /// How many operations the tab had.
        tab: u8,
    },
    /// Checked and not written: only without the hold's lock.
    Checked,
    /// On its way back: whether it is committed.
    Answered(bool),
}

/// What a till knows besides its errands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Till {
    /// Which primary it last spoke with; 0 when it has just begun.
    pub incarnation: u8,
    /// The operations in its own file, a bit each.
    pub witness: u8,
    /// Its reading of Dojo's record, under way.
    pub reading: Option<Reading>,
    /// How many readings did not show an operation, all since its request can't be under way any more.
    pub empty: [u8; DECISIONS],
    /// Which holds it has read in this tick.
    pub has_read: [bool; HOLDS],
}

/// A reading of Dojo's record of one hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reading {
    /// Of which hold.
    pub hold: u8,
    /// When it began.
    pub began: u8,
    /// The hold's version before it began.
    pub version: u8,
    /// The operations that it shows as done, a bit each.
    pub shown: u8,
}

/// What Dojo has of one operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Dojo {
    /// How many requests the tills have sent.
    pub sent: u8,
    /// What became of them.
    pub work: Work,
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Work {
    /// There was none.
    #[default]
    Nothing,
    /// It has left the till.
    UnderWay {
        /// When.
        since: u8,
    },
    /// It will be carried out, after its limit.
    Late,
    /// It was carried out.
    Done {
        /// In this tick: a stale reading does not show it.
        fresh: bool,
        /// After its limit.
        late: bool,
    },
    /// Dojo refused it.
    Refused,
    /// It never came to Dojo.
    Lost,
}

/// What must never happen, and is not to be seen in the state that follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Broken {
    /// A request began after its permit.
    pub sent_late: bool,
    /// An operation moved outside of the table.
    pub moved: Option<(Stands, Stands)>,
    /// Absent was concluded too early.
    pub absent_early: bool,
}

impl World {
    /// The beginning.
    pub fn new(scope: &Scope) -> Self {
        let hand = Hand {
            step: Step::Idle,
            call: Call::None,
        };
        let till = Till {
            incarnation: 1,
            ..Till::default()
        };
        Self {
            now: 0,
            ledger: Ledger::default(),
            standby: Ledger::default(),
            incarnation: 1,
            hands: [hand; HANDS],
            tills: [till; TILLS],
            dojo: [Dojo::default(); DECISIONS],
            left: scope.faults,
            committed: 0,
            broken: Broken::default(),
        }
    }

    /// Whether Dojo carried it out.
    pub const fn is_done(&self, operation: usize) -> bool {
        matches!(self.dojo[operation].work, Work::Done { .. })
    }

    /// Whether Dojo worked on it after its limit: the one thing that no till can keep from happening.
    pub const fn is_late(&self, operation: usize) -> bool {
        matches!(
            self.dojo[operation].work,
            Work::Late | Work::Done { late: true, .. }
        )
    }

    /// The operations that Dojo's record shows as done, a bit each; a stale one without the newest.
    pub fn record(&self, stale: bool) -> u8 {
        let shows = |dojo: &Dojo| matches!(dojo.work, Work::Done { fresh, .. } if !(fresh && stale));
        let shown = self.dojo.iter().enumerate().filter(|(_, dojo)| shows(dojo));
        shown.fold(0, |bits, (operation, _)| bits | 1 << operation)
    }

    /// How many operations the tab has: what a decision on its bill expects.
    pub fn operations(&self) -> u8 {
        self.ledger.rows.iter().flatten().count() as u8
    }

    /// Forgets what nothing can depend on any more, so that states that are as good as the same are one: versions are
    /// compared only with those that somebody saw.
    pub(crate) fn forget(&mut self, scope: &Scope) {
        for hold in 0..HOLDS {
            let mut hands = scope.errands.iter().zip(&self.hands);
            let sees = |hand: &Hand| {
                matches!(hand.step, Step::Looked { .. }) || matches!(hand.call, Call::Asked { .. })
            };
            let mut readings = self.tills.iter().filter_map(|till| till.reading);
            let is_seen = hands.any(|(errand, hand)| errand.hold == hold && sees(hand))
                || readings.any(|reading| usize::from(reading.hold) == hold);
            if !is_seen {
                self.ledger.holds[hold].version = 0;
            }
        }
    }

    /// Where an operation stands, if the ledger has it.
    pub fn stands(&self, operation: usize) -> Option<Stands> {
        self.ledger.rows[operation].map(|row| row.stands)
    }
}
