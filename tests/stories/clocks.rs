//! Clocks that are wrong, and deadlines that Dojo keeps in its own way: what Dojo holds can be acted on, and
//! only Dojo says that something is not held any more.

use crate::portal::take_in_portal;
use crate::refunds::sweeps;
use crate::{decide, held};
use anyhow::{Context, Result, anyhow, ensure};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_desk::view::StateCode;
use holdfast_desk::{Clock, Desk, LinkEnds, OpenTab, Settings, TakeTyped};
use holdfast_domain::{
    Action, Actor, BusinessDays, Currency, DeadlineAction, FindingKind, Hold, Kind, LONGEST_HOLD, Movement,
    MovementKind, OperationKind, OperationState, TabId,
};
use holdfast_ledger::prelude::*;
use holdfast_simulator::engine::{
    ClockStart, DeadlineCapture, PartialStatus, PaymentEvents, Remainder, TipLimit,
};
use holdfast_tests::press::Press;
use holdfast_tests::{GOOD, KEY, Till, stepped::SteppedClock};
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;

/// As long as this program asks for.
const HOLD_FOR: TimeDelta = TimeDelta::hours(167);

/// The same till with a clock that somebody may set.
fn with_clock(till: &Till) -> Result<(Desk, Arc<SteppedClock>)> {
    let clock = Arc::new(SteppedClock::begin());
    let desk = Desk::new(till.ledger.clone(), till.client(KEY)?, clock.clone());
    Ok((desk, clock))
}

/// A tab of £100 that the guest has paid and that Dojo ends as `action` says.
async fn deposit(till: &Till, action: DeadlineAction) -> Result<(TabId, Hold)> {
    let mut wanted = OpenTab::of(Kind::Tab, "Table 12", "100", Currency::Gbp);
    wanted.deadline_action = Some(action);
    let tab = till.desk.open_tab(wanted).await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    Ok((tab, till.hold(tab).await?))
}

async fn moved(till: &Till, kind: MovementKind) -> Result<Vec<Movement>> {
    let all = till.ledger.movements(1, i64::MAX).await?;
    Ok(all.into_iter().filter(|m| m.what.kind == kind).collect())
}

async fn sum_of(till: &Till, kind: MovementKind) -> Result<i64> {
    Ok(moved(till, kind).await?.iter().map(|m| m.what.amount).sum())
}

/// Whether the history of `tab` says `words`.
async fn is_told(desk: &Desk, tab: TabId, words: &str) -> Result<bool> {
    let history = desk.tab(tab).await?.history;
    Ok(history.iter().any(|step| step.words.contains(words)))
}

async fn open_findings(till: &Till, kind: FindingKind) -> Result<usize> {
    let open = till.ledger.findings().await?;
    Ok(open.iter().filter(|f| f.kind() == kind).count())
}

/// Each intent in an answer, whether it stands alone or in a page of a search.
fn each_intent(body: &mut Value, change: impl Fn(&mut Value)) {
    match body.get_mut("data").and_then(Value::as_array_mut) {
        Some(page) => page.iter_mut().for_each(change),
        None => change(body),
    }
}

/// What Dojo's clock says.
async fn dojo_now(till: &Till) -> Result<DateTime<Utc>> {
    till.client(KEY)?
        .search(&holdfast_dojo::SearchRequest::default())
        .await
        .ok();
    let last = till.wire.exchanges().pop().and_then(|e| e.answer);
    last.and_then(|answer| answer.date()).context("no Date")
}

#[tokio::test]
async fn a_renewal_is_carried_to_its_end_though_the_till_is_a_week_ahead() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = deposit(&till, DeadlineAction::Release).await?;
    let (desk, clock) = with_clock(&till)?;
    clock.set(TimeDelta::days(8));
    desk.sweep().await?;
    desk.renew(&desk.renewing(hold.id).await?).await?;
    let new = till.ledger.holds(tab).await?.pop().context("no new hold")?;
    assert_eq!(till.pay(&new, GOOD).await?, "authorized");
    desk.sweep().await?;
    assert_eq!(
        till.requests("POST", "/reversal").await?,
        1,
        "the old one is released"
    );
    let holds = till.ledger.holds(tab).await?;
    assert_eq!((holds[0].left(), holds[1].left()), (0, 10_000));
    Ok(())
}

#[tokio::test]
async fn what_dojo_holds_can_be_acted_on_though_the_till_is_a_week_ahead() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = held(&till).await?;
    let (other, second) = held(&till).await?;
    till.desk.add_line(tab, None, 1, "40").await?;
    let (desk, clock) = with_clock(&till)?;
    clock.set(TimeDelta::days(8));
    desk.sweep().await?;

    let view = desk.tab(tab).await?;
    assert_eq!(
        view.row.state.code,
        StateCode::Overdue,
        "it is said, and forbids nothing"
    );
    assert_eq!(view.row.detail, "asking Dojo what happened");
    let allowed = |action| {
        view.holds[0]
            .actions
            .iter()
            .any(|a| a.action == action && a.allowed)
    };
    assert!(allowed(Action::Take) && allowed(Action::Release) && allowed(Action::Renew));
    let preview = desk.preview_take(tab, &TakeTyped::default()).await?;
    assert!(preview.allowed, "{:?}", preview.why);

    let take = desk.press(decide(&hold, OperationKind::Capture, 4_000)).await?;
    assert_eq!(take.state, OperationState::Succeeded);
    let release = desk.press(decide(&second, OperationKind::Reversal, 0)).await?;
    assert_eq!(release.state, OperationState::Succeeded);
    assert_eq!(desk.tab(other).await?.row.state.code, StateCode::Released);
    // Of what is left of the first one too.
    let more = desk.press(decide(&hold, OperationKind::Capture, 500)).await?;
    assert_eq!(more.state, OperationState::Succeeded);
    Ok(())
}

#[tokio::test]
async fn a_clock_that_ran_ahead_for_one_look_lets_go_of_nothing() -> Result<()> {
    let till = Till::open().await?;
    till.switch(|s| s.partial_status = PartialStatus::Captured)?;
    let (tab, hold) = deposit(&till, DeadlineAction::Release).await?;
    till.desk
        .press(decide(&hold, OperationKind::Capture, 4_000))
        .await?;
    let (desk, clock) = with_clock(&till)?;
    clock.set(TimeDelta::days(8));
    desk.sweep().await?;
    clock.set(TimeDelta::days(-8));
    desk.sweep().await?;

    assert_eq!(desk.tab(tab).await?.row.left.minor, 6_000);
    assert!(!is_told(&desk, tab, "Expired").await?);
    assert!(moved(&till, MovementKind::Lapsed).await?.is_empty());
    let take = desk.press(decide(&hold, OperationKind::Capture, 3_000)).await?;
    assert_eq!(take.state, OperationState::Succeeded);
    Ok(())
}

#[tokio::test]
async fn a_clock_that_is_a_minute_ahead_ends_no_hold_a_minute_early() -> Result<()> {
    let till = Till::open().await?;
    till.switch(|s| s.partial_status = PartialStatus::Captured)?;
    let (tab, hold) = deposit(&till, DeadlineAction::Release).await?;
    till.desk
        .press(decide(&hold, OperationKind::Capture, 4_000))
        .await?;
    till.wind("6.22:59:20").await?;
    let (desk, clock) = with_clock(&till)?;
    clock.set(HOLD_FOR - TimeDelta::seconds(40) + TimeDelta::seconds(100));
    desk.sweep().await?;
    assert_eq!(
        desk.tab(tab).await?.row.left.minor,
        6_000,
        "it is held for 40 seconds more"
    );
    till.wind("00:01:00").await?;
    clock.run(Duration::from_secs(60));
    desk.sweep().await?;
    assert_eq!(desk.tab(tab).await?.row.left.minor, 0);
    Ok(())
}

#[tokio::test]
async fn a_lapse_that_a_later_reading_denies_is_taken_back_and_told_again_when_it_comes() -> Result<()> {
    let till = Till::open().await?;
    till.switch(|s| s.partial_status = PartialStatus::Captured)?;
    let (tab, hold) = deposit(&till, DeadlineAction::Release).await?;
    till.desk
        .press(decide(&hold, OperationKind::Capture, 4_000))
        .await?;
    // Once Dojo's own clock is past the deadline. What the daily look asks for goes back eight days from there.
    till.fault_after("get", "skewed-date", (7 * 24 + 1) * 60 * 60)
        .await?;
    till.desk.sweep().await?;
    assert_eq!(till.desk.tab(tab).await?.row.left.minor, 0);
    assert_eq!(open_findings(&till, FindingKind::Lapsed).await?, 1);

    // Nobody watches what is over; the daily look holds it against Dojo.
    till.desk.reconcile_recent().await?;
    assert_eq!(till.desk.tab(tab).await?.row.left.minor, 6_000, "it heals");
    assert!(is_told(&till.desk, tab, "still on hold").await?);
    assert_eq!(open_findings(&till, FindingKind::Lapsed).await?, 0);
    assert_eq!(sum_of(&till, MovementKind::Lapsed).await?, 0);

    till.wind("7.00:00:00").await?;
    till.desk.sweep().await?;
    assert_eq!(till.desk.tab(tab).await?.row.left.minor, 0);
    assert_eq!(
        open_findings(&till, FindingKind::Lapsed).await?,
        1,
        "it is told again"
    );
    assert_eq!(sum_of(&till, MovementKind::Lapsed).await?, 6_000);
    Ok(())
}

#[tokio::test]
async fn what_dojo_takes_at_the_deadline_and_does_not_list_is_dojos_own() -> Result<()> {
    for before in [0, 1_000] {
        let till = Till::open().await?;
        till.switch(|s| s.deadline_capture = DeadlineCapture::Unlisted)?;
        let (tab, hold) = deposit(&till, DeadlineAction::Capture).await?;
        if before > 0 {
            till.desk
                .press(decide(&hold, OperationKind::Capture, before))
                .await?;
        }
        let deadline = hold.deadline().context("no deadline")?.at;
        till.wind("7.00:00:00").await?;
        till.desk.sweep().await?;
        // Nothing is another by a second look.
        till.hold(tab).await?;
        let row = till.desk.tab(tab).await?.row;
        let shown = (row.state.code, row.captured.minor, row.left.minor);
        assert_eq!(
            shown,
            (StateCode::TakenByDojo, 10_000, 0),
            "{before} taken before"
        );
        assert_eq!(open_findings(&till, FindingKind::TakenByDojo).await?, 1);
        assert_eq!(open_findings(&till, FindingKind::TakenElsewhere).await?, 0);
        assert!(till.ledger.hold(hold.id).await?.is_over());
        let taken = moved(&till, MovementKind::Taken).await?;
        let by_dojo = taken.iter().filter(|m| m.what.by == Actor::Dojo);
        let what: Vec<_> = by_dojo.map(|m| (m.what.amount, m.what.at)).collect();
        assert_eq!(what, [(10_000 - before, deadline)]);
        assert_eq!(sum_of(&till, MovementKind::Lapsed).await?, 0);

        // Should it be listed later, nobody is told of a stranger.
        till.switch(|s| s.deadline_capture = DeadlineCapture::Listed)?;
        till.hold(tab).await?;
        assert!(!is_told(&till.desk, tab, "elsewhere").await?);
        assert_eq!(sum_of(&till, MovementKind::Taken).await?, 10_000);
        assert_eq!(till.desk.tab(tab).await?.row.state.code, StateCode::TakenByDojo);
    }
    Ok(())
}

#[tokio::test]
async fn while_dojo_is_late_at_the_deadline_the_hold_can_be_taken() -> Result<()> {
    for action in [DeadlineAction::Release, DeadlineAction::Capture] {
        let till = Till::open().await?;
        till.switch(|s| s.deadline_late = 600)?;
        let (tab, hold) = deposit(&till, action).await?;
        till.desk
            .press(decide(&hold, OperationKind::Capture, 1_000))
            .await?;
        till.wind("6.23:05:00").await?;
        till.desk.sweep().await?;
        assert_eq!(till.desk.tab(tab).await?.row.state.code, StateCode::Overdue);
        let take = till
            .desk
            .press(decide(&hold, OperationKind::Capture, 2_000))
            .await?;
        assert_eq!(take.state, OperationState::Succeeded);
        till.wind("00:10:00").await?;
        till.desk.sweep().await?;
        let row = till.desk.tab(tab).await?.row;
        let captured = if action == DeadlineAction::Release {
            3_000
        } else {
            10_000
        };
        assert_eq!((row.captured.minor, row.left.minor), (captured, 0));
        assert!(!is_told(&till.desk, tab, "elsewhere").await?);
    }
    Ok(())
}

#[tokio::test]
async fn a_take_in_the_portal_is_not_what_dojo_takes_at_the_deadline() -> Result<()> {
    let till = Till::open().await?;
    till.switch(|s| s.partial_status = PartialStatus::Captured)?;
    let (tab, hold) = deposit(&till, DeadlineAction::Capture).await?;
    let id = hold.intent_id.as_deref().context("no intent")?;
    till.client(KEY)?.capture(id, 1_000, None).await?;
    // Dojo's deadline is past by the till's clock only.
    let (desk, clock) = with_clock(&till)?;
    clock.set(TimeDelta::days(8));
    desk.sweep().await?;
    assert_eq!(desk.tab(tab).await?.row.left.minor, 9_000);
    assert!(is_told(&desk, tab, "Taken elsewhere").await?);
    till.wind("7.00:00:00").await?;
    desk.sweep().await?;
    let row = desk.tab(tab).await?.row;
    assert_eq!(
        (row.state.code, row.captured.minor),
        (StateCode::TakenByDojo, 10_000)
    );
    let by_dojo: i64 = moved(&till, MovementKind::Taken)
        .await?
        .iter()
        .filter(|m| m.what.by == Actor::Dojo)
        .map(|m| m.what.amount)
        .sum();
    assert_eq!(by_dojo, 9_000, "the first £10 were somebody else's");
    Ok(())
}

/// A minute before the deadline the portal takes it all, and Dojo lists that without a time.
#[tokio::test]
async fn a_take_without_a_time_just_before_the_deadline_is_not_dojos() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = deposit(&till, DeadlineAction::Capture).await?;
    till.wind("6.22:59:10").await?;
    let to_go = hold.deadline().context("no deadline")?.at - dojo_now(&till).await?;
    ensure!(
        to_go > TimeDelta::zero() && to_go <= TimeDelta::minutes(1),
        "{to_go}"
    );
    till.wire.rewrite(|_, body| {
        each_intent(body, |intent| {
            let captures = intent.get_mut("captures").and_then(Value::as_array_mut);
            for capture in captures.into_iter().flatten() {
                capture["createdAt"] = Value::Null;
            }
        });
    });
    let id = hold.intent_id.as_deref().context("no intent")?;
    till.client(KEY)?.capture(id, 10_000, None).await?;
    till.desk.sweep().await?;
    assert!(is_told(&till.desk, tab, "Taken elsewhere").await?);
    let taken = moved(&till, MovementKind::Taken).await?;
    assert_eq!(taken.len(), 1);
    assert_ne!(taken[0].what.by, Actor::Dojo);
    Ok(())
}

#[tokio::test]
async fn what_is_left_of_a_refunded_take_is_held_until_the_deadline_and_not_after() -> Result<()> {
    for says_refunded in [false, true] {
        let till = Till::open().await?;
        if says_refunded {
            // Dojo's own word for it while the rest is still held.
            till.wire.rewrite(|_, body| {
                each_intent(body, |intent| {
                    if intent["refundedAmount"] == 4_000 {
                        intent["status"] = "Refunded".into();
                    }
                });
            });
        }
        let (tab, hold) = deposit(&till, DeadlineAction::Release).await?;
        till.desk
            .press(decide(&hold, OperationKind::Capture, 4_000))
            .await?;
        let back = till
            .desk
            .press(decide(&hold, OperationKind::Refund, 4_000))
            .await?;
        assert_eq!(back.state, OperationState::Succeeded);
        let now = till.ledger.hold(hold.id).await?;
        assert_eq!(
            (now.left(), now.is_over()),
            (6_000, false),
            "Refunded: {says_refunded}"
        );
        till.wind("6.00:00:00").await?;
        till.desk.sweep().await?;
        till.desk.warn(false).await?;
        assert_eq!(
            open_findings(&till, FindingKind::Deadline).await?,
            1,
            "{says_refunded}"
        );

        till.wind("1.00:00:00").await?;
        till.desk.sweep().await?;
        let row = till.desk.tab(tab).await?.row;
        assert_eq!((row.left.minor, row.held.minor), (0, 0), "{says_refunded}");
        assert!(till.ledger.hold(hold.id).await?.is_over());
        assert_eq!(
            sum_of(&till, MovementKind::Lapsed).await?,
            6_000,
            "{says_refunded}"
        );
        let night = till.desk.night(&[]).await?;
        assert!(night.rows.iter().all(|row| row.tab.left.minor == 0));
    }
    Ok(())
}

#[tokio::test]
async fn without_a_time_of_authorisation_the_last_unpaid_reading_counts() -> Result<()> {
    let till = Till::open().await?;
    till.switch(|s| s.payment_events = PaymentEvents::Missing)?;
    let tab = till.opened(Kind::Tab, "Table 12", "50").await?;
    till.wind("00:30:00").await?;
    let unpaid = till.hold(tab).await?;
    let seen_unpaid = dojo_now(&till).await?;
    till.pay(&unpaid, GOOD).await?;
    // The PC is off for two days.
    till.wind("2.00:00:00").await?;
    let hold = till.hold(tab).await?;
    let deadline = hold.deadline().context("no deadline")?.at;
    assert!(deadline <= seen_unpaid + HOLD_FOR, "{deadline} and {seen_unpaid}");
    assert!(
        deadline > seen_unpaid + HOLD_FOR - TimeDelta::minutes(1),
        "{deadline} and {seen_unpaid}"
    );
    // Once Dojo says it, that counts.
    till.switch(|s| s.payment_events = PaymentEvents::Shown)?;
    let known = till.hold(tab).await?;
    let since = known
        .seen
        .as_ref()
        .and_then(|s| s.authorised_at)
        .context("no time")?;
    assert_eq!(known.deadline().map(|d| d.at), Some(since + HOLD_FOR));
    assert!(since >= seen_unpaid);
    Ok(())
}

#[tokio::test]
async fn after_a_restart_it_counts_from_what_was_written_down() -> Result<()> {
    let till = Till::open().await?;
    till.switch(|s| s.payment_events = PaymentEvents::Missing)?;
    let tab = till.opened(Kind::Tab, "Table 12", "50").await?;
    let unpaid = till.hold(tab).await?;
    let made = unpaid.created_at.context("no creation")?;
    let till = till.restart().await?;
    till.pay(&unpaid, GOOD).await?;
    till.wind("3.00:00:00").await?;
    let deadline = till.hold(tab).await?.deadline().context("no deadline")?.at;
    assert!(deadline <= made + HOLD_FOR + TimeDelta::minutes(1), "{deadline}");
    assert!(deadline <= made + LONGEST_HOLD);
    Ok(())
}

#[tokio::test]
async fn a_hold_whose_clock_began_with_its_link_ends_by_dojos_own_doing() -> Result<()> {
    for (action, code) in [
        (DeadlineAction::Release, StateCode::Expired),
        (DeadlineAction::Capture, StateCode::TakenByDojo),
    ] {
        let till = Till::open().await?;
        till.switch(|s| s.clock_start = ClockStart::Creation)?;
        let mut wanted = OpenTab::of(Kind::Deposit, "Ana", "100", Currency::Gbp);
        wanted.link_ends = Some(LinkEnds::Week);
        wanted.deadline_action = Some(action);
        let tab = till.desk.open_tab(wanted).await?;
        let unpaid = till.hold(tab).await?;
        till.wind("3.00:00:00").await?;
        till.pay(&unpaid, GOOD).await?;
        till.hold(tab).await?;
        till.wind("3.20:00:00").await?;
        till.desk.sweep().await?;
        till.wind("04:00:00").await?;
        till.desk.sweep().await?;
        assert_eq!(till.desk.tab(tab).await?.row.state.code, code);
        assert!(!is_told(&till.desk, tab, "elsewhere").await?, "{action:?}");
    }
    Ok(())
}

#[tokio::test]
async fn what_is_brought_in_without_its_interval_is_warned_of_all_the_same() -> Result<()> {
    let till = Till::open().await?;
    let (_, hold) = held(&till).await?;
    let till = till
        .restart_after(|folder| Ok(std::fs::remove_dir_all(folder)?))
        .await?;
    till.wire.rewrite(|_, body| {
        each_intent(body, |intent| {
            intent["autoExpireIn"] = Value::Null;
            intent["autoExpireAction"] = Value::Null;
        });
    });
    till.desk.import_open().await?;
    let known = till.ledger.hold(hold.id).await?;
    assert_eq!(known.expire_in, Some(HOLD_FOR.num_seconds()));
    let tab = till.desk.tab(known.tab).await?;
    let told = tab.holds[0]
        .operation
        .as_ref()
        .map(|o| o.words.clone())
        .unwrap_or_default();
    assert!(told.contains("at the deadline"), "{told}");
    assert!(tab.row.needs_person);
    till.wind("6.00:00:00").await?;
    till.desk.sweep().await?;
    till.desk.warn(false).await?;
    assert_eq!(open_findings(&till, FindingKind::Deadline).await?, 1);
    Ok(())
}

/// What the search says of it is all there is to know: nobody is asked about a deadline that Dojo named.
#[tokio::test]
async fn what_is_brought_in_with_its_deadline_asks_nobody() -> Result<()> {
    let till = Till::open().await?;
    let (_, hold) = held(&till).await?;
    let till = till
        .restart_after(|folder| Ok(std::fs::remove_dir_all(folder)?))
        .await?;
    till.desk.import_open().await?;
    let tab = till.desk.tab(till.ledger.hold(hold.id).await?.tab).await?;
    assert!(!tab.row.needs_person, "{:?}", tab.row.state);
    Ok(())
}

#[tokio::test]
async fn while_nobody_knows_when_it_was_authorised_no_part_of_a_hold_is_over_too_soon() -> Result<()> {
    let till = Till::open().await?;
    till.switch(|s| {
        s.payment_events = PaymentEvents::Missing;
        s.partial_status = PartialStatus::Captured;
    })?;
    let mut wanted = OpenTab::of(Kind::Deposit, "Ana", "50", Currency::Gbp);
    wanted.link_ends = Some(LinkEnds::Week);
    let tab = till.desk.open_tab(wanted).await?;
    let unpaid = till.hold(tab).await?;
    // The guest pays after twenty hours, and the till hears of it only then.
    let till = till.restart().await?;
    till.wind("20:00:00").await?;
    till.pay(&unpaid, GOOD).await?;
    let hold = till.hold(tab).await?;
    till.desk
        .press(decide(&hold, OperationKind::Capture, 1_000))
        .await?;
    // It may be over, and it may not: it is said to be overdue, and can be taken.
    till.wind("6.04:00:00").await?;
    till.desk.sweep().await?;
    let row = till.desk.tab(tab).await?.row;
    assert_eq!((row.state.code, row.left.minor), (StateCode::Overdue, 4_000));
    let take = till
        .desk
        .press(decide(&hold, OperationKind::Capture, 2_000))
        .await?;
    assert_eq!(take.state, OperationState::Succeeded);
    // By now it is over whatever happened.
    till.wind("20:00:00").await?;
    till.desk.sweep().await?;
    let row = till.desk.tab(tab).await?.row;
    assert_eq!((row.captured.minor, row.left.minor), (3_000, 0));
    assert_eq!(sum_of(&till, MovementKind::Lapsed).await?, 2_000);
    Ok(())
}

#[tokio::test]
async fn what_went_back_with_the_first_take_is_never_called_taken_at_the_deadline() -> Result<()> {
    // The take is on its way, or somebody made it in the portal, and the till hears of it only after the deadline. Dojo
    // shows the same where it took the rest without listing it: nothing is called taken that no answer shows.
    for is_ours in [true, false] {
        let till = Till::open().await?;
        till.switch(|s| {
            s.remainder = Remainder::ReleasedAtOnce;
            s.capture_settles_after = if is_ours { 40 } else { 0 };
        })?;
        let (tab, hold) = deposit(&till, DeadlineAction::Capture).await?;
        if is_ours {
            till.desk
                .press(decide(&hold, OperationKind::Capture, 1_000))
                .await?;
        } else {
            let id = hold.intent_id.as_deref().context("no intent")?;
            till.client(KEY)?.capture(id, 1_000, None).await?;
        }
        till.wind("7.00:00:00").await?;
        till.desk.sweep().await?;
        let row = till.desk.tab(tab).await?.row;
        assert_eq!(row.captured.minor, 1_000, "ours: {is_ours}");
    }
    Ok(())
}

#[tokio::test]
async fn what_dojo_takes_at_the_deadline_is_not_a_take_that_was_lost_long_before() -> Result<()> {
    for events in [PaymentEvents::Shown, PaymentEvents::Missing] {
        let till = Till::open().await?;
        till.switch(|s| s.payment_events = events)?;
        let (tab, hold) = deposit(&till, DeadlineAction::Capture).await?;
        // All of it is asked for, and the request is lost on its way.
        till.fault("captures", "reset-before").await?;
        till.desk
            .press(decide(&hold, OperationKind::Capture, 10_000))
            .await?;
        till.wind("7.00:00:00").await?;
        till.desk.sweep().await?;
        till.hold(tab).await?;
        let taken = moved(&till, MovementKind::Taken).await?;
        let what: Vec<_> = taken.iter().map(|m| (m.what.by.clone(), m.what.amount)).collect();
        assert_eq!(what, [(Actor::Dojo, 10_000)], "{events:?}");
        let operations = till.ledger.operations(hold.id).await?;
        let take = operations.iter().find(|o| o.kind == OperationKind::Capture);
        let state = take.context("no take")?.state;
        assert_ne!(state, OperationState::Succeeded, "it never reached Dojo");
        assert_eq!(open_findings(&till, FindingKind::TakenByDojo).await?, 1);
    }
    Ok(())
}

#[tokio::test]
async fn where_a_tip_is_beyond_the_hold_as_much_stays_on_hold_and_is_told() -> Result<()> {
    for listed in [DeadlineCapture::Listed, DeadlineCapture::Unlisted] {
        let till = Till::open().await?;
        till.switch(|s| {
            s.tip_limit = TipLimit::BeyondHold;
            s.deadline_capture = listed;
        })?;
        let (tab, hold) = deposit(&till, DeadlineAction::Capture).await?;
        let mut take = decide(&hold, OperationKind::Capture, 9_950);
        take.tip = 50;
        till.desk.press(take).await?;
        // Amount and tip are all of it, and yet Dojo calls it authorised: the tip wasn't of the hold.
        till.wind("01:00:00").await?;
        till.hold(tab).await?;
        let row = till.desk.tab(tab).await?.row;
        let shown = (row.state.code, row.captured.minor, row.left.minor);
        assert_eq!(shown, (StateCode::Paid, 10_000, 50), "{listed:?}");

        let deadline = hold.deadline().context("no deadline")?.at;
        till.wind("6.23:00:00").await?;
        till.desk.sweep().await?;
        // Nothing is another by a second look.
        till.hold(tab).await?;
        let row = till.desk.tab(tab).await?.row;
        let shown = (row.state.code, row.captured.minor, row.left.minor);
        assert_eq!(shown, (StateCode::TakenByDojo, 10_050, 0), "{listed:?}");
        let taken = moved(&till, MovementKind::Taken).await?;
        let by_dojo = taken.iter().filter(|m| m.what.by == Actor::Dojo);
        let what: Vec<_> = by_dojo.map(|m| (m.what.amount, m.what.at)).collect();
        assert_eq!(what, [(50, deadline)], "{listed:?}");
        assert_eq!(open_findings(&till, FindingKind::TakenByDojo).await?, 1);
    }
    Ok(())
}

#[tokio::test]
async fn what_a_tip_beyond_the_hold_leaves_can_be_taken() -> Result<()> {
    let till = Till::open().await?;
    till.switch(|s| s.tip_limit = TipLimit::BeyondHold)?;
    let (tab, hold) = deposit(&till, DeadlineAction::Release).await?;
    let mut take = decide(&hold, OperationKind::Capture, 9_950);
    take.tip = 50;
    till.desk.press(take).await?;
    till.hold(tab).await?;
    let more = till.desk.press(decide(&hold, OperationKind::Capture, 51)).await;
    assert!(more.is_err(), "that is more than what is left");
    let rest = till.desk.press(decide(&hold, OperationKind::Capture, 50)).await?;
    assert_eq!(rest.state, OperationState::Succeeded, "{:?}", rest.detail);
    till.hold(tab).await?;
    let row = till.desk.tab(tab).await?.row;
    assert_eq!((row.captured.minor, row.left.minor), (10_050, 0));
    Ok(())
}

/// By a clock that is days ahead, a link that Dojo still takes payments on has not ended.
#[tokio::test]
async fn a_link_is_not_called_ended_by_a_clock_that_is_ahead() -> Result<()> {
    let till = Till::open().await?;
    let wanted = OpenTab {
        link_ends: Some(LinkEnds::Day),
        ..OpenTab::of(Kind::Tab, "Table 4", "50", Currency::Gbp)
    };
    let tab = till.desk.open_tab(wanted).await?;
    let clock = Arc::new(SteppedClock::begin());
    let desk = Desk::new(till.ledger.clone(), till.client(KEY)?, clock.clone());
    clock.set(TimeDelta::days(2));
    desk.sweep().await?;
    let view = desk.tab(tab).await?;
    assert_eq!(
        view.row.state.code,
        StateCode::Waiting,
        "Dojo takes the payment: {:?}",
        view.holds[0].link_ended
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

/// The PC was off. The portal took £40 on the first day; at the deadline the other £60 went back, or was taken by Dojo.
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

/// The guest paid the link two days after it was made, so that a clock of Dojo's that began with the request would be
/// over by now. The hold was seen after that: what ends it before its deadline is somebody's release.
#[tokio::test]
async fn a_release_in_the_portal_after_a_late_payment_is_no_deadline() -> Result<()> {
    let till = Till::open().await?;
    let mut wanted = OpenTab::of(Kind::Deposit, "Ana", "50", Currency::Gbp);
    wanted.link_ends = Some(LinkEnds::Week);
    let tab = till.desk.open_tab(wanted).await?;
    till.wind("2.00:00:00").await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    till.hold(tab).await?;
    till.wind("6.00:00:00").await?;
    let hold = till.hold(tab).await?;
    assert_eq!(hold.left(), 5_000, "it is held on the eighth day");
    let id = hold.intent_id.as_deref().context("no intent")?;
    till.client(KEY)?.reverse(id).await?;
    till.wind("00:05:00").await?;
    till.desk.sweep().await?;
    assert!(is_told(&till.desk, tab, "Released elsewhere").await?);
    assert_eq!(sum_of(&till, MovementKind::Lapsed).await?, 0);
    Ok(())
}

/// A PC whose clock is days off, and knows it from Dojo: what moved, and the night report of it, belong to the business
/// day that it is.
#[tokio::test]
async fn a_night_on_a_clock_that_is_days_off_is_reported_on_the_day_that_it_is() -> Result<()> {
    for off in [3, -3] {
        let till = Till::open().await?;
        let (desk, clock) = with_clock(&till)?;
        let days = BusinessDays::parse("05:00", "UTC").map_err(|problem| anyhow!("{problem:?}"))?;
        let settings = Settings {
            time_zone: "UTC".to_owned(),
            ..desk.settings().await?
        };
        desk.save_settings(settings).await?;
        let today = days.of(clock.now());
        clock.set(TimeDelta::days(off));
        // What is read first tells the till what Dojo's clock says.
        let (_, hold) = held(&till).await?;
        desk.read(hold.id).await?;
        let tab = desk
            .open_tab(OpenTab::of(Kind::Tab, "Ben", "100", Currency::Gbp))
            .await?;
        let hold = till.ledger.holds(tab).await?.pop().context("no hold")?;
        till.pay(&hold, GOOD).await?;
        desk.read(hold.id).await?;
        desk.add_line(tab, None, 1, "40").await?;
        desk.press_take(tab, TakeTyped::default()).await?;
        let night = desk.night(&[]).await?.day;
        let report = desk.make_report().await?;
        let of = till.ledger.report(report.number).await?;
        let shown = desk.days(None, None, None).await?;
        let by_day: Vec<_> = of.by_day.iter().map(|day| day.of).collect();
        let of_wall = format!("Tonight, {}", today.format("%a %-d %b"));
        assert_eq!(of.day, today, "off by {off} days");
        assert_eq!(by_day, [today], "off by {off} days");
        assert_eq!((shown.to, shown.rows.len()), (today, 1), "off by {off} days");
        assert_eq!(night, of_wall, "off by {off} days");
    }
    Ok(())
}
