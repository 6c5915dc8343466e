//! What was closed: by day, person, card, amount and what became of it.

use crate::hands::{Keyboard, key};
use crate::{id, training};
use anyhow::{Result, ensure};

#[tokio::test]
async fn an_old_tab_is_found_by_what_somebody_remembers_of_it() -> Result<()> {
    let window = training().await?;
    window.reads(".figures", "£650.00").await?;
    window.press(&id("screen-night")).await?;
    let deposit = "[data-name='Room 21, I. Vented'] [data-testid='night-action']";
    window.paste(deposit, "release").await?;
    window.reads(&id("night-sentence"), "release £250.00").await?;
    window.press(&id("night-close")).await?;
    window.press(&id("night-confirm")).await?;
    window.reads(&id("report-last"), "report 1").await?;
    window.press(&id("screen-history")).await?;
    window
        .see("[data-testid='row'][data-name='Table 5, Sample']")
        .await?;
    ensure!(window.count(&id("row")).await? == 4);

    window.press(&id("sift-more")).await?;
    window.fill(&id("sift-least"), "50").await?;
    window.fill(&id("sift-most"), "£100").await?;
    window.gone("[data-name='Table 5, Sample']").await?;
    window.gone("[data-name='Booth 2, Example party']").await?;
    window.see("[data-name='Table 9, Pretend']").await?;
    window
        .reads("[data-name='Table 9, Pretend'] .who", "closed")
        .await?;
    ensure!(window.count(&id("row")).await? == 1, "92.40, and nothing else");
    window.shot("history").await?;
    window.fill(&id("sift-least"), "lots").await?;
    window.reads(&id("field-error"), "isn’t an amount").await?;
    ensure!(
        window.value(&id("sift-least")).await? == "lots",
        "what was typed stays"
    );
    window.press(&id("sift-clear")).await?;
    window.see("[data-name='Table 5, Sample']").await?;

    window.press(&id("became-released")).await?;
    window.gone("[data-name='Table 5, Sample']").await?;
    window.see("[data-name='Room 21, I. Vented']").await?;
    window.press(&id("sift-clear")).await?;
    window.fill(&id("sift-card"), "9999").await?;
    window.reads(&id("closed-list"), "No closed tabs match").await?;
    window.press(&id("sift-clear")).await?;
    window.fill(&id("sift-person"), "nobody").await?;
    window.reads(&id("closed-list"), "No closed tabs match").await?;
    window.press(&id("sift-clear")).await?;
    window.see("[data-name='Table 5, Sample']").await?;
    window.paste(&id("sift-to"), "2020-01-01").await?;
    window.reads(&id("closed-list"), "No closed tabs match").await?;
    window.press(&id("sift-clear")).await?;
    window.see("[data-name='Table 5, Sample']").await?;

    // By keyboard: down the list and into a tab.
    let keys = Keyboard(&window);
    keys.on(&format!("{}[tabindex='0']", id("row")), key::DOWN)
        .await?;
    keys.press(key::ENTER).await?;
    window.has_focus("aside.open, aside.open *").await?;
    keys.press(key::ESCAPE).await?;
    window.gone(&id("panel")).await?;
    window.has_focus(&id("row")).await
}
