//! A till's way to the ledger that it shares with others: the code that it joins with, what it keeps of that, and
//! opening. The window and `holdfast-cli` use the same.

mod code;
mod join;
mod joined;
mod leave;

pub use code::{JoinCode, NotACode};
pub use join::{Joining, NotJoined};
pub use joined::{Joined, NotOpened};
pub use leave::{NotLeft, leave};
