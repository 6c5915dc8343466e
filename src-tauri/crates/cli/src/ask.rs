//! Each command, asked of the desk.

use crate::{Command, say};
use anyhow::{Context, Result, bail};
use holdfast_desk::{
    Act, Agreed, AppError, ClosedAsked, Desk, ErrorCode, JournalVerdict, OpenTab, RefundTyped, Renew,
    RunView, Take, TakeTyped, view,
};
use holdfast_domain::{Action, HoldId, Kind, OperationId, OperationKind, TabId};
use holdfast_ledger::{Ledger, NoSecondCopy};
use std::sync::Arc;
use std::time::Duration;

pub(crate) async fn carry_out(
    desk: &Arc<Desk>,
    ledger: &dyn Ledger,
    command: Command,
    json: bool,
) -> Result<()> {
    match command {
        Command::Night => say::night(&night(desk).await?, json),
        Command::Report { number: Some(number) } => say::report(&desk.report(number).await?, json),
        Command::Report { number: None } => say::report(&desk.make_report().await?, json),
        Command::List { closed: false } => say::rows(&desk.floor().await?.rows, json),
        Command::List { closed: true } => say::rows(&closed_tabs(desk).await?, json),
        Command::Show { tab } => say::tab(&desk.tab(find(desk, &tab).await?).await?, json),
        Command::Open { kind, name, amount } => say::tab(&open(desk, &kind, name, amount).await?, json),
        Command::Add { tab, amount, what } => say::tab(&add(desk, &tab, what, &amount).await?, json),
        Command::Take {
            tab,
            bill,
            service,
            tip,
            yes,
        } => {
            let typed = TakeTyped { bill, service, tip };
            say::outcome(&take(desk, find(desk, &tab).await?, typed, yes).await?, json)
        }
        Command::Release { tab, reason } => say::outcome(
            &act(desk, &tab, OperationKind::Reversal, Action::Release, None, reason).await?,
            json,
        ),
        Command::Renew { tab, amount } => say::tab(&renew(desk, &tab, amount).await?, json),
        Command::GiveUpRenewal { tab } => say::outcome(&give_up_renewal(desk, &tab).await?, json),
        Command::Cancel { tab, reason } => say::outcome(
            &act(desk, &tab, OperationKind::Cancel, Action::Cancel, None, reason).await?,
            json,
        ),
        Command::Refund {
            tab,
            amount,
            service,
            tip,
            charge_again,
            reason,
        } => {
            let typed = RefundTyped {
                bill: Some(amount),
                service,
                tip,
                charge_again,
                expect_owed_minor: None,
            };
            say::outcome(&refund(desk, &tab, typed, reason).await?, json)
        }
        Command::Close { tab } => say::tab(&close(desk, &tab).await?, json),
        Command::Sweep => match desk.sweep().await? {
            0 => say::rows(&desk.floor().await?.rows, json),
            unread => bail!("{unread} holds could not be read from Dojo; run it again"),
        },
        Command::Backup => back_up(desk).await,
        Command::Backups => say::backups(&ledger.backups().await?, json),
        Command::Restore { .. } => bail!("a restore begins with the ledger closed"),
        Command::Ledger(_) => bail!("a shared ledger is looked after without a till’s own"),
        Command::Check { head } => check(desk, ledger, head, json).await,
    }
}

/// All closed tabs, the newest first.
async fn closed_tabs(desk: &Desk) -> Result<Vec<view::TabRow>> {
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let page = desk.closed(&ClosedAsked::default(), after).await?;
        rows.extend(page.rows);
        after = page.next;
        if after.is_none() {
            return Ok(rows);
        }
    }
}

/// The tab of that reference or id, open or closed.
async fn find(desk: &Desk, named: &str) -> Result<TabId> {
    if let Ok(id) = named.parse() {
        return Ok(id);
    }
    let is_it = |row: &&view::TabRow| row.reference.eq_ignore_ascii_case(named);
    let open = desk.floor().await?.rows;
    if let Some(row) = open.iter().find(is_it) {
        return Ok(row.id);
    }
    let found = desk.search(named).await?;
    let row = found.closed.iter().find(is_it);
    row.map(|row| row.id)
        .with_context(|| format!("there is no tab {named}"))
}

async fn open(desk: &Desk, kind: &str, name: String, amount: String) -> Result<view::TabView> {
    let kind = match kind {
        "tab" => Kind::Tab,
        "deposit" => Kind::Deposit,
        "payment" => Kind::Payment,
        other => bail!("{other} is no kind; use tab, deposit or payment"),
    };
    let typed = OpenTab::of(kind, &name, &amount, desk.settings().await?.currency);
    let id = desk.open_tab(typed).await?;
    Ok(desk.tab(id).await?)
}

/// Closes the night, or goes on with it, to its end.
async fn night(desk: &Arc<Desk>) -> Result<RunView> {
    let night = desk.night(&[]).await?;
    if night.run.as_ref().is_some_and(|run| run.is_interrupted()) {
        desk.continue_night().await?;
    } else {
        eprintln!("{}", night.sentence);
        desk.close_night(&[], &night.seen()).await?;
    }
    let mut changes = desk.changes();
    loop {
        let run = desk.night(&[]).await?.run.context("the run is not kept")?;
        if !run.is_running() {
            return Ok(run);
        }
        // The beat is for a change that came between the question and the wait.
        let _changed = tokio::time::timeout(Duration::from_secs(1), changes.changed()).await;
    }
}

async fn add(desk: &Desk, named: &str, what: Option<String>, amount: &str) -> Result<view::TabView> {
    let id = find(desk, named).await?;
    desk.add_line(id, what, 1, amount).await?;
    Ok(desk.tab(id).await?)
}

async fn renew(desk: &Desk, named: &str, amount: Option<String>) -> Result<view::TabView> {
    let id = find(desk, named).await?;
    let hold_id = allowing(&desk.tab(id).await?, Action::Renew)?;
    desk.renew(&Renew {
        amount,
        ..Renew::of(hold_id, desk.seen_with(hold_id).await?)
    })
    .await?;
    Ok(desk.tab(id).await?)
}

async fn give_up_renewal(desk: &Desk, named: &str) -> Result<view::Outcome> {
    let tab = desk.tab(find(desk, named).await?).await?;
    let renewed = tab.holds.iter().find(|hold| hold.renewal.is_some());
    let hold = renewed.context("nothing on this tab is being renewed")?.id;
    Ok(desk.give_up_renewal(hold).await?)
}

async fn refund(
    desk: &Desk,
    named: &str,
    typed: RefundTyped,
    reason: Option<String>,
) -> Result<view::Outcome> {
    let is_forgotten = desk.tab(find(desk, named).await?).await?.is_forgotten;
    // Of a forgotten guest no reason is kept, so that a typed one is refused and none is made up.
    let made_up = || (!is_forgotten).then(|| "From the command line".to_owned());
    let reason = reason.or_else(made_up);
    act(
        desk,
        named,
        OperationKind::Refund,
        Action::Refund,
        Some(typed),
        reason,
    )
    .await
}

async fn close(desk: &Desk, named: &str) -> Result<view::TabView> {
    let id = find(desk, named).await?;
    let seen = desk.tab(id).await?.seen;
    desk.close_tab(id, &seen).await?;
    Ok(desk.tab(id).await?)
}

/// The seals are whole, and Dojo couldn't be asked.
#[derive(Debug)]
pub(crate) struct DojoNotAsked(AppError);

impl std::fmt::Display for DojoNotAsked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Dojo couldn’t be asked, so the journal is compared with nothing. {} Run it again later.",
            self.0
        )
    }
}

impl std::error::Error for DojoNotAsked {}

fn not_asked(error: AppError) -> anyhow::Error {
    match error.code {
        ErrorCode::NotSent | ErrorCode::Unclear | ErrorCode::Rejected | ErrorCode::Unauthorised => {
            DojoNotAsked(error).into()
        }
        ErrorCode::Invalid
        | ErrorCode::NotAllowed
        | ErrorCode::NotFound
        | ErrorCode::Changed
        | ErrorCode::Unconfirmed
        | ErrorCode::Ledger
        | ErrorCode::KeyStore
        | ErrorCode::Internal => error.into(),
    }
}

/// The seals first: they need nobody.
async fn check(desk: &Desk, ledger: &dyn Ledger, head: Option<String>, json: bool) -> Result<()> {
    let entries = ledger.verify_journal().await?;
    if !json {
        println!("{entries} entries, every seal is whole.");
    }
    let found = match head {
        Some(head) => desk.compare_printed(&head).await?,
        None => desk.compare_journal().await.map_err(not_asked)?,
    };
    say::journal(&found, json)?;
    match found.verdict {
        JournalVerdict::Agrees | JournalVerdict::NothingToCompare => Ok(()),
        JournalVerdict::BeforeRestore | JournalVerdict::Contradicted => {
            bail!("the journal isn’t what was seen")
        }
    }
}

async fn back_up(desk: &Desk) -> Result<()> {
    let done = desk.back_up().await?;
    println!("{}: {} entries, checked.", done.backup.name, done.entries);
    match done.second {
        None => Ok(()),
        Some(NoSecondCopy::Silent) => bail!("no second copy was made: the folder’s disk doesn’t answer"),
        Some(NoSecondCopy::Failed(why)) => bail!("no second copy was made: {why}"),
    }
}

/// A decision of its own each time it is run.
fn decision() -> OperationId {
    OperationId(uuid::Uuid::now_v7())
}

async fn take(desk: &Desk, tab_id: TabId, typed: TakeTyped, yes: bool) -> Result<view::Outcome> {
    let preview = desk.preview_take(tab_id, &typed).await?;
    if let Some(problem) = preview.errors.first() {
        bail!("{}: {}", problem.field.as_str(), problem.message);
    }
    if let Some(why) = preview.why {
        bail!(why);
    }
    eprintln!("{}", preview.sentence);
    let above = preview.above.as_ref();
    let takes = preview.dojo_takes.as_ref();
    let asked = [
        above.map(|money| format!("That is {} more than is due.", money.text)),
        takes.map(|takes| takes.words.clone()),
    ];
    for question in asked.into_iter().flatten() {
        if !yes {
            bail!("{question} Add --yes if you mean it.");
        }
        eprintln!("{question}");
    }
    let minor = |money: Option<&view::Money>| money.map_or(0, |money| money.minor);
    let taken = desk
        .take(&Take {
            tab_id,
            typed,
            agreed: Agreed {
                above_minor: minor(above),
                dojo_takes_minor: minor(takes.map(|takes| &takes.money)),
            },
            seen: preview.seen,
            expect_total_minor: preview.total.minor,
            then_ask_minor: 0,
            decision: decision(),
        })
        .await?;
    Ok(desk.outcome_of_take(tab_id, &taken).await?)
}

/// Acts on the tab's newest hold that allows it, or says why none does.
async fn act(
    desk: &Desk,
    named: &str,
    kind: OperationKind,
    action: Action,
    refund: Option<RefundTyped>,
    reason: Option<String>,
) -> Result<view::Outcome> {
    let tab = desk.tab(find(desk, named).await?).await?;
    let hold_id = allowing(&tab, action)?;
    let act = Act {
        hold_id,
        decision: decision(),
        seen: tab.seen,
        amount: None,
        refund,
        reason,
        email: None,
    };
    Ok(desk.act(kind, act).await?)
}

fn allowing(tab: &view::TabView, action: Action) -> Result<HoldId> {
    let mut why_not = None;
    for hold in &tab.holds {
        match hold.actions.iter().find(|a| a.action == action) {
            Some(allowed) if allowed.allowed => return Ok(hold.id),
            Some(refused) => why_not = why_not.or_else(|| refused.why.clone()),
            None => {}
        }
    }
    let why = why_not.unwrap_or_else(|| "Nothing was ever asked for on this tab.".to_owned());
    Err(AppError::new(holdfast_desk::ErrorCode::NotAllowed, why).into())
}
