//! A backup is put back from the Settings screen, while the window stays open.

use crate::screen;
use crate::{id, training};
use anyhow::{Context, Result, bail, ensure};
use serde_json::json;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// When the newest copy was written: two of one second share a name, so the name doesn't tell.
fn newest(folder: &Path) -> Result<Option<SystemTime>> {
    let copies = std::fs::read_dir(folder.join("backups"))?
        .filter_map(Result::ok)
        .filter(|entry| entry.path().extension().is_some_and(|end| end == "db"));
    Ok(copies
        .filter_map(|copy| copy.metadata().ok()?.modified().ok())
        .max())
}

#[tokio::test]
async fn a_backup_is_put_back_and_dojo_is_asked_for_the_rest() -> Result<()> {
    let window = training().await?;
    window.press(&id("screen-settings")).await?;
    window.press(&id("section-backups")).await?;
    // One was made at the start.
    window.see(&id("put-back")).await?;
    window.press(&id("back-up")).await?;
    window.reads(&id("toast"), "Backed up and checked").await?;

    // A guest comes after the backup was taken.
    window.press(&id("screen-floor")).await?;
    window.press(&id("new-tab")).await?;
    window.fill(&id("field-name"), "After the backup").await?;
    window.fill(&id("field-amount"), "80").await?;
    window.press(&id("open-hold")).await?;
    window.see(&id("link")).await?;
    window.press(&id("pay-good")).await?;
    window
        .reads("[data-name='After the backup'] .state", "On hold")
        .await?;

    // It is said what would change, and Esc changes nothing.
    window.press(&id("screen-settings")).await?;
    window.see(&id("backups")).await?;
    window.gone(&id("toast")).await?;
    let below = "document.querySelector(arguments[0]).scrollIntoView({ block: 'end' })";
    window.script(below, serde_json::json!([id("back-up")])).await?;
    window.shot("backups").await?;
    window.press(&id("put-back")).await?;
    window
        .reads(&id("put-back-lost"), "It lacks 1 tab and 1 request to Dojo")
        .await?;
    window.shot("put-back").await?;
    window.keys("\u{e00c}").await?;
    window.gone("dialog").await?;
    window.press(&id("screen-floor")).await?;
    window
        .reads("[data-name='After the backup'] .state", "On hold")
        .await?;

    window.press(&id("screen-settings")).await?;
    window.press(&id("put-back")).await?;
    window.see(&format!("{}:enabled", id("put-back-confirm"))).await?;
    window.press(&id("put-back-confirm")).await?;
    // Staff are told, and Dojo gives back what the backup does not know.
    let banner = "[data-testid='banner'][data-code='restored']";
    window
        .reads(banner, "Every hold was read from Dojo again")
        .await?;
    window
        .reads("[data-name='After the backup'] .state", "On hold")
        .await?;
    window.shot("was-put-back").await?;

    // The window goes on with the ledger that is there now, and what was there is kept.
    window.press("[data-name='After the backup']").await?;
    window.reads(&id("panel"), "After the backup").await?;
    let folder = window.data.join("training");
    let kept = std::fs::read_dir(&folder)?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.starts_with("replaced-"))
        .count();
    ensure!(kept == 1, "{kept} former ledgers are kept");

    // And one is made when the ledger is closed. (The driver ends the program too soon to see that of it.)
    let before = newest(&folder)?;
    window.press(&id("screen-settings")).await?;
    window.press(&id("section-mode")).await?;
    window.press(&id("leave-mode")).await?;
    window.see(".welcome").await?;
    for _ in 0..300 {
        if newest(&folder)? != before {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    bail!("no copy was made at the close")
}

/// What the system's dialog is called.
const DIALOG: &str = "Choose the second folder for backups";

#[tokio::test]
async fn a_person_chooses_the_second_folder_in_the_systems_own_dialog() -> Result<()> {
    let window = training().await?;
    // Signs that a keyboard has without Shift.
    let folder = format!("/tmp/{}-holdfast-second", std::process::id());
    std::fs::create_dir_all(&folder)?;
    window.press(&id("screen-settings")).await?;
    window.press(&id("section-backups")).await?;
    window.press(&id("choose-backup-folder")).await?;
    let dialog = async || Ok(screen::has(window.display(), DIALOG)?.then_some(()));
    window.until("the dialog", dialog).await?;
    // It lists a folder first, and takes no keys until then.
    tokio::time::sleep(Duration::from_secs(1)).await;
    screen::type_into(window.display(), DIALOG, &folder)?;
    window.reads("p[data-testid='backup-folder']", &folder).await?;
    window.shot("backups-second").await?;
    window.press(&id("back-up")).await?;
    window.reads(&id("toast"), "Backed up and checked").await?;
    // Under this till's own name, for others may have chosen the same folder.
    let till = std::fs::read_dir(&folder)?
        .next()
        .context("nothing was copied there")??
        .path();
    ensure!(till.display().to_string().contains("/till-"), "{till:?}");
    let copied = std::fs::read_dir(till.join("training"))?.count();
    ensure!(copied > 0, "nothing was copied there");
    window.press(&id("drop-backup-folder")).await?;
    window.gone("p[data-testid='backup-folder']").await?;
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

#[tokio::test]
async fn copies_are_encrypted_once_the_phrase_is_written_down() -> Result<()> {
    let window = training().await?;
    window.press(&id("screen-settings")).await?;
    window.press(&id("section-backups")).await?;
    window.press(&id("make-phrase")).await?;
    window.reads(&id("phrase"), "We show them this once").await?;
    let script = "return [...document.querySelectorAll(arguments[0])].map((word) => word.textContent)";
    let words = window
        .script(script, json!([format!("{} li", id("phrase-words"))]))
        .await?;
    let words: Vec<String> = serde_json::from_value(words)?;
    ensure!(words.len() == 12, "{words:?}");
    window.shot("recovery-phrase").await?;
    window.press(&id("phrase-written")).await?;
    for number in 0..2 {
        let field = id(&format!("phrase-word-{number}"));
        let script =
            "return document.querySelector(arguments[0]).closest('label').querySelector('span').textContent";
        let label = window.script(script, json!([field])).await?;
        let place = label
            .as_str()
            .and_then(|label| label.rsplit(' ').next()?.parse::<usize>().ok());
        let word = place
            .and_then(|place| words.get(place - 1))
            .context("no word is asked for")?;
        window.fill(&field, word).await?;
    }
    window.shot("recovery-phrase-confirm").await?;
    window.press(&id("phrase-confirm")).await?;
    window.reads(&id("toast"), "copies are encrypted").await?;
    window.reads(&id("copies-encrypted"), "12 words").await?;

    // A phrase with a slip of the pen names the word, and no dialog opens.
    window.press(&id("ask-open-copy")).await?;
    window.fill(&id("field-phrase"), "abandon abandon").await?;
    window.press(&id("open-copy")).await?;
    window.reads(&id("field-error"), "12 words; these are 2").await?;
    window.shot("open-copy").await?;

    // The words are in no file of the till's.
    let secret = words.join(" ");
    let log = std::fs::read_dir(window.data.join("log"))?;
    let ledger = std::fs::read_dir(window.data.join("training"))?;
    for entry in log.chain(ledger) {
        let bytes = std::fs::read(entry?.path()).unwrap_or_default();
        ensure!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()));
    }
    Ok(())
}
