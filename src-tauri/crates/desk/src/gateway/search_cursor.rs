//! Dojo's search, page by page. Its order is not documented, and a page may come twice.

use crate::context::reasons::NotPossible;
use crate::gateway::Gateway;
use crate::{AppError, ErrorCode};
use chrono::{DateTime, Utc};
use holdfast_dojo as dojo;
use std::collections::HashSet;

/// At 100 a page, more than any venue has of what is searched for.
const MOST_SEARCH_PAGES: usize = 200;

/// How often a page that was there already is asked for again.
const SEARCH_STALL_RETRIES: u8 = 3;

/// A search on its way.
#[derive(Debug, Default)]
pub(crate) struct SearchCursor {
    /// When Dojo says that it answered the newest page.
    pub(crate) server_date: Option<DateTime<Utc>>,
    request: dojo::SearchRequest,
    cursors: HashSet<String>,
    /// Ids that were answered already.
    seen: HashSet<String>,
    stuck: u8,
    is_over: bool,
}

impl SearchCursor {
    /// Everything that was made, or changed, since `since`.
    pub(crate) fn since(since: Option<DateTime<Utc>>) -> Self {
        Self {
            request: dojo::SearchRequest {
                start_date: since,
                ..dojo::SearchRequest::default()
            },
            ..Self::default()
        }
    }

    /// Whether all of it was answered.
    pub(crate) const fn is_over(&self) -> bool {
        self.is_over
    }

    /// Takes a page in; what is new on it.
    fn turn(&mut self, page: dojo::SearchPage) -> Result<Vec<dojo::PaymentIntent>, AppError> {
        let is_empty = page.data.is_empty();
        let mut new = page.data;
        new.retain(|intent| intent.id.as_ref().is_some_and(|id| self.seen.insert(id.clone())));
        match page.after.filter(|after| !after.is_empty()) {
            None => self.is_over = true,
            Some(_) if is_empty => self.is_over = true,
            Some(after) if self.cursors.contains(&after) => {
                self.stuck += 1;
                if self.stuck > SEARCH_STALL_RETRIES {
                    return Err(endless());
                }
            }
            Some(_) if self.cursors.len() >= MOST_SEARCH_PAGES => return Err(endless()),
            Some(after) => {
                self.stuck = 0;
                self.cursors.insert(after.clone());
                self.request.after = Some(after);
            }
        }
        Ok(new)
    }
}

fn endless() -> AppError {
    AppError::new(ErrorCode::Unclear, NotPossible::EndlessSearch)
}

impl Gateway {
    /// The next page: what is on it and was on none before.
    ///
    /// # Errors
    /// [`ErrorCode::NotSent`], [`ErrorCode::Unauthorised`], [`ErrorCode::Unclear`].
    pub(crate) async fn next_page(
        &self,
        pages: &mut SearchCursor,
    ) -> Result<Vec<dojo::PaymentIntent>, AppError> {
        self.wait_for_turn().await;
        let page = self.search(&pages.request).await?;
        pages.server_date = page.server_date;
        pages.turn(page.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn page(ids: &[&str], after: Option<&str>) -> dojo::SearchPage {
        let data: Vec<_> = ids
            .iter()
            .map(|id| json!({ "id": id, "status": "Created" }))
            .collect();
        serde_json::from_value(json!({ "data": data, "after": after })).unwrap()
    }

    fn ids(found: Vec<dojo::PaymentIntent>) -> Vec<String> {
        found.into_iter().filter_map(|intent| intent.id).collect()
    }

    #[test]
    fn a_page_that_comes_twice_is_asked_for_again_and_nothing_counts_twice() {
        let mut pages = SearchCursor::since(None);
        assert_eq!(ids(pages.turn(page(&["a", "b"], Some("1"))).unwrap()), ["a", "b"]);
        assert!(pages.turn(page(&["b", "a"], Some("1"))).unwrap().is_empty());
        assert_eq!(pages.request.after.as_deref(), Some("1"));
        assert_eq!(ids(pages.turn(page(&["b", "c"], Some("2"))).unwrap()), ["c"]);
        assert!(!pages.is_over());
        assert_eq!(ids(pages.turn(page(&["d"], None)).unwrap()), ["d"]);
        assert!(pages.is_over());
    }

    #[test]
    fn a_search_without_end_is_given_up() {
        let mut pages = SearchCursor::since(None);
        let ends = (0..10).find_map(|_| pages.turn(page(&["a"], Some("1"))).err());
        assert_eq!(ends.unwrap().code, ErrorCode::Unclear);
    }
}
