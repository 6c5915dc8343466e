//! The end of the night: every open tab with what should become of it, and totals before anything is done.

mod after;
mod deeds;
mod flags;
pub(crate) mod progress;
pub(crate) mod words;

pub use deeds::NightDeed;
pub use progress::{RunFigures, RunRow, RunView};

use crate::account::Account;
use crate::account::allowed::allowing;
use crate::account::due;
use crate::context::frame::Frame;
use crate::night::run::{NightAction, NightSeen};
use crate::operations::bill::close_refused;
use crate::present::take_preview;
use crate::present::view::{self, Money as MoneyView, TabRow, Tone};
use crate::{Agreed, AppError, Desk, DojoTakes, FieldError, Seen, Settings, TakePreview, TakeTyped};
use after::After;
use flags::{flag, short_day};
use holdfast_domain::{Action, Kind, Money, TabId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use words::sentence;

/// What a manager chose for one tab; none of the fields means the default.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct NightChoice {
    /// Which.
    #[ts(type = "string")]
    pub tab_id: TabId,
    /// Instead of the default.
    pub action: Option<NightAction>,
    /// As typed.
    #[serde(default)]
    pub typed: TakeTyped,
}

/// One open tab at the end of the night.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct NightRow {
    /// As on the floor.
    pub tab: TabRow,
    /// Chosen, or the default.
    pub action: NightAction,
    /// What may be chosen.
    pub choices: Vec<NightAction>,
    /// On the bill and not taken yet.
    pub bill: MoneyView,
    /// Service charge.
    pub service: MoneyView,
    /// Tip.
    pub tip: MoneyView,
    /// Would be taken.
    pub total: MoneyView,
    /// Would drop off the card, now or at Dojo's deadline.
    pub back: MoneyView,
    /// Dojo would take it by itself at the deadline, and the tab stays open until then.
    pub dojo_takes: Option<DojoTakes>,
    /// By how much the bill that was typed passes what is due.
    pub above: Option<MoneyView>,
    /// What there is to see, to be sent back with the confirm.
    pub seen: Seen,
    /// What a tick beside it means; none when it can only be left for later.
    pub tick: Option<NightAction>,
    /// Something keeps the tab open after this.
    #[serde(skip)]
    #[ts(skip)]
    pub(crate) stays_open: bool,
    /// What a manager should know before.
    pub flags: Vec<NightFlag>,
    /// Typing to mend.
    pub errors: Vec<FieldError>,
}

/// What a manager should know of a tab before the night is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct NightFlag {
    /// For people.
    pub words: String,
    /// How it looks.
    pub tone: Tone,
}

/// The table of the night.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Night {
    /// All that is open.
    pub rows: Vec<NightRow>,
    /// The business day that it is: `Tonight, Sun 23 Nov`.
    pub day: String,
    /// Bills in what would be taken, by currency.
    pub bills: Vec<MoneyView>,
    /// Would be taken, by currency.
    pub taking: Vec<MoneyView>,
    /// Service in it, by currency.
    pub service: Vec<MoneyView>,
    /// Tips in it, by currency.
    pub tips: Vec<MoneyView>,
    /// Would drop off guests' cards, by currency.
    pub back: Vec<MoneyView>,
    /// Dojo would take by itself, by currency.
    pub dojo_takes: Vec<MoneyView>,
    /// The venue's service charge as it's typed into a row, `12.5 %`; none where it has none.
    pub service_label: Option<String>,
    /// One plain sentence.
    pub sentence: String,
    /// Everything that closing will do, part by part.
    pub deeds: Vec<NightDeed>,
    /// The words of the button that asks for a confirm.
    pub button: String,
    /// The words of the confirm.
    pub confirm: String,
    /// How many tabs would change.
    pub count: usize,
    /// May it be begun?
    pub ready: bool,
    /// The run that is under way, or the last one.
    pub run: Option<RunView>,
    /// The report of all that moved since the last one.
    pub report: crate::ReportDue,
}

impl Desk {
    /// The table, with `choices` put in.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn night(&self, choices: &[NightChoice]) -> Result<Night, AppError> {
        // The run first: rows that are read after it has ended show all that it did.
        let run = self.night_run().await?;
        let mut rows = Vec::new();
        let (frame, settings) = (self.context.frame().await?, self.context.settings().await?);
        let service_label = take_preview::percent_label(&settings.service);
        let tonight = Tonight { frame, settings };
        for (account, tab) in self.open(frame).await? {
            let choice = choices.iter().find(|c| c.tab_id == tab.id);
            rows.push(night_row(&account, tab, choice, &tonight));
        }
        let of = |action| move |row: &&NightRow| row.action == action;
        let taken = || rows.iter().filter(of(NightAction::Take));
        let taking = view::sums(taken().map(|r| &r.total));
        let bills = view::sums(taken().map(|r| &r.bill));
        let service = view::sums(taken().map(|r| &r.service));
        let tips = view::sums(taken().map(|r| &r.tip));
        let back = view::sums(rows.iter().map(|r| &r.back));
        let releasing = view::sums(rows.iter().filter(of(NightAction::Release)).map(|r| &r.back));
        let dojo_takes = view::sums(taken().filter_map(|r| Some(&r.dojo_takes.as_ref()?.money)));
        let count = rows.iter().filter(|r| r.action != NightAction::Leave).count();
        let has_errors = rows.iter().any(|r| !r.errors.is_empty());
        let is_running = run
            .as_ref()
            .is_some_and(|run| run.is_running || run.is_interrupted);
        Ok(Night {
            sentence: if has_errors {
                "Fix the rows in red first.".to_owned()
            } else {
                sentence(&rows, &taking, &releasing)
            },
            button: words::button(&rows, &taking, &releasing),
            deeds: deeds::deeds(&rows, frame),
            confirm: words::confirm(&rows, &taking, &releasing),
            ready: count > 0 && !has_errors && !is_running,
            day: format!("Tonight, {}", short_day(frame.days.of(frame.now))),
            rows,
            bills,
            taking,
            service,
            tips,
            back,
            dojo_takes,
            service_label,
            count,
            run,
            report: self.report_due().await?,
        })
    }
}

/// What every row is judged by.
struct Tonight {
    frame: Frame,
    settings: Settings,
}

fn night_row(account: &Account, tab: TabRow, choice: Option<&NightChoice>, tonight: &Tonight) -> NightRow {
    let under_way = account
        .holds
        .iter()
        .flat_map(|(hold, operations)| operations.iter().map(move |o| (hold, o)))
        .find(|(_, operation)| operation.state.is_open());
    let (mut preview, over) = preview(account, choice, under_way.is_some(), tonight);
    let mut flags = Vec::from_iter(under_way.and_then(|(hold, o)| words::under_way(hold, o)));
    flags.extend(flags::flags(&tab, over, &preview, tonight.frame));
    let again = due::charged_again(account);
    if again.minor > 0 {
        flags.push(flag(Tone::Warn, format!("{again} to charge again")));
    }
    let beyond = due::beyond(account);
    if beyond.minor > 0 {
        flags.push(flag(Tone::Bad, format!("{beyond} paid beyond the bill")));
    }
    let choices = choices(account, preview.allowed || choice.is_some(), tonight.frame);
    // What can't be undone afterwards, what was given back once, and what may have to be given back is ticked by a
    // person, never by itself.
    let waits_for_person = preview.dojo_takes.is_some() || again.minor > 0 || beyond.minor > 0;
    let is_to_take = preview.allowed || choice.is_some_and(is_typed_in);
    let default = if waits_for_person {
        NightAction::Leave
    } else {
        default_action(&tab, preview.due.minor, is_to_take, &choices)
    };
    let tick = tick(default, preview.allowed, &choices);
    let action = choice
        .and_then(|c| c.action)
        .filter(|a| choices.contains(a))
        .unwrap_or(default);
    if action == NightAction::Take && preview.errors.is_empty() && !preview.allowed {
        preview.errors.push(FieldError {
            field: "bill".to_owned(),
            message: preview.why.clone().unwrap_or_default(),
        });
    }
    if action != NightAction::Take {
        preview.errors.clear();
    }
    let back = back(account, action, &preview, tonight.frame);
    if action == NightAction::Leave && tab.left.minor > 0 && tab.kind == Kind::Tab && under_way.is_none() {
        flags.push(flag(Tone::Warn, "Left open"));
    }
    let after = After::of(account, action, &preview.split, tonight.frame);
    flags.extend(
        after
            .flag()
            .filter(|_| preview.dojo_takes.is_none() || action != NightAction::Take),
    );
    NightRow {
        stays_open: after.stays_open,
        action,
        choices,
        tick,
        bill: preview.bill,
        service: preview.service,
        tip: preview.tip,
        total: preview.total,
        back,
        dojo_takes: preview.dojo_takes,
        above: preview.above,
        seen: preview.seen,
        flags,
        errors: preview.errors,
        tab,
    }
}

/// What drops off the card, now or at Dojo's deadline. A release names what is released and no more.
fn back(account: &Account, action: NightAction, preview: &TakePreview, frame: Frame) -> MoneyView {
    match action {
        NightAction::Take => preview.released.clone(),
        NightAction::Release => due::releasable(account, frame.now).into(),
        NightAction::Cancel | NightAction::PutAway | NightAction::Leave => {
            Money::zero(account.tab.currency).into()
        }
    }
}

/// What taking would do, and by how much the bill is over its hold. Where more is due than is held and nobody typed
/// the bill, all that there is is taken rather than nothing: the bill first, then service charge and tip.
fn preview(
    account: &Account,
    choice: Option<&NightChoice>,
    is_under_way: bool,
    tonight: &Tonight,
) -> (TakePreview, Option<MoneyView>) {
    let (settings, frame) = (&tonight.settings, tonight.frame);
    let typed = choice.map(|c| c.typed.clone()).unwrap_or_default();
    let preview = take_preview::preview(account, &typed, settings, frame);
    // While something is on its way nothing can be taken, which makes no bill too large for its hold.
    let over = if is_under_way {
        due::missing(account, frame.now).map(MoneyView::from)
    } else {
        preview.over.clone()
    };
    if preview.over.is_none() || typed.bill.is_some() {
        return (preview, over);
    }
    let digits = |minor: i64| Some(Money::new(minor, account.tab.currency).digits());
    let (bill, service, tip) = take_preview::covered(account, &typed, frame.now);
    let typed = TakeTyped {
        bill: digits(bill),
        service: digits(service),
        tip: digits(tip),
    };
    (take_preview::preview(account, &typed, settings, frame), over)
}

impl NightRow {
    /// What whoever confirms the row agrees to.
    pub(crate) fn agreed(&self) -> Agreed {
        let minor = |money: Option<&MoneyView>| money.map_or(0, |money| money.minor);
        Agreed {
            above_minor: minor(self.above.as_ref()),
            dojo_takes_minor: minor(self.dojo_takes.as_ref().map(|takes| &takes.money)),
        }
    }
}

/// A manager who types an amount means to take it.
fn is_typed_in(choice: &NightChoice) -> bool {
    let typed = &choice.typed;
    [&typed.bill, &typed.service, &typed.tip]
        .iter()
        .any(|text| text.is_some())
}

fn default_action(tab: &TabRow, due: i64, is_to_take: bool, choices: &[NightAction]) -> NightAction {
    let wanted = match tab.kind {
        // A deposit ends when its guest leaves, not with the night.
        Kind::Deposit => NightAction::Leave,
        _ if tab.needs_person => NightAction::Leave,
        _ if is_to_take => NightAction::Take,
        // A bill that nobody has paid, and that can't be taken: a person says what becomes of it.
        _ if due > 0 => NightAction::Leave,
        _ if choices.contains(&NightAction::PutAway) => NightAction::PutAway,
        _ if tab.bill.minor == 0 && choices.contains(&NightAction::Release) => NightAction::Release,
        _ => NightAction::Leave,
    };
    if choices.contains(&wanted) {
        wanted
    } else {
        NightAction::Leave
    }
}

/// The first of what a manager may well mean by a tick.
fn tick(default: NightAction, is_to_take: bool, choices: &[NightAction]) -> Option<NightAction> {
    let take = if is_to_take {
        NightAction::Take
    } else {
        NightAction::Leave
    };
    [
        default,
        take,
        NightAction::PutAway,
        NightAction::Cancel,
        NightAction::Release,
    ]
    .into_iter()
    .find(|action| *action != NightAction::Leave && choices.contains(action))
}

impl Night {
    /// What whoever says yes to this has seen.
    pub fn seen(&self) -> Vec<NightSeen> {
        let rows = self.rows.iter();
        rows.map(|row| NightSeen {
            tab_id: row.tab.id,
            action: row.action,
            total_minor: row.total.minor,
            seen: row.seen.clone(),
            agreed: row.agreed(),
        })
        .collect()
    }
}

/// What may be chosen for a tab.
fn choices(account: &Account, has_amount: bool, frame: Frame) -> Vec<NightAction> {
    let may = |action| allowing(account, action, frame.now).next().is_some();
    let is_closable = close_refused(&account.holds, frame.earliest).is_none();
    let all = [
        (NightAction::Leave, true),
        (NightAction::Take, has_amount && may(Action::Take)),
        (NightAction::Release, may(Action::Release)),
        (NightAction::Cancel, may(Action::Cancel)),
        (NightAction::PutAway, is_closable),
    ];
    let possible = all.into_iter().filter(|(_, is_possible)| *is_possible);
    possible.map(|(action, _)| action).collect()
}
