//! The lease of a duty, such as the watch: by itself, because nothing about money rests on it. The model of an
//! operation lets every till read and conclude at any time, as if each thought that it held the lease.
//!
//! A till asks the ledger for the lease; the ledger gives it for [`TERM`] ticks of its own clock unless another till
//! has it. The till counts by its own clock from before the call. Calls and answers may be lost or take any time, a
//! till may sleep for any time. The row is committed without waiting for the disk, so a failover may forget it.

use stateright::{Model, Property};

/// For how long a lease is given, in ticks.
pub const TERM: u8 = 2;
/// The most tills.
pub const TILLS: usize = 3;

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// How many tills.
    pub tills: usize,
    /// Until which tick.
    pub end: u8,
    /// How often the row is forgotten.
    pub failovers: u8,
    /// The till counts from the answer instead of from before the call.
    pub counts_from_answer: bool,
    /// The ledger gives the lease to all who ask.
    pub gives_to_all: bool,
}

/// One state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Duty {
    now: u8,
    /// The row: who has the lease, and the last tick of it.
    row: Option<(u8, u8)>,
    tills: [Till; TILLS],
    failovers: u8,
    /// A till got the lease after another had had it.
    taken_over: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
struct Till {
    call: Call,
    /// The last tick of the lease, by the till's own count.
    until: Option<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
enum Call {
    #[default]
    None,
    Asked(u8),
    Given(u8),
}

/// One thing that happens, to the till of that number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// Time goes on.
    Tick,
    /// A till asks.
    Ask(usize),
    /// The call comes in.
    Arrive(usize),
    /// The answer comes in.
    Hear(usize),
    /// Call or answer is lost.
    Lose(usize),
    /// A failover forgets the row.
    Forget,
}

/// No two tills hold the lease by their own count.
pub const ONE: &str = "one till holds the lease";

impl Lease {
    /// `tills` for `end` ticks, with every guard in place.
    pub const fn new(tills: usize, end: u8) -> Self {
        Self {
            tills,
            end,
            failovers: 0,
            counts_from_answer: false,
            gives_to_all: false,
        }
    }

    fn act(&self, duty: &mut Duty, act: Act) -> bool {
        let now = duty.now;
        match act {
            Act::Tick => duty.now += 1,
            Act::Ask(till) => duty.tills[till].call = Call::Asked(now),
            Act::Arrive(till) => {
                let Call::Asked(since) = duty.tills[till].call else {
                    return false;
                };
                let is_free = duty
                    .row
                    .is_none_or(|(holder, until)| usize::from(holder) == till || now > until);
                if !is_free && !self.gives_to_all {
                    duty.tills[till].call = Call::None;
                    return true;
                }
                duty.taken_over |= duty.row.is_some_and(|(holder, _)| usize::from(holder) != till);
                duty.row = Some((till as u8, now + TERM));
                duty.tills[till].call = Call::Given(since);
            }
            Act::Hear(till) => {
                let Call::Given(since) = duty.tills[till].call else {
                    return false;
                };
                let from = if self.counts_from_answer { now } else { since };
                let till = &mut duty.tills[till];
                till.until = till.until.max(Some(from + TERM));
                till.call = Call::None;
            }
            Act::Lose(till) => duty.tills[till].call = Call::None,
            Act::Forget => {
                duty.row = None;
                duty.failovers -= 1;
            }
        }
        true
    }
}

impl Duty {
    /// How many tills hold the lease by their own count.
    fn holders(&self) -> usize {
        self.tills
            .iter()
            .filter(|till| till.until.is_some_and(|until| self.now <= until))
            .count()
    }
}

fn at_most_one(lease: &Lease, duty: &Duty) -> bool {
    lease.failovers > 0 || duty.holders() <= 1
}

fn is_taken_over(_: &Lease, duty: &Duty) -> bool {
    duty.taken_over
}

/// What a failover may lead to: twice the requests for one term, and nothing else.
fn is_held_twice(_: &Lease, duty: &Duty) -> bool {
    duty.holders() > 1
}

impl Model for Lease {
    type State = Duty;
    type Action = Act;

    fn init_states(&self) -> Vec<Duty> {
        vec![Duty {
            now: 0,
            row: None,
            tills: [Till::default(); TILLS],
            failovers: self.failovers,
            taken_over: false,
        }]
    }

    fn actions(&self, duty: &Duty, acts: &mut Vec<Act>) {
        if duty.now < self.end {
            acts.push(Act::Tick);
        }
        for till in 0..self.tills {
            match duty.tills[till].call {
                Call::None => acts.push(Act::Ask(till)),
                Call::Asked(_) => acts.extend([Act::Arrive(till), Act::Lose(till)]),
                Call::Given(_) => acts.extend([Act::Hear(till), Act::Lose(till)]),
            }
        }
        if duty.failovers > 0 {
            acts.push(Act::Forget);
        }
    }

    fn next_state(&self, duty: &Duty, act: Act) -> Option<Duty> {
        let mut next = *duty;
        self.act(&mut next, act).then_some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let mut properties = vec![
            Property::always(ONE, at_most_one),
            Property::sometimes("another till takes over", is_taken_over),
        ];
        if self.failovers > 0 {
            properties.push(Property::sometimes("it is held twice for a while", is_held_twice));
        }
        properties
    }
}
