//! Format 10 kept figures in columns and words unencrypted: every figure is the same after the step, and every word is
//! still read where it was typed.

use super::files::make;
use holdfast_domain::TabId;
use holdfast_ledger::HouseTopic;
use holdfast_ledger::prelude::*;
use holdfast_ledger_sqlite::SqliteLedger;
use rusqlite::Connection;
use rusqlite::types::Value;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;

type Row = BTreeMap<String, Value>;

/// All tables by name, their rows as they were written.
pub(crate) struct Ten(BTreeMap<String, Vec<Row>>);

impl Ten {
    /// Reads every table by its columns' names, without the program.
    pub(crate) fn read(path: &Path) -> Self {
        let c = Connection::open(path).unwrap();
        let names = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'";
        let tables: Vec<String> = c
            .prepare(names)
            .unwrap()
            .query_map([], |r| r.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let rows = |table: &str| {
            let mut query = c
                .prepare(&format!("SELECT * FROM {table} ORDER BY rowid"))
                .unwrap();
            let columns: Vec<String> = query.column_names().map(str::to_owned).collect();
            let rows = query.query_map([], |r| {
                let cells = columns.iter().enumerate();
                cells
                    .map(|(place, name)| Ok((name.clone(), r.get(place)?)))
                    .collect()
            });
            rows.unwrap().map(Result::unwrap).collect()
        };
        Self(tables.iter().map(|table| (table.clone(), rows(table))).collect())
    }

    fn rows(&self, table: &str) -> &[Row] {
        self.0.get(table).map_or(&[], Vec::as_slice)
    }

    /// That the file at `path` says the same in each column but those that the step makes: the encrypted words and the
    /// seals over them.
    fn compare(&self, path: &Path) -> usize {
        let (now, mut compared) = (Self::read(path), 0);
        for (table, was) in &self.0 {
            let is = now.rows(table);
            assert_eq!(is.len(), was.len(), "{table}");
            for (is, was) in is.iter().zip(was) {
                for (column, value) in was {
                    match (table.as_str(), column.as_str()) {
                        ("journal", "seal") => assert_eq!(&is["former"], value, "an entry's seal of then"),
                        (_, "personal" | "seal") => {}
                        // What a format before it wrote is JSON here: `words` compares what it says.
                        ("journal" | "report", "body") if is_json(value) => {}
                        ("operation" | "run_row", "body") => {
                            assert_eq!(bytes(&is[column]), foreign_words(value).0, "{table}.{column}");
                            compared += 1;
                        }
                        ("journal", "body") => assert_eq!(bytes(&is[column]), self.renamed(value, &now)),
                        _ => {
                            assert_eq!(&is[column], value, "{table}.{column}");
                            compared += 1;
                        }
                    }
                }
            }
        }
        compared
    }

    /// An entry's body with the seals that its reports have now: theirs are made again.
    fn renamed(&self, body: &Value, now: &Self) -> Vec<u8> {
        let mut body = bytes(body).to_vec();
        for (was, is) in self.rows("report").iter().zip(now.rows("report")) {
            let (was, is) = (hex(bytes(&was["seal"])), hex(bytes(&is["seal"])));
            let at = body
                .windows(was.len())
                .position(|window| window == was.as_bytes());
            if let Some(at) = at {
                body.splice(at..at + was.len(), is.bytes());
            }
        }
        body
    }

    /// That each word is read where it was typed.
    async fn words(&self, ledger: &SqliteLedger) -> usize {
        let said = said(ledger, self.rows("tab")).await;
        let mut compared = 0;
        for table in ["tab", "line", "operation", "journal"] {
            for row in self.rows(table) {
                // Of what is about no tab only what is known to name nobody is kept.
                if table == "journal" && row["tab"] == Value::Null {
                    continue;
                }
                let key = match &row[if table == "journal" { "seq" } else { "id" }] {
                    Value::Blob(id) => hex(id),
                    id @ (Value::Null | Value::Integer(_) | Value::Real(_) | Value::Text(_)) => {
                        format!("{id:?}")
                    }
                };
                let mut words = typed(&row["personal"]);
                if table == "operation" {
                    words.extend(foreign_words(&row["body"]).1);
                }
                if table == "journal" && is_json(&row["body"]) {
                    let was: serde_json::Value = serde_json::from_slice(bytes(&row["body"])).unwrap();
                    words.extend(["words", "amount", "by"].map(|field| text_of(&was[field])));
                }
                for word in words {
                    assert!(said[&key].contains(&word), "{table} {key}: {word}");
                    compared += 1;
                }
            }
        }
        for row in self.rows("report").iter().filter(|row| is_json(&row["body"])) {
            let Value::Integer(number) = row["number"] else {
                panic!("a report without a number");
            };
            let mut was: serde_json::Value = serde_json::from_slice(bytes(&row["body"])).unwrap();
            for leftover in was["leftovers"].as_array_mut().unwrap() {
                let words = leftover["state"].take();
                leftover["state"] = json!({ "former": words });
            }
            assert_eq!(json!(ledger.report(number).await.unwrap()), was);
            compared += 1;
        }
        compared
    }
}

/// A body without the words that others wrote into the reason in it, and those words: they are encrypted now. In the
/// body of an operation the reason is the field 5, in a night's row 2; words are the kinds 0, 1 and 4.
fn foreign_words(body: &Value) -> (Vec<u8>, Option<String>) {
    let mut body = bytes(body).to_vec();
    let is_reason = |part: &[u8]| matches!(part, [2 | 5, 0x82, 0 | 1 | 4, 0x60..=0x78]);
    let Some(at) = body.windows(4).position(is_reason) else {
        return (body, None);
    };
    // CBOR: a text of up to 23 bytes has its length in its first byte, a longer one in the byte after it.
    let (from, length) = match body[at + 3] {
        0x78 => (at + 5, usize::from(body[at + 4])),
        short => (at + 4, usize::from(short - 0x60)),
    };
    let words = String::from_utf8(body[from..from + length].to_vec()).unwrap();
    body.splice(at + 3..from + length, [0x60]);
    (body, Some(words))
}

fn is_json(body: &Value) -> bool {
    bytes(body).starts_with(b"{")
}

fn bytes(value: &Value) -> &[u8] {
    let Value::Blob(bytes) = value else {
        panic!("{value:?}");
    };
    bytes
}

fn hex(id: &[u8]) -> String {
    id.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The texts of a field that is a CBOR map of numbers to texts.
fn typed(personal: &Value) -> Vec<String> {
    if *personal == Value::Null {
        return Vec::new();
    }
    let mut decoder = minicbor::Decoder::new(bytes(personal));
    let mut texts = Vec::new();
    for _ in 0..decoder.map().unwrap().unwrap() {
        decoder.u8().unwrap();
        match decoder.str() {
            Ok(text) => texts.push(text.to_owned()),
            Err(_) => decoder.skip().unwrap(),
        }
    }
    texts
}

/// A text as it is, anything else as JSON.
fn text_of(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn leaves(value: &serde_json::Value, texts: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) => texts.push(text.clone()),
        serde_json::Value::Array(all) => all.iter().for_each(|one| leaves(one, texts)),
        serde_json::Value::Object(all) => all.values().for_each(|one| leaves(one, texts)),
        serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => {}
    }
}

/// What the ledger says in words of each tab, line, operation and entry, by its id or number.
async fn said(ledger: &SqliteLedger, tabs: &[Row]) -> BTreeMap<String, Vec<String>> {
    let id = |row: &Row| -> TabId { hex(bytes(&row["id"])).parse().unwrap() };
    let ids: Vec<TabId> = tabs.iter().map(id).collect();
    let mut said: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut keep = |key: String, what: serde_json::Value| leaves(&what, said.entry(key).or_default());
    let plain = |id: String| id.replace('-', "");
    for account in ledger.accounts(ids.clone()).await.unwrap() {
        keep(plain(account.tab.id.to_string()), json!(account.tab));
        for line in &account.lines {
            keep(plain(line.id.to_string()), json!(line));
        }
        for operation in account.holds.iter().flat_map(|(_, operations)| operations) {
            keep(plain(operation.id.to_string()), json!(operation));
        }
    }
    let mut entries = ledger
        .house_journal(HouseTopic::Anything, i64::MAX)
        .await
        .unwrap();
    for tab in ids {
        entries.extend(ledger.journal(tab).await.unwrap());
    }
    for entry in entries {
        let key = format!("Integer({})", entry.seq);
        keep(
            key.clone(),
            json!([text_of(&json!(entry.event.amount())), entry.by.name()]),
        );
        let personal = entry.personal;
        keep(key, json!([personal.name, personal.reason, personal.words]));
    }
    said
}

#[tokio::test]
async fn every_figure_and_every_word_of_format_10_is_the_same_after_the_step() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    make(&path, 10, false);
    let was = Ten::read(&path);
    let tables = was.0.values().filter(|rows| !rows.is_empty()).count();
    assert_eq!((was.0.len(), tables), (12, 12), "there is a row of everything");
    for _ in 0..2 {
        let ledger = SqliteLedger::open(folder.path()).unwrap();
        assert_eq!(ledger.counts().await.unwrap().format, 11);
        let words = was.words(&ledger).await;
        assert!(words > 20, "{words}");
        drop(ledger);
        let figures = was.compare(&path);
        assert!(figures > 500, "{figures}");
    }
}

#[tokio::test]
async fn a_backup_of_format_10_is_good_and_can_be_put_back() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("backups")).unwrap();
    let name = "ledger-2026-03-02T10-00-00.db";
    let backup = folder.path().join("backups").join(name);
    make(&backup, 10, true);
    let was = Ten::read(&backup);
    std::fs::write(folder.path().join("ledger.db"), "x".repeat(200)).unwrap();
    let now = holdfast_ledger_conformance::sample::now();
    let opened = SqliteLedger::open_or_restore(folder.path(), now).unwrap();
    assert_eq!(opened.restored.unwrap().backup.as_deref(), Some(name));
    assert!(was.words(&opened.ledger).await > 20);
    let newer = opened.ledger.newer_than(name).await.unwrap();
    assert_eq!((newer.tabs, newer.operations, newer.lines), (0, 0, 0));
}
