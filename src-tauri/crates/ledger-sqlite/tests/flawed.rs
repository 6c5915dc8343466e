//! The suite notices a ledger that breaks the contract, and says where: each of these has one flaw, and the cases
//! about it fail, and no others.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

mod passed_on;

use holdfast_domain::{HoldId, NightReport, Operation, OperationKind};
use holdfast_ledger::{Learnt, Ledger, LedgerError, Note, Progress};
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
    /// It says of a report that isn't the next one that it was kept.
    AnyReport,
}

/// A ledger in SQLite with a flaw.
struct Flawed {
    ledger: Arc<dyn Ledger>,
    flaw: Flaw,
}

impl Flawed {
    async fn intended(&self, operation: &Operation, version: i64, note: Note) -> Result<(), LedgerError> {
        let answer = self.ledger.intend(operation, version, note.clone()).await;
        match (self.flaw, answer) {
            (Flaw::SecondOpen, Err(LedgerError::Busy)) => {
                let others = self.ledger.operations(operation.hold).await?;
                let is_one_open = others.iter().any(|other| other.state.is_open());
                if is_one_open {
                    Ok(())
                } else {
                    Err(LedgerError::Busy)
                }
            }
            (Flaw::TipForgotten, Err(LedgerError::TooMuch)) if operation.kind == OperationKind::Capture => {
                let without = Operation {
                    tip: 0,
                    ..operation.clone()
                };
                self.ledger.intend(&without, version, note).await
            }
            (_, answer) => answer,
        }
    }

    async fn recorded(
        &self,
        hold: HoldId,
        learnt: Learnt,
        progress: Option<Progress>,
        notes: Vec<Note>,
    ) -> Result<(), LedgerError> {
        let answer = self.ledger.record(hold, learnt, progress, notes).await;
        match (self.flaw, answer) {
            (Flaw::AnyMove, Err(LedgerError::Changed)) => Ok(()),
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
        ["operations::an_operation_goes_only_where_it_may_go"]
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
