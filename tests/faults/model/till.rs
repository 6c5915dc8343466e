//! The real desk on a real ledger file, over the simulator's engine in this process, doing what the
//! reference does.

use super::reference::{Action, Book, Hold, Part, Tab};
use crate::world::{clock::WorldClock, fate::Fate, line::Line};
use anyhow::{Context, Result, ensure};
use holdfast_desk::RefundPartCode;
use holdfast_desk::{
    Act, AppError, Clock, Desk, ErrorCode, LinkEnds, MoveOnto, MovePart, MoveTyped, OpenTab, RefundTyped,
    Renew, TakeTyped,
    view::{self, TabView},
};
use holdfast_dojo::{ApiKey, Client};
use holdfast_domain::{self as domain, Currency, Kind, Money, OperationKind, TabId};
use holdfast_ledger_sqlite::SqliteLedger;
use holdfast_simulator::engine::Engine;
use holdfast_tests::press::Press;
use holdfast_tests::{GOOD, KEY};
use std::sync::Arc;

/// A till, and Dojo.
pub(super) struct Till {
    runtime: tokio::runtime::Runtime,
    clock: Arc<WorldClock>,
    line: Arc<Line>,
    folder: tempfile::TempDir,
    /// None only while it is down.
    desk: Option<Arc<Desk>>,
    tabs: Vec<TabId>,
}

/// As a person would type it.
fn typed(minor: i64) -> String {
    Money::new(minor, Currency::Gbp).digits()
}

impl Till {
    pub(super) fn open() -> Result<Self> {
        let clock = Arc::new(WorldClock::new());
        let engine = Engine::new(1, clock.now(), "http://127.0.0.1:1");
        let mut till = Self {
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?,
            line: Arc::new(Line::new(engine, Arc::clone(&clock), Arc::new(Fate::new(1)))),
            clock,
            folder: crate::venue::shelf()?,
            desk: None,
            tabs: Vec::new(),
        };
        till.start()?;
        Ok(till)
    }

    fn start(&mut self) -> Result<()> {
        self.desk = None;
        let ledger = Arc::new(SqliteLedger::open(self.folder.path())?);
        let client = Client::new(self.line.clone(), ApiKey::parse(KEY)?);
        self.desk = Some(Arc::new(Desk::new(ledger, client, self.clock.clone())));
        Ok(())
    }

    /// Does it, and holds against the reference whether it was to be done.
    pub(super) fn act(&mut self, action: &Action, book: &Book) -> Result<()> {
        if *action == Action::Restart {
            return self.start();
        }
        let desk = self.desk.clone().context("the till is down")?;
        let done = self
            .runtime
            .block_on(carry_out(&desk, &self.line, &self.tabs, action))?;
        let was_done = match done {
            Done::Opened(tab) => {
                self.tabs.push(tab);
                true
            }
            Done::Carried => true,
            Done::Refused => false,
        };
        ensure!(
            was_done == book.was_done,
            "{action:?}: done by the till: {was_done}, by the reference: {}",
            book.was_done
        );
        Ok(())
    }

    /// Holds all that staff are shown, and Dojo's own record, against the reference.
    pub(super) fn compare(&self, book: &Book) -> Result<()> {
        let desk = self.desk.clone().context("the till is down")?;
        ensure!(
            self.tabs.len() == book.tabs.len(),
            "the till has {} tabs",
            self.tabs.len()
        );
        self.runtime.block_on(async {
            let open = desk.floor().await?.rows;
            let mut bills = 0;
            for (number, (id, tab)) in self.tabs.iter().zip(&book.tabs).enumerate() {
                let is_on_the_floor = open.iter().any(|row| row.id == *id);
                ensure!(
                    is_on_the_floor != tab.is_away,
                    "tab {number} on the floor: {is_on_the_floor}"
                );
                let view = desk.tab(*id).await?;
                bills += view.row.bill.minor;
                same_tab(&view, tab).with_context(|| format!("tab {number}"))?;
                let take = desk.preview_take(*id, &TakeTyped::default()).await?;
                same("due", &take.bill.minor, &tab.due()).with_context(|| format!("tab {number}"))?;
                for (place, (seen, hold)) in view.holds.iter().rev().zip(&tab.holds).enumerate() {
                    let what = || format!("hold {place} of tab {number}");
                    same_hold(seen, hold, tab.may_renew(place)).with_context(what)?;
                    let is_renewed = tab
                        .renewals
                        .iter()
                        .any(|(old, new)| [*old, *new].contains(&place));
                    same("being renewed", &seen.renewal.is_some(), &is_renewed).with_context(what)?;
                    self.same_at_dojo(seen, hold).with_context(what)?;
                }
            }
            let off = book
                .tabs
                .iter()
                .flat_map(|tab| &tab.holds)
                .map(|hold| hold.off_bill);
            same("all bills", &bills, &(book.written - off.sum::<i64>()))?;
            anyhow::Ok(())
        })
    }

    fn same_at_dojo(&self, seen: &view::Hold, hold: &Hold) -> Result<()> {
        let engine = self.line.engine();
        let id = seen.intent_id.as_deref().unwrap_or_default();
        let intent = engine.intent(id).context("Dojo does not have it")?;
        let takes: Vec<(i64, i64)> = intent
            .captures
            .iter()
            .map(|c| (c.amount, c.tips_amount.unwrap_or(0)))
            .collect();
        same("Dojo’s takes", &takes, &hold.takes)?;
        same("Dojo’s refunds", &intent.refunded(), &hold.refunded)
    }
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, till: &T, reference: &T) -> Result<()> {
    ensure!(
        till == reference,
        "{what}: {till:?}, by the reference {reference:?}"
    );
    Ok(())
}

fn same_tab(view: &TabView, tab: &Tab) -> Result<()> {
    let sum = |of: fn(&Hold) -> i64| tab.holds.iter().map(of).sum::<i64>();
    same("bill", &view.row.bill.minor, &tab.to_pay().max(0))?;
    let lines: i64 = view.lines.iter().map(|line| line.total.minor).sum();
    same("what the lines add up to", &lines, &tab.to_pay().max(0))?;
    same("held", &view.row.held.minor, &sum(Hold::held))?;
    same("taken", &view.row.captured.minor, &sum(Hold::taken))?;
    same("left", &view.row.left.minor, &sum(Hold::left))?;
    same("number of holds", &view.holds.len(), &tab.holds.len())?;
    same(
        "may be closed",
        &view.close_refused.is_none(),
        &tab.can_be_closed(),
    )
}

fn same_hold(view: &view::Hold, hold: &Hold, may_renew: bool) -> Result<()> {
    same("held", &view.held.minor, &hold.held())?;
    same("taken", &view.captured.minor, &hold.taken())?;
    same("tip", &view.captured_tip.minor, &hold.tips())?;
    same("left", &view.left.minor, &hold.left())?;
    same("refunded", &view.refunded.minor, &hold.refunded)?;
    same("pending", &view.pending.minor, &0)?;
    let may = hold.allowed();
    for (action, allowed) in [
        (domain::Action::Take, may.take),
        (domain::Action::Release, may.release),
        (domain::Action::Renew, may_renew),
        (domain::Action::Cancel, may.cancel),
        (domain::Action::Refund, may.refund),
        (domain::Action::ChangeAmount, may.change),
    ] {
        let shown = view
            .actions
            .iter()
            .find(|a| a.action == action)
            .context("an action is missing")?;
        same(&format!("{action:?} allowed"), &shown.allowed, &allowed)?;
        same("a reason", &shown.why.is_some(), &!allowed)?;
    }
    Ok(())
}

enum Done {
    Opened(TabId),
    Carried,
    Refused,
}

/// What the till answered: refusals are part of the game, anything else is not.
fn sorted<T>(answer: Result<T, AppError>) -> Result<Done> {
    match answer {
        Ok(_) => Ok(Done::Carried),
        Err(error) if matches!(error.code, ErrorCode::NotAllowed | ErrorCode::Invalid) => Ok(Done::Refused),
        Err(error) => Err(error.into()),
    }
}

async fn carry_out(desk: &Arc<Desk>, line: &Line, tabs: &[TabId], action: &Action) -> Result<Done> {
    match *action {
        Action::Open { asked } => {
            let id = desk.open_tab(tab(tabs.len(), asked)).await?;
            Ok(Done::Opened(id))
        }
        Action::AskForMore { tab, asked } => sorted(desk.press_more(tabs[tab], &typed(asked)).await),
        Action::ChangeAmount { tab, hold, asked } => {
            act(desk, tabs[tab], hold, OperationKind::SetAmount, Some(asked)).await
        }
        Action::Pay { tab, hold } => {
            let hold = hold_of(desk, tabs[tab], hold).await?;
            let intent = hold.intent_id.clone().context("no intent")?;
            let paid = line.engine().pay(&intent, GOOD);
            desk.read(hold.id).await?;
            Ok(if paid.is_ok() {
                Done::Carried
            } else {
                Done::Refused
            })
        }
        Action::AddLine { tab, amount } => sorted(desk.add_line(tabs[tab], None, 1, &typed(amount)).await),
        Action::Move { tab, part, onto } => move_bill(desk, tabs, tab, part, onto).await,
        Action::Take { tab, amount, tip } => take(desk, tabs[tab], amount, tip).await,
        Action::TakeAll { tab } => {
            let view = desk.tab(tabs[tab]).await?;
            let may = |hold: &&view::Hold| {
                hold.actions
                    .iter()
                    .any(|a| a.action == domain::Action::Take && a.allowed)
            };
            let all = view.holds.iter().filter(may).map(|hold| hold.left.minor).sum();
            take(desk, tabs[tab], all, 0).await
        }
        Action::Release { tab, hold } => act(desk, tabs[tab], hold, OperationKind::Reversal, None).await,
        Action::Renew { tab, hold, asked } => {
            let hold = hold_of(desk, tabs[tab], hold).await?;
            let renew = Renew {
                amount: asked.map(typed),
                link_ends: Some(LinkEnds::Week),
                ..desk.renewing(hold.id).await?
            };
            sorted(desk.renew(&renew).await)
        }
        Action::GiveUpRenewal { tab, hold } => {
            let hold = hold_of(desk, tabs[tab], hold).await?;
            sorted(desk.give_up_renewal(hold.id).await)
        }
        Action::Cancel { tab, hold } => act(desk, tabs[tab], hold, OperationKind::Cancel, None).await,
        Action::Refund {
            tab,
            hold,
            amount,
            again,
        } => refund(desk, tabs[tab], hold, amount, again).await,
        Action::CloseTab { tab } => sorted(desk.press_close(tabs[tab]).await),
        Action::CloseNight => close_night(desk).await,
        Action::Sweep => {
            ensure!(desk.sweep().await? == 0, "something could not be read");
            Ok(Done::Carried)
        }
        Action::Restart => Ok(Done::Carried),
    }
}

fn tab(number: usize, asked: i64) -> OpenTab {
    OpenTab {
        allow_change: true,
        link_ends: Some(LinkEnds::Day),
        ..OpenTab::of(
            Kind::Tab,
            &format!("Guest {number}"),
            &typed(asked),
            Currency::Gbp,
        )
    }
}

/// The tab's holds are shown newest first.
async fn hold_of(desk: &Desk, tab: TabId, number: usize) -> Result<view::Hold> {
    let view = desk.tab(tab).await?;
    view.holds.into_iter().rev().nth(number).context("no such hold")
}

async fn act(
    desk: &Desk,
    tab: TabId,
    number: usize,
    kind: OperationKind,
    amount: Option<i64>,
) -> Result<Done> {
    let hold = hold_of(desk, tab, number).await?;
    let act = Act {
        amount: amount.map(typed),
        reason: Some("A reference".to_owned()),
        ..desk.acting(hold.id).await?
    };
    sorted(desk.act(kind, act).await)
}

/// As the sheet does it: of the bill as far as that goes, and then of the tip.
async fn refund(desk: &Desk, tab: TabId, number: usize, amount: i64, again: bool) -> Result<Done> {
    let hold = hold_of(desk, tab, number).await?;
    let preview = desk.preview_refund(hold.id, &RefundTyped::default()).await?;
    let bill = preview
        .parts
        .iter()
        .find(|part| part.code == RefundPartCode::Bill);
    let bill = bill.context("no part of the bill")?.taken.minor.min(amount);
    let act = Act {
        refund: Some(RefundTyped {
            bill: Some(typed(bill)),
            service: None,
            tip: Some(typed(amount - bill)),
            charge_again: again,
            expect_owed_minor: None,
        }),
        reason: Some("A reference".to_owned()),
        ..desk.acting(hold.id).await?
    };
    sorted(desk.act(OperationKind::Refund, act).await)
}

/// As the sheet does it: looked at first, and what it allows must be what then happens. Ten presses would move once.
/// Whatever comes of it, what is still to take on all tabs together stays, and nothing is charged.
async fn move_bill(desk: &Desk, tabs: &[TabId], tab: usize, part: Part, onto: Option<usize>) -> Result<Done> {
    let before = still_to_take(desk, tabs).await?;
    let view = desk.tab(tabs[tab]).await?;
    let part = match part {
        Part::Line(nth) => {
            let mut oldest_first = view.lines.iter().rev().filter(|line| line.may_move);
            MovePart::Lines(oldest_first.nth(nth).map(|line| line.id).into_iter().collect())
        }
        Part::Share(ways) => MovePart::Share(ways),
        Part::All => MovePart::All,
    };
    let is_new = onto.is_none();
    let onto = onto.map_or_else(
        || MoveOnto::New {
            name: "Split".to_owned(),
            place: None,
        },
        |onto| MoveOnto::Tab(tabs[onto]),
    );
    let typed = MoveTyped {
        tab_id: tabs[tab],
        part: part.clone(),
        onto: Some(onto.clone()),
    };
    let preview = desk.preview_move(&typed, "").await?;
    let moving = desk.moving(tabs[tab], part, onto).await?;
    let mut all = tabs.to_vec();
    let done = match desk.move_bill(&moving).await {
        Ok(outcome) if is_new => {
            all.push(outcome.onto.row.id);
            Done::Opened(outcome.onto.row.id)
        }
        Ok(_) => Done::Carried,
        Err(error) => sorted::<()>(Err(error))?,
    };
    ensure!(
        preview.allowed != matches!(done, Done::Refused),
        "the sheet said {}, then it was otherwise: {:?}",
        preview.allowed,
        preview.why
    );
    if preview.allowed {
        desk.move_bill(&moving).await?;
    }
    same("still to take in all", &still_to_take(desk, &all).await?, &before)?;
    Ok(done)
}

async fn still_to_take(desk: &Desk, tabs: &[TabId]) -> Result<i64> {
    let mut sum = 0;
    for tab in tabs {
        sum += desk.tab(*tab).await?.row.due.minor;
    }
    Ok(sum)
}

/// As the sheet does it: looked at first, and what it allows must be what then happens.
async fn take(desk: &Desk, tab_id: TabId, amount: i64, tip: i64) -> Result<Done> {
    let typed = TakeTyped {
        bill: Some(typed(amount)),
        service: None,
        tip: Some(typed(tip)),
    };
    let preview = desk.preview_take(tab_id, &typed).await?;
    ensure!(
        preview.allowed == preview.why.is_none(),
        "allowed or a reason: {preview:?}"
    );
    let take = desk.sheet(tab_id, typed).await?;
    let done = sorted(desk.take(&take).await)?;
    ensure!(
        preview.allowed == matches!(done, Done::Carried),
        "the sheet said {}, then it was otherwise: {:?}",
        preview.allowed,
        preview.why
    );
    Ok(done)
}

async fn close_night(desk: &Arc<Desk>) -> Result<Done> {
    let night = desk.night(&[]).await?;
    let mut changes = desk.changes();
    let mut night = match desk.close_night(&[], &night.seen()).await {
        Ok(night) => night,
        Err(error) if error.code == ErrorCode::NotAllowed => return Ok(Done::Refused),
        Err(error) => return Err(error.into()),
    };
    while night.run.as_ref().is_some_and(|run| run.is_running()) {
        changes.changed().await?;
        night = desk.night(&[]).await?;
    }
    Ok(Done::Carried)
}
