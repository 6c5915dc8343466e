//! Two tills on one ledger: what one decides, or is just sending, the other knows of and leaves alone.

use crate::decide;
use anyhow::{Context, Result, ensure};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_desk::view::{BannerCode, StateCode};
use holdfast_desk::{Clock, Desk, ErrorCode, Rounds, SystemClock};
use holdfast_domain::{
    Actor, Event, FindingKey, Hold, HoldId, Kind, Line, OperationKind, OperationState, Personal, Session,
    TabId, TillId,
};
use holdfast_ledger::prelude::*;
use holdfast_ledger::{Cursor, LedgerError, Note, Raises, Restored};
use holdfast_tests::counting::CountingLedger;
use holdfast_tests::press::Press;
use holdfast_tests::{GOOD, KEY, Till};
use std::sync::Arc;
use std::time::Duration;

/// A tab with a bill of £40 and two cards that hold £100 each.
async fn two_cards(till: &Till) -> Result<(TabId, [Hold; 2])> {
    let id = till.opened(Kind::Tab, "Two tills", "100").await?;
    till.pay(&till.hold(id).await?, GOOD).await?;
    till.desk.press_more(id, "100").await?;
    till.pay(&till.hold(id).await?, GOOD).await?;
    till.desk.add_line(id, None, 1, "40").await?;
    for hold in till.ledger.holds(id).await? {
        till.desk.read(hold.id).await?;
    }
    let holds = till.ledger.holds(id).await?;
    let holds = holds.try_into().ok().context("there are two")?;
    Ok((id, holds))
}

fn tills(till: &Till) -> Result<[Arc<Desk>; 2]> {
    Ok([till.one_of_several(1)?, till.one_of_several(2)?])
}

async fn captured(till: &Till) -> Result<i64> {
    let truth = till.truth().await?;
    let intents = truth["intents"].as_array().context("no intents")?;
    Ok(intents
        .iter()
        .filter_map(|intent| intent["captured"].as_i64())
        .sum())
}

/// Waits until a request to take has left.
async fn until_sent(till: &Till) -> Result<()> {
    while till.requests("POST", "/captures").await? == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Ok(())
}

#[tokio::test]
async fn two_tills_take_a_bill_once_though_each_takes_it_from_another_card() -> Result<()> {
    let till = Till::open().await?;
    let (_, [one, other]) = two_cards(&till).await?;
    let [bar, desk] = tills(&till)?;
    let seen = bar.seen_with(one.id).await?;
    let take = |hold: &Hold| {
        let mut decision = decide(hold, OperationKind::Capture, 4_000);
        decision.seen = seen.clone();
        decision
    };
    till.wire.dawdle(4);
    let (first, second) = tokio::join!(bar.operate(take(&one)), desk.operate(take(&other)));
    ensure!(captured(&till).await? == 4_000, "{first:?} {second:?}");
    let refused: Vec<ErrorCode> = [&first, &second]
        .iter()
        .filter_map(|result| result.as_ref().err().map(|error| error.code))
        .collect();
    assert_eq!(refused, [ErrorCode::Changed], "{first:?} {second:?}");
    Ok(())
}

#[tokio::test]
async fn a_line_is_taken_off_once_by_two_tills() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = two_cards(&till).await?;
    till.desk.add_line(tab, None, 1, "60").await?;
    let [bar, desk] = tills(&till)?;
    let line = till.ledger.lines(tab).await?.remove(0).id;
    let (first, second) = tokio::join!(bar.take_off(tab, line), desk.take_off(tab, line));
    first?;
    second?;
    let lines = till.ledger.lines(tab).await?;
    let off = lines.iter().filter(|off| off.takes_off == Some(line));
    assert_eq!(off.count(), 1);
    assert_eq!(lines.iter().map(Line::total).sum::<i64>(), 6_000);
    Ok(())
}

#[tokio::test]
async fn rounds_of_two_tills_are_both_on_the_bill_and_each_note_says_what_it_came_to() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = two_cards(&till).await?;
    let [bar, desk] = tills(&till)?;
    let (first, second) = tokio::join!(bar.add_line(tab, None, 1, "5"), desk.add_line(tab, None, 1, "7"));
    first?;
    second?;
    let bills: Vec<i64> = till
        .ledger
        .journal(tab)
        .await?
        .iter()
        .filter_map(|entry| {
            if let Event::LineAdded { bill, .. } = entry.event {
                Some(bill)
            } else {
                None
            }
        })
        .collect();
    assert_eq!(bills.last(), Some(&5_200), "{bills:?}");
    Ok(())
}

async fn state_of(till: &Till, hold: HoldId) -> Result<OperationState> {
    let newest = till.ledger.operations(hold).await?.pop();
    Ok(newest.context("nothing was decided")?.state)
}

#[tokio::test]
async fn what_another_till_is_sending_is_neither_interrupted_nor_unclear() -> Result<()> {
    let till = Till::open().await?;
    let (_, [one, _]) = two_cards(&till).await?;
    let [bar, desk] = tills(&till)?;
    till.fault("captures", "stall-before").await?;
    let looking = async {
        until_sent(&till).await?;
        for _ in 0..3 {
            desk.read(one.id).await?;
            let state = state_of(&till, one.id).await?;
            ensure!(state == OperationState::Intended, "it was judged: {state:?}");
        }
        anyhow::Ok(())
    };
    let (taken, looked) = tokio::join!(bar.press(decide(&one, OperationKind::Capture, 4_000)), looking);
    looked?;
    assert_eq!(taken?.state, OperationState::Unknown, "its own till says so");
    Ok(())
}

#[tokio::test]
async fn what_dojo_shows_is_settled_by_whoever_reads_it() -> Result<()> {
    let till = Till::open().await?;
    let (_, [one, _]) = two_cards(&till).await?;
    let [bar, desk] = tills(&till)?;
    // Dojo does it at once, and its answer never comes.
    till.fault("captures", "stall").await?;
    let looking = async {
        until_sent(&till).await?;
        while state_of(&till, one.id).await? == OperationState::Intended {
            desk.read(one.id).await?;
        }
        state_of(&till, one.id).await
    };
    let (taken, shown) = tokio::join!(bar.press(decide(&one, OperationKind::Capture, 4_000)), looking);
    assert_eq!(shown?, OperationState::Succeeded);
    assert_eq!(
        taken?.state,
        OperationState::Succeeded,
        "the lost answer takes nothing back"
    );
    assert_eq!(captured(&till).await?, 4_000);
    Ok(())
}

#[tokio::test]
async fn what_another_till_never_sent_is_judged_when_its_permit_is_long_over() -> Result<()> {
    let till = Till::open().await?;
    let (_, [one, _]) = two_cards(&till).await?;
    let [bar, desk] = tills(&till)?;
    till.fault("captures", "reset-before").await?;
    let taken = bar.press(decide(&one, OperationKind::Capture, 4_000)).await?;
    ensure!(taken.state == OperationState::Unknown, "{taken:?}");
    drop(bar);
    // 150 seconds after the permit's end at the earliest, by the other till's own spans: readings 22 seconds apart,
    // of which those from 44 on count.
    desk.read(one.id).await?;
    for reading in 1..=8 {
        till.wind("00:00:22").await?;
        desk.read(one.id).await?;
        let state = state_of(&till, one.id).await?;
        let expected = if reading < 8 {
            OperationState::Unknown
        } else {
            OperationState::Absent
        };
        assert_eq!(state, expected, "reading {reading}");
    }
    Ok(())
}

/// That the ledger was found to be older than it was.
fn older(at: DateTime<Utc>) -> Restored {
    Restored {
        at,
        knows_until: Some(at),
        backup: None,
        set_aside: None,
        read_again_at: None,
    }
}

fn found_older(at: DateTime<Utc>) -> Note {
    Note {
        at,
        by: Actor::Holdfast,
        tab: None,
        event: Event::FoundOlder,
        personal: Personal::default(),
        reference: None,
        raises: None,
    }
}

/// The server lost commits. Another till said so, and this one hears of it at work: its cursor is of the ledger before.
#[tokio::test]
async fn a_till_that_hears_at_work_that_the_ledger_is_older_has_every_hold_read_again() -> Result<()> {
    let till = Till::open().await?;
    two_cards(&till).await?;
    let [bar, desk] = tills(&till)?;
    let mut rounds = Rounds::default();
    bar.watch_beat(&mut rounds).await;
    let at = SystemClock.now();
    till.ledger.set_restored(&older(at), found_older(at)).await?;
    let mut before = Some(Cursor {
        of: uuid::Uuid::nil(),
        number: 1,
    });
    bar.hear_of_changes(&mut before).await;
    // The other till waits until they are read, and says how many there are.
    let says = async || -> Result<String> {
        let banners = desk.floor().await?.banners;
        let said = banners
            .into_iter()
            .find(|banner| banner.code == BannerCode::Restored);
        Ok(said.context("nobody says it")?.words)
    };
    let before = says().await?;
    ensure!(before.contains("2 to go"), "{before}");
    // Two holds, and then what the ledger doesn't know at all.
    for _ in 0..3 {
        bar.watch_beat(&mut rounds).await;
    }
    let read = till.ledger.restored().await?.context("it’s gone")?.read_again_at;
    ensure!(read.is_some(), "nobody read them");
    let after = says().await?;
    ensure!(after.contains("Every hold was read"), "{after}");
    Ok(())
}

/// The server lost commits once more while one till read every hold again.
#[tokio::test]
async fn a_ledger_that_is_found_older_once_more_has_every_hold_read_once_more() -> Result<()> {
    let till = Till::open().await?;
    two_cards(&till).await?;
    let [bar, _] = tills(&till)?;
    let first = SystemClock.now();
    till.ledger
        .set_restored(&older(first), found_older(first))
        .await?;
    // It knows what there is to read from here on.
    bar.floor().await?;
    let again = first + TimeDelta::seconds(1);
    till.ledger
        .set_restored(&older(again), found_older(again))
        .await?;
    let mut rounds = Rounds::default();
    bar.watch_beat(&mut rounds).await;
    let read = till.ledger.restored().await?.context("it’s gone")?.read_again_at;
    ensure!(read.is_none(), "those of the first time were");
    for _ in 0..3 {
        bar.watch_beat(&mut rounds).await;
    }
    let read = till.ledger.restored().await?.context("it’s gone")?.read_again_at;
    ensure!(read.is_some(), "nobody read them");
    Ok(())
}

/// When commits were lost is said by the server's clock, and that may be wrong. What a person decides after they heard
/// of it is decided after it; what they decided before may have been sent already.
#[tokio::test]
async fn a_server_whose_clock_is_wrong_keeps_nobody_from_deciding_and_lets_no_sheet_of_before_through()
-> Result<()> {
    for wrong in [TimeDelta::hours(1), TimeDelta::hours(-1)] {
        let till = Till::open().await?;
        let (_, [one, other]) = two_cards(&till).await?;
        let [bar, _] = tills(&till)?;
        bar.floor().await?;
        let take = async |desk: &Desk, hold: &Hold| -> Result<_> {
            let mut decision = decide(hold, OperationKind::Capture, 2_000);
            decision.seen = desk.seen_with(hold.id).await?;
            // The next one is of another millisecond.
            tokio::time::sleep(Duration::from_millis(5)).await;
            Ok(decision)
        };
        let of_before = take(&bar, &one).await?;
        let at = SystemClock.now() + wrong;
        till.ledger.set_restored(&older(at), found_older(at)).await?;
        let mut known = Some(Cursor {
            of: uuid::Uuid::nil(),
            number: 1,
        });
        bar.hear_of_changes(&mut known).await;
        let refused = bar.operate(of_before).await;
        let code = refused.as_ref().err().map(|error| error.code);
        ensure!(code == Some(ErrorCode::NotAllowed), "{wrong}: {refused:?}");
        bar.operate(take(&bar, &one).await?).await?;
        // One that is started after that.
        let later = till.one_of_several(3)?;
        tokio::time::sleep(Duration::from_millis(5)).await;
        later.operate(take(&later, &other).await?).await?;
        ensure!(captured(&till).await? == 4_000);
    }
    Ok(())
}

/// What was done elsewhere is a help. Whether the ledger is there, and what stands in it, doesn't wait for that.
#[tokio::test]
async fn a_till_that_can_t_hear_what_was_done_elsewhere_shows_what_the_ledger_has() -> Result<()> {
    let till = Till::open().await?;
    let ledger = Arc::new(CountingLedger::over(till.ledger.clone()));
    let session = Session {
        till: TillId(uuid::Uuid::from_u128(1)),
        number: 1,
    };
    let bar = Desk::of_till(ledger.clone(), till.client(KEY)?, Arc::new(SystemClock), session);
    let mut known = None;
    ledger.fail("changes", LedgerError::Unreachable);
    bar.hear_of_changes(&mut known).await;
    ensure!(bar.floor().await?.read_only.is_some(), "it’s away");
    ledger.fail("written", LedgerError::Storage("no such entry".to_owned()));
    bar.hear_of_changes(&mut known).await;
    let floor = bar.floor().await?;
    ensure!(floor.read_only.is_none(), "{:?}", floor.read_only);
    ensure!(known.is_some(), "the same would be heard for ever");
    Ok(())
}

/// What the ledger says of itself when its server lost commits.
fn lost(decisions: u32) -> Note {
    Note {
        at: SystemClock.now(),
        by: Actor::Holdfast,
        tab: None,
        event: Event::CommitsLost {
            till: "Bar 2".to_owned(),
            decisions,
        },
        personal: Personal::default(),
        reference: None,
        raises: Some(Raises {
            key: FindingKey::CommitsLost(uuid::Uuid::nil(), TillId(uuid::Uuid::from_u128(2))),
            hold: None,
        }),
    }
}

#[tokio::test]
async fn that_commits_were_lost_waits_for_a_person_with_who_found_it_and_what_to_do() -> Result<()> {
    let till = Till::open().await?;
    let [bar, desk] = tills(&till)?;
    let note = lost(3);
    let found = note.finding().context("it raises none")?;
    till.ledger.put_findings(vec![found], vec![note]).await?;
    let item = desk.attention().await?.items.pop().context("nobody is told")?;
    assert_eq!(item.state.code, StateCode::Lost);
    assert_eq!(item.name, "The shared ledger");
    let words = item.meaning.replace(['\u{2068}', '\u{2069}'], "");
    assert!(
        words.starts_with(
            "Bar 2 found that the shared ledger’s server lost entries it had confirmed. \
             3 of Bar 2’s decisions were missing."
        ),
        "{words}"
    );
    assert!(words.ends_with("tell your administrator."), "{words}");
    assert!(item.since.is_some());
    // It's told outside the window at each till, until a person at one of them has seen it.
    for one in [&bar, &desk] {
        assert_eq!(one.warn(true).await?.len(), 1);
    }
    bar.acknowledge(&item.key).await?;
    assert_eq!(desk.attention().await?.items, []);
    assert_eq!(desk.warn(false).await?, []);
    Ok(())
}

/// Its own way to Dojo was cut for a while, and only the till that has the watch reads by itself.
#[tokio::test]
async fn a_till_without_the_watch_hears_that_dojo_is_back() -> Result<()> {
    let till = Till::open().await?;
    let (_, [hold, _]) = two_cards(&till).await?;
    let ledger = Arc::new(CountingLedger::over(till.ledger.clone()));
    ledger.fail("lease", LedgerError::Busy);
    let bar = till.one_of_several_over(1, ledger)?;
    till.plug(false)?;
    let take = decide(&hold, OperationKind::Capture, 100);
    ensure!(bar.press(take).await.is_err());
    bar.watch_beat(&mut Rounds::default()).await;
    ensure!(!bar.floor().await?.online);
    till.plug(true)?;
    // It rests for some seconds after each try; one that begins its rounds doesn't.
    let mut rounds = Rounds::default();
    bar.watch_beat(&mut rounds).await;
    ensure!(bar.floor().await?.online, "nothing could be taken here for ever");
    let readings = till.requests("GET", "").await?;
    bar.watch_beat(&mut rounds).await;
    assert_eq!(
        till.requests("GET", "").await?,
        readings,
        "the watch is another’s"
    );
    Ok(())
}

/// A till's PC that stands somewhere.
struct Somewhere(&'static str);

#[async_trait::async_trait]
impl Clock for Somewhere {
    fn now(&self) -> DateTime<Utc> {
        SystemClock.now()
    }

    fn steady(&self) -> Duration {
        SystemClock.steady()
    }

    fn since_boot(&self) -> Duration {
        SystemClock.since_boot()
    }

    fn uuid(&self) -> uuid::Uuid {
        SystemClock.uuid()
    }

    fn zone(&self) -> String {
        self.0.to_owned()
    }
}

/// One stands in London, the other is a notebook that was set up in Tokyo. Their days would end nine hours apart.
#[tokio::test]
async fn tills_that_share_a_venue_count_its_days_by_one_time_zone() -> Result<()> {
    let till = Till::open().await?;
    till.desk.warn(true).await?;
    assert_eq!(till.desk.settings().await?.time_zone, "", "alone, the PC says it");
    let at = |number: u128, zone: &'static str| -> Result<Desk> {
        let session = Session {
            till: TillId(uuid::Uuid::from_u128(number)),
            number: 1,
        };
        let clock = Arc::new(Somewhere(zone));
        Ok(Desk::of_till(
            till.ledger.clone(),
            till.client(KEY)?,
            clock,
            session,
        ))
    };
    let (bar, notebook) = (at(1, "Europe/London")?, at(2, "Asia/Tokyo")?);
    for (desk, is_start) in [(&bar, true), (&notebook, true), (&bar, false)] {
        desk.warn(is_start).await?;
        assert_eq!(desk.settings().await?.time_zone, "Europe/London");
    }
    // A person's word counts.
    let mut settings = bar.settings().await?;
    settings.time_zone = "Europe/Paris".to_owned();
    bar.save_settings(settings).await?;
    notebook.warn(true).await?;
    assert_eq!(notebook.settings().await?.time_zone, "Europe/Paris");
    Ok(())
}
