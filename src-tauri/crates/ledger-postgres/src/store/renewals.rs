//! Holds that take the place of others.

use crate::PostgresLedger;
use crate::rows;
use crate::store::{movements, tabs::hold_rows};
use crate::write::Said;
use async_trait::async_trait;
use holdfast_domain::{Hold, HoldId, Operation, Renewal, RenewalEnded};
use holdfast_ledger::{Expect, LedgerError, Note, Permit, Renewals};
use tokio_postgres::types::Type;

#[async_trait]
impl Renewals for PostgresLedger {
    async fn begin_renewal(
        &self,
        renewal: &Renewal,
        hold: &Hold,
        create: &Operation,
        expect: Expect,
        notes: Vec<Note>,
    ) -> Result<Permit, LedgerError> {
        let said = Said::notes(&notes).and_moved(movements::of_new(hold, create));
        let made = self.with_keys(self.used_keys().and_hold(hold.id, hold.tab), |keys| {
            let [hold, create] = hold_rows(hold, create, keys)?;
            let renewal = rows::json(renewal, keys)?;
            Ok(vec![
                renewal.into(),
                hold.into(),
                create.into(),
                expect.into(),
                said.json(keys)?.into(),
            ])
        });
        let params = made.await?;
        self.decide("begin_renewal", params).await
    }

    async fn end_renewal(
        &self,
        new: HoldId,
        ended: RenewalEnded,
        notes: Vec<Note>,
    ) -> Result<(), LedgerError> {
        let of_it = "holdfast.renewal r WHERE r.hold = $1 AND r.ended_at IS NULL";
        let mut renewal: Renewal = self.one(of_it, &[(&rows::key(&new.0), Type::BYTEA)]).await?;
        renewal.ended = Some(ended);
        let said = Said::notes(&notes);
        let made = self.with_keys(self.used_keys(), |keys| {
            Ok(vec![rows::json(&renewal, keys)?.into(), said.json(keys)?.into()])
        });
        let params = made.await?;
        self.write("end_renewal", params).await
    }

    async fn open_renewals(&self) -> Result<Vec<Renewal>, LedgerError> {
        self.all(
            "holdfast.renewal r WHERE r.ended_at IS NULL ORDER BY r.place",
            &[],
        )
        .await
    }
}
