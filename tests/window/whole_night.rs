//! A whole night from the first tab to the printed report: once by keyboard alone, once with a finger alone.

use crate::browser::Window;
use crate::hands::{Finger, Keyboard, key};
use crate::id;
use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// A test card that is accepted.
const CARD: &str = "5200000000001005";

/// Guests, what is held of each, and their bills. The last one outgrows its hold.
const GUESTS: [(&str, &str, &str); 5] = [
    ("Amira", "100", "42.30"),
    ("Brandt party", "200", "76.00"),
    ("Lena", "100", "60.00"),
    ("Oduya", "50", "33.70"),
    ("Marsh wedding", "100", "132.40"),
];

/// The guest's part, on the guest's own phone: the page behind the link, and a card.
pub(crate) async fn guest_pays(window: &Window) -> Result<String> {
    window.see(&id("link")).await?;
    let (link, base) = (window.text(&id("link")).await?, crate::levers::of(window).await?);
    let page = reqwest::Client::new()
        .post(&link)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("card={CARD}"));
    page.send().await?.error_for_status()?;
    window.gone(&id("waiting")).await?;
    Ok(base)
}

/// What Dojo took in all, in minor units.
async fn taken_at_dojo(base: &str) -> Result<i64> {
    let (client, base) = crate::levers::at(base)?;
    let truth = client.get(format!("{base}/_simulator/truth")).send();
    let truth: Value = truth.await?.json().await?;
    let intents = truth["intents"].as_array().context("no intents")?;
    let captures = intents
        .iter()
        .flat_map(|i| i["captures"].as_array().into_iter().flatten());
    Ok(captures
        .filter(|capture| capture["status"] == "Successful")
        .map(|c| c["amount"].as_i64().unwrap_or(0) + c["tipsAmount"].as_i64().unwrap_or(0))
        .sum())
}

/// The system's own dialog opens; no printer is there, so it's closed again.
pub(crate) async fn is_asked_by_the_system(window: &Window) -> Result<()> {
    let dialog = "Print";
    window
        .until("the system’s print dialog", async || {
            Ok(crate::screen::has(window.display(), dialog)?.then_some(()))
        })
        .await?;
    crate::screen::cross_of(window.display(), dialog)?;
    window
        .until("the end of the print dialog", async || {
            Ok((!crate::screen::has(window.display(), dialog)?).then_some(()))
        })
        .await
}

/// What both nights come to.
async fn comes_out_right(window: &Window, base: &str) -> Result<()> {
    window.reads(&id("report-title"), "Night report 1").await?;
    window.reads(&id("paper"), "Net takings\n£590.30").await?;
    window
        .reads(&id("report-leftovers"), "Room 21, I. Vented")
        .await?;
    window.reads(&id("report-leftovers"), "Stool 4, Made-up").await?;
    ensure!(
        taken_at_dojo(base).await? == 59_030,
        "to the penny what Dojo took"
    );
    Ok(())
}

#[tokio::test]
async fn a_whole_night_by_keyboard_alone() -> Result<()> {
    let window = Window::open().await?;
    let keys = Keyboard(&window);
    keys.on(&id("choose-training"), key::ENTER).await?;
    window.see(&id("row")).await?;
    let mut base = String::new();
    for (name, amount, bill) in GUESTS {
        keys.press(&format!("{}{name}{}{}{amount}", key::F2, key::TAB, key::TAB))
            .await?;
        window.reads(&id("open-hold"), amount).await?;
        keys.press(key::ENTER).await?;
        window.gone("dialog").await?;
        window.reads(&id("panel"), name).await?;
        base = guest_pays(&window).await?;
        // Into the tab, and onto its bill.
        keys.press(key::DOWN).await?;
        window.has_focus(&format!("[data-name='{name}']")).await?;
        keys.press(key::ENTER).await?;
        window.has_focus(&id("line-amount")).await?;
        keys.press(&format!("{bill}{}", key::ENTER)).await?;
        window.reads(&id("bill"), &format!("£{bill}")).await?;
        window.has_focus(&id("line-amount")).await?;
    }
    // The last one is over its hold: what is missing is asked for while the guest is here.
    window.reads(&id("missing"), "Hold £32.40 more").await?;
    keys.on(&id("missing"), key::ENTER).await?;
    window.has_focus(&id("more-amount")).await?;
    keys.press(key::ENTER).await?;
    window.gone("dialog").await?;
    guest_pays(&window).await?;
    window.reads(&id("held"), "£132.40").await?;

    // Found by search, taken in full, with a tip and without one.
    for (name, tip, taken) in [("Amira", "3.80", "46.10"), ("Brandt", "", "76.00")] {
        keys.press(&format!("{}/", key::ESCAPE)).await?;
        window.has_focus(&id("search")).await?;
        keys.press(name).await?;
        window.reads(&id("found"), "1 open").await?;
        keys.press(key::DOWN).await?;
        window.has_focus(&format!("[data-name^='{name}']")).await?;
        keys.press(key::ENTER).await?;
        window.reads(&id("panel"), name).await?;
        keys.press(key::F4).await?;
        window.see(&id("take-sentence")).await?;
        window.has_focus(&id("field-tip")).await?;
        if !tip.is_empty() {
            keys.press(tip).await?;
        }
        window
            .reads(&id("take-confirm"), &format!("Take £{taken}"))
            .await?;
        keys.press(key::ENTER).await?;
        window.reads(&id("captured"), &format!("Taken £{taken}")).await?;
        // The first one ends the search, the second one closes the tab.
        keys.press(key::ESCAPE).await?;
    }
    // A part of it now.
    keys.press(&format!("{}/Lena", key::ESCAPE)).await?;
    window.reads(&id("found"), "1 open").await?;
    keys.press(key::DOWN).await?;
    keys.press(key::ENTER).await?;
    window.reads(&id("panel"), "Lena").await?;
    keys.press(key::F4).await?;
    window.see(&id("take-sentence")).await?;
    keys.shift(key::TAB).await?;
    keys.shift(key::TAB).await?;
    window.has_focus(&id("field-bill")).await?;
    window.chord("\u{e009}", "a").await?;
    keys.press("20").await?;
    window.reads(&id("take-confirm"), "Take £20.00").await?;
    keys.press(key::ENTER).await?;
    window.reads(&id("captured"), "Taken £20.00").await?;

    keys.press(key::F8).await?;
    let all = "Take £448.20 from 6 tabs, close 2 tabs, leave 2 tabs open.";
    window.reads(&id("night-sentence"), all).await?;
    window.reads(&id("night-foot"), "£448.20").await?;
    // Oduya stays for another one, and leaves after all.
    let tick = "[data-name='Oduya'] [data-testid='night-tick']";
    keys.on(tick, key::SPACE).await?;
    window
        .reads(
            &id("night-sentence"),
            "Take £414.50 from 5 tabs, close 2 tabs, leave 3 tabs",
        )
        .await?;
    window.has_focus(tick).await?;
    keys.press(key::SPACE).await?;
    window.reads(&id("night-sentence"), all).await?;
    keys.press(key::F4).await?;
    window.reads("dialog", all).await?;
    keys.on(&id("night-confirm"), key::ENTER).await?;
    window.has_focus(&id("hold-back-stop")).await?;
    window
        .reads(&id("report-last"), "Show and print report 1")
        .await?;
    window
        .reads(&id("run-words"), "The night is closed: 8 of 8 done")
        .await?;
    keys.on(&id("run-all"), key::ENTER).await?;
    window.reads(&id("run-table"), "Taken £132.40").await?;
    window.shot("night-closed").await?;
    keys.on(&id("report-last"), key::ENTER).await?;
    comes_out_right(&window, &base).await?;
    keys.on(&id("paper-print"), key::ENTER).await?;
    is_asked_by_the_system(&window).await?;
    keys.press(key::ESCAPE).await?;
    window.gone(&id("paper")).await?;
    window.has_focus(&id("report-last")).await
}

#[tokio::test]
async fn a_whole_night_with_a_finger() -> Result<()> {
    let window = Window::open().await?;
    let finger = Finger(&window);
    finger.tap(&id("choose-training")).await?;
    window.see(&id("row")).await?;
    let mut base = String::new();
    for (name, amount, bill) in GUESTS {
        finger.tap(&id("new-tab")).await?;
        finger.fill(&id("field-name"), name).await?;
        finger.tap(&id(&format!("preset-{amount}"))).await?;
        window.reads(&id("open-hold"), amount).await?;
        finger.tap(&id("open-hold")).await?;
        window.gone("dialog").await?;
        window.reads(&id("panel"), name).await?;
        base = guest_pays(&window).await?;
        finger.fill(&id("line-amount"), bill).await?;
        finger.tap(&id("line-add")).await?;
        window.reads(&id("bill"), &format!("£{bill}")).await?;
    }
    finger.tap(&id("missing")).await?;
    finger.tap(&id("more-confirm")).await?;
    window.gone("dialog").await?;
    guest_pays(&window).await?;
    window.reads(&id("held"), "£132.40").await?;

    for (name, field, typed, taken) in [
        ("Amira", "field-tip", "3.80", "46.10"),
        ("Brandt party", "field-tip", "", "76.00"),
        ("Lena", "field-bill", "20", "20.00"),
    ] {
        finger
            .tap(&format!("[data-testid='row'][data-name='{name}']"))
            .await?;
        window.reads(&id("panel"), name).await?;
        finger.tap(&id("take")).await?;
        window.see(&id("take-sentence")).await?;
        finger.fill(&id(field), typed).await?;
        window
            .reads(&id("take-confirm"), &format!("Take £{taken}"))
            .await?;
        finger.tap(&format!("{}:enabled", id("take-confirm"))).await?;
        window.reads(&id("captured"), &format!("Taken £{taken}")).await?;
        window.gone("dialog").await?;
    }

    // What the last take came to does not lie over the ticks.
    window.see(&id("toast")).await?;
    finger.tap(&id("screen-night")).await?;
    window.see(".night tbody tr").await?;
    ensure!(
        window.count(&id("toast")).await? == 0,
        "a toast lies over the night"
    );
    let all = "Take £448.20 from 6 tabs, close 2 tabs, leave 2 tabs open.";
    window.reads(&id("night-sentence"), all).await?;
    let tick = "[data-name='Oduya'] label:has([data-testid='night-tick'])";
    finger.tap(tick).await?;
    window
        .reads(
            &id("night-sentence"),
            "Take £414.50 from 5 tabs, close 2 tabs, leave 3 tabs",
        )
        .await?;
    finger.tap(tick).await?;
    window.reads(&id("night-sentence"), all).await?;
    finger.tap(&id("night-close")).await?;
    finger.tap(&id("night-confirm")).await?;
    window
        .reads(&id("report-last"), "Show and print report 1")
        .await?;
    finger.tap(&id("report-last")).await?;
    comes_out_right(&window, &base).await?;
    finger.tap(&id("paper-print")).await?;
    is_asked_by_the_system(&window).await
}
