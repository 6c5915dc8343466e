//! Declares every command of `src/commands/list.rs`, and allows these to the till's window and nothing else. The
//! guest's window may ask for its own page, and that's all.

use std::path::PathBuf;

include!("src/commands/list.rs");

macro_rules! names {
    ($($area:ident { $(
        $(#[doc = $doc:literal])*
        $name:ident($($argument:ident: $type:ty),*) -> $answer:ty;
    )* })*) => {
        &[$($(stringify!($name),)*)*]
    };
}

const COMMANDS: &[&str] = each_command!(names);

/// The command of the guest's window.
const GUESTS: &str = "guest_window";

/// What both windows may do besides calling commands.
const HEARING: &[&str] = &["core:event:allow-listen", "core:event:allow-unlisten"];

/// What the till's window may do besides.
const ZOOMING: &str = "core:webview:allow-set-webview-zoom";

fn main() {
    if let Err(error) = build() {
        // Cargo shows a build script's panic with its message and nothing else.
        panic!("{error}");
    }
}

fn build() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=src/commands/list.rs");
    let folder = PathBuf::from(std::env::var("OUT_DIR")?).join("capabilities");
    std::fs::create_dir_all(&folder)?;
    let tills = COMMANDS.iter().copied().filter(|name| *name != GUESTS);
    let window = capability("window", "main", tills, &[HEARING, &[ZOOMING]].concat());
    std::fs::write(folder.join("window.json"), window)?;
    let guest = capability("guest", "guest", [GUESTS].into_iter(), HEARING);
    std::fs::write(folder.join("guest.json"), guest)?;
    // Tauri keeps the pattern for as long as the program runs.
    let pattern: &'static str = format!("{}/*.json", folder.display()).leak();

    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern(pattern)
        .app_manifest(manifest);
    tauri_build::try_build(attributes).map_err(|error| format!("{error:#}"))?;
    Ok(())
}

/// A window's capability, as Tauri reads it. Names of commands need no escaping.
fn capability<'a>(
    name: &str,
    window: &str,
    commands: impl Iterator<Item = &'a str>,
    others: &[&str],
) -> String {
    let allowed = commands.map(|name| format!("allow-{}", name.replace('_', "-")));
    let permissions: Vec<String> = others
        .iter()
        .map(|&permission| permission.to_owned())
        .chain(allowed)
        .map(|permission| format!("\"{permission}\""))
        .collect();
    format!(
        r#"{{"identifier":"{name}","description":"What this window may do.","windows":["{window}"],{}}}"#,
        format_args!(r#""permissions":[{}]"#, permissions.join(","))
    )
}
