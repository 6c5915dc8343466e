//! Where money goes: whose key it is, and which page a guest is sent to.

use anyhow::{Context, Result, ensure};
use holdfast_desk::{AppError, ErrorCode, GuestStage, NewKey};
use holdfast_domain::Kind;
use holdfast_ledger::prelude::*;
use holdfast_tests::{GOOD, KEY, Till};
use serde_json::json;

const FIRST: &str = "sk_sandbox_…ests";
const SECOND_KEY: &str = "sk_sandbox_another_of_the_same_account_5678";
const SECOND: &str = "sk_sandbox_…5678";

fn changed<'a>(client: &'a holdfast_dojo::Client, typed: Option<&'a str>) -> NewKey<'a> {
    NewKey {
        client,
        hint: SECOND,
        instead_of: Some(FIRST),
        typed,
    }
}

/// Somebody enters a key.
async fn accept(till: &Till, key: NewKey<'_>) -> Result<(), AppError> {
    till.desk.key_question().await?.ask(key).await
}

#[tokio::test]
async fn a_key_of_another_account_never_counts() -> Result<()> {
    let (till, other) = (Till::open().await?, Till::open().await?);
    till.opened(Kind::Tab, "Stool 4", "50").await?;
    let foreign = other.client(SECOND_KEY)?;
    for typed in [None, Some("change key")] {
        let refused = accept(&till, changed(&foreign, typed)).await;
        let refused = refused.err().context("it was accepted")?;
        ensure!(refused.code == ErrorCode::NotAllowed, "{refused:?}");
        ensure!(
            refused.message.contains("another Dojo account"),
            "{}",
            refused.message
        );
    }
    // Nor when it came into the key store behind Holdfast's back.
    let own = till.client(KEY)?;
    till.desk.opened_with(&own, FIRST).await?;
    let refused = till.desk.opened_with(&foreign, SECOND).await;
    ensure!(refused.is_err_and(|error| error.code == ErrorCode::NotAllowed));
    // A ledger that knows of nothing can't tell.
    let empty = Till::open().await?;
    let first = NewKey {
        instead_of: None,
        ..changed(&foreign, None)
    };
    accept(&empty, first).await?;
    Ok(())
}

#[tokio::test]
async fn a_change_of_the_key_is_confirmed_in_words_and_stands_in_the_journal() -> Result<()> {
    let till = Till::open().await?;
    till.opened(Kind::Tab, "Stool 4", "50").await?;
    till.desk.opened_with(&till.client(KEY)?, FIRST).await?;
    let second = till.client(SECOND_KEY)?;
    for (typed, fields) in [(None, 0), (Some("yes"), 1)] {
        let refused = accept(&till, changed(&second, typed)).await;
        let refused = refused.err().context("it was not asked about")?;
        ensure!(refused.code == ErrorCode::Unconfirmed, "{refused:?}");
        ensure!(
            refused.message.contains(FIRST) && refused.message.contains(SECOND),
            "{refused:?}"
        );
        ensure!(refused.fields.len() == fields, "{refused:?}");
    }
    // By what the ledger knows, too: the key was forgotten, or the key store is another one.
    let forgotten = NewKey {
        instead_of: None,
        ..changed(&second, None)
    };
    let refused = accept(&till, forgotten).await;
    ensure!(refused.is_err_and(|error| error.code == ErrorCode::Unconfirmed));

    accept(&till, changed(&second, Some(" Change key "))).await?;
    till.desk.opened_with(&second, SECOND).await?;
    till.desk.opened_with(&second, SECOND).await?;
    let told: Vec<String> = till
        .desk
        .settings_changes()
        .await?
        .into_iter()
        .map(|one| one.words)
        .collect();
    let said = format!("Settings changed: the Dojo key from “{FIRST}” to “{SECOND}”");
    ensure!(
        told.iter().filter(|words| **words == said).count() == 1,
        "{told:?}"
    );
    ensure!(
        !told.concat().contains(SECOND_KEY),
        "the key itself is in the journal"
    );
    Ok(())
}

#[tokio::test]
async fn nobody_changes_the_key_while_dojo_cant_say_whose_it_is() -> Result<()> {
    let till = Till::open().await?;
    till.opened(Kind::Tab, "Stool 4", "50").await?;
    till.desk.opened_with(&till.client(KEY)?, FIRST).await?;
    let second = till.client(SECOND_KEY)?;
    till.plug(false)?;
    let refused = accept(&till, changed(&second, Some("change key"))).await;
    let refused = refused.err().context("it was accepted")?;
    ensure!(refused.message.contains("whose key"), "{}", refused.message);
    // What was kept by others goes on being watched, and is asked about at the next opening.
    till.desk.opened_with(&second, SECOND).await?;
    till.plug(true)?;
    let told = till.desk.settings_changes().await?.len();
    till.desk.opened_with(&second, SECOND).await?;
    ensure!(till.desk.settings_changes().await?.len() == told + 1);
    Ok(())
}

#[tokio::test]
async fn a_key_that_couldn_t_be_looked_up_moves_nothing_before_it_is() -> Result<()> {
    let (till, other) = (Till::open().await?, Till::open().await?);
    let tab = till.opened(Kind::Tab, "Stool 4", "50").await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    let hold = till.hold(tab).await?;
    till.desk.opened_with(&till.client(KEY)?, FIRST).await?;
    let second = till.client(SECOND_KEY)?;
    till.plug(false)?;
    till.desk.opened_with(&second, SECOND).await?;
    // What is opened meanwhile waits to be sent, as without any network.
    let waiting = till.opened(Kind::Tab, "Stool 5", "50").await?;
    ensure!(till.desk.key_of_another().is_none());

    // Dojo is back, and it's another account's key.
    till.wire.aim(&other.address())?;
    let refused = till.opened(Kind::Tab, "Stool 6", "50").await;
    let refused = refused.err().context("money was asked for another account")?;
    ensure!(refused.to_string().contains("another Dojo account"), "{refused}");
    let unsent = till.ledger.holds(waiting).await?;
    let unsent = unsent.first().context("no hold")?.id;
    ensure!(till.desk.retry_open(unsent).await.is_err());
    ensure!(
        till.desk
            .read(hold.id)
            .await
            .is_err_and(|error| error.code == ErrorCode::NotAllowed)
    );
    ensure!(till.desk.key_of_another().is_some());
    for ending in ["payment-intents", "captures", "reversals"] {
        ensure!(other.requests("POST", ending).await? == 0, "{ending} left");
    }
    ensure!(
        till.ledger.hold(hold.id).await? == hold,
        "another account's answer counted"
    );
    Ok(())
}

#[tokio::test]
async fn a_key_that_couldn_t_be_looked_up_works_once_it_is() -> Result<()> {
    let till = Till::open().await?;
    till.opened(Kind::Tab, "Stool 4", "50").await?;
    till.desk.opened_with(&till.client(KEY)?, FIRST).await?;
    let second = till.client(SECOND_KEY)?;
    till.plug(false)?;
    till.desk.opened_with(&second, SECOND).await?;
    till.plug(true)?;
    let told = till.desk.settings_changes().await?.len();
    for name in ["Stool 5", "Stool 6"] {
        till.opened(Kind::Tab, name, "50").await?;
    }
    ensure!(
        till.desk.settings_changes().await?.len() == told + 1,
        "the change isn't in the journal once"
    );
    Ok(())
}

#[tokio::test]
async fn a_slow_dojo_keeps_no_ledger_from_opening() -> Result<()> {
    let till = Till::open().await?;
    till.opened(Kind::Tab, "Stool 4", "50").await?;
    till.desk.opened_with(&till.client(KEY)?, FIRST).await?;
    till.fault("get", "stall").await?;
    let begun = std::time::Instant::now();
    till.desk.opened_with(&till.client(SECOND_KEY)?, SECOND).await?;
    ensure!(
        begun.elapsed() < std::time::Duration::from_secs(6),
        "{:?}",
        begun.elapsed()
    );
    Ok(())
}

#[tokio::test]
async fn a_ledger_with_money_but_no_known_key_looks_its_key_up_too() -> Result<()> {
    let (till, other) = (Till::open().await?, Till::open().await?);
    till.opened(Kind::Tab, "Stool 4", "50").await?;
    let foreign = other.client(SECOND_KEY)?;
    let refused = till.desk.opened_with(&foreign, SECOND).await;
    ensure!(refused.is_err_and(|error| error.code == ErrorCode::NotAllowed));
    Ok(())
}

#[tokio::test]
async fn a_page_that_isn_t_dojos_is_never_shown_drawn_or_mailed() -> Result<()> {
    for page in [
        "https://pay.dojo.tech.evil.example/checkout/pi_1",
        "file:///home/till/x.desktop",
        "https://evil.example/",
    ] {
        let till = Till::open().await?;
        till.wire.rewrite(move |_, body| {
            if body.get("paymentLink").is_some() {
                body["paymentLink"] = json!(page);
            }
        });
        let tab = till.opened(Kind::Tab, "Stool 4", "50").await?;
        let hold = till.hold(tab).await?;
        let view = till.desk.tab(tab).await?;
        let shown = view.holds.first().context("no hold")?;
        ensure!(shown.link.is_none() && shown.link_qr.is_none(), "{page} is shown");
        let words = shown.link_trouble.as_deref().unwrap_or_default();
        ensure!(words.contains("isn’t Dojo’s"), "{page}: {words}");
        ensure!(till.desk.link_mail(hold.id).await.is_err(), "{page} is mailed");
        let guests = till.desk.guest_page(hold.id).await?;
        ensure!(
            guests.qr.is_none() && guests.stage != GuestStage::Waiting,
            "{page} is the guest's"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_key_is_removed_in_words_and_the_journal_says_so() -> Result<()> {
    let till = Till::open().await?;
    till.opened(Kind::Tab, "Stool 4", "50").await?;
    till.desk.opened_with(&till.client(KEY)?, FIRST).await?;
    for (typed, fields) in [(None, 0), (Some("yes"), 1)] {
        let refused = till.desk.confirm_key_removal(typed).await;
        let refused = refused.err().context("it was not asked about")?;
        ensure!(refused.code == ErrorCode::Unconfirmed, "{refused:?}");
        ensure!(
            refused.message.contains(FIRST) && refused.message.contains("revoke"),
            "{refused:?}"
        );
        ensure!(refused.fields.len() == fields, "{refused:?}");
    }
    till.desk.confirm_key_removal(Some(" Remove key")).await?;
    till.desk.key_removed().await?;
    till.desk.key_removed().await?;
    let told = async || -> Result<Vec<String>> {
        Ok(till
            .desk
            .settings_changes()
            .await?
            .into_iter()
            .map(|one| one.words)
            .collect())
    };
    let removed = format!("Settings changed: the Dojo key from “{FIRST}” to nothing");
    ensure!(told().await?.iter().filter(|words| **words == removed).count() == 1);
    // Which key it was stays known: another one is asked about, and the command line refuses it.
    let second = till.client(SECOND_KEY)?;
    let other = NewKey {
        instead_of: None,
        ..changed(&second, None)
    };
    let refused = accept(&till, other).await;
    ensure!(
        refused.is_err_and(|error| error.code == ErrorCode::Unconfirmed && error.message.contains(FIRST))
    );
    ensure!(till.desk.refuse_other_key(SECOND).await.is_err());
    till.desk.opened_with(&till.client(KEY)?, FIRST).await?;
    let back = format!("Settings changed: the Dojo key from nothing to “{FIRST}”");
    ensure!(told().await?.iter().filter(|words| **words == back).count() == 2);
    Ok(())
}
