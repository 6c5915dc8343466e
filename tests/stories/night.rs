//! The end of the night: one confirm for all that is open, faults in the middle of it, a stop and a restart.

use crate::decide;
use crate::refunds::{refund, table, take};
use anyhow::{Context, Result, ensure};
use holdfast_desk::NightDeedCode;
use holdfast_desk::RowProgress;
use holdfast_desk::view::Money;
use holdfast_desk::{ClosedAsked, Night, NightAction, NightChoice, NightRow, Settings, TakeTyped};
use holdfast_domain::{Kind, OperationKind, TabId};
use holdfast_ledger::prelude::*;
use holdfast_tests::press::Press;
use holdfast_tests::{GOOD, Till};
use std::time::{Duration, Instant};

/// A tab that is paid for and has a bill.
/// A tick beside a row that would be taken.
fn ticked(tab_id: TabId) -> NightChoice {
    NightChoice {
        tab_id,
        action: Some(NightAction::Take),
        typed: TakeTyped::default(),
    }
}

async fn tab(till: &Till, name: &str, bill: &str) -> Result<TabId> {
    let id = till.opened(Kind::Tab, name, "100").await?;
    till.pay(&till.hold(id).await?, GOOD).await?;
    till.hold(id).await?;
    if bill != "0" {
        till.desk.add_line(id, None, 1, bill).await?;
    }
    Ok(id)
}

fn flags(row: &NightRow) -> Vec<&str> {
    row.flags.iter().map(|flag| flag.words.as_str()).collect()
}

pub(crate) async fn ended(till: &Till) -> Result<Night> {
    let begun = Instant::now();
    loop {
        let night = till.desk.night(&[]).await?;
        if night.run.as_ref().is_some_and(|run| !run.is_running()) {
            return Ok(night);
        }
        ensure!(begun.elapsed() < Duration::from_secs(60), "it never ends");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn captured_at_dojo(till: &Till) -> Result<i64> {
    let truth: serde_json::Value = reqwest::get(format!("{}/_simulator/truth", till.address()))
        .await?
        .json()
        .await?;
    let intents = truth["intents"].as_array().context("no intents")?;
    let captures = intents
        .iter()
        .flat_map(|i| i["captures"].as_array().into_iter().flatten());
    Ok(captures
        .filter(|c| c["status"] == "Successful")
        .map(|c| c["amount"].as_i64().unwrap_or(0) + c["tipsAmount"].as_i64().unwrap_or(0))
        .sum())
}

#[tokio::test]
async fn a_bill_over_what_can_be_taken_is_ticked_by_a_person_and_takes_what_can_be_taken() -> Result<()> {
    let till = Till::open().await?;
    let id = tab(&till, "Table 3", "150").await?;
    let take = till.desk.preview_take(id, &TakeTyped::default()).await?;
    assert!(take.over.is_some(), "more is due than is held");
    let first = till.hold(id).await?;
    for (kind, amount) in [(OperationKind::Capture, 6_000), (OperationKind::Refund, 5_000)] {
        let decision = decide(&first, kind, amount);
        till.desk.press(decision).await?;
    }
    // What is left of the first hold can't be taken any more; a second one can.
    till.desk.press_more(id, "50").await?;
    till.pay(&till.hold(id).await?, GOOD).await?;
    till.hold(id).await?;
    let night = till.desk.night(&[]).await?;
    let row = night.rows.first().context("no row")?;
    assert_eq!(
        (row.action, row.tick),
        (NightAction::Leave, Some(NightAction::Take))
    );
    assert!(
        flags(row).iter().any(|flag| flag.ends_with(" over")),
        "{:?}",
        flags(row)
    );
    let night = till.desk.night(&[ticked(id)]).await?;
    let row = night.rows.first().context("no row")?;
    assert_eq!((row.action, row.total.minor), (NightAction::Take, 5_000));
    Ok(())
}

#[tokio::test]
async fn defaults_flags_and_totals() -> Result<()> {
    let till = Till::open().await?;
    let usual = tab(&till, "Usual", "40").await?;
    let over = tab(&till, "Over", "130").await?;
    let empty = tab(&till, "Empty", "0").await?;
    let unpaid = till.opened(Kind::Tab, "Unpaid", "50").await?;
    till.hold(unpaid).await?;
    let stays = till.opened(Kind::Deposit, "Stays", "200").await?;
    till.pay(&till.hold(stays).await?, GOOD).await?;
    till.hold(stays).await?;
    let night = till.desk.night(&[]).await?;
    let untouched = night
        .rows
        .iter()
        .find(|row| row.tab.id == over)
        .context("no row")?;
    assert_eq!(
        untouched.action,
        NightAction::Leave,
        "a person ticks what is over its hold"
    );
    assert!(flags(untouched).contains(&"£30.00 over"));
    let place = untouched.flags.iter().find_map(|flag| flag.place);
    assert_eq!(
        place,
        Some("Request the rest on its tab."),
        "no key of the night takes it"
    );
    let night = till.desk.night(&[ticked(over)]).await?;
    let of = |id| night.rows.iter().find(|r| r.tab.id == id).context("no row");
    assert_eq!(
        (of(usual)?.action, of(usual)?.total.minor),
        (NightAction::Take, 4_000)
    );
    assert_eq!(
        (of(over)?.action, of(over)?.total.minor),
        (NightAction::Take, 10_000)
    );
    assert!(flags(of(over)?).contains(&"£30.00 short"));
    assert_eq!(of(empty)?.action, NightAction::Release);
    assert_eq!(of(unpaid)?.action, NightAction::Leave);
    assert!(flags(of(unpaid)?).contains(&"Card never added"));
    assert_eq!(of(stays)?.action, NightAction::Leave);
    assert_eq!(
        night.sentence,
        "Take £140.00 from 2 tabs, release £100.00 on 1 tab, leave 2 tabs open."
    );
    assert_eq!(night.button, "Take £140.00, release £100.00");
    assert_eq!(night.confirm, "Take £140.00, release £100.00");
    let back: Vec<&str> = night.back.iter().map(|money| money.text.as_str()).collect();
    assert_eq!(
        back,
        ["£60.00"],
        "of the usual one; what is released isn't left to drop off"
    );
    let ticks = [usual, over, empty, unpaid, stays].map(|id| of(id).map(|row| row.tick));
    let ticks: Vec<_> = ticks.into_iter().collect::<Result<_>>()?;
    assert_eq!(
        ticks,
        [
            Some(NightAction::Take),
            Some(NightAction::Take),
            Some(NightAction::Release),
            Some(NightAction::Cancel),
            Some(NightAction::Release)
        ],
        "what a tick beside each means"
    );

    let choices = [
        ticked(over),
        NightChoice {
            tab_id: usual,
            action: None,
            typed: TakeTyped {
                tip: Some("5".to_owned()),
                ..TakeTyped::default()
            },
        },
        NightChoice {
            tab_id: unpaid,
            action: Some(NightAction::Cancel),
            typed: TakeTyped::default(),
        },
    ];
    let night = till.desk.night(&choices).await?;
    let deeds: Vec<_> = night
        .deeds
        .iter()
        .map(|deed| {
            let sums: Vec<&str> = deed.sums.iter().map(|money| money.text.as_str()).collect();
            (deed.code, deed.words.as_str(), sums.join(" "))
        })
        .collect();
    let is = |code, words, sum: &str| (code, words, sum.to_owned());
    assert_eq!(deeds.len(), 6, "{deeds:?}");
    for deed in [
        is(NightDeedCode::Take, "Take from 2 tabs", "£145.00"),
        is(NightDeedCode::Short, "1 bill short", "£30.00"),
        is(NightDeedCode::Release, "Release 1 tab", "£100.00"),
        is(NightDeedCode::Cancel, "Cancel 1 unpaid request", "£50.00"),
        is(NightDeedCode::Leave, "Leave 1 tab open", "£200.00"),
    ] {
        assert!(deeds.contains(&deed), "{deeds:#?}");
    }
    assert_eq!(
        night.deeds[0].about,
        "Bill £170.00 + tips £5.00 − £30.00 beyond the holds"
    );
    assert!(deeds.iter().any(|(code, words, sum)| {
        *code == NightDeedCode::Back && words.starts_with("Drops off the cards by ") && sum == "£55.00"
    }));
    let wrong = till
        .desk
        .close_night(&choices, &till.desk.night(&[]).await?.seen())
        .await;
    assert!(wrong.is_err(), "what was seen is not what is there");
    till.desk.close_night(&choices, &night.seen()).await?;
    let night = ended(&till).await?;
    let run = night.run.as_ref().context("no run")?;
    assert_eq!((run.done, run.total, run.is_interrupted()), (4, 4, false));
    assert!(
        run.rows.iter().all(|r| r.state.code == RowProgress::Done),
        "{run:#?}"
    );
    let words: Vec<_> = run.rows.iter().map(|row| row.state.words.as_str()).collect();
    for said in [
        "Taken £45.00",
        "Taken £100.00",
        "Released £100.00",
        "Request cancelled",
    ] {
        assert!(words.contains(&said), "{words:?}");
    }
    let text = |sums: &[Money]| sums.iter().map(|money| money.text.clone()).collect::<Vec<_>>();
    assert_eq!(text(&run.bills), ["£170.00"]);
    assert_eq!(text(&run.tips), ["£5.00"]);
    assert_eq!(text(&run.taking), ["£145.00"]);
    assert_eq!(text(&run.taken), ["£145.00"]);
    assert_eq!(night.rows.iter().map(|r| r.tab.id).collect::<Vec<_>>(), [stays]);
    assert_eq!(captured_at_dojo(&till).await?, 14_500);
    Ok(())
}

#[tokio::test]
async fn what_is_being_taken_is_not_called_too_much_for_its_hold() -> Result<()> {
    let till = Till::open().await?;
    let fits = tab(&till, "Fits", "40").await?;
    let over = tab(&till, "Over", "130").await?;
    let half = tab(&till, "Half", "80").await?;
    for (tab_id, bill) in [(fits, "40"), (over, "100"), (half, "30")] {
        till.fault("captures", "capture-declined-later").await?;
        let typed = TakeTyped {
            bill: Some(bill.to_owned()),
            ..TakeTyped::default()
        };
        till.desk.press_take(tab_id, typed).await?;
    }
    let night = till.desk.night(&[]).await?;
    let of = |id| night.rows.iter().find(|r| r.tab.id == id).context("no row");
    assert_eq!(flags(of(fits)?), ["Take pending, £40.00"]);
    assert_eq!(flags(of(over)?)[..2], ["Take pending, £100.00", "£30.00 over"]);
    assert_eq!(flags(of(half)?)[..1], ["Take pending, £30.00"]);
    assert!(!flags(of(half)?).iter().any(|words| words.contains("over")));
    Ok(())
}

#[tokio::test]
async fn forty_tabs_three_faults_and_none_twice() -> Result<()> {
    let till = Till::open().await?;
    for number in 1..=40 {
        tab(&till, &format!("Tab {number}"), "25").await?;
    }
    // A decline later, a time-out after the work, a 500; every other answer takes some 200 ms.
    for fault in ["capture-declined-later", "stall", "500-after"] {
        till.fault("captures", fault).await?;
    }
    for _ in 3..40 {
        till.fault_after("captures", "slow-drip", 1).await?;
    }
    let night = till.desk.night(&[]).await?;
    till.desk.close_night(&[], &night.seen()).await?;
    let night = ended(&till).await?;
    let run = night.run.context("no run")?;
    let troubled: Vec<_> = run
        .rows
        .iter()
        .filter(|r| r.state.code != RowProgress::Done)
        .collect();
    assert_eq!(troubled.len(), 1, "{troubled:#?}");
    assert_eq!(till.requests("POST", "/captures").await?, 40, "one request a tab");
    assert_eq!(captured_at_dojo(&till).await?, 39 * 2_500);
    let report = till.ledger.report(1).await?;
    let taken: i64 = report.sums.iter().map(|sums| sums.sums.taken).sum();
    assert_eq!(taken, 39 * 2_500, "to the penny what Dojo took");
    let left: Vec<&str> = report.leftovers.iter().map(|left| left.name.as_str()).collect();
    assert_eq!(
        left,
        troubled.iter().map(|row| row.name.as_str()).collect::<Vec<_>>()
    );
    let closed = till.desk.closed(&ClosedAsked::default(), None).await?.rows;
    assert_eq!(closed.iter().map(|r| r.captured.minor).sum::<i64>(), 39 * 2_500);
    Ok(())
}

/// What Dojo has yet to confirm has one word and one tone, in the run and on the floor.
#[tokio::test]
async fn a_take_that_is_not_confirmed_reads_the_same_everywhere() -> Result<()> {
    for (is_lost, words) in [(false, "Take pending"), (true, "Not confirmed")] {
        let till = Till::open().await?;
        tab(&till, "One", "10").await?;
        till.switch(|s| s.capture_settles_after = 600)?;
        if is_lost {
            till.fault_after("captures", "late", 1_800).await?;
        }
        let night = till.desk.night(&[]).await?;
        till.desk.close_night(&[], &night.seen()).await?;
        let run = ended(&till).await?.run.context("no run")?;
        let (said, floor) = (
            &run.rows[0].state,
            &run.rows[0].tab.as_ref().context("gone")?.state,
        );
        assert_eq!(
            (said.words.as_str(), said.tone),
            (floor.words.as_str(), floor.tone)
        );
        assert_eq!(said.words, words);
    }
    Ok(())
}

#[tokio::test]
async fn one_at_a_time_the_next_is_sent_while_the_last_one_is_still_being_settled() -> Result<()> {
    let till = Till::open().await?;
    for name in ["First", "Second"] {
        tab(&till, name, "10").await?;
    }
    let one_by_one = Settings {
        night_at_once: 1,
        ..till.desk.settings().await?
    };
    till.desk.save_settings(one_by_one).await?;
    // Dojo takes its time with the first, and then declines.
    till.fault_after("captures", "capture-declined-later", 1).await?;
    let night = till.desk.night(&[]).await?;
    till.desk.close_night(&[], &night.seen()).await?;
    let run = ended(&till).await?.run.context("no run")?;
    let states: Vec<RowProgress> = run.rows.iter().map(|row| row.state.code).collect();
    assert_eq!(states, [RowProgress::Trouble, RowProgress::Done]);
    let sent: Vec<_> = till.wire.exchanges().into_iter().map(|e| e.request).collect();
    let captures: Vec<usize> = (0..sent.len())
        .filter(|at| sent[*at].path_and_query.ends_with("/captures"))
        .collect();
    let [first, second] = captures.as_slice() else {
        anyhow::bail!("{captures:?}");
    };
    let intent = sent[*first].path_and_query.trim_end_matches("/captures");
    let is_asked_after = |at: &usize| sent[*at].path_and_query.starts_with(&format!("{intent}?"));
    let last = (0..sent.len())
        .rev()
        .find(is_asked_after)
        .context("never asked after")?;
    ensure!(second < &last, "the second waited until the first was settled");
    Ok(())
}

#[tokio::test]
async fn what_was_decided_by_hand_meanwhile_is_not_done_again() -> Result<()> {
    let till = Till::open().await?;
    for name in ["One", "Two", "Three"] {
        tab(&till, name, "10").await?;
    }
    let one_by_one = Settings {
        night_at_once: 1,
        ..till.desk.settings().await?
    };
    till.desk.save_settings(one_by_one).await?;
    let night = till.desk.night(&[]).await?;
    till.fault("captures", "stall").await?;
    till.desk.close_night(&[], &night.seen()).await?;
    while till.requests("POST", "/captures").await? == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    till.desk.stop_night().await?;
    let run = ended(&till).await?.run.context("no run")?;
    let left: Vec<TabId> = run
        .rows
        .iter()
        .filter(|r| r.state.code == RowProgress::Left)
        .map(|r| r.tab_id)
        .collect();
    let [by_hand, one_more_round] = left.as_slice() else {
        anyhow::bail!("{run:#?}");
    };
    till.desk.press_take(*by_hand, TakeTyped::default()).await?;
    till.desk.add_line(*one_more_round, None, 1, "5").await?;

    let till = till.restart().await?;
    till.desk.continue_night().await?;
    let run = ended(&till).await?.run.context("no run")?;
    for row in run.rows.iter().filter(|row| left.contains(&row.tab_id)) {
        let words = &row.state.words;
        ensure!(
            words.contains("Nothing was sent")
                && (words.contains(" by Staff") || words.contains("added to the bill")),
            "{row:?}"
        );
    }
    assert_eq!(
        captured_at_dojo(&till).await?,
        2_000,
        "the one that was sent, and the one by hand"
    );
    assert_eq!(till.requests("POST", "/captures").await?, 2);
    Ok(())
}

#[tokio::test]
async fn stopped_and_started_again_it_goes_on_and_repeats_nothing() -> Result<()> {
    let till = Till::open().await?;
    for number in 1..=12 {
        tab(&till, &format!("Tab {number}"), "10").await?;
    }
    let night = till.desk.night(&[]).await?;
    // The first answers hang for a moment, so that there is a middle to stop in.
    for _ in 0..4 {
        till.fault("captures", "stall").await?;
    }
    let seen = night.seen();
    let stop = async {
        while till.requests("POST", "/captures").await? == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        till.desk.stop_night().await?;
        anyhow::Ok(())
    };
    let (begun, stopped) = tokio::join!(till.desk.close_night(&[], &seen), stop);
    begun?;
    stopped?;
    let night = ended(&till).await?;
    let run = night.run.context("no run")?;
    assert!(
        run.is_interrupted() && run.done < 12,
        "{} of {}",
        run.done,
        run.total
    );
    assert!(!night.ready, "a second run waits for the first");

    let till = till.restart().await?;
    let night = till.desk.night(&[]).await?;
    assert!(night.run.context("the run was forgotten")?.is_interrupted());
    till.desk.continue_night().await?;
    let night = ended(&till).await?;
    let run = night.run.context("no run")?;
    assert_eq!((run.done, run.is_interrupted()), (12, false), "{run:#?}");
    assert_eq!(till.requests("POST", "/captures").await?, 12);
    assert_eq!(captured_at_dojo(&till).await?, 12_000);
    till.ledger.verify_journal().await?;
    Ok(())
}

/// The guest got £20 of £50 back: £30 is paid.
#[tokio::test]
async fn at_night_paid_is_what_was_not_given_back() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "50", "50").await?;
    take(&till, tab, "50", "0", "0").await?;
    refund(&till, &hold, ["20", "", ""], false).await?;
    let night = till.desk.night(&[]).await?;
    let flags: Vec<_> = night.rows[0].flags.iter().map(|f| f.words.clone()).collect();
    assert!(flags.iter().any(|words| words == "Paid £30.00"), "{flags:?}");
    Ok(())
}

/// Staff stop in the middle and let the rest be: those tabs stay on the floor, and a new night may begin.
#[tokio::test]
async fn a_night_that_is_left_lets_another_one_begin() -> Result<()> {
    let till = Till::open().await?;
    for number in 1..=3 {
        tab(&till, &format!("Tab {number}"), "10").await?;
    }
    let one_by_one = Settings {
        night_at_once: 1,
        ..till.desk.settings().await?
    };
    till.desk.save_settings(one_by_one).await?;
    let night = till.desk.night(&[]).await?;
    till.fault("captures", "stall").await?;
    till.desk.close_night(&[], &night.seen()).await?;
    while till.requests("POST", "/captures").await? == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    till.desk.stop_night().await?;
    ensure!(ended(&till).await?.run.context("no run")?.is_interrupted());
    let night = till.desk.leave_rest_of_night().await?;
    assert!(night.run.is_none_or(|run| !run.is_interrupted()));
    assert!(night.ready, "what is left can be closed anew");
    let left = night.rows.len();
    assert!((1..=2).contains(&left), "{left} of 3 are left");
    Ok(())
}
