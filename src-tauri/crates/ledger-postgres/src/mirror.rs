//! The open tabs as the till knows them: a floor that nobody changed since costs no question.
//!
//! Nothing is decided here. A decision names the versions that its sheet showed, and the server compares them.

use holdfast_domain::TabId;
use holdfast_ledger::{Account, Cursor};
use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// How old what the feed said may be. It asks twice a second; where it doesn't, the server is asked.
const LONGEST_UNHEARD: Duration = Duration::from_secs(1);

/// The open tabs, and what says whether they are still all.
#[derive(Debug, Default)]
pub(crate) struct Mirror {
    pub(crate) kept: Mutex<Kept>,
    /// What the feed said last, and when it began to ask.
    heard: std::sync::Mutex<Option<(Cursor, Instant)>>,
    /// How many calls of this till have come to an end. The feed knows of them later than the till itself does.
    written: AtomicU64,
}

/// The open tabs that were read last.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    pub(crate) open: HashMap<TabId, Account>,
    /// Up to which change; None before anything was read, or where it's too much to keep.
    pub(crate) until: Option<Cursor>,
    /// [`Mirror::calls`] when that was read.
    pub(crate) written: u64,
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

    /// How many calls of this till have come to an end.
    pub(crate) fn calls(&self) -> u64 {
        self.written.load(Ordering::SeqCst)
    }

    /// Whether these are all, as far as the till has heard.
    pub(crate) fn is_all(&self, kept: &Kept) -> bool {
        let heard = *self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let is_newest = heard
            .is_some_and(|(newest, asked)| kept.until == Some(newest) && asked.elapsed() < LONGEST_UNHEARD);
        is_newest && kept.written == self.calls()
    }
}

impl Kept {
    /// The newest first, as a query would have them.
    pub(crate) fn newest(&self, limit: i64) -> Vec<Account> {
        let mut all: Vec<&Account> = self.open.values().collect();
        all.sort_by_key(|account| Reverse((account.tab.opened_at, account.tab.id.0)));
        let most = usize::try_from(limit).unwrap_or(0);
        all.into_iter().take(most).cloned().collect()
    }
}
