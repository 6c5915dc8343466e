//! Declares every command of `src/commands/list.rs`, and allows these to the one window and nothing else.

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

/// What the window may do besides calling commands.
const PERMISSIONS: &[&str] = &[
    "core:event:allow-listen",
    "core:event:allow-unlisten",
    "core:webview:allow-set-webview-zoom",
];

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
    std::fs::write(folder.join("window.json"), capability())?;
    // Tauri keeps the pattern for as long as the program runs.
    let pattern: &'static str = format!("{}/*.json", folder.display()).leak();

    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern(pattern)
        .app_manifest(manifest);
    tauri_build::try_build(attributes).map_err(|error| format!("{error:#}"))?;
    Ok(())
}

/// The window's capability, as Tauri reads it. Names of commands need no escaping.
fn capability() -> String {
    let allowed = COMMANDS
        .iter()
        .map(|name| format!("allow-{}", name.replace('_', "-")));
    let permissions: Vec<String> = PERMISSIONS
        .iter()
        .map(|&permission| permission.to_owned())
        .chain(allowed)
        .map(|permission| format!("\"{permission}\""))
        .collect();
    format!(
        r#"{{"identifier":"window","description":"What the one window may do.","windows":["main"],{}}}"#,
        format_args!(r#""permissions":[{}]"#, permissions.join(","))
    )
}
