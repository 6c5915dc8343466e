//! I11: a guest whose hold is renewed is covered throughout, whatever happens in between.

use super::World;
use super::reckoning::due;
use crate::world::{mortal::now, steps::ELSEWHERE};
use anyhow::{Context, Result, ensure};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_domain::{Cause, HoldId, Operation, OperationKind, OperationState, Renewal, TabId};
use holdfast_ledger::Account;
use holdfast_ledger::prelude::*;
use holdfast_simulator::engine::{Engine, Intent};

/// How far ahead the till's clock may be, so that it calls a hold's end past too soon.
const CLOCK_AHEAD_AT_MOST: TimeDelta = TimeDelta::hours(4);

struct Sides<'a> {
    renewal: &'a Renewal,
    old: &'a Intent,
    new: Option<&'a Intent>,
    /// Releases of the old hold that the renewal brought about and that may have left.
    released: Vec<&'a Operation>,
    /// Every release of the old hold, no matter who decided it.
    all: usize,
}

fn sides<'a>(world: &World, engine: &'a Engine, account: &'a Account) -> Result<Vec<Sides<'a>>> {
    let find = |id: HoldId| account.holds.iter().find(|(hold, _)| hold.id == id);
    let mut all = Vec::new();
    for renewal in &account.renewals {
        let (old, operations) = find(renewal.old).context("I11: a renewal of no hold")?;
        let (new, _) = find(renewal.new).context("I11: a renewal without its new hold")?;
        // Those of the next renewal of the same hold are that one's.
        let later = account
            .renewals
            .iter()
            .skip_while(|other| other.new != renewal.new)
            .skip(1);
        let next = later
            .filter(|other| other.old == renewal.old)
            .map(|other| other.decided_before);
        let is_sent_release =
            |o: &&Operation| o.kind == OperationKind::Reversal && o.state != OperationState::NotSent;
        let ours = operations
            .iter()
            .take(next.min().unwrap_or(usize::MAX))
            .skip(renewal.decided_before)
            .filter(is_sent_release);
        all.push(Sides {
            renewal,
            old: world.truth(engine, old).context("I11: Dojo has no such hold")?,
            new: world.truth(engine, new),
            released: ours.filter(|o| o.cause == Cause::Renewal).collect(),
            all: operations.iter().filter(is_sent_release).count(),
        });
    }
    Ok(all)
}

fn account(world: &World, tab: TabId) -> Result<Account> {
    let found = now(world.till()?.ledger.accounts(vec![tab]))?.pop();
    found.context("I11: no such tab")
}

/// When Dojo let the old hold go by the till's request, as far as that was the renewal's.
fn released(engine: &Engine, side: &Sides<'_>) -> Option<DateTime<Utc>> {
    let path = format!("/payment-intents/{}/reversal", side.old.id);
    let mut ours = engine
        .requests()
        .iter()
        .filter(|r| r.worked && r.status == 200 && r.path == path && !r.headers.contains_key(ELSEWHERE));
    // With a release by hand among them, whose it was can't be told.
    ours.next()
        .filter(|_| side.all == side.released.len())
        .map(|r| r.at)
}

/// After every step: no old hold was released before the new one was in force, and none was asked for twice.
pub(super) fn covered(world: &World, tab: TabId) -> Result<()> {
    let account = account(world, tab)?;
    if account.renewals.is_empty() {
        return Ok(());
    }
    let engine = world.line.engine();
    let open = account.renewals.iter().filter(|r| r.is_open());
    for (number, renewal) in open.clone().enumerate() {
        let mut others = open.clone().skip(number + 1);
        ensure!(
            !others.any(|other| other.is_about(renewal.old) || other.is_about(renewal.new)),
            "I11: one hold is renewed twice at a time: {account:?}"
        );
    }
    for side in sides(world, &engine, &account)? {
        ensure!(
            side.released.len() <= 1,
            "I11: one renewal asked for {} releases",
            side.released.len()
        );
        if side.released.is_empty() {
            continue;
        }
        let paid = side.new.and_then(|new| new.authorised_at);
        let paid =
            paid.with_context(|| format!("I11: released, and the new one was never held: {account:?}"))?;
        let gone = released(&engine, &side);
        ensure!(
            gone.is_none_or(|gone| paid <= gone),
            "I11: released at {gone:?}, the new one is held since {paid}"
        );
    }
    Ok(())
}

/// I8 for renewals: when all is quiet none that could continue is left undone.
pub(super) fn gone_on_with(world: &World) -> Result<()> {
    let ledger = &world.till()?.ledger;
    for renewal in now(ledger.open_renewals())? {
        let account = account(world, renewal.tab)?;
        let due = due(world, renewal.tab)?;
        let engine = world.line.engine();
        for side in sides(world, &engine, &account)? {
            if side.renewal.new != renewal.new {
                continue;
            }
            let is_far = |intent: &Intent| {
                let ends = intent.authorised_at.map(|at| at + TimeDelta::hours(167));
                ends.is_some_and(|ends| ends - engine.now() > CLOCK_AHEAD_AT_MOST)
            };
            let is_plain = |intent: &Intent| intent.hold_open && intent.captures.is_empty() && is_far(intent);
            let is_left = is_plain(side.old) && side.new.is_some_and(is_plain);
            // A smaller one doesn't let the old one go while the bill needs both.
            let held = |intent: &Intent| engine.held(&intent.id);
            let intents = account
                .holds
                .iter()
                .filter_map(|(hold, _)| world.truth(&engine, hold));
            let without: i64 = intents.filter(|intent| intent.id != side.old.id).map(held).sum();
            let is_smaller = side.new.is_some_and(|new| held(new) < held(side.old));
            if is_smaller && due > without {
                continue;
            }
            ensure!(!is_left, "I11: both are held and nothing is done: {account:?}");
        }
    }
    Ok(())
}
