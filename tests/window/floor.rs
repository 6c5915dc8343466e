//! The floor: found whatever the spelling, in the order that was chosen, standing still while it changes.

use crate::browser::Window;
use crate::hands::Finger;
use crate::{id, training};
use anyhow::{Context, Result, ensure};
use holdfast_tests::crowd;
use serde_json::json;

const ESCAPE: &str = "\u{e00c}";

#[tokio::test]
async fn a_tab_is_found_open_or_closed_though_it_is_misspelt() -> Result<()> {
    let window = training().await?;
    window.press("[data-name='Stool 4, Made-up']").await?;
    window.press(&id("part-holds")).await?;
    window.press(&id("do-cancel")).await?;
    window.press(&format!("{}:enabled", id("cancel-confirm"))).await?;
    window.press(&id("close-tab")).await?;
    window.gone("[data-name='Stool 4, Made-up']").await?;

    window.keys("/").await?;
    window.has_focus(&id("search")).await?;
    window.keys("pretned").await?;
    window.reads(&id("found"), "1 open for “pretned”").await?;
    window.see("[data-name='Table 9, Pretend']").await?;
    ensure!(window.count("[data-testid='list'] [data-testid='row']").await? == 1);
    for (typed, found) in [
        ("stol made", "Stool 4, Made-up"),
        ("92.40", "Table 9, Pretend"),
        ("room 21", "Room 21, I. Vented"),
    ] {
        window.fill(&id("search"), typed).await?;
        window
            .see(&format!("[data-testid='list'] [data-name='{found}']"))
            .await?;
        window
            .gone("[data-testid='list'] [data-name='Booth 2, Example party']")
            .await?;
    }
    // The floor lies under what is found, and no key leads there.
    window.see("[data-testid='covered'][aria-hidden='true']").await?;
    ensure!(window.count("[data-testid='covered'] [tabindex='0']").await? == 0);
    window.fill(&id("search"), "zzzz").await?;
    window.reads(&id("list"), "Nothing matches “zzzz”.").await?;
    window.shot("search-nothing").await?;
    window.fill(&id("search"), "table").await?;
    window.reads(&id("found"), "2 open").await?;
    // What stands over the rows is what these two add up to.
    window.reads(&id("sum-held"), "£200.00").await?;
    window.reads(&id("sum-due"), "£123.60").await?;
    window.shot("search").await?;
    window.keys(ESCAPE).await?;
    window.see(&id("filter-all")).await?;
    window.reads(&id("open-count"), "4").await
}

#[tokio::test]
async fn order_and_filters_are_the_desks_and_the_order_stays() -> Result<()> {
    let mut window = training().await?;
    window.reads(&id("filter-all"), "5").await?;
    window.reads(&id("filter-deposit"), "1").await?;
    window.press(&id("filter-waiting")).await?;
    window.gone("[data-name='Table 9, Pretend']").await?;
    window.see("[data-name='Stool 4, Made-up']").await?;
    window.reads(&id("sum-held"), "—").await?;
    window.press(&id("filter-deposit")).await?;
    window.reads(&id("sum-held"), "£250.00").await?;
    window.press(&id("filter-all")).await?;
    window.reads(&id("sum-held"), "£650.00").await?;
    window.paste(&id("order"), "name").await?;
    let names =
        "return [...document.querySelectorAll(\"[data-testid='row']\")].map(r => r.dataset.name).join('|')";
    let sorted =
        "Booth 2, Example party|Room 21, I. Vented|Stool 4, Made-up|Table 5, Sample|Table 9, Pretend";
    for _ in 0..100 {
        if window.script(names, json!([])).await? == sorted {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    window.restart().await?;
    window.see(&id("row")).await?;
    ensure!(
        window.script(names, json!([])).await? == sorted,
        "the order stays"
    );
    Ok(())
}

#[tokio::test]
async fn a_bill_over_its_hold_says_in_its_row_what_to_ask_for() -> Result<()> {
    let window = training().await?;
    window.press("[data-name='Table 9, Pretend']").await?;
    window.fill(&id("line-amount"), "37.60").await?;
    window.press(&id("line-add")).await?;
    window
        .reads("[data-name='Table 9, Pretend']", "£30.00 over")
        .await?;
    window.see("[data-name='Table 9, Pretend'] .bar.bad").await?;
    window.shot("over").await
}

#[tokio::test]
async fn rows_stand_still_while_others_come() -> Result<()> {
    let window = Window::open_prepared(&[], async |data| crowd(&data.join("training"), 120).await).await?;
    window.press(&id("choose-training")).await?;
    window.reads(&id("open-count"), "120").await?;
    window.paste(&id("order"), "newest").await?;
    window
        .see("[data-testid='list'] .head + [data-name='Guest 120']")
        .await?;
    window.press("[data-name='Guest 60']").await?;
    window.reads(&id("panel"), "Guest 60").await?;
    let place = async || -> Result<i64> {
        let top = window
            .script(
                "const row = document.querySelector(\"[data-name='Guest 60']\"); \
                 return Math.round(row.getBoundingClientRect().top)",
                json!([]),
            )
            .await?;
        top.as_i64().context("no place")
    };
    window.has_focus("[data-name='Guest 60']").await?;
    let before = place().await?;
    window.keys("\u{e032}").await?;
    window.fill(&id("field-name"), "Newcomer").await?;
    window.fill(&id("field-amount"), "20").await?;
    window.press(&id("open-hold")).await?;
    window.gone("dialog").await?;
    window.see("[data-name='Newcomer']").await?;
    let after = place().await?;
    ensure!(
        (after - before).abs() <= 1,
        "it stood at {before}, now at {after}"
    );
    window.has_focus("[data-name='Guest 60']").await
}

#[tokio::test]
async fn under_a_finger_rows_keep_their_places_until_it_is_lifted() -> Result<()> {
    const STOOL: &str = "[data-testid='row'][data-name='Stool 4, Made-up']";
    const NEW: &str = "[data-testid='row'][data-name='Newcomer']";
    let window = training().await?;
    window.press(STOOL).await?;
    window.reads(&id("panel"), "Stool 4, Made-up").await?;
    window.press(&id("new-tab")).await?;
    window.fill(&id("field-name"), "Newcomer").await?;
    window.fill(&id("field-amount"), "20").await?;
    window.press(&id("open-hold")).await?;
    window.gone("dialog").await?;
    window.see(NEW).await?;
    window.reads(&id("panel"), "Newcomer").await?;
    let (link, base) = (window.text(&id("link")).await?, crate::levers::of(&window).await?);
    let is_above = async |one: &str, other: &str| -> Result<bool> {
        let script = "const top = (row) => document.querySelector(row).getBoundingClientRect().top; \
                      return top(arguments[0]) < top(arguments[1])";
        Ok(window.script(script, json!([one, other])).await? == true)
    };
    window
        .until("the newer one above", async || {
            Ok(is_above(NEW, STOOL).await?.then_some(()))
        })
        .await?;
    window.press(STOOL).await?;
    window.reads(&id("panel"), "Stool 4, Made-up").await?;

    // That guest pays while a finger is on the row: what is on hold stands below what waits.
    let finger = Finger(&window);
    finger.rest_on(NEW).await?;
    let (_, intent) = link.split_once("/checkout/").context("no link")?;
    let (client, base) = crate::levers::at(&base)?;
    client
        .post(format!("{base}/_simulator/pay/{intent}"))
        .json(&json!({ "card": holdfast_tests::GOOD }))
        .send()
        .await?
        .error_for_status()?;
    window.reads(&format!("{NEW} .state"), "On hold").await?;
    ensure!(is_above(NEW, STOOL).await?, "a row went away under the finger");
    finger.lift().await?;
    window.reads(&id("panel"), "Newcomer").await?;
    window
        .until("the one that waits above", async || {
            Ok(is_above(STOOL, NEW).await?.then_some(()))
        })
        .await
}
