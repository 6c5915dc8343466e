//! The open tabs as the till knows them: a floor that nobody changed since costs no question.
//!
//! Nothing is decided here. A decision names the versions that its sheet showed, and the server compares them.

use crate::PostgresLedger;
use crate::error::damaged;
use crate::rows;
use crate::values::Value;
use holdfast_domain::TabId;
use holdfast_ledger::{Account, Cursor, LedgerError};
use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;
use tokio_postgres::types::Type;

/// How old what the feed said may be. It asks twice a second; where it doesn't, the server is asked.
const LONGEST_UNHEARD: Duration = Duration::from_secs(1);

/// Open tabs that are kept. A venue that has more reads them from the server each time.
const MOST_KEPT: usize = 2_000;

/// Changed tabs that are read one by one. Where there are more, all open ones are.
const MOST_CHANGED: usize = 256;

/// The open tabs, and what says whether they are still all.
#[derive(Debug, Default)]
pub(crate) struct Mirror {
    kept: Mutex<Kept>,
    /// What the feed said last, and when it began to ask.
    heard: std::sync::Mutex<Option<(Cursor, Instant)>>,
    /// How many calls of this till have come to an end. The feed knows of them later than the till itself does.
    written: AtomicU64,
}

#[derive(Debug, Default)]
struct Kept {
    open: HashMap<TabId, Account>,
    /// Up to which change; None before anything was read, or where it's too much to keep.
    until: Option<Cursor>,
    /// [`Mirror::written`] when that was read.
    written: u64,
}

impl Mirror {
    /// Notes what the feed said to a question that was begun at `asked`.
    pub(crate) fn hear(&self, newest: Cursor, asked: Instant) {
        *self.heard.lock().unwrap_or_else(PoisonError::into_inner) = Some((newest, asked));
    }

    /// Notes that a call of this till has come to an end, whatever became of it.
    pub(crate) fn note_call(&self) {
        self.written.fetch_add(1, Ordering::SeqCst);
    }

    fn is_all(&self, kept: &Kept) -> bool {
        let heard = *self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let is_newest = heard
            .is_some_and(|(newest, asked)| kept.until == Some(newest) && asked.elapsed() < LONGEST_UNHEARD);
        is_newest && kept.written == self.written.load(Ordering::SeqCst)
    }
}

impl Kept {
    /// The newest first, as a query would have them.
    fn newest(&self, limit: i64) -> Vec<Account> {
        let mut all: Vec<&Account> = self.open.values().collect();
        all.sort_by_key(|account| Reverse((account.tab.opened_at, account.tab.id.0)));
        let most = usize::try_from(limit).unwrap_or(0);
        all.into_iter().take(most).cloned().collect()
    }
}

impl PostgresLedger {
    /// The open tabs, the newest first: from what the till knows, where that is all.
    pub(crate) async fn open_tabs(&self, limit: i64) -> Result<Vec<Account>, LedgerError> {
        let mut kept = self.mirror.kept.lock().await;
        if !self.mirror.is_all(&kept) {
            self.bring_up_to_date(&mut kept).await?;
        }
        if kept.until.is_some() {
            return Ok(kept.newest(limit));
        }
        drop(kept);
        self.read_open(limit).await
    }

    async fn read_open(&self, limit: i64) -> Result<Vec<Account>, LedgerError> {
        let those = "SELECT id FROM holdfast.tab WHERE closed_at IS NULL
                      ORDER BY opened_at DESC, id DESC LIMIT $1";
        self.accounts_of(those, &[(&limit, Type::INT8)]).await
    }

    /// Reads what was changed since, or all of it where that isn't known. What changes between the two questions is
    /// read again the next time.
    async fn bring_up_to_date(&self, kept: &mut Kept) -> Result<(), LedgerError> {
        let written = self.mirror.written.load(Ordering::SeqCst);
        let since = kept.until.map_or(i64::MAX, |until| until.number);
        let head = "SELECT uuid_send(incarnation), change, (SELECT min(n) FROM holdfast.change)
                      FROM holdfast.head WHERE $1 >= 0";
        let changed = "SELECT DISTINCT tab FROM holdfast.change WHERE n > $1 AND tab IS NOT NULL";
        let values: [Value<'_>; 1] = [(&since, Type::INT8)];
        let [head, changed] = self.lanes.query_at_once([head, changed], &values).await?;
        let head = head.first().ok_or(LedgerError::NotAdmitted)?;
        let newest = Cursor {
            of: rows::id(head, 0)?,
            number: rows::int(head, 1)?,
        };
        let oldest: Option<i64> = head
            .try_get(2)
            .map_err(|_| damaged("the oldest change has no number"))?;
        let is_known = kept.until.is_some_and(|until| {
            let is_whole = until.number == newest.number || oldest.is_some_and(|n| n <= until.number + 1);
            until.of == newest.of && until.number <= newest.number && is_whole
        });
        if is_known && changed.len() <= MOST_CHANGED {
            let ids = changed.iter().map(|row| rows::id(row, 0));
            let ids: Vec<uuid::Uuid> = ids.collect::<Result<_, _>>()?;
            self.read_again(kept, &ids).await?;
        } else {
            *kept = Kept::default();
            let most = i64::try_from(MOST_KEPT).unwrap_or(i64::MAX);
            let open = self.read_open(most.saturating_add(1)).await?;
            if open.len() > MOST_KEPT {
                return Ok(());
            }
            kept.open = open
                .into_iter()
                .map(|account| (account.tab.id, account))
                .collect();
        }
        kept.until = Some(newest);
        kept.written = written;
        Ok(())
    }

    /// Puts these tabs in the place of what was known of them. A failure leaves what was known as it was.
    async fn read_again(&self, kept: &mut Kept, tabs: &[uuid::Uuid]) -> Result<(), LedgerError> {
        if tabs.is_empty() {
            return Ok(());
        }
        let keys = rows::keys(tabs);
        let those = "SELECT id FROM holdfast.tab WHERE id = ANY ($1) AND closed_at IS NULL";
        let open = self.accounts_of(those, &[(&keys, Type::BYTEA_ARRAY)]).await?;
        for tab in tabs {
            kept.open.remove(&TabId(*tab));
        }
        kept.open
            .extend(open.into_iter().map(|account| (account.tab.id, account)));
        Ok(())
    }
}
