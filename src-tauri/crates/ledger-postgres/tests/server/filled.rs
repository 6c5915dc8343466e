//! A venue with a row in every table, and how its rows are called in a call's words.

use crate::cluster::{Cluster, as_till, open};
use holdfast_domain::{FindingKey, Hold, Line};
use holdfast_ledger::prelude::*;
use holdfast_ledger::{Duty, SettingSeen};
use holdfast_ledger_conformance::sample::{authorised, close_tab, line, note, now, raising, report, tab};
use holdfast_ledger_conformance::{renewals, runs};
use holdfast_ledger_postgres::PostgresLedger;
use holdfast_ledger_postgres::schema::Enrolled;
use std::collections::BTreeMap;
use tokio_postgres::Client;
use uuid::Uuid;

/// What stands for a word such as `<tab>` in a call: a value of SQL's.
pub(crate) type Words = BTreeMap<&'static str, String>;

/// A venue with rows.
pub(crate) struct Filled {
    pub(crate) venue: i32,
    pub(crate) till: Enrolled,
    pub(crate) words: Words,
}

/// An id as SQL has it.
pub(crate) fn id(id: Uuid) -> String {
    format!("'\\x{}'::bytea", id.simple())
}

/// Fills a new venue. Its settings and keys of findings have names that no other venue has; that of "theirs" is a
/// report ahead.
pub(crate) async fn fill(cluster: &Cluster, owner: &Client, name: &str) -> Filled {
    let venue = cluster.venue();
    let till = cluster.enrol(venue, name);
    let ledger = open(&as_till(&cluster.admin(), &till));
    let hold = authorised(&ledger).await;
    let mut words = fill_tabs(&ledger, &hold).await;
    words.extend(fill_house(&ledger, &hold, name).await);
    // What is kept for two days is a week old.
    let sql = format!(
        "INSERT INTO holdfast.to_read (venue, hold) VALUES ({venue}, {hold});
         UPDATE holdfast.call SET at = at - interval '7 days' WHERE venue = {venue};
         UPDATE holdfast.change SET at = at - interval '7 days' WHERE venue = {venue}",
        hold = id(hold.id.0)
    );
    owner.batch_execute(&sql).await.unwrap();
    words.insert("<venue>", venue.to_string());
    words.extend(read_back(owner, venue, &hold).await);
    Filled { venue, till, words }
}

/// A bill, a closed tab and one that is open, a renewal, and a night that is being closed.
async fn fill_tabs(ledger: &PostgresLedger, hold: &Hold) -> Words {
    let first = line(hold.tab, 500);
    let off = Line {
        takes_off: Some(first.id),
        ..line(hold.tab, -500)
    };
    for line in [&first, &line(hold.tab, 700), &off] {
        ledger.add_line(line, None, note("line")).await.unwrap();
    }
    let [other, closed] = [tab("Brandt"), tab("Cleo")];
    for tab in [&other, &closed] {
        ledger.add_tab(tab, note("opened")).await.unwrap();
    }
    close_tab(ledger, closed.id, now()).await;
    let old = authorised(ledger).await;
    let renewal = renewals::begin(ledger, &old).await.unwrap();
    let run = runs::run(&[hold.tab, other.id]);
    ledger.begin_run(&run, note("begun")).await.unwrap();
    let operation = ledger.operations(hold.id).await.unwrap()[0].id;
    Words::from([
        ("<tab>", id(hold.tab.0)),
        ("<other tab>", id(other.id.0)),
        ("<closed tab>", id(closed.id.0)),
        ("<line>", id(first.id.0)),
        ("<hold>", id(hold.id.0)),
        ("<operation>", id(operation.0)),
        ("<new hold>", id(renewal.new.0)),
        ("<renewed tab>", id(renewal.tab.0)),
        ("<run>", id(run.id.0)),
    ])
}

/// Settings, what stands beside, a finding, a duty and reports.
async fn fill_house(ledger: &PostgresLedger, hold: &Hold, name: &str) -> Words {
    let setting = format!("of {name}");
    for (name, value) in [
        (setting.as_str(), "theirs"),
        ("settings", r#"{"venue":"The Bell"}"#),
    ] {
        let set = ledger.set_setting(name, value, SettingSeen::Anything, note("set"));
        set.await.unwrap();
    }
    ledger.set_beside("theirs").await.unwrap();
    let key = FindingKey::Lapsed(hold.id);
    let raised = raising("gone", key.clone(), Some(hold.id));
    ledger.put_findings(Vec::new(), vec![raised]).await.unwrap();
    ledger.lease(Duty::Watch).await.unwrap();
    for number in 1..=if name == "theirs" { 2 } else { 1 } {
        let report = report(number, number, number);
        ledger.add_report(&report, note("made")).await.unwrap();
    }
    Words::from([
        ("<setting>", format!("'{setting}'::text")),
        ("<finding>", format!("'{key}'::text")),
    ])
}

/// What the server has given numbers and ids of its own.
async fn read_back(owner: &Client, venue: i32, hold: &Hold) -> Words {
    let sql = format!(
        "SELECT (SELECT min(id::bytea::text) FROM holdfast.call WHERE venue = {venue}),
                uuid_send(incarnation)::text, report + 1, reported + 1,
                (SELECT revision FROM holdfast.hold WHERE venue = {venue} AND id = {hold}),
                (SELECT version FROM holdfast.hold WHERE venue = {venue} AND id = {hold}),
                (SELECT version FROM holdfast.tab WHERE venue = {venue} AND id = {tab})
           FROM holdfast.head WHERE venue = {venue}",
        hold = id(hold.id.0),
        tab = id(hold.tab.0)
    );
    let row = owner.query_one(&sql, &[]).await.unwrap();
    let bytes = |column: usize| format!("'{}'::bytea", row.get::<_, String>(column));
    let number = |column: usize| row.get::<_, i64>(column).to_string();
    Words::from([
        ("<call>", bytes(0)),
        ("<incarnation>", bytes(1)),
        ("<report>", number(2)),
        ("<first>", number(3)),
        ("<revision>", number(4)),
        ("<hold version>", number(5)),
        ("<tab version>", number(6)),
    ])
}

/// Ids that are in no venue, with the numbers of one that is.
pub(crate) fn of_nobody(like: &Words) -> Words {
    let mut words = like.clone();
    for (word, value) in &mut words {
        if value.ends_with("::bytea") {
            *value = id(Uuid::now_v7());
        }
        match *word {
            "<venue>" => *value = "1000000".to_owned(),
            "<setting>" => *value = "'of nobody'::text".to_owned(),
            "<finding>" => *value = format!("'lapsed/{}'::text", Uuid::now_v7()),
            "<report>" => *value = "1000000".to_owned(),
            _ => {}
        }
    }
    words
}
