//! What must hold, by the numbers of the design, and the model as the checker wants it.

use crate::actions::{Action, candidates, next};
use crate::scope::{Guard, HOLDS, Scope};
use crate::table::Stands;
use crate::world::{Work, World};
use stateright::{Model, Property};

/// At most one request per operation, over all tills.
pub const S1: &str = "S1 one request per operation";
/// No request without an intend that the surviving ledger has, or that a till's file is yet to put back.
pub const S2: &str = "S2 no request without its intend";
/// No request begins after its permit.
pub const S3: &str = "S3 no request after its permit";
/// Per hold at most one open operation.
pub const S4_OPEN: &str = "S4 one open operation per hold";
/// Per hold captured + open is within what is authorised.
pub const S4_ROOM: &str = "S4 within what is authorised";
/// A bill is taken at most once per what was seen.
pub const S5: &str = "S5 a bill is taken once";
/// No operation moves outside of the table.
pub const S6: &str = "S6 only moves of the table";
/// What was learnt of a hold never goes back.
pub const S7: &str = "S7 no reading turns back";
/// Absent never before the permit's end + the request's limit + the quiet window.
pub const S9: &str = "S9 absent not too early";
/// Absent is true, unless Dojo works late.
pub const S9_TRUE: &str = "S9 absent is true";
/// Succeeded is true.
pub const I3: &str = "I3 succeeded is true";
/// In the end every operation has ended and all that Dojo did is in the ledger.
pub const ENDS: &str = "I8 every operation ends";

/// The numbers of all operations of a scope for which `is` holds.
fn count(scope: &Scope, is: impl Fn(usize) -> bool) -> usize {
    (0..scope.operations()).filter(|&operation| is(operation)).count()
}

fn one_request(_: &Scope, world: &World) -> bool {
    world.dojo.iter().all(|dojo| dojo.sent <= 1)
}

fn has_intend(scope: &Scope, world: &World) -> bool {
    let will_put_back = |operation: usize| {
        let bit = 1 << operation;
        let mut tills = world.tills.iter();
        world.committed & bit != 0
            && tills.any(|till| till.witness & bit != 0 && till.incarnation != world.incarnation)
    };
    let is_known = |operation: usize| world.stands(operation).is_some() || will_put_back(operation);
    (0..scope.operations()).all(|operation| world.dojo[operation].sent == 0 || is_known(operation))
}

fn within_permit(_: &Scope, world: &World) -> bool {
    !world.broken.sent_late
}

fn one_open(scope: &Scope, world: &World) -> bool {
    let is_open = |operation: &usize| world.stands(*operation).is_some_and(Stands::is_open);
    (0..HOLDS).all(|hold| scope.on(hold).filter(is_open).count() <= 1)
}

/// Work done late is found after another decision was made: what was promised is that it is found. And an
/// asynchronous standby promises nothing here: see `an_asynchronous_standby_lets_a_bill_be_taken_twice`.
fn within_room(scope: &Scope, world: &World) -> bool {
    let fits = |hold: usize| {
        let open = |operation: &usize| world.stands(*operation).is_some_and(Stands::is_open);
        let pending = scope.on(hold).filter(open).count();
        usize::from(world.ledger.holds[hold].captured) + pending <= usize::from(scope.room)
            || scope.on(hold).any(|operation| world.is_late(operation))
    };
    scope.is_asynchronous() || (0..HOLDS).all(fits)
}

/// Takes that count on the bill: open or done, and not done late.
fn takes(scope: &Scope, world: &World) -> usize {
    count(scope, |operation| {
        let counts = world
            .stands(operation)
            .is_some_and(|s| s.is_open() || s == Stands::Succeeded);
        (counts || world.is_done(operation)) && !world.is_late(operation)
    })
}

fn taken_once(scope: &Scope, world: &World) -> bool {
    scope.is_asynchronous() || takes(scope, world) <= usize::from(scope.due)
}

fn by_the_table(_: &Scope, world: &World) -> bool {
    world.broken.moved.is_none()
}

fn turns_not_back(scope: &Scope, world: &World) -> bool {
    let succeeded = |operation: &usize| world.stands(*operation) == Some(Stands::Succeeded);
    let known = |hold: usize| scope.on(hold).filter(succeeded).count();
    (0..HOLDS).all(|hold| usize::from(world.ledger.holds[hold].captured) >= known(hold))
}

fn absent_in_time(_: &Scope, world: &World) -> bool {
    !world.broken.absent_early
}

fn absent_is_true(scope: &Scope, world: &World) -> bool {
    let may_be_done = |operation: usize| {
        let work = world.dojo[operation].work;
        matches!(work, Work::UnderWay { .. } | Work::Done { late: false, .. })
    };
    count(scope, |o| {
        world.stands(o) == Some(Stands::Absent) && may_be_done(o)
    }) == 0
}

fn succeeded_is_true(scope: &Scope, world: &World) -> bool {
    count(scope, |o| {
        world.stands(o) == Some(Stands::Succeeded) && !world.is_done(o)
    }) == 0
}

/// [`ENDS`]. Holds at the end only, and the model has no cycles: so the checker's `eventually` misses nothing. A
/// path has ended when nothing more can happen.
pub fn has_ended_well(scope: &Scope, world: &World) -> bool {
    let is_settled = |operation: usize| match world.stands(operation) {
        _ if world.is_done(operation) => world.stands(operation) == Some(Stands::Succeeded),
        Some(stands) => !stands.is_open(),
        None => true,
    };
    world.now == scope.end() && (0..scope.operations()).all(is_settled) && is_still(scope, world)
}

fn some_succeeds(scope: &Scope, world: &World) -> bool {
    count(scope, |operation| {
        world.stands(operation) == Some(Stands::Succeeded)
    }) > 0
}

fn some_sleeps(scope: &Scope, world: &World) -> bool {
    count(scope, |operation| {
        world.stands(operation) == Some(Stands::NotSent)
    }) > 0
}

/// Whether nothing more can happen.
pub fn is_still(scope: &Scope, world: &World) -> bool {
    let mut actions = Vec::new();
    candidates(scope, world, &mut actions);
    actions
        .into_iter()
        .all(|action| next(scope, world, action).is_none())
}

/// What must hold in every state, with its name.
pub type Always = (&'static str, fn(&Scope, &World) -> bool);

/// All of them.
pub const ALWAYS: [Always; 11] = [
    (S1, one_request),
    (S2, has_intend),
    (S3, within_permit),
    (S4_OPEN, one_open),
    (S4_ROOM, within_room),
    (S5, taken_once),
    (S6, by_the_table),
    (S7, turns_not_back),
    (S9, absent_in_time),
    (S9_TRUE, absent_is_true),
    (I3, succeeded_is_true),
];

impl Model for Scope {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        vec![World::new(self)]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        candidates(self, world, actions);
    }

    fn next_state(&self, world: &World, action: Action) -> Option<World> {
        next(self, world, action)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let mut properties: Vec<_> = ALWAYS
            .iter()
            .map(|&(name, holds)| Property::always(name, holds))
            .collect();
        properties.push(Property::eventually(ENDS, has_ended_well));
        // What shows that the model does something.
        properties.push(Property::sometimes("a take succeeds", some_succeeds));
        properties.push(Property::sometimes(
            "a till that slept sends nothing",
            some_sleeps,
        ));
        properties
    }
}

/// Whether a bill was taken twice: what an asynchronous standby can't rule out.
pub fn is_taken_twice(scope: &Scope, world: &World) -> bool {
    takes(scope, world) > usize::from(scope.due)
}

/// Every guard, with the property that breaks without it.
pub const NEEDED: [(Guard, &str); 10] = [
    (Guard::HoldLock, S4_ROOM),
    (Guard::Expect, S5),
    (Guard::Permit, S3),
    (Guard::PermitEnd, S9),
    (Guard::Table, S6),
    (Guard::Attempt, S1),
    (Guard::LookUp, S2),
    (Guard::Freshness, S7),
    (Guard::Witness, S2),
    (Guard::Incarnation, S2),
];
