//! What can happen next.

use crate::scope::{HOLDS, Scope};
use crate::table::Stands;
use crate::world::{Call, Step, Work, World};

/// One thing that happens. Numbers are those of hands, tills, operations or holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Time goes on by one tick, for those who sleep too.
    Tick,
    /// A till reads ledger and Dojo, of whose record the newest may be missing, and a person agrees.
    Look {
        /// Which hand.
        hand: usize,
        /// Whether Dojo's answer is stale.
        stale: bool,
    },
    /// It calls the ledger's intend.
    Intend(usize),
    /// The call comes in.
    Arrive(usize),
    /// Without the hold's lock: what was checked is written.
    Write(usize),
    /// The call is lost.
    LoseCall(usize),
    /// Its answer is lost.
    LoseAnswer(usize),
    /// The answer comes in.
    Hear(usize),
    /// The till waits no longer for it.
    GiveUp(usize),
    /// It asks the ledger for the operation by its id.
    LookUp(usize),
    /// It writes the operation into its own file.
    Witness(usize),
    /// It sends the request, or finds its permit over.
    Send(usize),
    /// Dojo carries it out.
    Work(usize),
    /// Dojo refuses it.
    Refuse(usize),
    /// It never comes to Dojo.
    LoseRequest(usize),
    /// Dojo will carry it out after its limit.
    Delay(usize),
    /// Dojo's answer comes in.
    Answer(usize),
    /// Dojo's answer is lost.
    LoseDojosAnswer(usize),
    /// The till waits no longer for Dojo.
    TimeOut(usize),
    /// It records what it knows.
    Record(usize),
    /// The same, and the ledger's answer is lost.
    RecordUnheard(usize),
    /// A till asks Dojo for its record of a hold.
    Read {
        /// Which till.
        till: usize,
        /// Which hold.
        hold: usize,
        /// Whether the newest is missing.
        stale: bool,
    },
    /// The record comes in and is written.
    Learn(usize),
    /// A till ends at once and begins again; its file stays.
    Crash(usize),
    /// The standby gets all that is committed.
    Ship,
    /// The standby takes over.
    FailOver,
    /// A till finds another primary.
    Reconnect(usize),
}

/// Everything that may be possible in `world`; [`next`] says what is.
pub fn candidates(scope: &Scope, world: &World, actions: &mut Vec<Action>) {
    use Action as A;
    actions.push(A::Tick);
    for hand in 0..scope.errands.len() {
        match world.hands[hand].step {
            Step::Idle => {
                actions.push(A::Look { hand, stale: false });
                if world.record(true) != world.record(false) {
                    actions.push(A::Look { hand, stale: true });
                }
            }
            Step::Looked { .. } => actions.push(A::Intend(hand)),
            Step::Intending(_) => actions.extend([A::Hear(hand), A::GiveUp(hand), A::LoseAnswer(hand)]),
            Step::Unsure(_) => actions.push(A::LookUp(hand)),
            Step::Permitted(_) => actions.push(A::Witness(hand)),
            Step::Witnessed(_) => actions.push(A::Send(hand)),
            Step::Awaiting { .. } => {
                actions.extend([A::Answer(hand), A::LoseDojosAnswer(hand), A::TimeOut(hand)]);
            }
            Step::Recording(_) => actions.extend([A::Record(hand), A::RecordUnheard(hand)]),
            Step::Over => {}
        }
        match world.hands[hand].call {
            Call::Asked { .. } => actions.extend([A::Arrive(hand), A::LoseCall(hand)]),
            Call::Checked => actions.push(A::Write(hand)),
            Call::None | Call::Answered(_) => {}
        }
    }
    for operation in 0..scope.operations() {
        match world.dojo[operation].work {
            Work::UnderWay { .. } => actions.extend([
                A::Work(operation),
                A::Refuse(operation),
                A::LoseRequest(operation),
                A::Delay(operation),
            ]),
            Work::Late => actions.push(A::Work(operation)),
            Work::Nothing | Work::Done { .. } | Work::Refused | Work::Lost => {}
        }
    }
    for till in 0..scope.tills {
        actions.extend([A::Crash(till), A::Reconnect(till)]);
        if !scope.reads(till) {
            continue;
        }
        if world.tills[till].reading.is_some() {
            actions.push(A::Learn(till));
        } else {
            for hold in 0..HOLDS {
                actions.push(A::Read {
                    till,
                    hold,
                    stale: false,
                });
                if world.record(true) != world.record(false) {
                    actions.push(A::Read {
                        till,
                        hold,
                        stale: true,
                    });
                }
            }
        }
    }
    if scope.is_asynchronous() {
        actions.extend([A::Ship, A::FailOver]);
    }
}

/// `world` after `action`, if it is possible.
pub fn next(scope: &Scope, world: &World, action: Action) -> Option<World> {
    let mut next = *world;
    if !next.act(scope, action) {
        return None;
    }
    next.forget(scope);
    Some(next)
}

/// Takes one of `left`, if there is one.
pub(crate) const fn spend(left: &mut u8) -> bool {
    let can = *left > 0;
    *left = left.saturating_sub(1);
    can
}

impl World {
    fn act(&mut self, scope: &Scope, action: Action) -> bool {
        match action {
            Action::Tick => self.tick(scope),
            Action::Look { hand, stale } => self.look(scope, scope.errands[hand], hand, stale),
            Action::Intend(hand) => self.call(scope, hand),
            Action::Arrive(hand) => self.arrive(scope, scope.errands[hand], hand),
            Action::Write(hand) => self.write(scope, scope.errands[hand], hand),
            Action::LoseCall(hand) => {
                self.hands[hand].call = Call::None;
                spend(&mut self.left.ledger)
            }
            Action::LoseAnswer(hand) => {
                let is_there = matches!(self.hands[hand].call, Call::Answered(_));
                self.hands[hand].call = Call::None;
                is_there && spend(&mut self.left.ledger)
            }
            Action::Hear(hand) => self.hear(hand),
            Action::GiveUp(hand) => self.give_up(scope, hand),
            Action::LookUp(hand) => self.look_up(scope, scope.errands[hand], hand),
            Action::Witness(hand) => self.witness(scope, scope.errands[hand], hand),
            Action::Send(hand) => self.send(scope, scope.errands[hand], hand),
            Action::Work(operation) => self.work(scope, operation),
            Action::Refuse(operation) => {
                self.dojo[operation].work = Work::Refused;
                spend(&mut self.left.dojo)
            }
            Action::LoseRequest(operation) => {
                self.dojo[operation].work = Work::Lost;
                spend(&mut self.left.dojo)
            }
            Action::Delay(operation) => self.delay(operation),
            Action::Answer(hand) => self.answer(scope.errands[hand], hand),
            Action::LoseDojosAnswer(hand) => {
                let answered = self.answer(scope.errands[hand], hand);
                self.hands[hand].step = Step::Recording(Stands::Unknown);
                answered && spend(&mut self.left.dojo)
            }
            Action::TimeOut(hand) => self.time_out(scope.errands[hand], hand),
            Action::Record(hand) => self.record_outcome(scope, scope.errands[hand], hand),
            Action::RecordUnheard(hand) => self.record_unheard(scope, scope.errands[hand], hand),
            Action::Read { till, hold, stale } => self.read(scope, till, hold, stale),
            Action::Learn(till) => self.end_reading(scope, till),
            Action::Crash(till) => self.crash(scope, till),
            Action::Ship => self.ship(),
            Action::FailOver => self.fail_over(scope),
            Action::Reconnect(till) => self.reconnect(scope, till),
        }
    }
}
