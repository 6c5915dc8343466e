//! Whether the ledger that several tills share can be reached, and what was done to a tab at another one of them.

use crate::context::Context;
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_domain::{Actor, Deed, Event, OperationKind, TabId};
use holdfast_ledger::LedgerError;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// What was done elsewhere is news for this long.
const NEWS_FOR: TimeDelta = TimeDelta::minutes(15);

/// Why nothing can be changed at this till.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Away {
    /// The shared ledger can't be reached since then.
    Since(DateTime<Utc>),
    /// This till was opened elsewhere.
    OpenedElsewhere,
    /// The server doesn't let this till in any more.
    NotAdmitted,
}

impl Away {
    /// What it is after an answer of the ledger's, which may have been an error.
    const fn after(before: Option<Self>, error: Option<&LedgerError>, now: DateTime<Utc>) -> Option<Self> {
        match (error, before) {
            // Who was fenced out reads as before, and writes nothing more.
            (_, Some(Self::OpenedElsewhere)) | (Some(LedgerError::Fenced), _) => Some(Self::OpenedElsewhere),
            (Some(LedgerError::NotAdmitted), _) => Some(Self::NotAdmitted),
            (Some(_), Some(Self::Since(since))) => Some(Self::Since(since)),
            (Some(LedgerError::Unreachable), _) => Some(Self::Since(now)),
            (Some(_), before) => before,
            (None, _) => None,
        }
    }
}

/// Something that was done to a tab at another till.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Elsewhere {
    /// What people call that till.
    pub(crate) till: String,
    pub(crate) by: String,
    pub(crate) at: DateTime<Utc>,
    pub(crate) event: Event,
}

impl Elsewhere {
    fn is_news(&self, now: DateTime<Utc>) -> bool {
        now.signed_duration_since(self.at) < NEWS_FOR
    }
}

/// What this till hears of the ledger and of the others.
#[derive(Debug, Default)]
pub(crate) struct Hearing {
    /// And since when by the count of time since the computer started, which nobody sets.
    away: Mutex<Option<(Away, Duration)>>,
    news: Mutex<HashMap<TabId, Elsewhere>>,
    /// The journal's number up to which it was told.
    told_until: Mutex<Option<i64>>,
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn is_opening(event: &Event) -> bool {
    let is_create = |deed: &Deed| deed.kind == OperationKind::Create;
    matches!(event, Event::TabOpened)
        || matches!(event, Event::Decided(deed) | Event::Moved { deed, .. } if is_create(deed))
}

impl Context {
    /// Why nothing can be changed; none while the ledger is there.
    pub(crate) fn away(&self) -> Option<Away> {
        locked(&self.hearing.away).map(|(away, _)| away)
    }

    /// Since when the shared ledger can't be reached, and for how long that has been; none while it can.
    pub(crate) fn away_for(&self) -> Option<(DateTime<Utc>, Duration)> {
        let (away, from) = (*locked(&self.hearing.away))?;
        let Away::Since(since) = away else { return None };
        Some((since, self.clock.since_boot().saturating_sub(from)))
    }

    /// Takes note of how the shared ledger answered. What shows something is told when that changes.
    pub(crate) fn heard_of_ledger<T>(&self, answer: &Result<T, LedgerError>) {
        let now = self.clock.now();
        let mut away = locked(&self.hearing.away);
        let was = away.map(|(away, _)| away);
        let is = Away::after(was, answer.as_ref().err(), now);
        if was != is {
            *away = is.map(|is| (is, self.clock.since_boot()));
            drop(away);
            self.changed();
        }
    }

    /// Hears what was done to tabs since the last time. What this till's own staff do afterwards ends the news.
    pub(crate) async fn hear_of_deeds(&self) -> Result<(), LedgerError> {
        let after = *locked(&self.hearing.told_until);
        let written = self.ledger.written(after).await?;
        let mut news = locked(&self.hearing.news);
        for done in written.deeds {
            let Actor::Staff(by) = done.by else { continue };
            // That a tab was opened, with what that asks of the guest, is no change of it.
            if is_opening(&done.event) {
                continue;
            }
            match done.till {
                Some(till) => {
                    let elsewhere = Elsewhere {
                        till,
                        by,
                        at: done.at,
                        event: done.event,
                    };
                    news.insert(done.tab, elsewhere);
                }
                None => {
                    news.remove(&done.tab);
                }
            }
        }
        let now = self.now();
        news.retain(|_, elsewhere| elsewhere.is_news(now));
        *locked(&self.hearing.told_until) = Some(written.until);
        Ok(())
    }

    /// What was done to a tab at another till a moment ago.
    pub(crate) fn elsewhere(&self, tab: TabId) -> Option<Elsewhere> {
        let news = locked(&self.hearing.news).get(&tab).cloned();
        // Nothing may have been heard since.
        news.filter(|elsewhere| elsewhere.is_news(self.now()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_away_since_the_first_question_without_an_answer_and_back_with_the_first_answer() {
        let now = DateTime::UNIX_EPOCH;
        let later = now + TimeDelta::minutes(5);
        let since = Some(Away::Since(now));
        let after = |before, error: &LedgerError| Away::after(before, Some(error), later);
        assert_eq!(Away::after(None, Some(&LedgerError::Unreachable), now), since);
        assert_eq!(after(since, &LedgerError::Unreachable), since);
        assert_eq!(after(since, &LedgerError::Storage(String::new())), since);
        assert_eq!(Away::after(since, None, later), None);
        // What isn't about the way to the ledger says nothing of it.
        assert_eq!(after(None, &LedgerError::Busy), None);
    }

    #[test]
    fn a_till_that_was_opened_elsewhere_stays_shut_and_one_that_was_retired_says_so() {
        let now = DateTime::UNIX_EPOCH;
        let shut = Some(Away::OpenedElsewhere);
        assert_eq!(Away::after(None, Some(&LedgerError::Fenced), now), shut);
        assert_eq!(Away::after(shut, None, now), shut);
        assert_eq!(Away::after(shut, Some(&LedgerError::Unreachable), now), shut);
        let retired = Some(Away::NotAdmitted);
        assert_eq!(Away::after(None, Some(&LedgerError::NotAdmitted), now), retired);
        assert_eq!(Away::after(retired, None, now), None);
    }
}
