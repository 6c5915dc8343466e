//! Opening: three actions, by hand or by keyboard alone; nights, names that are open already, no name at all.

use crate::browser::Window;
use crate::{id, training};
use anyhow::{Context, Result, ensure};
use serde_json::json;

const F2: &str = "\u{e032}";
const F3: &str = "\u{e033}";
const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";

/// Actions of a hand: a press, or a field filled.
struct Hand<'a>(&'a Window, usize);

impl Hand<'_> {
    async fn press(&mut self, name: &str) -> Result<()> {
        self.1 += 1;
        self.0.press(&id(name)).await
    }

    async fn fill(&mut self, name: &str, text: &str) -> Result<()> {
        self.1 += 1;
        self.0.fill(&id(name), text).await
    }
}

#[tokio::test]
async fn from_a_cold_start_to_the_first_tab_a_name_an_amount_and_go() -> Result<()> {
    let window = Window::open().await?;
    window.press(&id("choose-training")).await?;
    window.press(&id("new-tab")).await?;
    let mut hand = Hand(&window, 0);
    hand.fill("field-name", "Amira").await?;
    hand.press("preset-100").await?;
    window.reads(&id("open-hold"), "Open tab, hold £100.00").await?;
    hand.press("open-hold").await?;
    ensure!(hand.1 == 3);
    window.gone("dialog").await?;
    window.reads(&id("waiting"), "£100.00").await?;
    window.see(&format!("{} img", id("waiting"))).await?;
    window.reads(&id("link-ends"), "05:00").await?;
    window.shot("waiting").await?;
    // The till turned to the guest, and back.
    window.chord("\u{e009}", "g").await?;
    window.reads(&id("guest-amount"), "£100.00").await?;
    window.reads(&id("guest"), "A hold, not a payment").await?;
    window.shot("guest").await?;
    window.keys(ESCAPE).await?;
    window.gone("dialog").await?;
    window.press(&id("pay-good")).await?;
    window.reads("[data-name='Amira'] .state", "On hold").await
}

#[tokio::test]
async fn the_first_window_fits_a_small_screen() -> Result<()> {
    let window = Window::open_on((1_024, 768)).await?;
    window.see(&id("choose-training")).await?;
    let size = window
        .script("return [innerWidth, innerHeight]", json!([]))
        .await?;
    let [width, height] = [0, 1].map(|at| size[at].as_u64().unwrap_or(u64::MAX));
    ensure!(width <= 1_024 && height <= 768, "{width} × {height}");
    window.press(&id("choose-training")).await?;
    window.reads(".figures", "£650.00").await
}

#[tokio::test]
async fn the_keyboard_alone_and_enter_right_after_the_digits() -> Result<()> {
    let window = training().await?;
    window.press("[data-name='Table 9, Pretend']").await?;
    window.keys(F2).await?;
    window.has_focus(&id("field-name")).await?;
    window.keys(ESCAPE).await?;
    window.gone("dialog").await?;
    window.has_focus("[data-name='Table 9, Pretend']").await?;
    window.keys(F2).await?;
    // All in one go, as a hand at a keypad does.
    window.keys(&format!("Lena{TAB}{TAB}12,5{ENTER}")).await?;
    window.reads(&id("panel"), "Lena").await?;
    window.reads(&id("waiting"), "£12.50").await?;
    window.keys(F3).await?;
    window.reads("dialog", "New deposit").await?;
    window
        .keys(&format!("Room 7{TAB}{TAB}{TAB}{TAB}250{ENTER}"))
        .await?;
    window.reads(&id("panel"), "Room 7").await?;
    window.reads(&id("waiting"), "£250.00").await
}

#[tokio::test]
async fn a_deposit_by_the_night_in_euros() -> Result<()> {
    let window = training().await?;
    window.press(&id("new-deposit")).await?;
    window.fill(&id("field-name"), "Room 14, O. Brandt").await?;
    window.press(&id("per-night")).await?;
    window.fill(&id("field-amount"), "120").await?;
    window.fill(&id("field-nights"), "10").await?;
    // What it says comes before what is below it is pressed.
    window.see(&id("too-long")).await?;
    window.press(&id("new-more")).await?;
    window.press(&id("currency-EUR")).await?;
    window.press(&id("link-three_days")).await?;
    window
        .reads(&id("new-sum"), "10 nights × €120.00 = €1,200.00, departs")
        .await?;
    window.reads(&id("too-long"), "A hold lasts 7 days").await?;
    window.press(&id("deadline-capture")).await?;
    window.reads(&id("new-deadline"), "Dojo takes all of it").await?;
    window.shot("new-deposit").await?;
    window.fill(&id("field-nights"), "many").await?;
    window.press(&id("open-hold")).await?;
    window
        .reads(&id("field-error"), "Type the number of nights")
        .await?;
    ensure!(
        window.value(&id("field-amount")).await? == "120",
        "what was typed stays"
    );
    window.fill(&id("field-nights"), "3").await?;
    window
        .reads(&id("open-hold"), "Open deposit, hold €360.00")
        .await?;
    window.press(&id("open-hold")).await?;
    window.reads(&id("panel"), "departs").await?;
    window.press(&id("pay-good")).await?;
    window.reads(&id("deadline"), "Dojo takes it").await
}

#[tokio::test]
async fn one_that_is_open_already_is_said_and_staff_may_go_on() -> Result<()> {
    let window = training().await?;
    window.press(&id("new-tab")).await?;
    window.fill(&id("field-name"), "table 9, pretend").await?;
    window
        .reads(
            &id("same"),
            "Table 9, Pretend is already open, £100.00 on hold on the card ending 1096",
        )
        .await?;
    window.shot("new-same").await?;
    window.press(&id("same-show")).await?;
    window.gone("dialog").await?;
    window.reads(&id("panel"), "Table 9, Pretend").await?;
    window.press(&id("new-tab")).await?;
    window.fill(&id("field-name"), "table 9, pretend").await?;
    window.fill(&id("field-amount"), "20").await?;
    window.see(&id("same")).await?;
    window.press(&id("open-hold")).await?;
    window.see("[data-name='table 9, pretend']").await
}

#[tokio::test]
async fn nothing_moves_under_a_finger_while_the_sheet_learns_its_words() -> Result<()> {
    let window = training().await?;
    for kind in ["new-tab", "new-deposit"] {
        window
            .script(WATCH, serde_json::json!([id(kind), id("preset-200")]))
            .await?;
        window.reads(&id("new-deadline"), "Dojo").await?;
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        let seen = window.script("return window.seen", serde_json::json!([])).await?;
        let places = seen.as_array().context("nothing was seen")?;
        ensure!(places.len() == 1, "{kind}: the amounts stood at {places:?}");
        window.keys(ESCAPE).await?;
        window.gone("dialog").await?;
    }
    Ok(())
}

/// Presses the one, and keeps all the heights at which the other stands from the first frame on.
const WATCH: &str = "
    const seen = window.seen = []
    document.querySelector(arguments[0]).click()
    const look = () => {
        const found = document.querySelector(arguments[1])
        const top = found && Math.round(found.getBoundingClientRect().top)
        if (found && !seen.includes(top)) seen.push(top)
        if (document.querySelector('dialog') || seen.length === 0) requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
";

#[tokio::test]
async fn a_contactless_tab_has_its_cards_name_until_it_gets_one() -> Result<()> {
    let window = training().await?;
    window.press(&id("new-tab")).await?;
    window.press(&id("preset-50")).await?;
    window.press(&id("open-hold")).await?;
    window.reads(&id("panel"), "No name, HF-").await?;
    window.press(&id("pay-good")).await?;
    window.reads(&id("panel"), "MC 1005").await?;
    window.see("[data-name='MC 1005']").await
}
