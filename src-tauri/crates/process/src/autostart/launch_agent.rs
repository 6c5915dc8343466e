//! macOS: a launch agent of the user's. Untried: it was written without a Mac.

use super::{ARGUMENT, Autostart};
use std::io::{Error, ErrorKind, Result};
use std::path::PathBuf;

/// The agent's label, and its file's name.
const LABEL: &str = "app.holdfast.desk";

pub(super) fn is_on(_: &Autostart) -> bool {
    file().is_ok_and(|file| file.exists())
}

pub(super) fn is_ours(entry: &Autostart) -> bool {
    let kept = file().and_then(std::fs::read_to_string);
    matches!((kept, text(entry)), (Ok(kept), Ok(ours)) if kept == ours)
}

pub(super) fn program(_: &Autostart) -> Option<String> {
    let text = std::fs::read_to_string(file().ok()?).ok()?;
    let (_, arguments) = text.split_once("<array>")?;
    let (_, program) = arguments.split_once("<string>")?;
    let program = program.split("</string>").next()?;
    Some(
        program
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&"),
    )
}

pub(super) fn write(entry: &Autostart) -> Result<()> {
    let (file, text) = (file()?, text(entry)?);
    crate::write_whole(&file, text.as_bytes())
}

pub(super) fn remove(_: &Autostart) -> Result<()> {
    match std::fs::remove_file(file()?) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

fn file() -> Result<PathBuf> {
    let home = std::env::home_dir();
    let home = home.ok_or_else(|| Error::new(ErrorKind::NotFound, "this user has no home folder"))?;
    Ok(home.join("Library/LaunchAgents").join(format!("{LABEL}.plist")))
}

/// A property list. The program is an element of its own, so only XML's characters need care.
fn text(entry: &Autostart) -> Result<String> {
    let program = entry
        .program_as_text()?
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    Ok(format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
    <key>Label</key>
    <string>{LABEL}</string>
    <key>ProgramArguments</key>
    <array>
        <string>{program}</string>
        <string>{ARGUMENT}</string>
    </array>
    <key>RunAtLoad</key>
    <true/>
</dict>
</plist>
"#
    ))
}

#[cfg(test)]
mod tests {
    use super::super::entry_of;
    use super::*;

    #[test]
    fn a_path_with_blanks_and_an_ampersand_stays_one_argument() {
        let text = text(&entry_of(
            "/Applications/Bar & Grill/Holdfast.app/Contents/MacOS/holdfast",
        ))
        .unwrap();
        let program = "<string>/Applications/Bar &amp; Grill/Holdfast.app/Contents/MacOS/holdfast</string>";
        assert!(text.contains(program), "{text}");
    }
}
