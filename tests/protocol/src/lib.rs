//! The protocol by which several tills share one ledger, as a model that a checker looks at in every order of events
//! and with every fault that its scope allows.
//!
//! ```sh
//! cargo test -p holdfast-protocol                              # what CI looks at
//! cargo test -p holdfast-protocol -- --ignored --nocapture     # larger scopes, 100,000 long walks
//! ```
//!
//! `cargo test` prints how many states were looked at. A property that fails comes with a short way to it.
//!
//! # What is modelled
//!
//! - **An operation**, step by step: a till reads ledger and Dojo and a person agrees ([`Step::Looked`]); the ledger
//!   commits the intend, if hold and tab are as they were seen, nothing is open on the hold and it has room; the till
//!   writes the operation into its own file; it tests its permit and sends the one request; it records the answer.
//! - **The permit**: counted by the till from before it called, by the ledger from its commit. Time goes on for tills
//!   that sleep. There is no action "sleep": between any two steps of a till any number of ticks may pass, which is
//!   what a till that sleeps, hangs or is stopped looks like from outside.
//! - **Readings of Dojo's record** by tills at any time. Positive evidence is written by whoever reads it. Absent needs
//!   two empty readings, all begun after the permit's end and the request's limit, and a quiet window. A reading shows
//!   Dojo's record as it was when the reading began, or a tick before, and may come in at any time later. One that
//!   shows less than is known is not written, nor one whose hold was written since before it began.
//! - **Both wires**: calls of the ledger and their answers are lost or come in late, after the till has given up too.
//!   Requests to Dojo are lost, refused or carried out after their limit, answers are lost or come in late.
//! - **A till that ends** at any moment and begins again with nothing but its own file.
//! - **Failover** to an asynchronous standby, which may lack the newest commits, and what the tills as witnesses put
//!   back. With a synchronous standby nothing that was answered is lost: a failover is then a lost answer.
//! - **The lease** of a duty is a model of its own, [`lease`], for no money rests on it.
//!
//! # What is left out
//!
//! Amounts other than 1, tips and refunds; matching by baseline and by amount (here Dojo's record names the
//! operation); the confirming reading of a refusal; deciding again by itself after a refusal of the ledger (here that
//! ends the errand); the sessions of a till; an old primary that lives on beside the new one (with synchronous
//! replication it can't commit); duties but for the lease; journal, movements, reports; an answer lost on the way of
//! a reading's record (the same as a reading that was never written, or was written once). The order of events within
//! the send itself is left out too: between the test of the permit and the first byte no time passes here.
//!
//! `findings.rs` of the tests shows what the protocol doesn't promise.
//!
//! A tick stands for any span. The last one stands for all time after it, when nothing is under way any more. That
//! makes every path end and no path come back to where it was, without which the checker's `eventually` would miss
//! some that never settle.
//!
//! # What must hold
//!
//! | | |
//! | --- | --- |
//! | S1 | at most one request per operation over all tills |
//! | S2 | no request without an intend that the surviving ledger has, or that a till's file is about to put back |
//! | S3 | no request begins after its permit |
//! | S4 | per hold at most one open operation; captured + open ≤ authorised at every commit |
//! | S5 | a bill is taken at most once per what was seen |
//! | S6 | no state moves outside of the table, which a test compares with `OperationState::may_become` |
//! | S7 | what was learnt of a hold never goes back |
//! | S9 | Absent never before the permit's end + the request's limit + the quiet window; and it is true |
//! | I3 | Succeeded is true |
//! | I8 | every operation ends, and all that Dojo did is in the ledger |
//!
//! Work that Dojo does late is left out of S4, S5 and of the truth of Absent: no client can rule it out. I8 says that
//! it is found. A failover to an asynchronous standby is left out of S4 and S5: `tests/findings.rs` shows how a bill
//! is taken twice by it, and how one decision that two tills carry out is sent twice (S1), which is why only
//! synchronous ones are supported.
//!
//! Each guard has a mutant: [`properties::NEEDED`] names the property that breaks when it is taken out.
//!
//! [`Step::Looked`]: world::Step::Looked

pub mod actions;
mod around;
pub mod lease;
pub mod ledger;
pub mod properties;
pub mod scope;
pub mod table;
mod till;
pub mod world;
