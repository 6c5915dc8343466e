//! The simulator as a till and a guest see it, over real HTTP.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod faults;
mod guest;
mod money;
mod refusals;
mod search;
mod till;
mod time;
