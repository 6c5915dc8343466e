//! Starting with the computer. Each system keeps an entry of its own kind; ours is written whole, quoted as that system
//! asks, and read back, so that a system that ignored us is noticed.

// Each is compiled for its own system, and for the tests of all.
#[cfg(any(target_os = "macos", test))]
#[cfg_attr(
    not(target_os = "macos"),
    expect(dead_code, reason = "only its text is tested elsewhere")
)]
mod launch_agent;
#[cfg(any(target_os = "windows", test))]
mod run_key;
#[cfg(all(unix, not(target_os = "macos")))]
mod xdg;

#[cfg(target_os = "macos")]
use launch_agent as system;
#[cfg(target_os = "windows")]
use run_key as system;
#[cfg(all(unix, not(target_os = "macos")))]
use xdg as system;

use std::io::{Error, ErrorKind, Result};
use std::path::PathBuf;

/// What is started: this program, hidden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Autostart {
    /// What the system calls the entry.
    name: &'static str,
    program: PathBuf,
}

/// What the entry's program is told.
const ARGUMENT: &str = "--hidden";

/// What the system starts by the entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Starts {
    /// There is no entry, or it's switched off.
    Nothing,
    /// This program.
    This,
    /// A program that isn't there: it was moved or removed.
    Missing(String),
    /// Another program, or this one in a way of its own; as the entry has it.
    Another(String),
}

impl Autostart {
    /// The entry `name`, for the program that runs.
    ///
    /// # Errors
    /// When the system doesn't say which program this is.
    pub fn of_this_program(name: &'static str) -> Result<Self> {
        let program = installed_at(std::env::current_exe()?);
        Ok(Self { name, program })
    }

    /// Whether the system starts a program by this entry, whichever program it names.
    pub fn is_on(&self) -> bool {
        system::is_on(self)
    }

    /// What the system starts by this entry.
    pub fn starts(&self) -> Starts {
        if !self.is_on() {
            return Starts::Nothing;
        }
        if system::is_ours(self) {
            return Starts::This;
        }
        let program = system::program(self).unwrap_or_default();
        let path = PathBuf::from(&program);
        if path.is_absolute() && !path.exists() {
            Starts::Missing(program)
        } else {
            Starts::Another(program)
        }
    }

    /// Switches it on or off.
    ///
    /// # Errors
    /// When the system refuses, or holds something else afterwards than what was written.
    pub fn set(&self, on: bool) -> Result<()> {
        if on {
            system::write(self)?;
        } else {
            system::remove(self)?;
        }
        if self.is_on() == on && (!on || system::is_ours(self)) {
            return Ok(());
        }
        Err(Error::other(
            "the system doesn’t keep the entry as it was written",
        ))
    }

    /// Rewrites an entry that is on and whose program is gone: this one was moved, or installed in another place. One
    /// that somebody wrote by hand, for another copy or with arguments of its own, stays. Whether there was something
    /// to rewrite.
    ///
    /// # Errors
    /// As [`Autostart::set`].
    pub fn repair(&self) -> Result<bool> {
        match self.starts() {
            Starts::Missing(_) => self.set(true).map(|()| true),
            Starts::Nothing | Starts::This | Starts::Another(_) => Ok(false),
        }
    }

    /// The program's path as text, for no entry holds anything else.
    fn program_as_text(&self) -> Result<&str> {
        let text = self.program.to_str();
        let refused = || {
            Error::new(
                ErrorKind::InvalidInput,
                "the program’s path can’t be written into an entry",
            )
        };
        text.filter(|text| !text.contains(char::is_control))
            .ok_or_else(refused)
    }
}

/// The program that an upgrade has put in the place of the one that runs; none where it's still there, or only gone.
/// Linux says so; elsewhere nobody knows.
pub fn replaced_by() -> Option<PathBuf> {
    let named = std::env::current_exe().ok()?;
    let program = installed_at(named.clone());
    (program != named && program.exists()).then_some(program)
}

/// Linux names a file that an upgrade has replaced “… (deleted)”; the new one has its place.
fn installed_at(program: PathBuf) -> PathBuf {
    let replaced = program.to_str().and_then(|text| text.strip_suffix(" (deleted)"));
    match replaced.map(PathBuf::from) {
        Some(path) if !program.exists() => path,
        _ => program,
    }
}

#[cfg(test)]
pub(crate) fn entry_of(program: &str) -> Autostart {
    Autostart {
        name: "Holdfast",
        program: PathBuf::from(program),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upgraded_program_is_named_by_its_place() {
        let of = |path: &str| installed_at(PathBuf::from(path));
        assert_eq!(
            of("/nowhere/holdfast (deleted)"),
            PathBuf::from("/nowhere/holdfast")
        );
        assert_eq!(of("/nowhere/holdfast"), PathBuf::from("/nowhere/holdfast"));
    }

    #[test]
    fn a_path_that_no_entry_can_hold_is_refused() {
        assert!(entry_of("/opt/two\nlines/holdfast").program_as_text().is_err());
        assert!(entry_of("/opt/Größe/holdfast").program_as_text().is_ok());
    }
}
