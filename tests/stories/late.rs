//! Requests that were lost and come after all, and readings that are older than what is known: nothing is
//! hidden, nothing is taken back, and nobody is hurried.

use crate::refunds::{sweeps, table};
use crate::{decide, held};
use anyhow::{Context, Result, ensure};
use holdfast_desk::{ErrorCode, PaperKind};
use holdfast_dojo::Method;
use holdfast_domain::{
    Action, FindingKind, Hold, Kind, MovementKind, Operation, OperationKind, OperationState, TabId,
};
use holdfast_ledger::prelude::*;
use holdfast_tests::Till;
use holdfast_tests::press::Press;

/// A request that Dojo works on half an hour later, given up by then.
async fn lost(till: &Till, hold: &Hold, kind: OperationKind, amount: i64) -> Result<Operation> {
    let ending = if kind == OperationKind::Refund {
        "refunds"
    } else {
        "captures"
    };
    till.fault_after(ending, "late", 1_800).await?;
    let unclear = till.desk.press(decide(hold, kind, amount)).await?;
    assert_eq!(unclear.state, OperationState::Unknown);
    for _ in 0..3 {
        till.wind("00:01:10").await?;
        till.desk.sweep().await?;
    }
    assert_eq!(state_of(till, &unclear).await?, OperationState::Absent);
    Ok(unclear)
}

async fn state_of(till: &Till, operation: &Operation) -> Result<OperationState> {
    let known = till.ledger.operation(operation.id).await?;
    Ok(known.context("it is gone")?.state)
}

/// What is said of the tab's newest hold, and whether somebody has to look.
async fn said(till: &Till, tab: TabId) -> Result<(String, bool)> {
    let view = till.desk.tab(tab).await?;
    let operation = view.holds.first().and_then(|hold| hold.operation.clone());
    Ok((
        operation.map(|o| o.words).unwrap_or_default(),
        view.row.needs_person,
    ))
}

#[tokio::test]
async fn a_take_that_comes_after_it_was_taken_again_is_told_and_can_be_refunded() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = held(&till).await?;
    let first = lost(&till, &hold, OperationKind::Capture, 1_000).await?;
    let again = till
        .desk
        .press(decide(&hold, OperationKind::Capture, 1_000))
        .await?;
    assert_eq!(again.state, OperationState::Succeeded);

    till.wind("00:30:00").await?;
    till.desk.sweep().await?;
    let found = state_of(&till, &first).await?;
    assert_eq!(found, OperationState::Succeeded, "one sweep finds it");
    let (words, needs_person) = said(&till, tab).await?;
    assert!(
        words.contains("The take of £10.00 went through after all"),
        "{words}"
    );
    assert!(words.contains("refund it") && needs_person, "{words}");
    let view = till.desk.tab(tab).await?;
    let shown = view.holds.first().context("no hold")?;
    assert_eq!((shown.captured.minor, shown.refundable.minor), (2_000, 2_000));
    let offered = shown
        .actions
        .iter()
        .any(|a| a.action == Action::Refund && a.allowed);
    assert!(offered, "{:?}", shown.actions);

    let back = till
        .desk
        .press(decide(&hold, OperationKind::Refund, 1_000))
        .await?;
    assert_eq!(back.state, OperationState::Succeeded);
    assert_eq!(said(&till, tab).await?.0, "", "it was answered");
    Ok(())
}

#[tokio::test]
async fn a_lost_refund_of_a_hold_that_is_all_taken_is_found_by_the_sweep() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = held(&till).await?;
    till.desk
        .press(decide(&hold, OperationKind::Capture, 5_000))
        .await?;
    let refund = lost(&till, &hold, OperationKind::Refund, 1_000).await?;
    till.wind("00:30:00").await?;
    till.desk.sweep().await?;
    assert_eq!(state_of(&till, &refund).await?, OperationState::Succeeded);
    let (words, needs_person) = said(&till, tab).await?;
    assert!(
        words.contains("The refund of £10.00 went through after all") && needs_person,
        "{words}"
    );
    Ok(())
}

#[tokio::test]
async fn a_refund_that_comes_after_hours_is_found_though_the_hold_is_all_taken() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = held(&till).await?;
    till.desk
        .press(decide(&hold, OperationKind::Capture, 5_000))
        .await?;
    till.fault_after("refunds", "late", 5 * 3_600).await?;
    let refund = till
        .desk
        .press(decide(&hold, OperationKind::Refund, 1_000))
        .await?;
    for _ in 0..3 {
        till.wind("00:01:10").await?;
        till.desk.sweep().await?;
    }
    assert_eq!(state_of(&till, &refund).await?, OperationState::Absent);

    till.wind("05:00:00").await?;
    till.desk.sweep().await?;
    assert_eq!(state_of(&till, &refund).await?, OperationState::Succeeded);
    let (words, needs_person) = said(&till, tab).await?;
    assert!(
        words.contains("went through after all") && needs_person,
        "{words}"
    );
    Ok(())
}

#[tokio::test]
async fn of_two_lost_requests_each_is_known_when_it_comes() -> Result<()> {
    for kind in [OperationKind::Capture, OperationKind::Refund] {
        let till = Till::open().await?;
        let (tab, hold) = held(&till).await?;
        if kind == OperationKind::Refund {
            till.desk
                .press(decide(&hold, OperationKind::Capture, 4_000))
                .await?;
        }
        let first = lost(&till, &hold, kind, 1_000).await?;
        till.wind("00:10:00").await?;
        let second = lost(&till, &hold, kind, 700).await?;
        // The first one comes, and the second not yet.
        till.wind("00:15:00").await?;
        till.desk.sweep().await?;
        let states = (state_of(&till, &first).await?, state_of(&till, &second).await?);
        assert_eq!(
            states,
            (OperationState::Succeeded, OperationState::Absent),
            "{kind:?}"
        );
        till.wind("00:15:00").await?;
        till.desk.sweep().await?;
        let second = state_of(&till, &second).await?;
        assert_eq!(second, OperationState::Succeeded, "{kind:?}");
        let history = till.desk.tab(tab).await?.history;
        let strange = history.iter().find(|step| step.words.contains("elsewhere"));
        assert!(strange.is_none(), "all of it was decided here: {strange:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_date_header_that_jumps_does_not_shorten_the_wait() -> Result<()> {
    let till = Till::open().await?;
    let (_, hold) = held(&till).await?;
    till.fault("captures", "reset-before").await?;
    let unclear = till
        .desk
        .press(decide(&hold, OperationKind::Capture, 1_000))
        .await?;
    for jump in [600, 0, 900, 0, 1_200] {
        till.wind("00:00:21").await?;
        till.fault_after("get", "skewed-date", jump).await?;
        till.desk.sweep().await?;
        let state = state_of(&till, &unclear).await?;
        assert_eq!(state, OperationState::Unknown, "{jump}");
    }
    till.wind("00:00:30").await?;
    till.desk.sweep().await?;
    let state = state_of(&till, &unclear).await?;
    assert_eq!(state, OperationState::Absent, "two minutes have passed");
    Ok(())
}

#[tokio::test]
async fn a_reading_from_before_a_take_does_not_take_it_back() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = held(&till).await?;
    for amount in [1_000, 700] {
        till.desk
            .press(decide(&hold, OperationKind::Capture, amount))
            .await?;
    }
    till.fault("get", "stale-get").await?;
    let told = till.desk.read(hold.id).await.err().context("it was believed")?;
    assert_eq!(told.code, ErrorCode::Unclear);
    assert_eq!(till.desk.tab(tab).await?.row.captured.minor, 1_700);
    assert_eq!(till.hold(tab).await?.captured(), 1_700);
    Ok(())
}

/// A release that Dojo accepted and shows after some minutes was ours.
#[tokio::test]
async fn a_release_that_shows_late_was_not_made_elsewhere() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "50", "20").await?;
    till.wire.rewrite(|request, body| {
        if request.method == Method::Get && body.get("status").is_some() {
            body["status"] = "Authorized".into();
        }
    });
    let release = till.desk.press(decide(&hold, OperationKind::Reversal, 0)).await?;
    sweeps(&till, 4).await?;
    till.wire.leave();
    sweeps(&till, 2).await?;
    let state = till.ledger.operation(release.id).await?.context("gone")?.state;
    let said: Vec<String> = till
        .desk
        .tab(tab)
        .await?
        .history
        .iter()
        .map(|step| step.words.clone())
        .collect();
    assert!(
        !said.iter().any(|words| words.contains("elsewhere")),
        "{state:?} {said:?}"
    );
    Ok(())
}

/// A cancel that shows late was ours.
#[tokio::test]
async fn a_cancel_that_shows_late_was_not_made_elsewhere() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Tab, "Table 12", "50").await?;
    let hold = till.hold(tab).await?;
    till.wire.rewrite(|request, body| {
        if request.method == Method::Get && body.get("status").is_some() {
            body["status"] = "Created".into();
        }
    });
    let cancel = till.desk.press(decide(&hold, OperationKind::Cancel, 0)).await?;
    sweeps(&till, 4).await?;
    till.wire.leave();
    sweeps(&till, 2).await?;
    let state = till.ledger.operation(cancel.id).await?.context("gone")?.state;
    let said: Vec<String> = till
        .desk
        .tab(tab)
        .await?
        .history
        .iter()
        .map(|step| step.words.clone())
        .collect();
    assert!(
        !said.iter().any(|words| words.contains("elsewhere")),
        "{state:?} {said:?}"
    );
    Ok(())
}

/// Dojo is slow to change an amount: what it shows in the end was asked for here.
#[tokio::test]
async fn an_amount_that_shows_late_was_not_changed_elsewhere() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Tab, "Table 12", "50").await?;
    let hold = till.hold(tab).await?;
    till.wire.rewrite(|request, body| {
        if request.method == Method::Get && body.get("status").is_some() {
            body["amount"]["value"] = 5_000.into();
            body["totalAmount"]["value"] = 5_000.into();
        }
    });
    let change = till
        .desk
        .press(decide(&hold, OperationKind::SetAmount, 7_000))
        .await?;
    sweeps(&till, 4).await?;
    till.wire.leave();
    sweeps(&till, 2).await?;
    let state = till.ledger.operation(change.id).await?.context("gone")?.state;
    let said: Vec<String> = till
        .desk
        .tab(tab)
        .await?
        .history
        .iter()
        .map(|step| step.words.clone())
        .collect();
    assert!(
        !said.iter().any(|words| words.contains("elsewhere")),
        "{state:?} {said:?}"
    );
    Ok(())
}

/// A release was lost for good. Six days later Dojo lets the hold go at the deadline: that’s Dojo’s own doing, it is
/// told as that, and the lost release stays lost.
#[tokio::test]
async fn a_deadline_is_not_a_lost_release_that_came_late() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "50", "20").await?;
    till.fault("reversal", "504-before").await?;
    let act = till.desk.acting(hold.id).await?;
    let done = till.desk.act(OperationKind::Reversal, act).await?;
    ensure!(done.operations[0].state == OperationState::Unknown, "{done:?}");
    sweeps(&till, 4).await?;
    let release = done.operations[0].id;
    let state = till.ledger.operation(release).await?.context("gone")?.state;
    ensure!(state == OperationState::Absent, "{state:?}");
    till.wind("6.00:00:00").await?;
    sweeps(&till, 2).await?;
    ensure!(till.hold(tab).await?.left() == 5_000, "held until the deadline");
    till.wind("1.00:00:00").await?;
    sweeps(&till, 3).await?;

    let moved = till.ledger.movements(1, i64::MAX).await?;
    let of = |kind| {
        moved
            .iter()
            .filter(move |m| m.what.kind == kind)
            .map(|m| m.what.amount)
            .sum::<i64>()
    };
    let (released, lapsed) = (of(MovementKind::Released), of(MovementKind::Lapsed));
    let told = till
        .ledger
        .findings()
        .await?
        .iter()
        .any(|f| f.kind() == FindingKind::Lapsed);
    let row = till.desk.tab(tab).await?.row;
    let state = till.ledger.operation(release).await?.context("gone")?.state;
    let letter = till.desk.paper(PaperKind::Letter, hold.id).await?.facts;
    assert!(
        (released, lapsed) == (0, 5_000) && told && row.uncovered.is_some(),
        "released {released}, lapsed {lapsed}, told {told}, the release {state:?}, row {:?} {:?}, letter {letter:?}",
        row.state,
        row.uncovered
    );
    Ok(())
}

/// A cancel was lost for good. Days later the link ends at its own time.
#[tokio::test]
async fn a_link_that_ends_is_not_a_lost_cancel_that_came_late() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Tab, "Table 12", "50").await?;
    let hold = till.hold(tab).await?;
    till.fault("cancel", "504-before").await?;
    let act = till.desk.acting(hold.id).await?;
    let done = till.desk.act(OperationKind::Cancel, act).await?;
    let cancel = done.operations[0].id;
    sweeps(&till, 4).await?;
    let state = till.ledger.operation(cancel).await?.context("gone")?.state;
    ensure!(state == OperationState::Absent, "{state:?}");
    till.wind("2.00:00:00").await?;
    sweeps(&till, 2).await?;
    let view = till.desk.tab(tab).await?;
    let state = till.ledger.operation(cancel).await?.context("gone")?.state;
    let told = view.history.first().map(|step| step.words.clone());
    assert!(
        state == OperationState::Absent,
        "the cancel {state:?}, row {:?}, history {told:?}",
        view.row.state
    );
    Ok(())
}
