//! The ledger's contract, kept by a server of PostgreSQL's.

use crate::cluster::{Cluster, open};
use holdfast_ledger::Ledger;
use holdfast_ledger_conformance::{Adapter, Durable};
use holdfast_ledger_postgres::Server;
use std::sync::Arc;

/// A venue of its own on the server that all cases share.
struct OnServer {
    ledger: Arc<dyn Ledger>,
    till: Server,
}

impl OnServer {
    fn open(till: Server) -> Self {
        let ledger = Arc::new(open(&till));
        Self { ledger, till }
    }
}

impl Adapter for OnServer {
    fn empty() -> Self {
        let cluster = Cluster::shared();
        Self::open(cluster.till(cluster.venue(), "Bar"))
    }

    fn ledger(&self) -> &Arc<dyn Ledger> {
        &self.ledger
    }
}

impl Durable for OnServer {
    fn open_again(self) -> Self {
        let Self { ledger, till } = self;
        drop(ledger);
        Self::open(till)
    }
}

holdfast_ledger_conformance::conformance_tests!(OnServer);
holdfast_ledger_conformance::durability_tests!(OnServer);
