//! Training: the simulator inside the app, its clock as the till's, and a few invented tabs to begin with.

use crate::simulator::{Elsewhere, Simulator};
use anyhow::Context;
use chrono::{DateTime, Days, Utc};
use holdfast_desk::{Clock, Desk, OpenTab, SystemClock};
use holdfast_domain::{Currency, Kind};
use holdfast_simulator::{Control, Options, serve};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// Where the guest's page is, so that its links outlive a restart; another one when it is taken.
const GUEST_PAGE_PORT: u16 = 8766;

/// A test card that is accepted.
pub(crate) const GOOD: &str = "5200000000001005";

/// Another that is, for the guests that are there from the start: the first card that somebody adds is on no tab yet,
/// and no note of tabs on the same card stands in a first lesson.
const OTHER_GOOD: &str = "5200000000001096";

/// A test card that is declined.
pub(crate) const DECLINED: &str = "4456530000001013";

/// How often the clock of a simulator that other windows wind on is looked at.
const CLOCK_LOOKED_AT_EVERY: Duration = Duration::from_millis(500);

/// The simulator: the one at `address`, or one of this program's own.
pub(crate) async fn start(folder: &Path, address: Option<&str>) -> anyhow::Result<Arc<Simulator>> {
    let Some(address) = address else {
        return own(folder).await;
    };
    let simulator = Arc::new(Simulator::Elsewhere(Elsewhere::at(address).await?));
    let looked_at = Arc::downgrade(&simulator);
    tokio::spawn(async move {
        while let Some(simulator) = looked_at.upgrade() {
            if let Simulator::Elsewhere(elsewhere) = simulator.as_ref()
                && let Err(error) = elsewhere.look_at_clock().await
            {
                tracing::debug!(%error, "the simulator doesn’t say the time");
            }
            drop(simulator);
            tokio::time::sleep(CLOCK_LOOKED_AT_EVERY).await;
        }
    });
    Ok(simulator)
}

/// Starts one with its state under `folder`. No other program on this computer is told its key.
async fn own(folder: &Path) -> anyhow::Result<Arc<Simulator>> {
    let options = |port| Options {
        address: ([127, 0, 0, 1], port).into(),
        public_url: None,
        data: Some(folder.join("simulator")),
        seed: None,
        // What drives it here calls it; only those who may read the folder may do so over HTTP.
        control: Control::Keyed,
    };
    let running = match serve(options(GUEST_PAGE_PORT)).await {
        Ok(running) => running,
        Err(_) => serve(options(0)).await?,
    };
    Ok(Arc::new(Simulator::Here(running)))
}

/// The simulator's clock, so that winding it on moves the whole training world.
pub(crate) struct TrainingClock(pub(crate) Arc<Simulator>);

impl Clock for TrainingClock {
    fn now(&self) -> DateTime<Utc> {
        self.0.now().unwrap_or_else(|_| SystemClock.now())
    }

    fn wall(&self) -> DateTime<Utc> {
        SystemClock.now()
    }

    fn steady(&self) -> Duration {
        // It is never wound back, so the span since it was built is as steady as it is.
        let since = self
            .0
            .now()
            .ok()
            .map(|now| now.signed_duration_since(DateTime::UNIX_EPOCH));
        since
            .and_then(|s| s.to_std().ok())
            .unwrap_or_else(|| SystemClock.steady())
    }

    /// The computer's own: winding the training world on ends no permit.
    fn since_boot(&self) -> Duration {
        SystemClock.since_boot()
    }

    fn uuid(&self) -> Uuid {
        SystemClock.uuid()
    }

    fn zone(&self) -> String {
        SystemClock.zone()
    }
}

/// Invented guests, so that the first minute has something to look at.
pub(crate) async fn invent_tabs(desk: &Desk, simulator: &Simulator) -> anyhow::Result<()> {
    let guests = [
        (
            Kind::Deposit,
            "Room 21, I. Vented",
            "Second floor",
            "250",
            None,
            true,
        ),
        (Kind::Tab, "Stool 4, Made-up", "Bar", "50", None, false),
        (
            Kind::Tab,
            "Booth 2, Example party",
            "Bar",
            "200",
            Some("118.50"),
            true,
        ),
        (
            Kind::Tab,
            "Table 9, Pretend",
            "Terrace",
            "100",
            Some("92.40"),
            true,
        ),
        (
            Kind::Tab,
            "Table 5, Sample",
            "Terrace",
            "100",
            Some("31.20"),
            true,
        ),
    ];
    let today = desk.floor().await?.today;
    for (kind, name, place, amount, round, has_paid) in guests {
        let tab = desk
            .open_tab(OpenTab {
                place: Some(place.to_owned()),
                arrives_on: Some(today),
                departs_on: today.checked_add_days(Days::new(2)),
                note: Some("Invented, for training.".to_owned()),
                ..OpenTab::of(kind, name, amount, Currency::Gbp)
            })
            .await?;
        if let Some(round) = round {
            desk.add_line(tab, Some("First round".to_owned()), 1, round)
                .await?;
        }
        if !has_paid {
            continue;
        }
        let view = desk.tab(tab).await?;
        let intent = view.holds.first().and_then(|hold| hold.intent_id.as_deref());
        let intent = intent.context("the hold has no intent")?;
        simulator.pay(intent, OTHER_GOOD).await?;
    }
    Ok(())
}
