//! What waits for a person, and when it ends.

use crate::reconcile::Reconciler;
use crate::{AppError, wording};
use holdfast_domain::{Actor, Event, Finding, FindingKey, Tab};
use holdfast_ledger::LedgerError;

impl Reconciler {
    /// A finding in words, without whom it is about unless the words need the name.
    pub(crate) async fn finding_words(&self, finding: &Finding) -> Result<String, AppError> {
        let Some(tab) = finding.tab else {
            let about = wording::of_house(self.context.frame().await?);
            return Ok(wording::event(&finding.event, &finding.personal, about));
        };
        let tab = self.context.ledger.tab(tab).await?;
        let name = self.context.title(&tab).await?;
        self.finding_words_on(finding, &tab, &name).await
    }

    /// The same of a finding on this tab, which is called `name`.
    pub(crate) async fn finding_words_on(
        &self,
        finding: &Finding,
        tab: &Tab,
        name: &str,
    ) -> Result<String, AppError> {
        let about = wording::EventContext {
            name,
            currency: tab.currency,
            frame: self.context.frame().await?,
        };
        Ok(wording::event(&finding.event, &finding.personal, about))
    }

    /// What is not true any more waits for nobody.
    pub(crate) async fn end_findings(&self, keys: &[FindingKey]) -> Result<(), AppError> {
        let mut ended = Vec::new();
        for key in keys {
            ended.extend(self.context.ledger.finding(key).await?.map(|known| Finding {
                ended_at: known.ended_at.or_else(|| Some(self.context.now())),
                seen_by: None,
                ..known
            }));
        }
        if !ended.is_empty() {
            self.context.ledger.put_findings(ended, Vec::new()).await?;
        }
        Ok(())
    }

    /// Somebody has seen a finding: it is not told again.
    pub(crate) async fn acknowledge(&self, key: &str) -> Result<(), AppError> {
        let key: FindingKey = key.parse().map_err(|_| LedgerError::NotFound)?;
        let known = self
            .context
            .ledger
            .finding(&key)
            .await?
            .ok_or(LedgerError::NotFound)?;
        if !known.is_open() {
            return Ok(());
        }
        if let FindingKey::MakesNoSense(hold) = key {
            self.give_up(hold).await?;
        }
        let by = Actor::staff(self.context.settings().await?.staff_name);
        let event = Event::Seen(Box::new(known.event.clone()));
        let mut note = self.context.note(by.clone(), known.tab, event);
        note.personal.clone_from(&known.personal);
        let seen = Finding {
            ended_at: Some(self.context.now()),
            seen_by: Some(by),
            ..known
        };
        self.context.ledger.put_findings(vec![seen], vec![note]).await?;
        self.context.changed();
        Ok(())
    }
}
