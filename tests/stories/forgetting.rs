//! A guest is forgotten: by hand, by age, and again when a backup is restored. Figures stay.

use crate::refunds::{refunding, table, take};
use anyhow::{Context, Result};
use chrono::TimeDelta;
use holdfast_desk::view::BannerCode;
use holdfast_desk::{
    Act, Clock, Details, ErrorCode, ForgetGuest, ForgetWhy, RefundTyped, Settings, SystemClock,
};
use holdfast_domain::{Event, ForgetReason, Hold, Kind, OperationKind, OperationState, TabId};
use holdfast_ledger::HouseTopic;
use holdfast_ledger::prelude::*;
use holdfast_tests::press::Press;
use holdfast_tests::{GOOD, Till, decision};
use serde_json::json;
use std::path::{Path, PathBuf};

const GUEST: &str = "Ottoline Quayle";

/// Her tab, whose bill of £50 is taken, closed.
async fn closed(till: &Till, name: &str, place: &str) -> Result<(TabId, Hold)> {
    let tab = till.opened(Kind::Tab, name, "50").await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    let details = Details {
        name: name.to_owned(),
        place: Some(place.to_owned()),
        email: Some("ottoline@example.com".to_owned()),
        note: Some("Ottoline’s window seat".to_owned()),
        arrives_on: None,
        departs_on: None,
    };
    till.desk.edit_tab(tab, details).await?;
    till.desk
        .add_line(tab, Some("Ottoline’s cake".to_owned()), 1, "50")
        .await?;
    let hold = till.hold(tab).await?;
    take(till, tab, "50", "0", "0").await?;
    till.desk.press_close(tab).await?;
    Ok((tab, hold))
}

fn forget(tab: TabId, tabs: &[TabId], name: &str) -> ForgetGuest {
    ForgetGuest {
        tab_id: tab,
        tabs: tabs.to_vec(),
        why: ForgetWhy::Asked,
        name: name.to_owned(),
    }
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        all.extend(if path.is_dir() { files(&path)? } else { vec![path] });
    }
    Ok(all)
}

/// The files of a till in which the guest’s name stands.
fn named(till: &Till) -> Result<Vec<PathBuf>> {
    let mut found = files(&till.data())?;
    found.retain(|path| {
        let bytes = std::fs::read(path).unwrap_or_default();
        ["Ottoline", "ottoline", "Quayle"]
            .iter()
            .any(|name| bytes.windows(name.len()).any(|part| part == name.as_bytes()))
    });
    Ok(found)
}

#[tokio::test]
async fn a_guest_is_forgotten_and_the_figures_stay() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = closed(&till, GUEST, "Room 6").await?;
    let before = till.desk.tab(tab).await?;
    assert!(before.keys.forget);
    let preview = till.desk.preview_forget(tab, None).await?;
    assert_eq!((preview.name.as_str(), preview.refused.as_deref()), (GUEST, None));
    assert_eq!(preview.removed[1].about, "ottoline@example.com");
    till.desk
        .forget_guest(forget(tab, &[tab], " ottoline quayle"))
        .await?;

    let after = till.desk.tab(tab).await?;
    assert_eq!(
        (after.row.name.as_str(), after.is_forgotten),
        ("Forgotten guest", true)
    );
    assert_eq!((after.note, after.email, after.keys.forget), (None, None, false));
    assert_eq!((after.row.bill.minor, after.row.captured.minor), (5_000, 5_000));
    assert_eq!(after.holds[0].captured, before.holds[0].captured);
    let words: Vec<&str> = after.history.iter().map(|step| step.words.as_str()).collect();
    assert_eq!(words[0], "Guest forgotten, 1 tab: they asked us to");
    assert!(!words.iter().any(|words| words.contains("Ottoline")), "{words:?}");
    assert_eq!(named(&till)?, Vec::<PathBuf>::new());
    assert_eq!(till.desk.search("quayle").await?.closed.len(), 0);
    // Money may still be refunded; of why nothing is kept.
    let goodwill = Act {
        reason: None,
        ..refunding(&till, &hold, "20", false).await?
    };
    till.desk.act(OperationKind::Refund, goodwill).await?;
    assert_eq!(till.hold(tab).await?.refunded(), 2_000);
    till.ledger.verify_journal().await?;
    // Nothing more is kept about her.
    let refused = till.desk.reopen_tab(tab).await;
    assert_eq!(refused.err().map(|error| error.code), Some(ErrorCode::NotAllowed));
    Ok(())
}

#[tokio::test]
async fn a_guest_stays_while_something_is_open_and_unless_the_name_is_typed() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = table(&till, "50", "50").await?;
    let open = till.desk.preview_forget(tab, None).await?;
    assert_eq!(open.refused.as_deref(), Some("This tab is open. Close it first."));
    let refused = till.desk.forget_guest(forget(tab, &[tab], &open.name)).await;
    assert_eq!(refused.err().map(|error| error.code), Some(ErrorCode::NotAllowed));
    let (tab, _) = closed(&till, GUEST, "Room 6").await?;
    let refused = till.desk.forget_guest(forget(tab, &[tab], "Otto")).await;
    let refused = refused.err().context("it was forgotten")?;
    assert_eq!(refused.fields[0].field.as_str(), "name");
    // Neither is a tab that wasn't offered.
    let (other, _) = table(&till, "50", "50").await?;
    let refused = till.desk.forget_guest(forget(tab, &[tab, other], GUEST)).await;
    assert_eq!(refused.err().map(|error| error.code), Some(ErrorCode::NotAllowed));
    assert_eq!(till.desk.tab(tab).await?.row.name, GUEST);
    Ok(())
}

#[tokio::test]
async fn the_same_guests_other_tabs_are_ticked_and_a_namesakes_are_not() -> Result<()> {
    let till = Till::open().await?;
    let (first, _) = closed(&till, GUEST, "Room 6").await?;
    let (second, _) = closed(&till, GUEST, "Room 9").await?;
    let namesake = till.opened(Kind::Tab, GUEST, "50").await?;
    till.pay(&till.hold(namesake).await?, GOOD).await?;
    till.hold(namesake).await?;
    till.desk.add_line(namesake, None, 1, "50").await?;
    take(&till, namesake, "50", "0", "0").await?;
    till.desk.press_close(namesake).await?;
    let preview = till.desk.preview_forget(first, None).await?;
    let ticked: Vec<(TabId, bool)> = preview.tabs.iter().map(|tab| (tab.id, tab.is_ticked)).collect();
    assert_eq!(ticked[0], (first, true));
    assert!(
        ticked.contains(&(second, true)) && ticked.contains(&(namesake, false)),
        "{ticked:?}"
    );
    till.desk
        .forget_guest(forget(first, &[first, second], GUEST))
        .await?;
    let names = [first, second, namesake];
    let mut found = Vec::new();
    for tab in names {
        found.push(till.desk.tab(tab).await?.row.name);
    }
    assert_eq!(found, ["Forgotten guest", "Forgotten guest", GUEST]);
    Ok(())
}

#[tokio::test]
async fn guests_are_forgotten_by_age_unless_the_setting_is_off() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = closed(&till, GUEST, "Room 6").await?;
    assert_eq!(
        till.desk.forget_by_age().await?,
        0,
        "thirteen months haven't passed"
    );
    // Closed two months ago, as far as the ledger knows.
    let note = holdfast_ledger::Note {
        at: SystemClock.now(),
        by: holdfast_domain::Actor::Holdfast,
        tab: Some(tab),
        event: Event::TabClosed,
        personal: holdfast_domain::Personal::default(),
        reference: None,
        raises: None,
    };
    let long_ago = SystemClock.now() - TimeDelta::days(70);
    let version = till.ledger.tab(tab).await?.version;
    till.ledger
        .set_closed(tab, version, None, Some(long_ago), note)
        .await?;
    for (months, forgotten) in [(0, 0), (3, 0), (2, 1), (2, 0)] {
        let settings = Settings {
            forget_after_months: months,
            ..till.desk.settings().await?
        };
        till.desk.save_settings(settings).await?;
        assert_eq!(till.desk.forget_by_age().await?, forgotten, "{months} months");
    }
    assert!(till.desk.tab(tab).await?.is_forgotten);
    let told = till.ledger.house_journal(HouseTopic::Anything, 5).await?;
    let age = Event::GuestsForgotten {
        tabs: 1,
        why: ForgetReason::Age(2),
    };
    assert!(told.iter().any(|entry| entry.event == age), "{told:?}");
    Ok(())
}

#[tokio::test]
async fn a_restored_backup_forgets_again() -> Result<()> {
    let till = Till::open().await?;
    let (tab, _) = closed(&till, GUEST, "Room 6").await?;
    let backup = till.desk.back_up().await?.backup.name;
    till.desk.forget_guest(forget(tab, &[tab], GUEST)).await?;
    let till = till
        .restart_after(|folder| {
            holdfast_ledger_sqlite::SqliteLedger::restore(folder, &backup, SystemClock.now())?;
            Ok(())
        })
        .await?;
    assert!(till.desk.tab(tab).await?.is_forgotten);
    Ok(())
}

#[tokio::test]
async fn dojo_is_told_no_names_where_the_house_says_so() -> Result<()> {
    let till = Till::open().await?;
    let settings = Settings {
        names_to_dojo: false,
        ..till.desk.settings().await?
    };
    till.desk.save_settings(settings).await?;
    till.opened(Kind::Tab, GUEST, "50").await?;
    let sent = format!("{:?}", till.wire.exchanges());
    assert!(
        !sent.contains("Ottoline") && sent.contains("holdfast-tab"),
        "{sent}"
    );
    Ok(())
}

#[tokio::test]
async fn a_reason_that_would_be_lost_is_refused_and_the_refund_needs_none() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = closed(&till, GUEST, "Room 6").await?;
    till.desk.forget_guest(forget(tab, &[tab], GUEST)).await?;
    let act = async |reason: Option<&str>| -> Result<Act> {
        Ok(Act {
            hold_id: hold.id,
            decision: decision(),
            seen: till.desk.tab(tab).await?.seen,
            amount: None,
            refund: Some(RefundTyped {
                bill: Some("5".to_owned()),
                service: None,
                tip: None,
                charge_again: false,
                expect_owed_minor: None,
            }),
            reason: reason.map(str::to_owned),
            email: None,
        })
    };
    let refused = till
        .desk
        .act(
            OperationKind::Refund,
            act(Some("Ottoline’s cake was stale")).await?,
        )
        .await;
    let refused = refused.err().context("it was dropped without a word")?;
    assert_eq!(
        refused.fields.first().map(|field| field.field.as_str()),
        Some("reason")
    );
    assert_eq!(till.requests("POST", "/refunds").await?, 0);
    till.desk.act(OperationKind::Refund, act(None).await?).await?;
    assert_eq!(till.hold(tab).await?.refunded(), 500);
    assert_eq!(named(&till)?, Vec::<PathBuf>::new());
    Ok(())
}

#[tokio::test]
async fn what_dojo_said_of_a_guest_is_forgotten_with_them() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Tab, GUEST, "50").await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    till.hold(tab).await?;
    till.desk.add_line(tab, None, 1, "50").await?;
    till.fault("captures", "400").await?;
    till.wire.rewrite(|request, body| {
        if request.path_and_query.ends_with("/captures") {
            *body = json!({"errors": {"Description": [
                "\u{1b}[2JOttoline Quayle bad, card 4111 1111 1111 1111"
            ]}});
        }
    });
    let refused = take(&till, tab, "50", "0", "0").await;
    till.wire.leave();
    let told = till.desk.tab(tab).await?;
    let said = told
        .history
        .iter()
        .find(|step| step.words.contains("Ottoline Quayle bad"));
    let said = &said
        .with_context(|| format!("nothing is said: {refused:?} {:?}", told.history))?
        .words;
    assert!(!said.contains('\u{1b}') && !said.contains("1111"), "{said}");
    assert_eq!(named(&till)?, Vec::<PathBuf>::new(), "while she is remembered");
    till.desk.back_up().await?;
    for operation in till.ledger.operations(till.hold(tab).await?.id).await? {
        if operation.state == OperationState::Rejected {
            till.desk.put_aside(operation.id).await?;
        }
    }
    take(&till, tab, "50", "0", "0").await?;
    till.desk.press_close(tab).await?;
    till.desk.forget_guest(forget(tab, &[tab], GUEST)).await?;
    assert_eq!(named(&till)?, Vec::<PathBuf>::new());
    let after = till.desk.tab(tab).await?;
    assert!(
        after.history.iter().any(|step| step.words.contains("refused")),
        "{:?}",
        after.history
    );
    assert!(!format!("{after:?}").contains("Ottoline"), "{after:?}");
    till.ledger.verify_journal().await?;
    Ok(())
}

#[tokio::test]
async fn an_older_ledger_turns_no_protection_off_and_it_is_said() -> Result<()> {
    let till = Till::open().await?;
    let (first, second) = (tempfile::tempdir()?, tempfile::tempdir()?);
    till.desk.set_backup_folder(Some(first.path())).await?;
    let backup = till.desk.back_up().await?.backup.name;
    let words = till.desk.draw_recovery_phrase()?;
    let typed: Vec<String> = words
        .asked
        .iter()
        .map(|number| words.words[*number - 1].clone())
        .collect();
    till.desk.confirm_recovery_phrase(&typed).await?;
    till.desk.set_backup_folder(Some(second.path())).await?;
    let strict = Settings {
        names_to_dojo: false,
        forget_after_months: 3,
        ..till.desk.settings().await?
    };
    let strict = till.desk.save_settings(strict).await?;
    let copies = |folder: &Path| -> Result<Vec<PathBuf>> { Ok(files(folder)?.into_iter().collect()) };
    let before = copies(first.path())?;
    let till = till
        .restart_after(|folder| {
            holdfast_ledger_sqlite::SqliteLedger::restore(folder, &backup, SystemClock.now())?;
            Ok(())
        })
        .await?;
    till.desk.back_up().await?;
    assert_eq!(
        copies(first.path())?,
        before,
        "a copy went where none is to go any more"
    );
    let made = copies(second.path())?;
    assert!(
        !made.is_empty() && made.iter().all(|copy| copy.extension() == Some("age".as_ref())),
        "{made:?}"
    );
    let kept = till.desk.settings().await?;
    assert_eq!(
        (
            kept.names_to_dojo,
            kept.forget_after_months,
            &kept.backup_recipient
        ),
        (false, 3, &strict.backup_recipient)
    );
    let banners = till.desk.floor().await?.banners;
    let told = banners.iter().find(|banner| banner.code == BannerCode::Restored);
    let told = &told.context("it isn’t told")?.words;
    for what in ["sending Dojo names", "the months until guests are forgotten"] {
        assert!(told.contains(what), "{told}");
    }
    till.opened(Kind::Tab, GUEST, "50").await?;
    let sent = format!("{:?}", till.wire.exchanges());
    assert!(!sent.contains("Ottoline"), "{sent}");
    // The change log has it, and the ledger itself: once.
    let changes = till.ledger.house_journal(HouseTopic::Settings, 20).await?;
    let count = changes
        .iter()
        .filter(|entry| entry.by == holdfast_domain::Actor::Holdfast)
        .count();
    assert_eq!(count, 1, "{changes:?}");
    // Whoever turns one off does so.
    let open = Settings {
        names_to_dojo: true,
        ..kept
    };
    till.desk.save_settings(open).await?;
    let till = till.restart().await?;
    assert!(till.desk.settings().await?.names_to_dojo);
    Ok(())
}
