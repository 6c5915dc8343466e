//! Putting aside what became of an operation, once a person was told.

use super::Executor;
use crate::context::reasons::NotPossible;
use crate::{AppError, ErrorCode};
use holdfast_domain::{Actor, Deed, Event, OperationId};

impl Executor {
    /// Notes that the person who is working was told what became of an operation and put it aside.
    pub(crate) async fn put_aside(&self, id: OperationId) -> Result<(), AppError> {
        let operation = self.context.ledger.operation(id).await?;
        let operation =
            operation.ok_or_else(|| AppError::new(ErrorCode::NotFound, NotPossible::NoSuchRequest))?;
        if operation.state.is_open() {
            return Err(AppError::new(ErrorCode::NotAllowed, NotPossible::NotSettled));
        }
        if operation.is_put_aside() {
            return Ok(());
        }
        if !operation.may_be_put_aside() {
            return Err(AppError::new(
                ErrorCode::NotAllowed,
                NotPossible::NothingToDismiss,
            ));
        }
        let hold = self.context.ledger.hold(operation.hold).await?;
        let by = self.context.settings().await?.staff_name;
        let event = Event::PutAside {
            deed: Deed::of(&operation, &hold),
            state: operation.state,
            detail: operation.detail.clone(),
            is_late: operation.is_late,
        };
        self.context
            .ledger
            .mark_seen(id, self.context.note(Actor::staff(by), Some(hold.tab), event))
            .await?;
        self.context.changed();
        Ok(())
    }
}
