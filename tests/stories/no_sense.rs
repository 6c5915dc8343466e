//! Dojo keeps to answers that make no sense: they change nothing, a person is told, and once they have dismissed it
//! nothing else is held up.

use crate::portal::take_in_portal;
use crate::refunds::{one_more, sweeps, table, take};
use anyhow::{Context, Result, ensure};
use holdfast_desk::{AppError, Aside, ErrorCode, Item, TakeTyped, Taken};
use holdfast_domain::TabId;
use holdfast_ledger::prelude::*;
use holdfast_tests::Till;
use holdfast_tests::press::Press;
use serde_json::{Map, Value};

/// From now on each intent that Dojo shows is changed by `how`.
fn intents(till: &Till, how: impl Fn(&mut Map<String, Value>) + Send + Sync + 'static) {
    till.wire.rewrite(move |_, body| {
        let all: Vec<&mut Value> = match body.get_mut("data") {
            Some(Value::Array(page)) => page.iter_mut().collect(),
            _ => vec![body],
        };
        all.into_iter().filter_map(Value::as_object_mut).for_each(&how);
    });
}

/// What a person reads of it.
async fn told(till: &Till, tab: TabId) -> Result<Option<Item>> {
    let items = till.desk.attention().await?.items;
    let is_it = |item: &Item| item.tab_id == Some(tab) && item.meaning.contains("make no sense");
    Ok(items.into_iter().find(is_it))
}

/// A person looks at Dojo's portal, and dismisses it.
async fn dismiss(till: &Till, tab: TabId) -> Result<()> {
    match told(till, tab).await?.context("nothing is told")?.aside {
        Some(Aside::Finding(key)) => Ok(till.desk.acknowledge(&key).await?),
        other => anyhow::bail!("it can't be dismissed: {other:?}"),
    }
}

/// Somebody takes what is due.
async fn press(till: &Till, tab: TabId) -> Result<Result<Taken, AppError>> {
    let sheet = till.desk.sheet(tab, TakeTyped::default()).await?;
    Ok(till.desk.take(&sheet).await)
}

/// The portal took all of a hold, and Dojo never lists that.
#[tokio::test]
async fn a_hold_whose_captures_are_never_listed_can_be_ended() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "100", "40").await?;
    intents(&till, |intent| drop(intent.remove("captures")));
    take_in_portal(&till, &hold, 10_000).await?;
    ensure!(till.desk.read(hold.id).await.is_err(), "it makes no sense");
    assert!(
        told(&till, tab).await?.is_none(),
        "one answer is nothing to look into"
    );
    till.wind("9.00:00:00").await?;
    sweeps(&till, 5).await?;
    dismiss(&till, tab).await?;
    sweeps(&till, 5).await?;
    assert!(told(&till, tab).await?.is_none(), "it isn't told again");
    till.desk.press_close(tab).await?;
    Ok(())
}

/// A card was taken in full, and Dojo tells nothing of it any more. The rest of the bill waits until a person has
/// looked, and is then taken from the other card.
#[tokio::test]
async fn a_card_that_can_not_be_read_any_more_does_not_lock_the_other_for_good() -> Result<()> {
    let till = Till::open().await?;
    let (tab, first) = table(&till, "40", "40").await?;
    take(&till, tab, "40", "0", "0").await?;
    one_more(&till, tab, "50").await?;
    till.desk.add_line(tab, None, 1, "20").await?;
    let gone = first.intent_id.clone().context("no intent")?;
    intents(&till, move |intent| {
        if intent.get("id").and_then(Value::as_str) == Some(gone.as_str()) {
            intent.remove("amount");
        }
    });
    let refused = press(&till, tab).await?.err().context("nobody has looked")?;
    ensure!(refused.code == ErrorCode::Unclear, "{refused:?}");
    sweeps(&till, 4).await?;
    assert!(press(&till, tab).await?.is_err(), "nobody has looked yet");
    dismiss(&till, tab).await?;
    press(&till, tab).await??;
    let second = till.hold(tab).await?;
    assert_eq!(second.captured(), 2_000, "the rest of the bill");
    Ok(())
}

/// Dojo makes sense again: what was told is over, and the tab is no exception any more.
#[tokio::test]
async fn an_answer_that_makes_sense_ends_it() -> Result<()> {
    let till = Till::open().await?;
    let (tab, hold) = table(&till, "100", "40").await?;
    intents(&till, |intent| drop(intent.remove("amount")));
    sweeps(&till, 5).await?;
    ensure!(told(&till, tab).await?.is_some(), "it is told");
    till.wire.leave();
    till.desk.read(hold.id).await?;
    assert!(told(&till, tab).await?.is_none());

    intents(&till, |intent| drop(intent.remove("amount")));
    sweeps(&till, 5).await?;
    dismiss(&till, tab).await?;
    ensure!(till.hold(tab).await.is_err() || till.ledger.hold(hold.id).await?.given_up_at.is_some());
    till.wire.leave();
    till.desk.read(hold.id).await?;
    assert_eq!(till.ledger.hold(hold.id).await?.given_up_at, None);
    intents(&till, |intent| drop(intent.remove("amount")));
    sweeps(&till, 5).await?;
    assert!(told(&till, tab).await?.is_some(), "it is told again");
    Ok(())
}
