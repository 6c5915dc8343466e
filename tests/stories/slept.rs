//! The PC falls asleep between a decision and its request. Another till may have concluded by then that it never left.

use crate::decide;
use anyhow::{Context, Result};
use holdfast_desk::Desk;
use holdfast_domain::{Detail, Hold, Kind, NoAnswer, OperationKind, OperationState};
use holdfast_ledger::Permit;
use holdfast_ledger::prelude::*;
use holdfast_tests::counting::CountingLedger;
use holdfast_tests::press::Press;
use holdfast_tests::stepped::SteppedClock;
use holdfast_tests::{GOOD, KEY, Till};
use std::sync::Arc;
use std::time::Duration;

const TEN_SECONDS: Permit = Permit::For(Duration::from_secs(10));

/// A till whose ledger gives permits, with £50 on hold.
struct Shared {
    till: Till,
    ledger: Arc<CountingLedger>,
    clock: Arc<SteppedClock>,
    desk: Desk,
    hold: Hold,
}

async fn shared() -> Result<Shared> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Tab, "Table 12", "50").await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    let ledger = Arc::new(CountingLedger::over(till.ledger.clone()));
    let clock = Arc::new(SteppedClock::begin());
    let desk = Desk::new(ledger.clone(), till.client(KEY)?, clock.clone());
    let hold = till.hold(tab).await?;
    desk.read(hold.id).await?;
    Ok(Shared {
        till,
        ledger,
        clock,
        desk,
        hold,
    })
}

impl Shared {
    /// The PC sleeps for `span` whenever the ledger has made a decision durable.
    fn sleeps_for(&self, span: Duration) {
        let clock = self.clock.clone();
        self.ledger.give(TEN_SECONDS, move || clock.asleep(span));
    }

    async fn sent(&self, path: &str) -> Result<usize> {
        self.till.requests("POST", path).await
    }
}

#[tokio::test]
async fn a_pc_that_sleeps_between_decision_and_request_sends_nothing() -> Result<()> {
    let shared = shared().await?;
    shared.sleeps_for(Duration::from_secs(11));
    for (kind, amount, path) in [
        (OperationKind::Capture, 1_000, "/captures"),
        (OperationKind::Reversal, 0, "/reversal"),
    ] {
        let decided = shared.desk.press(decide(&shared.hold, kind, amount)).await?;
        assert_eq!(decided.state, OperationState::NotSent, "{kind:?}");
        assert_eq!(decided.detail, Some(Detail::NoAnswer(NoAnswer::PermitOver)));
        assert_eq!(shared.sent(path).await?, 0, "{kind:?}");
        let kept = shared.till.ledger.operation(decided.id).await?;
        assert_eq!(kept.context("it is lost")?.state, OperationState::NotSent);
    }
    assert!(shared.desk.floor().await?.online, "Dojo had no part in it");

    // Nothing was sent, so a person is free to decide again.
    shared.sleeps_for(Duration::from_secs(9));
    let again = decide(&shared.hold, OperationKind::Capture, 1_000);
    assert_eq!(shared.desk.press(again).await?.state, OperationState::Succeeded);
    assert_eq!(shared.sent("/captures").await?, 1);
    Ok(())
}

#[tokio::test]
async fn a_clock_that_somebody_sets_shortens_no_permit_and_lengthens_none() -> Result<()> {
    for hours in [-2, 2] {
        let shared = shared().await?;
        let clock = shared.clock.clone();
        shared
            .ledger
            .give(TEN_SECONDS, move || clock.set(chrono::TimeDelta::hours(hours)));
        let take = decide(&shared.hold, OperationKind::Capture, 1_000);
        let taken = shared.desk.press(take).await?;
        assert_eq!(taken.state, OperationState::Succeeded, "{hours} hours");
    }
    Ok(())
}
