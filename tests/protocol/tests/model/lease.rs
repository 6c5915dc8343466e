//! The lease of a duty.

use holdfast_protocol::lease::{Lease, ONE};
use stateright::{Checker, Model};

fn look_at_all(lease: Lease) {
    let checker = lease.checker().spawn_bfs().join();
    println!("{lease:?}: {} states", checker.unique_state_count());
    checker.assert_properties();
}

#[test]
fn one_till_holds_a_lease_and_another_takes_over() {
    look_at_all(Lease::new(2, 8));
    look_at_all(Lease::new(3, 6));
}

#[test]
fn a_failover_may_give_it_twice_for_a_while() {
    look_at_all(Lease {
        failovers: 1,
        ..Lease::new(2, 6)
    });
}

#[test]
fn without_a_guard_two_tills_hold_it() {
    for lease in [
        Lease {
            counts_from_answer: true,
            ..Lease::new(2, 6)
        },
        Lease {
            gives_to_all: true,
            ..Lease::new(2, 6)
        },
    ] {
        let checker = lease.checker().spawn_bfs().join();
        let way = checker
            .discovery(ONE)
            .unwrap_or_else(|| panic!("nothing is noticed: {lease:?}"));
        println!("{lease:?}: {:?}", way.into_actions());
    }
}
