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

#[test]
fn two_tills_take_the_same_bill_from_one_hold() {
    look_at_all("same hold", Scope::same_hold().with(NONE));
    look_at_all(
        "same hold, a call lost",
        Scope::same_hold().with(Faults { ledger: 1, ..NONE }),
    );
    look_at_all(
        "same hold, Dojo's wire",
        Scope::same_hold().with(Faults { dojo: 1, ..NONE }),
    );
    look_at_all(
        "same hold, work done late",
        Scope::same_hold().with(Faults { late: 1, ..NONE }),
    );
    look_at_all(
        "same hold, a crash",
        Scope::same_hold().with(Faults { crashes: 1, ..NONE }),
    );
}

#[test]
fn two_tills_take_the_same_bill_from_two_holds() {
    look_at_all("two holds", Scope::two_holds().with(NONE));
    look_at_all(
        "two holds, a call lost",
        Scope::two_holds().with(Faults { ledger: 1, ..NONE }),
    );
}

#[test]
fn two_tills_carry_out_the_same_decision() {
    look_at_all("same decision", Scope::same_decision().with(NONE));
    look_at_all(
        "same decision, a call lost",
        Scope::same_decision().with(Faults { ledger: 1, ..NONE }),
    );
    look_at_all(
        "same decision, a crash",
        Scope::same_decision().with(Faults { crashes: 1, ..NONE }),
    );
}

#[test]
fn a_standby_takes_over_that_lacks_commits() {
    look_at_all(
        "failover",
        Scope::same_hold().with(Faults { failovers: 1, ..NONE }),
    );
}
