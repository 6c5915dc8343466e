//! Taking: bill, service and tip as typed, worked out over the holds, and then one operation on each.

mod due;
mod preview;
mod split;

pub(crate) use due::{at_hand, may, missing, paid, takeable};
pub(crate) use preview::preview;
pub use preview::{Part, TakePreview, TipChoice, WayOn};

use crate::operate::one_of;
use crate::{AppError, Decision, Desk, ErrorCode};
use holdfast_domain::{Money, Operation, OperationId, OperationKind, TabId};
use serde::Deserialize;
use split::{HoldShare, split, sums};
use std::sync::Arc;
use ts_rs::TS;

/// The three fields of the sheet, as typed; none means the default. Service charge and tip may be a
/// share of the bill: `12.5 %`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct TakeTyped {
    /// What was had. The bill less what is taken already, by default.
    pub bill: Option<String>,
    /// Service charge. None by default.
    pub service: Option<String>,
    /// Tip. None by default.
    pub tip: Option<String>,
}

/// A decision to take.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Take {
    /// From which tab.
    #[ts(type = "string")]
    pub tab_id: TabId,
    /// As typed.
    pub typed: TakeTyped,
    /// The total that staff saw on the button, in minor units.
    #[ts(type = "number")]
    pub expect_total_minor: i64,
    /// Minted once a sheet.
    #[ts(type = "string")]
    pub decision: OperationId,
}

/// How much of the total is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Limit {
    /// All of it, or nothing.
    Total,
    /// As much as is held.
    Held,
}

impl Desk {
    /// Takes, one operation a hold, the first under the sheet's own decision.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`], [`ErrorCode::Changed`] when the total is not what staff saw,
    /// [`ErrorCode::NotAllowed`], and those of [`Desk::operate`].
    pub async fn take(&self, take: &Take) -> Result<Vec<Operation>, AppError> {
        self.take_up_to(take, Limit::Total).await
    }

    /// Takes all that is held towards a total that is more: bill and service charge before the tip. The
    /// total that staff saw is that of what is held.
    ///
    /// # Errors
    /// As [`Desk::take`].
    pub async fn take_what_is_held(&self, take: &Take) -> Result<Vec<Operation>, AppError> {
        self.take_up_to(take, Limit::Held).await
    }

    async fn take_up_to(&self, take: &Take, limit: Limit) -> Result<Vec<Operation>, AppError> {
        let known = self.known(take.decision).await?;
        if !known.is_empty() {
            return Ok(known);
        }
        let taking = self.taking(take.tab_id);
        let _taking = taking.lock().await;
        // The same press twice: the other one may have come first.
        let known = self.known(take.decision).await?;
        if !known.is_empty() {
            return Ok(known);
        }
        let by = self.settings().await?.staff_name;
        let parts = self.parts(take, limit).await?;
        let mut done = Vec::new();
        for (share, number) in parts.into_iter().zip(0..) {
            let decision = Decision {
                id: part(take.decision, number),
                hold: share.hold.id,
                kind: OperationKind::Capture,
                amount: share.amount,
                service: share.service,
                tip: share.tip,
                of: None,
                reason: None,
                by: by.clone(),
            };
            done.push(self.operate(decision).await?);
        }
        Ok(done)
    }

    /// Held from working out what is due on a tab until it is taken. Two who see the same bill would each
    /// take it otherwise, where the hold has room for both.
    pub(crate) fn taking(&self, tab: TabId) -> Arc<tokio::sync::Mutex<()>> {
        one_of(&self.takings, tab)
    }

    /// What became of a decision to take; nothing when it is new.
    async fn known(&self, decision: OperationId) -> Result<Vec<Operation>, AppError> {
        let mut all = Vec::new();
        while let Some(operation) = self.ledger.operation(part(decision, all.len())).await? {
            all.push(operation);
        }
        Ok(all)
    }

    /// From which hold how much, if what staff saw still holds.
    async fn parts(&self, take: &Take, limit: Limit) -> Result<Vec<HoldShare>, AppError> {
        for hold in self.ledger.holds(take.tab_id).await? {
            self.look_first(hold.id).await?;
        }
        let whole = self.whole(self.ledger.tab(take.tab_id).await?).await?;
        let (due, holds) = takeable(&whole, self.now());
        let currency = whole.tab.currency;
        let sums = sums(&take.typed, due, currency);
        if !sums.errors.is_empty() {
            return Err(AppError::invalid(sums.errors));
        }
        let parts = split(&holds, &sums);
        let covered = parts.iter().fold(0_i64, |sum, share| {
            sum.saturating_add(share.amount).saturating_add(share.tip)
        });
        let total = match limit {
            Limit::Total => sums.total.minor,
            Limit::Held => covered,
        };
        if total != take.expect_total_minor {
            let now = Money::new(total, currency);
            return Err(AppError::new(
                ErrorCode::Changed,
                format!("The total is {now} now. Look again before you take it."),
            ));
        }
        if parts.is_empty() || covered != total {
            return Err(AppError::new(
                ErrorCode::NotAllowed,
                "That is more than what is held.",
            ));
        }
        Ok(parts)
    }
}

/// The id of a decision's n-th part. Always the same one: a second press of it must find the first
/// press's operations on every hold, not only on the first.
fn part(decision: OperationId, number: usize) -> OperationId {
    let number = u128::try_from(number).unwrap_or_default();
    OperationId(uuid::Uuid::from_u128(decision.0.as_u128().wrapping_add(number)))
}
