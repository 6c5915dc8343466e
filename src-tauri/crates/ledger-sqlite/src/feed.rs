//! What was written since the file was opened, for those who ask for changes.

use holdfast_ledger::{Change, Changes, Cursor};
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use uuid::Uuid;

/// How many changes are kept: more than are written between two looks.
const MOST_CHANGES: usize = 4_096;

/// What was written since the file was opened.
#[derive(Debug)]
pub(crate) struct Feed {
    of: Uuid,
    written: Mutex<Written>,
}

#[derive(Debug, Default)]
struct Written {
    /// Of the newest change.
    number: i64,
    /// The newest ones, oldest first.
    kept: VecDeque<Change>,
}

impl Default for Feed {
    fn default() -> Self {
        Self {
            of: Uuid::now_v7(),
            written: Mutex::default(),
        }
    }
}

impl Feed {
    /// Takes note of what a commit wrote.
    pub(crate) fn note(&self, changes: impl IntoIterator<Item = Change>) {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        for change in changes {
            written.number = written.number.saturating_add(1);
            written.kept.push_back(change);
        }
        let beyond = written.kept.len().saturating_sub(MOST_CHANGES);
        written.kept.drain(..beyond);
    }

    /// What was written after `cursor`.
    pub(crate) fn after(&self, cursor: Option<Cursor>) -> Changes {
        let written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        let since = match cursor {
            None => Some(Vec::new()),
            Some(cursor) => {
                let count = written.number.checked_sub(cursor.number);
                let count = count.and_then(|count| usize::try_from(count).ok());
                count
                    .filter(|count| cursor.of == self.of && *count <= written.kept.len())
                    .map(|count| {
                        written
                            .kept
                            .iter()
                            .skip(written.kept.len() - count)
                            .copied()
                            .collect()
                    })
            }
        };
        Changes {
            cursor: Cursor {
                of: self.of,
                number: written.number,
            },
            since,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_of_another_opening_or_of_long_ago_asks_for_everything() {
        let feed = Feed::default();
        let start = feed.after(None).cursor;
        feed.note([Change::House]);
        assert_eq!(feed.after(Some(start)).since, Some(vec![Change::House]));
        let of_another = Feed::default().after(None).cursor;
        assert_eq!(feed.after(Some(of_another)).since, None);
        feed.note(std::iter::repeat_n(Change::House, MOST_CHANGES));
        assert_eq!(feed.after(Some(start)).since, None);
        let now = feed.after(Some(start)).cursor;
        assert_eq!(feed.after(Some(now)).since, Some(Vec::new()));
    }
}
