//! Files and folders, and what is done to them.

use super::{
    act::{Act, FileId, is_only_memory, parent},
    fate::Fate,
};
use anyhow::{Context, Result};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

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

    pub(super) fn suffer(&mut self, act: &Act, fate: Fate) {
        match (act, fate) {
            (act, Fate::Kept) => self.apply(act),
            (Act::Write { file, at, bytes }, Fate::Torn(tear)) => {
                tear.write(self.contents.entry(*file).or_default(), *at, bytes);
            }
            (_, Fate::Lost | Fate::Torn(_)) => {}
        }
    }

    /// What can be reached by a path of folders that are all there.
    pub(super) fn image(&self) -> Image {
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

/// Writes, and makes the file longer if it has to be.
pub(super) fn put_bytes(contents: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    let end = at + bytes.len();
    if contents.len() < end {
        contents.resize(end, 0);
    }
    contents[at..end].copy_from_slice(bytes);
}
