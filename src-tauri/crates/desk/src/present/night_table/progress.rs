//! How the closing of a night stands, row by row.

use super::picks::{RowProgress, RunPhase, RunPick, RunPickCount};
use super::words;
use crate::account::Account;
use crate::context::frame::Frame;
use crate::night::run::{NightAction, RowDecision, RowPlan};
use crate::present::row::row as present_row;
use crate::present::view::{self, Money, State, TabRow, Tone};
use crate::{AppError, Desk, wording};
use chrono::{DateTime, Utc};
use holdfast_domain::{self as domain, OperationKind, OperationState, TabId};
use holdfast_ledger::RowEnded;
use serde::Serialize;
use ts_rs::TS;

/// How a run stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct RunView {
    /// When it was begun.
    #[ts(type = "string")]
    pub started_at: DateTime<Utc>,
    /// By whom.
    pub by: String,
    /// Rows of which all is done: one that came to an end in another way isn't.
    pub done: usize,
    /// All rows.
    pub total: usize,
    /// How far it is.
    pub phase: RunPhase,
    /// The same in one sentence.
    pub words: String,
    /// Whether it's still of interest: it isn't over, it was begun on the business day that it is now, or a row of it
    /// couldn't be done.
    pub is_shown: bool,
    /// Which of its rows can be picked, and how many those are.
    pub picks: Vec<RunPickCount>,
    /// Row by row: as they were confirmed while it goes on, and what a person has to look at first once it's over.
    pub rows: Vec<RunRowView>,
    /// Sums of what was confirmed, by currency: bills, service, tips and all of it.
    pub bills: Vec<Money>,
    /// Service.
    pub service: Vec<Money>,
    /// Tips.
    pub tips: Vec<Money>,
    /// What the holds have no room for: bills, service and tips are as much beyond what is taken.
    pub beyond: Vec<Money>,
    /// All of it.
    pub taking: Vec<Money>,
    /// What is taken already, by currency: by what became of each request, however its row ended.
    pub taken: Vec<Money>,
    /// What was confirmed to be released, by currency.
    pub releasing: Vec<Money>,
    /// What is released already, by currency.
    pub released: Vec<Money>,
    /// How many bills of those that were taken are short, and by how much.
    pub short: Option<String>,
}

/// What was confirmed to be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct RunFigures {
    /// Of the bill.
    pub bill: Money,
    /// Service charge.
    pub service: Money,
    /// Tip.
    pub tip: Money,
    /// What the holds have no room for: the three are as much beyond the total.
    pub beyond: Money,
    /// In all.
    pub total: Money,
}

/// How one row stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct RunRowView {
    /// Which tab.
    #[ts(type = "string")]
    pub tab_id: TabId,
    /// Its name.
    pub name: String,
    /// The tab as it stands now; none where the ledger lost it.
    pub tab: Option<TabRow>,
    /// What was to become of it, with its amount.
    pub what: String,
    /// Of a take.
    pub taking: Option<RunFigures>,
    /// What became of it.
    pub state: State<RowProgress>,
    /// Under which picks it stands.
    pub picks: Vec<RunPick>,
    /// The state of its tab that says the same, if one does.
    #[serde(skip)]
    #[ts(skip)]
    pub(crate) is: Option<domain::TabState>,
}

impl RunView {
    /// Requests are going out.
    pub fn is_running(&self) -> bool {
        self.phase == RunPhase::Running
    }

    /// Rows are left and nobody is working on them.
    pub fn is_interrupted(&self) -> bool {
        self.phase == RunPhase::Interrupted
    }
}

/// What was confirmed to be taken, over all of the tab's holds; none of what isn't a take.
fn figures(plan: &RowPlan) -> Option<RunFigures> {
    let total = plan.money.filter(|_| plan.action == Some(NightAction::Take))?;
    let sum = |of: fn(&RowDecision) -> i64| {
        plan.parts
            .iter()
            .fold(0_i64, |sum, part| sum.saturating_add(of(part)))
    };
    let (service, tip) = (sum(|part| part.service), sum(|part| part.tip));
    let taken = [
        total.minor.saturating_sub(service).saturating_sub(tip),
        service,
        tip,
    ];
    let money = |minor| Money::from(domain::Money::new(minor, total.currency));
    let asked = plan.asked.unwrap_or(taken);
    let all = asked.iter().fold(0_i64, |sum, part| sum.saturating_add(*part));
    let [bill, service, tip] = asked.map(money);
    Some(RunFigures {
        bill,
        service,
        tip,
        beyond: money(all.saturating_sub(total.minor)),
        total: total.into(),
    })
}

/// What of a row moved, however it ended: taken, and released.
fn taken_and_released(plan: &RowPlan, account: &Account) -> [domain::Money; 2] {
    let money = |minor| domain::Money::new(minor, account.tab.currency);
    let (mut taken, mut released) = (0_i64, 0_i64);
    for part in &plan.parts {
        let hold = account.holds.iter().find(|(hold, _)| hold.id == part.hold);
        let Some((hold, operations)) = hold else { continue };
        let mut its = operations.iter().filter(|operation| operation.id == part.id);
        if !its.any(|operation| operation.state == OperationState::Succeeded) {
            continue;
        }
        match part.kind {
            OperationKind::Capture => taken = taken.saturating_add(part.amount).saturating_add(part.tip),
            OperationKind::Reversal => released = released.saturating_add(hold.released()),
            OperationKind::Create
            | OperationKind::Cancel
            | OperationKind::Refund
            | OperationKind::SetAmount
            | OperationKind::SetTips
            | OperationKind::Receipt => {}
        }
    }
    [money(taken), money(released)]
}

/// What of a bill that was taken is unpaid yet, of what was due when it was taken: what came onto it since isn't the
/// night's.
fn unpaid(plan: &RowPlan, row: &RunRowView) -> Option<Money> {
    let is_taken = row.taking.is_some() && row.state.code == RowProgress::Done;
    let due = &row.tab.as_ref().filter(|_| is_taken)?.due;
    let taken = plan.parts.iter().fold(0_i64, |sum, part| {
        sum.saturating_add(part.amount).saturating_sub(part.service)
    });
    let was_due = plan.consent.as_ref().map(|seen| seen.due_minor);
    let left = was_due.map_or(due.minor, |was| was.saturating_sub(taken).min(due.minor));
    (left > 0).then(|| domain::Money::new(left, due.currency).into())
}

/// How many bills of those that were taken are short, and by how much.
fn short(unpaid: &[Money]) -> Option<String> {
    let sums = view::sums(unpaid.iter());
    (!unpaid.is_empty()).then(|| wording::night::short_by(unpaid.len(), &words::all(&sums)))
}

/// How far a row is that the run has not ended yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RowUnderWay {
    NotBegun,
    NoReply,
    Doing,
    /// All of it went through, and the run is about to note that.
    Done,
}

impl RowUnderWay {
    /// By what became of each part, in their order; none of one that was not recorded yet.
    fn of(parts: &[Option<OperationState>], is_running: bool) -> Self {
        let known = || parts.iter().flatten();
        let has_succeeded = |state: &&OperationState| **state == OperationState::Succeeded;
        if known().any(|state| *state == OperationState::Unknown) {
            Self::NoReply
        } else if known().any(|state| state.is_open()) {
            Self::Doing
        } else if !parts.is_empty() && known().filter(has_succeeded).count() == parts.len() {
            Self::Done
        } else if is_running && known().any(|state| *state == OperationState::Succeeded) {
            Self::Doing
        } else {
            Self::NotBegun
        }
    }
}

impl Desk {
    /// How the last run stands.
    ///
    /// # Errors
    /// The ledger's.
    pub(crate) async fn night_run(&self) -> Result<Option<RunView>, AppError> {
        let Some(run) = self.night.run().await? else {
            return Ok(None);
        };
        let (is_running, is_over) = (self.night.is_running(), run.ended_at.is_some());
        let frame = self.context.frame().await?;
        let ids = run.rows.iter().map(|row| row.tab).collect();
        let accounts = self.context.ledger.accounts(ids).await?;
        let (mut rows, mut short_by) = (Vec::new(), Vec::new());
        let (mut taken, mut released, mut releasing) = (Vec::new(), Vec::new(), Vec::new());
        for row in &run.rows {
            let plan = RowPlan::of(row);
            let account = accounts.iter().find(|account| account.tab.id == row.tab);
            if let Some((plan, account)) = plan.as_ref().zip(account) {
                let [its, back] = taken_and_released(plan, account).map(Money::from);
                taken.push(its);
                released.push(back);
            }
            let to_release = plan
                .as_ref()
                .filter(|plan| plan.action == Some(NightAction::Release));
            releasing.extend(to_release.and_then(|plan| plan.money).map(Money::from));
            let (state, is) = self.row_state(row, plan.as_ref(), is_running, frame).await?;
            let shown = RunRowView {
                tab_id: row.tab,
                name: row.name.clone(),
                tab: account.map(|account| present_row(account, frame)),
                what: plan.as_ref().map(words::planned).unwrap_or_default(),
                taking: plan.as_ref().and_then(figures),
                picks: RunPick::of(state.code),
                state,
                is,
            };
            short_by.extend(plan.as_ref().and_then(|plan| unpaid(plan, &shown)));
            rows.push(shown);
        }
        // What a person has to look at comes first once it's over; until then each stays where it was confirmed.
        if is_over && !is_running {
            rows.sort_by_key(|row| row.state.code.rank());
        }
        let of = |part: fn(&RunFigures) -> &Money| {
            view::sums(rows.iter().filter_map(|row| row.taking.as_ref()).map(part))
        };
        let is_done = |row: &&RunRowView| row.state.code == RowProgress::Done;
        let (done, total) = (rows.iter().filter(is_done).count(), rows.len());
        let phase = RunPhase::of(is_running, is_over);
        let is_tonights = frame.days.of(run.started_at) == frame.days.of(frame.now);
        let has_trouble = rows.iter().any(|row| row.state.code == RowProgress::Trouble);
        Ok(Some(RunView {
            words: words::run(phase, done, total),
            is_shown: phase != RunPhase::Over || is_tonights || has_trouble,
            picks: RunPick::counted(|| rows.iter().map(|row| row.picks.as_slice())),
            phase,
            started_at: run.started_at,
            by: run.by.to_string(),
            done,
            total,
            bills: of(|figures| &figures.bill),
            service: of(|figures| &figures.service),
            tips: of(|figures| &figures.tip),
            beyond: of(|figures| &figures.beyond),
            taking: of(|figures| &figures.total),
            taken: view::sums(taken.iter()),
            releasing: view::sums(releasing.iter()),
            released: view::sums(released.iter()),
            short: short(&short_by),
            rows,
        }))
    }

    async fn row_state(
        &self,
        row: &holdfast_ledger::RunRow,
        plan: Option<&RowPlan>,
        is_running: bool,
        frame: Frame,
    ) -> Result<(State<RowProgress>, Option<domain::TabState>), AppError> {
        let say = |code, words: &str, tone| State {
            code,
            words: words.to_owned(),
            tone,
        };
        match &row.ended {
            Some(RowEnded {
                trouble: Some(why), ..
            }) => {
                let words = words::trouble(why, plan, frame);
                let state = say(RowProgress::Trouble, &words, words::trouble_tone(why));
                return Ok((state, words::as_tab_state(why, plan)));
            }
            Some(_) => return Ok((say(RowProgress::Done, &words::done(plan), Tone::Good), None)),
            None => {}
        }
        let mut states = Vec::new();
        for part in plan.map_or(&[] as &[_], |plan| &plan.parts) {
            let known = self.context.ledger.operation(part.id).await?;
            states.push(known.map(|known| known.state));
        }
        match RowUnderWay::of(&states, is_running) {
            RowUnderWay::NoReply => {
                let state = say(RowProgress::Sending, wording::night::NOT_CONFIRMED, Tone::Bad);
                return Ok((state, Some(domain::TabState::Unclear)));
            }
            RowUnderWay::Doing => {
                return Ok((say(RowProgress::Sending, &words::doing(plan), Tone::Wait), None));
            }
            RowUnderWay::Done => return Ok((say(RowProgress::Done, &words::done(plan), Tone::Good), None)),
            RowUnderWay::NotBegun if is_running => {
                return Ok((
                    say(RowProgress::Next, wording::night::NOT_STARTED, Tone::Quiet),
                    None,
                ));
            }
            RowUnderWay::NotBegun => {}
        }
        Ok((say(RowProgress::Left, wording::night::NOT_DONE, Tone::Warn), None))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_taken_is_not_called_not_started() {
        let (yes, open, lost) = (
            Some(OperationState::Succeeded),
            Some(OperationState::Intended),
            Some(OperationState::Unknown),
        );
        for is_running in [true, false] {
            assert_eq!(RowUnderWay::of(&[yes], is_running), RowUnderWay::Done);
            assert_eq!(RowUnderWay::of(&[yes, yes], is_running), RowUnderWay::Done);
            assert_eq!(RowUnderWay::of(&[yes, open], is_running), RowUnderWay::Doing);
            assert_eq!(RowUnderWay::of(&[yes, lost], is_running), RowUnderWay::NoReply);
            assert_eq!(RowUnderWay::of(&[None], is_running), RowUnderWay::NotBegun);
            assert_eq!(RowUnderWay::of(&[], is_running), RowUnderWay::NotBegun);
        }
        // Between two cards a run that goes on is taking; one that stopped has not done all.
        assert_eq!(RowUnderWay::of(&[yes, None], true), RowUnderWay::Doing);
        assert_eq!(RowUnderWay::of(&[yes, None], false), RowUnderWay::NotBegun);
    }
}
