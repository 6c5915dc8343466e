//! A day at the desk: open, hold, add, take; release, cancel, refund.

use crate::browser::Window;
use crate::{id, training};
use anyhow::Result;

const F2: &str = "\u{e032}";
const F4: &str = "\u{e034}";
const F6: &str = "\u{e036}";
const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";

/// Opens something and waits for the guest's page.
pub(crate) async fn open(window: &Window, kind: &str, name: &str, amount: &str) -> Result<()> {
    window.press(&id("new-tab")).await?;
    window.press(&id(&format!("kind-{kind}"))).await?;
    window.fill(&id("field-name"), name).await?;
    window.fill(&id("field-amount"), amount).await?;
    window.press(&id("open-hold")).await?;
    window.gone("dialog").await?;
    window.reads(&id("panel"), name).await?;
    window.see(&id("waiting")).await
}

pub(crate) async fn paid(window: &Window) -> Result<()> {
    window.press(&id("pay-good")).await?;
    window.gone(&id("waiting")).await
}

pub(crate) async fn take(window: &Window, bill: &str, tip: &str) -> Result<()> {
    window.fill(&id("line-amount"), bill).await?;
    window.press(&id("line-add")).await?;
    window.reads(&id("lines"), bill).await?;
    window.press(&id("take")).await?;
    // The sheet fills in what is due before anybody can type.
    window
        .see(&format!("{}, {}", id("take-sentence"), id("take-why")))
        .await?;
    window.fill(&id("field-bill"), bill).await?;
    window.fill(&id("field-tip"), tip).await?;
    window.see(&format!("{}:enabled", id("take-confirm"))).await?;
    window.press(&id("take-confirm")).await?;
    window.gone("dialog").await
}

pub(crate) async fn act(
    window: &Window,
    action: &str,
    confirm: &str,
    amount: Option<(&str, &str)>,
) -> Result<()> {
    window.press(&id("part-holds")).await?;
    window.press(&id(&format!("do-{action}"))).await?;
    if let Some((field, typed)) = amount {
        window.fill(&id(field), typed).await?;
    }
    if action == "refund" {
        window.press(&id("reason")).await?;
        window.shot("refund").await?;
    }
    window.press(&format!("{}:enabled", id(confirm))).await?;
    window.gone("dialog").await
}

#[tokio::test]
async fn table_12_opens_a_tab_pays_and_is_closed_with_a_tip() -> Result<()> {
    let mut window = training().await?;
    open(&window, "tab", "Table 12, Amira", "100").await?;
    paid(&window).await?;
    window.reads(&id("held"), "£100.00").await?;
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
    window.shot("take").await?;
    window.keys(ENTER).await?;
    window.reads(&id("captured"), "Taken £84.50").await?;
    window.reads(&id("held"), "£15.50").await?;
    window.press(&id("part-history")).await?;
    window.reads(&id("history"), "Take £84.50").await?;
    window.shot("tab-history").await?;

    window.restart().await?;
    window.press("[data-name='Table 12, Amira']").await?;
    window.reads(&id("captured"), "Taken £84.50").await?;
    window.press(&id("close-tab")).await?;
    window.gone("[data-name='Table 12, Amira']").await?;
    window.press(&id("screen-history")).await?;
    window.see("[data-name='Table 12, Amira']").await
}

#[tokio::test]
async fn the_keyboard_alone_opens_a_tab() -> Result<()> {
    let window = training().await?;
    window.keys(F2).await?;
    window.see("dialog").await?;
    window.keys("Stool 4").await?;
    window.keys(TAB).await?;
    window.keys(TAB).await?;
    window.keys("50").await?;
    window.keys(ENTER).await?;
    window.see("[data-name='Stool 4']").await?;
    window.reads(&id("panel"), "£50.00").await
}

#[tokio::test]
async fn taken_in_two_parts_and_part_of_it_refunded() -> Result<()> {
    let window = training().await?;
    open(&window, "deposit", "Room 7, P. Example", "£1,200").await?;
    paid(&window).await?;
    take(&window, "400", "").await?;
    window.reads(&id("captured"), "Taken £400.00").await?;
    take(&window, "300", "10").await?;
    window.reads(&id("captured"), "Taken £710.00").await?;
    window.reads(&id("held"), "£490.00").await?;
    act(&window, "refund", "refund-confirm", Some(("refund-bill", "50"))).await?;
    window.reads(&id("hold-refunded"), "£50.00").await?;
    window.shot("holds").await
}

#[tokio::test]
async fn a_deposit_is_released_and_an_unpaid_request_cancelled() -> Result<()> {
    let window = training().await?;
    open(&window, "deposit", "Room 14, O. Invented", "250").await?;
    paid(&window).await?;
    window.see(&id("take")).await?;
    window.keys(F6).await?;
    window.reads("dialog", "Release £250.00").await?;
    window.shot("release").await?;
    window
        .press(&format!("{}:enabled", id("release-confirm")))
        .await?;
    window.gone("dialog").await?;
    window
        .reads("[data-name='Room 14, O. Invented']", "Released")
        .await?;
    window.gone(&id("take")).await?;
    open(&window, "tab", "Walked off", "50").await?;
    act(&window, "cancel", "cancel-confirm", None).await?;
    window.reads("[data-name='Walked off']", "Cancelled").await?;
    window.gone(&id("waiting")).await
}

#[tokio::test]
async fn a_declined_card_then_a_good_one() -> Result<()> {
    let window = training().await?;
    open(&window, "tab", "Booth 9", "80").await?;
    window.press(&id("pay-declined")).await?;
    window.see(&id("declined")).await?;
    window.reads("[data-name='Booth 9']", "Card declined").await?;
    window.shot("waiting-declined").await?;
    paid(&window).await?;
    window.reads(&id("held"), "£80.00").await
}

#[tokio::test]
async fn amount_and_tip_of_an_unpaid_request_change() -> Result<()> {
    let window = training().await?;
    window.press(&id("new-tab")).await?;
    window.fill(&id("field-name"), "Party of nine").await?;
    window.fill(&id("field-amount"), "90").await?;
    window.press("summary").await?;
    window.press(&id("allow-change")).await?;
    window.press(&id("open-hold")).await?;
    window.see(&id("waiting")).await?;
    act(
        &window,
        "changeAmount",
        "amount-confirm",
        Some(("amount-amount", "120")),
    )
    .await?;
    window.reads(&id("waiting"), "£120.00").await?;
    act(&window, "changeTip", "tip-confirm", Some(("tip-amount", "12"))).await?;
    window.reads(&id("hold"), "£12.00").await?;
    paid(&window).await?;
    window.reads(&id("held"), "£132.00").await
}

#[tokio::test]
async fn a_payment_is_taken_at_once_and_refunded_and_its_receipt_sent() -> Result<()> {
    let window = training().await?;
    open(&window, "payment", "Gift voucher", "35").await?;
    paid(&window).await?;
    window.reads("[data-name='Gift voucher']", "Paid").await?;
    act(
        &window,
        "receipt",
        "receipt-confirm",
        Some(("receipt-email", "guest@example.com")),
    )
    .await?;
    window.reads(&id("toast"), "receipt").await?;
    act(&window, "refund", "refund-confirm", Some(("refund-bill", "35"))).await?;
    window.reads("[data-name='Gift voucher']", "Refunded").await
}
