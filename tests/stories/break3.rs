//! Tries to break one bill, one payment and every figure: what Dojo never settles, requests that were lost before the
//! deadline, cards in another order than was seen, and figures while something is pending.

use crate::night_leaves::rows_at_the_end;
use crate::portal::take_in_portal;
use crate::refunds::{one_more, refund, sweeps, table, take, typed};
use crate::restore::restored;
use anyhow::{Context, Result, ensure};
use holdfast_desk::view::TabStep;
use holdfast_desk::{
    Act, Group, Item, NightAction, NightChoice, OpenTab, PaperKind, RefundTyped, Take, TakeTyped,
};
use holdfast_domain::{
    Action, Currency, DeadlineAction, FindingKind, Hold, Kind, MovementKind, OperationKind, OperationState,
    TabId,
};
use holdfast_ledger::prelude::*;
use holdfast_tests::press::Press;
use holdfast_tests::{GOOD, Till};
use serde_json::Value;
use std::time::Duration;

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
    let of = |kind| {
        moved
            .iter()
            .filter(move |m| m.what.kind == kind)
            .map(|m| m.what.amount)
            .sum::<i64>()
    };
    let (released, lapsed) = (of(MovementKind::Released), of(MovementKind::Lapsed));
    let told = till
        .ledger
        .findings()
        .await?
        .iter()
        .any(|f| f.kind() == FindingKind::Lapsed);
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
    ensure!(
        shown.split.len() == 1 && shown.split[0].hold_id == first.id,
        "{shown:?}"
    );
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
    assert!(
        asked <= 3_000,
        "asked for {asked} of 3000 that are missing: {again:?}"
    );
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
    assert!(
        again.is_err(),
        "£30 was asked for, and the bill is £20 with £20 on hold"
    );
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
    let odd: Vec<_> = facts
        .iter()
        .filter(|l| l.label.contains("not paid by card"))
        .collect();
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
        !flags
            .iter()
            .any(|words| words.contains("over") || words.contains("not paid")),
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
    assert_eq!(
        floor, days.minor,
        "floor and days; the report says {:?}",
        report.still_held
    );
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

/// What the finding of this kind says moved, in minor units.
async fn told_amount(till: &Till, kind: FindingKind) -> Result<i64> {
    let findings = till.ledger.findings().await?;
    let one = findings
        .iter()
        .find(|f| f.kind() == kind)
        .context("nothing is told")?;
    one.event.amount().context("no amount")
}

/// A tab of £100, paid, of which Dojo does `action` at the deadline, with a bill of £40.
async fn hundred(till: &Till, action: DeadlineAction) -> Result<(TabId, Hold)> {
    let wanted = OpenTab {
        deadline_action: Some(action),
        ..OpenTab::of(Kind::Tab, "Table 12", "100", Currency::Gbp)
    };
    let tab = till.desk.open_tab(wanted).await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    let hold = till.hold(tab).await?;
    till.desk.add_line(tab, None, 1, "40").await?;
    Ok((tab, hold))
}

/// 18. The PC was off. The portal took £40 on the first day, and at the deadline the other £60 went back, or was taken
/// by Dojo. Whoever is told of the deadline reads £60.
#[tokio::test]
async fn after_a_week_off_the_deadline_is_told_with_its_own_amount() -> Result<()> {
    let mut told = Vec::new();
    for (action, kind) in [
        (DeadlineAction::Release, FindingKind::Lapsed),
        (DeadlineAction::Capture, FindingKind::TakenByDojo),
    ] {
        let till = Till::open().await?;
        let (_, hold) = hundred(&till, action).await?;
        till.wind("1.00:00:00").await?;
        take_in_portal(&till, &hold, 4_000).await?;
        till.wind("7.00:00:00").await?;
        sweeps(&till, 2).await?;
        told.push((action, told_amount(&till, kind).await?));
    }
    assert_eq!(
        told,
        [(DeadlineAction::Release, 6_000), (DeadlineAction::Capture, 6_000)],
        "of £100 the portal took £40 days before"
    );
    Ok(())
}

/// 19. Of £100 the till took £20 and the portal is taking £40 when the deadline comes: £40 has expired, not £80.
#[tokio::test]
async fn what_is_being_taken_at_the_deadline_has_not_expired() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "100", "60").await?;
    take(&till, tab, "20", "0", "0").await?;
    till.wind("6.00:00:00").await?;
    sweeps(&till, 1).await?;
    till.switch(|s| s.capture_settles_after = NEVER)?;
    take_in_portal(&till, &hold, 4_000).await?;
    till.desk.read(hold.id).await?;
    till.wind("1.00:00:00").await?;
    sweeps(&till, 2).await?;
    let row = till.desk.tab(tab).await?.row;
    let hold = till.hold(tab).await?;
    ensure!(hold.let_go() == 4_000, "{hold:?}");
    assert!(
        !row.detail.contains("80.00"),
        "{:?}, let go {}",
        row.detail,
        hold.let_go()
    );
    Ok(())
}

/// 20. While £40 of £100 is being taken, what needs attention says as the floor does how much is on hold.
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

/// 21. A take that came late was dismissed by a person. Then Dojo calls it by a new word. The bill isn't taken again.
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

/// 22. The guest was asked for the rest, and paid it in cash: staff cancelled the link. A backup from before is put
/// back. The guest isn't asked a second time by itself.
#[tokio::test]
async fn after_a_restore_a_rest_whose_request_was_cancelled_is_not_asked_for_again() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "100", "130").await?;
    let sheet = till.desk.sheet(tab, TakeTyped::default()).await?;
    let preview = till.desk.preview_take(tab, &sheet.typed).await?;
    let way = preview.way_on.context("no way")?;
    let press = Take {
        expect_total_minor: way.take.minor,
        then_ask_minor: way.ask.minor,
        ..sheet
    };
    till.fault("captures", "stall").await?;
    let (desk, pressed) = (till.desk.clone(), press.clone());
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
    let asked = holds(&till, tab).await?.pop().context("no hold")?;
    ensure!(asked.asked == 3_000, "the rest is asked for: {asked:?}");
    let act = till.desk.acting(asked.id).await?;
    till.desk.act(OperationKind::Cancel, act).await?;

    let till = restored(till).await?;
    for _ in 0..4 {
        till.wind("00:00:21").await?;
        till.desk.sweep().await?;
    }
    sweeps(&till, 2).await?;
    assert_eq!(
        till.requests("POST", "/payment-intents").await?,
        2,
        "one for the hold and one for the rest, which was cancelled"
    );
    Ok(())
}

/// 23. What the floor says expires within 24 hours is what does: not the second card, which has days.
#[tokio::test]
async fn what_expires_within_a_day_is_only_what_does() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "50", "120").await?;
    till.wind("6.00:00:00").await?;
    sweeps(&till, 1).await?;
    one_more(&till, tab, "100").await?;
    let floor = till.desk.floor().await?;
    let lapsing: Vec<_> = floor.lapsing.iter().map(|money| money.minor).collect();
    let said: Vec<_> = floor.banners.iter().map(|b| b.words.clone()).collect();
    assert_eq!(lapsing, [5_000], "{said:?}");
    Ok(())
}

/// 24. At night a tab whose guest got £20 of £50 back isn't said to have paid £50.
#[tokio::test]
async fn at_night_paid_is_what_was_not_given_back() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "50", "50").await?;
    take(&till, tab, "50", "0", "0").await?;
    refund(&till, &hold, ["20", "", ""], false).await?;
    let night = till.desk.night(&[]).await?;
    let flags: Vec<_> = night.rows[0].flags.iter().map(|f| f.words.clone()).collect();
    assert!(!flags.iter().any(|words| words == "Paid £50.00"), "{flags:?}");
    Ok(())
}

/// 25. “Paid, ready to close” is said of what can be closed.
#[tokio::test]
async fn ready_to_close_can_be_closed() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "50", "50").await?;
    one_more(&till, tab, "50").await?;
    take(&till, tab, "50", "0", "0").await?;
    let view = till.desk.tab(tab).await?;
    assert!(
        view.row.group != Group::Paid || view.close_refused.is_none(),
        "{:?}: {:?}",
        view.row.group,
        view.close_refused
    );
    Ok(())
}

/// 26. A card that was taken in full and of which Dojo tells nothing any more keeps no other card back for good.
#[tokio::test]
async fn a_card_that_can_not_be_read_any_more_does_not_lock_the_other_for_good() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "40", "40").await?;
    take(&till, tab, "40", "0", "0").await?;
    one_more(&till, tab, "50").await?;
    till.desk.add_line(tab, None, 1, "20").await?;
    let gone = first.intent_id.clone().context("no intent")?;
    intents(&till, move |intent| {
        if intent["id"] == gone.as_str()
            && let Some(intent) = intent.as_object_mut()
        {
            intent.remove("amount");
        }
    });
    till.wind("2.00:00:00").await?;
    sweeps(&till, 4).await?;
    let sheet = till.desk.sheet(tab, TakeTyped::default()).await?;
    let taken = till.desk.take(&sheet).await;
    let ends = can_be_ended(&till, tab).await?;
    let why = taken.err().map(|error| error.message);
    assert!(
        why.is_none() || ends,
        "{why:?}, and nothing can be accepted or dismissed"
    );
    Ok(())
}

/// 27. The link of a request that wasn't paid ends by itself, days after a cancel of it was lost for good. That's the
/// link's own end: the cancel didn't go through after all.
#[tokio::test]
async fn a_link_that_ends_is_not_a_lost_cancel_that_came_late() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Tab, "Table 12", "50").await?;
    let hold = till.hold(tab).await?;
    till.fault("cancel", "504-before").await?;
    let act = till.desk.acting(hold.id).await?;
    let done = till.desk.act(OperationKind::Cancel, act).await?;
    let cancel = done.operations[0].id;
    sweeps(&till, 4).await?;
    let state = till.ledger.operation(cancel).await?.context("gone")?.state;
    ensure!(state == OperationState::Absent, "{state:?}");
    till.wind("2.00:00:00").await?;
    sweeps(&till, 2).await?;
    let view = till.desk.tab(tab).await?;
    let state = till.ledger.operation(cancel).await?.context("gone")?.state;
    let told = view.history.first().map(|step| step.words.clone());
    assert!(
        state == OperationState::Absent,
        "the cancel {state:?}, row {:?}, history {told:?}",
        view.row.state
    );
    Ok(())
}

/// 28. A second seat's press after the tab's only card was refused at Dojo: the night, confirmed on the first card,
/// takes nothing from the second one.
#[tokio::test]
async fn a_night_takes_from_the_card_that_stood_first_when_it_was_confirmed() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "50", "40").await?;
    one_more(&till, tab, "50").await?;
    let night = till.desk.night(&[]).await?;
    let choice = NightChoice {
        tab_id: tab,
        action: Some(NightAction::Take),
        typed: TakeTyped::default(),
    };
    drop(night);
    let seen = till.desk.night(std::slice::from_ref(&choice)).await?.seen();
    till.fault("captures", "400").await?;
    till.desk.press_take(tab, TakeTyped::default()).await?;
    let begun = till.desk.close_night(&[choice], &seen).await;
    if begun.is_ok() {
        rows_at_the_end(&till).await?;
    }
    let all = holds(&till, tab).await?;
    let second = all
        .iter()
        .find(|hold| hold.id != first.id)
        .context("no second hold")?;
    assert_eq!(second.captured(), 0, "taken from the second card");
    Ok(())
}
