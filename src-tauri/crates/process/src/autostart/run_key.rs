//! Windows: a value under the user's `Run` key. Untried: the part that touches the registry was never compiled.

#[cfg(target_os = "windows")]
pub(super) use registry::{is_on, is_ours, program, remove, write};

use super::{ARGUMENT, Autostart};
use std::io::Result;

/// The command line. Without its quotes Windows cuts a path at the first blank and may start `C:\Program.exe`. A path
/// can't hold a quote itself.
fn command_line(entry: &Autostart) -> Result<String> {
    Ok(format!("\"{}\" {ARGUMENT}", entry.program_as_text()?))
}

#[cfg(target_os = "windows")]
mod registry {
    use super::super::Autostart;
    use super::command_line;
    use std::io::{Error, Result};
    use windows_registry::CURRENT_USER;

    const RUN: &str = r"Software\Microsoft\Windows\CurrentVersion\Run";

    /// Where the Task Manager keeps its own switch: a first byte that is odd means off.
    const APPROVED: &str = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run";

    fn kept(entry: &Autostart) -> Option<String> {
        CURRENT_USER.open(RUN).ok()?.get_string(entry.name).ok()
    }

    fn is_switched_off(entry: &Autostart) -> bool {
        let value = CURRENT_USER
            .open(APPROVED)
            .and_then(|key| key.get_value(entry.name));
        value.is_ok_and(|value| value.first().is_some_and(|byte| byte % 2 == 1))
    }

    pub(in super::super) fn is_on(entry: &Autostart) -> bool {
        kept(entry).is_some() && !is_switched_off(entry)
    }

    pub(in super::super) fn is_ours(entry: &Autostart) -> bool {
        matches!((kept(entry), command_line(entry)), (Some(kept), Ok(ours)) if kept == ours)
    }

    pub(in super::super) fn program(entry: &Autostart) -> Option<String> {
        let line = kept(entry)?;
        // A path without quotes ends at the first blank, as Windows reads it.
        let program = match line.strip_prefix('"') {
            Some(rest) => rest.split('"').next(),
            None => line.split(' ').next(),
        };
        program.map(str::to_owned)
    }

    pub(in super::super) fn write(entry: &Autostart) -> Result<()> {
        let line = command_line(entry)?;
        // Somebody who switches it on here means it, whatever the Task Manager was told before.
        if let Ok(approved) = CURRENT_USER.create(APPROVED) {
            drop(approved.remove_value(entry.name));
        }
        let written = CURRENT_USER
            .create(RUN)
            .and_then(|key| key.set_string(entry.name, &line));
        written.map_err(Error::other)
    }

    pub(in super::super) fn remove(entry: &Autostart) -> Result<()> {
        if kept(entry).is_none() {
            return Ok(());
        }
        let removed = CURRENT_USER
            .create(RUN)
            .and_then(|key| key.remove_value(entry.name));
        removed.map_err(Error::other)
    }
}

#[cfg(test)]
mod tests {
    use super::super::entry_of;
    use super::*;

    #[test]
    fn a_path_with_blanks_is_one_argument() {
        let line = command_line(&entry_of(
            r"C:\Users\Zoë Müller\AppData\Local\Holdfast\holdfast.exe",
        ))
        .unwrap();
        assert_eq!(
            line,
            r#""C:\Users\Zoë Müller\AppData\Local\Holdfast\holdfast.exe" --hidden"#
        );
    }
}
