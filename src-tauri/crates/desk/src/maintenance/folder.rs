//! The data folder while a ledger in it is open.

use crate::context::Context;
use std::sync::{Arc, Mutex, PoisonError};

/// What keeps anything from being recorded, in words: whoever runs the desk looks, for the desk has no folder.
pub(crate) struct FolderTrouble {
    context: Arc<Context>,
    words: Mutex<Option<String>>,
}

impl FolderTrouble {
    pub(crate) const fn new(context: Arc<Context>) -> Self {
        Self {
            context,
            words: Mutex::new(None),
        }
    }

    pub(crate) fn words(&self) -> Option<String> {
        self.words.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn say(&self, words: Option<String>) {
        let mut known = self.words.lock().unwrap_or_else(PoisonError::into_inner);
        if *known == words {
            return;
        }
        *known = words;
        drop(known);
        self.context.changed();
    }
}
