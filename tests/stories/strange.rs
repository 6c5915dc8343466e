//! Dojo does something else than it was asked, shows something that can't be, or shows it late: it is said, what
//! Dojo holds and took is counted as it is, and nobody is locked out for good.

use crate::refunds::{newest, table, take};
use crate::{decide, held};
use anyhow::{Context, Result};
use holdfast_desk::view::StateCode;
use holdfast_desk::{Clock, ErrorCode, OpenTab, SystemClock};
use holdfast_dojo::Method;
use holdfast_domain::{
    Action, Currency, DeadlineAction, FindingKind, Hold, Kind, MovementKind, Operation, OperationKind,
    OperationState, TabId,
};
use holdfast_ledger::prelude::*;
use holdfast_ledger_sqlite::SqliteLedger;
use holdfast_tests::press::Press;
use holdfast_tests::{GOOD, KEY, Till};
use serde_json::{Value, json};

async fn state_of(till: &Till, operation: &Operation) -> Result<OperationState> {
    let known = till.ledger.operation(operation.id).await?;
    Ok(known.context("it is gone")?.state)
}

/// Whether the history of `tab` says `words`.
async fn is_told(till: &Till, tab: TabId, words: &str) -> Result<bool> {
    let history = till.desk.tab(tab).await?.history;
    Ok(history.iter().any(|step| step.words.contains(words)))
}

async fn open_findings(till: &Till, kind: FindingKind) -> Result<usize> {
    let open = till.ledger.findings().await?;
    Ok(open.iter().filter(|f| f.kind() == kind).count())
}

/// Whether the newest hold of `tab` lets staff do this.
async fn may(till: &Till, tab: TabId, action: Action) -> Result<bool> {
    let view = till.desk.tab(tab).await?;
    let hold = view.holds.first().context("no hold")?;
    Ok(hold.actions.iter().any(|a| a.action == action && a.allowed))
}

/// Two minutes and more of readings.
async fn sweeps(till: &Till, count: usize) -> Result<()> {
    for _ in 0..count {
        till.wind("00:01:10").await?;
        till.desk.sweep().await?;
    }
    Ok(())
}

/// From now on every answer about an intent shows these fields.
fn shows(till: &Till, fields: Value) {
    till.wire.rewrite(move |_, body| {
        let change = |intent: &mut Value| {
            if intent.get("captureMode").is_none() {
                return;
            }
            for (name, value) in fields.as_object().into_iter().flatten() {
                intent[name] = value.clone();
            }
        };
        match body.get_mut("data").and_then(Value::as_array_mut) {
            Some(page) => page.iter_mut().for_each(change),
            None => change(body),
        }
    });
}

/// A request whose answer shows `fields`, and nothing else ever does.
async fn opened_with_echo(till: &Till, fields: Value) -> Result<(TabId, Hold)> {
    shows(till, fields);
    let mut wanted = OpenTab::of(Kind::Tab, "Table 12", "50", Currency::Gbp);
    wanted.deadline_action = Some(DeadlineAction::Release);
    let tab = till.desk.open_tab(wanted).await?;
    let hold = till.ledger.holds(tab).await?.pop().context("no hold")?;
    Ok((tab, hold))
}

#[tokio::test]
async fn a_request_that_dojo_made_in_another_way_is_told_and_says_how() -> Result<()> {
    let amount = |value: i64, currency: &str| json!({ "value": value, "currencyCode": currency });
    for (echo, words) in [
        (
            json!({ "autoExpireIn": "2.00:00:00" }),
            "after 2 days, not after 167 hours",
        ),
        (
            json!({ "autoExpireAction": "Capture" }),
            "takes what’s on hold, but should release it",
        ),
        (
            json!({ "autoExpireAction": null }),
            "doesn’t say what it does at the deadline",
        ),
        (
            json!({ "captureMode": "Auto" }),
            "takes the money as soon as the guest pays",
        ),
        (json!({ "amount": amount(5_000, "EUR") }), "€50.00, not £50.00"),
        (json!({ "amount": amount(500, "GBP") }), "£5.00, not £50.00"),
    ] {
        let till = Till::open().await?;
        let (tab, _) = opened_with_echo(&till, echo.clone()).await?;
        let view = till.desk.tab(tab).await?;
        let operation = view.holds[0].operation.as_ref().context("nothing is said")?;
        assert_eq!(operation.state, OperationState::Conflict, "{echo}");
        assert!(operation.words.contains(words), "{echo}: {}", operation.words);
        assert!(operation.words.contains("open a new one"), "{}", operation.words);
        assert!(view.row.needs_person);
    }
    Ok(())
}

#[tokio::test]
async fn of_two_intervals_the_one_that_dojo_has_is_warned_of() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = opened_with_echo(&till, json!({ "autoExpireIn": "1.00:00:00" })).await?;
    assert_eq!(hold.expire_in, Some(24 * 60 * 60));
    till.pay(&hold, GOOD).await?;
    till.desk.sweep().await?;
    till.desk.warn(false).await?;
    assert_eq!(
        open_findings(&till, FindingKind::Deadline).await?,
        1,
        "less than a day is left"
    );
    assert_eq!(till.desk.tab(tab).await?.row.left.minor, 5_000);
    Ok(())
}

#[tokio::test]
async fn a_hold_that_dojo_made_a_payment_shows_as_taken_when_the_guest_pays() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = opened_with_echo(&till, json!({ "captureMode": "Auto" })).await?;
    till.pay(&hold, GOOD).await?;
    shows(&till, json!({ "captureMode": "Auto", "status": "Captured" }));
    till.desk.sweep().await?;
    let row = till.desk.tab(tab).await?.row;
    assert_eq!(
        (row.captured.minor, row.left.minor),
        (5_000, 0),
        "{:?}",
        row.state
    );
    assert!(may(&till, tab, Action::Refund).await?);
    let taken = till.ledger.movements(1, i64::MAX).await?;
    let taken: i64 = taken
        .iter()
        .filter(|m| m.what.kind == MovementKind::Taken)
        .map(|m| m.what.amount)
        .sum();
    assert_eq!(taken, 5_000);
    Ok(())
}

#[tokio::test]
async fn a_late_take_puts_no_other_take_at_odds() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = held(&till).await?;
    till.fault_after("captures", "late", 600).await?;
    let first = till
        .desk
        .press(decide(&hold, OperationKind::Capture, 1_000))
        .await?;
    sweeps(&till, 3).await?;
    assert_eq!(state_of(&till, &first).await?, OperationState::Absent);
    // By its time to come, a second one is lost as well, and comes half an hour after it.
    till.wind("00:05:00").await?;
    till.fault_after("captures", "late", 1_800).await?;
    let second = till
        .desk
        .press(decide(&hold, OperationKind::Capture, 700))
        .await?;
    assert_eq!(second.state, OperationState::Unknown);
    till.wind("00:01:40").await?;
    till.desk.sweep().await?;
    assert_eq!(
        state_of(&till, &first).await?,
        OperationState::Succeeded,
        "it came"
    );
    assert_ne!(state_of(&till, &second).await?, OperationState::Conflict);
    sweeps(&till, 3).await?;
    till.wind("00:30:00").await?;
    till.desk.sweep().await?;
    assert_eq!(state_of(&till, &second).await?, OperationState::Succeeded);
    assert!(!is_told(&till, tab, "elsewhere").await?);
    Ok(())
}

#[tokio::test]
async fn what_does_not_match_is_done_once_dojo_shows_just_what_was_asked() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = held(&till).await?;
    let id = hold.intent_id.as_deref().context("no intent")?;
    // Somebody takes £7 in the portal while a take of £10 is on its slow way.
    till.fault_after("captures", "late", 600).await?;
    let take = till
        .desk
        .press(decide(&hold, OperationKind::Capture, 1_000))
        .await?;
    till.client(KEY)?.capture(id, 700, None).await?;
    till.desk.sweep().await?;
    assert_eq!(state_of(&till, &take).await?, OperationState::Conflict);
    assert!(
        till.desk.tab(tab).await?.holds[0].caution.is_some(),
        "it may still come"
    );
    till.wind("00:10:00").await?;
    till.desk.sweep().await?;
    assert_eq!(state_of(&till, &take).await?, OperationState::Succeeded);
    Ok(())
}

#[tokio::test]
async fn a_refund_that_dojo_accepted_waits_until_it_shows() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = held(&till).await?;
    till.desk
        .press(decide(&hold, OperationKind::Capture, 5_000))
        .await?;
    shows(&till, json!({ "refundedAmount": 0, "status": "Captured" }));
    let refund = till
        .desk
        .press(decide(&hold, OperationKind::Refund, 2_000))
        .await?;
    assert_eq!(refund.state, OperationState::Accepted);
    sweeps(&till, 6).await?;
    assert_eq!(state_of(&till, &refund).await?, OperationState::Accepted);
    let caution = till.desk.tab(tab).await?.holds[0]
        .caution
        .clone()
        .context("no caution")?;
    assert!(caution.contains("refund £20.00"), "{caution}");
    let again = till
        .desk
        .press(decide(&hold, OperationKind::Refund, 2_000))
        .await
        .err();
    assert_eq!(again.map(|e| e.code), Some(ErrorCode::NotAllowed));
    till.wire.leave();
    till.desk.sweep().await?;
    assert_eq!(state_of(&till, &refund).await?, OperationState::Succeeded);
    assert_eq!(till.requests("POST", "/refunds").await?, 1);
    assert!(!is_told(&till, tab, "elsewhere").await?);
    Ok(())
}

#[tokio::test]
async fn a_refund_that_the_bank_sends_back_can_be_accepted_by_a_person() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = held(&till).await?;
    till.desk
        .press(decide(&hold, OperationKind::Capture, 5_000))
        .await?;
    till.desk
        .press(decide(&hold, OperationKind::Refund, 2_000))
        .await?;
    shows(&till, json!({ "refundedAmount": 500 }));
    for _ in 0..2 {
        assert!(till.desk.read(hold.id).await.is_err(), "it may be an old answer");
    }
    assert_eq!(
        open_findings(&till, FindingKind::Contradicts).await?,
        0,
        "it is too early to say"
    );
    assert!(till.desk.tab(tab).await?.holds[0].contradicts.is_none());
    let early = till.desk.accept_reading(hold.id, "").await.err();
    assert_eq!(early.map(|e| e.code), Some(ErrorCode::NotAllowed));

    for _ in 0..3 {
        till.wind("00:01:10").await?;
        till.desk.read(hold.id).await.err();
    }
    assert_eq!(open_findings(&till, FindingKind::Contradicts).await?, 1);
    let view = till.desk.tab(tab).await?;
    assert_eq!(
        view.row.state.code,
        StateCode::PartRefunded,
        "{:?}",
        view.row.state
    );
    let odd = view.holds[0].contradicts.clone().context("nothing is said")?;
    assert!(odd.words.contains("£20.00 refunded"), "{}", odd.words);
    assert!(odd.words.contains("£5.00 refunded"), "{}", odd.words);

    let refused = till
        .desk
        .press(decide(&hold, OperationKind::Capture, 100))
        .await
        .err();
    let refused = refused.context("it was sent")?;
    assert!(refused.message.contains("use what Dojo shows"), "{refused:?}");

    // Dojo shows something else by the time that somebody presses.
    shows(&till, json!({ "refundedAmount": 400 }));
    let other = till.desk.accept_reading(hold.id, &odd.key).await.err();
    assert_eq!(other.map(|e| e.code), Some(ErrorCode::Changed));
    assert_eq!(
        till.ledger.hold(hold.id).await?.refunded(),
        2_000,
        "nothing was recorded"
    );

    for _ in 0..3 {
        till.wind("00:01:10").await?;
        till.desk.read(hold.id).await.err();
    }
    let odd = till.desk.tab(tab).await?.holds[0]
        .contradicts
        .clone()
        .context("nothing is said")?;
    till.desk.accept_reading(hold.id, &odd.key).await?;
    assert_eq!(till.hold(tab).await?.refunded(), 400, "it can be read again");
    assert!(is_told(&till, tab, "Dojo’s reading accepted").await?);
    assert_eq!(open_findings(&till, FindingKind::Contradicts).await?, 0);
    let movements = till.ledger.movements(1, i64::MAX).await?;
    let refunded: i64 = movements
        .iter()
        .filter(|m| m.what.kind == MovementKind::Refunded)
        .map(|m| m.what.amount)
        .sum();
    assert_eq!(refunded, 400, "the books say what Dojo says");
    Ok(())
}

#[tokio::test]
async fn a_take_that_disappears_is_told_and_ends_when_dojo_shows_it_again() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = held(&till).await?;
    till.desk
        .press(decide(&hold, OperationKind::Capture, 1_000))
        .await?;
    shows(&till, json!({ "captures": [], "status": "Authorized" }));
    sweeps(&till, 4).await?;
    assert_eq!(open_findings(&till, FindingKind::Contradicts).await?, 1);
    assert_eq!(till.desk.tab(tab).await?.row.captured.minor, 1_000);
    till.wire.leave();
    till.desk.sweep().await?;
    assert_eq!(open_findings(&till, FindingKind::Contradicts).await?, 0);
    assert!(till.desk.tab(tab).await?.holds[0].contradicts.is_none());
    Ok(())
}

#[tokio::test]
async fn what_contradicts_a_hold_that_is_over_is_found_by_the_daily_look() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = held(&till).await?;
    till.desk
        .press(decide(&hold, OperationKind::Capture, 5_000))
        .await?;
    till.desk
        .press(decide(&hold, OperationKind::Refund, 5_000))
        .await?;
    assert!(till.ledger.hold(hold.id).await?.is_over());
    shows(&till, json!({ "refundedAmount": 0, "status": "Captured" }));
    till.desk.reconcile_recent().await?;
    sweeps(&till, 4).await?;
    assert_eq!(open_findings(&till, FindingKind::Contradicts).await?, 1);
    assert!(till.desk.tab(tab).await?.holds[0].contradicts.is_some());
    Ok(())
}

#[tokio::test]
async fn a_hold_in_a_state_that_this_version_does_not_know_stays_what_it_was() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = held(&till).await?;
    till.desk
        .press(decide(&hold, OperationKind::Capture, 1_000))
        .await?;
    till.wind("6.00:00:00").await?;
    till.desk.sweep().await?;
    till.desk.warn(false).await?;
    assert_eq!(open_findings(&till, FindingKind::Deadline).await?, 1);

    shows(&till, json!({ "status": "PartiallyCaptured" }));
    till.desk.sweep().await?;
    till.desk.warn(false).await?;
    let view = till.desk.tab(tab).await?;
    assert_eq!(view.row.state.code, StateCode::Unreadable);
    assert_eq!((view.row.captured.minor, view.row.left.minor), (1_000, 4_000));
    assert!(view.row.deadline.is_some());
    assert_eq!(
        open_findings(&till, FindingKind::Deadline).await?,
        1,
        "it is still warned of"
    );
    let caution = view.holds[0].caution.clone().context("no caution")?;
    assert!(caution.contains("doesn’t know"), "{caution}");
    for (kind, amount) in [(OperationKind::Capture, 500), (OperationKind::Refund, 300)] {
        let done = till.desk.press(decide(&hold, kind, amount)).await?;
        assert_eq!(done.state, OperationState::Succeeded, "{kind:?}: Dojo decides");
    }
    Ok(())
}

#[tokio::test]
async fn a_hold_in_an_unknown_state_can_be_released() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = held(&till).await?;
    shows(&till, json!({ "status": "UnderReview" }));
    till.desk.sweep().await?;
    assert!(may(&till, tab, Action::Take).await? && may(&till, tab, Action::Release).await?);
    assert!(!may(&till, tab, Action::Refund).await? && !may(&till, tab, Action::Cancel).await?);
    till.desk.press(decide(&hold, OperationKind::Reversal, 0)).await?;
    assert_eq!(till.requests("POST", "/reversal").await?, 1);
    till.wire.leave();
    assert_eq!(till.hold(tab).await?.left(), 0);
    assert_eq!(till.desk.tab(tab).await?.row.state.code, StateCode::Released);
    Ok(())
}

#[tokio::test]
async fn an_unpaid_request_in_an_unknown_state_holds_nothing() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Tab, "Table 12", "50").await?;
    shows(&till, json!({ "status": "Pending" }));
    till.desk.sweep().await?;
    assert_eq!(till.desk.tab(tab).await?.row.left.minor, 0);
    assert!(!may(&till, tab, Action::Take).await? && !may(&till, tab, Action::Release).await?);
    Ok(())
}

#[tokio::test]
async fn a_card_that_pays_a_cancelled_request_is_told_and_can_be_released() -> Result<()> {
    for status in ["Authorized", "Captured"] {
        let till = Till::open().await?;
        let kind = if status == "Authorized" {
            Kind::Tab
        } else {
            Kind::Payment
        };
        let tab = till.opened(kind, "Table 12", "50").await?;
        let hold = till.hold(tab).await?;
        // The cancel is answered, and the guest's bank was faster.
        till.pay(&hold, GOOD).await?;
        shows(&till, json!({ "status": "Canceled" }));
        till.wire.rewrite(|request, body| {
            if body.get("status").is_some() {
                body["status"] = "Canceled".into();
            }
            if request.method == Method::Get {
                body["paymentEvents"] = json!([]);
            }
        });
        till.hold(tab).await?;
        assert_eq!(till.desk.tab(tab).await?.row.state.code, StateCode::Cancelled);
        till.wire.leave();
        till.desk.reconcile_recent().await?;
        let view = till.desk.tab(tab).await?;
        assert!(
            is_told(&till, tab, "was cancelled, and").await?,
            "{:?}",
            view.history
        );
        assert_eq!(open_findings(&till, FindingKind::Contradicts).await?, 1);
        if status == "Authorized" {
            assert_eq!(view.row.left.minor, 5_000);
            assert!(may(&till, tab, Action::Release).await?);
            let live = till.ledger.live_holds(SystemClock.now()).await?;
            assert_eq!(live.len(), 1, "it is watched");
        } else {
            assert_eq!(view.row.captured.minor, 5_000);
            assert!(may(&till, tab, Action::Refund).await?);
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_take_that_fails_after_it_was_done_counts_nowhere() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = held(&till).await?;
    let mut take = decide(&hold, OperationKind::Capture, 1_000);
    take.service = 100;
    let take = till.desk.press(take).await?;
    assert_eq!(take.state, OperationState::Succeeded);
    till.wire.rewrite(|_, body| {
        for capture in body
            .get_mut("captures")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            capture["status"] = "Failed".into();
        }
    });
    till.desk.sweep().await?;
    assert_eq!(state_of(&till, &take).await?, OperationState::Declined);
    let row = till.desk.tab(tab).await?.row;
    assert_eq!((row.captured.minor, row.left.minor), (0, 5_000));
    assert!(row.needs_person || open_findings(&till, FindingKind::AmountDiffers).await? == 1);
    let movements = till.ledger.movements(1, i64::MAX).await?;
    let (taken, service) = movements
        .iter()
        .filter(|m| m.what.kind == MovementKind::Taken)
        .fold((0, 0), |(taken, service), m| {
            (taken + m.what.amount, service + m.what.service)
        });
    assert_eq!((taken, service), (0, 0));
    Ok(())
}

#[tokio::test]
async fn of_a_request_that_the_way_doubled_the_paid_one_is_brought_in() -> Result<()> {
    for is_restored in [false, true] {
        let till = Till::open().await?;
        till.desk.back_up().await?;
        let backup = till.ledger.backups().await?.pop().context("no backup")?.name;
        // Every search lists the one that nobody paid first.
        till.wire.rewrite(|_, body| {
            if let Some(page) = body.get_mut("data").and_then(Value::as_array_mut) {
                page.sort_by_key(|intent| intent["status"] != "Created");
            }
        });
        till.fault("payment-intents", "twice").await?;
        let tab = till.opened(Kind::Tab, "Table 12", "50").await?;
        let hold = till.hold(tab).await?;
        till.pay(&hold, GOOD).await?;
        let paid = till.hold(tab).await?;
        assert_eq!(paid.left(), 5_000);
        let till = till
            .restart_after(|folder| {
                if is_restored {
                    SqliteLedger::restore(folder, &backup, SystemClock.now())?;
                    return Ok(());
                }
                Ok(std::fs::remove_dir_all(folder)?)
            })
            .await?;
        if is_restored {
            till.desk.sweep().await?;
        } else {
            till.desk.import_open().await?;
        }
        let known = till.ledger.hold(hold.id).await?;
        assert_eq!(
            (known.intent_id.as_ref(), known.left()),
            (paid.intent_id.as_ref(), 5_000)
        );
        till.desk.reconcile_recent().await?;
        let known = till.ledger.hold(hold.id).await?;
        assert_eq!(known.left(), 5_000, "the other one is none of it");
    }
    Ok(())
}

#[tokio::test]
async fn what_dojo_really_made_in_another_way_counts_as_it_is() -> Result<()> {
    for (fault, state) in [
        ("echo-interval", StateCode::Held),
        ("echo-action", StateCode::Held),
        ("echo-mode", StateCode::Paid),
        ("echo-amount", StateCode::Held),
    ] {
        let till = Till::open().await?;
        till.fault_after("payment-intents", fault, 3 * 24 * 60 * 60)
            .await?;
        let tab = till.opened(Kind::Tab, "Table 12", "50").await?;
        let hold = till.ledger.holds(tab).await?.pop().context("no hold")?;
        let create = till
            .ledger
            .operations(hold.id)
            .await?
            .pop()
            .context("no create")?;
        assert_eq!(create.state, OperationState::Conflict, "{fault}");
        till.pay(&hold, GOOD).await?;
        till.desk.sweep().await?;
        till.desk.put_aside(create.id).await?;
        let row = till.desk.tab(tab).await?.row;
        assert_eq!(row.state.code, state, "{fault}");
        if state == StateCode::Held {
            till.wind("7.00:00:00").await?;
            till.desk.sweep().await?;
            let row = till.desk.tab(tab).await?.row;
            assert_eq!(row.left.minor, 0, "{fault}");
            assert!(!is_told(&till, tab, "elsewhere").await?, "{fault}");
            let code = if fault == "echo-action" {
                StateCode::TakenByDojo
            } else {
                StateCode::Expired
            };
            assert_eq!(row.state.code, code, "{fault}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_payment_that_dojo_only_holds_can_be_taken_and_released() -> Result<()> {
    let till = Till::open().await?;
    till.fault("payment-intents", "echo-mode").await?;
    let tab = till.opened(Kind::Payment, "Room 3", "50").await?;
    let hold = till.hold(tab).await?;
    till.pay(&hold, GOOD).await?;
    till.desk.sweep().await?;
    assert_eq!(till.desk.tab(tab).await?.row.left.minor, 5_000);
    assert!(may(&till, tab, Action::Take).await? && may(&till, tab, Action::Release).await?);
    Ok(())
}

#[tokio::test]
async fn a_refund_that_dojo_counts_late_is_done_when_it_does() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = held(&till).await?;
    till.desk
        .press(decide(&hold, OperationKind::Capture, 5_000))
        .await?;
    till.fault_after("refunds", "refund-later", 400).await?;
    let refund = till
        .desk
        .press(decide(&hold, OperationKind::Refund, 2_000))
        .await?;
    sweeps(&till, 4).await?;
    assert_eq!(state_of(&till, &refund).await?, OperationState::Accepted);
    sweeps(&till, 3).await?;
    assert_eq!(state_of(&till, &refund).await?, OperationState::Succeeded);
    assert!(!is_told(&till, tab, "elsewhere").await?);
    Ok(())
}

#[tokio::test]
async fn after_a_refund_that_failed_was_accepted_the_next_one_is_settled_as_any_other() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = held(&till).await?;
    till.desk
        .press(decide(&hold, OperationKind::Capture, 5_000))
        .await?;
    till.fault_after("refunds", "refund-fails-later", 60).await?;
    let failed = till
        .desk
        .press(decide(&hold, OperationKind::Refund, 2_000))
        .await?;
    assert_eq!(failed.state, OperationState::Succeeded);
    // What is left is still held by another tab's guest; this one is over and watched all the same.
    till.wind("00:02:00").await?;
    till.desk.reconcile_recent().await?;
    sweeps(&till, 4).await?;
    let odd = till.desk.tab(tab).await?.holds[0]
        .contradicts
        .clone()
        .context("nothing is said")?;
    till.desk.accept_reading(hold.id, &odd.key).await?;
    assert_eq!(state_of(&till, &failed).await?, OperationState::Declined);
    let again = till
        .desk
        .press(decide(&hold, OperationKind::Refund, 2_000))
        .await?;
    assert_eq!(again.state, OperationState::Succeeded);
    assert_eq!(till.hold(tab).await?.refunded(), 2_000);
    let movements = till.ledger.movements(1, i64::MAX).await?;
    let refunded: i64 = movements
        .iter()
        .filter(|m| m.what.kind == MovementKind::Refunded)
        .map(|m| m.what.amount)
        .sum();
    assert_eq!(refunded, 2_000);
    Ok(())
}

#[tokio::test]
async fn a_cancel_that_lost_its_race_is_told() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Tab, "Table 12", "50").await?;
    let hold = till.hold(tab).await?;
    till.fault_after("cancel", "cancel-loses-race", 30).await?;
    let cancel = till.desk.press(decide(&hold, OperationKind::Cancel, 0)).await?;
    assert_eq!(cancel.state, OperationState::Succeeded);
    assert_eq!(till.desk.tab(tab).await?.row.state.code, StateCode::Cancelled);
    till.wind("00:01:00").await?;
    // Nobody watches what is over for long; a cancel is watched long enough.
    till.desk.sweep().await?;
    let row = till.desk.tab(tab).await?.row;
    assert_eq!((row.state.code, row.left.minor), (StateCode::Held, 5_000));
    assert_eq!(open_findings(&till, FindingKind::Contradicts).await?, 1);
    assert!(may(&till, tab, Action::Release).await?);
    Ok(())
}

/// A further hold that Dojo made in another currency can never be read. The first one, good as ever, can be taken.
#[tokio::test]
async fn a_second_hold_that_makes_no_sense_does_not_lock_the_first_for_good() -> Result<()> {
    for kind in [OperationKind::Capture, OperationKind::Reversal] {
        let till = Till::open().await?;
        let (tab, first) = table(&till, "100", "40").await?;
        till.fault("create", "echo-currency").await?;
        till.desk.press_more(tab, "30").await?;
        let second = newest(&till, tab).await?;
        let intent = second.intent_id.clone().context("no intent")?;
        // Staff do all that can be done: cancel it in the portal, and put aside what is told of it.
        till.client(KEY)?
            .cancel(&intent)
            .await
            .map_err(|f| anyhow::anyhow!("{f:?}"))?;
        sweeps(&till, 4).await?;
        let told = till.ledger.operations(second.id).await?.remove(0);
        till.desk.put_aside(told.id).await?;
        let decision = decide(
            &first,
            kind,
            if kind == OperationKind::Capture { 4_000 } else { 0 },
        );
        let answer = till.desk.press(decision).await;
        assert!(
            answer.is_ok(),
            "{kind:?}: {:?}",
            answer.err().map(|error| error.message)
        );
    }
    Ok(())
}

/// A state that this version doesn't know, long after the deadline: Dojo refuses whatever is tried, and the tab can be
/// closed by a person all the same.
#[tokio::test]
async fn a_tab_in_an_unknown_state_long_past_its_deadline_can_be_closed() -> Result<()> {
    for action in [DeadlineAction::Release, DeadlineAction::Capture] {
        let till = Till::open().await?;
        let wanted = OpenTab {
            deadline_action: Some(action),
            ..OpenTab::of(Kind::Tab, "Table 9", "50", Currency::Gbp)
        };
        let tab = till.desk.open_tab(wanted).await?;
        till.pay(&till.hold(tab).await?, GOOD).await?;
        let hold = till.hold(tab).await?;
        shows(&till, json!({ "status": "Lapsed", "captures": [] }));
        till.desk.sweep().await?;
        till.wind("8.00:00:00").await?;
        sweeps(&till, 2).await?;
        let released = till.desk.press(decide(&hold, OperationKind::Reversal, 0)).await?;
        sweeps(&till, 4).await?;
        till.wind("2.00:00:00").await?;
        sweeps(&till, 4).await?;
        let view = till.desk.tab(tab).await?;
        assert_eq!(
            view.close_refused, None,
            "{action:?} {:?}, release {:?}",
            view.row.state, released.state
        );
    }
    Ok(())
}

/// What was taken for certain stays taken when Dojo calls it by a word that this version doesn’t know.
#[tokio::test]
async fn a_new_word_for_a_capture_takes_nothing_back() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "100", "40").await?;
    take(&till, tab, "40", "0", "0").await?;
    new_words_for_captures(&till);
    sweeps(&till, 4).await?;
    drop(till.desk.read(hold.id).await);
    let row = till.desk.tab(tab).await?.row;
    let taken: i64 = till
        .ledger
        .movements(1, i64::MAX)
        .await?
        .iter()
        .filter(|m| m.what.kind == MovementKind::Taken)
        .map(|m| m.what.amount)
        .sum();
    assert_eq!(
        (row.captured.minor, row.due.minor, taken),
        (4_000, 0, 4_000),
        "taken, due, and in the report"
    );
    Ok(())
}

/// From now on Dojo calls each capture by a word that this version doesn’t know.
fn new_words_for_captures(till: &Till) {
    till.wire.rewrite(|_, body| {
        let captures = body.get_mut("captures").and_then(Value::as_array_mut);
        for capture in captures.into_iter().flatten() {
            capture["status"] = "Settled".into();
        }
    });
}
