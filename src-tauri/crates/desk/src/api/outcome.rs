//! What became of a decision, and how its tab looks now.

use crate::present::operation;
use crate::present::view;
use crate::wording::once_sent;
use crate::{Act, AppError, Desk, SayRefund, Taken, UnsentPart};
use holdfast_domain::{HoldId, Operation, OperationKind, TabId};

impl Desk {
    /// Carries out a sheet's decision. Taking has its own way: [`Desk::take`].
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] by field, and those of [`Desk::operate`].
    pub async fn act(&self, kind: OperationKind, act: Act) -> Result<view::Outcome, AppError> {
        let (tab, operation) = self.executor.request(kind, act).await?;
        self.outcome(tab, &[operation]).await
    }

    /// What became of operations, and how their tab looks now.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn outcome(&self, tab: TabId, operations: &[Operation]) -> Result<view::Outcome, AppError> {
        let mut views = Vec::new();
        for operation in operations {
            let hold = self.context.ledger.hold(operation.hold).await;
            let hold = hold.map_err(|error| once_sent(error, self.context.session.is_some()))?;
            views.push(operation::operation(operation, &hold));
        }
        let tab = self.tab(tab).await;
        Ok(view::Outcome {
            operations: views,
            unsent: None,
            tab: tab.map_err(|error| once_sent(error, self.context.session.is_some()))?,
        })
    }

    /// What became of a take, with what was not sent of it.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn outcome_of_take(&self, tab: TabId, taken: &Taken) -> Result<view::Outcome, AppError> {
        Ok(view::Outcome {
            unsent: taken.unsent.as_ref().map(UnsentPart::words),
            ..self.outcome(tab, &taken.operations).await?
        })
    }

    /// Gives up the renewal that is about `hold`: the old hold stays, and a new link that nobody has paid
    /// is cancelled. A new hold that was paid stays too, for staff to release one of the two. One that has
    /// come to its end by now ends as that.
    ///
    /// # Errors
    /// [`crate::ErrorCode::NotAllowed`] when there is none, or the old hold's release is not settled yet; the ledger's.
    pub async fn give_up_renewal(&self, hold: HoldId) -> Result<view::Outcome, AppError> {
        let (tab, operations) = self.renewer.end_renewal(hold).await?;
        self.outcome(tab, &operations).await
    }

    /// Keeps what a person says of a refund of which nobody had said it. Nothing is sent.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] for the fields `bill`, `service` and `tip`; [`crate::ErrorCode::NotAllowed`]
    /// when it is said already; the ledger's.
    pub async fn say_refund(&self, say: &SayRefund) -> Result<view::TabView, AppError> {
        let tab = self.executor.record_said(say).await?;
        self.tab(tab).await
    }
}
