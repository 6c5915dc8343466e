//! Tests on a server of their own. Where PostgreSQL isn't installed they are not run, and one says so.
#![cfg_attr(
    has_postgres,
    expect(clippy::unwrap_used, reason = "a test that cannot go on says so")
)]

#[cfg(has_postgres)]
mod apart;
#[cfg(has_postgres)]
mod calls;
#[cfg(has_postgres)]
mod cluster;
#[cfg(has_postgres)]
mod conformance;
#[cfg(has_postgres)]
mod cuts;
#[cfg(has_postgres)]
mod enrolment;
#[cfg(has_postgres)]
mod failover;
#[cfg(has_postgres)]
mod filled;
#[cfg(has_postgres)]
mod fork;
#[cfg(has_postgres)]
mod half_open;
#[cfg(has_postgres)]
mod head_office;
#[cfg(has_postgres)]
mod hearing;
#[cfg(has_postgres)]
mod mirror;
#[cfg(has_postgres)]
mod moving;
#[cfg(has_postgres)]
mod network;
#[cfg(has_postgres)]
mod odd_servers;
#[cfg(has_postgres)]
mod races;
#[cfg(has_postgres)]
mod rights;
#[cfg(has_postgres)]
mod search;
#[cfg(has_postgres)]
mod search_at_size;
#[cfg(has_postgres)]
mod standby;
#[cfg(has_postgres)]
mod tidying;
#[cfg(has_postgres)]
mod trouble;
#[cfg(has_postgres)]
mod versions;
#[cfg(has_postgres)]
mod wire;

#[cfg(not(has_postgres))]
#[test]
#[ignore = "not run: PostgreSQL is not installed here (Debian's package postgresql)"]
fn the_contract_is_kept_on_a_server() {}
