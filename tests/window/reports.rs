//! The night report, papers, days and lists, in the window and by keyboard.

use crate::browser::Window;
use crate::{id, training};
use anyhow::{Context, Result, ensure};

const ENTER: &str = "\u{e007}";
const ESC: &str = "\u{e00c}";
const F8: &str = "\u{e038}";

/// Gives something the focus, as Tab would, and presses Enter on it.
async fn enter(window: &Window, selector: &str) -> Result<()> {
    window.focus(selector).await?;
    window.keys(ENTER).await
}

/// What was written into the file that the window names.
async fn exported(window: &Window) -> Result<String> {
    window.reads(&id("toast"), "lines written: “Holdfast ").await?;
    let path = window.attribute(&id("toast"), "title").await?;
    let list = std::fs::read_to_string(&path).with_context(|| path.clone())?;
    std::fs::remove_file(path)?;
    Ok(list)
}

/// On paper there is the sheet and nothing else, and all of it, not only what the screen shows. WebKit
/// measures a zoomed
/// element in its own pixels, and the page in the page's.
async fn printed_whole(window: &Window) -> Result<()> {
    window.as_printed(true).await?;
    window.shot("report-printed").await?;
    let seen = "const shown = (selector) => document.querySelector(selector)?.getClientRects().length > 0; \
                const sheet = document.querySelector('.sheet').getBoundingClientRect(); \
                const behind = getComputedStyle(document.querySelector('dialog.paper'), '::backdrop'); \
                const bottom = sheet.bottom * getComputedStyle(document.querySelector('.sheet')).zoom + scrollY; \
                return [behind.backgroundColor === 'rgba(0, 0, 0, 0)', shown('.paper-tools'), shown('.app'), \
                shown('.sheet'), document.documentElement.scrollHeight + 1 >= bottom]";
    let seen = window.script(seen, serde_json::json!([])).await?;
    window.as_printed(false).await?;
    let expected = serde_json::json!([true, false, false, true, true]);
    ensure!(seen == expected, "white, tools, app, sheet, whole: {seen}");
    Ok(())
}

#[tokio::test]
async fn the_night_is_closed_and_its_report_made_by_keyboard() -> Result<()> {
    let window = training().await?;
    window.keys(F8).await?;
    window
        .reads(&id("night-sentence"), "Take £242.10 from 3 tabs")
        .await?;
    window.reads(&id("report-due"), "Night report 1").await?;
    enter(&window, &id("night-close")).await?;
    window.see(&id("night-confirm")).await?;
    enter(&window, &id("night-confirm")).await?;
    // A moment to stop in; nothing is begun before it has passed.
    window.has_focus(&id("hold-back-stop")).await?;
    // At once: looking at it may take longer than the moment lasts.
    window.keys(ESC).await?;
    window.gone(&id("hold-back")).await?;
    ensure!(window.count(&id("run")).await? == 0, "nothing was begun");
    enter(&window, &id("night-confirm")).await?;
    window.see(&id("hold-back")).await?;
    window.shot("night-hold-back").await?;
    // It comes by itself when the run has ended.
    window
        .reads(&id("report-last"), "Show and print report 1")
        .await?;
    window.shot("night-reported").await?;
    enter(&window, &id("report-last")).await?;
    window.reads(&id("report-title"), "Night report 1").await?;
    window.reads(&id("paper"), "Net takings\n£242.10").await?;
    window
        .reads(&id("report-leftovers"), "Room 21, I. Vented")
        .await?;
    window.shot("report-a4").await?;
    enter(&window, &id("paper-slip")).await?;
    window.see(".sheet.slip").await?;
    window.shot("report-slip").await?;
    printed_whole(&window).await?;
    window.keys(ESC).await?;
    window.gone(&id("paper")).await?;
    window.has_focus(&id("report-last")).await?;
    ensure!(
        window.count(&format!("{}:disabled", id("report-make"))).await? == 1,
        "nothing has moved since"
    );
    window.press(&id("screen-reports")).await?;
    window.reads(&id("total-taken"), "£242.10").await?;
    window
        .reads("[data-code='taken'] figcaption", "£242.10 in all")
        .await?;
    window.shot("reports-days").await?;
    enter(&window, &id("export-movements")).await?;
    let list = exported(&window).await?;
    ensure!(list.contains("\"Taken\",\"Table 5, Sample\""), "{list}");
    window.press(&id("part-nights")).await?;
    window.reads(&id("reports-list"), "Night report 1").await?;
    window.shot("reports-nights").await?;
    enter(&window, &id("report")).await?;
    window.reads(&id("report-title"), "Night report 1").await
}

#[tokio::test]
async fn a_guest_gets_a_slip_a_receipt_and_a_release_letter() -> Result<()> {
    let window = training().await?;
    // Rows stay where they are once all is known.
    window.reads(".figures", "£650.00").await?;
    window
        .press("[data-testid='row'][data-name='Room 21, I. Vented']")
        .await?;
    window.press(&id("part-holds")).await?;
    enter(&window, &id("print-slip")).await?;
    window.reads(&id("paper"), "This is not a charge").await?;
    window.reads(&id("paper"), "£250.00").await?;
    window.shot("paper-slip").await?;
    window.keys(ESC).await?;
    window.gone(&id("paper")).await?;
    window.has_focus(&id("print-slip")).await?;

    window.keys(F8).await?;
    let deposit = "[data-testid='night-row'][data-name='Room 21, I. Vented'] [data-testid='night-action']";
    window.paste(deposit, "release").await?;
    window
        .reads(&id("night-sentence"), "release £250.00 on 1 tab")
        .await?;
    enter(&window, &id("night-close")).await?;
    enter(&window, &id("night-confirm")).await?;
    window
        .reads(&id("report-last"), "Show and print report 1")
        .await?;
    window.press(&id("screen-history")).await?;
    window
        .press("[data-testid='row'][data-name='Room 21, I. Vented']")
        .await?;
    window.press(&id("part-holds")).await?;
    enter(&window, &id("print-letter")).await?;
    window
        .reads(&id("paper"), "held £250.00 on your card ending 1096")
        .await?;
    window.reads(&id("paper"), "Authorisation code").await?;
    window.shot("paper-letter").await?;
    window.keys(ESC).await?;
    window
        .press("[data-testid='row'][data-name='Booth 2, Example party']")
        .await?;
    window.press(&id("part-holds")).await?;
    enter(&window, &id("print-receipt")).await?;
    window.reads(&id("paper"), "Taken from the card").await?;
    window.shot("paper-receipt").await
}

#[tokio::test]
async fn a_manager_sets_the_business_day_and_sees_what_was_changed() -> Result<()> {
    let window = training().await?;
    window.press(&id("screen-settings")).await?;
    window.press(&id("section-night")).await?;
    window.paste(&id("set-cutoff"), "five").await?;
    window.paste(&id("set-zone"), "Mars/Olympus").await?;
    // Saved from another part: the window goes where the error is.
    window.press(&id("section-venue")).await?;
    window.reads(&id("not-saved"), "Day and night").await?;
    enter(&window, &id("save-settings")).await?;
    window
        .reads("label:has([data-testid='set-cutoff'])", "Type a time of day")
        .await?;
    window.has_focus(&id("set-cutoff")).await?;
    // Every setting that can't be used is named, not the first alone.
    window
        .reads("label:has([data-testid='set-zone'])", "time zone")
        .await?;
    ensure!(
        window.value(&id("set-zone")).await? == "Mars/Olympus",
        "what was typed stays"
    );
    window.shot("settings-edit").await?;
    window.paste(&id("set-cutoff"), "04:30").await?;
    window.paste(&id("set-zone"), "Europe/London").await?;
    window.press(&id("section-money")).await?;
    window.paste(&id("set-service"), "10").await?;
    window.press(&id("section-night")).await?;
    window.paste(&id("set-spreadsheet"), "comma").await?;
    enter(&window, &id("save-settings")).await?;
    window.reads(&id("toast"), "Settings saved").await?;
    window.shot("settings").await?;
    window.press(&id("section-changes")).await?;
    window
        .reads(
            &id("settings-changes"),
            "the start of the business day from “05:00” to “04:30”",
        )
        .await?;
    window
        .reads(&id("settings-changes"), "the service charge from “12.5” to “10”")
        .await?;
    window.shot("settings-changes").await?;
    window.press(&id("section-about")).await?;
    window.press(&id("third-party")).await?;
    window.see(&id("third-party-text")).await?;
    let notices = window.value(&id("third-party-text")).await?;
    ensure!(notices.contains("wasn’t installed from a package"), "{notices}");
    window.shot("settings-about").await?;
    window.press(&id("section-venue")).await?;
    window.paste(&id("set-theme"), "dark").await?;
    enter(&window, &id("save-settings")).await?;
    window.see("[data-theme='dark']").await?;
    window.shot("settings-dark").await?;
    window.press(&id("screen-reports")).await?;
    window.see(&id("chart")).await?;
    window.shot("reports-dark").await?;
    enter(&window, &id("export-movements")).await?;
    let list = exported(&window).await?;
    ensure!(
        list.contains(";\"Table 5, Sample\";") && list.contains(";GBP;100,00;"),
        "{list}"
    );
    window.keys(F8).await?;
    enter(&window, &id("report-make")).await?;
    window
        .reads(&id("paper"), "business day 04:30 to 04:30 (Europe/London)")
        .await?;
    window.shot("report-dark").await
}

#[tokio::test]
async fn the_records_are_compared_with_dojos_and_with_paper() -> Result<()> {
    let window = training().await?;
    window.press(&id("screen-reports")).await?;
    window.press(&id("part-nights")).await?;
    window.press(&id("compare-dojo")).await?;
    window
        .reads(&id("journal-check"), "Dojo’s record agrees up to entry")
        .await?;
    window.shot("compare-with-dojo").await?;
    window.fill(&id("printed-head"), "the last one").await?;
    window.press(&id("compare-printed")).await?;
    window
        .reads(&id("field-error"), "Copy the entry’s number")
        .await?;
    window.fill(&id("printed-head"), "1 0000 0000 0000 0000").await?;
    window.press(&id("compare-printed")).await?;
    window
        .reads(&id("journal-check"), "Entry 1 has another seal")
        .await?;
    window.shot("compare-with-paper").await
}
