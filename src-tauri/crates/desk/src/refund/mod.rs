//! Refunds: what one is of, what that does to the bill, and what a person says of one of which nobody said it.

use crate::account::Account;
use crate::account::due::paid;
use crate::present::view::{Money as MoneyView, TabView};
use crate::{AppError, Desk, ErrorCode, FieldError, wording};
use holdfast_domain::{
    Hold, HoldId, Operation, OperationId, Paid, Parts, Refund, RefundOf, Said, parse_amount,
    refundable_parts, refunds,
};
use serde::{Deserialize, Serialize};
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
    /// What the sheet said comes off the bill or is due again, as [`RefundPreview::owed_minor`]. Where it is given,
    /// nothing is done with another amount.
    #[serde(default)]
    #[ts(type = "number | null")]
    pub expect_owed_minor: Option<i64>,
}

/// What a person says of a refund of which nobody had said what it was for.
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

/// One part of a refund: the bill's, the service charge's or the tip's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct RefundPart {
    /// Its field: `bill`, `service` or `tip`.
    pub code: &'static str,
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

/// What is refunded, and out of what.
struct Asked {
    parts: Parts,
    errors: Vec<FieldError>,
}

/// What a sheet is about.
struct About<'a> {
    hold: &'a Hold,
    paid: Paid,
    /// Taken and not given back, as far as it is said.
    most: Parts,
    /// All of it together, in minor units.
    in_all: i64,
    /// The parts have to add up to that.
    is_exact: bool,
}

impl Desk {
    /// What a refund would do. Typing errors are part of the answer.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn preview_refund(&self, id: HoldId, typed: &RefundTyped) -> Result<RefundPreview, AppError> {
        let (whole, place) = self.refunding(id).await?;
        Ok(about_new(&whole, place)?.preview(typed))
    }

    /// The same for what a person says of a refund that was made.
    ///
    /// # Errors
    /// [`ErrorCode::NotAllowed`] when it is said already; the ledger's.
    pub async fn preview_said(&self, say: &SayRefund) -> Result<RefundPreview, AppError> {
        let (whole, place) = self.refunding(say.hold_id).await?;
        Ok(about_said(&whole, place, say.refund)?.preview(&say.typed))
    }

    /// What the parts typed come to, and what they are of.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] for the fields `bill`, `service` and `tip`; [`ErrorCode::Changed`] when the bill isn't as
    /// staff saw it; the ledger's.
    pub(crate) async fn refund_of(
        &self,
        id: HoldId,
        typed: &RefundTyped,
    ) -> Result<(i64, RefundOf), AppError> {
        let (whole, place) = self.refunding(id).await?;
        let about = about_new(&whole, place)?;
        let (parts, of) = about.checked(typed)?;
        Ok((parts.total(), of))
    }

    /// Keeps what a person says of a refund of which nobody had said it. Nothing is sent.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] for the fields `bill`, `service` and `tip`; [`ErrorCode::NotAllowed`] when it is said
    /// already; the ledger's.
    pub async fn say_refund(&self, say: &SayRefund) -> Result<TabView, AppError> {
        // What it does to the bill depends on what all cards paid, as with a refund itself.
        let taking = self.taking(self.ledger.hold(say.hold_id).await?.tab);
        let _taking = taking.lock().await;
        let turn = self.turn(say.hold_id);
        let _turn = turn.lock().await;
        let (whole, place) = self.refunding(say.hold_id).await?;
        let about = about_said(&whole, place, say.refund)?;
        let (parts, of) = about.checked(&say.typed)?;
        let by = self.settings().await?.staff_name;
        let words = format!(
            "Said what the refund of {} was for: {}",
            about.hold.money(parts.total()),
            wording::purpose(parts, of, about.hold)
        );
        let note = self.note(&by, Some(whole.tab.id), words);
        let said = Said {
            amount: parts.total(),
            of,
            by,
            at: self.now(),
        };
        self.ledger
            .say_refund(say.hold_id, say.refund, said, note)
            .await?;
        self.changed();
        self.tab(whole.tab.id).await
    }

    /// The tab with the hold, and the hold's place among its holds.
    async fn refunding(&self, id: HoldId) -> Result<(Account, usize), AppError> {
        let tab = self.ledger.hold(id).await?.tab;
        let whole = self.whole(self.ledger.tab(tab).await?).await?;
        let place = whole.holds.iter().position(|(hold, _)| hold.id == id);
        Ok((whole, place.unwrap_or_default()))
    }
}

fn at(whole: &Account, place: usize) -> Result<&(Hold, Vec<Operation>), AppError> {
    let gone = || AppError::new(ErrorCode::NotFound, "It is not in the ledger.");
    whole.holds.get(place).ok_or_else(gone)
}

fn about_new(whole: &Account, place: usize) -> Result<About<'_>, AppError> {
    let (hold, operations) = at(whole, place)?;
    Ok(About {
        hold,
        paid: paid(whole),
        most: refundable_parts(hold, operations),
        in_all: hold.captured().saturating_sub(hold.refunded()).max(0),
        is_exact: false,
    })
}

fn about_said(whole: &Account, place: usize, which: Option<OperationId>) -> Result<About<'_>, AppError> {
    let (hold, operations) = at(whole, place)?;
    let all = refunds(hold, operations);
    let is_it = |refund: &&Refund<'_>| refund.decision.map(|o| o.id) == which;
    let left = all.iter().find(is_it).map_or(0, Refund::not_said);
    if left <= 0 {
        return Err(AppError::new(
            ErrorCode::NotAllowed,
            "What it was for has been said already.",
        ));
    }
    Ok(About {
        hold,
        paid: paid(whole),
        most: refundable_parts(hold, operations),
        in_all: left,
        is_exact: true,
    })
}

impl About<'_> {
    fn read(&self, typed: &RefundTyped) -> Asked {
        let mut errors = Vec::new();
        let mut field = |name: &str, called: &str, text: Option<&String>, most: i64| {
            let text = text.map_or("", |text| text.trim());
            let read = match text {
                "" => Ok(0),
                text => parse_amount(text, self.hold.currency, false).map(|money| money.minor),
            };
            let message = match read {
                Ok(minor) if minor <= most => return minor,
                Ok(_) => format!(
                    "At most {} of the {called} can be refunded.",
                    self.hold.money(most)
                ),
                Err(problem) => problem.to_string(),
            };
            errors.push(FieldError {
                field: name.to_owned(),
                message,
            });
            0
        };
        let parts = Parts {
            bill: field("bill", "bill", typed.bill.as_ref(), self.most.bill),
            service: field(
                "service",
                "service charge",
                typed.service.as_ref(),
                self.most.service,
            ),
            tip: field("tip", "tip", typed.tip.as_ref(), self.most.tip),
        };
        if errors.is_empty()
            && let Some(message) = self.problem_of_sum(parts.total())
        {
            errors.push(FieldError {
                field: "bill".to_owned(),
                message,
            });
        }
        Asked { parts, errors }
    }

    fn problem_of_sum(&self, total: i64) -> Option<String> {
        let (total_said, in_all) = (self.hold.money(total), self.hold.money(self.in_all));
        match total {
            _ if self.is_exact && total != self.in_all => Some(format!(
                "{in_all} was refunded. Bill, service charge and tip come to {total_said}."
            )),
            _ if total > self.in_all => Some(format!("At most {in_all} can be refunded in all.")),
            0 => Some("Type how much is refunded.".to_owned()),
            _ => None,
        }
    }

    /// What was typed, if it can be done.
    fn checked(&self, typed: &RefundTyped) -> Result<(Parts, RefundOf), AppError> {
        let Asked { parts, errors } = self.read(typed);
        if !errors.is_empty() {
            return Err(AppError::invalid(errors));
        }
        let of = self.paid.refund(parts, typed.charge_again);
        let owed = of.off_bill.saturating_add(of.again);
        if typed.expect_owed_minor.is_some_and(|expected| expected != owed) {
            let words = "The bill has changed, and with it what the refund does to it. Look again first.";
            return Err(AppError::new(ErrorCode::Changed, words));
        }
        Ok((parts, of))
    }

    fn preview(&self, typed: &RefundTyped) -> RefundPreview {
        let Asked { parts, mut errors } = self.read(typed);
        let allowed = errors.is_empty();
        // Nothing is wrong with a sheet on which nothing is typed yet.
        if is_empty(typed) {
            errors.clear();
        }
        let stays = self.most.less(parts);
        let all = self.all();
        let owed = self.paid.refund(parts, false).off_bill;
        let part = |code, label, taken, stays, all| {
            let money = |minor: i64| MoneyView::from(self.hold.money(minor));
            RefundPart {
                code,
                label,
                taken: money(taken),
                stays: money(stays),
                all: money(all),
            }
        };
        RefundPreview {
            parts: vec![
                part("bill", "Bill", self.most.bill, stays.bill, all.bill),
                part(
                    "service",
                    "Service charge",
                    self.most.service,
                    stays.service,
                    all.service,
                ),
                part("tip", "Tip", self.most.tip, stays.tip, all.tip),
            ],
            total: self.hold.money(parts.total()).into(),
            most: self.hold.money(self.in_all).into(),
            concerns_bill: owed > 0,
            owed_minor: owed,
            taken_off: self.consequence(parts, false),
            charged_again: self.consequence(parts, true),
            errors,
            allowed,
        }
    }

    /// All of it: as much of the bill as goes, then of the service charge, then of the tip.
    fn all(&self) -> Parts {
        let bill = self.most.bill.min(self.in_all);
        let rest = self.in_all.saturating_sub(bill);
        let service = self.most.service.min(rest);
        let tip = self.most.tip.min(rest.saturating_sub(service));
        Parts { bill, service, tip }
    }

    /// What happens to the bill, in one or two sentences.
    fn consequence(&self, parts: Parts, charge_again: bool) -> String {
        let after = self.paid.after(parts, self.paid.refund(parts, charge_again));
        let money = |minor| self.hold.money(minor).to_string();
        let bill = if after.bill() == self.paid.bill() {
            format!("The bill stays {}.", money(after.bill()))
        } else {
            format!("The bill drops to {}.", money(after.bill()))
        };
        let due = match after.due() {
            0 => "Nothing is due.".to_owned(),
            due if due > self.paid.due() => format!("{} is due again.", money(due)),
            due => format!("{} is due, as before.", money(due)),
        };
        format!("{bill} {due}")
    }
}

fn is_empty(typed: &RefundTyped) -> bool {
    [&typed.bill, &typed.service, &typed.tip]
        .into_iter()
        .all(|text| text.as_ref().is_none_or(|text| text.trim().is_empty()))
}
