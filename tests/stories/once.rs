//! Whatever a person presses carries an id: ten presses are one hold, also when the program ends in the middle.

use crate::decide;
use crate::refunds::{due, one_more, sweeps, table};
use anyhow::{Context, Result, ensure};
use holdfast_desk::{AskForMore, ErrorCode, Take, TakeTyped};
use holdfast_domain::{DeadlineAction, Hold, Kind, OperationKind, TabId};
use holdfast_ledger::prelude::*;
use holdfast_tests::press::Press;
use holdfast_tests::recorder::Mishap;
use holdfast_tests::{GOOD, Till, decision, typed};
use std::time::Duration;
use tokio::task::JoinSet;

async fn held(till: &Till, amount: &str) -> Result<TabId> {
    let tab = till.opened(Kind::Tab, "Table 12", amount).await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    till.hold(tab).await?;
    Ok(tab)
}

/// The sheet of a bill that is over its hold, at the button that takes what is held and asks for the rest.
pub(crate) async fn what_is_held(till: &Till, tab: TabId, typed: TakeTyped) -> Result<Take> {
    let take = till.desk.sheet(tab, typed).await?;
    let way = till.desk.preview_take(tab, &take.typed).await?.way_on;
    let way = way.context("no way on")?;
    Ok(Take {
        expect_total_minor: way.take.minor,
        then_ask_minor: way.ask.minor,
        ..take
    })
}

#[tokio::test]
async fn ten_presses_open_one_tab_and_one_hold() -> Result<()> {
    let till = Till::open().await?;
    let wanted = typed(Kind::Tab, "Impatient", "50");
    let mut presses = JoinSet::new();
    for number in 0..10 {
        let (desk, wanted) = (till.desk.clone(), wanted.clone());
        presses.spawn(async move {
            tokio::time::sleep(Duration::from_millis(number / 2)).await;
            desk.open_tab(wanted).await
        });
    }
    let mut tabs = Vec::new();
    while let Some(press) = presses.join_next().await {
        tabs.push(press??);
    }
    tabs.dedup();
    assert_eq!(tabs.len(), 1, "each press is told of the same tab");
    assert_eq!(till.requests("POST", "/payment-intents").await?, 1);
    // One that comes after a restart, from a window that was slow.
    let till = till.restart().await?;
    assert_eq!(till.desk.open_tab(wanted).await?, tabs[0]);
    assert_eq!(till.desk.floor().await?.open_count, 1);
    assert_eq!(till.requests("POST", "/payment-intents").await?, 1);
    Ok(())
}

#[tokio::test]
async fn ten_presses_ask_for_one_more_hold_and_for_one_new_hold() -> Result<()> {
    let till = Till::open().await?;
    let tab = held(&till, "50").await?;
    let more = AskForMore {
        tab_id: tab,
        amount: "30".to_owned(),
        deadline_action: None,
        decision: decision(),
        seen: till.desk.tab(tab).await?.seen,
    };
    let mut presses = JoinSet::new();
    for _ in 0..10 {
        let (desk, more) = (till.desk.clone(), more.clone());
        presses.spawn(async move { desk.ask_for_more(&more).await });
    }
    while let Some(press) = presses.join_next().await {
        press??;
    }
    assert_eq!(till.requests("POST", "/payment-intents").await?, 2);
    assert_eq!(till.ledger.holds(tab).await?.len(), 2);

    let old = till.ledger.holds(tab).await?.remove(0);
    let renew = till.desk.renewing(old.id).await?;
    let mut presses = JoinSet::new();
    for _ in 0..10 {
        let (desk, renew) = (till.desk.clone(), renew.clone());
        presses.spawn(async move { desk.renew(&renew).await });
    }
    let mut new = Vec::new();
    while let Some(press) = presses.join_next().await {
        new.push(press??);
    }
    new.dedup();
    assert_eq!(new.len(), 1);
    assert_eq!(till.requests("POST", "/payment-intents").await?, 3);
    Ok(())
}

/// The bill outgrew its hold, two people see it, and each asks the guest for 30 more.
#[tokio::test]
async fn two_who_see_the_same_bill_ask_for_one_more_hold() -> Result<()> {
    let till = Till::open().await?;
    let tab = held(&till, "50").await?;
    let seen = till.desk.tab(tab).await?.seen;
    let asking = || AskForMore {
        tab_id: tab,
        amount: "30".to_owned(),
        deadline_action: None,
        decision: decision(),
        seen: seen.clone(),
    };
    till.desk.ask_for_more(&asking()).await?;
    let refused = till.desk.ask_for_more(&asking()).await;
    let refused = refused.err().context("it was asked for twice")?;
    assert_eq!(refused.code, ErrorCode::Changed);
    assert!(
        refused.changes.iter().any(|change| change.contains("£30.00")),
        "{:?}",
        refused.changes
    );
    assert_eq!(till.ledger.holds(tab).await?.len(), 2);
    assert_eq!(till.requests("POST", "/payment-intents").await?, 2);
    Ok(())
}

#[tokio::test]
async fn a_further_hold_ends_as_its_tab_was_opened_to_end() -> Result<()> {
    let till = Till::open().await?;
    let settings = holdfast_desk::Settings {
        deadline_action: DeadlineAction::Capture,
        ..till.desk.settings().await?
    };
    till.desk.save_settings(settings).await?;
    let tab = till
        .desk
        .open_tab(holdfast_desk::OpenTab {
            deadline_action: Some(DeadlineAction::Release),
            ..typed(Kind::Tab, "Table 3", "50")
        })
        .await?;
    till.desk.press_more(tab, "30").await?;
    let further = till.ledger.holds(tab).await?.remove(1);
    assert_eq!(
        further.expire_action,
        Some(DeadlineAction::Release),
        "not as the venue’s settings are"
    );
    let chosen = AskForMore {
        tab_id: tab,
        amount: "20".to_owned(),
        deadline_action: Some(DeadlineAction::Capture),
        decision: decision(),
        seen: till.desk.tab(tab).await?.seen,
    };
    till.desk.ask_for_more(&chosen).await?;
    let third = till.ledger.holds(tab).await?.remove(2);
    assert_eq!(
        third.expire_action,
        Some(DeadlineAction::Capture),
        "a person may choose"
    );
    Ok(())
}

#[tokio::test]
async fn what_was_agreed_for_the_rest_is_there_when_the_guest_has_paid_it() -> Result<()> {
    let till = Till::open().await?;
    let tab = held(&till, "100").await?;
    till.desk.add_line(tab, None, 1, "105").await?;
    let over = TakeTyped {
        service: Some("8".to_owned()),
        tip: Some("10".to_owned()),
        ..TakeTyped::default()
    };
    till.desk.take(&what_is_held(&till, tab, over).await?).await?;
    let rest = till.hold(tab).await?;
    assert_eq!(rest.asked, 2_300, "£5 of the bill, the service and the tip");
    till.pay(&rest, GOOD).await?;
    till.hold(tab).await?;
    let preview = till.desk.preview_take(tab, &TakeTyped::default()).await?;
    assert_eq!(
        (preview.bill.minor, preview.service.minor, preview.tip.minor),
        (500, 800, 1_000),
        "what was agreed stands in the sheet"
    );
    Ok(())
}

#[tokio::test]
async fn the_rest_is_asked_for_after_a_restart_too() -> Result<()> {
    let till = Till::open().await?;
    let tab = held(&till, "100").await?;
    till.desk.add_line(tab, None, 1, "130").await?;
    let take = what_is_held(&till, tab, TakeTyped::default()).await?;
    // Dojo takes it and the answer is lost; the till ends before it knows.
    till.fault("captures", "stall").await?;
    let desk = till.desk.clone();
    let pressed = take.clone();
    let taking = tokio::spawn(async move { desk.take(&pressed).await });
    while till.requests("POST", "/captures").await? == 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    taking.abort();
    let _ended = taking.await;
    let till = till.restart().await?;
    assert_eq!(
        till.requests("POST", "/payment-intents").await?,
        1,
        "nothing is asked for yet"
    );
    for _ in 0..3 {
        till.wind("00:00:21").await?;
        till.desk.sweep().await?;
    }
    let holds = till.ledger.holds(tab).await?;
    assert_eq!(holds.len(), 2, "the take is found, and the rest asked for");
    assert_eq!(holds[1].asked, 3_000);
    // The slow window’s press, and the watch, change nothing any more.
    till.desk.take(&take).await?;
    till.desk.sweep().await?;
    assert_eq!(till.requests("POST", "/payment-intents").await?, 2);
    assert_eq!(till.requests("POST", "/captures").await?, 1);
    Ok(())
}

#[tokio::test]
async fn when_the_take_fails_nobody_is_asked_for_the_rest() -> Result<()> {
    for mishap in [true, false] {
        let till = Till::open().await?;
        let tab = held(&till, "100").await?;
        till.desk.add_line(tab, None, 1, "130").await?;
        let take = what_is_held(&till, tab, TakeTyped::default()).await?;
        if mishap {
            till.wire.befall(Mishap::Unplugged);
        } else {
            till.fault("captures", "400").await?;
        }
        till.desk.take(&take).await?;
        till.desk.sweep().await?;
        assert_eq!(till.ledger.holds(tab).await?.len(), 1, "{mishap}");
        ensure!(
            till.ledger.open_asks().await?.is_empty(),
            "it would be asked for at any time"
        );
        let told = till.desk.tab(tab).await?.history;
        ensure!(
            told.iter()
                .any(|step| step.words.starts_with("The guest wasn’t asked for £30.00")),
            "{told:?}"
        );
        let captures = till.ledger.operations(till.hold(tab).await?.id).await?;
        assert_eq!(
            captures
                .iter()
                .filter(|o| o.kind == OperationKind::Capture)
                .count(),
            1
        );
    }
    Ok(())
}

/// Take and ask, and the take is unclear. Meanwhile what was over comes off the bill: nobody asks for it then.
#[tokio::test]
async fn the_rest_is_not_asked_for_when_it_is_not_due_any_more() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "50", "70").await?;
    let sheet = what_is_held(&till, tab, TakeTyped::default()).await?;
    till.fault_after("captures", "late", 20).await?;
    till.desk.take(&sheet).await?;
    till.desk
        .add_line(tab, Some("Wrong table".to_owned()), 1, "-20")
        .await?;
    sweeps(&till, 3).await?;
    let asked: Vec<i64> = till.ledger.holds(tab).await?.iter().map(|h| h.asked).collect();
    assert_eq!(
        (due(&till, tab).await?, asked),
        (0, vec![5_000]),
        "the guest is asked for what nobody owes"
    );
    Ok(())
}

/// Of a take over two cards that stops after the first, the request for the rest is not forgotten without a word.
#[tokio::test]
async fn a_take_that_stops_says_that_the_rest_was_not_asked_for_either() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "20", "80").await?;
    one_more(&till, tab, "30").await?;
    let sheet = what_is_held(&till, tab, TakeTyped::default()).await?;
    till.switch(|s| s.capture_settles_after = 90)?;
    let taken = till.desk.take(&sheet).await?;
    let words = till
        .desk
        .outcome_of_take(tab, &taken)
        .await?
        .unsent
        .unwrap_or_default();
    assert!(words.contains("£30.00") && words.contains("asked"), "{words}");
    Ok(())
}

/// The take was found, and the tab closed before the rest was asked for: what is held for it has to be seen.
#[tokio::test]
async fn a_tab_that_was_closed_is_reopened_when_its_rest_is_asked_for() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "50", "70").await?;
    let take = what_is_held(&till, tab, TakeTyped::default()).await?;
    till.fault_after("captures", "late", 20).await?;
    till.desk.take(&take).await?;
    till.wind("00:01:00").await?;
    till.desk.read(hold.id).await?;
    till.desk.press_close(tab).await?;
    till.desk.continue_asks().await?;
    let asked: Vec<i64> = till.ledger.holds(tab).await?.iter().map(|h| h.asked).collect();
    assert_eq!(asked, [5_000, 2_000]);
    let floor = till.desk.floor().await?;
    ensure!(floor.rows.iter().any(|row| row.id == tab), "nobody sees it");
    Ok(())
}

/// A request for £30 more that never left: the cable was out.
async fn never_left(till: &Till, tab: TabId) -> Result<Hold> {
    till.plug(false)?;
    till.desk.press_more(tab, "30").await?;
    till.plug(true)?;
    till.ledger.holds(tab).await?.pop().context("no hold")
}

/// A request for the rest never left, and another seat asked for it since: “Send again” asks nobody a second time.
#[tokio::test]
async fn send_again_does_not_ask_for_what_was_asked_for_since() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "20", "50").await?;
    let unsent = never_left(&till, tab).await?;
    let missing = till.desk.tab(tab).await?.missing.context("nothing is missing")?;
    ensure!(missing.minor == 3_000, "{missing:?}");
    till.desk.press_more(tab, "30").await?;
    let again = till.desk.retry_open(unsent.id).await;
    let words = again.err().context("sent again")?.message;
    assert!(
        words.contains("£30.00") && words.contains("nothing is missing any more"),
        "{words}"
    );
    sweeps(&till, 1).await?;
    let asked = till.desk.tab(tab).await?.row.asked.map_or(0, |money| money.minor);
    assert_eq!(asked, 3_000, "what is missing");
    Ok(())
}

/// The same where the bill has shrunk since.
#[tokio::test]
async fn send_again_does_not_ask_for_what_is_not_due_any_more() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "20", "20").await?;
    till.desk.add_line(tab, None, 1, "30").await?;
    let unsent = never_left(&till, tab).await?;
    let line = till.ledger.lines(tab).await?[1].id;
    till.desk.take_off(tab, line).await?;
    let again = till.desk.retry_open(unsent.id).await;
    assert!(
        again.is_err(),
        "£30 was asked for, and the bill is £20 with £20 on hold"
    );
    Ok(())
}

/// The card that was there is taken to its last penny meanwhile, and the bill is no more than that.
#[tokio::test]
async fn send_again_asks_nobody_once_another_card_paid_it_all() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "20", "20").await?;
    till.desk.add_line(tab, None, 1, "30").await?;
    let unsent = never_left(&till, tab).await?;
    let line = till.ledger.lines(tab).await?[1].id;
    till.desk.take_off(tab, line).await?;
    till.desk.press_take(tab, TakeTyped::default()).await?;
    ensure!(till.ledger.holds(tab).await?[0].captured() == 2_000);
    assert!(till.desk.retry_open(unsent.id).await.is_err(), "the bill is paid");
    Ok(())
}

/// The tab's other request was cancelled, so that nothing covers the bill: the one that never left goes out as it was
/// decided, though the bill is smaller by now.
#[tokio::test]
async fn send_again_goes_out_where_no_other_card_is_left() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Tab, "Table 12", "20").await?;
    let first = till.hold(tab).await?;
    till.desk.add_line(tab, None, 1, "20").await?;
    till.desk.add_line(tab, None, 1, "30").await?;
    let unsent = never_left(&till, tab).await?;
    till.desk.press(decide(&first, OperationKind::Cancel, 0)).await?;
    let line = till.ledger.lines(tab).await?[1].id;
    till.desk.take_off(tab, line).await?;
    till.desk.retry_open(unsent.id).await?;
    assert_eq!(till.requests("POST", "/payment-intents").await?, 2);
    Ok(())
}

/// A second card, asked for ahead of the bill: nothing came of the first try, nothing has changed, and it’s sent again.
#[tokio::test]
async fn send_again_asks_for_a_second_card_while_nothing_has_changed() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "100", "50").await?;
    let unsent = never_left(&till, tab).await?;
    till.desk.retry_open(unsent.id).await?;
    assert_eq!(till.requests("POST", "/payment-intents").await?, 2);
    Ok(())
}

/// Whether the guest was asked isn't known: it counts as asked, so that nobody asks twice.
#[tokio::test]
async fn a_request_whose_answer_was_lost_counts_as_asked() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "50", "80").await?;
    till.fault("create", "500-before").await?;
    till.desk.press_more(tab, "30").await?;
    assert_eq!(till.desk.tab(tab).await?.missing, None);
    Ok(())
}

/// A take of ours that Dojo has yet to settle is not one that hangs for a day, and a slow refund is no take.
#[tokio::test]
async fn what_is_settling_is_called_what_it_is() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "50", "40").await?;
    till.switch(|s| s.capture_settles_after = 90)?;
    till.desk.press_take(tab, TakeTyped::default()).await?;
    let preview = till.desk.preview_take(tab, &TakeTyped::default()).await?;
    assert!(preview.cautions.is_empty(), "{:?}", preview.cautions);
    assert_eq!(till.desk.tab(tab).await?.row.state.words, "Take pending");
    sweeps(&till, 2).await?;
    till.switch(|s| s.refund_settles_after = 600)?;
    till.desk
        .press(decide(&hold, OperationKind::Refund, 4_000))
        .await?;
    assert_ne!(till.desk.tab(tab).await?.row.state.words, "Take pending");
    Ok(())
}
