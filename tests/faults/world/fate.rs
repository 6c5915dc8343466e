//! When the till dies, and who goes first: decided at each call that leaves the desk, so that a seed
//! decides them alone.

use rand::{Rng, SeedableRng, rngs::StdRng};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// The fate of a till.
pub(crate) struct Fate {
    inside: Mutex<Inside>,
    pub(super) died: Notify,
}

struct Inside {
    rng: StdRng,
    /// Doors until death.
    doors: Option<u32>,
    is_dead: bool,
    /// Others may get in between.
    is_crowded: bool,
}

impl Fate {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            inside: Mutex::new(Inside {
                rng: StdRng::seed_from_u64(!seed),
                doors: None,
                is_dead: false,
                is_crowded: false,
            }),
            died: Notify::new(),
        }
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The till dies at the door after so many; never with none.
    pub(super) fn die_after(&self, doors: Option<u32>) {
        let mut inside = self.inside();
        (inside.doors, inside.is_dead) = (doors, false);
    }

    /// Whether several things are done at once.
    pub(super) fn crowd(&self, is_crowded: bool) {
        self.inside().is_crowded = is_crowded;
    }

    /// Just before and just after each call to the ledger and to Dojo: a caller that passes may be overtaken
    /// here, or never come through.
    pub(super) async fn door(&self) {
        let (is_dead, turns) = {
            let mut inside = self.inside();
            if let Some(doors) = inside.doors.as_mut() {
                *doors = doors.saturating_sub(1);
                if *doors == 0 {
                    inside.is_dead = true;
                    inside.doors = None;
                    self.died.notify_one();
                }
            }
            let turns = if inside.is_crowded {
                inside.rng.random_range(0..3)
            } else {
                0
            };
            (inside.is_dead, turns)
        };
        if is_dead {
            return std::future::pending().await;
        }
        for _ in 0..turns {
            tokio::task::yield_now().await;
        }
    }
}
