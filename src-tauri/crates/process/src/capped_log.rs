//! The log: to standard error, and to a file under the data folder that never grows beyond its cap.
//! Keys and long numbers never get into it, no matter what logged them.

use crate::scrub::scrubbed;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tracing_subscriber::fmt::MakeWriter;

/// Bytes in one log file; there are two.
const MOST_FILE_BYTES: u64 = 1_000_000;

/// Bytes of the newest lines.
const MOST_TAIL_BYTES: usize = 128 << 10;

/// Where both are, under the data folder.
const NAMES: [&str; 2] = ["holdfast.log", "holdfast.log.old"];

/// The log's file.
#[derive(Clone)]
pub struct CappedLog(Arc<Mutex<Inside>>);

struct Inside {
    folder: PathBuf,
    file: Option<File>,
    size: u64,
}

impl CappedLog {
    /// Goes on with the file in `folder`.
    pub fn open(folder: &Path) -> Self {
        let mut inside = Inside {
            folder: folder.to_owned(),
            file: None,
            size: 0,
        };
        if let Err(error) = inside.reopen() {
            // There is no log yet to say it to.
            drop(writeln!(io::stderr(), "no log in {}: {error}", folder.display()));
        }
        Self(Arc::new(Mutex::new(inside)))
    }

    /// The newest lines, at most this many, and no more than a person reads.
    pub fn tail(folder: &Path, most: usize) -> String {
        let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap_or_default();
        let all = NAMES.iter().rev().map(|name| read(name)).collect::<String>();
        let lines: Vec<&str> = all.lines().collect();
        let from = lines.len().saturating_sub(most);
        let newest = lines.get(from..).unwrap_or_default().join("\n");
        let mut from = newest.len().saturating_sub(MOST_TAIL_BYTES);
        while !newest.is_char_boundary(from) {
            from = from.saturating_add(1);
        }
        newest.get(from..).unwrap_or_default().to_owned()
    }
}

impl Inside {
    fn reopen(&mut self) -> io::Result<()> {
        std::fs::create_dir_all(&self.folder)?;
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.folder.join(NAMES[0]))?;
        self.size = file.metadata()?.len();
        self.file = Some(file);
        Ok(())
    }

    fn write(&mut self, text: &str) -> io::Result<()> {
        let more = u64::try_from(text.len()).unwrap_or(u64::MAX);
        if self.size.saturating_add(more) > MOST_FILE_BYTES {
            self.file = None;
            std::fs::rename(self.folder.join(NAMES[0]), self.folder.join(NAMES[1]))?;
            self.reopen()?;
        }
        if let Some(file) = &mut self.file {
            file.write_all(text.as_bytes())?;
            self.size = self.size.saturating_add(more);
        }
        Ok(())
    }
}

impl Write for &CappedLog {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = scrubbed(&String::from_utf8_lossy(bytes));
        let mut inside = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A full disk must not keep anybody from working.
        drop(inside.write(&text));
        drop(io::stderr().write_all(text.as_bytes()));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for CappedLog {
    type Writer = &'a Self;

    fn make_writer(&'a self) -> Self::Writer {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_never_grows_beyond_its_cap() {
        let folder = tempfile::tempdir().unwrap();
        let log = CappedLog::open(folder.path());
        let line = format!("{}\n", "x".repeat(9_999));
        for _ in 0..350 {
            (&log).write_all(line.as_bytes()).unwrap();
        }
        let sizes = NAMES.map(|name| std::fs::metadata(folder.path().join(name)).unwrap().len());
        assert_eq!(sizes[1], MOST_FILE_BYTES);
        assert!(sizes[0] <= MOST_FILE_BYTES && sizes[0] > 0);
        assert_eq!(CappedLog::tail(folder.path(), 3).lines().count(), 3);
        // The next start goes on with it.
        let again = CappedLog::open(folder.path());
        (&again).write_all(b"last\n").unwrap();
        assert!(CappedLog::tail(folder.path(), 1).ends_with("last"));
    }
}
