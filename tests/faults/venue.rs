//! A simulator, a data folder, and as many tills on it as an attack wants.

use anyhow::{Context, Result, ensure};
use holdfast_desk::{Decision, Desk, LinkEnds, Mode, OpenTab};
use holdfast_dojo::{ApiKey, Client, HttpTransport, RefundRequest};
use holdfast_domain::{Currency, Hold, Kind, OperationKind, OperationState, TabId};
use holdfast_ledger::LedgerError;
use holdfast_ledger::prelude::*;
use holdfast_ledger_sqlite::SqliteLedger;
use holdfast_simulator::{Options, Running, engine::Fault, serve};
use holdfast_tests::press::Press;
use holdfast_tests::{GOOD, KEY, clock::WoundClock};
use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

/// What an attack asks for on every hold, and what it takes or gives back of it.
pub(crate) const HELD: &str = "50";
/// Less than half of [`HELD`], so that Dojo itself would not refuse it a second time.
pub(crate) const TAKEN: i64 = 1_000;

/// What an unpaid hold is changed to, and the tip that it is given.
pub(crate) const CHANGED: i64 = 4_000;
pub(crate) const TIP: i64 = 300;
/// Where a receipt goes.
pub(crate) const EMAIL: &str = "guest@example.com";

/// Dojo and the venue's disk; both outlive the tills.
pub(crate) struct Venue {
    clock: Arc<WoundClock>,
    simulator: Running,
    folder: tempfile::TempDir,
}

/// A till on a venue's data folder.
#[derive(Clone)]
pub(crate) struct Seat {
    /// What staff use.
    pub(crate) desk: Arc<Desk>,
    /// What they decided.
    pub(crate) ledger: Arc<SqliteLedger>,
}

impl Venue {
    pub(crate) async fn open() -> Result<Self> {
        let simulator = serve(Options {
            address: ([127, 0, 0, 1], 0).into(),
            public_url: None,
            data: None,
            seed: None,
            control: holdfast_simulator::Control::Open,
        })
        .await?;
        Ok(Self {
            clock: Arc::default(),
            simulator,
            folder: shelf()?,
        })
    }

    /// Where Dojo is.
    pub(crate) fn address(&self) -> String {
        self.simulator.base_url()
    }

    /// The folder that the command line is given.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("till")
    }

    /// A till that reaches Dojo through `base` and waits so long for an answer.
    pub(crate) fn till(&self, base: &str, limit: Duration) -> Result<Seat> {
        self.till_on(&self.data(), base, limit)
    }

    /// A till with nothing between it and Dojo, on another disk than the venue's.
    pub(crate) fn till_elsewhere(&self, data: &Path) -> Result<Seat> {
        self.till_on(data, &self.address(), Duration::from_secs(30))
    }

    fn till_on(&self, data: &Path, base: &str, limit: Duration) -> Result<Seat> {
        let key = ApiKey::parse(KEY)?;
        let folder = Mode::of(&key).folder(data);
        let mut tries = 0;
        let ledger = loop {
            match SqliteLedger::open(&folder) {
                // A process that has just ended may still be letting go of it.
                Err(LedgerError::InUse) if tries < 100 => tries += 1,
                opened => break Arc::new(opened?),
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        let transport = HttpTransport::new(base, limit).map_err(anyhow::Error::msg)?;
        let client = Client::new(Arc::new(transport), key);
        Ok(Seat {
            desk: Arc::new(Desk::new(ledger.clone(), client, self.clock.clone())),
            ledger,
        })
    }

    /// A till with nothing between it and Dojo.
    pub(crate) fn plain_till(&self) -> Result<Seat> {
        self.till(&self.address(), Duration::from_secs(30))
    }

    /// Winds Dojo's clock on; the tills follow it.
    pub(crate) fn wind(&self, span: &str) -> Result<()> {
        self.clock.wind(span)?;
        self.simulator.wind_on(span).map(drop)
    }

    /// Orders a fault for the next `times` requests.
    pub(crate) fn fault(&self, operation: &str, fault: &str, times: usize, delay: i64) -> Result<()> {
        self.simulator.order(Fault {
            operation: operation.to_owned(),
            fault: fault.to_owned(),
            times: u32::try_from(times)?,
            byte: None,
            delay: Some(delay),
        })
    }

    /// Dojo's own record of everything.
    pub(crate) fn truth(&self) -> Result<Value> {
        self.simulator.truth()
    }

    /// Another till takes of a hold.
    pub(crate) async fn take_elsewhere(&self, hold: &Hold) -> Result<()> {
        let intent = hold.intent_id.as_deref().context("no intent")?;
        let taken = self.another_till()?.capture(intent, TAKEN, None).await;
        ensure!(taken.is_ok(), "another till could not take: {taken:?}");
        Ok(())
    }

    /// The same of a refund.
    pub(crate) async fn refund_elsewhere(&self, hold: &Hold) -> Result<()> {
        let intent = hold.intent_id.as_deref().context("no intent")?;
        let request = RefundRequest {
            amount: TAKEN,
            reason: None,
            notes: None,
        };
        let refunded = self
            .another_till()?
            .refund(intent, &request, "another till's")
            .await;
        ensure!(refunded.is_ok(), "another till could not refund: {refunded:?}");
        Ok(())
    }

    fn another_till(&self) -> Result<Client> {
        let transport = HttpTransport::new(&self.address(), Duration::from_secs(30));
        let transport = transport.map_err(anyhow::Error::msg)?;
        Ok(Client::new(Arc::new(transport), ApiKey::parse(KEY)?))
    }

    /// The guest pays.
    pub(crate) fn pay(&self, hold: &Hold) -> Result<()> {
        let intent = hold.intent_id.as_deref().context("no intent")?;
        self.simulator.pay(intent, GOOD).map(drop)
    }

    /// A tab on which `kind` can be done next.
    pub(crate) async fn ready(&self, seat: &Seat, kind: OperationKind, name: &str) -> Result<Hold> {
        self.ready_with(seat, kind, name, HELD).await
    }

    /// As [`Self::ready`], with so much asked for.
    pub(crate) async fn ready_with(
        &self,
        seat: &Seat,
        kind: OperationKind,
        name: &str,
        amount: &str,
    ) -> Result<Hold> {
        let is_change = matches!(kind, OperationKind::SetAmount | OperationKind::SetTips);
        let typed = OpenTab {
            allow_change: is_change,
            ..typed(name, amount)
        };
        let tab = seat.desk.open_tab(typed).await?;
        let hold = newest(seat, tab).await?;
        if is_change || kind == OperationKind::Cancel {
            return Ok(hold);
        }
        self.pay(&hold)?;
        if matches!(kind, OperationKind::Refund | OperationKind::Receipt) {
            seat.desk.read(hold.id).await?;
            let taken = seat.desk.press(decide(&hold, OperationKind::Capture)).await?;
            ensure!(taken.state == OperationState::Succeeded, "nothing to give back");
        }
        if kind == OperationKind::Capture {
            // What is taken is on the bill.
            let bill = format!("{}", TAKEN / 100);
            seat.desk.add_line(tab, None, 1, &bill).await?;
        }
        Ok(seat.desk.read(hold.id).await?)
    }
}

/// Memory where there is some, for a disk's speed is not what is attacked here: whatever is asked of the
/// system is asked all the same.
pub(crate) fn shelf() -> Result<tempfile::TempDir> {
    let memory = Path::new("/dev/shm");
    Ok(if memory.is_dir() {
        tempfile::tempdir_in(memory)?
    } else {
        tempfile::tempdir()?
    })
}

/// The tab's newest hold, as the ledger has it.
pub(crate) async fn newest(seat: &Seat, tab: TabId) -> Result<Hold> {
    newest_of(&seat.ledger, tab).await
}

/// The same, from the ledger alone.
pub(crate) async fn newest_of(ledger: &SqliteLedger, tab: TabId) -> Result<Hold> {
    ledger.holds(tab).await?.pop().context("the tab has no hold")
}

/// A new decision of that kind.
pub(crate) fn decide(hold: &Hold, kind: OperationKind) -> Decision {
    let amount = match kind {
        OperationKind::Capture | OperationKind::Refund => TAKEN,
        OperationKind::SetAmount => CHANGED,
        _ => 0,
    };
    Decision {
        tip: if kind == OperationKind::SetTips { TIP } else { 0 },
        reason: (kind == OperationKind::Receipt).then(|| EMAIL.to_owned()),
        ..holdfast_tests::decide(hold, kind, amount)
    }
}

/// What staff type to open a tab.
pub(crate) fn typed(name: &str, amount: &str) -> OpenTab {
    OpenTab {
        link_ends: Some(LinkEnds::Day),
        ..OpenTab::of(Kind::Tab, name, amount, Currency::Gbp)
    }
}
