//! The old PC is gone. With the key and an empty folder the new one knows what is open, to the penny.

use crate::capture;
use anyhow::{Context, Result, ensure};
use holdfast_desk::{Desk, OpenTab};
use holdfast_dojo::{self as dojo, ApiKey, Client, HttpTransport};
use holdfast_domain::{Hold, Kind, TabId};
use holdfast_ledger::prelude::*;
use holdfast_ledger_sqlite::SqliteLedger;
use holdfast_simulator::{Options, Running, serve};
use holdfast_tests::press::Press;
use holdfast_tests::{GOOD, KEY, stepped::SteppedClock, typed};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// A PC of the venue: its desk and its ledger.
struct Pc {
    desk: Desk,
    ledger: Arc<SqliteLedger>,
    _folder: tempfile::TempDir,
}

struct Venue {
    simulator: Running,
    http: reqwest::Client,
}

impl Venue {
    async fn open() -> Result<Self> {
        let simulator = serve(Options {
            address: ([127, 0, 0, 1], 0).into(),
            public_url: None,
            data: None,
            seed: None,
            control: holdfast_simulator::Control::Open,
        })
        .await?;
        Ok(Self {
            simulator,
            http: reqwest::Client::new(),
        })
    }

    fn client(&self) -> Result<Client> {
        let wire = HttpTransport::new(&self.simulator.base_url(), Duration::from_secs(30));
        Ok(Client::new(
            Arc::new(wire.map_err(anyhow::Error::msg)?),
            ApiKey::parse(KEY)?,
        ))
    }

    fn pc(&self) -> Result<Pc> {
        let folder = tempfile::tempdir()?;
        let ledger = Arc::new(SqliteLedger::open(folder.path())?);
        let clock = Arc::new(SteppedClock::begin());
        Ok(Pc {
            desk: Desk::new(ledger.clone(), self.client()?, clock),
            ledger,
            _folder: folder,
        })
    }

    async fn fault(&self, fault: &str, times: u32) -> Result<()> {
        let order = json!({ "operation": "search", "fault": fault, "times": times });
        let url = format!("{}/_simulator/faults", self.simulator.base_url());
        self.http
            .post(url)
            .json(&order)
            .send()
            .await?
            .error_for_status()?;
        Ok(())
    }

    async fn truth(&self) -> Result<Value> {
        let url = format!("{}/_simulator/truth", self.simulator.base_url());
        Ok(self
            .http
            .get(url)
            .send()
            .await?
            .error_for_status()?
            .json()
            .await?)
    }

    fn pay(&self, hold: &Hold) -> Result<()> {
        let intent = hold.intent_id.as_deref().context("no intent")?;
        self.simulator.pay(intent, GOOD).map(drop)
    }
}

/// What the old PC had open: 150 tabs of all kinds, in all states.
async fn evening(venue: &Venue, pc: &Pc) -> Result<Vec<TabId>> {
    let mut tabs = Vec::new();
    for number in 0..150_usize {
        let kind = if number % 3 == 0 { Kind::Deposit } else { Kind::Tab };
        let tab = pc
            .desk
            .open_tab(OpenTab {
                place: (number % 2 == 0).then(|| format!("Room {number}")),
                arrives_on: (kind == Kind::Deposit)
                    .then(|| "2026-11-28".parse())
                    .transpose()?,
                departs_on: (kind == Kind::Deposit)
                    .then(|| "2026-12-01".parse())
                    .transpose()?,
                ..typed(
                    kind,
                    &format!("Guest {number} é"),
                    &format!("{}.{:02}", 40 + number, number % 100),
                )
            })
            .await?;
        let hold = pc.ledger.holds(tab).await?.pop().context("no hold")?;
        if number % 10 != 0 {
            venue.pay(&hold)?;
            pc.desk.read(hold.id).await?;
        }
        match number % 10 {
            // Part of it is taken already.
            3 => drop(pc.desk.press(capture(&hold, 1_001)).await?),
            // The tab outgrew its hold: a second one, of which Dojo is told the bill so far.
            5 => {
                pc.desk
                    .add_line(tab, Some("Round".to_owned()), 3, "17.35")
                    .await?;
                pc.desk
                    .add_line(tab, Some("Mistake".to_owned()), 1, "-2.05")
                    .await?;
                pc.desk.press_more(tab, "30").await?;
                venue.pay(&pc.ledger.holds(tab).await?.pop().context("no hold")?)?;
            }
            // The first hold is all taken, and there is a second one.
            7 => {
                pc.desk.press(capture(&hold, hold.asked)).await?;
                pc.desk.press_more(tab, "25").await?;
            }
            _ => {}
        }
        tabs.push(tab);
    }
    pc.desk.sweep().await?;
    Ok(tabs)
}

/// What is over: 2,000 requests of the last days, made by Holdfast.
async fn days_before(venue: &Venue) -> Result<()> {
    let client = venue.client()?;
    for number in 0..2_000_u32 {
        let mode = dojo::CaptureMode::Manual {
            auto_expire_in: dojo::TimeSpan::from_seconds(86_400).context("no interval")?,
            auto_expire_action: dojo::AutoExpireAction::Release,
        };
        let mut request =
            dojo::CreatePaymentIntent::new(mode, dojo::Money::new(5_000, "GBP"), format!("old-{number}"));
        request.metadata = BTreeMap::from(
            [
                ("tab", uuid::Uuid::now_v7().to_string()),
                ("hold", uuid::Uuid::now_v7().to_string()),
                ("kind", "tab".to_owned()),
                ("name", format!("Old guest {number}")),
            ]
            .map(|(name, value)| (format!("holdfast-{name}"), value)),
        );
        let id = client.create(&request).await?.value.id.context("no id")?;
        if number % 3 == 0 {
            venue.simulator.pay(&id, GOOD)?;
            client.capture(&id, 5_000, None).await?;
        } else {
            client.cancel(&id).await?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_new_pc_knows_what_is_open_to_the_penny() -> Result<()> {
    let venue = Venue::open().await?;
    let old = venue.pc()?;
    // What is over lies between what is open, as it does in a week.
    days_before(&venue).await?;
    let tabs = evening(&venue, &old).await?;
    venue.fault("search-reordered", 3).await?;
    venue.fault("search-repeated", 1).await?;

    let new = venue.pc()?;
    assert!(new.desk.is_empty().await?);
    let brought = new.desk.import_open().await?;
    assert_eq!((brought.tabs, brought.foreign), (150, 0), "{}", brought.words);
    assert_eq!(new.ledger.tabs(true, 1_000).await?.len(), 150);
    let mut held = 0;
    for id in tabs {
        let (was, is) = (old.ledger.tab(id).await?, new.ledger.tab(id).await?);
        assert_eq!(
            (
                is.name,
                is.place,
                is.kind,
                is.reference,
                is.arrives_on,
                is.departs_on,
                is.currency
            ),
            (
                was.name,
                was.place,
                was.kind,
                was.reference,
                was.arrives_on,
                was.departs_on,
                was.currency
            )
        );
        let (before, after) = (old.ledger.holds(id).await?, new.ledger.holds(id).await?);
        assert_eq!(before.len(), after.len());
        for (before, after) in before.iter().zip(&after) {
            assert_eq!(
                (
                    &after.id,
                    &after.intent_id,
                    &after.reference,
                    after.asked,
                    &after.link
                ),
                (
                    &before.id,
                    &before.intent_id,
                    &before.reference,
                    before.asked,
                    &before.link
                )
            );
            let figures = |h: &Hold| (h.authorised(), h.captured(), h.left(), h.refunded(), h.deadline());
            assert_eq!(figures(after), figures(before));
            held += after.left();
        }
        if before.len() == 2 && before.iter().all(|h| h.captured() == 0) {
            let bill = new.desk.tab(id).await?.row.bill.minor;
            assert_eq!(bill, 5_000, "the bill as it was when more was asked for");
        }
    }
    // Dojo's own word for it.
    let truth = venue.truth().await?;
    let intents = truth["intents"].as_array().context("no intents")?;
    let truly: i64 = intents
        .iter()
        .filter_map(|intent| intent["remaining"].as_i64())
        .sum();
    assert_eq!(held, truly);
    assert_eq!(brought.held.iter().map(|money| money.minor).sum::<i64>(), truly);
    let strange = new.desk.findings().await?;
    ensure!(strange.is_empty(), "nothing of it is strange: {strange:?}");

    // It goes on here as if nothing had happened, and asking again brings nothing twice.
    let again = new.desk.import_open().await?;
    assert_eq!((again.tabs, again.holds), (0, 0));
    assert_eq!(new.desk.sweep().await?, 0);
    let part = new
        .ledger
        .tabs(true, 1_000)
        .await?
        .into_iter()
        .find(|t| t.name == "Guest 3 é");
    let hold = new
        .ledger
        .holds(part.context("no such tab")?.id)
        .await?
        .pop()
        .context("no hold")?;
    new.desk.press(capture(&hold, hold.left())).await?;
    assert_eq!(new.ledger.hold(hold.id).await?.captured(), 4_303);
    Ok(())
}

#[tokio::test]
async fn what_dojo_is_told_holds_no_more_of_a_guest_than_the_name_that_was_typed() -> Result<()> {
    let venue = Venue::open().await?;
    let pc = venue.pc()?;
    let tab = pc
        .desk
        .open_tab(OpenTab {
            place: Some("Room 12".to_owned()),
            note: Some("allergic to nuts".to_owned()),
            departs_on: Some("2026-12-01".parse()?),
            ..typed(Kind::Deposit, "A. Guest", "80")
        })
        .await?;
    pc.desk
        .add_line(tab, Some("Champagne".to_owned()), 1, "60")
        .await?;
    pc.desk.press_more(tab, "20").await?;
    let truth = venue.truth().await?;
    let newest = truth["intents"]
        .as_array()
        .and_then(|all| all.last())
        .context("none")?;
    let told: BTreeMap<String, Value> = serde_json::from_value(newest["metadata"].clone())?;
    let ours: Vec<(&str, &Value)> = told
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix("holdfast-")?, value)))
        .collect();
    let names: Vec<&str> = ours.iter().map(|(name, _)| *name).collect();
    let expected = [
        "bill", "departs", "hold", "journal", "kind", "name", "place", "tab",
    ];
    assert_eq!(names, expected);
    assert_eq!(told["holdfast-bill"], "6000");
    let whole = newest.to_string();
    for private in ["nuts", "Champagne", "Staff"] {
        ensure!(!whole.contains(private), "Dojo is told {private}");
    }
    Ok(())
}

#[tokio::test]
async fn bringing_in_is_taken_up_where_it_broke_off_and_leaves_what_is_known_alone() -> Result<()> {
    let venue = Venue::open().await?;
    let (old, other) = (venue.pc()?, venue.pc()?);
    for (pc, name) in [(&old, "Table 1"), (&other, "Table 2"), (&other, "Table 3")] {
        let tab = pc.desk.open_tab(typed(Kind::Tab, name, "50")).await?;
        venue.pay(&pc.ledger.holds(tab).await?.pop().context("no hold")?)?;
    }
    old.desk.reconcile_recent().await?;
    assert_eq!(old.desk.findings().await?.len(), 2, "two strangers");
    let mine = old.ledger.tabs(true, 10).await?;
    venue.fault("503-before", 1).await?;
    assert!(old.desk.import_open().await.is_err());
    assert_eq!(old.ledger.tabs(true, 10).await?, mine);
    let brought = old.desk.import_open().await?;
    assert_eq!((brought.tabs, brought.holds), (2, 2));
    assert_eq!(
        brought.words,
        "2 tabs were brought in, with £100.00 on hold. Check the bills: only the old PC knows what was \
         added after the last request."
    );
    assert!(
        old.desk.findings().await?.is_empty(),
        "they are strangers no more"
    );
    assert_eq!(old.ledger.tab(mine[0].id).await?, mine[0]);
    Ok(())
}
