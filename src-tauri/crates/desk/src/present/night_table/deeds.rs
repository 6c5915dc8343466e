//! Everything that closing the night will do, part by part: what a manager confirms.

use super::NightRow;
use super::words::all;
use crate::context::frame::Frame;
use crate::night::run::NightAction;
use crate::present::view::{self, Money};
use crate::wording::{closing, night};
use holdfast_domain as domain;
use serde::Serialize;
use ts_rs::TS;

/// Tabs are named up to here.
const MOST_TABS_NAMED: usize = 6;

/// A kind of thing that closing the night will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum NightDeedCode {
    /// Takes from cards.
    Take,
    /// Takes less than some bills come to.
    Short,
    /// Releases what is on hold.
    Release,
    /// What isn't taken drops off cards by itself.
    Back,
    /// Dojo takes at the deadline.
    Dojo,
    /// Cancels unpaid requests.
    Cancel,
    /// Closes tabs with nothing to take.
    Close,
    /// Leaves tabs open.
    Leave,
}

/// One kind of thing that closing the night will do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct NightDeed {
    /// Which.
    pub code: NightDeedCode,
    /// With how many: `Release 2 tabs`.
    pub words: String,
    /// What it's made of, or whom it's about.
    pub about: String,
    /// The sum, by currency; none where no money moves.
    pub sums: Vec<Money>,
    /// Whether the sum leaves a card: a request that's cancelled only was one.
    pub moves: bool,
}

/// All of it, in the order in which a manager asks.
pub(super) fn deeds(rows: &[NightRow], frame: Frame) -> Vec<NightDeed> {
    let mut deeds = on_cards(rows, frame);
    let cancelled = of(rows, NightAction::Cancel);
    if !cancelled.is_empty() {
        let sums = view::sums(cancelled.iter().filter_map(|row| row.tab.asked.as_ref()));
        let words = night::cancel_requests(cancelled.len());
        deeds.push(deed(NightDeedCode::Cancel, words, names(&cancelled), sums, false));
    }
    let closed = of(rows, NightAction::CloseTab);
    if !closed.is_empty() {
        let words = night::close_tabs(closed.len());
        let about = names(&closed);
        deeds.push(deed(NightDeedCode::Close, words, about, Vec::new(), false));
    }
    let left = of(rows, NightAction::Leave);
    if !left.is_empty() {
        let sums = view::sums(left.iter().map(|row| &row.tab.left));
        deeds.push(deed(
            NightDeedCode::Leave,
            night::leave_tabs(left.len()),
            names(&left),
            sums,
            false,
        ));
    }
    deeds
}

/// What money moves or stays on cards.
fn on_cards(rows: &[NightRow], frame: Frame) -> Vec<NightDeed> {
    let mut deeds = Vec::new();
    let taken = of(rows, NightAction::Take);
    if !taken.is_empty() {
        let words = night::take_from(taken.len());
        let sums = view::sums(taken.iter().map(|row| &row.total));
        deeds.push(deed(NightDeedCode::Take, words, made_of(&taken), sums, true));
    }
    deeds.extend(short(&taken));
    let released = of(rows, NightAction::Release);
    if !released.is_empty() {
        let sums = view::sums(released.iter().map(|row| &row.back));
        let words = night::release_tabs(released.len());
        let about = names(&released);
        deeds.push(deed(NightDeedCode::Release, words, about, sums, true));
    }
    let is_dropping = |row: &&NightRow| row.drops_by_itself() && row.back.minor > 0;
    let dropping: Vec<&NightRow> = rows.iter().filter(is_dropping).collect();
    if !dropping.is_empty() {
        let ends = dropping.iter().filter_map(|row| row.back_by).max();
        // A guest's bank knows no business day: at half past midnight it's the next date.
        let by = ends.map(|at| at.with_timezone(&frame.days.zone).date_naive());
        let about = night::CANT_RELEASE.to_owned();
        let sums = view::sums(dropping.iter().map(|row| &row.back));
        let words = night::drops_off(by, frame.days.of(frame.now));
        deeds.push(deed(NightDeedCode::Back, words, about, sums, false));
    }
    let at_dojo: Vec<&NightRow> = taken
        .iter()
        .copied()
        .filter(|row| row.dojo_takes.is_some())
        .collect();
    if !at_dojo.is_empty() {
        let sums = view::sums(
            at_dojo
                .iter()
                .filter_map(|row| Some(&row.dojo_takes.as_ref()?.money)),
        );
        deeds.push(deed(
            NightDeedCode::Dojo,
            night::DOJO_TAKES.to_owned(),
            names(&at_dojo),
            sums,
            true,
        ));
    }
    deeds
}

/// What stays unpaid of bills that are taken in part: a hold is too small, or staff typed less.
fn short(taken: &[&NightRow]) -> Option<NightDeed> {
    let unpaid = |row: &NightRow| row.tab.due.minor.saturating_sub(row.taken_of_bill.minor);
    let short: Vec<&NightRow> = taken.iter().copied().filter(|row| unpaid(row) > 0).collect();
    let missing: Vec<Money> = short
        .iter()
        .map(|row| domain::Money::new(unpaid(row), row.bill.currency).into())
        .collect();
    let words = night::short_bills(short.len());
    let sums = view::sums(missing.iter());
    let about = night::short_of(&names(&short));
    (!short.is_empty()).then(|| deed(NightDeedCode::Short, words, about, sums, false))
}

fn of(rows: &[NightRow], action: NightAction) -> Vec<&NightRow> {
    rows.iter().filter(|row| row.action == action).collect()
}

const fn deed(code: NightDeedCode, words: String, about: String, sums: Vec<Money>, moves: bool) -> NightDeed {
    NightDeed {
        code,
        words,
        about,
        sums,
        moves,
    }
}

/// `Bill £76.00 + service £9.50 + tips £6.00`.
fn made_of(taken: &[&NightRow]) -> String {
    let part = |of: fn(&NightRow) -> &Money| {
        let sums = view::sums(taken.iter().map(|row| of(row)));
        (!sums.is_empty()).then(|| all(&sums))
    };
    let (bill, service, tips) = (
        part(|row| &row.bill),
        part(|row| &row.service),
        part(|row| &row.tip),
    );
    let beyond = part(|row| &row.beyond);
    closing::made_of(
        bill.as_deref(),
        service.as_deref(),
        tips.as_deref(),
        beyond.as_deref(),
    )
}

fn names(rows: &[&NightRow]) -> String {
    let first: Vec<&str> = rows
        .iter()
        .take(MOST_TABS_NAMED)
        .map(|row| row.tab.name.as_str())
        .collect();
    match rows.len().saturating_sub(MOST_TABS_NAMED) {
        0 => first.join(" · "),
        others => night::and_others(&first.join(" · "), others),
    }
}
