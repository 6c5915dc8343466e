//! I13: every figure that people are shown is worked out here once more from Dojo's own record, and from what
//! was typed. Nothing of the till's is asked for a sum: not its holds, its bill, its movements or its words.

use super::money::is_rest_unseen;
use super::{World, books};
use crate::world::mortal::now;
use crate::world::steps::takes_back;
use anyhow::{Context, Result, ensure};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use holdfast_desk::{Desk, ExportKind, NightAction, PaperKind, ReportLine, TakeTyped, view};
use holdfast_domain::{Currency, Hold, Operation, OperationKind, OperationState, TabId};
use holdfast_ledger::prelude::*;
use holdfast_simulator::engine::{
    AutoExpireAction, By, Capture, CaptureMode, CaptureStatus, ClockStart, Engine, Intent, PaymentEvents,
    RefundStatus, Remainder, Switches, TipLimit,
};
use std::collections::HashMap;

/// Whether Dojo's answers say what is left on hold. With these they don't: it is said nowhere that the tip is beyond
/// the hold, that the rest went back with the first capture, or that the clock began with the intent.
pub(super) fn is_left_told(switches: &Switches) -> bool {
    switches.tip_limit == TipLimit::WithinHold
        && switches.remainder == Remainder::StaysUntilExpiry
        && switches.clock_start == ClockStart::Authorisation
}

/// What is true of one hold, in minor units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Truth {
    taken: i64,
    tips: i64,
    /// Within what was taken.
    service: i64,
    refunded: i64,
    /// Of the bill, within what was refunded.
    back_of_bill: i64,
    /// Within that, what nobody owes again.
    off_bill: i64,
    back_of_tip: i64,
    /// On hold now.
    held: i64,
    /// What a take asked for of which Dojo has no capture, while nobody has decided what became of it.
    asked: i64,
    /// Was on hold, and went back untaken.
    back: i64,
    /// A capture is not decided yet.
    is_undecided: bool,
    /// Nobody is told what is held.
    is_held_untold: bool,
    /// Others gave back what was over long ago: it is read when somebody looks at it. Or Dojo took back what it showed.
    is_unread: bool,
}

impl Truth {
    fn of(engine: &Engine, intent: &Intent, operations: &[Operation]) -> Self {
        let is_undone = intent.capture_mode == CaptureMode::Auto && intent.reversal_id.is_some();
        let takings = if is_undone { Vec::new() } else { intent.takings() };
        let taken: i64 = takings.iter().map(|taking| taking.amount).sum();
        let (held, switches) = (engine.held(&intent.id), &engine.state().switches);
        let is_successful = |o: &&Operation| {
            let mut captures = intent.captures.iter();
            o.kind == OperationKind::Capture
                && captures.any(|c| {
                    c.status == CaptureStatus::Successful && o.dojo_id.as_deref() == Some(c.id.as_str())
                })
        };
        let is_lost = |o: &&Operation| {
            let mut captures = intent.captures.iter();
            o.kind == OperationKind::Capture
                && o.state.is_open()
                && !captures.any(|c| o.dojo_id.as_deref() == Some(c.id.as_str()))
        };
        let lost: i64 = operations.iter().filter(is_lost).map(|o| o.amount + o.tip).sum();
        let is_given = |o: &&Operation| {
            let mut refunds = intent.refunds.iter();
            refunds.any(|r| r.status == RefundStatus::Successful && r.idempotency_key == o.id.to_string())
        };
        let refunds = operations.iter().filter(|o| o.kind == OperationKind::Refund);
        let said = refunds.filter(is_given).filter_map(|o| Some((o, o.of?)));
        let is_overdue = intent.deadline(switches).is_some_and(|at| at <= engine.now());
        let is_rest_back = intent.reversal_id.is_some() && taken > 0;
        // Taken in part may be what the hold is called before its end and after. Then nobody knows its
        // deadline but from what was taken of it: by then its clock had begun.
        let first = intent.captures.iter().map(|capture| capture.created_at).min();
        let is_end_unseen = switches.payment_events == PaymentEvents::Missing
            && !intent.hold_open
            && first.is_some_and(|first| engine.now() - first < TimeDelta::days(7));
        let strange = intent.refunds.iter();
        let strange = strange.filter(|refund| refund.idempotency_key.starts_with("another till's"));
        Self {
            taken,
            tips: takings.iter().map(|taking| taking.tip).sum(),
            service: operations.iter().filter(is_successful).map(|o| o.service).sum(),
            refunded: intent.refunded(),
            back_of_bill: said.clone().map(|(o, of)| o.amount - of.service - of.tip).sum(),
            off_bill: said.clone().map(|(_, of)| of.off_bill).sum(),
            back_of_tip: said.map(|(_, of)| of.tip).sum(),
            held,
            asked: lost.min(held),
            back: if intent.capture_mode == CaptureMode::Manual && !intent.hold_open {
                intent.authorised - taken
            } else {
                0
            },
            is_undecided: intent.captures.iter().any(|c| c.status == CaptureStatus::Created),
            is_held_untold: !is_left_told(switches) || is_overdue || is_rest_back || is_end_unseen,
            is_unread: takes_back(engine, intent)
                || (!intent.hold_open && (is_undone || strange.count() > 0)),
        }
    }
}

/// A tab's figures.
#[derive(Debug)]
struct Figures {
    currency: Currency,
    lines: i64,
    /// Oldest first.
    holds: Vec<(Hold, Vec<Operation>, Truth)>,
}

impl Figures {
    fn sum(&self, of: impl Fn(&Truth) -> i64) -> i64 {
        self.holds.iter().map(|(_, _, truth)| of(truth)).sum()
    }

    fn any(&self, of: impl Fn(&Truth) -> bool) -> bool {
        self.holds.iter().any(|(_, _, truth)| of(truth))
    }

    /// Of the bill, not taken yet. A refund takes off the bill what a person said; one of which nobody said what it was
    /// for makes nothing due.
    fn due(&self) -> i64 {
        let paid = self.sum(|truth| truth.taken - truth.tips - truth.service - truth.back_of_bill);
        (self.bill() - paid).max(0)
    }

    /// What the guest is to pay in all: the lines without what refunds took off.
    fn bill(&self) -> i64 {
        (self.lines - self.sum(|truth| truth.off_bill)).max(0)
    }
}

/// Whether all that Dojo has was read just now, or only what is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Read {
    Watched,
    Everything,
}

fn figures(world: &World, read: Read) -> Result<HashMap<TabId, Figures>> {
    let ledger = &world.till()?.ledger;
    let engine = world.line.engine();
    let mut all: HashMap<TabId, Figures> = HashMap::new();
    for (hold, operations) in world.every_hold()? {
        let intent = hold.intent_id.as_ref().and_then(|id| engine.intent(id));
        let truth = intent.map_or_else(Truth::default, |intent| {
            let truth = Truth::of(&engine, intent, &operations);
            Truth {
                is_unread: (truth.is_unread && read == Read::Watched) || is_rest_unseen(&engine, intent),
                ..truth
            }
        });
        let figures = match all.entry(hold.tab) {
            std::collections::hash_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::hash_map::Entry::Vacant(entry) => entry.insert(Figures {
                currency: hold.currency,
                lines: books::bill(world, hold.tab)?,
                holds: Vec::new(),
            }),
        };
        figures.holds.push((hold, operations, truth));
    }
    // A bill that was split off has no hold yet.
    for tab in now(ledger.tabs(true, 10_000))? {
        if let std::collections::hash_map::Entry::Vacant(entry) = all.entry(tab.id) {
            entry.insert(Figures {
                currency: tab.currency,
                lines: books::bill(world, tab.id)?,
                holds: Vec::new(),
            });
        }
    }
    Ok(all)
}

/// What of a tab's bill is not taken yet.
pub(super) fn due(world: &World, tab: TabId) -> Result<i64> {
    let all = figures(world, Read::Watched)?;
    Ok(all.get(&tab).map_or(0, Figures::due))
}

/// I13, after a sweep in which nothing went wrong.
pub(super) fn figures_are_true(world: &World, read: Read) -> Result<()> {
    let all = figures(world, read)?;
    let till = world.till()?;
    for (tab, figures) in &all {
        till.runtime
            .block_on(on_tab(&till.desk, *tab, figures))
            .with_context(|| format!("I13: tab {tab}: {figures:?}"))?;
    }
    till.runtime
        .block_on(on_floor(&till.desk, &all))
        .context("I13: the floor")?;
    till.runtime
        .block_on(at_night(&till.desk, &all))
        .context("I13: the night")?;
    till.runtime
        .block_on(in_days(world, &till.desk, &all))
        .context("I13: the days")?;
    till.runtime
        .block_on(in_lists(world, &till.desk, &all))
        .context("I13: the lists")
}

fn same(what: &str, shown: i64, truth: i64) -> Result<()> {
    ensure!(shown == truth, "{what}: {shown} is shown, {truth} is true");
    Ok(())
}

/// The minor units of an amount as it is printed.
fn printed(text: &str) -> Option<i64> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    digits.parse().ok()
}

async fn on_tab(desk: &Desk, tab: TabId, figures: &Figures) -> Result<()> {
    let shown = desk.tab(tab).await?;
    row(&shown.row, figures)?;
    for (hold, operations, truth) in &figures.holds {
        let view = shown.holds.iter().find(|view| view.id == hold.id);
        let view = view.with_context(|| format!("hold {} is not shown", hold.id))?;
        on_hold(view, truth).with_context(|| format!("hold {}", hold.id))?;
        on_papers(desk, view, truth)
            .await
            .with_context(|| format!("papers of {}: {operations:?}", hold.id))?;
    }
    if shown.closed_at.is_some() {
        return Ok(());
    }
    let preview = desk.preview_take(tab, &TakeTyped::default()).await?;
    if !figures.any(|truth| truth.is_unread) {
        same("due on the sheet", preview.due.minor, figures.due())?;
        same("the sheet's bill", preview.bill.minor, figures.due())?;
    }
    let parts = preview.bill.minor + preview.service.minor + preview.tip.minor;
    same("the sheet's total", preview.total.minor, parts)?;
    if preview.allowed {
        let split: i64 = preview.split.iter().map(|p| p.amount.minor + p.tip.minor).sum();
        same("what the holds give", split, preview.total.minor)?;
        let tips: i64 = preview.split.iter().map(|p| p.tip.minor).sum();
        same("the tip that they give", tips, preview.tip.minor)?;
    }
    Ok(())
}

fn row(shown: &view::TabRow, figures: &Figures) -> Result<()> {
    if figures.any(|truth| truth.is_unread) {
        return Ok(());
    }
    same("the bill", shown.bill.minor, figures.bill())?;
    same("taken", shown.captured.minor, figures.sum(|truth| truth.taken))?;
    if !figures.any(|truth| truth.is_held_untold || truth.is_undecided) {
        let left = figures.sum(|truth| truth.held - truth.asked);
        same("left", shown.left.minor, left)?;
    }
    Ok(())
}

fn on_hold(shown: &view::Hold, truth: &Truth) -> Result<()> {
    if truth.is_unread {
        return Ok(());
    }
    same("taken", shown.captured.minor, truth.taken)?;
    same("tips", shown.captured_tip.minor, truth.tips)?;
    same("refunded", shown.refunded.minor, truth.refunded)?;
    if !truth.is_held_untold && !truth.is_undecided {
        same("left", shown.left.minor, truth.held - truth.asked)?;
    }
    Ok(())
}

/// The amount beside one of some labels, or beneath it; 0 where there is none.
fn amount(facts: &[ReportLine], labels: &[&str], within: Option<&str>) -> i64 {
    let mut from = facts
        .iter()
        .skip_while(|line| !labels.contains(&line.label.as_str()));
    let first = from.next();
    let line = match within {
        None => first,
        Some(label) => from
            .take_while(|line| line.within)
            .find(|line| line.label == label),
    };
    line.map_or(0, |line| printed(&line.text).unwrap_or(-1))
}

async fn on_papers(desk: &Desk, shown: &view::Hold, truth: &Truth) -> Result<()> {
    if truth.is_unread || truth.is_undecided {
        return Ok(());
    }
    for offer in &shown.papers {
        let paper = desk.paper(offer.kind, shown.id).await?;
        let fact = |labels: &[&str], within: Option<&str>| amount(&paper.facts, labels, within);
        match offer.kind {
            PaperKind::Slip if truth.is_held_untold => {}
            PaperKind::Slip => same(
                "the slip's hold",
                fact(&["On hold on your card"], None),
                truth.held,
            )?,
            PaperKind::Receipt => {
                let taken = ["Taken from the card", "Taken from this card"];
                let back = ["Refunded to the card", "Refunded to this card"];
                same("the receipt's sum", fact(&taken, None), truth.taken)?;
                same("the receipt's tip", fact(&taken, Some("Tip")), truth.tips)?;
                let service = fact(&taken, Some("Service charge"));
                same("the receipt's service", service, truth.service)?;
                same("the receipt's refund", fact(&back, None), truth.refunded)?;
            }
            PaperKind::Letter if truth.is_held_untold => {}
            PaperKind::Letter => same("the letter's sum", fact(&["Released"], None), truth.back)?,
        }
    }
    Ok(())
}

async fn on_floor(desk: &Desk, all: &HashMap<TabId, Figures>) -> Result<()> {
    let floor = desk.floor().await?;
    let (mut held, mut bills) = (HashMap::new(), HashMap::new());
    let mut is_told = true;
    for row in &floor.rows {
        let Some(figures) = all.get(&row.id) else { continue };
        self::row(row, figures).with_context(|| format!("{figures:?}"))?;
        *held.entry(figures.currency).or_insert(0) += figures.sum(|truth| truth.held - truth.asked);
        *bills.entry(figures.currency).or_insert(0) += figures.bill();
        is_told &= !figures.any(|truth| truth.is_held_untold || truth.is_undecided || truth.is_unread);
    }
    if is_told {
        sums("on hold", &floor.held, &held)?;
        sums("on bills", &floor.bills, &bills)?;
    }
    Ok(())
}

fn sums(what: &str, shown: &[view::Money], truth: &HashMap<Currency, i64>) -> Result<()> {
    for (currency, truth) in truth {
        let shown = shown.iter().find(|money| money.currency == *currency);
        let shown = shown.map_or(0, |money| money.minor);
        same(&format!("{what} in {currency:?}"), shown, *truth)?;
    }
    Ok(())
}

async fn at_night(desk: &Desk, all: &HashMap<TabId, Figures>) -> Result<()> {
    let night = desk.night(&[]).await?;
    let (mut taking, mut tips) = (HashMap::new(), HashMap::new());
    for row in &night.rows {
        let Some(figures) = all.get(&row.tab.id) else {
            continue;
        };
        self::row(&row.tab, figures)?;
        if row.action != NightAction::Take {
            continue;
        }
        let parts = row.bill.minor + row.service.minor + row.tip.minor;
        same("a row's total", row.total.minor, parts)?;
        if !figures.any(|truth| truth.is_held_untold || truth.is_undecided || truth.is_unread) {
            let due = figures.due();
            // Once a part was given back, Dojo takes no more of that hold.
            let can_give = |truth: &Truth| if truth.refunded > 0 { 0 } else { truth.held };
            let most = figures.sum(can_give);
            ensure!(
                row.total.minor <= most && row.bill.minor == due.min(most),
                "it would take {} of a bill of {due}, {most} is held: {figures:?}",
                row.bill.text
            );
        }
        *taking.entry(figures.currency).or_insert(0) += row.total.minor;
        *tips.entry(figures.currency).or_insert(0) += row.tip.minor;
    }
    sums("to be taken", &night.taking, &taking)?;
    sums("tips to be taken", &night.tips, &tips)
}

/// The first day of every world, and a day after all that it can date: clocks are ten days off at most.
fn days(world: &World) -> (NaiveDate, NaiveDate) {
    let now = world.clock.truth().date_naive();
    let from = NaiveDate::from_ymd_opt(2026, 9, 1).unwrap_or(now);
    (from, now.checked_add_days(Days::new(12)).unwrap_or(now))
}

async fn in_days(world: &World, desk: &Desk, all: &HashMap<TabId, Figures>) -> Result<()> {
    let (from, to) = days(world);
    for currency in [Currency::Gbp, Currency::Eur] {
        let shown = desk.days(Some(from), Some(to), Some(currency)).await?.total;
        let its: Vec<&Figures> = all.values().filter(|f| f.currency == currency).collect();
        if its.iter().any(|f| f.any(|truth| truth.is_unread)) {
            continue;
        }
        let sum = |of: fn(&Truth) -> i64| its.iter().map(|f| f.sum(of)).sum::<i64>();
        same("taken", shown.taken.minor, sum(|t| t.taken))?;
        same("service", shown.service.minor, sum(|t| t.service))?;
        same("tips", shown.tips.minor, sum(|t| t.tips))?;
        same("refunded", shown.refunded.minor, sum(|t| t.refunded))?;
        if !its.iter().any(|f| f.any(|t| t.is_held_untold || t.is_undecided)) {
            same("held", shown.held.minor, sum(|t| t.held - t.asked))?;
            let back = shown.released.minor + shown.lapsed.minor;
            same("gone back", back, sum(|t| t.back))?;
        }
    }
    Ok(())
}

/// The business day of an instant: the venue's clocks are Greenwich's, and a day begins at five.
fn day(at: DateTime<Utc>) -> String {
    let began = at.checked_sub_signed(TimeDelta::hours(5)).unwrap_or(at);
    began.date_naive().to_string()
}

/// A list for a spreadsheet, read by its headings.
struct List<'a> {
    headings: Vec<&'a str>,
    rows: Vec<Vec<&'a str>>,
}

/// The cells of a line. A comma may be in a cell of text; a quotation mark is in none of a world's.
fn cells(line: &str) -> Vec<&str> {
    let mut is_text = false;
    let between = line.split(move |c: char| {
        is_text ^= c == '"';
        c == ',' && !is_text
    });
    between.map(|cell| cell.trim_matches('"')).collect()
}

impl<'a> List<'a> {
    fn read(text: &'a str) -> Self {
        let mut lines = text.trim_start_matches('\u{feff}').lines();
        Self {
            headings: lines.next().map(cells).unwrap_or_default(),
            rows: lines.map(cells).collect(),
        }
    }

    fn cell(&self, row: &[&'a str], heading: &str) -> Result<&'a str> {
        let place = self.headings.iter().position(|cell| *cell == heading);
        let cell = place.and_then(|place| row.get(place).copied());
        cell.with_context(|| format!("no “{heading}” in {row:?}"))
    }

    /// The sum of a column, over the rows that count.
    fn sum(&self, heading: &str, counts: impl Fn(&[&'a str]) -> Result<bool>) -> Result<i64> {
        let mut sum = 0;
        for row in &self.rows {
            if counts(row)? {
                sum += self.cell(row, heading)?.parse::<i64>()?;
            }
        }
        Ok(sum)
    }
}

async fn in_lists(world: &World, desk: &Desk, all: &HashMap<TabId, Figures>) -> Result<()> {
    let (from, to) = days(world);
    let moved = desk.export(ExportKind::Movements, from, to).await?.text;
    let tipped = desk.export(ExportKind::Tips, from, to).await?.text;
    let (moved, tipped) = (List::read(&moved), List::read(&tipped));
    let holds = || all.values().flat_map(|figures| &figures.holds);
    if !holds().any(|(_, _, truth)| truth.is_unread) {
        let tips: i64 = holds().map(|(_, _, truth)| truth.tips - truth.back_of_tip).sum();
        same(
            "tips in their list",
            tipped.sum("Tip to pay out in minor units", |_| Ok(true))?,
            tips,
        )?;
    }
    let engine = world.line.engine();
    let switches = &engine.state().switches;
    let knows_when =
        switches.clock_start == ClockStart::Authorisation && switches.payment_events == PaymentEvents::Shown;
    for (hold, _, truth) in holds() {
        let intent = hold.intent_id.as_ref().and_then(|id| engine.intent(id));
        let captures = intent.into_iter().flat_map(|intent| &intent.captures);
        let listed = captures.filter(|c| !c.is_unlisted && c.status != CaptureStatus::Created);
        for capture in listed.filter(|_| !truth.is_unread) {
            on_list(&moved, capture, knows_when).with_context(|| format!("{hold:?}, {intent:?}"))?;
        }
    }
    Ok(())
}

fn on_list(moved: &List<'_>, capture: &Capture, knows_when: bool) -> Result<()> {
    let is_its = |row: &[&str]| Ok(moved.cell(row, "Dojo or decision")? == capture.id);
    let total = if capture.status == CaptureStatus::Successful {
        capture.amount + capture.tips_amount.unwrap_or(0)
    } else {
        0
    };
    let listed = moved.sum("Amount in minor units", is_its)?;
    same(&format!("the list on {}", capture.id), listed, total)?;
    let taken_on = day(capture.created_at);
    for row in &moved.rows {
        if total > 0 && is_its(row)? {
            let on = moved.cell(row, "Business day")?;
            ensure!(
                on == taken_on,
                "it was taken on {taken_on}, the list says {on}: {row:?}"
            );
        }
    }
    if capture.by == By::Deadline && knows_when {
        // Who took it may be learnt later: then the first row is taken back, and the sum is nobody else's.
        let is_others = |row: &[&str]| Ok(is_its(row)? && moved.cell(row, "By")? != "Dojo");
        let others = moved.sum("Amount in minor units", is_others)?;
        same("taken by others at the deadline", others, 0)?;
    }
    Ok(())
}

/// What the till calls over must be over at Dojo.
pub(super) fn is_over_is_over(hold: &Hold, intent: &Intent, operations: &[Operation]) -> Result<()> {
    let is_released = operations
        .iter()
        .any(|o| o.kind == OperationKind::Reversal && o.state == OperationState::Succeeded);
    ensure!(
        !is_released || !intent.hold_open,
        "it is called released, and Dojo holds it"
    );
    if let Some(at) = hold.lapsed_at {
        ensure!(
            !intent.hold_open,
            "it is called over since {at}, and Dojo holds it"
        );
        let is_taken = intent.takings().iter().any(|taking| taking.by == By::Deadline);
        ensure!(
            !is_taken || intent.auto_expire_action == Some(AutoExpireAction::Capture),
            "Dojo took it at the deadline, and was told to release it"
        );
    }
    Ok(())
}
