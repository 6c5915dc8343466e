//! Further ways in which somebody tried to break the rule that a bill is paid once and every figure is true.

use crate::decide;
use crate::portal::{refund_in_portal, take_in_portal};
use crate::refunds::{due, newest, one_more, refund, table, take};
use anyhow::{Context, Result, ensure};
use holdfast_desk::{Aside, NightAction, NightChoice, OpenTab, RefundTyped, Take, TakeTyped};
use holdfast_domain::{Currency, DeadlineAction, Hold, Kind, OperationKind, OperationState, TabId};
use holdfast_ledger::prelude::*;
use holdfast_simulator::engine::{Remainder, TipLimit};
use holdfast_tests::press::Press;
use holdfast_tests::{GOOD, Till};
use serde_json::{Value, json};
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

async fn table_that_dojo_takes(till: &Till, held: &str, bill: &str) -> Result<(TabId, Hold)> {
    let wanted = OpenTab {
        deadline_action: Some(DeadlineAction::Capture),
        ..OpenTab::of(Kind::Tab, "Table 9", held, Currency::Gbp)
    };
    let tab = till.desk.open_tab(wanted).await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    let hold = till.hold(tab).await?;
    till.desk.add_line(tab, None, 1, bill).await?;
    Ok((tab, hold))
}

fn tips(tip: &str) -> TakeTyped {
    TakeTyped {
        bill: None,
        service: Some("0".to_owned()),
        tip: Some(tip.to_owned()),
    }
}

async fn sweeps(till: &Till, count: usize) -> Result<()> {
    for _ in 0..count {
        till.wind("00:01:10").await?;
        till.desk.sweep().await?;
    }
    Ok(())
}

/// The night takes bill and tip, which are all that is held: nothing is left that Dojo could take, and the tab closes.
#[tokio::test]
async fn a_night_that_takes_all_with_a_tip_closes_the_tab_where_dojo_would_take_a_rest() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table_that_dojo_takes(&till, "50", "44").await?;
    let choice = NightChoice {
        tab_id: tab,
        action: Some(NightAction::Take),
        typed: tips("6"),
    };
    let night = till.desk.night(std::slice::from_ref(&choice)).await?;
    let row = &night.rows[0];
    let flags: Vec<&str> = row.flags.iter().map(|f| f.words.as_str()).collect();
    assert_eq!((row.total.minor, row.dojo_takes.clone()), (5_000, None));
    assert!(!flags.iter().any(|f| f.starts_with("Stays open")), "{flags:?}");
    till.desk.close_night(&[choice], &night.seen()).await?;
    night_ends(&till).await?;
    assert!(till.desk.tab(tab).await?.closed_at.is_some());
    Ok(())
}

/// The same where a tip is beyond the hold: as much as the tip stays on hold, and the night says something else went on.
#[tokio::test]
async fn a_night_that_takes_all_with_a_tip_beyond_the_hold_ends_its_row() -> Result<()> {
    let till = Till::open().await?;
    till.switch(|s| s.tip_limit = TipLimit::BeyondHold)?;
    let (tab, _) = table(&till, "50", "44").await?;
    let choice = NightChoice {
        tab_id: tab,
        action: Some(NightAction::Take),
        typed: tips("6"),
    };
    let night = till.desk.night(std::slice::from_ref(&choice)).await?;
    till.desk.close_night(&[choice], &night.seen()).await?;
    let rows = night_ends(&till).await?;
    assert_eq!(rows[0].1, "Done");
    Ok(())
}

/// A tip that was taken with the first card's last pound: the second card's part is of the same decision.
#[tokio::test]
async fn a_take_over_two_cards_goes_on_where_the_first_ones_tip_is_beyond_its_hold() -> Result<()> {
    let till = Till::open().await?;
    till.switch(|s| s.tip_limit = TipLimit::BeyondHold)?;
    let (tab, _) = table(&till, "50", "30").await?;
    take(&till, tab, "30", "0", "5").await?;
    one_more(&till, tab, "50").await?;
    till.desk.add_line(tab, None, 1, "40").await?;
    let done = till.desk.press_take(tab, tips("0")).await?;
    assert!(done.unsent.is_none(), "{:?}", done.unsent);
    assert_eq!(due(&till, tab).await?, 0);
    Ok(())
}

/// What the sheet offers, “take what is held, ask for the rest”, can be brought to its end where the rest is a tip.
#[tokio::test]
async fn a_rest_that_is_only_a_tip_can_be_taken_when_the_guest_has_paid_it() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "50", "50").await?;
    let sheet = till.desk.sheet(tab, tips("6")).await?;
    let preview = till.desk.preview_take(tab, &sheet.typed).await?;
    // Another way out would be to say that a tip alone can't be asked for.
    let Some(way) = preview.way_on else { return Ok(()) };
    let take = Take {
        expect_total_minor: way.take.minor,
        then_ask_minor: way.ask.minor,
        ..sheet
    };
    till.desk.take(&take).await?;
    let rest = till.hold(tab).await?;
    assert_eq!(rest.asked, 600);
    till.pay(&rest, GOOD).await?;
    till.hold(tab).await?;
    let preview = till.desk.preview_take(tab, &TakeTyped::default()).await?;
    assert!(preview.allowed, "the guest agreed to £6, and: {:?}", preview.why);
    Ok(())
}

/// What is to be charged again is not refused for good as “the bill has changed”.
#[tokio::test]
async fn what_the_refund_sheet_says_is_due_again_can_be_done() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "100", "40").await?;
    take(&till, tab, "40", "0", "40").await?;
    // The tip went back in the portal, and nobody has said so.
    refund_in_portal(&till, &hold, 4_000, "one").await?;
    // A dish was removed.
    till.desk.add_line(tab, None, 1, "-10").await?;
    let mut typed = RefundTyped {
        bill: Some("40".to_owned()),
        charge_again: true,
        ..RefundTyped::default()
    };
    let preview = till.desk.preview_refund(hold.id, &typed).await?;
    ensure!(preview.allowed, "{preview:?}");
    // As the window does.
    typed.expect_owed_minor = Some(preview.owed_minor);
    let act = holdfast_desk::Act {
        refund: Some(typed),
        reason: Some("Complaint".to_owned()),
        ..till.desk.acting(hold.id).await?
    };
    till.desk
        .act(OperationKind::Refund, act)
        .await
        .map_err(|error| anyhow::anyhow!("owed {}: {error}", preview.owed_minor))?;
    Ok(())
}

/// While both holds of a renewal are in force, the row doesn't say in one breath that there is room and that it's short.
#[tokio::test]
async fn a_row_is_not_short_and_roomy_at_once_while_a_hold_is_renewed() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "50", "80").await?;
    till.desk.renew(&till.desk.renewing(first.id).await?).await?;
    let second = newest(&till, tab).await?;
    till.pay(&second, GOOD).await?;
    till.hold(tab).await?;
    let row = till.desk.tab(tab).await?.row;
    assert!(
        row.to_spend.is_none() || row.short.is_none(),
        "to spend {:?}, short {:?}",
        row.to_spend.map(|m| m.text),
        row.short.map(|m| m.text)
    );
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

/// From now on every answer about an intent shows this status.
fn shows(till: &Till, status: &'static str) {
    till.wire.rewrite(move |_, body| {
        let change = |intent: &mut Value| {
            if intent.get("captureMode").is_some() {
                intent["status"] = json!(status);
            }
        };
        match body.get_mut("data").and_then(Value::as_array_mut) {
            Some(page) => page.iter_mut().for_each(change),
            None => change(body),
        }
    });
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
        shows(&till, "Lapsed");
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

/// A lost take that comes after its tab was closed is seen.
#[tokio::test]
async fn a_lost_take_that_comes_after_its_tab_was_closed_is_told() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "100", "40").await?;
    take(&till, tab, "40", "0", "0").await?;
    till.desk.add_line(tab, None, 1, "10").await?;
    till.fault_after("captures", "late", 1_800).await?;
    till.desk
        .press(decide(&hold, OperationKind::Capture, 1_000))
        .await?;
    sweeps(&till, 4).await?;
    till.desk
        .take_off(tab, till.ledger.lines(tab).await?[1].id)
        .await?;
    for item in till.desk.attention().await?.items {
        if let Some(Aside::Operation(id)) = item.aside {
            till.desk.put_aside(id).await?;
        }
    }
    till.desk.press_close(tab).await?;
    till.wind("00:30:00").await?;
    sweeps(&till, 2).await?;
    till.desk.reconcile_recent().await?;
    let held = till.ledger.holds(tab).await?.remove(0);
    let items = till.desk.attention().await?.items;
    assert!(
        items.iter().any(|item| item.tab_id == Some(tab)),
        "taken {}: {items:?}",
        held.captured()
    );
    Ok(())
}

/// A take that fails after its tab was closed is seen.
#[tokio::test]
async fn a_take_that_fails_after_its_tab_was_closed_is_told() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "50", "50").await?;
    take(&till, tab, "50", "0", "0").await?;
    till.desk.press_close(tab).await?;
    till.wire.rewrite(|_, body| {
        let fail = |intent: &mut Value| {
            let captures = intent.get_mut("captures").and_then(Value::as_array_mut);
            for capture in captures.into_iter().flatten() {
                capture["status"] = "Failed".into();
            }
        };
        match body.get_mut("data").and_then(Value::as_array_mut) {
            Some(page) => page.iter_mut().for_each(fail),
            None => fail(body),
        }
    });
    till.wind("1.00:00:00").await?;
    till.desk.reconcile_recent().await?;
    sweeps(&till, 4).await?;
    let owed = due(&till, tab).await?;
    let items = till.desk.attention().await?.items;
    assert!(
        items.iter().any(|item| item.tab_id == Some(tab)),
        "due {owed}, and nobody is told"
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
    let sheet = till.desk.sheet(tab, tips("0")).await?;
    take_in_portal(&till, &second, 3_000).await?;
    ensure!(till.desk.take(&sheet).await.is_err());
    refund(&till, &till.desk.read(second.id).await?, ["10", "", ""], true).await?;
    assert_eq!(due(&till, tab).await?, 6_000);
    Ok(())
}

/// Two holds of one tab that end on different days: what is said to end first is that one's amount.
#[tokio::test]
async fn a_line_above_the_floor_names_what_ends_then_and_no_more() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Tab, "Table 12", "50").await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    till.hold(tab).await?;
    till.wind("3.00:00:00").await?;
    one_more(&till, tab, "100").await?;
    till.wind("3.12:00:00").await?;
    till.desk.sweep().await?;
    let floor = till.desk.floor().await?;
    let banner = floor
        .banners
        .iter()
        .find(|b| b.code == "deadline")
        .context("no banner")?;
    assert!(
        banner.words.contains("£50.00"),
        "£100 of it is on hold for three days more: {}",
        banner.words
    );
    let attention = till.desk.attention().await?.items;
    let said: Vec<_> = attention.iter().map(|item| item.meaning.clone()).collect();
    assert!(!said.iter().any(|words| words.contains("£150.00")), "{said:?}");
    Ok(())
}

/// The first of two holds expired: what the second one holds is not called nothing.
#[tokio::test]
async fn a_line_above_the_floor_does_not_say_that_nothing_is_on_hold_beside_a_hold() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Tab, "Table 12", "50").await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    till.hold(tab).await?;
    till.desk.add_line(tab, None, 1, "40").await?;
    till.wind("3.00:00:00").await?;
    one_more(&till, tab, "100").await?;
    till.wind("4.12:00:00").await?;
    sweeps(&till, 2).await?;
    let row = till.desk.tab(tab).await?.row;
    ensure!(row.left.minor == 10_000, "{row:?}");
    let floor = till.desk.floor().await?;
    let said: Vec<_> = floor.banners.iter().map(|b| b.words.clone()).collect();
    assert!(
        !said
            .iter()
            .any(|words| words.contains("Nothing is on hold any more")),
        "{} is on hold: {said:?}",
        row.left.text
    );
    Ok(())
}

/// What Dojo took at the deadline and doesn't list was taken then, on the receipt too.
#[tokio::test]
async fn a_receipt_dates_what_dojo_took_at_the_deadline() -> Result<()> {
    let till = Till::open().await?;
    till.switch(|s| s.deadline_capture = holdfast_simulator::engine::DeadlineCapture::Unlisted)?;
    let (tab, _) = table_that_dojo_takes(&till, "50", "44").await?;
    till.wind("7.00:00:00").await?;
    sweeps(&till, 1).await?;
    let hold = till.hold(tab).await?;
    let lapsed = hold.lapsed_at.context("it was not taken")?;
    let receipt = till
        .desk
        .paper(holdfast_desk::PaperKind::Receipt, hold.id)
        .await?;
    let text = |label: &str| {
        receipt
            .facts
            .iter()
            .find(|l| l.label == label)
            .map(|l| l.text.clone())
    };
    assert_ne!(text("Taken"), text("On hold since"), "it was taken at {lapsed}");
    Ok(())
}

/// A take that the bank declined is not when something was taken.
#[tokio::test]
async fn a_receipt_is_not_dated_by_a_take_that_was_declined() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "100", "40").await?;
    take(&till, tab, "40", "0", "0").await?;
    let before = till
        .desk
        .paper(holdfast_desk::PaperKind::Receipt, hold.id)
        .await?;
    till.wind("1.02:00:00").await?;
    till.desk.add_line(tab, None, 1, "10").await?;
    till.fault_after("captures", "capture-declined-later", 1).await?;
    till.desk
        .press(decide(&hold, OperationKind::Capture, 1_000))
        .await?;
    sweeps(&till, 2).await?;
    let read = till.hold(tab).await?;
    ensure!(read.captured() == 4_000, "{read:?}");
    let after = till
        .desk
        .paper(holdfast_desk::PaperKind::Receipt, hold.id)
        .await?;
    let taken = |paper: &holdfast_desk::Paper| {
        paper
            .facts
            .iter()
            .find(|l| l.label == "Taken")
            .map(|l| l.text.clone())
    };
    assert_eq!(taken(&after), taken(&before));
    Ok(())
}

/// Guests who left: what Dojo does, and when, is said of each hold.
#[tokio::test]
async fn a_deposit_with_two_holds_does_not_say_that_all_of_it_ends_with_the_first() -> Result<()> {
    let till = Till::open().await?;
    let today = till.desk.floor().await?.now.date_naive();
    let typed = OpenTab {
        arrives_on: Some(today),
        departs_on: today.checked_add_days(chrono::Days::new(2)),
        ..OpenTab::of(Kind::Deposit, "Room 14", "200", Currency::Gbp)
    };
    let tab = till.desk.open_tab(typed).await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    till.desk.sweep().await?;
    till.wind("1.00:00:00").await?;
    till.desk
        .ask_for_more(&holdfast_desk::AskForMore {
            tab_id: tab,
            amount: "100".to_owned(),
            deadline_action: Some(DeadlineAction::Capture),
            decision: holdfast_tests::decision(),
        })
        .await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    till.hold(tab).await?;
    till.wind("3.00:00:00").await?;
    till.desk.sweep().await?;
    let lists = till.desk.floor().await?.deposits.lists;
    let entry = lists
        .iter()
        .flat_map(|l| &l.entries)
        .find(|e| e.tab_id == tab)
        .context("no entry")?;
    assert!(
        entry.amount.minor == 20_000 || !entry.words.contains("releases what’s on hold"),
        "{}: {}, and £100 of it Dojo takes",
        entry.amount.text,
        entry.words
    );
    Ok(())
}

/// A request that Dojo refused, or that never left, asks nobody for anything: what is missing is still missing.
#[tokio::test]
async fn what_a_refused_request_asked_for_is_still_missing() -> Result<()> {
    for is_refused in [true, false] {
        let till = Till::open().await?;
        let (tab, _) = table(&till, "50", "80").await?;
        let missing = async || anyhow::Ok(till.desk.tab(tab).await?.missing.map(|m| m.minor));
        assert_eq!(missing().await?, Some(3_000));
        if is_refused {
            till.fault("payment-intents", "400").await?;
        } else {
            till.wire.befall(holdfast_tests::recorder::Mishap::Unplugged);
        }
        till.desk.press_more(tab, "30").await?;
        let create = till
            .ledger
            .operations(newest(&till, tab).await?.id)
            .await?
            .remove(0);
        ensure!(
            matches!(create.state, OperationState::Rejected | OperationState::NotSent),
            "{create:?}"
        );
        let before = missing().await?;
        till.desk.put_aside(create.id).await?;
        let row = till.desk.tab(tab).await?.row;
        assert_eq!(
            (before, missing().await?, row.asked.map(|m| m.minor)),
            (Some(3_000), Some(3_000), None),
            "{is_refused}: £80 is due, £50 is on hold; short {:?}; {:?}",
            row.short,
            row.state
        );
    }
    Ok(())
}

/// Nobody can pay a link that has ended: what it asked for is missing.
#[tokio::test]
async fn what_a_link_that_ended_asked_for_is_missing() -> Result<()> {
    let till = Till::open().await?;
    till.switch(|s| s.unpaid_expiry = holdfast_simulator::engine::UnpaidExpiry::StaysCreated)?;
    let mut settings = till.desk.settings().await?;
    settings.link_ends = holdfast_desk::LinkEnds::Day;
    till.desk.save_settings(settings).await?;
    let (tab, _) = table(&till, "50", "80").await?;
    till.desk.press_more(tab, "30").await?;
    till.hold(tab).await?;
    till.wind("2.00:00:00").await?;
    sweeps(&till, 2).await?;
    till.hold(tab).await?;
    let view = till.desk.tab(tab).await?;
    ensure!(view.holds[0].link_ended, "{:?}", view.holds[0].state);
    assert_eq!(
        (view.missing.map(|m| m.minor), view.row.short.map(|m| m.minor)),
        (Some(3_000), Some(3_000)),
        "£80 is due, £50 is on hold, and nobody can pay the link"
    );
    Ok(())
}

/// A backup from while a take was unclear is put back, and Dojo's search has a bad moment: the rest that was asked for
/// and paid since is not asked for a second time.
#[tokio::test]
async fn after_a_restore_the_rest_is_not_asked_for_a_second_time() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "100", "130").await?;
    let sheet = till.desk.sheet(tab, tips("0")).await?;
    let way = till
        .desk
        .preview_take(tab, &sheet.typed)
        .await?
        .way_on
        .context("no way")?;
    let take = Take {
        expect_total_minor: way.take.minor,
        then_ask_minor: way.ask.minor,
        ..sheet
    };
    till.fault("captures", "stall").await?;
    let (desk, pressed) = (till.desk.clone(), take.clone());
    let taking = tokio::spawn(async move { desk.take(&pressed).await });
    while till.requests("POST", "/captures").await? == 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    taking.abort();
    let _ended = taking.await;
    till.desk.back_up().await?;
    let till = till.restart().await?;
    for _ in 0..3 {
        till.wind("00:00:21").await?;
        till.desk.sweep().await?;
    }
    ensure!(till.ledger.holds(tab).await?.len() == 2, "the rest is asked for");
    till.pay(&newest(&till, tab).await?, GOOD).await?;
    till.hold(tab).await?;

    let name = till
        .ledger
        .backups()
        .await?
        .first()
        .context("no backup")?
        .name
        .clone();
    let till = till
        .restart_after(|folder| {
            let now = holdfast_desk::Clock::now(&holdfast_desk::SystemClock);
            holdfast_ledger_sqlite::SqliteLedger::restore(folder, &name, now)?;
            Ok(())
        })
        .await?;
    till.fault_often("search", "503-before", 2).await?;
    for _ in 0..4 {
        till.wind("00:00:21").await?;
        till.desk.sweep().await?;
    }
    till.clear_faults().await?;
    sweeps(&till, 2).await?;
    assert_eq!(
        till.requests("POST", "/payment-intents").await?,
        2,
        "{:?}",
        till.ledger
            .holds(tab)
            .await?
            .iter()
            .map(|h| (h.asked, h.left()))
            .collect::<Vec<_>>()
    );
    Ok(())
}

/// A take in Dojo's portal that Dojo has accepted and not settled.
async fn taking_in_the_portal(till: &Till) -> Result<TabId> {
    till.switch(|s| s.capture_settles_after = 600)?;
    let (tab, hold) = table(till, "100", "40").await?;
    take_in_portal(till, &hold, 4_000).await?;
    let hold = till.hold(tab).await?;
    ensure!(hold.pending() == 4_000, "{hold:?}");
    Ok(tab)
}

async fn is_taken_once(till: &Till, tab: TabId) -> Result<()> {
    till.wind("00:20:00").await?;
    sweeps(till, 1).await?;
    assert_eq!(till.hold(tab).await?.captured(), 4_000, "the bill is £40");
    Ok(())
}

/// It is seen, and the bill is not taken besides.
#[tokio::test]
async fn what_the_portal_is_taking_is_not_taken_here_as_well() -> Result<()> {
    let till = Till::open().await?;
    let tab = taking_in_the_portal(&till).await?;
    let sheet = till.desk.sheet(tab, TakeTyped::default()).await?;
    drop(till.desk.take(&sheet).await);
    is_taken_once(&till, tab).await
}

/// The same by the night, as it stands.
#[tokio::test]
async fn what_the_portal_is_taking_is_not_taken_by_the_night_as_well() -> Result<()> {
    let till = Till::open().await?;
    let tab = taking_in_the_portal(&till).await?;
    let night = till.desk.night(&[]).await?;
    if night.ready {
        till.desk.close_night(&[], &night.seen()).await?;
        night_ends(&till).await?;
    }
    is_taken_once(&till, tab).await
}

/// The same from another card.
#[tokio::test]
async fn what_the_portal_is_taking_is_not_taken_from_another_card() -> Result<()> {
    let till = Till::open().await?;
    till.switch(|s| s.capture_settles_after = 600)?;
    let (tab, first) = table(&till, "40", "40").await?;
    one_more(&till, tab, "40").await?;
    take_in_portal(&till, &first, 4_000).await?;
    till.desk.read(first.id).await?;
    let sheet = till.desk.sheet(tab, TakeTyped::default()).await?;
    drop(till.desk.take(&sheet).await);
    till.wind("00:20:00").await?;
    sweeps(&till, 1).await?;
    let mut taken = 0;
    for hold in till.ledger.holds(tab).await? {
        taken += till.desk.read(hold.id).await?.captured();
    }
    assert_eq!(taken, 4_000, "the bill is £40");
    Ok(())
}

/// Dojo calls a take by a word that this version doesn't know, for good: staff aren't locked out for good.
#[tokio::test]
async fn a_take_in_a_state_that_this_version_does_not_know_has_a_way_out() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "100", "40").await?;
    till.wire.rewrite(|_, body| {
        let change = |intent: &mut Value| {
            let captures = intent.get_mut("captures").and_then(Value::as_array_mut);
            for capture in captures.into_iter().flatten() {
                capture["status"] = "Settled".into();
            }
        };
        match body.get_mut("data").and_then(Value::as_array_mut) {
            Some(page) => page.iter_mut().for_each(change),
            None => change(body),
        }
    });
    till.desk.press_take(tab, TakeTyped::default()).await?;
    till.wind("9.00:00:00").await?;
    sweeps(&till, 5).await?;
    let view = till.desk.tab(tab).await?;
    let may = view.holds[0].actions.iter().any(|a| a.allowed);
    let items = till.desk.attention().await?.items;
    let is_decision = |aside: &Option<Aside>| matches!(aside, Some(Aside::Operation(_)));
    let aside = items
        .iter()
        .any(|item| item.tab_id == Some(tab) && is_decision(&item.aside));
    assert!(
        may || aside || view.close_refused.is_none(),
        "{:?} {:?}",
        view.row.state,
        view.close_refused
    );
    Ok(())
}

/// A refund that Dojo accepted and never does: the tab isn't open for ever, and the guest can be paid back.
#[tokio::test]
async fn a_refund_that_dojo_accepted_and_never_does_has_a_way_out() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "40", "40").await?;
    take(&till, tab, "40", "0", "0").await?;
    till.fault_after("refunds", "refund-later", 90 * 24 * 3_600)
        .await?;
    drop(refund(&till, &hold, ["10", "", ""], false).await);
    till.wind("9.00:00:00").await?;
    sweeps(&till, 5).await?;
    let view = till.desk.tab(tab).await?;
    let may = view.holds[0].actions.iter().any(|a| a.allowed);
    let items = till.desk.attention().await?.items;
    let is_decision = |aside: &Option<Aside>| matches!(aside, Some(Aside::Operation(_)));
    let aside = items
        .iter()
        .any(|item| item.tab_id == Some(tab) && is_decision(&item.aside));
    assert!(
        may || aside || view.close_refused.is_none(),
        "{:?} {:?}",
        view.row.state,
        view.close_refused
    );
    Ok(())
}

/// Where a tip is beyond the hold, the days say the same of what is on hold as the tab does.
#[tokio::test]
async fn the_days_say_of_a_tip_beyond_the_hold_what_the_tab_says() -> Result<()> {
    let mut said = Vec::new();
    for action in [DeadlineAction::Release, DeadlineAction::Capture] {
        let till = Till::open().await?;
        till.switch(|s| s.tip_limit = TipLimit::BeyondHold)?;
        let wanted = OpenTab {
            deadline_action: Some(action),
            ..OpenTab::of(Kind::Tab, "Table 9", "100", Currency::Gbp)
        };
        let tab = till.desk.open_tab(wanted).await?;
        till.pay(&till.hold(tab).await?, GOOD).await?;
        let hold = till.hold(tab).await?;
        let mut take = decide(&hold, OperationKind::Capture, 9_000);
        take.tip = 1_000;
        till.desk.press(take).await?;
        till.hold(tab).await?;
        let both = async || {
            let left = till.desk.tab(tab).await?.row.left.minor;
            let days = till.desk.days(None, None, None).await?;
            anyhow::Ok((left, days.total.held.minor))
        };
        let before = both().await?;
        till.wind("7.00:00:00").await?;
        sweeps(&till, 2).await?;
        till.hold(tab).await?;
        let after = both().await?;
        said.push((action, before, after));
    }
    assert!(
        said.iter()
            .all(|(_, before, after)| before.0 == before.1 && after.0 == after.1),
        "left on the tab and held in the days, before and after the deadline: {said:?}"
    );
    Ok(())
}

/// A hold that Dojo takes the rest of is counted as covering the bill: the night doesn't take that from another card too.
#[tokio::test]
async fn the_night_does_not_take_from_another_card_what_dojo_is_going_to_take() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table_that_dojo_takes(&till, "100", "40").await?;
    take(&till, tab, "40", "0", "0").await?;
    refund(&till, &hold, ["10", "", ""], false).await?;
    till.desk.add_line(tab, Some("Gin".to_owned()), 1, "20").await?;
    one_more(&till, tab, "50").await?;
    let night = till.desk.night(&[]).await?;
    let row = &night.rows[0];
    let flags: Vec<&str> = row.flags.iter().map(|f| f.words.as_str()).collect();
    assert!(
        row.action != NightAction::Take || flags.iter().any(|f| f.contains("Dojo takes")),
        "{:?} {} with {flags:?}, and Dojo takes £60 of the first card for good",
        row.action,
        row.total.text
    );
    Ok(())
}

/// A drink line that is removed after its take: what was paid for it is beyond the bill once, with two cards too.
#[tokio::test]
async fn what_two_cards_paid_beyond_the_bill_is_given_back_once() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "30", "50").await?;
    one_more(&till, tab, "30").await?;
    take(&till, tab, "50", "5", "5").await?;
    let second = newest(&till, tab).await?;
    till.desk.add_line(tab, None, 1, "-20").await?;
    refund(&till, &first, ["20", "", ""], true).await?;
    assert_eq!(due(&till, tab).await?, 0, "it was beyond the bill");
    refund(&till, &second, ["10", "", "3"], true).await?;
    assert_eq!(due(&till, tab).await?, 1_000);
    till.desk.press_more(tab, "10").await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    till.hold(tab).await?;
    take(&till, tab, "10", "0", "0").await?;
    assert_eq!(due(&till, tab).await?, 0);
    let row = till.desk.tab(tab).await?.row;
    assert_eq!((row.bill.minor, row.captured.minor), (3_000, 7_000));
    Ok(())
}

/// The bill grew after a smaller hold was asked for in the old one's place: nobody saw that, and what covers it stays.
#[tokio::test]
async fn a_renewal_does_not_let_go_what_the_bill_needs_by_now() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "100", "20").await?;
    let typed = holdfast_desk::Renew {
        amount: Some("50".to_owned()),
        ..till.desk.renewing(first.id).await?
    };
    till.desk.renew(&typed).await?;
    till.desk
        .add_line(tab, Some("Dinner".to_owned()), 1, "70")
        .await?;
    till.pay(&newest(&till, tab).await?, GOOD).await?;
    sweeps(&till, 3).await?;
    let row = till.desk.tab(tab).await?.row;
    assert!(
        row.left.minor >= row.due.minor,
        "{} is due and {} on hold; £150 was, and the bill was £20 when it was decided",
        row.due.text,
        row.left.text
    );
    Ok(())
}

/// A take in the portal that is still being settled when the rest of the bill is worked out after a restore.
#[tokio::test]
async fn after_a_restore_a_take_that_dojo_is_settling_is_not_taken_again() -> Result<()> {
    let till = Till::open().await?;
    till.switch(|s| s.capture_settles_after = 600)?;
    let (tab, _) = table(&till, "100", "40").await?;
    till.desk.back_up().await?;
    let sheet = till.desk.sheet(tab, TakeTyped::default()).await?;
    till.desk.take(&sheet).await?;
    let name = till
        .ledger
        .backups()
        .await?
        .first()
        .context("no backup")?
        .name
        .clone();
    let till = till
        .restart_after(|folder| {
            let now = holdfast_desk::Clock::now(&holdfast_desk::SystemClock);
            holdfast_ledger_sqlite::SqliteLedger::restore(folder, &name, now)?;
            Ok(())
        })
        .await?;
    till.desk.sweep().await?;
    let night = till.desk.night(&[]).await?;
    if night.ready {
        till.desk.close_night(&[], &night.seen()).await?;
        night_ends(&till).await?;
    }
    is_taken_once(&till, tab).await
}
