//! After a backup was put back the ledger knows less than Dojo: nobody may act on what it says of
//! money, nothing is sent a second time, and what is missing comes back.

use crate::decide;
use crate::refunds::{newest, sweeps, table};
use anyhow::{Context, Result, ensure};
use chrono::TimeDelta;
use holdfast_desk::view::{BannerCode, StateCode};
use holdfast_desk::{Clock, Decision, Desk, ErrorCode, OpenTab, SystemClock, Take, TakeTyped};
use holdfast_domain::{Currency, Hold, Kind, OperationId, OperationKind, OperationState, TabId};
use holdfast_ledger::prelude::*;
use holdfast_ledger_sqlite::SqliteLedger;
use holdfast_tests::press::Press;
use holdfast_tests::stepped::SteppedClock;
use holdfast_tests::{GOOD, KEY, Till};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use uuid::{NoContext, Timestamp, Uuid};

async fn held(till: &Till, name: &str) -> Result<(TabId, Hold)> {
    let tab = till.opened(Kind::Tab, name, "100").await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    Ok((tab, till.hold(tab).await?))
}

/// Closes the till, puts its newest backup back as a person would, and opens it again.
pub(crate) async fn restored(till: Till) -> Result<Till> {
    let backups = till.ledger.backups().await?;
    let name = backups.first().context("no backup")?.name.clone();
    let till = till
        .restart_after(|folder| {
            SqliteLedger::restore(folder, &name, SystemClock.now())?;
            Ok(())
        })
        .await?;
    assert!(is_told(&till.desk).await?);
    Ok(till)
}

async fn is_told(desk: &Desk) -> Result<bool> {
    let banners = desk.floor().await?.banners;
    Ok(banners
        .iter()
        .any(|b| b.code == BannerCode::Restored && b.words.contains("checking every hold with Dojo")))
}

#[tokio::test]
async fn what_is_typed_on_old_figures_is_not_taken_again() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = held(&till, "Table 12").await?;
    till.desk.add_line(tab, None, 1, "40").await?;
    till.desk.back_up().await?;
    let done = till
        .desk
        .press(decide(&hold, OperationKind::Capture, 4_000))
        .await?;
    assert_eq!(done.state, OperationState::Succeeded);

    let till = restored(till).await?;
    // The restored ledger would have staff believe that 40.00 are due.
    let take = till.desk.sheet(tab, TakeTyped::default()).await?;
    let refused = till.desk.take(&take).await;
    assert_eq!(refused.map_err(|e| e.code), Err(ErrorCode::Changed));
    assert_eq!(till.requests("POST", "/captures").await?, 1);

    let hold = till.hold(tab).await?;
    assert_eq!((hold.captured(), hold.left()), (4_000, 6_000));
    let again = till.desk.preview_take(tab, &TakeTyped::default()).await?;
    assert_eq!(again.total.minor, 0);
    let history = till.desk.tab(tab).await?.history;
    assert!(
        history
            .iter()
            .any(|step| step.words.starts_with("Taken elsewhere"))
    );
    assert_eq!(till.desk.sweep().await?, 0);
    assert!(!is_told(&till.desk).await?);
    Ok(())
}

#[tokio::test]
async fn it_is_said_before_what_a_backup_lacks_and_only_its_own_are_put_back() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = held(&till, "Table 12").await?;
    till.desk.back_up().await?;
    let name = till
        .desk
        .backups()
        .await?
        .first()
        .context("no backup")?
        .name
        .clone();
    till.desk.add_line(tab, None, 1, "40").await?;
    till.desk.add_line(tab, None, 1, "5").await?;
    let preview = till.desk.preview_restore(&name).await?;
    assert_eq!(preview.lost, "It lacks 2 bill items that your records have now.");
    for other in ["ledger-2001-01-01T00-00-00.db", "../ledger.db", "/etc/passwd"] {
        let refused = till.desk.preview_restore(other).await;
        assert_eq!(refused.map_err(|e| e.code), Err(ErrorCode::NotFound), "{other}");
    }
    std::fs::write(till.data().join("backups").join(&name), b"not a ledger")?;
    let refused = till.desk.preview_restore(&name).await;
    assert_eq!(refused.map_err(|e| e.code), Err(ErrorCode::NotAllowed));
    Ok(())
}

#[tokio::test]
async fn no_backup_is_put_back_while_a_request_is_on_its_way() -> Result<()> {
    let till = Till::open().await?;
    let (_, hold) = held(&till, "Table 12").await?;
    assert!(till.desk.refuse_restore().is_ok());
    till.fault_after("captures", "slow-drip", 20).await?;
    let (desk, take) = (till.desk.clone(), decide(&hold, OperationKind::Capture, 4_000));
    let taking = tokio::spawn(async move { desk.press(take).await });
    while till.requests("POST", "/captures").await? == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let refused = till.desk.refuse_restore();
    assert_eq!(refused.map_err(|e| e.code), Err(ErrorCode::NotAllowed));
    assert_eq!(taking.await??.state, OperationState::Succeeded);
    assert!(till.desk.refuse_restore().is_ok());
    Ok(())
}

#[tokio::test]
async fn a_decision_from_before_is_not_sent_again() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = held(&till, "Table 12").await?;
    till.desk.back_up().await?;
    let taken = decide(&hold, OperationKind::Capture, 1_000);
    till.desk.press(taken.clone()).await?;
    let refunded = decide(&hold, OperationKind::Refund, 500);
    till.desk.press(refunded.clone()).await?;

    let till = restored(till).await?;
    assert_eq!(till.desk.sweep().await?, 0);
    for decision in [taken, refunded] {
        let refused = till.desk.press(decision).await;
        assert_eq!(refused.map_err(|e| e.code), Err(ErrorCode::NotAllowed));
    }
    let hold = till.hold(tab).await?;
    assert_eq!((hold.captured(), hold.refunded()), (1_000, 500));
    // What is decided now is a decision of its own.
    let done = till.desk.press(decide(&hold, OperationKind::Refund, 500)).await?;
    assert_eq!(done.state, OperationState::Succeeded, "{done:?}");
    assert_eq!(till.requests("POST", "/captures").await?, 1);
    Ok(())
}

#[tokio::test]
async fn nothing_is_done_with_a_hold_until_dojo_was_asked() -> Result<()> {
    let till = Till::open().await?;
    let (_, hold) = held(&till, "Table 12").await?;
    till.desk.back_up().await?;
    till.desk
        .press(decide(&hold, OperationKind::Capture, 1_000))
        .await?;
    let till = restored(till).await?;
    till.plug(false)?;
    for kind in [OperationKind::Capture, OperationKind::Reversal] {
        let refused = till.desk.press(decide(&hold, kind, 1_000)).await;
        assert_eq!(refused.map_err(|e| e.code), Err(ErrorCode::NotSent));
    }
    assert!(till.desk.sweep().await? > 0);
    assert!(is_told(&till.desk).await?, "still to be read");
    till.plug(true)?;
    let refused = till.desk.press(decide(&hold, OperationKind::Reversal, 0)).await;
    assert_eq!(refused.map_err(|e| e.code), Err(ErrorCode::Changed));
    Ok(())
}

#[tokio::test]
async fn tabs_that_the_backup_does_not_know_come_back_from_dojo() -> Result<()> {
    let till = Till::open().await?;
    let (old, _) = held(&till, "Old").await?;
    till.desk.back_up().await?;
    let (tab, hold) = held(&till, "عميرة 🍸").await?;
    till.desk
        .press(decide(&hold, OperationKind::Capture, 2_500))
        .await?;
    till.desk.press(decide(&hold, OperationKind::Refund, 500)).await?;

    let till = restored(till).await?;
    assert_eq!(till.desk.sweep().await?, 0);
    let view = till.desk.tab(tab).await?;
    assert_eq!(
        (view.row.name.as_str(), view.row.captured.minor),
        ("عميرة 🍸", 2_500)
    );
    let again = till.hold(tab).await?;
    assert_eq!(again.deadline(), hold.deadline(), "the deadline is known too");
    assert_eq!((again.id, again.left(), again.refunded()), (hold.id, 7_500, 500));
    assert_eq!(till.ledger.tabs(true, 10).await?.len(), 2);
    assert_eq!(till.hold(old).await?.left(), 10_000);
    // Found once: another restart and sweep adds nothing.
    let till = till.restart().await?;
    assert_eq!(till.desk.sweep().await?, 0);
    assert_eq!(till.ledger.every_hold().await?.len(), 2);
    Ok(())
}

#[tokio::test]
async fn a_request_that_was_sent_after_the_backup_is_not_sent_again() -> Result<()> {
    let till = Till::open().await?;
    till.plug(false)?;
    let tab = till.opened(Kind::Tab, "Table 12", "100").await?;
    till.desk.back_up().await?;
    let hold = till.ledger.holds(tab).await?.pop().context("no hold")?;
    till.plug(true)?;
    till.desk.retry_open(hold.id).await?;

    let till = restored(till).await?;
    let refused = till.desk.retry_open(hold.id).await;
    assert_eq!(refused.map_err(|e| e.code), Err(ErrorCode::NotAllowed));
    assert_eq!(till.requests("POST", "/payment-intents").await?, 1);
    assert!(till.hold(tab).await?.intent_id.is_some());
    Ok(())
}

#[tokio::test]
async fn a_hold_that_was_over_in_the_backup_is_read_once_more() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = held(&till, "Table 12").await?;
    till.desk
        .press(decide(&hold, OperationKind::Capture, 10_000))
        .await?;
    till.desk.back_up().await?;
    till.desk
        .press(decide(&hold, OperationKind::Refund, 10_000))
        .await?;
    let till = restored(till).await?;
    assert_eq!(till.ledger.hold(hold.id).await?.refunded(), 0);
    assert_eq!(till.desk.sweep().await?, 0);
    assert_eq!(till.ledger.hold(hold.id).await?.refunded(), 10_000);
    assert_eq!(till.desk.tab(tab).await?.row.state.code, StateCode::Refunded);
    Ok(())
}

#[tokio::test]
async fn a_folder_for_backups_must_be_there_and_writable() -> Result<()> {
    let till = Till::open().await?;
    let folder = tempfile::tempdir()?;
    let missing = folder.path().join("missing");
    for wrong in [Path::new("backups"), missing.as_path()] {
        let refused = till.desk.set_backup_folder(Some(wrong)).await;
        let fields = refused.err().context("it was saved")?.fields;
        assert_eq!(fields.first().map(|f| f.field.as_str()), Some("backupFolder"));
    }
    // The settings' own form names no folder: what it says of one counts for nothing.
    let settings = holdfast_desk::Settings {
        backup_folder: Some(folder.path().display().to_string()),
        ..till.desk.settings().await?
    };
    assert_eq!(till.desk.save_settings(settings).await?.backup_folder, None);
    let set = till.desk.set_backup_folder(Some(folder.path())).await?;
    let done = till.desk.back_up().await?;
    assert!(folder.path().join("till").join(&done.backup.name).is_file());
    let kept = holdfast_desk::Settings {
        backup_folder: None,
        ..set.clone()
    };
    assert_eq!(
        till.desk.save_settings(kept).await?.backup_folder,
        set.backup_folder
    );
    assert_eq!(till.desk.set_backup_folder(None).await?.backup_folder, None);
    // The folder goes away: the first copy is made, and staff hear that there is no second.
    till.desk.set_backup_folder(Some(folder.path())).await?;
    std::fs::remove_dir_all(folder.path())?;
    std::fs::write(folder.path(), b"a file in its place")?;
    let done = till.desk.back_up().await?;
    assert!(done.second.is_some());
    let banners = till.desk.floor().await?.banners;
    assert!(
        banners.iter().any(|b| b.code == BannerCode::Backup),
        "{banners:?}"
    );
    Ok(())
}

/// Every request that moves money or makes one, so far.
async fn sent(till: &Till) -> Result<Vec<usize>> {
    let mut counts = Vec::new();
    for (method, path) in [
        ("POST", "/payment-intents"),
        ("POST", "/captures"),
        ("POST", "/refunds"),
        ("POST", "/reversal"),
    ] {
        counts.push(till.requests(method, path).await?);
    }
    Ok(counts)
}

#[tokio::test]
async fn thirty_operations_of_today_come_back_after_yesterdays_backup() -> Result<()> {
    let till = Till::open().await?;
    let mut holds = Vec::new();
    for number in 0..10 {
        holds.push(held(&till, &format!("Yesterday {number}")).await?);
    }
    till.desk.back_up().await?;
    till.wind("16:00:00").await?;
    // Twelve are opened and paid today.
    for number in 0..12 {
        holds.push(held(&till, &format!("Today {number}")).await?);
    }
    // And eighteen times something is done with one, of yesterday or of today.
    for (place, (_, hold)) in holds.iter().enumerate().filter(|(place, _)| place % 4 != 3) {
        let (kind, amount) = match place % 4 {
            0 => (OperationKind::Capture, 4_000 + i64::try_from(place)?),
            1 => (OperationKind::Reversal, 0),
            _ => (OperationKind::Capture, 10_000),
        };
        till.desk.press(decide(hold, kind, amount)).await?;
    }
    till.desk
        .press(decide(&holds[2].1, OperationKind::Refund, 1_500))
        .await?;
    let mut known = Vec::new();
    for (_, hold) in &holds {
        known.push(till.ledger.hold(hold.id).await?);
    }
    let before = sent(&till).await?;
    assert_eq!(before.iter().sum::<usize>(), 10 + 12 + 17 + 1);

    let till = restored(till).await?;
    assert_eq!(till.desk.sweep().await?, 0, "nothing is unclear");
    for was in known {
        let is = till.ledger.hold(was.id).await?;
        let figures = |h: &Hold| (h.authorised(), h.captured(), h.left(), h.refunded(), h.deadline());
        assert_eq!(figures(&is), figures(&was), "{}", was.reference);
    }
    assert_eq!(till.ledger.every_hold().await?.len(), 22);
    assert_eq!(sent(&till).await?, before, "nothing is sent again");
    Ok(())
}

/// The till ends in a take that goes on to ask for the rest. The backup is from then; after the start the rest is asked
/// for.
async fn rest_asked_for_after_a_backup() -> Result<(Till, TabId)> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "100", "130").await?;
    let sheet = till.desk.sheet(tab, TakeTyped::default()).await?;
    let way = till
        .desk
        .preview_take(tab, &sheet.typed)
        .await?
        .way_on
        .context("no way")?;
    let take = Take {
        expect_total_minor: way.take.minor,
        then_ask_minor: way.ask.minor,
        ..sheet
    };
    till.fault("captures", "stall").await?;
    let (desk, pressed) = (till.desk.clone(), take.clone());
    let taking = tokio::spawn(async move { desk.take(&pressed).await });
    while till.requests("POST", "/captures").await? == 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    taking.abort();
    let _ended = taking.await;
    till.desk.back_up().await?;
    let till = till.restart().await?;
    for _ in 0..3 {
        till.wind("00:00:21").await?;
        till.desk.sweep().await?;
    }
    Ok((till, tab))
}

/// A backup from while a take was unclear is put back, and Dojo's search has a bad moment: the rest that was asked for
/// and paid since is not asked for a second time.
#[tokio::test]
async fn after_a_restore_the_rest_is_not_asked_for_a_second_time() -> Result<()> {
    let (till, tab) = rest_asked_for_after_a_backup().await?;
    ensure!(till.ledger.holds(tab).await?.len() == 2, "the rest is asked for");
    till.pay(&newest(&till, tab).await?, GOOD).await?;
    till.hold(tab).await?;

    let till = restored(till).await?;
    till.fault_often("search", "503-before", 2).await?;
    for _ in 0..4 {
        till.wind("00:00:21").await?;
        till.desk.sweep().await?;
    }
    till.clear_faults().await?;
    sweeps(&till, 2).await?;
    assert_eq!(
        till.requests("POST", "/payment-intents").await?,
        2,
        "{:?}",
        till.ledger
            .holds(tab)
            .await?
            .iter()
            .map(|h| (h.asked, h.left()))
            .collect::<Vec<_>>()
    );
    Ok(())
}

/// The guest was asked for the rest and paid it in cash, so staff cancelled the link. A backup from before is put
/// back: the guest isn’t asked a second time by itself.
#[tokio::test]
async fn after_a_restore_a_rest_whose_request_was_cancelled_is_not_asked_for_again() -> Result<()> {
    let (till, tab) = rest_asked_for_after_a_backup().await?;
    let asked = till.ledger.holds(tab).await?.pop().context("no hold")?;
    ensure!(asked.asked == 3_000, "the rest is asked for: {asked:?}");
    let act = till.desk.acting(asked.id).await?;
    till.desk.act(OperationKind::Cancel, act).await?;

    let till = restored(till).await?;
    for _ in 0..4 {
        till.wind("00:00:21").await?;
        till.desk.sweep().await?;
    }
    sweeps(&till, 2).await?;
    assert_eq!(
        till.requests("POST", "/payment-intents").await?,
        2,
        "one for the hold and one for the rest, which was cancelled"
    );
    let history = till.desk.tab(tab).await?.history;
    assert!(
        history.iter().any(|step| step
            .words
            .contains("The guest wasn’t asked for £30.00: a backup was restored")),
        "{:?}",
        history.iter().map(|step| &step.words).collect::<Vec<_>>()
    );
    Ok(())
}

/// After the backup the guest paid the new link, and staff gave the renewal up: both holds stay. The backup doesn’t
/// know, and lets nothing go by itself.
#[tokio::test]
async fn a_renewal_that_was_given_up_after_the_backup_lets_nothing_go() -> Result<()> {
    let till = Till::open().await?;
    let today = till.desk.floor().await?.now.date_naive();
    let wanted = OpenTab {
        arrives_on: Some(today),
        departs_on: today.checked_add_days(chrono::Days::new(10)),
        ..OpenTab::of(Kind::Deposit, "Room 14", "200", Currency::Gbp)
    };
    let tab = till.desk.open_tab(wanted).await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    till.desk.sweep().await?;
    let old = till.hold(tab).await?;
    till.desk.renew(&till.desk.renewing(old.id).await?).await?;
    till.desk.back_up().await?;
    let new = till.ledger.holds(tab).await?.pop().context("no new hold")?;
    till.pay(&new, GOOD).await?;
    till.desk.give_up_renewal(old.id).await?;
    till.desk.read(new.id).await?;
    let till = restored(till).await?;
    till.desk.sweep().await?;
    till.desk.continue_renewals().await?;
    let truth = till.truth().await?;
    let intents = truth["intents"].as_array().context("no intents")?;
    let open = intents.iter().filter(|i| i["holdOpen"] == true).count();
    assert_eq!(open, 2, "staff had decided that both stay");
    let told = till.desk.findings().await?;
    let words = till
        .desk
        .finding_words(told.first().context("nothing is told")?)
        .await?;
    assert!(words.contains("Both are on hold. Release the old one"), "{words}");
    Ok(())
}

#[tokio::test]
async fn a_change_of_the_second_folder_is_told_for_a_day() -> Result<()> {
    let till = Till::open().await?;
    let folder = tempfile::tempdir()?;
    let told = async || -> Result<Vec<String>> {
        let banners = till.desk.floor().await?.banners;
        let backups = banners.into_iter().filter(|one| one.code == BannerCode::Backup);
        Ok(backups.map(|one| one.words).collect())
    };
    assert_eq!(told().await?, Vec::<String>::new());
    till.desk.set_backup_folder(Some(folder.path())).await?;
    let words = told().await?.concat();
    ensure!(
        words.contains("Backups are copied to") && words.contains("Change log"),
        "{words}"
    );
    // The settings' own form can't hush it up.
    let settings = holdfast_desk::Settings {
        backup_folder_since: None,
        ..till.desk.settings().await?
    };
    till.desk.save_settings(settings).await?;
    assert_eq!(told().await?.len(), 1);
    till.wind("23:50:00").await?;
    assert_eq!(told().await?.len(), 1);
    till.wind("00:20:00").await?;
    assert_eq!(told().await?, Vec::<String>::new());
    till.desk.set_backup_folder(None).await?;
    let words = told().await?.concat();
    ensure!(words.contains("no second copy since"), "{words}");
    Ok(())
}

#[tokio::test]
async fn copies_are_encrypted_once_two_words_of_the_phrase_are_typed() -> Result<()> {
    let till = Till::open().await?;
    let folder = tempfile::tempdir()?;
    till.desk.set_backup_folder(Some(folder.path())).await?;
    let nothing = till.desk.confirm_recovery_phrase(&[]).await;
    assert_eq!(nothing.map_err(|e| e.code), Err(ErrorCode::NotFound));
    let former = till.desk.draw_recovery_phrase()?;
    let phrase = till.desk.draw_recovery_phrase()?;
    assert_eq!((phrase.words.len(), phrase.asked.len()), (12, 2));
    ensure!(former.words != phrase.words, "twice the same");
    let typed: Vec<String> = phrase
        .asked
        .iter()
        .map(|place| format!(" {} ", phrase.words[place - 1].to_uppercase()))
        .collect();
    let wrong = till
        .desk
        .confirm_recovery_phrase(&["zebra".to_owned(), typed[1].clone()])
        .await;
    let fields = wrong.err().context("it was confirmed")?.fields;
    assert_eq!(fields.len(), 1);
    assert_eq!(till.desk.settings().await?.backup_recipient, None);
    let settings = till.desk.confirm_recovery_phrase(&typed).await?;
    let recipient = settings.backup_recipient.clone().context("no key")?;
    ensure!(recipient.starts_with("age1"), "{recipient}");
    // The settings' own form can't change it.
    let other = holdfast_desk::Settings {
        backup_recipient: None,
        ..settings
    };
    assert_eq!(
        till.desk.save_settings(other).await?.backup_recipient,
        Some(recipient)
    );
    let done = till.desk.back_up().await?;
    assert_eq!(done.second, None);
    let copy = folder
        .path()
        .join("till")
        .join(format!("{}.age", done.backup.name));
    ensure!(copy.is_file());
    // Neither the words nor the secret key are in the ledger, its journal, or a backup.
    let secret = phrase.words.join(" ");
    for file in [till.data().join("ledger.db"), till.data().join("ledger.db-wal")] {
        let bytes = std::fs::read(file)?;
        for part in [secret.as_bytes(), b"AGE-SECRET-KEY".as_slice()] {
            ensure!(!bytes.windows(part.len()).any(|window| window == part));
        }
    }
    let changes = till.desk.settings_changes().await?;
    ensure!(
        changes
            .iter()
            .any(|one| one.words.contains("copies are encrypted to"))
    );
    Ok(())
}

/// The PC's clock was eight days ahead when a backup was put back, and is set right then. What staff decide from now on
/// was decided after that, whatever its id says of the time: the till doesn't refuse them for eight days.
#[tokio::test]
async fn a_clock_that_was_ahead_when_a_backup_was_put_back_locks_nobody_out() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = held(&till, "Table 12").await?;
    till.desk.add_line(tab, None, 1, "40").await?;
    till.desk.back_up().await?;
    let till = restored(till).await?;
    let clock = Arc::new(SteppedClock::begin());
    clock.set(TimeDelta::days(-8));
    let desk = Desk::new(till.ledger.clone(), till.client(KEY)?, clock.clone());
    assert_eq!(desk.sweep().await?, 0);
    let minted = |second: i64| {
        let seconds = u64::try_from(clock.now().timestamp() + second).unwrap_or_default();
        OperationId(Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, 0)))
    };
    let take = Take {
        decision: minted(1),
        ..desk.sheet(tab, TakeTyped::default()).await?
    };
    let taken = desk.take(&take).await?;
    assert_eq!(taken.operations[0].state, OperationState::Succeeded);
    let refund = Decision {
        id: minted(2),
        ..decide(&hold, OperationKind::Refund, 500)
    };
    assert_eq!(desk.press(refund).await?.state, OperationState::Succeeded);
    Ok(())
}
