//! A till and a Dojo that answers from as far away as is wanted, and the same requests without a till.

use anyhow::{Context, Result, ensure};
use holdfast_desk::{Desk, SystemClock};
use holdfast_dojo::{ApiKey, Client, HttpTransport, VERSION};
use holdfast_domain::{HoldId, Kind, TabId};
use holdfast_ledger::Ledger;
use holdfast_ledger_sqlite::SqliteLedger;
use holdfast_simulator::{Options, Running, serve};
use holdfast_tests::{GOOD, KEY, typed};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What each tab's bill comes to, in minor units.
pub(crate) const BILL: i64 = 2_500;

/// A simulated Dojo without a file.
///
/// # Errors
/// When it can't listen.
pub(crate) async fn dojo() -> Result<Running> {
    serve(Options {
        address: ([127, 0, 0, 1], 0).into(),
        public_url: None,
        data: None,
        seed: None,
        control: holdfast_simulator::Control::Open,
    })
    .await
}

/// A desk on the ledger in `folder`, over the wire that the app has.
///
/// # Errors
/// When the ledger can't be opened.
pub(crate) fn desk(folder: &Path, url: &str) -> Result<(Arc<Desk>, Arc<SqliteLedger>)> {
    let ledger = Arc::new(SqliteLedger::open(folder)?);
    let desk = Desk::new(ledger.clone(), client(url)?, Arc::new(SystemClock));
    Ok((Arc::new(desk), ledger))
}

/// Dojo's client, over the wire that the app has.
///
/// # Errors
/// When it can't be made.
pub(crate) fn client(url: &str) -> Result<Client> {
    let wire = HttpTransport::new(url, Duration::from_secs(30)).map_err(anyhow::Error::msg)?;
    Ok(Client::new(Arc::new(wire), ApiKey::parse(KEY)?))
}

/// A tab that is paid and read, ready to be taken from.
#[derive(Debug, Clone)]
pub(crate) struct Ready {
    pub(crate) tab: TabId,
    pub(crate) hold: HoldId,
    pub(crate) intent: String,
}

/// Opens so many tabs with a bill.
///
/// # Errors
/// The desk's and the simulator's.
pub(crate) async fn ready(
    desk: &Desk,
    ledger: &Arc<impl Ledger>,
    dojo: &Running,
    count: usize,
) -> Result<Vec<Ready>> {
    let mut all = Vec::new();
    for number in 1..=count {
        let tab = desk
            .open_tab(typed(Kind::Tab, &format!("Guest {number}"), "100"))
            .await?;
        let hold = ledger.holds(tab).await?.pop().context("no hold")?;
        let intent = hold.intent_id.context("no intent")?;
        dojo.pay(&intent, GOOD)?;
        desk.add_line(tab, None, 1, "25").await?;
        desk.read(hold.id).await?;
        all.push(Ready {
            tab,
            hold: hold.id,
            intent,
        });
    }
    Ok(all)
}

/// The bare requests, on a connection that is kept.
#[derive(Clone)]
pub(crate) struct Bare {
    http: reqwest::Client,
    url: String,
}

/// How long after its beginning a bare exchange had come so far.
pub(crate) struct Stations {
    /// Read and captured.
    pub(crate) captured: Duration,
    /// And read again.
    pub(crate) read_again: Duration,
}

impl Bare {
    pub(crate) fn new(url: &str) -> Result<Self> {
        let http = reqwest::Client::builder().no_proxy().tls_certs_only([]).build()?;
        Ok(Self {
            http,
            url: url.to_owned(),
        })
    }

    pub(crate) async fn get(&self, intent: &str) -> Result<()> {
        let url = format!("{}/payment-intents/{intent}?returnCanceled=true", self.url);
        self.whole(self.http.get(url)).await
    }

    pub(crate) async fn capture(&self, intent: &str) -> Result<()> {
        let url = format!("{}/payment-intents/{intent}/captures", self.url);
        let body = serde_json::json!({ "amount": BILL });
        self.whole(self.http.post(url).json(&body)).await
    }

    /// GET, POST and GET again.
    pub(crate) async fn get_capture_get(&self, intent: &str) -> Result<Stations> {
        let begun = Instant::now();
        self.get(intent).await?;
        self.capture(intent).await?;
        let captured = begun.elapsed();
        self.get(intent).await?;
        Ok(Stations {
            captured,
            read_again: begun.elapsed(),
        })
    }

    async fn whole(&self, request: reqwest::RequestBuilder) -> Result<()> {
        let answer = request
            .header("Authorization", format!("Basic {KEY}"))
            .header("version", VERSION)
            .send()
            .await?;
        let (status, body) = (answer.status(), answer.bytes().await?);
        ensure!(
            status.is_success(),
            "{status}: {}",
            String::from_utf8_lossy(&body)
        );
        Ok(())
    }
}

/// The paths of all captures that the simulator was asked for, in order.
///
/// # Errors
/// When it is shut down.
pub(crate) fn captures(dojo: &Running) -> Result<Vec<String>> {
    let truth = dojo.truth()?;
    let log = truth["requests"].as_array().context("no log of requests")?;
    let paths = log.iter().filter_map(|request| request["path"].as_str());
    Ok(paths
        .filter(|path| path.ends_with("/captures"))
        .map(str::to_owned)
        .collect())
}
