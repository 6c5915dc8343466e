//! Backups, restoring one, the support bundle, the connection test, whose key it is.

pub(crate) mod backup;
pub(crate) mod connection;
mod folder;
pub(crate) mod key;
pub(crate) mod leave_ledger;
pub(crate) mod phrase;
pub(crate) mod restore;
pub(crate) mod setup;
pub(crate) mod support;
pub(crate) mod update_hours;

pub(crate) use folder::DataFolder;

use crate::context::Context;
use std::sync::{Arc, Mutex, OnceLock};

/// Makes backups when they are due, and says what putting one back would lose.
pub(crate) struct Backups {
    context: Arc<Context>,
    schedule: Mutex<backup::Schedule>,
    /// What the till is called where its copies meet others'.
    till: OnceLock<String>,
    shown_phrase: Mutex<Option<phrase::ShownPhrase>>,
}

impl Backups {
    /// The first one is due at once.
    pub(crate) fn new(context: Arc<Context>) -> Self {
        Self {
            context,
            schedule: Mutex::default(),
            till: OnceLock::new(),
            shown_phrase: Mutex::default(),
        }
    }

    /// Names the till, once.
    pub(crate) fn name_till(&self, name: String) {
        // A second name would part its copies from the former ones.
        let _ = self.till.set(name);
    }
}
