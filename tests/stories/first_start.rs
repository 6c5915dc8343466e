//! The first start of an installed till: what is typed at the setup, and the guided night in training.

use crate::night::ended;
use crate::refunds::{refund, take};
use anyhow::{Context, Result, ensure};
use holdfast_desk::{GuideTask, PaperKind, Practice, Settings};
use holdfast_domain::{Kind, OperationKind};
use holdfast_ledger::prelude::*;
use holdfast_tests::press::Press;
use holdfast_tests::{GOOD, Till, decide};

fn the_bell() -> Settings {
    Settings {
        venue: "The Bell".to_owned(),
        address: "1 High Street\nOakham".to_owned(),
        statement_name: "THE BELL OAKHAM".to_owned(),
        staff_name: "Sam".to_owned(),
        ..Settings::default()
    }
}

#[tokio::test]
async fn what_was_typed_at_the_setup_comes_with_the_key_and_never_over_what_was_saved() -> Result<()> {
    let (before, with_key) = (Till::open().await?, Till::open().await?);
    let odd = Settings {
        hold_back_seconds: 0,
        ..the_bell()
    };
    before.desk.save_settings(odd).await?;
    let typed = Settings::of_mode(&*before.ledger, &before.data()).await?;
    with_key.desk.take_house(typed).await?;
    // Only what the setup asks for: what somebody tried out in training decides nothing about money.
    ensure!(with_key.desk.settings().await? == the_bell());

    let other = Settings {
        venue: "The Swan".to_owned(),
        ..Settings::default()
    };
    with_key.desk.take_house(other).await?;
    ensure!(with_key.desk.settings().await?.venue == "The Bell");
    Ok(())
}

#[tokio::test]
async fn papers_say_what_the_guest_will_find_on_the_card_statement() -> Result<()> {
    let till = Till::open().await?;
    let tab = till.opened(Kind::Tab, "Table 4", "50").await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    let hold = till.hold(tab).await?;
    let label = "On your card statement";
    let slip = till.desk.paper(PaperKind::Slip, hold.id).await?;
    ensure!(slip.facts.iter().all(|fact| fact.label != label), "{slip:#?}");

    till.desk.save_settings(the_bell()).await?;
    for paper in [
        till.desk.paper(PaperKind::Slip, hold.id).await?,
        till.desk.test_paper().await?,
    ] {
        let named = paper.facts.iter().find(|fact| fact.label == label);
        let named = named.with_context(|| format!("{paper:#?}"))?;
        ensure!(named.text == "THE BELL OAKHAM", "{paper:#?}");
        ensure!(paper.venue == "The Bell" && paper.address == "1 High Street\nOakham");
        ensure!(paper.made.ends_with("by Sam"), "{paper:#?}");
    }
    Ok(())
}

#[tokio::test]
async fn the_name_on_statements_is_no_place_for_a_card_number() -> Result<()> {
    let till = Till::open().await?;
    for wrong in ["4111 1111 1111 1111", &"A".repeat(41)] {
        let settings = Settings {
            statement_name: wrong.to_owned(),
            ..the_bell()
        };
        let refused = till.desk.save_settings(settings).await;
        let error = refused.err().with_context(|| format!("{wrong} was saved"))?;
        ensure!(
            error
                .fields
                .iter()
                .any(|field| field.field.as_str() == "statementName"),
            "{error:?}"
        );
    }
    Ok(())
}

async fn done(till: &Till, practice: &Practice) -> Result<Vec<GuideTask>> {
    let night = till.desk.guided_night(practice).await?;
    ensure!(night.steps.len() == 7, "{night:?}");
    let done = night.steps.iter().filter(|step| step.is_done);
    Ok(done.map(|step| step.task).collect())
}

#[tokio::test]
async fn each_task_of_the_guided_night_ticks_itself_when_it_is_done() -> Result<()> {
    use GuideTask::{Card, Night, Open, Refund, Release, Round, Take};
    let till = Till::open().await?;
    // What was there before counts for nothing.
    let sample = till.opened(Kind::Tab, "Table 9", "100").await?;
    till.pay(&till.hold(sample).await?, GOOD).await?;
    till.hold(sample).await?;
    till.desk.add_line(sample, None, 1, "20").await?;
    let folder = till.data();
    till.desk.begin_practice().keep(&folder)?;
    let practice = Practice::read(&folder).context("it was forgotten")?;
    ensure!(done(&till, &practice).await?.is_empty());

    let tab = till.opened(Kind::Tab, "Table 4", "50").await?;
    ensure!(done(&till, &practice).await? == [Open]);
    till.pay(&till.hold(tab).await?, GOOD).await?;
    till.hold(tab).await?;
    ensure!(done(&till, &practice).await? == [Open, Card]);
    till.desk.add_line(tab, None, 1, "30").await?;
    ensure!(done(&till, &practice).await? == [Open, Card, Round]);
    take(&till, tab, "30", "0", "0").await?;
    ensure!(done(&till, &practice).await? == [Open, Card, Round, Take]);
    refund(&till, &till.hold(tab).await?, ["5", "", ""], false).await?;
    ensure!(done(&till, &practice).await? == [Open, Card, Round, Take, Refund]);
    let hold = till.hold(sample).await?;
    till.desk.press(decide(&hold, OperationKind::Reversal, 0)).await?;
    ensure!(done(&till, &practice).await? == [Open, Card, Round, Take, Refund, Release]);
    let seen = till.desk.night(&[]).await?.seen();
    till.desk.close_night(&[], &seen).await?;
    ended(&till).await?;
    ensure!(done(&till, &practice).await? == [Open, Card, Round, Take, Refund, Release, Night]);

    Practice::end(&folder)?;
    Practice::end(&folder)?;
    ensure!(Practice::read(&folder).is_none());
    Ok(())
}

#[tokio::test]
async fn invented_guests_tick_nothing_and_what_was_ticked_stays() -> Result<()> {
    let till = Till::open().await?;
    let practice = till.desk.begin_practice();
    let tab = till.opened(Kind::Tab, "Table 4", "50").await?;
    let before = till.desk.guided_night(&practice).await?;
    till.desk.add_line(tab, None, 1, "30").await?;
    // By a clock that has gone on, as it does between an invented guest and the next press.
    till.wind("00:00:01").await?;
    let after = till.desk.go_on_practising(&before);
    ensure!(done(&till, &after).await? == [GuideTask::Open]);
    Ok(())
}

/// What a file of the till's own says; the venue's settings are in the ledger.
fn own(till: &Till) -> Result<String> {
    Ok(std::fs::read_to_string(till.data().join("till.json"))?)
}

#[tokio::test]
async fn what_is_the_till_s_alone_is_taken_over_from_the_ledger_once_and_kept_beside_it() -> Result<()> {
    let till = Till::open().await?;
    // As versions kept them that had no file of the till's.
    let former = serde_json::to_string(&the_bell())?;
    let note = holdfast_ledger::Note {
        at: holdfast_desk::Clock::now(&holdfast_desk::SystemClock),
        by: holdfast_domain::Actor::staff("Kim"),
        tab: None,
        event: holdfast_domain::Event::SettingsChanged,
        personal: holdfast_domain::Personal::default(),
        reference: None,
        raises: None,
    };
    let anything = holdfast_ledger::SettingSeen::Anything;
    till.ledger
        .set_setting("settings", &former, anything, note)
        .await?;
    let till = till
        .restart_after(|folder| match std::fs::remove_file(folder.join("till.json")) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        })
        .await?;
    ensure!(till.desk.settings().await? == the_bell());
    ensure!(own(&till)?.contains("Sam"), "{}", own(&till)?);
    // The ledger may be moved to several tills as it is. They share the venue's, and nobody signs as Sam there.
    let another = till.one_of_several(2)?.settings().await?;
    ensure!(
        (another.venue.as_str(), another.staff_name.as_str()) == ("The Bell", "Staff"),
        "{another:?}"
    );
    let kim = Settings {
        staff_name: "Kim".to_owned(),
        theme: "dark".to_owned(),
        ..the_bell()
    };
    till.desk.save_settings(kim.clone()).await?;
    let kept = till.ledger.setting("settings").await?.unwrap_or_default();
    ensure!(kept.contains("The Bell") && !kept.contains("Kim"), "{kept}");
    let till = till.restart().await?;
    ensure!(till.desk.settings().await? == kim);
    Ok(())
}

#[tokio::test]
async fn a_broken_file_of_the_till_s_own_is_said_and_kept() -> Result<()> {
    let till = Till::open().await?;
    till.desk.save_settings(the_bell()).await?;
    let till = till
        .restart_after(|folder| Ok(std::fs::write(folder.join("till.json"), "{\"staffName\":")?))
        .await?;
    let settings = till.desk.settings().await?;
    ensure!(
        settings.venue == "The Bell" && settings.staff_name == "Staff",
        "{settings:?}"
    );
    let told = till.desk.floor().await?.banners;
    ensure!(
        told.iter().any(|banner| banner.words.contains("who is working")),
        "{told:?}"
    );
    till.desk.save_settings(the_bell()).await?;
    ensure!(till.desk.floor().await?.banners.is_empty());
    ensure!(till.desk.settings().await? == the_bell());
    let kept = std::fs::read_to_string(till.data().join("till.json.broken"))?;
    ensure!(kept == "{\"staffName\":", "{kept}");
    Ok(())
}
