//! Taking: bill, service and tip as typed, worked out over the holds, and then one operation on each.

use super::confirm::{Agreed, ToConfirm};
use super::figures::may_ask_for_rest;
use super::split::{HoldShare, TakeSums, TakeTyped, split, sums};
use crate::account::Account;
use crate::account::due::{self, takeable};
use crate::capture::Taker;
use crate::context::reasons::{KeptBack, NotPossible, TakeRefused};
use crate::operations::consent::{ConsentScope, Seen};
use crate::operations::execute::another_press;
use crate::wording::takes::not_taken;
use crate::{AppError, Decision, ErrorCode};
use holdfast_domain::{
    Actor, Currency, Money, Operation, OperationId, OperationKind, OperationState, Purpose, TabId,
};
use serde::Deserialize;
use ts_rs::TS;

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
    /// What staff saw.
    pub seen: Seen,
    /// The total that staff saw on the button, in minor units.
    #[ts(type = "number")]
    pub expect_total_minor: i64,
    /// With more due than is held: what the guest is asked for afterwards, in minor units. All that is held is taken
    /// then, bill and service charge before the tip. 0 takes all of the total, or nothing.
    #[ts(type = "number")]
    #[serde(default)]
    pub then_ask_minor: i64,
    /// What else staff have agreed to.
    #[serde(default)]
    pub agreed: Agreed,
    /// Minted once a sheet.
    #[ts(type = "string")]
    pub decision: OperationId,
}

/// What a decision to take came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// One for each hold that was taken from, in order.
    pub operations: Vec<Operation>,
    /// What was not sent, where one part kept the next one back.
    pub unsent: Option<UnsentPart>,
}

/// The part of a take that was not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnsentPart {
    /// What wasn't taken.
    pub money: Money,
    /// The same in words for staff.
    pub why: String,
}

impl UnsentPart {
    /// For people.
    pub(crate) fn words(&self) -> String {
        not_taken(self.money, &self.why)
    }
}

impl Taker {
    /// Takes, one operation a hold, the first under the sheet's own decision. The next one is sent only when the one
    /// before has succeeded; the request for the rest when Dojo has accepted the last.
    pub(crate) async fn take(&self, take: &Take) -> Result<Taken, AppError> {
        let taking = self.executor.taking(take.tab_id);
        let _taking = taking.lock().await;
        // The same press twice. The first one may be at work yet, and is waited for: its parts are not all sent.
        let account = self.context.account(take.tab_id).await?;
        if let Some(known) = known(take, &account)? {
            return Ok(known);
        }
        let plan = self.plan(take, account).await?;
        let taken = self.carry_out(take, &plan).await?;
        if take.then_ask_minor > 0 && taken.unsent.is_none() {
            self.continue_asks().await?;
        }
        Ok(taken)
    }

    /// From which hold how much, if what staff saw still holds.
    async fn plan(&self, take: &Take, mut account: Account) -> Result<TakePlan, AppError> {
        let mut was_read = false;
        for (hold, _) in &account.holds {
            was_read |= self.reconciler.read_if_restored(hold.id).await?;
        }
        if was_read {
            account = self.context.account(take.tab_id).await?;
        }
        // Dojo is read before anything is sent; what the ledger knows already need not wait for that.
        self.executor
            .refuse_if_changed(ConsentScope::Tab, &take.seen, &account)
            .await?;
        let settings = self.context.settings().await?;
        let frame = self.context.frame_by(&settings)?;
        let (due, holds) = takeable(&account, frame.now);
        let sums = sums(
            &take.typed,
            due,
            due::agreed_before(&account, frame.now),
            account.tab.currency,
        );
        if !sums.errors.is_empty() {
            return Err(AppError::invalid(sums.errors));
        }
        let parts = split(&holds, &sums);
        let to_confirm = ToConfirm::of(&sums, due, &parts);
        let covered = parts
            .iter()
            .fold(0_i64, |sum, share| sum.saturating_add(share.total()));
        let (total, asked) = if take.then_ask_minor > 0 {
            (covered, sums.total.minor.saturating_sub(covered))
        } else {
            (sums.total.minor, 0)
        };
        if (total, asked) != (take.expect_total_minor, take.then_ask_minor) {
            let why = NotPossible::TotalChanged(sums.total);
            return Err(AppError::new(ErrorCode::Changed, why));
        }
        let refused = |why| Err(AppError::new(ErrorCode::NotAllowed, why));
        if let Some(open) = due::unsettled_take(&account, frame.now) {
            return refused(TakeRefused::Unsettled(open).words());
        }
        if due.minor == 0 {
            return refused(TakeRefused::NothingDue.words());
        }
        if asked > 0 && !may_ask_for_rest(&sums, due::at_hand(&account, frame.now)) {
            return refused(NotPossible::AskFirst.into());
        }
        if parts.is_empty() || covered != total {
            return refused(NotPossible::MoreThanHeld.into());
        }
        if let Some(what) = to_confirm.unconfirmed(take.agreed, frame) {
            return Err(AppError::new(ErrorCode::Unconfirmed, what));
        }
        Ok(TakePlan {
            parts,
            sums,
            then_ask: take.then_ask_minor,
            by: settings.actor(),
        })
    }

    /// One part after another; what keeps a later one back is part of the answer, for money has moved by then.
    async fn carry_out(&self, take: &Take, plan: &TakePlan) -> Result<Taken, AppError> {
        let mut seen = take.seen.clone();
        let mut operations: Vec<Operation> = Vec::new();
        for (share, number) in plan.parts.iter().zip(0..) {
            let is_last = number + 1 == plan.parts.len();
            let decision = Decision {
                amount: share.amount,
                service: share.service,
                tip: share.tip,
                then_ask: if is_last { take.then_ask_minor } else { 0 },
                of: (is_last && take.then_ask_minor > 0).then(|| plan.asked_for()),
                ..Decision::plain(
                    part(take.decision, number),
                    share.hold.id,
                    OperationKind::Capture,
                    &plan.by,
                    seen.clone(),
                )
            };
            let kept_back = match self.executor.operate_on(&decision, Some(&share.hold)).await {
                Ok(operation) => {
                    let why = kept_back(operation.state);
                    operations.push(operation);
                    why
                }
                Err(error) if number == 0 => return Err(error),
                Err(error) => {
                    let unsent = plan.unsent(number, &KeptBack::Error(Box::new(error)));
                    return Ok(Taken { operations, unsent });
                }
            };
            if let Some(why) = kept_back {
                let unsent = plan.unsent(number + 1, &why);
                return Ok(Taken { operations, unsent });
            }
            if is_last {
                break;
            }
            match self.context.ledger.hold(share.hold.id).await {
                Ok(hold) => seen = seen.after_capture(&hold, share.total(), share.bill()),
                Err(error) => {
                    let why = KeptBack::Error(Box::new(error.into()));
                    let unsent = plan.unsent(number + 1, &why);
                    return Ok(Taken { operations, unsent });
                }
            }
        }
        Ok(Taken {
            operations,
            unsent: None,
        })
    }
}

/// What became of a decision to take; nothing when it is new.
///
/// # Errors
/// [`ErrorCode::NotAllowed`] when the id is that of a take of another amount, or of no take.
fn known(take: &Take, account: &Account) -> Result<Option<Taken>, AppError> {
    let all = || account.holds.iter().flat_map(|(_, operations)| operations);
    let of_it = |number| {
        let id = part(take.decision, number);
        all().find(|operation| operation.id == id)
    };
    let operations: Vec<Operation> = (0..).map_while(of_it).cloned().collect();
    if operations.is_empty() {
        return Ok(None);
    }
    let total = |o: &Operation| o.amount.saturating_add(o.tip);
    let sent = operations
        .iter()
        .fold(0_i64, |sum, o| sum.saturating_add(total(o)));
    let missing = Money::new(take.expect_total_minor.saturating_sub(sent), account.tab.currency);
    // Every part but the last takes all that its hold has: whatever took less was the last one.
    let left = |o: &Operation| take.seen.holds.iter().find(|h| h.hold_id == o.hold);
    let took_all = |o: &Operation| left(o).is_some_and(|seen| seen.left_minor == total(o));
    let is_take = operations.iter().all(|o| o.kind == OperationKind::Capture);
    let is_this = missing.minor == 0 || (missing.minor > 0 && operations.iter().all(took_all));
    if !is_take || !is_this {
        return Err(another_press());
    }
    let unsent = (missing.minor > 0).then(|| UnsentPart {
        money: missing,
        why: KeptBack::Interrupted.words(rest(take.then_ask_minor, account.tab.currency)),
    });
    Ok(Some(Taken { operations, unsent }))
}

/// What the last part asks for, and nobody has asked for while it isn't sent.
fn rest(then_ask: i64, currency: Currency) -> Option<Money> {
    (then_ask != 0).then(|| Money::new(then_ask, currency))
}

/// What a take is going to do.
struct TakePlan {
    parts: Vec<HoldShare>,
    sums: TakeSums,
    /// What the guest is asked for after the last part, in minor units.
    then_ask: i64,
    by: Actor,
}

impl TakePlan {
    /// What isn't covered, for the request that follows.
    fn asked_for(&self) -> Purpose {
        let of = |each: fn(&HoldShare) -> i64| {
            self.parts
                .iter()
                .fold(0_i64, |sum, s| sum.saturating_add(each(s)))
        };
        Purpose {
            service: self.sums.service.minor.saturating_sub(of(|s| s.service)),
            tip: self.sums.tip.minor.saturating_sub(of(|s| s.tip)),
            off_bill: 0,
            again: 0,
        }
    }

    /// What was not sent, from a part on.
    fn unsent(&self, from: usize, why: &KeptBack) -> Option<UnsentPart> {
        let left = self.parts.iter().skip(from);
        let minor = left.fold(0_i64, |sum, share| sum.saturating_add(share.total()));
        let currency = self.sums.total.currency;
        (minor > 0).then(|| UnsentPart {
            money: Money::new(minor, currency),
            why: why.words(rest(self.then_ask, currency)),
        })
    }
}

/// The id of a decision's n-th part. Always the same one: a second press of it must find the first
/// press's operations on every hold, not only on the first.
pub(crate) fn part(decision: OperationId, number: usize) -> OperationId {
    let number = u128::try_from(number).unwrap_or_default();
    OperationId(uuid::Uuid::from_u128(decision.0.as_u128().wrapping_add(number)))
}

/// Whether a part of a take that ended like this lets the next one be sent, and why not.
const fn kept_back(state: OperationState) -> Option<KeptBack> {
    match state {
        OperationState::Succeeded => None,
        OperationState::Intended | OperationState::Accepted => Some(KeptBack::Pending),
        OperationState::Unknown => Some(KeptBack::Unclear),
        OperationState::Declined => Some(KeptBack::Declined),
        OperationState::Rejected => Some(KeptBack::Refused),
        OperationState::NotSent => Some(KeptBack::Offline),
        OperationState::Absent => Some(KeptBack::Absent),
        OperationState::Conflict => Some(KeptBack::Conflict),
    }
}
