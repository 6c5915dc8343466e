//! Release, cancel, refund, change, receipt: what staff typed on a sheet becomes a decision.

use crate::context::limits::MOST_REASON_CHARACTERS;
use crate::context::reasons::Mistyped;
use crate::operations::Executor;
use crate::operations::consent::Seen;
use crate::operations::execute::another_press;
use crate::operations::typed::{looks_like_email, mistyped};
use crate::{AppError, Decision, Field, RefundTyped};
use holdfast_domain::{
    AmountProblem, Hold, HoldId, Operation, OperationId, OperationKind, TabId, parse_amount, tidy_line,
};
use serde::Deserialize;
use ts_rs::TS;

/// A sheet's decision on one hold. Which fields count is the operation's matter.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Act {
    /// On which hold.
    #[ts(type = "string")]
    pub hold_id: HoldId,
    /// Minted once a sheet: the same one twice is one operation.
    #[ts(type = "string")]
    pub decision: OperationId,
    /// What staff saw.
    pub seen: Seen,
    /// As typed: the new amount or tip of an unpaid request.
    pub amount: Option<String>,
    /// What is refunded, as typed.
    pub refund: Option<RefundTyped>,
    /// Why.
    pub reason: Option<String>,
    /// Where a receipt goes.
    pub email: Option<String>,
}

impl Executor {
    /// Carries out a sheet's decision. Taking has its own way.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] by field, and those of [`Executor::operate`].
    pub(crate) async fn request(
        &self,
        kind: OperationKind,
        act: Act,
    ) -> Result<(TabId, Operation), AppError> {
        let hold = self.context.ledger.hold(act.hold_id).await?;
        if let Some(known) = self.known_press(&act, kind).await? {
            return Ok((hold.tab, known));
        }
        // What a refund does to the bill depends on all cards: two of one bill, or one and a take, wait for each other.
        let taking = self.taking(hold.tab);
        let _taking = match kind {
            OperationKind::Refund => {
                let turn = taking.lock().await;
                // A double click: the first one may have been at work while this one waited.
                if let Some(known) = self.known_press(&act, kind).await? {
                    return Ok((hold.tab, known));
                }
                Some(turn)
            }
            OperationKind::Create
            | OperationKind::Capture
            | OperationKind::Reversal
            | OperationKind::Cancel
            | OperationKind::SetAmount
            | OperationKind::SetTips
            | OperationKind::Receipt => None,
        };
        let (amount, tip, of) = match kind {
            OperationKind::Refund => {
                let (amount, of) = self
                    .refund_of(act.hold_id, &act.refund.clone().unwrap_or_default())
                    .await?;
                (amount, 0, Some(of))
            }
            OperationKind::Create
            | OperationKind::Capture
            | OperationKind::Reversal
            | OperationKind::Cancel
            | OperationKind::SetAmount
            | OperationKind::SetTips
            | OperationKind::Receipt => {
                let (amount, tip) = amounts(kind, &act, &hold)?;
                (amount, tip, None)
            }
        };
        let reason = match kind {
            OperationKind::Receipt => Some(address(act.email.as_deref())?),
            OperationKind::Refund => {
                let is_forgotten = self.context.ledger.tab(hold.tab).await?.is_forgotten;
                refund_reason(reason(act.reason)?, is_forgotten)?
            }
            OperationKind::Create
            | OperationKind::Capture
            | OperationKind::Reversal
            | OperationKind::Cancel
            | OperationKind::SetAmount
            | OperationKind::SetTips => reason(act.reason)?,
        };
        let by = self.context.settings().await?.actor();
        let decision = Decision {
            amount,
            tip,
            of,
            reason,
            ..Decision::plain(act.decision, act.hold_id, kind, &by, act.seen)
        };
        Ok((hold.tab, self.operate_on(&decision, Some(&hold)).await?))
    }

    /// What the same press came to before, if it did: what may be refunded is another sum by now.
    async fn known_press(&self, act: &Act, kind: OperationKind) -> Result<Option<Operation>, AppError> {
        let known = self.context.ledger.operation(act.decision).await?;
        match known {
            Some(known) if (known.hold, known.kind) != (act.hold_id, kind) => Err(another_press()),
            known => Ok(known),
        }
    }
}

/// Minor units without tip, and of tip, of an unpaid request.
fn amounts(kind: OperationKind, act: &Act, hold: &Hold) -> Result<(i64, i64), AppError> {
    let read = |allow_zero: bool| {
        let money = parse_amount(act.amount.as_deref().unwrap_or_default(), hold.currency, false)
            .map_err(|e| AppError::field(Field::Amount, Mistyped::Amount(e)))?;
        if money.minor == 0 && !allow_zero {
            return Err(AppError::field(
                Field::Amount,
                Mistyped::Amount(AmountProblem::Zero),
            ));
        }
        Ok(money.minor)
    };
    match kind {
        OperationKind::SetAmount => Ok((read(false)?, 0)),
        OperationKind::SetTips => Ok((0, read(true)?)),
        OperationKind::Create
        | OperationKind::Capture
        | OperationKind::Reversal
        | OperationKind::Cancel
        | OperationKind::Refund
        | OperationKind::Receipt => Ok((0, 0)),
    }
}

fn reason(text: Option<String>) -> Result<Option<String>, AppError> {
    let text = text.map(|t| tidy_line(&t)).filter(|t| !t.is_empty());
    match mistyped(text.as_deref(), MOST_REASON_CHARACTERS) {
        Some(problem) => Err(AppError::field(Field::Reason, problem)),
        None => Ok(text),
    }
}

/// A refund says why. Of a guest who was forgotten the ledger keeps no word, so none is taken that would be lost.
fn refund_reason(reason: Option<String>, is_forgotten: bool) -> Result<Option<String>, AppError> {
    let problem = match (&reason, is_forgotten) {
        (Some(_), true) => Mistyped::ReasonNotKept,
        (None, false) => Mistyped::NoRefundReason,
        (Some(_), false) | (None, true) => return Ok(reason),
    };
    Err(AppError::field(Field::Reason, problem))
}

fn address(text: Option<&str>) -> Result<String, AppError> {
    let text = text.unwrap_or_default().trim();
    if looks_like_email(text) {
        Ok(text.to_owned())
    } else {
        Err(AppError::field(Field::Email, Mistyped::NoGuestEmail))
    }
}
