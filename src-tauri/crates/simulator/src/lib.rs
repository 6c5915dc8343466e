//! A stand-in for the Dojo payments API, for training, for tests and for the world simulation.
//!
//! [`engine`] is the whole of the interface as a synchronous state machine with an explicit clock;
//! it needs neither sockets nor threads. [`serve`] puts it behind HTTP, keeps its state in a SQLite
//! file and obeys the wire faults that the engine asks for. This crate shares no code with the
//! client it is tested against, so that the two cannot share a misreading.

pub mod engine;

mod checkout;
mod control;
mod gate;
mod http;
mod page;
mod server;
mod shared;
mod store;
mod wire;

pub use gate::Control;
pub use server::{Options, Running, serve};
