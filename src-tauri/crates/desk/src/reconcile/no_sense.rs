//! Dojo's answers about a hold make no sense. One of them changes nothing. Should Dojo keep to it, a person looks into
//! Dojo's portal and dismisses it: nothing here can be settled by it, and it holds up nothing else any more.

use crate::AppError;
use crate::reconcile::Reconciler;
use crate::reconcile::contradiction::Repeated;
use holdfast_domain::{Actor, Event, FindingKey, Hold, HoldId};
use holdfast_ledger::{Learnt, Raises};

impl Reconciler {
    /// Takes note of an answer that makes no sense, and tells people once Dojo keeps to it.
    pub(crate) async fn note_senseless(&self, hold: &Hold) -> Result<(), AppError> {
        if !self.count_senseless(hold.id) || hold.given_up_at.is_some() {
            return Ok(());
        }
        let key = FindingKey::MakesNoSense(hold.id);
        let known = self.context.ledger.finding(&key).await?;
        if known.is_some_and(|known| known.is_open()) {
            return Ok(());
        }
        let mut note = self
            .context
            .note(Actor::Dojo, Some(hold.tab), Event::MakesNoSense);
        note.reference.clone_from(&hold.intent_id);
        note.raises = Some(Raises {
            key,
            hold: Some(hold.id),
        });
        self.context.ledger.put_findings(Vec::new(), vec![note]).await?;
        self.context.changed();
        Ok(())
    }

    /// One more of them; whether they last.
    fn count_senseless(&self, id: HoldId) -> bool {
        let now = self.context.clock.steady();
        let Ok(mut all) = self.senseless.lock() else {
            return false;
        };
        let seen = all
            .get(&id)
            .map_or_else(|| Repeated::begun(now), |seen| seen.again(now));
        all.insert(id, seen);
        seen.is_lasting()
    }

    /// A person looked at Dojo's portal, and dismissed it.
    pub(crate) async fn give_up(&self, id: HoldId) -> Result<(), AppError> {
        let given_up = Learnt {
            given_up_at: Some(self.context.now()),
            ..Learnt::default()
        };
        self.context.ledger.record(id, given_up, None, Vec::new()).await?;
        // After a restore nothing waits for it either.
        self.note_read(id).await;
        Ok(())
    }

    /// Forgets the answers that made no sense, for one does; whether there were any.
    pub(crate) fn forget_senseless(&self, hold: &Hold) -> bool {
        let was_counted = self
            .senseless
            .lock()
            .is_ok_and(|mut all| all.remove(&hold.id).is_some());
        was_counted || hold.given_up_at.is_some()
    }
}
