//! A till in a process of its own that does what the command line can't: the same desk on the same files, and
//! each thing that is done is told before the next is begun.

use crate::{
    deeds::{DEEDS, Way},
    venue::{self, newest_of},
};
use anyhow::{Context, Result, ensure};
use holdfast_desk::{
    Act, Desk, Details, ErrorCode, ForgetGuest, ForgetWhy, Mode, MoveOnto, MovePart, OpenTab, RefundTyped,
    SayRefund, Settings, SystemClock,
};
use holdfast_dojo::{ApiKey, Client, HttpTransport};
use holdfast_domain::{
    Actor, Currency, Event, FloorOrder, Hold, Kind, OperationId, OperationKind, OperationState, Personal,
    Tab, TabId,
};
use holdfast_ledger::Note;
use holdfast_ledger::prelude::*;
use holdfast_ledger_sqlite::SqliteLedger;
use holdfast_tests::press::Press;
use holdfast_tests::stepped::SteppedClock;
use std::{
    collections::HashMap, future::Future, io::Write, path::PathBuf, pin::Pin, sync::Arc, time::Duration,
};
use uuid::Uuid;

/// This program's first argument, before a deed's name and what it is about.
pub(crate) const ARGUMENT: &str = "--deed";

/// What a deed does at the desk.
pub(crate) type Work = fn(Clerk) -> Pin<Box<dyn Future<Output = Result<()>> + Send>>;

/// Who does it.
pub(crate) struct Clerk {
    desk: Arc<Desk>,
    ledger: Arc<SqliteLedger>,
    /// A tab's reference or a guest's name.
    about: String,
}

/// Does the deed that the arguments name.
pub(crate) fn run(name: &str, about: &str) -> Result<()> {
    let deed = DEEDS.iter().find(|deed| deed.name == name);
    let deed = deed.with_context(|| format!("there is no deed {name}"))?;
    let Way::Desk(work) = deed.way else {
        anyhow::bail!("{name} is done by the command line");
    };
    let key = ApiKey::parse(&variable("HOLDFAST_KEY")?)?;
    let folder = Mode::of(&key).folder(&PathBuf::from(variable("HOLDFAST_DATA_DIR")?));
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let opened = SqliteLedger::open_or_restore(&folder, holdfast_desk::Clock::now(&SystemClock))?;
        let ledger = Arc::new(opened.ledger);
        let desk = Arc::new(Desk::new(ledger.clone(), client()?, Arc::new(SystemClock)));
        desk.keep_settings_in(&folder);
        work(Clerk {
            desk,
            ledger,
            about: about.to_owned(),
        })
        .await
    })
}

fn variable(name: &str) -> Result<String> {
    std::env::var(name).with_context(|| name.to_owned())
}

fn client() -> Result<Client> {
    client_at(&variable("HOLDFAST_DOJO_URL")?)
}

fn client_at(address: &str) -> Result<Client> {
    let transport = HttpTransport::new(address, Duration::from_secs(30));
    let transport = transport.map_err(anyhow::Error::msg)?;
    let key = ApiKey::parse(&variable("HOLDFAST_KEY")?)?;
    Ok(Client::new(Arc::new(transport), key))
}

/// Says that something is done.
fn told(words: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{words}")?;
    Ok(out.flush()?)
}

impl Clerk {
    async fn tab(&self) -> Result<Tab> {
        let mut tabs = self.ledger.tabs(true, 100).await?;
        tabs.extend(self.ledger.tabs(false, 100).await?);
        let tab = tabs.into_iter().find(|tab| tab.reference == self.about);
        tab.with_context(|| format!("there is no tab {}", self.about))
    }

    async fn hold(&self) -> Result<Hold> {
        newest_of(&self.ledger, self.tab().await?.id).await
    }

    async fn act(&self, kind: OperationKind, amount: Option<&str>, email: Option<&str>) -> Result<()> {
        let act = Act {
            amount: amount.map(str::to_owned),
            email: email.map(str::to_owned),
            ..self.desk.acting(self.hold().await?.id).await?
        };
        let outcome = self.desk.act(kind, act).await?;
        told(&format!("{:?}", outcome.operations.first().map(|o| &o.words)))
    }
}

/// For deeds of the command line.
pub(crate) fn nothing(_: Clerk) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> {
    Box::pin(async { Ok(()) })
}

pub(crate) fn more(clerk: Clerk) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> {
    Box::pin(async move {
        let tab = clerk.tab().await?.id;
        clerk.desk.press_more(tab, venue::HELD).await?;
        told("asked for more")
    })
}

pub(crate) fn retry(clerk: Clerk) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> {
    Box::pin(async move {
        let hold = clerk.hold().await?.id;
        clerk.desk.retry_open(hold).await?;
        told("sent again")
    })
}

pub(crate) fn change(clerk: Clerk) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> {
    Box::pin(async move {
        let amount = format!("{}", venue::CHANGED / 100);
        clerk.act(OperationKind::SetAmount, Some(&amount), None).await
    })
}

pub(crate) fn tip(clerk: Clerk) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> {
    Box::pin(async move {
        let tip = format!("{}", venue::TIP / 100);
        clerk.act(OperationKind::SetTips, Some(&tip), None).await
    })
}

pub(crate) fn receipt(clerk: Clerk) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> {
    Box::pin(async move { clerk.act(OperationKind::Receipt, None, Some(venue::EMAIL)).await })
}

/// All that is written about a tab and a house without asking Dojo. Done again, it finds what it did.
pub(crate) fn papers(clerk: Clerk) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> {
    Box::pin(async move {
        let (desk, ledger) = (&clerk.desk, &clerk.ledger);
        let tab = clerk.tab().await?;
        if tab.closed_at.is_some() {
            desk.reopen_tab(tab.id).await?;
        }
        desk.add_line(tab.id, Some("Supper".to_owned()), 1, "12").await?;
        told("a line")?;
        let line = ledger
            .lines(tab.id)
            .await?
            .pop()
            .context("the line is not there")?;
        desk.take_off(tab.id, line.id).await?;
        told("a line taken off")?;
        desk.edit_tab(tab.id, details(&tab)).await?;
        told("a tab edited")?;
        let settings = Settings {
            staff_name: "Alex".to_owned(),
            ..desk.settings().await?
        };
        desk.save_settings(settings).await?;
        // The same one write; which folder a person picks is the window's.
        desk.set_backup_folder(None).await?;
        let phrase = desk.draw_recovery_phrase()?;
        let asked = phrase
            .asked
            .iter()
            .filter_map(|place| phrase.words.get(place - 1).cloned());
        desk.confirm_recovery_phrase(&asked.collect::<Vec<_>>()).await?;
        told("settings")?;
        desk.set_floor_order(FloorOrder::Name).await?;
        told("the floor's order")?;
        report(desk).await?;
        told("a report")?;
        desk.press_close(tab.id).await?;
        told("a tab closed")?;
        desk.reopen_tab(tab.id).await?;
        told("a tab reopened")
    })
}

/// Another guest's tab is opened, closed and forgotten. Cut off anywhere, it goes on where it was: a guest who stands
/// in the list is forgotten by the next opening.
pub(crate) fn forget(clerk: Clerk) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> {
    Box::pin(async move {
        let (desk, ledger) = (&clerk.desk, &clerk.ledger);
        let id = TabId(Uuid::from_u128(0x0190_b2a0_0000_7000_8000_0000_0f06_e700));
        let note = |event| Note {
            at: holdfast_desk::Clock::now(&SystemClock),
            by: Actor::staff("Alex"),
            tab: Some(id),
            event,
            personal: Personal::default(),
            reference: None,
            raises: None,
        };
        if ledger.tab(id).await.is_err() {
            let guest = Tab {
                id,
                name: FORGOTTEN.to_owned(),
                ..clerk.tab().await?
            };
            ledger.add_tab(&guest, note(Event::TabOpened)).await?;
        }
        let guest = ledger.tab(id).await?;
        if guest.closed_at.is_none() {
            let now = holdfast_desk::Clock::now(&SystemClock);
            let closing = note(Event::TabClosed);
            ledger
                .set_closed(id, guest.version, None, Some(now), closing)
                .await?;
            told("a tab closed")?;
        }
        if !ledger.tab(id).await?.is_forgotten {
            let asked = ForgetGuest {
                tab_id: id,
                tabs: vec![id],
                why: ForgetWhy::Asked,
                name: FORGOTTEN.to_owned(),
            };
            desk.forget_guest(asked).await?;
            told("a guest forgotten")?;
        }
        ensure!(ledger.tab(id).await?.name.is_empty(), "the guest is still known");
        Ok(())
    })
}

/// Who is forgotten.
const FORGOTTEN: &str = "Guestova";

/// A line is written, and half of what is due goes to a new tab. Cut off in between, either both bills have it or
/// neither; done again, it finds a bill that adds up.
pub(crate) fn move_bill(clerk: Clerk) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> {
    Box::pin(async move {
        let (desk, tab) = (&clerk.desk, clerk.tab().await?.id);
        adds_up(&clerk).await?;
        desk.add_line(tab, Some("Supper".to_owned()), 1, "12").await?;
        told("a line")?;
        let new = MoveOnto::New {
            name: "The other half".to_owned(),
            place: None,
        };
        let outcome = desk.press_move(tab, MovePart::Share(2), new).await?;
        told(&outcome.words)?;
        adds_up(&clerk).await
    })
}

/// Whatever a decision took off one bill, it put on another.
async fn adds_up(clerk: &Clerk) -> Result<()> {
    let mut sums: HashMap<OperationId, i64> = HashMap::new();
    for tab in clerk.ledger.tabs(true, 100).await? {
        for line in clerk.ledger.lines(tab.id).await? {
            if let Some(moved) = &line.moved {
                *sums.entry(moved.decision).or_default() += line.total();
            }
        }
    }
    ensure!(sums.values().all(|sum| *sum == 0), "moves don’t add up: {sums:?}");
    Ok(())
}

fn details(tab: &Tab) -> Details {
    Details {
        name: format!("{}’s party", tab.name),
        place: Some("Terrace".to_owned()),
        email: None,
        note: Some("by the window".to_owned()),
        arrives_on: None,
        departs_on: None,
    }
}

async fn report(desk: &Desk) -> Result<()> {
    match desk.make_report().await {
        Ok(_) => Ok(()),
        // It was made before this was cut off.
        Err(refused) if refused.code == ErrorCode::NotAllowed => {
            ensure!(
                !desk.reports(None).await?.is_empty(),
                "no report, and none can be made"
            );
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}

/// The watch finds what another till did, and staff see it.
pub(crate) fn found(clerk: Clerk) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> {
    Box::pin(async move {
        let (desk, hold) = (&clerk.desk, clerk.hold().await?);
        desk.read(hold.id).await?;
        told("read")?;
        desk.warn(false).await?;
        told("warned")?;
        for finding in desk.findings().await? {
            desk.acknowledge(&finding.key.to_string()).await?;
            told("seen")?;
        }
        // What went through can't be dismissed; a request that never left can.
        let unplugged = client_at("http://127.0.0.1:1")?;
        let unplugged = Desk::new(clerk.ledger.clone(), unplugged, Arc::new(SystemClock));
        let tab = unplugged
            .open_tab(OpenTab::of(Kind::Tab, "Nobody", "5", Currency::Gbp))
            .await?;
        told("not sent")?;
        for unsent in clerk.ledger.holds(tab).await? {
            for create in clerk.ledger.operations(unsent.id).await? {
                ensure!(create.state == OperationState::NotSent, "{create:?}");
                desk.put_aside(create.id).await?;
                told("put aside")?;
            }
        }
        let entries = clerk.ledger.journal(hold.tab).await?;
        let is_seen = entries.iter().any(|entry| matches!(entry.event, Event::Seen(_)));
        ensure!(is_seen, "nothing was found");
        Ok(())
    })
}

/// Dojo keeps to showing less than before, and staff go by it.
pub(crate) fn accept(clerk: Clerk) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> {
    Box::pin(async move {
        let hold = clerk.hold().await?;
        // Two minutes pass for it; nobody waits for them here.
        let clock = Arc::new(SteppedClock::begin());
        let desk = Desk::new(clerk.ledger.clone(), client()?, clock.clone());
        for _ in 0..3 {
            if let Err(error) = desk.read(hold.id).await {
                told(&format!("read: {error}"))?;
            }
            clock.run(Duration::from_secs(61));
        }
        let shown = desk.tab(hold.tab).await?.holds.pop().context("no hold")?;
        // It was done before this was cut off.
        if let Some(odd) = shown.contradicts {
            desk.accept_reading(hold.id, &odd.key).await?;
            told("accepted")?;
        }
        let refunded = clerk.ledger.hold(hold.id).await?.refunded();
        ensure!(refunded == 0, "{refunded} counts as refunded");
        Ok(())
    })
}

/// Another till refunded, and staff say what it was for.
pub(crate) fn say_refund(clerk: Clerk) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> {
    Box::pin(async move {
        let (desk, hold) = (&clerk.desk, clerk.hold().await?);
        desk.read(hold.id).await?;
        told("read")?;
        let tab = desk.tab(hold.tab).await?;
        let shown = tab.holds.iter().find(|shown| shown.id == hold.id);
        let shown = shown.context("the hold is gone")?;
        let Some(not_said) = shown.not_said.first() else {
            // It was said before this was cut off.
            ensure!(shown.refunded.minor > 0, "nothing was refunded");
            return Ok(());
        };
        let say = SayRefund {
            hold_id: hold.id,
            refund: not_said.refund,
            typed: RefundTyped {
                bill: Some(not_said.amount.text.clone()),
                ..RefundTyped::default()
            },
        };
        desk.say_refund(&say).await?;
        told("said")
    })
}

pub(crate) fn import_open(clerk: Clerk) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> {
    Box::pin(async move {
        clerk.desk.import_open().await?;
        let open: Vec<TabId> = clerk.ledger.tabs(true, 100).await?.iter().map(|t| t.id).collect();
        ensure!(open.len() == 1, "{} tabs were brought in", open.len());
        told("brought in")
    })
}
