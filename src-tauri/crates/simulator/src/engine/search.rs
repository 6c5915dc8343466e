//! POST /payment-intents/search.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{
    Call, Engine,
    body::Body,
    intent::{Intent, Status},
    message::Response,
    problem::Problem,
    switches::{SearchCanceled, SearchDate, SearchOrder, SearchOrphan},
};

impl Engine {
    pub(super) fn search(&self, call: &Call) -> Result<Response, Problem> {
        // Answers with the first page whatever the cursor says.
        let repeat = call.meets("search-repeated");
        let allowed = ["statuses", "startDate", "endDate", "cursor"];
        let mut body = Body::read(&call.request.body, &allowed, call.strict)?;
        let start = body.instant("startDate");
        let end = body.instant("endDate");
        let statuses = statuses(&mut body);
        let cursor = body.get("cursor").cloned().unwrap_or(Value::Null);
        let limit = limit(&mut body, &cursor);
        let (after, before) = (cursor["after"].as_str(), cursor["before"].as_str());
        if after.is_some() && before.is_some() {
            body.refuse("Cursor", "Only one of Before and After can be given.");
        }
        let found = self.in_search_order(call);
        let range = match position(&found, after.or(before)) {
            Err(()) => {
                body.refuse("Cursor", "The cursor is not known.");
                found.get(..)
            }
            Ok(None) => found.get(..),
            Ok(Some(_)) if repeat => found.get(..),
            Ok(Some(place)) if after.is_some() => found.get(place.saturating_add(1)..),
            Ok(Some(place)) => found.get(..place),
        };
        body.done()?;
        let fits = |intent: &&&Intent| {
            statuses
                .as_ref()
                .is_none_or(|wanted| wanted.contains(&intent.status))
                && self.is_between(intent, start, end)
        };
        let matches = range.unwrap_or_default().iter().filter(fits).copied();
        let page: Vec<&Intent> = if before.is_some() && !repeat {
            let all: Vec<&Intent> = matches.collect();
            all.get(all.len().saturating_sub(limit)..)
                .unwrap_or_default()
                .to_vec()
        } else {
            matches.take(limit).collect()
        };
        let first = page
            .first()
            .map(|intent| token(intent))
            .or_else(|| after.map(str::to_owned));
        let last = page
            .last()
            .filter(|_| page.len() == limit)
            .map(|intent| token(intent));
        let data: Vec<Value> = page.iter().map(|intent| self.show(intent)).collect();
        let before = first.filter(|_| after.is_some() || before.is_some());
        Ok(Response::json(
            200,
            &json!({"data": data, "before": before, "after": last}),
        ))
    }

    fn in_search_order(&self, call: &Call) -> Vec<&Intent> {
        let mut found: Vec<&Intent> = self.order.iter().filter_map(|id| self.intents.get(id)).collect();
        if self.state.switches.search_order == SearchOrder::NewestFirst {
            found.reverse();
        }
        if self.state.switches.search_orphan == SearchOrphan::First || call.meets("search-orphan-first") {
            found.sort_by_key(|intent| !intent.is_orphan);
        }
        found
    }

    /// Whether its date is in the range, by the date that the switch names, and the switch doesn't hide it.
    fn is_between(&self, intent: &Intent, start: Option<DateTime<Utc>>, end: Option<DateTime<Utc>>) -> bool {
        let at = match self.state.switches.search_date {
            SearchDate::Created => intent.created_at,
            SearchDate::Updated => intent.updated_at,
        };
        let hides = self.state.switches.search_canceled == SearchCanceled::Hidden;
        start.is_none_or(|start| at >= start)
            && end.is_none_or(|end| at <= end)
            && !(hides && intent.status == Status::Canceled)
    }
}

/// How many intents a page has.
fn limit(body: &mut Body, cursor: &Value) -> usize {
    let Some(limit) = cursor.get("limit").filter(|limit| !limit.is_null()) else {
        return 50;
    };
    let limit = limit.as_u64().filter(|limit| (1..=100).contains(limit));
    limit
        .and_then(|limit| usize::try_from(limit).ok())
        .unwrap_or_else(|| {
            body.refuse("Cursor.Limit", "The field Limit must be between 1 and 100.");
            1
        })
}

/// Opaque to the reader, and no id that could be mistaken for one.
fn token(intent: &Intent) -> String {
    format!("cur_{}", intent.id.trim_start_matches("pi_sandbox_"))
}

fn position(found: &[&Intent], cursor: Option<&str>) -> Result<Option<usize>, ()> {
    let Some(cursor) = cursor else { return Ok(None) };
    found
        .iter()
        .position(|intent| token(intent) == cursor)
        .map(Some)
        .ok_or(())
}

fn statuses(body: &mut Body) -> Option<Vec<Status>> {
    let given = body.get("statuses")?.clone();
    match serde_json::from_value::<Vec<Status>>(given) {
        Ok(statuses) => Some(statuses).filter(|statuses| !statuses.is_empty()),
        Err(_) => {
            body.refuse("statuses", "The JSON value could not be converted.");
            None
        }
    }
}
