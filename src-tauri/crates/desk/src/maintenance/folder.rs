//! The data folder while a ledger in it is open.

use crate::Desk;
use std::sync::{Mutex, PoisonError};

/// What keeps anything from being recorded, in words.
#[derive(Debug, Default)]
pub(crate) struct FolderTrouble(Mutex<Option<String>>);

impl FolderTrouble {
    pub(crate) fn words(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Desk {
    /// Shows above the floor, for as long as it lasts, what keeps anything from being recorded: whoever runs the desk
    /// looks, for the desk has no folder.
    pub fn say_folder_trouble(&self, words: Option<String>) {
        let mut known = self.folder.0.lock().unwrap_or_else(PoisonError::into_inner);
        if *known == words {
            return;
        }
        *known = words;
        drop(known);
        self.context.changed();
    }
}
