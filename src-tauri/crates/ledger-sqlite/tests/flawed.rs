//! The suite notices a ledger that breaks the contract, and says where: each of these has one flaw, and the cases
//! about it fail, and no others.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

mod passed_on;

use chrono::{DateTime, Utc};
use holdfast_domain::{
    Hold, HoldId, Line, NightReport, Operation, OperationId, OperationKind, Renewal, TabId,
};
use holdfast_ledger::{
    BillMove, Changes, Cursor, Duty, Expect, Learnt, Lease, Ledger, LedgerError, Note, Permit, Progress,
    SettingSeen, TabSeen,
};
use holdfast_ledger_conformance::{Adapter, Durable, cases, durability};
use holdfast_ledger_sqlite::SqliteLedger;
use std::sync::Arc;
use tempfile::TempDir;

/// What a ledger does wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flaw {
    /// Nothing.
    None,
    /// While an operation is open on a hold it says of a second one that it was made durable.
    SecondOpen,
    /// It lets a capture through that is more than what is held only by its tip.
    TipForgotten,
    /// It says of a move that an operation may not make that it was recorded.
    AnyMove,
    /// It compares nothing of a tab that a decision rests on.
    TabNotCompared,
    /// It compares the version of no hold.
    HoldNotCompared,
    /// It records readings in the order in which they come in.
    AnyReading,
    /// It says that it added to a tab which is closed.
    ClosedIsOpen,
    /// It says of a line that is beyond the bill's bounds that it was added.
    AnyBill,
    /// It says of a line which is off already that it was taken off.
    OffTwice,
    /// It tells what it knows already as something that is under way.
    KnownIsBusy,
    /// It sets a setting whatever was seen of it.
    SettingNotCompared,
    /// It tells of no change.
    SilentFeed,
    /// It takes any place in any ledger's changes for one in its own.
    AnyCursor,
    /// It says of a duty that nobody has that another till has it.
    NoDuty,
    /// It says of a report that isn't the next one that it was kept.
    AnyReport,
}

/// A ledger in SQLite with a flaw.
struct Flawed {
    ledger: Arc<dyn Ledger>,
    flaw: Flaw,
}

impl Flawed {
    fn seen(&self, seen: Option<TabSeen>) -> Option<TabSeen> {
        seen.filter(|_| self.flaw != Flaw::TabNotCompared)
    }

    async fn expected(&self, hold: HoldId, expect: Expect) -> Result<Expect, LedgerError> {
        let version = if self.flaw == Flaw::HoldNotCompared {
            self.ledger.hold(hold).await?.version
        } else {
            expect.hold
        };
        Ok(Expect {
            hold: version,
            tab: self.seen(expect.tab),
        })
    }

    /// What it answers in the place of a refusal that many calls have.
    fn refused<T>(&self, answer: Result<T, LedgerError>, done: T) -> Result<T, LedgerError> {
        match (self.flaw, answer) {
            (Flaw::ClosedIsOpen, Err(LedgerError::Closed)) => Ok(done),
            (Flaw::KnownIsBusy, Err(LedgerError::Known)) => Err(LedgerError::Busy),
            (_, answer) => answer,
        }
    }

    async fn closed(
        &self,
        tab: TabId,
        version: i64,
        seen: Option<TabSeen>,
        at: Option<DateTime<Utc>>,
        note: Note,
    ) -> Result<(), LedgerError> {
        self.ledger
            .set_closed(tab, version, self.seen(seen), at, note)
            .await
    }

    async fn set(
        &self,
        name: &str,
        value: &str,
        seen: SettingSeen<'_>,
        note: Note,
    ) -> Result<(), LedgerError> {
        let seen = if self.flaw == Flaw::SettingNotCompared {
            SettingSeen::Anything
        } else {
            seen
        };
        self.ledger.set_setting(name, value, seen, note).await
    }

    async fn leased(&self, duty: Duty) -> Result<Lease, LedgerError> {
        if self.flaw == Flaw::NoDuty {
            return Ok(Lease::Elsewhere);
        }
        self.ledger.lease(duty).await
    }

    async fn heard(&self, after: Option<Cursor>) -> Result<Changes, LedgerError> {
        let here = self.ledger.changes(None).await?;
        let mut after = after;
        if self.flaw == Flaw::AnyCursor {
            after = after.map(|after| Cursor {
                of: here.cursor.of,
                ..after
            });
        }
        let mut changes = self.ledger.changes(after).await?;
        if self.flaw == Flaw::SilentFeed {
            changes.since = changes.since.map(|_| Vec::new());
        }
        Ok(changes)
    }

    async fn billed(&self, line: &Line, seen: Option<TabSeen>, note: Note) -> Result<(), LedgerError> {
        let answer = self.ledger.add_line(line, self.seen(seen), note).await;
        match (self.flaw, answer) {
            (Flaw::AnyBill, Err(LedgerError::TooMuch)) => Ok(()),
            (Flaw::OffTwice, Err(LedgerError::Known)) => Ok(()),
            (_, answer) => self.refused(answer, ()),
        }
    }

    async fn moved(&self, moving: &BillMove, notes: Vec<Note>) -> Result<(), LedgerError> {
        let mut moving = moving.clone();
        moving.seen.retain(|_| self.flaw != Flaw::TabNotCompared);
        self.refused(self.ledger.move_bill(&moving, notes).await, ())
    }

    async fn asked(
        &self,
        hold: &Hold,
        create: &Operation,
        seen: Option<TabSeen>,
        note: Note,
    ) -> Result<Permit, LedgerError> {
        // Without what was seen a closed tab is no obstacle.
        let answer = self.ledger.add_hold(hold, create, seen, note.clone()).await;
        let answer = match (self.flaw, answer) {
            (Flaw::TabNotCompared, Err(LedgerError::Changed)) => {
                self.ledger.add_hold(hold, create, None, note).await
            }
            (_, answer) => answer,
        };
        self.refused(answer, Permit::Endless)
    }

    async fn rest_asked(
        &self,
        tab: TabId,
        ask: OperationId,
        opened: Option<(Hold, Operation)>,
        seen: Option<TabSeen>,
        notes: Vec<Note>,
    ) -> Result<Option<Permit>, LedgerError> {
        let answer = self
            .ledger
            .end_ask(tab, ask, opened.clone(), seen, notes.clone())
            .await;
        let answer = match (self.flaw, answer) {
            (Flaw::TabNotCompared, Err(LedgerError::Changed)) => {
                self.ledger.end_ask(tab, ask, opened, None, notes).await
            }
            (_, answer) => answer,
        };
        self.refused(answer, None)
    }

    async fn renewed(
        &self,
        renewal: &Renewal,
        hold: &Hold,
        create: &Operation,
        expect: Expect,
        notes: Vec<Note>,
    ) -> Result<Permit, LedgerError> {
        let expect = self.expected(renewal.old, expect).await?;
        let answer = self
            .ledger
            .begin_renewal(renewal, hold, create, expect, notes)
            .await;
        self.refused(answer, Permit::Endless)
    }

    async fn intended(
        &self,
        operation: &Operation,
        expect: Expect,
        note: Note,
    ) -> Result<Permit, LedgerError> {
        let expect = self.expected(operation.hold, expect).await?;
        let answer = self.ledger.intend(operation, expect, note.clone()).await;
        match (self.flaw, answer) {
            (Flaw::SecondOpen, Err(LedgerError::Busy)) => {
                let others = self.ledger.operations(operation.hold).await?;
                let is_one_open = others.iter().any(|other| other.state.is_open());
                if is_one_open {
                    Ok(Permit::Endless)
                } else {
                    Err(LedgerError::Busy)
                }
            }
            (Flaw::TipForgotten, Err(LedgerError::TooMuch)) if operation.kind == OperationKind::Capture => {
                let without = Operation {
                    tip: 0,
                    ..operation.clone()
                };
                self.ledger.intend(&without, expect, note).await
            }
            (_, answer) => self.refused(answer, Permit::Endless),
        }
    }

    async fn recorded(
        &self,
        hold: HoldId,
        learnt: Learnt,
        progress: Option<Progress>,
        notes: Vec<Note>,
    ) -> Result<i64, LedgerError> {
        let mut learnt = learnt;
        if self.flaw == Flaw::AnyReading {
            learnt.read_from = None;
        }
        let answer = self.ledger.record(hold, learnt, progress, notes).await;
        match (self.flaw, answer) {
            (Flaw::AnyMove, Err(LedgerError::Changed)) => Ok(0),
            (_, answer) => answer,
        }
    }

    async fn reported(&self, report: &NightReport, note: Note) -> Result<(), LedgerError> {
        let answer = self.ledger.add_report(report, note).await;
        match (self.flaw, answer) {
            (Flaw::AnyReport, Err(LedgerError::Busy)) => Ok(()),
            (_, answer) => answer,
        }
    }
}

/// The names of the cases that fail on a ledger with this flaw.
async fn failing(flaw: Flaw) -> Vec<&'static str> {
    let mut failed = Vec::new();
    for case in cases() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Arc::new(SqliteLedger::open(folder.path()).unwrap());
        let ran = tokio::spawn((case.run)(Arc::new(Flawed { ledger, flaw }))).await;
        if ran.is_err() {
            failed.push(case.name);
        }
    }
    failed
}

#[tokio::test]
async fn a_ledger_without_a_flaw_passes_every_case() {
    assert!(failing(Flaw::None).await.is_empty());
}

#[tokio::test]
async fn a_second_open_operation_is_noticed() {
    assert_eq!(
        failing(Flaw::SecondOpen).await,
        ["operations::one_operation_is_open_on_a_hold"]
    );
}

#[tokio::test]
async fn a_forgotten_tip_is_noticed() {
    assert_eq!(
        failing(Flaw::TipForgotten).await,
        ["operations::a_tip_counts_towards_what_is_held"]
    );
}

#[tokio::test]
async fn a_move_that_takes_back_what_is_known_is_noticed() {
    assert_eq!(
        failing(Flaw::AnyMove).await,
        [
            "expectations::a_reading_of_a_hold_that_was_written_since_is_refused",
            "operations::an_operation_goes_only_where_it_may_go",
        ]
    );
}

#[tokio::test]
async fn a_tab_that_nobody_compares_is_noticed() {
    assert_eq!(
        failing(Flaw::TabNotCompared).await,
        [
            "expectations::a_bill_is_taken_once_by_those_who_see_it_whatever_hold_they_take_it_from",
            "expectations::a_decision_rests_on_the_bill_that_was_seen",
            "expectations::a_hold_is_asked_for_on_a_tab_as_it_was_seen",
            "expectations::the_rest_is_asked_for_on_a_tab_as_it_was_seen",
            "expectations::a_renewal_rests_on_the_old_hold_and_on_the_tab",
            "expectations::a_tab_is_closed_as_it_was_seen",
            "expectations::a_line_rests_on_the_tab_where_somebody_says_so",
            "expectations::a_move_rests_on_both_tabs",
        ]
    );
}

#[tokio::test]
async fn a_hold_that_nobody_compares_is_noticed() {
    assert_eq!(
        failing(Flaw::HoldNotCompared).await,
        [
            "expectations::a_renewal_rests_on_the_old_hold_and_on_the_tab",
            "operations::a_decision_on_a_hold_that_was_written_since_is_refused",
        ]
    );
}

#[tokio::test]
async fn an_older_reading_that_is_recorded_is_noticed() {
    assert_eq!(
        failing(Flaw::AnyReading).await,
        ["expectations::a_reading_of_a_hold_that_was_written_since_is_refused"]
    );
}

#[tokio::test]
async fn a_closed_tab_that_is_added_to_is_noticed() {
    assert_eq!(
        failing(Flaw::ClosedIsOpen).await,
        ["expectations::nothing_is_added_to_a_closed_tab"]
    );
}

#[tokio::test]
async fn a_bill_beyond_its_bounds_is_noticed() {
    assert_eq!(
        failing(Flaw::AnyBill).await,
        ["expectations::a_bill_stays_within_its_bounds"]
    );
}

#[tokio::test]
async fn a_line_that_is_taken_off_twice_is_noticed() {
    assert_eq!(
        failing(Flaw::OffTwice).await,
        ["expectations::a_line_is_taken_off_once"]
    );
}

#[tokio::test]
async fn what_is_known_and_told_as_under_way_is_noticed() {
    assert_eq!(
        failing(Flaw::KnownIsBusy).await,
        [
            "expectations::a_line_is_taken_off_once",
            "operations::a_decisions_id_is_known_once",
            "tabs::a_decision_moves_once",
        ]
    );
}

#[tokio::test]
async fn a_setting_that_nobody_compares_is_noticed() {
    assert_eq!(
        failing(Flaw::SettingNotCompared).await,
        ["tabs::a_setting_that_was_set_since_stays"]
    );
}

#[tokio::test]
async fn changes_that_nobody_is_told_of_are_noticed() {
    assert_eq!(
        failing(Flaw::SilentFeed).await,
        ["tills::what_was_written_is_among_the_changes_once"]
    );
}

#[tokio::test]
async fn a_place_in_another_ledger_that_is_taken_for_one_here_is_noticed() {
    assert_eq!(
        failing(Flaw::AnyCursor).await,
        ["tills::a_place_in_another_ledgers_changes_says_that_all_has_to_be_read"]
    );
}

#[tokio::test]
async fn a_duty_that_nobody_gets_is_noticed() {
    assert_eq!(
        failing(Flaw::NoDuty).await,
        ["tills::a_till_that_is_alone_has_each_duty"]
    );
}

#[tokio::test]
async fn a_report_out_of_order_is_noticed() {
    assert_eq!(
        failing(Flaw::AnyReport).await,
        [
            "reports::a_report_has_the_next_number_and_begins_after_the_last_ones_movement",
            "reports::a_report_ends_with_an_existing_movement"
        ]
    );
}

/// A ledger that knows nothing any more when it's opened again.
struct Forgetful {
    ledger: Arc<dyn Ledger>,
    _folder: TempDir,
}

impl Adapter for Forgetful {
    fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Arc::new(SqliteLedger::open(folder.path()).unwrap());
        Self {
            ledger,
            _folder: folder,
        }
    }

    fn ledger(&self) -> &Arc<dyn Ledger> {
        &self.ledger
    }
}

impl Durable for Forgetful {
    fn open_again(self) -> Self {
        Self::empty()
    }
}

#[tokio::test]
async fn a_ledger_that_forgets_is_noticed() {
    let forgetful = Forgetful::empty;
    let ran = [
        tokio::spawn(durability::a_tab_with_all_that_is_on_it_is_there_again(
            forgetful(),
        )),
        tokio::spawn(durability::an_open_decision_is_there_again_and_still_in_the_way(
            forgetful(),
        )),
        tokio::spawn(durability::an_open_renewal_is_there_again_and_can_be_ended(
            forgetful(),
        )),
        tokio::spawn(durability::an_ask_is_there_again(forgetful())),
        tokio::spawn(durability::findings_and_settings_are_there_again(forgetful())),
        tokio::spawn(durability::movements_and_reports_are_there_again_and_go_on(
            forgetful(),
        )),
        tokio::spawn(durability::what_was_said_of_a_refund_is_there_again(forgetful())),
        tokio::spawn(durability::tabs_are_found_again(forgetful())),
        tokio::spawn(durability::the_journal_goes_on_where_it_ended(forgetful())),
    ];
    for (case, ran) in ran.into_iter().enumerate() {
        assert!(ran.await.is_err_and(|error| error.is_panic()), "case {case}");
    }
}
