//! The sheets on which money is decided: what they say, what they work out, and what they keep from happening.

use crate::browser::Window;
use crate::trouble::{asked, captures, held_tab};
use crate::{id, training};
use anyhow::{Context, Result, ensure};
use serde_json::json;

const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";
const F4: &str = "\u{e034}";

fn enabled(name: &str) -> String {
    format!("{}:enabled", id(name))
}

/// The middle of an element.
async fn middle(window: &Window, selector: &str) -> Result<(f64, f64)> {
    let script = "const r = document.querySelector(arguments[0]).getBoundingClientRect(); \
                  return [r.left + r.width / 2, r.top + r.height / 2]";
    let found = window.script(script, json!([selector])).await?;
    let at = |n: usize| found[n].as_f64().context("no place");
    Ok((at(0)?, at(1)?))
}

/// Whether an element covers a point.
async fn covers(window: &Window, selector: &str, (x, y): (f64, f64)) -> Result<bool> {
    let script = "const r = document.querySelector(arguments[0]).getBoundingClientRect(); \
                  return r.left <= arguments[1] && arguments[1] <= r.right \
                  && r.top <= arguments[2] && arguments[2] <= r.bottom";
    let found = window.script(script, json!([selector, x, y])).await?;
    found.as_bool().context("no answer")
}

#[tokio::test]
async fn a_release_can_be_stopped_for_five_seconds_and_a_closed_window_sends_nothing() -> Result<()> {
    let mut window = training().await?;
    let base = held_tab(&window, "Second thoughts").await?;
    window.press(&id("part-holds")).await?;
    window.see(&id("do-release")).await?;
    let opener = middle(&window, &id("do-release")).await?;
    window.press(&id("do-release")).await?;
    window.reads(&id("consequence"), "It was never charged").await?;
    ensure!(
        !covers(&window, &id("release-confirm"), opener).await?,
        "a double press would confirm"
    );
    let focus = "return document.activeElement?.dataset.testid ?? ''";
    ensure!(
        window.script(focus, json!([])).await? == "sheet-safe",
        "the focus begins on the safe button"
    );
    window.press(&enabled("release-confirm")).await?;
    window
        .reads(&id("hold-back"), "Nothing has been sent yet")
        .await?;
    // At once: looking at it may take longer than the moment lasts.
    window.keys(ESCAPE).await?;
    window.see(&enabled("release-confirm")).await?;
    ensure!(asked(&base, "reversal").await? == 0, "it was stopped");

    window.press(&id("reason")).await?;
    window.press(&enabled("release-confirm")).await?;
    window.see(&id("hold-back")).await?;
    window.restart().await?;
    window.press("[data-name='Second thoughts']").await?;
    window.reads(&id("held"), "£100.00").await?;
    window.press(&id("part-history")).await?;
    ensure!(
        !window.text(&id("history")).await?.contains("Release"),
        "nothing was decided"
    );

    window.press(&id("part-holds")).await?;
    window.press(&id("do-release")).await?;
    window.press(&id("reason")).await?;
    window.press(&enabled("release-confirm")).await?;
    window.see(&id("hold-back")).await?;
    window.shot("release-held-back").await?;
    window.gone("dialog").await?;
    window.reads("[data-name='Second thoughts']", "Released").await?;
    window.press(&id("part-history")).await?;
    window.reads(&id("history"), "Paid another way").await
}

#[tokio::test]
async fn service_in_percent_and_a_tip_from_the_keypad_are_taken_once_by_enter() -> Result<()> {
    let window = training().await?;
    let base = held_tab(&window, "Table 3, Lena").await?;
    window.fill(&id("line-amount"), "76").await?;
    window.press(&id("line-add")).await?;
    window.reads(&id("bill"), "£76.00").await?;
    window.keys(F4).await?;
    window.reads(&id("take-confirm"), "Take £76.00").await?;
    window.press(&id("service-choice")).await?;
    window
        .reads(&id("take-sentence"), "Take £85.50 (bill 76.00 + service 9.50)")
        .await?;
    window.fill(&id("field-bill"), "70").await?;
    window
        .reads(&id("take-sentence"), "Take £78.75 (bill 70.00 + service 8.75)")
        .await?;
    window.fill(&id("field-tip"), "8").await?;
    window.reads(&id("take-sentence"), "Take £86.75").await?;
    window.shot("take-service").await?;
    // The last digits and Enter in one go: the sum of all digits is taken, once.
    window.keys(&format!(".50{ENTER}{ENTER}")).await?;
    window.reads(&id("captured"), "Taken £87.25").await?;
    ensure!(captures(&base).await? == 1, "one decision, one request");
    Ok(())
}

#[tokio::test]
async fn a_bill_that_outgrew_its_hold_takes_what_there_is_and_asks_for_the_rest() -> Result<()> {
    let window = training().await?;
    let base = held_tab(&window, "Marsh wedding party").await?;
    window.fill(&id("line-amount"), "132.40").await?;
    window.press(&id("line-add")).await?;
    window.reads(&id("missing"), "Hold £32.40 more").await?;
    window.shot("tab-over").await?;
    window.press(&id("take")).await?;
    window
        .reads(&id("take-why"), "The bill is £32.40 over the hold")
        .await?;
    window
        .reads(&id("take-way-on"), "Take £100.00, hold £32.40 more")
        .await?;
    window.shot("take-over").await?;
    window.press(&enabled("take-way-on")).await?;
    window.reads(&id("captured"), "Taken £100.00").await?;
    window.reads(&id("waiting"), "£32.40").await?;
    ensure!(captures(&base).await? == 1, "one request");
    window.press(&id("pay-good")).await?;
    window.press(&id("take")).await?;
    window.reads(&id("take-confirm"), "Take £32.40").await?;
    window.press(&enabled("take-confirm")).await?;
    window.reads(&id("captured"), "Taken £132.40").await?;
    window.press(&id("part-holds")).await?;
    window.shot("two-holds").await
}

#[tokio::test]
async fn a_bill_is_counted_corrected_and_its_guest_named_later() -> Result<()> {
    let window = training().await?;
    held_tab(&window, "Contactless").await?;
    window.fill(&id("line-what"), "Guinness").await?;
    window.fill(&id("line-quantity"), "3").await?;
    window.fill(&id("line-amount"), "6.20").await?;
    window.press(&id("line-add")).await?;
    window.reads(&id("bill"), "£18.60").await?;
    window.fill(&id("line-what"), "Crisps").await?;
    window.fill(&id("line-amount"), "1.50").await?;
    window.press(&id("line-add")).await?;
    window.reads(&id("bill"), "£20.10").await?;
    window.press(&id("take-off")).await?;
    window.reads(&id("bill"), "£18.60").await?;
    window.reads(&id("lines"), "Crisps (removed)").await?;
    ensure!(
        window.count(&id("take-off")).await? == 1,
        "what is off can't be taken off again"
    );
    window.shot("bill").await?;
    window.fill(&id("line-quantity"), "many").await?;
    window.fill(&id("line-amount"), "1").await?;
    window.press(&id("line-add")).await?;
    window
        .reads(&id("field-error"), "Use a quantity from 1 to 999")
        .await?;
    window.press(&id("edit")).await?;
    window.fill(&id("edit-name"), "Lena Marsh").await?;
    window.shot("edit").await?;
    window.keys(ENTER).await?;
    window.gone("dialog").await?;
    window.reads(&id("panel"), "Lena Marsh").await?;
    window.press(&id("part-history")).await?;
    window
        .reads(&id("history"), "name Contactless → Lena Marsh")
        .await
}
