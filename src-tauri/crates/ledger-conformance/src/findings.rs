//! What people have to hear of, once.

use super::sample::{authorised, note, now, opened, raising, read, seen};
use chrono::TimeDelta;
use holdfast_domain::*;
use holdfast_ledger::{Ledger, Note};

const KEY: FindingKey = FindingKey::Clock;

fn raised(name: &str) -> Note {
    raising(name, KEY, None)
}

async fn tell(ledger: &dyn Ledger, note: Note) {
    ledger.put_findings(vec![], vec![note]).await.unwrap();
}

async fn names(ledger: &dyn Ledger) -> Vec<String> {
    let open = ledger.findings().await.unwrap();
    open.into_iter()
        .map(|finding| finding.personal.name.unwrap_or_default())
        .collect()
}

pub async fn a_note_makes_a_finding_with_what_it_says(ledger: &dyn Ledger) {
    let (tab, hold) = opened(ledger, "Amira").await;
    let note = Note {
        tab: Some(tab.id),
        event: Event::ReleasedAtDeadline { amount: 4_000 },
        ..raising("gone", FindingKey::Lapsed(hold.id), Some(hold.id))
    };
    tell(ledger, note).await;
    let told = Finding {
        key: FindingKey::Lapsed(hold.id),
        tab: Some(tab.id),
        hold: Some(hold.id),
        event: Event::ReleasedAtDeadline { amount: 4_000 },
        personal: Personal::name("gone"),
        at: now(),
        raised_at: now(),
        ended_at: None,
        seen_by: None,
    };
    assert_eq!(ledger.findings().await.unwrap(), std::slice::from_ref(&told));
    let key = FindingKey::Lapsed(hold.id);
    assert_eq!(ledger.finding(&key).await.unwrap(), Some(told));
}

pub async fn a_finding_is_told_once_by_its_key(ledger: &dyn Ledger) {
    tell(ledger, raised("first")).await;
    tell(ledger, raised("second")).await;
    assert_eq!(names(ledger).await, ["first"]);
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
        ..ledger.finding(&KEY).await.unwrap().unwrap()
    };
    ledger.put_findings(vec![ended.clone()], vec![]).await.unwrap();
    assert!(names(ledger).await.is_empty());
    assert_eq!(ledger.finding(&KEY).await.unwrap(), Some(ended));
    tell(ledger, raised("second")).await;
    assert_eq!(names(ledger).await, ["second"]);
}

pub async fn a_finding_that_somebody_has_seen_stays_ended(ledger: &dyn Ledger) {
    tell(ledger, raised("first")).await;
    let seen = Finding {
        ended_at: Some(now()),
        seen_by: Some(Actor::staff("Sam")),
        ..ledger.finding(&KEY).await.unwrap().unwrap()
    };
    let notes = vec![note("seen")];
    ledger.put_findings(vec![seen.clone()], notes).await.unwrap();
    tell(ledger, raised("second")).await;
    assert!(names(ledger).await.is_empty());
    assert_eq!(ledger.finding(&KEY).await.unwrap(), Some(seen));
}

pub async fn a_finding_is_added_or_changed_by_its_key(ledger: &dyn Ledger) {
    tell(ledger, raised("first")).await;
    let known = Finding {
        personal: Personal::name("changed"),
        raised_at: now() + TimeDelta::hours(1),
        ..ledger.finding(&KEY).await.unwrap().unwrap()
    };
    let new = Finding {
        key: FindingKey::Foreign("pi_2".into()),
        personal: Personal::name("new"),
        ..known.clone()
    };
    ledger
        .put_findings(vec![known.clone(), new.clone()], vec![])
        .await
        .unwrap();
    assert_eq!(ledger.finding(&KEY).await.unwrap(), Some(known));
    assert_eq!(ledger.finding(&new.key).await.unwrap(), Some(new));
    assert_eq!(ledger.findings().await.unwrap().len(), 2);
}

pub async fn warnings_are_what_was_told_of_deadlines_until_the_hold_is_over(ledger: &dyn Ledger) {
    let hold = authorised(ledger).await;
    let [day, hours] = [24, 2].map(|hours| FindingKey::Deadline(hold.id, Stage::Within(hours)));
    tell(ledger, raising("a day", day.clone(), Some(hold.id))).await;
    tell(ledger, raising("two hours", hours.clone(), Some(hold.id))).await;
    tell(
        ledger,
        raising("gone", FindingKey::Lapsed(hold.id), Some(hold.id)),
    )
    .await;
    let ended = Finding {
        ended_at: Some(now()),
        ..ledger.finding(&day).await.unwrap().unwrap()
    };
    ledger.put_findings(vec![ended], vec![]).await.unwrap();
    assert_eq!(
        warned(ledger).await,
        [hours.clone(), day],
        "on a hold that is not over: all of it"
    );
    read(ledger, hold.id, seen(IntentStatus::Captured, &[10_000])).await;
    assert_eq!(warned(ledger).await, [hours], "on others: what waits");
}

async fn warned(ledger: &dyn Ledger) -> Vec<FindingKey> {
    let warnings = ledger.warnings().await.unwrap();
    let mut keys: Vec<FindingKey> = warnings.into_iter().map(|finding| finding.key).collect();
    keys.sort();
    keys
}
