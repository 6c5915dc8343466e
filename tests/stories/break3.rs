//! Tries to break one bill, one payment and every figure: what Dojo never settles, requests that were lost before the
//! deadline, cards in another order than was seen, and figures while something is pending.

use crate::portal::take_in_portal;
use crate::refunds::{one_more, refund, sweeps, table, take, typed};
use crate::restore::restored;
use anyhow::{Context, Result, ensure};
use holdfast_desk::{Act, Item, OpenTab, PaperKind, RefundTyped, TakeTyped, view::TabStep};
use holdfast_domain::{
    Action, Currency, FindingKind, Hold, Kind, MovementKind, OperationKind, OperationState, TabId,
};
use holdfast_ledger::prelude::*;
use holdfast_tests::press::Press;
use holdfast_tests::{GOOD, Till};
use serde_json::Value;

/// So late that nobody waits for it.
const NEVER: u32 = 90 * 24 * 3_600;

/// From now on each intent that Dojo shows is changed by `how`.
fn intents(till: &Till, how: impl Fn(&mut Value) + Send + Sync + 'static) {
    till.wire.rewrite(move |_, body| match body.get_mut("data").and_then(Value::as_array_mut) {
        Some(page) => page.iter_mut().for_each(&how),
        None => how(body),
    });
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

async fn holds(till: &Till, tab: TabId) -> Result<Vec<Hold>> {
    Ok(till.ledger.holds(tab).await?)
}

/// Whether dismissing it could be a decision about what Dojo is taking: a warning of a deadline decides nothing.
fn decides(item: &Item, tab: TabId) -> bool {
    let is_news = matches!(item.state.code, "deadline" | "lapsed");
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

/// 1. A release that was lost for good. Six days later Dojo lets the hold go at the deadline: that's Dojo's own, the
/// lost one stays lost, and it's dated by the deadline.
#[tokio::test]
async fn a_deadline_is_not_a_lost_release_that_came_late() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "50", "20").await?;
    till.fault("reversal", "504-before").await?;
    let act = till.desk.acting(hold.id).await?;
    let done = till.desk.act(OperationKind::Reversal, act).await?;
    ensure!(done.operations[0].state == OperationState::Unknown, "{done:?}");
    sweeps(&till, 4).await?;
    let release = done.operations[0].id;
    let state = till.ledger.operation(release).await?.context("gone")?.state;
    ensure!(state == OperationState::Absent, "{state:?}");
    till.wind("6.00:00:00").await?;
    sweeps(&till, 2).await?;
    ensure!(till.hold(tab).await?.left() == 5_000, "held until the deadline");
    till.wind("1.00:00:00").await?;
    sweeps(&till, 3).await?;

    let moved = till.ledger.movements(1, i64::MAX).await?;
    let of = |kind| moved.iter().filter(move |m| m.what.kind == kind).map(|m| m.what.amount).sum::<i64>();
    let (released, lapsed) = (of(MovementKind::Released), of(MovementKind::Lapsed));
    let told = till.ledger.findings().await?.iter().any(|f| f.kind() == FindingKind::Lapsed);
    let row = till.desk.tab(tab).await?.row;
    let state = till.ledger.operation(release).await?.context("gone")?.state;
    let letter = till.desk.paper(PaperKind::Letter, hold.id).await?.facts;
    assert!(
        (released, lapsed) == (0, 5_000) && told && row.uncovered.is_some(),
        "released {released}, lapsed {lapsed}, told {told}, the release {state:?}, row {:?} {:?}, letter {letter:?}",
        row.state,
        row.uncovered
    );
    Ok(())
}

/// 2. Two cards. The sheet says that the bill is taken from the first one. Meanwhile Dojo refuses another seat's take
/// of it. The open sheet, pressed then, takes nothing from the card that nobody saw on it.
#[tokio::test]
async fn a_sheet_takes_from_the_card_that_it_showed() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "50", "40").await?;
    one_more(&till, tab, "50").await?;
    let shown = till.desk.preview_take(tab, &TakeTyped::default()).await?;
    ensure!(shown.split.len() == 1 && shown.split[0].hold_id == first.id, "{shown:?}");
    let sheet = till.desk.sheet(tab, TakeTyped::default()).await?;

    till.fault("captures", "400").await?;
    let other = till.desk.press_take(tab, TakeTyped::default()).await?;
    ensure!(other.operations[0].state == OperationState::Rejected, "{other:?}");

    let taken = till.desk.take(&sheet).await;
    if let Ok(taken) = &taken {
        let from: Vec<_> = taken.operations.iter().map(|o| o.hold).collect();
        assert_eq!(from, [first.id], "another card than the sheet showed: {taken:?}");
    }
    Ok(())
}

/// 3. The portal is taking the bill from the second card when the first one's payment is refunded: what the refund is
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

/// 4. Dojo never settles what the portal took from the first card. The bill can be taken from the second one once a
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

/// 5. The same by a word that this version doesn't know, on one card, long past the deadline.
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

/// 6. The portal took all of a hold, and Dojo lists no capture, for good. Each reading makes no sense. A person can end
/// that all the same.
#[tokio::test]
async fn a_hold_whose_captures_are_never_listed_can_be_ended() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "100", "40").await?;
    intents(&till, |intent| {
        if let Some(intent) = intent.as_object_mut() {
            intent.remove("captures");
        }
    });
    take_in_portal(&till, &hold, 10_000).await?;
    drop(till.desk.read(hold.id).await);
    till.wind("9.00:00:00").await?;
    sweeps(&till, 5).await?;
    till.desk.reconcile_recent().await?;
    let view = till.desk.tab(tab).await?;
    let items = till.desk.attention().await?.items;
    assert!(
        can_be_ended(&till, tab).await?,
        "{:?}, left {:?}, {:?}, {items:?}",
        view.row.state,
        view.row.left,
        view.close_refused
    );
    Ok(())
}

/// 7. What was taken for certain stays taken when Dojo calls it by a word that this version doesn't know.
#[tokio::test]
async fn a_new_word_for_a_capture_takes_nothing_back() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "100", "40").await?;
    take(&till, tab, "40", "0", "0").await?;
    unknown_captures(&till);
    sweeps(&till, 4).await?;
    drop(till.desk.read(hold.id).await);
    let row = till.desk.tab(tab).await?.row;
    let taken: i64 = till
        .ledger
        .movements(1, i64::MAX)
        .await?
        .iter()
        .filter(|m| m.what.kind == MovementKind::Taken)
        .map(|m| m.what.amount)
        .sum();
    assert_eq!(
        (row.captured.minor, row.due.minor, taken),
        (4_000, 0, 4_000),
        "taken, due, and in the report"
    );
    Ok(())
}

/// 8. One hold has expired, and the whole bill is being taken from another: nothing of it is “not covered”.
#[tokio::test]
async fn what_is_being_taken_is_not_uncovered() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "50", "40").await?;
    till.wind("7.00:00:00").await?;
    sweeps(&till, 2).await?;
    one_more(&till, tab, "50").await?;
    ensure!(till.desk.tab(tab).await?.row.uncovered.is_none(), "covered by the new hold");
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

/// 9. While one card's release is unclear, a tab's first button doesn't promise to take from that card.
#[tokio::test]
async fn the_first_button_names_what_can_be_taken() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "60", "50").await?;
    one_more(&till, tab, "20").await?;
    till.fault("reversal", "504-before").await?;
    let act = till.desk.acting(first.id).await?;
    let done = till.desk.act(OperationKind::Reversal, act).await?;
    ensure!(done.operations[0].state == OperationState::Unknown, "{done:?}");
    let view = till.desk.tab(tab).await?;
    let sheet = till.desk.preview_take(tab, &TakeTyped::default()).await?;
    let next = view.next.context("no button")?;
    let is_take = next.step == TabStep::Take && next.words.contains("50.00");
    assert!(
        !is_take || sheet.allowed,
        "button {:?}, sheet: over {:?}, {:?}, room {:?}",
        next.words,
        sheet.over,
        sheet.why,
        view.row.to_spend
    );
    Ok(())
}

/// 10. A request for the rest never left. Another seat asks for it. Whoever presses “Send again” then, on what was
/// there before, asks the guest a second time.
#[tokio::test]
async fn send_again_does_not_ask_for_what_was_asked_for_since() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "20", "50").await?;
    till.plug(false)?;
    till.desk.press_more(tab, "30").await?;
    till.plug(true)?;
    let unsent = holds(&till, tab).await?.pop().context("no hold")?;
    let missing = till.desk.tab(tab).await?.missing.context("nothing is missing")?;
    ensure!(missing.minor == 3_000, "{missing:?}");
    till.desk.press_more(tab, "30").await?;
    let again = till.desk.retry_open(unsent.id).await;
    sweeps(&till, 1).await?;
    let asked = till.desk.tab(tab).await?.row.asked.map_or(0, |money| money.minor);
    assert!(asked <= 3_000, "asked for {asked} of 3000 that are missing: {again:?}");
    Ok(())
}

/// 10b. The same where the bill has shrunk since.
#[tokio::test]
async fn send_again_does_not_ask_for_what_is_not_due_any_more() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "20", "20").await?;
    till.desk.add_line(tab, None, 1, "30").await?;
    till.plug(false)?;
    till.desk.press_more(tab, "30").await?;
    till.plug(true)?;
    let unsent = holds(&till, tab).await?.pop().context("no hold")?;
    let line = till.ledger.lines(tab).await?[1].id;
    till.desk.take_off(tab, line).await?;
    let again = till.desk.retry_open(unsent.id).await;
    assert!(again.is_err(), "£30 was asked for, and the bill is £20 with £20 on hold");
    Ok(())
}

/// 11. A double click on Refund: it's one refund, and both presses are told what it came to.
#[tokio::test]
async fn two_presses_of_one_refund_at_once_are_told_the_same() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "40", "40").await?;
    take(&till, tab, "40", "0", "0").await?;
    let typed: RefundTyped = typed(["40", "", ""], false);
    let act = Act {
        refund: Some(typed),
        reason: Some("Complaint".to_owned()),
        ..till.desk.acting(hold.id).await?
    };
    let (one, other) = tokio::join!(
        till.desk.act(OperationKind::Refund, act.clone()),
        till.desk.act(OperationKind::Refund, act.clone())
    );
    assert_eq!(till.hold(tab).await?.refunded(), 4_000, "once");
    let words = |error: holdfast_desk::AppError| (error.message, error.fields);
    let (one, other) = (one.map_err(words), other.map_err(words));
    assert!(one.is_ok() && other.is_ok(), "{:?} {:?}", one.err(), other.err());
    Ok(())
}

/// 12. A receipt doesn't say of what another card is paying just now that it's not paid by card.
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
    let odd: Vec<_> = facts.iter().filter(|l| l.label.contains("not paid by card")).collect();
    assert!(odd.is_empty(), "{odd:?}");
    Ok(())
}

/// 13. What the portal is taking makes no bill too large for its hold at night.
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
        !flags.iter().any(|words| words.contains("over") || words.contains("not paid")),
        "{flags:?}, on the floor short {short:?}"
    );
    Ok(())
}

/// 14. After the backup the guest paid the new link, and staff gave the renewal up: both holds stay for a person to
/// decide. The backup is put back, and doesn't know. Nothing is let go by itself.
#[tokio::test]
async fn a_renewal_that_was_given_up_after_the_backup_lets_nothing_go() -> Result<()> {
    let till = Till::open().await?;
    let today = till.desk.floor().await?.now.date_naive();
    let wanted = OpenTab {
        arrives_on: Some(today),
        departs_on: today.checked_add_days(chrono::Days::new(10)),
        ..OpenTab::of(Kind::Deposit, "Room 14", "200", Currency::Gbp)
    };
    let tab = till.desk.open_tab(wanted).await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    till.desk.sweep().await?;
    let old = till.hold(tab).await?;
    till.desk.renew(&till.desk.renewing(old.id).await?).await?;
    till.desk.back_up().await?;
    let new = holds(&till, tab).await?.pop().context("no new hold")?;
    till.pay(&new, GOOD).await?;
    till.desk.give_up_renewal(old.id).await?;
    till.desk.read(new.id).await?;
    let till = restored(till).await?;
    till.desk.sweep().await?;
    till.desk.go_on_with_renewals().await?;
    let truth = till.truth().await?;
    let intents = truth["intents"].as_array().context("no intents")?;
    let open = intents.iter().filter(|i| i["holdOpen"] == true).count();
    assert_eq!(open, 2, "staff had decided that both stay");
    Ok(())
}

/// 15. While a take is pending, the floor and the days say the same of what is on hold.
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
    assert_eq!(floor, days.minor, "floor and days; the report says {:?}", report.still_held);
    Ok(())
}

/// 16. Nothing of a hold is left that could be taken or released while the portal is taking all of it: its buttons say
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
