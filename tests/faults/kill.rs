//! The process is killed at every call it makes to the system, and the till is started again.

use crate::{
    Figures, Options,
    hurt::{self, Blow, Point},
    ordeal::{DEEDS, Deed, Ordeal},
};
use anyhow::{Context, Result};

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

/// How many points of each deed are enough for every change.
const SHORT: [usize; 5] = [100, 24, 24, 24, 10];

/// How many points of a command, and of the sweep after it, are paired in the long run.
const PAIRED: (usize, usize) = (20, 12);

pub(crate) fn run(options: &Options) -> Result<Figures> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let (mut points, mut tried, mut kills) = (0_u64, 0_u64, 0_u64);
        for (deed, short) in DEEDS.into_iter().zip(SHORT) {
            let all = every_point(deed).await?;
            points += u64::try_from(all.len())?;
            let most = if options.long { usize::MAX } else { short };
            for point in spread(&all, most) {
                let name = format!("{}:{}:{}", deed.name, point.call, point.nth);
                if options.wants(&name) {
                    let hit = once(deed, point)
                        .await
                        .with_context(|| crate::replay("kill", &name))?;
                    tried += 1;
                    kills += u64::from(hit);
                }
            }
        }
        anyhow::ensure!(
            kills * 10 >= tried * 8,
            "only {kills} of {tried} blows fell: nothing was shown"
        );
        let pairs = if options.long { pairs(options).await? } else { 0 };
        Ok(vec![
            ("points at which a command can die", points),
            ("killed and started again", kills),
            ("killed again while it looked at Dojo's record", pairs),
        ])
    })
}

/// At most so many of all, evenly from first to last.
pub(crate) fn spread<T>(all: &[T], most: usize) -> impl Iterator<Item = &T> {
    let step = all.len().div_ceil(most.max(1)).max(1);
    all.iter().step_by(step)
}

async fn every_point(deed: Deed) -> Result<Vec<Point>> {
    let ran = Ordeal::prepare(deed).await?.suffer(&CALLS, None).await?;
    anyhow::ensure!(
        ran.output.status.success(),
        "{} fails unhurt: {}",
        deed.name,
        ran.words()
    );
    Ok(hurt::points(&ran.trace, &CALLS))
}

async fn once(deed: Deed, point: &Point) -> Result<bool> {
    let ordeal = Ordeal::prepare(deed).await?;
    let ran = ordeal.suffer(&CALLS, Some((point, Blow::Kill))).await?;
    ordeal.judge().await.with_context(|| ran.words())?;
    Ok(ran.was_hit)
}

/// Killed, and killed again in the sweep that follows.
async fn pairs(options: &Options) -> Result<u64> {
    let mut kills = 0;
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
                    let hit = twice(deed, first, second).await;
                    kills += u64::from(hit.with_context(|| crate::replay("kill", &name))?);
                }
            }
        }
    }
    Ok(kills)
}

async fn twice(deed: Deed, first: &Point, second: &Point) -> Result<bool> {
    let ordeal = Ordeal::prepare(deed).await?;
    ordeal.suffer(&CALLS, Some((first, Blow::Kill))).await?;
    let ran = ordeal.sweep(&CALLS, Some((second, Blow::Kill))).await?;
    ordeal.judge().await.with_context(|| ran.words())?;
    Ok(ran.was_hit)
}
