//! What a command asked of the system, read from `strace`'s words: its files, its syncs, and whom it
//! told something.

use super::{
    act::{Act, Synced},
    image::{Image, State},
    reader::Reader,
};
use anyhow::{Context, Result};
use std::{path::Path, process::Command};

/// Everything that changes a file or a name, syncs, or talks. Calls that the model doesn't know are
/// watched too, for meeting one has to be a failure and not a gap.
const CALLS: &str = "openat,open,creat,close,dup,dup2,dup3,lseek,write,pwrite64,writev,pwritev,pwritev2,\
    ftruncate,truncate,fallocate,fsync,fdatasync,sync_file_range,syncfs,sync,rename,renameat,renameat2,\
    unlink,unlinkat,mkdir,mkdirat,rmdir,link,linkat,symlink,symlinkat,copy_file_range,sendfile,splice,\
    sendto,sendmsg,mmap";

/// One thing after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// The disk was asked for something.
    Asked(Act),
    /// A sync is about to begin.
    Syncing,
    /// A sync ended well; so many acts had been asked for when it began.
    Synced(Synced, usize),
    /// Something is about to be told to somebody.
    Told(Told),
}

/// To whom, and what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Told {
    /// A request to Dojo that reads.
    Read,
    /// One that acts.
    Acted,
    /// What staff see of a command.
    Staff(String),
}

/// Makes `command` one that is recorded in `log`.
pub(super) fn recorded(log: &Path, command: &Command) -> Command {
    let mut strace = Command::new("strace");
    // Text in hexadecimal, and all of it.
    strace.args(["-f", "-qq", "-xx", "-s", "100000000", "-e", "signal=none", "-o"]);
    strace.arg(log).args(["-e", &format!("trace={CALLS}")]);
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            strace.env(name, value);
        }
    }
    strace.arg(command.get_program()).args(command.get_args());
    strace
}

/// Reads what was recorded of a command that worked on `base`, which lay under `root`.
pub(super) fn read(words: &str, root: &Path, base: &Image) -> Result<Vec<Step>> {
    let root = root.canonicalize()?.display().to_string();
    let mut reader = Reader::new(root, State::of(base));
    for line in words.lines() {
        reader
            .line(line)
            .with_context(|| format!("in the trace: {}", line.chars().take(200).collect::<String>()))?;
    }
    Ok(reader.into_steps())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> String {
        text.bytes().map(|byte| format!("\\x{byte:02x}")).collect()
    }

    #[test]
    fn calls_that_overlap_are_put_in_their_order() -> Result<()> {
        let root = tempfile::tempdir()?;
        let path = hex(&format!("{}/a", root.path().canonicalize()?.display()));
        let (ab, get) = (hex("ab"), hex("POST /payment-intents/pi_1/captures HTTP/1.1\r\n"));
        let words = [
            format!("7 openat(AT_FDCWD, \"{path}\", O_RDWR|O_CREAT, 0644) = 5"),
            format!("7 pwrite64(5, \"{ab}\", 2, 4) = 2"),
            "7 fsync(5 <unfinished ...>".to_owned(),
            format!("8 sendto(9, \"{get}\", 9, MSG_NOSIGNAL, NULL, 0) = 9"),
            "7 <... fsync resumed>) = 0".to_owned(),
            format!("7 unlink(\"{path}\") = -1 ENOENT (No such file)"),
        ];
        let steps = read(&words.join("\n"), root.path(), &Image::default())?;
        let (path, file) = ("a".to_owned(), 0);
        let write = Act::Write {
            file,
            at: 4,
            bytes: b"ab".to_vec(),
        };
        assert_eq!(
            steps,
            [
                Step::Asked(Act::Name { path, file }),
                Step::Asked(write),
                Step::Syncing,
                Step::Told(Told::Acted),
                Step::Synced(Synced::File(0), 2),
            ]
        );
        Ok(())
    }

    #[test]
    fn what_the_model_does_not_know_is_a_failure() -> Result<()> {
        let root = tempfile::tempdir()?;
        let path = hex(&format!("{}/a", root.path().canonicalize()?.display()));
        let words = format!("7 truncate(\"{path}\", 5) = 0");
        assert!(read(&words, root.path(), &Image::default()).is_err());
        Ok(())
    }
}
