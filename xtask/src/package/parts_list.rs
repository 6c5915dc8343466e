//! The software bill of materials, in CycloneDX: one list a program for its crates, one for the window's packages.

use super::{PROGRAMS, Places, Release, notices, printed};
use crate::command::{cargo_command, go, root};
use crate::{tools, tree};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// Lists what cargo links; npm has a command of its own.
const CARGO_CYCLONEDX: &str = "0.5.9";

/// Writes all three into `out`.
pub(super) fn write(places: &Places, release: &Release) -> Result<()> {
    // The tool writes beside each Cargo.toml, so it works in a copy.
    let copy = tempfile::tempdir()?;
    tree::copy(&root(), copy.path())?;
    let tool = tools::installed("cargo-cyclonedx", "cargo-cyclonedx", CARGO_CYCLONEDX)?;
    go(Command::new(tool)
        .args([
            "cyclonedx",
            "--format",
            "json",
            "--spec-version",
            "1.5",
            "--quiet",
        ])
        .args([
            "--no-build-deps",
            "--override-filename",
            "parts",
            "--manifest-path",
        ])
        .arg(copy.path().join("Cargo.toml"))
        .env("CARGO", cargo_command().get_program())
        .env("SOURCE_DATE_EPOCH", release.epoch.to_string()))?;
    let folders = ["src-tauri", "src-tauri/crates/cli"];
    for (name, folder) in PROGRAMS.into_iter().zip(folders) {
        let path = copy.path().join(folder).join("parts.json");
        let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        // Our own crates are named by where they lay.
        let text = text.replace(&copy.path().display().to_string(), "/holdfast");
        keep(&places.out.join(format!("{name}.cdx.json")), &text, release)?;
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let window = printed(
        Command::new(npm)
            .args(["sbom", "--sbom-format", "cyclonedx", "--package-lock-only"])
            .current_dir(copy.path().join("ui")),
    )?;
    let parts = notices::window_parts()?;
    let window = of_the_window(&window, &parts.map(|part| part.reference()).collect())?;
    keep(&places.out.join("holdfast-window.cdx.json"), &window, release)
}

/// npm's list, of what the window ships: the packages whose licences travel with it too. Told to leave the others out
/// itself, npm leaves out more.
fn of_the_window(listed: &str, shipped: &BTreeSet<String>) -> Result<String> {
    let mut list: Value = serde_json::from_str(listed)?;
    let whole = list["metadata"]["component"].clone();
    let components = list["components"].as_array_mut().context("npm listed nothing")?;
    let is_shipped = |part: &Value| part["bom-ref"].as_str().is_some_and(|one| shipped.contains(one));
    components.retain(is_shipped);
    ensure!(
        components.len() == shipped.len(),
        "npm lists {} of the {} packages that the window ships: {shipped:?}",
        components.len(),
        shipped.len()
    );
    let kept: BTreeSet<String> = components
        .iter()
        .chain([&whole])
        .filter_map(|part| part["bom-ref"].as_str().map(str::to_owned))
        .collect();
    let is_kept = |reference: &Value| reference.as_str().is_some_and(|one| kept.contains(one));
    let dependencies = list["dependencies"]
        .as_array_mut()
        .context("npm listed no dependencies")?;
    dependencies.retain(|one| is_kept(&one["ref"]));
    for one in dependencies {
        if let Some(on) = one["dependsOn"].as_array_mut() {
            on.retain(is_kept);
        }
    }
    list["metadata"]["component"]["name"] = json!("holdfast-window");
    Ok(list.to_string())
}

/// Without what would differ each time.
fn keep(path: &Path, text: &str, release: &Release) -> Result<()> {
    let mut list: Value = serde_json::from_str(text)?;
    let object = list.as_object_mut().context("the list is no object")?;
    object.remove("serialNumber");
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.insert("timestamp".to_owned(), json!(release.date("%Y-%m-%dT%H:%M:%SZ")?));
    }
    std::fs::write(path, serde_json::to_string_pretty(&list)? + "\n")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_windows_list_has_what_it_ships_and_nothing_that_only_builds_it() -> Result<()> {
        let listed = json!({
            "metadata": { "component": { "bom-ref": "ui@0.1.0", "name": "ui" } },
            "components": [
                { "bom-ref": "svelte@5.0.0", "name": "svelte" },
                { "bom-ref": "vite@7.0.0", "name": "vite" },
            ],
            "dependencies": [
                { "ref": "ui@0.1.0", "dependsOn": ["svelte@5.0.0", "vite@7.0.0"] },
                { "ref": "vite@7.0.0", "dependsOn": [] },
            ],
        });
        let shipped = |name: &str| BTreeSet::from([name.to_owned()]);
        let list = of_the_window(&listed.to_string(), &shipped("svelte@5.0.0"))?;
        let list: Value = serde_json::from_str(&list)?;
        assert_eq!(
            list["components"],
            json!([{ "bom-ref": "svelte@5.0.0", "name": "svelte" }])
        );
        let dependencies = json!([{ "ref": "ui@0.1.0", "dependsOn": ["svelte@5.0.0"] }]);
        assert_eq!(list["dependencies"], dependencies);
        assert_eq!(list["metadata"]["component"]["name"], "holdfast-window");
        let lacking = of_the_window(&listed.to_string(), &shipped("clsx@2.0.0"));
        assert!(lacking.is_err(), "npm left out what is shipped");
        Ok(())
    }
}
