//! The interface as a synchronous state machine with an explicit clock.

mod amend;
mod bend;
mod body;
mod choices;
mod create;
mod echo;
mod expiry;
mod faults;
mod ids;
mod intent;
mod meet;
mod message;
mod names;
mod pay;
mod problem;
mod refund;
mod render;
mod route;
mod search;
mod sums;
mod switches;
mod take;
pub mod timespan;
mod truth;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

pub use faults::{BY_NAME, Chaos, FAULTS, Fault, is_fault};
pub use intent::{
    AutoExpireAction, By, Capture, CaptureMode, CaptureStatus, Event, Intent, Refund, RefundStatus, Status,
};
pub use message::{Delivery, Request, Response};
pub use pay::{NotPayable, PaymentOutcome, TEST_CARDS, TestCard};
pub use switches::*;
pub use truth::{Logged, Taking};

use problem::Problem;

/// What survives a restart beside the intents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct State {
    /// From which every id is drawn.
    pub seed: u64,
    /// How many ids were drawn.
    pub counter: u64,
    /// What Dojo leaves open.
    pub switches: Switches,
}

/// One call of the API, past the door.
struct Call<'a> {
    request: &'a Request,
    version: NaiveDate,
    /// From 2024-02-05 on unknown fields are refused.
    strict: bool,
    /// A few faults change how the work itself is done.
    fault: Option<&'a Fault>,
}

/// A request with this header is not the till's: it comes from Dojo's portal, or from another till. The work
/// is the same; the truth keeps them apart.
pub const ELSEWHERE: &str = "x-elsewhere";

impl Call<'_> {
    /// Whether it meets the fault of that name.
    fn meets(&self, name: &str) -> bool {
        self.fault.is_some_and(|fault| fault.fault == name)
    }

    fn by(&self) -> By {
        if self.request.headers.contains_key(ELSEWHERE) {
            By::Elsewhere
        } else {
            By::Till
        }
    }
}

/// The simulated service.
#[derive(Debug)]
pub struct Engine {
    now: DateTime<Utc>,
    base_url: String,
    state: State,
    intents: BTreeMap<String, Intent>,
    /// The ids in the order of their making.
    order: Vec<String>,
    changed: BTreeSet<String>,
    faults: Faults,
    late: Vec<(DateTime<Utc>, Request)>,
    log: Vec<Logged>,
}

use faults::Faults;

impl Engine {
    /// An empty service. The same seed gives the same ids.
    pub fn new(seed: u64, now: DateTime<Utc>, base_url: &str) -> Self {
        let state = State {
            seed,
            counter: 0,
            switches: Switches::default(),
        };
        Self::restore(state, Vec::new(), Vec::new(), now, base_url)
    }

    /// A service as it was left. `intents` come in the order of their making.
    pub fn restore(
        state: State,
        intents: Vec<Intent>,
        log: Vec<Logged>,
        now: DateTime<Utc>,
        base_url: &str,
    ) -> Self {
        Self {
            now,
            base_url: base_url.trim_end_matches('/').to_owned(),
            state,
            order: intents.iter().map(|intent| intent.id.clone()).collect(),
            intents: intents
                .into_iter()
                .map(|intent| (intent.id.clone(), intent))
                .collect(),
            changed: BTreeSet::new(),
            faults: Faults::default(),
            late: Vec::new(),
            log,
        }
    }

    /// The service's own time.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// What survives a restart beside the intents.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Sets every switch; what the intents show follows at once.
    pub fn set_switches(&mut self, switches: Switches) {
        self.state.switches = switches;
        for (id, intent) in &mut self.intents {
            intent.restate(&self.state.switches);
            self.changed.insert(id.clone());
        }
    }

    /// Orders a fault.
    pub fn plan_fault(&mut self, fault: Fault) {
        self.faults.plan(fault);
    }

    /// Lets faults come by seed.
    pub fn unleash(&mut self, chaos: Chaos) {
        self.faults.unleash(chaos);
    }

    /// Ends all faults; requests already held up still arrive late.
    pub fn clear_faults(&mut self) {
        self.faults.clear();
    }

    /// For as long as it is calm no request meets a fault; they go on afterwards.
    pub fn calm(&mut self, is_calm: bool) {
        self.faults.calm(is_calm);
    }

    /// The faults still waiting.
    pub fn planned_faults(&self) -> &[Fault] {
        self.faults.planned()
    }

    /// An intent as it is inside.
    pub fn intent(&self, id: &str) -> Option<&Intent> {
        self.intents.get(id)
    }

    /// The intents that changed since this was last asked, with their places in the order of making.
    pub fn take_changed(&mut self) -> Vec<Intent> {
        let changed = std::mem::take(&mut self.changed);
        self.order
            .iter()
            .filter(|id| changed.contains(*id))
            .filter_map(|id| self.intents.get(id).cloned())
            .collect()
    }

    fn find(&self, id: &str) -> Result<&Intent, Problem> {
        self.intents
            .get(id)
            .ok_or(Problem::Plain(404, "Payment intent not found"))
    }

    /// The official tests expect 400 when a POST names an intent that does not exist.
    fn find_for_post(&self, id: &str) -> Result<&Intent, Problem> {
        match self.state.switches.unknown_id {
            UnknownId::AsTested => self
                .intents
                .get(id)
                .ok_or(Problem::Plain(400, "Payment intent not found")),
            UnknownId::NotFound => self.find(id),
        }
    }

    fn show(&self, intent: &Intent) -> serde_json::Value {
        let mut shown = render::intent(intent, &self.base_url, &self.state.switches);
        bend::by_switch(&mut shown, &self.state.switches);
        shown
    }

    /// Every change goes through here, so that the status, the date and the stale copy stay right.
    fn change(&mut self, id: &str, change: impl FnOnce(&mut Intent, DateTime<Utc>, &Switches)) {
        let Some(intent) = self.intents.get_mut(id) else {
            return;
        };
        let mut before = intent.clone();
        before.earlier = None;
        change(intent, self.now, &self.state.switches);
        intent.restate(&self.state.switches);
        // A card leaves its own mark; a refund that fails leaves none.
        let is_unmarked = matches!(
            before.status,
            Status::Created | Status::Canceled | Status::Refunded
        );
        if intent.status != before.status && !is_unmarked {
            intent.note(self.now);
        }
        intent.updated_at = self.now;
        intent.earlier = Some(Box::new(before));
        self.changed.insert(id.to_owned());
    }
}
