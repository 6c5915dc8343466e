//! What a sheet is told of one hold that moved since it was opened.

use super::*;
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_domain::{Baseline, DeadlineAction, IntentStatus, TabId};
use holdfast_ledger_conformance::sample::{created, hold, now, operation, seen};
use uuid::Uuid;

const MINUTE: TimeDelta = TimeDelta::minutes(1);

/// A hold of 100.00 that Dojo shows so, with that much taken of it, a minute apart.
fn shown(status: IntentStatus, taken: &[i64]) -> Hold {
    Hold {
        intent_id: Some("pi_1".to_owned()),
        seen: Some(seen(status, taken)),
        ..hold(TabId(Uuid::nil()))
    }
}

/// What a sheet on which `before` stood is told, now that `after` stands there.
fn told(before: &Hold, after: &Hold, operations: &[Operation]) -> Vec<TabChange> {
    let was = SeenHold::of(before, &[created(before)]);
    let is = SeenHold::of(after, operations);
    on_hold(&was, &is, after, operations)
}

fn pounds(hold: &Hold, pounds: i64) -> Money {
    hold.money(pounds * 100)
}

fn taken(hold: &Hold, amount: i64, at: DateTime<Utc>, by: ChangedBy) -> TabChange {
    TabChange::Taken {
        money: pounds(hold, amount),
        at,
        by,
    }
}

#[test]
fn only_the_takes_since_are_told_each_with_its_time_and_who_did_it() {
    let before = shown(IntentStatus::Authorized, &[1_000]);
    let after = shown(IntentStatus::Authorized, &[1_000, 2_000, 3_000]);
    let night = Operation {
        state: OperationState::Succeeded,
        dojo_id: Some("cp_2".to_owned()),
        cause: Cause::Night,
        ..operation(after.id, OperationKind::Capture, 2_000)
    };
    let (second, third) = (now() + MINUTE * 2, now() + MINUTE * 3);
    assert_eq!(
        told(&before, &after, &[night]),
        [
            taken(&after, 20, second, ChangedBy::Night),
            taken(&after, 30, third, ChangedBy::Elsewhere),
        ]
    );
}

#[test]
fn what_dojo_took_at_the_deadline_is_told_as_its_own() {
    let before = shown(IntentStatus::Authorized, &[]);
    let end = now() + MINUTE;
    let after = Hold {
        expire_action: Some(DeadlineAction::Capture),
        lapsed_at: Some(end),
        ..shown(IntentStatus::Captured, &[10_000])
    };
    let all = told(&before, &after, &[]);
    assert!(
        all.contains(&taken(&after, 100, end, ChangedBy::DojoAtDeadline)),
        "{all:?}"
    );
    let unlisted = Hold {
        seen: Some(seen(IntentStatus::Captured, &[])),
        ..after
    };
    let all = told(&before, &unlisted, &[]);
    assert!(
        all.contains(&taken(&unlisted, 100, end, ChangedBy::Dojo)),
        "{all:?}"
    );
}

#[test]
fn what_dojo_does_at_the_deadline_matters_while_something_is_held() {
    let before = shown(IntentStatus::Authorized, &[]);
    let takes = |hold: Hold| Hold {
        expire_action: Some(DeadlineAction::Capture),
        ..hold
    };
    let change = TabChange::DeadlineAction(Some(DeadlineAction::Capture));
    let held = takes(before.clone());
    assert_eq!(told(&before, &held, &[]), std::slice::from_ref(&change));
    let gone = takes(shown(IntentStatus::Reversed, &[]));
    let all = told(&before, &gone, &[]);
    assert!(!all.contains(&change), "{all:?}");
}

#[test]
fn what_is_gone_is_told_once_nothing_is_on_its_way() {
    let before = shown(IntentStatus::Authorized, &[]);
    let gone = shown(IntentStatus::Reversed, &[]);
    let all = told(&before, &gone, &[created(&gone)]);
    assert!(
        all.contains(&TabChange::ReleasedElsewhere(pounds(&gone, 100))),
        "{all:?}"
    );
    let expired = Hold {
        lapsed_at: Some(now()),
        ..gone.clone()
    };
    let told_of = told(&before, &expired, &[]);
    let money = pounds(&gone, 100);
    assert!(
        told_of.contains(&TabChange::Expired { money, at: now() }),
        "{told_of:?}"
    );
    let release = Operation {
        state: OperationState::Succeeded,
        ..operation(gone.id, OperationKind::Reversal, 0)
    };
    let by = ChangedBy::Person(release.requested_by.clone());
    let all = told(&before, &gone, &[release]);
    assert!(
        all.contains(&TabChange::Released { money, at: now(), by }),
        "{all:?}"
    );
    // A take of part of it loses nothing.
    let part = told(&before, &shown(IntentStatus::Authorized, &[4_000]), &[]);
    assert_eq!(part, [taken(&before, 40, now() + MINUTE, ChangedBy::Elsewhere)]);
}

#[test]
fn refunds_since_are_told_and_the_rest_is_nobodys_here() {
    let refunded = |minor| {
        let mut hold = shown(IntentStatus::Captured, &[10_000]);
        hold.seen.iter_mut().for_each(|seen| seen.refunded = minor);
        hold
    };
    let ours = |amount, before| Operation {
        state: OperationState::Succeeded,
        baseline: Baseline {
            refunded: before,
            ..Baseline::default()
        },
        ..operation(hold(TabId(Uuid::nil())).id, OperationKind::Refund, amount)
    };
    let (before, after) = (refunded(1_000), refunded(4_000));
    let operations = [ours(1_000, 0), ours(2_000, 1_000)];
    let by = ChangedBy::Person(operations[0].requested_by.clone());
    assert_eq!(
        told(&before, &after, &operations),
        [
            TabChange::Refunded {
                money: pounds(&after, 20),
                at: now(),
                by
            },
            TabChange::RefundedElsewhere(pounds(&after, 10)),
        ]
    );
    assert_eq!(
        told(&after, &before, &operations),
        [TabChange::LessRefunded(pounds(&before, 10))]
    );
}
