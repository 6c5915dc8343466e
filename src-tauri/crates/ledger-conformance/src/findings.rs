//! What people have to hear of, once.

use super::sample::{authorised, note, now, opened, raising, read, seen};
use chrono::TimeDelta;
use holdfast_domain::*;
use holdfast_ledger::{Ledger, Note};

const KEY: &str = "lapsed/1";

fn raised(words: &str) -> Note {
    raising(words, FindingKind::Lapsed, KEY, None)
}

async fn tell(ledger: &dyn Ledger, note: Note) {
    ledger.put_findings(vec![], vec![note]).await.unwrap();
}

async fn words(ledger: &dyn Ledger) -> Vec<String> {
    let open = ledger.findings().await.unwrap();
    open.into_iter().map(|finding| finding.words).collect()
}

pub async fn a_note_makes_a_finding_with_what_it_says(ledger: &dyn Ledger) {
    let (tab, hold) = opened(ledger, "Amira").await;
    let note = Note {
        tab: Some(tab.id),
        amount: Some(4_000),
        ..raising("gone", FindingKind::Lapsed, KEY, Some(hold.id))
    };
    tell(ledger, note).await;
    let told = Finding {
        key: KEY.into(),
        kind: FindingKind::Lapsed,
        tab: Some(tab.id),
        hold: Some(hold.id),
        words: "gone".into(),
        amount: Some(4_000),
        at: now(),
        raised_at: now(),
        ended_at: None,
        seen_by: None,
    };
    assert_eq!(ledger.findings().await.unwrap(), std::slice::from_ref(&told));
    assert_eq!(ledger.finding(KEY).await.unwrap(), Some(told));
}

pub async fn a_finding_is_told_once_by_its_key(ledger: &dyn Ledger) {
    tell(ledger, raised("first")).await;
    tell(ledger, raised("second")).await;
    assert_eq!(words(ledger).await, ["first"]);
    assert_eq!(
        ledger.verify_journal().await.unwrap(),
        2,
        "both are in the journal"
    );
}

pub async fn a_finding_that_ended_by_itself_is_opened_again(ledger: &dyn Ledger) {
    tell(ledger, raised("first")).await;
    let ended = Finding {
        ended_at: Some(now()),
        ..ledger.finding(KEY).await.unwrap().unwrap()
    };
    ledger.put_findings(vec![ended.clone()], vec![]).await.unwrap();
    assert!(words(ledger).await.is_empty());
    assert_eq!(ledger.finding(KEY).await.unwrap(), Some(ended));
    tell(ledger, raised("second")).await;
    assert_eq!(words(ledger).await, ["second"]);
}

pub async fn a_finding_that_somebody_has_seen_stays_ended(ledger: &dyn Ledger) {
    tell(ledger, raised("first")).await;
    let seen = Finding {
        ended_at: Some(now()),
        seen_by: Some("Sam".into()),
        ..ledger.finding(KEY).await.unwrap().unwrap()
    };
    let notes = vec![note("seen")];
    ledger.put_findings(vec![seen.clone()], notes).await.unwrap();
    tell(ledger, raised("second")).await;
    assert!(words(ledger).await.is_empty());
    assert_eq!(ledger.finding(KEY).await.unwrap(), Some(seen));
}

pub async fn a_finding_is_added_or_changed_by_its_key(ledger: &dyn Ledger) {
    tell(ledger, raised("first")).await;
    let known = Finding {
        words: "changed".into(),
        raised_at: now() + TimeDelta::hours(1),
        ..ledger.finding(KEY).await.unwrap().unwrap()
    };
    let new = Finding {
        key: "lapsed/2".into(),
        words: "new".into(),
        ..known.clone()
    };
    ledger
        .put_findings(vec![known.clone(), new.clone()], vec![])
        .await
        .unwrap();
    assert_eq!(ledger.finding(KEY).await.unwrap(), Some(known));
    assert_eq!(ledger.finding("lapsed/2").await.unwrap(), Some(new));
    assert_eq!(ledger.findings().await.unwrap().len(), 2);
}

pub async fn warnings_are_what_was_told_of_deadlines_until_the_hold_is_over(ledger: &dyn Ledger) {
    let hold = authorised(ledger).await;
    let warning = |key| raising(key, FindingKind::Deadline, key, Some(hold.id));
    tell(ledger, warning("deadline/1/24h")).await;
    tell(ledger, warning("deadline/1/2h")).await;
    tell(ledger, raising("gone", FindingKind::Lapsed, KEY, Some(hold.id))).await;
    let ended = Finding {
        ended_at: Some(now()),
        ..ledger.finding("deadline/1/24h").await.unwrap().unwrap()
    };
    ledger.put_findings(vec![ended], vec![]).await.unwrap();
    let both = ["deadline/1/24h", "deadline/1/2h"];
    assert_eq!(
        warned(ledger).await,
        both,
        "on a hold that is not over: all of it"
    );
    read(ledger, hold.id, seen(IntentStatus::Captured, &[10_000])).await;
    assert_eq!(warned(ledger).await, ["deadline/1/2h"], "on others: what waits");
}

async fn warned(ledger: &dyn Ledger) -> Vec<String> {
    let warnings = ledger.warnings().await.unwrap();
    let mut keys: Vec<String> = warnings.into_iter().map(|finding| finding.key).collect();
    keys.sort();
    keys
}
