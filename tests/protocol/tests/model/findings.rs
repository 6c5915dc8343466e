//! What the protocol does not promise, shown by a way to it.

use crate::common::{told, way_to};
use holdfast_protocol::actions::Action;
use holdfast_protocol::properties::{S1, is_taken_twice};
use holdfast_protocol::scope::{Faults, Scope};
use holdfast_protocol::world::World;
use stateright::{Checker, HasDiscoveries, Model, Property};

const TWICE: &str = "a bill is taken twice";

/// A scope in which a bill that is taken twice is looked for, and nothing else.
struct Twice(Scope);

impl Model for Twice {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        self.0.init_states()
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        self.0.actions(world, actions);
    }

    fn next_state(&self, world: &World, action: Action) -> Option<World> {
        self.0.next_state(world, action)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![Property::sometimes(TWICE, |twice, world| {
            is_taken_twice(&twice.0, world)
        })]
    }
}

/// A till has sent its request when the primary is lost with the intend. The standby's tills know nothing of it, and
/// Dojo does not show it yet. The till puts it back when it connects, which is too late for the bill.
#[test]
fn an_asynchronous_standby_lets_a_bill_be_taken_twice() {
    let scope = Scope::same_hold().with(Faults {
        failovers: 1,
        ..Faults::default()
    });
    let checker = Twice(scope)
        .checker()
        .finish_when(HasDiscoveries::Any)
        .spawn_bfs()
        .join();
    let way = checker
        .discovery(TWICE)
        .expect("a synchronous standby would not be needed");
    let steps = way.clone().into_actions();
    assert!(steps.contains(&Action::FailOver), "{}", told(way));
}

/// The standby lacks the intend of the till that has sent, so another till that carries out the same decision, such as
/// a renewal's release, sends it too. Dojo refuses a second release; a decision that takes money is one till's.
#[test]
fn an_asynchronous_standby_lets_two_tills_send_the_same_decision() {
    let way = way_to(
        S1,
        Scope::same_decision().with(Faults {
            failovers: 1,
            ..Faults::default()
        }),
    );
    let way = way.expect("a synchronous standby would not be needed");
    assert!(way.into_actions().contains(&Action::FailOver));
    // With a synchronous one, it takes no more than losing answers, and that is not enough.
    assert!(
        way_to(
            S1,
            Scope::same_decision().with(Faults {
                ledger: 1,
                ..Faults::default()
            })
        )
        .is_none()
    );
}
