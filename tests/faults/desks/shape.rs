//! How far a venue goes, drawn from its seed, and what it came to.

use super::schedule::{Blow, Door, Planned};
use crate::Figures;
use chrono::TimeDelta;
use rand::{Rng, SeedableRng, rngs::StdRng};

/// How far a venue goes.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) tills: usize,
    pub(super) tabs: usize,
    /// How often staff come together on the tabs.
    pub(super) rounds: u32,
    /// What stops the tills.
    pub(super) blows: Vec<Planned>,
    /// The holds come to within two days of their end meanwhile, so that warnings are due.
    pub(super) is_near_end: bool,
    /// How far each till's clock is ahead, in seconds.
    pub(super) ahead: Vec<i64>,
    /// What goes wrong between the tills and Dojo.
    pub(super) troubles: Troubles,
}

/// What goes wrong between the tills and Dojo once the tabs are open; nothing in every other venue.
#[derive(Debug, Default)]
pub(super) struct Troubles {
    /// How many requests in a hundred meet a fault.
    pub(super) percent: u8,
    /// The till whose way is cut, after how many seconds and for how many.
    pub(super) cut: Option<(usize, i64, i64)>,
}

/// From a seed of their own, so that what else a seed draws stays what it was.
fn troubles(seed: u64, tills: usize) -> Troubles {
    let mut rng = StdRng::seed_from_u64(seed ^ u64::MAX);
    if seed.is_multiple_of(2) {
        return Troubles::default();
    }
    Troubles {
        percent: rng.random_range(0..30),
        cut: rng.random_bool(0.5).then(|| {
            let span = [5, 60, 300][rng.random_range(0..3)];
            (rng.random_range(0..tills), rng.random_range(0..120), span)
        }),
    }
}

/// What a venue came to.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) tills: u64,
    pub(super) pressed: u64,
    pub(super) decided: u64,
    pub(super) sent: u64,
    pub(super) stopped: u64,
}

impl Counts {
    pub(super) fn add(&mut self, other: &Self) {
        self.tills += other.tills;
        self.pressed += other.pressed;
        self.decided += other.decided;
        self.sent += other.sent;
        self.stopped += other.stopped;
    }

    pub(super) fn figures(&self, seeds: u64) -> Figures {
        vec![
            ("seeds", seeds),
            ("tills", self.tills),
            ("presses", self.pressed),
            ("decisions in the ledger", self.decided),
            ("requests that left", self.sent),
            ("tills that stood still or ended", self.stopped),
        ]
    }
}

/// Where a till may be stopped in the middle of a decision.
const DOORS: &[(&str, bool)] = &[
    ("GET", false),
    ("GET", true),
    ("intend", false),
    ("intend", true),
    ("POST", false),
    ("POST", true),
    ("record", false),
    ("record", true),
    ("end_run_row", false),
    ("end_run_row", true),
    ("begin_run", true),
    ("add_line", false),
    ("move_bill", false),
    ("set_closed", false),
];

pub(super) fn draw(seed: u64, rng: &mut StdRng) -> Shape {
    let tills = rng.random_range(2..=5);
    let is_near_end = rng.random_bool(0.15);
    let mut blows = Vec::new();
    for _ in 0..rng.random_range(0..4) {
        let (call, is_after) = DOORS[rng.random_range(0..DOORS.len())];
        let spans: &[i64] = if is_near_end {
            &[1, 11]
        } else {
            &[1, 11, 180, 3_600]
        };
        let span = TimeDelta::seconds(spans[rng.random_range(0..spans.len())]);
        let blow = match rng.random_range(0..5) {
            0 => Blow::Die,
            1 | 2 => Blow::Sleep(span),
            _ => Blow::Stop(span),
        };
        blows.push(Planned {
            till: rng.random_range(0..tills),
            door: rng.random_bool(0.85).then_some(Door { call, is_after }),
            times: rng.random_range(1..6),
            blow,
        });
    }
    let ahead = (0..tills).map(|_| match rng.random_range(0..8) {
        0 => rng.random_range(-3_600..=3_600),
        1 => rng.random_range(-60..=60),
        _ => 0,
    });
    Shape {
        ahead: ahead.collect(),
        troubles: troubles(seed, tills),
        tills,
        is_near_end,
        tabs: rng.random_range(1..=3),
        rounds: rng.random_range(2..8),
        blows,
    }
}
