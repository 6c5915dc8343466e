//! Every day: a tab, a deposit, a payment, and what becomes of each.

use crate::decide;
use anyhow::{Context, Result, ensure};
use holdfast_desk::{Act, Decision, ErrorCode, GuestStage, Mode, OpenTab, TakeTyped};
use holdfast_domain::{Currency, DeadlineAction, HoldState, Kind, Operation, OperationKind, OperationState};
use holdfast_ledger::prelude::*;
use holdfast_tests::press::Press;
use holdfast_tests::{DECLINED, GOOD, Till, typed};

fn states(operations: &[Operation]) -> Vec<OperationState> {
    operations.iter().map(|o| o.state).collect()
}

#[tokio::test]
async fn table_12_runs_a_tab_and_closes_it_with_a_tip() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Tab, "Table 12, Amira", "100").await?;
    let hold = till.hold(tab).await?;
    assert_eq!(till.pay(&hold, GOOD).await?, "authorized");
    let hold = till.hold(tab).await?;
    assert_eq!(
        (hold.state(chrono::DateTime::UNIX_EPOCH), hold.left()),
        (HoldState::Held, 10_000)
    );
    let card = hold
        .seen
        .as_ref()
        .and_then(|s| s.card.clone())
        .and_then(|c| c.last_four);
    assert_eq!(card.as_deref(), Some("1005"));
    assert!(hold.deadline().is_some());

    till.desk
        .add_line(tab, Some("Round 1".into()), 1, "42.30")
        .await?;
    till.desk.add_line(tab, None, 1, "33.70").await?;
    let typed = TakeTyped {
        tip: Some("8.50".into()),
        ..TakeTyped::default()
    };
    let preview = till.desk.preview_take(tab, &typed).await?;
    assert!(
        preview
            .sentence
            .starts_with("Take £84.50 (bill 76.00 + tip 8.50). £15.50"),
        "{}",
        preview.sentence
    );
    let take = till.desk.sheet(tab, typed).await?;
    assert_eq!(take.expect_total_minor, 8_450);
    let done = till.desk.take(&take).await?;
    assert_eq!(states(&done.operations), [OperationState::Succeeded]);
    let hold = till.hold(tab).await?;
    assert_eq!(
        (hold.captured(), hold.captured_tip(), hold.left()),
        (8_450, 850, 1_550)
    );

    let again = till.desk.take(&take).await?;
    assert_eq!(again, done, "the same decision twice is one operation");
    assert_eq!(till.requests("POST", "/captures").await?, 1);
    let till = till.restart().await?;
    assert_eq!(till.hold(tab).await?.captured(), 8_450);
    assert!(
        till.desk
            .tab(tab)
            .await?
            .history
            .iter()
            .any(|e| e.amount.as_ref().is_some_and(|a| a.minor == 8_450) && e.words.contains("done"))
    );
    till.ledger.verify_journal().await?;
    Ok(())
}

#[tokio::test]
async fn taken_in_two_parts_and_some_of_it_refunded() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Deposit, "Room 7", "£1,200").await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    let hold = till.hold(tab).await?;
    for amount in [40_000, 30_000] {
        let done = till
            .desk
            .press(decide(&hold, OperationKind::Capture, amount))
            .await?;
        assert_eq!(done.state, OperationState::Succeeded, "{done:?}");
    }
    let too_much = till
        .desk
        .press(decide(&hold, OperationKind::Capture, 50_001))
        .await;
    assert_eq!(too_much.unwrap_err().code, ErrorCode::NotAllowed);
    let refund = till
        .desk
        .press(decide(&hold, OperationKind::Refund, 5_000))
        .await?;
    assert_eq!(refund.state, OperationState::Succeeded, "{refund:?}");
    let hold = till.hold(tab).await?;
    assert_eq!(
        (hold.captured(), hold.refunded(), hold.left()),
        (70_000, 5_000, 50_000)
    );
    Ok(())
}

#[tokio::test]
async fn a_deposit_is_released_and_an_unpaid_request_cancelled() -> Result<()> {
    let till = Till::open().await?;
    let paid = till.opened(Kind::Deposit, "Room 14", "250").await?;
    till.pay(&till.hold(paid).await?, GOOD).await?;
    let hold = till.hold(paid).await?;
    let released = till.desk.press(decide(&hold, OperationKind::Reversal, 0)).await?;
    assert_eq!(released.state, OperationState::Succeeded, "{released:?}");
    assert_eq!(till.hold(paid).await?.state(released.at), HoldState::Released);

    let unpaid = till.opened(Kind::Tab, "Nobody", "50").await?;
    let hold = till.hold(unpaid).await?;
    let refused = till
        .desk
        .press(decide(&hold, OperationKind::Capture, 100))
        .await
        .unwrap_err();
    assert_eq!(refused.message, "The guest hasn’t paid yet.");
    let cancelled = till.desk.press(decide(&hold, OperationKind::Cancel, 0)).await?;
    assert_eq!(cancelled.state, OperationState::Succeeded, "{cancelled:?}");
    assert_eq!(till.hold(unpaid).await?.state(cancelled.at), HoldState::Cancelled);
    Ok(())
}

/// By the till's clock the link is over; Dojo hasn't been asked since.
#[tokio::test]
async fn a_link_that_is_over_is_called_expired_before_dojo_says_so() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Tab, "Table 9", "40").await?;
    assert_eq!(till.desk.tab(tab).await?.row.state.words, "Waiting for card");
    till.plug(false)?;
    till.wind("2.00:00:00").await?;
    assert_eq!(
        till.desk.tab(tab).await?.row.state.words,
        "Link expired, card not added"
    );
    Ok(())
}

/// A payment is taken at once: its guest has no card to add, only something to pay.
#[tokio::test]
async fn a_payments_link_that_is_over_is_called_not_paid() -> Result<()> {
    let till = Till::open().await?;
    let payment = till.opened(Kind::Payment, "Gift card", "40").await?;
    till.wind("2.00:00:00").await?;
    let words = async || anyhow::Ok(till.desk.tab(payment).await?.row.state.words);
    assert_eq!(words().await?, "Link expired, not paid");
    // And once Dojo has ended it.
    till.desk.sweep().await?;
    assert_eq!(words().await?, "Link expired, not paid");
    Ok(())
}

#[tokio::test]
async fn a_declined_card_leaves_the_request_open_for_a_good_one() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Tab, "Booth 2", "80").await?;
    let hold = till.hold(tab).await?;
    assert_eq!(till.pay(&hold, DECLINED).await?, "declined");
    let hold = till.hold(tab).await?;
    assert_eq!(
        (hold.state(hold.opened_at), hold.seen.as_ref().map(|s| s.declined)),
        (HoldState::Waiting, Some(1))
    );
    assert_eq!(till.pay(&hold, GOOD).await?, "authorized");
    assert_eq!(till.hold(tab).await?.left(), 8_000);
    Ok(())
}

#[tokio::test]
async fn an_unpaid_request_changes_its_amount_and_a_payment_is_taken_at_once() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Payment, "Taxi", "20").await?;
    let hold = till.hold(tab).await?;
    let changed = till
        .desk
        .press(decide(&hold, OperationKind::SetAmount, 2_500))
        .await?;
    assert_eq!(changed.state, OperationState::Succeeded, "{changed:?}");
    let tip = Decision {
        tip: 300,
        ..decide(&hold, OperationKind::SetTips, 0)
    };
    assert_eq!(till.desk.press(tip).await?.state, OperationState::Succeeded);
    assert_eq!(till.pay(&hold, GOOD).await?, "captured");
    let hold = till.hold(tab).await?;
    assert_eq!((hold.captured(), hold.left()), (2_800, 0));
    let receipt = Decision {
        reason: Some("guest@example.com".into()),
        ..decide(&hold, OperationKind::Receipt, 0)
    };
    assert_eq!(till.desk.press(receipt).await?.state, OperationState::Succeeded);
    let refund = till
        .desk
        .press(decide(&hold, OperationKind::Refund, 2_800))
        .await?;
    assert_eq!(refund.state, OperationState::Succeeded, "{refund:?}");
    assert_eq!(till.hold(tab).await?.state(refund.at), HoldState::Refunded);
    Ok(())
}

/// What staff type on a sheet is what Dojo is asked for, and what can't be read is put right first.
#[tokio::test]
async fn a_typed_amount_tip_and_address_reach_dojo_as_typed() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Payment, "Taxi", "20").await?;
    let hold = till.hold(tab).await?;
    let act = async |kind, amount: &str, email: &str| {
        let act = Act {
            amount: Some(amount.to_owned()),
            email: Some(email.to_owned()),
            ..till.desk.acting(hold.id).await?
        };
        till.desk.act(kind, act).await.map(drop)
    };
    for (kind, amount, email, field) in [
        (OperationKind::SetAmount, "0", "", "amount"),
        (OperationKind::SetAmount, "a lot", "", "amount"),
        (OperationKind::SetTips, "-3", "", "amount"),
    ] {
        let refused = act(kind, amount, email).await.err();
        let fields = refused.into_iter().flat_map(|error| error.fields);
        assert_eq!(
            fields.map(|f| f.field.as_str()).collect::<Vec<_>>(),
            [field],
            "{amount}"
        );
    }
    act(OperationKind::SetAmount, "25.50", "").await?;
    act(OperationKind::SetTips, "3", "").await?;
    assert_eq!(till.pay(&hold, GOOD).await?, "captured");
    assert_eq!(till.hold(tab).await?.captured(), 2_850);
    let refused = act(OperationKind::Receipt, "", "guest at example.com").await;
    assert_eq!(refused.map_err(|e| e.code).err(), Some(ErrorCode::Invalid));
    act(OperationKind::Receipt, "", " guest@example.com ").await?;
    let sent = till.wire.exchanges().pop().context("nothing was sent")?.request;
    let body = String::from_utf8(sent.body.clone().unwrap_or_default())?;
    ensure!(sent.path_and_query.ends_with("/receipt"), "{sent:?}");
    assert!(body.contains("\"guest@example.com\""), "{body}");
    let history = till.desk.tab(tab).await?.history;
    let words = "Send the receipt to guest@example.com: asked";
    assert!(history.iter().any(|entry| entry.words == words), "{history:?}");
    Ok(())
}

#[tokio::test]
async fn after_seven_days_dojo_has_released_it_and_nothing_offers_to_take_it() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Deposit, "Room 21", "400").await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    till.hold(tab).await?;
    till.wind("7.00:00:00").await?;
    // The first reading brings Dojo's clock along with the news.
    let hold = till.hold(tab).await?;
    assert_eq!(hold.state(hold.opened_at), HoldState::Expired);
    let refused = till
        .desk
        .press(decide(&hold, OperationKind::Capture, 100))
        .await
        .unwrap_err();
    assert_eq!(
        refused.message,
        "Dojo released it at the deadline. Nothing is on hold."
    );
    assert_eq!(till.requests("POST", "/captures").await?, 0);
    Ok(())
}

#[tokio::test]
async fn a_lost_answer_is_settled_from_dojos_record_and_never_sent_again() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Tab, "Stool 4", "50").await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    let hold = till.hold(tab).await?;
    for fault in ["reset-after", "500-after"] {
        till.fault("captures", fault).await?;
        let done = till
            .desk
            .press(decide(&hold, OperationKind::Capture, 1_000))
            .await?;
        assert_eq!(done.state, OperationState::Succeeded, "{fault}: {done:?}");
    }
    till.fault("captures", "reset-before").await?;
    let unclear = till
        .desk
        .press(decide(&hold, OperationKind::Capture, 700))
        .await?;
    assert_eq!(unclear.state, OperationState::Unknown);
    let refused = till
        .desk
        .press(decide(&hold, OperationKind::Capture, 700))
        .await
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::NotAllowed);
    assert_eq!(till.requests("POST", "/captures").await?, 3);
    assert_eq!(till.hold(tab).await?.captured(), 2_000);
    Ok(())
}

#[tokio::test]
async fn a_create_whose_answer_is_lost_is_found_by_its_reference() -> Result<()> {
    let till = Till::open().await?;
    till.fault("payment-intents", "reset-after").await?;
    let tab = till.opened(Kind::Tab, "Lena 🎉", "60").await?;
    let hold = till.hold(tab).await?;
    assert!(hold.intent_id.is_some());
    assert_eq!(till.requests("POST", "/payment-intents").await?, 1);
    Ok(())
}

#[tokio::test]
async fn a_hundred_clicks_are_one_capture() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Tab, "Impatient", "50").await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    let hold = till.hold(tab).await?;
    let once = decide(&hold, OperationKind::Capture, 5_000);
    let clicks = (0..100).map(|_| {
        let (desk, once) = (till.desk.clone(), once.clone());
        tokio::spawn(async move { desk.press(once).await })
    });
    for click in clicks.collect::<Vec<_>>() {
        // A click that comes while the first is on its way is told so; none of them sends.
        let _ = click.await?;
    }
    assert_eq!(till.requests("POST", "/captures").await?, 1);
    assert_eq!(till.hold(tab).await?.captured(), 5_000);
    Ok(())
}

#[tokio::test]
async fn the_guest_sees_their_own_hold_and_neither_name_nor_bill() -> Result<()> {
    let till = Till::open().await?;
    let id = till.opened(Kind::Tab, "Amira", "50").await?;
    let hold = till.hold(id).await?;
    let page = till.desk.guest_page(hold.id).await?;
    assert_eq!((page.stage, page.amount.minor), (GuestStage::Waiting, 5_000));
    ensure!(page.qr.is_some() && !page.is_payment);
    till.pay(&hold, GOOD).await?;
    till.hold(id).await?;
    let page = till.desk.guest_page(hold.id).await?;
    assert_eq!((page.stage, page.qr.as_ref()), (GuestStage::Done, None));
    ensure!(page.card.is_some() && page.deadline_at.is_some());
    let shown = serde_json::to_string(&till.desk.guest_window(hold.id, Mode::Training).await?)?;
    ensure!(!shown.contains("Amira"), "{shown}");
    Ok(())
}

/// Where Dojo takes the whole hold if staff forget it, the guest isn't told that they pay only what they spend.
#[tokio::test]
async fn the_guest_reads_what_becomes_of_the_hold_as_it_was_opened() -> Result<()> {
    let till = Till::open().await?;
    let usual = till.desk.open_tab(typed(Kind::Tab, "Amira", "50")).await?;
    let page = till.desk.guest_page(till.hold(usual).await?.id).await?;
    assert_eq!(
        page.terms.as_deref(),
        Some("When you leave, we charge only what you spend.")
    );
    let wanted = OpenTab {
        deadline_action: Some(DeadlineAction::Capture),
        ..OpenTab::of(Kind::Tab, "Bela", "50", Currency::Gbp)
    };
    let taken = till.desk.open_tab(wanted).await?;
    let hold = till.hold(taken).await?;
    for is_paid in [false, true] {
        if is_paid {
            till.pay(&hold, GOOD).await?;
            till.hold(taken).await?;
        }
        let page = till.desk.guest_page(hold.id).await?;
        let terms = page.terms.context("nothing is promised")?;
        let by = if is_paid { "by " } else { "within about 7 days, " };
        let said = format!("If we don’t settle your bill or release the hold {by}");
        ensure!(terms.starts_with(&said), "{terms}");
        ensure!(!terms.contains("hours"), "{terms}");
    }
    let payment = OpenTab::of(Kind::Payment, "Walk-in", "5", Currency::Gbp);
    let payment = till.desk.open_tab(payment).await?;
    let page = till.desk.guest_page(till.hold(payment).await?.id).await?;
    assert_eq!(page.terms, None);
    Ok(())
}

/// A row has one line for all of a tab's cards: what is on hold goes before what is only asked for, and both before
/// what is over.
#[tokio::test]
async fn the_card_that_matters_most_speaks_for_the_tab() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Tab, "Table 9", "40").await?;
    let first = till.hold(tab).await?;
    till.pay(&first, GOOD).await?;
    let first = till.hold(tab).await?;
    till.desk.press_more(tab, "20").await?;
    let state = async || Ok::<_, anyhow::Error>(till.desk.tab(tab).await?.row.state.words);
    assert_eq!(state().await?, "On hold");
    till.desk
        .press(decide(&first, OperationKind::Reversal, 0))
        .await?;
    assert_eq!(state().await?, "Waiting for card");
    let asked = till.hold(tab).await?;
    till.desk.press(decide(&asked, OperationKind::Cancel, 0)).await?;
    assert_ne!(state().await?, "Waiting for card");
    Ok(())
}
