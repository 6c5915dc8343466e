//! A stay of ten nights, whose hold is renewed on the fifth day: by the keyboard alone, and by touch.

use crate::browser::Window;
use crate::trouble::asked;
use crate::{id, training};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

const F7: &str = "\u{e037}";
const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";
const ROOM: &str = "[data-name='Room 14, O. Brandt']";

/// A deposit of £1,200 for ten nights, paid; where its simulator is.
async fn ten_nights(window: &Window) -> Result<String> {
    // Rows that stay where they are, whatever ends meanwhile.
    window.paste(&id("order"), "name").await?;
    window.press(&id("new-deposit")).await?;
    window.fill(&id("field-name"), "Room 14, O. Brandt").await?;
    window.press(&id("per-night")).await?;
    window.fill(&id("field-amount"), "120").await?;
    window.fill(&id("field-nights"), "10").await?;
    window.reads(&id("new-sum"), "departs").await?;
    window.press(&id("open-hold")).await?;
    window.gone("dialog").await?;
    let base = crate::levers::of(window).await?;
    window.press(&id("pay-good")).await?;
    window.see(&id("renew-due")).await?;
    Ok(base)
}

/// What Dojo holds on the room's cards, in minor units.
async fn in_force(base: &str) -> Result<Vec<i64>> {
    let (client, base) = crate::levers::at(base)?;
    let truth = client.get(format!("{base}/_simulator/truth")).send();
    let truth: Value = truth.await?.json().await?;
    let intents = truth["intents"].as_array().context("no intents")?;
    let held = intents
        .iter()
        .filter(|i| i["holdOpen"] == true && i["metadata"]["holdfast-name"] == "Room 14, O. Brandt");
    Ok(held.filter_map(|i| i["authorised"].as_i64()).collect())
}

async fn wind(window: &Window, by: &str) -> Result<()> {
    window.press(&id("screen-settings")).await?;
    window.press(&id(&format!("wind-{by}"))).await?;
    window.press(&id("screen-floor")).await?;
    window.press(ROOM).await
}

/// A picture in each theme.
async fn both(window: &Window, name: &str) -> Result<()> {
    for theme in ["dark", "light"] {
        let set = "document.documentElement.dataset.theme = arguments[0]";
        window.script(set, json!([theme])).await?;
        window.shot(&format!("{name}-{theme}")).await?;
    }
    Ok(())
}

#[tokio::test]
async fn on_the_fifth_of_ten_nights_the_hold_is_renewed_and_the_guest_is_always_covered() -> Result<()> {
    let window = training().await?;
    let base = ten_nights(&window).await?;
    window
        .reads(&id("renew-due"), "renew it before it expires")
        .await?;
    wind(&window, "5d").await?;
    window.see(&id("renew-due")).await?;
    both(&window, "renew-due").await?;

    window.keys(F7).await?;
    window.reads("dialog", "Renew the hold of £1,200.00").await?;
    window.has_focus(&id("renew-amount")).await?;
    window.reads(&id("renew-facts"), "On hold until").await?;
    window
        .reads(
            &id("renew-sentence"),
            "We release the old hold of £1,200.00 once the new one is in place",
        )
        .await?;
    window.reads(&id("renew-confirm"), "Request £1,200.00").await?;
    both(&window, "renew").await?;
    // The amount as it is: Enter.
    window.keys(ENTER).await?;
    window.gone("dialog").await?;
    window
        .reads(&id("renewal"), "Waiting for the guest to add a card")
        .await?;
    ensure!(in_force(&base).await? == [120_000], "the old hold stays");
    both(&window, "renewing").await?;

    // The guest takes a day over it.
    wind(&window, "1d").await?;
    window.see(&id("renewal")).await?;
    ensure!(in_force(&base).await? == [120_000]);
    window.press(&id("pay-good")).await?;
    window.gone(&id("renewal")).await?;
    window.gone(&id("waiting")).await?;
    ensure!(in_force(&base).await? == [120_000], "one of the two is in force");
    ensure!(asked(&base, "reversal").await? == 1);
    window.press(&id("part-history")).await?;
    window
        .reads(
            &id("history"),
            "The new hold is in place, the old one is released",
        )
        .await?;
    window.press(&id("part-holds")).await?;
    both(&window, "renewed").await?;

    // Past the old one's end, to the last night.
    for _ in 0..4 {
        wind(&window, "1d").await?;
        window.reads(&id("held"), "£1,200.00").await?;
        ensure!(in_force(&base).await? == [120_000]);
    }
    ensure!(window.count(&id("lapsed")).await? == 0);
    Ok(())
}

#[tokio::test]
async fn given_up_by_touch_the_old_hold_stays_and_nonsense_is_said_at_its_field() -> Result<()> {
    let window = training().await?;
    let base = ten_nights(&window).await?;
    window.press(&id("renew-now")).await?;
    window.fill(&id("renew-amount"), "nothing much").await?;
    window.see(&id("field-error")).await?;
    ensure!(
        window.count(&format!("{}:enabled", id("renew-confirm"))).await? == 0,
        "nonsense can’t be sent"
    );
    window.keys(ESCAPE).await?;
    window.gone("dialog").await?;
    window.press(&id("renew-now")).await?;
    window.fill(&id("renew-amount"), "1300").await?;
    window.press(&id("renew-link-three_days")).await?;
    window.reads(&id("renew-confirm"), "Request £1,300.00").await?;
    window.press(&id("renew-confirm")).await?;
    window.gone("dialog").await?;
    window.reads(&id("waiting"), "£1,300.00").await?;
    window.press(&id("give-up-renewal")).await?;
    window.gone(&id("renewal")).await?;
    window.gone(&id("waiting")).await?;
    window.see(&id("renew-due")).await?;
    window.reads(&id("held"), "£1,200.00").await?;
    ensure!(in_force(&base).await? == [120_000]);
    ensure!(asked(&base, "reversal").await? == 0);
    Ok(())
}
