//! The front desk's lists: nothing on them, something on each, and each entry's one next step.

use crate::browser::Window;
use crate::hands::{Keyboard, key};
use crate::{id, training};
use anyhow::{Result, ensure};
use serde_json::json;

const F9: &str = "\u{e039}";
const BRANDT: &str = "Room 14, O. Brandt";
const MARSH: &str = "Room 7, L. Marsh";
/// Of training's own guests: arrives today, stays two nights.
const VENTED: &str = "Room 21, I. Vented";

fn entry(name: &str, part: &str) -> String {
    format!("[data-testid='worklist-entry'][data-name='{name}'] [data-testid='{part}']")
}

/// A deposit of £250 that arrives today, the sheet still open.
async fn typed(window: &Window, name: &str, nights: i64) -> Result<()> {
    window.press(&id("new-deposit")).await?;
    window.fill(&id("field-name"), name).await?;
    window.fill(&id("field-amount"), "250").await?;
    // As staff say it: so many days from today, which is when it arrives.
    window.fill(&id("field-departs"), &format!("+{nights}")).await?;
    window.see(&id("field-departs-read")).await
}

async fn wind(window: &Window, by: &str) -> Result<()> {
    window.press(&id("screen-settings")).await?;
    window.press(&id(&format!("wind-{by}"))).await?;
    window.keys(F9).await?;
    window.see(&id("worklists")).await
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

/// Nothing is wrong today; five days on there is something on each list.
async fn five_days_on(window: &Window) -> Result<()> {
    window.keys(F9).await?;
    window
        .reads(&id("worklists"), "No deposits need attention.")
        .await?;
    both(window, "deposits-empty").await?;

    typed(window, BRANDT, 0).await?;
    window.press(&id("open-hold")).await?;
    window
        .reads(&id("field-error"), "type a later day, or none")
        .await?;
    window.keys(key::ESCAPE).await?;
    window.gone("dialog").await?;
    typed(window, BRANDT, 10).await?;
    window.press(&id("open-hold")).await?;
    window.gone("dialog").await?;
    window.reads(&id("panel"), "arrives").await?;
    window.press(&id("pay-good")).await?;
    window.see(&id("renew-due")).await?;
    typed(window, MARSH, 9).await?;
    window.press(&id("open-hold")).await?;
    window.gone("dialog").await?;
    window.see(&id("link")).await?;

    window.press(&id("screen-deposits")).await?;
    window
        .reads(
            &entry(MARSH, "entry-words"),
            "Arrives today. Card for £250.00 not added yet.",
        )
        .await?;
    window.reads(&entry(BRANDT, "state"), "Ends in 6 days").await?;
    window.reads(&id("screen-deposits"), "2").await?;
    wind(window, "5d").await?;
    window.reads(&id("count-departed"), "1").await?;
    window.reads(&id("screen-deposits"), "3").await
}

#[tokio::test]
async fn by_hand_each_entry_is_settled_by_its_one_next_step() -> Result<()> {
    let window = training().await?;
    five_days_on(&window).await?;
    window.reads(&entry(MARSH, "entry-next"), "Hold £250.00…").await?;
    window
        .reads(&entry(MARSH, "entry-words"), "expired, card not added")
        .await?;
    window.gone(&id("toast")).await?;
    both(&window, "deposits").await?;

    // Left, and still held: released.
    window
        .reads(&entry(VENTED, "entry-words"), "Nothing is on the bill.")
        .await?;
    window.reads(&entry(VENTED, "entry-amount"), "on hold").await?;
    window.press(&entry(VENTED, "entry-next")).await?;
    window.reads("dialog", "Release £250.00").await?;
    both(&window, "deposits-release").await?;
    window
        .press(&format!("{}:enabled", id("release-confirm")))
        .await?;
    window.gone("dialog").await?;
    window.gone(&entry(VENTED, "entry-next")).await?;

    // Here, and nothing is held: asked again.
    window.press(&entry(MARSH, "entry-next")).await?;
    window.reads("dialog", "Request a hold").await?;
    ensure!(
        window.value(&id("more-amount")).await? == "250.00",
        "what it was is offered"
    );
    window.press(&id("more-confirm")).await?;
    window.gone("dialog").await?;
    window.reads(&entry(MARSH, "entry-next"), "Show the link").await?;
    window.press(&id("pay-good")).await?;
    window.gone(&entry(MARSH, "entry-next")).await?;
    window
        .reads(
            &id("list-arriving"),
            "Everyone arriving by tomorrow has a deposit",
        )
        .await?;
    both(&window, "deposits-left").await
}

#[tokio::test]
async fn by_keyboard_the_long_stay_is_renewed_from_its_list() -> Result<()> {
    let window = training().await?;
    five_days_on(&window).await?;
    let keyboard = Keyboard(&window);
    keyboard.press(key::DOWN).await?;
    window.reads(&id("panel"), VENTED).await?;
    keyboard.press(key::DOWN).await?;
    window.reads(&id("panel"), BRANDT).await?;
    keyboard.on(&entry(BRANDT, "entry-next"), key::ENTER).await?;
    window.reads("dialog", "Renew the hold of £250.00").await?;
    window.see(&format!("{}:enabled", id("renew-confirm"))).await?;
    keyboard.press(key::ENTER).await?;
    window.gone("dialog").await?;
    window.reads(&entry(BRANDT, "state"), "Being renewed").await?;
    window
        .reads(&entry(BRANDT, "entry-next"), "Show the link")
        .await?;
    window.press(&id("pay-good")).await?;
    window.gone(&entry(BRANDT, "entry-next")).await
}
