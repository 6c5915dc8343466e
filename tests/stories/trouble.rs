//! When the network or Dojo misbehaves: what staff are told, what is sent, and what is true in the end.

use anyhow::{Context, Result};
use holdfast_desk::view::BannerCode;
use holdfast_desk::view::StateCode;
use holdfast_desk::{Decision, ErrorCode, NextKind};
use holdfast_domain::{
    Actor, Detail, Hold, HoldState, Kind, NoAnswer, Operation, OperationKind, OperationState, TabId,
};
use holdfast_ledger::prelude::*;
use holdfast_tests::press::Press;
use holdfast_tests::{GOOD, Till, decision, recorder::Mishap};
use tokio::task::JoinSet;

/// An answer that proves nothing: its fault, whether the work was done all the same, what staff read, what is
/// kept where it wasn't done.
type Unclear = (&'static str, bool, &'static str, Option<NoAnswer>);

const UNCLEAR: [Unclear; 13] = [
    (
        "500-before",
        false,
        "Dojo answered 500",
        Some(NoAnswer::Status(500)),
    ),
    ("500-after", true, "Dojo answered 500", None),
    (
        "html-502",
        false,
        "Dojo answered 502",
        Some(NoAnswer::Status(502)),
    ),
    ("502-after", true, "Dojo answered 502", None),
    (
        "html-401",
        false,
        "A web page came instead of Dojo’s answer",
        Some(NoAnswer::WebPage),
    ),
    (
        "redirect",
        false,
        "A web page came instead of Dojo’s answer",
        Some(NoAnswer::WebPage),
    ),
    ("429", false, "Dojo answered 429", Some(NoAnswer::Status(429))),
    (
        "409",
        false,
        "conflicts with what it has (409)",
        Some(NoAnswer::Conflict),
    ),
    (
        "reset-before",
        false,
        "The connection broke",
        Some(NoAnswer::Broken),
    ),
    ("reset-after", true, "The connection broke", None),
    ("cut-answer", true, "The connection broke", None),
    ("empty-200", true, "", None),
    ("blank", true, "We couldn’t read Dojo’s answer", None),
];

/// What is done to a hold by staff, the name its faults are ordered by, and how it is sent.
const WORK: [(OperationKind, &str, &str); 4] = [
    (OperationKind::Capture, "captures", "POST"),
    (OperationKind::Reversal, "reversal", "POST"),
    (OperationKind::Refund, "refunds", "POST"),
    (OperationKind::Cancel, "cancel", "DELETE"),
];

fn decide(hold: &Hold, kind: OperationKind) -> Decision {
    let has_amount = matches!(kind, OperationKind::Capture | OperationKind::Refund);
    Decision {
        id: decision(),
        hold: hold.id,
        kind,
        amount: if has_amount { 1_000 } else { 0 },
        service: 0,
        tip: 0,
        cause: holdfast_domain::Cause::Person,
        reason: None,
        by: Actor::staff("Sam"),
        seen: holdfast_desk::Seen::default(),
        then_ask: 0,
        of: None,
    }
}

/// A tab on which `kind` can be done.
async fn ready(till: &Till, kind: OperationKind) -> Result<(TabId, Hold)> {
    let tab = till.opened(Kind::Tab, "Table 12", "50").await?;
    let hold = till.hold(tab).await?;
    if kind == OperationKind::Cancel {
        return Ok((tab, hold));
    }
    till.pay(&hold, GOOD).await?;
    if kind == OperationKind::Refund {
        let hold = till.hold(tab).await?;
        till.desk.press(decide(&hold, OperationKind::Capture)).await?;
    }
    Ok((tab, till.hold(tab).await?))
}

/// Whether Dojo's record shows that `kind` was done.
fn is_done(hold: &Hold, kind: OperationKind) -> Result<bool> {
    let state = hold.state(hold.opened_at);
    let (done, undone) = match kind {
        OperationKind::Capture => (hold.captured() == 1_000, hold.captured() == 0),
        OperationKind::Reversal => (state == HoldState::Released, state == HoldState::Held),
        OperationKind::Refund => (hold.refunded() == 1_000, hold.refunded() == 0),
        _ => (state == HoldState::Cancelled, state == HoldState::Waiting),
    };
    anyhow::ensure!(done != undone, "neither done once nor not at all: {hold:?}");
    Ok(done)
}

async fn sent(
    till: &Till,
    hold: &Hold,
    (kind, ending, method): (OperationKind, &str, &str),
) -> Result<usize> {
    let id = hold.intent_id.as_deref().context("no intent")?;
    let is_cancel = kind == OperationKind::Cancel;
    till.requests(method, if is_cancel { id } else { ending }).await
}

async fn order(till: &Till, operation: &str, fault: &str) -> Result<()> {
    if fault == "blank" {
        till.wire.befall(Mishap::BlankAnswer);
        return Ok(());
    }
    till.fault(operation, fault).await
}

/// The quiet window passes, with the readings in it that the desk insists on.
async fn some_quiet_minutes(till: &Till) -> Result<()> {
    for _ in 0..3 {
        till.wind("00:03:00").await?;
        assert_eq!(till.desk.sweep().await?, 0);
    }
    Ok(())
}

async fn latest(till: &Till, hold: &Hold) -> Result<Operation> {
    let all = till.ledger.operations(hold.id).await?;
    all.last().cloned().context("no operation")
}

/// What was seen of the answer.
fn why(operation: &Operation) -> Option<NoAnswer> {
    match operation.detail {
        Some(Detail::NoAnswer(why)) => Some(why),
        _ => None,
    }
}

async fn row_state(till: &Till, tab: TabId) -> Result<StateCode> {
    let view = till.desk.tab(tab).await?;
    Ok(view.row.state.code)
}

/// One decision meets one fault; the app is closed at once, opened again, and left to look.
async fn one_story(work: (OperationKind, &'static str, &'static str), unclear: Unclear) -> Result<()> {
    let ((kind, operation, _), (fault, happens, words, kept)) = (work, unclear);
    let case = format!("{kind:?} and {fault}");
    let till = Till::open().await?;
    let (tab, hold) = ready(&till, kind).await?;
    order(&till, operation, fault).await?;
    let after = till.desk.press(decide(&hold, kind)).await?;
    if happens {
        assert_eq!(after.state, OperationState::Succeeded, "{case}: {after:?}");
    } else {
        assert_eq!(after.state, OperationState::Unknown, "{case}: {after:?}");
        assert_eq!(why(&after), kept, "{case}");
        assert_eq!(row_state(&till, tab).await?, StateCode::Unclear, "{case}");
    }
    let told = till.desk.tab(tab).await?.history;
    assert!(
        told.iter().any(|entry| entry.words.contains(words)),
        "{case}: {told:?}"
    );

    let till = till.restart().await?;
    some_quiet_minutes(&till).await?;
    assert_eq!(is_done(&till.hold(tab).await?, kind)?, happens, "{case}");
    let end = latest(&till, &hold).await?;
    let truth = if happens {
        OperationState::Succeeded
    } else {
        OperationState::Absent
    };
    assert_eq!((end.id, end.state), (after.id, truth), "{case}: {end:?}");
    assert_eq!(sent(&till, &hold, work).await?, 1, "{case}");
    if !happens {
        assert_eq!(row_state(&till, tab).await?, StateCode::Absent, "{case}");
        let again = till.desk.press(decide(&hold, kind)).await?;
        assert_eq!(again.state, OperationState::Succeeded, "{case}: {again:?}");
        assert!(is_done(&till.hold(tab).await?, kind)?, "{case}");
        assert_eq!(sent(&till, &hold, work).await?, 2, "{case}");
    }
    let told = till.desk.tab(tab).await?.history;
    let stranger = told.iter().find(|entry| entry.words.contains("elsewhere"));
    assert!(
        stranger.is_none(),
        "{case}: all of it was decided here, yet {stranger:?}"
    );
    till.ledger.verify_journal().await?;
    Ok(())
}

/// All the unclear answers side by side, each in a venue of its own.
async fn unclear_answers(work: (OperationKind, &'static str, &'static str)) -> Result<()> {
    let mut stories = JoinSet::new();
    for unclear in UNCLEAR {
        stories.spawn(one_story(work, unclear));
    }
    while let Some(story) = stories.join_next().await {
        story??;
    }
    Ok(())
}

#[tokio::test]
async fn a_take_with_an_unclear_answer_is_sent_once_and_settled_by_dojos_record() -> Result<()> {
    unclear_answers(WORK[0]).await
}

#[tokio::test]
async fn a_release_with_an_unclear_answer_is_sent_once_and_settled_by_dojos_record() -> Result<()> {
    unclear_answers(WORK[1]).await
}

#[tokio::test]
async fn a_refund_with_an_unclear_answer_is_sent_once_and_settled_by_dojos_record() -> Result<()> {
    unclear_answers(WORK[2]).await
}

#[tokio::test]
async fn a_cancel_with_an_unclear_answer_is_sent_once_and_settled_by_dojos_record() -> Result<()> {
    unclear_answers(WORK[3]).await
}

#[tokio::test]
async fn a_create_with_an_unclear_answer_is_found_or_known_to_be_absent() -> Result<()> {
    let mut stories = JoinSet::new();
    for (fault, happens, words, _) in UNCLEAR {
        stories.spawn(async move {
            let till = Till::open().await?;
            order(&till, "payment-intents", fault).await?;
            let tab = till.opened(Kind::Deposit, "Room 7", "200").await?;
            assert_eq!(row_state(&till, tab).await?, StateCode::Unclear, "{fault}");
            let operation = till.desk.tab(tab).await?.holds[0].operation.clone();
            let said = operation.context("nothing is said")?.words;
            assert!(said.contains(words) && said.contains("don’t try again"), "{said}");

            let till = till.restart().await?;
            some_quiet_minutes(&till).await?;
            let hold = till.ledger.holds(tab).await?.remove(0);
            assert_eq!(hold.intent_id.is_some(), happens, "{fault}");
            let code = if happens {
                StateCode::Waiting
            } else {
                StateCode::Absent
            };
            assert_eq!(row_state(&till, tab).await?, code, "{fault}");
            assert_eq!(till.requests("POST", "/payment-intents").await?, 1, "{fault}");
            if !happens {
                let refused = till.desk.retry_open(hold.id).await.err().context("sent again")?;
                assert_eq!(refused.code, ErrorCode::NotAllowed, "{fault}");
                till.desk.press_more(tab, "200").await?;
                assert_eq!(till.requests("POST", "/payment-intents").await?, 2, "{fault}");
            }
            anyhow::Ok(())
        });
    }
    while let Some(story) = stories.join_next().await {
        story??;
    }
    Ok(())
}

#[tokio::test]
async fn a_capture_that_comes_late_is_shown_when_it_comes() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = ready(&till, OperationKind::Capture).await?;
    till.fault_after("captures", "late", 1_800).await?;
    let unclear = till.desk.press(decide(&hold, OperationKind::Capture)).await?;
    assert_eq!(unclear.state, OperationState::Unknown);
    some_quiet_minutes(&till).await?;
    assert_eq!(latest(&till, &hold).await?.state, OperationState::Absent);
    till.wind("00:30:00").await?;
    till.desk.sweep().await?;
    assert_eq!(latest(&till, &hold).await?.state, OperationState::Succeeded);
    assert_eq!(till.hold(tab).await?.captured(), 1_000);
    // Dojo's side saw it twice, held up and late; the till sent it once.
    let exchanges = till.wire.exchanges();
    let captures = exchanges
        .iter()
        .filter(|exchange| exchange.request.path_and_query.ends_with("/captures"));
    assert_eq!(captures.count(), 1);
    Ok(())
}

#[tokio::test]
async fn a_network_that_is_back_is_noticed_by_a_search_too() -> Result<()> {
    let till = Till::open().await?;
    till.fault("payment-intents", "reset-before").await?;
    till.opened(Kind::Tab, "Nothing came back", "30").await?;
    assert!(!till.desk.floor().await?.online);
    till.desk.sweep().await?;
    assert!(till.desk.floor().await?.online, "Dojo has just answered");
    Ok(())
}

#[tokio::test]
async fn without_a_network_nothing_is_sent_and_nothing_is_lost() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = ready(&till, OperationKind::Capture).await?;
    till.plug(false)?;
    for kind in [OperationKind::Capture, OperationKind::Reversal] {
        let told = till
            .desk
            .press(decide(&hold, kind))
            .await
            .err()
            .context("it was sent")?;
        assert_eq!(
            (told.code, told.message.as_str()),
            (
                ErrorCode::NotSent,
                "Dojo is offline. Nothing was sent. Check the network and try again."
            )
        );
    }
    let new = till.opened(Kind::Tab, "In the dark", "30").await?;
    assert_eq!(row_state(&till, new).await?, StateCode::NotSent);
    let floor = till.desk.floor().await?;
    assert!(
        !floor.online
            && floor
                .banners
                .iter()
                .any(|banner| banner.code == BannerCode::Offline)
    );
    assert_eq!(
        till.desk.sweep().await?,
        1,
        "the one hold that Dojo knows could not be read"
    );

    let till = till.restart().await?;
    till.plug(true)?;
    let unsent = till.ledger.holds(new).await?.remove(0);
    till.desk.retry_open(unsent.id).await?;
    assert_eq!(row_state(&till, new).await?, StateCode::Waiting);
    let done = till.desk.press(decide(&hold, OperationKind::Capture)).await?;
    assert_eq!(done.state, OperationState::Succeeded, "{done:?}");
    assert!(till.desk.floor().await?.online);
    assert_eq!(till.hold(tab).await?.captured(), 1_000);
    assert_eq!(till.requests("POST", "/payment-intents").await?, 2);
    assert_eq!(till.requests("POST", "/captures").await?, 1);
    Ok(())
}

#[tokio::test]
async fn a_cable_that_comes_out_at_the_last_moment_leaves_the_decision_free_to_be_made_again() -> Result<()> {
    for work in WORK {
        let (kind, ..) = work;
        let till = Till::open().await?;
        let (tab, hold) = ready(&till, kind).await?;
        let before = sent(&till, &hold, work).await?;
        till.wire.befall(Mishap::Unplugged);
        let unsent = till.desk.press(decide(&hold, kind)).await?;
        assert_eq!(unsent.state, OperationState::NotSent, "{unsent:?}");
        assert_eq!(sent(&till, &hold, work).await?, before, "{kind:?}");
        let view = till.desk.tab(tab).await?;
        let said = view.holds[0].operation.clone().context("nothing is said")?.words;
        assert!(
            said.contains("wasn’t sent")
                && (said.contains("Nothing was charged") || said.contains("Nothing changed")),
            "{said}"
        );
        let again = till.desk.press(decide(&hold, kind)).await?;
        assert_eq!(again.state, OperationState::Succeeded, "{again:?}");
        assert!(is_done(&till.hold(tab).await?, kind)?, "{kind:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_key_that_dojo_does_not_accept_is_said_to_be_the_trouble() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = ready(&till, OperationKind::Capture).await?;
    till.fault("get", "401").await?;
    let told = till
        .desk
        .press(decide(&hold, OperationKind::Capture))
        .await
        .err()
        .context("it was sent")?;
    assert_eq!(told.code, ErrorCode::Unauthorised);
    assert!(told.message.contains("rejected the key"), "{told}");
    assert_eq!(till.requests("POST", "/captures").await?, 0);
    assert!(says_the_key(&till).await?);
    // The key may be withdrawn between the reading and the decision, and a create reads nothing before.
    for status in ["401", "403"] {
        till.fault("captures", status).await?;
        let refused = till.desk.press(decide(&hold, OperationKind::Capture)).await?;
        assert_eq!(refused.state, OperationState::Rejected);
        assert_eq!(refused.detail, Some(Detail::KeyNotAccepted));
        till.fault("payment-intents", status).await?;
        let new = till.opened(Kind::Tab, "Locked out", "20").await?;
        let view = till.desk.tab(new).await?;
        let said = view.holds[0].operation.clone().context("nothing is said")?.words;
        assert_eq!(view.row.state.code, StateCode::Refused);
        assert!(said.contains("rejected the key"), "{said}");
        // Whatever is tried again is refused again: the key comes first.
        let items = till.desk.attention().await?.items;
        let item = items.iter().find(|item| item.tab_id == Some(new));
        assert_eq!(item.context("it isn’t told")?.next.kind, NextKind::Settings);
        assert!(says_the_key(&till).await?);
    }
    // An answer that proves nothing says nothing of the key; one that Dojo gave to it does.
    till.fault("get", "500-before").await?;
    till.desk.read(hold.id).await.err().context("it was read")?;
    assert!(says_the_key(&till).await?);
    assert_eq!(till.hold(tab).await?.captured(), 0);
    assert!(!says_the_key(&till).await?);
    Ok(())
}

/// Whether the floor says that Dojo refuses the key, and where to enter another; Attention says it too, and counts it.
async fn says_the_key(till: &Till) -> Result<bool> {
    let floor = till.desk.floor().await?;
    let banner = floor.banners.iter().find(|banner| banner.code == BannerCode::Key);
    assert!(banner.is_none_or(|banner| banner.is_for_settings && banner.words.contains("Enter a new key")));
    let items = till.desk.attention().await?.items;
    let item = items.iter().find(|item| item.state.code == StateCode::Key);
    assert!(item.is_none_or(|item| item.next.kind == NextKind::Settings));
    assert_eq!(banner.is_some(), item.is_some());
    let other = floor.others.iter().find(|row| row.state.code == StateCode::Key);
    assert_eq!(
        banner.is_some(),
        other.is_some(),
        "the floor counts what Attention lists"
    );
    Ok(banner.is_some())
}

#[tokio::test]
async fn a_reading_that_fails_changes_nothing_and_keeps_the_decision_back() -> Result<()> {
    for (fault, code) in [
        ("500-before", ErrorCode::Unclear),
        ("html-502", ErrorCode::Unclear),
        ("redirect", ErrorCode::Unclear),
        ("cut-answer", ErrorCode::Unclear),
        ("empty-200", ErrorCode::Unclear),
        ("404", ErrorCode::Rejected),
    ] {
        let till = Till::open().await?;
        let (tab, hold) = ready(&till, OperationKind::Capture).await?;
        let before = till.desk.tab(tab).await?;
        till.fault("get", fault).await?;
        let told = till
            .desk
            .press(decide(&hold, OperationKind::Capture))
            .await
            .err()
            .context("it was sent")?;
        assert_eq!(told.code, code, "{fault}: {told}");
        assert!(
            told.message.ends_with('.') || code == ErrorCode::Rejected,
            "{fault}: {told}"
        );
        till.fault("get", fault).await?;
        assert_eq!(till.desk.sweep().await?, 1, "{fault}");
        assert_eq!(till.desk.tab(tab).await?.row.state, before.row.state, "{fault}");
        assert_eq!(till.requests("POST", "/captures").await?, 0, "{fault}");
        assert_eq!(till.desk.sweep().await?, 0, "{fault}");
    }
    Ok(())
}

#[tokio::test]
async fn what_was_under_way_at_the_end_is_said_in_one_line_when_all_of_it_was_done() -> Result<()> {
    let till = Till::open().await?;
    let mut work = JoinSet::new();
    for _ in 0..3 {
        let (_, hold) = ready(&till, OperationKind::Capture).await?;
        till.fault("captures", "stall").await?;
        let desk = till.desk.clone();
        work.spawn(async move { desk.press(decide(&hold, OperationKind::Capture)).await });
    }
    while till.requests("POST", "/captures").await? < 3 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    work.shutdown().await;
    let till = till.restart().await?;
    till.desk.floor().await?;
    till.desk.sweep().await?;
    let banners = till.desk.floor().await?.banners;
    let told: Vec<_> = banners
        .iter()
        .filter(|b| b.code == BannerCode::Interrupted)
        .collect();
    let [told] = told.as_slice() else {
        anyhow::bail!("{told:?}");
    };
    assert_eq!(
        told.words,
        "3 requests were cut off when Holdfast stopped. Dojo’s record shows that all of them were done."
    );
    assert_eq!(told.tab_id, None, "there is no one tab to look at");
    Ok(())
}
