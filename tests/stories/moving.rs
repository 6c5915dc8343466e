//! Moving a part of a bill to another tab: lines, a share, all of it. What one bill loses the other gains, and what was
//! taken stays with the card that paid it.

use crate::once::what_is_held;
use crate::portal::take_in_portal;
use crate::refunds::{refund, refunding, sweeps};
use crate::restore::restored;
use anyhow::{Context, Result, ensure};
use holdfast_desk::{
    AppError, ErrorCode, MoveBill, MoveOnto, MovePart, MoveTyped, OpenTab, PaperKind, TakeTyped,
};
use holdfast_domain::{Currency, Kind, LineId, OperationKind, TabId};
use holdfast_ledger::prelude::*;
use holdfast_tests::press::Press;
use holdfast_tests::{GOOD, Till, decide};
use tokio::task::JoinSet;

/// A tab with so much on hold and these lines on its bill.
async fn tab(till: &Till, name: &str, held: &str, lines: &[(&str, &str)]) -> Result<TabId> {
    let id = till.opened(Kind::Tab, name, held).await?;
    till.pay(&till.hold(id).await?, GOOD).await?;
    till.hold(id).await?;
    for (what, amount) in lines {
        till.desk
            .add_line(id, Some((*what).to_owned()), 1, amount)
            .await?;
    }
    Ok(id)
}

/// Mia with £30.00 of drinks and Table 5 with £20.00, each with £100.00 on hold.
async fn two(till: &Till) -> Result<(TabId, TabId)> {
    let mia = tab(
        till,
        "Mia",
        "100",
        &[("Wine", "18"), ("Crisps", "2.50"), ("Ale", "9.50")],
    )
    .await?;
    let table = tab(till, "Table 5", "100", &[("Soup", "20")]).await?;
    Ok((mia, table))
}

/// Bill and due of a tab.
async fn figures(till: &Till, tab: TabId) -> Result<(i64, i64)> {
    let row = till.desk.tab(tab).await?.row;
    Ok((row.bill.minor, row.due.minor))
}

async fn line(till: &Till, tab: TabId, what: &str) -> Result<LineId> {
    let view = till.desk.tab(tab).await?;
    let found = view
        .lines
        .iter()
        .find(|line| line.what.as_deref() == Some(what) && line.may_move);
    Ok(found.with_context(|| format!("there is no {what}"))?.id)
}

async fn lines(till: &Till, tab: TabId, which: &[&str]) -> Result<MovePart> {
    let mut ids = Vec::new();
    for what in which {
        ids.push(line(till, tab, what).await?);
    }
    Ok(MovePart::Lines(ids))
}

fn refused<T: std::fmt::Debug>(result: Result<T, AppError>) -> Result<AppError> {
    result.err().context("it was moved")
}

/// Why the sheet says that it can't be done, and that pressing it anyway moves nothing and says the same.
async fn why_not(till: &Till, tab: TabId, part: MovePart, onto: MoveOnto) -> Result<String> {
    let typed = MoveTyped {
        tab_id: tab,
        part: part.clone(),
        onto: Some(onto.clone()),
    };
    let preview = till.desk.preview_move(&typed, "").await?;
    ensure!(!preview.allowed, "{preview:?}");
    let before = till.ledger.verify_journal().await?;
    let refused = refused(till.desk.press_move(tab, part, onto).await)?;
    assert_eq!(refused.code, ErrorCode::NotAllowed);
    assert_eq!(Some(&refused.message), preview.why.as_ref());
    assert_eq!(till.ledger.verify_journal().await?, before);
    Ok(refused.message)
}

fn new_tab(name: &str) -> MoveOnto {
    MoveOnto::New {
        name: name.to_owned(),
        place: None,
    }
}

async fn history(till: &Till, tab: TabId) -> Result<Vec<String>> {
    let history = till.desk.tab(tab).await?.history.into_iter();
    Ok(history
        .map(|entry| {
            let amount = entry
                .amount
                .map_or_else(String::new, |money| format!(" {}", money.text));
            format!("{}{amount}, {}", entry.words, entry.by)
        })
        .collect())
}

#[tokio::test]
async fn chosen_lines_go_to_another_bill_and_both_say_so() -> Result<()> {
    let till = Till::open().await?;
    let (mia, table) = two(&till).await?;
    let part = lines(&till, mia, &["Wine", "Crisps"]).await?;
    let typed = MoveTyped {
        tab_id: mia,
        part: part.clone(),
        onto: Some(MoveOnto::Tab(table)),
    };
    let preview = till.desk.preview_move(&typed, "").await?;
    assert!(preview.allowed, "{preview:?}");
    assert_eq!(preview.button, "Move £20.50 to Table 5");
    let sides: Vec<_> = preview
        .sides
        .iter()
        .map(|side| {
            (
                side.name.as_str(),
                side.before.minor,
                side.after.minor,
                side.over.is_some(),
            )
        })
        .collect();
    assert_eq!(
        sides,
        [("Mia", 3_000, 950, false), ("Table 5", 2_000, 4_050, false)]
    );
    assert_eq!(preview.cautions, Vec::<String>::new());

    let outcome = till.desk.press_move(mia, part, MoveOnto::Tab(table)).await?;
    assert_eq!(outcome.words, "£20.50 moved from Mia to Table 5.");
    assert_eq!(outcome.rest, None);
    assert_eq!(figures(&till, mia).await?, (950, 950));
    assert_eq!(figures(&till, table).await?, (4_050, 4_050));
    assert_eq!(
        history(&till, mia).await?[0],
        "Bill: 2 lines moved to Table 5, now £9.50 -£20.50, Staff"
    );
    assert_eq!(
        history(&till, table).await?[0],
        "Bill: 2 lines came from Mia, now £40.50 £20.50, Staff"
    );
    let view = till.desk.tab(mia).await?;
    let wine = view
        .lines
        .iter()
        .find(|line| line.what.as_deref() == Some("Wine") && line.strikes.is_none());
    let wine = wine.context("no wine")?;
    assert_eq!(
        (wine.is_struck, wine.moved.as_deref()),
        (true, Some("moved to Table 5"))
    );
    let view = till.desk.tab(table).await?;
    let wine = view
        .lines
        .iter()
        .find(|line| line.what.as_deref() == Some("Wine"));
    assert_eq!(wine.context("no wine")?.moved.as_deref(), Some("from Mia"));
    // What came can go back.
    let back = lines(&till, table, &["Wine"]).await?;
    till.desk.press_move(table, back, MoveOnto::Tab(mia)).await?;
    assert_eq!(figures(&till, mia).await?, (2_750, 2_750));
    assert_eq!(figures(&till, table).await?, (2_250, 2_250));
    Ok(())
}

#[tokio::test]
async fn ten_presses_move_once_after_a_restart_too() -> Result<()> {
    let till = Till::open().await?;
    let (mia, table) = two(&till).await?;
    let part = lines(&till, mia, &["Wine"]).await?;
    let moving = till.desk.moving(mia, part, MoveOnto::Tab(table)).await?;
    let mut presses = JoinSet::new();
    for _ in 0..10 {
        let (desk, moving) = (till.desk.clone(), moving.clone());
        presses.spawn(async move { desk.move_bill(&moving).await });
    }
    while let Some(pressed) = presses.join_next().await {
        assert_eq!(pressed??.words, "£18.00 moved from Mia to Table 5.");
    }
    let till = till.restart().await?;
    for _ in 0..5 {
        till.desk.move_bill(&moving).await?;
    }
    assert_eq!(figures(&till, mia).await?, (1_200, 1_200));
    assert_eq!(figures(&till, table).await?, (3_800, 3_800));
    // The same id for something else is no press of this sheet.
    let other = tab(&till, "Chidi", "50", &[]).await?;
    let elsewhere = MoveBill {
        typed: MoveTyped {
            onto: Some(MoveOnto::Tab(other)),
            ..moving.typed.clone()
        },
        ..moving
    };
    let error = refused(till.desk.move_bill(&elsewhere).await)?;
    assert_eq!(error.code, ErrorCode::NotAllowed);
    assert_eq!(figures(&till, other).await?, (0, 0));
    Ok(())
}

#[tokio::test]
async fn a_sheet_that_is_stale_on_either_tab_moves_nothing_and_says_what_changed() -> Result<()> {
    let till = Till::open().await?;
    let (mia, table) = two(&till).await?;
    let part = lines(&till, mia, &["Wine"]).await?;
    let moving = till.desk.moving(mia, part, MoveOnto::Tab(table)).await?;
    till.desk.add_line(table, None, 1, "5").await?;
    let error = refused(till.desk.move_bill(&moving).await)?;
    assert_eq!(error.code, ErrorCode::Changed);
    assert!(
        error
            .changes
            .iter()
            .any(|change| change == "Table 5: Still to take: £25.00."),
        "{:?}",
        error.changes
    );
    assert!(
        error
            .message
            .ends_with("Nothing was moved. Check the new figures first.")
    );
    // On this side: somebody removed the line, and another of the same price came.
    let part = lines(&till, mia, &["Crisps"]).await?;
    let moving = till.desk.moving(mia, part, MoveOnto::Tab(table)).await?;
    let crisps = line(&till, mia, "Crisps").await?;
    till.desk.take_off(mia, crisps).await?;
    till.desk
        .add_line(mia, Some("Nuts".to_owned()), 1, "2.50")
        .await?;
    let error = refused(till.desk.move_bill(&moving).await)?;
    assert_eq!(
        error.message,
        "A line that you chose isn’t on this bill any more. Choose again."
    );
    till.desk.add_line(mia, None, 1, "1").await?;
    assert_eq!(
        refused(till.desk.move_bill(&moving).await)?.code,
        ErrorCode::Changed
    );
    assert_eq!(figures(&till, mia).await?, (3_100, 3_100));
    assert_eq!(figures(&till, table).await?, (2_500, 2_500));
    Ok(())
}

#[tokio::test]
async fn what_is_taken_stays_and_no_more_moves_than_is_still_to_take() -> Result<()> {
    let till = Till::open().await?;
    let (mia, table) = two(&till).await?;
    let typed = TakeTyped {
        bill: Some("15".to_owned()),
        ..TakeTyped::default()
    };
    till.desk.press_take(mia, typed).await?;
    let part = lines(&till, mia, &["Wine"]).await?;
    assert_eq!(
        why_not(&till, mia, part, MoveOnto::Tab(table)).await?,
        "You chose £18.00, and only £15.00 is still to take. What’s paid stays on this tab. Choose less."
    );
    // All of it is what is still to take: the rest is paid by this card.
    let outcome = till
        .desk
        .press_move(mia, MovePart::All, MoveOnto::Tab(table))
        .await?;
    assert_eq!(figures(&till, mia).await?, (1_500, 0));
    assert_eq!(figures(&till, table).await?, (3_500, 3_500));
    assert_eq!(outcome.tab.row.captured.minor, 1_500);
    // What is on hold can't be released after a first take, and the tab stays for it.
    assert_eq!((outcome.tab.closed_at, outcome.rest), (None, None));
    let shares: Vec<_> = outcome
        .onto
        .lines
        .iter()
        .filter(|line| line.moved.is_some())
        .collect();
    assert_eq!(shares.len(), 1);
    assert_eq!(shares[0].what.as_deref(), Some("Share of the bill"));
    // What left can't be removed here: the other half would stay there.
    let gone = outcome.tab.lines.iter().find(|line| line.moved.is_some());
    let gone = gone.context("nothing went")?;
    assert!(!gone.may_take_off && !gone.may_move);
    let error = refused(till.desk.take_off(mia, gone.id).await)?;
    assert_eq!(error.code, ErrorCode::NotAllowed);
    // All is paid by now: nothing is left to go.
    assert_eq!(
        why_not(&till, mia, MovePart::All, MoveOnto::Tab(table)).await?,
        "All of this bill is paid. There’s nothing to move."
    );
    Ok(())
}

#[tokio::test]
async fn nothing_is_moved_while_a_take_of_either_tab_is_unclear() -> Result<()> {
    let till = Till::open().await?;
    let (mia, table) = two(&till).await?;
    let before = till
        .desk
        .moving(mia, MovePart::Share(2), MoveOnto::Tab(table))
        .await?;
    till.fault_after("captures", "late", 1_800).await?;
    let hold = till.hold(table).await?;
    let unclear = till
        .desk
        .press(decide(&hold, OperationKind::Capture, 2_000))
        .await?;
    ensure!(unclear.state.is_open(), "{unclear:?}");
    let words = "A take of £20.00 on Table 5 isn’t settled with Dojo yet. Wait for it, then move.";
    assert_eq!(
        why_not(&till, mia, MovePart::Share(2), MoveOnto::Tab(table)).await?,
        words
    );
    assert_eq!(
        why_not(&till, table, MovePart::All, MoveOnto::Tab(mia)).await?,
        words
    );
    // A sheet that was open before is stale.
    assert_eq!(
        refused(till.desk.move_bill(&before).await)?.code,
        ErrorCode::Changed
    );
    assert_eq!(figures(&till, mia).await?, (3_000, 3_000));
    Ok(())
}

#[tokio::test]
async fn nothing_is_moved_while_a_refund_is_under_way_or_the_portal_takes() -> Result<()> {
    let till = Till::open().await?;
    let (mia, table) = two(&till).await?;
    let hold = till.hold(mia).await?;
    till.desk
        .press_take(
            mia,
            TakeTyped {
                bill: Some("5".to_owned()),
                ..TakeTyped::default()
            },
        )
        .await?;
    till.fault("refunds", "refund-later").await?;
    let refund = refunding(&till, &till.hold(mia).await?, "2", false).await?;
    till.desk.act(OperationKind::Refund, refund).await?;
    let why = why_not(&till, table, MovePart::All, MoveOnto::Tab(mia)).await?;
    assert_eq!(
        why,
        "A refund of £2.00 on Mia isn’t settled with Dojo yet. Wait for it, then move."
    );
    till.wind("00:30:00").await?;
    sweeps(&till, 3).await?;
    let moved = till
        .desk
        .press_move(table, MovePart::Share(2), MoveOnto::Tab(mia))
        .await?;
    assert_eq!(moved.words, "£10.00 moved from Table 5 to Mia.");
    till.switch(|s| s.capture_settles_after = 600)?;
    take_in_portal(&till, &hold, 1_000).await?;
    till.desk.read(hold.id).await?;
    let why = why_not(&till, table, MovePart::All, MoveOnto::Tab(mia)).await?;
    assert_eq!(
        why,
        "A take of £10.00 on Mia isn’t settled with Dojo yet. Wait for it, then move."
    );
    Ok(())
}

#[tokio::test]
async fn a_closed_tab_another_currency_a_payment_and_itself_get_nothing() -> Result<()> {
    let till = Till::open().await?;
    let (mia, table) = two(&till).await?;
    let closed = till.opened(Kind::Tab, "Chidi", "50").await?;
    let hold = till.hold(closed).await?;
    till.desk.press(decide(&hold, OperationKind::Cancel, 0)).await?;
    till.desk.press_close(closed).await?;
    let euros = OpenTab::of(Kind::Tab, "Jürgen", "50", Currency::Eur);
    let euros = till.desk.open_tab(euros).await?;
    let payment = till.opened(Kind::Payment, "Walk-in", "50").await?;
    let all = async |onto| why_not(&till, mia, MovePart::All, MoveOnto::Tab(onto)).await;
    assert_eq!(all(closed).await?, "Chidi is closed. Reopen it first.");
    assert_eq!(
        all(euros).await?,
        "Jürgen is in another currency. Choose a tab in the same one."
    );
    assert_eq!(
        all(payment).await?,
        "Walk-in is a payment and has no running bill. Choose another tab."
    );
    assert_eq!(all(mia).await?, "It’s on this tab already. Choose another one.");
    // The sheet offers none of them.
    let typed = MoveTyped {
        tab_id: mia,
        part: MovePart::All,
        onto: None,
    };
    let preview = till.desk.preview_move(&typed, "").await?;
    let names: Vec<_> = preview
        .targets
        .iter()
        .map(|target| target.name.as_str())
        .collect();
    assert_eq!(names, ["Table 5"]);
    assert_eq!(preview.why.as_deref(), Some("Choose the tab that it goes to."));
    let found = async |find: &str| {
        let preview = till.desk.preview_move(&typed, find).await?;
        anyhow::Ok(preview.targets.len())
    };
    assert_eq!(found("table 6").await?, 0);
    assert_eq!(found("5 TAB").await?, 1);
    // The reference is found by four of its characters. A single one that happens to be in it, or
    // in the card's number, is not taken for the number of a table.
    let row = till.desk.tab(table).await?.row;
    let end = &row.reference[row.reference.len() - 4..];
    assert_eq!(found(end).await?, 1);
    for one in end
        .chars()
        .filter(|one| !"table5".contains(one.to_ascii_lowercase()))
    {
        assert_eq!(
            found(&format!("table {one}")).await?,
            0,
            "{one} of {}",
            row.reference
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_tab_on_which_more_was_paid_than_its_bill_gets_nothing() -> Result<()> {
    let till = Till::open().await?;
    let (mia, table) = two(&till).await?;
    till.desk
        .press_take(
            table,
            TakeTyped {
                bill: Some("26".to_owned()),
                ..TakeTyped::default()
            },
        )
        .await?;
    assert_eq!(
        why_not(&till, mia, MovePart::All, MoveOnto::Tab(table)).await?,
        "More was paid on Table 5 than its bill. Refund that first, or say what its refund was for."
    );
    let hold = till.hold(table).await?;
    refund(&till, &hold, ["6", "0", "0"], false).await?;
    till.desk
        .press_move(mia, MovePart::All, MoveOnto::Tab(table))
        .await?;
    assert_eq!(figures(&till, table).await?, (5_000, 3_000));
    Ok(())
}

#[tokio::test]
async fn a_merge_keeps_the_hold_and_offers_its_release() -> Result<()> {
    let till = Till::open().await?;
    let (mia, table) = two(&till).await?;
    let typed = MoveTyped {
        tab_id: mia,
        part: MovePart::All,
        onto: Some(MoveOnto::Tab(table)),
    };
    let preview = till.desk.preview_move(&typed, "").await?;
    assert!(!preview.closes);
    assert_eq!(
        preview.cautions,
        ["£100.00 stays on hold on Mia. Release it next, if the guest doesn’t need it any more."]
    );
    let outcome = till
        .desk
        .press_move(mia, MovePart::All, MoveOnto::Tab(table))
        .await?;
    assert_eq!(figures(&till, mia).await?, (0, 0));
    assert_eq!(figures(&till, table).await?, (5_000, 5_000));
    let rest = outcome.rest.context("nothing is offered")?;
    assert_eq!(
        rest,
        "On Mia, £100.00 is still on hold on MC 1005. Release it, or keep it for later."
    );
    assert_eq!(till.requests("DELETE", "/reversal").await?, 0);
    assert_eq!(till.hold(mia).await?.left(), 10_000, "nobody released it");
    // All three lines went, whole.
    let came = outcome.onto.lines.iter().filter(|line| line.moved.is_some());
    assert_eq!(came.count(), 3);
    // The person releases it, and the tab can be closed.
    till.desk
        .press(decide(&till.hold(mia).await?, OperationKind::Reversal, 0))
        .await?;
    till.desk.press_close(mia).await?;
    Ok(())
}

#[tokio::test]
async fn a_merge_closes_a_tab_on_which_nothing_is_left() -> Result<()> {
    let till = Till::open().await?;
    let (mia, table) = two(&till).await?;
    let hold = till.hold(mia).await?;
    till.desk.press(decide(&hold, OperationKind::Reversal, 0)).await?;
    let moving = till.desk.moving(mia, MovePart::All, MoveOnto::Tab(table)).await?;
    assert!(moving.closes);
    // A person who didn't see that it would be closed moves nothing.
    let unseen = MoveBill {
        closes: false,
        decision: holdfast_tests::decision(),
        ..moving.clone()
    };
    assert_eq!(
        refused(till.desk.move_bill(&unseen).await)?.code,
        ErrorCode::Changed
    );
    let outcome = till.desk.move_bill(&moving).await?;
    assert_eq!(outcome.words, "£30.00 moved from Mia to Table 5. Mia is closed.");
    assert!(outcome.tab.closed_at.is_some() && outcome.rest.is_none());
    let floor = till.desk.floor().await?.rows;
    assert_eq!(floor.len(), 1);
    assert_eq!(history(&till, mia).await?[0], "Closed, Staff");
    // Pressed again, it says the same. Reopened, it has an empty bill.
    assert_eq!(till.desk.move_bill(&moving).await?.words, outcome.words);
    till.desk.reopen_tab(mia).await?;
    assert_eq!(figures(&till, mia).await?, (0, 0));
    assert_eq!(figures(&till, table).await?, (5_000, 5_000));
    Ok(())
}

#[tokio::test]
async fn a_card_that_comes_while_the_sheet_is_open_keeps_the_tab() -> Result<()> {
    let till = Till::open().await?;
    let (mia, table) = two(&till).await?;
    let hold = till.hold(mia).await?;
    till.desk.press(decide(&hold, OperationKind::Reversal, 0)).await?;
    let moving = till.desk.moving(mia, MovePart::All, MoveOnto::Tab(table)).await?;
    till.desk.press_more(mia, "50").await?;
    assert_eq!(
        refused(till.desk.move_bill(&moving).await)?.code,
        ErrorCode::Changed
    );
    assert_eq!(figures(&till, mia).await?, (3_000, 3_000));
    Ok(())
}

#[tokio::test]
async fn a_share_goes_to_a_new_tab_and_the_odd_pennies_stay() -> Result<()> {
    let till = Till::open().await?;
    let mia = tab(&till, "Mia", "100", &[("Dinner", "100")]).await?;
    let typed = MoveTyped {
        tab_id: mia,
        part: MovePart::Share(3),
        onto: Some(new_tab("Noor")),
    };
    let preview = till.desk.preview_move(&typed, "").await?;
    let shares: Vec<_> = preview
        .shares
        .iter()
        .map(|share| (share.words.as_str(), share.amount.minor))
        .collect();
    assert_eq!(
        shares,
        [("Half", 5_000), ("A third", 3_333), ("A quarter", 2_500)]
    );
    assert_eq!(preview.button, "Move £33.33 to Noor");
    assert_eq!(
        preview.cautions,
        ["Nothing is on hold on Noor. Request a hold of £33.33 next."]
    );
    let moving = till.desk.moving(mia, MovePart::Share(3), new_tab("Noor")).await?;
    for _ in 0..10 {
        till.desk.move_bill(&moving).await?;
    }
    let outcome = till.desk.move_bill(&moving).await?;
    assert_eq!(till.desk.floor().await?.rows.len(), 2, "one new tab");
    let noor = outcome.onto.row.id;
    assert_eq!(figures(&till, mia).await?, (6_667, 6_667));
    assert_eq!(figures(&till, noor).await?, (3_333, 3_333));
    let next = outcome.onto.next.context("nothing is next")?;
    assert_eq!(next.words, "Hold £33.33…");
    assert_eq!(
        history(&till, noor).await?,
        [
            "Bill: a share came from Mia, now £33.33 £33.33, Staff",
            "Opened: Noor, Staff"
        ]
    );
    // The next third is half of what is left, and goes to the same guest or another.
    till.desk
        .press_move(mia, MovePart::Share(2), new_tab("Chidi"))
        .await?;
    assert_eq!(figures(&till, mia).await?, (3_334, 3_334));
    // A card pays it there, and only there.
    till.desk.press_more(noor, "33.33").await?;
    till.pay(&till.hold(noor).await?, GOOD).await?;
    till.hold(noor).await?;
    till.desk.press_take(noor, TakeTyped::default()).await?;
    assert_eq!(figures(&till, noor).await?, (3_333, 0));
    assert_eq!(till.hold(mia).await?.captured(), 0);
    Ok(())
}

#[tokio::test]
async fn a_new_tab_needs_a_name_and_a_share_of_nothing_is_none() -> Result<()> {
    let till = Till::open().await?;
    let (mia, _) = two(&till).await?;
    let nameless = till
        .desk
        .moving(mia, MovePart::Share(2), new_tab(" \u{200b}"))
        .await?;
    let error = refused(till.desk.move_bill(&nameless).await)?;
    assert_eq!(error.code, ErrorCode::Invalid);
    assert_eq!(error.fields[0].field.as_str(), "name");
    for ways in [-1, 0, 1, 5, i64::MAX] {
        let why = why_not(&till, mia, MovePart::Share(ways), new_tab("Noor")).await?;
        assert_eq!(why, "Choose what to move.", "{ways}");
    }
    let why = why_not(&till, mia, MovePart::Lines(Vec::new()), new_tab("Noor")).await?;
    assert_eq!(why, "Choose what to move.");
    assert_eq!(till.desk.floor().await?.rows.len(), 2, "no tab came of it");
    Ok(())
}

#[tokio::test]
async fn a_bill_that_grows_beyond_its_hold_is_said_before() -> Result<()> {
    let till = Till::open().await?;
    let mia = tab(&till, "Mia", "100", &[("Dinner", "90")]).await?;
    let table = tab(&till, "Table 5", "50", &[("Soup", "20")]).await?;
    let typed = MoveTyped {
        tab_id: mia,
        part: MovePart::Share(2),
        onto: Some(MoveOnto::Tab(table)),
    };
    let preview = till.desk.preview_move(&typed, "").await?;
    assert!(preview.allowed);
    assert_eq!(
        preview.cautions,
        ["Table 5 is £15.00 over its hold then. Hold £15.00 more next."]
    );
    assert_eq!(preview.sides[1].over.as_ref().map(|over| over.minor), Some(1_500));
    let outcome = till
        .desk
        .press_move(mia, MovePart::Share(2), MoveOnto::Tab(table))
        .await?;
    assert_eq!(
        outcome.onto.next.map(|next| next.words).as_deref(),
        Some("Hold £15.00 more…")
    );
    Ok(())
}

/// Someone takes the bill while somebody else moves half of it: the second one looks again.
#[tokio::test]
async fn a_take_and_a_move_at_once_never_charge_the_same_twice() -> Result<()> {
    let till = Till::open().await?;
    let (mia, table) = two(&till).await?;
    let take = till.desk.sheet(mia, TakeTyped::default()).await?;
    let moving = till.desk.moving(mia, MovePart::All, MoveOnto::Tab(table)).await?;
    let (taken, moved) = tokio::join!(till.desk.take(&take), till.desk.move_bill(&moving));
    ensure!(taken.is_ok() != moved.is_ok(), "{taken:?} and {moved:?}");
    let charged = till.hold(mia).await?.captured();
    let (_, due) = figures(&till, table).await?;
    assert_eq!(charged + due, 5_000, "£30.00 of Mia’s and £20.00 of the table’s");
    Ok(())
}

/// After a backup was put back, what was taken since isn't moved to be taken once more.
#[tokio::test]
async fn what_a_restored_ledger_forgot_is_asked_before_anything_moves() -> Result<()> {
    let till = Till::open().await?;
    let (mia, table) = two(&till).await?;
    let stale = till
        .desk
        .moving(mia, MovePart::Share(2), MoveOnto::Tab(table))
        .await?;
    till.desk.back_up().await?;
    till.desk.press_take(mia, TakeTyped::default()).await?;
    let till = restored(till).await?;
    let error = refused(till.desk.move_bill(&stale).await)?;
    assert_eq!(error.code, ErrorCode::NotAllowed, "{error}");
    let moving = till.desk.moving(mia, MovePart::All, MoveOnto::Tab(table)).await?;
    assert_eq!(
        refused(till.desk.move_bill(&moving).await)?.code,
        ErrorCode::Changed
    );
    assert_eq!(figures(&till, mia).await?, (3_000, 0));
    assert_eq!(figures(&till, table).await?, (2_000, 2_000));
    Ok(())
}

/// The guest's paper has what is theirs, and no other guest's name.
#[tokio::test]
async fn a_receipt_has_what_is_on_the_bill_and_names_nobody_else() -> Result<()> {
    let till = Till::open().await?;
    let (mia, table) = two(&till).await?;
    let part = lines(&till, mia, &["Wine"]).await?;
    till.desk.press_move(mia, part, MoveOnto::Tab(table)).await?;
    till.desk
        .press_move(mia, MovePart::Share(2), MoveOnto::Tab(table))
        .await?;
    for (id, expected) in [
        (
            mia,
            [
                ("Crisps", "£2.50"),
                ("Ale", "£9.50"),
                ("Share of the bill", "-£6.00"),
            ]
            .as_slice(),
        ),
        (
            table,
            &[
                ("Soup", "£20.00"),
                ("Wine", "£18.00"),
                ("Share of the bill", "£6.00"),
            ],
        ),
    ] {
        till.desk.press_take(id, TakeTyped::default()).await?;
        let paper = till
            .desk
            .paper(PaperKind::Receipt, till.hold(id).await?.id)
            .await?;
        let all = format!("{paper:?}");
        for (label, amount) in expected {
            assert!(
                all.contains(&format!("label: {label:?}, text: {amount:?}")),
                "{label}: {all}"
            );
        }
        let other = if id == mia { "Table 5" } else { "Mia" };
        assert!(!all.contains(other), "{all}");
        assert_eq!(id == table, all.contains("Wine"));
    }
    Ok(())
}

/// A guest agreed to a service charge on the rest of a bill, and that rest goes to another guest. The next drink
/// doesn't bring the charge back, and the night takes none.
#[tokio::test]
async fn a_service_charge_agreed_for_what_moved_is_not_charged_on_the_next_drink() -> Result<()> {
    let till = Till::open().await?;
    let mia = tab(&till, "Mia", "100", &[("Wine", "105")]).await?;
    let table = tab(&till, "Table 5", "100", &[("Soup", "20")]).await?;
    let with_service = TakeTyped {
        service: Some("8".to_owned()),
        ..TakeTyped::default()
    };
    till.desk
        .take(&what_is_held(&till, mia, with_service).await?)
        .await?;
    till.pay(&till.hold(mia).await?, GOOD).await?;
    till.hold(mia).await?;
    till.desk
        .press_move(mia, MovePart::All, MoveOnto::Tab(table))
        .await?;
    till.desk.add_line(mia, Some("Ale".to_owned()), 1, "6").await?;
    let sheet = till.desk.preview_take(mia, &TakeTyped::default()).await?;
    let night = till.desk.night(&[]).await?;
    let row = night
        .rows
        .iter()
        .find(|row| row.tab.id == mia)
        .context("no row")?;
    assert_eq!(
        (sheet.bill.minor, sheet.service.minor, row.total.minor),
        (600, 0, 600)
    );
    Ok(())
}
