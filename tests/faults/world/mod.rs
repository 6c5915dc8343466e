//! A world by seed: the real desk on a real ledger file, the simulator's engine, a clock of its own, and
//! whatever can go wrong, with an oracle after every step.

mod books;
pub(crate) mod clock;
mod kept;
pub(crate) mod line;
mod oracle;
mod steps;

use crate::{Figures, Options};
use anyhow::{Context, Result, anyhow};
use clock::WorldClock;
use holdfast_desk::{Clock, Desk};
use holdfast_dojo::{ApiKey, Client};
use holdfast_domain::{Hold, HoldId, Operation, TabId};
use holdfast_ledger::{Ledger, sqlite::SqliteLedger};
use holdfast_simulator::engine::{Chaos, Engine, FAULTS, Intent};
use line::Line;
use rand::{Rng, SeedableRng, rngs::StdRng};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Steps of a seed.
const STEPS: u32 = 200;

/// Seeds for every change, and for the long run.
const SEEDS: u64 = 300;
const MANY_SEEDS: u64 = 1_000_000;

/// The long run ends then in any case.
const LONG: Duration = Duration::from_secs(30 * 60);

/// What is looked for in the ledger's files: it must not be there.
const KEY: &str = "sk_sandbox_invented_for_a_world";

/// One world.
struct World {
    rng: StdRng,
    clock: Arc<WorldClock>,
    line: Arc<Line>,
    folder: PathBuf,
    /// None only while the till is down.
    till: Option<(Arc<Desk>, Arc<SqliteLedger>)>,
    tabs: Vec<TabId>,
    /// Captures that were made elsewhere, by intent.
    elsewhere: Vec<String>,
}

impl World {
    fn new(seed: u64, folder: &Path) -> Result<Self> {
        let mut rng = StdRng::seed_from_u64(seed);
        let clock = Arc::new(WorldClock::new());
        let mut engine = Engine::new(seed, clock.now(), "http://127.0.0.1:1");
        engine.unleash(Chaos {
            seed,
            percent: rng.random_range(0..40),
            faults: faults(),
        });
        let line = Arc::new(Line::new(engine, Arc::clone(&clock)));
        let mut world = Self {
            rng,
            clock,
            line,
            folder: folder.to_owned(),
            till: None,
            tabs: Vec::new(),
            elsewhere: Vec::new(),
        };
        world.start()?;
        Ok(world)
    }

    /// Starts the till, on whatever it left behind.
    fn start(&mut self) -> Result<()> {
        self.till = None;
        let ledger = Arc::new(SqliteLedger::open(&self.folder)?);
        let client = Client::new(self.line.clone(), ApiKey::parse(KEY)?);
        let desk = Desk::new(ledger.clone(), client, self.clock.clone());
        self.till = Some((Arc::new(desk), ledger));
        Ok(())
    }

    fn desk(&self) -> Result<Arc<Desk>> {
        self.till
            .as_ref()
            .map(|(desk, _)| Arc::clone(desk))
            .context("the till is down")
    }

    fn ledger(&self) -> Result<&SqliteLedger> {
        self.till
            .as_ref()
            .map(|(_, ledger)| ledger.as_ref())
            .context("the till is down")
    }

    /// Every hold with its operations, or one, from the ledger.
    async fn holds(&self, about: Option<HoldId>) -> Result<Vec<(Hold, Vec<Operation>)>> {
        let ledger = self.ledger()?;
        let mut all = Vec::new();
        if let Some(id) = about {
            all.push((ledger.hold(id).await?, ledger.operations(id).await?));
            return Ok(all);
        }
        for open in [true, false] {
            for tab in ledger.tabs(open, 10_000).await? {
                for hold in ledger.holds(tab.id).await? {
                    let operations = ledger.operations(hold.id).await?;
                    all.push((hold, operations));
                }
            }
        }
        Ok(all)
    }

    /// The truth about a hold. A request that the way doubled made two: the till knows one, and nobody
    /// has the other one's link.
    fn intent(&self, hold: &Hold) -> Option<Intent> {
        let engine = self.line.engine.lock().ok()?;
        match &hold.intent_id {
            Some(id) => engine.intent(id).cloned(),
            None => engine.intents().find(|i| i.reference == hold.reference).cloned(),
        }
    }

    /// Captures that no decision here led to: made elsewhere, at the deadline, or doubled on the way.
    fn strange_captures(&self, intent: &Intent) -> usize {
        let elsewhere = self.elsewhere.iter().filter(|id| **id == intent.id).count();
        let doubled = self.line.engine.lock().map_or(0, |engine| {
            let path = format!("/payment-intents/{}/captures", intent.id);
            let is_doubled = |fault: &Option<String>| {
                fault.as_deref() == Some("twice") || fault.as_deref() == Some("late")
            };
            engine
                .requests()
                .iter()
                .filter(|r| r.path == path && is_doubled(&r.fault))
                .count()
        });
        // At the deadline Dojo takes the rest in one capture.
        elsewhere.saturating_add(doubled).saturating_add(1)
    }
}

/// All faults, but those of the HTTP layer alone.
fn faults() -> Vec<String> {
    FAULTS.iter().map(|name| (*name).to_owned()).collect()
}

/// Runs the suite.
pub(crate) fn run(options: &Options) -> Result<Figures> {
    if let Some(seed) = options.seed {
        one(seed)?;
        return Ok(vec![("seeds", 1)]);
    }
    for seed in kept::SEEDS {
        one(*seed).with_context(|| format!("the kept seed {seed} fails again"))?;
    }
    let most = if options.long { MANY_SEEDS } else { SEEDS };
    let (next, begun, stop) = (AtomicU64::new(0), Instant::now(), AtomicBool::new(false));
    let failures = std::thread::scope(|scope| {
        let work = || {
            while !stop.load(Ordering::SeqCst) && (!options.long || begun.elapsed() < LONG) {
                let seed = next.fetch_add(1, Ordering::SeqCst);
                if seed >= most {
                    break;
                }
                if let Err(error) = one(seed) {
                    stop.store(true, Ordering::SeqCst);
                    return Err(error.context(format!(
                        "seed {seed}; again with: cargo run -p holdfast-tests --bin faults -- --suite world --seed {seed}"
                    )));
                }
            }
            Ok(())
        };
        let threads = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let all: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        all.into_iter()
            .filter_map(|thread| {
                thread
                    .join()
                    .unwrap_or_else(|_| Err(anyhow!("a thread came to a bad end")))
                    .err()
            })
            .collect::<Vec<_>>()
    });
    if let Some(first) = failures.into_iter().next() {
        return Err(first);
    }
    let seeds = next.load(Ordering::SeqCst).min(most);
    let rate = seeds.checked_div(begun.elapsed().as_secs().max(1)).unwrap_or(0);
    Ok(vec![
        ("seeds", seeds),
        ("steps", seeds.saturating_mul(u64::from(STEPS))),
        ("seeds a second", rate),
    ])
}

/// Memory where there is some, for a disk's speed is not what is attacked here.
fn shelf() -> Result<tempfile::TempDir> {
    let memory = Path::new("/dev/shm");
    Ok(if memory.is_dir() {
        tempfile::tempdir_in(memory)?
    } else {
        tempfile::tempdir()?
    })
}

fn one(seed: u64) -> Result<()> {
    let folder = shelf()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut world = World::new(seed, &folder.path().join("till"))?;
        for number in 0..STEPS {
            let step = steps::draw(&mut world);
            let done = steps::take(&mut world, &step).await;
            // What a step is not about is looked at now and then.
            let about = step.about().filter(|_| number % 10 != 0);
            done.and(oracle::step(&world, about).await)
                .with_context(|| format!("after step {number}: {step:?}"))?;
            if number % 10 == 0 {
                books::add_up(&world)
                    .await
                    .with_context(|| format!("the books, after step {number}: {step:?}"))?;
            }
        }
        steps::calm_down(&mut world).await?;
        oracle::end(&world).await.context("when all was quiet again")?;
        books::add_up(&world)
            .await
            .context("the books, when all was quiet again")?;
        world.till = None;
        for file in std::fs::read_dir(&world.folder)? {
            let path = file?.path();
            let is_there = path.is_file()
                && std::fs::read(&path)?
                    .windows(KEY.len())
                    .any(|bytes| bytes == KEY.as_bytes());
            anyhow::ensure!(!is_there, "the key is in {}", path.display());
        }
        Ok(())
    })
}
