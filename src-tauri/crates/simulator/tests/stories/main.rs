//! The simulator as a till and a guest see it, over real HTTP.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod echo;
mod faults;
mod guest;
mod later;
mod left_out;
mod money;
mod named;
mod refusals;
mod search;
mod skin;
mod till;
mod time;
