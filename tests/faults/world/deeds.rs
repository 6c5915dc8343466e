//! What the till does: each can be pressed once, again, twice at once, or end with the till's death.

use super::sheets;
use super::steps::{Press, Step, What};
use super::{World, books};
use anyhow::Result;
use chrono::TimeDelta;
use holdfast_desk::{
    AppError, AskForMore, Clock, Decision, Desk, ErrorCode, LinkEnds, MoveBill, MoveOnto, MovePart, OpenTab,
    Renew, Seen,
};
use holdfast_domain::{Actor, Currency, DeadlineAction, Kind, OperationId, OperationKind};
use holdfast_tests::press::Press as _;
use rand::Rng;
use std::pin::Pin;
use std::sync::Arc;

type Doing = Pin<Box<dyn Future<Output = Result<(), AppError>>>>;

/// Something that the desk is asked for, as often as it is pressed.
pub(super) type Deed = Box<dyn Fn(Arc<Desk>) -> Doing>;

pub(super) fn deed<F>(
    world: &mut World,
    words: String,
    doors: u32,
    ask: impl Fn(Arc<Desk>) -> F + 'static,
) -> Option<Step>
where
    F: Future<Output = Result<(), AppError>> + 'static,
{
    let press = match world.rng.random_range(0..12) {
        0 => Press::Again,
        1 => Press::Double,
        2 | 3 => Press::Die(world.rng.random_range(1..doors)),
        _ => Press::Once,
    };
    Some(Step {
        words: format!("{words}, {press:?}"),
        what: What::Deed(Box::new(move |desk| Box::pin(ask(desk))), press),
    })
}

/// Presses it.
pub(super) fn press(world: &mut World, deed: &Deed, press: Press) -> Result<()> {
    let till = world.till()?;
    let (desk, fate) = (&till.desk, &world.fate);
    match press {
        Press::Once => sensible(till.runtime.block_on(deed(Arc::clone(desk)))),
        Press::Again => {
            sensible(till.runtime.block_on(deed(Arc::clone(desk))))?;
            sensible(till.runtime.block_on(deed(Arc::clone(desk))))
        }
        Press::Double => {
            fate.crowd(true);
            let (one, two) = (deed(Arc::clone(desk)), deed(Arc::clone(desk)));
            let (one, two) = till.runtime.block_on(async { tokio::join!(one, two) });
            fate.crowd(false);
            sensible(one)?;
            sensible(two)
        }
        Press::Die(doors) => {
            fate.die_after(Some(doors));
            let doing = deed(Arc::clone(desk));
            let done = till.runtime.block_on(async {
                tokio::select! {
                    biased;
                    () = fate.died.notified() => None,
                    done = doing => Some(done),
                }
            });
            fate.die_after(None);
            match done {
                Some(done) => sensible(done),
                None => world.start(),
            }
        }
    }
}

/// The ledger must not fail, and the desk must not be surprised by itself.
fn sensible(done: Result<(), AppError>) -> Result<()> {
    match done {
        Err(error) if matches!(error.code, ErrorCode::Ledger | ErrorCode::Internal) => Err(error.into()),
        Ok(()) | Err(_) => Ok(()),
    }
}

pub(super) fn pounds(minor: u32) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

pub(super) fn open(world: &mut World) -> Option<Step> {
    let (amount, is_taken) = (world.draw_amount(), world.rng.random_bool(0.2));
    let kind = world.pick(&[
        Kind::Payment,
        Kind::Deposit,
        Kind::Deposit,
        Kind::Tab,
        Kind::Tab,
        Kind::Tab,
    ])?;
    let currency = world.pick(&[Currency::Gbp, Currency::Gbp, Currency::Eur])?;
    let typed = OpenTab {
        deadline_action: Some(if is_taken {
            DeadlineAction::Capture
        } else {
            DeadlineAction::Release
        }),
        link_ends: Some(LinkEnds::Day),
        allow_change: true,
        decision: OperationId(world.clock.uuid()),
        ..OpenTab::of(kind, "Somebody", &pounds(amount), currency)
    };
    let words = format!("open {typed:?}");
    deed(world, words, 60, move |desk| {
        let typed = typed.clone();
        async move { desk.open_tab(typed).await.map(drop) }
    })
}

pub(super) fn ask_for_more(world: &mut World) -> Option<Step> {
    let (tab_id, amount) = (world.pick_tab()?, pounds(world.draw_amount()));
    let more = AskForMore {
        tab_id,
        amount,
        deadline_action: None,
        decision: OperationId(world.clock.uuid()),
        seen: Seen::default(),
    };
    deed(world, format!("ask for more: {more:?}"), 30, move |desk| {
        let mut more = more.clone();
        async move {
            more.seen = desk.tab(tab_id).await?.seen;
            desk.ask_for_more(&more).await
        }
    })
}

/// A hold that is in force, or none that could be: then it is refused.
pub(super) fn renew(world: &mut World) -> Option<Step> {
    let (hold, amount) = (world.pick_hold()?, pounds(world.draw_amount()));
    let typed = Renew {
        amount: world.rng.random_bool(0.3).then_some(amount),
        link_ends: world.rng.random_bool(0.7).then_some(LinkEnds::Day),
        decision: OperationId(world.clock.uuid()),
        ..Renew::of(hold, Seen::default())
    };
    deed(world, format!("renew: {typed:?}"), 40, move |desk| {
        let typed = typed.clone();
        async move {
            let seen = desk.seen_with(typed.hold_id).await?;
            desk.renew(&Renew { seen, ..typed }).await.map(drop)
        }
    })
}

pub(super) fn give_up_the_renewal(world: &mut World) -> Option<Step> {
    let hold = world.pick_hold()?;
    deed(
        world,
        format!("give up the renewal of {hold}"),
        40,
        move |desk| async move { desk.give_up_renewal(hold).await.map(drop) },
    )
}

/// Of a request that never left.
pub(super) fn open_again(world: &mut World) -> Option<Step> {
    let all = world.unconfirmed.clone();
    let hold = world.pick(&all)?;
    deed(world, format!("open {hold} again"), 30, move |desk| async move {
        desk.retry_open(hold).await
    })
}

pub(super) fn line(world: &mut World) -> Option<Step> {
    let (tab, amount) = (world.pick_tab()?, pounds(world.draw_amount()));
    deed(world, format!("a line of {amount} on {tab}"), 20, move |desk| {
        let amount = amount.clone();
        async move { desk.add_line(tab, None, 1, &amount).await.map(drop) }
    })
}

/// Lines of a bill, a share or all of it, to another tab or to one of its own. No sum may change by it: the oracle
/// compares all bills with what they were before, however often the till dies meanwhile.
pub(super) fn move_bill(world: &mut World) -> Option<Step> {
    let (tab, other) = (world.pick_tab()?, world.pick_tab()?);
    let onto = if world.rng.random_bool(0.3) {
        MoveOnto::New {
            name: "Split".to_owned(),
            place: None,
        }
    } else {
        MoveOnto::Tab(other)
    };
    let (how, which) = (world.rng.random_range(0..4), world.rng.random::<u64>());
    let ways = world.rng.random_range(2..5);
    let decision = OperationId(world.clock.uuid());
    world.bills = Some(books::bills(world).ok()?);
    let words = format!("move of {tab} onto {onto:?}: {how}, {ways} ways, {which:x}");
    deed(world, words, 40, move |desk| {
        let onto = onto.clone();
        async move {
            let lines = desk
                .tab(tab)
                .await?
                .lines
                .into_iter()
                .filter(|line| line.may_move);
            let part = match how {
                0 => MovePart::All,
                1 => MovePart::Share(ways),
                // Each line by a bit of its own.
                _ => MovePart::Lines(
                    lines
                        .enumerate()
                        .filter(|(at, _)| which >> (at % 64) & 1 == 1)
                        .map(|(_, line)| line.id)
                        .collect(),
                ),
            };
            let moving = desk.moving(tab, part, onto).await?;
            desk.move_bill(&MoveBill { decision, ..moving }).await.map(drop)
        }
    })
}

/// Every kind of decision on a hold, and how often it comes. A new one joins here.
const DECISIONS: &[(OperationKind, u32)] = &[
    (OperationKind::Capture, 5),
    (OperationKind::Refund, 3),
    (OperationKind::Reversal, 1),
    (OperationKind::Cancel, 1),
    (OperationKind::SetAmount, 1),
    (OperationKind::SetTips, 1),
    (OperationKind::Receipt, 1),
];

pub(super) fn operate(world: &mut World) -> Option<Step> {
    let hold = world.pick_hold()?;
    let all: Vec<OperationKind> = DECISIONS
        .iter()
        .flat_map(|(kind, weight)| (0..*weight).map(|_| *kind))
        .collect();
    let (kind, minor) = (world.pick(&all)?, i64::from(world.draw_amount()));
    let (amount, tip, reason) = match kind {
        OperationKind::Capture => (minor, minor % 7 * 10, None),
        OperationKind::Refund => (minor % 4_000 + 1, 0, None),
        OperationKind::SetAmount => (minor, 0, None),
        OperationKind::SetTips => (0, minor % 900, None),
        OperationKind::Receipt => (0, 0, Some("guest@example.org".to_owned())),
        OperationKind::Create | OperationKind::Reversal | OperationKind::Cancel => (0, 0, None),
    };
    let decision = Decision {
        id: OperationId(world.clock.uuid()),
        hold,
        kind,
        amount,
        service: 0,
        tip,
        cause: holdfast_domain::Cause::Person,
        reason,
        by: Actor::staff("Sam"),
        seen: Seen::default(),
        then_ask: 0,
        of: None,
    };
    let words = format!("{kind:?} {amount} and {tip} on {hold}");
    let consents = world.consents.clone();
    deed(world, words, 60, move |desk| {
        let (decision, consents) = (decision.clone(), consents.clone());
        async move {
            let seen = desk.seen_with(decision.hold).await?;
            consents.decided(&decision, &seen);
            desk.operate(Decision { seen, ..decision }).await.map(drop)
        }
    })
}

/// The end of the night, with what is chosen by itself or by a manager, looked at and closed in one breath.
pub(super) fn close_the_night(world: &mut World) -> Option<Step> {
    let choices = sheets::choices(world);
    let consents = world.consents.clone();
    deed(
        world,
        format!("close the night with {choices:?}"),
        500,
        move |desk| {
            let (choices, consents) = (choices.clone(), consents.clone());
            async move {
                let night = desk.night(&choices).await?;
                consents.night(&night.rows);
                let begun = desk.close_night(&choices, &night.seen()).await;
                until_it_ends(&desk).await?;
                begun.map(drop)
            }
        },
    )
}

/// An interrupted run is continued, or its rest left.
pub(super) fn continue_the_night(world: &mut World) -> Option<Step> {
    let goes_on = world.rng.random_bool(0.7);
    deed(
        world,
        format!("go on with the night: {goes_on}"),
        300,
        move |desk| async move {
            if goes_on {
                desk.continue_night().await?;
            } else {
                desk.leave_rest_of_night().await?;
            }
            until_it_ends(&desk).await
        },
    )
}

pub(super) async fn until_it_ends(desk: &Desk) -> Result<(), AppError> {
    let mut changes = desk.changes();
    while desk.night(&[]).await?.run.is_some_and(|run| run.is_running()) {
        // The desk that says it is held here, so it goes on saying it.
        let _ = changes.changed().await;
    }
    Ok(())
}

pub(super) fn close_tab(world: &mut World) -> Option<Step> {
    let (tab, is_back) = (world.pick_tab()?, world.rng.random_bool(0.3));
    deed(
        world,
        format!("put {tab} away, or back: {is_back}"),
        20,
        move |desk| async move {
            if is_back {
                desk.reopen_tab(tab).await.map(drop)
            } else {
                desk.press_close(tab).await.map(drop)
            }
        },
    )
}

pub(super) fn report(world: &mut World) -> Option<Step> {
    deed(world, "night report".to_owned(), 12, |desk| async move {
        desk.make_report().await.map(drop)
    })
}

pub(super) fn back_up(world: &mut World) -> Option<Step> {
    deed(world, "back up".to_owned(), 6, |desk| async move {
        desk.back_up().await.map(drop)
    })
}

/// The watch.
pub(super) fn sweep(world: &mut World) -> Option<Step> {
    world.clock.advance(TimeDelta::seconds(20));
    deed(world, "sweep".to_owned(), 200, |desk| async move {
        desk.sweep().await.map(drop)
    })
}
