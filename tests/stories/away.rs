//! A shared ledger that is away for long: people hear of it once, and of deadlines by what this till knew.

use anyhow::{Context, Result, ensure};
use chrono::TimeDelta;
use holdfast_desk::view::StateCode;
use holdfast_desk::{Clock, Desk, Notice, Notifier, SystemClock, ToldWhileAway};
use holdfast_domain::{Kind, TabId};
use holdfast_ledger::ServerClock;
use holdfast_ledger::prelude::*;
use holdfast_tests::counting::CountingLedger;
use holdfast_tests::{GOOD, Till};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// One till of several with a tab that has £50 on hold, and its way to the ledger.
struct Several {
    till: Till,
    ledger: Arc<CountingLedger>,
    desk: Arc<Desk>,
    tab: TabId,
}

impl Several {
    async fn open() -> Result<Self> {
        let till = Till::open().await?;
        let tab = till.opened(Kind::Tab, "Niamh", "50").await?;
        till.pay(&till.hold(tab).await?, GOOD).await?;
        till.desk.read(till.hold(tab).await?.id).await?;
        let ledger = Arc::new(CountingLedger::over(till.ledger.clone()));
        let desk = till.one_of_several_over(1, ledger.clone())?;
        // It hears Dojo's time too.
        desk.read(till.hold(tab).await?.id).await?;
        let several = Self {
            till,
            ledger,
            desk,
            tab,
        };
        several.look().await?;
        Ok(several)
    }

    /// What the loops do while the ledger is there.
    async fn look(&self) -> Result<()> {
        self.desk.floor().await?;
        self.desk.venue_summary().await?;
        self.desk.warn(false).await?;
        Ok(())
    }

    async fn go_away(&self, is_away: bool) {
        self.ledger.go_away(is_away);
        self.desk.hear_of_changes(&mut None).await;
    }

    /// What is told outside the window: title and words, in the order in which they're told.
    fn told(&self, told: &mut ToldWhileAway) -> Result<Vec<(String, String)>> {
        let (notices, then) = self.desk.warn_while_away(told)?;
        *told = then;
        let plain = |words: String| words.replace(['\u{2068}', '\u{2069}'], "");
        Ok(notices
            .into_iter()
            .map(|notice| (notice.title, plain(notice.words)))
            .collect())
    }
}

#[tokio::test]
async fn after_five_minutes_it_is_told_once_and_the_tray_says_so_until_it_is_back() -> Result<()> {
    let several = Several::open().await?;
    several.go_away(true).await;
    let mut told = ToldWhileAway::default();
    several.till.wind("00:04:00").await?;
    assert_eq!(several.told(&mut told)?, []);
    assert_eq!(several.desk.venue_summary().await?.alarm, None);
    several.till.wind("00:01:00").await?;
    let said = several.told(&mut told)?;
    let [(title, words)] = &said[..] else {
        anyhow::bail!("{said:?}");
    };
    assert_eq!(title, "The shared ledger is away");
    ensure!(
        words.contains("Nobody is warned of deadlines meanwhile"),
        "{words}"
    );
    assert_eq!(several.told(&mut told)?, [], "once");
    let summary = several.desk.venue_summary().await?;
    ensure!(
        summary
            .alarm
            .as_ref()
            .is_some_and(|alarm| alarm.starts_with("The shared ledger is away since")),
        "{summary:?}"
    );
    assert_eq!(summary.open_count, 1, "as it was known last");
    several.go_away(false).await;
    assert_eq!(several.desk.venue_summary().await?.alarm, None);
    assert_eq!(several.told(&mut told)?, []);
    // The next time is another one.
    several.go_away(true).await;
    several.till.wind("00:05:00").await?;
    assert_eq!(several.told(&mut told)?.len(), 1);
    Ok(())
}

/// A desktop without notifications, and how often they were asked for.
#[derive(Default)]
struct Mute(AtomicUsize);

#[async_trait::async_trait]
impl Notifier for Mute {
    async fn tell(&self, _: &Notice) -> bool {
        self.0.fetch_add(1, Ordering::SeqCst);
        false
    }
}

#[tokio::test]
async fn where_it_can_t_be_told_it_is_tried_at_the_usual_looks_and_not_each_second() -> Result<()> {
    let several = Several::open().await?;
    let mute = Arc::new(Mute::default());
    let watch = tokio::spawn(Arc::clone(&several.desk).keep_warning(mute.clone()));
    // Its first look, while the ledger is there.
    several.till.wind("00:00:10").await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    several.go_away(true).await;
    several.till.wind("00:05:00").await?;
    // It wakes each second.
    tokio::time::sleep(Duration::from_secs(5)).await;
    watch.abort();
    let asked = mute.0.load(Ordering::SeqCst);
    ensure!(
        (1..=2).contains(&asked),
        "it was tried {asked} times in five seconds"
    );
    Ok(())
}

#[tokio::test]
async fn a_deadline_that_was_known_is_told_as_that_and_written_nowhere() -> Result<()> {
    let several = Several::open().await?;
    several.go_away(true).await;
    let mut told = ToldWhileAway::default();
    several.till.wind("00:05:00").await?;
    assert_eq!(several.told(&mut told)?.len(), 1, "the ledger’s being away alone");
    several.till.wind("6.00:00:00").await?;
    let due = several.told(&mut told)?;
    let [(title, words)] = &due[..] else {
        anyhow::bail!("{due:?}");
    };
    assert_eq!(title, "A hold ends soon");
    ensure!(
        words.starts_with("As known at ") && words.contains("Niamh: take or release £50.00"),
        "{words}"
    );
    assert_eq!(several.told(&mut told)?, [], "not again at the next look");
    assert_eq!(several.till.ledger.findings().await?, []);
    Ok(())
}

#[tokio::test]
async fn what_was_told_before_is_not_told_as_news() -> Result<()> {
    let several = Several::open().await?;
    several.till.wind("6.00:00:00").await?;
    several
        .desk
        .read(several.till.hold(several.tab).await?.id)
        .await?;
    several.look().await?;
    let known = several.till.ledger.warnings().await?;
    ensure!(known.len() == 1, "{known:?}");
    several.go_away(true).await;
    several.till.wind("00:05:00").await?;
    let told = several.told(&mut ToldWhileAway::default())?;
    assert_eq!(told.len(), 1, "{told:?}");
    Ok(())
}

#[tokio::test]
async fn a_till_alone_is_never_away() -> Result<()> {
    let till = Till::open().await?;
    till.desk.hear_of_changes(&mut None).await;
    till.wind("00:10:00").await?;
    let (notices, _) = till.desk.warn_while_away(&ToldWhileAway::default())?;
    assert_eq!(notices, []);
    assert_eq!(till.desk.venue_summary().await?.alarm, None);
    Ok(())
}

#[tokio::test]
async fn clocks_that_differ_by_more_than_two_minutes_are_said_with_the_tills_name() -> Result<()> {
    let several = Several::open().await?;
    let says = |minutes| ServerClock {
        at: SystemClock.now() + TimeDelta::minutes(minutes),
        till: "Bar 2".to_owned(),
    };
    several.ledger.show_clock(says(1));
    assert_eq!(several.desk.warn(false).await?, []);
    several.ledger.show_clock(says(-7));
    several.desk.warn(false).await?;
    let item = several
        .desk
        .attention()
        .await?
        .items
        .pop()
        .context("nobody is told")?;
    assert_eq!(item.state.code, StateCode::Clock);
    let words = item.meaning.replace(['\u{2068}', '\u{2069}'], "");
    ensure!(
        words.starts_with("At Bar 2: This PC’s clock and the ledger server’s differ by"),
        "{words}"
    );
    // Another till whose clock is right neither ends it nor says it of itself.
    let other = several.till.one_of_several(2)?;
    assert_eq!(other.warn(false).await?.len(), 1);
    several.ledger.show_clock(says(0));
    assert_eq!(several.desk.warn(false).await?, []);
    Ok(())
}
