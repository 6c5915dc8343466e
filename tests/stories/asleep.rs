//! The PC sleeps: deadlines are instants, so what came due meanwhile is said at the first look.

use crate::decide;
use anyhow::{Context, Result};
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_desk::view::StateCode;
use holdfast_desk::{Clock, Desk, ErrorCode, SystemClock, view::Tone};
use holdfast_domain::{Kind, OperationKind};
use holdfast_tests::press::Press;
use holdfast_tests::{GOOD, KEY, Till};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The PC's clock, which goes on while the PC sleeps. No timer in this process does.
#[derive(Default)]
struct Waking(Mutex<TimeDelta>);

impl Waking {
    fn slept(&self, span: TimeDelta) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += span;
    }
}

#[async_trait]
impl Clock for Waking {
    fn now(&self) -> DateTime<Utc> {
        SystemClock.now() + *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn steady(&self) -> Duration {
        SystemClock.steady()
    }

    fn since_boot(&self) -> Duration {
        let slept = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        SystemClock.since_boot() + slept.to_std().unwrap_or_default()
    }

    fn uuid(&self) -> uuid::Uuid {
        SystemClock.uuid()
    }
}

#[tokio::test]
async fn what_came_due_while_the_pc_slept_is_said_before_anybody_is_asked() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Tab, "Table 12", "50").await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    let hold = till.hold(tab).await?;
    let clock = Arc::new(Waking::default());
    let desk = Desk::new(till.ledger.clone(), till.client(KEY)?, clock.clone());
    assert!(desk.floor().await?.banners.is_empty());

    // A hold is asked for 6 days and 23 hours. The network is not back yet.
    till.plug(false)?;
    till.wind("6.18:00:05").await?;
    clock.slept(TimeDelta::hours(6 * 24 + 18) + TimeDelta::seconds(5));
    let floor = desk.floor().await?;
    let deadline = floor.rows[0].deadline.clone().context("no deadline")?;
    // The safe time is past as well.
    assert_eq!((deadline.threshold, deadline.tone), (Some(0), Tone::Bad));
    let told: Vec<&str> = floor.banners.iter().map(|banner| banner.words.as_str()).collect();
    assert!(
        told.contains(&"Table 12: Dojo releases £50.00 in 4 hours."),
        "{told:?}"
    );

    // Asleep again, past the end.
    till.wind("06:00:00").await?;
    clock.slept(TimeDelta::hours(6));
    assert_eq!(desk.floor().await?.rows[0].state.code, StateCode::Overdue);
    till.plug(true)?;
    let take = decide(&hold, OperationKind::Capture, 1_000);
    let refused = desk.press(take).await.err().context("it was sent")?;
    assert_eq!(refused.code, ErrorCode::Changed, "{refused}");
    assert_eq!(till.requests("POST", "/captures").await?, 0);
    assert_eq!(desk.floor().await?.rows[0].state.code, StateCode::Expired);
    Ok(())
}
