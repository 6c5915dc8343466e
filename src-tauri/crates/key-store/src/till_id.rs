//! Which till a data folder belongs to: a number in a file there, as part of its entries' names.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use uuid::Uuid;

const FILE: &str = "till-id";

/// The till's number; a new one for a folder that has none.
///
/// # Errors
/// When the folder can't be read or written.
pub(crate) fn of(root: &Path) -> io::Result<String> {
    let path = root.join(FILE);
    match fs::read_to_string(&path) {
        Ok(text) => {
            if let Ok(number) = Uuid::try_parse(text.trim()) {
                return Ok(number.simple().to_string());
            }
            // A power cut may have emptied it.
            fs::remove_file(&path)?;
        }
        Err(error) if error.kind() == ErrorKind::NotFound => fs::create_dir_all(root)?,
        Err(error) => return Err(error),
    }
    let number = Uuid::now_v7().simple().to_string();
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(&path) {
        Ok(mut file) => {
            file.write_all(number.as_bytes())?;
            file.sync_all()?;
            Ok(number)
        }
        // Another process was a moment faster.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => of(root),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_keeps_its_number_and_another_has_another() {
        let [one, other] = [(); 2].map(|()| tempfile::tempdir().unwrap());
        let number = of(one.path()).unwrap();
        assert_eq!(of(one.path()).unwrap(), number);
        assert_ne!(of(other.path()).unwrap(), number);
        fs::write(one.path().join(FILE), "").unwrap();
        let again = of(one.path()).unwrap();
        assert_ne!(again, number);
        assert_eq!(of(one.path()).unwrap(), again);
    }
}
