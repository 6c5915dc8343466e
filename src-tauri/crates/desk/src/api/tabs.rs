//! Opening tabs, their bills and details, and what staff see when they decide.

use crate::present::view::MoveOutcome;
use crate::{AppError, AskForMore, Desk, Details, ForgetGuest, Look, MoveBill, OpenTab, Seen};
use holdfast_domain::{HoldId, LineId, OperationId, TabId};

impl Desk {
    /// Opens a tab with its first hold. What was typed is checked before anything is written. However often one
    /// decision is pressed, it opens one tab.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] by field; the ledger's. Dojo's answer is the hold's state.
    pub async fn open_tab(&self, typed: OpenTab) -> Result<TabId, AppError> {
        self.executor.open_tab(typed).await
    }

    /// Opens a further hold on a tab. However often one decision is pressed, it opens one.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] for the amount; the ledger's.
    pub async fn ask_for_more(&self, more: &AskForMore) -> Result<(), AppError> {
        self.executor.ask_for_more(more).await
    }

    /// Sends the request of a hold again whose first try never left the till.
    ///
    /// # Errors
    /// [`crate::ErrorCode::NotAllowed`] when it may have left; the ledger's.
    pub async fn retry_open(&self, id: HoldId) -> Result<(), AppError> {
        self.executor.retry_open(id).await
    }

    /// Adds a line. A negative amount corrects an earlier line; the bill never falls below zero.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] by field; the ledger's.
    pub async fn add_line(
        &self,
        id: TabId,
        what: Option<String>,
        quantity: i64,
        amount: &str,
    ) -> Result<(), AppError> {
        self.executor.add_line(id, what, quantity, amount).await
    }

    /// Takes a line off again, by a further line of its negative; the first one stays to be seen. A line
    /// that is off already stays off.
    ///
    /// # Errors
    /// [`crate::ErrorCode::NotFound`], [`crate::ErrorCode::NotAllowed`] for a line that takes another off; the
    /// ledger's.
    pub async fn take_off(&self, id: TabId, line: LineId) -> Result<(), AppError> {
        self.executor.take_off(id, line).await
    }

    /// Moves a part of a bill to another tab, as the person saw both. However often one decision is pressed, it moves
    /// once. No money moves.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] by field for a new tab; [`crate::ErrorCode::NotAllowed`] with the reason;
    /// [`crate::ErrorCode::Changed`] with what is different by now; the ledger's.
    pub async fn move_bill(&self, moving: &MoveBill) -> Result<MoveOutcome, AppError> {
        let moved = self.executor.move_bill(moving).await?;
        self.move_outcome(moving.typed.tab_id, &moved).await
    }

    /// Edits a tab's details. Its history says what changed.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] by field; the ledger's.
    pub async fn edit_tab(&self, id: TabId, details: Details) -> Result<(), AppError> {
        self.executor.edit_tab(id, details).await
    }

    /// Closes a tab as a person saw it. Refused while anything on it is held, waited for or unclear.
    ///
    /// # Errors
    /// [`crate::ErrorCode::NotAllowed`] with the reason; [`crate::ErrorCode::Changed`] with what is different by now;
    /// the ledger's.
    pub async fn close_tab(&self, id: TabId, seen: &Seen) -> Result<(), AppError> {
        self.executor.close_tab(id, seen).await
    }

    /// Reopens a closed tab.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn reopen_tab(&self, id: TabId) -> Result<(), AppError> {
        self.executor.reopen_tab(id).await
    }

    /// What there is to see of the tab of a hold.
    ///
    /// # Errors
    /// [`crate::ErrorCode::NotFound`]; the ledger's.
    pub async fn seen_with(&self, hold: HoldId) -> Result<Seen, AppError> {
        self.executor.seen_with(hold).await
    }

    /// What there is to see of a tab now, and what differs from what a person accepted before; of one hold, where
    /// the sheet is about one.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn look(&self, tab: TabId, accepted: &Seen, hold: Option<HoldId>) -> Result<Look, AppError> {
        self.executor.look(tab, accepted, hold).await
    }

    /// Forgets a guest as a person confirmed it: what is about them can't be read any more, and no backup brings it
    /// back.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] for the field `name`; [`crate::ErrorCode::NotAllowed`] while something on one of
    /// the tabs is open; the ledger's.
    pub async fn forget_guest(&self, asked: ForgetGuest) -> Result<(), AppError> {
        let waiting = self.waiting_for_somebody().await?;
        self.executor.forget_guest(asked, waiting).await
    }

    /// Notes that the person who is working was told what became of an operation and put it aside.
    ///
    /// # Errors
    /// [`crate::ErrorCode::NotAllowed`] while it is not settled, [`crate::ErrorCode::NotFound`]; the ledger's.
    pub async fn put_aside(&self, id: OperationId) -> Result<(), AppError> {
        self.executor.put_aside(id).await
    }
}
