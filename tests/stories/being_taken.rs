//! What Dojo is taking, here or in its portal, and how long: what it means for the bill, the other card and each
//! figure.

use crate::portal::take_in_portal;
use crate::refunds::{one_more, refund, sweeps, table, take};
use anyhow::{Context, Result, ensure};
use holdfast_desk::view::{StateCode, Tone};
use holdfast_desk::{Item, PaperKind, TakeTyped};
use holdfast_domain::{Action, OperationState, TabId};
use holdfast_ledger::prelude::*;
use holdfast_tests::Till;
use holdfast_tests::press::Press;
use serde_json::Value;

/// So late that nobody waits for it.
const NEVER: u32 = 90 * 24 * 3_600;

/// From now on each intent that Dojo shows is changed by `how`.
fn intents(till: &Till, how: impl Fn(&mut Value) + Send + Sync + 'static) {
    till.wire.rewrite(
        move |_, body| match body.get_mut("data").and_then(Value::as_array_mut) {
            Some(page) => page.iter_mut().for_each(&how),
            None => how(body),
        },
    );
}

/// From now on each capture has a status that this version doesn't know.
fn unknown_captures(till: &Till) {
    intents(till, |intent| {
        let captures = intent.get_mut("captures").and_then(Value::as_array_mut);
        for capture in captures.into_iter().flatten() {
            capture["status"] = "Settled".into();
        }
    });
}

/// Whether dismissing it could be a decision about what Dojo is taking: a warning of a deadline decides nothing.
fn decides(item: &Item, tab: TabId) -> bool {
    let is_news = matches!(item.state.code, StateCode::Deadline | StateCode::Lapsed);
    item.tab_id == Some(tab) && item.aside.is_some() && !is_news
}

/// A person can dismiss or accept something of the tab, or close it.
async fn can_be_ended(till: &Till, tab: TabId) -> Result<bool> {
    let view = till.desk.tab(tab).await?;
    let items = till.desk.attention().await?.items;
    let aside = items.iter().any(|item| decides(item, tab));
    let accepts = view.holds.iter().any(|hold| hold.contradicts.is_some());
    Ok(aside || accepts || view.close_refused.is_none())
}

/// What is on its way needs nothing more on hold: the bar isn't amber for it, and the rest can still be spent.
#[tokio::test]
async fn the_bar_leaves_out_what_dojo_is_taking() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "150", "69.50").await?;
    till.switch(|s| s.capture_settles_after = 600)?;
    till.desk.press_take(tab, TakeTyped::default()).await?;
    let row = till.desk.tab(tab).await?.row;
    assert_eq!((row.due.minor, row.left.minor), (0, 8_050));
    assert_eq!(row.to_spend.context("there is room")?.minor, 8_050);
    assert_eq!(row.detail, "Take of £69.50 pending");
    let gauge = row.gauge.context("there is a bill")?;
    assert_eq!((gauge.percent, gauge.tone), (0, Tone::Good));
    Ok(())
}

/// Until a take ends, the row says that it's pending, and what it takes counts neither as still to take nor as room,
/// whether Dojo shows it, took it without showing it, or never answered.
#[tokio::test]
async fn a_take_in_progress_is_said_and_counted_once() -> Result<()> {
    for (fault, words) in [
        (None, "Take of £45.00 pending"),
        (Some("late"), "Take of £45.00 not confirmed"),
    ] {
        let till = Till::open().await?;
        let (tab, _) = table(&till, "150", "69.50").await?;
        till.switch(|s| s.capture_settles_after = 600)?;
        if let Some(fault) = fault {
            till.fault_after("captures", fault, 1_800).await?;
        }
        let typed = TakeTyped {
            bill: Some("40".to_owned()),
            tip: Some("5".to_owned()),
            ..TakeTyped::default()
        };
        till.desk.press_take(tab, typed).await?;
        let floor = till.desk.floor().await?;
        let row = &floor.rows[0];
        assert_eq!(row.detail, words, "{:?}", row.state);
        assert_eq!(row.due.minor, 2_950, "{fault:?}");
        assert_eq!(floor.due[0].minor, 2_950, "{fault:?}");
        let pending = row.being_taken.as_ref().context("a take is in progress")?;
        assert_eq!((pending.amount.minor, pending.words.as_str()), (4_500, words));
        // Of £150 on the card £45 is being taken: the rest is on hold, for what is still to take and to be spent.
        assert_eq!(row.left.minor, 10_500, "{fault:?}");
        assert_eq!(
            (floor.held[0].minor, floor.being_taken[0].minor),
            (10_500, 4_500),
            "{fault:?}"
        );
        let hold = &till.desk.tab(tab).await?.holds[0];
        assert_eq!(
            (hold.left.minor, hold.pending.minor),
            (10_500, 4_500),
            "{fault:?}"
        );
        assert_eq!(row.to_spend.as_ref().context("there is room")?.minor, 7_550);
    }
    Ok(())
}

/// The portal is taking the bill from the second card when the first one's payment is refunded: what the refund is
/// of depends on that take. In the end the bill was paid once, and nobody is told that it was paid beyond.
#[tokio::test]
async fn a_refund_while_the_portal_is_taking_leaves_the_bill_whole() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "40", "40").await?;
    one_more(&till, tab, "40").await?;
    take(&till, tab, "40", "0", "0").await?;
    till.switch(|s| s.capture_settles_after = 600)?;
    let second = till.hold(tab).await?;
    take_in_portal(&till, &second, 4_000).await?;
    let second = till.desk.read(second.id).await?;
    ensure!(second.pending() == 4_000, "{second:?}");
    // Refused is as good.
    let refunded = refund(&till, &first, ["40", "", ""], false).await;
    till.wind("00:20:00").await?;
    till.desk.read(second.id).await?;
    if refunded.is_err() {
        return Ok(());
    }
    till.desk.read(first.id).await?;
    let row = till.desk.tab(tab).await?.row;
    let night = till.desk.night(&[]).await?;
    let flags: Vec<_> = night.rows[0].flags.iter().map(|f| f.words.clone()).collect();
    assert_eq!(
        (row.bill.minor, row.due.minor),
        (4_000, 0),
        "£80 taken and £40 refunded pay a bill of £40: {flags:?}"
    );
    Ok(())
}

/// Dojo never settles what the portal took from the first card. The bill can be taken from the second one once a
/// person has decided so.
#[tokio::test]
async fn a_take_in_the_portal_that_never_settles_does_not_lock_the_other_card_for_good() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "40", "40").await?;
    one_more(&till, tab, "40").await?;
    till.switch(|s| s.capture_settles_after = NEVER)?;
    take_in_portal(&till, &first, 4_000).await?;
    till.desk.read(first.id).await?;
    till.wind("3.00:00:00").await?;
    sweeps(&till, 5).await?;
    let sheet = till.desk.preview_take(tab, &TakeTyped::default()).await?;
    let items = till.desk.attention().await?.items;
    let aside = items.iter().any(|item| decides(item, tab));
    assert!(
        sheet.allowed || aside,
        "three days later: {:?}, and nothing can be dismissed",
        sheet.why
    );
    Ok(())
}

/// The same by a word that this version doesn't know, on one card, long past the deadline.
#[tokio::test]
async fn a_take_in_the_portal_in_an_unknown_state_can_be_ended() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "100", "40").await?;
    unknown_captures(&till);
    take_in_portal(&till, &hold, 4_000).await?;
    till.desk.read(hold.id).await?;
    till.wind("9.00:00:00").await?;
    sweeps(&till, 5).await?;
    let view = till.desk.tab(tab).await?;
    assert!(
        can_be_ended(&till, tab).await?,
        "{:?}, left {:?}, {:?}",
        view.row.state,
        view.row.left,
        view.close_refused
    );
    Ok(())
}

/// One hold has expired, and the whole bill is being taken from another: nothing of it is “not covered”.
#[tokio::test]
async fn what_is_being_taken_is_not_uncovered() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "50", "40").await?;
    till.wind("7.00:00:00").await?;
    sweeps(&till, 2).await?;
    one_more(&till, tab, "50").await?;
    ensure!(
        till.desk.tab(tab).await?.row.uncovered.is_none(),
        "covered by the new hold"
    );
    till.switch(|s| s.capture_settles_after = 600)?;
    let taken = till.desk.press_take(tab, TakeTyped::default()).await?;
    ensure!(taken.operations[0].state == OperationState::Accepted, "{taken:?}");
    let view = till.desk.tab(tab).await?;
    let banners = till.desk.floor().await?.banners;
    let said: Vec<_> = banners.iter().map(|b| b.words.clone()).collect();
    assert!(
        view.row.uncovered.is_none() && view.missing.is_none(),
        "uncovered {:?}, missing {:?}: {said:?}",
        view.row.uncovered,
        view.missing
    );
    Ok(())
}

/// A receipt doesn't say of what another card is paying just now that it's not paid by card.
#[tokio::test]
async fn a_receipt_does_not_call_unpaid_what_is_being_taken() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "20", "50").await?;
    one_more(&till, tab, "30").await?;
    take(&till, tab, "20", "0", "0").await?;
    till.switch(|s| s.capture_settles_after = 600)?;
    let taken = till.desk.press_take(tab, TakeTyped::default()).await?;
    ensure!(taken.operations[0].state == OperationState::Accepted, "{taken:?}");
    let facts = till.desk.paper(PaperKind::Receipt, first.id).await?.facts;
    let odd: Vec<_> = facts
        .iter()
        .filter(|l| l.label.contains("not paid by card"))
        .collect();
    assert!(odd.is_empty(), "{odd:?}");
    Ok(())
}

/// What the portal is taking makes no bill too large for its hold at night.
#[tokio::test]
async fn what_the_portal_is_taking_is_not_over_its_hold_at_night() -> Result<()> {
    let till = Till::open().await?;
    let (_, hold) = table(&till, "40", "40").await?;
    till.switch(|s| s.capture_settles_after = 600)?;
    take_in_portal(&till, &hold, 4_000).await?;
    till.desk.read(hold.id).await?;
    let night = till.desk.night(&[]).await?;
    let flags: Vec<_> = night.rows[0].flags.iter().map(|f| f.words.clone()).collect();
    let short = night.rows[0].tab.short.clone();
    assert!(
        !flags
            .iter()
            .any(|words| words.contains("over") || words.contains("not paid")),
        "{flags:?}, on the floor short {short:?}"
    );
    Ok(())
}

/// Nothing of a hold is left that could be taken or released while the portal is taking all of it: its buttons say
/// so.
#[tokio::test]
async fn a_hold_of_which_all_is_being_taken_offers_no_release() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "40", "40").await?;
    till.switch(|s| s.capture_settles_after = 600)?;
    take_in_portal(&till, &hold, 4_000).await?;
    till.desk.read(hold.id).await?;
    let view = till.desk.tab(tab).await?;
    let offered: Vec<_> = view.holds[0]
        .actions
        .iter()
        .filter(|a| a.allowed && matches!(a.action, Action::Take | Action::Release | Action::Renew))
        .map(|a| a.action)
        .collect();
    assert!(
        offered.is_empty(),
        "{offered:?} on {:?} left, state {:?}, button {:?}",
        view.holds[0].left,
        view.row.state,
        view.next
    );
    Ok(())
}

/// While £40 of £100 is being taken, what needs attention says as the floor does how much is on hold.
#[tokio::test]
async fn attention_says_what_is_on_hold_as_the_floor_does() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "100", "40").await?;
    till.switch(|s| s.capture_settles_after = 600)?;
    till.desk.press_take(tab, TakeTyped::default()).await?;
    sweeps(&till, 4).await?;
    let left = till.desk.tab(tab).await?.row.left.text;
    let items = till.desk.attention().await?.items;
    let shows: Vec<_> = items.iter().filter_map(|item| item.shows.clone()).collect();
    ensure!(!shows.is_empty(), "nothing is told");
    assert!(
        shows
            .iter()
            .all(|shows| shows.contains(&format!("{left} on hold"))
                || shows.contains(&format!("{left} still on hold"))),
        "the floor says {left}: {shows:?}"
    );
    Ok(())
}

/// A take that came late was dismissed by a person. Then Dojo calls it by a new word. The bill isn't taken again.
#[tokio::test]
async fn a_dismissed_take_with_a_new_word_is_not_taken_again() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "100", "40").await?;
    till.fault_after("captures", "late", 1_800).await?;
    let taken = till.desk.press_take(tab, TakeTyped::default()).await?;
    sweeps(&till, 4).await?;
    till.wind("00:30:00").await?;
    sweeps(&till, 2).await?;
    let late = till
        .ledger
        .operation(taken.operations[0].id)
        .await?
        .context("gone")?;
    ensure!(
        late.state == OperationState::Succeeded && late.is_late,
        "{late:?}"
    );
    till.desk.put_aside(late.id).await?;
    unknown_captures(&till);
    sweeps(&till, 1).await?;
    let sheet = till.desk.sheet(tab, TakeTyped::default()).await?;
    let again = till.desk.take(&sheet).await;
    till.wire.leave();
    let truth = till.desk.read(hold.id).await;
    assert!(
        again.is_err(),
        "the bill is £40: {:?}",
        truth.map(|hold| hold.captured())
    );
    Ok(())
}

/// While a take is pending, the floor and the days say the same of what is on hold.
#[tokio::test]
async fn the_days_and_the_floor_agree_while_a_take_is_pending() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "100", "40").await?;
    till.switch(|s| s.capture_settles_after = 600)?;
    let taken = till.desk.press_take(tab, TakeTyped::default()).await?;
    ensure!(taken.operations[0].state == OperationState::Accepted, "{taken:?}");
    let report = till.desk.make_report().await?;
    let floor = till.desk.floor().await?.held;
    let days = till.desk.days(None, None, None).await?.total.held;
    let floor: i64 = floor.iter().map(|money| money.minor).sum();
    assert_eq!(
        floor, days.minor,
        "floor and days; the report says {:?}",
        report.still_held
    );
    Ok(())
}

/// A take of £45 that wasn't confirmed: bill 40, tip 5, of £100 on the card.
async fn lost(till: &Till, held: &str, bill: &str) -> Result<TabId> {
    let (tab, _) = table(till, held, bill).await?;
    till.fault_after("captures", "late", 1_800).await?;
    let typed = TakeTyped {
        bill: Some("40".to_owned()),
        tip: Some("5".to_owned()),
        ..TakeTyped::default()
    };
    let taken = till.desk.press_take(tab, typed).await?;
    ensure!(taken.operations[0].state == OperationState::Unknown, "{taken:?}");
    Ok(tab)
}

/// While a take isn't confirmed, a report made in that moment says the same of what is on hold as the floor, the days
/// and its own list of what is left open.
#[tokio::test]
async fn a_report_says_what_is_on_hold_as_the_floor_does_while_a_take_is_not_confirmed() -> Result<()> {
    let till = Till::open().await?;
    lost(&till, "100", "40").await?;
    let report = till.desk.make_report().await?;
    let floor = till.desk.floor().await?.held[0].text.clone();
    let days = till.desk.days(None, None, None).await?.total.held.text;
    assert_eq!((floor.as_str(), days.as_str()), ("£55.00", "£55.00"));
    assert_eq!(report.leftovers[0].left, "£55.00");
    assert_eq!(report.still_held[0].text, "£55.00", "{:?}", report.still_held);
    Ok(())
}

/// What ends soon is no more than what is on hold.
#[tokio::test]
async fn what_ends_soon_is_never_more_than_what_is_on_hold() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "100", "40").await?;
    till.wind("6.12:00:00").await?;
    till.hold(tab).await?;
    till.fault_after("captures", "late", 1_800).await?;
    till.desk.press_take(tab, TakeTyped::default()).await?;
    let floor = till.desk.floor().await?;
    ensure!(floor.held[0].minor == 6_000, "{:?}", floor.held);
    assert_eq!(floor.expiring[0].minor, 6_000);
    for banner in &floor.banners {
        assert!(!banner.words.contains("£100"), "{}", banner.words);
    }
    Ok(())
}

/// A tip that is being taken pays nothing of the bill: what is missing is said as it will be once the take is done.
#[tokio::test]
async fn a_tip_that_is_being_taken_covers_nothing_of_the_bill() -> Result<()> {
    for fault in [None, Some("late")] {
        let till = Till::open().await?;
        let (tab, hold) = table(&till, "60", "100").await?;
        till.switch(|s| s.capture_settles_after = 600)?;
        if let Some(fault) = fault {
            till.fault_after("captures", fault, 300).await?;
        }
        let typed = TakeTyped {
            bill: Some("40".to_owned()),
            service: Some("8".to_owned()),
            tip: Some("12".to_owned()),
        };
        till.desk.press_take(tab, typed).await?;
        let during = till.desk.tab(tab).await?;
        let missing = during.missing.as_ref().map(|money| money.minor);
        let receipt = till.desk.paper(PaperKind::Receipt, hold.id).await;
        till.wind("00:20:00").await?;
        sweeps(&till, 1).await?;
        till.wind("00:20:00").await?;
        sweeps(&till, 1).await?;
        let after = till.desk.tab(tab).await?;
        ensure!(after.row.captured.minor == 6_000, "{:?}", after.row);
        let settled = after.missing.map(|money| money.minor);
        let unpaid = receipt.map(|paper| {
            let mut facts = paper.facts.into_iter();
            facts
                .find(|l| l.label.contains("not paid by card"))
                .map(|l| l.text)
        });
        assert_eq!(
            (missing, settled),
            (Some(6_000), Some(6_000)),
            "{fault:?} {unpaid:?}"
        );
    }
    Ok(())
}

/// On the receipt of one card, what of the bill isn't paid by card leaves out what another card is paying just now, and
/// no tip.
#[tokio::test]
async fn a_receipt_takes_no_tip_that_is_pending_for_a_part_of_the_bill() -> Result<()> {
    for fault in [None, Some("late")] {
        let till = Till::open().await?;
        let (tab, first) = table(&till, "20", "70").await?;
        one_more(&till, tab, "60").await?;
        take(&till, tab, "20", "0", "0").await?;
        till.switch(|s| s.capture_settles_after = 600)?;
        if let Some(fault) = fault {
            till.fault_after("captures", fault, 300).await?;
        }
        let typed = TakeTyped {
            bill: Some("30".to_owned()),
            service: Some("10".to_owned()),
            tip: Some("5".to_owned()),
        };
        till.desk.press_take(tab, typed).await?;
        let facts = till.desk.paper(PaperKind::Receipt, first.id).await?.facts;
        let unpaid = facts.iter().find(|l| l.label.contains("not paid by card"));
        assert_eq!(unpaid.map(|l| l.text.as_str()), Some("£20.00"), "{fault:?}");
    }
    Ok(())
}

/// A hold expired, and another card pays a part of the bill with a tip just now: what nobody covers is the bill's.
#[tokio::test]
async fn what_is_not_covered_counts_no_tip_that_is_being_taken() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "50", "100").await?;
    till.wind("7.00:00:00").await?;
    sweeps(&till, 2).await?;
    one_more(&till, tab, "60").await?;
    till.switch(|s| s.capture_settles_after = 600)?;
    let typed = TakeTyped {
        bill: Some("40".to_owned()),
        service: Some("8".to_owned()),
        tip: Some("12".to_owned()),
    };
    till.desk.press_take(tab, typed).await?;
    let uncovered = till.desk.tab(tab).await?.row.uncovered;
    assert_eq!(uncovered.map(|money| money.minor), Some(6_000));
    Ok(())
}
