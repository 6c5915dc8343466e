//! Ways in which somebody tried to break the rule that a bill is paid once and every figure is true.

use crate::refunds::{one_more, refund, table, take};
use anyhow::{Context, Result};
use holdfast_desk::RowProgress;
use holdfast_desk::{Agreed, Desk, ErrorCode, NightAction, NightChoice, RefundTyped, Take, TakeTyped};
use holdfast_domain::{DeadlineAction, Hold, Kind, MovementKind, OperationKind, TabId};
use holdfast_ledger::prelude::*;
use holdfast_simulator::engine::{CaptureTip, DeadlineCapture, Remainder, ReversalAfterPartial};
use holdfast_tests::press::Press;
use holdfast_tests::{GOOD, KEY, Till, decide, stepped::SteppedClock};
use std::time::Duration;

async fn truth(till: &Till, what: &str) -> Result<i64> {
    let truth = till.truth().await?;
    let intents = truth["intents"].as_array().context("no intents")?;
    Ok(intents.iter().filter_map(|i| i[what].as_i64()).sum())
}

async fn tab_that_dojo_takes(till: &Till, bill: &str) -> Result<(TabId, Hold)> {
    let typed = holdfast_desk::OpenTab {
        deadline_action: Some(DeadlineAction::Capture),
        ..holdfast_tests::typed(Kind::Tab, "Table 9", "100")
    };
    let id = till.desk.open_tab(typed).await?;
    till.pay(&till.hold(id).await?, GOOD).await?;
    let hold = till.hold(id).await?;
    till.desk.add_line(id, None, 1, bill).await?;
    Ok((id, hold))
}

#[tokio::test]
async fn a_tip_over_two_cards_is_taken_where_dojo_adds_it_to_the_intent() -> Result<()> {
    let till = Till::open().await?;
    till.switch(|s| s.capture_tip = CaptureTip::OnIntent)?;
    let (id, _) = table(&till, "20", "15").await?;
    one_more(&till, id, "50").await?;
    let typed = TakeTyped {
        tip: Some("10".to_owned()),
        ..TakeTyped::default()
    };
    let done = till.desk.press_take(id, typed).await?;
    assert!(done.unsent.is_none(), "{done:?}");
    assert_eq!(truth(&till, "captured").await?, 2_500);
    Ok(())
}

#[tokio::test]
async fn a_tip_that_dojo_adds_to_the_intent_is_not_held_besides() -> Result<()> {
    let till = Till::open().await?;
    till.switch(|s| s.capture_tip = CaptureTip::OnIntent)?;
    let (id, _) = table(&till, "50", "30").await?;
    take(&till, id, "30", "0", "10").await?;
    let hold = till.hold(id).await?;
    assert_eq!(
        (hold.captured(), hold.left(), hold.ever_held()),
        (4_000, 1_000, 5_000)
    );
    Ok(())
}

#[tokio::test]
async fn a_night_that_is_confirmed_twice_at_once_is_one_run() -> Result<()> {
    let till = Till::open().await?;
    for name in ["A", "B", "C"] {
        let id = till.opened(Kind::Tab, name, "100").await?;
        till.pay(&till.hold(id).await?, GOOD).await?;
        till.hold(id).await?;
        till.desk.add_line(id, None, 1, "40").await?;
    }
    let seen = till.desk.night(&[]).await?.seen();
    let mut presses = tokio::task::JoinSet::new();
    for _ in 0..10 {
        let (desk, seen) = (till.desk.clone(), seen.clone());
        presses.spawn(async move { desk.close_night(&[], &seen).await.map(drop) });
    }
    let mut told = Vec::new();
    while let Some(done) = presses.join_next().await {
        told.push(done?.map_err(|e| e.message));
    }
    let rows = loop {
        let run = till.desk.night(&[]).await?.run.context("no run")?;
        if !run.is_running() {
            break run.rows;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert_eq!(truth(&till, "captured").await?, 12_000);
    let codes: Vec<_> = rows.iter().map(|r| r.state.code).collect();
    assert_eq!(codes, [RowProgress::Done; 3], "{told:?}");
    assert_eq!(told.iter().filter(|t| t.is_ok()).count(), 1, "{told:?}");
    Ok(())
}

#[tokio::test]
async fn the_rest_that_was_asked_for_by_hand_is_not_asked_for_again() -> Result<()> {
    let till = Till::open().await?;
    let (id, _) = table(&till, "50", "70").await?;
    let preview = till.desk.preview_take(id, &TakeTyped::default()).await?;
    let way = preview.way_on.context("no way")?;
    let sheet = Take {
        expect_total_minor: way.take.minor,
        then_ask_minor: way.ask.minor,
        agreed: Agreed::default(),
        ..till.desk.sheet(id, TakeTyped::default()).await?
    };
    till.fault_after("captures", "late", 20).await?;
    till.desk.take(&sheet).await?;
    let missing = till.desk.tab(id).await?.missing;
    if let Some(missing) = missing {
        till.desk.press_more(id, &missing.text).await?;
    }
    for _ in 0..3 {
        till.wind("00:01:10").await?;
        till.desk.sweep().await?;
    }
    let asked: Vec<i64> = till.ledger.holds(id).await?.iter().map(|h| h.asked).collect();
    assert_eq!(asked.iter().sum::<i64>(), 7_000, "{asked:?}");
    Ok(())
}

#[tokio::test]
async fn a_tip_that_was_agreed_is_proposed_once() -> Result<()> {
    let till = Till::open().await?;
    let (id, _) = table(&till, "50", "60").await?;
    let typed = TakeTyped {
        tip: Some("5".to_owned()),
        ..TakeTyped::default()
    };
    let typed = till.desk.sheet(id, typed).await?.typed;
    let preview = till.desk.preview_take(id, &typed).await?;
    let way = preview.way_on.context("no way")?;
    assert_eq!(way.ask.minor, 1_500);
    let sheet = Take {
        expect_total_minor: way.take.minor,
        then_ask_minor: way.ask.minor,
        ..till.desk.sheet(id, typed).await?
    };
    till.desk.take(&sheet).await?;
    // The guest lost that link; another request is paid, and what was agreed is taken from it.
    one_more(&till, id, "100").await?;
    let preview = till.desk.preview_take(id, &TakeTyped::default()).await?;
    assert_eq!((preview.bill.minor, preview.tip.minor), (1_000, 500));
    till.desk.press_take(id, TakeTyped::default()).await?;
    assert_eq!(truth(&till, "captured").await?, 6_500);
    till.desk.add_line(id, None, 1, "8").await?;
    let night = till.desk.night(&[]).await?;
    let row = &night.rows[0];
    assert_eq!(
        (row.bill.minor, row.tip.minor),
        (800, 0),
        "the tip is paid already"
    );
    Ok(())
}

#[tokio::test]
async fn a_line_taken_off_after_its_refund_does_not_swallow_the_next_drink() -> Result<()> {
    let till = Till::open().await?;
    let (id, hold) = table(&till, "100", "40").await?;
    take(&till, id, "40", "0", "0").await?;
    refund(&till, &hold, ["40", "", ""], false).await?;
    let line = till.ledger.lines(id).await?[0].id;
    assert!(till.desk.take_off(id, line).await.is_err(), "it's off already");
    till.desk.add_line(id, Some("Gin".to_owned()), 1, "9.50").await?;
    let tab = till.desk.tab(id).await?;
    let due = till.desk.preview_take(id, &TakeTyped::default()).await?.due;
    assert_eq!((tab.row.bill.minor, due.minor), (950, 950), "{:?}", tab.lines);
    Ok(())
}

#[tokio::test]
async fn what_dojo_took_and_did_not_list_stays_taken_when_it_is_refunded() -> Result<()> {
    for before in [0_i64, 1_000] {
        let till = Till::open().await?;
        till.switch(|s| s.deadline_capture = DeadlineCapture::Unlisted)?;
        let (id, hold) = tab_that_dojo_takes(&till, "100").await?;
        if before > 0 {
            till.desk
                .press(decide(&hold, OperationKind::Capture, before))
                .await?;
        }
        till.wind("7.00:00:00").await?;
        till.desk.sweep().await?;
        let hold = till.hold(id).await?;
        assert_eq!(hold.captured(), 10_000);
        refund(&till, &hold, ["100", "", ""], false).await?;
        till.wind("00:01:10").await?;
        till.desk.sweep().await?;
        let hold = till.hold(id).await?;
        let taken: i64 = till
            .ledger
            .unreported()
            .await?
            .movements
            .iter()
            .filter(|m| m.what.kind == MovementKind::Taken)
            .map(|m| m.what.amount)
            .sum();
        assert_eq!(
            (hold.captured(), hold.refunded(), taken),
            (10_000, 10_000, 10_000),
            "{before}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_second_press_while_the_first_part_is_on_its_way_does_not_call_the_rest_unsent() -> Result<()> {
    let till = Till::open().await?;
    let (id, _) = table(&till, "20", "40").await?;
    one_more(&till, id, "50").await?;
    let sheet = till.desk.sheet(id, TakeTyped::default()).await?;
    till.switch(|s| s.capture_settles_after = 0)?;
    let (desk, first) = (till.desk.clone(), sheet.clone());
    let taking = tokio::spawn(async move { desk.take(&first).await });
    while till.requests("POST", "/captures").await? == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let second = till.desk.take(&sheet).await?;
    let done = taking.await??;
    assert!(done.unsent.is_none(), "{done:?}");
    assert!(second.unsent.is_none(), "{second:?}");
    Ok(())
}

#[tokio::test]
async fn a_bill_paid_twice_in_the_portal_is_not_forgiven_by_a_refund_of_one() -> Result<()> {
    let till = Till::open().await?;
    let (id, hold) = table(&till, "50", "40").await?;
    one_more(&till, id, "50").await?;
    take(&till, id, "40", "0", "0").await?;
    let other = till.ledger.holds(id).await?.pop().context("no hold")?;
    let preview = till
        .desk
        .preview_refund(
            hold.id,
            &RefundTyped {
                bill: Some("40".to_owned()),
                ..RefundTyped::default()
            },
        )
        .await?;
    let mut act = till.desk.acting(hold.id).await?;
    act.refund = Some(RefundTyped {
        bill: Some("40".to_owned()),
        expect_owed_minor: Some(preview.owed_minor),
        ..RefundTyped::default()
    });
    act.reason = Some("Complaint".to_owned());
    till.client(KEY)?
        .capture(&other.intent_id.context("no intent")?, 4_000, None)
        .await
        .map_err(|failure| anyhow::anyhow!("{failure:?}"))?;
    let answer = till.desk.act(OperationKind::Refund, act).await;
    assert!(answer.is_err(), "nobody saw that it was paid twice");
    till.hold(id).await?;
    let tab = till.desk.tab(id).await?;
    assert_eq!(tab.row.bill.minor, 4_000, "the guest paid 80, got 40 back");
    Ok(())
}

#[tokio::test]
async fn a_take_that_is_unclear_on_one_card_is_not_taken_from_the_other() -> Result<()> {
    for (fault, settles) in [(Some("late"), 0), (None, 90)] {
        let till = Till::open().await?;
        let (id, _) = table(&till, "50", "40").await?;
        one_more(&till, id, "100").await?;
        if let Some(fault) = fault {
            till.fault_after("captures", fault, 45).await?;
        }
        till.switch(|s| s.capture_settles_after = settles)?;
        till.desk.press_take(id, TakeTyped::default()).await?;
        till.clear_faults().await?;
        let preview = till.desk.preview_take(id, &TakeTyped::default()).await?;
        assert!(!preview.allowed && preview.why.is_some_and(|why| why.contains("isn’t settled")));
        let again = till
            .desk
            .take(&till.desk.sheet(id, TakeTyped::default()).await?)
            .await;
        assert!(again.is_err(), "the bill would be paid twice");
        till.switch(|s| s.capture_settles_after = 0)?;
        for _ in 0..3 {
            till.wind("00:01:10").await?;
            till.desk.sweep().await?;
        }
        assert_eq!(truth(&till, "captured").await?, 4_000, "{fault:?}");
    }
    Ok(())
}

#[tokio::test]
async fn two_refunds_of_two_cards_at_once_are_not_both_of_what_was_paid_twice() -> Result<()> {
    let till = Till::open().await?;
    let (id, first) = table(&till, "50", "40").await?;
    one_more(&till, id, "50").await?;
    one_more(&till, id, "60").await?;
    let second = till.ledger.holds(id).await?.remove(1);
    take(&till, id, "40", "0", "0").await?;
    till.client(KEY)?
        .capture(second.intent_id.as_ref().context("no intent")?, 4_000, None)
        .await
        .map_err(|failure| anyhow::anyhow!("{failure:?}"))?;
    till.desk.read(second.id).await?;
    let mut presses = tokio::task::JoinSet::new();
    for hold in [first.id, second.id] {
        let typed = RefundTyped {
            bill: Some("40".to_owned()),
            ..RefundTyped::default()
        };
        let preview = till.desk.preview_refund(hold, &typed).await?;
        assert_eq!(preview.owed_minor, 0);
        let mut act = till.desk.acting(hold).await?;
        act.refund = Some(RefundTyped {
            expect_owed_minor: Some(0),
            ..typed
        });
        act.reason = Some("Paid twice".to_owned());
        let desk = till.desk.clone();
        presses.spawn(async move { desk.act(OperationKind::Refund, act).await.map(drop) });
    }
    let mut done = 0;
    while let Some(answer) = presses.join_next().await {
        done += usize::from(answer?.is_ok());
    }
    assert_eq!(done, 1);
    let night = till.desk.night(&[]).await?;
    assert_ne!(
        night.rows[0].action,
        NightAction::Take,
        "the night takes no refund back"
    );
    assert_eq!(truth(&till, "refunded").await?, 4_000);
    Ok(())
}

#[tokio::test]
async fn what_an_open_sheet_is_told_is_true_when_two_things_happened() -> Result<()> {
    // Part taken, then the rest lapses.
    let till = Till::open().await?;
    let (id, hold) = table(&till, "100", "40").await?;
    let seen = till.desk.seen_with(hold.id).await?;
    till.desk.press_take(id, TakeTyped::default()).await?;
    till.wind("8.00:00:00").await?;
    till.desk.sweep().await?;
    let told = till.desk.look(id, &seen, None).await?.changes;
    // Dojo takes the rest and lists nothing.
    let till = Till::open().await?;
    till.switch(|s| s.deadline_capture = DeadlineCapture::Unlisted)?;
    let (id, hold) = tab_that_dojo_takes(&till, "40").await?;
    till.desk.press_take(id, TakeTyped::default()).await?;
    let seen2 = till.desk.seen_with(hold.id).await?;
    till.wind("8.00:00:00").await?;
    till.desk.sweep().await?;
    let told2 = till.desk.look(id, &seen2, None).await?.changes;
    // Two refunds of ours.
    let till = Till::open().await?;
    let (id, hold) = table(&till, "100", "40").await?;
    till.desk.press_take(id, TakeTyped::default()).await?;
    let seen3 = till.desk.seen_with(hold.id).await?;
    refund(&till, &hold, ["5", "", ""], false).await?;
    refund(&till, &hold, ["5", "", ""], false).await?;
    let told3 = till.desk.look(id, &seen3, None).await?.changes;
    // A take in the portal, and then the rest lapses.
    let till = Till::open().await?;
    let (id, hold) = table(&till, "100", "40").await?;
    let seen4 = till.desk.seen_with(hold.id).await?;
    till.client(KEY)?
        .capture(hold.intent_id.as_ref().context("no intent")?, 4_000, None)
        .await
        .map_err(|failure| anyhow::anyhow!("{failure:?}"))?;
    till.wind("8.00:00:00").await?;
    till.desk.sweep().await?;
    let told4 = till.desk.look(id, &seen4, None).await?.changes;
    assert!(
        told.iter().any(|t| t.starts_with("£60.00 dropped off")),
        "{told:?}"
    );
    assert!(
        told2.iter().any(|t| t.starts_with("£60.00 was taken")),
        "{told2:?}"
    );
    assert!(!told3.iter().any(|t| t.contains("outside")), "{told3:?}");
    assert!(
        told4
            .iter()
            .any(|t| t.starts_with("£40.00 was taken") && t.contains("outside this till")),
        "{told4:?}"
    );
    Ok(())
}

#[tokio::test]
async fn what_is_to_be_charged_again_is_not_closed_by_itself() -> Result<()> {
    let till = Till::open().await?;
    let (id, hold) = table(&till, "40", "40").await?;
    take(&till, id, "40", "0", "0").await?;
    refund(&till, &hold, ["20", "", ""], true).await?;
    let night = till.desk.night(&[]).await?;
    assert_eq!(night.rows[0].action, NightAction::Leave);
    Ok(())
}

#[tokio::test]
async fn what_is_to_be_charged_again_is_known_by_a_till_whose_clock_is_behind() -> Result<()> {
    for hours in [-2, 2] {
        let till = Till::open().await?;
        let (id, hold) = table(&till, "100", "40").await?;
        one_more(&till, id, "100").await?;
        take(&till, id, "40", "0", "0").await?;
        let clock = std::sync::Arc::new(SteppedClock::begin());
        let desk = Desk::new(till.ledger.clone(), till.client(KEY)?, clock.clone());
        clock.set(chrono::TimeDelta::hours(hours));
        let mut act = desk.acting(hold.id).await?;
        act.refund = Some(RefundTyped {
            bill: Some("20".to_owned()),
            charge_again: true,
            ..RefundTyped::default()
        });
        act.reason = Some("Wrong card".to_owned());
        desk.act(OperationKind::Refund, act).await?;
        let night = desk.night(&[]).await?;
        assert_eq!(night.rows[0].action, NightAction::Leave, "{hours}");
    }
    Ok(())
}

#[tokio::test]
async fn what_dojo_does_at_the_deadline_is_part_of_what_was_seen() -> Result<()> {
    let till = Till::open().await?;
    let (id, _) = table(&till, "100", "40").await?;
    let sheet = till.desk.sheet(id, TakeTyped::default()).await?;
    assert_eq!(sheet.agreed.dojo_takes_minor, 0);
    till.wire.rewrite(|_, body| {
        if body.get("captureMode").is_some() {
            body["autoExpireAction"] = "Capture".into();
        }
    });
    let answer = till.desk.take(&sheet).await;
    assert!(answer.is_err(), "nobody agreed that Dojo takes the other £60");
    Ok(())
}

#[tokio::test]
async fn a_refund_that_failed_leaves_the_bill_as_it_was() -> Result<()> {
    let till = Till::open().await?;
    let (id, hold) = table(&till, "100", "40").await?;
    take(&till, id, "40", "0", "0").await?;
    till.fault_after("refunds", "refund-fails-later", 60).await?;
    refund(&till, &hold, ["40", "", ""], false).await?;
    for _ in 0..4 {
        till.wind("00:01:10").await?;
        till.desk.sweep().await?;
    }
    let tab = till.desk.tab(id).await?;
    let told = tab.holds[0]
        .contradicts
        .as_ref()
        .context("nothing is told")?
        .key
        .clone();
    till.desk.accept_reading(hold.id, &told).await?;
    let tab = till.desk.tab(id).await?;
    let preview = till.desk.preview_take(id, &TakeTyped::default()).await?;
    let hold = till.hold(id).await?;
    assert_eq!(
        (
            tab.row.bill.minor,
            preview.due.minor,
            hold.refunded(),
            hold.captured()
        ),
        (4_000, 0, 0, 4_000)
    );
    Ok(())
}

#[tokio::test]
async fn a_request_in_another_currency_can_be_closed_once_it_is_over_at_dojo() -> Result<()> {
    for is_paid in [false, true] {
        let till = Till::open().await?;
        till.fault("create", "echo-currency").await?;
        let id = till.opened(Kind::Tab, "Table 3", "50").await?;
        let hold = till.ledger.holds(id).await?.pop().context("no hold")?;
        let intent = hold.intent_id.clone().context("no intent")?;
        let portal = till.client(KEY)?;
        if is_paid {
            till.pay_intent(&intent, GOOD).await?;
            portal
                .reverse(&intent)
                .await
                .map_err(|f| anyhow::anyhow!("{f:?}"))?;
        } else {
            portal
                .cancel(&intent)
                .await
                .map_err(|f| anyhow::anyhow!("{f:?}"))?;
        }
        for _ in 0..4 {
            till.wind("00:05:00").await?;
            till.desk.sweep().await?;
        }
        let why = till
            .desk
            .tab(id)
            .await?
            .close_refused
            .context("a person has not looked yet")?;
        assert!(why.contains("Dojo’s portal"), "{why}");
        let told = till.ledger.operations(hold.id).await?.remove(0);
        till.desk.put_aside(told.id).await?;
        till.desk.press_close(id).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_night_that_takes_more_than_is_due_names_the_difference() -> Result<()> {
    let till = Till::open().await?;
    let (id, _) = table(&till, "100", "40").await?;
    let typed = TakeTyped {
        bill: Some("40".to_owned()),
        ..TakeTyped::default()
    };
    let choices = [NightChoice {
        tab_id: id,
        action: None,
        typed,
    }];
    assert!(!till.desk.night(&choices).await?.sentence.contains("than is due"));
    // The table is open, and a part is taken by hand: what was typed stays.
    take(&till, id, "30", "0", "0").await?;
    let night = till.desk.night(&choices).await?;
    assert_eq!(
        (night.rows[0].action, night.rows[0].total.minor),
        (NightAction::Take, 4_000)
    );
    assert!(
        night.sentence.contains("£30.00 more than is due"),
        "{}",
        night.sentence
    );
    Ok(())
}

#[tokio::test]
async fn a_rest_that_is_gone_before_dojo_could_take_it_has_a_way_out() -> Result<()> {
    for is_at_once in [true, false] {
        let till = Till::open().await?;
        till.switch(|s| {
            s.reversal_after_partial = ReversalAfterPartial::ReleasesRemainder;
            if is_at_once {
                s.remainder = Remainder::ReleasedAtOnce;
            }
        })?;
        let (id, hold) = tab_that_dojo_takes(&till, "40").await?;
        till.desk.press_take(id, TakeTyped::default()).await?;
        if !is_at_once {
            let intent = hold.intent_id.clone().context("no intent")?;
            let reversed = till.client(KEY)?.reverse(&intent).await;
            reversed.map_err(|failure| anyhow::anyhow!("{failure:?}"))?;
        }
        till.wind("6.12:00:00").await?;
        till.desk.sweep().await?;
        let before = till.desk.tab(id).await?.close_refused;
        assert!(before.is_some(), "{is_at_once}: Dojo may yet take it");
        till.wind("1.00:00:00").await?;
        till.desk.sweep().await?;
        till.hold(id).await?;
        assert_eq!(till.desk.tab(id).await?.close_refused, None, "{is_at_once}");
    }
    Ok(())
}

#[tokio::test]
async fn whoever_releases_the_last_hold_sees_that_the_other_is_gone() -> Result<()> {
    let till = Till::open().await?;
    let (id, first) = table(&till, "100", "40").await?;
    one_more(&till, id, "100").await?;
    let second = till.ledger.holds(id).await?.pop().context("no hold")?;
    let release = till.desk.acting(first.id).await?;
    till.desk
        .press(decide(&second, OperationKind::Reversal, 0))
        .await?;
    let answer = till.desk.act(OperationKind::Reversal, release).await;
    let error = answer
        .err()
        .context("a bill of £40 has nothing to be taken from any more")?;
    assert_eq!(error.code, ErrorCode::Changed);
    Ok(())
}

#[tokio::test]
async fn the_night_releases_every_hold_of_a_tab_that_had_nothing() -> Result<()> {
    let till = Till::open().await?;
    let id = till.opened(Kind::Tab, "Two holds, no bill", "100").await?;
    till.pay(&till.hold(id).await?, GOOD).await?;
    till.hold(id).await?;
    one_more(&till, id, "50").await?;
    let night = till.desk.night(&[]).await?;
    till.desk.close_night(&[], &night.seen()).await?;
    while till.desk.night(&[]).await?.run.context("no run")?.is_running() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let run = till.desk.night(&[]).await?.run.context("no run")?;
    assert_eq!(run.rows[0].state.words, "Released £150.00", "{run:?}");
    assert_eq!(till.requests("POST", "/reversal").await?, 2);
    Ok(())
}
