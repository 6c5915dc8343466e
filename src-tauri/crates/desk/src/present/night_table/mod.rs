//! The end of the night: every open tab with what should become of it, and totals before anything is done.

mod deeds;
mod flags;
mod picks;
pub(crate) mod progress;
pub(crate) mod words;

pub use deeds::{NightDeed, NightDeedCode};
pub use picks::{RowProgress, RunPhase, RunPick, RunPickCount};
pub use progress::{RunFigures, RunRowView, RunView};

use crate::account::Account;
use crate::context::frame::Frame;
use crate::night::begin::Beginning;
use crate::night::choice::NightChoice;
use crate::night::flag::Flag;
use crate::night::propose::Proposal;
use crate::night::run::{NightAction, NightSeen};
use crate::present::floor_tab::FloorTab;
use crate::present::take_preview::Percent;
use crate::present::view::{self, Money as MoneyView, TabRow, Tone};
use crate::{AppError, Desk, DojoTakes, FieldError, Seen, wording};
use chrono::{DateTime, Utc};
use holdfast_domain as domain;

use serde::Serialize;
use ts_rs::TS;

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
    /// On the bill and not taken yet, or typed.
    pub bill: MoneyView,
    /// Service charge.
    pub service: MoneyView,
    /// Whose that is.
    pub service_is: RowService,
    /// Tip.
    pub tip: MoneyView,
    /// What the holds have no room for: bill, service and tip are as much beyond what would be taken.
    pub beyond: MoneyView,
    /// Would be taken.
    pub total: MoneyView,
    /// Would drop off the card, now or at Dojo's deadline.
    pub back: MoneyView,
    /// Dojo would take it by itself at the deadline, and the tab stays open until then.
    #[serde(skip)]
    #[ts(skip)]
    pub dojo_takes: Option<DojoTakes>,
    /// By how much the bill that was typed passes what is due.
    #[serde(skip)]
    #[ts(skip)]
    pub above: Option<MoneyView>,
    /// What there is to see and to agree to, to be sent back with the confirm.
    pub seen: NightSeen,
    /// What a tick beside it means; none when it can only be left for later.
    pub tick: Option<NightAction>,
    /// What would be taken of the bill.
    #[serde(skip)]
    #[ts(skip)]
    taken_of_bill: domain::Money,
    /// When the last of that drops off by itself, after a take.
    #[serde(skip)]
    #[ts(skip)]
    pub(crate) back_by: Option<DateTime<Utc>>,
    /// The tab's state, where a flag says it.
    #[serde(skip)]
    #[ts(skip)]
    flagged: Option<domain::TabState>,
    /// What a manager should know before.
    pub flags: Vec<NightFlag>,
    /// What became of it in the run that is still of interest; none where that's done, or a flag says it.
    pub ended: Option<view::State<RowProgress>>,
    /// Typing that has to be put right.
    pub errors: Vec<FieldError>,
}

/// Whether the venue's service charge can be put on a row by one press, or taken off again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum RowService {
    /// It's taken from, has none, and nobody typed that it shall have none.
    Missing,
    /// The venue's was put on.
    Added,
    /// It's as a person or the bill has it.
    Settled,
}

impl RowService {
    fn of(proposal: &Proposal, choice: Option<&NightChoice>, charge: Option<&Percent>) -> Self {
        let typed = choice.and_then(|choice| choice.typed.service.as_deref());
        match (charge, typed) {
            (Some(charge), Some(typed)) if charge.is(typed) => Self::Added,
            (Some(_), None)
                if proposal.action == NightAction::Take && proposal.take.sums.service.minor == 0 =>
            {
                Self::Missing
            }
            _ => Self::Settled,
        }
    }
}

impl NightRow {
    /// The row with what became of its tab in a run before.
    fn ending_as(self, run: Option<&RunView>) -> Self {
        let shown = run.filter(|run| run.is_shown);
        let rows = shown.map_or(&[][..], |run| &run.rows);
        let its = rows.iter().find(|row| row.tab_id == self.tab.id);
        let is_flagged = |row: &&RunRowView| row.is.is_some() && row.is == self.flagged;
        let untold = its.filter(|row| row.state.code != RowProgress::Done && !is_flagged(row));
        Self {
            ended: untold.map(|row| row.state.clone()),
            ..self
        }
    }

    /// What would drop off the card does so at Dojo's deadline, and isn't released.
    fn drops_by_itself(&self) -> bool {
        matches!(self.action, NightAction::Take | NightAction::CloseTab)
    }
}

/// What a manager should know of a tab before the night is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct NightFlag {
    /// For people.
    pub words: String,
    /// How it looks.
    pub tone: Tone,
    /// Where its sum is settled; none where there is none, or a tick does it.
    pub place: Option<&'static str>,
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
    /// Bills of the rows that would be taken, by currency.
    pub bills: Vec<MoneyView>,
    /// What the holds have no room for, by currency: bills, service and tips are as much beyond what would be taken.
    pub beyond: Vec<MoneyView>,
    /// Would be taken, by currency.
    pub taking: Vec<MoneyView>,
    /// Service on them, by currency.
    pub service: Vec<MoneyView>,
    /// Tips on them, by currency.
    pub tips: Vec<MoneyView>,
    /// Would drop off guests' cards by itself, by currency; what is released stands in the sentence.
    pub back: Vec<MoneyView>,
    /// Dojo would take by itself, by currency.
    pub dojo_takes: Vec<MoneyView>,
    /// The venue's service charge, to be typed into rows that have none; none where it has none.
    pub service_charge: Option<Percent>,
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
    /// How many would stay open as they are.
    pub stays: usize,
    /// May it be begun?
    pub ready: bool,
    /// The run that is under way, or the last one.
    pub run: Option<RunView>,
    /// The report of all that moved since the last one.
    pub report: crate::ReportDue,
}

/// What is proposed for a tab.
pub(crate) struct Proposed {
    pub(crate) account: Account,
    pub(crate) tab: TabRow,
    pub(crate) proposal: Proposal,
}

/// What is proposed for all that is open.
pub(crate) struct ProposedNight {
    frame: Frame,
    run: Option<RunView>,
    pub(crate) tabs: Vec<Proposed>,
    pub(crate) beginning: Beginning,
}

impl Desk {
    /// What becomes of each open tab, with `choices` put in, and whether that may be begun.
    pub(crate) async fn proposed_night(&self, choices: &[NightChoice]) -> Result<ProposedNight, AppError> {
        // The run first: rows that are read after it has ended show all that it did.
        let run = self.night_run().await?;
        let frame = self.context.frame().await?;
        let mut tabs = Vec::new();
        for FloorTab {
            account, row: tab, ..
        } in self.open(frame).await?
        {
            let choice = choices.iter().find(|c| c.tab_id == tab.id);
            let proposal = Proposal::of(&account, choice, frame);
            tabs.push(Proposed {
                account,
                tab,
                proposal,
            });
        }
        let is_open = run.as_ref().is_some_and(|run| run.phase != RunPhase::Over);
        Ok(ProposedNight {
            beginning: Beginning::of(tabs.iter().map(|one| &one.proposal), is_open),
            frame,
            run,
            tabs,
        })
    }

    /// The table, with `choices` put in.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn night(&self, choices: &[NightChoice]) -> Result<Night, AppError> {
        let ProposedNight {
            frame,
            run,
            tabs,
            beginning,
        } = self.proposed_night(choices).await?;
        let settings = self.context.settings().await?;
        let service_charge = Percent::of(&settings.service);
        // What a manager should look at comes first, and stays there whatever is chosen for it.
        let mut tabs: Vec<(bool, Proposed)> = tabs
            .into_iter()
            .map(|one| (Proposal::of(&one.account, None, frame).flags.is_empty(), one))
            .collect();
        tabs.sort_by_key(|(is_plain, _)| *is_plain);
        let rows: Vec<NightRow> = tabs
            .into_iter()
            .map(|(_, one)| {
                let choice = choices.iter().find(|choice| choice.tab_id == one.tab.id);
                let service = RowService::of(&one.proposal, choice, service_charge.as_ref());
                night_row(one, service, frame)
            })
            .map(|row| row.ending_as(run.as_ref()))
            .collect();
        let of = |action| move |row: &&NightRow| row.action == action;
        let taken = || rows.iter().filter(of(NightAction::Take));
        let taking = view::sums(taken().map(|r| &r.total));
        let bills = view::sums(taken().map(|r| &r.bill));
        let service = view::sums(taken().map(|r| &r.service));
        let tips = view::sums(taken().map(|r| &r.tip));
        let beyond = view::sums(taken().map(|r| &r.beyond));
        let back = view::sums(rows.iter().filter(|r| r.drops_by_itself()).map(|r| &r.back));
        let releasing = view::sums(rows.iter().filter(of(NightAction::Release)).map(|r| &r.back));
        let dojo_takes = view::sums(taken().filter_map(|r| Some(&r.dojo_takes.as_ref()?.money)));
        let closing = words::closing(&rows, &taking, &releasing);
        Ok(Night {
            sentence: if beginning.has_errors {
                wording::closing::FIX_ROWS.to_owned()
            } else {
                closing.sentence()
            },
            button: closing.button(),
            deeds: deeds::deeds(&rows, frame),
            confirm: closing.confirm(),
            ready: beginning.is_allowed,
            day: wording::night::tonight(frame.days.of(frame.earliest)),
            bills,
            beyond,
            taking,
            service,
            tips,
            back,
            dojo_takes,
            service_charge,
            count: beginning.changing,
            stays: rows.iter().filter(of(NightAction::Leave)).count(),
            rows,
            run,
            report: self.report_due().await?,
        })
    }
}

fn night_row(of: Proposed, service_is: RowService, frame: Frame) -> NightRow {
    let Proposed {
        account,
        tab,
        proposal,
    } = of;
    let take = proposal.take;
    let [bill, service, tip] = proposal.asked;
    let all = [bill, service, tip];
    let all = all.iter().fold(0_i64, |sum, part| sum.saturating_add(part.minor));
    let beyond = domain::Money::new(all.saturating_sub(take.sums.total.minor), bill.currency);
    NightRow {
        seen: NightSeen {
            tab_id: tab.id,
            action: proposal.action,
            total_minor: take.sums.total.minor,
            seen: Seen::of(&account, frame.now),
            agreed: take.to_confirm.agreed(),
        },
        action: proposal.action,
        choices: proposal.choices,
        tick: proposal.tick,
        bill: bill.into(),
        service: service.into(),
        service_is,
        tip: tip.into(),
        beyond: beyond.into(),
        taken_of_bill: take.sums.bill,
        total: take.sums.total.into(),
        back: proposal.back.into(),
        back_by: proposal.back_by,
        above: take.to_confirm.above.map(Into::into),
        dojo_takes: take.to_confirm.dojo_takes.map(|takes| DojoTakes {
            money: takes.money.into(),
            words: takes.words(frame),
        }),
        ended: None,
        flagged: proposal.flags.iter().find_map(Flag::state).cloned(),
        flags: proposal
            .flags
            .iter()
            .map(|flag| flags::flag(flag, account.tab.currency, frame.days.of(frame.now)))
            .collect(),
        errors: proposal.errors,
        tab,
    }
}

impl Night {
    /// What a manager has seen who confirms it.
    pub fn seen(&self) -> Vec<NightSeen> {
        self.rows.iter().map(|row| row.seen.clone()).collect()
    }
}
