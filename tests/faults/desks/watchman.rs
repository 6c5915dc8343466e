//! Who watches: each commit about money as the ledger's rows stand after it, each request as it leaves a till and as
//! Dojo works on it. What must hold is written down here from the page on several tills (S1 to S9), and none of it is
//! asked of the desk or of the domain's own rules.

use super::rules::{
    ABSENT_AFTER, LEAVES_WITHIN, bill, hold_of, is_like, may_move, moves_money, paid, row_of,
};
use super::till::House;
use crate::world::line::Sent;
use crate::world::mortal::now;
use chrono::{DateTime, Utc};
use holdfast_domain::{
    CaptureStatus, Cause, Hold, HoldId, Operation, OperationId, OperationKind, OperationState, TabId,
};
use holdfast_ledger::prelude::*;
use holdfast_simulator::engine::Engine;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A take has so many parts at most.
const PARTS: u128 = 64;

/// What a person looked at before they decided.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    pub(super) tab: TabId,
    /// How many decisions were in the ledger that their till showed.
    pub(super) decided: usize,
}

/// A decision as it came into the ledger.
struct Decided {
    operation: Operation,
    tab: TabId,
    till: usize,
    at: DateTime<Utc>,
}

#[derive(Default)]
struct Book {
    /// In the order of their commits.
    decided: Vec<Decided>,
    states: HashMap<OperationId, OperationState>,
    /// When each left a till.
    sent: HashMap<OperationId, DateTime<Utc>>,
    /// Whose request Dojo has worked on and taken.
    worked: HashMap<OperationId, bool>,
    seen_at: HashMap<HoldId, DateTime<Utc>>,
    /// How many decisions were in the ledger when a till read whole tabs last.
    read: HashMap<usize, usize>,
    looks: HashMap<OperationId, Vec<Look>>,
    nights: Vec<Look>,
    told: Vec<String>,
    failure: Option<String>,
}

/// The one watchman of a venue.
#[derive(Default)]
pub(super) struct Watchman(Mutex<Book>);

impl Watchman {
    fn book(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What must not be, if it has been seen.
    pub(super) fn failure(&self) -> Option<String> {
        self.book().failure.clone()
    }

    /// Something that must not be.
    pub(super) fn fails(&self, words: String) {
        self.book().fails(words);
    }

    /// What happened, for the reader of a failure.
    pub(super) fn told(&self) -> Vec<String> {
        self.book().told.clone()
    }

    pub(super) fn tell(&self, words: String) {
        self.book().told.push(words);
    }

    /// A till has read whole tabs.
    pub(super) fn reads(&self, till: usize) {
        let mut book = self.book();
        let decided = book.decided.len();
        book.read.insert(till, decided);
    }

    /// Somebody has looked at a tab, as their till read it last.
    pub(super) fn look(&self, till: usize, tab: TabId) -> Look {
        let decided = self.book().read.get(&till).copied().unwrap_or_default();
        Look { tab, decided }
    }

    /// A press stands on what was looked at.
    pub(super) fn pressed(&self, decision: OperationId, look: Look) {
        self.book().looks.entry(decision).or_default().push(look);
    }

    /// Whether a request of this decision has left a till.
    pub(super) fn has_left(&self, decision: OperationId) -> bool {
        self.book().sent.contains_key(&decision)
    }

    /// A night was confirmed with this tab in it.
    pub(super) fn night(&self, look: Look) {
        self.book().nights.push(look);
    }

    /// How many decisions there are, and how many requests of them left.
    pub(super) fn counts(&self) -> (usize, usize) {
        let book = self.book();
        (book.decided.len(), book.sent.len())
    }

    /// After a call that may have written about a hold.
    pub(super) fn wrote(&self, house: &House, till: usize, id: HoldId) {
        let ledger = &house.ledger;
        let (Ok(hold), Ok(operations)) = (now(ledger.hold(id)), now(ledger.operations(id))) else {
            return;
        };
        let at = house.schedule.truth();
        let mut book = self.book();
        for operation in &operations {
            let before = book.states.insert(operation.id, operation.state);
            match before {
                None => book.decides(house, till, at, &hold, operation),
                Some(before) if before != operation.state => book.moves(till, at, operation, before),
                Some(_) => {}
            }
        }
        book.within(&hold, &operations);
        book.forwards(&hold);
    }

    /// A request that acts leaves a till; whose it is.
    pub(super) fn leaves(&self, house: &House, till: usize, about: &str, sent: &Sent) -> Option<OperationId> {
        let at = house.schedule.truth();
        let hold = match sent.what.as_str() {
            "create" => sent.body["metadata"]["holdfast-hold"].as_str()?.parse().ok(),
            _ => hold_of(house.engine().intent(about)?),
        };
        let operations = hold.and_then(|hold| now(house.ledger.operations(hold)).ok());
        let operations = operations.unwrap_or_default();
        let mut book = self.book();
        let like = operations.iter().filter(|o| is_like(o, sent));
        let Some(operation) = like.max_by_key(|o| (o.state.is_open(), !book.sent.contains_key(&o.id))) else {
            book.fails(format!(
                "S2: a request without a row: till {till}, {about}, {sent:?}"
            ));
            return None;
        };
        book.told.push(format!(
            "{at}: till {till} sends {:?} {}",
            operation.kind, operation.id
        ));
        if let Some(before) = book.sent.insert(operation.id, at) {
            book.fails(format!(
                "S1: sent at {before} and again by till {till} at {at}: {operation:?}"
            ));
        }
        let decided = book.decided.iter().find(|d| d.operation.id == operation.id);
        if let Some(late) = decided.map(|d| at - d.at).filter(|late| *late > LEAVES_WITHIN) {
            book.fails(format!(
                "S3: till {till} sends at {at}, {late} after it was decided: {operation:?}"
            ));
        }
        let is_open = matches!(
            operation.state,
            OperationState::Intended | OperationState::Unknown
        );
        if !is_open {
            let words = format!(
                "S9: till {till} sends at {at} what was called {:?}",
                operation.state
            );
            book.fails(format!("{words}: {operation:?}"));
        }
        Some(operation.id)
    }

    /// Dojo has worked on the request that belongs to an operation.
    pub(super) fn arrived(&self, engine: &Engine, operation: Option<OperationId>) {
        let Some(id) = operation else { return };
        let Some(request) = engine.requests().last() else {
            return;
        };
        let is_taken = request.worked && request.status < 300;
        let mut book = self.book();
        book.told.push(format!(
            "{}: Dojo answers {} to {id}",
            engine.now(),
            request.status
        ));
        book.worked.insert(id, is_taken);
    }
}

impl Book {
    fn fails(&mut self, words: String) {
        self.failure.get_or_insert(words);
    }

    /// A decision has come into the ledger.
    fn decides(&mut self, house: &House, till: usize, at: DateTime<Utc>, hold: &Hold, operation: &Operation) {
        self.told.push(format!(
            "{at}: till {till} decides {:?} {} on {}: {}",
            operation.kind, operation.amount, hold.id, operation.id
        ));
        if moves_money(operation.kind) {
            self.as_it_was_seen(house, hold, operation);
        }
        if operation.kind == OperationKind::Capture {
            self.no_more_than_the_bill(house, hold, operation);
        }
        if operation.kind == OperationKind::Create
            && now(house.ledger.tab(hold.tab)).is_ok_and(|tab| tab.closed_at.is_some())
        {
            self.fails(format!("a hold on a closed tab: {hold:?}"));
        }
        self.decided.push(Decided {
            operation: operation.clone(),
            tab: hold.tab,
            till,
            at,
        });
    }

    /// S5: nothing has moved on the tab since the person looked, but by this very decision, and nothing is on its way.
    fn as_it_was_seen(&mut self, house: &House, hold: &Hold, operation: &Operation) {
        let decision = self.decision_of(operation.id);
        let looks: Vec<Look> = match operation.cause {
            // It was decided on when the renewal began, and is judged by what is held.
            Cause::Renewal | Cause::RenewalGivenUp => return,
            Cause::Night => self
                .nights
                .iter()
                .filter(|look| look.tab == hold.tab)
                .copied()
                .collect(),
            Cause::Person => decision
                .and_then(|id| self.looks.get(&id))
                .cloned()
                .unwrap_or_default(),
        };
        let row = row_of(house, operation.id);
        let is_its = |o: &Operation| match operation.cause {
            Cause::Night => row.as_ref().is_some_and(|plan| plan.contains(&o.id.to_string())),
            _ => decision.is_some() && self.decision_of(o.id) == decision,
        };
        let others = |look: &Look| {
            let since = self.decided.iter().skip(look.decided);
            let of_tab = since.filter(|d| d.tab == hold.tab && moves_money(d.operation.kind));
            let mut others = of_tab.filter(|d| !is_its(&d.operation));
            others
                .find(|d| !self.came_to_nothing(d.operation.id))
                .map(|d| d.operation.id)
        };
        let found: Vec<Option<OperationId>> = looks.iter().map(others).collect();
        if !found.is_empty() && found.iter().all(Option::is_some) {
            let what = format!("{:?} {} on {}", operation.kind, operation.id, hold.id);
            self.fails(format!(
                "S5: {what} is decided on figures from before {:?}",
                found[0]
            ));
        }
    }

    /// The press that an operation is a part of.
    fn decision_of(&self, id: OperationId) -> Option<OperationId> {
        let firsts =
            (0..PARTS).map(|back| OperationId(uuid::Uuid::from_u128(id.0.as_u128().wrapping_sub(back))));
        firsts.into_iter().find(|first| self.looks.contains_key(first))
    }

    fn came_to_nothing(&self, id: OperationId) -> bool {
        use OperationState as S;
        let state = self.states.get(&id);
        let is_nothing =
            state.is_some_and(|s| matches!(s, S::NotSent | S::Rejected | S::Declined | S::Absent));
        is_nothing && self.worked.get(&id) != Some(&true)
    }

    /// S5 by the money itself: what was paid, what is on its way and this together are not more than the bill.
    fn no_more_than_the_bill(&mut self, house: &House, hold: &Hold, operation: &Operation) {
        let paid = paid(&house.engine(), hold.tab);
        let is_on_its_way = |d: &&Decided| {
            let state = self.states.get(&d.operation.id);
            let is_open = state.is_some_and(|state| state.is_open());
            is_open && self.worked.get(&d.operation.id) != Some(&true)
        };
        let captures = self
            .decided
            .iter()
            .filter(|d| d.operation.kind == OperationKind::Capture);
        let of_tab = captures.filter(|d| d.tab == hold.tab);
        let on_its_way: i64 = of_tab
            .filter(is_on_its_way)
            .map(|d| d.operation.amount + d.operation.tip)
            .sum();
        let bill = bill(house, hold.tab);
        let this = operation.amount + operation.tip;
        if paid + on_its_way + this > bill {
            let words =
                format!("S5: {this} are taken with {paid} paid and {on_its_way} on its way, of {bill}");
            self.fails(format!("{words}: {operation:?}"));
        }
    }

    /// An operation has moved on.
    fn moves(&mut self, till: usize, at: DateTime<Utc>, operation: &Operation, before: OperationState) {
        self.told.push(format!(
            "{at}: till {till} records {} as {:?}, which was {before:?}",
            operation.id, operation.state
        ));
        if !may_move(before, operation.state) {
            self.fails(format!("S6: from {before:?}: {operation:?}"));
        }
        if operation.state == OperationState::Absent
            && let Some(decided) = self.decided.iter().find(|d| d.operation.id == operation.id)
        {
            let since = at - decided.at;
            if decided.till != till && since < ABSENT_AFTER {
                let words = format!(
                    "S9: till {till} calls it absent {since} after till {} decided",
                    decided.till
                );
                self.fails(format!("{words}: {operation:?}"));
            }
        }
    }

    /// S4: one operation is open, and what is taken, what is about to be and what is on its way was authorised.
    fn within(&mut self, hold: &Hold, operations: &[Operation]) {
        let open: Vec<&Operation> = operations.iter().filter(|o| o.state.is_open()).collect();
        if open.len() > 1 {
            self.fails(format!("S4: two operations are open: {open:?}"));
        }
        let Some(seen) = &hold.seen else { return };
        let live = seen
            .captures
            .iter()
            .filter(|capture| matches!(capture.status, CaptureStatus::Successful | CaptureStatus::Created));
        let taken: i64 = live.map(|capture| capture.amount + capture.tip).sum();
        let is_listed = |o: &&&Operation| {
            let id = o.dojo_id.as_ref();
            id.is_some_and(|id| seen.captures.iter().any(|capture| capture.id == *id))
        };
        let captures = open.iter().filter(|o| o.kind == OperationKind::Capture);
        let on_its_way: i64 = captures.filter(|o| !is_listed(o)).map(|o| o.amount + o.tip).sum();
        if taken + on_its_way > seen.total {
            let words = format!("S4: {taken} taken and {on_its_way} on its way of {}", seen.total);
            self.fails(format!("{words}: {open:?} of {hold:?}"));
        }
    }

    /// S7: no reading is written after a newer one.
    fn forwards(&mut self, hold: &Hold) {
        let Some(seen) = &hold.seen else { return };
        let before = self.seen_at.insert(hold.id, seen.seen_at);
        if before.is_some_and(|before| seen.seen_at < before) {
            self.fails(format!("S7: read at {before:?}, and now it says: {hold:?}"));
        }
    }
}
