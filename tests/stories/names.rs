//! A tab may be opened without a name. Nobody may read an empty place where it should be: not on the floor, in a
//! warning or a notification, nor on a paper or in a list.

use crate::{capture, decide};
use anyhow::{Context, Result, ensure};
use chrono::{DateTime, Utc};
use holdfast_desk::view::BannerCode;
use holdfast_desk::{Decision, Desk, Details, ExportKind, Notice, Notifier, OpenTab, PaperKind};
use holdfast_domain::{Hold, Kind, OperationKind, OperationState, TabId};
use holdfast_ledger::prelude::*;
use holdfast_ledger_sqlite::SqliteLedger;
use holdfast_tests::press::Press;
use holdfast_tests::{GOOD, KEY, Till, stepped::SteppedClock, typed};
use serde_json::Value;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

async fn nameless(till: &Till) -> Result<(TabId, Hold)> {
    let tab = till.opened(Kind::Tab, "", "50").await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    Ok((tab, till.hold(tab).await?))
}

/// Everything that a person reads, with where.
async fn all_that_is_read(till: &Till, tabs: &[TabId]) -> Result<Vec<(String, Value)>> {
    let desk = &till.desk;
    let mut read = vec![
        ("the floor".to_owned(), serde_json::to_value(desk.floor().await?)?),
        (
            "the night".to_owned(),
            serde_json::to_value(desk.night(&[]).await?)?,
        ),
        (
            "attention".to_owned(),
            serde_json::to_value(desk.attention().await?)?,
        ),
        (
            "notices".to_owned(),
            told_outside(till).await?.into_iter().map(Value::from).collect(),
        ),
    ];
    for finding in desk.findings().await? {
        read.push(("a warning".to_owned(), desk.finding_words(&finding).await?.into()));
    }
    for tab in tabs {
        let view = desk.tab(*tab).await?;
        for hold in &view.holds {
            for offer in &hold.papers {
                let paper = desk.paper(offer.kind, hold.id).await?;
                read.push((format!("{:?}", offer.kind), serde_json::to_value(paper)?));
            }
        }
        read.push(("a tab".to_owned(), serde_json::to_value(view)?));
    }
    for report in till.ledger.reports(None, 10).await? {
        let view = desk.report(report.number).await?;
        read.push(("a report".to_owned(), serde_json::to_value(view)?));
    }
    Ok(read)
}

/// What was told outside the window.
#[derive(Default)]
pub(crate) struct Told(pub(crate) Mutex<Vec<Notice>>);

#[async_trait::async_trait]
impl Notifier for Told {
    async fn tell(&self, notice: &Notice) -> bool {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(notice.clone());
        true
    }
}

/// What the system's notifications say at a start; nothing where nothing is due.
async fn told_outside(till: &Till) -> Result<Vec<String>> {
    let desk = &till.desk;
    if desk.warn(false).await?.is_empty() {
        return Ok(Vec::new());
    }
    let told = Arc::new(Told::default());
    let watch = tokio::spawn(Arc::clone(desk).keep_warning(told.clone()));
    // It lets a start settle for some seconds first.
    tokio::time::sleep(Duration::from_millis(20)).await;
    till.wind("00:00:06").await?;
    let notices = loop {
        let notices = told.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if !notices.is_empty() {
            break notices;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    watch.abort();
    Ok(notices.into_iter().map(|notice| notice.words).collect())
}

/// Where a name is missing: an empty cell or field, or a sentence that begins or goes on with what follows it.
fn gaps(place: &str, key: &str, value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => {
            let names = ["name", "words", "text", "label", "title"];
            let is_gap = text.starts_with(": ")
                || text.starts_with(" is ")
                || text.ends_with(": ")
                || text.contains(": : ")
                || (text.is_empty() && names.contains(&key));
            if is_gap {
                found.push(format!("{place}, {key}: {text:?}"));
            }
        }
        Value::Array(all) => all.iter().for_each(|one| gaps(place, key, one, found)),
        Value::Object(all) => all.iter().for_each(|(key, one)| gaps(place, key, one, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

async fn no_gap(till: &Till, tabs: &[TabId], when: &str) -> Result<()> {
    let mut found = Vec::new();
    for (place, value) in all_that_is_read(till, tabs).await? {
        gaps(&place, "", &value, &mut found);
    }
    ensure!(found.is_empty(), "{when}: {found:#?}");
    Ok(())
}

/// The cells under `heading` in a list.
fn column(text: &str, heading: &str) -> Result<Vec<String>> {
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    let cells = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
    let head = cells(lines.next().context("no heading")?);
    let place = head
        .iter()
        .position(|cell| cell == &format!("\"{heading}\""))
        .context("no such column")?;
    Ok(lines.filter_map(|line| cells(line).get(place).cloned()).collect())
}

async fn now(till: &Till) -> Result<DateTime<Utc>> {
    Ok(till.desk.floor().await?.now)
}

#[tokio::test]
async fn a_tab_without_a_name_is_called_something_wherever_it_is_read() -> Result<()> {
    let till = Till::open().await?;
    let waits = till.opened(Kind::Tab, "", "50").await?;
    let (stays, _) = nameless(&till).await?;
    let (taken, hold) = nameless(&till).await?;
    let with_tip = Decision {
        tip: 200,
        ..capture(&hold, 1_000)
    };
    till.desk.press(with_tip).await?;
    let (goes, hold) = nameless(&till).await?;
    till.desk.press(decide(&hold, OperationKind::Reversal, 0)).await?;
    let (elsewhere, hold) = nameless(&till).await?;
    let id = hold.intent_id.as_deref().context("no intent")?;
    till.client(KEY)?.capture(id, 700, None).await?;
    till.desk.sweep().await?;
    let (lost, hold) = nameless(&till).await?;
    till.fault("captures", "reset-before").await?;
    let unclear = till.desk.press(capture(&hold, 1_000)).await?;
    assert_eq!(unclear.state, OperationState::Unknown);
    let tabs = [waits, stays, taken, goes, elsewhere, lost];
    no_gap(&till, &tabs, "in the evening").await?;

    till.desk.make_report().await?;
    no_gap(&till, &tabs, "after the report").await?;
    let today = now(&till).await?.date_naive();
    let span = (
        today.pred_opt().context("no day")?,
        today.succ_opt().context("no day")?,
    );
    for kind in [ExportKind::Movements, ExportKind::Tips] {
        let list = till.desk.export(kind, span.0, span.1).await?;
        let guests = column(&list.text, "Guest")?;
        ensure!(!guests.is_empty(), "{}", list.text);
        ensure!(guests.iter().all(|cell| cell != "\"\""), "{}", list.text);
    }

    till.wind("6.12:00:00").await?;
    till.desk.sweep().await?;
    no_gap(&till, &tabs, "near the deadline").await?;
    let warned = till.desk.findings().await?;
    let mut told = Vec::new();
    for finding in &warned {
        told.push(till.desk.finding_words(finding).await?);
    }
    ensure!(
        told.iter().any(|words| words.starts_with("MC 1005: ")),
        "{told:#?}"
    );
    till.wind("12:00:00").await?;
    till.desk.sweep().await?;
    till.desk.sweep().await?;
    no_gap(&till, &tabs, "after the deadline").await
}

#[tokio::test]
async fn a_name_that_is_given_later_is_told_as_new() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = nameless(&till).await?;
    let named = Details {
        name: "Lena".to_owned(),
        place: None,
        email: None,
        note: None,
        arrives_on: None,
        departs_on: None,
    };
    till.desk.edit_tab(tab, named).await?;
    let history = till.desk.tab(tab).await?.history;
    let words = &history.first().context("no history")?.words;
    ensure!(words.contains("name none → Lena"), "{words}");
    Ok(())
}

#[tokio::test]
async fn what_was_cut_off_on_a_tab_without_a_name_is_told_with_one() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = nameless(&till).await?;
    till.fault("captures", "stall").await?;
    let (desk, decision) = (till.desk.clone(), capture(&hold, 1_000));
    let work = tokio::spawn(async move { desk.press(decision).await });
    while till.requests("POST", "/captures").await? < 1 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    work.abort();
    ensure!(work.await.is_err(), "the answer came");
    let till = till.restart().await?;
    let banners = till.desk.floor().await?.banners;
    let told = banners
        .iter()
        .find(|banner| banner.code == BannerCode::Interrupted);
    let told = &told.context("nobody is told")?.words;
    ensure!(told.starts_with("MC 1005: “Take £10.00”"), "{told}");
    no_gap(&till, &[tab], "after the restart").await
}

#[tokio::test]
async fn a_stranger_without_a_name_is_told_by_its_reference_and_brought_in_with_one() -> Result<()> {
    let till = Till::open().await?;
    let folder = tempfile::tempdir()?;
    let other = Arc::new(SqliteLedger::open(folder.path())?);
    let clock = Arc::new(SteppedClock::begin());
    let other_desk = Desk::new(other.clone(), till.client(KEY)?, clock);
    let tab = other_desk.open_tab(typed(Kind::Tab, "", "50")).await?;
    let theirs = other.holds(tab).await?.pop().context("no hold")?;
    till.pay(&theirs, GOOD).await?;
    till.desk.reconcile_recent().await?;
    let found = till.desk.findings().await?;
    let words = till
        .desk
        .finding_words(found.first().context("nobody is told")?)
        .await?;
    ensure!(words.starts_with("HF-"), "{words}");
    no_gap(&till, &[], "before it is brought in").await?;
    till.desk.import_open().await?;
    no_gap(&till, &[tab], "after it is brought in").await
}

#[tokio::test]
async fn a_paper_and_a_list_call_a_tab_what_the_floor_calls_it() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = nameless(&till).await?;
    till.desk.press(capture(&hold, 1_000)).await?;
    let called = till.desk.tab(tab).await?.row.name;
    assert_eq!(called, "MC 1005");
    let paper = till.desk.paper(PaperKind::Receipt, hold.id).await?;
    let guest = paper.facts.iter().find(|fact| fact.label == "Guest");
    assert_eq!(guest.context("no guest")?.text, called);
    let today = now(&till).await?.date_naive();
    let (from, to) = (
        today.pred_opt().context("no day")?,
        today.succ_opt().context("no day")?,
    );
    let list = till.desk.export(ExportKind::Movements, from, to).await?;
    let guests = column(&list.text, "Guest")?;
    ensure!(guests.iter().all(|cell| cell == "\"MC 1005\""), "{guests:?}");
    Ok(())
}

/// What turns the text after it around, hides in it, or breaks it.
const TRICKS: &str = "Ana\u{202e}\n Bo\u{200b}b\u{0}";

#[tokio::test]
async fn a_name_can_t_turn_a_sentence_around_or_hide_in_it() -> Result<()> {
    let till = Till::open().await?;
    let tricky = OpenTab {
        place: Some(format!("Bar {TRICKS}")),
        note: Some(format!("{TRICKS}\nnuts")),
        ..typed(Kind::Tab, TRICKS, "50")
    };
    let tab = till.desk.open_tab(tricky).await?;
    till.desk
        .add_line(tab, Some(format!("Ale {TRICKS}")), 1, "4.50")
        .await?;
    let view = till.desk.tab(tab).await?;
    ensure!(view.row.name == "Ana Bob", "{:?}", view.row.name);
    ensure!(
        view.row.place.as_deref() == Some("Bar Ana Bob"),
        "{:?}",
        view.row.place
    );
    ensure!(view.note.as_deref() == Some("Ana\nBob\nnuts"), "{:?}", view.note);
    till.desk
        .edit_tab(
            tab,
            Details {
                name: format!("Zoë {TRICKS}"),
                place: None,
                email: None,
                note: None,
                arrives_on: None,
                departs_on: None,
            },
        )
        .await?;
    let all = serde_json::to_string(&till.desk.tab(tab).await?)?;
    ensure!(
        all.contains("Zoë Ana Bob") && all.contains("Ale Ana Bob"),
        "{all}"
    );
    for mark in ['\u{202e}', '\u{200b}', '\u{0}'] {
        ensure!(!all.contains(mark), "{mark:?} is in {all}");
    }
    ensure!(!all.contains("\\u0000"), "{all}");
    Ok(())
}

#[tokio::test]
async fn a_name_from_right_to_left_leaves_the_amounts_around_it_alone() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Tab, "דוד", "50").await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    till.hold(tab).await?;
    let row = till.desk.tab(tab).await?.row;
    ensure!(row.name == "דוד", "where a name stands alone, it is itself");
    let again = till.desk.preview_new(&typed(Kind::Tab, "דוד", "20")).await?;
    let words = &again.same.first().context("nobody is told")?.words;
    ensure!(
        words.starts_with("\u{2068}דוד\u{2069} is already open"),
        "{words:?}"
    );
    let history = till.desk.tab(tab).await?.history;
    let told = history.iter().filter(|step| step.words.contains("דוד"));
    for step in told {
        ensure!(step.words.contains("\u{2068}דוד\u{2069}"), "{:?}", step.words);
    }
    for _ in 0..15 {
        till.wind("10:00:00").await?;
    }
    till.desk.sweep().await?;
    let floor = till.desk.floor().await?;
    let told = floor.banners.iter().filter(|banner| banner.words.contains("דוד"));
    let told: Vec<_> = told.map(|banner| banner.words.as_str()).collect();
    let outside = told_outside(&till).await?;
    for words in told.iter().copied().chain(outside.iter().map(String::as_str)) {
        ensure!(
            !words.contains("דוד") || words.contains("\u{2068}דוד\u{2069}"),
            "{words:?}"
        );
    }
    ensure!(outside.iter().any(|words| words.contains("דוד")), "{outside:?}");
    Ok(())
}

#[tokio::test]
async fn the_same_guest_typed_in_another_way_is_told_before_a_second_tab_is_opened() -> Result<()> {
    let till = Till::open().await?;
    till.opened(Kind::Tab, "Séan O’Brien-Łuk", "50").await?;
    for again in [
        "Séan O’Brien-Łuk",
        "sean o'brien luk",
        "  SEAN   OBRIEN LUK ",
        "Séan O\u{301}Brien Łuk",
        "Sean O`Brien - Luk",
    ] {
        let preview = till.desk.preview_new(&typed(Kind::Tab, again, "20")).await?;
        let told = preview.same.first().map(|same| same.words.as_str());
        ensure!(
            told.is_some_and(|words| words.starts_with("Séan O’Brien-Łuk is already open")),
            "{again}: {told:?}"
        );
    }
    for other in ["Sean Brien", "Sean O’Brien", "Table 1", "…", ""] {
        let preview = till.desk.preview_new(&typed(Kind::Tab, other, "20")).await?;
        ensure!(preview.same.is_empty(), "{other}: {:?}", preview.same);
    }
    Ok(())
}
