//! What a refund would do, for its sheet.

use crate::context::reasons::RefundPartName;
use crate::operations::refund::{Asked, RefundBasis, basis_of_new, basis_of_said};
use crate::present::view::Money as MoneyView;
use crate::wording::refunds;
use crate::{AppError, Desk, Field, FieldError, RefundTyped, SayRefund};
use holdfast_domain::{HoldId, Kind, Parts};
use serde::Serialize;
use ts_rs::TS;

/// A part of a refund, by its field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum RefundPartCode {
    /// Of the bill.
    Bill,
    /// Of the service charge.
    Service,
    /// Of the tip.
    Tip,
}

impl RefundPartCode {
    const fn label(self) -> &'static str {
        let name = match self {
            Self::Bill => RefundPartName::Bill,
            Self::Service => RefundPartName::Service,
            Self::Tip => RefundPartName::Tip,
        };
        name.label()
    }
}

/// One part of a refund: the bill's, the service charge's or the tip's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct RefundPart {
    /// Its field.
    pub code: RefundPartCode,
    /// The same for people.
    pub label: &'static str,
    /// Taken and not given back yet.
    pub taken: MoneyView,
    /// What stays taken.
    pub stays: MoneyView,
    /// What goes into the field for all of it.
    pub all: MoneyView,
}

/// What a refund would do, for the sheet: nothing is written or sent for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct RefundPreview {
    /// Bill, service charge and tip.
    pub parts: Vec<RefundPart>,
    /// The refund: the sum of what was typed.
    pub total: MoneyView,
    /// All that can be refunded, or was.
    pub most: MoneyView,
    /// Something comes off the bill or is due again, so it is asked which.
    pub concerns_bill: bool,
    /// What was typed of the bill was paid beyond it: nothing comes off it.
    pub is_beyond_bill: bool,
    /// How much comes off the bill, or is due again.
    #[ts(type = "number")]
    pub owed_minor: i64,
    /// What happens to the bill when the refund comes off it.
    pub taken_off: String,
    /// What happens to it when it is charged again.
    pub charged_again: String,
    /// Typing to correct.
    pub errors: Vec<FieldError>,
    /// May it be done so?
    pub allowed: bool,
}

impl Desk {
    /// What a refund would do. Typing errors are part of the answer.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn preview_refund(&self, id: HoldId, typed: &RefundTyped) -> Result<RefundPreview, AppError> {
        let (account, index) = self.executor.refunding(id).await?;
        let basis = basis_of_new(&account, index, self.context.now())?;
        Ok(preview(&basis, typed, account.tab.kind))
    }

    /// The same for what a person says of a refund that was made.
    ///
    /// # Errors
    /// [`crate::ErrorCode::NotAllowed`] when it is said already; the ledger's.
    pub async fn preview_said(&self, say: &SayRefund) -> Result<RefundPreview, AppError> {
        let (account, index) = self.executor.refunding(say.hold_id).await?;
        let basis = basis_of_said(&account, index, say.refund, self.context.now())?;
        Ok(preview(&basis, &say.typed, account.tab.kind))
    }
}

fn preview(basis: &RefundBasis<'_>, typed: &RefundTyped, kind: Kind) -> RefundPreview {
    let Asked { parts, mut errors } = basis.read(typed);
    let refused = basis.refused(basis.paid.refund(parts, typed.charge_again));
    let allowed = errors.is_empty() && refused.is_none();
    // Nothing is wrong with a sheet on which nothing is typed yet.
    if is_empty(typed) {
        errors.clear();
    }
    errors.extend(refused.map(|problem| FieldError::new(Field::Bill, problem)));
    let stays = basis.most.less(parts);
    let all = all(basis);
    let owed = basis.paid.refund(parts, false).off_bill;
    let part = |code: RefundPartCode, taken, stays, all| {
        let money = |minor: i64| MoneyView::from(basis.hold.money(minor));
        RefundPart {
            code,
            label: code.label(),
            taken: money(taken),
            stays: money(stays),
            all: money(all),
        }
    };
    RefundPreview {
        parts: vec![
            part(RefundPartCode::Bill, basis.most.bill, stays.bill, all.bill),
            part(
                RefundPartCode::Service,
                basis.most.service,
                stays.service,
                all.service,
            ),
            part(RefundPartCode::Tip, basis.most.tip, stays.tip, all.tip),
        ],
        total: basis.hold.money(parts.total()).into(),
        most: basis.hold.money(basis.in_all).into(),
        concerns_bill: owed > 0,
        is_beyond_bill: owed == 0 && kind != Kind::Payment && stays.bill < basis.most.bill,
        owed_minor: owed,
        taken_off: consequence(basis, parts, false),
        charged_again: consequence(basis, parts, true),
        errors,
        allowed,
    }
}

/// All of it: as much of the bill as goes, then of the service charge, then of the tip.
fn all(basis: &RefundBasis<'_>) -> Parts {
    let bill = basis.most.bill.min(basis.in_all);
    let rest = basis.in_all.saturating_sub(bill);
    let service = basis.most.service.min(rest);
    let tip = basis.most.tip.min(rest.saturating_sub(service));
    Parts { bill, service, tip }
}

/// What happens to the bill, in one or two sentences.
fn consequence(basis: &RefundBasis<'_>, parts: Parts, charge_again: bool) -> String {
    let after = basis.paid.after(parts, basis.paid.refund(parts, charge_again));
    let money = |minor| basis.hold.money(minor);
    let is_bill_kept = after.bill() == basis.paid.bill();
    let (bill, due) = (money(after.bill()), money(after.due()));
    refunds::consequence(bill, is_bill_kept, money(basis.paid.due()), due)
}

fn is_empty(typed: &RefundTyped) -> bool {
    [&typed.bill, &typed.service, &typed.tip]
        .into_iter()
        .all(|text| text.as_ref().is_none_or(|text| text.trim().is_empty()))
}
