//! One truth with Dojo: what changed behind the app's back is found, within Dojo's limit, and nothing else is touched.

use crate::decide;
use anyhow::{Context, Result, ensure};
use holdfast_desk::{Clock, Desk, Rounds};
use holdfast_dojo as dojo;
use holdfast_domain::{FindingKind, Hold, HoldState, Kind, OperationKind};
use holdfast_ledger::prelude::*;
use holdfast_tests::press::Press;
use holdfast_tests::{GOOD, KEY, Till, stepped::SteppedClock};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

/// By so much one request may be on its way longer than another.
const HELD_UP: Duration = Duration::from_millis(100);

/// The same desk with a clock of its own, for what happens second by second.
fn watching(till: &Till) -> Result<(Desk, Arc<SteppedClock>)> {
    let clock = Arc::new(SteppedClock::begin());
    let desk = Desk::new(till.ledger.clone(), till.client(KEY)?, clock.clone());
    Ok((desk, clock))
}

async fn opened(till: &Till, from: usize, to: usize, are_paid: bool) -> Result<Vec<Hold>> {
    let mut holds = Vec::new();
    for number in from..to {
        let tab = till.opened(Kind::Tab, &format!("Table {number}"), "50").await?;
        let hold = till.ledger.holds(tab).await?.pop().context("no hold")?;
        if are_paid {
            till.pay(&hold, GOOD).await?;
        }
        holds.push(till.desk.read(hold.id).await?);
    }
    Ok(holds)
}

/// What somebody does to a hold in Dojo's portal or at another till.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Elsewhere {
    Lapses,
    Taken,
    PartTaken,
    Reversed,
    Refunded,
    Cancelled,
    Nothing,
}

impl Elsewhere {
    /// How the hold then is, and what is found.
    const fn shows(self) -> (HoldState, Option<FindingKind>) {
        match self {
            Self::Lapses => (HoldState::Expired, Some(FindingKind::Lapsed)),
            Self::Taken => (HoldState::Taken, Some(FindingKind::TakenElsewhere)),
            Self::PartTaken => (HoldState::PartTaken, Some(FindingKind::TakenElsewhere)),
            Self::Reversed => (HoldState::Released, Some(FindingKind::ReleasedElsewhere)),
            Self::Refunded => (HoldState::Refunded, Some(FindingKind::RefundedElsewhere)),
            Self::Cancelled => (HoldState::Cancelled, Some(FindingKind::CancelledElsewhere)),
            Self::Nothing => (HoldState::Held, None),
        }
    }
}

async fn happen(portal: &dojo::Client, hold: &Hold, what: Elsewhere) -> Result<()> {
    let id = hold.intent_id.as_deref().context("no intent")?;
    match what {
        Elsewhere::Lapses | Elsewhere::Nothing => {}
        Elsewhere::Taken => drop(portal.capture(id, 5_000, None).await?),
        Elsewhere::PartTaken => drop(portal.capture(id, 1_200, Some(50)).await?),
        Elsewhere::Reversed => drop(portal.reverse(id).await?),
        Elsewhere::Cancelled => drop(portal.cancel(id).await?),
        Elsewhere::Refunded => {
            portal.capture(id, 5_000, None).await?;
            let all = dojo::RefundRequest {
                amount: 5_000,
                reason: None,
                notes: None,
            };
            portal.refund(id, &all, &hold.id.to_string()).await?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn two_hundred_holds_that_changed_elsewhere_are_found_in_a_minute_at_five_requests_a_second()
-> Result<()> {
    let till = Till::open().await?;
    let mut changed: Vec<(Elsewhere, Hold)> = Vec::new();
    let add = |all: &mut Vec<_>, what: Elsewhere, holds: Vec<Hold>| {
        all.extend(holds.into_iter().map(|hold| (what, hold)));
    };
    add(&mut changed, Elsewhere::Lapses, opened(&till, 0, 30, true).await?);
    till.wind("6.22:00:00").await?;
    till.desk.sweep().await?;
    for (what, from, to) in [
        (Elsewhere::Taken, 30, 60),
        (Elsewhere::PartTaken, 60, 90),
        (Elsewhere::Reversed, 90, 120),
        (Elsewhere::Refunded, 120, 140),
        (Elsewhere::Cancelled, 140, 170),
        (Elsewhere::Nothing, 170, 200),
    ] {
        let holds = opened(&till, from, to, what != Elsewhere::Cancelled).await?;
        add(&mut changed, what, holds);
    }
    let portal = till.client(KEY)?;
    for (what, hold) in &changed {
        happen(&portal, hold, *what).await?;
    }
    till.wind("01:30:00").await?;

    let (desk, clock) = watching(&till)?;
    let mut rounds = Rounds::default();
    let journal_before = till.ledger.verify_journal().await?;
    let mut reads = 0;
    for second in 1..=60 {
        let before = till.wire.exchanges().len();
        desk.watch_beat(&mut rounds).await;
        clock.run(SECOND);
        let asked = till.wire.exchanges().len() - before;
        ensure!(asked <= 5, "{asked} requests in second {second}");
        reads += asked;
        if reads >= changed.len() {
            break;
        }
    }
    let now = desk.floor().await?.now;
    let mut found: BTreeMap<_, Vec<FindingKind>> = BTreeMap::new();
    for finding in till.ledger.findings().await? {
        found
            .entry(finding.hold.context("about nothing")?)
            .or_default()
            .push(finding.kind());
    }
    for (what, before) in &changed {
        let shown = till.ledger.hold(before.id).await?;
        let (state, kind) = what.shows();
        assert_eq!(shown.state(now), state, "{what:?}");
        let kinds = found.remove(&before.id).unwrap_or_default();
        match kind {
            // What was taken and then refunded elsewhere is both.
            Some(kind) => ensure!(kinds.contains(&kind), "{what:?}: {kinds:?}"),
            None => {
                ensure!(kinds.is_empty(), "{what:?}: {kinds:?}");
                assert_eq!(&shown, before, "it was not touched");
            }
        }
    }
    assert_eq!(
        till.requests("POST", "/captures").await?,
        80,
        "and nothing was taken by us"
    );
    // Another round finds nothing new.
    let journal = till.ledger.verify_journal().await?;
    assert!(journal > journal_before);
    desk.sweep().await?;
    assert_eq!(till.ledger.verify_journal().await?, journal);
    Ok(())
}

#[tokio::test]
async fn a_dojo_that_asks_for_a_pause_gets_one() -> Result<()> {
    let till = Till::open().await?;
    opened(&till, 0, 3, true).await?;
    for fault in ["429", "503-before"] {
        let (desk, clock) = watching(&till)?;
        let mut rounds = Rounds::default();
        till.fault_often("get", fault, 1_000).await?;
        let before = till.wire.exchanges().len();
        let mut asked_at = Vec::new();
        for second in 0..240 {
            let seen = till.wire.exchanges().len();
            desk.watch_beat(&mut rounds).await;
            clock.run(SECOND);
            if till.wire.exchanges().len() > seen {
                asked_at.push(second);
            }
        }
        let asked = till.wire.exchanges().len() - before;
        ensure!(
            asked <= 14,
            "{fault}: asked {asked} times in four minutes, at {asked_at:?}"
        );
        let pauses: Vec<i32> = asked_at.windows(2).map(|two| two[1] - two[0]).collect();
        let longest = pauses.iter().max().context("asked once only")?;
        ensure!((45..=61).contains(longest), "{fault}: {pauses:?}");
        // It recovers: everything is read within a pause.
        till.clear_faults().await?;
        for _ in 0..62 {
            desk.watch_beat(&mut rounds).await;
            clock.run(SECOND);
        }
        let before = till.wire.exchanges().len();
        for _ in 0..20 {
            desk.watch_beat(&mut rounds).await;
            clock.run(SECOND);
        }
        assert_eq!(till.wire.exchanges().len() - before, 3, "{fault}");
    }
    Ok(())
}

#[tokio::test]
async fn a_beat_that_comes_late_and_the_next_one_ask_no_more_than_five_times_in_a_second() -> Result<()> {
    let till = Till::open().await?;
    opened(&till, 0, 12, true).await?;
    let (desk, clock) = watching(&till)?;
    let (mut rounds, begun) = (Rounds::default(), clock.steady());
    let before = till.wire.exchanges().len();
    for expected in [5, 10] {
        desk.watch_beat(&mut rounds).await;
        assert_eq!(till.wire.exchanges().len() - before, expected);
        let took = clock.steady().saturating_sub(begun);
        // Nor may they come closer when the first was held up on its way, and the others were not.
        let least = SECOND + HELD_UP;
        ensure!(
            expected == 5 || took >= least,
            "the sixth request left after {took:?}"
        );
        // The PC was busy: only the rest of the second is left until the next beat.
        clock.run(Duration::from_millis(300));
    }
    Ok(())
}

#[tokio::test]
async fn on_waking_everything_is_read_at_once() -> Result<()> {
    let till = Till::open().await?;
    opened(&till, 0, 3, true).await?;
    let (desk, clock) = watching(&till)?;
    let mut rounds = Rounds::default();
    desk.watch_beat(&mut rounds).await;
    clock.run(SECOND);
    let before = till.wire.exchanges().len();
    desk.watch_beat(&mut rounds).await;
    assert_eq!(till.wire.exchanges().len(), before, "they were read a second ago");
    clock.set(chrono::TimeDelta::minutes(1));
    desk.watch_beat(&mut rounds).await;
    assert_eq!(till.wire.exchanges().len() - before, 3);
    Ok(())
}

#[tokio::test]
async fn once_a_day_strangers_are_found_and_left_alone() -> Result<()> {
    let till = Till::open().await?;
    opened(&till, 0, 2, true).await?;
    // Another PC of the venue, with a ledger of its own.
    let folder = tempfile::tempdir()?;
    let other = Arc::new(holdfast_ledger_sqlite::SqliteLedger::open(folder.path())?);
    let (_, clock) = watching(&till)?;
    let other_desk = Desk::new(other.clone(), till.client(KEY)?, clock.clone());
    let typed = holdfast_tests::typed(Kind::Deposit, "Room 7", "80");
    let tab = other_desk.open_tab(typed).await?;
    let theirs = other.holds(tab).await?.pop().context("no hold")?;
    till.pay(&theirs, GOOD).await?;
    // And somebody else's hold, made by no Holdfast.
    let mode = dojo::CaptureMode::Manual {
        auto_expire_in: dojo::TimeSpan::from_seconds(86_400).context("no interval")?,
        auto_expire_action: dojo::AutoExpireAction::Release,
    };
    let request = dojo::CreatePaymentIntent::new(mode, dojo::Money::new(900, "GBP"), "web shop".to_owned());
    let foreign = till.client(KEY)?.create(&request).await?.value;
    till.pay_intent(foreign.id.as_deref().context("no id")?, GOOD)
        .await?;

    let (desk, clock) = watching(&till)?;
    let mut rounds = Rounds::default();
    let before = till.requests("POST", "/search").await?;
    for _ in 0..70 {
        desk.watch_beat(&mut rounds).await;
        clock.run(SECOND);
    }
    assert_eq!(till.requests("POST", "/search").await? - before, 1);
    let found = desk.findings().await?;
    let kinds: Vec<FindingKind> = found.iter().map(|f| f.kind()).collect();
    assert!(
        kinds.contains(&FindingKind::Stranger) && kinds.contains(&FindingKind::Foreign),
        "{found:?}"
    );
    let stranger = found
        .iter()
        .find(|f| f.kind() == FindingKind::Stranger)
        .context("none")?;
    let words = desk.finding_words(stranger).await?;
    // Not whose it is: nobody could forget that here.
    assert!(
        words.starts_with("HF-") && words.contains(": Holdfast on another PC opened this"),
        "{words}"
    );
    assert_eq!(stranger.event.amount(), Some(8_000));
    assert_eq!(
        till.ledger.tabs(true, 10).await?.len(),
        2,
        "nothing is brought in unasked"
    );
    // Told once, and again tomorrow only if there is a further one.
    desk.reconcile_recent().await?;
    assert_eq!(desk.findings().await?, found);
    clock.run(Duration::from_secs(86_400));
    for _ in 0..5 {
        desk.watch_beat(&mut rounds).await;
        clock.run(SECOND);
    }
    assert_eq!(till.requests("POST", "/search").await? - before, 3);
    Ok(())
}

#[tokio::test]
async fn what_changes_on_a_hold_that_is_over_is_found_within_the_day() -> Result<()> {
    let till = Till::open().await?;
    let hold = opened(&till, 0, 1, true).await?.pop().context("no hold")?;
    let all = decide(&hold, OperationKind::Capture, 5_000);
    till.desk.press(all).await?;
    let portal = till.client(KEY)?;
    let some = dojo::RefundRequest {
        amount: 700,
        reason: None,
        notes: None,
    };
    portal
        .refund(
            hold.intent_id.as_deref().context("no intent")?,
            &some,
            "the portal's",
        )
        .await?;
    till.desk.sweep().await?;
    assert!(
        till.desk.findings().await?.is_empty(),
        "nobody looks at it any more"
    );
    till.desk.reconcile_recent().await?;
    let found = till.desk.findings().await?.pop().context("nothing was found")?;
    assert_eq!(
        (found.kind(), found.event.amount()),
        (FindingKind::RefundedElsewhere, Some(700))
    );
    assert_eq!(till.ledger.hold(hold.id).await?.refunded(), 700);
    Ok(())
}

#[tokio::test]
async fn an_amount_that_was_changed_elsewhere_is_told_and_one_changed_here_is_not() -> Result<()> {
    let till = Till::open().await?;
    let hold = opened(&till, 0, 1, false).await?.pop().context("no hold")?;
    let change = |amount| decide(&hold, OperationKind::SetAmount, amount);
    till.desk.press(change(6_000)).await?;
    assert!(till.desk.findings().await?.is_empty());
    let portal = till.client(KEY)?;
    let id = hold.intent_id.as_deref().context("no intent")?;
    portal.set_amount(id, &dojo::Money::new(9_900, "GBP")).await?;
    till.desk.sweep().await?;
    let found = till.desk.findings().await?.pop().context("nothing was found")?;
    assert_eq!(
        (found.kind(), found.event.amount()),
        (FindingKind::AmountDiffers, Some(9_900))
    );
    assert_eq!(
        till.desk.finding_words(&found).await?,
        "Changed elsewhere from £60.00 to £99.00, not from this till"
    );
    Ok(())
}
