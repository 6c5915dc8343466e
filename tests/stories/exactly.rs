//! Answers in whole: what a row, a sheet or a bill says, with nothing beside it.

use crate::decide;
use crate::once::what_is_held;
use crate::portal::refund_in_portal;
use crate::refunds::{due, newest, one_more, refund, refunding, table, take, typed};
use anyhow::{Context, Result};
use chrono::{Days, NaiveDate};
use holdfast_desk::{Act, Decision, ErrorCode, Night, NightAction, NightChoice, OpenTab, TakeTyped};
use holdfast_domain::{Currency, DeadlineAction, Kind, OperationKind, OperationState, TabId};
use holdfast_ledger::prelude::*;
use holdfast_tests::press::Press;
use holdfast_tests::{GOOD, KEY, Till};

/// What the night says of a guest.
fn flags(night: &Night, name: &str) -> Result<Vec<String>> {
    let row = night.rows.iter().find(|row| row.tab.name == name);
    let flags = &row.with_context(|| format!("no row of {name}"))?.flags;
    Ok(flags.iter().map(|flag| flag.words.clone()).collect())
}

/// A deposit of £200 that the guest has paid, until so many days from today.
async fn deposit(till: &Till, name: &str, departs: Option<i64>) -> Result<TabId> {
    let today = till.desk.floor().await?.today;
    let day = |from_now: i64| match from_now {
        0.. => today.checked_add_days(Days::new(from_now.unsigned_abs())),
        _ => today.checked_sub_days(Days::new(from_now.unsigned_abs())),
    };
    let typed = OpenTab {
        arrives_on: departs.and_then(|_| day(-3)),
        departs_on: departs.and_then(day),
        ..OpenTab::of(Kind::Deposit, name, "200", Currency::Gbp)
    };
    let tab = till.desk.open_tab(typed).await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    till.hold(tab).await?;
    Ok(tab)
}

#[tokio::test]
async fn the_night_has_nothing_to_say_of_an_ordinary_table() -> Result<()> {
    let till = Till::open().await?;
    table(&till, "100", "40").await?;
    let night = till.desk.night(&[]).await?;
    assert_eq!(flags(&night, "Table 12")?, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn the_night_says_of_each_deposit_when_its_guest_leaves() -> Result<()> {
    let till = Till::open().await?;
    for (name, departs) in [
        ("Gone", Some(-1)),
        ("Going", Some(0)),
        ("Staying", Some(1)),
        ("Unsaid", None),
    ] {
        deposit(&till, name, departs).await?;
    }
    let night = till.desk.night(&[]).await?;
    let said = ["Gone", "Going", "Staying", "Unsaid"].map(|name| flags(&night, name));
    let said: Vec<Vec<String>> = said.into_iter().collect::<Result<_>>()?;
    let today = till.desk.floor().await?.today;
    let day = |day: Option<NaiveDate>| day.map(|day| day.format("%a %-d %b").to_string());
    let gone = day(today.pred_opt()).context("no yesterday")?;
    let staying = day(today.succ_opt()).context("no tomorrow")?;
    for (flags, words) in said.iter().zip([
        format!("Deposit, the guest left on {gone}"),
        "Deposit, the guest departs today".to_owned(),
        format!("Deposit, the guest stays until {staying}"),
        "Deposit, no departure date".to_owned(),
    ]) {
        // Around New Year the day has its year.
        assert!(
            flags.len() == 1 && flags[0].starts_with(&words),
            "{flags:?}, {words}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_refund_names_its_parts_and_a_tip_given_back_is_no_line_of_the_bill() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "100", "40").await?;
    take(&till, tab, "40", "5", "6").await?;
    let sheet = till
        .desk
        .preview_refund(hold.id, &typed(["", "", "2"], false))
        .await?;
    let parts: Vec<_> = sheet
        .parts
        .iter()
        .map(|p| (p.label, p.taken.minor, p.stays.minor))
        .collect();
    assert_eq!(
        parts,
        [
            ("Bill", 4_000, 4_000),
            ("Service charge", 500, 500),
            ("Tip", 600, 400)
        ]
    );
    refund(&till, &hold, ["0", "0", "2"], false).await?;
    let lines: Vec<i64> = till
        .desk
        .tab(tab)
        .await?
        .lines
        .iter()
        .map(|line| line.total.minor)
        .collect();
    assert_eq!(lines, [4_000]);
    Ok(())
}

/// Dojo refused a refund: it takes nothing off the bill, and a line may go.
#[tokio::test]
async fn a_refund_that_dojo_refused_keeps_no_line_on_the_bill() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "100", "40").await?;
    till.desk.add_line(tab, None, 1, "30").await?;
    take(&till, tab, "20", "0", "0").await?;
    till.fault("refunds", "400").await?;
    let done = till
        .desk
        .act(OperationKind::Refund, refunding(&till, &hold, "20", false).await?)
        .await?;
    assert_eq!(done.operations[0].state, OperationState::Rejected);
    for line in till.ledger.lines(tab).await? {
        till.desk.take_off(tab, line.id).await?;
    }
    assert_eq!(till.desk.tab(tab).await?.row.bill.minor, 0);
    Ok(())
}

/// A part is taken of a hold whose rest Dojo takes as well: the sheet says when.
#[tokio::test]
async fn before_a_part_is_taken_the_sheet_says_when_dojo_takes_the_rest() -> Result<()> {
    let till = Till::open().await?;
    let opened = OpenTab {
        deadline_action: Some(DeadlineAction::Capture),
        ..holdfast_tests::typed(Kind::Tab, "Table 9", "100")
    };
    let tab = till.desk.open_tab(opened).await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    let hold = till.hold(tab).await?;
    till.desk.add_line(tab, None, 1, "40").await?;
    let takes = till
        .desk
        .preview_take(tab, &TakeTyped::default())
        .await?
        .dojo_takes;
    let ends = hold.deadline().context("no end")?.at;
    let day = ends.with_timezone(&chrono::Utc).format("%H:%M").to_string();
    let words = takes.context("Dojo takes nothing")?.words;
    assert!(words.contains(&day), "{words}, {ends}");
    Ok(())
}

/// The night takes a bill with its service charge: the request to Dojo has both, and the day's figures tell them apart.
#[tokio::test]
async fn the_service_charge_that_the_night_takes_is_booked_as_one() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "100", "40").await?;
    let choices = [NightChoice {
        tab_id: tab,
        action: None,
        typed: TakeTyped {
            service: Some("5".to_owned()),
            tip: Some("3".to_owned()),
            ..TakeTyped::default()
        },
    }];
    let seen = till.desk.night(&choices).await?.seen();
    till.desk.close_night(&choices, &seen).await?;
    crate::night_leaves::rows_at_the_end(&till).await?;
    let day = till.desk.days(None, None, None).await?.total;
    assert_eq!([day.service.minor, day.tips.minor], [500, 300]);
    let all = till.ledger.operations(till.hold(tab).await?.id).await?;
    let taken = all.iter().find(|o| o.kind == OperationKind::Capture);
    let taken = taken.context("nothing was taken")?;
    assert_eq!([taken.service, taken.tip], [500, 300]);
    assert_eq!(taken.of, None, "nothing more was asked for");
    assert_eq!(due(&till, tab).await?, 0);
    Ok(())
}

/// Dojo refused a release: the hold stays until its end, and nobody waits for it to go.
#[tokio::test]
async fn a_release_that_dojo_refused_is_not_waited_for() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "100", "40").await?;
    till.fault("reversal", "400").await?;
    let refused = till.desk.press(decide(&hold, OperationKind::Reversal, 0)).await?;
    assert_eq!(refused.state, OperationState::Rejected);
    let says = till.desk.preview_take(tab, &TakeTyped::default()).await?.sentence;
    let ends = hold.deadline().context("no end")?.at.format("%H:%M").to_string();
    assert!(says.contains("£60.00") && says.contains(&ends), "{says}");
    Ok(())
}

/// Somebody else halved a request after this sheet was opened: cancelling it as it was is cancelling another.
#[tokio::test]
async fn a_request_is_not_cancelled_as_it_was_before_its_amount_changed() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Tab, "Table 12", "50").await?;
    let hold = till.hold(tab).await?;
    let open_sheet = till.desk.seen_with(hold.id).await?;
    till.desk
        .press(decide(&hold, OperationKind::SetAmount, 2_500))
        .await?;
    let late = Decision {
        seen: open_sheet,
        ..decide(&hold, OperationKind::Cancel, 0)
    };
    let refused = till.desk.operate(late).await.err().context("it was cancelled")?;
    assert_eq!(refused.code, ErrorCode::Changed);
    assert_eq!(till.requests("DELETE", "").await?, 0);
    Ok(())
}

/// What is charged again on a tab that was closed would be seen by nobody.
#[tokio::test]
async fn nothing_is_charged_again_on_a_closed_tab() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "40", "40").await?;
    take(&till, tab, "40", "0", "0").await?;
    till.desk.press_close(tab).await?;
    let again = refunding(&till, &hold, "10", true).await?;
    assert!(
        till.desk.act(OperationKind::Refund, again).await.is_err(),
        "it is due and hidden"
    );
    let off = refunding(&till, &hold, "10", false).await?;
    let done = till.desk.act(OperationKind::Refund, off).await?;
    assert_eq!(done.operations[0].state, OperationState::Succeeded);
    Ok(())
}

/// While a longer stay’s new request waits to be paid, the old hold covers the bill.
#[tokio::test]
async fn a_renewal_that_is_not_paid_yet_leaves_the_old_hold_in_its_place() -> Result<()> {
    let till = Till::open().await?;
    let tab = deposit(&till, "Room 14", Some(10)).await?;
    till.desk.add_line(tab, None, 1, "150").await?;
    let hold = till.hold(tab).await?.id;
    till.desk.renew(&till.desk.renewing(hold).await?).await?;
    let shown = till.desk.tab(tab).await?;
    assert_eq!(shown.missing, None);
    assert_eq!(shown.row.to_spend.map(|m| m.minor), Some(5_000));
    Ok(())
}

/// The rest was asked for ahead of a larger bill; a line that went before that is no news.
#[tokio::test]
async fn a_request_is_sent_again_though_a_line_went_before_it_was_made() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "20", "20").await?;
    till.desk.add_line(tab, None, 1, "30").await?;
    let line = till.ledger.lines(tab).await?[1].id;
    till.desk.take_off(tab, line).await?;
    till.plug(false)?;
    till.desk.press_more(tab, "30").await?;
    till.plug(true)?;
    let unsent = till.ledger.holds(tab).await?.pop().context("no hold")?;
    till.desk.retry_open(unsent.id).await?;
    assert_eq!(till.requests("POST", "/payment-intents").await?, 2);
    Ok(())
}

/// What an open sheet tells, with each time and name taken out.
fn without_times(changes: &[String]) -> Vec<String> {
    let cut = |text: &String| {
        text.split(" at ")
            .next()
            .unwrap_or_default()
            .trim_end_matches('.')
            .to_owned()
    };
    changes.iter().map(cut).collect()
}

/// A sheet lies open while half a night happens to its tab: it tells each thing once, and nothing that didn’t happen.
#[tokio::test]
async fn an_open_sheet_tells_each_change_once() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "100", "40").await?;
    one_more(&till, tab, "30").await?;
    let open_sheet = till.desk.seen_with(first.id).await?;
    till.desk.add_line(tab, None, 1, "9.50").await?;
    let line = till.ledger.lines(tab).await?[0].id;
    till.desk.take_off(tab, line).await?;
    take(&till, tab, "9.50", "0", "0").await?;
    till.desk.press_more(tab, "25").await?;
    let told = till.desk.look(tab, &open_sheet, None).await?.changes;
    assert_eq!(
        without_times(&told),
        [
            "£9.50 was taken",
            "£25.00 was requested",
            "£9.50 was added to the bill",
            "£40.00 came off the bill",
            "Still to take: £0.00",
        ]
    );
    Ok(())
}

/// Two refunds of ours, and one in Dojo’s portal, since the sheet was opened.
#[tokio::test]
async fn an_open_sheet_tells_our_refunds_from_those_made_elsewhere() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "100", "40").await?;
    take(&till, tab, "40", "0", "0").await?;
    refund(&till, &hold, ["2", "0", "0"], false).await?;
    let open_sheet = till.desk.seen_with(hold.id).await?;
    refund(&till, &hold, ["5", "0", "0"], false).await?;
    refund(&till, &hold, ["3", "0", "0"], false).await?;
    refund_in_portal(&till, &hold, 400, KEY).await?;
    let told = till.desk.look(tab, &open_sheet, None).await?.changes;
    assert_eq!(
        without_times(&told),
        [
            "£5.00 was refunded",
            "£3.00 was refunded",
            "£4.00 was refunded outside this till"
        ]
    );
    Ok(())
}

/// The guest hasn’t paid, and the amount asked for changes: that is told, and no hold that came or went.
#[tokio::test]
async fn an_open_sheet_tells_that_another_amount_is_asked_for() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Tab, "Table 12", "50").await?;
    let hold = till.hold(tab).await?;
    let open_sheet = till.desk.seen_with(hold.id).await?;
    till.desk
        .press(decide(&hold, OperationKind::SetAmount, 2_500))
        .await?;
    let told = till.desk.look(tab, &open_sheet, Some(hold.id)).await?.changes;
    assert_eq!(without_times(&told), ["£25.00 is requested now"]);
    Ok(())
}

/// A take that Dojo refused is no take: nothing stops the tab from being taken, released and closed after it.
#[tokio::test]
async fn a_tab_may_be_closed_once_its_hold_is_released_and_not_before() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "100", "40").await?;
    let line = till.ledger.lines(tab).await?[0].id;
    till.desk.take_off(tab, line).await?;
    let why = till.desk.press_close(tab).await.err().context("it was closed")?;
    assert!(
        why.message.contains("£100.00") || why.message.contains("on hold"),
        "{}",
        why.message
    );
    till.desk.press(decide(&hold, OperationKind::Reversal, 0)).await?;
    till.desk.press_close(tab).await?;
    Ok(())
}

/// A manager who types nothing in a row proposes nothing: the bill over its hold stays unticked until an amount is
/// typed.
#[tokio::test]
async fn a_row_is_ticked_by_itself_only_once_an_amount_is_typed_in_it() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "50", "80").await?;
    let row = |typed: TakeTyped| {
        let choice = NightChoice {
            tab_id: tab,
            action: None,
            typed,
        };
        async { Ok::<_, anyhow::Error>(till.desk.night(&[choice]).await?.rows.remove(0).action) }
    };
    assert_eq!(row(TakeTyped::default()).await?, NightAction::Leave);
    let typed = TakeTyped {
        bill: Some("50".to_owned()),
        ..TakeTyped::default()
    };
    assert_eq!(row(typed).await?, NightAction::Take);
    Ok(())
}

/// Why money was given back stands in the tab’s history, for whoever asks a month later.
#[tokio::test]
async fn the_reason_of_a_refund_stands_in_the_history() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "100", "40").await?;
    take(&till, tab, "40", "0", "0").await?;
    refund(&till, &hold, ["5", "0", "0"], false).await?;
    let history = till.desk.tab(tab).await?.history;
    let words: Vec<&str> = history.iter().map(|entry| entry.words.as_str()).collect();
    assert!(words.iter().any(|words| words.contains("Complaint")), "{words:?}");
    Ok(())
}

/// Nobody closed a table last night: tonight says since when it is open, and says nothing of the kind of today’s.
#[tokio::test]
async fn the_night_says_of_yesterdays_table_since_when_it_is_open() -> Result<()> {
    let till = Till::open().await?;
    table(&till, "100", "40").await?;
    till.wind("1.00:00:00").await?;
    till.desk.sweep().await?;
    let said = flags(&till.desk.night(&[]).await?, "Table 12")?;
    assert!(said.len() == 1 && said[0].starts_with("Open since "), "{said:?}");
    Ok(())
}

/// The sheet of a bill that its hold covers: the house’s service charge at a tap, and no way on to a further hold.
#[tokio::test]
async fn the_sheet_of_a_covered_bill_offers_service_and_no_further_hold() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "100", "40").await?;
    let sheet = till.desk.preview_take(tab, &TakeTyped::default()).await?;
    let service = sheet.service_choice.context("no service charge")?;
    assert_eq!((service.typed.as_str(), service.amount.minor), ("12.5%", 500));
    assert!(sheet.way_on.is_none() && sheet.over.is_none());
    Ok(())
}

/// Each part by itself could be given back, but some of all that was paid went back in the portal already.
#[tokio::test]
async fn parts_that_fit_by_themselves_are_refused_together() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "100", "40").await?;
    take(&till, tab, "40", "5", "6").await?;
    refund_in_portal(&till, &hold, 2_000, KEY).await?;
    let sheet = till
        .desk
        .preview_refund(hold.id, &typed(["30", "5", "6"], false))
        .await?;
    assert!(!sheet.allowed, "{sheet:?}");
    let act = Act {
        refund: Some(typed(["30", "5", "6"], false)),
        ..refunding(&till, &hold, "30", false).await?
    };
    assert!(till.desk.act(OperationKind::Refund, act).await.is_err());
    assert_eq!(till.requests("POST", "/refunds").await?, 1, "the portal’s own");
    Ok(())
}

#[tokio::test]
async fn nothing_is_given_back_without_a_reason() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "100", "40").await?;
    take(&till, tab, "40", "0", "0").await?;
    for reason in [None, Some("  ".to_owned())] {
        let act = Act {
            reason,
            ..refunding(&till, &hold, "5", false).await?
        };
        let refused = till
            .desk
            .act(OperationKind::Refund, act)
            .await
            .err()
            .context("it was given back")?;
        assert_eq!(refused.fields[0].field.as_str(), "reason");
    }
    assert_eq!(till.requests("POST", "/refunds").await?, 0);
    Ok(())
}

/// A venue that makes its report by hand finds none made by itself.
#[tokio::test]
async fn no_report_is_made_by_itself_where_nobody_wants_that() -> Result<()> {
    let till = Till::open().await?;
    let mut settings = till.desk.settings().await?;
    settings.report_after_run = false;
    till.desk.save_settings(settings).await?;
    table(&till, "100", "40").await?;
    let seen = till.desk.night(&[]).await?.seen();
    till.desk.close_night(&[], &seen).await?;
    crate::night_leaves::rows_at_the_end(&till).await?;
    till.desk.close().await;
    assert!(
        !till.ledger.unreported().await?.movements.is_empty(),
        "it is in a report"
    );
    Ok(())
}

/// A second card was asked for, and then the first one paid and a drink came: the second request can still be cancelled
/// as it stands, for nothing of it changed.
#[tokio::test]
async fn a_request_is_cancelled_though_another_card_paid_meanwhile() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Tab, "Table 12", "50").await?;
    let first = till.hold(tab).await?;
    till.desk.press_more(tab, "30").await?;
    let second = newest(&till, tab).await?;
    let open_sheet = till.desk.seen_with(second.id).await?;
    till.pay(&first, GOOD).await?;
    till.desk.read(first.id).await?;
    till.desk.add_line(tab, None, 1, "20").await?;
    let cancel = Decision {
        seen: open_sheet,
        ..decide(&second, OperationKind::Cancel, 0)
    };
    assert_eq!(till.desk.operate(cancel).await?.state, OperationState::Succeeded);
    Ok(())
}

/// Dojo refused a take: nothing of it counts as being taken.
#[tokio::test]
async fn a_take_that_dojo_refused_is_not_being_taken() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "100", "40").await?;
    till.fault("captures", "400").await?;
    let refused = till.desk.press_take(tab, TakeTyped::default()).await?;
    assert_eq!(refused.operations[0].state, OperationState::Rejected);
    let row = till.desk.tab(tab).await?.row;
    assert!(row.being_taken.is_none(), "{row:?}");
    assert_eq!(
        (row.due.minor, row.to_spend.map(|m| m.minor)),
        (4_000, Some(6_000))
    );
    let taken = till.desk.press_take(tab, TakeTyped::default()).await?;
    assert_eq!(taken.operations[0].of, None, "nothing more was asked for");
    Ok(())
}

/// The bill is paid by one card, and another is held and not needed: whether it’s released is a person’s to say.
#[tokio::test]
async fn the_night_leaves_a_second_card_alone_once_the_bill_is_paid() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "50", "50").await?;
    take(&till, tab, "50", "0", "0").await?;
    one_more(&till, tab, "30").await?;
    assert_eq!(till.desk.night(&[]).await?.rows[0].action, NightAction::Leave);
    Ok(())
}

/// Nobody paid, the request was cancelled, and there is a bill: the night doesn’t close it by itself.
#[tokio::test]
async fn the_night_leaves_a_bill_without_a_card_alone() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Tab, "Table 12", "50").await?;
    till.desk.add_line(tab, None, 1, "40").await?;
    till.desk
        .press(decide(&till.hold(tab).await?, OperationKind::Cancel, 0))
        .await?;
    let row = till.desk.night(&[]).await?.rows.remove(0);
    assert_eq!(row.action, NightAction::Leave);
    assert!(row.choices.contains(&NightAction::CloseTab), "{:?}", row.choices);
    Ok(())
}

/// The request was made smaller before the guest paid: what is missing counts from what is asked for now.
#[tokio::test]
async fn what_is_missing_counts_from_the_amount_that_is_asked_for_now() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Tab, "Table 12", "50").await?;
    till.desk.add_line(tab, None, 1, "60").await?;
    till.desk
        .press(decide(&till.hold(tab).await?, OperationKind::SetAmount, 2_500))
        .await?;
    let missing = till.desk.tab(tab).await?.missing;
    assert_eq!(missing.map(|money| money.minor), Some(3_500));
    Ok(())
}

/// A hold ran out with nothing on the bill: nothing lost its cover, and nobody has to look.
#[tokio::test]
async fn a_hold_that_ran_out_under_an_empty_bill_left_nothing_uncovered() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Tab, "Table 12", "50").await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    till.hold(tab).await?;
    till.wind("8.00:00:00").await?;
    till.desk.sweep().await?;
    let row = till.desk.tab(tab).await?.row;
    assert!(row.uncovered.is_none(), "{row:?}");
    Ok(())
}

/// The bill is what is on hold, to the penny.
#[tokio::test]
async fn a_bill_of_all_that_is_held_leaves_nothing_to_speak_of() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "40", "40").await?;
    let sheet = till.desk.preview_take(tab, &TakeTyped::default()).await?;
    assert!(!sheet.sentence.contains("£0.00"), "{}", sheet.sentence);
    assert!(sheet.way_on.is_none() && sheet.over.is_none());
    take(&till, tab, "40", "0", "0").await?;
    let said = flags(&till.desk.night(&[]).await?, "Table 12")?;
    assert_eq!(said, ["Paid £40.00"]);
    Ok(())
}

/// Service and tip were agreed for what a second card was to pay, and that request was cancelled: nothing is agreed.
#[tokio::test]
async fn what_was_agreed_for_a_cancelled_request_is_agreed_no_more() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "50", "70").await?;
    let agreed = TakeTyped {
        service: Some("7".to_owned()),
        tip: Some("3".to_owned()),
        ..TakeTyped::default()
    };
    let part = what_is_held(&till, tab, agreed).await?;
    till.desk.take(&part).await?;
    let rest = newest(&till, tab).await?;
    assert_eq!(rest.asked, 3_000);
    till.desk.press(decide(&rest, OperationKind::Cancel, 0)).await?;
    let sheet = till.desk.preview_take(tab, &TakeTyped::default()).await?;
    assert_eq!([sheet.service.minor, sheet.tip.minor], [0, 0]);
    Ok(())
}

/// Dojo made the hold in another currency: the tab stays open until somebody has looked at it.
#[tokio::test]
async fn a_hold_that_can_not_be_read_keeps_its_tab_open() -> Result<()> {
    let till = Till::open().await?;
    till.fault("payment-intents", "echo-currency").await?;
    let tab = till.opened(Kind::Tab, "Table 12", "50").await?;
    let why = till.desk.press_close(tab).await.err().context("it was closed")?;
    assert_eq!(why.code, ErrorCode::NotAllowed);
    Ok(())
}

/// Nothing on the floor, nothing to close.
#[tokio::test]
async fn a_night_without_tabs_can_not_be_begun() -> Result<()> {
    let till = Till::open().await?;
    assert!(!till.desk.night(&[]).await?.ready);
    deposit(&till, "Room 14", Some(3)).await?;
    assert!(
        !till.desk.night(&[]).await?.ready,
        "its only row is left as it is"
    );
    table(&till, "100", "40").await?;
    assert!(till.desk.night(&[]).await?.ready);
    Ok(())
}

/// A refund took £20 off a bill of £60: a line may go as long as £20 stay, and not a penny more.
#[tokio::test]
async fn a_line_may_go_until_only_what_was_refunded_is_left() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "100", "40").await?;
    till.desk.add_line(tab, None, 1, "20").await?;
    take(&till, tab, "60", "0", "0").await?;
    refund(&till, &hold, ["20", "0", "0"], false).await?;
    let lines = till.ledger.lines(tab).await?;
    till.desk.take_off(tab, lines[0].id).await?;
    assert!(
        till.desk.take_off(tab, lines[1].id).await.is_err(),
        "the refund has nothing to come off"
    );
    Ok(())
}

/// What came between opening the sheet and closing the tab is said with the refusal.
#[tokio::test]
async fn a_tab_that_changed_before_it_is_closed_says_what_changed() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "40", "40").await?;
    take(&till, tab, "40", "0", "0").await?;
    let open_sheet = till.desk.tab(tab).await?.seen;
    till.desk.add_line(tab, None, 1, "9.50").await?;
    let refused = till
        .desk
        .close_tab(tab, &open_sheet)
        .await
        .err()
        .context("it was closed")?;
    assert_eq!(
        without_times(&refused.changes),
        ["£9.50 was added to the bill", "Still to take: £9.50"]
    );
    Ok(())
}

/// A refund of what was paid for is not beyond the bill, nor is one of a tip; and what isn’t an amount is said.
#[tokio::test]
async fn a_refund_is_beyond_the_bill_only_where_it_is() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "100", "40").await?;
    take(&till, tab, "40", "0", "6").await?;
    for parts in [["20", "", ""], ["", "", "2"]] {
        let sheet = till.desk.preview_refund(hold.id, &typed(parts, false)).await?;
        assert!(sheet.allowed && !sheet.is_beyond_bill, "{sheet:?}");
    }
    let sheet = till
        .desk
        .preview_refund(hold.id, &typed(["much", "", ""], false))
        .await?;
    assert_eq!(sheet.errors.len(), 1);
    let nothing = till
        .desk
        .preview_refund(hold.id, &typed(["", "", ""], false))
        .await?;
    assert!(nothing.errors.is_empty() && !nothing.allowed);
    Ok(())
}

/// A row offers what can be done with it.
#[tokio::test]
async fn a_row_of_the_night_offers_a_take_only_where_something_is_due() -> Result<()> {
    use NightAction::{Leave, Release, Take};
    let till = Till::open().await?;
    table(&till, "100", "40").await?;
    let empty = till.opened(Kind::Tab, "Table 3", "50").await?;
    till.pay(&till.hold(empty).await?, GOOD).await?;
    till.hold(empty).await?;
    let night = till.desk.night(&[]).await?;
    let of = |name: &str| {
        night
            .rows
            .iter()
            .find(|row| row.tab.name == name)
            .map(|row| row.choices.clone())
    };
    assert_eq!(of("Table 12"), Some(vec![Leave, Take, Release]));
    assert_eq!(of("Table 3"), Some(vec![Leave, Release]));
    Ok(())
}
