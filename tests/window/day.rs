//! A day at the desk: open, hold, add, take; release, cancel, refund.

use crate::browser::Window;
use crate::id;
use anyhow::Result;

const F2: &str = "\u{e032}";
const F4: &str = "\u{e034}";
const ENTER: &str = "\u{e007}";

#[tokio::test]
async fn table_12_opens_a_tab_pays_and_is_closed_with_a_tip() -> Result<()> {
    let mut window = Window::open().await?;
    window.press(&id("choose-training")).await?;
    window.reads(&id("mode-badge"), "TRAINING").await?;
    window.press(&id("new-tab")).await?;
    window.fill(&id("field-name"), "Table 12, Amira").await?;
    window.fill(&id("field-amount"), "100").await?;
    window.press(&id("open-hold")).await?;
    window.see(&id("waiting")).await?;
    window.press(&id("pay-good")).await?;
    window.reads(&id("held"), "Held £100.00").await?;
    window.reads(&id("held"), "1005").await?;
    window.reads(&id("deadline"), "Dojo releases it").await?;
    for round in ["42.30", "33.70"] {
        window.fill(&id("line-amount"), round).await?;
        window.press(&id("line-add")).await?;
        window.reads(&id("lines"), round).await?;
    }
    window.reads(&id("bill"), "£76.00").await?;
    window.keys(F4).await?;
    window.reads(&id("take-confirm"), "Take £76.00").await?;
    window.fill(&id("field-tip"), "8.50").await?;
    window
        .reads(
            &id("take-sentence"),
            "Take £84.50 (bill 76.00 + tip 8.50). £15.50",
        )
        .await?;
    window.keys(ENTER).await?;
    window.reads(&id("captured"), "Taken £84.50").await?;
    window.reads(&id("left"), "£15.50 left").await?;
    window.press(&id("part-history")).await?;
    window.reads(&id("history"), "Take £84.50").await?;
    window.picture(std::path::Path::new("/tmp/w1.png")).await?;

    window.restart().await?;
    window.reads(&id("list"), "Table 12, Amira").await?;
    window.press("[data-name='Table 12, Amira']").await?;
    window.reads(&id("captured"), "Taken £84.50").await?;
    window.keys(F2).await?;
    window.see(&id("field-name")).await?;
    window.close().await
}
