//! Dojo is told with each request where the journal ended. A journal that somebody wrote again has whole seals, and
//! Dojo's record contradicts it; a backup that was restored is no forgery, and is told as what it is.

use crate::held;
use crate::restore::restored;
use anyhow::{Context, Result, ensure};
use holdfast_desk::{ErrorCode, JournalCheck, JournalVerdict};
use holdfast_domain::Kind;
use holdfast_ledger::prelude::*;
use holdfast_tests::Till;
use rusqlite::Connection;
use std::path::Path;

/// What the simulated Dojo keeps of each request, oldest first.
async fn told(till: &Till) -> Result<Vec<String>> {
    let truth = till.truth().await?;
    let intents = truth["intents"].as_array().context("no intents")?;
    let told = intents
        .iter()
        .filter_map(|intent| intent["metadata"]["holdfast-journal"].as_str());
    Ok(told.map(str::to_owned).collect())
}

/// The journal's entries after `seq` are gone, as if they had never been: what somebody does who has the file, drops
/// its guards and has time. Every seal that is left is whole.
fn cut(folder: &Path, seq: i64) -> Result<()> {
    let c = Connection::open(folder.join("ledger.db"))?;
    let guards: Vec<(String, String)> = c
        .prepare("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'journal'")?
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for (name, _) in &guards {
        c.execute_batch(&format!("DROP TRIGGER {name}"))?;
    }
    c.execute("DELETE FROM journal WHERE seq > ?1", [seq])?;
    for (_, sql) in &guards {
        c.execute_batch(sql)?;
    }
    std::fs::remove_file(folder.join("ledger.mark"))?;
    Ok(())
}

fn is(check: &JournalCheck, verdict: JournalVerdict, words: &[&str]) -> Result<()> {
    ensure!(check.verdict == verdict, "{check:?}");
    for part in words {
        ensure!(check.words.contains(part), "{part:?} isn’t in {:?}", check.words);
    }
    Ok(())
}

#[tokio::test]
async fn each_request_tells_dojo_where_the_journal_ended_and_dojo_agrees() -> Result<()> {
    let till = Till::open().await?;
    let nothing = till.desk.compare_journal().await?;
    is(
        &nothing,
        JournalVerdict::NothingToCompare,
        &["nothing to compare"],
    )?;
    held(&till).await?;
    till.opened(Kind::Tab, "Table 14", "20").await?;
    let told = told(&till).await?;
    let numbers: Vec<Option<&str>> = told.iter().map(|told| told.split(':').next()).collect();
    assert_eq!(numbers.len(), 2, "{told:?}");
    ensure!(told.iter().all(|told| told.len() < 60), "{told:?}");
    let newest = till.ledger.witness().await?.context("no entry")?;
    let check = till.desk.compare_journal().await?;
    let last = numbers[1].context("no number")?;
    is(
        &check,
        JournalVerdict::Agrees,
        &[&format!("agrees up to entry {last} of {}", newest.head.seq)],
    )
}

#[tokio::test]
async fn a_journal_that_was_written_again_is_contradicted_by_dojo() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = held(&till).await?;
    let before = till.ledger.witness().await?.context("no entry")?.head.seq;
    till.desk.add_line(tab, None, 1, "40").await?;
    till.opened(Kind::Tab, "Table 14", "20").await?;
    let told: i64 = told(&till).await?[1]
        .split(':')
        .next()
        .context("no number")?
        .parse()?;
    // The line of £40 never was; what comes after has whole seals of its own.
    let till = till.restart_after(|folder| cut(folder, before)).await?;
    let check = till.desk.compare_journal().await?;
    is(
        &check,
        JournalVerdict::Contradicted,
        &[
            &format!("Dojo knows of entry {told}"),
            &format!("end at entry {before}"),
        ],
    )?;
    for _ in before..=told {
        till.desk.add_line(tab, None, 1, "1").await?;
    }
    let entries = till.ledger.verify_journal().await?;
    ensure!(entries >= told, "{entries}");
    let check = till.desk.compare_journal().await?;
    is(
        &check,
        JournalVerdict::Contradicted,
        &[&format!("Entry {told} differs"), "Up to entry", "another PC"],
    )
}

#[tokio::test]
async fn a_restored_backup_is_told_as_such_and_not_as_a_forgery() -> Result<()> {
    let till = Till::open().await?;
    held(&till).await?;
    till.desk.back_up().await?;
    till.opened(Kind::Tab, "Table 14", "20").await?;
    till.opened(Kind::Tab, "Table 15", "20").await?;
    let paper = till.ledger.witness().await?.context("no entry")?.head;
    let till = restored(till).await?;
    let check = till.desk.compare_journal().await?;
    is(
        &check,
        JournalVerdict::Agrees,
        &["a backup was restored on", "2 requests also name"],
    )?;
    // What was missing comes back from Dojo, and the journal goes its own way from there.
    assert_eq!(till.desk.sweep().await?, 0);
    till.opened(Kind::Tab, "Table 16", "20").await?;
    let check = till.desk.compare_journal().await?;
    is(&check, JournalVerdict::Agrees, &["a backup was restored on"])?;
    let printed = till
        .desk
        .compare_printed(&format!("{} {}", paper.seq, paper.seal))
        .await?;
    is(
        &printed,
        JournalVerdict::BeforeRestore,
        &["a backup was restored on", "printed later"],
    )
}

#[tokio::test]
async fn the_foot_of_a_printed_report_is_compared() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = held(&till).await?;
    let report = till.desk.make_report().await?;
    let seq: i64 = report.journal.rsplit(' ').next().context("no number")?.parse()?;
    till.desk.add_line(tab, None, 1, "40").await?;
    let printed = till
        .desk
        .compare_printed(&format!("{seq} {}", report.seal))
        .await?;
    is(&printed, JournalVerdict::Agrees, &["The report agrees"])?;
    let other = till
        .desk
        .compare_printed(&format!("{seq}:{}", "0".repeat(16)))
        .await?;
    is(
        &other,
        JournalVerdict::Contradicted,
        &[&format!("Entry {seq} has another seal")],
    )?;
    let beyond = till
        .desk
        .compare_printed(&format!("900:{}", "0".repeat(16)))
        .await?;
    is(
        &beyond,
        JournalVerdict::Contradicted,
        &["The report names entry 900"],
    )?;
    let refused = till.desk.compare_printed("the last one").await;
    assert_eq!(
        refused.map_err(|e| (e.code, e.fields.len())),
        Err((ErrorCode::Invalid, 1))
    );
    Ok(())
}

#[tokio::test]
async fn another_tills_requests_say_nothing_of_this_journal() -> Result<()> {
    let till = Till::open().await?;
    held(&till).await?;
    // An empty ledger, as on a new PC: what it brings in is the other one's.
    let till = till
        .restart_after(|folder| Ok(std::fs::rename(folder, folder.with_extension("old"))?))
        .await?;
    till.desk.import_open().await?;
    let check = till.desk.compare_journal().await?;
    is(&check, JournalVerdict::NothingToCompare, &["no request"])?;
    till.opened(Kind::Tab, "Table 14", "20").await?;
    is(&till.desk.compare_journal().await?, JournalVerdict::Agrees, &[])
}
