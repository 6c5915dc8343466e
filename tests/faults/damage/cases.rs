//! What can happen to a file.

use super::judge::Expected;
use super::whole::whole_files;
use super::world::{Base, World};
use anyhow::{Context, Result};
use std::fs;
use std::path::Path;

pub(super) type Harm = Box<dyn Fn(&Path) -> Result<()> + Send + Sync>;

/// One way to come to harm.
pub(super) struct Case {
    pub(super) name: String,
    pub(super) base: Base,
    pub(super) harm: Harm,
    pub(super) expected: Expected,
    /// Always held against Dojo's record.
    pub(super) is_deep: bool,
}

/// Offsets drawn in each page for every change; the long run takes them all.
const DRAWN: usize = 2;

/// A log's frames carry SQLite's own checksums; the long run draws this many in each.
const DRAWN_LONG: usize = 16;

/// So many bytes at the beginning say how to read the rest.
const HEAD: usize = 100;

/// Of a long file, such as a log, so many pages are enough for every change.
const PAGES: usize = 30;

/// SQLite's own page size.
pub(super) const PAGE: usize = 4_096;

pub(super) const DB: &str = "ledger.db";
pub(super) const WAL: &str = "ledger.db-wal";

/// SplitMix64: small, and the same everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.roll() % end.max(1) as u64).unwrap_or(0)
    }

    /// A change of one byte that does change it.
    fn mask(&mut self) -> u8 {
        u8::try_from(self.roll() % 255).unwrap_or(0) + 1
    }
}

pub(super) fn edit(path: &Path, change: impl FnOnce(&mut Vec<u8>)) -> Result<()> {
    let mut bytes = fs::read(path).with_context(|| path.display().to_string())?;
    change(&mut bytes);
    Ok(fs::write(path, bytes)?)
}

pub(super) fn case(name: impl Into<String>, base: Base, expected: Expected, harm: Harm) -> Case {
    Case {
        name: name.into(),
        base,
        harm,
        expected,
        is_deep: false,
    }
}

/// All of them.
pub(super) fn all(world: &World, seed: u64, is_long: bool) -> Result<Vec<Case>> {
    let mut dice = Dice(seed);
    let mut cases = whole_files(world)?;
    for base in [Base::Closed, Base::Killed] {
        cases.extend(flips(&world.base(base), base, DB, is_long, &mut dice)?);
        cases.extend(cuts(&world.base(base), base, DB, PAGE, is_long)?);
    }
    cases.extend(flips(
        &world.base(Base::Killed),
        Base::Killed,
        WAL,
        is_long,
        &mut dice,
    )?);
    // A frame of the log is a page and its head of 24 bytes; the log's own head has 32.
    cases.extend(cuts(
        &world.base(Base::Killed),
        Base::Killed,
        WAL,
        PAGE + 24,
        is_long,
    )?);
    Ok(cases)
}

/// Every page of a short file and in the long run; else so far apart that [`PAGES`] are met.
fn stride(pages: usize, is_long: bool) -> usize {
    if is_long { 1 } else { pages.div_ceil(PAGES).max(1) }
}

fn flips(folder: &Path, base: Base, file: &'static str, is_long: bool, dice: &mut Dice) -> Result<Vec<Case>> {
    let length = fs::read(folder.join(file))?.len();
    let mut cases = Vec::new();
    for page in (0..length.div_ceil(PAGE)).step_by(stride(length.div_ceil(PAGE), is_long)) {
        let size = PAGE.min(length - page * PAGE);
        let drawn = if is_long { DRAWN_LONG } else { DRAWN };
        let offsets: Vec<usize> = if file == DB && is_long {
            (0..size).collect()
        } else if file == DB && page == 0 && matches!(base, Base::Closed) {
            // The file's own head: every byte means something else.
            (0..HEAD).collect()
        } else {
            (0..drawn).map(|_| dice.below(size)).collect()
        };
        for offset in offsets {
            let (at, mask) = (page * PAGE + offset, dice.mask());
            // The format's number: a turned bit there looks like a newer Holdfast.
            let expected = if file == DB && (60..64).contains(&at) {
                Expected::SafeOrNewer
            } else {
                Expected::Safe
            };
            cases.push(case(
                format!("{base:?}: byte {at} of {file} xor {mask}"),
                base,
                expected,
                Box::new(move |folder| {
                    edit(&folder.join(file), |bytes| {
                        if let Some(byte) = bytes.get_mut(at) {
                            *byte ^= mask;
                        }
                    })
                }),
            ));
        }
    }
    Ok(cases)
}

/// The file ends at, just before and just after every boundary of pages.
fn cuts(folder: &Path, base: Base, file: &'static str, page: usize, is_long: bool) -> Result<Vec<Case>> {
    let length = fs::read(folder.join(file))?.len();
    let step = page * stride(length.div_ceil(page), is_long);
    let ends = (0..length)
        .step_by(step)
        .flat_map(|end| [end.saturating_sub(1), end, end + 1])
        .filter(move |end| *end < length);
    Ok(ends
        .map(|end| {
            case(
                format!("{base:?}: {file} cut to {end} bytes"),
                base,
                Expected::Safe,
                Box::new(move |folder| edit(&folder.join(file), |bytes| bytes.truncate(end))),
            )
        })
        .collect())
}
