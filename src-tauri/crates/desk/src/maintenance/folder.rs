//! The data folder while a ledger in it is open.

use crate::context::Context;
use std::sync::{Arc, Mutex, PoisonError};

/// Why nothing can be recorded, in words. The program that runs the desk looks: the desk knows no folder.
pub(crate) struct DataFolder {
    context: Arc<Context>,
    words: Mutex<Option<String>>,
}

impl DataFolder {
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
