use super::*;
use holdfast_domain::{Baseline, IntentStatus, OperationState, Purpose};
use holdfast_ledger_conformance::sample::{hold, line, operation, seen, tab};

/// A bill of 100.00 that was paid, with that much refunded by Dojo's record.
fn account(refunded: i64, refunds: impl Fn(&Hold) -> Vec<Operation>) -> Account {
    let tab = tab("Table 4");
    let mut shown = seen(IntentStatus::Captured, &[10_000]);
    shown.refunded = refunded;
    let hold = Hold {
        seen: Some(shown),
        ..hold(tab.id)
    };
    let operations = refunds(&hold);
    Account {
        lines: vec![line(tab.id, 10_000)],
        holds: vec![(hold, operations)],
        renewals: Vec::new(),
        tab,
    }
}

/// A refund of the bill that was decided when that much had been refunded.
fn off(hold: &Hold, amount: i64, state: OperationState, before: i64) -> Operation {
    Operation {
        state,
        of: Some(Purpose {
            off_bill: amount,
            ..Purpose::default()
        }),
        baseline: Baseline {
            refunded: before,
            ..Baseline::default()
        },
        ..operation(hold.id, OperationKind::Refund, amount)
    }
}

#[test]
fn a_refund_that_dojo_has_yet_to_show_takes_off_the_bill_once() {
    let one = |hold: &Hold| vec![off(hold, 1_000, OperationState::Succeeded, 0)];
    assert_eq!(off_in_all(&account(1_000, one)), 1_000);
    // The second one is under way, and not shown yet.
    let two = |hold: &Hold| {
        vec![
            off(hold, 1_000, OperationState::Succeeded, 0),
            off(hold, 500, OperationState::Accepted, 1_000),
        ]
    };
    assert_eq!(off_in_all(&account(1_000, two)), 1_500);
    // By now Dojo shows it, though its answer was lost.
    assert_eq!(off_in_all(&account(1_500, two)), 1_500);
    let refused = |hold: &Hold| vec![off(hold, 500, OperationState::Rejected, 0)];
    assert_eq!(off_in_all(&account(0, refused)), 0);
}
