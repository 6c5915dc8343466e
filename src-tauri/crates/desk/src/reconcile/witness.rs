//! Dojo as a witness: each request says where the journal ended when it was made, and Dojo's record can't be changed
//! from here.

use crate::AppError;
use crate::gateway::intent_metadata::IntentMetadata;
use crate::gateway::search_cursor::SearchCursor;
use crate::reconcile::Reconciler;
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_domain::{
    Actor, Compared, EntryMatch, HoldId, JournalHead, JournalWitness, OperationKind, Testimony,
    compare_journal,
};
use holdfast_ledger::{HouseTopic, LedgerError};

/// How far back Dojo is asked. Each witness vouches for all entries before, so the newest ones are enough.
const WITNESS_LOOKBACK: TimeDelta = TimeDelta::days(35);

/// Restores that are looked at: a ledger has few in its life.
const MOST_RESTORES: i64 = 1_000;

/// A journal held against what Dojo was told.
#[derive(Debug, Clone)]
pub(crate) struct Witnessed {
    /// How many entries it has, each under a whole seal.
    pub(crate) entries: i64,
    /// What the witnesses say.
    pub(crate) compared: Compared,
    /// When entries were taken back last.
    pub(crate) restored_at: Option<DateTime<Utc>>,
}

/// One printed entry, held against the journal.
#[derive(Debug, Clone)]
pub(crate) struct Printed {
    /// How many entries there are, each under a whole seal.
    pub(crate) entries: i64,
    /// What is there.
    pub(crate) entry: EntryMatch,
    /// When entries from there on were taken back last.
    pub(crate) restored_at: Option<DateTime<Utc>>,
}

impl Reconciler {
    /// Verifies every seal, then compares the journal with what Dojo's record says of it.
    ///
    /// # Errors
    /// Those of the search; the ledger's.
    pub(crate) async fn compare_with_dojo(&self) -> Result<Witnessed, AppError> {
        let entries = self.context.ledger.verify_journal().await?;
        let told = self.told_to_dojo().await?;
        let heads = told.iter().map(|(_, witness)| witness.head.clone()).collect();
        let books = told.iter().map(|(_, witness)| JournalHead {
            seq: 1,
            seal: witness.book.clone(),
        });
        let books = self.context.ledger.compare(books.collect()).await?;
        let found = self.context.ledger.compare(heads).await?;
        let mut testimonies = Vec::new();
        for (((hold, witness), book), entry) in told.iter().zip(books).zip(found) {
            if book == EntryMatch::Same {
                testimonies.push(Testimony {
                    seq: witness.head.seq,
                    entry,
                });
            } else if self.was_opened_here(*hold).await? {
                // Its own request names another beginning: all of the journal was written again.
                testimonies.push(Testimony {
                    seq: 1,
                    entry: EntryMatch::Other,
                });
            }
        }
        let restores = self.restores().await?;
        let places: Vec<i64> = restores.iter().map(|(seq, _)| *seq).collect();
        Ok(Witnessed {
            entries,
            compared: compare_journal(&testimonies, &places),
            restored_at: restores.first().map(|(_, at)| *at),
        })
    }

    /// Verifies every seal, then compares the journal with an entry that was printed.
    pub(crate) async fn compare_with_printed(&self, head: JournalHead) -> Result<Printed, AppError> {
        let entries = self.context.ledger.verify_journal().await?;
        let seq = head.seq;
        let found = self.context.ledger.compare(vec![head]).await?;
        let restores = self.restores().await?;
        Ok(Printed {
            entries,
            entry: found.first().copied().unwrap_or(EntryMatch::Missing),
            restored_at: restores.iter().find(|(at, _)| *at <= seq).map(|(_, at)| *at),
        })
    }

    /// Which hold each request was of and what it said of the journal, oldest first by Dojo's clock.
    async fn told_to_dojo(&self) -> Result<Vec<(HoldId, JournalWitness)>, AppError> {
        let mut pages = SearchCursor::since(self.context.now().checked_sub_signed(WITNESS_LOOKBACK));
        let mut told = Vec::new();
        while !pages.is_over() {
            for intent in self.gateway.next_page(&mut pages).await? {
                if let Some(said) = IntentMetadata::read(&intent)
                    && let Some(witness) = said.journal
                {
                    told.push((intent.created_at, said.hold, witness));
                }
            }
        }
        told.sort_by_key(|(at, _, witness)| (*at, witness.head.seq));
        Ok(told
            .into_iter()
            .map(|(_, hold, witness)| (hold, witness))
            .collect())
    }

    /// Whether staff of this ledger asked for the hold. What was brought in from Dojo may be another till's.
    async fn was_opened_here(&self, hold: HoldId) -> Result<bool, AppError> {
        match self.context.ledger.operations(hold).await {
            Ok(operations) => Ok(operations
                .iter()
                .any(|o| o.kind == OperationKind::Create && o.requested_by != Actor::Unknown)),
            Err(LedgerError::NotFound) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// The entries that say that entries were taken back, newest first, and when that was.
    async fn restores(&self) -> Result<Vec<(i64, DateTime<Utc>)>, AppError> {
        let restores = self
            .context
            .ledger
            .house_journal(HouseTopic::Restores, MOST_RESTORES)
            .await?;
        Ok(restores.iter().map(|entry| (entry.seq, entry.at)).collect())
    }
}
