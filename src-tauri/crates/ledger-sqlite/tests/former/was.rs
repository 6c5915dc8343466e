//! What a file of a former format says, read without the program, and whether a ledger says the same.

use super::files::make;
use chrono::{DateTime, Utc};
use holdfast_domain::*;
use holdfast_ledger::prelude::*;
use holdfast_ledger::{Entry, HouseTopic, Note};
use holdfast_ledger_conformance::sample::{note, now, report};
use holdfast_ledger_sqlite::SqliteLedger;
use rusqlite::Connection;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

/// A table's rows, each by its columns' names.
type Rows = Vec<BTreeMap<String, Value>>;

/// All tables by name.
pub(crate) struct Was(BTreeMap<String, Rows>);

fn text<'a>(row: &'a BTreeMap<String, Value>, column: &str) -> &'a str {
    row[column].as_str().unwrap()
}

fn body(row: &BTreeMap<String, Value>) -> Value {
    serde_json::from_str(text(row, "body")).unwrap()
}

fn time(value: &Value) -> Option<DateTime<Utc>> {
    value.as_str().map(|text| text.parse().unwrap())
}

/// What is kept of words: of what is about no tab, those that are known to name nobody.
fn kept(was: &Value) -> Value {
    let words = was["words"].as_str().unwrap_or_default();
    let names_nobody = ["Settings", "Night report"]
        .iter()
        .any(|begin| words.starts_with(begin));
    if was["tab"].is_null() && !names_nobody {
        return Value::Null;
    }
    was["words"].clone()
}

/// As JSON, without what format 9 didn't have.
fn json_of(what: &impl serde::Serialize, without: &[&str]) -> Value {
    let mut value = serde_json::to_value(what).unwrap();
    for field in without {
        value.as_object_mut().unwrap().remove(*field).unwrap();
    }
    value
}

impl Was {
    pub(crate) fn read(path: &Path) -> Self {
        let c = Connection::open(path).unwrap();
        let tables: Vec<String> = c
            .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
            .unwrap()
            .query_map([], |r| r.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let rows = |table: &str| {
            let mut query = c
                .prepare(&format!("SELECT * FROM {table} ORDER BY rowid"))
                .unwrap();
            let names: Vec<String> = query.column_names().map(str::to_owned).collect();
            let rows = query.query_map([], |r| {
                names
                    .iter()
                    .map(|name| {
                        Ok((
                            name.clone(),
                            match r.get::<_, rusqlite::types::Value>(name.as_str())? {
                                rusqlite::types::Value::Integer(number) => json!(number),
                                rusqlite::types::Value::Text(text) => json!(text),
                                rusqlite::types::Value::Null
                                | rusqlite::types::Value::Real(_)
                                | rusqlite::types::Value::Blob(_) => Value::Null,
                            },
                        ))
                    })
                    .collect()
            });
            rows.unwrap().map(Result::unwrap).collect::<Rows>()
        };
        Self(tables.iter().map(|table| (table.clone(), rows(table))).collect())
    }

    fn rows(&self, table: &str) -> &[BTreeMap<String, Value>] {
        self.0.get(table).map_or(&[], Vec::as_slice)
    }

    /// Whether there is something in each table that the format has.
    pub(crate) fn is_full(&self, format: i64) -> bool {
        let since = [(1, 6), (3, 8), (4, 9), (5, 10), (6, 11)];
        let tables = since.iter().rev().find(|(since, _)| *since <= format);
        self.0.len() == tables.unwrap().1 && self.0.values().all(|rows| !rows.is_empty())
    }

    pub(crate) fn entries(&self) -> i64 {
        i64::try_from(self.rows("journal").len()).unwrap()
    }

    pub(crate) async fn compare(&self, ledger: &SqliteLedger, format: i64) {
        self.accounts(ledger).await;
        self.movements(ledger, format).await;
        self.journal(ledger).await;
        for row in self.rows("setting") {
            let value = ledger.setting(text(row, "name")).await.unwrap();
            if text(row, "name") == "night_run" {
                assert_eq!(value, None);
                night(ledger, &serde_json::from_str(text(row, "value")).unwrap()).await;
                continue;
            }
            assert_eq!(value.as_deref(), row["value"].as_str());
        }
        for row in self.rows("finding") {
            let key: FindingKey = text(row, "key").parse().unwrap();
            let found = ledger.finding(&key).await.unwrap().unwrap();
            let was = body(row);
            assert_eq!(json!(found.kind()), was["kind"]);
            assert_eq!(json!(found.tab), was["tab"]);
            assert_eq!(json!(found.hold), was["hold"]);
            assert_eq!(json!(found.personal.words), kept(&was));
            assert_eq!(json!(found.event.amount()), was["amount"]);
            let times = [Some(found.at), Some(found.raised_at), found.ended_at];
            assert_eq!(
                times,
                ["at", "raised_at", "ended_at"].map(|field| time(&was[field]))
            );
            assert_eq!(json!(found.seen_by), was["seen_by"]);
        }
        for row in self.rows("report") {
            let report = ledger.report(row["number"].as_i64().unwrap()).await.unwrap();
            let mut was = body(row);
            for leftover in was["leftovers"].as_array_mut().unwrap() {
                let words = leftover["state"].take();
                leftover["state"] = json!({ "former": words });
            }
            assert_eq!(json_of(&report, &[]), was);
        }
        let asks = self.rows("operation").iter();
        let asks: Vec<&str> = asks
            .filter(|row| row.get("asks") == Some(&json!(1)))
            .map(|row| text(row, "id"))
            .collect();
        let open = ledger.open_asks().await.unwrap();
        let open: Vec<String> = open.iter().map(|ask| ask.id.to_string()).collect();
        assert_eq!(open, asks);
    }

    async fn accounts(&self, ledger: &SqliteLedger) {
        let ids: Vec<TabId> = self
            .rows("tab")
            .iter()
            .map(|row| text(row, "id").parse().unwrap())
            .collect();
        let accounts = ledger.accounts(ids).await.unwrap();
        assert_eq!(accounts.len(), self.rows("tab").len());
        for (account, row) in accounts.iter().zip(self.rows("tab")) {
            assert_eq!(json_of(&account.tab, &["guests", "version"]), body(row));
            let id = json!(account.tab.id);
            let of_tab = |table: &str| {
                let rows = self.rows(table).iter().filter(|row| row["tab"] == id);
                rows.map(body).collect::<Vec<_>>()
            };
            let lines = account.lines.iter().map(|line| json_of(line, &[]));
            assert_eq!(lines.collect::<Vec<_>>(), of_tab("line"));
            let holds = account.holds.iter().map(|(hold, _)| json_of(hold, &["version"]));
            assert_eq!(holds.collect::<Vec<_>>(), of_tab("hold"));
            let renewals = account.renewals.iter().map(|renewal| json_of(renewal, &[]));
            assert_eq!(renewals.collect::<Vec<_>>(), of_tab("renewal"));
            for (hold, operations) in &account.holds {
                self.operations(hold, operations);
            }
        }
    }

    fn operations(&self, hold: &Hold, operations: &[Operation]) {
        let id = json!(hold.id);
        let rows: Vec<_> = self
            .rows("operation")
            .iter()
            .filter(|row| row["hold"] == id)
            .collect();
        assert_eq!(operations.len(), rows.len());
        for (operation, row) in operations.iter().zip(rows) {
            let mut was = body(row);
            let words = row["detail"].as_str();
            let is_late = words == Some("Dojo’s record shows it late.");
            assert_eq!(operation.is_late, is_late);
            was["detail"] = match words.filter(|_| !is_late) {
                Some(words) => json!({ "former": words }),
                None => Value::Null,
            };
            was["state"] = row["state"].clone();
            was["dojo_id"] = row["dojo_id"].clone();
            assert_eq!(operation.settled_at, time(&row["settled_at"]));
            was["settled_at"] = json!(operation.settled_at);
            let by_night = was["reason"] == "End of night";
            assert_eq!(operation.cause == Cause::Night, by_night);
            assert_eq!(json_of(operation, &["is_late", "cause"]), was);
            let seen = self
                .rows("seen")
                .iter()
                .find(|seen| seen["operation"] == was["id"]);
            assert_eq!(operation.seen_at, seen.and_then(|seen| time(&seen["at"])));
        }
    }

    async fn movements(&self, ledger: &SqliteLedger, format: i64) {
        let found = ledger.movements(1, i64::MAX).await.unwrap();
        if format < 3 {
            // They are made of what the holds say: what those of the format after add up to.
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("ledger.db");
            make(&path, 3, false);
            assert_eq!(
                sums(found.iter().map(json_of_movement)),
                sums(Self::read(&path).movement_rows())
            );
            return;
        }
        let found: Vec<Value> = found.iter().map(json_of_movement).collect();
        assert_eq!(found, self.movement_rows().collect::<Vec<_>>());
    }

    fn movement_rows(&self) -> impl Iterator<Item = Value> {
        self.rows("movement").iter().map(|row| {
            let said = row.get("said").cloned().unwrap_or(json!(0));
            json!({
                "seq": row["seq"], "hold": row["hold"], "tab": row["tab"], "currency": row["currency"],
                "kind": row["kind"], "source": row["source"], "by": row["by"], "amount": row["amount"],
                "service": row["service"], "tip": row["tip"], "said": said, "at": time(&row["at"]),
            })
        })
    }

    async fn journal(&self, ledger: &SqliteLedger) {
        let tabs = self
            .rows("tab")
            .iter()
            .map(|row| text(row, "id").parse().unwrap());
        let mut found: Vec<Entry> = Vec::new();
        for tab in tabs {
            found.extend(ledger.journal(tab).await.unwrap());
        }
        found.extend(
            ledger
                .house_journal(HouseTopic::Anything, i64::MAX)
                .await
                .unwrap(),
        );
        found.sort_by_key(|entry| entry.seq);
        found.retain(|entry| entry.seq <= self.entries());
        // A report was sealed again, and the entry about it names the new seal.
        let seals: Vec<&str> = self.rows("report").iter().map(|row| text(row, "seal")).collect();
        let of_report = |reference: Option<&str>| {
            match reference {
                Some(seal) if seal.len() == 64 => Some("a report’s"),
                other => other,
            }
            .map(str::to_owned)
        };
        let found: Vec<Value> = found
            .iter()
            .map(|e| {
                assert_eq!(e.by, Actor::former(e.by.name()));
                json!({
                    "seq": e.seq, "at": e.at, "by": e.by, "tab": e.tab, "words": e.personal.words,
                    "amount": e.event.amount(), "reference": of_report(e.reference.as_deref()),
                })
            })
            .collect();
        let was = self.rows("journal").iter().map(|row| {
            let mut was = body(row);
            was["words"] = kept(&was);
            let reference = was["reference"].as_str().map(str::to_owned);
            let names_report = reference.as_deref().is_some_and(|seal| seals.contains(&seal));
            // Formats 1 and 2 had no reports; here the entries about them stay.
            if !seals.is_empty() {
                assert_eq!(
                    names_report,
                    reference.as_ref().is_some_and(|seal| seal.len() == 64)
                );
            }
            was["reference"] = json!(of_report(reference.as_deref()));
            was
        });
        assert_eq!(found, was.collect::<Vec<_>>());
    }
}

fn json_of_movement(m: &Movement) -> Value {
    json!({
        "seq": m.seq, "hold": m.hold, "tab": m.tab, "currency": m.currency, "kind": m.what.kind,
        "source": m.what.source, "by": m.what.by, "amount": m.what.amount, "service": m.what.service,
        "tip": m.what.tip, "said": m.what.said, "at": m.what.at,
    })
}

/// Amount, service charge and tip of each hold, kind, source and person.
fn sums(movements: impl Iterator<Item = Value>) -> BTreeMap<String, [i64; 3]> {
    let mut sums: BTreeMap<String, [i64; 3]> = BTreeMap::new();
    for m in movements {
        let of = ["hold", "tab", "currency", "kind", "source", "by"].map(|field| m[field].to_string());
        let sum = sums.entry(of.join(" ")).or_default();
        for (sum, field) in sum.iter_mut().zip(["amount", "service", "tip"]) {
            *sum += m[field].as_i64().unwrap();
        }
    }
    sums.retain(|_, sum| *sum != [0; 3]);
    assert!(!sums.is_empty());
    sums
}

/// Adds a row of what is kept otherwise since format 10.
pub(crate) async fn go_on(ledger: &SqliteLedger) {
    let unreported = ledger.unreported().await.unwrap();
    let last = unreported.last.unwrap();
    let mut next = report(last.number + 1, last.last + 1, last.last);
    let tab = ledger.tabs(true, 1).await.unwrap().remove(0);
    next.leftovers = vec![Leftover {
        tab: tab.id,
        name: tab.name.clone(),
        place: None,
        reference: tab.reference.clone(),
        state: TabState::Held,
        left: Money::new(1, tab.currency),
        bill: Money::new(2, tab.currency),
        opened_at: now(),
        opened_by: Actor::Elsewhere,
        times: 1,
    }];
    ledger.add_report(&next, note("made")).await.unwrap();
    assert_eq!(ledger.report(next.number).await.unwrap(), next);
    let on_tab = Note {
        tab: Some(tab.id),
        ..note("the same")
    };
    ledger.set_tab(&tab, on_tab).await.unwrap();
}

/// The closing of a night that a setting was.
async fn night(ledger: &SqliteLedger, was: &Value) {
    let run = ledger.newest_run().await.unwrap().unwrap();
    assert_eq!(json!(run.started_at), was["started_at"]);
    assert_eq!(json!(run.by), was["by"]);
    assert_eq!(json!(run.ended_at), was["finished_at"]);
    assert_eq!(run.stopped_at.is_some(), was["is_stopped"].as_bool().unwrap());
    let rows = was["rows"].as_array().unwrap();
    assert_eq!(run.rows.len(), rows.len());
    for (row, was) in run.rows.iter().zip(rows) {
        // Nobody could forget the guest of a tab that the ledger hasn't got.
        let name = match ledger.tab(row.tab).await {
            Ok(_) => was["name"].clone(),
            Err(_) => json!(""),
        };
        assert_eq!((json!(row.tab), json!(row.name)), (was["tab"].clone(), name));
        assert_eq!(row.ended.is_some(), was["is_done"].as_bool().unwrap());
        // The guest's name is kept where it can be forgotten, and nowhere else.
        let mut planned = was.clone();
        for field in ["name", "trouble", "is_done"] {
            planned.as_object_mut().unwrap().remove(field).unwrap();
        }
        assert_eq!(serde_json::from_str::<Value>(&row.plan).unwrap(), planned);
    }
}
