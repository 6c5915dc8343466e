//! The bill, and what is taken towards it: shares of it, lines taken off, more due than is held.

use crate::portal::take_in_portal;
use crate::refunds::{due, newest, one_more, refund, refunding, sweeps, table, take};
use anyhow::{Context, Result, ensure};
use holdfast_desk::{Details, ErrorCode, Take, TakeTyped};
use holdfast_domain::{Kind, Operation, OperationKind, OperationState, TabId};
use holdfast_ledger::prelude::*;
use holdfast_simulator::engine::Remainder;
use holdfast_tests::press::Press;
use holdfast_tests::{GOOD, Till};
use std::time::Duration;

async fn held(till: &Till, amount: &str) -> Result<TabId> {
    let tab = till.opened(Kind::Tab, "Table 12", amount).await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    till.hold(tab).await?;
    Ok(tab)
}

fn typed(bill: Option<&str>, service: &str, tip: &str) -> TakeTyped {
    TakeTyped {
        bill: bill.map(str::to_owned),
        service: Some(service.to_owned()),
        tip: Some(tip.to_owned()),
    }
}

/// A sheet whose button says “Take what is held, ask for the rest”.
async fn what_is_held(till: &Till, tab: TabId, typed: TakeTyped) -> Result<Take> {
    let take = till.desk.sheet(tab, typed).await?;
    let preview = till.desk.preview_take(tab, &take.typed).await?;
    let way = preview.way_on.context("no way on")?;
    Ok(Take {
        expect_total_minor: way.take.minor,
        then_ask_minor: way.ask.minor,
        ..take
    })
}

#[tokio::test]
async fn another_of_the_same_is_one_press_for_what_was_put_on_last() -> Result<()> {
    let till = Till::open().await?;
    let tab = held(&till, "100").await?;
    for (what, amount) in [
        (Some("Gin"), "8"),
        (None, "5"),
        (Some("Gin"), "8"),
        (Some("Gin"), "9"),
        (Some("Crisps"), "1.50"),
    ] {
        till.desk
            .add_line(tab, what.map(str::to_owned), 1, amount)
            .await?;
    }
    let offered = async || -> Result<Vec<String>> {
        let again = till.desk.tab(tab).await?.again.into_iter();
        let words = again.map(|one| format!("{} {}", one.what.unwrap_or_default(), one.each.typed));
        Ok(words.collect())
    };
    assert_eq!(offered().await?, ["Crisps 1.50", "Gin 9.00", "Gin 8.00"]);
    let crisps = till.desk.tab(tab).await?.lines[0].id;
    till.desk.take_off(tab, crisps).await?;
    assert_eq!(
        offered().await?,
        ["Gin 9.00", "Gin 8.00", " 5.00"],
        "not what was removed"
    );
    Ok(())
}

#[tokio::test]
async fn what_is_due_is_never_what_was_typed_or_what_a_tip_comes_to() -> Result<()> {
    let till = Till::open().await?;
    let tab = held(&till, "100").await?;
    till.desk.add_line(tab, None, 1, "92.40").await?;
    let why = async |typed| {
        let why = till.desk.preview_take(tab, &typed).await?.why;
        why.context("it may be taken")
    };
    assert_eq!(
        why(typed(Some("1000"), "0", "0")).await?,
        "You typed £1,000.00, £92.40 is due and £100.00 is on hold. Correct the bill."
    );
    assert_eq!(
        why(typed(None, "0", "10")).await?,
        "The bill with service charge and tip is £2.40 over the hold. Ask the guest for that much more first, then \
         take all of it at once."
    );
    till.desk.add_line(tab, None, 1, "40").await?;
    assert_eq!(
        why(typed(None, "0", "0")).await?,
        "The bill is £32.40 over the hold. Take £100.00 now and ask the guest for £32.40."
    );
    Ok(())
}

#[tokio::test]
async fn service_and_tip_may_be_shares_of_the_bill_and_service_is_not_taken_for_the_bill() -> Result<()> {
    let till = Till::open().await?;
    let tab = held(&till, "200").await?;
    till.desk.add_line(tab, None, 1, "76").await?;
    let shares = typed(None, "12.5 %", "10%");
    let preview = till.desk.preview_take(tab, &shares).await?;
    assert_eq!((preview.service.minor, preview.tip.minor), (950, 760));
    assert_eq!(preview.total.minor, 9_310);
    till.desk.press_take(tab, shares).await?;
    till.desk.add_line(tab, None, 1, "20").await?;
    let next = till.desk.preview_take(tab, &TakeTyped::default()).await?;
    assert_eq!(
        next.bill.minor, 2_000,
        "the guest had £20 more, not less for the service"
    );
    for (wrong, field) in [("101%", "service"), ("%", "service"), ("ten", "service")] {
        let preview = till.desk.preview_take(tab, &typed(None, wrong, "")).await?;
        assert_eq!(preview.errors[0].field.as_str(), field, "{wrong}");
        assert!(!preview.allowed);
    }
    Ok(())
}

#[tokio::test]
async fn when_more_is_due_than_is_held_what_there_is_is_taken_once() -> Result<()> {
    let till = Till::open().await?;
    let tab = held(&till, "100").await?;
    till.desk.add_line(tab, None, 1, "132.40").await?;
    let preview = till.desk.preview_take(tab, &TakeTyped::default()).await?;
    let way = preview.way_on.context("no way on")?;
    assert!(!preview.allowed);
    assert_eq!((way.take.minor, way.ask.minor), (10_000, 3_240));
    assert_eq!(till.desk.tab(tab).await?.missing.map(|m| m.minor), Some(3_240));
    let plain = till.desk.sheet(tab, TakeTyped::default()).await?;
    assert!(
        till.desk
            .take(&plain)
            .await
            .is_err_and(|e| e.code == ErrorCode::NotAllowed)
    );
    let all = what_is_held(&till, tab, TakeTyped::default()).await?;
    let old = Take {
        expect_total_minor: 9_000,
        ..all.clone()
    };
    assert!(
        till.desk
            .take(&old)
            .await
            .is_err_and(|e| e.code == ErrorCode::Changed)
    );
    for _ in 0..10 {
        till.desk.take(&all).await?;
    }
    assert_eq!(
        till.requests("POST", "/captures").await?,
        1,
        "one decision, one request"
    );
    let view = till.desk.tab(tab).await?;
    assert_eq!((view.row.captured.minor, view.row.left.minor), (10_000, 0));
    assert!(
        view.missing.is_none(),
        "the rest is asked for: {:?}",
        view.missing
    );
    assert_eq!(view.holds.len(), 2, "once, however often it was pressed");
    assert_eq!(view.row.asked.map(|m| m.minor), Some(3_240));
    Ok(())
}

/// Dojo takes no tip on its own: what is over the hold is held first, and then all of it is taken at once.
#[tokio::test]
async fn a_tip_beyond_the_hold_is_asked_for_before_anything_is_taken() -> Result<()> {
    let till = Till::open().await?;
    let tab = held(&till, "100").await?;
    till.desk.add_line(tab, None, 1, "95").await?;
    let over = typed(None, "", "10");
    let sheet = till.desk.sheet(tab, over.clone()).await?;
    let preview = till.desk.preview_take(tab, &sheet.typed).await?;
    assert!(preview.way_on.is_none(), "{:?}", preview.way_on);
    let anyway = Take {
        expect_total_minor: 10_000,
        then_ask_minor: 500,
        ..sheet
    };
    let refused = till.desk.take(&anyway).await.err().context("it was taken")?;
    assert_eq!(refused.code, ErrorCode::NotAllowed);
    till.desk.press_more(tab, "5").await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    till.hold(tab).await?;
    let done = till.desk.press_take(tab, over).await?.operations;
    let sums = |of: fn(&Operation) -> i64| done.iter().map(of).sum::<i64>();
    assert_eq!((sums(|o| o.amount), sums(|o| o.tip)), (9_500, 1_000));
    assert!(
        done.iter().all(|o| o.state == OperationState::Succeeded),
        "{done:?}"
    );
    Ok(())
}

#[tokio::test]
async fn a_line_is_taken_off_once_and_both_stay_to_be_seen() -> Result<()> {
    let till = Till::open().await?;
    let tab = held(&till, "100").await?;
    till.desk
        .add_line(tab, Some("Guinness".to_owned()), 2, "6.20")
        .await?;
    till.desk
        .add_line(tab, Some("Crisps".to_owned()), 1, "1.50")
        .await?;
    let line = till.ledger.lines(tab).await?[0].id;
    let (one, two) = tokio::join!(till.desk.take_off(tab, line), till.desk.take_off(tab, line));
    one?;
    two?;
    let view = till.desk.tab(tab).await?;
    assert_eq!((view.row.bill.minor, view.lines.len()), (150, 3));
    assert_eq!(view.lines[0].total.minor, -1_240);
    let struck: Vec<bool> = view.lines.iter().map(|l| l.is_struck).collect();
    assert_eq!(struck, [true, false, true]);
    let refused = till.desk.take_off(tab, view.lines[0].id).await;
    assert!(refused.is_err_and(|e| e.code == ErrorCode::NotAllowed));
    let told = till.desk.tab(tab).await?.history;
    assert!(
        told.iter()
            .any(|e| e.words == "Bill: Guinness removed, now £1.50"),
        "{told:?}"
    );
    Ok(())
}

#[tokio::test]
async fn a_guest_is_named_later_and_the_history_says_who_did() -> Result<()> {
    let till = Till::open().await?;
    let tab = held(&till, "50").await?;
    let details = |name: &str, email: Option<&str>| Details {
        name: name.to_owned(),
        place: Some(" Bar ".to_owned()),
        email: email.map(str::to_owned),
        note: None,
        arrives_on: None,
        departs_on: None,
    };
    for (name, email, field) in [("  ", None, "name"), ("Lena", Some("nowhere"), "email")] {
        let refused = till
            .desk
            .edit_tab(tab, details(name, email))
            .await
            .err()
            .context("taken")?;
        assert_eq!(refused.fields[0].field.as_str(), field);
    }
    till.desk.edit_tab(tab, details("Lena Marsh", None)).await?;
    till.desk.edit_tab(tab, details("Lena Marsh", None)).await?;
    let till = till.restart().await?;
    let view = till.desk.tab(tab).await?;
    assert_eq!(
        (view.row.name.as_str(), view.row.place.as_deref()),
        ("Lena Marsh", Some("Bar"))
    );
    let edited: Vec<_> = view
        .history
        .iter()
        .filter(|s| s.words.starts_with("Corrected"))
        .collect();
    assert_eq!(edited.len(), 1, "no change, no entry: {edited:?}");
    assert_eq!(
        edited[0].words,
        "Corrected: name Table 12 → Lena Marsh; room or table none → Bar"
    );
    till.ledger.verify_journal().await?;
    Ok(())
}

/// The refund is accepted and not shown yet: the bill stands as before, so somebody takes the line off by hand.
#[tokio::test]
async fn a_line_taken_off_while_its_refund_is_pending_does_not_swallow_the_next_drink() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "100", "40").await?;
    take(&till, tab, "40", "0", "0").await?;
    till.fault_after("refunds", "refund-later", 100).await?;
    till.desk
        .act(OperationKind::Refund, refunding(&till, &hold, "40", false).await?)
        .await?;
    let line = till.ledger.lines(tab).await?[0].id;
    let _may_be_refused = till.desk.take_off(tab, line).await;
    sweeps(&till, 3).await?;
    assert_eq!(till.hold(tab).await?.refunded(), 4_000);
    till.desk.add_line(tab, Some("Gin".to_owned()), 1, "9.50").await?;
    assert_eq!(
        due(&till, tab).await?,
        950,
        "{:?}",
        till.desk.tab(tab).await?.lines
    );
    Ok(())
}

/// The same while the refund still reads: what it takes off the bill was worked out before that.
#[tokio::test]
async fn a_line_taken_off_while_a_refund_reads_is_not_taken_off_twice() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "100", "40").await?;
    till.desk.add_line(tab, Some("Wrong".to_owned()), 1, "10").await?;
    take(&till, tab, "50", "0", "0").await?;
    let act = refunding(&till, &hold, "10", false).await?;
    let wrong = till.ledger.lines(tab).await?[1].id;
    till.wire.dawdle(1);
    let desk = till.desk.clone();
    let pressed = tokio::spawn(async move { desk.act(OperationKind::Refund, act).await.map(drop) });
    tokio::time::sleep(Duration::from_millis(500)).await;
    till.desk.take_off(tab, wrong).await?;
    let answer = pressed.await?;
    let shown = till.desk.tab(tab).await?;
    // The guest had £40 and, if it was sent, has paid £40.
    assert_eq!(shown.row.bill.minor, 4_000, "{answer:?} {:?}", shown.lines);
    Ok(())
}

/// Dojo let the rest go with the first take, and shows nothing of it. Another card is there: the bill can be taken.
#[tokio::test]
async fn a_card_that_dojo_takes_nothing_more_of_does_not_keep_the_other_back() -> Result<()> {
    let till = Till::open().await?;
    till.switch(|s| s.remainder = Remainder::ReleasedAtOnce)?;
    let (tab, _) = table(&till, "100", "40").await?;
    take(&till, tab, "40", "0", "0").await?;
    till.desk.add_line(tab, Some("Gin".to_owned()), 1, "20").await?;
    // Dojo says 409: that is unclear, and then not seen.
    till.desk.press_take(tab, TakeTyped::default()).await?;
    sweeps(&till, 4).await?;
    one_more(&till, tab, "20").await?;
    let second = till.desk.press_take(tab, TakeTyped::default()).await?;
    sweeps(&till, 4).await?;
    let row = till.desk.tab(tab).await?.row;
    assert_eq!(
        due(&till, tab).await?,
        0,
        "{:?} {:?} {:?}",
        second
            .operations
            .iter()
            .map(|o| (o.state, o.detail.clone()))
            .collect::<Vec<_>>(),
        row.detail,
        row.state
    );
    Ok(())
}

/// The portal takes from the second card between the look and the press of a take over both.
#[tokio::test]
async fn a_take_over_two_cards_stops_where_the_portal_took_from_the_second() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "50", "80").await?;
    one_more(&till, tab, "50").await?;
    let second = newest(&till, tab).await?;
    let sheet = till.desk.sheet(tab, typed(None, "0", "0")).await?;
    take_in_portal(&till, &second, 3_000).await?;
    ensure!(till.desk.take(&sheet).await.is_err());
    refund(&till, &till.desk.read(second.id).await?, ["10", "", ""], true).await?;
    assert_eq!(due(&till, tab).await?, 6_000);
    Ok(())
}

/// A take over two cards says how much comes from which.
#[tokio::test]
async fn a_take_over_two_cards_names_each() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = crate::refunds::table(&till, "20", "30").await?;
    crate::refunds::one_more(&till, tab, "30").await?;
    let preview = till.desk.preview_take(tab, &TakeTyped::default()).await?;
    let parts: Vec<_> = preview
        .split
        .iter()
        .map(|part| (part.from.as_str(), part.amount.minor))
        .collect();
    let [(first, from_first), (second, from_second)] = parts.as_slice() else {
        anyhow::bail!("{parts:?}");
    };
    assert!(
        first.starts_with("From hold 1, ") && second.starts_with("From hold 2, "),
        "{parts:?}"
    );
    assert_eq!((*from_first, *from_second), (2_000, 1_000));
    Ok(())
}
