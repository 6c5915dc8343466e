//! A closed tab's guest is forgotten, by mouse and by the palette.

use crate::hands::{Keyboard, key};
use crate::{id, training};
use anyhow::{Result, ensure};
use serde_json::json;
use std::path::{Path, PathBuf};

const CTRL: &str = "\u{e009}";
const GUEST: &str = "Room 21, I. Vented";

#[tokio::test]
async fn a_guest_is_forgotten_once_the_name_is_typed() -> Result<()> {
    let window = training().await?;
    window.size(1366, 820).await?;
    window.reads(".figures", "£650.00").await?;
    window.press(&id("screen-night")).await?;
    let deposit = format!("[data-name='{GUEST}'] [data-testid='night-action']");
    window.paste(&deposit, "release").await?;
    window.reads(&id("night-sentence"), "release £250.00").await?;
    window.press(&id("night-close")).await?;
    window.press(&id("night-confirm")).await?;
    window.reads(&id("report-last"), "report 1").await?;
    window.press(&id("screen-history")).await?;
    window
        .press(&format!("[data-testid='row'][data-name='{GUEST}']"))
        .await?;
    window.reads(&id("panel"), GUEST).await?;

    // The palette opens the same sheet; the safe key has the focus, and Esc keeps the guest.
    window.chord(CTRL, "k").await?;
    let staff = Keyboard(&window);
    staff.press("forget").await?;
    window.reads("dialog", "Forget the guest").await?;
    staff.press(key::ENTER).await?;
    window.see(&id("forget-keep")).await?;
    let focus = "return document.activeElement?.dataset.testid ?? ''";
    ensure!(window.script(focus, json!([])).await? == "forget-keep");
    staff.press(key::ESCAPE).await?;
    window.gone("dialog").await?;

    window.press(&id("more")).await?;
    window.press(&id("menu-forgetGuest")).await?;
    window
        .reads(&id("forget-backups"), "Backups keep the name until")
        .await?;
    for theme in ["dark", "light"] {
        let script = "document.documentElement.dataset.theme = arguments[0]";
        window.script(script, json!([theme])).await?;
        window.shot(&format!("forget-{theme}")).await?;
    }
    window.press(&id("forget-why")).await?;
    window.fill(&id("forget-name"), "somebody else").await?;
    window.press(&format!("{}:enabled", id("forget-confirm"))).await?;
    window
        .reads(&id("field-error"), "Type the name as it stands above")
        .await?;
    window.fill(&id("forget-name"), GUEST).await?;
    window.press(&format!("{}:enabled", id("forget-confirm"))).await?;
    window.gone("dialog").await?;
    window.reads(&id("panel"), "Forgotten guest").await?;
    window.see(&id("is-forgotten")).await?;
    window.shot("forgotten").await?;
    window.press(&id("part-history")).await?;
    window.reads(&id("history"), "Guest forgotten, 1 tab").await?;
    ensure!(!window.text(&id("history")).await?.contains("Vented"));
    // The browser's own files never had the name: no cache, no list of what was typed.
    let kept = files(&window.data.join("window"))?;
    ensure!(!kept.is_empty(), "the browser’s files lie elsewhere");
    let wide: Vec<u8> = "Vented".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for file in kept {
        let bytes = std::fs::read(&file).unwrap_or_default();
        for name in [b"Vented".as_slice(), &wide] {
            let has_it = bytes.windows(name.len()).any(|part| part == name);
            ensure!(!has_it, "the guest’s name is in {}", file.display());
        }
    }
    Ok(())
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        all.extend(if path.is_dir() { files(&path)? } else { vec![path] });
    }
    Ok(all)
}
