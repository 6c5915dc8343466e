//! Setting a new till up: how far it has come, and whether it may be offered at all. This one place decides.

use crate::Mode;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use ts_rs::TS;

/// A step of setting a new till up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
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

/// How somebody left a step of the setup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum Passed {
    /// What it asks was answered.
    Done,
    /// It waits for another time.
    Skipped,
}

const NAMES: [(SetupStep, &str); 6] = [
    (SetupStep::Venue, "venue"),
    (SetupStep::Key, "key"),
    (SetupStep::Printer, "printer"),
    (SetupStep::Staff, "staff"),
    (SetupStep::Hold, "hold"),
    (SetupStep::Done, "done"),
];

const PASSED: [(Passed, &str); 2] = [(Passed::Done, "done"), (Passed::Skipped, "skipped")];

/// Where the step is remembered, in the data folder that all modes share: its name in the first line, then a line for
/// each step that was passed, such as `venue done`.
fn file(root: &Path) -> PathBuf {
    root.join("setup")
}

impl SetupStep {
    /// How far the till with this data folder has come; none where nobody began.
    ///
    /// A till that works with Dojo and never heard of this was set up by hand, before there was a setup or without it.
    /// Somebody who has only tried training may be offered it yet.
    pub fn of_till(root: &Path) -> Option<Self> {
        let text = std::fs::read_to_string(file(root)).unwrap_or_default();
        // A power cut empties files: that says nothing.
        let Some(name) = text.lines().next().filter(|name| !name.trim().is_empty()) else {
            let was_at_work = [Mode::Sandbox, Mode::Live]
                .into_iter()
                .any(|mode| mode.folder(root).join("ledger.db").exists());
            return was_at_work.then_some(Self::Done);
        };
        // What a later version wrote is no reason to begin again.
        Some(Self::named(name.trim()).unwrap_or(Self::Done))
    }

    /// How each step was left that somebody has passed, for as long as the till isn't set up.
    pub fn passed(root: &Path) -> BTreeMap<Self, Passed> {
        let text = std::fs::read_to_string(file(root)).unwrap_or_default();
        let passed = text.lines().skip(1).filter_map(|line| {
            let (step, how) = line.split_once(' ')?;
            let (how, _) = PASSED.into_iter().find(|(_, known)| *known == how.trim())?;
            Some((Self::named(step)?, how))
        });
        passed.collect()
    }

    fn named(name: &str) -> Option<Self> {
        let named = NAMES.into_iter().find(|(_, known)| *known == name);
        named.map(|(step, _)| step)
    }

    fn name(self) -> &'static str {
        let name = NAMES.into_iter().find(|(step, _)| *step == self);
        name.map_or("done", |(_, name)| name)
    }

    /// Whether somebody set this till up step by step, or is about to.
    pub fn was_begun(root: &Path) -> bool {
        file(root).exists()
    }

    /// Remembers that somebody is here now, and how the step was `left` where they were before.
    ///
    /// # Errors
    /// When the data folder can't be written.
    pub fn remember(self, left: Option<Passed>, root: &Path) -> std::io::Result<()> {
        let mut passed = Self::passed(root);
        if let (Some(step), Some(left)) = (Self::of_till(root), left) {
            passed.insert(step, left);
        }
        if self == Self::Done {
            passed.clear();
        }
        let mut text = self.name().to_owned();
        for (step, how) in passed {
            let how = PASSED.into_iter().find(|(known, _)| *known == how);
            let how = how.map_or("skipped", |(_, name)| name);
            text = format!("{text}\n{} {how}", step.name());
        }
        holdfast_process::write_whole(&file(root), text.as_bytes())
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
            step.remember(None, root.path()).expect("a file");
            assert_eq!(SetupStep::of_till(root.path()), Some(step));
        }
        std::fs::write(file(root.path()), "a step of a later version").expect("a file");
        assert_eq!(SetupStep::of_till(root.path()), Some(SetupStep::Done));
    }

    #[test]
    fn how_each_step_was_left_is_known_until_the_till_is_set_up() {
        let root = tempfile::tempdir().expect("a folder");
        let root = root.path();
        let go_to = |step: SetupStep, left| step.remember(left, root).expect("a file");
        go_to(SetupStep::Venue, None);
        go_to(SetupStep::Key, Some(Passed::Done));
        go_to(SetupStep::Printer, Some(Passed::Skipped));
        go_to(SetupStep::Staff, Some(Passed::Skipped));
        // Somebody goes back, and does it this time.
        go_to(SetupStep::Printer, None);
        go_to(SetupStep::Staff, Some(Passed::Done));
        let passed = [
            (SetupStep::Venue, Passed::Done),
            (SetupStep::Key, Passed::Skipped),
            (SetupStep::Printer, Passed::Done),
        ];
        assert_eq!(SetupStep::passed(root), passed.into());
        assert_eq!(SetupStep::of_till(root), Some(SetupStep::Staff));

        // Lines that nobody can read say nothing, and take nothing else along.
        let text = std::fs::read_to_string(file(root)).expect("a file");
        std::fs::write(file(root), format!("{text}\nlater done\nstaff perhaps\n\n")).expect("a file");
        assert_eq!(SetupStep::passed(root), passed.into());
        go_to(SetupStep::Done, None);
        assert!(SetupStep::passed(root).is_empty());
        assert_eq!(SetupStep::of_till(root), Some(SetupStep::Done));
    }
}
