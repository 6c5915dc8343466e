//! How a scope is looked at, and what is said of it.

use holdfast_protocol::actions::Action;
use holdfast_protocol::properties::ALWAYS;
use holdfast_protocol::scope::Scope;
use holdfast_protocol::world::World;
use stateright::{Checker, DiscoveryClassification, HasDiscoveries, Model, Path};
use std::collections::BTreeSet;
use std::time::Instant;

/// Looks at every state of `scope`; panics with the way to one that must not be. Says how many there were.
pub(crate) fn look_at_all(name: &str, scope: Scope) -> usize {
    let begun = Instant::now();
    let checker = scope.checker().spawn_dfs().join();
    let states = checker.unique_state_count();
    println!(
        "{name}: {states} states, {} steps deep, {:.1?}",
        checker.max_depth(),
        begun.elapsed()
    );
    for (property, path) in checker.discoveries() {
        if matches!(
            checker.discovery_classification(property),
            DiscoveryClassification::Counterexample
        ) {
            panic!("{name}: {property}\n{}", told(path));
        }
    }
    checker.assert_properties();
    states
}

/// A short way to a state of `scope` in which `property` fails, if there is one.
pub(crate) fn way_to(property: &'static str, scope: Scope) -> Option<Path<World, Action>> {
    let checker = scope
        .checker()
        .finish_when(HasDiscoveries::AnyOf(BTreeSet::from([property])))
        .spawn_bfs()
        .join();
    println!("{property}: {} states", checker.unique_state_count());
    checker.discovery(property)
}

/// A path, a step a line.
pub(crate) fn told(path: Path<World, Action>) -> String {
    let last = format!("{:#?}", path.last_state());
    let steps: Vec<String> = path
        .into_actions()
        .iter()
        .map(|action| format!("  {action:?}"))
        .collect();
    format!("{}\n{last}", steps.join("\n"))
}

/// The names of what fails in `world`.
pub(crate) fn failing(scope: &Scope, world: &World) -> Vec<&'static str> {
    let failing = ALWAYS.iter().filter(|(_, holds)| !holds(scope, world));
    failing.map(|(name, _)| *name).collect()
}
