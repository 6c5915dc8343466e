//! Holds that take the place of others.

use crate::{Expect, LedgerError, Note, Permit};
use async_trait::async_trait;
use holdfast_domain::{Hold, HoldId, Operation, Renewal, RenewalEnded};

/// Holds that take the place of others.
///
/// # Errors
/// Every call may answer [`LedgerError::Storage`]; the others as said.
#[async_trait]
pub trait Renewals: Send + Sync {
    /// Adds a renewal with the hold that is opened for it and the operation that is to create that one.
    /// [`LedgerError::Known`] when that operation is; [`LedgerError::Closed`]; [`LedgerError::Changed`] when the old
    /// hold or the tab isn't as expected; [`LedgerError::Busy`] while another renewal that is about one of its holds
    /// is under way.
    async fn begin_renewal(
        &self,
        renewal: &Renewal,
        hold: &Hold,
        create: &Operation,
        expect: Expect,
        notes: Vec<Note>,
    ) -> Result<Permit, LedgerError>;
    /// Ends the renewal for which `new` was opened. [`LedgerError::NotFound`] unless it is under way.
    async fn end_renewal(
        &self,
        new: HoldId,
        ended: RenewalEnded,
        notes: Vec<Note>,
    ) -> Result<(), LedgerError>;
    /// The renewals that are under way, oldest first.
    async fn open_renewals(&self) -> Result<Vec<Renewal>, LedgerError>;
}
