//! What the desk keeps beside the ledger and no restore replaces: settings that protect guests and copies. An older
//! ledger that takes this one's place doesn't turn them off.

use crate::error::StoreError;
use crate::recovery::backup;
use std::fs::File;
use std::io::Write;
use std::path::Path;

const NAME: &str = "protections";

/// Under this name it is written; it is renamed when it is whole.
const NEW: &str = "protections.new";

/// What stands there.
pub(crate) fn read(folder: &Path) -> Result<Option<String>, StoreError> {
    let path = folder.join(NAME);
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StoreError::of_file(&path, &error)),
    }
}

/// Durable when it returns.
pub(crate) fn write(folder: &Path, text: &str) -> Result<(), StoreError> {
    let new = folder.join(NEW);
    let written = File::create(&new).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| StoreError::of_file(&new, &error))?;
    backup::place(&new, &folder.join(NAME))
}
