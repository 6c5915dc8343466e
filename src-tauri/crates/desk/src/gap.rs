//! Requests that Dojo knows and a restored ledger does not: they come back as tabs, with what was
//! held and taken on them.

use crate::{AppError, Desk, opening::short_reference};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_dojo as dojo;
use holdfast_domain::{
    Baseline, CaptureMode, Currency, DeadlineAction, Hold, HoldId, Kind, Operation, OperationId,
    OperationKind, OperationState, Tab, TabId,
};
use holdfast_ledger::{Learnt, LedgerError, Progress};

/// Clocks differ, and what was begun just before may have been recorded just after.
const MARGIN: TimeDelta = TimeDelta::hours(1);

/// At 100 a page, more than any venue opens between two backups.
const MOST_PAGES: usize = 100;

impl Desk {
    /// Searches Dojo for requests of this program's since `since`, and adds those that are missing.
    pub(crate) async fn fill_gap(&self, since: Option<DateTime<Utc>>) -> Result<(), AppError> {
        let mut request = dojo::SearchRequest {
            start_date: since.and_then(|at| at.checked_sub_signed(MARGIN)),
            ..dojo::SearchRequest::default()
        };
        for _ in 0..MOST_PAGES {
            let answer = self.dojo.search(&request).await.map_err(|f| self.unread(f))?;
            self.heard(answer.server_date, true);
            let page = answer.value;
            for intent in &page.data {
                self.adopt(intent).await?;
            }
            match page
                .after
                .filter(|after| !after.is_empty() && Some(after) != request.after.as_ref())
            {
                Some(after) if !page.data.is_empty() => request.after = Some(after),
                _ => break,
            }
        }
        Ok(())
    }

    /// Makes `intent` known to the ledger, unless it is, or is none of ours.
    async fn adopt(&self, intent: &dojo::PaymentIntent) -> Result<(), AppError> {
        let Some((tab, hold)) = self.described(intent) else {
            return Ok(());
        };
        let (hold, create) = match self.ledger.hold(hold.id).await {
            Ok(known) if known.intent_id.is_some() => return Ok(()),
            Ok(known) => {
                let operations = self.ledger.operations(known.id).await?;
                let create = operations.into_iter().rfind(|o| o.kind == OperationKind::Create);
                (known, create)
            }
            Err(LedgerError::NotFound) => {
                let create = self.create_of(&hold);
                self.add(&tab, &hold, &create).await?;
                (hold, Some(create))
            }
            Err(other) => return Err(other.into()),
        };
        let note = self.note("Dojo", Some(hold.tab), "Found at Dojo, missing in the backup");
        let learnt = Learnt {
            intent_id: intent.id.clone(),
            link: intent.payment_link.clone(),
            created_at: intent.created_at,
            ..Learnt::default()
        };
        let progress = create.map(|create| Progress {
            id: create.id,
            state: OperationState::Succeeded,
            dojo_id: intent.id.clone(),
            detail: None,
            settled_at: Some(self.now()),
        });
        self.ledger.record(hold.id, learnt, progress, vec![note]).await?;
        // A full reading, so that the history says what was held and taken.
        if let Err(error) = self.read(hold.id).await {
            tracing::warn!(hold = %hold.id, %error, "a request that was found could not be read; the watch goes on");
        }
        self.changed();
        Ok(())
    }

    async fn add(&self, tab: &Tab, hold: &Hold, create: &Operation) -> Result<(), AppError> {
        if let Err(LedgerError::NotFound) = self.ledger.tab(tab.id).await {
            let words = format!("Opened: {}", tab.name);
            self.ledger
                .add_tab(tab, self.note(&tab.opened_by, Some(tab.id), words))
                .await?;
        }
        let note = self.operation_note(hold, create, crate::words::intended(create, hold));
        Ok(self.ledger.add_hold(hold, create, note).await?)
    }

    fn create_of(&self, hold: &Hold) -> Operation {
        Operation {
            id: OperationId(self.clock.uuid()),
            hold: hold.id,
            kind: OperationKind::Create,
            amount: hold.asked,
            service: 0,
            tip: 0,
            baseline: Baseline::default(),
            requested_by: UNKNOWN.to_owned(),
            reason: None,
            at: hold.opened_at,
            state: OperationState::Intended,
            dojo_id: None,
            detail: None,
            settled_at: None,
            seen_at: None,
        }
    }

    /// The tab and the hold that this program told Dojo about when it made `intent`.
    fn described(&self, intent: &dojo::PaymentIntent) -> Option<(Tab, Hold)> {
        let said = |name: &str| intent.metadata.get(name).cloned().flatten();
        let (tab, hold): (TabId, HoldId) = (
            said("holdfast-tab")?.parse().ok()?,
            said("holdfast-hold")?.parse().ok()?,
        );
        let asked = intent.requested_amount.as_ref().or(intent.amount.as_ref())?;
        let currency = [Currency::Gbp, Currency::Eur]
            .into_iter()
            .find(|c| c.code() == asked.currency_code)?;
        let opened_at = intent.created_at.unwrap_or_else(|| self.now());
        let is_manual = intent.capture_mode.as_deref() == Some("Manual");
        let tab = Tab {
            id: tab,
            kind: match said("holdfast-kind")?.as_str() {
                "tab" => Kind::Tab,
                "deposit" => Kind::Deposit,
                "payment" => Kind::Payment,
                _ => return None,
            },
            // Asked for again where it was never given.
            name: said("holdfast-name").unwrap_or_default(),
            place: said("holdfast-place"),
            note: Some("Found at Dojo after a backup was put back. Add the bill again.".to_owned()),
            email: None,
            currency,
            reference: short_reference(&tab),
            departs_on: None,
            opened_at,
            opened_by: UNKNOWN.to_owned(),
            closed_at: None,
        };
        let hold = Hold {
            id: hold,
            tab: tab.id,
            intent_id: None,
            reference: intent.reference.clone()?,
            mode: if is_manual {
                CaptureMode::Manual
            } else {
                CaptureMode::Auto
            },
            currency,
            asked: (asked.value >= 0).then_some(asked.value)?,
            expire_in: intent
                .auto_expire_in
                .filter(|_| is_manual)
                .map(dojo::TimeSpan::seconds),
            expire_action: match &intent.auto_expire_action {
                Some(dojo::AutoExpireAction::Release) if is_manual => Some(DeadlineAction::Release),
                Some(dojo::AutoExpireAction::Capture) if is_manual => Some(DeadlineAction::Capture),
                _ => None,
            },
            link: None,
            link_ends_at: intent.expire_at,
            opened_at,
            created_at: None,
            seen: None,
            lapsed_at: None,
        };
        Some((tab, hold))
    }
}

/// Who decided it went with the ledger.
const UNKNOWN: &str = "Unknown";
