//! The end of the night: every open tab with what should become of it, and totals before anything is done.

mod carry_out;
mod run;
mod standing;
mod words;

pub use run::NightSeen;
pub use standing::{RunRow, RunView};

use crate::bill::close_refused;
use crate::show::{Frame, Whole};
use crate::take::{self, may};
use crate::view::{self, Money as MoneyView, TabRow, Tone};
use crate::{Agreed, AppError, Desk, DojoTakes, FieldError, Seen, Settings, TakePreview, TakeTyped};
use chrono::NaiveDate;
use holdfast_domain::{Action, Kind, Money, TabId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use words::sentence;

/// Why the night decided, on its operations.
pub(crate) const END_OF_NIGHT: &str = "End of night";

/// What becomes of a tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum NightAction {
    /// What is due is taken, the tab put away.
    Take,
    /// What is held goes back, the tab is put away.
    Release,
    /// The unpaid request ends, the tab is put away.
    Cancel,
    /// Nothing is left to do but to put it away.
    PutAway,
    /// It stays on the floor.
    Leave,
}

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
    /// One plain sentence.
    pub sentence: String,
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
        let (frame, settings) = (self.frame().await?, self.settings().await?);
        let tonight = Tonight { frame, settings };
        for (whole, tab) in self.open(frame).await? {
            let choice = choices.iter().find(|c| c.tab_id == tab.id);
            rows.push(night_row(&whole, tab, choice, &tonight));
        }
        let of = |action| move |row: &&NightRow| row.action == action;
        let taken = || rows.iter().filter(of(NightAction::Take));
        let taking = view::sums(taken().map(|r| &r.total));
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
                "Mend what is marked in the table first.".to_owned()
            } else {
                sentence(&rows, &taking, &releasing)
            },
            button: words::button(&rows, &taking, &releasing),
            confirm: words::confirm(&rows, &taking, &releasing),
            ready: count > 0 && !has_errors && !is_running,
            day: format!("Tonight, {}", short_day(frame.days.of(frame.now))),
            rows,
            taking,
            service,
            tips,
            back,
            dojo_takes,
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

#[expect(clippy::too_many_lines, reason = "waits for its file to be split")]
fn night_row(whole: &Whole, tab: TabRow, choice: Option<&NightChoice>, tonight: &Tonight) -> NightRow {
    let now = tonight.frame.now;
    let may = |action| {
        let mut holds = whole.holds.iter();
        holds.any(|(hold, operations)| may(hold, operations, action, now))
    };
    let under_way = whole
        .holds
        .iter()
        .flat_map(|(hold, operations)| operations.iter().map(move |o| (hold, o)))
        .find(|(_, operation)| operation.state.is_open());
    let (mut preview, over) = preview(whole, choice, under_way.is_some(), tonight);
    let mut flags = Vec::from_iter(under_way.and_then(|(hold, o)| words::under_way(hold, o)));
    flags.extend(self::flags(&tab, over, &preview, tonight.frame));
    let again = take::charged_again(whole);
    if again.minor > 0 {
        flags.push(flag(Tone::Warn, format!("{again} to charge again")));
    }
    let mut choices = vec![NightAction::Leave];
    let can_take = may(Action::Take) && (preview.allowed || choice.is_some());
    for (action, is_possible) in [
        (NightAction::Take, can_take),
        (NightAction::Release, may(Action::Release)),
        (NightAction::Cancel, may(Action::Cancel)),
        (
            NightAction::PutAway,
            close_refused(&whole.holds, tonight.frame.earliest).is_none(),
        ),
    ] {
        if is_possible {
            choices.push(action);
        }
    }
    // What can't be undone afterwards, and what was given back once, is ticked by a person, never by itself.
    let waits_for_person = preview.dojo_takes.is_some() || again.minor > 0;
    let is_to_take = preview.allowed || choice.is_some_and(is_typed_in);
    let default = if waits_for_person {
        NightAction::Leave
    } else {
        default_action(&tab, is_to_take, &choices)
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
    let back = match action {
        NightAction::Take => preview.released.clone(),
        NightAction::Release => tab.left.clone(),
        NightAction::Cancel | NightAction::PutAway | NightAction::Leave => {
            Money::zero(tab.bill.currency).into()
        }
    };
    if action == NightAction::Leave && tab.left.minor > 0 && tab.kind == Kind::Tab && under_way.is_none() {
        flags.push(flag(Tone::Warn, "Stays held"));
    }
    NightRow {
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

/// What taking would do, and by how much the bill is over its hold. Where more is due than is held and nobody typed
/// the bill, all that there is is taken rather than nothing: the bill first, then service charge and tip.
fn preview(
    whole: &Whole,
    choice: Option<&NightChoice>,
    is_under_way: bool,
    tonight: &Tonight,
) -> (TakePreview, Option<MoneyView>) {
    let (settings, frame) = (&tonight.settings, tonight.frame);
    let typed = choice.map(|c| c.typed.clone()).unwrap_or_default();
    let preview = take::preview(whole, &typed, settings, frame);
    // While something is on its way nothing can be taken, which makes no bill too large for its hold.
    let over = if is_under_way {
        take::missing(whole, frame.now)
    } else {
        preview.over.clone()
    };
    if preview.over.is_none() || typed.bill.is_some() {
        return (preview, over);
    }
    let digits = |minor: i64| Some(Money::new(minor, whole.tab.currency).digits());
    let (bill, service, tip) = take::covered(whole, &typed, frame.now);
    let typed = TakeTyped {
        bill: digits(bill),
        service: digits(service),
        tip: digits(tip),
    };
    (take::preview(whole, &typed, settings, frame), over)
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

fn default_action(tab: &TabRow, is_to_take: bool, choices: &[NightAction]) -> NightAction {
    let wanted = match tab.kind {
        // A deposit ends when its guest leaves, not with the night.
        Kind::Deposit => NightAction::Leave,
        _ if tab.needs_person => NightAction::Leave,
        _ if is_to_take => NightAction::Take,
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

fn flag(tone: Tone, words: impl Into<String>) -> NightFlag {
    NightFlag {
        words: words.into(),
        tone,
    }
}

fn flags(tab: &TabRow, over: Option<MoneyView>, preview: &TakePreview, frame: Frame) -> Vec<NightFlag> {
    let mut flags = Vec::new();
    let today = frame.days.of(frame.now);
    if let Some(over) = over {
        flags.push(flag(Tone::Bad, format!("{} over its hold", over.text)));
    }
    if let Some(above) = &preview.above {
        flags.push(flag(Tone::Warn, format!("{} above what is due", above.text)));
    }
    if let Some(takes) = &preview.dojo_takes {
        let words = format!("Dojo takes the other {} too", takes.money.text);
        flags.push(flag(Tone::Warn, words));
    }
    if tab.needs_person {
        flags.push(flag(Tone::Bad, tab.state.words.clone()));
    }
    if !tab.is_named {
        flags.push(flag(Tone::Warn, "No name"));
    }
    if tab.state.code == "waiting" {
        flags.push(flag(Tone::Wait, "Card never added"));
    }
    if tab.kind == Kind::Deposit {
        flags.push(match tab.departs_on {
            None => flag(Tone::Quiet, "Deposit, the guest may stay"),
            Some(day) if day > today => flag(
                Tone::Quiet,
                format!("Deposit, the guest stays until {}", short_day(day)),
            ),
            Some(day) if day == today => flag(Tone::Warn, "Deposit, the guest departs today"),
            Some(day) => flag(
                Tone::Warn,
                format!("Deposit, the guest left on {}", short_day(day)),
            ),
        });
    }
    if tab.captured.minor > 0 {
        flags.push(flag(Tone::Good, format!("Part taken {}", tab.captured.text)));
    }
    let opened = frame.days.of(tab.opened_at);
    if opened < today && tab.kind != Kind::Deposit {
        flags.push(flag(Tone::Warn, format!("Open since {}", short_day(opened))));
    }
    if tab.bill.minor == 0 && tab.left.minor > 0 && tab.kind == Kind::Tab {
        flags.push(flag(Tone::Quiet, "Nothing on the bill"));
    }
    flags
}

fn short_day(day: NaiveDate) -> String {
    day.format("%a %-d %b").to_string()
}
