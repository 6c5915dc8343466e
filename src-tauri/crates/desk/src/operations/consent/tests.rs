use super::*;
use holdfast_domain::IntentStatus;
use holdfast_ledger_conformance::sample::{created, hold, seen};
use uuid::Uuid;

fn shown(status: IntentStatus, taken: &[i64]) -> SeenHold {
    let hold = Hold {
        seen: Some(self::seen(status, taken)),
        ..hold(TabId(Uuid::nil()))
    };
    SeenHold::of(&hold, &[created(&hold)])
}

fn tab(holds: Vec<SeenHold>) -> Seen {
    Seen {
        holds,
        ..Seen::default()
    }
}

#[test]
fn a_decision_on_an_unpaid_request_stands_on_that_request_alone() {
    let (request, other) = (
        shown(IntentStatus::Created, &[]),
        shown(IntentStatus::Created, &[]),
    );
    let paid = SeenHold {
        authorised_minor: 10_000,
        left_minor: 10_000,
        ..other.clone()
    };
    let before = tab(vec![request.clone(), other]);
    let now = tab(vec![request.clone(), paid]);
    let cancel = ConsentScope::of(OperationKind::Cancel, request.hold_id);
    assert!(cancel.is_same(&before, &now), "the other card is another matter");
    let take = ConsentScope::of(OperationKind::Capture, request.hold_id);
    assert!(!take.is_same(&before, &now));
    let receipt = ConsentScope::of(OperationKind::Receipt, request.hold_id);
    assert!(receipt.is_same(&before, &Seen::default()));
    let changed = SeenHold {
        asked_minor: 12_000,
        ..request
    };
    assert!(!cancel.is_same(&before, &tab(vec![changed])));
}

#[test]
fn a_card_that_comes_last_now_is_another_order_only_beside_others() {
    let (first, second) = (
        shown(IntentStatus::Authorized, &[]),
        shown(IntentStatus::Authorized, &[]),
    );
    let last = SeenHold {
        is_last: true,
        ..first.clone()
    };
    let scope = ConsentScope::Tab;
    assert!(scope.is_same(&tab(vec![first.clone()]), &tab(vec![last.clone()])));
    let before = tab(vec![first, second.clone()]);
    assert!(!scope.is_same(&before, &tab(vec![last, second])));
}
