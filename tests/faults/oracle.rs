//! What must hold, whatever happened: the ledger against Dojo's own record.

use anyhow::{Context, Result, ensure};
use holdfast_domain::{Hold, Operation, OperationKind, OperationState};
use serde_json::Value;

use crate::venue::{CHANGED, TAKEN, TIP};

/// Dojo's record, taken once and asked often.
pub(crate) struct Record(Value);

impl Record {
    pub(crate) fn new(truth: Value) -> Self {
        Self(truth)
    }

    fn intents(&self) -> &[Value] {
        self.0["intents"].as_array().map_or(&[], Vec::as_slice)
    }

    /// How many holds Dojo has.
    pub(crate) fn holds(&self) -> usize {
        self.intents().len()
    }

    /// How many holds are in force.
    pub(crate) fn in_force(&self) -> usize {
        self.intents().iter().filter(|i| i["holdOpen"] == true).count()
    }

    /// How often `operation` was done on `hold`, by what Dojo has.
    ///
    /// # Errors
    /// When what Dojo has is nothing that the decision could have led to.
    pub(crate) fn times(&self, hold: &Hold, kind: OperationKind) -> Result<usize> {
        let mut ours = self
            .intents()
            .iter()
            .filter(|i| i["reference"] == hold.reference.as_str());
        if kind == OperationKind::Create {
            return Ok(ours.count());
        }
        let intent = ours.next().context("Dojo has no such hold")?;
        let captures = intent["captures"].as_array().map_or(&[][..], Vec::as_slice);
        let sum = |field: &str| intent[field].as_i64().unwrap_or(i64::MAX);
        let (captured, refunded) = (sum("captured"), sum("refunded"));
        ensure!(
            0 <= refunded && refunded <= captured && captured <= hold.asked,
            "Dojo's sums make no sense: {captured} taken and {refunded} given back of {}",
            hold.asked
        );
        let status = intent["status"].as_str().unwrap_or_default();
        Ok(match kind {
            OperationKind::Capture => {
                let odd = captures.iter().find(|c| c["amount"] != TAKEN);
                ensure!(odd.is_none(), "a capture of another amount: {odd:?}");
                captures.len()
            }
            OperationKind::Refund => {
                let whole = (0..=5).find(|n| refunded == n * TAKEN);
                usize::try_from(whole.context("part of a refund")?)?
            }
            OperationKind::Reversal => usize::from(status == "Reversed"),
            OperationKind::SetAmount => usize::from(intent["amount"] == CHANGED),
            OperationKind::SetTips => usize::from(intent["tipsAmount"] == TIP),
            OperationKind::Receipt => intent["receipts"].as_array().map_or(0, Vec::len),
            OperationKind::Cancel | OperationKind::Create => usize::from(status == "Canceled"),
        })
    }

    /// What was taken of `hold`, in minor units.
    pub(crate) fn captured(&self, hold: &Hold) -> Result<i64> {
        let ours = self
            .intents()
            .iter()
            .find(|i| i["reference"] == hold.reference.as_str());
        ours.and_then(|intent| intent["captured"].as_i64())
            .context("Dojo has no such hold")
    }

    /// How many requests of that kind reached Dojo for `hold`, done or not.
    pub(crate) fn posts(&self, hold: &Hold, kind: OperationKind) -> usize {
        let intent = hold.intent_id.as_deref().unwrap_or_default();
        let (method, ending) = match kind {
            OperationKind::Capture => ("POST", format!("/{intent}/captures")),
            OperationKind::Reversal => ("POST", format!("/{intent}/reversal")),
            OperationKind::Refund => ("POST", format!("/{intent}/refunds")),
            OperationKind::Create => ("POST", "/payment-intents".to_owned()),
            OperationKind::SetAmount => ("POST", format!("/{intent}/amount")),
            OperationKind::SetTips => ("POST", format!("/{intent}/tips-amount")),
            OperationKind::Receipt => ("POST", format!("/{intent}/receipt")),
            OperationKind::Cancel => ("DELETE", format!("/payment-intents/{intent}")),
        };
        let log = self.0["requests"].as_array().map_or(&[][..], Vec::as_slice);
        let is_one = |r: &&Value| {
            r["method"] == method
                && r["path"].as_str().is_some_and(|path| path.ends_with(&ending))
                && (kind != OperationKind::Create || r["body"]["reference"] == hold.reference.as_str())
        };
        log.iter().filter(is_one).count()
    }
}

/// The one decision of that kind among a hold's operations. `is_repeated`: one that never left may have been
/// made again.
pub(crate) fn only_one(
    operations: Vec<Operation>,
    kind: OperationKind,
    is_repeated: bool,
) -> Result<Option<Operation>> {
    let mut of_kind: Vec<Operation> = operations.into_iter().filter(|o| o.kind == kind).collect();
    let last = of_kind.pop();
    let is_void = |o: &Operation| is_repeated && o.state == OperationState::NotSent;
    ensure!(of_kind.iter().all(is_void), "one command became two decisions");
    Ok(last)
}

/// Nothing at Dojo says whether a receipt was sent: unclear ones are called not confirmed, sent or not.
pub(crate) fn is_beyond_knowing(operation: &Operation) -> bool {
    operation.kind == OperationKind::Receipt && operation.state == OperationState::Declined
}

/// Straight after the attack: nothing is claimed that is not so, nothing was done twice.
pub(crate) fn now(times: usize, operation: Option<&Operation>) -> Result<()> {
    ensure!(times <= 1, "one decision was done {times} times");
    let Some(operation) = operation else {
        ensure!(times == 0, "money moved without a row in the ledger");
        return Ok(());
    };
    if is_beyond_knowing(operation) {
        return Ok(());
    }
    let is_done = times == 1;
    let may_be = match operation.state {
        OperationState::Succeeded => is_done,
        OperationState::NotSent | OperationState::Rejected | OperationState::Declined => !is_done,
        OperationState::Intended | OperationState::Accepted | OperationState::Unknown => true,
        // Only the quiet window leads there, and it has not passed; nothing else was done on the hold.
        OperationState::Absent | OperationState::Conflict => false,
    };
    ensure!(
        may_be,
        "the till says {:?}, done at Dojo: {is_done}",
        operation.state
    );
    Ok(())
}

/// When all is quiet again: nothing is open and the till says what Dojo has.
pub(crate) fn end(times: usize, operation: Option<&Operation>) -> Result<()> {
    ensure!(times <= 1, "one decision was done {times} times");
    let Some(operation) = operation else {
        ensure!(times == 0, "money moved without a row in the ledger");
        return Ok(());
    };
    if is_beyond_knowing(operation) {
        return Ok(());
    }
    let agrees = match operation.state {
        OperationState::Succeeded => times == 1,
        OperationState::NotSent | OperationState::Rejected | OperationState::Absent => times == 0,
        OperationState::Intended
        | OperationState::Accepted
        | OperationState::Unknown
        | OperationState::Declined
        | OperationState::Conflict => false,
    };
    ensure!(
        agrees,
        "in the end the till says {:?} ({:?}), done at Dojo: {times}",
        operation.state,
        operation.detail
    );
    Ok(())
}
