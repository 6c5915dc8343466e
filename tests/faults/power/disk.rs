//! A disk that a power cut leaves behind: what was synced is on it, and of the rest whatever one likes.

use super::{
    act::{Act, FileId, Synced},
    fate::Fate,
    image::{Image, State},
};
use std::collections::HashSet;

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
    use super::super::fate::{SECTOR, Tear};
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
