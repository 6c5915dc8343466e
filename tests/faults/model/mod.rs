//! The command layer against a reference that fits on two pages: whatever staff do, in any order, they are
//! shown what the reference says, and a sequence that shows otherwise is cut down to its shortest.

mod reference;
mod till;

use crate::{Figures, Options};
use anyhow::{Result, anyhow};
use proptest::{
    prelude::*,
    test_runner::{Config, FileFailurePersistence, TestRunner},
};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};
use reference::{Action, Book};
use std::sync::atomic::{AtomicU64, Ordering};
use till::Till;

/// How many sequences for every change, and in the long run.
const SEQUENCES: u32 = 150;
const MANY_SEQUENCES: u32 = 5_000;

/// The longest sequence.
const STEPS: usize = 40;

/// Sequences that failed once are run every time.
const KEPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/faults/model/kept.txt");

/// Actions that were carried out on both, for the figures.
static ACTIONS: AtomicU64 = AtomicU64::new(0);

impl ReferenceStateMachine for Book {
    type State = Self;
    type Transition = Action;

    fn init_state() -> BoxedStrategy<Self> {
        Just(Self::default()).boxed()
    }

    fn transitions(book: &Self) -> BoxedStrategy<Action> {
        let opened = amount().prop_map(|asked| Action::Open { asked });
        if book.tabs.is_empty() {
            return opened.boxed();
        }
        let tab = 0..book.tabs.len();
        let hold = (
            tab.clone(),
            0..book.tabs.iter().map(|t| t.holds.len()).max().unwrap_or(1),
        );
        prop_oneof![
            2 => opened,
            2 => (tab.clone(), amount()).prop_map(|(tab, asked)| Action::AskForMore { tab, asked }),
            1 => (hold.clone(), amount()).prop_map(|((tab, hold), asked)| Action::ChangeAmount { tab, hold, asked }),
            8 => hold.clone().prop_map(|(tab, hold)| Action::Pay { tab, hold }),
            4 => (tab.clone(), -2_000_i64..8_000)
                .prop_filter("a line is not zero", |(_, amount)| *amount != 0)
                .prop_map(|(tab, amount)| Action::AddLine { tab, amount }),
            6 => (tab.clone(), 0_i64..9_000, tip()).prop_map(|(tab, amount, tip)| Action::Take { tab, amount, tip }),
            2 => tab.clone().prop_map(|tab| Action::TakeAll { tab }),
            2 => hold.clone().prop_map(|(tab, hold)| Action::Release { tab, hold }),
            3 => (hold.clone(), prop::option::of(amount()))
                .prop_map(|((tab, hold), asked)| Action::Renew { tab, hold, asked }),
            1 => hold.clone().prop_map(|(tab, hold)| Action::GiveUpRenewal { tab, hold }),
            2 => hold.clone().prop_map(|(tab, hold)| Action::Cancel { tab, hold }),
            4 => (hold, 1_i64..6_000, any::<bool>())
                .prop_map(|((tab, hold), amount, again)| Action::Refund { tab, hold, amount, again }),
            2 => tab.prop_map(|tab| Action::CloseTab { tab }),
            1 => Just(Action::CloseNight),
            3 => Just(Action::Sweep),
            1 => Just(Action::Restart),
        ]
        .boxed()
    }

    fn preconditions(book: &Self, action: &Action) -> bool {
        book.has(action)
    }

    fn apply(mut book: Self, action: &Action) -> Self {
        book.act(action);
        book
    }
}

fn amount() -> impl Strategy<Value = i64> {
    prop_oneof![Just(5_000_i64), 1_i64..20_000]
}

fn tip() -> impl Strategy<Value = i64> {
    prop_oneof![3 => Just(0_i64), 1 => 1_i64..3_000]
}

struct Attack;

impl StateMachineTest for Attack {
    type SystemUnderTest = Till;
    type Reference = Book;

    fn init_test(_: &Book) -> Till {
        must(Till::open())
    }

    fn apply(mut till: Till, book: &Book, action: Action) -> Till {
        ACTIONS.fetch_add(1, Ordering::Relaxed);
        must(till.act(&action, book));
        till
    }

    fn check_invariants(till: &Till, book: &Book) {
        must(till.compare(book));
    }
}

/// The library takes a failure as a panic.
fn must<T>(done: Result<T>) -> T {
    done.unwrap_or_else(|error| panic!("{error:#}"))
}

pub(crate) fn run(options: &Options) -> Result<Figures> {
    let config = Config {
        cases: if options.long { MANY_SEQUENCES } else { SEQUENCES },
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(KEPT))),
        max_shrink_iters: 2_000,
        source_file: Some(file!()),
        ..Config::default()
    };
    let sequences = u64::from(config.cases);
    let steps = Book::sequential_strategy(1..STEPS);
    // Each panic of a shrinking sequence would be told otherwise; the last one is in the error.
    std::panic::set_hook(Box::new(|_| {}));
    let done = TestRunner::new(config.clone()).run(&steps, |(book, actions, seen)| {
        Attack::test_sequential(config.clone(), book, actions, seen);
        Ok(())
    });
    drop(std::panic::take_hook());
    done.map_err(|failure| anyhow!("the till and the reference differ: {failure}"))?;
    Ok(vec![
        ("sequences of actions against the reference", sequences),
        ("actions, each compared in full", ACTIONS.load(Ordering::Relaxed)),
    ])
}
