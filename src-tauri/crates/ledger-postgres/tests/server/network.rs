//! Over a network a till connects encrypted, to the server that it trusts, by its own password.

use crate::cluster::{Cluster, as_till, open, wait_for};
use holdfast_ledger::LedgerError;
use holdfast_ledger::prelude::*;
use holdfast_ledger_conformance::sample::{note, tab};
use holdfast_ledger_postgres::schema::Enrolled;
use holdfast_ledger_postgres::{PostgresLedger, Server};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};

/// An authority of a venue's own.
fn authority(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A certificate for a server of that name, and its key.
fn certificate(by: &CertifiedIssuer<'static, KeyPair>, name: &str) -> [String; 2] {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    [params.signed_by(&key, by).unwrap().pem(), key.serialize_pem()]
}

fn over_network(cluster: &Cluster, trusted: &str) -> Server {
    let port = cluster.port;
    let address = format!("host=localhost hostaddr=127.0.0.1 port={port} user=owner dbname=postgres");
    Server::new(&address, trusted.as_bytes()).unwrap()
}

/// The words that a person gets who has to mend it.
fn refused(server: &Server, till: &Enrolled) -> String {
    match wait_for(PostgresLedger::open(as_till(server, till))) {
        Err(LedgerError::Storage(words)) => words,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_till_connects_to_the_server_that_it_trusts_by_its_own_password() {
    let venues = authority("The Bell");
    let [shown, key] = certificate(&venues, "localhost");
    let cluster = Cluster::start_on_network(&shown, &key);
    let till = cluster.enrol(cluster.venue(), "Bar");
    let server = over_network(&cluster, &venues.pem());
    let ledger = open(&as_till(&server, &till));
    wait_for(async {
        ledger.add_tab(&tab("Amira"), note("opened")).await.unwrap();
        assert!(ledger.has_tabs().await.unwrap());
        // What the server says of the connection that the till has.
        let owner = cluster.client("owner").await;
        let sql = "SELECT s.ssl, s.version FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid)
                    WHERE a.usename = $1";
        let rows = owner.query(sql, &[&till.role]).await.unwrap();
        assert!(!rows.is_empty());
        for row in rows {
            assert!(row.get::<_, bool>(0), "{:?}", row.get::<_, Option<String>>(1));
        }
    });
    let other = server.as_role(&till.role, Some("another"));
    let refused = wait_for(PostgresLedger::open(other));
    assert!(matches!(refused, Err(LedgerError::NotAdmitted)), "{refused:?}");
}

#[test]
fn a_server_that_nobody_trusted_vouches_for_gets_no_password() {
    let venues = authority("The Bell");
    let [shown, key] = certificate(&venues, "localhost");
    let cluster = Cluster::start_on_network(&shown, &key);
    let till = cluster.enrol(cluster.venue(), "Bar");
    // Of another name, of the same name with another key, and none at all.
    for trusted in [
        authority("The Anchor").pem(),
        authority("The Bell").pem(),
        String::new(),
    ] {
        let words = refused(&over_network(&cluster, &trusted), &till);
        assert!(words.contains("vouches for the certificate"), "{words}");
    }
}

#[test]
fn a_server_of_another_name_gets_no_password() {
    let venues = authority("The Bell");
    let [shown, key] = certificate(&venues, "db.example");
    let cluster = Cluster::start_on_network(&shown, &key);
    let till = cluster.enrol(cluster.venue(), "Bar");
    let words = refused(&over_network(&cluster, &venues.pem()), &till);
    assert!(words.contains("for another name"), "{words}");
}

#[test]
fn a_server_without_encryption_gets_no_password() {
    let plain = Cluster::start_on_network("", "");
    let till = plain.enrol(plain.venue(), "Bar");
    let words = refused(&over_network(&plain, ""), &till);
    assert!(words.contains("doesn’t encrypt"), "{words}");
}

/// A password that is bound to a certificate is of no use to somebody in between, even one whom the till would trust.
/// Nobody shows a server like that here; one that can't bind at all is refused the same way.
#[test]
fn a_server_that_asks_for_no_bound_password_gets_none() {
    let venues = authority("The Bell");
    let [shown, key] = certificate(&venues, "localhost");
    let cluster = Cluster::start_on_network(&shown, &key);
    let till = cluster.enrol(cluster.venue(), "Bar");
    wait_for(async {
        // Asks for the password itself, as one in between would.
        let owner = cluster.client("owner").await;
        let asks =
            "COPY (SELECT 'local all all trust' UNION ALL SELECT 'hostssl all all 127.0.0.1/32 password')
                      TO PROGRAM 'cat > pg_hba.conf'";
        owner.batch_execute(asks).await.unwrap();
        owner.batch_execute("SELECT pg_reload_conf()").await.unwrap();
    });
    let server = as_till(&over_network(&cluster, &venues.pem()), &till);
    // Until the server has read that.
    for _ in 0..100 {
        if let Err(LedgerError::Storage(words)) = wait_for(PostgresLedger::open(server.clone())) {
            assert!(words.contains("can’t be relied on with a password"), "{words}");
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("the till says its password to whoever asks");
}
