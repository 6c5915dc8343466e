//! What the night leaves open: what nobody confirmed, what isn't paid or paid too much, and what it can't bring to
//! an end.

use crate::decide;
use crate::portal::take_in_portal;
use crate::refunds::{due, one_more, refund, table, take};
use anyhow::{Context, Result, ensure};
use holdfast_desk::RowProgress;
use holdfast_desk::{NightAction, NightChoice, NightRow, OpenTab, RunRowView, TakeTyped};
use holdfast_domain::{Currency, DeadlineAction, Hold, Kind, OperationKind, OperationState, TabId};
use holdfast_ledger::prelude::*;
use holdfast_tests::press::Press;
use holdfast_tests::{GOOD, Till};
use std::time::Duration;

pub(crate) async fn rows_at_the_end(till: &Till) -> Result<Vec<(String, String)>> {
    loop {
        let run = till.desk.night(&[]).await?.run.context("no run")?;
        if !run.is_running() {
            let rows = run.rows.into_iter();
            // What was done says so with its amount, which the stories know otherwise.
            let became = |row: RunRowView| match row.state.code {
                RowProgress::Done => (row.name, "Done".to_owned()),
                _ => (row.name, row.state.words),
            };
            return Ok(rows.map(became).collect());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn is_on_the_floor(till: &Till, tab: TabId) -> Result<bool> {
    Ok(till.desk.floor().await?.rows.iter().any(|row| row.id == tab))
}

fn flags(row: &NightRow) -> Vec<&str> {
    row.flags.iter().map(|flag| flag.words.as_str()).collect()
}

/// The night that is confirmed as it stands takes the bill, as its table says with this flag that the tab stays open.
async fn takes_and_stays_open(till: &Till, tab: TabId, said: &str) -> Result<()> {
    let night = till.desk.night(&[]).await?;
    let row = night.rows.first().context("no row")?;
    assert_eq!(row.action, NightAction::Take);
    assert!(flags(row).contains(&said), "{:?}", flags(row));
    till.desk.close_night(&[], &night.seen()).await?;
    assert_eq!(rows_at_the_end(till).await?[0].1, "Done");
    assert_eq!(due(till, tab).await?, 0);
    assert!(is_on_the_floor(till, tab).await?);
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
    let rows = rows_at_the_end(&till).await?;
    assert_eq!(due(&till, tab).await?, 1_000);
    assert!(
        is_on_the_floor(&till, tab).await?,
        "£10 is due, £60 is held, and it is closed: {rows:?}"
    );
    Ok(())
}

/// The same of a row that was only to be closed: nobody agreed to what is on it by then.
#[tokio::test]
async fn a_tab_that_is_closed_by_the_night_is_what_was_confirmed() -> Result<()> {
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
    ensure!(row.action == NightAction::CloseTab, "{row:?}");
    till.wire.dawdle(4);
    till.desk.close_night(&[], &night.seen()).await?;
    till.desk
        .add_line(idle, Some("Dinner".to_owned()), 1, "30")
        .await?;
    let rows = rows_at_the_end(&till).await?;
    assert!(
        is_on_the_floor(&till, idle).await?,
        "£30 is due, and nobody saw it closed: {rows:?}"
    );
    Ok(())
}

/// What is due and can't be taken is not closed by default.
#[tokio::test]
async fn a_bill_that_is_not_paid_is_not_closed_by_default() -> Result<()> {
    let till = Till::open().await?;
    let (part, _) = table(&till, "50", "60").await?;
    take(&till, part, "50", "0", "0").await?;
    let none = till.opened(Kind::Tab, "Table 3", "50").await?;
    till.desk.add_line(none, None, 1, "30").await?;
    till.desk
        .press(decide(&till.hold(none).await?, OperationKind::Cancel, 0))
        .await?;
    let night = till.desk.night(&[]).await?;
    for (tab, said) in [(part, "£10.00 over"), (none, "£30.00 not paid")] {
        let row = night
            .rows
            .iter()
            .find(|row| row.tab.id == tab)
            .context("no row")?;
        assert_eq!(row.action, NightAction::Leave);
        assert!(flags(row).contains(&said), "{:?}", flags(row));
    }
    Ok(())
}

/// A guest who paid twice is not closed with a green chip that calls it a part.
#[tokio::test]
async fn a_guest_who_paid_beyond_the_bill_is_not_closed_without_a_word() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "40", "40").await?;
    one_more(&till, tab, "40").await?;
    take(&till, tab, "40", "0", "0").await?;
    let second = till.ledger.holds(tab).await?.pop().context("no hold")?;
    take_in_portal(&till, &second, 4_000).await?;
    till.desk.read(second.id).await?;
    // The manager has put the finding aside, and forgot to refund.
    for finding in till.desk.findings().await? {
        till.desk.acknowledge(&finding.key.to_string()).await?;
    }
    let night = till.desk.night(&[]).await?;
    let row = &night.rows[0];
    assert_eq!(row.action, NightAction::Leave);
    let said = flags(row);
    assert!(said.contains(&"£40.00 paid beyond the bill"), "{said:?}");
    assert!(said.contains(&"Paid £80.00"), "{said:?}");
    Ok(())
}

/// A second card that nothing is taken from stays held, and its tab open: that is said before.
#[tokio::test]
async fn a_second_card_that_is_not_needed_keeps_its_tab_open() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "40", "40").await?;
    one_more(&till, tab, "50").await?;
    takes_and_stays_open(&till, tab, "Stays open, £50.00 on hold").await
}

/// The same where Dojo will take it.
#[tokio::test]
async fn a_second_card_that_dojo_will_take_keeps_its_tab_open() -> Result<()> {
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
    takes_and_stays_open(&till, tab, "Stays open, £50.00 on hold").await
}

/// A link that nobody has paid keeps a tab open: the night says so before it takes the bill.
#[tokio::test]
async fn a_link_that_waits_keeps_its_tab_open() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "100", "40").await?;
    till.desk.press_more(tab, "50").await?;
    till.hold(tab).await?;
    takes_and_stays_open(&till, tab, "Stays open").await
}

/// So does a hold that is being renewed.
#[tokio::test]
async fn a_renewal_under_way_keeps_its_tab_open() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "100", "40").await?;
    till.desk.renew(&till.desk.renewing(first.id).await?).await?;
    till.hold(tab).await?;
    takes_and_stays_open(&till, tab, "Stays open").await
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
    let night = till.desk.night(std::slice::from_ref(&choice)).await?;
    let row = &night.rows[0];
    ensure!(row.action == NightAction::Release, "{row:?}");
    assert_eq!(
        row.back.minor, 5_000,
        "£60 of it Dojo takes: {}; {}",
        night.button, night.confirm
    );
    assert!(flags(row).contains(&"Stays open"), "{:?}", flags(row));
    till.desk.close_night(&[choice], &night.seen()).await?;
    assert_eq!(rows_at_the_end(&till).await?[0].1, "Done");
    assert!(is_on_the_floor(&till, tab).await?);
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
    let rows = rows_at_the_end(&till).await?;
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

/// A request that was cancelled, closed by the night and paid after all is seen and can be released.
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
    let rows = rows_at_the_end(&till).await?;
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

/// A night that was interrupted and continued after the guest had paid in the portal takes nothing.
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
    let rows = rows_at_the_end(&till).await?;
    ensure!(rows.iter().any(|(_, words)| words == "Not done"), "{rows:?}");
    let first = till.hold(one).await?;
    let hold = if first.captured() == 0 { first } else { second };
    take_in_portal(&till, &hold, 3_000).await?;
    till.desk.continue_night().await?;
    let rows = rows_at_the_end(&till).await?;
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

/// The night takes bill and tip, which are all that is held: nothing is left that Dojo could take, and the tab closes.
#[tokio::test]
async fn a_night_that_takes_all_with_a_tip_closes_the_tab_where_dojo_would_take_a_rest() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table_that_dojo_takes(&till, "50", "44").await?;
    let choice = NightChoice {
        tab_id: tab,
        action: Some(NightAction::Take),
        typed: TakeTyped {
            bill: None,
            service: Some("0".to_owned()),
            tip: Some("6".to_owned()),
        },
    };
    let night = till.desk.night(std::slice::from_ref(&choice)).await?;
    let row = &night.rows[0];
    let flags: Vec<&str> = row.flags.iter().map(|f| f.words.as_str()).collect();
    assert_eq!((row.total.minor, row.dojo_takes.clone()), (5_000, None));
    assert!(!flags.iter().any(|f| f.starts_with("Stays open")), "{flags:?}");
    till.desk.close_night(&[choice], &night.seen()).await?;
    rows_at_the_end(&till).await?;
    assert!(till.desk.tab(tab).await?.closed_at.is_some());
    Ok(())
}

/// A row says once what becomes of what is on hold, and only of a tab that it is left open: a deposit always is.
#[tokio::test]
async fn a_row_says_once_what_becomes_of_its_hold() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table_that_dojo_takes(&till, "100", "40").await?;
    let deposit = till.opened(Kind::Deposit, "Room 4", "200").await?;
    till.pay(&till.hold(deposit).await?, GOOD).await?;
    till.hold(deposit).await?;
    let flags = async |action| {
        let choice = |tab_id| NightChoice {
            tab_id,
            action: Some(action),
            typed: TakeTyped::default(),
        };
        let night = till.desk.night(&[choice(tab), choice(deposit)]).await?;
        let of = |id| {
            let row = night.rows.iter().find(|row| row.tab.id == id);
            let flags = row.into_iter().flat_map(|row| &row.flags);
            flags.map(|flag| flag.words.clone()).collect::<Vec<_>>()
        };
        anyhow::Ok((of(tab), of(deposit)))
    };
    let (taken, _) = flags(NightAction::Take).await?;
    assert_eq!(taken, ["Dojo takes the other £60.00 too"]);
    let (left, stays) = flags(NightAction::Leave).await?;
    assert!(left.iter().any(|flag| flag == "Left open"), "{left:?}");
    assert!(!stays.iter().any(|flag| flag == "Left open"), "{stays:?}");
    Ok(())
}

/// A hold that Dojo takes the rest of is counted as covering the bill: the night doesn't take that from
/// another card too.
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

/// Dojo has no record of a take: what holds the bill is there, and yet a person looks before it's taken once more.
#[tokio::test]
async fn what_needs_a_person_is_left_to_one() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "100", "40").await?;
    till.fault("captures", "500-before").await?;
    till.desk.press_take(tab, TakeTyped::default()).await?;
    sweeps(&till, 4).await?;
    let row = till.desk.night(&[]).await?.rows.pop().context("no row")?;
    assert!(till.desk.tab(tab).await?.row.needs_person);
    assert_eq!(
        (row.action, row.tick),
        (NightAction::Leave, Some(NightAction::Take))
    );
    Ok(())
}

/// Somebody looked into a row's fields and typed nothing: where there is nothing to take, that asks for no take.
#[tokio::test]
async fn an_empty_choice_takes_nothing_where_nothing_is_held() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Tab, "Table 9", "40").await?;
    till.desk.add_line(tab, None, 1, "30").await?;
    let choice = NightChoice {
        tab_id: tab,
        action: None,
        typed: TakeTyped::default(),
    };
    let row = till.desk.night(&[choice]).await?.rows.pop().context("no row")?;
    assert_eq!(row.action, NightAction::Leave);
    Ok(())
}

/// “Paid” at night is a bill of which nothing is due, as on the floor; what is due yet makes it a part.
#[tokio::test]
async fn a_row_says_whether_what_was_taken_is_all_of_it() -> Result<()> {
    let till = Till::open().await?;
    let mut tabs = Vec::new();
    for (held, more) in [("40", None), ("100", None), ("40", Some("10"))] {
        let (tab, _) = table(&till, held, "40").await?;
        take(&till, tab, "40", "0", "0").await?;
        if let Some(more) = more {
            till.desk.add_line(tab, None, 1, more).await?;
        }
        tabs.push(tab);
    }
    let night = till.desk.night(&[]).await?;
    let said = tabs.into_iter().map(|tab| {
        let row = night.rows.iter().find(|row| row.tab.id == tab);
        let flags = row.into_iter().flat_map(|row| &row.flags);
        flags
            .map(|flag| flag.words.as_str())
            .filter(|words| words.contains("£40.00"))
            .collect::<Vec<_>>()
    });
    assert_eq!(
        said.collect::<Vec<_>>(),
        [["Paid £40.00"], ["Paid £40.00"], ["Part taken £40.00"]]
    );
    Ok(())
}

/// An empty tab says so, and a deposit says when its guest leaves.
#[tokio::test]
async fn a_row_says_that_nothing_was_had_and_when_a_guest_leaves() -> Result<()> {
    let till = Till::open().await?;
    let empty = till.opened(Kind::Tab, "Table 9", "40").await?;
    till.pay(&till.hold(empty).await?, GOOD).await?;
    till.hold(empty).await?;
    let today = till.desk.floor().await?.today;
    let stay = OpenTab {
        departs_on: Some(today),
        ..OpenTab::of(Kind::Deposit, "Room 4", "200", Currency::Gbp)
    };
    let stay = till.desk.open_tab(stay).await?;
    let night = till.desk.night(&[]).await?;
    for (tab, words) in [
        (empty, "Nothing on the bill"),
        (stay, "Deposit, the guest departs today"),
    ] {
        let row = night
            .rows
            .iter()
            .find(|row| row.tab.id == tab)
            .context("no row")?;
        let flags: Vec<&str> = row.flags.iter().map(|flag| flag.words.as_str()).collect();
        assert!(flags.contains(&words), "{flags:?}");
    }
    Ok(())
}

/// A bill is over its hold, so that the row takes what is held: a tip that can't be read stays wrong all the same.
#[tokio::test]
async fn a_mistyped_tip_is_not_forgotten_where_the_bill_is_over_its_hold() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "50", "70").await?;
    let choice = NightChoice {
        tab_id: tab,
        action: Some(NightAction::Take),
        typed: TakeTyped {
            tip: Some("five".to_owned()),
            ..TakeTyped::default()
        },
    };
    let row = till.desk.night(&[choice]).await?.rows.pop().context("no row")?;
    assert!(
        row.errors.iter().any(|error| error.field.as_str() == "tip"),
        "{:?}",
        row.errors
    );
    Ok(())
}
