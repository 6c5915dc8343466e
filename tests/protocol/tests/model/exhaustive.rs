//! Every state of small scopes.

use crate::common::look_at_all;
use holdfast_protocol::scope::{Faults, Scope};

const NONE: Faults = Faults {
    ledger: 0,
    dojo: 0,
    late: 0,
    crashes: 0,
    failovers: 0,
};

/// Each fault by itself, with its name.
const EACH: [(&str, Faults); 4] = [
    ("a call lost", Faults { ledger: 1, ..NONE }),
    ("Dojo's wire", Faults { dojo: 1, ..NONE }),
    ("work done late", Faults { late: 1, ..NONE }),
    ("a crash", Faults { crashes: 1, ..NONE }),
];

/// All of them together.
const ALL: Faults = Faults {
    ledger: 1,
    dojo: 1,
    late: 1,
    crashes: 1,
    failovers: 0,
};

/// The second till alone reads Dojo's record, as the one that has the watch.
fn with_one_reader(scope: Scope) -> Scope {
    Scope {
        readers: 0b10,
        ..scope
    }
}

#[test]
fn two_tills_take_the_same_bill_from_one_hold() {
    look_at_all("same hold, both read", Scope::same_hold());
    let scope = with_one_reader(Scope::same_hold());
    for (name, faults) in EACH {
        look_at_all(&format!("same hold, {name}"), scope.clone().with(faults));
    }
    look_at_all("same hold, every fault", scope.with(ALL));
}

#[test]
fn two_tills_take_the_same_bill_from_two_holds() {
    let scope = with_one_reader(Scope::two_holds());
    look_at_all("two holds", scope.clone());
    look_at_all("two holds, every fault", scope.with(ALL));
}

#[test]
fn two_tills_carry_out_the_same_decision() {
    let scope = with_one_reader(Scope::same_decision());
    look_at_all("same decision", scope.clone());
    look_at_all("same decision, every fault", scope.with(ALL));
}

#[test]
fn a_till_decides_when_the_other_ones_operation_is_long_over() {
    let scope = with_one_reader(Scope {
        last: 4,
        ..Scope::same_hold()
    });
    look_at_all("long over", scope.clone());
    look_at_all(
        "long over, work done late",
        scope.with(Faults { late: 1, ..NONE }),
    );
}

#[test]
fn a_standby_takes_over_that_lacks_commits() {
    let scope = Scope::same_hold().with(Faults { failovers: 1, ..NONE });
    look_at_all("failover", with_one_reader(Scope { last: 0, ..scope }));
}

#[test]
#[ignore = "takes minutes and gigabytes"]
fn larger_scopes() {
    let all = [
        ("same hold", Scope::same_hold()),
        ("two holds", Scope::two_holds()),
        ("same decision", Scope::same_decision()),
    ];
    for (name, scope) in all {
        look_at_all(&format!("{name}, both read, every fault"), scope.with(ALL));
    }
    let failover = Scope::same_hold().with(Faults { failovers: 1, ..NONE });
    look_at_all("failover, both read", failover.clone());
    let lost = Faults { failovers: 1, ..ALL };
    look_at_all("failover, every fault", with_one_reader(failover.with(lost)));
    let three = Scope {
        tills: 3,
        readers: 0b100,
        ..Scope::new(&[(0, 0, 0), (1, 1, 0), (2, 1, 0)])
    };
    look_at_all("three tills, every fault", three.with(ALL));
}
