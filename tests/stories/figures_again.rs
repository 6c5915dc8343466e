//! Figures and words about holds that aren't alone on their tab, were refused or ran out, or whose tip is beyond them:
//! each says what is so.

use crate::decide;
use crate::refunds::{due, newest, one_more, table, take};
use crate::reports::wind_to;
use anyhow::{Context, Result, ensure};
use chrono::{Days, NaiveTime, TimeDelta};
use holdfast_desk::NightDeedCode;
use holdfast_desk::RowProgress;
use holdfast_desk::view::BannerCode;
use holdfast_desk::{NightAction, NightChoice, OpenTab, TakeTyped};
use holdfast_domain::{Currency, DeadlineAction, Hold, Kind, OperationKind, OperationState, TabId};
use holdfast_ledger::prelude::*;
use holdfast_simulator::engine::TipLimit;
use holdfast_tests::press::Press;
use holdfast_tests::{GOOD, Till};
use std::time::Duration;

async fn night_ends(till: &Till) -> Result<Vec<(String, RowProgress)>> {
    loop {
        let run = till.desk.night(&[]).await?.run.context("no run")?;
        if !run.is_running() {
            let rows = run.rows.into_iter();
            return Ok(rows.map(|row| (row.name, row.state.code)).collect());
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

/// The same where a tip is beyond the hold: as much as the tip stays on hold, and the night says something
/// else went on.
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
    assert_eq!(rows[0].1, RowProgress::Done);
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

/// While both holds of a renewal are in force, the row doesn't say in one breath that there is room and that
/// it's short.
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
        .find(|b| b.code == BannerCode::Deadline)
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
            seen: till.desk.tab(tab).await?.seen,
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

/// What the night takes nothing from doesn't drop off its card: the tab stays open with it.
#[tokio::test]
async fn a_card_that_the_night_takes_nothing_from_does_not_drop_off() -> Result<()> {
    let till = Till::open().await?;
    // At half past one, after a bar's midnight: the hold ends 167 hours later, at half past midnight of a date whose
    // business day has yet to begin.
    let tomorrow = till.desk.floor().await?.now.date_naive() + Days::new(1);
    wind_to(
        &till,
        tomorrow.and_time(NaiveTime::MIN).and_utc() + TimeDelta::minutes(90),
    )
    .await?;
    let (tab, first) = table(&till, "50", "30").await?;
    till.wind("1.00:00:00").await?;
    one_more(&till, tab, "40").await?;
    let night = till.desk.night(&[]).await?;
    let row = night.rows.first().context("no row")?;
    assert_eq!((row.action, row.total.minor), (NightAction::Take, 3_000));
    let flags: Vec<&str> = row.flags.iter().map(|f| f.words.as_str()).collect();
    ensure!(
        flags.iter().any(|f| f.contains("£40.00")),
        "it stays on hold: {flags:?}"
    );
    assert_eq!(row.back.minor, 2_000);
    let deed = night
        .deeds
        .iter()
        .find(|deed| deed.code == NightDeedCode::Back)
        .context("no deed")?;
    let sums: Vec<_> = deed.sums.iter().map(|sum| sum.minor).collect();
    let ends = first.deadline().context("no deadline")?.at;
    let day = ends.format("%-d %b").to_string();
    assert_eq!(sums, [2_000]);
    assert!(deed.words.ends_with(&day), "{}, and it ends on {day}", deed.words);
    Ok(())
}
