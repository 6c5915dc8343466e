//! A decision stands on what the person saw. A sheet that was opened before somebody else acted sends nothing, says
//! what changed, when and by whom, and takes the new figures only when they're accepted.

use crate::night_leaves::rows_at_the_end;
use crate::portal::take_in_portal;
use crate::refunds::{one_more, table};
use anyhow::{Context, Result, ensure};
use holdfast_desk::RowProgress;
use holdfast_desk::{
    Agreed, AppError, ErrorCode, NightAction, NightChoice, RefundTyped, RunRowView, Take, TakeTyped,
};
use holdfast_domain::{DeadlineAction, Kind, OperationKind, OperationState, TabId};
use holdfast_ledger::prelude::*;
use holdfast_tests::press::Press;
use holdfast_tests::{GOOD, KEY, Till, decide};
use std::time::Duration;

/// A tab of £100 on hold with £40 on its bill.
async fn tab(till: &Till, name: &str) -> Result<TabId> {
    let id = till.opened(Kind::Tab, name, "100").await?;
    till.pay(&till.hold(id).await?, GOOD).await?;
    till.hold(id).await?;
    till.desk.add_line(id, None, 1, "40").await?;
    Ok(id)
}

/// The same, where Dojo takes at the deadline what is left.
async fn tab_that_dojo_takes(till: &Till) -> Result<TabId> {
    let typed = holdfast_desk::OpenTab {
        deadline_action: Some(DeadlineAction::Capture),
        ..holdfast_tests::typed(Kind::Tab, "Table 9", "100")
    };
    let id = till.desk.open_tab(typed).await?;
    till.pay(&till.hold(id).await?, GOOD).await?;
    till.hold(id).await?;
    till.desk.add_line(id, None, 1, "40").await?;
    Ok(id)
}

/// What Dojo has taken in all, of whatever hold.
async fn captured(till: &Till) -> Result<i64> {
    let truth = till.truth().await?;
    let intents = truth["intents"].as_array().context("no intents")?;
    Ok(intents
        .iter()
        .filter_map(|intent| intent["captured"].as_i64())
        .sum())
}

/// Takes in Dojo's portal, of which this till hears nothing.
async fn in_the_portal(till: &Till, tab: TabId, minor: i64) -> Result<()> {
    let hold = till.ledger.holds(tab).await?.pop().context("no hold")?;
    let intent = hold.intent_id.context("no intent")?;
    till.client(KEY)?
        .capture(&intent, minor, None)
        .await
        .map(drop)
        .map_err(|failure| anyhow::anyhow!("{failure:?}"))
}

async fn night_ends(till: &Till) -> Result<Vec<(String, String)>> {
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

fn refused<T: std::fmt::Debug>(result: Result<T, AppError>) -> Result<AppError> {
    result.err().context("it was taken")
}

#[tokio::test]
async fn a_sheet_that_was_open_while_the_night_took_the_bill_takes_nothing() -> Result<()> {
    let till = Till::open().await?;
    let id = tab(&till, "Table 6, Greta").await?;
    let sheet = till.desk.sheet(id, TakeTyped::default()).await?;
    assert_eq!(
        sheet.typed.bill.as_deref(),
        Some("40.00"),
        "as the window types it"
    );

    let night = till.desk.night(&[]).await?;
    till.desk.close_night(&[], &night.seen()).await?;
    assert_eq!(night_ends(&till).await?[0].1, "Done");
    assert_eq!(captured(&till).await?, 4_000);

    let error = refused(till.desk.take(&sheet).await)?;
    assert_eq!(error.code, ErrorCode::Changed);
    let [taken, due, closed] = error.changes.as_slice() else {
        anyhow::bail!("{error:?}");
    };
    assert!(
        taken.starts_with("£40.00 was taken at ") && taken.ends_with(" by the night."),
        "{taken}"
    );
    assert_eq!(due, "Still to take: £0.00.");
    assert!(closed.starts_with("This tab was closed at "), "{closed}");
    assert_eq!(captured(&till).await?, 4_000, "nothing more is taken");
    assert_eq!(till.requests("POST", "/captures").await?, 1);
    Ok(())
}

#[tokio::test]
async fn a_take_in_dojos_portal_a_second_before_is_found_before_anything_is_sent() -> Result<()> {
    let till = Till::open().await?;
    let id = tab(&till, "Table 6").await?;
    let sheet = till.desk.sheet(id, TakeTyped::default()).await?;
    in_the_portal(&till, id, 4_000).await?;
    let error = refused(till.desk.take(&sheet).await)?;
    assert_eq!(error.code, ErrorCode::Changed);
    assert!(
        error.message.contains("outside this till") && error.message.contains("Nothing was sent"),
        "{error}"
    );
    assert_eq!(captured(&till).await?, 4_000);
    // A person who looks again sees a bill that is paid.
    let again = till.desk.sheet(id, TakeTyped::default()).await?;
    let error = refused(till.desk.take(&again).await)?;
    assert_eq!((error.code, again.expect_total_minor), (ErrorCode::NotAllowed, 0));
    Ok(())
}

/// What the night is told that changed stands in a list of its own, which the window shows.
#[tokio::test]
async fn the_night_lists_what_changed_since_it_was_confirmed() -> Result<()> {
    let till = Till::open().await?;
    let id = tab(&till, "Table 6").await?;
    let night = till.desk.night(&[]).await?;
    let looked = async || till.desk.look_night(&[], &night.seen()).await;
    assert_eq!(looked().await?, Vec::<String>::new());
    till.desk.add_line(id, Some("Gin".to_owned()), 1, "5").await?;
    // The sheet that is open is told before anybody presses, and in the same words.
    let told = looked().await?;
    let error = refused(till.desk.close_night(&[], &night.seen()).await)?;
    assert_eq!(told, error.changes);
    assert_eq!(error.code, ErrorCode::Changed);
    assert_eq!(error.changes.len(), 1, "{error:?}");
    assert!(error.changes[0].contains("£5.00"), "{error:?}");
    assert_eq!(captured(&till).await?, 0);
    Ok(())
}

#[tokio::test]
async fn the_night_too_finds_what_was_taken_in_the_portal_a_second_before() -> Result<()> {
    let till = Till::open().await?;
    let id = tab(&till, "Table 6").await?;
    let night = till.desk.night(&[]).await?;
    in_the_portal(&till, id, 4_000).await?;
    till.desk.close_night(&[], &night.seen()).await?;
    let (_, words) = night_ends(&till).await?.pop().context("no row")?;
    ensure!(
        words.contains("was taken") && words.contains("Nothing was sent"),
        "{words}"
    );
    assert_eq!(captured(&till).await?, 4_000);
    Ok(())
}

#[tokio::test]
async fn a_lost_take_that_comes_between_two_readings_is_not_taken_a_second_time() -> Result<()> {
    let till = Till::open().await?;
    let id = till.opened(Kind::Tab, "Table 2", "100").await?;
    till.pay(&till.hold(id).await?, GOOD).await?;
    let hold = till.hold(id).await?;
    till.desk.add_line(id, None, 1, "10").await?;
    till.fault_after("captures", "late", 1_800).await?;
    let lost = till
        .desk
        .press(decide(&hold, OperationKind::Capture, 1_000))
        .await?;
    for _ in 0..3 {
        till.wind("00:01:10").await?;
        till.desk.sweep().await?;
    }
    let known = till.ledger.operation(lost.id).await?.context("it is gone")?;
    assert_eq!(known.state, OperationState::Absent);
    // Somebody decides again, and the lost one comes before they press.
    let sheet = till.desk.sheet(id, TakeTyped::default()).await?;
    till.wind("00:30:00").await?;
    let error = refused(till.desk.take(&sheet).await)?;
    assert_eq!(error.code, ErrorCode::Changed, "{error}");
    assert_eq!(captured(&till).await?, 1_000);
    Ok(())
}

#[tokio::test]
async fn a_second_press_on_new_figures_is_a_decision_of_its_own() -> Result<()> {
    let till = Till::open().await?;
    let id = tab(&till, "Table 6").await?;
    let mut sheet = till.desk.sheet(id, TakeTyped::default()).await?;
    till.desk.add_line(id, Some("Gin".to_owned()), 1, "9.50").await?;
    let look = till.desk.look(id, &sheet.seen, None).await?;
    let [added, due] = look.changes.as_slice() else {
        anyhow::bail!("{look:?}");
    };
    assert!(
        added.starts_with("£9.50 was added to the bill at ") && added.ends_with(" by Staff."),
        "{added}"
    );
    assert_eq!(due, "Still to take: £49.50.");
    assert_eq!(refused(till.desk.take(&sheet).await)?.code, ErrorCode::Changed);
    // “Use the new figures”: what was typed stays.
    sheet.seen = look.seen;
    let done = till.desk.take(&sheet).await?;
    assert_eq!(done.operations[0].amount, 4_000);
    assert_eq!(captured(&till).await?, 4_000);
    assert!(till.desk.look(id, &sheet.seen, None).await?.changes.len() > 1);
    Ok(())
}

#[tokio::test]
async fn the_same_total_from_another_card_is_not_what_was_seen() -> Result<()> {
    let till = Till::open().await?;
    let id = tab(&till, "Two guests").await?;
    till.desk.press_more(id, "100").await?;
    till.pay(&till.hold(id).await?, GOOD).await?;
    till.hold(id).await?;
    let sheet = till.desk.sheet(id, TakeTyped::default()).await?;
    let first = till.ledger.holds(id).await?.remove(0);
    till.desk
        .press(decide(&first, OperationKind::Reversal, 0))
        .await?;
    let error = refused(till.desk.take(&sheet).await)?;
    assert_eq!(error.code, ErrorCode::Changed);
    assert!(
        error.changes[0].starts_with("£100.00 was released at "),
        "{error:?}"
    );
    assert_eq!(captured(&till).await?, 0, "the other guest's card pays nothing");
    Ok(())
}

#[tokio::test]
async fn a_release_and_a_refund_stand_on_what_was_seen_too() -> Result<()> {
    let till = Till::open().await?;
    let id = tab(&till, "Table 6").await?;
    let hold = till.hold(id).await?;
    let release = till.desk.acting(hold.id).await?;
    till.desk.add_line(id, None, 1, "5").await?;
    let error = refused(till.desk.act(OperationKind::Reversal, release).await)?;
    assert_eq!(
        error.code,
        ErrorCode::Changed,
        "a bill of £45 and not of £40 would go unpaid"
    );
    till.desk.press_take(id, TakeTyped::default()).await?;

    let mut refund = till.desk.acting(hold.id).await?;
    refund.refund = Some(RefundTyped {
        bill: Some("20".to_owned()),
        ..RefundTyped::default()
    });
    refund.reason = Some("Complaint".to_owned());
    let intent = hold.intent_id.context("no intent")?;
    let portal = till.client(KEY)?;
    let request = holdfast_dojo::RefundRequest {
        amount: 2_000,
        reason: None,
        notes: None,
    };
    portal
        .refund(&intent, &request, "another till's")
        .await
        .map_err(|failure| anyhow::anyhow!("{failure:?}"))?;
    let error = refused(till.desk.act(OperationKind::Refund, refund).await)?;
    assert_eq!(error.code, ErrorCode::Changed);
    assert!(
        error.message.contains("£20.00 was refunded outside this till"),
        "{error}"
    );
    assert_eq!(till.requests("POST", "/refunds").await?, 1, "the portal's alone");
    Ok(())
}

#[tokio::test]
async fn the_nights_confirm_carries_the_rows_that_were_confirmed() -> Result<()> {
    let till = Till::open().await?;
    let (stays, grows) = (tab(&till, "Stays").await?, tab(&till, "Grows").await?);
    let night = till.desk.night(&[]).await?;
    let confirmed = night.seen();
    // While the seconds run in which it can be stopped, one orders more, and another guest comes.
    till.desk.add_line(grows, None, 1, "10").await?;
    let error = refused(till.desk.close_night(&[], &confirmed).await.map(drop))?;
    assert_eq!(error.code, ErrorCode::Changed);
    assert!(
        error.message.starts_with("Grows: £10.00 was added to the bill"),
        "{error}"
    );
    assert_eq!(captured(&till).await?, 0);

    let again = till.desk.night(&[]).await?.seen();
    let late = tab(&till, "Came late").await?;
    till.desk.close_night(&[], &again).await?;
    let rows = night_ends(&till).await?;
    assert_eq!(rows.len(), 2, "nobody confirmed the third: {rows:?}");
    assert!(till.ledger.tab(late).await?.closed_at.is_none());
    assert!(till.ledger.tab(stays).await?.closed_at.is_some());
    assert_eq!(captured(&till).await?, 9_000);
    Ok(())
}

#[tokio::test]
async fn more_than_is_due_is_taken_only_when_the_difference_is_agreed_to() -> Result<()> {
    let till = Till::open().await?;
    let id = tab(&till, "Table 6").await?;
    let typed = TakeTyped {
        bill: Some("50".to_owned()),
        ..TakeTyped::default()
    };
    let preview = till.desk.preview_take(id, &typed).await?;
    assert_eq!(preview.above.context("it's above")?.text, "£10.00");
    let sheet = till.desk.sheet(id, typed).await?;
    for above_minor in [0, 999, 1_001] {
        let unsure = Take {
            agreed: Agreed {
                above_minor,
                ..sheet.agreed
            },
            decision: holdfast_tests::decision(),
            ..sheet.clone()
        };
        let error = refused(till.desk.take(&unsure).await)?;
        assert_eq!(error.code, ErrorCode::Unconfirmed, "{above_minor}");
        assert!(error.message.contains("£10.00 more than is due"), "{error}");
    }
    assert_eq!(till.requests("POST", "/captures").await?, 0);
    till.desk.take(&sheet).await?;
    assert_eq!(captured(&till).await?, 5_000);
    Ok(())
}

#[tokio::test]
async fn with_nothing_due_nothing_is_taken() -> Result<()> {
    let till = Till::open().await?;
    let id = tab(&till, "Table 6").await?;
    till.desk.press_take(id, TakeTyped::default()).await?;
    for typed in [
        TakeTyped {
            bill: Some("40".to_owned()),
            ..TakeTyped::default()
        },
        TakeTyped {
            bill: Some("0".to_owned()),
            tip: Some("5".to_owned()),
            ..TakeTyped::default()
        },
    ] {
        let preview = till.desk.preview_take(id, &typed).await?;
        assert!(
            !preview.allowed
                && preview
                    .why
                    .context("no reason")?
                    .starts_with("There’s nothing to take")
        );
        let error = refused(till.desk.take(&till.desk.sheet(id, typed).await?).await)?;
        assert_eq!(error.code, ErrorCode::NotAllowed);
    }
    assert_eq!(captured(&till).await?, 4_000);
    Ok(())
}

#[tokio::test]
async fn where_dojo_will_take_the_rest_staff_agree_to_that_before_the_first_part() -> Result<()> {
    let till = Till::open().await?;
    let id = tab_that_dojo_takes(&till).await?;
    let preview = till.desk.preview_take(id, &TakeTyped::default()).await?;
    assert!(
        preview.sentence.contains("£60.00 stays on hold until ")
            && preview.sentence.ends_with("then Dojo takes it."),
        "{}",
        preview.sentence
    );
    let takes = preview.dojo_takes.context("nobody asks")?;
    assert_eq!(takes.money.minor, 6_000);
    assert!(
        takes.words.contains("nobody can release the rest"),
        "{}",
        takes.words
    );
    assert_eq!(preview.released.minor, 0, "nothing drops off the card");
    let sheet = till.desk.sheet(id, TakeTyped::default()).await?;
    let unsure = Take {
        agreed: Agreed::default(),
        ..sheet.clone()
    };
    assert_eq!(
        refused(till.desk.take(&unsure).await)?.code,
        ErrorCode::Unconfirmed
    );
    assert_eq!(till.requests("POST", "/captures").await?, 0);
    till.desk.take(&sheet).await?;
    assert_eq!(captured(&till).await?, 4_000);
    Ok(())
}

#[tokio::test]
async fn the_night_leaves_such_a_tab_unticked_and_keeps_it_open_when_a_person_ticks_it() -> Result<()> {
    let till = Till::open().await?;
    let id = tab_that_dojo_takes(&till).await?;
    let night = till.desk.night(&[]).await?;
    let row = &night.rows[0];
    assert_eq!(
        (row.action, row.tick),
        (NightAction::Leave, Some(NightAction::Take))
    );
    assert!(
        row.flags
            .iter()
            .any(|flag| flag.words == "Dojo takes the other £60.00 too"),
        "{:?}",
        row.flags
    );
    assert!(
        night.back.is_empty() && night.dojo_takes.is_empty(),
        "it isn't ticked"
    );

    let ticked = [NightChoice {
        tab_id: id,
        action: Some(NightAction::Take),
        typed: TakeTyped::default(),
    }];
    let night = till.desk.night(&ticked).await?;
    assert_eq!(night.dojo_takes[0].text, "£60.00");
    assert!(
        night
            .sentence
            .contains("Dojo takes another £60.00 at the deadline"),
        "{}",
        night.sentence
    );
    till.desk.close_night(&ticked, &night.seen()).await?;
    assert_eq!(night_ends(&till).await?[0].1, "Done");
    assert_eq!(captured(&till).await?, 4_000);
    assert!(
        till.ledger.tab(id).await?.closed_at.is_none(),
        "it is watched until Dojo has taken the rest"
    );
    Ok(())
}

#[tokio::test]
async fn a_tab_whose_rest_dojo_will_take_stays_open() -> Result<()> {
    let till = Till::open().await?;
    let id = tab_that_dojo_takes(&till).await?;
    let refused = till.desk.press_close(id).await.err().context("closed")?;
    assert!(
        refused.message.contains("Take or release it first"),
        "{refused:?}"
    );
    till.desk.press_take(id, TakeTyped::default()).await?;
    let hold = till.hold(id).await?;
    assert!(hold.captured() > 0 && hold.left() > 0, "{hold:?}");
    let refused = till.desk.press_close(id).await.err().context("closed")?;
    assert_eq!(refused.code, ErrorCode::NotAllowed);
    assert!(refused.message.contains("nobody can release it"), "{refused:?}");
    Ok(())
}

#[tokio::test]
async fn a_night_with_another_total_than_was_confirmed_takes_nothing() -> Result<()> {
    let till = Till::open().await?;
    let id = tab(&till, "Table 4").await?;
    let with_tip = |tip: &str| {
        let typed = TakeTyped {
            tip: Some(tip.to_owned()),
            ..TakeTyped::default()
        };
        [NightChoice {
            tab_id: id,
            action: None,
            typed,
        }]
    };
    let confirmed = till.desk.night(&with_tip("5")).await?.seen();
    let refused = till.desk.close_night(&with_tip("6"), &confirmed).await;
    assert_eq!(refused.map(drop).map_err(|e| e.code), Err(ErrorCode::Changed));
    assert_eq!(till.hold(id).await?.captured(), 0);
    Ok(())
}

#[tokio::test]
async fn a_tip_that_does_not_fit_the_hold_at_night_is_not_booked_as_bill() -> Result<()> {
    let till = Till::open().await?;
    let id = till.opened(Kind::Tab, "Tight", "50").await?;
    till.pay(&till.hold(id).await?, GOOD).await?;
    till.hold(id).await?;
    till.desk.add_line(id, None, 1, "48").await?;
    let typed = TakeTyped {
        tip: Some("5".to_owned()),
        ..TakeTyped::default()
    };
    let choices = [NightChoice {
        tab_id: id,
        action: None,
        typed,
    }];
    let night = till.desk.night(&choices).await?;
    let row = &night.rows[0];
    assert_eq!(
        (row.bill.minor, row.tip.minor, row.beyond.minor, row.total.minor),
        (4_800, 500, 300, 5_000)
    );
    let is_said = row.flags.iter().any(|flag| flag.words == "Tip cut by £3.00");
    assert!(is_said, "{:?}", row.flags);
    till.desk.close_night(&choices, &night.seen()).await?;
    assert_eq!(night_ends(&till).await?[0].1, "Done");
    let hold = till.hold(id).await?;
    assert_eq!(
        (hold.captured(), hold.captured_tip()),
        (5_000, 200),
        "£2 of the tip stays a tip"
    );
    Ok(())
}

/// Two holds of £20 and £50 with £40 on the bill.
async fn two_cards(till: &Till) -> Result<TabId> {
    let id = till.opened(Kind::Tab, "Two cards", "20").await?;
    till.pay(&till.hold(id).await?, GOOD).await?;
    till.hold(id).await?;
    till.desk.press_more(id, "50").await?;
    till.pay(&till.hold(id).await?, GOOD).await?;
    till.hold(id).await?;
    till.desk.add_line(id, None, 1, "40").await?;
    Ok(id)
}

#[tokio::test]
async fn a_take_over_two_holds_that_breaks_off_says_what_was_taken() -> Result<()> {
    let till = Till::open().await?;
    let id = two_cards(&till).await?;
    let sheet = till.desk.sheet(id, TakeTyped::default()).await?;
    assert_eq!(sheet.expect_total_minor, 4_000);
    // The first part is declined: the second one is not sent.
    till.fault("captures", "capture-declined-later").await?;
    let done = till.desk.take(&sheet).await?;
    assert_eq!(done.operations.len(), 1, "{done:?}");
    let unsent = done.unsent.context("nothing is said of the rest")?;
    assert_eq!(unsent.money.minor, 2_000);
    assert_eq!(till.requests("POST", "/captures").await?, 1);
    // The same press again tells of the same.
    let again = till.desk.take(&sheet).await?;
    assert_eq!(again.operations.len(), 1);
    assert_eq!(again.unsent.context("it reads as done")?.money.minor, 2_000);
    Ok(())
}

#[tokio::test]
async fn a_cable_that_comes_out_between_two_parts_does_not_hide_the_first() -> Result<()> {
    let till = Till::open().await?;
    let id = two_cards(&till).await?;
    let sheet = till.desk.sheet(id, TakeTyped::default()).await?;
    till.fault("captures", "stall").await?;
    let desk = till.desk.clone();
    let taking = tokio::spawn(async move { desk.take(&sheet).await });
    while till.requests("POST", "/captures").await? == 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    till.plug(false)?;
    let done = taking
        .await?
        .map_err(|error| anyhow::anyhow!("the first part is hidden: {error}"))?;
    till.plug(true)?;
    assert_eq!(done.operations[0].state, OperationState::Unknown, "got no reply");
    let sent: i64 = done.operations.iter().map(|o| o.amount).sum();
    let missing = done.unsent.as_ref().map_or(0, |unsent| unsent.money.minor);
    assert_eq!(sent + missing, 4_000, "{done:?}");
    Ok(())
}

/// A cancel that lost its race, and a take of that hold in the portal: the bill isn't taken from the other card too.
#[tokio::test]
async fn a_cancelled_hold_that_was_paid_and_taken_after_all_is_read_before_the_next_take() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "50", "40").await?;
    till.desk.press_more(tab, "60").await?;
    let second = till.hold(tab).await?;
    till.fault_after("cancel", "cancel-loses-race", 5).await?;
    till.desk.press(decide(&second, OperationKind::Cancel, 0)).await?;
    till.wind("00:00:30").await?;
    take_in_portal(&till, &second, 4_000).await?;
    let sheet = till.desk.sheet(tab, TakeTyped::default()).await?;
    let answer = till.desk.take(&sheet).await;
    assert!(answer.is_err(), "£80 is taken for £40: {answer:?}");
    Ok(())
}

/// A take in the portal while the till reads the tab's other card: the card that is taken from is read last.
#[tokio::test(flavor = "multi_thread")]
async fn the_card_that_is_taken_from_is_read_last() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "100", "40").await?;
    one_more(&till, tab, "50").await?;
    let sheet = till.desk.sheet(tab, TakeTyped::default()).await?;
    let before = till.wire.exchanges().len();
    till.desk.take(&sheet).await?;
    let since = till.wire.exchanges().split_off(before);
    let paths: Vec<String> = since
        .iter()
        .map(|one| format!("{:?} {}", one.request.method, one.request.path_and_query))
        .collect();
    let send = paths
        .iter()
        .position(|path| path.ends_with("/captures"))
        .context("no take")?;
    let intent = first.intent_id.as_deref().context("no intent")?;
    let last = paths.get(send.saturating_sub(1)).context("no reading")?;
    assert!(
        last.contains(intent),
        "what is taken in the portal meanwhile is taken twice: {paths:?}"
    );
    Ok(())
}

/// Each reading costs a moment at the till: what was released can't have moved.
#[tokio::test]
async fn a_hold_that_was_released_is_not_read_before_another_one_is_taken() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "100", "40").await?;
    one_more(&till, tab, "50").await?;
    till.desk
        .press(decide(&first, OperationKind::Reversal, 0))
        .await?;
    let sheet = till.desk.sheet(tab, TakeTyped::default()).await?;
    let before = till.wire.exchanges().len();
    till.desk.take(&sheet).await?;
    let intent = first.intent_id.as_deref().context("no intent")?;
    let since = till.wire.exchanges().split_off(before);
    ensure!(
        !since
            .iter()
            .any(|one| one.request.path_and_query.contains(intent)),
        "it is read"
    );
    Ok(())
}

/// Two cards: the sheet says that the bill is taken from the first one. Meanwhile Dojo refuses another seat’s take of
/// it. The open sheet takes nothing from the other card.
#[tokio::test]
async fn a_sheet_takes_from_the_card_that_it_showed() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "50", "40").await?;
    one_more(&till, tab, "50").await?;
    let shown = till.desk.preview_take(tab, &TakeTyped::default()).await?;
    ensure!(
        shown.split.len() == 1 && shown.split[0].hold_id == first.id,
        "{shown:?}"
    );
    let sheet = till.desk.sheet(tab, TakeTyped::default()).await?;

    till.fault("captures", "400").await?;
    let other = till.desk.press_take(tab, TakeTyped::default()).await?;
    ensure!(other.operations[0].state == OperationState::Rejected, "{other:?}");

    let refused = till
        .desk
        .take(&sheet)
        .await
        .err()
        .context("taken from a card that nobody saw")?;
    assert_eq!(refused.code, ErrorCode::Changed);
    assert!(
        refused
            .changes
            .iter()
            .any(|change| change.contains("A take of £40.00 from ") && change.contains("came to nothing")),
        "{:?}",
        refused.changes
    );
    let again = till.desk.sheet(tab, TakeTyped::default()).await?;
    let taken = till.desk.take(&again).await?;
    assert_ne!(
        taken.operations[0].hold, first.id,
        "now the other card comes first"
    );
    Ok(())
}

/// The night was confirmed when the first card came first. Then Dojo refuses another seat’s take of it.
#[tokio::test]
async fn a_night_takes_from_the_card_that_stood_first_when_it_was_confirmed() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "50", "40").await?;
    one_more(&till, tab, "50").await?;
    let choice = NightChoice {
        tab_id: tab,
        action: Some(NightAction::Take),
        typed: TakeTyped::default(),
    };
    let seen = till.desk.night(std::slice::from_ref(&choice)).await?.seen();
    till.fault("captures", "400").await?;
    till.desk.press_take(tab, TakeTyped::default()).await?;
    let begun = till.desk.close_night(&[choice], &seen).await;
    if begun.is_ok() {
        rows_at_the_end(&till).await?;
    }
    let all = till.ledger.holds(tab).await?;
    let second = all
        .iter()
        .find(|hold| hold.id != first.id)
        .context("no second hold")?;
    assert_eq!(second.captured(), 0, "taken from the second card");
    Ok(())
}

/// A tab with one card: no other comes before it, so a refused take leaves an open sheet as it was.
#[tokio::test]
async fn a_refused_take_of_the_only_card_changes_nothing_on_an_open_sheet() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "50", "40").await?;
    let sheet = till.desk.sheet(tab, TakeTyped::default()).await?;
    till.fault("captures", "400").await?;
    let other = till.desk.press_take(tab, TakeTyped::default()).await?;
    ensure!(other.operations[0].state == OperationState::Rejected, "{other:?}");
    let look = till.desk.look(tab, &sheet.seen, None).await?;
    assert!(look.changes.is_empty(), "{:?}", look.changes);
    let taken = till.desk.take(&sheet).await?;
    assert_eq!(taken.operations[0].hold, hold.id);
    Ok(())
}
