//! Refunds: what one is of, and what that does to the bill. A person may say it later, of a refund whose purpose nobody
//! has said yet.

use crate::account::Account;
use crate::account::due::{paid, unsettled_for_refund};
use crate::context::reasons::{Mistyped, NotPossible, RefundPartName, RefundProblem, Unsettled};
use crate::operations::Executor;
use crate::operations::bill::refuse_if_closed;
use crate::{AppError, Decision, ErrorCode, Field, FieldError};
use chrono::{DateTime, Utc};
use holdfast_domain::{
    Actor, Event, Hold, HoldId, Operation, OperationId, OperationKind, Paid, Parts, Purpose, Refund, Said,
    TabId, parse_amount, refundable_parts, refunds,
};
use serde::Deserialize;
use tokio::sync::MutexGuard;
use ts_rs::TS;

/// The fields of the sheet, as typed; none is nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct RefundTyped {
    /// Of the bill.
    pub bill: Option<String>,
    /// Of the service charge.
    pub service: Option<String>,
    /// Of the tip.
    pub tip: Option<String>,
    /// The bill's part is to be paid again here; it comes off the bill otherwise.
    pub charge_again: bool,
    /// What the sheet said comes off the bill or is due again, as [`crate::RefundPreview::owed_minor`]. Where it
    /// is given, nothing is done with another amount.
    #[serde(default)]
    #[ts(type = "number | null")]
    pub expect_owed_minor: Option<i64>,
}

/// What a person says, later, of a refund whose purpose nobody had said.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct SayRefund {
    /// On which hold.
    #[ts(type = "string")]
    pub hold_id: HoldId,
    /// Which decision; none is what was refunded elsewhere.
    #[ts(type = "string | null")]
    pub refund: Option<OperationId>,
    /// As typed. All of it adds up to what was refunded.
    pub typed: RefundTyped,
}

/// What was typed, part by part, and what of it can't be read.
pub(crate) struct Asked {
    pub(crate) parts: Parts,
    pub(crate) errors: Vec<FieldError>,
}

/// What a refund is worked out from.
pub(crate) struct RefundBasis<'a> {
    pub(crate) hold: &'a Hold,
    pub(crate) paid: Paid,
    /// Taken and not given back, as far as it is said.
    pub(crate) most: Parts,
    /// All of it together, in minor units.
    pub(crate) in_all: i64,
    /// The parts have to add up to that.
    is_exact: bool,
    /// Why nobody can say by now what a refund is of.
    unsettled: Option<Unsettled>,
    is_closed: bool,
}

impl Executor {
    /// What the parts typed come to, and what they are of.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] for the fields `bill`, `service` and `tip`; [`ErrorCode::Changed`] when the bill isn't as
    /// staff saw it; the ledger's.
    pub(crate) async fn refund_of(
        &self,
        id: HoldId,
        typed: &RefundTyped,
    ) -> Result<(i64, Purpose), AppError> {
        let (account, index) = self.refunding(id).await?;
        let basis = basis_of_new(&account, index, self.context.now())?;
        let (parts, of) = basis.checked(typed)?;
        Ok((parts.total(), of))
    }

    /// Keeps what a person says of a refund of which nobody had said it. Nothing is sent.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] for the fields `bill`, `service` and `tip`; [`ErrorCode::NotAllowed`] when it is said
    /// already; the ledger's.
    pub(crate) async fn record_said(&self, say: &SayRefund) -> Result<TabId, AppError> {
        // What it does to the bill depends on what all cards paid, as with a refund itself.
        let taking = self.taking(self.context.ledger.hold(say.hold_id).await?.tab);
        let _taking = taking.lock().await;
        let turn = self.turn(say.hold_id);
        let _turn = turn.lock().await;
        let _billing = self.billing().await;
        let (account, index) = self.refunding(say.hold_id).await?;
        let basis = basis_of_said(&account, index, say.refund, self.context.now())?;
        let (parts, of) = basis.checked(&say.typed)?;
        let by = self.context.settings().await?.staff_name;
        let by = Actor::staff(by);
        let event = Event::RefundSaid {
            amount: parts.total(),
            of,
        };
        let note = self.context.note(by.clone(), Some(account.tab.id), event);
        let said = Said {
            amount: parts.total(),
            of,
            by,
            at: self.context.reckoning().earliest,
            earlier: Vec::new(),
        };
        self.context
            .ledger
            .say_refund(say.hold_id, say.refund, said, note)
            .await?;
        self.context.changed();
        Ok(account.tab.id)
    }

    /// Compares what a refund does to the bill with what it would do now, and keeps the bill as it is until the refund
    /// is in the ledger: a line that is taken off meanwhile would be off twice. Of any other decision, nothing.
    ///
    /// # Errors
    /// [`ErrorCode::Changed`]; the ledger's.
    pub(crate) async fn keep_bill_as_agreed(
        &self,
        tab: TabId,
        decision: &Decision,
    ) -> Result<Option<MutexGuard<'_, ()>>, AppError> {
        let Some(of) = decision.of.filter(|_| decision.kind == OperationKind::Refund) else {
            return Ok(None);
        };
        let billing = self.billing().await;
        let account = self.context.account(tab).await?;
        let bill = decision.amount.saturating_sub(of.service).saturating_sub(of.tip);
        let parts = Parts {
            bill,
            service: of.service,
            tip: of.tip,
        };
        if paid(&account).refund(parts, of.again > 0) != of {
            return Err(bill_changed());
        }
        // Closed while this was read.
        if of.again > 0 {
            refuse_if_closed(&account.tab)?;
        }
        Ok(Some(billing))
    }

    /// The tab with the hold, and the hold's index among its holds.
    pub(crate) async fn refunding(&self, id: HoldId) -> Result<(Account, usize), AppError> {
        let tab = self.context.ledger.hold(id).await?.tab;
        let account = self.context.account(tab).await?;
        let index = account.holds.iter().position(|(hold, _)| hold.id == id);
        let unknown = || AppError::new(ErrorCode::NotFound, NotPossible::NotInLedger);
        Ok((account, index.ok_or_else(unknown)?))
    }
}

fn bill_changed() -> AppError {
    AppError::new(ErrorCode::Changed, NotPossible::BillChanged)
}

fn at(account: &Account, index: usize) -> Result<&(Hold, Vec<Operation>), AppError> {
    let unknown = || AppError::new(ErrorCode::NotFound, NotPossible::NotInLedger);
    account.holds.get(index).ok_or_else(unknown)
}

pub(crate) fn basis_of_new(
    account: &Account,
    index: usize,
    now: DateTime<Utc>,
) -> Result<RefundBasis<'_>, AppError> {
    let (hold, operations) = at(account, index)?;
    Ok(RefundBasis {
        hold,
        paid: paid(account),
        most: refundable_parts(hold, operations),
        in_all: hold.captured().saturating_sub(hold.refunded()).max(0),
        is_exact: false,
        unsettled: unsettled_for_refund(account, now),
        is_closed: account.tab.closed_at.is_some(),
    })
}

pub(crate) fn basis_of_said(
    account: &Account,
    index: usize,
    which: Option<OperationId>,
    now: DateTime<Utc>,
) -> Result<RefundBasis<'_>, AppError> {
    let (hold, operations) = at(account, index)?;
    let all = refunds(hold, operations);
    let is_it = |refund: &&Refund<'_>| refund.decision.map(|o| o.id) == which;
    let left = all.iter().find(is_it).map_or(0, Refund::not_said);
    if left <= 0 {
        return Err(AppError::new(ErrorCode::NotAllowed, NotPossible::AlreadySaid));
    }
    let paid = paid(account);
    Ok(RefundBasis {
        hold,
        // Without this refund, whose purpose the person is about to say.
        paid: Paid {
            not_said: paid.not_said.saturating_sub(left),
            ..paid
        },
        most: refundable_parts(hold, operations),
        in_all: left,
        is_exact: true,
        unsettled: unsettled_for_refund(account, now),
        is_closed: account.tab.closed_at.is_some(),
    })
}

impl RefundBasis<'_> {
    pub(crate) fn read(&self, typed: &RefundTyped) -> Asked {
        let mut errors = Vec::new();
        let mut field = |name: Field, part: RefundPartName, text: Option<&String>, most: i64| {
            let text = text.map_or("", |text| text.trim());
            let read = match text {
                "" => Ok(0),
                text => parse_amount(text, self.hold.currency, false).map(|money| money.minor),
            };
            let error = match read {
                Ok(minor) if minor <= most => return minor,
                Ok(_) => {
                    let most = self.hold.money(most);
                    FieldError::new(name, RefundProblem::OverPart { part, most })
                }
                Err(problem) => FieldError::new(name, Mistyped::Amount(problem)),
            };
            errors.push(error);
            0
        };
        let (bill, service, tip) = (typed.bill.as_ref(), typed.service.as_ref(), typed.tip.as_ref());
        let parts = Parts {
            bill: field(Field::Bill, RefundPartName::Bill, bill, self.most.bill),
            service: field(
                Field::Service,
                RefundPartName::Service,
                service,
                self.most.service,
            ),
            tip: field(Field::Tip, RefundPartName::Tip, tip, self.most.tip),
        };
        if errors.is_empty()
            && let Some(problem) = self.problem_of_sum(parts.total())
        {
            errors.push(FieldError::new(Field::Bill, problem));
        }
        Asked { parts, errors }
    }

    /// Why such a refund can't be decided now, whatever was typed.
    pub(crate) fn refused(&self, of: Purpose) -> Option<RefundProblem> {
        // Nobody sees what is due again on a closed tab.
        let is_hidden = self.is_closed && of.again > 0;
        let waits = self.unsettled.map(RefundProblem::Waits);
        waits.or_else(|| is_hidden.then_some(RefundProblem::TabClosed))
    }

    fn problem_of_sum(&self, total: i64) -> Option<RefundProblem> {
        let (typed, in_all) = (self.hold.money(total), self.hold.money(self.in_all));
        match total {
            _ if self.is_exact && total != self.in_all => Some(RefundProblem::DontAddUp {
                refunded: in_all,
                typed,
            }),
            _ if total > self.in_all => Some(RefundProblem::OverAll(in_all)),
            0 => Some(RefundProblem::Nothing),
            _ => None,
        }
    }

    /// What was typed, if it can be done.
    fn checked(&self, typed: &RefundTyped) -> Result<(Parts, Purpose), AppError> {
        let Asked { parts, errors } = self.read(typed);
        if !errors.is_empty() {
            return Err(AppError::invalid(errors));
        }
        let of = self.paid.refund(parts, typed.charge_again);
        if let Some(why) = self.refused(of) {
            return Err(AppError::new(ErrorCode::NotAllowed, why));
        }
        let owed = of.off_bill.saturating_add(of.again);
        if typed.expect_owed_minor.is_some_and(|expected| expected != owed) {
            return Err(bill_changed());
        }
        Ok((parts, of))
    }
}
