//! Once a day Dojo is asked for everything of the last eight days: what this ledger does not know, and
//! what changed where nobody looks any more.

use crate::gateway::search_cursor::SearchCursor;
use crate::reconcile::Reconciler;
use crate::reconcile::import::Described;
use crate::reconcile::observe::{self, Reading};
use crate::{AppError, ErrorCode};
use chrono::TimeDelta;
use holdfast_dojo as dojo;
use holdfast_domain::{Actor, CaptureMode, Event, FindingKey, HoldId, Personal};
use holdfast_ledger::Note;
use holdfast_ledger::{LedgerError, Raises};
use std::time::Duration;

/// A hold lives for a week; a day more for clocks and for what was asked for and paid later.
const AUDIT_LOOKBACK: TimeDelta = TimeDelta::days(8);

/// The pause between two reconciliations.
const AUDIT_INTERVAL: Duration = Duration::from_secs(24 * 60 * 60);

/// After trouble it is begun again after this long.
const AUDIT_RETRY_DELAY: Duration = Duration::from_secs(10 * 60);

/// The first one waits until the watch has read what is open.
const AUDIT_FIRST_DELAY: Duration = Duration::from_secs(60);

/// The daily reconciliation that is under way, and when the next is due by the steady count.
#[derive(Debug, Default)]
pub(crate) struct RecentReconciliation {
    next_at: Option<Duration>,
    under_way: Option<(SearchCursor, Vec<HoldNotOurs>)>,
}

/// A hold at this venue's Dojo that Holdfast did not make.
#[derive(Debug, Clone)]
pub(crate) struct HoldNotOurs {
    id: String,
}

/// What one intent of a search is to this ledger.
enum Audited {
    /// Known, and as it is known.
    Same,
    /// Known, and Dojo shows something else.
    Changed(HoldId),
    /// Of this program's, and not known here.
    Missing(Box<Described>),
    /// Not of this program's.
    NotOurs,
}

impl Reconciler {
    /// Whether a page was asked for.
    pub(crate) async fn reconcile_recent_when_due(
        &self,
        recent: &mut RecentReconciliation,
        now: Duration,
    ) -> bool {
        if recent.under_way.is_none() {
            if now < *recent.next_at.get_or_insert(now + AUDIT_FIRST_DELAY) {
                return false;
            }
            let since = self.context.now().checked_sub_signed(AUDIT_LOOKBACK);
            recent.under_way = Some((SearchCursor::since(since), Vec::new()));
        }
        let Some((pages, not_ours)) = &mut recent.under_way else {
            return false;
        };
        let pause = match self.look_at_page(pages, not_ours).await {
            Ok(()) if !pages.is_over() => return true,
            Ok(()) => AUDIT_INTERVAL,
            Err(error) => {
                tracing::warn!(%error, "Dojo could not be searched; it is tried again");
                AUDIT_RETRY_DELAY
            }
        };
        recent.under_way = None;
        recent.next_at = Some(now + pause);
        true
    }

    /// All pages in one go: every intent of the last days is compared with the ledger.
    pub(crate) async fn reconcile_recent(&self) -> Result<(), AppError> {
        let (mut pages, mut not_ours) = (
            SearchCursor::since(self.context.now().checked_sub_signed(AUDIT_LOOKBACK)),
            Vec::new(),
        );
        while !pages.is_over() {
            self.look_at_page(&mut pages, &mut not_ours).await?;
        }
        Ok(())
    }

    async fn look_at_page(
        &self,
        pages: &mut SearchCursor,
        not_ours: &mut Vec<HoldNotOurs>,
    ) -> Result<(), AppError> {
        for intent in self.gateway.next_page(pages).await? {
            match self.compared(&intent).await? {
                Audited::Same => {}
                Audited::Changed(id) => match self.read(id).await {
                    Err(error) if error.code == ErrorCode::Ledger => return Err(error),
                    // The next reconciliation finds it again.
                    Err(error) => tracing::warn!(hold = %id, %error, "a hold that changed could not be read"),
                    Ok(_) => {}
                },
                Audited::Missing(described) => self.tell_of_missing(&intent, &described).await?,
                Audited::NotOurs => not_ours.extend(open_hold(&intent)),
            }
        }
        if pages.is_over() {
            self.tell_of_not_ours(not_ours).await?;
        }
        Ok(())
    }

    async fn compared(&self, intent: &dojo::PaymentIntent) -> Result<Audited, AppError> {
        let Some(described) = self.described(intent) else {
            return Ok(Audited::NotOurs);
        };
        match self.context.ledger.hold(described.hold.id).await {
            Ok(known) => {
                // A create that was sent twice on its way made two: this one nobody has.
                if known.intent_id.is_some() && known.intent_id != intent.id {
                    return Ok(Audited::NotOurs);
                }
                let operations = self.context.ledger.operations(known.id).await?;
                let moment = self.moment(known.id, None);
                let differs = match observe::observe(&known, intent, &operations, moment) {
                    Reading::Sound(learnt) => crate::reconcile::reconciler::is_different(&known, &learnt),
                    // Asked for by itself, it tells whether Dojo says so still.
                    Reading::Behind(_) | Reading::Senseless => true,
                };
                Ok(if differs {
                    Audited::Changed(known.id)
                } else {
                    Audited::Same
                })
            }
            Err(LedgerError::NotFound) => Ok(Audited::Missing(Box::new(described))),
            Err(other) => Err(other.into()),
        }
    }

    async fn tell_of_missing(
        &self,
        intent: &dojo::PaymentIntent,
        described: &Described,
    ) -> Result<(), AppError> {
        let id = intent.id.as_deref().unwrap_or_default();
        let money = described.hold.money(described.hold.asked);
        let note = Note {
            // Not whose it is: it is on no tab here, so nobody could forget the name.
            personal: Personal::name(described.tab.reference.as_str()),
            reference: Some(id.to_owned()),
            ..self
                .context
                .note(Actor::Dojo, None, Event::RequestNotKnown { money })
        };
        self.raise(FindingKey::Stranger(id.to_owned()), note).await
    }

    /// One for all of them, told again when there is a further one.
    async fn tell_of_not_ours(&self, not_ours: &[HoldNotOurs]) -> Result<(), AppError> {
        let Some(newest) = not_ours.iter().map(|f| f.id.as_str()).max() else {
            return Ok(());
        };
        let count = u32::try_from(not_ours.len()).unwrap_or(u32::MAX);
        let note = Note {
            reference: Some(newest.to_owned()),
            ..self
                .context
                .note(Actor::Dojo, None, Event::HoldsNotOurs { count })
        };
        self.raise(FindingKey::Foreign(newest.to_owned()), note).await
    }

    async fn raise(&self, key: FindingKey, mut note: Note) -> Result<(), AppError> {
        if self.context.ledger.finding(&key).await?.is_some() {
            return Ok(());
        }
        note.raises = Some(Raises { key, hold: None });
        self.context.ledger.put_findings(Vec::new(), vec![note]).await?;
        self.context.changed();
        Ok(())
    }
}

/// An intent that isn’t this program’s and holds money.
pub(crate) fn open_hold(intent: &dojo::PaymentIntent) -> Option<HoldNotOurs> {
    let holds =
        intent.status == dojo::Status::Authorized && observe::mode(intent) == Some(CaptureMode::Manual);
    let id = intent.id.clone().filter(|_| holds)?;
    Some(HoldNotOurs { id })
}
