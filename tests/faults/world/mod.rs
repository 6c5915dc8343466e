//! A world by seed: the real desk on a real ledger file, the simulator's engine, a clock of its own, and
//! whatever can go wrong, with an oracle after every step.

mod books;
pub(crate) mod clock;
mod deeds;
pub(crate) mod fate;
mod kept;
pub(crate) mod line;
pub(crate) mod mortal;
mod oracle;
pub(crate) mod sheets;
mod steps;
pub(crate) mod switches;

use crate::{Figures, Options};
use anyhow::{Context, Result, anyhow, ensure};
use books::Bills;
use chrono::TimeDelta;
use clock::WorldClock;
use fate::Fate;
use holdfast_desk::Desk;
use holdfast_dojo::{ApiKey, Client};
use holdfast_domain::{HoldId, TabId};
use holdfast_ledger_sqlite::SqliteLedger;
use holdfast_simulator::engine::{Chaos, Engine};
use line::Line;
use mortal::{Lonely, Mortal};
use oracle::Consents;
use rand::{Rng, SeedableRng, rngs::StdRng};
use sheets::Sheet;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

/// Steps of a seed.
const STEPS: u32 = 200;

/// After so many steps the oracle looks at everything, otherwise at what may have changed.
const EVERYTHING: u32 = 25;

/// Seeds for every change, and for the long run.
const SEEDS: u64 = 600;
const MANY_SEEDS: u64 = 1_000_000;

/// How long the long run lasts at most.
const LONG_RUN: Duration = Duration::from_secs(30 * 60);

/// After so many failures enough is known.
const MOST_FAILURES: usize = 8;

/// One seed of so many has its ledger on a disk, the others in memory: what a disk may do is attacked
/// elsewhere, and its speed is not attacked at all.
const DISK: u64 = 100;

/// What is looked for in the ledger's files: it must not be there.
const KEY: &str = "sk_sandbox_invented_for_a_world";

/// A till that is switched on.
struct Till {
    desk: Arc<Desk>,
    ledger: Arc<SqliteLedger>,
    /// What it does besides dies with it.
    runtime: Runtime,
}

/// One world.
struct World {
    rng: StdRng,
    clock: Arc<WorldClock>,
    fate: Arc<Fate>,
    line: Arc<Line>,
    folder: PathBuf,
    /// None only while the till is down.
    till: Option<Till>,
    touched: Arc<Mutex<BTreeSet<HoldId>>>,
    tabs: Vec<TabId>,
    /// What all bills came to before a part of one was moved: looked at after the step.
    bills: Option<Bills>,
    /// Holds that Dojo has not confirmed.
    unconfirmed: Vec<HoldId>,
    notes: oracle::Notes,
    /// Sheets that are open, oldest first.
    sheets: Vec<Sheet>,
    consents: Consents,
}

impl World {
    fn new(seed: u64, folder: &Path) -> Result<Self> {
        let mut rng = StdRng::seed_from_u64(seed);
        let switches = switches::draw(&mut rng);
        let clock = Arc::new(WorldClock::new());
        let fate = Arc::new(Fate::new(seed));
        let mut engine = Engine::new(seed, clock.truth(), "http://127.0.0.1:1");
        engine.unleash(Chaos {
            seed,
            percent: rng.random_range(0..40),
            faults: switches::faults(),
        });
        engine.set_switches(switches);
        let line = Arc::new(Line::new(engine, Arc::clone(&clock), Arc::clone(&fate)));
        let mut world = Self {
            rng,
            clock,
            fate,
            line,
            folder: folder.to_owned(),
            till: None,
            touched: Arc::default(),
            tabs: Vec::new(),
            bills: None,
            unconfirmed: Vec::new(),
            notes: oracle::Notes::default(),
            sheets: Vec::new(),
            consents: Consents::default(),
        };
        world.start()?;
        Ok(world)
    }

    /// Starts the till, on whatever it left behind.
    fn start(&mut self) -> Result<()> {
        self.till = None;
        self.fate.die_after(None);
        let ledger = Arc::new(SqliteLedger::open(&self.folder)?);
        let client = Client::new(self.line.clone(), ApiKey::parse(KEY)?);
        let gate = Lonely {
            fate: Arc::clone(&self.fate),
            touched: Arc::clone(&self.touched),
        };
        let mortal = Mortal {
            ledger: Arc::clone(&ledger),
            gate: Arc::new(gate),
        };
        let desk = Arc::new(Desk::new(Arc::new(mortal), client, self.clock.clone()));
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        self.till = Some(Till {
            desk,
            ledger,
            runtime,
        });
        Ok(())
    }

    fn till(&self) -> Result<&Till> {
        self.till.as_ref().context("the till is down")
    }

    /// Time passes, for Dojo too.
    fn wait(&self, span: TimeDelta) {
        self.clock.advance(span);
        self.line.catch_up();
    }
}

/// Runs the suite.
pub(crate) fn run(options: &Options) -> Result<Figures> {
    let (first, most) = match (&options.seed, options.long) {
        (Some(seeds), _) => (seeds.start, seeds.end),
        (None, true) => (0, MANY_SEEDS),
        (None, false) => (0, SEEDS),
    };
    if options.is_whole() {
        for seed in kept::SEEDS {
            one(*seed).with_context(|| format!("the kept seed {seed} fails again"))?;
        }
    }
    let (next, begun, failed) = (AtomicU64::new(first), Instant::now(), Mutex::new(Vec::new()));
    let is_enough = || failed.lock().is_ok_and(|all| all.len() >= MOST_FAILURES);
    let work = || {
        while !is_enough() && (!options.long || begun.elapsed() < LONG_RUN) {
            let seed = next.fetch_add(1, Ordering::SeqCst);
            if seed >= most {
                break;
            }
            if seed > first && seed.is_multiple_of(100) {
                println!("world: {} seeds, {} s", seed - first, begun.elapsed().as_secs());
            }
            if let (Err(error), Ok(mut all)) = (one(seed), failed.lock()) {
                println!("world: seed {seed}: {error:#}\n    with {}", switches::of(seed));
                all.push(seed);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, std::num::NonZero::get) {
            scope.spawn(work);
        }
    });
    let failed = failed
        .into_inner()
        .map_err(|_| anyhow!("a thread came to a bad end"))?;
    ensure!(
        failed.is_empty(),
        "seeds {failed:?}; again with: cargo xtask faults --suite world --seed N"
    );
    let seeds = next.load(Ordering::SeqCst).min(most).saturating_sub(first);
    let rate = seeds.checked_div(begun.elapsed().as_secs().max(1)).unwrap_or(0);
    Ok(vec![
        ("seeds", seeds),
        ("steps", seeds.saturating_mul(u64::from(STEPS))),
        ("seeds a second", rate),
    ])
}

/// Where a seed's ledger lies.
pub(crate) fn shelf(seed: u64) -> Result<tempfile::TempDir> {
    let memory = Path::new("/dev/shm");
    Ok(if memory.is_dir() && !seed.is_multiple_of(DISK) {
        tempfile::tempdir_in(memory)?
    } else {
        tempfile::tempdir()?
    })
}

fn one(seed: u64) -> Result<()> {
    let folder = shelf(seed)?;
    let mut world = World::new(seed, &folder.path().join("till"))?;
    for number in 0..STEPS {
        let step = steps::draw(&mut world);
        let words = format!("after step {number}: {}", step.words);
        // What nothing happened to is looked at now and then.
        let look = if number % EVERYTHING == EVERYTHING - 1 {
            oracle::everything
        } else {
            oracle::changed
        };
        steps::take(&mut world, step)
            .and_then(|()| look(&mut world))
            .context(words)?;
    }
    steps::calm_down(&mut world)?;
    oracle::end(&mut world).context("when all was quiet again")?;
    world.till = None;
    oracle::secrets::files(&world.folder)
}
