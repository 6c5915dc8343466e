//! What events are made of.

use crate::{DeadlineAction, NotDone, OperationState, Stage};
use serde::{Deserialize, Serialize};

/// A warning of a hold's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Warning {
    /// How near the end is.
    pub stage: Stage,
    /// Held.
    pub amount: i64,
    /// What Dojo does then.
    pub action: Option<DeadlineAction>,
    /// Hours between the safe time and Dojo's deadline, by Settings.
    pub safe_hours: u8,
}

/// What comes first on the floor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum FloorOrder {
    /// What needs attention, then what waits, what is on hold and what is paid.
    #[default]
    Urgent,
    /// What was opened last.
    Newest,
    /// A to Z; table 9 before table 12.
    Name,
}

/// Why a guest was forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForgetReason {
    /// The guest asked for it.
    Asked,
    /// What is known of them isn't needed any more.
    NotNeeded,
    /// They were entered by mistake.
    Mistake,
    /// Their tab was closed this many months ago or more.
    Age(u8),
    /// A ledger was opened that still knew them, such as a backup.
    Again,
}

/// How closing the night moves on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NightStep {
    /// It began.
    Begun,
    /// It went on after a stop.
    Resumed,
    /// What was left of it was given up.
    RestLeft,
    /// A tab is done; its title is personal.
    RowDone,
    /// A tab couldn't be done.
    RowFailed {
        /// What kept it from being done.
        why: RowTrouble,
    },
    /// Nothing is left to do.
    Finished,
    /// It was stopped.
    Stopped,
}

/// Why closing the night couldn't do a tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowTrouble {
    /// What a ledger of a former version kept, in words.
    Former(String),
    /// It was refused before anything was sent, or before the tab was closed.
    Refused(NotDone),
    /// A decision came to this end, or to none yet.
    Ended(OperationState),
    /// An older release began that night, and kept no figures to compare.
    NoFigures,
}

/// What of an event is about a person. It stands apart, so that it can be forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Personal {
    /// A tab's title, or what was had.
    pub name: Option<String>,
    /// A person's reason; of a receipt, the e-mail address that it goes to.
    pub reason: Option<String>,
    /// What was changed.
    pub edits: Vec<Edit>,
    /// The words of an older ledger.
    pub words: Option<String>,
}

impl Personal {
    /// Only a name.
    pub fn name(name: impl Into<String>) -> Self {
        Self {
            name: Some(name.into()),
            ..Self::default()
        }
    }
}

/// A field that was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Its name: `email`, `safeHours`. Text, because a ledger keeps names of other versions too; the desk's `Field`
    /// has today's.
    pub field: String,
    /// What it was: JSON of a setting, text of a tab's detail.
    pub was: Option<String>,
    /// What it is.
    pub is: Option<String>,
}
