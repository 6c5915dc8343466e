//! What is asked again and again, while nobody does anything or somebody types, looks through nothing that grows with
//! the years.

use crate::recovery::open;
use crate::store::{accounts, findings, holds, journal, operations, renewals, rows, tabs};
use holdfast_domain::{Finding, Hold, Line, Renewal, Tab};
use holdfast_ledger::stored::StoredOperation;
use rusqlite::Connection;

/// Indexes of the few that are not settled.
const OF_FEW: [&str; 6] = [
    "tab_open",
    "operation_one_open",
    "operation_odd",
    "finding_open",
    "renewal_one_open",
    "operation_asks",
];

/// The steps of a query that go through a table, or an index of all of it, from end to end.
fn whole(c: &Connection, sql: &str) -> Vec<String> {
    let mut query = c.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    for parameter in 1..=query.parameter_count() {
        query.raw_bind_parameter(parameter, "1").unwrap();
    }
    let mut rows = query.raw_query();
    let mut whole = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        let step: String = row.get(3).unwrap();
        let of_few = OF_FEW.iter().any(|index| step.ends_with(&format!(" {index}")));
        // What a query made itself is as small as what it was made of.
        let is_made = step == "SCAN some" || step.starts_with("SCAN json_each ");
        if step.starts_with("SCAN") && !of_few && !is_made {
            whole.push(step);
        }
    }
    whole
}

/// A new ledger's file.
fn file(folder: &tempfile::TempDir) -> Connection {
    let c = Connection::open(folder.path().join("ledger.db")).unwrap();
    open::for_work(&c).unwrap();
    c
}

/// A letter in the search field, a row of the floor that was changed, and a page of the history are of some tabs.
#[test]
fn what_is_asked_of_some_tabs_looks_at_these_alone() {
    let folder = tempfile::tempdir().unwrap();
    let c = file(&folder);
    for sql in [
        rows::select::<Tab>(&accounts::of_these("tab", "id")),
        rows::select::<Line>(&accounts::of_these("line", "tab")),
        rows::select::<Hold>(&accounts::of_these("hold", "tab")),
        rows::select::<Renewal>(&accounts::of_these("renewal", "tab")),
        rows::select::<StoredOperation>(&operations::on_listed()),
        journal::newest_of_tab(),
    ] {
        assert_eq!(whole(&c, &sql), Vec::<String>::new(), "{sql}");
    }
}

#[test]
fn what_is_asked_again_and_again_looks_through_nothing_that_grows() {
    let folder = tempfile::tempdir().unwrap();
    let c = file(&folder);
    let none: Vec<String> = Vec::new();
    for sql in [
        tabs::OPEN_IDS.to_owned(),
        rows::select::<Hold>(holds::LIVE_HOLDS),
        tabs::UNSETTLED.to_owned(),
        tabs::SEEN.to_owned(),
        rows::select::<Finding>(findings::OPEN),
        rows::select::<Finding>(findings::WARNINGS),
        rows::select::<Renewal>(renewals::OPEN),
        rows::select::<StoredOperation>(operations::OPEN_ASKS),
    ] {
        assert_eq!(whole(&c, &sql), none, "{sql}");
    }
    // And would say so.
    let slow = "SELECT body FROM operation WHERE state = 7 OR settled_at > ?1";
    assert_eq!(whole(&c, slow), ["SCAN operation"]);
}
