//! Sequences that break the rule that a bill is paid once and every figure is true. Red where they do.

use crate::refunds::{due, one_more, refund, table, take, typed};
use anyhow::{Context, Result, ensure};
use chrono::TimeDelta;
use holdfast_desk::{
    Act, Desk, LinkEnds, NightAction, NightChoice, OpenTab, Renew, SayRefund, Take, TakeTyped,
};
use holdfast_dojo::RefundRequest;
use holdfast_domain::{Currency, DeadlineAction, Hold, Kind, OperationKind, OperationState, TabId};
use holdfast_ledger::prelude::*;
use holdfast_tests::press::Press;
use holdfast_tests::{GOOD, KEY, Till, decide, stepped::SteppedClock};
use std::sync::Arc;
use std::time::Duration;

async fn night_ends(till: &Till) -> Result<Vec<(String, String)>> {
    loop {
        let run = till.desk.night(&[]).await?.run.context("no run")?;
        if !run.is_running {
            let rows = run.rows.into_iter();
            return Ok(rows.map(|row| (row.name, row.state.words)).collect());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn is_on_the_floor(till: &Till, tab: TabId) -> Result<bool> {
    Ok(till.desk.floor().await?.rows.iter().any(|row| row.id == tab))
}

async fn in_the_portal(till: &Till, hold: &Hold, minor: i64) -> Result<()> {
    let intent = hold.intent_id.as_deref().context("no intent")?;
    let done = till.client(KEY)?.capture(intent, minor, None).await;
    done.map(drop).map_err(|failure| anyhow::anyhow!("{failure:?}"))
}

async fn refunded_in_the_portal(till: &Till, hold: &Hold, minor: i64, key: &str) -> Result<()> {
    let back = RefundRequest {
        amount: minor,
        reason: None,
        notes: None,
    };
    let intent = hold.intent_id.as_deref().context("no intent")?;
    till.client(KEY)?.refund(intent, &back, key).await?;
    till.desk.read(hold.id).await?;
    Ok(())
}

async fn sweeps(till: &Till, count: usize) -> Result<()> {
    for _ in 0..count {
        till.wind("00:01:10").await?;
        till.desk.sweep().await?;
    }
    Ok(())
}

/// A drink is put on the bill while the night takes it: the tab must not leave the floor with it.
#[tokio::test]
async fn a_drink_that_comes_while_the_night_takes_the_bill_does_not_leave_the_floor() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "100", "40").await?;
    let seen = till.desk.night(&[]).await?.seen();
    till.wire.dawdle(3);
    till.desk.close_night(&[], &seen).await?;
    while till.requests("POST", "/captures").await? == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    till.desk.add_line(tab, Some("Gin".to_owned()), 1, "10").await?;
    let rows = night_ends(&till).await?;
    assert_eq!(due(&till, tab).await?, 1_000);
    assert!(
        is_on_the_floor(&till, tab).await?,
        "£10 is due, £60 is held, and it is put away: {rows:?}"
    );
    Ok(())
}

/// The same of a row that was only to be put away: nobody agreed to what is on it by then.
#[tokio::test]
async fn a_tab_that_is_put_away_by_the_night_is_what_was_confirmed() -> Result<()> {
    let till = Till::open().await?;
    let mut settings = till.desk.settings().await?;
    settings.night_at_once = 1;
    till.desk.save_settings(settings).await?;
    let idle = till.opened(Kind::Tab, "Table 3", "50").await?;
    till.desk
        .press(decide(&till.hold(idle).await?, OperationKind::Cancel, 0))
        .await?;
    let (_, _) = table(&till, "100", "40").await?;
    let night = till.desk.night(&[]).await?;
    let row = night
        .rows
        .iter()
        .find(|row| row.tab.id == idle)
        .context("no row")?;
    ensure!(row.action == NightAction::PutAway, "{row:?}");
    till.wire.dawdle(4);
    till.desk.close_night(&[], &night.seen()).await?;
    till.desk
        .add_line(idle, Some("Dinner".to_owned()), 1, "30")
        .await?;
    let rows = night_ends(&till).await?;
    assert!(
        is_on_the_floor(&till, idle).await?,
        "£30 is due, and nobody saw it put away: {rows:?}"
    );
    Ok(())
}

async fn take_and_ask(till: &Till, tab: TabId, typed: TakeTyped) -> Result<Take> {
    let typed = till.desk.sheet(tab, typed).await?.typed;
    let preview = till.desk.preview_take(tab, &typed).await?;
    let way = preview.way_on.context("no way")?;
    Ok(Take {
        expect_total_minor: way.take.minor,
        then_ask_minor: way.ask.minor,
        ..till.desk.sheet(tab, typed).await?
    })
}

/// With a clock that is ahead a link that the guest can still pay has not ended.
#[tokio::test]
async fn a_renewal_whose_link_is_still_open_at_dojo_waits_whatever_the_clock_says() -> Result<()> {
    let till = Till::open().await?;
    let wanted = OpenTab::of(Kind::Deposit, "Room 14", "200", Currency::Gbp);
    let tab = till.desk.open_tab(wanted).await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    let old = till.hold(tab).await?;
    let clock = Arc::new(SteppedClock::begin());
    let desk = Desk::new(till.ledger.clone(), till.client(KEY)?, clock.clone());
    desk.sweep().await?;
    let renew = Renew {
        link_ends: Some(LinkEnds::Day),
        ..desk.renewing(old.id).await?
    };
    desk.renew(&renew).await?;
    clock.set(TimeDelta::days(2));
    desk.sweep().await?;
    let new = till.ledger.holds(tab).await?.pop().context("no new hold")?;
    assert_eq!(till.pay(&new, GOOD).await?, "authorized");
    desk.sweep().await?;
    desk.sweep().await?;
    let left: Vec<i64> = till.ledger.holds(tab).await?.iter().map(Hold::left).collect();
    assert_eq!(left, [0, 20_000], "the guest is held for both");
    Ok(())
}

/// A second refund elsewhere, said later, does not make the first one due again.
#[tokio::test]
async fn what_was_charged_again_stays_charged_when_another_refund_is_said() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "50", "40").await?;
    take(&till, tab, "40", "0", "0").await?;
    one_more(&till, tab, "60").await?;
    refunded_in_the_portal(&till, &hold, 2_000, "one").await?;
    let say = |bill: &str, again| SayRefund {
        hold_id: hold.id,
        refund: None,
        typed: typed([bill, "", ""], again),
    };
    till.desk.say_refund(&say("20", true)).await?;
    take(&till, tab, "20", "0", "0").await?;
    refunded_in_the_portal(&till, &hold, 500, "two").await?;
    till.desk.say_refund(&say("5", false)).await?;
    till.desk.add_line(tab, Some("Gin".to_owned()), 1, "8").await?;
    let night = till.desk.night(&[]).await?;
    let row = &night.rows[0];
    let flags: Vec<&str> = row.flags.iter().map(|flag| flag.words.as_str()).collect();
    assert!(
        !flags.iter().any(|words| words.contains("charge again")),
        "{flags:?}"
    );
    Ok(())
}

/// The rest's hold is renewed: what was agreed for it is not forgotten.
#[tokio::test]
async fn a_tip_that_was_agreed_outlives_a_renewal() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "50", "60").await?;
    let tip = TakeTyped {
        tip: Some("5".to_owned()),
        ..TakeTyped::default()
    };
    till.desk.take(&take_and_ask(&till, tab, tip).await?).await?;
    let rest = till.hold(tab).await?;
    till.pay(&rest, GOOD).await?;
    till.hold(tab).await?;
    till.desk.renew(&till.desk.renewing(rest.id).await?).await?;
    let new = till.ledger.holds(tab).await?.pop().context("no new hold")?;
    till.pay(&new, GOOD).await?;
    till.desk.sweep().await?;
    let preview = till.desk.preview_take(tab, &TakeTyped::default()).await?;
    assert_eq!((preview.bill.minor, preview.tip.minor), (1_000, 500));
    Ok(())
}

/// Refunded to be charged again, and the guest pays from the new card: it's due once.
#[tokio::test]
async fn charged_again_over_two_cards_adds_up() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "50", "40").await?;
    take(&till, tab, "40", "0", "6").await?;
    one_more(&till, tab, "15").await?;
    one_more(&till, tab, "15").await?;
    refund(&till, &hold, ["20", "", "6"], true).await?;
    assert_eq!(due(&till, tab).await?, 2_000);
    let choice = NightChoice {
        tab_id: tab,
        action: Some(NightAction::Take),
        typed: TakeTyped::default(),
    };
    let night = till.desk.night(std::slice::from_ref(&choice)).await?;
    till.desk.close_night(&[choice], &night.seen()).await?;
    let rows = night_ends(&till).await?;
    assert_eq!((due(&till, tab).await?, rows[0].1.as_str()), (0, "Done"));
    let operations: Vec<OperationState> = till
        .ledger
        .operations(hold.id)
        .await?
        .iter()
        .map(|o| o.state)
        .collect();
    ensure!(
        operations.iter().all(|s| *s == OperationState::Succeeded),
        "{operations:?}"
    );
    Ok(())
}

/// A second card that nothing is taken from stays held: the night that takes the bill must not end in trouble for it,
/// or say so before.
#[tokio::test]
async fn a_second_card_that_is_not_needed_does_not_turn_the_night_into_trouble() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "40", "40").await?;
    one_more(&till, tab, "50").await?;
    let night = till.desk.night(&[]).await?;
    let (action, back) = (night.rows[0].action, night.rows[0].back.text.clone());
    till.desk.close_night(&[], &night.seen()).await?;
    let rows = night_ends(&till).await?;
    let on_floor = is_on_the_floor(&till, tab).await?;
    assert_eq!(
        rows[0].1, "Done",
        "{action:?}, {back} was to drop off; on the floor: {on_floor}"
    );
    Ok(())
}

/// What is still on hold on a card that can't be taken from any more is on hold all the same.
#[tokio::test]
async fn a_take_sheet_does_not_say_that_nothing_stays_on_hold_while_something_does() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "100", "40").await?;
    take(&till, tab, "40", "0", "0").await?;
    refund(&till, &first, ["10", "", ""], false).await?;
    till.desk.add_line(tab, None, 1, "20").await?;
    one_more(&till, tab, "20").await?;
    let left = till.desk.tab(tab).await?.row.left.minor;
    let preview = till.desk.preview_take(tab, &TakeTyped::default()).await?;
    ensure!(preview.allowed, "{preview:?}");
    assert!(
        left <= 2_000 || !preview.sentence.contains("Nothing stays on hold"),
        "{left} is on hold: {}",
        preview.sentence
    );
    Ok(())
}

/// A duplicate that was made and refunded in the portal, and nobody has said so: the payment here is not beyond the bill.
#[tokio::test]
async fn what_the_portal_gave_back_already_is_not_beyond_the_bill_here() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "50", "40").await?;
    one_more(&till, tab, "60").await?;
    take(&till, tab, "40", "0", "0").await?;
    let second = till.ledger.holds(tab).await?.pop().context("no hold")?;
    in_the_portal(&till, &second, 4_000).await?;
    refunded_in_the_portal(&till, &second, 4_000, "one").await?;
    let preview = till
        .desk
        .preview_refund(first.id, &typed(["40", "", ""], false))
        .await?;
    assert!(
        preview.concerns_bill,
        "the sheet says that it was paid beyond the bill: {}",
        preview.taken_off
    );
    Ok(())
}

/// One card's rest and another card's deadline are not one line of the floor.
#[tokio::test]
async fn a_row_says_of_one_hold_what_is_left_and_until_when() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "100", "40").await?;
    till.wind("2.00:00:00").await?;
    one_more(&till, tab, "50").await?;
    take(&till, tab, "40", "0", "0").await?;
    let second = till.ledger.holds(tab).await?.pop().context("no hold")?;
    in_the_portal(&till, &second, 1_000).await?;
    till.desk.read(second.id).await?;
    let row = till.desk.tab(tab).await?.row;
    let _ = first;
    assert!(
        !(row.detail.starts_with("£40.00 left") && row.detail.contains("in 4 days")),
        "£40 of the second card, in 4 days of the first: {} {}",
        row.left.text,
        row.detail
    );
    Ok(())
}

/// By a clock that is days ahead, a link that Dojo still takes payments on has not ended.
#[tokio::test]
async fn a_link_is_not_called_ended_by_a_clock_that_is_ahead() -> Result<()> {
    let till = Till::open().await?;
    let wanted = OpenTab {
        link_ends: Some(LinkEnds::Day),
        ..OpenTab::of(Kind::Tab, "Table 4", "50", Currency::Gbp)
    };
    let tab = till.desk.open_tab(wanted).await?;
    let clock = Arc::new(SteppedClock::begin());
    let desk = Desk::new(till.ledger.clone(), till.client(KEY)?, clock.clone());
    clock.set(TimeDelta::days(2));
    desk.sweep().await?;
    let view = desk.tab(tab).await?;
    assert_eq!(
        view.row.state.code, "waiting",
        "Dojo takes the payment: {:?}",
        view.holds[0].link_ended
    );
    Ok(())
}

/// Where Dojo will take a second card's hold, the night does not begin what it can't end.
#[tokio::test]
async fn a_second_card_that_dojo_will_take_is_known_before_the_night_takes_the_first() -> Result<()> {
    let till = Till::open().await?;
    let wanted = OpenTab {
        deadline_action: Some(DeadlineAction::Capture),
        ..OpenTab::of(Kind::Tab, "Table 9", "40", Currency::Gbp)
    };
    let tab = till.desk.open_tab(wanted).await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    till.hold(tab).await?;
    till.desk.add_line(tab, None, 1, "40").await?;
    one_more(&till, tab, "50").await?;
    let night = till.desk.night(&[]).await?;
    let row = &night.rows[0];
    let figures = format!("{:?} {:?} {:?}", row.action, row.dojo_takes, night.dojo_takes);
    if row.action == NightAction::Leave {
        return Ok(());
    }
    till.desk.close_night(&[], &night.seen()).await?;
    let rows = night_ends(&till).await?;
    assert_eq!(rows[0].1, "Done", "{figures}");
    Ok(())
}

/// A link that nobody has paid keeps a tab open: the night says so before it takes the bill.
#[tokio::test]
async fn a_link_that_waits_does_not_turn_the_night_into_trouble() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "100", "40").await?;
    till.desk.press_more(tab, "50").await?;
    till.hold(tab).await?;
    let night = till.desk.night(&[]).await?;
    let row = &night.rows[0];
    let flags: Vec<String> = row.flags.iter().map(|flag| flag.words.clone()).collect();
    if row.action == NightAction::Leave {
        return Ok(());
    }
    till.desk.close_night(&[], &night.seen()).await?;
    let rows = night_ends(&till).await?;
    assert_eq!(rows[0].1, "Done", "{flags:?}");
    Ok(())
}

/// A request that was cancelled, put away by the night and paid after all is seen and can be released.
#[tokio::test]
async fn a_payment_after_the_night_cancelled_its_request_is_seen() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Tab, "Table 12", "50").await?;
    till.hold(tab).await?;
    till.fault_after("cancel", "cancel-loses-race", 30).await?;
    let choice = NightChoice {
        tab_id: tab,
        action: Some(NightAction::Cancel),
        typed: TakeTyped::default(),
    };
    let night = till.desk.night(std::slice::from_ref(&choice)).await?;
    till.desk.close_night(&[choice], &night.seen()).await?;
    let rows = night_ends(&till).await?;
    till.wind("00:01:00").await?;
    till.desk.sweep().await?;
    let shown = till
        .desk
        .attention()
        .await?
        .items
        .iter()
        .any(|item| item.tab_id == Some(tab));
    assert!(
        shown || is_on_the_floor(&till, tab).await?,
        "£50 is held where nobody looks: {rows:?}"
    );
    let hold = till.hold(tab).await?;
    till.desk.press(decide(&hold, OperationKind::Reversal, 0)).await?;
    Ok(())
}

/// A guest who paid twice is not put away with a green chip that calls it a part.
#[tokio::test]
async fn a_guest_who_paid_beyond_the_bill_is_not_put_away_without_a_word() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "40", "40").await?;
    one_more(&till, tab, "40").await?;
    take(&till, tab, "40", "0", "0").await?;
    let second = till.ledger.holds(tab).await?.pop().context("no hold")?;
    in_the_portal(&till, &second, 4_000).await?;
    till.desk.read(second.id).await?;
    // The manager has put the finding aside, and forgot to refund.
    for finding in till.desk.findings().await? {
        till.desk.acknowledge(&finding.key.to_string()).await?;
    }
    let night = till.desk.night(&[]).await?;
    let row = &night.rows[0];
    let flags: Vec<&str> = row.flags.iter().map(|flag| flag.words.as_str()).collect();
    assert!(
        row.action == NightAction::Leave
            || flags
                .iter()
                .any(|words| words.contains("beyond") || words.contains("more than")),
        "{:?} {flags:?}: £80 of a bill of £40",
        row.action
    );
    Ok(())
}

/// More is had after a refund in part: what is held can't be taken, and the sheet says so, and asks for more.
#[tokio::test]
async fn after_a_refund_in_part_the_sheet_does_not_say_that_nothing_is_held() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "100", "40").await?;
    take(&till, tab, "40", "0", "0").await?;
    refund(&till, &first, ["10", "", ""], false).await?;
    till.desk.add_line(tab, None, 1, "20").await?;
    let row = till.desk.tab(tab).await?.row;
    let preview = till.desk.preview_take(tab, &TakeTyped::default()).await?;
    ensure!(row.left.minor == 6_000 && preview.due.minor == 2_000, "{row:?}");
    let why = preview.why.unwrap_or_default();
    assert!(
        !why.contains("Nothing is held"),
        "{} on hold, short {:?}: {why}",
        row.left.text,
        row.short
    );
    Ok(())
}

/// The same: nothing of the new drinks is covered, and the floor says so.
#[tokio::test]
async fn what_is_held_and_can_not_be_taken_covers_nothing() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "100", "40").await?;
    take(&till, tab, "40", "0", "0").await?;
    refund(&till, &first, ["10", "", ""], false).await?;
    till.desk.add_line(tab, None, 1, "20").await?;
    let shown = till.desk.tab(tab).await?;
    assert_eq!(
        shown.missing.map(|money| money.minor),
        Some(2_000),
        "nobody is asked for it"
    );
    Ok(())
}

/// A refund sheet that was opened while a refund of the other card was under way, and accepted: the night of it all.
#[tokio::test]
async fn what_staff_are_paid_of_tips_is_right_when_the_portal_gave_a_tip_back_and_then_we_do() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "100", "40").await?;
    take(&till, tab, "40", "0", "10").await?;
    refunded_in_the_portal(&till, &hold, 1_000, "tip").await?;
    // Nobody has said what that was for. The till's own refund of the tip: at most £10 of tip was ever taken.
    let tip = typed(["", "", "10"], false);
    let preview = till.desk.preview_refund(hold.id, &tip).await?;
    let act = Act {
        refund: Some(tip),
        reason: Some("Complaint".to_owned()),
        ..till.desk.acting(hold.id).await?
    };
    ensure!(
        till.desk.act(OperationKind::Refund, act).await.is_ok() == preview.allowed,
        "{preview:?}"
    );
    let say = SayRefund {
        hold_id: hold.id,
        refund: None,
        typed: typed(["10", "", ""], false),
    };
    till.desk.say_refund(&say).await?;
    let shown = till.desk.tab(tab).await?;
    assert_eq!(
        (shown.row.bill.minor, due(&till, tab).await?),
        (3_000, 0),
        "{:?}",
        shown.lines
    );
    let (tips, _, not_said) = crate::refunds::paid_out(&till).await?;
    assert_eq!((tips, not_said), ([1_000, 1_000, 0], 0));
    Ok(())
}

/// Part of a take over two cards is taken, the till ends, and the second press comes after a restart with the bill
/// grown: nothing more is taken by that press.
#[tokio::test]
async fn a_second_press_after_a_restart_takes_nothing_more() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "20", "40").await?;
    one_more(&till, tab, "50").await?;
    let sheet = till.desk.sheet(tab, TakeTyped::default()).await?;
    till.fault("captures", "stall").await?;
    let (desk, first) = (till.desk.clone(), sheet.clone());
    let taking = tokio::spawn(async move { desk.take(&first).await });
    while till.requests("POST", "/captures").await? == 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    taking.abort();
    let _ended = taking.await;
    let till = till.restart().await?;
    till.desk.add_line(tab, None, 1, "5").await?;
    sweeps(&till, 3).await?;
    let again = till.desk.take(&sheet).await?;
    assert_eq!(till.requests("POST", "/captures").await?, 1, "{again:?}");
    assert_eq!(again.unsent.map(|unsent| unsent.money.minor), Some(2_000));
    assert_eq!(due(&till, tab).await?, 2_500);
    Ok(())
}

/// A night that was interrupted and gone on with after the guest had paid in the portal takes nothing.
#[tokio::test]
async fn a_night_that_goes_on_the_next_day_takes_nothing_that_was_taken_since() -> Result<()> {
    let till = Till::open().await?;
    let mut settings = till.desk.settings().await?;
    settings.night_at_once = 1;
    till.desk.save_settings(settings).await?;
    let (one, _) = table(&till, "100", "40").await?;
    let (other, second) = table(&till, "100", "30").await?;
    let seen = till.desk.night(&[]).await?.seen();
    till.wire.dawdle(1);
    till.desk.close_night(&[], &seen).await?;
    till.desk.stop_night().await?;
    let rows = night_ends(&till).await?;
    ensure!(rows.iter().any(|(_, words)| words == "Not done"), "{rows:?}");
    let first = till.hold(one).await?;
    let hold = if first.captured() == 0 { first } else { second };
    in_the_portal(&till, &hold, 3_000).await?;
    till.desk.go_on_with_night().await?;
    let rows = night_ends(&till).await?;
    let truth = till.truth().await?;
    let taken: i64 = truth["intents"]
        .as_array()
        .context("none")?
        .iter()
        .filter_map(|i| i["captured"].as_i64())
        .sum();
    ensure!(taken <= 7_000, "{taken} {rows:?} {other:?}");
    ensure!(rows.iter().any(|(_, words)| words != "Done"), "{rows:?}");
    Ok(())
}

/// What can't be released is not called released, least of all where Dojo takes it.
#[tokio::test]
async fn a_night_that_releases_names_what_it_releases() -> Result<()> {
    let till = Till::open().await?;
    let wanted = OpenTab {
        deadline_action: Some(DeadlineAction::Capture),
        ..OpenTab::of(Kind::Tab, "Table 9", "100", Currency::Gbp)
    };
    let tab = till.desk.open_tab(wanted).await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    till.hold(tab).await?;
    till.desk.add_line(tab, None, 1, "40").await?;
    till.desk.press_take(tab, TakeTyped::default()).await?;
    one_more(&till, tab, "50").await?;
    let choice = NightChoice {
        tab_id: tab,
        action: Some(NightAction::Release),
        typed: TakeTyped::default(),
    };
    let night = till.desk.night(&[choice]).await?;
    let row = &night.rows[0];
    ensure!(row.action == NightAction::Release, "{row:?}");
    assert_eq!(
        row.back.minor, 5_000,
        "£60 of it Dojo takes: {}; {}",
        night.button, night.confirm
    );
    Ok(())
}

/// “Charge it again here” is offered only where something can be charged, or says that the guest has to be asked.
#[tokio::test]
async fn charged_again_on_the_only_card_is_missing_though_some_of_it_is_held() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "100", "40").await?;
    take(&till, tab, "40", "0", "0").await?;
    refund(&till, &first, ["40", "", ""], true).await?;
    let shown = till.desk.tab(tab).await?;
    assert_eq!(
        (due(&till, tab).await?, shown.missing.map(|money| money.minor)),
        (4_000, Some(4_000)),
        "£40 is due, nothing can be taken, and nobody is told to ask: {:?}",
        till.desk.preview_take(tab, &TakeTyped::default()).await?.why
    );
    Ok(())
}

/// What the guest is given on paper does not say that too much was taken when it was given back already.
#[tokio::test]
async fn a_receipt_does_not_call_taken_beyond_the_bill_what_went_back() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "50", "40").await?;
    one_more(&till, tab, "60").await?;
    take(&till, tab, "40", "0", "0").await?;
    let second = till.ledger.holds(tab).await?.pop().context("no hold")?;
    in_the_portal(&till, &second, 4_000).await?;
    refunded_in_the_portal(&till, &second, 4_000, "one").await?;
    let paper = till
        .desk
        .paper(holdfast_desk::PaperKind::Receipt, first.id)
        .await?;
    let facts: Vec<String> = paper
        .facts
        .iter()
        .map(|l| format!("{} {}", l.label, l.text))
        .collect();
    assert!(
        !facts.iter().any(|fact| fact.contains("beyond the bill")),
        "{facts:?}"
    );
    Ok(())
}

/// The deadline comes while part is taken and part is refunded: what Dojo does with the rest is said beforehand.
#[tokio::test]
async fn after_a_refund_in_part_the_words_say_what_dojo_does_with_the_rest() -> Result<()> {
    let till = Till::open().await?;
    let wanted = OpenTab {
        deadline_action: Some(DeadlineAction::Capture),
        ..OpenTab::of(Kind::Tab, "Table 9", "100", Currency::Gbp)
    };
    let tab = till.desk.open_tab(wanted).await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    let hold = till.hold(tab).await?;
    till.desk.add_line(tab, None, 1, "40").await?;
    till.desk.press_take(tab, TakeTyped::default()).await?;
    refund(&till, &hold, ["10", "", ""], false).await?;
    let shown = till.desk.tab(tab).await?;
    let said = format!(
        "{:?} {:?} {}",
        shown.holds[0].actions, shown.close_refused, shown.row.detail
    );
    assert!(said.contains("takes"), "{said}");
    let night = till.desk.night(&[]).await?;
    assert_eq!(
        night.rows[0].action,
        NightAction::Leave,
        "{:?}",
        night.rows[0].flags
    );
    till.wind("7.00:00:00").await?;
    sweeps(&till, 2).await?;
    let after = till.desk.tab(tab).await?;
    ensure!(
        after.row.captured.minor == 4_000 || after.row.captured.minor == 10_000,
        "{:?}",
        after.row
    );
    let truth = till.truth().await?;
    let taken: i64 = truth["intents"]
        .as_array()
        .context("none")?
        .iter()
        .filter_map(|i| i["captured"].as_i64())
        .sum();
    assert_eq!(taken, after.row.captured.minor, "{:?}", after.row);
    Ok(())
}

/// What is due and can't be taken is not put away by default.
#[tokio::test]
async fn a_bill_that_is_not_paid_is_not_put_away_by_default() -> Result<()> {
    let till = Till::open().await?;
    let (part, _) = table(&till, "50", "60").await?;
    take(&till, part, "50", "0", "0").await?;
    let none = till.opened(Kind::Tab, "Table 3", "50").await?;
    till.desk.add_line(none, None, 1, "30").await?;
    till.desk
        .press(decide(&till.hold(none).await?, OperationKind::Cancel, 0))
        .await?;
    let night = till.desk.night(&[]).await?;
    let rows: Vec<String> = night
        .rows
        .iter()
        .map(|row| {
            let flags: Vec<&str> = row.flags.iter().map(|flag| flag.words.as_str()).collect();
            format!("{:?} {flags:?}", row.action)
        })
        .collect();
    assert!(
        night.rows.iter().all(|row| row.action == NightAction::Leave),
        "£10 and £30 are due: {rows:?}; {}",
        night.sentence
    );
    Ok(())
}

/// A tab whose hold is being renewed: the night does not begin what it can't end.
#[tokio::test]
async fn a_renewal_under_way_does_not_turn_the_night_into_trouble() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "100", "40").await?;
    till.desk.renew(&till.desk.renewing(first.id).await?).await?;
    till.hold(tab).await?;
    let night = till.desk.night(&[]).await?;
    if night.rows[0].action == NightAction::Leave {
        return Ok(());
    }
    till.desk.close_night(&[], &night.seen()).await?;
    let rows = night_ends(&till).await?;
    assert_eq!(rows[0].1, "Done", "{:?}", night.rows[0].flags);
    Ok(())
}

/// A release under way on one card, and a take of the other: the sheet says what stays on hold.
#[tokio::test]
async fn what_is_being_released_and_is_not_yet_is_not_called_nothing() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "40", "40").await?;
    one_more(&till, tab, "50").await?;
    let second = till.ledger.holds(tab).await?.pop().context("no hold")?;
    till.fault_after("reversal", "late", 600).await?;
    till.desk
        .press(decide(&second, OperationKind::Reversal, 0))
        .await?;
    let preview = till.desk.preview_take(tab, &TakeTyped::default()).await?;
    let left = till.desk.tab(tab).await?.row.left.minor;
    assert!(
        left == 4_000 || !preview.sentence.contains("Nothing stays"),
        "{left} is on hold, and its release is unclear: {}",
        preview.sentence
    );
    Ok(())
}
