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

/// Each fault once, by its name.
const EACH: [(&str, Faults); 4] = [
    ("a call lost", Faults { ledger: 1, ..NONE }),
    ("Dojo's wire", Faults { dojo: 1, ..NONE }),
    ("work done late", Faults { late: 1, ..NONE }),
    ("a crash", Faults { crashes: 1, ..NONE }),
];

/// The second till alone reads Dojo's record, as the one that has the watch.
fn with_one_reader(scope: Scope) -> Scope {
    Scope {
        readers: 0b10,
        ..scope
    }
}

/// Where one till's operation may be over before the other decides.
fn with_time(scope: Scope) -> Scope {
    Scope { last: 4, ..scope }
}

#[test]
fn two_tills_take_the_same_bill_from_one_hold() {
    look_at_all("same hold", Scope::same_hold());
    for (name, faults) in EACH {
        let scope = with_one_reader(Scope::same_hold().with(faults));
        look_at_all(&format!("same hold, {name}"), scope);
    }
}

#[test]
fn two_tills_take_the_same_bill_from_two_holds() {
    let scope = with_one_reader(Scope::two_holds());
    look_at_all("two holds", scope.clone());
    look_at_all("two holds, a call lost", scope.with(Faults { ledger: 1, ..NONE }));
}

#[test]
fn two_tills_carry_out_the_same_decision() {
    look_at_all("same decision", Scope::same_decision());
    for (name, faults) in EACH {
        let scope = with_one_reader(Scope::same_decision().with(faults));
        look_at_all(&format!("same decision, {name}"), scope);
    }
}

#[test]
fn a_till_decides_when_the_other_ones_operation_is_long_over() {
    let scope = with_one_reader(with_time(Scope::same_hold()));
    look_at_all("long over", scope.clone());
    look_at_all(
        "long over, work done late",
        scope.with(Faults { late: 1, ..NONE }),
    );
}

#[test]
fn a_standby_takes_over_that_lacks_commits() {
    let scope = with_one_reader(Scope::same_hold().with(Faults { failovers: 1, ..NONE }));
    look_at_all("failover", scope);
}

#[test]
#[ignore = "takes minutes and gigabytes: two faults at once, and all tills read"]
fn larger_scopes() {
    let all = [
        ("same hold", Scope::same_hold()),
        ("two holds", Scope::two_holds()),
        ("same decision", Scope::same_decision()),
    ];
    for (name, scope) in all {
        for (fault, faults) in EACH {
            look_at_all(&format!("{name}, {fault}, all read"), scope.clone().with(faults));
        }
        let faults = Faults {
            ledger: 1,
            dojo: 1,
            ..NONE
        };
        look_at_all(
            &format!("{name}, both wires"),
            with_one_reader(scope.with(faults)),
        );
    }
    let three = Scope {
        tills: 3,
        readers: 0b100,
        ..Scope::new(&[(0, 0, 0), (1, 1, 0), (2, 1, 0)])
    };
    look_at_all("three tills", three.clone());
    look_at_all(
        "three tills, a call lost",
        three.with(Faults { ledger: 1, ..NONE }),
    );
}
