//! A stay that is longer than a hold lasts: a new hold is asked for, and the old one is released only when
//! the new one is in force.

use crate::decide;
use crate::refunds::{newest, sweeps, table};
use anyhow::{Context, Result};
use chrono::TimeDelta;
use holdfast_desk::view::StateCode;
use holdfast_desk::{Decision, Desk, ErrorCode, LinkEnds, OpenTab, Renew, Take, TakeTyped, view};
use holdfast_domain::{
    Action, Cause, Currency, FindingKind, Hold, Kind, OperationKind, OperationState, RenewalEnd, TabId,
};
use holdfast_ledger::prelude::*;
use holdfast_tests::press::Press;
use holdfast_tests::{GOOD, KEY, Till, recorder::Mishap, stepped::SteppedClock};
use std::sync::Arc;
use std::time::Duration;

/// A deposit for ten nights that the guest has paid: the hold lasts seven days less an hour.
async fn ten_nights(till: &Till) -> Result<TabId> {
    let today = till.desk.floor().await?.now.date_naive();
    let typed = OpenTab {
        arrives_on: Some(today),
        departs_on: today.checked_add_days(chrono::Days::new(10)),
        ..OpenTab::of(Kind::Deposit, "Room 14", "200", Currency::Gbp)
    };
    let tab = till.desk.open_tab(typed).await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    till.desk.sweep().await?;
    Ok(tab)
}

/// What Dojo holds on cards just now, oldest first, in minor units.
async fn in_force(till: &Till) -> Result<Vec<i64>> {
    let truth = till.truth().await?;
    let intents = truth["intents"].as_array().context("no intents")?;
    let held = intents.iter().filter(|i| i["holdOpen"] == true);
    Ok(held.filter_map(|i| i["authorised"].as_i64()).collect())
}

async fn old(till: &Till, tab: TabId) -> Result<Hold> {
    let mut holds = till.ledger.holds(tab).await?;
    anyhow::ensure!(!holds.is_empty(), "the tab has no hold");
    Ok(holds.remove(0))
}

async fn new(till: &Till, tab: TabId) -> Result<Hold> {
    let mut holds = till.ledger.holds(tab).await?;
    anyhow::ensure!(holds.len() == 2, "{} holds", holds.len());
    holds.pop().context("no new hold")
}

/// Renewed, with the new link not paid yet.
async fn renewed(till: &Till) -> Result<TabId> {
    let tab = ten_nights(till).await?;
    till.desk
        .renew(&till.desk.renewing(old(till, tab).await?.id).await?)
        .await?;
    Ok(tab)
}

async fn pay_the_new_link(till: &Till, tab: TabId) -> Result<()> {
    let paid = till.pay(&new(till, tab).await?, GOOD).await?;
    anyhow::ensure!(paid == "authorized", "paying the new link: {paid:?}");
    Ok(())
}

async fn ended(till: &Till, tab: TabId) -> Result<Option<RenewalEnd>> {
    let account = till.ledger.accounts(vec![tab]).await?.pop().context("no tab")?;
    let renewal = account.renewals.last().context("no renewal")?;
    Ok(renewal.ended.map(|ended| ended.how))
}

/// The view's oldest hold.
async fn shown(till: &Till, tab: TabId) -> Result<view::Hold> {
    till.desk.tab(tab).await?.holds.pop().context("no hold is shown")
}

fn renew_offer(hold: &view::Hold) -> Option<&view::ActionView> {
    hold.actions.iter().find(|a| a.action == Action::Renew)
}

async fn told(till: &Till) -> Result<Vec<String>> {
    let items = till.desk.attention().await?.items;
    Ok(items.into_iter().map(|item| item.state.words).collect())
}

#[tokio::test]
async fn a_stay_of_ten_nights_is_renewed_on_day_five_and_always_covered() -> Result<()> {
    let till = Till::open().await?;
    let tab = ten_nights(&till).await?;
    let view = shown(&till, tab).await?;
    let why = view
        .renew
        .context("the stay is longer than the hold, and nobody says so")?;
    assert!(
        why.starts_with("On hold until ") && why.ends_with(": renew it before it expires."),
        "{why}"
    );
    till.wind("5.00:00:00").await?;
    till.desk.sweep().await?;
    assert_eq!(in_force(&till).await?, [20_000]);

    let preview = till
        .desk
        .preview_renewal(&till.desk.renewing(view.id).await?)
        .await?;
    assert_eq!((preview.why, preview.errors.len()), (None, 0));
    assert_eq!(preview.button, "Request £200.00");
    assert_eq!(
        preview.sentence,
        "The guest gets a new link. We release the old hold of £200.00 once the new one is in place. For \
         a moment both are on hold on the guest’s card, £400.00 in all."
    );
    assert_eq!(
        preview.link_ends_at, preview.held_until,
        "the link is good as long as the old hold"
    );
    till.desk.renew(&till.desk.renewing(view.id).await?).await?;
    // The guest takes a day over it.
    for _ in 0..4 {
        till.desk.sweep().await?;
        assert_eq!(in_force(&till).await?, [20_000], "the old hold stays");
        till.wind("06:00:00").await?;
    }
    let view = shown(&till, tab).await?;
    assert_eq!(
        view.renewal.context("nothing is said of it")?.words,
        "Waiting for the guest to add a card for the new hold of £200.00. The old hold of £200.00 stays until the \
         new one is in place."
    );
    pay_the_new_link(&till, tab).await?;
    assert_eq!(in_force(&till).await?, [20_000, 20_000]);
    assert_eq!(
        till.requests("POST", "/reversal").await?,
        0,
        "nobody has looked yet"
    );
    till.desk.sweep().await?;
    assert_eq!(in_force(&till).await?, [20_000]);
    assert_eq!(till.requests("POST", "/reversal").await?, 1);
    assert_eq!(ended(&till, tab).await?, Some(RenewalEnd::Done));
    let intents = till.truth().await?["intents"].clone();
    assert_eq!(
        (&intents[0]["holdOpen"], &intents[1]["holdOpen"]),
        (&false.into(), &true.into())
    );

    // Past the old hold's end, and to the last night.
    for _ in 0..8 {
        till.wind("12:00:00").await?;
        till.desk.sweep().await?;
        assert_eq!(in_force(&till).await?, [20_000]);
    }
    let view = till.desk.tab(tab).await?;
    assert_eq!((view.row.held.minor, view.row.left.minor), (20_000, 20_000));
    assert_eq!(view.row.state.code, StateCode::Held);
    assert!(told(&till).await?.is_empty(), "{:?}", told(&till).await?);
    let history: Vec<&str> = view.history.iter().map(|step| step.words.as_str()).collect();
    let done = "Renewal of £200.00: done. The new hold is in place, the old one is released";
    assert!(history.contains(&done), "{history:?}");
    assert!(
        history.contains(&"Release £200.00: asked · Renewed"),
        "{history:?}"
    );
    Ok(())
}

#[tokio::test]
async fn a_restart_at_any_point_goes_on_with_it() -> Result<()> {
    let mut till = Till::open().await?;
    let tab = renewed(&till).await?;
    till = till.restart().await?;
    till.desk.sweep().await?;
    assert_eq!(in_force(&till).await?, [20_000]);
    pay_the_new_link(&till, tab).await?;
    // The answer to the release is lost, and the till with it.
    till.fault("reversal", "502-after").await?;
    till.desk.sweep().await?;
    till = till.restart().await?;
    till.desk.sweep().await?;
    assert_eq!(ended(&till, tab).await?, Some(RenewalEnd::Done));
    assert_eq!(till.requests("POST", "/reversal").await?, 1);
    assert_eq!(in_force(&till).await?, [20_000]);
    Ok(())
}

#[tokio::test]
async fn a_link_that_ends_unpaid_ends_the_renewal_and_is_told_once() -> Result<()> {
    let till = Till::open().await?;
    let tab = ten_nights(&till).await?;
    let hold = old(&till, tab).await?.id;
    let typed = Renew {
        link_ends: Some(LinkEnds::Day),
        ..till.desk.renewing(hold).await?
    };
    till.desk.renew(&typed).await?;
    till.wind("1.00:01:00").await?;
    for _ in 0..3 {
        till.desk.sweep().await?;
    }
    assert_eq!(ended(&till, tab).await?, Some(RenewalEnd::LinkEnded));
    assert_eq!(in_force(&till).await?, [20_000]);
    let findings = till.desk.findings().await?;
    let kinds: Vec<FindingKind> = findings.iter().map(|f| f.kind()).collect();
    assert_eq!(kinds, [FindingKind::Renewal]);
    assert_eq!(
        till.desk.finding_words(&findings[0]).await?,
        "Renewal of £200.00: the guest didn’t use the new link before it expired. The old hold stays \
         until its own deadline. Renew it again, or take or release it before that"
    );
    assert_eq!(told(&till).await?, ["Not renewed"]);
    // Renewed again: what was told is over.
    till.desk.renew(&till.desk.renewing(hold).await?).await?;
    assert!(till.desk.findings().await?.is_empty());
    let all = till.ledger.holds(tab).await?;
    till.pay(all.last().context("no hold")?, GOOD).await?;
    till.desk.sweep().await?;
    assert_eq!(ended(&till, tab).await?, Some(RenewalEnd::Done));
    assert_eq!(in_force(&till).await?, [20_000]);
    Ok(())
}

#[tokio::test]
async fn a_release_that_never_left_is_asked_for_again_when_a_minute_has_passed() -> Result<()> {
    let till = Till::open().await?;
    let tab = renewed(&till).await?;
    pay_the_new_link(&till, tab).await?;
    till.wire.befall(Mishap::Unplugged);
    for _ in 0..3 {
        till.desk.sweep().await?;
        assert_eq!(in_force(&till).await?, [20_000, 20_000]);
        assert_eq!(ended(&till, tab).await?, None, "it is not given up");
    }
    let releases = till.ledger.operations(old(&till, tab).await?.id).await?;
    let states: Vec<OperationState> = releases.iter().skip(1).map(|o| o.state).collect();
    assert_eq!(states, [OperationState::NotSent], "not at once");
    let view = shown(&till, tab).await?.renewal.context("no renewal")?;
    assert!(view.may_give_up, "nothing is on its way");
    till.wind("00:05:00").await?;
    // The first look tells the till the time.
    for _ in 0..2 {
        till.desk.sweep().await?;
    }
    assert_eq!(in_force(&till).await?, [20_000]);
    assert_eq!(ended(&till, tab).await?, Some(RenewalEnd::Done));
    assert_eq!(till.requests("POST", "/reversal").await?, 1);
    Ok(())
}

#[tokio::test]
async fn a_refused_release_is_told_once_and_both_holds_stay() -> Result<()> {
    let till = Till::open().await?;
    let tab = renewed(&till).await?;
    pay_the_new_link(&till, tab).await?;
    till.fault("reversal", "400").await?;
    for _ in 0..3 {
        till.desk.sweep().await?;
    }
    assert_eq!(in_force(&till).await?, [20_000, 20_000]);
    assert_eq!(
        till.requests("POST", "/reversal").await?,
        1,
        "it is not asked for again"
    );
    assert_eq!(ended(&till, tab).await?, Some(RenewalEnd::NotReleased));
    assert_eq!(told(&till).await?, ["Refused by Dojo"]);
    // Staff decide again, and that is that.
    let decision = decide(&old(&till, tab).await?, OperationKind::Reversal, 0);
    till.desk.press(decision).await?;
    assert_eq!(in_force(&till).await?, [20_000]);
    assert!(told(&till).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_release_that_dojo_never_shows_is_told_and_not_repeated() -> Result<()> {
    let till = Till::open().await?;
    let tab = renewed(&till).await?;
    pay_the_new_link(&till, tab).await?;
    till.fault("reversal", "500-before").await?;
    till.desk.sweep().await?;
    for _ in 0..4 {
        assert_eq!(in_force(&till).await?, [20_000, 20_000]);
        till.wind("00:01:00").await?;
        till.desk.sweep().await?;
    }
    assert_eq!(ended(&till, tab).await?, Some(RenewalEnd::NotReleased));
    assert_eq!(till.requests("POST", "/reversal").await?, 1);
    assert_eq!(told(&till).await?, ["No record at Dojo"]);
    Ok(())
}

/// Dojo's answer to the release is lost: it may be done, so the renewal can't be given up until that is known.
#[tokio::test]
async fn while_the_old_holds_release_is_unclear_nobody_gives_the_renewal_up() -> Result<()> {
    let till = Till::open().await?;
    let tab = renewed(&till).await?;
    pay_the_new_link(&till, tab).await?;
    till.hold(tab).await?;
    till.fault("reversal", "500-before").await?;
    till.desk.continue_renewals().await?;
    let view = shown(&till, tab).await?;
    assert!(!view.renewal.context("no renewal")?.may_give_up);
    let given_up = till.desk.give_up_renewal(view.id).await;
    assert_eq!(given_up.map_err(|e| e.code).err(), Some(ErrorCode::NotAllowed));
    assert_eq!(ended(&till, tab).await?, None);
    Ok(())
}

/// Dojo can't say how one hold stands: the other guest's renewal doesn't wait for that.
#[tokio::test]
async fn a_renewal_that_has_to_wait_keeps_no_other_one_back() -> Result<()> {
    let till = Till::open().await?;
    let first = renewed(&till).await?;
    let second = renewed(&till).await?;
    for tab in [first, second] {
        pay_the_new_link(&till, tab).await?;
        till.hold(tab).await?;
    }
    till.fault("get", "404").await?;
    till.desk.continue_renewals().await?;
    assert_eq!(ended(&till, first).await?, None);
    assert_eq!(ended(&till, second).await?, Some(RenewalEnd::Done));
    Ok(())
}

#[tokio::test]
async fn given_up_before_the_guest_paid_the_new_link_is_cancelled() -> Result<()> {
    let till = Till::open().await?;
    let tab = renewed(&till).await?;
    let view = shown(&till, tab).await?;
    assert!(view.renewal.context("no renewal")?.may_give_up);
    let outcome = till.desk.give_up_renewal(view.id).await?;
    assert_eq!(outcome.operations.len(), 1);
    till.desk.sweep().await?;
    assert_eq!(in_force(&till).await?, [20_000]);
    assert_eq!(ended(&till, tab).await?, Some(RenewalEnd::GivenUp));
    assert_eq!(till.truth().await?["intents"][1]["status"], "Canceled");
    let cancelled = till.ledger.operations(new(&till, tab).await?.id).await?.pop();
    assert_eq!(cancelled.map(|o| o.cause), Some(Cause::RenewalGivenUp));
    assert!(told(&till).await?.is_empty());
    assert_eq!(till.requests("POST", "/reversal").await?, 0);
    let again = till.desk.give_up_renewal(view.id).await;
    assert_eq!(again.map_err(|e| e.code).err(), Some(ErrorCode::NotAllowed));
    Ok(())
}

#[tokio::test]
async fn an_old_hold_released_by_hand_is_not_called_renewed_and_the_new_link_can_be_given_up() -> Result<()> {
    let till = Till::open().await?;
    let tab = renewed(&till).await?;
    let release = decide(&old(&till, tab).await?, OperationKind::Reversal, 0);
    assert_eq!(till.desk.press(release).await?.state, OperationState::Succeeded);
    let view = shown(&till, tab).await?;
    let renewal = view.renewal.context("no renewal")?;
    assert_eq!(
        renewal.words,
        "Nothing is on hold any more, and the new link of £200.00 waits for the guest. Cancel the renewal \
         if you don’t want it."
    );
    assert!(renewal.may_give_up);
    till.desk.give_up_renewal(view.id).await?;
    assert!(in_force(&till).await?.is_empty());
    assert_eq!(till.truth().await?["intents"][1]["status"], "Canceled");
    assert_eq!(ended(&till, tab).await?, Some(RenewalEnd::OldOver));
    let history = till.desk.tab(tab).await?.history;
    let stays = history
        .iter()
        .find(|entry| entry.words.contains("given up. The old hold stays"));
    assert!(stays.is_none(), "it was released: {stays:?}");
    Ok(())
}

#[tokio::test]
async fn given_up_after_the_guest_paid_both_holds_stay_for_staff_to_release_one() -> Result<()> {
    let till = Till::open().await?;
    let tab = renewed(&till).await?;
    pay_the_new_link(&till, tab).await?;
    let paid = new(&till, tab).await?.id;
    let outcome = till.desk.give_up_renewal(paid).await?;
    assert!(
        outcome.operations.is_empty(),
        "nothing is cancelled that was paid"
    );
    for _ in 0..2 {
        till.desk.sweep().await?;
        assert_eq!(in_force(&till).await?, [20_000, 20_000]);
    }
    assert_eq!(till.requests("POST", "/reversal").await?, 0);
    Ok(())
}

#[tokio::test]
async fn the_new_hold_is_looked_at_just_before_the_old_one_goes() -> Result<()> {
    let till = Till::open().await?;
    let tab = renewed(&till).await?;
    pay_the_new_link(&till, tab).await?;
    let paid = till.hold(tab).await?;
    // Released at another till, a moment after this one has seen it paid.
    let intent = paid.intent_id.context("no intent")?;
    till.client(KEY)?.reverse(&intent).await?;
    till.desk.continue_renewals().await?;
    assert_eq!(in_force(&till).await?, [20_000], "the old hold stays");
    assert_eq!(ended(&till, tab).await?, Some(RenewalEnd::NewOver));
    assert_eq!(told(&till).await?, ["Released elsewhere"]);
    Ok(())
}

#[tokio::test]
async fn while_the_old_hold_goes_nobody_releases_the_new_one() -> Result<()> {
    let till = Till::open().await?;
    let tab = renewed(&till).await?;
    pay_the_new_link(&till, tab).await?;
    let paid = till.hold(tab).await?;
    let release = Decision {
        seen: till.desk.seen_with(paid.id).await?,
        ..decide(&paid, OperationKind::Reversal, 0)
    };
    // Dojo is slow to say that the new hold is in force, and somebody presses meanwhile.
    till.wire.dawdle(1);
    let pressed = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        till.desk.press(release).await
    };
    let (gone_on, released) = tokio::join!(till.desk.continue_renewals(), pressed);
    gone_on?;
    let refused = released.err().context("both were released")?;
    assert_eq!(refused.code, ErrorCode::Changed, "the second one looks again");
    assert_eq!(in_force(&till).await?, [20_000]);
    assert_eq!(ended(&till, tab).await?, Some(RenewalEnd::Done));
    Ok(())
}

#[tokio::test]
async fn what_was_taken_of_the_old_hold_meanwhile_ends_the_renewal() -> Result<()> {
    let till = Till::open().await?;
    let tab = renewed(&till).await?;
    let decision = decide(&old(&till, tab).await?, OperationKind::Capture, 5_000);
    till.desk.press(decision).await?;
    pay_the_new_link(&till, tab).await?;
    for _ in 0..2 {
        till.desk.sweep().await?;
    }
    assert_eq!(ended(&till, tab).await?, Some(RenewalEnd::OldTaken));
    assert_eq!(till.requests("POST", "/reversal").await?, 0);
    assert_eq!(told(&till).await?, ["Not renewed"]);
    Ok(())
}

#[tokio::test]
async fn a_request_that_dojo_refuses_leaves_the_old_hold_alone() -> Result<()> {
    let till = Till::open().await?;
    let tab = ten_nights(&till).await?;
    till.fault("payment-intents", "400").await?;
    till.desk
        .renew(&till.desk.renewing(old(&till, tab).await?.id).await?)
        .await?;
    for _ in 0..2 {
        till.desk.sweep().await?;
    }
    assert_eq!(ended(&till, tab).await?, Some(RenewalEnd::NotMade));
    assert_eq!(in_force(&till).await?, [20_000]);
    assert_eq!(told(&till).await?, ["Refused by Dojo"]);
    Ok(())
}

#[tokio::test]
async fn two_presses_are_one_renewal_and_a_renewed_hold_says_why_not_again() -> Result<()> {
    let till = Till::open().await?;
    let tab = ten_nights(&till).await?;
    let typed = Renew {
        amount: Some("250".to_owned()),
        ..till.desk.renewing(old(&till, tab).await?.id).await?
    };
    let (one, two) = tokio::join!(till.desk.renew(&typed), till.desk.renew(&typed));
    assert_eq!(one?, two?, "the same decision twice is one new hold");
    let another = till.desk.renewing(typed.hold_id).await?;
    let refused = till
        .desk
        .renew(&another)
        .await
        .err()
        .context("it was begun again")?;
    assert_eq!(refused.code, ErrorCode::NotAllowed);
    assert_eq!(new(&till, tab).await?.asked, 25_000);
    assert_eq!(till.requests("POST", "/payment-intents").await?, 2);
    let view = shown(&till, tab).await?;
    let offer = renew_offer(&view).context("no such action")?;
    assert_eq!(offer.why.as_deref(), Some("It’s already being renewed."));
    // What the new hold covers is what will be covered.
    till.desk.add_line(tab, None, 1, "300").await?;
    let missing = till.desk.tab(tab).await?.missing;
    assert_eq!(missing.map(|money| money.minor), Some(5_000));
    pay_the_new_link(&till, tab).await?;
    till.desk.sweep().await?;
    assert_eq!(in_force(&till).await?, [25_000]);
    Ok(())
}

#[tokio::test]
async fn nothing_is_begun_on_nonsense_or_without_dojo() -> Result<()> {
    let till = Till::open().await?;
    let tab = ten_nights(&till).await?;
    let hold = old(&till, tab).await?.id;
    for amount in ["0", "-5", "much"] {
        let typed = Renew {
            amount: Some(amount.to_owned()),
            ..till.desk.renewing(hold).await?
        };
        let refused = till.desk.renew(&typed).await.err().context("it was begun")?;
        assert_eq!(
            (refused.code, refused.fields[0].field.as_str()),
            (ErrorCode::Invalid, "amount")
        );
        assert_eq!(till.desk.preview_renewal(&typed).await?.errors.len(), 1);
    }
    till.plug(false)?;
    let refused = till
        .desk
        .renew(&till.desk.renewing(hold).await?)
        .await
        .err()
        .context("it was begun")?;
    assert_eq!(refused.code, ErrorCode::NotSent);
    till.plug(true)?;
    assert_eq!(till.ledger.holds(tab).await?.len(), 1);
    // An unpaid request has nothing to renew.
    let waiting = till.opened(Kind::Deposit, "Room 15", "90").await?;
    let unpaid = till.hold(waiting).await?.id;
    let refused = till
        .desk
        .renew(&till.desk.renewing(unpaid).await?)
        .await
        .err()
        .context("it was begun")?;
    assert_eq!(refused.message, "The guest hasn’t paid yet.");
    Ok(())
}

/// With a clock that is ahead a link that the guest can still pay has not ended.
#[tokio::test]
async fn a_renewal_whose_link_is_still_open_at_dojo_waits_whatever_the_clock_says() -> Result<()> {
    let till = Till::open().await?;
    let wanted = OpenTab::of(Kind::Deposit, "Room 14", "200", Currency::Gbp);
    let tab = till.desk.open_tab(wanted).await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    let old = till.hold(tab).await?;
    let clock = Arc::new(SteppedClock::begin());
    let desk = Desk::new(till.ledger.clone(), till.client(KEY)?, clock.clone());
    desk.sweep().await?;
    let renew = Renew {
        link_ends: Some(LinkEnds::Day),
        ..desk.renewing(old.id).await?
    };
    desk.renew(&renew).await?;
    clock.set(TimeDelta::days(2));
    desk.sweep().await?;
    let new = till.ledger.holds(tab).await?.pop().context("no new hold")?;
    assert_eq!(till.pay(&new, GOOD).await?, "authorized");
    desk.sweep().await?;
    desk.sweep().await?;
    let left: Vec<i64> = till.ledger.holds(tab).await?.iter().map(Hold::left).collect();
    assert_eq!(left, [0, 20_000], "the guest is held for both");
    Ok(())
}

/// The rest's hold is renewed: what was agreed for it is not forgotten.
#[tokio::test]
async fn a_tip_that_was_agreed_outlives_a_renewal() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "50", "60").await?;
    let tip = TakeTyped {
        tip: Some("5".to_owned()),
        ..TakeTyped::default()
    };
    let typed = till.desk.sheet(tab, tip).await?.typed;
    let way = till.desk.preview_take(tab, &typed).await?.way_on;
    let way = way.context("it is covered")?;
    let sheet = Take {
        expect_total_minor: way.take.minor,
        then_ask_minor: way.ask.minor,
        ..till.desk.sheet(tab, typed).await?
    };
    till.desk.take(&sheet).await?;
    let rest = till.hold(tab).await?;
    till.pay(&rest, GOOD).await?;
    till.hold(tab).await?;
    till.desk.renew(&till.desk.renewing(rest.id).await?).await?;
    let new = till.ledger.holds(tab).await?.pop().context("no new hold")?;
    till.pay(&new, GOOD).await?;
    till.desk.sweep().await?;
    let preview = till.desk.preview_take(tab, &TakeTyped::default()).await?;
    assert_eq!((preview.bill.minor, preview.tip.minor), (1_000, 500));
    Ok(())
}

/// The bill grew after a smaller hold was asked for in the old one's place: nobody saw that, and what covers it stays.
#[tokio::test]
async fn a_renewal_does_not_let_go_what_the_bill_needs_by_now() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "100", "20").await?;
    let typed = Renew {
        amount: Some("50".to_owned()),
        ..till.desk.renewing(first.id).await?
    };
    till.desk.renew(&typed).await?;
    till.desk
        .add_line(tab, Some("Dinner".to_owned()), 1, "70")
        .await?;
    till.pay(&newest(&till, tab).await?, GOOD).await?;
    sweeps(&till, 3).await?;
    let row = till.desk.tab(tab).await?.row;
    assert!(
        row.left.minor >= row.due.minor,
        "{} is due and {} on hold; £150 was, and the bill was £20 when it was decided",
        row.due.text,
        row.left.text
    );
    Ok(())
}

/// One that is as large takes the old one's place whatever became of the bill: the guest agreed to one hold, not two.
#[tokio::test]
async fn a_renewal_of_the_same_size_lets_the_old_hold_go_though_the_bill_grew() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "100", "20").await?;
    till.desk.renew(&till.desk.renewing(first.id).await?).await?;
    till.desk
        .add_line(tab, Some("Dinner".to_owned()), 1, "150")
        .await?;
    till.pay(&newest(&till, tab).await?, GOOD).await?;
    sweeps(&till, 3).await?;
    assert_eq!(in_force(&till).await?, [10_000]);
    assert_eq!(ended(&till, tab).await?, Some(RenewalEnd::Done));
    Ok(())
}

/// A further card is asked for while a hold is renewed: only the renewal's request takes the old hold's place.
#[tokio::test]
async fn what_is_missing_counts_a_renewal_once_and_a_further_card_too() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "100", "150").await?;
    till.desk.renew(&till.desk.renewing(first.id).await?).await?;
    till.desk.press_more(tab, "30").await?;
    let missing = till.desk.tab(tab).await?.missing.map(|money| money.minor);
    assert_eq!(missing, Some(2_000), "£150 less £100 on hold and £30 asked for");
    Ok(())
}
