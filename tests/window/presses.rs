//! How many presses the commonest jobs take in the real window. What is typed into a field counts once, as a look at
//! it does; the guest's own steps, and waiting, don't count.

use crate::browser::Window;
use crate::desktop::Desktop;
use crate::hands::{Finger, Keyboard, key};
use crate::killed::{GUESTS, evening};
use crate::sandbox::{dojo, till};
use crate::whole_night::{guest_pays, is_asked_by_the_system};
use crate::{id, training};
use anyhow::{Result, ensure};
use std::cell::Cell;
use std::path::Path;

const CTRL: &str = "\u{e009}";

/// Counts what somebody presses.
struct Counted<'a> {
    keys: Keyboard<'a>,
    presses: Cell<usize>,
}

impl<'a> Counted<'a> {
    fn on(window: &'a Window) -> Self {
        Self {
            keys: Keyboard(window),
            presses: Cell::new(0),
        }
    }

    fn one_more(&self) {
        self.presses.set(self.presses.get().saturating_add(1));
    }

    /// One key, or what is typed into one field.
    async fn press(&self, keys: &str) -> Result<()> {
        self.one_more();
        self.keys.press(keys).await
    }

    async fn ctrl(&self, key: &str) -> Result<()> {
        self.one_more();
        self.keys.0.chord(CTRL, key).await
    }

    async fn tap(&self, selector: &str) -> Result<()> {
        self.one_more();
        self.keys.0.press(selector).await
    }

    async fn shift(&self, key: &str) -> Result<()> {
        self.one_more();
        self.keys.shift(key).await
    }

    /// The job is done: it took no more than `most`, and the next one begins.
    fn done(&self, job: &str, most: usize) -> Result<()> {
        let presses = self.presses.take();
        println!("{job}: {presses}");
        ensure!(presses <= most, "{job} takes {presses} presses, {most} at most");
        Ok(())
    }
}

#[tokio::test]
async fn opening_a_round_taking_printing_and_refunding_take_few_presses() -> Result<()> {
    let window = training().await?;
    let staff = Counted::on(&window);

    staff.press(key::F2).await?;
    staff.press("Zelda").await?;
    window.reads(&id("open-hold"), "hold £50.00").await?;
    staff.press(key::ENTER).await?;
    window.gone("dialog").await?;
    window.reads(&id("panel"), "Zelda").await?;
    staff.done("open a tab", 3)?;
    guest_pays(&window).await?;

    staff.press("zel").await?;
    staff.press(key::ENTER).await?;
    window.has_focus(&id("line-amount")).await?;
    staff.press("8.60").await?;
    staff.press(key::ENTER).await?;
    window.reads(&id("bill"), "£8.60").await?;
    staff.done("add a round", 4)?;

    staff.press(key::F4).await?;
    window.see(&id("take-sentence")).await?;
    staff.press("1.40").await?;
    window.reads("dialog", "£10.00").await?;
    staff.press(key::ENTER).await?;
    window.gone("dialog").await?;
    window.reads(&id("captured"), "Taken £10.00").await?;
    staff.done("take with a tip", 3)?;

    staff.ctrl("p").await?;
    window.see(&id("paper")).await?;
    // It goes to the system's dialog by itself, once it's shown.
    is_asked_by_the_system(&window).await?;
    staff.done("print a receipt", 2)?;
    window.keys(key::ESCAPE).await?;
    window.gone(&id("paper")).await?;

    Ok(())
}

#[tokio::test]
async fn refunding_what_is_closed_takes_five() -> Result<()> {
    let window = training().await?;
    let staff = Counted::on(&window);
    for keys in [key::F2, "Quentin"] {
        window.keys(keys).await?;
    }
    window.reads(&id("open-hold"), "hold £50.00").await?;
    window.keys(key::ENTER).await?;
    window.gone("dialog").await?;
    window.reads(&id("panel"), "Quentin").await?;
    guest_pays(&window).await?;
    window.fill(&id("line-amount"), "8.60").await?;
    window.press(&id("line-add")).await?;
    window.reads(&id("bill"), "£8.60").await?;
    window.keys(key::F4).await?;
    window.reads("dialog", "£8.60").await?;
    window.keys(key::ENTER).await?;
    window.gone("dialog").await?;
    window.reads(&id("captured"), "Taken £8.60").await?;
    // It's closed, as yesterday's is.
    window.chord(CTRL, "e").await?;
    window.reads("aside", "Choose a tab").await?;

    staff.ctrl("k").await?;
    staff.press("refund quen").await?;
    window.reads(&id("hit"), "Refund, Quentin").await?;
    staff.press(key::ENTER).await?;
    // All of it stands there, to be typed over.
    window.has_focus(&id("refund-bill")).await?;
    window.reads(&id("refund-confirm"), "Refund £8.60").await?;
    staff.tap(&id("reason")).await?;
    window.shot("refund-all").await?;
    staff.tap(&format!("{}:enabled", id("refund-confirm"))).await?;
    window.gone("dialog").await?;
    window.reads(&id("toast"), "£8.60").await?;
    staff.done("refund yesterday’s", 5)
}

#[tokio::test]
async fn holding_more_releasing_and_finding_take_few_presses() -> Result<()> {
    let window = training().await?;
    let staff = Counted::on(&window);

    staff.press("1096").await?;
    window.reads("main", "4 open for “1096”").await?;
    staff.done("find by the last four", 2)?;
    window.keys(key::ESCAPE).await?;

    window
        .press("[data-testid='row'][data-name='Table 9, Pretend']")
        .await?;
    window.fill(&id("line-amount"), "20").await?;
    window.press(&id("line-add")).await?;
    window.see(&id("missing")).await?;
    staff.ctrl("m").await?;
    window.has_focus(&id("more-amount")).await?;
    window.reads(&id("more-confirm"), "£12.40").await?;
    staff.press(key::ENTER).await?;
    window.gone("dialog").await?;
    window.see(&id("link")).await?;
    staff.done("hold more", 2)?;

    window
        .press("[data-testid='row'][data-name='Room 21, I. Vented']")
        .await?;
    window.reads(&id("panel"), "Room 21").await?;
    staff.press(key::F6).await?;
    window.has_focus(&id("sheet-safe")).await?;
    window.see(&format!("{}:enabled", id("release-confirm"))).await?;
    staff.shift(key::TAB).await?;
    window.has_focus(&id("release-confirm")).await?;
    staff.press(key::ENTER).await?;
    window.gone("dialog").await?;
    window
        .reads("[data-name='Room 21, I. Vented'] .state", "Released")
        .await?;
    staff.done("release a deposit", 3)
}

#[tokio::test]
async fn a_finger_adds_a_round_in_four() -> Result<()> {
    let window = training().await?;
    let finger = Finger(&window);
    finger
        .tap("[data-testid='row'][data-name='Table 5, Sample']")
        .await?;
    finger.fill(&id("line-amount"), "8.60").await?;
    finger.tap(&id("line-add")).await?;
    // The row, the field and what is typed there, the key: four.
    window.reads(&id("bill"), "£39.80").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forty_tabs_with_service_close_in_five() -> Result<()> {
    let desktop = Desktop::start().await?;
    let dojo = dojo(0).await?;
    let prepare = async |data: &Path| evening(data, &dojo, GUESTS, |_| Some("12.34")).await.map(drop);
    let window = till(&desktop, &dojo, prepare).await?;

    let staff = Counted::on(&window);
    staff.press(key::F8).await?;
    window
        .reads(&id("night-sentence"), "Take £493.60 from 40 tabs.")
        .await?;
    staff.ctrl("s").await?;
    // 12.5 % of £12.34 is £1.54, forty times.
    window.reads(&id("night-foot"), "£61.60").await?;
    staff.press(key::F4).await?;
    window
        .reads(&id("night-deeds"), "Bill £493.60 + service £61.60")
        .await?;
    window.shot("night-confirm-forty").await?;
    staff.press(key::TAB).await?;
    window.has_focus(&id("night-confirm")).await?;
    staff.press(key::ENTER).await?;
    window.see(&id("run-row")).await?;
    window.shot("night-run").await?;
    window
        .reads(&id("run-words"), "The night is closed: 40 of 40 done")
        .await?;
    staff.done("close forty tabs with service", 5)?;
    window.reads(&id("run-taken"), "£555.20 taken").await?;
    window.press(&id("run-all")).await?;
    window.reads(&id("run-foot"), "£555.20").await?;
    window.shot("night-run-done").await
}
