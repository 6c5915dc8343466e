//! A disk that a power cut leaves behind: what was synced is on it, and of the rest whatever one likes.

use anyhow::{Context, Result};
use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    fs,
    path::Path,
};

/// A disk writes this much whole or not at all.
const SECTOR: usize = 512;

/// A file, whatever it is called by now.
pub(super) type FileId = usize;

/// What a program asked of the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Act {
    /// Bytes into a file.
    Write { file: FileId, at: usize, bytes: Vec<u8> },
    /// A file is made so long.
    Cut { file: FileId, length: usize },
    /// A new file gets a name.
    Name { path: String, file: FileId },
    /// It gets another one. No file system does half of that.
    Move { from: String, to: String, file: FileId },
    /// A name is taken away.
    Unname { path: String, file: FileId },
    /// A new folder.
    Folder { path: String },
}

impl Act {
    /// Of which file it changes the contents; none when it changes names.
    const fn contents_of(&self) -> Option<FileId> {
        match self {
            Self::Write { file, .. } | Self::Cut { file, .. } => Some(*file),
            Self::Name { .. } | Self::Move { .. } | Self::Unname { .. } | Self::Folder { .. } => None,
        }
    }

    /// Whether syncing `folder` makes it last.
    fn is_in(&self, folder: &str) -> bool {
        match self {
            Self::Write { .. } | Self::Cut { .. } => false,
            Self::Name { path, .. } | Self::Unname { path, .. } | Self::Folder { path } => {
                parent(path) == folder
            }
            Self::Move { from, to, .. } => parent(from) == folder || parent(to) == folder,
        }
    }
}

/// The folder that `path` is in; empty for the data folder's own.
pub(super) fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// What a sync was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Synced {
    /// The contents of a file.
    File(FileId),
    /// The names in a folder.
    Folder(String),
}

/// Files and folders as they lie there, by their paths under the data folder's parent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Image {
    pub(super) files: BTreeMap<String, Vec<u8>>,
    pub(super) folders: BTreeSet<String>,
}

impl Image {
    /// Of what is under `root`.
    pub(super) fn take(root: &Path) -> Result<Self> {
        let mut image = Self::default();
        image.collect(root, "")?;
        Ok(image)
    }

    fn collect(&mut self, root: &Path, folder: &str) -> Result<()> {
        for entry in fs::read_dir(root.join(folder))? {
            let entry = entry?;
            let name = entry.file_name().into_string().ok().context("a strange name")?;
            let path = if folder.is_empty() {
                name
            } else {
                format!("{folder}/{name}")
            };
            if entry.file_type()?.is_dir() {
                self.folders.insert(path.clone());
                self.collect(root, &path)?;
            } else if !is_only_memory(&path) {
                self.files.insert(path, fs::read(entry.path())?);
            }
        }
        Ok(())
    }

    /// Lays it out under `root`.
    pub(super) fn put(&self, root: &Path) -> Result<()> {
        for folder in &self.folders {
            fs::create_dir_all(root.join(folder))?;
        }
        for (path, bytes) in &self.files {
            fs::write(root.join(path), bytes)?;
        }
        Ok(())
    }
}

/// The index of a write-ahead log is shared memory that has a file's name. It is made anew.
pub(super) fn is_only_memory(path: &str) -> bool {
    path.ends_with("-shm")
}

/// Names and contents.
#[derive(Debug, Clone, Default)]
pub(super) struct State {
    pub(super) names: BTreeMap<String, FileId>,
    pub(super) folders: BTreeSet<String>,
    pub(super) contents: BTreeMap<FileId, Vec<u8>>,
}

impl State {
    /// As `image` shows it; its files are numbered in the order of their paths.
    pub(super) fn of(image: &Image) -> Self {
        let numbered = || image.files.iter().enumerate();
        Self {
            names: numbered().map(|(id, (path, _))| (path.clone(), id)).collect(),
            folders: image.folders.clone(),
            contents: numbered().map(|(id, (_, bytes))| (id, bytes.clone())).collect(),
        }
    }

    pub(super) fn apply(&mut self, act: &Act) {
        match act {
            Act::Write { file, at, bytes } => put_bytes(self.contents.entry(*file).or_default(), *at, bytes),
            Act::Cut { file, length } => self.contents.entry(*file).or_default().resize(*length, 0),
            Act::Name { path, file } => {
                self.names.insert(path.clone(), *file);
            }
            Act::Move { from, to, file } => {
                self.unname(from, *file);
                self.names.insert(to.clone(), *file);
            }
            Act::Unname { path, file } => self.unname(path, *file),
            Act::Folder { path } => {
                self.folders.insert(path.clone());
            }
        }
    }

    fn unname(&mut self, path: &str, file: FileId) {
        if self.names.get(path) == Some(&file) {
            self.names.remove(path);
        }
    }

    fn suffer(&mut self, act: &Act, fate: Fate) {
        match (act, fate) {
            (act, Fate::Kept) => self.apply(act),
            (Act::Write { file, at, bytes }, Fate::Torn(tear)) => {
                tear.write(self.contents.entry(*file).or_default(), *at, bytes);
            }
            (_, Fate::Lost | Fate::Torn(_)) => {}
        }
    }

    /// What can be reached by a path of folders that are all there.
    fn image(&self) -> Image {
        let is_there = |path: &str| {
            let mut folder = parent(path);
            while !folder.is_empty() && self.folders.contains(folder) {
                folder = parent(folder);
            }
            folder.is_empty()
        };
        let contents = |file: &FileId| self.contents.get(file).cloned().unwrap_or_default();
        let reachable = self.names.iter().filter(|(path, _)| is_there(path));
        Image {
            files: reachable
                .map(|(path, file)| (path.clone(), contents(file)))
                .collect(),
            folders: self
                .folders
                .iter()
                .filter(|path| is_there(path))
                .cloned()
                .collect(),
        }
    }
}

fn put_bytes(contents: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    let end = at + bytes.len();
    if contents.len() < end {
        contents.resize(end, 0);
    }
    contents[at..end].copy_from_slice(bytes);
}

/// What became of something that was not synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is on the disk.
    Kept,
    /// It is not.
    Lost,
    /// Part of a write is; of anything else, nothing.
    Torn(Tear),
}

/// Which part of a write is on the disk. The sectors that it shares with older bytes keep those.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tear {
    /// All sectors but the last.
    NotTheLast,
    /// The last sector alone.
    TheLast,
    /// Every other sector.
    EveryOther,
    /// The file is longer already, its new bytes are not there.
    Zeros,
}

impl Tear {
    pub(super) const ALL: [Self; 4] = [Self::NotTheLast, Self::TheLast, Self::EveryOther, Self::Zeros];

    fn write(self, contents: &mut Vec<u8>, at: usize, bytes: &[u8]) {
        let end = at + bytes.len();
        if self == Self::Zeros {
            contents.resize(contents.len().max(end), 0);
            return;
        }
        let (first, last) = (at / SECTOR, end.saturating_sub(1) / SECTOR);
        for sector in first..=last {
            let is_kept = match self {
                Self::NotTheLast => sector != last,
                Self::TheLast => sector == last,
                Self::EveryOther => (sector - first) % 2 == 1,
                Self::Zeros => false,
            };
            if is_kept {
                let (from, to) = (at.max(sector * SECTOR), end.min((sector + 1) * SECTOR));
                put_bytes(contents, from, &bytes[from - at..to - at]);
            }
        }
    }
}

/// Something that was asked for, and whether a sync has made it last.
#[derive(Debug, Clone)]
struct Pending {
    number: usize,
    act: Act,
    is_synced: bool,
}

/// A disk while a program works on it.
#[derive(Debug, Clone)]
pub(super) struct Disk {
    /// What no power cut can take away any more.
    lasting: State,
    pending: Vec<Pending>,
    asked: usize,
}

impl Disk {
    pub(super) fn new(base: &Image) -> Self {
        Self {
            lasting: State::of(base),
            pending: Vec::new(),
            asked: 0,
        }
    }

    pub(super) fn ask(&mut self, act: Act) {
        self.pending.push(Pending {
            number: self.asked,
            act,
            is_synced: false,
        });
        self.asked += 1;
    }

    /// A sync ended that had begun when so many acts had been asked for.
    pub(super) fn synced(&mut self, what: &Synced, begun: usize) {
        for pending in self.pending.iter_mut().filter(|p| p.number < begun) {
            pending.is_synced |= match what {
                Synced::File(file) => pending.act.contents_of() == Some(*file),
                Synced::Folder(folder) => pending.act.is_in(folder),
            };
        }
        self.fold();
    }

    /// Moves what is synced to what lasts, but never past something older on the same file.
    fn fold(&mut self) {
        let mut held: HashSet<Option<FileId>> = HashSet::new();
        let mut rest = Vec::new();
        for pending in std::mem::take(&mut self.pending) {
            let what = pending.act.contents_of();
            if pending.is_synced && !held.contains(&what) {
                self.lasting.apply(&pending.act);
            } else {
                held.insert(what);
                rest.push(pending);
            }
        }
        self.pending = rest;
    }

    /// What is not synced: the sizes of writes, nothing for the rest.
    pub(super) fn at_stake(&self) -> Vec<Option<usize>> {
        let unsynced = self.pending.iter().filter(|p| !p.is_synced);
        unsynced
            .map(|p| match &p.act {
                Act::Write { bytes, .. } => Some(bytes.len()),
                _ => None,
            })
            .collect()
    }

    /// Whether contents of the file at `path` are at stake.
    pub(super) fn is_at_stake(&self, path: &str) -> bool {
        let file = self.lasting.names.get(path);
        let mut unsynced = self.pending.iter().filter(|p| !p.is_synced);
        file.is_some() && unsynced.any(|p| p.act.contents_of().as_ref() == file)
    }

    /// What is left when the power goes, with a fate for each of [`Self::at_stake`].
    pub(super) fn after(&self, fates: &[Fate]) -> Image {
        let (mut state, mut fates) = (self.lasting.clone(), fates.iter());
        for pending in &self.pending {
            let fate = if pending.is_synced {
                Fate::Kept
            } else {
                fates.next().copied().unwrap_or(Fate::Lost)
            };
            state.suffer(&pending.act, fate);
        }
        state.image()
    }

    /// What is there as long as the power is.
    pub(super) fn with_everything(&self) -> Image {
        self.after(&vec![Fate::Kept; self.pending.len()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disk() -> Disk {
        let mut base = Image::default();
        base.files.insert("a".to_owned(), vec![b'.'; 3 * SECTOR]);
        Disk::new(&base)
    }

    fn write(at: usize, length: usize) -> Act {
        Act::Write {
            file: 0,
            at,
            bytes: vec![b'x'; length],
        }
    }

    fn text(image: &Image, path: &str) -> String {
        String::from_utf8_lossy(image.files.get(path).map_or(b"none", Vec::as_slice)).into_owned()
    }

    #[test]
    fn what_was_synced_stays_and_the_rest_may_go() {
        let mut disk = disk();
        disk.ask(write(0, 1));
        disk.synced(&Synced::File(0), 1);
        disk.ask(write(1, 1));
        assert_eq!(disk.at_stake(), [Some(1)]);
        assert!(text(&disk.after(&[Fate::Lost]), "a").starts_with("x."));
        assert!(text(&disk.with_everything(), "a").starts_with("xx."));
    }

    #[test]
    fn a_sync_covers_what_was_asked_before_it_began() {
        let mut disk = disk();
        disk.ask(write(0, 1));
        disk.ask(write(1, 1));
        disk.synced(&Synced::File(0), 1);
        assert!(text(&disk.after(&[Fate::Lost]), "a").starts_with("x."));
    }

    #[test]
    fn a_name_lasts_when_its_folder_is_synced_and_a_move_is_never_half_done() {
        let mut disk = disk();
        disk.ask(Act::Folder { path: "f".to_owned() });
        let (from, to, file) = ("a".to_owned(), "f/b".to_owned(), 0);
        disk.ask(Act::Move { from, to, file });
        let lost = disk.after(&[Fate::Lost, Fate::Lost]);
        assert!(lost.files.contains_key("a") && !lost.files.contains_key("f/b"));
        disk.synced(&Synced::Folder(String::new()), 2);
        let kept = disk.after(&[]);
        assert!(!kept.files.contains_key("a") && kept.files.contains_key("f/b"));
    }

    #[test]
    fn a_write_is_torn_between_sectors() {
        let mut disk = disk();
        disk.ask(write(SECTOR - 1, SECTOR + 2));
        let torn = |tear| text(&disk.after(&[Fate::Torn(tear)]), "a");
        let marks = |tear| [SECTOR - 1, SECTOR, 2 * SECTOR].map(|at| torn(tear).as_bytes()[at]);
        assert_eq!(marks(Tear::NotTheLast), *b"xx.");
        assert_eq!(marks(Tear::TheLast), *b"..x");
        assert_eq!(marks(Tear::EveryOther), *b".x.");
        assert_eq!(torn(Tear::Zeros).len(), 3 * SECTOR);
    }
}
