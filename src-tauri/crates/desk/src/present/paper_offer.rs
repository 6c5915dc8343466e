//! Which papers a hold has.

use crate::wording::papers;
use holdfast_domain::Hold;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum PaperKind {
    /// What is held, and that it is not a charge.
    Slip,
    /// What was taken.
    Receipt,
    /// What was released, for the guest to show to the bank.
    Letter,
}

/// A paper that can be printed of a hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct PaperOffer {
    /// Which.
    pub kind: PaperKind,
    /// What its button says.
    pub label: &'static str,
}

/// What can be printed of `hold` as it stands.
pub(crate) fn offered(hold: &Hold) -> Vec<PaperOffer> {
    let all = [
        (PaperKind::Slip, papers::PRINT_SLIP, hold.left() > 0),
        (PaperKind::Receipt, papers::PRINT_RECEIPT, hold.captured() > 0),
        (PaperKind::Letter, papers::PRINT_LETTER, hold.released() > 0),
    ];
    let possible = all.into_iter().filter(|(_, _, is_possible)| *is_possible);
    possible
        .map(|(kind, label, _)| PaperOffer { kind, label })
        .collect()
}
