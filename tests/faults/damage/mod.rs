//! Damaged files: whatever happens to the bytes of a ledger, no wrong amount is ever shown, nothing
//! is lost that was there, and staff are told.

mod at_once;
mod cases;
mod judge;
mod whole;
mod world;

use crate::{Figures, Options};
use anyhow::{Context, Result};
use cases::Case;
use judge::Verdict;
use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicUsize, Ordering},
};
use world::World;
pub(crate) use world::said;

/// After one in so many restores of the same kind, Dojo is asked and the answer held against it.
const DEEP: usize = 24;

pub(crate) fn run(options: &Options) -> Result<Figures> {
    let seed = options.seed_or(20_260_302);
    let runtime = tokio::runtime::Runtime::new()?;
    let world = runtime.block_on(World::make())?;
    let cases = cases::all(&world, seed, options.long)?;
    let (next, verdicts) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| -> Result<()> {
        let work = || -> Result<()> {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let Some(case) = cases.get(number) else {
                    return Ok(());
                };
                let is_deep = case.is_deep || number.is_multiple_of(DEEP);
                let verdict = runtime
                    .block_on(judged(&world, case, is_deep))
                    .inspect_err(|_| next.store(usize::MAX / 2, Ordering::Relaxed))
                    .with_context(|| format!("seed {seed}: {}", case.name))?;
                let mut verdicts = verdicts.lock().unwrap_or_else(PoisonError::into_inner);
                verdicts.push(verdict);
            }
        };
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        for thread in threads {
            thread
                .join()
                .map_err(|_| anyhow::anyhow!("seed {seed}: a case came to a bad end"))??;
        }
        Ok(())
    })?;
    runtime.block_on(world.nothing_was_sent())?;
    let verdicts = verdicts.into_inner().unwrap_or_else(PoisonError::into_inner);
    let count = |wanted: &[Verdict]| verdicts.iter().filter(|(v, _)| wanted.contains(v)).count() as u64;
    Ok(vec![
        ("files damaged", verdicts.len() as u64),
        ("harmless, every figure the same", count(&[Verdict::Harmless])),
        (
            "set aside and restored",
            count(&[Verdict::Restored, Verdict::Deep]),
        ),
        ("held against Dojo afterwards", count(&[Verdict::Deep])),
        ("refused untouched", count(&[Verdict::Refused])),
        (
            "found by the check behind an open window",
            verdicts.iter().filter(|(_, found_late)| *found_late).count() as u64,
        ),
    ])
}

async fn judged(world: &World, case: &Case, is_deep: bool) -> Result<(Verdict, bool)> {
    let folder = tempfile::tempdir()?;
    world::copy(&world.base(case.base), folder.path())?;
    (case.harm)(folder.path())?;
    let same = tempfile::tempdir()?;
    world::copy(folder.path(), same.path())?;
    let verdict = judge::judge(world, folder.path(), case.expected, is_deep).await?;
    let found_late = at_once::judge(world, same.path(), verdict)
        .await
        .context("opened at once")?;
    Ok((verdict, found_late))
}
