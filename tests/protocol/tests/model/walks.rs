//! Long walks through scopes that are too large to look at all of: three tills, three decisions, two holds, and every
//! fault twice.

use crate::common::failing;
use holdfast_protocol::actions::{Action, candidates, next};
use holdfast_protocol::properties::{ALWAYS, ENDS, has_ended_well};
use holdfast_protocol::scope::{Errand, Faults, Guard, Scope};
use holdfast_protocol::world::World;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::collections::BTreeSet;

/// More than any walk has: each ends by itself.
const MOST_STEPS: usize = 400;

fn errand() -> impl Strategy<Value = (usize, usize)> {
    (0..3_usize, 0..3_usize)
}

/// Who carries out what, on which holds, and what goes wrong.
fn scope() -> impl Strategy<Value = Scope> {
    let errands = prop::collection::vec(errand(), 2..=3);
    let holds = prop::collection::vec(0..2_usize, 3);
    let faults = (0..3_u8, 0..3_u8, 0..2_u8, 0..2_u8, 0..2_u8, any::<bool>());
    (errands, holds, 1..=2_u8, 1..=2_u8, 0..=5_u8, faults).prop_map(
        |(errands, holds, room, due, last, faults)| {
            let (ledger, dojo, late, crashes, failovers, intend_writes) = faults;
            let mut errands: Vec<Errand> = errands
                .into_iter()
                .map(|(till, decision)| Errand {
                    till,
                    decision,
                    hold: holds[decision],
                })
                .collect();
            // A till carries out a decision once.
            errands.sort_by_key(|errand| (errand.till, errand.decision));
            errands.dedup();
            let decisions: BTreeSet<usize> = errands.iter().map(|errand| errand.decision).collect();
            // `findings.rs` shows what comes of both together.
            let failovers = if decisions.len() == errands.len() {
                failovers
            } else {
                0
            };
            let faults = Faults {
                ledger,
                dojo,
                late,
                crashes,
                failovers,
            };
            Scope {
                tills: 3,
                readers: 0b111,
                errands,
                room,
                due,
                last,
                intend_writes,
                faults,
                without: None,
            }
        },
    )
}

/// The states of one walk, whose steps are chosen by `choices`.
fn walk(scope: &Scope, choices: &[u16]) -> Vec<(Option<Action>, World)> {
    let mut states = vec![(None, World::new(scope))];
    let mut actions = Vec::new();
    for at in 0..MOST_STEPS {
        let world = states[states.len() - 1].1;
        actions.clear();
        candidates(scope, &world, &mut actions);
        let possible = actions
            .iter()
            .filter_map(|&action| Some((action, next(scope, &world, action)?)));
        let possible: Vec<_> = possible.collect();
        if possible.is_empty() {
            return states;
        }
        // Beyond the choices the walk goes on as it did.
        let choice = usize::from(choices[at % choices.len()]);
        let (action, next) = possible[choice % possible.len()];
        states.push((Some(action), next));
    }
    states
}

fn holds(scope: &Scope, choices: &[u16]) -> Result<(), TestCaseError> {
    let states = walk(scope, choices);
    for (at, (_, world)) in states.iter().enumerate() {
        let failing = failing(scope, world);
        let way: Vec<_> = states[..=at].iter().filter_map(|(action, _)| *action).collect();
        prop_assert!(failing.is_empty(), "{failing:?} after {way:?}: {world:#?}");
    }
    let (_, last) = states[states.len() - 1];
    let way: Vec<_> = states.iter().filter_map(|(action, _)| *action).collect();
    prop_assert!(
        has_ended_well(scope, &last),
        "{ENDS} fails after {way:?}: {last:#?}"
    );
    Ok(())
}

fn run(cases: u32) -> Result<(), Box<dyn std::error::Error>> {
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    let choices = prop::collection::vec(any::<u16>(), 30..120);
    TestRunner::new(config).run(&(scope(), choices), |(scope, choices)| holds(&scope, &choices))?;
    Ok(())
}

#[test]
fn long_walks_break_nothing() -> Result<(), Box<dyn std::error::Error>> {
    run(3_000)
}

#[test]
#[ignore = "takes minutes: 100,000 walks"]
fn a_hundred_thousand_long_walks_break_nothing() -> Result<(), Box<dyn std::error::Error>> {
    run(100_000)
}

/// The walks would notice.
#[test]
fn walks_find_a_missing_guard() {
    let config = Config {
        cases: 20_000,
        failure_persistence: None,
        max_shrink_iters: 0,
        ..Config::default()
    };
    let choices = prop::collection::vec(any::<u16>(), 30..120);
    let cut = scope().prop_map(|scope| scope.without(Guard::Expect));
    let found = TestRunner::new(config).run(&(cut, choices), |(scope, choices)| holds(&scope, &choices));
    assert!(found.is_err(), "none of {} properties fails", ALWAYS.len());
}
