//! The process is killed at every call it makes to the system, and the till is started again.

use crate::{
    Figures, Options,
    deeds::{DEEDS, Deed},
    hurt::{self, Blow, Point},
    ordeal::Ordeal,
    side_by_side::side_by_side,
};
use anyhow::{Context, Result, ensure};

/// Whatever writes, syncs or talks. What only reads leaves nothing behind to be judged.
pub(crate) const CALLS: [&str; 13] = [
    "pwrite64",
    "fsync",
    "fdatasync",
    "ftruncate",
    "unlink",
    "rename",
    "write",
    "connect",
    "writev",
    "sendto",
    "sendmsg",
    "recvfrom",
    "shutdown",
];

/// How many points of a command, and of the sweep after it, are paired in the long run.
const PAIRED: (usize, usize) = (20, 12);

pub(crate) fn run(options: &Options) -> Result<Figures> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let (mut points, mut cases) = (0_u64, Vec::new());
        for deed in DEEDS {
            let all = every_point(deed).await?;
            points += u64::try_from(all.len())?;
            // The deed that moves money is killed everywhere, for every change; the others at every second point.
            let step = if options.long || deed.name == "take" { 1 } else { 2 };
            for point in all.iter().step_by(step) {
                let name = format!("{}:{}:{}", deed.name, point.call, point.nth);
                if options.wants(&name) {
                    cases.push((name, once(deed, point.clone())));
                }
            }
        }
        let tried = cases.len();
        let kills = count(side_by_side("kill", cases).await?, tried)?;
        let pairs = if options.long { pairs(options).await? } else { 0 };
        Ok(vec![
            ("points at which a command can die", points),
            ("killed and started again", kills),
            ("killed again while it looked at Dojo's record", pairs),
        ])
    })
}

/// How many blows fell. A suite whose blows miss shows nothing.
pub(crate) fn count(hits: Vec<bool>, tried: usize) -> Result<u64> {
    let fell = hits.into_iter().filter(|hit| *hit).count();
    ensure!(fell * 10 >= tried * 7, "only {fell} of {tried} blows fell");
    Ok(u64::try_from(fell)?)
}

/// At most so many of all, evenly from first to last.
pub(crate) fn spread<T>(all: &[T], most: usize) -> impl Iterator<Item = &T> {
    let step = all.len().div_ceil(most.max(1)).max(1);
    all.iter().step_by(step)
}

async fn every_point(deed: Deed) -> Result<Vec<Point>> {
    let ran = Ordeal::prepare(deed).await?.suffer(&CALLS, None).await?;
    ensure!(
        ran.output.status.success(),
        "{} fails unhurt: {}",
        deed.name,
        ran.words()
    );
    Ok(hurt::points(&ran.trace, &CALLS))
}

async fn once(deed: Deed, point: Point) -> Result<bool> {
    let ordeal = Ordeal::prepare(deed).await?;
    let ran = ordeal.suffer(&CALLS, Some((&point, Blow::Kill))).await?;
    ordeal.judge().await.with_context(|| ran.words())?;
    Ok(ran.was_hit)
}

/// Killed, and killed again in the sweep that follows.
async fn pairs(options: &Options) -> Result<u64> {
    let mut cases = Vec::new();
    for deed in DEEDS {
        let all = every_point(deed).await?;
        for first in spread(&all, PAIRED.0) {
            let begun = Ordeal::prepare(deed).await?;
            begun.suffer(&CALLS, Some((first, Blow::Kill))).await?;
            let sweep = begun.sweep(&CALLS, None).await?;
            for second in spread(&hurt::points(&sweep.trace, &CALLS), PAIRED.1) {
                let name = format!(
                    "{}:{}:{}:{}:{}",
                    deed.name, first.call, first.nth, second.call, second.nth
                );
                if options.wants(&name) {
                    cases.push((name, twice(deed, first.clone(), second.clone())));
                }
            }
        }
    }
    let tried = cases.len();
    count(side_by_side("kill", cases).await?, tried)
}

async fn twice(deed: Deed, first: Point, second: Point) -> Result<bool> {
    let ordeal = Ordeal::prepare(deed).await?;
    ordeal.suffer(&CALLS, Some((&first, Blow::Kill))).await?;
    let ran = ordeal.sweep(&CALLS, Some((&second, Blow::Kill))).await?;
    ordeal.judge().await.with_context(|| ran.words())?;
    Ok(ran.was_hit)
}
