//! A tab with everything on it, and what follows from it alone.

pub(crate) mod allowed;
pub(crate) mod due;
pub(crate) mod facts;
pub(crate) mod refunds;
pub(crate) mod renewals;
pub(crate) mod state;
pub(crate) mod taking;
pub(crate) mod totals;

pub(crate) use holdfast_ledger::Account;

use crate::context::Context;
use crate::{AppError, wording};
use chrono::TimeDelta;
use holdfast_domain::{Tab, TabId};

/// How long a hold is asked for: an hour inside Dojo's ceiling of under 7 days.
pub(crate) const HOLD_FOR: TimeDelta = TimeDelta::hours(167);

/// How long Dojo may take over what it accepted. What is still not done then may never be: a person looks.
pub(crate) const ACCEPTED_OPERATION_WAITED_FOR: TimeDelta = TimeDelta::days(1);

/// Six letters and digits that can be read out, from the id's random end.
pub(crate) fn short_reference(id: &TabId) -> String {
    const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let letters: String = id.0.as_bytes()[10..16]
        .iter()
        .map(|byte| char::from(ALPHABET[usize::from(byte % 32)]))
        .collect();
    format!("HF-{letters}")
}

impl Context {
    /// A tab with everything on it.
    pub(crate) async fn account(&self, tab: TabId) -> Result<Account, AppError> {
        let found = self.ledger.accounts(vec![tab]).await?.pop();
        found.ok_or_else(|| holdfast_ledger::LedgerError::NotFound.into())
    }

    /// What a tab is called wherever a person reads it. Asks for its cards only where it has no name.
    pub(crate) async fn title(&self, tab: &Tab) -> Result<String, AppError> {
        if !tab.name.is_empty() {
            return Ok(tab.name.clone());
        }
        let account = self.account(tab.id).await?;
        Ok(wording::title(tab, account.holds.iter().map(|(hold, _)| hold)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_reference_is_made_of_the_whole_end_of_an_id() {
        let id = TabId(Uuid::from_u128(0x1f_20_ff_00_45_07));
        assert_eq!(short_reference(&id), "HF-Z2Z279");
    }
}
