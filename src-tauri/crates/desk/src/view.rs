//! What the window is told. Every amount comes with its text, so that the window never counts.

use holdfast_domain::{self as domain, Currency};
use serde::Serialize;
use ts_rs::TS;

/// An amount for showing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Money {
    /// Minor units.
    #[ts(type = "number")]
    pub minor: i64,
    /// GBP or EUR.
    #[ts(type = "\"GBP\" | \"EUR\"")]
    pub currency: Currency,
    /// As staff read it: `£84.50`.
    pub text: String,
}

impl From<domain::Money> for Money {
    fn from(money: domain::Money) -> Self {
        Self {
            minor: money.minor,
            currency: money.currency,
            text: money.to_string(),
        }
    }
}
