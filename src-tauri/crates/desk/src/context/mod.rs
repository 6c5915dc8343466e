//! What every folder stands on: the ledger, the clock, who is told of changes; errors and the mode.

mod changes;
pub(crate) mod clock;
pub(crate) mod error;
pub(crate) mod field;
pub(crate) mod frame;
mod journal;
pub(crate) mod limits;
pub(crate) mod locks;
pub(crate) mod mode;
pub(crate) mod own;
pub(crate) mod protections;
pub(crate) mod reach;
pub(crate) mod reasons;
pub(crate) mod till;

use clock::{Clock, Time};
use holdfast_dojo::Checkout;
use holdfast_domain::Session;
use holdfast_ledger::Ledger;
use locks::InFlight;
use own::Own;
use protections::InForce;
use reach::Hearing;
use std::sync::Arc;
use till::Duties;
use tokio::sync::watch;

/// What every part of the desk shares. It knows none of them.
pub(crate) struct Context {
    pub(crate) ledger: Arc<dyn Ledger>,
    pub(crate) clock: Arc<dyn Clock>,
    /// Which till this is; none where it alone has the ledger.
    pub(crate) session: Option<Session>,
    pub(crate) duties: Duties,
    pub(crate) in_flight: InFlight,
    /// Which pages a guest may be sent to.
    pub(crate) checkout: Checkout,
    pub(crate) protections: InForce,
    /// The till's own settings.
    pub(crate) own: Own,
    hearing: Hearing,
    time: Time,
    changes: watch::Sender<u64>,
}

impl Context {
    /// Over the ports.
    pub(crate) fn new(
        ledger: Arc<dyn Ledger>,
        clock: Arc<dyn Clock>,
        checkout: Checkout,
        session: Option<Session>,
    ) -> Self {
        Self {
            ledger,
            clock,
            session,
            duties: Duties::default(),
            in_flight: InFlight::default(),
            checkout,
            protections: InForce::default(),
            own: Own::default(),
            hearing: Hearing::default(),
            time: Time::default(),
            changes: watch::Sender::new(0),
        }
    }
}
