//! Sheets: what a person opens, looks at, and presses later, with the window's own payload. Between the two
//! everything else may happen.

use super::World;
use super::deeds::{deed, pounds, until_it_ends};
use super::mortal::now;
use super::steps::{Step, event};
use anyhow::Result;
use holdfast_desk::{
    Act, Agreed, AppError, Clock, Desk, LinkEnds, Night, NightAction, NightChoice, RefundTyped, Renew, Seen,
    Take, TakePreview, TakeTyped, view,
};
use holdfast_domain::{OperationId, OperationKind, TabId};
use holdfast_ledger::prelude::*;
use rand::Rng;
use std::sync::Arc;

/// So many sheets are open at a time; one more closes the oldest.
const MOST_OPEN: usize = 6;

/// A sheet as it stands open.
#[derive(Debug, Clone)]
pub(super) enum Sheet {
    /// Take, with what was meant to be agreed to.
    Take(Take, Meant),
    /// Release, refund, cancel, change.
    Act(OperationKind, Act),
    Renew(Renew),
    /// The night's table, and the rows that were confirmed.
    Night(Vec<NightChoice>, Box<Night>),
}

/// What a person at a take sheet is going to do, whatever it says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Meant {
    /// They say yes to what the sheet asks about.
    agrees: bool,
    /// Too little is held: what there is is taken, and the guest asked for the rest.
    asks_for_the_rest: bool,
}

impl Sheet {
    /// For the reader of its failure.
    fn words(&self) -> String {
        match self {
            Self::Night(choices, night) => format!("press the night: {choices:?}, {:?}", night.seen()),
            other => format!("press {other:?}"),
        }
    }

    /// Minted when it was opened; the night mints its own.
    pub(super) fn decision(&self) -> Option<OperationId> {
        match self {
            Self::Take(take, _) => Some(take.decision),
            Self::Act(_, act) => Some(act.decision),
            Self::Renew(renew) => Some(renew.decision),
            Self::Night(..) => None,
        }
    }
}

/// What somebody types on a take sheet, beside the bill.
fn typed(world: &mut World) -> TakeTyped {
    let share_or_amount = |world: &mut World| match world.rng.random_range(0..6) {
        0 => Some("10 %".to_owned()),
        1 => Some("12.5 %".to_owned()),
        2 => Some(pounds(world.rng.random_range(1..600))),
        _ => Some(String::new()),
    };
    let bill = match world.rng.random_range(0..8) {
        0 | 1 => Some(pounds(world.draw_amount())),
        _ => None,
    };
    TakeTyped {
        bill,
        service: share_or_amount(world),
        tip: share_or_amount(world),
    }
}

fn minor(money: Option<&view::Money>) -> i64 {
    money.map_or(0, |money| money.minor)
}

/// What the sheet sends for what it shows.
fn take(tab: TabId, typed: TakeTyped, shown: &TakePreview, meant: Meant, decision: OperationId) -> Take {
    let way_on = shown.way_on.as_ref().filter(|_| meant.asks_for_the_rest);
    let agreed = Agreed {
        above_minor: minor(shown.above.as_ref()),
        dojo_takes_minor: minor(shown.dojo_takes.as_ref().map(|takes| &takes.money)),
    };
    Take {
        tab_id: tab,
        typed,
        seen: shown.seen.clone(),
        expect_total_minor: way_on.map_or(shown.total.minor, |way| way.take.minor),
        then_ask_minor: way_on.map_or(0, |way| way.ask.minor),
        agreed: if meant.agrees { agreed } else { Agreed::default() },
        decision,
    }
}

/// A take sheet fills the bill in by what is due, once, and then sends what its field says.
async fn look_at_take(
    desk: &Desk,
    tab: TabId,
    typed: TakeTyped,
    meant: Meant,
    decision: OperationId,
) -> Result<Take, AppError> {
    let first = desk.preview_take(tab, &TakeTyped::default()).await?;
    let digits = |text: &str| text.replace(|c: char| !c.is_ascii_digit() && c != '.', "");
    let typed = TakeTyped {
        bill: typed.bill.or_else(|| Some(digits(&first.bill.text))),
        ..typed
    };
    let shown = desk.preview_take(tab, &typed).await?;
    Ok(take(tab, typed, &shown, meant, decision))
}

impl World {
    fn put_up(&mut self, sheet: Sheet) {
        if self.sheets.len() >= MOST_OPEN {
            self.sheets.remove(0);
        }
        self.sheets.push(sheet);
    }

    fn pick_sheet(&mut self) -> Option<usize> {
        let count = self.sheets.len();
        (count > 0).then(|| self.rng.random_range(0..count))
    }

    fn desk(&self) -> Result<Arc<Desk>> {
        Ok(Arc::clone(&self.till()?.desk))
    }

    /// A tab whose guest has paid more often, for there a sheet has something to do.
    fn pick_busy_tab(&mut self) -> Option<TabId> {
        if self.rng.random_bool(0.3) {
            return self.pick_tab();
        }
        let held: Vec<TabId> = {
            let engine = self.line.engine();
            let held = engine.intents().filter(|i| i.hold_open);
            let of = held.filter_map(|i| i.metadata.get("holdfast-tab")?.as_str()?.parse().ok());
            of.collect()
        };
        self.pick(&held)
    }
}

pub(super) fn open_take(world: &mut World) -> Option<Step> {
    let tab = world.pick_busy_tab()?;
    let typed = typed(world);
    let meant = Meant {
        agrees: world.rng.random_bool(0.85),
        asks_for_the_rest: world.rng.random_bool(0.7),
    };
    event(
        format!("open a take sheet on {tab}: {typed:?}, {meant:?}"),
        move |world| {
            let (desk, decision) = (world.desk()?, OperationId(world.clock.uuid()));
            let looked = world
                .till()?
                .runtime
                .block_on(look_at_take(&desk, tab, typed, meant, decision));
            if let Ok(take) = looked {
                world.put_up(Sheet::Take(take, meant));
            }
            Ok(())
        },
    )
}

const ACTS: &[OperationKind] = &[
    OperationKind::Reversal,
    OperationKind::Refund,
    OperationKind::Refund,
    OperationKind::Cancel,
    OperationKind::SetAmount,
];

pub(super) fn open_act(world: &mut World) -> Option<Step> {
    let (hold, kind) = (world.pick_hold()?, world.pick(ACTS)?);
    let amount = pounds(world.draw_amount());
    let refund = refund(world);
    let words = format!("open a sheet: {kind:?} {amount} on {hold}, {refund:?}");
    event(words, move |world| {
        let (desk, decision) = (world.desk()?, OperationId(world.clock.uuid()));
        let act = Act {
            hold_id: hold,
            decision,
            seen: Seen::default(),
            amount: (kind == OperationKind::SetAmount).then_some(amount),
            refund: (kind == OperationKind::Refund).then_some(refund),
            reason: (kind == OperationKind::Refund).then(|| "Complaint".to_owned()),
            email: None,
        };
        if let Ok(act) = world.till()?.runtime.block_on(look_at_act(&desk, act)) {
            world.put_up(Sheet::Act(kind, act));
        }
        Ok(())
    })
}

/// What is refunded, as typed: of the bill for the most part.
fn refund(world: &mut World) -> RefundTyped {
    let mut some = |share, most| {
        let minor = world.rng.random_range(1..most);
        world.rng.random_bool(share).then(|| pounds(minor))
    };
    RefundTyped {
        bill: some(0.8, 2_500),
        service: some(0.2, 200),
        tip: some(0.3, 200),
        charge_again: world.rng.random_bool(0.5),
        expect_owed_minor: None,
    }
}

/// The figures of this moment; on a refund's sheet with what it does to the bill.
async fn look_at_act(desk: &Desk, act: Act) -> Result<Act, AppError> {
    let seen = desk.seen_with(act.hold_id).await?;
    let refund = match act.refund {
        Some(typed) => {
            let shown = desk.preview_refund(act.hold_id, &typed).await?;
            Some(RefundTyped {
                expect_owed_minor: shown.concerns_bill.then_some(shown.owed_minor),
                ..typed
            })
        }
        None => None,
    };
    Ok(Act { seen, refund, ..act })
}

pub(super) fn open_renew(world: &mut World) -> Option<Step> {
    let (hold, amount) = (world.pick_hold()?, pounds(world.draw_amount()));
    let amount = world.rng.random_bool(0.3).then_some(amount);
    event(
        format!("open a renew sheet on {hold}: {amount:?}"),
        move |world| {
            let desk = world.desk()?;
            let Ok(seen) = world.till()?.runtime.block_on(desk.seen_with(hold)) else {
                return Ok(());
            };
            let renew = Renew {
                amount,
                link_ends: Some(LinkEnds::Day),
                decision: OperationId(world.clock.uuid()),
                ..Renew::of(hold, seen)
            };
            world.put_up(Sheet::Renew(renew));
            Ok(())
        },
    )
}

/// What a manager chooses for the night: a bill, a service charge or a tip typed, an action.
pub(super) fn choices(world: &mut World) -> Vec<NightChoice> {
    let mut choices = Vec::new();
    for _ in 0..world.rng.random_range(0..4) {
        let Some(tab_id) = world.pick_busy_tab() else {
            continue;
        };
        let typed = match world.rng.random_range(0..4) {
            0 => TakeTyped::default(),
            1 => TakeTyped {
                bill: Some(pounds(world.draw_amount())),
                ..TakeTyped::default()
            },
            _ => typed(world),
        };
        let action = match world.rng.random_range(0..5) {
            0 => Some(NightAction::Take),
            1 => Some(NightAction::Release),
            _ => None,
        };
        choices.push(NightChoice {
            tab_id,
            action,
            typed,
        });
    }
    choices
}

pub(super) fn open_night(world: &mut World) -> Option<Step> {
    let choices = choices(world);
    event(format!("confirm the night with {choices:?}"), move |world| {
        let desk = world.desk()?;
        let Ok(night) = world.till()?.runtime.block_on(desk.night(&choices)) else {
            return Ok(());
        };
        world.put_up(Sheet::Night(choices, Box::new(night)));
        Ok(())
    })
}

/// The sheet asks again: its decision stays, its figures are those of this moment.
pub(super) fn accept(world: &mut World) -> Option<Step> {
    let at = world.pick_sheet()?;
    let types_it_again = world.rng.random_bool(0.5);
    let sheet = world.sheets.get(at)?.clone();
    event(
        format!("accept the new figures, to {}", sheet.words()),
        move |world| {
            let desk = world.desk()?;
            let accepted = world
                .till()?
                .runtime
                .block_on(accepted(&desk, sheet, types_it_again));
            if let (Ok(sheet), Some(old)) = (accepted, world.sheets.get_mut(at)) {
                *old = sheet;
            }
            Ok(())
        },
    )
}

async fn accepted(desk: &Desk, sheet: Sheet, types_it_again: bool) -> Result<Sheet, AppError> {
    Ok(match sheet {
        Sheet::Take(take, meant) => {
            let bill = take.typed.bill.filter(|_| !types_it_again);
            let typed = TakeTyped { bill, ..take.typed };
            Sheet::Take(
                look_at_take(desk, take.tab_id, typed, meant, take.decision).await?,
                meant,
            )
        }
        Sheet::Act(kind, act) => Sheet::Act(kind, look_at_act(desk, act).await?),
        Sheet::Renew(renew) => {
            let seen = desk.seen_with(renew.hold_id).await?;
            Sheet::Renew(Renew { seen, ..renew })
        }
        Sheet::Night(choices, _) => {
            let night = desk.night(&choices).await?;
            Sheet::Night(choices, Box::new(night))
        }
    })
}

/// Presses a sheet that was opened before. It may stay open, and be pressed again later.
pub(super) fn press(world: &mut World) -> Option<Step> {
    let at = world.pick_sheet()?;
    let sheet = world.sheets.get(at)?.clone();
    if world.rng.random_bool(0.7) {
        world.sheets.remove(at);
    }
    let is_known = sheet.decision().is_some_and(|id| is_known(world, id));
    if !is_known {
        world.consents.pressed(&sheet);
    }
    let words = sheet.words();
    match sheet {
        Sheet::Take(take, _) => deed(world, words, 90, move |desk| {
            let take = take.clone();
            async move { desk.take(&take).await.map(drop) }
        }),
        Sheet::Act(kind, act) => deed(world, words, 60, move |desk| {
            let act = act.clone();
            async move { desk.act(kind, act).await.map(drop) }
        }),
        Sheet::Renew(renew) => deed(world, words, 40, move |desk| {
            let renew = renew.clone();
            async move { desk.renew(&renew).await.map(drop) }
        }),
        Sheet::Night(choices, night) => deed(world, words, 500, move |desk| {
            let (choices, seen) = (choices.clone(), night.seen());
            async move {
                let begun = desk.close_night(&choices, &seen).await;
                until_it_ends(&desk).await?;
                begun.map(drop)
            }
        }),
    }
}

fn is_known(world: &World, decision: OperationId) -> bool {
    let Ok(till) = world.till() else { return false };
    now(till.ledger.operation(decision)).is_ok_and(|known| known.is_some())
}
