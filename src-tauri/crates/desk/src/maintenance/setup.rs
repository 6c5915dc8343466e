//! Setting a new till up: how far it has come, and whether it may be offered at all. This one place decides.

use crate::Mode;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use ts_rs::TS;

/// A step of setting a new till up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum SetupStep {
    /// The venue's name and address.
    Venue,
    /// Dojo's key.
    Key,
    /// A test slip.
    Printer,
    /// Who works.
    Staff,
    /// The first hold, in training or for real.
    Hold,
    /// It was done, or the till was at work before: nobody is asked again.
    Done,
}

const NAMES: [(SetupStep, &str); 6] = [
    (SetupStep::Venue, "venue"),
    (SetupStep::Key, "key"),
    (SetupStep::Printer, "printer"),
    (SetupStep::Staff, "staff"),
    (SetupStep::Hold, "hold"),
    (SetupStep::Done, "done"),
];

/// Where the step is remembered, in the data folder that all modes share.
fn file(root: &Path) -> PathBuf {
    root.join("setup")
}

impl SetupStep {
    /// How far the till with this data folder has come; none where nobody began.
    ///
    /// A till that works with Dojo and never heard of this was set up by hand, before there was a setup or without it.
    /// Somebody who has only tried training may be offered it yet.
    pub fn of_till(root: &Path) -> Option<Self> {
        // A power cut empties files: that says nothing.
        let name = std::fs::read_to_string(file(root));
        let Some(name) = name.ok().filter(|name| !name.trim().is_empty()) else {
            let was_at_work = [Mode::Sandbox, Mode::Live]
                .into_iter()
                .any(|mode| mode.folder(root).join("ledger.db").exists());
            return was_at_work.then_some(Self::Done);
        };
        let known = NAMES.into_iter().find(|(_, known)| *known == name.trim());
        // What a later version wrote is no reason to begin again.
        Some(known.map_or(Self::Done, |(step, _)| step))
    }

    /// Whether somebody set this till up step by step, or is about to.
    pub fn was_begun(root: &Path) -> bool {
        file(root).exists()
    }

    /// Remembers that somebody is here.
    ///
    /// # Errors
    /// When the data folder can't be written.
    pub fn remember(self, root: &Path) -> std::io::Result<()> {
        let name = NAMES.iter().find(|(step, _)| *step == self);
        let name = name.map_or("done", |(_, name)| name);
        holdfast_process::write_whole(&file(root), name.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_ledger(mode: Mode) -> tempfile::TempDir {
        let root = tempfile::tempdir().expect("a folder");
        let folder = mode.folder(root.path());
        std::fs::create_dir_all(&folder).expect("a mode's folder");
        std::fs::write(folder.join("ledger.db"), "").expect("a ledger");
        root
    }

    #[test]
    fn a_till_that_is_at_work_is_never_asked_to_be_set_up() {
        for mode in [Mode::Sandbox, Mode::Live] {
            let root = with_ledger(mode);
            assert_eq!(SetupStep::of_till(root.path()), Some(SetupStep::Done), "{mode:?}");
        }
        // Somebody who has only tried it out has set nothing up, and a power cut empties files.
        let tried = with_ledger(Mode::Training);
        std::fs::write(file(tried.path()), "").expect("a file");
        assert_eq!(SetupStep::of_till(tried.path()), None);
        assert_eq!(SetupStep::of_till(with_ledger(Mode::Training).path()), None);
    }

    #[test]
    fn it_goes_on_where_somebody_stopped_whatever_key_was_entered_meanwhile() {
        let root = with_ledger(Mode::Live);
        for (step, _) in NAMES {
            step.remember(root.path()).expect("a file");
            assert_eq!(SetupStep::of_till(root.path()), Some(step));
        }
        std::fs::write(file(root.path()), "a step of a later version").expect("a file");
        assert_eq!(SetupStep::of_till(root.path()), Some(SetupStep::Done));
    }
}
