//! Files that are missing, strange or from another time.

use super::cases::{Case, DB, Harm, PAGE, WAL, case, edit};
use super::judge::Expected;
use super::world::{Base, World};
use anyhow::Result;
use std::fs;

/// Each of them held against Dojo's record.
pub(super) fn whole_files(world: &World) -> Result<Vec<Case>> {
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
    let guard: Harm = Box::new(|f| {
        edit(&f.join(DB), |bytes| {
            // Wherever a page that moved has left it behind, too.
            let rule = b"NEW.tip > authorised";
            while let Some(at) = bytes.windows(rule.len()).position(|w| w == rule) {
                bytes[at + 8] = b'<';
            }
        })
    });
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
        case("a guard that lets too much through", Closed, Known, guard),
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
