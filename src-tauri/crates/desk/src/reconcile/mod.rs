//! Reading Dojo's records: what they say of holds and operations, and what to do when they differ from the ledger.

mod answer;
pub(crate) mod audit;
pub(crate) mod contradiction;
mod create_outcome;
pub(crate) mod echo;
pub(crate) mod external_changes;
mod findings;
pub(crate) mod import;
pub(crate) mod import_open;
mod interrupted;
pub(crate) mod lapse;
mod lost_create;
mod moment;
mod no_sense;
pub(crate) mod observe;
pub(crate) mod reconciler;
pub(crate) mod resync;
mod settle;
mod silence;
mod watched;
pub(crate) mod witness;

use crate::context::Context;
use crate::gateway::Gateway;
use chrono::{DateTime, Utc};
use holdfast_domain::{HoldId, OperationId};
use std::collections::HashMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Keeps the ledger at one with Dojo's record. It answers what it found; the caller acts on that.
pub(crate) struct Reconciler {
    context: Arc<Context>,
    gateway: Arc<Gateway>,
    /// Counts the readings as they begin.
    readings: AtomicU64,
    /// The caller that writes down what became of an operation holds this; with the number of the newest
    /// reading of each hold, for an older one that comes in after it would turn back time.
    newest_settled: tokio::sync::Mutex<HashMap<HoldId, u64>>,
    /// When each hold was read last, since the program's start.
    last_read: Mutex<HashMap<HoldId, DateTime<Utc>>>,
    /// How long Dojo's record has been silent; deliberately forgotten at a restart.
    quiet: Mutex<HashMap<OperationId, silence::Quiet>>,
    /// When this till first met each open operation of another one, by the steady count.
    met: Mutex<HashMap<OperationId, Duration>>,
    /// What Dojo shows against what it showed before, hold by hold; forgotten at a restart, and seen afresh.
    contradictions: Mutex<HashMap<HoldId, contradiction::Contradiction>>,
    /// How long Dojo's answers about a hold have made no sense; the same.
    senseless: Mutex<HashMap<HoldId, contradiction::Repeated>>,
    /// Requests that were withdrawn, and when by the steady count: a payment under way may go through all the same.
    withdrawn: Mutex<HashMap<HoldId, Duration>>,
    /// By the till's clock, when this was made, and when it heard at work that the ledger is older than it was.
    made_at: DateTime<Utc>,
    heard_older_at: Mutex<Option<DateTime<Utc>>>,
    /// None until the ledger was asked.
    to_read: tokio::sync::Mutex<Option<resync::ToRead>>,
    /// What an earlier run of the program left in the middle, once it was looked for.
    interrupted: tokio::sync::OnceCell<Vec<(HoldId, OperationId)>>,
}

impl Reconciler {
    /// With nothing read yet.
    pub(crate) fn new(context: Arc<Context>, gateway: Arc<Gateway>) -> Self {
        Self {
            made_at: context.clock.now(),
            heard_older_at: Mutex::default(),
            context,
            gateway,
            readings: AtomicU64::new(0),
            newest_settled: tokio::sync::Mutex::default(),
            last_read: Mutex::default(),
            quiet: Mutex::default(),
            met: Mutex::default(),
            contradictions: Mutex::default(),
            senseless: Mutex::default(),
            withdrawn: Mutex::default(),
            to_read: tokio::sync::Mutex::default(),
            interrupted: tokio::sync::OnceCell::new(),
        }
    }
}
