//! Faults on order or by seed.

use chrono::TimeDelta;
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde::{Deserialize, Serialize};

/// The faults that chaos draws from unless it names others.
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

/// Faults that only come when they are named, on order or in [`Chaos::faults`]. Most of them make Dojo do
/// something else than it was asked, or take back what it has shown: a check that knows nothing of them would
/// blame the till. They also stay out so that a seed keeps meaning the same faults.
///
/// | Fault | For | What happens |
/// | --- | --- | --- |
/// | `events-missing` | any answer with intents | `paymentEvents` and the time in `paymentDetails` are left out |
/// | `card-unknown` | any answer with intents | the card's digits and the authorisation code are left out |
/// | `echo-missing` | any answer with intents | `autoExpireIn` and `autoExpireAction` are left out but stored |
/// | `echo-interval` | create | stored and shown is a shorter `autoExpireIn`: `delay` seconds, or half as long |
/// | `echo-interval-late` | create | the same, and Dojo ends the hold a day after that |
/// | `echo-action` | create | stored and shown is the other `autoExpireAction` |
/// | `echo-mode` | create | stored and shown is the other `captureMode`: for Manual the guest pays at once |
/// | `echo-currency` | create | stored and shown is the other currency |
/// | `echo-amount` | create | stored and shown is half of the amount |
/// | `refund-later` | refunds | accepted; `refundedAmount` counts it after `delay` seconds |
/// | `refund-fails-later` | refunds | counted as any other, and no longer after `delay` seconds |
/// | `cancel-loses-race` | cancel | says Canceled; the payment under way goes through after `delay` seconds (4) |
/// | `search-orphan-first` | search | of a create delivered twice, the intent whose answer never came is listed first |
pub const BY_NAME: &[&str] = &[
    "events-missing",
    "card-unknown",
    "echo-missing",
    "echo-interval",
    "echo-interval-late",
    "echo-action",
    "echo-mode",
    "echo-currency",
    "echo-amount",
    "refund-later",
    "refund-fails-later",
    "cancel-loses-race",
    "search-orphan-first",
];

/// Whether there is a fault of that name.
pub fn is_fault(name: &str) -> bool {
    FAULTS.contains(&name) || BY_NAME.contains(&name)
}

/// A fault that waits for its request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fault {
    /// The last part of the path, `payment-intents` for a create, `get`, `cancel`, or `any`.
    pub operation: String,
    /// One of [`FAULTS`] or [`BY_NAME`].
    pub fault: String,
    /// For how many requests.
    #[serde(default = "once")]
    pub times: u32,
    /// Where to cut, in bytes of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub byte: Option<u64>,
    /// Seconds: how late, how skewed, how long until the capture is decided or the refund moves on.
    /// For a slow drip, milliseconds before each byte.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay: Option<i64>,
}

impl Fault {
    /// Its delay, or `seconds` where none was ordered.
    pub(super) fn delay_or(&self, seconds: i64) -> TimeDelta {
        TimeDelta::try_seconds(self.delay.unwrap_or(seconds)).unwrap_or_else(TimeDelta::zero)
    }
}

fn once() -> u32 {
    1
}

/// Faults by seed, and how many of a hundred requests meet one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Chaos {
    /// The same seed gives the same faults.
    pub seed: u64,
    /// Out of a hundred requests.
    pub percent: u8,
    /// Only these, of [`FAULTS`] and [`BY_NAME`]; empty means all of [`FAULTS`].
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
