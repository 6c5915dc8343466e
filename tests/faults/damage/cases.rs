//! What can happen to a file.

use super::judge::Expected;
use super::world::{Base, World};
use anyhow::{Context, Result};
use std::fs;
use std::path::Path;

type Harm = Box<dyn Fn(&Path) -> Result<()> + Send + Sync>;

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
const DRAWN: usize = 3;

/// Of a long file, such as a log, so many pages are enough for every change.
const PAGES: usize = 60;

/// SQLite's own page size.
const PAGE: usize = 4_096;

const DB: &str = "ledger.db";
const WAL: &str = "ledger.db-wal";

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

fn edit(path: &Path, change: impl FnOnce(&mut Vec<u8>)) -> Result<()> {
    let mut bytes = fs::read(path).with_context(|| path.display().to_string())?;
    change(&mut bytes);
    Ok(fs::write(path, bytes)?)
}

fn case(name: impl Into<String>, base: Base, expected: Expected, harm: Harm) -> Case {
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
        let offsets: Vec<usize> = if is_long {
            (0..size).collect()
        } else {
            (0..DRAWN).map(|_| dice.below(size)).collect()
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

/// Files that are missing, strange or from another time.
fn whole_files(world: &World) -> Result<Vec<Case>> {
    use Base::{Closed, Killed};
    use Expected::{Known, Refused, Safe};
    let (older, newest) = (world.older.clone(), world.newest.clone());
    let foreign_log = fs::read(world.base(Base::Foreign).join(WAL))?;
    let foreign_file = fs::read(world.base(Base::Foreign).join(DB))?;
    let wal = |bytes: Vec<u8>| -> Harm { Box::new(move |f| Ok(fs::write(f.join(WAL), &bytes)?)) };
    let db = |bytes: Vec<u8>| -> Harm { Box::new(move |f| Ok(fs::write(f.join(DB), &bytes)?)) };
    let by_hand = |name: String| -> Harm {
        Box::new(move |f| {
            fs::copy(f.join("backups").join(&name), f.join(DB))?;
            Ok(())
        })
    };
    let run = |harms: Vec<Harm>| -> Harm { Box::new(move |f| harms.iter().try_for_each(|harm| harm(f))) };
    let gone = |name: &'static str| -> Harm { Box::new(move |f| Ok(fs::remove_file(f.join(name))?)) };
    let spoilt = |name: String| -> Harm {
        Box::new(move |f| edit(&f.join("backups").join(&name), |bytes| bytes.truncate(PAGE * 3)))
    };
    let newer: Harm = Box::new(|f| {
        edit(&f.join(DB), |bytes| {
            bytes.splice(60..64, [0, 0, 0, 99]).for_each(drop)
        })
    });
    let another_program: Harm =
        Box::new(|f| edit(&f.join(DB), |bytes| bytes.splice(68..72, *b"Cats").for_each(drop)));
    let mut cases = vec![
        case("nothing happens", Closed, Safe, run(vec![])),
        case("killed, nothing else", Killed, Safe, run(vec![])),
        case("an empty file", Closed, Known, db(vec![])),
        case("an empty file, its log beside it", Killed, Known, db(vec![])),
        case(
            "garbage",
            Closed,
            Known,
            db(b"a shopping list, milk, bread ".repeat(999)),
        ),
        case("the file is gone", Closed, Known, gone(DB)),
        case("the file is gone, its log is there", Killed, Known, gone(DB)),
        case("a newer version", Closed, Refused, newer),
        case("another program's", Closed, Known, another_program),
        case("the log is gone", Killed, Known, gone(WAL)),
        case("the log is empty", Killed, Known, wal(vec![])),
        case("another ledger's log", Killed, Known, wal(foreign_log.clone())),
        case(
            "another ledger's log beside a whole file",
            Closed,
            Safe,
            wal(foreign_log),
        ),
        case("another ledger's file", Closed, Known, db(foreign_file)),
        case("garbage beside it", Closed, Safe, wal(b"not a log".repeat(999))),
        case(
            "a strange rollback journal",
            Closed,
            Known,
            Box::new(|f| Ok(fs::write(f.join("ledger.db-journal"), b"x".repeat(600))?)),
        ),
        case("an older backup by hand", Closed, Known, by_hand(older.clone())),
        case(
            "the newest backup by hand",
            Closed,
            Known,
            by_hand(newest.clone()),
        ),
        case(
            "an older backup by hand beside a log",
            Killed,
            Known,
            by_hand(older.clone()),
        ),
        case(
            "an older backup by hand, no mark",
            Closed,
            Known,
            run(vec![gone("ledger.mark"), by_hand(older.clone())]),
        ),
        case(
            "an older backup by hand, no mark, no other",
            Closed,
            Known,
            run(vec![
                gone("ledger.mark"),
                by_hand(older.clone()),
                Box::new(|f| Ok(fs::remove_dir_all(f.join("backups"))?)),
            ]),
        ),
        case(
            "the newest backup spoilt too",
            Closed,
            Known,
            run(vec![spoilt(newest.clone()), db(vec![])]),
        ),
        case(
            "every backup spoilt too",
            Closed,
            Refused,
            run(vec![spoilt(newest), spoilt(older), db(vec![])]),
        ),
        case(
            "no backup",
            Closed,
            Refused,
            run(vec![
                Box::new(|f| Ok(fs::remove_dir_all(f.join("backups"))?)),
                db(vec![]),
            ]),
        ),
        case(
            "the mark is garbage",
            Closed,
            Safe,
            Box::new(|f| Ok(fs::write(f.join("ledger.mark"), b"99999999999")?)),
        ),
    ];
    for case in &mut cases {
        case.is_deep = true;
    }
    Ok(cases)
}
