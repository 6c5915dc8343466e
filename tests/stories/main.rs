//! What staff and guests do, from the desk over the wire to the simulator and back: a file a subject. They are one
//! program: one a file would each be compiled and linked by itself, and that takes minutes.
#![expect(
    clippy::too_many_lines,
    reason = "a test is as long as the story that it tells"
)]

mod adversary;
mod asleep;
mod at_once;
mod attention;
mod away;
mod being_taken;
mod bill;
mod card_numbers;
mod checked;
mod clocks;
mod closed;
mod commands;
mod consent;
mod contract;
mod elsewhere;
mod every_day;
mod exactly;
mod figures;
mod figures_again;
mod first_start;
mod floor;
mod forgetting;
mod guide;
mod keys;
mod late;
mod ledger_calls;
mod limits;
mod moving;
mod names;
mod new_pc;
mod night;
mod night_leaves;
mod no_sense;
mod once;
mod one_figure;
mod overview;
mod papers;
mod plain_words;
mod portal;
mod presses;
mod reconcile;
mod refunds;
mod renew;
mod reports;
mod restore;
mod said;
mod settling;
mod slept;
mod strange;
mod tills;
mod trouble;
mod watch;
mod witness;
mod worklists;

use anyhow::Result;
use holdfast_desk::Decision;
use holdfast_domain::{Hold, Kind, OperationKind, TabId};
use holdfast_tests::{GOOD, Till, decide};

fn capture(hold: &Hold, amount: i64) -> Decision {
    decide(hold, OperationKind::Capture, amount)
}

/// Table 12, whose guest has paid a hold of £50.
async fn held(till: &Till) -> Result<(TabId, Hold)> {
    let tab = till.opened(Kind::Tab, "Table 12", "50").await?;
    till.pay(&till.hold(tab).await?, GOOD).await?;
    Ok((tab, till.hold(tab).await?))
}
