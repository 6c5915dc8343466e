//! Over a network a till connects encrypted, to the server that it trusts, by its own password.

use crate::cluster::{Cluster, as_till, wait_for};
use holdfast_ledger::LedgerError;
use holdfast_ledger::prelude::*;
use holdfast_ledger_conformance::sample::{note, tab};
use holdfast_ledger_postgres::{PostgresLedger, Server};
use rcgen::{CertificateParams, KeyPair};

/// A certificate of `localhost` that signs itself, and its key.
fn certificate() -> [String; 2] {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    [params.self_signed(&key).unwrap().pem(), key.serialize_pem()]
}

fn over_network(port: u16, trusted: &str) -> Server {
    let address = format!("host=localhost hostaddr=127.0.0.1 port={port} user=owner dbname=postgres");
    Server::new(&address, trusted.as_bytes()).unwrap()
}

#[test]
fn a_till_connects_to_the_server_that_it_trusts_by_its_own_password() {
    let [known, key] = certificate();
    let cluster = Cluster::start_on_network(&known, &key);
    let venue = cluster.venue();
    let till = cluster.enrol(venue, "Bar");
    let server = over_network(cluster.port, &known);
    let ledger = wait_for(PostgresLedger::open(as_till(&server, &till))).unwrap();
    wait_for(async {
        ledger.add_tab(&tab("Amira"), note("opened")).await.unwrap();
        assert!(ledger.has_tabs().await.unwrap());
    });

    let [unknown, _] = certificate();
    for trusted in [unknown.as_str(), ""] {
        let server = over_network(cluster.port, trusted);
        let refused = wait_for(PostgresLedger::open(as_till(&server, &till)));
        assert!(matches!(refused, Err(LedgerError::Unreachable)), "{refused:?}");
    }

    let wrong = server.as_role(&till.role, Some("wrong"));
    let refused = wait_for(PostgresLedger::open(wrong));
    assert!(matches!(refused, Err(LedgerError::Storage(_))), "{refused:?}");
}

#[test]
fn a_server_without_encryption_is_refused_over_a_network() {
    let plain = Cluster::start_on_network("", "");
    let till = plain.enrol(plain.venue(), "Bar");
    let server = over_network(plain.port, "");
    let refused = wait_for(PostgresLedger::open(as_till(&server, &till)));
    assert!(matches!(refused, Err(LedgerError::Unreachable)), "{refused:?}");
}
