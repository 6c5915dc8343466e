//! A till that is stopped in the middle of a take, as a PC is that sleeps, while the others go on, and that wakes when
//! its permit is over: no bill is taken twice, no request leaves that others may have given up, and each window says
//! what is so.

use crate::browser::Window;
use crate::desktop::Desktop;
use crate::id;
use crate::sandbox::dojo;
use crate::two_tills::{Cluster, held, joined};
use crate::wires::{Side, Wires};
use anyhow::{Context, Result, ensure};
use holdfast_simulator::Running;
use serde_json::Value;
use std::time::{Duration, Instant};

/// A bit longer than a permit lasts.
const PAST_ITS_PERMIT: Duration = Duration::from_secs(11);

/// What the ledger is sent with a decision, and with what became of it.
const DECISION: &str = "holdfast_1.intend(";
const RECORD: &str = "holdfast_1.record(";

/// Before what in a take a till is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// It has said its decision, and the ledger hasn't heard of it.
    Commit,
    /// The ledger has its decision, and its request hasn't left.
    Request,
    /// Dojo has done what it asked for, and the answer isn't there yet.
    Answer,
    /// It has Dojo's answer, and the ledger hasn't heard of it.
    Record,
}

/// A window with wires of its own.
pub(crate) struct Till {
    pub(crate) window: Window,
    pub(crate) wires: Wires,
}

impl Till {
    pub(crate) async fn open(
        desktop: &Desktop,
        dojo: &Running,
        cluster: &Cluster,
        [who, name]: [&str; 2],
    ) -> Result<Self> {
        let wires = Wires::to(&cluster.socket(), &dojo.base_url()).await?;
        let code = cluster.code_at(&wires.ledger_address(), name).await?;
        let window = joined(desktop, &wires.dojo_url(), who, name, &code).await?;
        Ok(Self { window, wires })
    }

    /// Its sheet says so much, and a press on the button takes it.
    pub(crate) async fn is_about_to_take(&self, guest: &str, amount: &str) -> Result<()> {
        let window = &self.window;
        window.press(&row(guest)).await?;
        window.reads(&id("panel"), guest).await?;
        window.press(&id("take")).await?;
        window
            .reads(&id("take-confirm"), &format!("Take {amount}"))
            .await?;
        window.see(&format!("{}:enabled", id("take-confirm"))).await
    }

    /// Takes so much, from the press to the end.
    pub(crate) async fn takes(&self, guest: &str, amount: &str) -> Result<()> {
        self.is_about_to_take(guest, amount).await?;
        self.window.press(&id("take-confirm")).await?;
        self.window.gone("dialog").await?;
        self.window.reads(&state(guest), &format!("Paid {amount}")).await
    }

    /// Takes £40.00, and is stopped on the way.
    async fn freezes(&self, guest: &str, step: Step) -> Result<()> {
        let (ledger, dojo) = (&self.wires.ledger, &self.wires.dojo);
        self.is_about_to_take(guest, "£40.00").await?;
        match step {
            Step::Commit | Step::Request => ledger.hold(DECISION, Side::Question),
            Step::Answer | Step::Record => dojo.hold("/captures", Side::Answer),
        }
        self.window.press(&id("take-confirm")).await?;
        match step {
            Step::Commit | Step::Request => ledger.holds().await?,
            Step::Answer => dojo.holds().await?,
            Step::Record => {
                dojo.holds().await?;
                ledger.hold(RECORD, Side::Question);
                dojo.release();
                ledger.holds().await?;
            }
        }
        self.window.freeze()?;
        match step {
            // This happens while it sleeps.
            Step::Request => ledger.release(),
            Step::Answer => dojo.release(),
            // And this when it has woken.
            Step::Commit | Step::Record => {}
        }
        Ok(())
    }

    /// Wakes, and whatever was held back goes on.
    fn wakes(&self) -> Result<()> {
        self.window.wake()?;
        self.wires.ledger.release();
        Ok(())
    }

    /// What a watch comes to by itself may take longer than a step in a window.
    pub(crate) async fn comes_to_say(&self, guest: &str, words: &str, patience: Duration) -> Result<()> {
        let begun = Instant::now();
        loop {
            let shown = self.window.text(&state(guest)).await?;
            if shown.contains(words) {
                return Ok(());
            }
            ensure!(
                begun.elapsed() < patience,
                "{guest} is “{shown}” and not “{words}”"
            );
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Its sheet says who took the bill meanwhile and how much, and its button sleeps.
    pub(crate) async fn is_told(&self, amount: &str, by: &str) -> Result<()> {
        let window = &self.window;
        window
            .reads(&id("changed"), &format!("{amount} was taken"))
            .await?;
        window.reads(&id("changed"), by).await?;
        window.see(&format!("{}:disabled", id("take-confirm"))).await?;
        window.keys("\u{e00c}").await?;
        window.gone("dialog").await
    }
}

pub(crate) fn row(guest: &str) -> String {
    format!("[data-name='{guest}']")
}

pub(crate) fn state(guest: &str) -> String {
    format!("[data-name='{guest}'] .state")
}

/// By Dojo's own books: of each hold, in order, what was taken and how many requests to take it came.
pub(crate) fn books(dojo: &Running) -> Result<Vec<(i64, usize)>> {
    let truth = dojo.truth()?;
    let list = |name: &str| truth[name].as_array().cloned().unwrap_or_default();
    let requests = list("requests");
    let asked = |intent: &Value| -> Option<usize> {
        let path = format!("/payment-intents/{}/captures", intent["id"].as_str()?);
        let is_it = |request: &&Value| request["path"] == path.as_str();
        Some(requests.iter().filter(is_it).count())
    };
    let of = |intent: &Value| Some((intent["captured"].as_i64()?, asked(intent)?));
    list("intents")
        .iter()
        .map(|intent| of(intent).context("a hold without an id or a sum"))
        .collect()
}

/// Two tills freeze at a time, one at one step and one at the next, while a third goes on; it has the watch.
struct Evening {
    bar: Till,
    cellar: Till,
    terrace: Till,
    dojo: Running,
    _cluster: Cluster,
    _desktop: Desktop,
}

impl Evening {
    async fn begin() -> Result<Self> {
        let (desktop, dojo, cluster) = (Desktop::start().await?, dojo(0).await?, Cluster::start().await?);
        let terrace = Till::open(&desktop, &dojo, &cluster, ["Sam", "Terrace"]).await?;
        let bar = Till::open(&desktop, &dojo, &cluster, ["Kim", "Bar"]).await?;
        let cellar = Till::open(&desktop, &dojo, &cluster, ["Alex", "Cellar"]).await?;
        for guest in ["Niamh", "Otto", "Priya", "Quentin"] {
            held(&terrace.window, &dojo, guest).await?;
        }
        for window in [&bar.window, &cellar.window] {
            window.reads(&row("Quentin"), "£40.00").await?;
        }
        Ok(Self {
            bar,
            cellar,
            terrace,
            dojo,
            _cluster: cluster,
            _desktop: desktop,
        })
    }

    /// Wakes both, once they have slept for that span at least.
    async fn both_wake(&self, slept_since: Instant, span: Duration) -> Result<()> {
        tokio::time::sleep(span.saturating_sub(slept_since.elapsed())).await;
        self.bar.wakes()?;
        self.cellar.wakes()
    }

    /// Each in every window, in the end.
    async fn all_say(&self, guest: &str, words: &str) -> Result<()> {
        for till in [&self.bar, &self.cellar, &self.terrace] {
            till.window.reads(&state(guest), words).await?;
        }
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_till_that_sleeps_in_a_take_past_its_permit_takes_no_bill_that_another_till_took() -> Result<()> {
    let evening = Evening::begin().await?;
    let Evening {
        bar, cellar, terrace, ..
    } = &evening;
    bar.freezes("Niamh", Step::Commit).await?;
    cellar.freezes("Otto", Step::Request).await?;
    let slept_since = Instant::now();
    // Once it's heard of, its row is another: who presses meanwhile presses the one that came into its place.
    terrace.window.reads(&state("Otto"), "Sending").await?;
    terrace.takes("Niamh", "£40.00").await?;
    // What the other is about to send stands in the way of a take, and of nothing else.
    terrace.window.press(&row("Otto")).await?;
    terrace.window.reads(&id("panel"), "Otto").await?;
    ensure!(terrace.window.count(&format!("{}:enabled", id("take"))).await? == 0);
    terrace.window.fill(&id("line-amount"), "2").await?;
    terrace.window.press(&id("line-add")).await?;
    // Beyond what is on its way.
    terrace.window.reads(&row("Otto"), "£2.00").await?;
    evening.both_wake(slept_since, PAST_ITS_PERMIT).await?;
    bar.is_told("£40.00", "Sam").await?;
    cellar
        .window
        .reads(&id("toast"), "The take of £40.00 wasn’t sent")
        .await?;
    cellar.window.shot("frozen").await?;
    // The hold stands, and Attention says what wasn't sent.
    evening.all_say("Otto", "On hold").await?;
    // So it's free to be taken, by whichever till.
    terrace.takes("Otto", "£42.00").await?;

    bar.freezes("Priya", Step::Answer).await?;
    cellar.freezes("Quentin", Step::Record).await?;
    let slept_since = Instant::now();
    for guest in ["Priya", "Quentin"] {
        terrace.window.press(&row(guest)).await?;
        terrace.window.reads(&id("panel"), guest).await?;
        ensure!(terrace.window.count(&format!("{}:enabled", id("take"))).await? == 0);
    }
    evening.both_wake(slept_since, PAST_ITS_PERMIT).await?;
    for till in [bar, cellar] {
        till.window.gone("dialog").await?;
    }
    for (guest, words) in [
        ("Niamh", "Paid £40.00"),
        ("Otto", "Paid £42.00"),
        ("Priya", "Paid £40.00"),
        ("Quentin", "Paid £40.00"),
    ] {
        evening.all_say(guest, words).await?;
    }
    let books = books(&evening.dojo)?;
    ensure!(
        books == [(4_000, 1), (4_200, 1), (4_000, 1), (4_000, 1)],
        "{books:?}"
    );
    Ok(())
}

/// Long enough for the others to conclude that it never sent. `cargo xtask soak` runs it.
#[cfg(feature = "soak")]
mod soak {
    use super::*;

    const LONG: Duration = Duration::from_secs(180);

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_till_that_sleeps_in_a_take_until_the_others_gave_it_up_sends_nothing() -> Result<()> {
        let evening = Evening::begin().await?;
        let Evening {
            bar, cellar, terrace, ..
        } = &evening;
        bar.freezes("Niamh", Step::Commit).await?;
        cellar.freezes("Otto", Step::Request).await?;
        let slept_since = Instant::now();
        terrace.takes("Niamh", "£40.00").await?;
        terrace.window.reads(&state("Otto"), "Sending").await?;
        terrace
            .comes_to_say("Otto", "No record at Dojo", 2 * LONG)
            .await?;
        ensure!(
            slept_since.elapsed() > Duration::from_secs(150),
            "it was given up while it might have been sent"
        );
        terrace.takes("Otto", "£40.00").await?;
        evening.both_wake(slept_since, LONG).await?;
        bar.is_told("£40.00", "Sam").await?;
        cellar.window.reads(&id("toast"), "Dojo has no record").await?;
        for guest in ["Niamh", "Otto"] {
            evening.all_say(guest, "Paid £40.00").await?;
        }

        bar.freezes("Priya", Step::Answer).await?;
        cellar.freezes("Quentin", Step::Record).await?;
        let slept_since = Instant::now();
        for guest in ["Priya", "Quentin"] {
            terrace.comes_to_say(guest, "Paid £40.00", LONG).await?;
        }
        evening.both_wake(slept_since, LONG).await?;
        for till in [bar, cellar] {
            till.window.gone("dialog").await?;
        }
        for guest in ["Niamh", "Otto", "Priya", "Quentin"] {
            evening.all_say(guest, "Paid £40.00").await?;
        }
        let books = books(&evening.dojo)?;
        ensure!(books == [(4_000, 1); 4], "{books:?}");
        Ok(())
    }
}
