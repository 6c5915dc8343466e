//! Staff hear of every deadline in time, once, and again until somebody has seen it.

use crate::names::Told;
use anyhow::{Context, Result, bail};
use chrono::TimeDelta;
use holdfast_desk::view::BannerCode;
use holdfast_desk::{Desk, Notice, Notifier, Settings};
use holdfast_domain::{DeadlineAction, Finding, FindingKind, Kind, TabId};
use holdfast_ledger::prelude::*;
use holdfast_tests::{GOOD, KEY, Till, stepped::SteppedClock};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

/// A deposit of £120 that the guest has paid.
async fn held(till: &Till) -> Result<TabId> {
    let tab = till.opened(Kind::Deposit, "Room 21", "120").await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    till.desk.sweep().await?;
    Ok(tab)
}

/// Another start of the app on the same ledger, with a clock that the story winds.
fn started(till: &Till) -> Result<(Desk, Arc<SteppedClock>)> {
    let clock = Arc::new(SteppedClock::begin());
    let desk = Desk::new(till.ledger.clone(), till.client(KEY)?, clock.clone());
    Ok((desk, clock))
}

fn stages(findings: &[Finding]) -> Vec<String> {
    findings
        .iter()
        .filter_map(|f| Some(f.key.stage()?.name()))
        .collect()
}

#[tokio::test]
async fn each_warning_comes_once_counted_to_the_safe_time_and_outlives_a_restart() -> Result<()> {
    let till = Till::open().await?;
    let tab = held(&till).await?;
    let (desk, clock) = started(&till)?;
    assert_eq!(stages(&desk.warn(true).await?), [] as [&str; 0]);
    // 167 hours in all, the last 12 of them beyond the safe time.
    for (hours, stage) in [(108, "48h"), (24, "24h"), (18, "6h"), (4, "1h"), (2, "late")] {
        clock.set(TimeDelta::hours(hours));
        assert_eq!(
            stages(&desk.warn(false).await?),
            [stage],
            "the one before is over"
        );
        let told = desk.tab(tab).await?.history;
        let again = desk.warn(false).await?;
        assert_eq!(desk.tab(tab).await?.history, told, "it is written down once");
        let (restarted, its_clock) = started(&till)?;
        its_clock.set(clock_lead(&clock));
        assert_eq!(restarted.warn(false).await?, again);
        assert_eq!(restarted.tab(tab).await?.history, told);
    }
    let warned = |step: &&holdfast_desk::view::HistoryEntry| step.words.starts_with("Warned: Room 21");
    let history = desk.tab(tab).await?.history;
    assert_eq!(history.iter().filter(warned).count(), 5);
    assert_eq!(
        history.iter().find(warned).context("none")?.words,
        "Warned: Room 21: take or release £120.00 now. Dojo releases it within hours."
    );
    clock.set(TimeDelta::hours(12));
    assert_eq!(
        stages(&desk.warn(false).await?),
        [] as [&str; 0],
        "never after the end"
    );
    Ok(())
}

/// How far a clock was set ahead of the computer's.
fn clock_lead(clock: &SteppedClock) -> TimeDelta {
    use holdfast_desk::{Clock, SystemClock};
    clock.now() - SystemClock.now()
}

#[tokio::test]
async fn it_is_told_again_until_somebody_has_seen_it() -> Result<()> {
    let till = Till::open().await?;
    let tab = held(&till).await?;
    let (desk, clock) = started(&till)?;
    clock.set(TimeDelta::hours(109));
    let first = desk.warn(false).await?.pop().context("no warning")?;
    clock.run(Duration::from_secs(29 * 60));
    assert_eq!(desk.warn(false).await?, std::slice::from_ref(&first));
    clock.run(Duration::from_secs(60));
    let again = desk.warn(false).await?.pop().context("no warning")?;
    assert_eq!((again.at, again.is_open()), (first.at, true));
    assert_eq!(again.raised_at - first.raised_at, TimeDelta::minutes(30));
    // At a start all of it is told, whenever that was.
    clock.run(Duration::from_secs(60));
    let at_start = desk.warn(true).await?.pop().context("no warning")?;
    assert_eq!(at_start.raised_at - again.raised_at, TimeDelta::minutes(1));

    desk.acknowledge(&first.key.to_string()).await?;
    assert!(desk.findings().await?.is_empty());
    clock.run(Duration::from_secs(7_200));
    for is_start in [false, true] {
        assert!(desk.warn(is_start).await?.is_empty());
    }
    let seen = &desk.tab(tab).await?.history[0];
    assert!(seen.words.starts_with("Seen: Room 21"), "{}", seen.words);
    assert_eq!(seen.by, "Staff");
    Ok(())
}

#[tokio::test]
async fn a_start_that_finds_several_things_names_the_deadline_and_not_the_clock() -> Result<()> {
    let till = Till::open().await?;
    let tab = held(&till).await?;
    let (desk, clock) = started(&till)?;
    // Dojo's clock runs five days ahead of this computer's.
    till.wind("5.00:00:00").await?;
    desk.read(till.hold(tab).await?.id).await?;
    let (desk, told) = (Arc::new(desk), Arc::new(Told::default()));
    let watch = tokio::spawn(Arc::clone(&desk).keep_warning(told.clone()));
    let notices = loop {
        clock.run(Duration::from_secs(6));
        tokio::time::sleep(Duration::from_millis(20)).await;
        let notices = told.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if !notices.is_empty() {
            break notices;
        }
    };
    watch.abort();
    let kinds: Vec<FindingKind> = desk.findings().await?.iter().map(Finding::kind).collect();
    assert!(kinds.contains(&FindingKind::Clock), "{kinds:?}");
    let [notice] = notices.as_slice() else {
        bail!("{notices:#?}");
    };
    assert_eq!(notice.title, "2 things need attention");
    assert!(
        notice
            .words
            .starts_with("Starting with Room 21: take or release £120.00"),
        "{}",
        notice.words
    );
    Ok(())
}

/// A desktop whose notifications fail for a while, and how often they were asked for.
#[derive(Default)]
struct FailsTwice(AtomicUsize);

#[async_trait::async_trait]
impl Notifier for FailsTwice {
    async fn tell(&self, _: &Notice) -> bool {
        self.0.fetch_add(1, Ordering::SeqCst) >= 2
    }
}

#[tokio::test]
async fn a_notification_names_the_guest_only_if_the_venue_wants_that() -> Result<()> {
    let till = Till::open().await?;
    let tab = held(&till).await?;
    let reference = till.desk.tab(tab).await?.row.reference;
    for (names, expected, never) in [(true, "Room 21", &*reference), (false, &*reference, "Room 21")] {
        let settings = Settings {
            names_in_notices: names,
            ..till.desk.settings().await?
        };
        till.desk.save_settings(settings).await?;
        let (desk, clock) = started(&till)?;
        clock.set(TimeDelta::hours(109));
        let (desk, told) = (Arc::new(desk), Arc::new(Told::default()));
        let watch = tokio::spawn(Arc::clone(&desk).keep_warning(told.clone()));
        let words = tokio::time::timeout(Duration::from_secs(20), async {
            loop {
                clock.run(Duration::from_secs(6));
                let notices = told.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
                if let Some(first) = notices.first() {
                    break first.words.clone();
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        })
        .await?;
        watch.abort();
        assert!(words.contains(expected) && !words.contains(never), "{words}");
    }
    Ok(())
}

#[tokio::test]
async fn a_warning_that_can_t_be_recorded_is_told_all_the_same_and_recorded_later() -> Result<()> {
    let till = Till::open().await?;
    held(&till).await?;
    let (desk, clock) = started(&till)?;
    clock.set(TimeDelta::hours(109));
    // Whatever writes to the ledger is refused for as long as this goes on, as on a disk that takes nothing.
    let in_the_way = rusqlite::Connection::open(till.data().join("ledger.db"))?;
    in_the_way.execute_batch("BEGIN IMMEDIATE")?;
    let (desk, told) = (Arc::new(desk), Arc::new(Told::default()));
    let watch = tokio::spawn(Arc::clone(&desk).keep_warning(told.clone()));
    let count = || told.0.lock().unwrap_or_else(PoisonError::into_inner).len();
    tokio::time::timeout(Duration::from_secs(60), async {
        while count() == 0 {
            clock.run(Duration::from_secs(6));
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await?;
    assert_eq!(till.ledger.warnings().await?, [], "it was recorded after all");
    in_the_way.execute_batch("ROLLBACK")?;
    tokio::time::timeout(Duration::from_secs(60), async {
        while till.ledger.warnings().await?.is_empty() {
            clock.run(Duration::from_secs(6));
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        anyhow::Ok(())
    })
    .await??;
    watch.abort();
    Ok(())
}

#[tokio::test]
async fn what_could_not_be_told_is_told_again_until_it_is() -> Result<()> {
    let till = Till::open().await?;
    held(&till).await?;
    let (desk, clock) = started(&till)?;
    clock.set(TimeDelta::hours(109));
    let (desk, notifier) = (Arc::new(desk), Arc::new(FailsTwice::default()));
    let watch = tokio::spawn(Arc::clone(&desk).keep_warning(notifier.clone()));
    let asked = || notifier.0.load(Ordering::SeqCst);
    let mut looked_since = 0;
    // The watch wakes each second; some looks later it's still told once.
    while looked_since < 150 {
        clock.run(Duration::from_secs(6));
        tokio::time::sleep(Duration::from_millis(20)).await;
        looked_since += usize::from(asked() >= 3);
    }
    watch.abort();
    assert_eq!(asked(), 3, "two that failed, and the one that was seen");
    Ok(())
}

#[tokio::test]
async fn nobody_is_told_of_what_is_over() -> Result<()> {
    let till = Till::open().await?;
    let tab = held(&till).await?;
    let (desk, clock) = started(&till)?;
    clock.set(TimeDelta::hours(109));
    assert_eq!(desk.warn(false).await?.len(), 1);
    let id = till.hold(tab).await?.intent_id.context("no intent")?;
    till.client(KEY)?.reverse(&id).await?;
    till.desk.sweep().await?;
    let left = desk.warn(false).await?;
    assert_eq!(stages(&left), [] as [&str; 0]);
    let kinds: Vec<FindingKind> = left.iter().map(|f| f.kind()).collect();
    assert_eq!(kinds, [FindingKind::ReleasedElsewhere]);
    Ok(())
}

#[tokio::test]
async fn the_venue_says_when_it_wants_to_be_warned() -> Result<()> {
    let till = Till::open().await?;
    let with = |warning_hours: Vec<u16>| Settings {
        warning_hours,
        safe_hours: 0,
        ..Settings::default()
    };
    for wrong in [vec![], vec![0], vec![169], vec![1, 2, 3, 4, 5]] {
        let refused = till.desk.save_settings(with(wrong)).await.err();
        let fields = refused.context("it was saved")?.fields;
        assert_eq!(fields.first().map(|f| f.field.as_str()), Some("warningHours"));
    }
    till.desk.save_settings(with(vec![3, 100])).await?;
    held(&till).await?;
    let (desk, clock) = started(&till)?;
    for (hours, stage) in [(68, "100h"), (97, "3h")] {
        clock.set(TimeDelta::hours(hours));
        assert_eq!(stages(&desk.warn(false).await?), [stage]);
    }
    Ok(())
}

#[tokio::test]
async fn trouble_with_the_clock_is_told_once_and_counted_by_the_later_time() -> Result<()> {
    let till = Till::open().await?;
    let tab = held(&till).await?;
    let (desk, clock) = started(&till)?;
    desk.sweep().await?;
    // The battery is empty: 1970, and Dojo can't be reached.
    till.plug(false)?;
    let lead = TimeDelta::hours(110);
    clock.run(lead.to_std()?);
    let was = {
        use holdfast_desk::Clock;
        clock.now()
    };
    clock.set(TimeDelta::seconds(-was.timestamp()));
    let mut found = desk.warn(false).await?;
    found.sort_by_key(|f| f.key.to_string());
    let told: Vec<(FindingKind, bool)> = found.iter().map(|f| (f.kind(), f.is_open())).collect();
    assert_eq!(told, [(FindingKind::Clock, true), (FindingKind::Deadline, true)]);
    let words = desk.finding_words(&found[0]).await?;
    assert!(words.contains("year long past"), "{words}");
    assert_eq!(stages(&found), ["48h"], "the steady count went on");
    let floor = desk.floor().await?;
    assert!(
        floor
            .banners
            .iter()
            .any(|banner| banner.code == BannerCode::Clock)
    );
    assert_eq!(desk.warn(false).await?.len(), 2, "told once");
    // A restart offline knows no more than the ledger does.
    let (restarted, its_clock) = started(&till)?;
    its_clock.set(TimeDelta::seconds(-was.timestamp()));
    assert_eq!(stages(&restarted.warn(true).await?), ["48h"]);
    // Somebody sets it.
    clock.set(TimeDelta::seconds(was.timestamp()));
    let left = desk.warn(false).await?;
    assert_eq!(left.iter().filter(|f| f.kind() == FindingKind::Clock).count(), 0);
    assert_eq!(desk.tab(tab).await?.row.left.minor, 12_000);
    Ok(())
}

#[tokio::test]
async fn what_a_clock_that_ran_ahead_told_does_not_stand_for_the_real_warning() -> Result<()> {
    let till = Till::open().await?;
    held(&till).await?;
    let (desk, clock) = started(&till)?;
    // Nobody can know better while Dojo can't be reached.
    till.plug(false)?;
    clock.set(TimeDelta::hours(133));
    let early = desk.warn(false).await?.pop().context("no warning")?;
    assert_eq!(stages(std::slice::from_ref(&early)), ["24h"]);
    desk.acknowledge(&early.key.to_string()).await?;
    till.plug(true)?;
    desk.sweep().await?;
    // By Dojo's clock it has hardly begun; the later of the two still counts, and that is said.
    let both = desk.warn(false).await?;
    assert!(both.iter().any(|f| f.kind() == FindingKind::Clock), "{both:?}");
    clock.set(TimeDelta::hours(-133));
    desk.sweep().await?;
    assert!(desk.warn(false).await?.is_empty());
    clock.run(Duration::from_secs(132 * 3_600));
    let real = desk.warn(false).await?.pop().context("no warning")?;
    assert_eq!(stages(std::slice::from_ref(&real)), ["24h"]);
    assert!(real.is_open());
    Ok(())
}

#[tokio::test]
async fn what_dojo_did_at_the_deadline_is_found_and_told() -> Result<()> {
    for (action, kind) in [
        (DeadlineAction::Release, FindingKind::Lapsed),
        (DeadlineAction::Capture, FindingKind::TakenByDojo),
    ] {
        let till = Till::open().await?;
        let settings = Settings {
            deadline_action: action,
            ..Settings::default()
        };
        till.desk.save_settings(settings).await?;
        let tab = held(&till).await?;
        till.desk.add_line(tab, None, 1, "100").await?;
        till.wind("7.00:00:00").await?;
        till.desk.sweep().await?;
        let found = till.desk.findings().await?;
        let found = found
            .iter()
            .find(|f| f.kind() == kind)
            .context("nothing was found")?;
        assert_eq!((found.event.amount(), found.tab), (Some(12_000), Some(tab)));
        till.desk.sweep().await?;
        till.desk.acknowledge(&found.key.to_string()).await?;
        till.desk.sweep().await?;
        let again = till.desk.findings().await?;
        assert!(
            again.iter().all(|f| f.kind() != kind),
            "it is told once: {again:?}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_finding_is_not_lost_with_the_app() -> Result<()> {
    let till = Till::open().await?;
    held(&till).await?;
    till.wind("6.00:00:00").await?;
    till.desk.sweep().await?;
    let found = till.desk.warn(true).await?;
    assert!(!found.is_empty());
    let till = till.restart().await?;
    assert_eq!(till.ledger.findings().await?, found);
    Ok(())
}
