//! Which till a data folder belongs to: a number in a file there, as part of its entries' names. A file beside it says
//! which folder that is. A copy of the folder has the number too, and with it would have the key: it's given another.

use holdfast_process::write_whole;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;
use uuid::Uuid;

const FILE: &str = "till-id";

/// Names the folder that the number is of.
const HOME: &str = "till-home";

/// Stands in that file for as long as a copied folder has no key of its own.
const COPIED: &str = "copied";

/// The till's number; a new one for a folder that has none, or that was copied from another.
///
/// # Errors
/// When the folder can't be read or written.
pub(crate) fn of(root: &Path) -> io::Result<String> {
    let number = match read(root)? {
        Some(number) => number,
        None => renumbered(root)?,
    };
    let here = Home::of(root)?;
    match Home::kept(root) {
        Some(home) if !home.is(&here) => {
            tracing::warn!(
                from = home.path,
                "this data folder is a copy, and has no key of its own"
            );
            // The number first: cut off in between, the folder is recognised once more.
            let number = renumbered(root)?;
            Home {
                is_copied: true,
                ..here
            }
            .keep(root)?;
            Ok(number)
        }
        Some(home) if home.path == here.path && home.inode == here.inode => Ok(number),
        home => {
            let is_copied = home.is_some_and(|home| home.is_copied);
            Home { is_copied, ..here }.keep(root)?;
            Ok(number)
        }
    }
}

/// Whether this folder was copied from another, whose key stayed there, and was given none since.
pub(crate) fn is_copied(root: &Path) -> bool {
    Home::kept(root).is_some_and(|home| home.is_copied)
}

/// Takes note that the folder has a key of its own.
///
/// # Errors
/// When the folder can't be read or written.
pub(crate) fn note_key(root: &Path) -> io::Result<()> {
    if is_copied(root) {
        Home::of(root)?.keep(root)?;
    }
    Ok(())
}

fn read(root: &Path) -> io::Result<Option<String>> {
    match fs::read_to_string(root.join(FILE)) {
        // A power cut emptied it, in a version that didn't write it whole.
        Ok(text) => Ok(Uuid::try_parse(text.trim())
            .ok()
            .map(|number| number.simple().to_string())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn renumbered(root: &Path) -> io::Result<String> {
    let number = Uuid::now_v7().simple().to_string();
    write_whole(&root.join(FILE), number.as_bytes())?;
    // Another process may have been a moment later.
    Ok(read(root)?.unwrap_or(number))
}

/// Which folder it is.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Home {
    /// Written as one line, whatever is in it.
    path: String,
    /// Stays with a folder that is moved on its disk; none where the system has no such number.
    inode: Option<String>,
    is_copied: bool,
}

impl Home {
    fn of(root: &Path) -> io::Result<Self> {
        Ok(Self {
            path: format!("{:?}", root.canonicalize()?),
            inode: inode(root)?,
            is_copied: false,
        })
    }

    fn kept(root: &Path) -> Option<Self> {
        let text = fs::read_to_string(root.join(HOME)).ok()?;
        let mut lines = text.lines();
        Some(Self {
            path: lines.next().filter(|path| !path.is_empty())?.to_owned(),
            inode: lines.next().filter(|inode| !inode.is_empty()).map(str::to_owned),
            is_copied: lines.next() == Some(COPIED),
        })
    }

    fn keep(&self, root: &Path) -> io::Result<()> {
        let inode = self.inode.as_deref().unwrap_or_default();
        let copied = if self.is_copied { COPIED } else { "" };
        let text = format!("{}\n{inode}\n{copied}\n", self.path);
        write_whole(&root.join(HOME), text.as_bytes())
    }

    /// Whether it's the same folder. One that was moved has its inode; one that was restored, or whose disk is called
    /// otherwise since a start, has its path.
    fn is(&self, other: &Self) -> bool {
        self.path == other.path || self.inode.is_some() && self.inode == other.inode
    }
}

#[cfg(unix)]
fn inode(root: &Path) -> io::Result<Option<String>> {
    use std::os::unix::fs::MetadataExt;
    let folder = fs::metadata(root)?;
    Ok(Some(format!("{}:{}", folder.dev(), folder.ino())))
}

/// The standard library says none here.
#[cfg(not(unix))]
fn inode(_: &Path) -> io::Result<Option<String>> {
    Ok(None)
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
        assert!(!is_copied(one.path()));
    }

    /// As a person copies a folder: all of its files.
    fn copied(from: &Path, to: &Path) {
        fs::create_dir(to).unwrap();
        for file in [FILE, HOME] {
            if from.join(file).exists() {
                fs::copy(from.join(file), to.join(file)).unwrap();
            }
        }
    }

    #[test]
    fn a_copied_folder_has_another_number_until_it_has_a_key_it_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let [till, copy] = ["till", "copy"].map(|name| folder.path().join(name));
        let number = of(&till_made(&till)).unwrap();
        copied(&till, &copy);
        let other = of(&copy).unwrap();
        assert_ne!(other, number);
        assert_eq!(of(&copy).unwrap(), other);
        assert!(is_copied(&copy) && !is_copied(&till));
        note_key(&copy).unwrap();
        assert!(!is_copied(&copy));
        assert_eq!(of(&copy).unwrap(), other);
        assert_eq!(of(&till).unwrap(), number);
    }

    fn till_made(till: &Path) -> std::path::PathBuf {
        fs::create_dir(till).unwrap();
        till.to_owned()
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_was_moved_or_restored_keeps_its_number() {
        let folder = tempfile::tempdir().unwrap();
        let [till, moved, saved] = ["till", "moved", "saved"].map(|name| folder.path().join(name));
        let number = of(&till_made(&till)).unwrap();
        fs::rename(&till, &moved).unwrap();
        assert_eq!(of(&moved).unwrap(), number);
        // Its disk broke, and the folder was brought back from a copy to where it was.
        copied(&moved, &saved);
        fs::remove_dir_all(&moved).unwrap();
        copied(&saved, &moved);
        assert_eq!(of(&moved).unwrap(), number);
    }

    #[test]
    fn a_folder_of_a_version_that_named_no_home_keeps_its_number() {
        let folder = tempfile::tempdir().unwrap();
        let till = till_made(&folder.path().join("till"));
        let number = of(&till).unwrap();
        fs::remove_file(till.join(HOME)).unwrap();
        assert_eq!(of(&till).unwrap(), number);
        assert!(till.join(HOME).exists());
    }
}
