//! What becomes of one thing that was not synced.

use super::image::put_bytes;

/// A disk writes this much whole or not at all.
pub(super) const SECTOR: usize = 512;

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

    /// Writes that part of `bytes`.
    pub(super) fn write(self, contents: &mut Vec<u8>, at: usize, bytes: &[u8]) {
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
