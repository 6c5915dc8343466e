//! Settling an operation by Dojo's own record, never by guess.

use crate::{Capture, CaptureStatus, IntentStatus, Operation, OperationKind, OperationState, Snapshot};
use std::time::Duration;

/// How long Dojo's record must stay silent before an operation is called absent: the larger of
/// 120 s and four times the request's time limit of 30 s.
pub const QUIET_WINDOW: Duration = Duration::from_secs(120);

/// How far apart the three empty readings must be at least.
pub const QUIET_GAP: Duration = Duration::from_secs(20);

/// What Dojo's record says of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settlement {
    /// It happened. With Dojo's id, where there is one.
    Succeeded(Option<String>),
    /// It is there and not decided yet.
    Pending(Option<String>),
    /// It is there and did not go through, or can no longer happen.
    Declined(String),
    /// Something else is there. A person decides.
    Conflict(String),
    /// Nothing of it is to be seen. Not a failure: it may come late.
    Nothing,
}

/// Holds `operation` against `seen`. `all` are the hold's operations, oldest first: what belongs to
/// another one of them is not taken for this one's.
pub fn settle(operation: &Operation, seen: &Snapshot, all: &[Operation]) -> Settlement {
    match operation.kind {
        OperationKind::Create => Settlement::Succeeded(operation.dojo_id.clone()),
        OperationKind::Capture => settle_capture(operation, seen, all),
        OperationKind::Reversal => settle_reversal(operation, seen),
        OperationKind::Cancel => settle_cancel(operation, seen),
        OperationKind::Refund => settle_refund(operation, seen, all),
        OperationKind::SetAmount => settle_change(operation, operation.amount == seen.amount),
        OperationKind::SetTips => settle_change(operation, operation.tip == seen.tip),
        OperationKind::Receipt => Settlement::Declined(
            "Dojo did not confirm the receipt. Send it again if it is missing.".to_owned(),
        ),
    }
}

/// Accepted work that the record does not show yet is pending; the rest may never have arrived.
fn not_there(operation: &Operation) -> Settlement {
    if operation.state == OperationState::Accepted {
        Settlement::Pending(operation.dojo_id.clone())
    } else {
        Settlement::Nothing
    }
}

fn settle_capture(operation: &Operation, seen: &Snapshot, all: &[Operation]) -> Settlement {
    if let Some(id) = &operation.dojo_id {
        return match seen.captures.iter().find(|c| &c.id == id) {
            Some(capture) => settle_found(operation, capture),
            None => Settlement::Pending(Some(id.clone())),
        };
    }
    let is_owned = |id: &String| all.iter().any(|o| o.dojo_id.as_ref() == Some(id));
    let new: Vec<&Capture> = seen
        .captures
        .iter()
        .filter(|c| !operation.baseline.captures.contains(&c.id) && !is_owned(&c.id))
        .collect();
    match new.as_slice() {
        [] => Settlement::Nothing,
        [capture] => settle_found(operation, capture),
        _ => Settlement::Conflict(format!(
            "Dojo shows {} new captures where one was asked for.",
            new.len()
        )),
    }
}

fn settle_found(operation: &Operation, capture: &Capture) -> Settlement {
    if (capture.amount, capture.tip) != (operation.amount, operation.tip) {
        return Settlement::Conflict("Dojo shows a capture of another amount.".to_owned());
    }
    match capture.status {
        CaptureStatus::Successful => Settlement::Succeeded(Some(capture.id.clone())),
        CaptureStatus::Created | CaptureStatus::Unknown => Settlement::Pending(Some(capture.id.clone())),
        CaptureStatus::Declined => {
            Settlement::Declined("The bank declined it. Nothing was taken.".to_owned())
        }
        CaptureStatus::Failed => Settlement::Declined("It failed at Dojo. Nothing was taken.".to_owned()),
    }
}

fn settle_reversal(operation: &Operation, seen: &Snapshot) -> Settlement {
    match seen.status {
        IntentStatus::Reversed => Settlement::Succeeded(operation.dojo_id.clone()),
        IntentStatus::Authorized | IntentStatus::Unknown => not_there(operation),
        IntentStatus::Captured | IntentStatus::Refunded => {
            Settlement::Conflict("Dojo shows that money was taken instead.".to_owned())
        }
        IntentStatus::Created | IntentStatus::Canceled => {
            Settlement::Conflict("Dojo shows that nothing was held.".to_owned())
        }
    }
}

fn settle_cancel(operation: &Operation, seen: &Snapshot) -> Settlement {
    match seen.status {
        IntentStatus::Canceled => Settlement::Succeeded(None),
        IntentStatus::Created | IntentStatus::Unknown => not_there(operation),
        IntentStatus::Authorized
        | IntentStatus::Captured
        | IntentStatus::Reversed
        | IntentStatus::Refunded => {
            Settlement::Declined("The guest paid first, so the request was not cancelled.".to_owned())
        }
    }
}

fn settle_refund(operation: &Operation, seen: &Snapshot, all: &[Operation]) -> Settlement {
    let place = all.iter().position(|o| o.id == operation.id).unwrap_or(all.len());
    let others = all
        .iter()
        .enumerate()
        .filter(|(at, o)| o.kind == OperationKind::Refund && *at != place);
    // What others are known to have refunded since this one's baseline was read.
    let known = others
        .clone()
        .filter(|(at, o)| match o.state {
            OperationState::Succeeded if *at < place => !knew(operation, *at, all),
            other => other == OperationState::Succeeded,
        })
        .fold(0_i64, |sum, (_, o)| sum.saturating_add(o.amount));
    let lost: Vec<i64> = others
        .filter(|(_, o)| o.state == OperationState::Absent)
        .map(|(_, o)| o.amount)
        .collect();
    let grown = seen
        .refunded
        .saturating_sub(operation.baseline.refunded)
        .saturating_sub(known);
    if grown
        .checked_sub(operation.amount)
        .is_some_and(|rest| adds_up(rest, &lost))
    {
        Settlement::Succeeded(operation.dojo_id.clone())
    } else if adds_up(grown, &lost) {
        // Others that were lost have come, and this one has not.
        not_there(operation)
    } else {
        Settlement::Conflict("Dojo shows another amount refunded.".to_owned())
    }
}

/// Whether it was decided knowing that `all[earlier]`, which succeeded, had happened. By what Dojo showed
/// then, where that says so, for clocks may be set.
pub fn knew(operation: &Operation, earlier: usize, all: &[Operation]) -> bool {
    let Some(before) = all.get(earlier) else {
        return false;
    };
    match before.kind {
        OperationKind::Capture => {
            let ids = &operation.baseline.captures;
            before.dojo_id.as_ref().is_some_and(|id| ids.contains(id))
        }
        OperationKind::Refund => {
            let since = all.iter().skip(earlier).take_while(|o| o.id != operation.id);
            let refunded = since
                .filter(|o| o.kind == OperationKind::Refund && o.state == OperationState::Succeeded)
                .fold(before.baseline.refunded, |sum, o| sum.saturating_add(o.amount));
            operation.baseline.refunded >= refunded
        }
        OperationKind::Create
        | OperationKind::Reversal
        | OperationKind::Cancel
        | OperationKind::SetAmount
        | OperationKind::SetTips
        | OperationKind::Receipt => Some(operation.at) > before.settled_at,
    }
}

/// More lost refunds than this on one hold are not looked at in every combination.
const MOST_LOST: usize = 12;

/// Whether some of `amounts`, each once at most, make up `sum`; none of them make up 0.
pub fn adds_up(sum: i64, amounts: &[i64]) -> bool {
    if sum <= 0 {
        return sum == 0;
    }
    match amounts.get(..amounts.len().min(MOST_LOST)) {
        Some([first, rest @ ..]) => adds_up(sum.saturating_sub(*first), rest) || adds_up(sum, rest),
        Some([]) | None => false,
    }
}

fn settle_change(operation: &Operation, is_there: bool) -> Settlement {
    if is_there {
        Settlement::Succeeded(None)
    } else {
        not_there(operation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Baseline, HoldId, OperationId};
    use chrono::DateTime;
    use uuid::Uuid;

    fn capture(id: &str, amount: i64, status: CaptureStatus) -> Capture {
        Capture {
            id: id.to_owned(),
            amount,
            tip: 0,
            status,
            at: None,
        }
    }

    fn seen(captures: Vec<Capture>) -> Snapshot {
        Snapshot {
            status: IntentStatus::Authorized,
            amount: 10_000,
            tip: 0,
            total: 10_000,
            refunded: 0,
            captures,
            card: None,
            auth_code: None,
            authorised_at: None,
            declined: 0,
            seen_at: DateTime::UNIX_EPOCH,
        }
    }

    fn unclear(kind: OperationKind, baseline: &[&str]) -> Operation {
        Operation {
            id: OperationId(Uuid::nil()),
            hold: HoldId(Uuid::nil()),
            kind,
            amount: 4_000,
            service: 0,
            tip: 0,
            baseline: Baseline {
                captures: baseline.iter().map(|s| (*s).to_owned()).collect(),
                refunded: 0,
            },
            requested_by: "Sam".to_owned(),
            reason: None,
            at: DateTime::UNIX_EPOCH,
            state: OperationState::Unknown,
            dojo_id: None,
            detail: None,
            settled_at: None,
            seen_at: None,
            of: None,
            then_ask: 0,
        }
    }

    #[test]
    fn an_unclear_capture_is_ours_only_if_it_is_new_and_the_same() {
        use CaptureStatus::Successful;
        let operation = unclear(OperationKind::Capture, &["cp_1"]);
        let old = capture("cp_1", 4_000, Successful);
        let new = capture("cp_2", 4_000, Successful);
        assert_eq!(
            settle(&operation, &seen(vec![old.clone()]), &[]),
            Settlement::Nothing
        );
        assert_eq!(
            settle(&operation, &seen(vec![old.clone(), new.clone()]), &[]),
            Settlement::Succeeded(Some("cp_2".to_owned()))
        );
        let mut owner = unclear(OperationKind::Capture, &[]);
        owner.dojo_id = Some("cp_2".to_owned());
        assert_eq!(
            settle(&operation, &seen(vec![old, new.clone()]), &[owner]),
            Settlement::Nothing
        );
        let twice = seen(vec![new, capture("cp_3", 4_000, Successful)]);
        assert!(matches!(settle(&operation, &twice, &[]), Settlement::Conflict(_)));
        let other = seen(vec![capture("cp_4", 3_999, Successful)]);
        assert!(matches!(settle(&operation, &other, &[]), Settlement::Conflict(_)));
    }

    #[test]
    fn accepted_is_not_captured_until_the_record_says_so() {
        let mut operation = unclear(OperationKind::Capture, &[]);
        operation.state = OperationState::Accepted;
        operation.dojo_id = Some("cp_1".to_owned());
        let with = |status| settle(&operation, &seen(vec![capture("cp_1", 4_000, status)]), &[]);
        assert!(matches!(with(CaptureStatus::Created), Settlement::Pending(_)));
        assert!(matches!(with(CaptureStatus::Declined), Settlement::Declined(_)));
        assert!(matches!(
            with(CaptureStatus::Successful),
            Settlement::Succeeded(_)
        ));
        assert!(matches!(
            settle(&operation, &seen(vec![]), &[]),
            Settlement::Pending(_)
        ));
    }

    #[test]
    fn a_refund_is_settled_by_what_dojo_says_was_refunded() {
        let operation = unclear(OperationKind::Refund, &[]);
        let with = |refunded| {
            let mut snapshot = seen(vec![]);
            snapshot.refunded = refunded;
            settle(&operation, &snapshot, &[])
        };
        assert_eq!(with(0), Settlement::Nothing);
        assert_eq!(with(4_000), Settlement::Succeeded(None));
        assert!(matches!(with(8_000), Settlement::Conflict(_)));
    }

    #[test]
    fn a_refund_that_comes_late_is_told_from_the_one_decided_after_it() {
        let refund = |n: u128, amount: i64, before: i64, state| Operation {
            id: OperationId(Uuid::from_u128(n)),
            amount,
            baseline: Baseline {
                captures: vec![],
                refunded: before,
            },
            at: DateTime::UNIX_EPOCH + chrono::TimeDelta::minutes(i64::try_from(n).unwrap()),
            state,
            ..unclear(OperationKind::Refund, &[])
        };
        let lost = refund(1, 500, 0, OperationState::Absent);
        let anew = refund(2, 700, 0, OperationState::Unknown);
        let with = |refunded, operation: &Operation, other: &Operation| {
            let mut snapshot = seen(vec![]);
            snapshot.refunded = refunded;
            settle(operation, &snapshot, &[operation.clone(), other.clone()])
        };
        assert_eq!(with(700, &anew, &lost), Settlement::Succeeded(None));
        assert_eq!(with(1_200, &anew, &lost), Settlement::Succeeded(None));
        assert_eq!(with(500, &anew, &lost), Settlement::Nothing, "it is the other's");
        assert!(matches!(with(600, &anew, &lost), Settlement::Conflict(_)));
        let done = refund(2, 700, 0, OperationState::Succeeded);
        assert_eq!(with(700, &lost, &done), Settlement::Nothing);
        assert_eq!(with(1_200, &lost, &done), Settlement::Succeeded(None));
    }

    #[test]
    fn a_reading_that_lacks_what_can_not_be_undone_is_behind() {
        use CaptureStatus::{Created, Failed, Successful};
        let of = |captures, status, refunded| Snapshot {
            status,
            refunded,
            ..seen(captures)
        };
        let one = |status| vec![capture("cp_1", 4_000, status)];
        let known = of(one(Successful), IntentStatus::Captured, 100);
        assert!(!known.is_behind(&known));
        for older in [
            of(vec![], IntentStatus::Captured, 100),
            of(one(Created), IntentStatus::Captured, 100),
            of(one(Successful), IntentStatus::Authorized, 100),
            of(one(Successful), IntentStatus::Captured, 99),
        ] {
            assert!(older.is_behind(&known), "{older:?}");
        }
        let unreadable = of(one(Successful), IntentStatus::Unknown, 100);
        assert!(!unreadable.is_behind(&known) && !known.is_behind(&unreadable));
        let paid = of(vec![], IntentStatus::Captured, 0);
        let unreadable = of(vec![], IntentStatus::Unknown, 0);
        assert!(
            unreadable.is_behind(&paid),
            "it was taken, and nothing says so any more"
        );
        let failed = of(one(Failed), IntentStatus::Captured, 100);
        assert!(!failed.is_behind(&of(one(Created), IntentStatus::Captured, 100)));
        let pending = of(one(Created), IntentStatus::Captured, 100);
        assert!(
            !pending.is_behind(&pending),
            "what is not decided yet may stay so"
        );
    }
}
