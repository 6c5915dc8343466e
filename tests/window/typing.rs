//! What people type, right and wrong: the right value, or a refusal beside the field with nothing lost.

use crate::browser::Window;
use crate::{id, training};
use anyhow::{Result, ensure};

async fn refused(window: &Window, typed: &str) -> Result<()> {
    window.fill(&id("field-amount"), typed).await?;
    window.press(&id("open-hold")).await?;
    window.see(&id("field-error")).await?;
    ensure!(
        window.value(&id("field-amount")).await? == typed,
        "what was typed stays"
    );
    ensure!(
        window.value(&id("field-name")).await? == "Someone",
        "what was typed stays"
    );
    Ok(())
}

#[tokio::test]
async fn amounts_right_and_wrong() -> Result<()> {
    let window = training().await?;
    window.press(&id("new-tab")).await?;
    window.fill(&id("field-name"), "Someone").await?;
    for wrong in ["0", "-3", "1e3", "9999999999999", "12.345", "twelve", "1,2,3"] {
        refused(&window, wrong).await?;
    }
    window.shot("refused").await?;
    for (number, (typed, right)) in [("12.5", "£12.50"), ("12,50", "£12.50"), ("£1,200", "£1,200.00")]
        .into_iter()
        .enumerate()
    {
        if number > 0 {
            window.press(&id("new-tab")).await?;
        }
        window.fill(&id("field-name"), &format!("Guest {number}")).await?;
        window.fill(&id("field-amount"), typed).await?;
        window.press(&id("open-hold")).await?;
        window.reads(&id("panel"), &format!("Guest {number}")).await?;
        window.reads(&id("waiting"), right).await?;
    }
    Ok(())
}

#[tokio::test]
async fn names_in_any_script_and_none_at_all() -> Result<()> {
    let window = training().await?;
    for name in ["🎉 Zoë & “the six”", "أميرة الحسن", "Ł".repeat(40).as_str()] {
        window.press(&id("new-tab")).await?;
        window.paste(&id("field-name"), name).await?;
        window.fill(&id("field-amount"), "20").await?;
        window.press(&id("open-hold")).await?;
        window.reads(&id("panel"), name).await?;
    }
    window.shot("scripts").await?;
    // A tab may get its name later; a deposit is somebody's.
    window.press(&id("new-deposit")).await?;
    window.fill(&id("field-amount"), "20").await?;
    window.press(&id("open-hold")).await?;
    window.see(&id("field-error")).await
}

#[tokio::test]
async fn a_key_that_is_none_is_refused_beside_its_field() -> Result<()> {
    let window = Window::open().await?;
    window.shot("welcome").await?;
    window.fill(&id("field-key"), "pk_sandbox_abc").await?;
    window.press(&id("keep-key")).await?;
    window
        .reads(&id("field-error"), "begins with sk_sandbox_ or sk_prod_")
        .await
}
