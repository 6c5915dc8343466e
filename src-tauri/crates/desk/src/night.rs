//! The end of the night: every open tab with what should become of it, and totals before anything is done.

use crate::bill::close_refused;
use crate::show::Whole;
use crate::take::{self, may};
use crate::view::{self, Money as MoneyView, TabRow};
use crate::{AppError, Desk, FieldError, Settings, TakePreview, TakeTyped};
use chrono::{DateTime, NaiveDate, Utc};
use holdfast_domain::{Action, BusinessDays, Kind, Money, TabId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

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
    /// Would go back to the guest, now or at Dojo's deadline.
    pub back: MoneyView,
    /// What a manager should know before.
    pub flags: Vec<String>,
    /// Typing to mend.
    pub errors: Vec<FieldError>,
}

/// The table of the night.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Night {
    /// All that is open.
    pub rows: Vec<NightRow>,
    /// Would be taken, by currency.
    pub taking: Vec<MoneyView>,
    /// Tips in it, by currency.
    pub tips: Vec<MoneyView>,
    /// Would be released at once, by currency.
    pub releasing: Vec<MoneyView>,
    /// One plain sentence.
    pub sentence: String,
    /// How many tabs would change.
    pub count: usize,
    /// May it be begun?
    pub ready: bool,
    /// The run that is under way, or the last one.
    pub run: Option<crate::night_run::RunView>,
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
        let tonight = Tonight {
            days: self.business_days().await?,
            settings,
            now: frame.now,
        };
        for (whole, tab) in self.open(frame).await? {
            let choice = choices.iter().find(|c| c.tab_id == tab.id);
            rows.push(night_row(&whole, tab, choice, &tonight));
        }
        let of = |action| move |row: &&NightRow| row.action == action;
        let taking = view::sums(rows.iter().filter(of(NightAction::Take)).map(|r| &r.total));
        let tips = view::sums(rows.iter().filter(of(NightAction::Take)).map(|r| &r.tip));
        let releasing = view::sums(rows.iter().filter(of(NightAction::Release)).map(|r| &r.back));
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
            ready: count > 0 && !has_errors && !is_running,
            rows,
            taking,
            tips,
            releasing,
            count,
            run,
            report: self.report_due().await?,
        })
    }
}

/// What every row is judged by.
struct Tonight {
    days: BusinessDays,
    settings: Settings,
    now: DateTime<Utc>,
}

fn night_row(whole: &Whole, tab: TabRow, choice: Option<&NightChoice>, tonight: &Tonight) -> NightRow {
    let (settings, now) = (&tonight.settings, tonight.now);
    let may = |action| {
        whole
            .holds
            .iter()
            .any(|(hold, operations)| may(hold, operations, action, now))
    };
    let typed = choice.map(|c| c.typed.clone()).unwrap_or_default();
    let mut preview = take::preview(whole, &typed, settings, now);
    let mut flags = flags(&tab, &preview, tonight);
    let is_typed = choice.is_some_and(|c| c.typed.bill.is_some());
    if preview.over.is_some() && !is_typed {
        // All that there is, rather than nothing.
        let most = take::at_hand(whole, now).digits();
        let typed = TakeTyped {
            bill: Some(most),
            ..TakeTyped::default()
        };
        preview = take::preview(whole, &typed, settings, now);
    }
    let mut choices = vec![NightAction::Leave];
    let can_take = may(Action::Take) && (preview.allowed || choice.is_some());
    for (action, is_possible) in [
        (NightAction::Take, can_take),
        (NightAction::Release, may(Action::Release)),
        (NightAction::Cancel, may(Action::Cancel)),
        (NightAction::PutAway, close_refused(&whole.holds).is_none()),
    ] {
        if is_possible {
            choices.push(action);
        }
    }
    let default = default_action(&tab, preview.allowed || choice.is_some_and(is_typed_in), &choices);
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
    if action == NightAction::Leave && tab.left.minor > 0 && tab.kind == Kind::Tab {
        flags.push("stays held".to_owned());
    }
    NightRow {
        action,
        choices,
        bill: preview.bill,
        service: preview.service,
        tip: preview.tip,
        total: preview.total,
        back,
        flags,
        errors: preview.errors,
        tab,
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

fn flags(tab: &TabRow, preview: &TakePreview, tonight: &Tonight) -> Vec<String> {
    let mut flags = Vec::new();
    let today = tonight.days.of(tonight.now);
    if let Some(over) = &preview.over {
        flags.push(format!("{} over its hold", over.text));
    }
    if !tab.is_named {
        flags.push("no name".to_owned());
    }
    if tab.needs_person {
        flags.push(tab.state.words.to_lowercase());
    }
    if tab.state.code == "waiting" {
        flags.push("card never added".to_owned());
    }
    if tab.kind == Kind::Deposit {
        flags.push(match tab.departs_on {
            None => "deposit, the guest may stay".to_owned(),
            Some(day) if day > today => format!("deposit, the guest stays until {}", short_day(day)),
            Some(day) if day == today => "deposit, the guest departs today".to_owned(),
            Some(day) => format!("deposit, the guest left on {}", short_day(day)),
        });
    }
    let opened = tonight.days.of(tab.opened_at);
    if opened < today && tab.kind != Kind::Deposit {
        flags.push(format!("open since {}", short_day(opened)));
    }
    if tab.bill.minor == 0 && tab.left.minor > 0 && tab.kind == Kind::Tab {
        flags.push("nothing on the bill".to_owned());
    }
    flags
}

fn short_day(day: NaiveDate) -> String {
    day.format("%a %-d %b").to_string()
}

fn sentence(rows: &[NightRow], taking: &[MoneyView], releasing: &[MoneyView]) -> String {
    let count = |action| rows.iter().filter(|r| r.action == action).count();
    let all = |sums: &[MoneyView]| {
        let texts: Vec<&str> = sums.iter().map(|m| m.text.as_str()).collect();
        texts.join(" and ")
    };
    let mut parts = Vec::new();
    match count(NightAction::Take) {
        0 => {}
        n => parts.push(format!("Take {} from {}", all(taking), tabs(n))),
    }
    match count(NightAction::Release) {
        0 => {}
        n => parts.push(format!("release {} of {}", all(releasing), tabs(n))),
    }
    match count(NightAction::Cancel) {
        0 => {}
        n => parts.push(format!("cancel {}", tabs(n))),
    }
    match count(NightAction::PutAway) {
        0 => {}
        n => parts.push(format!("put {} away", tabs(n))),
    }
    let left = count(NightAction::Leave);
    if parts.is_empty() {
        return match left {
            0 => "Nothing is open.".to_owned(),
            1 => "Nothing is to be closed: 1 tab is carried forward.".to_owned(),
            many => format!("Nothing is to be closed: {many} tabs are carried forward."),
        };
    }
    if left > 0 {
        parts.push(format!("leave {} for later", tabs(left)));
    }
    let mut sentence = parts.join(", ");
    if let Some(first) = sentence.get(..1).map(str::to_uppercase) {
        sentence.replace_range(..1, &first);
    }
    format!("{sentence}.")
}

fn tabs(count: usize) -> String {
    if count == 1 {
        "1 tab".to_owned()
    } else {
        format!("{count} tabs")
    }
}
