//! Each guard taken out: the model notices, or it would prove nothing.

use crate::common::{told, way_to};
use holdfast_protocol::properties::NEEDED;
use holdfast_protocol::scope::{Faults, Guard, Scope};

/// Where a missing guard shows soonest.
fn scope_for(guard: Guard) -> Scope {
    let none = Faults::default();
    match guard {
        Guard::HoldLock => Scope {
            room: 1,
            due: 2,
            ..Scope::same_hold()
        },
        Guard::Expect => Scope::two_holds(),
        Guard::Permit | Guard::PermitEnd => Scope::same_hold(),
        Guard::Table => Scope::same_hold().with(Faults { dojo: 1, ..none }),
        Guard::Attempt => Scope::same_decision().with(Faults { ledger: 1, ..none }),
        Guard::LookUp => Scope::same_hold().with(Faults { ledger: 1, ..none }),
        Guard::Freshness => Scope::same_hold(),
        Guard::Witness | Guard::Incarnation => Scope::same_hold().with(Faults { failovers: 1, ..none }),
    }
}

#[test]
fn without_a_guard_the_model_finds_how_it_goes_wrong() {
    for (guard, property) in NEEDED {
        let scope = scope_for(guard);
        let way = way_to(property, scope.without(guard));
        let way = way.unwrap_or_else(|| panic!("nothing is noticed without {guard:?}"));
        println!("without {guard:?}:\n{}\n", told(way));
    }
}
