//! Faults on order or by seed.

use rand::{Rng, SeedableRng, rngs::StdRng};
use serde::{Deserialize, Serialize};

/// Every fault by its name.
pub const FAULTS: &[&str] = &[
    "reset-before",
    "reset-after",
    "cut-answer",
    "stall",
    "stall-before",
    "slow-drip",
    "redirect",
    "html-400",
    "html-401",
    "html-409",
    "html-502",
    "429",
    "500-before",
    "500-after",
    "502-before",
    "502-after",
    "503-before",
    "503-after",
    "504-before",
    "504-after",
    "late",
    "twice",
    "stale-get",
    "captures-missing",
    "capture-declined-later",
    "capture-failed-later",
    "unknown-enum",
    "search-reordered",
    "search-repeated",
    "skewed-date",
    "400",
    "401",
    "403",
    "404",
    "409",
    "empty-200",
];

/// A fault that waits for its request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fault {
    /// The last part of the path, `payment-intents` for a create, `get`, `cancel`, or `any`.
    pub operation: String,
    /// One of [`FAULTS`].
    pub fault: String,
    /// For how many requests.
    #[serde(default = "once")]
    pub times: u32,
    /// Where to cut, in bytes of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub byte: Option<u64>,
    /// Seconds: how late, how skewed, how long until the capture is decided.
    /// For a slow drip, milliseconds before each byte.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay: Option<i64>,
}

fn once() -> u32 {
    1
}

/// Faults by seed: so many of a hundred requests meet one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Chaos {
    /// The same seed gives the same faults.
    pub seed: u64,
    /// Out of a hundred requests.
    pub percent: u8,
    /// Only these; empty means all.
    #[serde(default)]
    pub faults: Vec<String>,
}

/// The faults that wait.
#[derive(Debug, Default)]
pub(super) struct Faults {
    planned: Vec<Fault>,
    chaos: Option<(Chaos, StdRng)>,
    is_calm: bool,
}

impl Faults {
    pub(super) fn plan(&mut self, fault: Fault) {
        self.planned.push(fault);
    }

    pub(super) fn unleash(&mut self, chaos: Chaos) {
        let rng = StdRng::seed_from_u64(chaos.seed);
        self.chaos = Some((chaos, rng));
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    pub(super) fn calm(&mut self, is_calm: bool) {
        self.is_calm = is_calm;
    }

    pub(super) fn planned(&self) -> &[Fault] {
        &self.planned
    }

    /// The fault that this request meets, used up.
    pub(super) fn take(&mut self, operation: &str) -> Option<Fault> {
        if self.is_calm {
            return None;
        }
        let wanted = |fault: &Fault| {
            fault.operation == operation
                || fault.operation == "any"
                || (fault.operation == "create" && operation == "payment-intents")
        };
        if let Some(place) = self.planned.iter().position(wanted) {
            let fault = self.planned.get_mut(place)?;
            fault.times = fault.times.saturating_sub(1);
            let taken = fault.clone();
            if taken.times == 0 {
                self.planned.remove(place);
            }
            return Some(taken);
        }
        let (chaos, rng) = self.chaos.as_mut()?;
        if rng.random_range(0..100) >= chaos.percent {
            return None;
        }
        let name = if chaos.faults.is_empty() {
            FAULTS
                .get(rng.random_range(0..FAULTS.len()))
                .map(|name| (*name).to_owned())
        } else {
            chaos.faults.get(rng.random_range(0..chaos.faults.len())).cloned()
        };
        let byte = rng.random_bool(0.5).then(|| rng.random_range(0..400));
        let delay = Some(rng.random_range(1..600));
        Some(Fault {
            operation: operation.to_owned(),
            fault: name?,
            times: 1,
            byte,
            delay,
        })
    }
}
