//! The front desk's lists: who has left and is still held, who stays longer than the hold, who comes without one.

use crate::decide;
use anyhow::{Context, Result, ensure};
use chrono::{Days, NaiveDate, TimeDelta};
use holdfast_desk::WorklistCode;
use holdfast_desk::view::Tone;
use holdfast_desk::{Details, LinkEnds, OpenTab, Settings, WorklistEntry, WorklistStep as Step, Worklists};
use holdfast_domain::{Currency, HoldState, Kind, OperationKind, TabId};
use holdfast_ledger::prelude::*;
use holdfast_tests::press::Press;
use holdfast_tests::{DECLINED, GOOD, Till};

/// A day so many days from the one that the venue's wall shows.
async fn day(till: &Till, from_now: i64) -> Result<NaiveDate> {
    let today = till.desk.floor().await?.today;
    today
        .checked_add_signed(TimeDelta::days(from_now))
        .context("no such day")
}

/// A deposit of £200 from one day to another, counted from today; its link is good for a week.
async fn deposit(till: &Till, name: &str, arrives: i64, departs: i64) -> Result<TabId> {
    let typed = OpenTab {
        arrives_on: Some(day(till, arrives).await?),
        departs_on: Some(day(till, departs).await?),
        link_ends: Some(LinkEnds::Week),
        ..OpenTab::of(Kind::Deposit, name, "200", Currency::Gbp)
    };
    Ok(till.desk.open_tab(typed).await?)
}

async fn pay(till: &Till, tab: TabId) -> Result<()> {
    till.pay(&till.hold(tab).await?, GOOD).await?;
    till.hold(tab).await.map(drop)
}

async fn lists(till: &Till) -> Result<Worklists> {
    Ok(till.desk.floor().await?.deposits)
}

async fn on(till: &Till, code: WorklistCode) -> Result<Vec<WorklistEntry>> {
    let all = lists(till).await?.lists.into_iter();
    let list = all.into_iter().find(|list| list.code == code);
    Ok(list.context("no such list")?.entries)
}

async fn only(till: &Till, code: WorklistCode) -> Result<WorklistEntry> {
    let mut entries = on(till, code).await?;
    ensure!(entries.len() == 1, "{entries:#?}");
    entries.pop().context("nothing is on it")
}

async fn act(till: &Till, kind: OperationKind, tab: TabId) -> Result<()> {
    let hold = till.ledger.holds(tab).await?.pop().context("no hold")?;
    let request = till.desk.acting(hold.id).await?;
    till.desk.act(kind, request).await?;
    Ok(())
}

#[tokio::test]
async fn who_left_yesterday_and_is_still_held_is_settled_in_one_step_or_two() -> Result<()> {
    let till = Till::open().await?;
    let (dined, slept) = (
        deposit(&till, "Room 7", 0, 1).await?,
        deposit(&till, "Room 9", 0, 1).await?,
    );
    for tab in [dined, slept] {
        pay(&till, tab).await?;
    }
    till.desk.add_line(dined, None, 1, "86.40").await?;
    till.wind("1.00:00:00").await?;
    till.desk.sweep().await?;
    ensure!(
        on(&till, WorklistCode::Departed).await?.is_empty(),
        "they leave today"
    );
    till.wind("1.00:00:00").await?;
    till.desk.sweep().await?;

    let entries = on(&till, WorklistCode::Departed).await?;
    let steps: Vec<_> = entries
        .iter()
        .map(|e| (e.name.as_str(), e.next.label.as_str()))
        .collect();
    assert_eq!(steps, [("Room 7", "Take…"), ("Room 9", "Release £200.00…")]);
    let first = entries.first().context("none")?;
    assert_eq!(
        (first.amount.text.as_str(), first.amount_is),
        ("£200.00", "on hold")
    );
    assert_eq!(first.state.words, "Departed yesterday");
    ensure!(
        first
            .words
            .contains("£86.40 of the bill isn’t taken. Dojo releases what’s on hold ")
    );
    assert_eq!(lists(&till).await?.due, 2);

    // Released, it is off the list. Taken of, the rest drops off by itself, and the tab is closed.
    act(&till, OperationKind::Reversal, slept).await?;
    let hold = till.hold(dined).await?;
    let take = decide(&hold, OperationKind::Capture, 8_640);
    till.desk.press(take).await?;
    till.desk.sweep().await?;
    let rest = only(&till, WorklistCode::Departed).await?;
    assert_eq!(
        (rest.next.kind, rest.amount.text.as_str()),
        (Step::CloseTab, "£113.60")
    );
    ensure!(rest.words.contains("The bill is taken."), "{}", rest.words);
    till.desk.press_close(dined).await?;
    ensure!(on(&till, WorklistCode::Departed).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn who_left_and_owes_what_cannot_be_taken_is_not_closed_by_one_press() -> Result<()> {
    let till = Till::open().await?;
    let slept = deposit(&till, "Room 9", 0, 1).await?;
    pay(&till, slept).await?;
    till.desk.add_line(slept, None, 1, "50").await?;
    let hold = till.hold(slept).await?;
    // Once some was refunded, the rest can be neither taken nor released.
    for (kind, amount) in [(OperationKind::Capture, 5_000), (OperationKind::Refund, 1_000)] {
        till.desk.press(decide(&hold, kind, amount)).await?;
    }
    till.wind("2.00:00:00").await?;
    till.desk.sweep().await?;
    assert_eq!(
        only(&till, WorklistCode::Departed).await?.next.kind,
        Step::CloseTab
    );
    till.desk
        .add_line(slept, Some("Minibar".to_owned()), 1, "20")
        .await?;
    assert_eq!(
        only(&till, WorklistCode::Departed).await?.next.kind,
        Step::ShowTab
    );
    Ok(())
}

#[tokio::test]
async fn who_stays_longer_than_the_hold_waits_quietly_until_it_is_time() -> Result<()> {
    let till = Till::open().await?;
    let tab = deposit(&till, "Room 14", 0, 10).await?;
    pay(&till, tab).await?;
    let entry = only(&till, WorklistCode::Staying).await?;
    assert_eq!(
        (entry.state.words.as_str(), entry.state.tone),
        ("Ends in 6 days", Tone::Quiet)
    );
    assert_eq!(entry.next.label, "Renew £200.00…");
    assert_eq!(lists(&till).await?.due, 1, "as many as are listed");
    till.wind("5.00:00:00").await?;
    till.desk.sweep().await?;
    assert_eq!(lists(&till).await?.due, 1);
    let entry = only(&till, WorklistCode::Staying).await?;
    assert_eq!(entry.next.kind, Step::Renew);
    ensure!(
        entry.words.ends_with(": renew it before it expires."),
        "{}",
        entry.words
    );

    let old = entry.hold_id.context("no hold")?;
    till.desk.renew(&till.desk.renewing(old).await?).await?;
    let entry = only(&till, WorklistCode::Staying).await?;
    assert_eq!(
        (entry.state.words.as_str(), entry.next.label.as_str()),
        ("Being renewed", "Show the link")
    );
    ensure!(entry.hold_id != Some(old), "the link is the new hold’s");
    pay(&till, tab).await?;
    till.desk.sweep().await?;
    ensure!(
        on(&till, WorklistCode::Staying).await?.is_empty(),
        "the new hold lasts until the guest leaves"
    );
    Ok(())
}

#[tokio::test]
async fn who_comes_without_a_hold_is_asked_again_before_the_door_opens() -> Result<()> {
    let till = Till::open().await?;
    let typed = OpenTab {
        arrives_on: Some(day(&till, 1).await?),
        email: Some("amira@example.com".to_owned()),
        link_ends: Some(LinkEnds::ThreeDays),
        ..OpenTab::of(Kind::Deposit, "Amira", "200", Currency::Gbp)
    };
    let amira = till.desk.open_tab(typed).await?;
    let brandt = deposit(&till, "Brandt", 1, 3).await?;
    deposit(&till, "Callum", 2, 3).await?;
    till.opened(Kind::Tab, "Table 9", "100").await?;
    let entries = on(&till, WorklistCode::Arriving).await?;
    let steps: Vec<_> = entries
        .iter()
        .map(|e| (e.name.as_str(), e.next.label.as_str()))
        .collect();
    assert_eq!(
        steps,
        [("Amira", "E-mail the link again"), ("Brandt", "Show the link")]
    );
    let first = entries.first().context("none")?;
    assert_eq!(
        (first.amount.text.as_str(), first.amount_is),
        ("£200.00", "not on hold")
    );
    ensure!(first.words.starts_with("Arrives tomorrow, "), "{}", first.words);
    ensure!(
        first
            .words
            .contains("Card for £200.00 not added yet. The link expires ")
    );
    assert_eq!(lists(&till).await?.due, 2, "as many as are listed");

    // The day has come. One pays; the other's card is declined, and the request is cancelled.
    till.wind("1.00:00:00").await?;
    till.desk.sweep().await?;
    assert_eq!(
        on(&till, WorklistCode::Arriving).await?.len(),
        3,
        "Callum comes tomorrow now"
    );
    assert_eq!(lists(&till).await?.due, 3);
    pay(&till, amira).await?;
    till.pay(&till.hold(brandt).await?, DECLINED).await?;
    till.hold(brandt).await?;
    let entries = on(&till, WorklistCode::Arriving).await?;
    let words: Vec<_> = entries.iter().map(|e| e.state.words.as_str()).collect();
    assert_eq!(words, ["Card declined, waiting", "Waiting for card"]);
    act(&till, OperationKind::Cancel, brandt).await?;
    let entries = on(&till, WorklistCode::Arriving).await?;
    let cancelled = entries.first().context("none")?;
    assert_eq!(cancelled.next.label, "Hold £200.00…");
    assert_eq!(
        cancelled.words,
        "Arrives today. The request for £200.00 was cancelled."
    );
    till.desk.press_more(brandt, "200").await?;
    pay(&till, brandt).await?;

    // Released by hand, and by Dojo: the one was decided here, the other has to be told.
    act(&till, OperationKind::Reversal, brandt).await?;
    assert_eq!(on(&till, WorklistCode::Arriving).await?.len(), 1, "Callum alone");
    till.wind("6.23:30:00").await?;
    till.desk.sweep().await?;
    let entries = on(&till, WorklistCode::Arriving).await?;
    let lapsed = entries
        .iter()
        .find(|e| e.name == "Amira")
        .context("Amira is not told of")?;
    assert_eq!((lapsed.state.tone, lapsed.next.kind), (Tone::Bad, Step::Ask));
    ensure!(lapsed.words.contains("£200.00 expired "), "{}", lapsed.words);
    Ok(())
}

/// Once a link has ended Dojo cancels its request. Chip, sentence, floor and tab call that by one name.
#[tokio::test]
async fn a_link_that_ended_unpaid_has_one_name() -> Result<()> {
    let till = Till::open().await?;
    let typed = OpenTab {
        arrives_on: Some(day(&till, 1).await?),
        link_ends: Some(LinkEnds::Day),
        ..OpenTab::of(Kind::Deposit, "Amira", "200", Currency::Gbp)
    };
    let tab = till.desk.open_tab(typed).await?;
    till.wind("1.01:00:00").await?;
    till.desk.sweep().await?;
    let hold = till.hold(tab).await?;
    assert_eq!(hold.state(till.desk.floor().await?.now), HoldState::Cancelled);
    let entry = only(&till, WorklistCode::Arriving).await?;
    let view = till.desk.tab(tab).await?;
    assert_eq!(
        [
            &entry.state.words,
            &view.row.state.words,
            &view.holds[0].state.words
        ],
        ["Link expired, card not added"; 3]
    );
    ensure!(entry.words.contains("expired, card not added"), "{}", entry.words);
    Ok(())
}

#[tokio::test]
async fn a_request_that_never_left_is_sent_from_the_list_and_a_deposit_that_was_taken_is_no_longer_missed()
-> Result<()> {
    let till = Till::open().await?;
    till.plug(false)?;
    let tab = deposit(&till, "Room 7", 0, 2).await?;
    till.plug(true)?;
    let entry = only(&till, WorklistCode::Arriving).await?;
    assert_eq!(entry.next.kind, Step::SendAgain);
    ensure!(
        entry
            .words
            .ends_with("The request for £200.00 never left this PC.")
    );
    till.desk.retry_open(entry.hold_id.context("no hold")?).await?;
    pay(&till, tab).await?;
    ensure!(on(&till, WorklistCode::Arriving).await?.is_empty());
    let hold = till.hold(tab).await?;
    let take = decide(&hold, OperationKind::Capture, 20_000);
    till.desk.press(take).await?;
    till.desk.sweep().await?;
    ensure!(till.desk.tab(tab).await?.row.left.minor == 0);
    ensure!(
        on(&till, WorklistCode::Arriving).await?.is_empty(),
        "it was taken in advance"
    );
    Ok(())
}

#[tokio::test]
async fn yesterday_is_the_venues_own_wherever_the_computer_stands() -> Result<()> {
    let till = Till::open().await?;
    let move_to = async |zone: &str| -> Result<NaiveDate> {
        till.desk
            .save_settings(Settings {
                time_zone: zone.to_owned(),
                cut_off: "00:00".to_owned(),
                ..till.desk.settings().await?
            })
            .await?;
        Ok(till.desk.floor().await?.today)
    };
    // 25 hours apart: never the same day.
    let east = move_to("Pacific/Kiritimati").await?;
    let tab = deposit(&till, "Room 7", -2, -1).await?;
    pay(&till, tab).await?;
    assert_eq!(on(&till, WorklistCode::Departed).await?.len(), 1);
    let west = move_to("Pacific/Pago_Pago").await?;
    ensure!(west < east);
    ensure!(
        on(&till, WorklistCode::Departed).await?.is_empty(),
        "there the guest leaves today"
    );

    let typed = OpenTab {
        arrives_on: east.checked_add_days(Days::new(1)),
        ..OpenTab::of(Kind::Deposit, "Room 9", "200", Currency::Gbp)
    };
    till.desk.open_tab(typed).await?;
    ensure!(
        on(&till, WorklistCode::Arriving).await?.is_empty(),
        "the day after tomorrow, or later"
    );
    move_to("Pacific/Kiritimati").await?;
    assert_eq!(only(&till, WorklistCode::Arriving).await?.name, "Room 9");
    Ok(())
}

#[tokio::test]
async fn a_deposit_without_its_days_is_on_no_list_until_they_are_typed() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Deposit, "Room 7", "200").await?;
    let (today, tomorrow) = (day(&till, 0).await?, day(&till, 1).await?);
    let days = |arrives, departs| Details {
        name: "Room 7".to_owned(),
        place: None,
        email: None,
        note: None,
        arrives_on: Some(arrives),
        departs_on: Some(departs),
    };
    ensure!(on(&till, WorklistCode::Arriving).await?.is_empty());
    let refused = till.desk.edit_tab(tab, days(tomorrow, tomorrow)).await;
    let refused = refused.err().context("nobody stays no night")?;
    let field = refused.fields.first().context("no field")?;
    assert_eq!(field.field.as_str(), "departsOn");
    ensure!(
        field.message.ends_with("type a later day, or none."),
        "{}",
        field.message
    );
    till.desk.edit_tab(tab, days(today, tomorrow)).await?;
    assert_eq!(only(&till, WorklistCode::Arriving).await?.name, "Room 7");
    let history = till.desk.tab(tab).await?.history;
    ensure!(history.iter().any(|step| step.words.contains("arrival none → ")));
    Ok(())
}
