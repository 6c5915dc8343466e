//! The first start of an installed till: setting it up by keyboard alone, and the guided night in training.

use crate::browser::Window;
use crate::day::{act, open, paid, take};
use crate::desktop::Desktop;
use crate::hands::{Keyboard, key};
use crate::look::{in_theme, look};
use crate::sandbox::dojo;
use crate::{id, training};
use anyhow::{Result, ensure};
use holdfast_tests::KEY;

const CONTROL: &str = "\u{e009}";

/// The smallest screen that a till has, in both themes: a picture of each, axe, and what is cut or covered.
async fn in_both_themes(window: &Window, name: &str) -> Result<()> {
    window.size(1024, 768).await?;
    look(window, name, "1024").await?;
    for theme in ["dark", "light"] {
        in_theme(window, theme).await?;
        window.shot(&format!("{name}-{theme}")).await?;
    }
    Ok(())
}

/// Types over what the field has.
async fn over(keyboard: &Keyboard<'_>, window: &Window, selector: &str, text: &str) -> Result<()> {
    keyboard.to(selector).await?;
    window.chord(CONTROL, "a").await?;
    keyboard.press(text).await
}

#[tokio::test]
async fn a_new_till_is_set_up_by_keyboard_alone_and_never_asks_again() -> Result<()> {
    let (desktop, dojo) = (Desktop::start().await?, dojo(0).await?);
    let address = dojo.base_url();
    let environment = [desktop.environment(), ("HOLDFAST_DOJO_URL", address.as_str())];
    let mut window = Window::open_prepared(&environment, async |_| Ok(())).await?;
    in_both_themes(&window, "welcome-new").await?;
    Keyboard(&window).on(&id("set-up"), key::ENTER).await?;
    window.see(&id("setup-venue")).await?;
    in_both_themes(&window, "setup-venue").await?;
    let keyboard = Keyboard(&window);
    over(&keyboard, &window, &id("set-venue"), "The Bell").await?;
    keyboard.on(&id("set-address"), "1 High Street").await?;
    keyboard.on(&id("set-statement"), "THE BELL OAKHAM").await?;
    keyboard.press(key::ENTER).await?;
    window.see(&id("setup-key")).await?;

    // Closed on the way, as by a person who has to look for the key.
    window.restart().await?;
    window.see(&id("setup-key")).await?;
    window.reads(&id("step-venue"), "done").await?;
    let keyboard = Keyboard(&window);
    in_both_themes(&window, "setup-key").await?;
    keyboard.on(&id("field-key"), KEY).await?;
    keyboard.press(key::ENTER).await?;
    window.see(&id("test-connection")).await?;
    window.reads(&id("toast"), "Dojo answers").await?;
    keyboard.on(&id("setup-next"), key::ENTER).await?;
    window.see(&id("setup-printer")).await?;
    in_both_themes(&window, "setup-printer").await?;
    keyboard.on(&id("test-slip"), key::ENTER).await?;
    // What was typed before there was a key came with it.
    window.reads(&id("paper"), "The Bell").await?;
    window.reads(&id("paper"), "THE BELL OAKHAM").await?;
    window.shot("test-slip").await?;
    keyboard.press(key::ESCAPE).await?;
    window.gone("dialog").await?;
    keyboard.on(&id("setup-skip"), key::ENTER).await?;
    window.see(&id("setup-staff")).await?;
    in_both_themes(&window, "setup-staff").await?;
    over(&keyboard, &window, &id("set-staff"), "Sam").await?;
    keyboard.press(key::ENTER).await?;
    window.see(&id("setup-hold")).await?;
    window.reads(&id("step-printer"), "Skipped").await?;
    in_both_themes(&window, "setup-hold").await?;
    keyboard.on(&id("step-printer"), key::ENTER).await?;
    window.see(&id("setup-printer")).await?;
    keyboard.on(&id("step-hold"), key::ENTER).await?;
    keyboard.on(&id("setup-first"), key::ENTER).await?;
    window.see(&id("field-amount")).await?;
    window.reads("header", "The Bell").await?;
    window.reads(&id("mode-badge"), "SANDBOX").await?;

    window.restart().await?;
    window.see(&id("new-tab")).await?;
    ensure!(window.count(&id("setup")).await? == 0, "it asks again");
    window.press(&id("screen-settings")).await?;
    window.press(&id("section-venue")).await?;
    ensure!(window.value(&id("set-staff")).await? == "Sam");
    ensure!(window.value(&id("set-address")).await? == "1 High Street");
    window.press(&id("section-mode")).await?;
    window.press(&id("change-mode")).await?;
    window.see(".welcome").await?;
    ensure!(
        window.count(&id("set-up")).await? == 0,
        "a till at work is offered a setup"
    );
    Ok(())
}

#[tokio::test]
async fn a_newcomer_is_led_through_a_night_in_training() -> Result<()> {
    let mut window = training().await?;
    ensure!(window.count(&id("guide")).await? == 0, "it comes uncalled");
    window.press(&id("screen-settings")).await?;
    window.press(&id("guided-night")).await?;
    window.reads(&id("guide-progress"), "0 of 7").await?;
    in_both_themes(&window, "guide").await?;
    let done = async |window: &Window, task: &str| {
        window
            .see(&format!("{}[data-done]", id(&format!("guide-{task}"))))
            .await
    };

    open(&window, "tab", "Table 12, Amira", "100").await?;
    done(&window, "open").await?;
    paid(&window).await?;
    done(&window, "card").await?;
    take(&window, "40.00", "").await?;
    done(&window, "round").await?;
    done(&window, "take").await?;
    window.reads(&id("captured"), "Taken £40.00").await?;
    in_both_themes(&window, "guide-tab").await?;
    act(&window, "refund", "refund-confirm", Some(("refund-bill", "5"))).await?;
    done(&window, "refund").await?;
    // What was done is known after a restart.
    window.restart().await?;
    window.reads(&id("guide-progress"), "5 of 7").await?;
    window
        .press("[data-testid='row'][data-name='Room 21, I. Vented']")
        .await?;
    window.see(&id("take")).await?;
    window.keys(key::F6).await?;
    window
        .press(&format!("{}:enabled", id("release-confirm")))
        .await?;
    window.gone("dialog").await?;
    done(&window, "release").await?;
    window.keys(key::F8).await?;
    window.see(&format!("{}:enabled", id("night-close"))).await?;
    in_both_themes(&window, "guide-night").await?;
    window.press(&id("night-close")).await?;
    window.press(&id("night-confirm")).await?;
    done(&window, "night").await?;
    window.reads(&id("guide-how"), "That’s a whole night.").await?;
    window.shot("guide-done").await?;

    window.press(&id("guide-close")).await?;
    window.gone(&id("guide")).await?;
    window.press(&id("screen-settings")).await?;
    window.press(&id("guided-night")).await?;
    window.reads(&id("guide-progress"), "0 of 7").await?;
    // Guests that the program invents have done nothing for anybody.
    window.press(&id("screen-settings")).await?;
    window.press(&id("busy-night")).await?;
    window.reads(&id("toast"), "invented tabs").await?;
    window.press(&id("screen-floor")).await?;
    window.reads(&id("guide-progress"), "0 of 7").await
}
