//! What a program asks of a disk.

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
    pub(super) const fn contents_of(&self) -> Option<FileId> {
        match self {
            Self::Write { file, .. } | Self::Cut { file, .. } => Some(*file),
            Self::Name { .. } | Self::Move { .. } | Self::Unname { .. } | Self::Folder { .. } => None,
        }
    }

    /// Whether syncing `folder` makes it last.
    pub(super) fn is_in(&self, folder: &str) -> bool {
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

/// The index of a write-ahead log is shared memory that has a file's name. It is made again.
pub(super) fn is_only_memory(path: &str) -> bool {
    path.ends_with("-shm")
}
